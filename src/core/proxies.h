/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/router.h"

G_BEGIN_DECLS

/**
 * FerryProxies:
 *
 * The SOCKS5 proxies of our own server (XEP-0065 §4), looked for after each
 * login and remembered for that login.
 */
#define FERRY_TYPE_PROXIES (ferry_proxies_get_type ())
G_DECLARE_FINAL_TYPE (FerryProxies, ferry_proxies, FERRY, PROXIES, GObject)

typedef struct
{
  char    *jid;  /* (owned) */
  char    *host; /* (owned) */
  guint16  port;
} FerryProxy;

FerryProxies     *ferry_proxies_new         (FerryRouter          *router);
/* Starts the search anew; call after login. */
void              ferry_proxies_discover    (FerryProxies         *self);
/* Waits until a search under way has ended, at most @timeout_ms. */
void              ferry_proxies_wait_async  (FerryProxies         *self,
                                             guint                 timeout_ms,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean          ferry_proxies_wait_finish (FerryProxies         *self,
                                             GAsyncResult         *result,
                                             GError              **error);
guint             ferry_proxies_get_n       (FerryProxies         *self);
const FerryProxy *ferry_proxies_get         (FerryProxies         *self,
                                             guint                 index);

G_END_DECLS
