/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/connection.h"

G_BEGIN_DECLS

/**
 * FerryLink:
 *
 * A byte stream to an account's server, TLS and all: SRV look-up, Happy
 * Eyeballs, the desktop's proxy, direct TLS or STARTTLS, the certificate. What
 * is said on it is somebody else's matter; nothing of XMPP was said yet, or
 * only before TLS.
 */
typedef struct
{
  GIOStream *stream;    /* (owned) */
  GSocket   *socket;    /* (owned): below @stream, for its options */
  gboolean   is_secure;
} FerryLink;

/* The certificate does not verify. Returns %TRUE to go on nevertheless. */
typedef gboolean (*FerryLinkCertificateFunc) (GTlsCertificate      *certificate,
                                              GTlsCertificateFlags  problems,
                                              gpointer              user_data);

/* @settings: copied what is needed. Takes 30 seconds at most.
 * Errors: %FERRY_CONNECTION_ERROR, %G_IO_ERROR_CANCELLED. */
void       ferry_link_open_async  (const FerryConnectionSettings  *settings,
                                   FerryLinkCertificateFunc        ask,
                                   gpointer                        ask_data,
                                   GCancellable                   *cancellable,
                                   GAsyncReadyCallback             callback,
                                   gpointer                        user_data);
FerryLink *ferry_link_open_finish (GAsyncResult                   *result,
                                   GError                        **error);
void       ferry_link_free        (FerryLink                      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryLink, ferry_link_free)

G_END_DECLS
