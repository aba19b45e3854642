/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transfer-services.h"

G_BEGIN_DECLS

/* What others may learn of our place in the network (SEC-15). @jid: bare or full */

/* Whether @jid is not to learn our addresses before they have agreed: they are neither a contact
 * who sees when we are there, as we see them, nor another client of ours. */
gboolean ferry_privacy_is_stranger   (const FerryTransferServices *services,
                                      const char                  *jid);
/* Whether @jid is never to learn them, by our user's wish: proxies of our own server and in-band
 * only, nothing direct offered or dialled. */
gboolean ferry_privacy_is_relay_only (const FerryTransferServices *services,
                                      const char                  *jid);
/* The paths that can lead to @jid by that: without proxies of our own server none of SOCKS5 does,
 * if @jid is not to learn where we are. */
FerryPaths ferry_privacy_get_paths   (const FerryTransferServices *services,
                                      const char                  *jid);

G_END_DECLS
