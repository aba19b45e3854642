/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/connection.h"
#include "proto/xtls.h"

G_BEGIN_DECLS

/* Which paths a file may take; a bit each. */
typedef enum
{
  FERRY_PATH_DIRECT = 1 << 0,
  FERRY_PATH_PROXY = 1 << 1,
  FERRY_PATH_IN_BAND = 1 << 2,
  FERRY_PATH_ANY = FERRY_PATH_DIRECT | FERRY_PATH_PROXY | FERRY_PATH_IN_BAND,
} FerryPaths;

/**
 * FerrySettings:
 *
 * All a roof decides for one client: the command line fills it from options,
 * the window from GSettings and the Secret Service. A plain value; core/client
 * keeps its own copy.
 */
typedef struct
{
  char         *jid;              /* (owned): bare */
  char         *password;         /* (owned) */
  char         *server;           /* (owned) (nullable): HOST:PORT */
  FerryTlsMode  tls;
  char         *ca_file;          /* (owned) (nullable) */
  char         *resource;         /* (owned) (nullable): %NULL: "Ferry." and random characters */
  char         *data_dir;         /* (owned): caches */
  char         *download_dir;     /* (owned): where accepted files land */
  char         *dialect;          /* (owned) (nullable): force one; %NULL: the best common one */
  FerryPaths    paths;
  guint16       listen_port;      /* 0: any */
  char         *stun_server;      /* (owned) (nullable): as ferry_host_parse() takes it; %NULL:
                                   * those of our own server */
  gboolean      map_ports;        /* ask routers to let connections in */
  gboolean      relay_only;       /* nobody learns our addresses: proxies and in-band alone */
  gboolean      allow_loopback;   /* offer and dial 127.0.0.1 and ::1 (tests, demo) */
  guint         max_running;      /* transfers at once; the rest wait */
  gboolean      reconnect;        /* go on after the connection is lost */
  guint         resume_within;    /* seconds to look for another way when the path of a file dies;
                                   * 0: not at all */
  FerrySecurityPolicy security;   /* of sessions with whom nothing else is set for */
  gboolean      keep_history;     /* messages of secure chats, unencrypted, in data_dir */
  int           priority;         /* of our presence; negative: offers should go to others of ours */
} FerrySettings;

FerrySettings *ferry_settings_new  (void);
FerrySettings *ferry_settings_copy (const FerrySettings *self);
void           ferry_settings_free (FerrySettings       *self);

/* Of STUN, where no other is named (RFC 8489 §18.6). */
#define FERRY_STUN_PORT 3478

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerrySettings, ferry_settings_free)

G_END_DECLS
