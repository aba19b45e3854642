/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <strophe.h>

#include "net/login-watch.h"
#include "net/strophe-session.h"

G_BEGIN_DECLS

struct _FerryStropheSession
{
  FerryStropheEvents  events;
  gpointer            user_data;
  xmpp_ctx_t         *ctx;
  xmpp_conn_t        *conn;
  int                 fd;         /* (owned): our end of the socketpair; -1: none */
  GByteArray         *in;         /* not yet in the socketpair */
  gsize               n_queued;   /* bytes */
  FerryLoginWatch     login;
  gsize               n_watched;  /* bytes of @in that @login has seen */
  gboolean            is_secure;
  gboolean            is_bound;
  gboolean            is_leaving;
  gboolean            is_driving;
  char               *hung_up;    /* (owned) (nullable): the network is gone, and why */
  gboolean            is_over;
  GError             *error;      /* (owned) (nullable): why */
};

/* strophe-session-start.c: makes the two ends, and begins to log in.
 * Returns: %FALSE: there is no socket to be had */
gboolean _ferry_strophe_session_start       (FerryStropheSession *self,
                                             const char          *jid,
                                             const char          *password);

/* strophe-session.c: what libstrophe calls */
int      _ferry_strophe_session_received_cb (xmpp_conn_t         *conn,
                                             xmpp_stanza_t       *stanza,
                                             void                *user_data);
void     _ferry_strophe_session_changed_cb  (xmpp_conn_t         *conn,
                                             xmpp_conn_event_t    event,
                                             int                  error,
                                             xmpp_stream_error_t *details,
                                             void                *user_data);

G_END_DECLS
