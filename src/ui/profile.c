/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "profile"
#define G_SETTINGS_ENABLE_BACKEND

#include "config.h"

#include "ui/profile.h"

#include <gio/gsettingsbackend.h>
#include <glib/gi18n.h>

#include "base/host.h"
#include "proto/jid.h"

struct _FerryProfile
{
  const FerryOptions *options;
  char               *config_dir; /* (owned) */
  char               *data_dir;   /* (owned) */
  GSettings          *settings;   /* (owned) */
};

void
ferry_options_add_to (FerryOptions *options,
                      GApplication *app)
{
  const GOptionEntry entries[] = {
    { "profile-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->profile_dir,
      N_("Keep everything in DIR: a second, separate Ferry (for testing)"), N_("DIR") },
    { "jid", 0, 0, G_OPTION_ARG_STRING, &options->jid,
      N_("Sign in as JID without asking (for testing)"), N_("JID") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file,
      N_("Read the password from FILE (for testing)"), N_("FILE") },
    { "server", 0, 0, G_OPTION_ARG_STRING, &options->server,
      N_("Connect to this server (for testing)"), N_("HOST:PORT") },
    { "tls", 0, 0, G_OPTION_ARG_STRING, &options->tls,
      N_("direct, starttls or none; none only to loopback (for testing)"), N_("MODE") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &options->ca_file,
      N_("Trust the certificates in FILE, too (for testing)"), N_("FILE") },
    { "download-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->download_dir,
      N_("Save accepted files in DIR (for testing)"), N_("DIR") },
    { "allow-loopback", 0, 0, G_OPTION_ARG_NONE, &options->allow_loopback,
      N_("Use paths within this computer (for testing)"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (app, entries);
}

void
ferry_options_clear (FerryOptions *options)
{
  g_clear_pointer (&options->profile_dir, g_free);
  g_clear_pointer (&options->jid, g_free);
  g_clear_pointer (&options->password_file, g_free);
  g_clear_pointer (&options->server, g_free);
  g_clear_pointer (&options->tls, g_free);
  g_clear_pointer (&options->ca_file, g_free);
  g_clear_pointer (&options->download_dir, g_free);
}

/* A separate instance must not share preferences with the real one. */
static GSettings *
create_settings (FerryProfile     *self,
                 GSettingsSchema  *schema)
{
  g_autoptr(GSettingsBackend) backend = NULL;
  g_autofree char *path = NULL;

  if (self->options->profile_dir == NULL)
    return g_settings_new_full (schema, NULL, NULL);
  path = g_build_filename (self->config_dir, "preferences.ini", NULL);
  backend = g_keyfile_settings_backend_new (path, "/", NULL);
  return g_settings_new_full (schema, backend, NULL);
}

FerryProfile *
ferry_profile_new (const FerryOptions  *options,
                   GError             **error)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;
  FerryProfile *self;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APPLICATION_ID, TRUE);
  if (schema == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "The schema %s is not installed; see GSETTINGS_SCHEMA_DIR", APPLICATION_ID);
      return NULL;
    }

  self = g_new0 (FerryProfile, 1);
  self->options = options;
  if (options->profile_dir != NULL)
    {
      self->config_dir = g_build_filename (options->profile_dir, "config", NULL);
      self->data_dir = g_build_filename (options->profile_dir, "data", NULL);
    }
  else
    {
      self->config_dir = g_build_filename (g_get_user_config_dir (), "ferry", NULL);
      self->data_dir = g_build_filename (g_get_user_data_dir (), "ferry", NULL);
    }
  self->settings = create_settings (self, schema);
  return self;
}

void
ferry_profile_free (FerryProfile *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->settings);
  g_free (self->config_dir);
  g_free (self->data_dir);
  g_free (self);
}

GSettings *
ferry_profile_get_settings (FerryProfile *self)
{
  return self->settings;
}

const char *
ferry_profile_get_config_dir (FerryProfile *self)
{
  return self->config_dir;
}

const char *
ferry_profile_get_data_dir (FerryProfile *self)
{
  return self->data_dir;
}

gboolean
ferry_profile_is_given (FerryProfile *self)
{
  return self->options->jid != NULL;
}

char *
ferry_profile_dup_download_dir (FerryProfile *self)
{
  g_autofree char *chosen = g_settings_get_string (self->settings, "download-folder");
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  if (self->options->download_dir != NULL)
    return g_strdup (self->options->download_dir);
  if (*chosen != '\0')
    return g_steal_pointer (&chosen);
  return g_strdup (downloads != NULL ? downloads : g_get_home_dir ());
}

static gboolean
parse_tls (const char    *name,
           FerryTlsMode  *tls,
           GError       **error)
{
  if (name == NULL)
    return TRUE;
  if (g_str_equal (name, "direct"))
    *tls = FERRY_TLS_DIRECT;
  else if (g_str_equal (name, "starttls"))
    *tls = FERRY_TLS_STARTTLS;
  else if (g_str_equal (name, "none"))
    *tls = FERRY_TLS_NONE;
  else
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Not a mode: %s", name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_given_account (const FerryOptions  *options,
                    FerrySettings       *settings,
                    GError             **error)
{
  g_autofree char *contents = NULL;
  g_auto(GStrv) lines = NULL;

  if (options->jid == NULL)
    return TRUE;
  settings->jid = ferry_jid_normalise (options->jid, error);
  if (settings->jid == NULL)
    return FALSE;
  if (options->password_file == NULL)
    return TRUE;
  if (!g_file_get_contents (options->password_file, &contents, NULL, error))
    return FALSE;
  lines = g_strsplit (contents, "\n", 2);
  settings->password = g_strdup (lines[0]);
  return TRUE;
}

/* Typed in by hand: what is no server is none. */
void
ferry_profile_apply_network (FerryProfile  *self,
                             FerrySettings *settings)
{
  g_autofree char *stun_server = g_settings_get_string (self->settings, "stun-server");
  g_autofree char *host = NULL;
  guint16 port;

  settings->relay_only = g_settings_get_boolean (self->settings, "relay-only");
  /* A test leaves the routers around alone. */
  settings->map_ports = g_settings_get_boolean (self->settings, "map-ports") &&
                        !self->options->allow_loopback;
  g_clear_pointer (&settings->stun_server, g_free);
  if (ferry_host_parse (stun_server, FERRY_STUN_PORT, &host, &port))
    settings->stun_server = g_steal_pointer (&stun_server);
}

FerrySettings *
ferry_profile_dup_client_settings (FerryProfile  *self,
                                   GError       **error)
{
  g_autoptr(FerrySettings) settings = ferry_settings_new ();
  const FerryOptions *options = self->options;

  if (!parse_tls (options->tls, &settings->tls, error) ||
      !read_given_account (options, settings, error))
    return NULL;
  settings->server = g_strdup (options->server);
  settings->ca_file = g_strdup (options->ca_file);
  settings->allow_loopback = options->allow_loopback;
  g_free (settings->data_dir);
  settings->data_dir = g_strdup (self->data_dir);
  g_free (settings->download_dir);
  settings->download_dir = ferry_profile_dup_download_dir (self);
  settings->keep_history = g_settings_get_boolean (self->settings, "keep-chat-history");
  settings->security = g_settings_get_enum (self->settings, "security");
  settings->max_running = g_settings_get_uint (self->settings, "max-running");
  settings->listen_port = g_settings_get_uint (self->settings, "listen-port");
  ferry_profile_apply_network (self, settings);
  return g_steal_pointer (&settings);
}
