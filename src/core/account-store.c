/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "account-store"

#include "config.h"

#include "core/account-store.h"

#include <errno.h>

#include "net/password-store.h"
#include "proto/jid.h"

#define FILE_NAME "account.ini"
#define GROUP "account"

static const char *const tls_names[] = {
  [FERRY_TLS_AUTO] = "auto",
  [FERRY_TLS_DIRECT] = "direct",
  [FERRY_TLS_STARTTLS] = "starttls",
  [FERRY_TLS_NONE] = "none",
};

static char *
dup_path (const char *config_dir)
{
  return g_build_filename (config_dir, FILE_NAME, NULL);
}

static FerryTlsMode
parse_tls (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (tls_names); i++)
    if (g_strcmp0 (tls_names[i], name) == 0)
      return i;
  return FERRY_TLS_AUTO;
}

gboolean
ferry_account_store_load (const char    *config_dir,
                          FerrySettings *settings)
{
  g_autofree char *path = dup_path (config_dir);
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *written = NULL;
  g_autofree char *jid = NULL;
  g_autofree char *tls = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  written = g_key_file_get_string (file, GROUP, "jid", NULL);
  jid = written != NULL ? ferry_jid_normalise (written, NULL) : NULL;
  if (jid == NULL)
    return FALSE;

  tls = g_key_file_get_string (file, GROUP, "tls", NULL);
  g_free (settings->jid);
  settings->jid = g_steal_pointer (&jid);
  g_free (settings->server);
  settings->server = g_key_file_get_string (file, GROUP, "server", NULL);
  settings->tls = parse_tls (tls);
  return TRUE;
}

gboolean
ferry_account_store_save (const char           *config_dir,
                          const FerrySettings  *settings,
                          GError              **error)
{
  g_autofree char *path = dup_path (config_dir);
  g_autoptr(GKeyFile) file = g_key_file_new ();

  if (g_mkdir_with_parents (config_dir, 0700) != 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", config_dir,
                   g_strerror (saved));
      return FALSE;
    }
  g_key_file_set_string (file, GROUP, "jid", settings->jid);
  if (settings->server != NULL)
    g_key_file_set_string (file, GROUP, "server", settings->server);
  g_key_file_set_string (file, GROUP, "tls", tls_names[settings->tls]);
  return g_key_file_save_to_file (file, path, error);
}

void
ferry_account_store_forget (const char *config_dir)
{
  g_autoptr(FerrySettings) settings = ferry_settings_new ();
  g_autofree char *path = dup_path (config_dir);
  g_autoptr(GFile) file = g_file_new_for_path (path);

  if (ferry_account_store_load (config_dir, settings))
    ferry_password_store_clear (settings->jid);
  g_file_delete (file, NULL, NULL);
}

void
ferry_account_store_load_password_async (const char          *jid,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  ferry_password_store_lookup_async (jid, cancellable, callback, user_data);
}

char *
ferry_account_store_load_password_finish (GAsyncResult  *result,
                                          GError       **error)
{
  return ferry_password_store_lookup_finish (result, error);
}

void
ferry_account_store_free_password (char *password)
{
  ferry_password_free (password);
}

void
ferry_account_store_save_password_async (const char          *jid,
                                         const char          *password,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  ferry_password_store_save_async (jid, password, cancellable, callback, user_data);
}

gboolean
ferry_account_store_save_password_finish (GAsyncResult  *result,
                                          GError       **error)
{
  return ferry_password_store_save_finish (result, error);
}
