/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/secret.h"
#include "core/settings.h"

#define DEFAULT_MAX_RUNNING   3
#define DEFAULT_RESUME_WITHIN 600 /* seconds */

/**
 * ferry_settings_new:
 *
 * Returns: (transfer full): settings that only lack an address and a password
 */
FerrySettings *
ferry_settings_new (void)
{
  FerrySettings *self = g_new0 (FerrySettings, 1);
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  self->tls = FERRY_TLS_AUTO;
  self->data_dir = g_build_filename (g_get_user_data_dir (), "ferry", NULL);
  self->download_dir = g_strdup (downloads != NULL ? downloads : g_get_home_dir ());
  self->paths = FERRY_PATH_ANY;
  self->security = FERRY_SECURITY_AUTO;
  self->map_ports = TRUE;
  self->max_running = DEFAULT_MAX_RUNNING;
  self->reconnect = TRUE;
  self->resume_within = DEFAULT_RESUME_WITHIN;

  return self;
}

FerrySettings *
ferry_settings_copy (const FerrySettings *self)
{
  FerrySettings *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (FerrySettings, 1);
  *copy = *self;
  copy->jid = g_strdup (self->jid);
  copy->password = g_strdup (self->password);
  copy->server = g_strdup (self->server);
  copy->ca_file = g_strdup (self->ca_file);
  copy->resource = g_strdup (self->resource);
  copy->data_dir = g_strdup (self->data_dir);
  copy->download_dir = g_strdup (self->download_dir);
  copy->dialect = g_strdup (self->dialect);
  copy->stun_server = g_strdup (self->stun_server);

  return copy;
}

void
ferry_settings_free (FerrySettings *self)
{
  if (self == NULL)
    return;

  g_free (self->jid);
  ferry_secret_free (self->password);
  g_free (self->server);
  g_free (self->ca_file);
  g_free (self->resource);
  g_free (self->data_dir);
  g_free (self->download_dir);
  g_free (self->dialect);
  g_free (self->stun_server);
  g_free (self);
}
