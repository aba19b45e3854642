/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/proxies.h"
#include "core/settings.h"
#include "net/port-mappings.h"
#include "net/socks5-listener.h"
#include "proto/path-facts.h"

G_BEGIN_DECLS

/**
 * FerryNetwork:
 *
 * Our place in the network: gathered from before login on, kept fresh when the network
 * changes, and never waited for longer than a person would not notice. It knows; what of it is
 * offered to whom is decided by proto/path-planner.
 *
 * Nothing direct is looked for (no STUN, no mapping, no address) when the user wants relays only
 * or the desktop has a proxy.
 *
 * Signal "changed".
 */
#define FERRY_TYPE_NETWORK (ferry_network_get_type ())
G_DECLARE_FINAL_TYPE (FerryNetwork, ferry_network, FERRY, NETWORK, GObject)

/* @listener: whose port is mapped. @proxies: (nullable) */
FerryNetwork         *ferry_network_new          (FerryRouter          *router,
                                                  FerrySocks5Listener  *listener,
                                                  FerryProxies         *proxies,
                                                  const FerrySettings  *settings);
/* Interfaces and mappings, as soon as a connection is wanted; once is enough. */
void                  ferry_network_start        (FerryNetwork         *self);
/* STUN servers of our own server (XEP-0215), once it is there. */
void                  ferry_network_online       (FerryNetwork         *self);
/* What the user changed meanwhile of STUN server, mapping and relay only; @settings is borrowed. */
void                  ferry_network_configure    (FerryNetwork         *self,
                                                  const FerrySettings  *settings);
/* Whether the user wants nobody to learn our addresses. */
gboolean              ferry_network_is_relay_only (FerryNetwork        *self);
/* Whether it is known if the desktop has a proxy: until then nobody is dialled. */
gboolean              ferry_network_knows_desktop (FerryNetwork        *self);
/* Whether direct paths are to be offered and dialled at all. */
gboolean              ferry_network_is_direct    (FerryNetwork         *self);
gboolean              ferry_network_is_settled   (FerryNetwork         *self);
/* Until it is settled, or for @timeout_ms; always ends well but for @cancellable. */
void                  ferry_network_wait_async   (FerryNetwork         *self,
                                                  guint                 timeout_ms,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean              ferry_network_wait_finish  (FerryNetwork         *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
/* (transfer none): until the next change. The proxies in it are those of our own server. */
const FerryPathFacts *ferry_network_get_facts    (FerryNetwork         *self);
/* (nullable) (transfer none): what leads out, behind a desktop proxy; streamhosts that are proxies
 * are dialled through it, by their names. */
GProxyResolver       *ferry_network_get_desktop_proxy (FerryNetwork    *self);
/* For the doctor. (nullable) each */
const char           *ferry_network_get_stun_fault (FerryNetwork       *self);
FerryPortMappings    *ferry_network_get_mappings (FerryNetwork         *self);
gboolean              ferry_network_has_stun_server (FerryNetwork      *self);
/* Gives mappings back, for an orderly end; at most a second. */
void                  ferry_network_stop_async   (FerryNetwork         *self,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void                  ferry_network_stop_finish  (FerryNetwork         *self,
                                                  GAsyncResult         *result);

G_END_DECLS
