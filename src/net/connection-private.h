/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/connection.h"
#include "net/link-io.h"
#include "net/strophe-session.h"
#include "proto/gate.h"

G_BEGIN_DECLS

typedef enum
{
  STATE_NEW,
  STATE_OPENING,   /* waiting for the link */
  STATE_LOGGING_IN,
  STATE_ONLINE,
  STATE_CLOSING,   /* goodbye said, waiting for the server's */
  STATE_CLOSED,
} State;

struct _FerryConnection
{
  GObject              parent_instance;

  State                state;
  FerryLinkIo         *link;       /* (owned) (nullable) */
  FerryGate           *gate;       /* (owned) (nullable) */
  FerryStropheSession *session;    /* (owned) (nullable) */
  char                *jid;        /* (owned) (nullable): bound */
  gboolean             is_secure;
  gboolean             is_awaited; /* somebody was told that much waits to be sent */
  GTask               *connecting; /* (owned) (nullable) */
  GCancellable        *opening;    /* (owned) (nullable): ends the wait for the link */
  GSource             *cancelled;  /* (owned) (nullable) */
  GSource             *tick;       /* (owned) (nullable): libstrophe's timed handlers */
  GSource             *deadline;   /* (owned) (nullable): of logging in, or of closing */
};

/* Borrowed by the caller's promise until connect has finished. */
typedef struct
{
  const char *jid;
  const char *password;
} Login;

/* connection.c. Logs in over a link that is open. @link: (transfer full) */
void _ferry_connection_log_in     (FerryConnection  *self,
                                   FerryLink        *link);
/* Never from within libstrophe. @error: (transfer full) (nullable) */
void _ferry_connection_end        (FerryConnection  *self,
                                   GError           *error);
/* @created: (transfer full): takes the place of *@source; its callback gets @self. */
void _ferry_connection_set_source (FerryConnection  *self,
                                   GSource         **source,
                                   GSource          *created,
                                   GSourceFunc       callback);

G_END_DECLS
