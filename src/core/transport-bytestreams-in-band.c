/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transport-bytestreams"

#include "config.h"

#include "core/transport-bytestreams-private.h"
#include "proto/ibb-codec.h"

/* SIFT-7: the same stream in-band, without another word. As requester after SOCKS5 has
 * failed; as target at any time, for a peer may have no host to name at all. */

/* From now on the peer's `<open/>` is expected, and held until open_in_band(). */
void
_ferry_transport_bytestreams_arm_in_band (FerryTransportBytestreams *self)
{
  FerryTransportContext context = {
    .router = self->router,
    .profile = self->profile,
    .own_jid = self->own_jid,
    .peer_jid = self->peer_jid,
    .stream_sid = self->stream_sid,
    .role = self->role,
    .proposer = self->is_requester,
    .report = self->report,
  };

  self->in_band = ferry_transport_new (FERRY_NS_IBB, &context);
  ferry_transport_prepare_async (self->in_band, NULL, NULL, NULL);
}

void
_ferry_transport_bytestreams_drop_in_band (FerryTransportBytestreams *self)
{
  g_cancellable_cancel (self->in_band_ended);
  g_clear_object (&self->in_band_ended);
  g_clear_object (&self->in_band);
}

static void
fail (FerryTransportBytestreams *self,
      const GError              *error)
{
  g_autofree char *before = g_steal_pointer (&self->trouble);

  self->trouble = g_strdup_printf ("%s; in-band: %s", before, error->message);
  _ferry_transport_bytestreams_give_up (self);
}

/* A target's own limit is the time since SOCKS5 failed, and that is another's to watch. */
static void
arm_again (FerryTransportBytestreams *self)
{
  _ferry_transport_bytestreams_drop_in_band (self);
  _ferry_transport_bytestreams_arm_in_band (self);
  _ferry_transport_bytestreams_open_in_band (self);
}

static void
in_band_opened_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(FerryTransportBytestreams) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream =
    ferry_transport_open_finish (FERRY_TRANSPORT (source), result, &error);

  if (self->opening == NULL || self->in_band != FERRY_TRANSPORT (source))
    return;

  if (stream == NULL && self->is_requester)
    fail (self, error);
  else if (stream == NULL)
    arm_again (self);
  else
    {
      self->is_in_band = TRUE;
      _ferry_transport_bytestreams_finish (self, g_steal_pointer (&stream));
    }
}

void
_ferry_transport_bytestreams_open_in_band (FerryTransportBytestreams *self)
{
  self->in_band_ended = g_cancellable_new ();
  ferry_transport_open_async (self->in_band, self->in_band_ended, in_band_opened_cb,
                              g_object_ref (self));
}
