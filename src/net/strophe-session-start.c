/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-strophe-session"

#include "config.h"

#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/strophe-session-private.h"

/* The end of the socketpair that libstrophe is to have; see hand_over(). */
static int handed_fd = -1;

/* While connecting: a datagram socket connects at once and sends nothing. */
static int
handover_connect_cb (xmpp_conn_t *conn,
                     void        *fd)
{
  int *strophe_fd = fd;
  int family = AF_INET;
  socklen_t len = sizeof family;

  getsockopt (*strophe_fd, SOL_SOCKET, SO_DOMAIN, &family, &len);
  close (*strophe_fd);
  *strophe_fd = socket (family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return *strophe_fd < 0;
}

static int
handover_swap_cb (xmpp_conn_t *conn,
                  void        *fd)
{
  int *strophe_fd = fd;

  close (*strophe_fd);
  *strophe_fd = handed_fd;
  handed_fd = -1;
  return 0;
}

/* Gives libstrophe a connected socket, for which it has no call: it is made to
 * connect a socket that needs no peer, and then that one is exchanged, as the
 * callback for socket options is called at once on a connection under way. */
static gboolean
hand_over (FerryStropheSession *self,
           int                  fd)
{
  xmpp_conn_handler changed = _ferry_strophe_session_changed_cb;

  xmpp_conn_set_sockopt_callback (self->conn, handover_connect_cb);

  /* Where the network is IPv6 alone, it does not find the first. */
  if (xmpp_connect_client (self->conn, "127.0.0.1", 9, changed, self) != XMPP_EOK &&
      xmpp_connect_client (self->conn, "::1", 9, changed, self) != XMPP_EOK)
    return FALSE;

  handed_fd = fd;
  xmpp_conn_set_sockopt_callback (self->conn, handover_swap_cb);
  return handed_fd < 0;
}

/* libstrophe's XML parser takes its memory from the first context there ever
 * was, so that one is made here and never freed. */
static void
keep_first_context (void)
{
  static xmpp_ctx_t *first;

  if (first != NULL)
    return;

  xmpp_initialize ();
  first = xmpp_ctx_new (NULL, NULL);
  xmpp_conn_release (xmpp_conn_new (first));
}

/* Neither end may block: whoever waited for room would wait for this very thread. */
gboolean
_ferry_strophe_session_start (FerryStropheSession *self,
                              const char          *jid,
                              const char          *password)
{
  int fds[2];

  keep_first_context ();
  self->ctx = xmpp_ctx_new (NULL, NULL);
  self->conn = xmpp_conn_new (self->ctx);

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0)
    return FALSE;

  self->fd = fds[0];
  xmpp_conn_set_flags (self->conn, XMPP_CONN_FLAG_DISABLE_TLS | XMPP_CONN_FLAG_DISABLE_SM);
  xmpp_conn_set_jid (self->conn, jid);
  xmpp_conn_set_pass (self->conn, password);
  xmpp_handler_add (self->conn, _ferry_strophe_session_received_cb, NULL, NULL, NULL, self);

  /* It waits by select(), which has no room for more. */
  if (fds[1] < FD_SETSIZE && hand_over (self, fds[1]))
    return TRUE;

  close (fds[1]);
  return FALSE;
}
