/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/element.h"

G_BEGIN_DECLS

/**
 * FerryStanzaPort:
 *
 * Where stanzas go out and come in. The real one is #FerryConnection; tests
 * have their own. Main thread only.
 */
#define FERRY_TYPE_STANZA_PORT (ferry_stanza_port_get_type ())
G_DECLARE_INTERFACE (FerryStanzaPort, ferry_stanza_port, FERRY, STANZA_PORT, GObject)

struct _FerryStanzaPortInterface
{
  GTypeInterface g_iface;

  void        (*send)         (FerryStanzaPort *self,
                               FerryElement    *stanza);
  gsize       (*get_buffered) (FerryStanzaPort *self);
  const char *(*get_jid)      (FerryStanzaPort *self);
};

/* Signal "received" (FerryElement *stanza): one top-level stanza came in.
 * Signal "drained": get_buffered() fell below the low-water mark again. */

void        ferry_stanza_port_send          (FerryStanzaPort *self,
                                             FerryElement    *stanza);
/* Bytes accepted by send() that the network has not taken yet. */
gsize       ferry_stanza_port_get_buffered  (FerryStanzaPort *self);
/* Our full JID; %NULL while not bound. */
const char *ferry_stanza_port_get_jid       (FerryStanzaPort *self);

/* For implementations. */
void        ferry_stanza_port_emit_received (FerryStanzaPort *self,
                                             FerryElement    *stanza);
void        ferry_stanza_port_emit_drained  (FerryStanzaPort *self);

G_END_DECLS
