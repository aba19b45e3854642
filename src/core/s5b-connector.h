/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transport.h"
#include "proto/s5b-engine.h"

G_BEGIN_DECLS

/**
 * FerryS5bConnector:
 *
 * The hands of a #FerryS5bEngine, for transports of any age of SOCKS5 bytestreams:
 * it names our hosts, listens, dials, activates, keeps the time, and ends with one
 * connection. What the parties say to each other, and how, is its owner's.
 */
#define FERRY_TYPE_S5B_CONNECTOR (ferry_s5b_connector_get_type ())
G_DECLARE_FINAL_TYPE (FerryS5bConnector, ferry_s5b_connector, FERRY, S5B_CONNECTOR, GObject)

/* What it asks of its owner; never after stop(). */
typedef struct
{
  void (*say)    (const FerryS5bEffect *report, /* a SEND of the engine: tell the peer */
                  gpointer              user_data);
  void (*called) (gpointer              user_data); /* (nullable): the peer has connected to us */
} FerryS5bConnectorFuncs;

/* @context: borrowed for the call. @role: the engine's. @rules, @funcs: static. */
FerryS5bConnector *ferry_s5b_connector_new           (const FerryTransportContext  *context,
                                                      FerryRole                     role,
                                                      const FerryS5bRules          *rules,
                                                      const FerryS5bConnectorFuncs *funcs,
                                                      gpointer                      user_data);
/* Of the stream; before anything else, once. */
void               ferry_s5b_connector_set_sid       (FerryS5bConnector            *self,
                                                      const char                   *sid);
const char        *ferry_s5b_connector_get_sid       (FerryS5bConnector            *self);

/* Our own hosts, as far as the user allows them: from then on we listen.
 * @theirs: (nullable): what the peer offered before, not to be offered again. */
void               ferry_s5b_connector_gather_async  (FerryS5bConnector            *self,
                                                      GPtrArray                    *theirs,
                                                      GCancellable                 *cancellable,
                                                      GAsyncReadyCallback           callback,
                                                      gpointer                      user_data);
/* Returns: (transfer full): FerryS5bCandidate, best first */
GPtrArray         *ferry_s5b_connector_gather_finish (FerryS5bConnector            *self,
                                                      GAsyncResult                 *result,
                                                      GError                      **error);

/* The peer's hosts: those over paths that the user does not allow are left out. */
FerryS5bVerdict    ferry_s5b_connector_add_hosts     (FerryS5bConnector            *self,
                                                      GPtrArray                    *candidates,
                                                      const char                   *dstaddr);
FerryS5bVerdict    ferry_s5b_connector_handle        (FerryS5bConnector            *self,
                                                      const FerryS5bEvent          *event);

/* Begins to dial and to decide. Once. Fails with %FERRY_PROTO_ERROR_REFUSED. */
void               ferry_s5b_connector_open_async    (FerryS5bConnector            *self,
                                                      GCancellable                 *cancellable,
                                                      GAsyncReadyCallback           callback,
                                                      gpointer                      user_data);
/* Returns: (transfer full) */
GIOStream         *ferry_s5b_connector_open_finish   (FerryS5bConnector            *self,
                                                      GAsyncResult                 *result,
                                                      GError                      **error);
/* Nothing is dialled, listened for or said any more; open() ends as cancelled. */
void               ferry_s5b_connector_stop          (FerryS5bConnector            *self);

gboolean           ferry_s5b_connector_is_stopped    (FerryS5bConnector            *self);
/* Once open. */
FerryPaths         ferry_s5b_connector_get_path      (FerryS5bConnector            *self);
/* … in the words of ferry_path_origin_to_string(). (nullable) */
const char        *ferry_s5b_connector_get_way       (FerryS5bConnector            *self);
char              *ferry_s5b_connector_dup_local     (FerryS5bConnector            *self);
char              *ferry_s5b_connector_dup_remote    (FerryS5bConnector            *self);

G_END_DECLS
