/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "window-banners"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/contact-text.h"
#include "ui/error-text.h"
#include "ui/window-private.h"

/* Offers and the connection concern both panes: folded, only one of them is seen. */
static void
say_connection (FerryWindow *self,
                const char  *title,
                const char  *button)
{
  ferry_banner_say (ferry_contacts_page_get_connection_banner (self->contacts_page),
                    title, button, NULL);
  ferry_banner_say (ferry_transfers_page_get_connection_banner (self->transfers_page),
                    title, button, NULL);
}

static char *
dup_waiting_title (FerryAccount *account)
{
  gint64 left = ferry_account_get_retry_at (account) - g_get_monotonic_time ();
  guint seconds = (guint) MAX ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, 1);

  return g_strdup_printf (ngettext ("Not connected. Trying again in %u second.",
                                    "Not connected. Trying again in %u seconds.", seconds),
                          seconds);
}

void
ferry_window_stop_countdown (FerryWindow *self)
{
  g_clear_handle_id (&self->countdown_source, g_source_remove);
}

static gboolean
countdown_cb (gpointer user_data)
{
  FerryWindow *self = user_data;
  g_autofree char *title = dup_waiting_title (ferry_client_get_account (self->client));

  say_connection (self, title, _("_Try Now"));
  return G_SOURCE_CONTINUE;
}

/* Returns: (nullable): what somebody should know before they rely on a lock */
static const char *
get_doubt (FerryWindow *self)
{
  FerryTrust *trust = ferry_client_get_trust (self->client);

  if (ferry_trust_get_error (trust) == NULL)
    return NULL;
  if (ferry_trust_get_identity (trust) == NULL)
    return _("Your key cannot be read. Nothing is encrypted.");
  return _("The keys of your contacts were lost. Verify with whom you talk.");
}

static void
update_connection (FerryWindow *self)
{
  FerryAccount *account = ferry_client_get_account (self->client);
  const GError *error = ferry_account_get_error (account);
  g_autofree char *title = NULL;

  ferry_window_stop_countdown (self);
  switch (ferry_account_get_state (account))
    {
    case FERRY_ACCOUNT_ONLINE:
      say_connection (self, get_doubt (self), NULL);
      break;
    case FERRY_ACCOUNT_CONNECTING:
      say_connection (self, _("Connecting…"), NULL);
      break;
    case FERRY_ACCOUNT_WAITING:
      countdown_cb (self);
      self->countdown_source = g_timeout_add_seconds (1, countdown_cb, self);
      break;
    case FERRY_ACCOUNT_OFFLINE:
    default:
      title = g_strdup (error != NULL ? ferry_error_text_what (error) : _("Not connected."));
      say_connection (self, title, _("C_onnect"));
      break;
    }
  ferry_window_update_actions (self);
}

static void
connect_clicked_cb (FerryWindow *self)
{
  FerryAccount *account = ferry_client_get_account (self->client);

  if (ferry_account_get_state (account) == FERRY_ACCOUNT_WAITING)
    ferry_account_retry_now (account);
  else
    ferry_account_connect (account);
}

/* Files first, which are more often waited for. */
static char *
dup_offers_title (FerryWindow *self)
{
  guint n_files = ferry_offer_desk_get_n_waiting (self->offers);
  guint n_chats = ferry_chat_desk_get_n_waiting (self->chats);

  if (n_files > 0)
    return g_strdup_printf (ngettext ("%u file is offered to you", "%u files are offered to you",
                                      n_files), n_files);
  if (n_chats > 0)
    return g_strdup_printf (ngettext ("%u person wants to chat", "%u people want to chat",
                                      n_chats), n_chats);
  return NULL;
}

static void
update_offers (FerryWindow *self)
{
  g_autofree char *title = dup_offers_title (self);

  ferry_banner_say (ferry_contacts_page_get_offers_banner (self->contacts_page),
                    title, _("_Review"), NULL);
  ferry_banner_say (ferry_transfers_page_get_offers_banner (self->transfers_page),
                    title, _("_Review"), NULL);
  ferry_window_update_actions (self);
}

void
ferry_window_review (FerryWindow *self)
{
  if (ferry_offer_desk_get_n_waiting (self->offers) == 0 &&
      ferry_chat_desk_get_n_waiting (self->chats) > 0)
    ferry_chat_desk_review (self->chats);
  else
    ferry_offer_desk_review (self->offers, NULL);
}

static void
review_clicked_cb (FerryWindow *self)
{
  ferry_window_review (self);
}

static void
update_requests (FerryWindow *self)
{
  FerryBanner *banner = ferry_contacts_page_get_request_banner (self->contacts_page);
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;

  if (self->requests->len == 0)
    {
      ferry_banner_say (banner, NULL, NULL, NULL);
      return;
    }
  name = ferry_contact_text_name (self->requests->pdata[0]);
  title = g_strdup_printf (_("%s (%s) wants to be your contact"), name,
                           ferry_contact_get_jid (self->requests->pdata[0]));
  ferry_banner_say (banner, title, _("_Allow"), _("_Deny"));
}

static void
requested_cb (FerryWindow  *self,
              FerryContact *contact)
{
  if (!g_ptr_array_find (self->requests, contact, NULL))
    g_ptr_array_add (self->requests, g_object_ref (contact));
  update_requests (self);
}

static void
answer_request (FerryWindow *self,
                gboolean     allow)
{
  g_autoptr(FerryContact) contact = NULL;

  if (self->requests->len == 0)
    return;
  contact = g_object_ref (self->requests->pdata[0]);
  g_ptr_array_remove_index (self->requests, 0);
  ferry_roster_answer_subscription (ferry_client_get_roster (self->client), contact, allow);
  update_requests (self);
}

static void
allow_clicked_cb (FerryWindow *self)
{
  answer_request (self, TRUE);
}

static void
deny_clicked_cb (FerryWindow *self)
{
  answer_request (self, FALSE);
}

void
ferry_window_update_pending (FerryWindow *self)
{
  FerryBanner *banner = ferry_contacts_page_get_pending_banner (self->contacts_page);
  guint n = self->pending != NULL ? g_list_model_get_n_items (self->pending) : 0;
  g_autofree char *title = NULL;

  if (n > 0)
    title = g_strdup_printf (ngettext ("Choose who gets the file", "Choose who gets the %u files",
                                       n), n);
  ferry_banner_say (banner, title, _("_Cancel"), NULL);
}

static void
forget_pending_cb (FerryWindow *self)
{
  g_clear_object (&self->pending);
  ferry_window_update_pending (self);
}

static void
connect_swapped (gpointer     source,
                 const char  *signal,
                 GCallback    callback,
                 FerryWindow *self)
{
  g_signal_connect_object (source, signal, callback, self, G_CONNECT_SWAPPED);
}

void
ferry_window_watch_client (FerryWindow *self)
{
  FerryAccount *account = ferry_client_get_account (self->client);

  connect_swapped (account, "notify::state", G_CALLBACK (update_connection), self);
  connect_swapped (account, "notify::retry-at", G_CALLBACK (update_connection), self);
  connect_swapped (ferry_client_get_roster (self->client), "subscription-requested",
                   G_CALLBACK (requested_cb), self);
  connect_swapped (self->offers, "notify::n-waiting", G_CALLBACK (update_offers), self);
  connect_swapped (self->chats, "notify::n-waiting", G_CALLBACK (update_offers), self);
  update_connection (self);
  update_offers (self);
  update_requests (self);
}

void
ferry_window_init_banners (FerryWindow *self)
{
  FerryContactsPage *contacts = self->contacts_page;
  FerryTransfersPage *transfers = self->transfers_page;

  connect_swapped (ferry_contacts_page_get_connection_banner (contacts), "clicked",
                   G_CALLBACK (connect_clicked_cb), self);
  connect_swapped (ferry_transfers_page_get_connection_banner (transfers), "clicked",
                   G_CALLBACK (connect_clicked_cb), self);
  connect_swapped (ferry_contacts_page_get_offers_banner (contacts), "clicked",
                   G_CALLBACK (review_clicked_cb), self);
  connect_swapped (ferry_transfers_page_get_offers_banner (transfers), "clicked",
                   G_CALLBACK (review_clicked_cb), self);
  connect_swapped (ferry_contacts_page_get_request_banner (contacts), "clicked",
                   G_CALLBACK (allow_clicked_cb), self);
  connect_swapped (ferry_contacts_page_get_request_banner (contacts), "secondary-clicked",
                   G_CALLBACK (deny_clicked_cb), self);
  connect_swapped (ferry_contacts_page_get_pending_banner (contacts), "clicked",
                   G_CALLBACK (forget_pending_cb), self);
}
