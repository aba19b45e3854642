/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

/* For tests that wait: pass wait_done_cb() and the address of a %NULL result to an
 * _async function, then wait_for_result(). */

static inline void
wait_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GAsyncResult **done = user_data;

  g_assert_null (*done);
  *done = g_object_ref (result);
}

static inline GAsyncResult *
wait_for_result (GAsyncResult **done)
{
  while (*done == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *done;
}

/* Lets everything happen that is due now. */
static inline void
wait_until_idle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}
