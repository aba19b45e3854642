/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/stanza-port.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_TLS_AUTO,     /* SRV: direct TLS or STARTTLS, whichever the records prefer; else STARTTLS */
  FERRY_TLS_DIRECT,
  FERRY_TLS_STARTTLS,
  FERRY_TLS_NONE,     /* refused unless the server is a loopback address */
} FerryTlsMode;

/* How to reach and enter an account. Borrowed by connect_async() for its duration. */
typedef struct
{
  const char   *jid;      /* bare; a resource in it is asked for */
  const char   *password;
  const char   *server;   /* (nullable): HOST:PORT instead of SRV */
  FerryTlsMode  tls;
  const char   *ca_file;  /* (nullable): PEM, trusted beside the system's */
} FerryConnectionSettings;

#define FERRY_CONNECTION_ERROR (ferry_connection_error_quark ())
GQuark ferry_connection_error_quark (void);

/* What a caller (and the sentence under the password field) tells apart. */
typedef enum
{
  FERRY_CONNECTION_ERROR_NOT_FOUND,    /* no such server: name does not resolve */
  FERRY_CONNECTION_ERROR_UNREACHABLE,  /* it resolves, nobody answers */
  FERRY_CONNECTION_ERROR_TLS,          /* no TLS to be had, or it broke */
  FERRY_CONNECTION_ERROR_CERTIFICATE,  /* certificate not trusted and the user did not allow it */
  FERRY_CONNECTION_ERROR_AUTH,         /* wrong address or password */
  FERRY_CONNECTION_ERROR_CONFLICT,     /* replaced by another session of the same resource */
  FERRY_CONNECTION_ERROR_REFUSED,      /* the server ended the stream, with its reason */
  FERRY_CONNECTION_ERROR_LOST,         /* the network broke or went silent */
} FerryConnectionError;

/**
 * FerryConnection:
 *
 * One login: a link (net/link) to the server, the gate, and libstrophe behind a
 * socketpair (net/strophe-session). Used once; a reconnect makes a new one.
 *
 * Implements #FerryStanzaPort.
 *
 * Signal "closed" (GError *error (nullable)): the stream is over, once.
 * Signal "certificate-unknown" (GTlsCertificate *certificate, guint flags) → gboolean:
 *   the server's certificate does not verify. %TRUE lets it pass this time.
 */
#define FERRY_TYPE_CONNECTION (ferry_connection_get_type ())
G_DECLARE_FINAL_TYPE (FerryConnection, ferry_connection, FERRY, CONNECTION, GObject)

FerryConnection *ferry_connection_new            (void);
/* Finishes when a resource is bound. Errors: %FERRY_CONNECTION_ERROR, %G_IO_ERROR_CANCELLED. */
void             ferry_connection_connect_async  (FerryConnection                *self,
                                                  const FerryConnectionSettings  *settings,
                                                  GCancellable                   *cancellable,
                                                  GAsyncReadyCallback             callback,
                                                  gpointer                        user_data);
gboolean         ferry_connection_connect_finish (FerryConnection                *self,
                                                  GAsyncResult                   *result,
                                                  GError                        **error);
/* Says goodbye; "closed" follows, at the latest after two seconds. */
void             ferry_connection_close          (FerryConnection                *self);
gboolean         ferry_connection_is_secure      (FerryConnection                *self);

G_END_DECLS
