/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "application-account"

#include "config.h"

#include <glib/gi18n.h>

#include "core/account-store.h"
#include "ui/application-private.h"

static void
ask (FerryApplication *self,
     const char       *jid,
     const GError     *error)
{
  FerrySetupPage *page;

  ferry_application_drop_client (self);
  if (self->window == NULL)
    return;
  page = ferry_window_get_setup_page (self->window);
  ferry_setup_page_set_busy (page, FALSE);
  ferry_setup_page_ask (page, jid);
  if (error != NULL)
    ferry_setup_page_complain (page, error);
}

static void
network_stopped_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(FerryApplication) self = user_data;

  ferry_network_stop_finish (FERRY_NETWORK (source), result);
  self->n_leaving--;
}

/* What routers let in is given back; whoever quits waits for it. */
static void
leave_network (FerryApplication *self)
{
  self->n_leaving++;
  ferry_network_stop_async (ferry_client_get_network (self->client), network_stopped_cb,
                            g_object_ref (self));
}

/* Preferences that hold at once. */
static void
network_preferences_changed_cb (FerryApplication *self)
{
  g_autoptr(FerrySettings) settings = NULL;

  if (self->client == NULL)
    return;
  settings = ferry_settings_copy (ferry_client_get_settings (self->client));
  ferry_profile_apply_network (self->profile, settings);
  ferry_network_configure (ferry_client_get_network (self->client), settings);
}

void
ferry_application_watch_preferences (FerryApplication *self)
{
  static const char *const keys[] = { "relay-only", "map-ports", "stun-server" };
  GSettings *preferences = ferry_profile_get_settings (self->profile);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *signal = g_strconcat ("changed::", keys[i], NULL);

      g_signal_connect_object (preferences, signal, G_CALLBACK (network_preferences_changed_cb),
                               self, G_CONNECT_SWAPPED);
    }
}

void
ferry_application_drop_client (FerryApplication *self)
{
  g_clear_handle_id (&self->give_up_source, g_source_remove);
  self->is_signing_in = FALSE;
  if (self->window != NULL)
    ferry_window_set_client (self->window, NULL);
  g_clear_object (&self->notifier);
  g_clear_object (&self->chat_notifier);
  if (self->guard != NULL)
    g_signal_handlers_disconnect_by_data (self->guard, self);
  g_clear_object (&self->guard);
  if (self->client == NULL)
    return;
  g_signal_handlers_disconnect_by_data (ferry_client_get_account (self->client), self);
  g_signal_handlers_disconnect_by_data (ferry_client_get_roster (self->client), self);
  ferry_account_disconnect (ferry_client_get_account (self->client));
  leave_network (self);
  g_clear_object (&self->client);
}

static void
password_saved_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(FerryApplication) self = user_data;
  g_autoptr(GError) error = NULL;

  if (ferry_account_store_save_password_finish (result, &error))
    return;
  g_message ("The password cannot be stored: %s", error->message);
  if (self->window != NULL)
    ferry_window_say (self->window,
                      _("No keyring is running: the password is not kept."));
}

static void
save_account (FerryApplication *self)
{
  const FerrySettings *settings = ferry_client_get_settings (self->client);
  g_autoptr(GError) error = NULL;

  if (ferry_profile_is_given (self->profile))
    return;
  if (!ferry_account_store_save (ferry_profile_get_config_dir (self->profile), settings, &error))
    g_warning ("The account cannot be stored: %s", error->message);
  ferry_account_store_save_password_async (settings->jid, settings->password, NULL,
                                           password_saved_cb, g_object_ref (self));
}

static void
enter (FerryApplication *self)
{
  FerrySetupPage *page = ferry_window_get_setup_page (self->window);

  if (self->is_signing_in)
    save_account (self);
  self->is_signing_in = FALSE;
  ferry_setup_page_set_busy (page, FALSE);
  ferry_window_set_client (self->window, self->client);
}

/* Not in the account's own callback: this frees the account. */
static gboolean
give_up_cb (gpointer user_data)
{
  FerryApplication *self = user_data;
  FerryAccount *account = ferry_client_get_account (self->client);
  g_autofree char *jid = g_strdup (ferry_account_get_jid (account));
  const GError *reason = ferry_account_get_error (account);
  g_autoptr(GError) error = reason != NULL ? g_error_copy (reason) : NULL;

  self->give_up_source = 0;
  ask (self, jid, error);
  return G_SOURCE_REMOVE;
}

static gboolean
is_wrong_password (FerryAccount *account)
{
  return g_error_matches (ferry_account_get_error (account), FERRY_CONNECTION_ERROR,
                          FERRY_CONNECTION_ERROR_AUTH);
}

/* While somebody waits at the form any failure is theirs to see; later only a
 * wrong password is, for the rest mends itself or has a banner. */
static void
account_state_cb (FerryApplication *self)
{
  FerryAccount *account = ferry_client_get_account (self->client);
  FerryAccountState state = ferry_account_get_state (account);
  gboolean is_stuck = state == FERRY_ACCOUNT_OFFLINE || state == FERRY_ACCOUNT_WAITING;

  if (self->window == NULL)
    return;
  if (state == FERRY_ACCOUNT_ONLINE)
    enter (self);
  if (!is_stuck || ferry_account_get_error (account) == NULL ||
      ferry_certificate_guard_is_asking (self->guard))
    return;
  if ((self->is_signing_in || is_wrong_password (account)) && self->give_up_source == 0)
    self->give_up_source = g_idle_add (give_up_cb, self);
}

static void
roster_loaded_cb (FerryApplication *self)
{
  ferry_application_open_waiting (self);
}

/* @settings: with address and password. */
static void
sign_in (FerryApplication    *self,
         const FerrySettings *settings)
{
  FerryAccount *account;

  ferry_application_drop_client (self);
  self->client = ferry_client_new (settings);
  account = ferry_client_get_account (self->client);
  self->guard = ferry_certificate_guard_new (GTK_WINDOW (self->window),
                                             ferry_profile_get_settings (self->profile), account);
  self->notifier = ferry_notifier_new (GTK_APPLICATION (self),
                                       ferry_profile_get_settings (self->profile),
                                       ferry_client_get_queue (self->client));
  self->chat_notifier = ferry_chat_notifier_new (GTK_APPLICATION (self),
                                                 ferry_profile_get_settings (self->profile),
                                                 ferry_client_get_chats (self->client));
  g_signal_connect_object (account, "notify::state", G_CALLBACK (account_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->guard, "notify::asking", G_CALLBACK (account_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ferry_client_get_roster (self->client), "notify::loaded",
                           G_CALLBACK (roster_loaded_cb), self, G_CONNECT_SWAPPED);
  ferry_account_connect (account);
}

static void
setup_submitted_cb (FerryApplication *self,
                    const char       *jid,
                    const char       *password)
{
  FerrySetupPage *page = ferry_window_get_setup_page (self->window);
  g_autoptr(GError) error = NULL;
  g_autoptr(FerrySettings) settings = ferry_profile_dup_client_settings (self->profile, &error);

  if (settings == NULL)
    {
      ferry_setup_page_complain (page, error);
      return;
    }
  g_free (settings->jid);
  settings->jid = g_strdup (jid);
  g_free (settings->password);
  settings->password = g_strdup (password);
  ferry_setup_page_set_busy (page, TRUE);
  sign_in (self, settings);
  self->is_signing_in = TRUE;
}

static void
setup_stopped_cb (FerryApplication *self)
{
  ferry_application_drop_client (self);
  ferry_setup_page_set_busy (ferry_window_get_setup_page (self->window), FALSE);
}

void
ferry_application_watch_setup (FerryApplication *self)
{
  FerrySetupPage *page = ferry_window_get_setup_page (self->window);

  g_signal_connect_object (page, "submitted", G_CALLBACK (setup_submitted_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "stopped", G_CALLBACK (setup_stopped_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Straight to the contacts: the banner says how the connection is doing. */
static void
sign_in_known (FerryApplication    *self,
               const FerrySettings *settings)
{
  sign_in (self, settings);
  ferry_window_set_client (self->window, self->client);
}

static FerrySettings *
dup_stored_settings (FerryApplication  *self,
                     GError           **error)
{
  g_autoptr(FerrySettings) settings = ferry_profile_dup_client_settings (self->profile, error);

  if (settings == NULL)
    return NULL;
  if (settings->jid == NULL)
    ferry_account_store_load (ferry_profile_get_config_dir (self->profile), settings);
  return g_steal_pointer (&settings);
}

static void
password_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(FerryApplication) self = user_data;
  g_autoptr(GError) error = NULL;
  char *password = ferry_account_store_load_password_finish (result, &error);
  g_autoptr(FerrySettings) settings = NULL;

  if (self->window == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  settings = dup_stored_settings (self, NULL);
  if (password != NULL && settings != NULL && settings->jid != NULL)
    {
      g_free (settings->password);
      settings->password = g_strdup (password);
      sign_in_known (self, settings);
    }
  else
    ask (self, settings != NULL ? settings->jid : NULL, NULL);
  ferry_account_store_free_password (password);
}

void
ferry_application_start_account (FerryApplication *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerrySettings) settings = dup_stored_settings (self, &error);

  if (settings == NULL)
    {
      g_printerr ("ferry: %s\n", error->message);
      return;
    }
  if (settings->jid == NULL)
    return;
  if (settings->password != NULL)
    sign_in_known (self, settings);
  else if (ferry_profile_is_given (self->profile))
    ask (self, settings->jid, NULL);
  else
    ferry_account_store_load_password_async (settings->jid, self->cancellable, password_loaded_cb,
                                             g_object_ref (self));
}

void
ferry_application_sign_out (FerryApplication *self)
{
  if (!ferry_profile_is_given (self->profile))
    ferry_account_store_forget (ferry_profile_get_config_dir (self->profile));
  ask (self, NULL, NULL);
}
