/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FerrySocks5Listener:
 *
 * The streamhost of our own: one dual-stack listening socket for all sessions,
 * open only while somebody expects a connection. A peer that names an expected
 * hash (XEP-0065 §5.3.2) is handed to whoever expects it; every other is turned
 * away within the limits of SEC-24 to SEC-28.
 */
#define FERRY_TYPE_SOCKS5_LISTENER (ferry_socks5_listener_get_type ())
G_DECLARE_FINAL_TYPE (FerrySocks5Listener, ferry_socks5_listener, FERRY, SOCKS5_LISTENER, GObject)

/* A peer asked for @address and was answered; the next byte on @stream is payload. */
typedef void (*FerrySocks5AcceptedFunc) (GSocketConnection *stream,
                                         const char        *address,
                                         gpointer           user_data);

/* @port: fixed; 0: any. */
FerrySocks5Listener *ferry_socks5_listener_new      (guint16                   port);
/* Chooses the port, once and for its whole life, and keeps it without listening: for those who
 * have it mapped. Returns: 0 with @error: none can be had */
guint16              ferry_socks5_listener_reserve  (FerrySocks5Listener      *self,
                                                     GError                  **error);
/* Opens the socket when it is the first. @addresses: the hashes of one session,
 * %NULL-terminated. Returns an id for forget(); 0 with @error when no socket can be had. */
guint                ferry_socks5_listener_expect   (FerrySocks5Listener      *self,
                                                     const char *const        *addresses,
                                                     FerrySocks5AcceptedFunc   accepted,
                                                     gpointer                  user_data,
                                                     GError                  **error);
void                 ferry_socks5_listener_forget   (FerrySocks5Listener      *self,
                                                     guint                     id);
/* The port while open, otherwise 0. */
guint16              ferry_socks5_listener_get_port (FerrySocks5Listener      *self);
/* Serves @connection as if it had come in. */
void                 ferry_socks5_listener_adopt    (FerrySocks5Listener      *self,
                                                     GSocketConnection        *connection);
/* One from exactly @place that has not said a byte: whoever takes it speaks first on it.
 * Returns: (transfer full) (nullable) */
GSocketConnection   *ferry_socks5_listener_take_silent
                                                    (FerrySocks5Listener      *self,
                                                     GInetSocketAddress       *place);

G_END_DECLS
