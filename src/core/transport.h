/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/network.h"
#include "core/proxies.h"
#include "core/router.h"
#include "core/settings.h"
#include "net/socks5-listener.h"
#include "proto/path-report.h"
#include "proto/peer-profile.h"
#include "proto/role.h"
#include "proto/stanza-error.h"

G_BEGIN_DECLS

/* What ferry_transport_get_way() says of paths through the server; of others see
 * ferry_path_origin_to_string(). */
#define FERRY_WAY_IN_BAND "in-band"

/* What a transport is told at birth. Borrowed: take references and copies. */
typedef struct
{
  FerryRouter            *router;
  FerrySocks5Listener    *listener;
  FerryProxies           *proxies;
  FerryNetwork           *network;   /* (nullable): where we are; without, it is direct */
  const FerrySettings    *settings;  /* paths, allow_loopback */
  const FerryPeerProfile *profile;   /* static */
  const char             *own_jid;   /* full */
  const char             *peer_jid;  /* full */
  const char             *stream_sid; /* (nullable): the id its stream must have; %NULL: its own choice */
  gboolean                falls_back; /* if it fails, the same stream may be opened in-band, unasked (SIFT-7) */
  FerryRole               role;      /* ours in the session */
  gboolean                proposer;  /* our side put this transport on the table first */
  gboolean                is_stranger; /* the peer, who is not to learn our addresses yet (SEC-15) */
  gboolean                relay_only; /* … and never will: nothing direct is offered or dialled, and of
                                       * proxies none but those of our own server */
  gboolean                peer_punches; /* it advertises FERRY_NS_PUNCH */
  FerryPathReport        *report;    /* (nullable): of how the way is found */
} FerryTransportContext;

/**
 * FerryTransport:
 *
 * A way to move bytes to the peer; whichever it is, it ends as one #GIOStream.
 * The order of calls is
 *
 *   prepare → what our <transport/> says;  set_remote: what the peer's says;  open → the stream
 *
 * where the proposer prepares first and the other side sets the remote first
 * (it then prepares knowing what was offered). Anything the wire says in between
 * goes through receive_info() and the signal. Unref to give up; the cancellable of
 * open() is obeyed at once.
 *
 * Signal "send-info" (FerryElement *transport): say this in a transport-info.
 */
#define FERRY_TYPE_TRANSPORT (ferry_transport_get_type ())
G_DECLARE_INTERFACE (FerryTransport, ferry_transport, FERRY, TRANSPORT, GObject)

struct _FerryTransportInterface
{
  GTypeInterface g_iface;

  void              (*prepare_async)  (FerryTransport       *self,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
  FerryElement     *(*prepare_finish) (FerryTransport       *self,
                                       GAsyncResult         *result,
                                       GError              **error);
  gboolean          (*set_remote)     (FerryTransport       *self,
                                       const FerryElement   *transport,
                                       GError              **error);
  FerryStanzaError *(*receive_info)   (FerryTransport       *self,
                                       const FerryElement   *transport);
  /* %NULL: it does not care. */
  void              (*info_answered)  (FerryTransport       *self,
                                       const FerryElement   *reply);
  void              (*open_async)     (FerryTransport       *self,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
  GIOStream        *(*open_finish)    (FerryTransport       *self,
                                       GAsyncResult         *result,
                                       GError              **error);
  /* %NULL: it does not care. */
  gboolean          (*peer_gone)      (FerryTransport       *self);
  FerryPaths        (*get_path)       (FerryTransport       *self);
  const char       *(*get_way)        (FerryTransport       *self);
  char             *(*dup_local)      (FerryTransport       *self);
  char             *(*dup_remote)     (FerryTransport       *self);
};

/* The paths a transport of namespace @ns can take; 0 if there is none. */
FerryPaths        ferry_transport_get_paths_of   (const char                  *ns);
/* The transport of namespace @ns; %NULL if there is none (the table is transport.c). */
FerryTransport   *ferry_transport_new            (const char                  *ns,
                                                  const FerryTransportContext *context);

void              ferry_transport_prepare_async  (FerryTransport               *self,
                                                  GCancellable                 *cancellable,
                                                  GAsyncReadyCallback           callback,
                                                  gpointer                      user_data);
/* Returns: (transfer full): our <transport/> */
FerryElement     *ferry_transport_prepare_finish (FerryTransport               *self,
                                                  GAsyncResult                 *result,
                                                  GError                      **error);
gboolean          ferry_transport_set_remote     (FerryTransport               *self,
                                                  const FerryElement           *transport,
                                                  GError                      **error);
/* Returns: (nullable) (transfer full): the error to answer; %NULL: acknowledge */
FerryStanzaError *ferry_transport_receive_info   (FerryTransport               *self,
                                                  const FerryElement           *transport);
/* The peer's answer to a "send-info"; in their order. @reply: (nullable): none came. */
void              ferry_transport_info_answered  (FerryTransport               *self,
                                                  const FerryElement           *reply);
void              ferry_transport_open_async     (FerryTransport               *self,
                                                  GCancellable                 *cancellable,
                                                  GAsyncReadyCallback           callback,
                                                  gpointer                      user_data);
/* Returns: (transfer full). The stream may be read and written from one worker
 * thread with blocking calls. */
GIOStream        *ferry_transport_open_finish    (FerryTransport               *self,
                                                  GAsyncResult                 *result,
                                                  GError                      **error);
/* Once open: the peer went offline, and will answer nothing any more. Returns: whether its
 * stream ends with that; what has come can still be read. */
gboolean          ferry_transport_peer_gone      (FerryTransport               *self);
/* Once open: which path it took (one bit), and its ends as people read them. */
FerryPaths        ferry_transport_get_path       (FerryTransport               *self);
/* The same in a word: "interface", "mapped", "hole punching", "proxy", "in-band". Static. */
const char       *ferry_transport_get_way        (FerryTransport               *self);
char             *ferry_transport_dup_local      (FerryTransport               *self);
char             *ferry_transport_dup_remote     (FerryTransport               *self);

/* For implementations. */
void              ferry_transport_emit_send_info (FerryTransport               *self,
                                                  FerryElement                 *transport);

G_END_DECLS
