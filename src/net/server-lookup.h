/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/connection.h"

G_BEGIN_DECLS

/* One place where a domain's XMPP service may be. */
typedef struct
{
  char         *host;
  guint16       port;
  FerryTlsMode  tls; /* never AUTO */
} FerryServerTarget;

FerryServerTarget *ferry_server_target_new    (const char            *host,
                                               guint16                port,
                                               FerryTlsMode           tls);
void               ferry_server_target_free   (FerryServerTarget     *self);

/* Asks for the SRV records of @domain that @tls allows (RFC 6120 §3.2,
 * XEP-0368): both kinds are one set, ordered by priority and weight. Without
 * records: the domain itself at the usual port. */
void               ferry_server_lookup_async  (const char            *domain,
                                               FerryTlsMode           tls,
                                               GCancellable          *cancellable,
                                               GAsyncReadyCallback    callback,
                                               gpointer               user_data);
/* Returns: (transfer full) (element-type FerryServerTarget): never empty. Only
 * a domain that says it has no XMPP service fails, and a cancelled look-up. */
GPtrArray         *ferry_server_lookup_finish (GAsyncResult          *result,
                                               GError               **error);

G_END_DECLS
