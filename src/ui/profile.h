/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/settings.h"

G_BEGIN_DECLS

/* What the command line of the window says; all but the first for tests and the demo. */
typedef struct
{
  char     *profile_dir;   /* (owned) (nullable): everything lives there, for a second instance */
  char     *jid;           /* (owned) (nullable): sign in as this, without asking or storing */
  char     *password_file; /* (owned) (nullable): its first line */
  char     *server;        /* (owned) (nullable): HOST:PORT */
  char     *tls;           /* (owned) (nullable): "direct", "starttls", "none" */
  char     *ca_file;       /* (owned) (nullable) */
  char     *download_dir;  /* (owned) (nullable) */
  gboolean  allow_loopback;
} FerryOptions;

/* Adds them to --help. @options: outlives @app. */
void          ferry_options_add_to         (FerryOptions  *options,
                                            GApplication  *app);
void          ferry_options_clear          (FerryOptions  *options);

/**
 * FerryProfile:
 *
 * Where one instance keeps things: preferences, account, caches.
 */
typedef struct _FerryProfile FerryProfile;

/* @options: borrowed, outlives the profile. %NULL and an error if the preferences'
 * schema is not installed. */
FerryProfile  *ferry_profile_new           (const FerryOptions  *options,
                                            GError             **error);
void           ferry_profile_free          (FerryProfile        *self);
GSettings     *ferry_profile_get_settings  (FerryProfile        *self);
const char    *ferry_profile_get_config_dir (FerryProfile       *self);
/* Where caches, keys and kept messages are. */
const char   *ferry_profile_get_data_dir   (FerryProfile        *self);
/* Whether the command line names the account, which is then not stored. */
gboolean       ferry_profile_is_given      (FerryProfile        *self);
/* Where accepted files land now. (transfer full) */
char          *ferry_profile_dup_download_dir (FerryProfile     *self);
/* What a client is built from, but for address and password unless these are given. */
FerrySettings *ferry_profile_dup_client_settings (FerryProfile  *self,
                                                  GError       **error);
/* What the preferences say of direct paths, as far as it can change while a client lives. */
void           ferry_profile_apply_network (FerryProfile        *self,
                                            FerrySettings       *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryProfile, ferry_profile_free)

G_END_DECLS
