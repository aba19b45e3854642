/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/stanza-port.h"
#include "proto/iq.h"

G_BEGIN_DECLS

/**
 * FerryRouter:
 *
 * Every stanza passes here. Incoming ones go to the first handler whose row
 * fits; an iq request that nobody wants is answered service-unavailable (GEN-1).
 * Outgoing requests are matched with their replies by id *and* sender (GEN-2).
 *
 * The router outlives connections: set_port() on each login. Requests under way
 * when the port goes fail with %G_IO_ERROR_CONNECTION_CLOSED; handlers stay.
 */
#define FERRY_TYPE_ROUTER (ferry_router_get_type ())
G_DECLARE_FINAL_TYPE (FerryRouter, ferry_router, FERRY, ROUTER, GObject)

/* Returns: whether the stanza is dealt with (an iq request: answered now, or to be) */
typedef gboolean (*FerryRouterHandler) (FerryElement *stanza,
                                        gpointer      user_data);

/* A row: what a handler wants. %NULL fields fit anything. */
typedef struct
{
  const char *stanza;     /* "iq", "message", "presence" */
  const char *type;       /* the stanza's type attribute; "get", "set", … */
  const char *child_name; /* of the first child in @child_ns */
  const char *child_ns;
  gboolean    is_last;    /* only for what no other handler has taken */
} FerryRoute;

FerryRouter     *ferry_router_new             (void);
void             ferry_router_set_port        (FerryRouter          *self,
                                               FerryStanzaPort      *port);
FerryStanzaPort *ferry_router_get_port        (FerryRouter          *self);
/* Our full JID while online, otherwise %NULL. */
const char      *ferry_router_get_jid         (FerryRouter          *self);

guint            ferry_router_add_handler     (FerryRouter          *self,
                                               const FerryRoute     *route,
                                               FerryRouterHandler    handler,
                                               gpointer              user_data);
void             ferry_router_remove_handler  (FerryRouter          *self,
                                               guint                 id);

/* Fire and forget; dropped silently while offline. */
void             ferry_router_send            (FerryRouter          *self,
                                               FerryElement         *stanza);

#define FERRY_ROUTER_TIMEOUT 30 /* seconds, GEN-4 */

/* Sends an iq with @payload under a fresh random id. @to: %NULL: our own server.
 * finish() gives the reply, a result or an error stanza alike; %NULL with
 * %G_IO_ERROR_TIMED_OUT, _CONNECTION_CLOSED, _NOT_CONNECTED or _CANCELLED. */
void             ferry_router_request_async   (FerryRouter          *self,
                                               FerryIqType           type,
                                               const char           *to,
                                               FerryElement         *payload,
                                               guint                 timeout,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
FerryElement    *ferry_router_request_finish  (FerryRouter          *self,
                                               GAsyncResult         *result,
                                               GError              **error);

G_END_DECLS
