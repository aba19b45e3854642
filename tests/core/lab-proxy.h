/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-port.h"

G_BEGIN_DECLS

/**
 * LabProxy:
 *
 * The server montague.lit with one SOCKS5 proxy (XEP-0065), on loopback: found by
 * disco, joins two connections for one address when @client asks it to.
 */
typedef struct _LabProxy LabProxy;

LabProxy *lab_proxy_new     (FakeServer *server,
                             FakePort   *client);
void      lab_proxy_free    (LabProxy   *self);
/* Which stream to serve: a proxy cannot know the parties' names beforehand either,
 * but this one's listener wants to. */
void      lab_proxy_expect  (LabProxy   *self,
                             const char *address);
/* From now on it refuses to join anybody. */
void      lab_proxy_break   (LabProxy   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabProxy, lab_proxy_free)

G_END_DECLS
