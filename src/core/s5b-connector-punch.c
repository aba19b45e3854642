/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-s5b-connector"

#include "config.h"

#include "core/s5b-connector-dial.h"
#include "net/tcp-punch.h"

/* TCP hole punching. Both ends connect from their listener's port to where the other one's router
 * is seen from outside. It may meet in the middle, or be accepted by either listener, whatever the
 * routers let through: so it has to be settled who speaks first, which is the initiator. */

#define MAX_ASSISTED   1   /* places of one peer */
#define PUNCH_TIMEOUT  3   /* seconds: the responder knocks before we hear of it */
#define KNOCK_TIMEOUT  8   /* … a dozen times by then (SEC-17) */
#define GUEST_PAUSE    50  /* ms, until it is looked for again */
#define GUEST_PATIENCE (1000 * G_TIME_SPAN_MILLISECOND)

/* Whether a place of the peer's is where we are seen ourselves. Of loopback that says nothing. */
static gboolean
is_own_router (FerryS5bConnector *self,
               const char        *host)
{
  const FerryPathFacts *facts =
    self->network != NULL ? ferry_network_get_facts (self->network) : NULL;
  FerryIpAddress address;

  return facts != NULL && ferry_ip_address_parse (host, &address) &&
         ferry_ip_address_get_scope (&address) != FERRY_IP_LOOPBACK &&
         (ferry_ip_address_equal (&address, &facts->reflexive4.seen) ||
          ferry_ip_address_equal (&address, &facts->reflexive6.seen));
}

const char *
_ferry_s5b_connector_get_prediction (FerryS5bConnector *self)
{
  for (guint i = 0; i < self->planned->len; i++)
    {
      const FerryPlannedHost *host = g_ptr_array_index (self->planned, i);

      if (host->origin == FERRY_ORIGIN_PREDICTED)
        return host->host;
    }

  return NULL;
}

gboolean
_ferry_s5b_connector_keep_assisted (FerryS5bConnector       *self,
                                    const FerryS5bCandidate *candidate)
{
  const char *objection = NULL;

  if (!self->peer_punches || candidate->type != FERRY_S5B_ASSISTED)
    return FALSE;

  if (!g_hostname_is_ip_address (candidate->host))
    objection = "it is no address";
  else if (is_own_router (self, candidate->host))
    objection = "it is behind the same router as we are";
  else if (self->role == FERRY_ROLE_INITIATOR && _ferry_s5b_connector_get_prediction (self) == NULL)
    objection = "our own place is not known";
  else if (self->n_assisted++ >= MAX_ASSISTED) /* each takes some attempts, SEC-17 */
    objection = "there are enough such places";
  else if (self->role == FERRY_ROLE_RESPONDER)
    g_ptr_array_add (self->knocked, ferry_s5b_candidate_copy (candidate));

  if (objection == NULL && self->role == FERRY_ROLE_INITIATOR)
    return FALSE;

  _ferry_s5b_connector_note_host (self, candidate, objection);

  return TRUE;
}

/* Consumes @dial. */
static void
dial_speak (Dial              *dial,
            GSocketConnection *connection)
{
  ferry_socks5_dialer_speak_async (dial->connector->dialer, connection, dial->address,
                                   dial->cancellable, _ferry_s5b_dial_done_cb, dial);
}

static gboolean
dial_wait_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(Dial) dial = user_data;
  GInetSocketAddress *place = dial->place;

  if (!g_cancellable_is_cancelled (dial->cancellable))
    _ferry_s5b_dial_punch (g_steal_pointer (&dial), place);

  return G_SOURCE_REMOVE;
}

/* Where a connection stands that is not ours it may be one that our listener has accepted, and not
 * brought yet. Consumes @dial. */
static void
dial_wait (Dial *dial)
{
  g_autoptr(GSource) source = g_cancellable_source_new (dial->cancellable);
  gint64 now = g_get_monotonic_time ();

  if (dial->deadline == 0)
    dial->deadline = now + GUEST_PATIENCE;
  g_source_set_ready_time (source, now + GUEST_PAUSE * G_TIME_SPAN_MILLISECOND);
  g_source_set_callback (source, G_SOURCE_FUNC (dial_wait_cb), dial, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static gboolean
may_wait (const Dial   *dial,
          const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) &&
         (dial->deadline == 0 || g_get_monotonic_time () < dial->deadline);
}

static void
punched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Dial) dial = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection = ferry_tcp_punch_finish (result, &error);

  if (g_cancellable_is_cancelled (dial->cancellable))
    return;

  if (connection != NULL)
    {
      dial_speak (g_steal_pointer (&dial), connection);
    }
  else if (may_wait (dial, error))
    {
      dial_wait (g_steal_pointer (&dial));
    }
  else
    {
      g_free (dial->text);
      dial->text = g_strdup (error->message);
      _ferry_s5b_dial_try_next (g_steal_pointer (&dial));
    }
}

/* The initiator's half. */
void
_ferry_s5b_dial_punch (Dial               *dial,
                       GInetSocketAddress *place)
{
  FerrySocks5Listener *listener = dial->connector->listener;
  g_autoptr(GSocketConnection) guest = ferry_socks5_listener_take_silent (listener, place);

  g_set_object (&dial->place, place);
  if (guest != NULL)
    dial_speak (dial, guest);
  else
    ferry_tcp_punch_async (ferry_socks5_listener_get_port (listener), place, PUNCH_TIMEOUT,
                           dial->cancellable, punched_cb, dial);
}

/* One knock, until it is answered. */
typedef struct
{
  FerryS5bConnector *connector;   /* (owned) */
  FerryS5bCandidate *candidate;   /* (owned) */
} Knock;

static void
knock_free (Knock *knock)
{
  g_object_unref (knock->connector);
  ferry_s5b_candidate_free (knock->candidate);
  g_free (knock);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Knock, knock_free)

static void
note_knock (const Knock       *knock,
            FerryPathStepKind  kind,
            const char        *text)
{
  _ferry_s5b_connector_note (knock->connector, kind,
                             ferry_path_origin_to_string (FERRY_ORIGIN_PREDICTED),
                             knock->candidate->host, knock->candidate->port, text);
}

static void
knocked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Knock) knock = user_data;
  FerryS5bConnector *self = knock->connector;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection = ferry_tcp_punch_finish (result, &error);

  if (self->is_stopped || g_cancellable_is_cancelled (self->knocking))
    return;

  if (connection == NULL)
    {
      note_knock (knock, FERRY_PATH_STEP_REFUSED, error->message);
      return;
    }

  note_knock (knock, FERRY_PATH_STEP_REACHED, NULL);
  ferry_socks5_listener_adopt (self->listener, connection);
}

static void
knock_at (FerryS5bConnector       *self,
          const FerryS5bCandidate *candidate)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (candidate->host);
  g_autoptr(GSocketAddress) place = NULL;
  g_autoptr(Knock) knock = g_new0 (Knock, 1);
  const char *objection;

  knock->connector = g_object_ref (self);
  knock->candidate = ferry_s5b_candidate_copy (candidate);

  objection = _ferry_s5b_connector_object (self, address, candidate->port, FERRY_S5B_TRUST_PEER);
  if (objection != NULL)
    {
      note_knock (knock, FERRY_PATH_STEP_REFUSED, objection);
      return;
    }

  self->n_attempts++;
  note_knock (knock, FERRY_PATH_STEP_TRIED, NULL);
  place = g_inet_socket_address_new (address, candidate->port);
  ferry_tcp_punch_async (ferry_socks5_listener_get_port (self->listener),
                         G_INET_SOCKET_ADDRESS (place), KNOCK_TIMEOUT, self->knocking, knocked_cb,
                         g_steal_pointer (&knock));
}

/* The responder's half: where nobody punches to us there is no use in it. */
void
_ferry_s5b_connector_knock (FerryS5bConnector *self)
{
  if (self->is_stopped || self->expectation == 0 || !_ferry_s5b_connector_is_direct (self) ||
      _ferry_s5b_connector_get_prediction (self) == NULL)
    return;

  for (guint i = 0; i < self->knocked->len; i++)
    knock_at (self, g_ptr_array_index (self->knocked, i));
}
