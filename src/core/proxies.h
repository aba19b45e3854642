/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/router.h"
#include "proto/path-facts.h"

G_BEGIN_DECLS

/**
 * FerryProxies:
 *
 * The SOCKS5 proxies (XEP-0065 §4) of our own server, looked for after each login, and of the
 * servers of contacts, looked for when they are wanted; all remembered for that login. Each is
 * tried before it counts as found: whether there is one, and how long it takes. What is of no use
 * is among them, with its fault.
 *
 * Signal "changed": one was found, or tried.
 */
#define FERRY_TYPE_PROXIES (ferry_proxies_get_type ())
G_DECLARE_FINAL_TYPE (FerryProxies, ferry_proxies, FERRY, PROXIES, GObject)

FerryProxies         *ferry_proxies_new         (FerryRouter          *router);
/* Addresses of loopback may be proxies: tests and demo only. */
void                  ferry_proxies_allow_loopback (FerryProxies      *self);
/* Behind a desktop proxy: they are reached through it. @resolver: (nullable) */
void                  ferry_proxies_set_desktop_proxy (FerryProxies   *self,
                                                       GProxyResolver *resolver);
/* Starts the search anew; call after login. What is known of our own server stays until it ends. */
void                  ferry_proxies_discover    (FerryProxies         *self);
/* Starts a search at @domain, a contact's server, unless it is known what is there. */
void                  ferry_proxies_want        (FerryProxies         *self,
                                                 const char           *domain);
/* After the network changed: tries those of our own server again, and forgets the others. */
void                  ferry_proxies_probe_anew  (FerryProxies         *self);
/* Whether no search is under way. */
gboolean              ferry_proxies_is_settled  (FerryProxies         *self);
/* Waits until all searches under way have ended, at most @timeout_ms. */
void                  ferry_proxies_wait_async  (FerryProxies         *self,
                                                 guint                 timeout_ms,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean              ferry_proxies_wait_finish (FerryProxies         *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
/* Those of our own server; while they are looked for anew, those known before come first, and may
 * be among the new ones again. */
guint                 ferry_proxies_get_n       (FerryProxies         *self);
const FerryPathProxy *ferry_proxies_get         (FerryProxies         *self,
                                                 guint                 index);
/* Those, and behind them what is known of @domain. @domain: (nullable). Returns: (transfer full)
 * (element-type FerryPathProxy): copies */
GPtrArray            *ferry_proxies_list        (FerryProxies         *self,
                                                 const char           *domain);

G_END_DECLS
