/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-stanza-port"

#include "config.h"

#include "net/stanza-port.h"

enum
{
  SIGNAL_RECEIVED,
  SIGNAL_DRAINED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (FerryStanzaPort, ferry_stanza_port, G_TYPE_OBJECT)

/* What passes, for G_MESSAGES_DEBUG=ferry-stanza-port. A login's secrets do not come
 * this way: they stay between libstrophe and the server (SEC-35). */
static void
trace (const char         *direction,
       const FerryElement *stanza)
{
  g_autofree char *xml = NULL;

  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;

  xml = ferry_element_print (stanza);
  g_debug ("%s %s", direction, xml);
}

/* Queues @stanza; order is kept. Borrows it. A port that is not (or no longer)
 * bound drops it: whoever waits for an answer watches the port's end anyway. */
void
ferry_stanza_port_send (FerryStanzaPort *self,
                        FerryElement    *stanza)
{
  g_return_if_fail (FERRY_IS_STANZA_PORT (self));
  g_return_if_fail (stanza != NULL);

  trace ("→", stanza);
  FERRY_STANZA_PORT_GET_IFACE (self)->send (self, stanza);
}

gsize
ferry_stanza_port_get_buffered (FerryStanzaPort *self)
{
  g_return_val_if_fail (FERRY_IS_STANZA_PORT (self), 0);

  return FERRY_STANZA_PORT_GET_IFACE (self)->get_buffered (self);
}

const char *
ferry_stanza_port_get_jid (FerryStanzaPort *self)
{
  g_return_val_if_fail (FERRY_IS_STANZA_PORT (self), NULL);

  return FERRY_STANZA_PORT_GET_IFACE (self)->get_jid (self);
}

void
ferry_stanza_port_emit_received (FerryStanzaPort *self,
                                 FerryElement    *stanza)
{
  g_return_if_fail (FERRY_IS_STANZA_PORT (self));
  g_return_if_fail (stanza != NULL);

  trace ("←", stanza);
  g_signal_emit (self, signals[SIGNAL_RECEIVED], 0, stanza);
}

void
ferry_stanza_port_emit_drained (FerryStanzaPort *self)
{
  g_return_if_fail (FERRY_IS_STANZA_PORT (self));

  g_signal_emit (self, signals[SIGNAL_DRAINED], 0);
}

static void
ferry_stanza_port_default_init (FerryStanzaPortInterface *iface)
{
  signals[SIGNAL_RECEIVED] =
    g_signal_new ("received", FERRY_TYPE_STANZA_PORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__POINTER, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_DRAINED] =
    g_signal_new ("drained", FERRY_TYPE_STANZA_PORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__VOID, G_TYPE_NONE, 0);
}
