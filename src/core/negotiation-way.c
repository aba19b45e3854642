/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-negotiation"

#include "config.h"

#include "core/negotiation-private.h"
#include "core/privacy.h"
#include "proto/iq.h"
#include "proto/s5b-codec.h"

static void
feed_failed (FerryNegotiation *self,
             const char       *reason)
{
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_TRANSPORT_FAILED,
    .text = reason,
  };

  ferry_negotiation_feed (self, &event);
}

/* Whether to mind what the peer advertises: what answers an offer is bound to the offer
 * (SEL-5), and one that names no transport at all may still have them. */
static gboolean
names_transports (FerryNegotiation  *self,
                  const char *const *features)
{
  const char *const *all = self->dialect->transports;

  if (features == NULL || self->role == FERRY_ROLE_RESPONDER || self->dialect->hides_transports)
    return FALSE;

  for (guint i = 0; all[i] != NULL; i++)
    {
      if (g_strv_contains (features, all[i]))
        return TRUE;
    }

  return FALSE;
}

/* Those of the dialect that the user, this session and the peer allow, best first.
 * Returns: (transfer full): borrowed strings; free the array alone */
char **
ferry_negotiation_list_transports (FerryNegotiation *self)
{
  GPtrArray *list = g_ptr_array_new ();
  gboolean is_answer = self->role == FERRY_ROLE_RESPONDER && self->dialect->accepts != NULL;
  const char *const *all = is_answer ? self->dialect->accepts : self->dialect->transports;
  const char *const *features =
    ferry_capabilities_get_features (self->services->capabilities, self->peer);
  gboolean is_choosy = names_transports (self, features);
  FerryPaths allowed = self->allowed;

  /* What was offered to us is answered, if only with nothing. */
  if (self->role == FERRY_ROLE_INITIATOR)
    allowed &= ferry_privacy_get_paths (self->services, self->peer);

  for (guint i = 0; all[i] != NULL; i++)
    {
      if ((ferry_transport_get_paths_of (all[i]) & allowed) != 0
          && (!is_choosy || g_strv_contains (features, all[i])))
        g_ptr_array_add (list, (char *) all[i]);
    }

  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

static void
way_send_info_cb (FerryTransport *transport,
                  FerryElement   *info,
                  gpointer        user_data)
{
  FerryNegotiation *self = user_data;
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_TRANSPORT_INFO,
    .element = info,
  };

  if (self->transport == transport)
    ferry_negotiation_feed (self, &event);
}

static void
apply_remote (FerryNegotiation   *self,
              const FerryElement *remote)
{
  g_autoptr(GError) error = NULL;

  if (ferry_transport_set_remote (self->transport, remote, &error))
    return;

  g_free (self->way_fault);
  self->way_fault = g_strdup (error->message);
  feed_failed (self, error->message);
}

static void
prepare_done_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(FerryNegotiation) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) element =
    ferry_transport_prepare_finish (FERRY_TRANSPORT (source), result, &error);
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_TRANSPORT_PREPARED,
    .element = element,
    .text = error != NULL ? error->message : NULL,
  };

  if (self->transport == FERRY_TRANSPORT (source))
    ferry_negotiation_feed (self, &event);
}

static FerryTransport *
make_transport (FerryNegotiation         *self,
                const FerrySessionEffect *effect)
{
  const char *const *features =
    ferry_capabilities_get_features (self->services->capabilities, self->peer);
  const FerryTransportContext context = {
    .router = self->services->router,
    .listener = self->services->listener,
    .proxies = self->services->proxies,
    .network = self->services->network,
    .settings = self->services->settings,
    .profile = self->profile,
    .own_jid = self->own_jid,
    .peer_jid = self->peer,
    .stream_sid = effect->stream_sid,
    .falls_back = effect->falls_back,
    .role = self->role,
    .proposer = effect->proposer,
    .is_stranger = !self->is_agreed && ferry_privacy_is_stranger (self->services, self->peer),
    .relay_only = ferry_privacy_is_relay_only (self->services, self->peer),
    .peer_punches = features != NULL && g_strv_contains (features, FERRY_NS_PUNCH),
    .report = self->report,
  };

  return ferry_transport_new (effect->transport_ns, &context);
}

/* Effect PREPARE. What the peer said of this transport may come before or after, but
 * it must be known when the preparations begin; see begin_preparing(). */
void
ferry_negotiation_prepare_way (FerryNegotiation         *self,
                               const FerrySessionEffect *effect)
{
  g_autoptr(FerryElement) remote = g_steal_pointer (&self->remote_said);

  ferry_negotiation_close_way (self);
  self->transport = make_transport (self, effect);
  self->is_unprepared = TRUE;

  if (self->transport == NULL)
    return;

  self->opening = g_cancellable_new ();
  g_signal_connect_object (self->transport, "send-info", G_CALLBACK (way_send_info_cb), self, 0);

  if (remote != NULL)
    apply_remote (self, remote);
}

/* All effects of the event that wanted a transport are done. */
void
ferry_negotiation_begin_preparing (FerryNegotiation *self)
{
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_TRANSPORT_PREPARED,
    .text = self->way_fault,
  };

  if (!self->is_unprepared)
    return;

  self->is_unprepared = FALSE;

  if (self->transport == NULL || self->way_fault != NULL)
    ferry_negotiation_feed (self, &event);
  else
    ferry_transport_prepare_async (self->transport, self->opening, prepare_done_cb,
                                   g_object_ref (self));
}

/* Effect REMOTE. */
void
ferry_negotiation_set_remote (FerryNegotiation *self,
                              FerryElement     *transport)
{
  if (self->transport != NULL)
    {
      apply_remote (self, transport);
      return;
    }

  g_clear_pointer (&self->remote_said, ferry_element_unref);
  self->remote_said = ferry_element_ref (transport);
}

/* Effect TRANSPORT_INFO. Late words about a transport that is gone are acknowledged
 * and forgotten (FB-10). */
void
ferry_negotiation_answer_info (FerryNegotiation *self,
                               FerryElement     *transport,
                               FerryElement     *request)
{
  g_autoptr(FerryStanzaError) error = NULL;
  g_autoptr(FerryElement) answer = NULL;

  if (self->transport != NULL)
    error = ferry_transport_receive_info (self->transport, transport);

  answer = error != NULL ? ferry_iq_new_error (request, error)
                         : ferry_iq_new_result (request, NULL);
  ferry_router_send (self->services->router, answer);
}

/* Effect INFO_ANSWERED. @reply: (nullable) */
void
ferry_negotiation_info_answered (FerryNegotiation   *self,
                                 const FerryElement *reply)
{
  if (self->transport != NULL)
    ferry_transport_info_answered (self->transport, reply);
}

static void
open_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(FerryNegotiation) self = user_data;
  g_autoptr(GError) error = NULL;
  FerryTransport *transport = FERRY_TRANSPORT (source);
  g_autoptr(GIOStream) stream = ferry_transport_open_finish (transport, result, &error);
  const FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_TRANSPORT_OPEN };

  if (self->transport != transport)
    return;

  if (stream == NULL)
    {
      feed_failed (self, error->message);
      return;
    }

  g_set_object (&self->stream, stream);
  g_free (self->local);
  g_free (self->remote);
  self->local = ferry_transport_dup_local (transport);
  self->remote = ferry_transport_dup_remote (transport);
  self->path = ferry_transport_get_path (transport);
  self->way = ferry_transport_get_way (transport);
  ferry_negotiation_way_changed (self);
  ferry_negotiation_feed (self, &event);
}

/* Effect OPEN. */
void
ferry_negotiation_open_way (FerryNegotiation *self)
{
  if (self->transport == NULL)
    {
      feed_failed (self, "There is no transport to open");
      return;
    }

  ferry_transport_open_async (self->transport, self->opening, open_done_cb,
                              g_object_ref (self));
}

/* Effect CLOSE, and before another transport takes its place. */
void
ferry_negotiation_close_way (FerryNegotiation *self)
{
  g_autoptr(FerryTransport) transport = g_steal_pointer (&self->transport);
  g_autoptr(GIOStream) stream = g_steal_pointer (&self->stream);

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);

  if (transport != NULL)
    g_signal_handlers_disconnect_by_data (transport, self);

  if (stream != NULL && !self->is_securing)
    g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);

  self->is_unprepared = FALSE;
  self->is_securing = FALSE;
  g_clear_object (&self->tls);
  g_clear_object (&self->opening);
  g_clear_pointer (&self->way_fault, g_free);
  g_clear_pointer (&self->remote_said, ferry_element_unref);
}
