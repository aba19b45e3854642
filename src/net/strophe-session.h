/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/element.h"

G_BEGIN_DECLS

/* All of them come from within drive(): do not free the session there. */
typedef struct
{
  void (*write)    (const guint8  *data,
                    gsize          len,
                    gpointer       user_data);
  void (*bound)    (const char    *jid,
                    gpointer       user_data);
  void (*received) (FerryElement  *stanza,
                    gpointer       user_data);
} FerryStropheEvents;

/**
 * FerryStropheSession:
 *
 * libstrophe behind a socketpair: it opens the stream, logs in, binds and keeps
 * the stream, and never sees the network. The only home of strophe.h.
 *
 * It is driven: bytes from the server (through the gate) go in by receive(), and
 * drive() runs it until nothing moves any more. No timer, no file descriptor to
 * poll. Only while it logs in or out it wants a drive() each second.
 */
typedef struct _FerryStropheSession FerryStropheSession;

/* @is_secure: the link is encrypted, so the password itself may pass (SASL PLAIN).
 * Returns: (nullable): %NULL with @error (%FERRY_CONNECTION_ERROR) when there is no socket */
FerryStropheSession *ferry_strophe_session_new     (const char                *jid,
                                                    const char                *password,
                                                    gboolean                   is_secure,
                                                    const FerryStropheEvents  *events,
                                                    gpointer                   user_data,
                                                    GError                   **error);
void                 ferry_strophe_session_free    (FerryStropheSession       *self);
/* Where bytes from the server are to be appended. */
GByteArray          *ferry_strophe_session_get_in  (FerryStropheSession       *self);
void                 ferry_strophe_session_send    (FerryStropheSession       *self,
                                                    const char                *xml);
/* Bytes sent that write() has not got yet. */
gsize                ferry_strophe_session_get_queued (FerryStropheSession    *self);
void                 ferry_strophe_session_goodbye (FerryStropheSession       *self);
/* The network is gone. The next drive() says that the stream is over, and why. */
void                 ferry_strophe_session_hang_up (FerryStropheSession       *self,
                                                    const char                *message);
/* Does nothing when called from within itself.
 * Returns: %FALSE when the stream is over; @error (%FERRY_CONNECTION_ERROR) is not
 *   set if we have said goodbye */
gboolean             ferry_strophe_session_drive   (FerryStropheSession       *self,
                                                    GError                   **error);

G_END_DECLS
