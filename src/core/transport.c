/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport"

#include "config.h"

#include "core/transport-bytestreams.h"
#include "core/transport-ibb.h"
#include "core/transport-s5b.h"
#include "core/transport.h"
#include "legacy/ibb-0.h"
#include "legacy/namespaces.h"
#include "legacy/s5b-0.h"
#include "proto/bytestreams-codec.h"
#include "proto/ibb-codec.h"
#include "proto/s5b-variant.h"

#define S5B_PATHS (FERRY_PATH_DIRECT | FERRY_PATH_PROXY)

enum
{
  SIGNAL_SEND_INFO,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (FerryTransport, ferry_transport, G_TYPE_OBJECT)

static const struct
{
  const char      *ns;
  FerryPaths       paths;
  FerryTransport *(*create) (const FerryTransportContext *context,
                             gconstpointer                variant);
  gconstpointer    variant;
} transports[] = {
  { FERRY_NS_S5B_1, S5B_PATHS, ferry_transport_s5b_new, &ferry_s5b_1 },
  { FERRY_NS_S5B_0, S5B_PATHS, ferry_transport_s5b_new, &ferry_s5b_0 },
  { FERRY_NS_BYTESTREAMS, S5B_PATHS, ferry_transport_bytestreams_new, &ferry_bytestreams_plain },
  { FERRY_NS_JINGLE_BYTESTREAMS_0, S5B_PATHS, ferry_transport_bytestreams_new,
    &ferry_bytestreams_jingle_0 },
  { FERRY_NS_JINGLE_IBB_1, FERRY_PATH_IN_BAND, ferry_transport_ibb_new, &ferry_ibb_1 },
  { FERRY_NS_JINGLE_IBB_0, FERRY_PATH_IN_BAND, ferry_transport_ibb_new, &ferry_ibb_0 },
  { FERRY_NS_IBB, FERRY_PATH_IN_BAND, ferry_transport_ibb_new, &ferry_ibb_plain },
};

FerryPaths
ferry_transport_get_paths_of (const char *ns)
{
  for (gsize i = 0; i < G_N_ELEMENTS (transports); i++)
    if (g_strcmp0 (ns, transports[i].ns) == 0)
      return transports[i].paths;

  return 0;
}

FerryTransport *
ferry_transport_new (const char                  *ns,
                     const FerryTransportContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (transports); i++)
    if (g_strcmp0 (ns, transports[i].ns) == 0)
      return transports[i].create (context, transports[i].variant);

  return NULL;
}

/**
 * ferry_transport_prepare_async:
 *
 * Gathers what our `<transport/>` has to say. Once; before it, the side that did
 * not propose says what was proposed with set_remote().
 */
void
ferry_transport_prepare_async (FerryTransport      *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (FERRY_IS_TRANSPORT (self));

  FERRY_TRANSPORT_GET_IFACE (self)->prepare_async (self, cancellable, callback, user_data);
}

FerryElement *
ferry_transport_prepare_finish (FerryTransport  *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), NULL);

  return FERRY_TRANSPORT_GET_IFACE (self)->prepare_finish (self, result, error);
}

/* Fails with %FERRY_PROTO_ERROR. */
gboolean
ferry_transport_set_remote (FerryTransport      *self,
                            const FerryElement  *transport,
                            GError             **error)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), FALSE);
  g_return_val_if_fail (transport != NULL, FALSE);

  return FERRY_TRANSPORT_GET_IFACE (self)->set_remote (self, transport, error);
}

FerryStanzaError *
ferry_transport_receive_info (FerryTransport     *self,
                              const FerryElement *transport)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (transport != NULL, NULL);

  return FERRY_TRANSPORT_GET_IFACE (self)->receive_info (self, transport);
}

void
ferry_transport_info_answered (FerryTransport     *self,
                               const FerryElement *reply)
{
  g_return_if_fail (FERRY_IS_TRANSPORT (self));

  if (FERRY_TRANSPORT_GET_IFACE (self)->info_answered != NULL)
    FERRY_TRANSPORT_GET_IFACE (self)->info_answered (self, reply);
}

/**
 * ferry_transport_open_async:
 * @cancellable: (nullable): the way to give up while it is under way
 *
 * Connects, now that both sides agree on this transport. Once.
 *
 * Fails with %FERRY_PROTO_ERROR_REFUSED when no way to the peer was found; the
 * message lists what was tried.
 */
void
ferry_transport_open_async (FerryTransport      *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (FERRY_IS_TRANSPORT (self));

  FERRY_TRANSPORT_GET_IFACE (self)->open_async (self, cancellable, callback, user_data);
}

GIOStream *
ferry_transport_open_finish (FerryTransport  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), NULL);

  return FERRY_TRANSPORT_GET_IFACE (self)->open_finish (self, result, error);
}

gboolean
ferry_transport_peer_gone (FerryTransport *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), FALSE);

  return FERRY_TRANSPORT_GET_IFACE (self)->peer_gone != NULL &&
         FERRY_TRANSPORT_GET_IFACE (self)->peer_gone (self);
}

FerryPaths
ferry_transport_get_path (FerryTransport *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), 0);

  return FERRY_TRANSPORT_GET_IFACE (self)->get_path (self);
}

const char *
ferry_transport_get_way (FerryTransport *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), NULL);

  return FERRY_TRANSPORT_GET_IFACE (self)->get_way (self);
}

char *
ferry_transport_dup_local (FerryTransport *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), NULL);

  return FERRY_TRANSPORT_GET_IFACE (self)->dup_local (self);
}

char *
ferry_transport_dup_remote (FerryTransport *self)
{
  g_return_val_if_fail (FERRY_IS_TRANSPORT (self), NULL);

  return FERRY_TRANSPORT_GET_IFACE (self)->dup_remote (self);
}

void
ferry_transport_emit_send_info (FerryTransport *self,
                                FerryElement   *transport)
{
  g_return_if_fail (FERRY_IS_TRANSPORT (self));
  g_return_if_fail (transport != NULL);

  g_signal_emit (self, signals[SIGNAL_SEND_INFO], 0, transport);
}

static void
ferry_transport_default_init (FerryTransportInterface *iface)
{
  signals[SIGNAL_SEND_INFO] =
    g_signal_new ("send-info", FERRY_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  g_cclosure_marshal_VOID__POINTER, G_TYPE_NONE, 1, G_TYPE_POINTER);
}
