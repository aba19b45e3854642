/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"

/* The roster and everybody's presence arrive within this time after a login, or the
 * recipient is not there. */
#define PRESENCE_LIMIT 5 /* seconds */

/* Whether @transfer waits for somebody who is not there. What waits for a free slot
 * behind running transfers may wait on. */
static gboolean
is_in_vain (FerryTransfer *transfer)
{
  FerryContact *contact = ferry_transfer_get_contact (transfer);

  return ferry_transfer_get_state (transfer) == FERRY_TRANSFER_WAITING
         && ferry_contact_get_presence (contact) == FERRY_PRESENCE_OFFLINE;
}

/* Whatever still waits for somebody who has not shown up will not be sent. Nor when
 * they leave later, unless they are soon back; while we are not connected ourselves,
 * we cannot know. */
static gboolean
cli_absence_limit_cb (gpointer user_data)
{
  FerryCli *self = user_data;
  FerryAccount *account = ferry_client_get_account (self->client);
  gboolean is_online = ferry_account_get_state (account) == FERRY_ACCOUNT_ONLINE;
  g_autoptr(GPtrArray) running = ferry_cli_list_running (self);
  guint n_in_vain = 0;
  guint i;

  for (i = 0; is_online && i < running->len; i++)
    n_in_vain += is_in_vain (g_ptr_array_index (running, i));

  self->n_absences = n_in_vain > 0 ? self->n_absences + 1 : 0;
  for (i = 0; self->n_absences > 1 && i < running->len; i++)
    {
      if (is_in_vain (g_ptr_array_index (running, i)))
        ferry_cli_give_up (self, g_ptr_array_index (running, i), "offline");
    }

  return G_SOURCE_CONTINUE;
}

void
ferry_cli_limit_absence (FerryCli *self)
{
  self->n_absences = 1; /* before the login */
  ferry_cli_set_timer (self, PRESENCE_LIMIT, cli_absence_limit_cb);
}
