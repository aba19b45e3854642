/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "password-store"

#include "config.h"

#include "net/password-store.h"

#include <libsecret/secret.h>

static const SecretSchema schema = {
  .name = APPLICATION_ID ".Account",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = {
    { "jid", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void
lookup_done_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  char *password = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, password, (GDestroyNotify) ferry_password_free);
}

void
ferry_password_store_lookup_async (const char          *jid,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, ferry_password_store_lookup_async);
  secret_password_lookup (&schema, cancellable, lookup_done_cb, task, "jid", jid, NULL);
}

char *
ferry_password_store_lookup_finish (GAsyncResult  *result,
                                    GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
save_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
ferry_password_store_save_async (const char          *jid,
                                 const char          *password,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *label = g_strdup_printf ("Ferry: %s", jid);

  g_task_set_source_tag (task, ferry_password_store_save_async);
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, password, cancellable,
                         save_done_cb, task, "jid", jid, NULL);
}

gboolean
ferry_password_store_save_finish (GAsyncResult  *result,
                                  GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ferry_password_store_clear (const char *jid)
{
  secret_password_clear (&schema, NULL, NULL, NULL, "jid", jid, NULL);
}

void
ferry_password_free (char *password)
{
  if (password != NULL)
    secret_password_free (password);
}
