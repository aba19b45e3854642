/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The life of a file; the functions below, and the files named, stand in its order.
 *
 *  1. Outgoing: new_outgoing() has the file examined (transfer-source.c); it is WAITING.
 *  2. The queue has a slot and the contact is there: start() opens and hashes the file
 *     while core/capabilities chooses whom to ask, and how; then open_session()
 *     (transfer-start.c). A request of ours has no file yet, and is new_request().
 *     Incoming: the queue calls new_incoming() and hands over the peer's request.
 *  3. From here on a session machine decides (proto/session.h). Whatever happens goes to
 *     feed(), and what the machine wants done is done by execute(), one helper an effect:
 *     REPLY and SEND speak (transfer-request.c), ASK makes it OFFERED, accept() opens the
 *     inbox (transfer-accept.c), FIND looks for what is asked of us (transfer-serve.c).
 *  4. PREPARE, REMOTE, OPEN find a way for the bytes (transfer-way.c).
 *  5. PUMP moves them, STORE puts the file in its place (transfer-data.c).
 *  6. END says how it went; where another session may do better it is begun, and
 *     otherwise end() is the end (transfer-end.c). */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "base/safe-name.h"
#include "core/random-id.h"
#include "core/transfer-private.h"
#include "proto/jid.h"

/* An event that waits for its turn. */
typedef struct
{
  FerrySessionEvent     event;
  FerryHashes           hashes;
  FerryFileDescription *file;   /* (owned) (nullable) */
} Event;

static Event *
event_new (const FerrySessionEvent *event)
{
  Event *self = g_new0 (Event, 1);

  self->event = *event;
  self->event.text = g_strdup (event->text);

  if (event->element != NULL)
    ferry_element_ref (event->element);

  if (event->hashes != NULL)
    {
      self->hashes = *event->hashes;
      self->event.hashes = &self->hashes;
    }

  if (event->file != NULL)
    self->event.file = self->file = ferry_file_description_copy (event->file);

  return self;
}

static void
event_free (gpointer data)
{
  Event *self = data;

  g_clear_pointer (&self->event.element, ferry_element_unref);
  g_clear_pointer (&self->file, ferry_file_description_free);
  g_free ((char *) self->event.text);
  g_free (self);
}

static FerryTransfer *
new_transfer (FerryTransferServices *services,
              FerryContact          *contact,
              FerryRole              role,
              FerryDirection         direction)
{
  FerryTransfer *self = g_object_new (FERRY_TYPE_TRANSFER, NULL);

  self->services = ferry_transfer_services_ref (services);
  self->contact = g_object_ref (contact);
  self->role = role;
  self->direction = direction;
  self->id = ferry_random_id_new ();
  self->allowed = services->settings->paths;

  return self;
}

FerryTransfer *
ferry_transfer_new_outgoing (FerryTransferServices *services,
                             FerryContact          *contact,
                             const char            *to,
                             GFile                 *file)
{
  FerryTransfer *self = new_transfer (services, contact, FERRY_ROLE_INITIATOR,
                                      FERRY_DIRECTION_SEND);
  g_autofree char *name = g_file_get_basename (file);

  self->to = g_strdup (to);
  self->peer = g_strdup (to);
  self->file = g_object_ref (file);
  self->name = name != NULL ? g_filename_display_name (name) : g_strdup ("");
  ferry_transfer_examine (self);

  return self;
}

FerryTransfer *
ferry_transfer_new_request (FerryTransferServices *services,
                            FerryContact          *contact,
                            const char            *to,
                            const char            *name,
                            GFile                 *folder)
{
  FerryTransfer *self = new_transfer (services, contact, FERRY_ROLE_INITIATOR,
                                      FERRY_DIRECTION_RECEIVE);

  self->to = g_strdup (to);
  self->peer = g_strdup (to);
  self->wanted = g_strdup (name);
  self->name = ferry_safe_name (name);
  self->folder = g_object_ref (folder);
  self->is_examined = TRUE;

  return self;
}

/* Ready for ferry_transfer_receive() of the request that opens the session. */
FerryTransfer *
ferry_transfer_new_incoming (FerryTransferServices *services,
                             FerryContact          *contact,
                             const FerryDialect    *dialect,
                             const char            *peer,
                             const char            *sid)
{
  FerryTransfer *self = new_transfer (services, contact, FERRY_ROLE_RESPONDER,
                                      FERRY_DIRECTION_RECEIVE);
  g_autofree char **transports = NULL;
  FerrySessionConfig config = { NULL };

  self->peer = g_strdup (peer);
  self->own_jid = g_strdup (ferry_router_get_jid (services->router));
  self->sid = g_strdup (sid);
  self->name = g_strdup ("");
  self->dialect = dialect;
  self->profile = ferry_capabilities_get_profile (services->capabilities, peer);
  ferry_session_table_add (services->sessions, peer, sid, self);

  transports = ferry_transfer_list_transports (self);
  config.own_jid = self->own_jid;
  config.peer_jid = peer;
  config.sid = sid;
  config.transports = (const char *const *) transports;
  config.profile = self->profile;
  config.features = ferry_capabilities_get_features (services->capabilities, peer);
  self->session = dialect->answer (&config);
  self->generation++;

  return self;
}

void
ferry_transfer_feed_kind (FerryTransfer         *self,
                          FerrySessionEventKind  kind)
{
  const FerrySessionEvent event = { .kind = kind };

  ferry_transfer_feed (self, &event);
}

/* Which way the bytes go is known once the request that opens the session is understood. */
void
ferry_transfer_receive (FerryTransfer *self,
                        FerryElement  *iq)
{
  const FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_STANZA, .element = iq };

  ferry_transfer_feed (self, &event);
}

void
ferry_transfer_cancel (FerryTransfer *self)
{
  g_return_if_fail (FERRY_IS_TRANSFER (self));

  if (ferry_transfer_is_ended (self))
    return;

  if (self->session != NULL)
    ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_CANCEL);
  else
    ferry_transfer_end (self, FERRY_TRANSFER_CANCELLED, NULL);
}

/* Whether the bytes go on, or have gone, without the help of the server. */
gboolean
ferry_transfer_is_on_its_own (FerryTransfer *self)
{
  gboolean has_data = self->state == FERRY_TRANSFER_RUNNING
                      || self->state == FERRY_TRANSFER_PAUSED
                      || self->state == FERRY_TRANSFER_VERIFYING;

  return has_data && self->path != FERRY_PATH_IN_BAND;
}

/* In-band no block will come any more; but those that came are still to be read, and
 * who has the whole file may well leave before our worker has noticed. */
static void
lose_blocks (FerryTransfer *self)
{
  if (self->is_paused)
    {
      ferry_transfer_break_data (self, "the other side went offline");
      return;
    }

  self->was_peer_gone = ferry_transport_peer_gone (self->transport);
}

/* Presence says less than an open stream: while bytes flow, only the stream counts.
 * In-band there is none but the server. */
void
ferry_transfer_peer_gone (FerryTransfer *self,
                          const char    *full_jid)
{
  gboolean is_choosing = self->session == NULL && ferry_transfer_is_active (self);

  /* Thousands may wait while thousands leave: addresses are compared last. */
  if ((self->session == NULL && !is_choosing) || !ferry_jid_equal (self->peer, full_jid))
    return;

  /* To our offer its server would answer, and as if the client were there but unable. */
  if (is_choosing)
    ferry_transfer_fail (self, FERRY_TRANSFER_ERROR_PEER_GONE, "the other side went offline");
  else if (ferry_transfer_is_on_its_own (self))
    self->was_peer_gone = TRUE;
  else if (self->pump != NULL)
    lose_blocks (self);
  else
    ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_PEER_GONE);
}

void
ferry_transfer_went_offline (FerryTransfer *self)
{
  if (ferry_transfer_is_active (self) && !ferry_transfer_is_on_its_own (self))
    ferry_transfer_fail (self, FERRY_TRANSFER_ERROR_CONNECTION_LOST,
                         "the connection to the server is gone");
}

/* The peer's words about its file become ours, made harmless. */
static void
execute_ask (FerryTransfer *self)
{
  const FerryFileDescription *file = ferry_session_get_file (self->session);
  g_autofree char *name = ferry_safe_name (file->name);

  self->size = file->size;
  self->started_at = g_get_real_time ();
  g_free (self->description);
  self->description = g_strdup (file->description);
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_NAME, &self->name, name);
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_CONTENT_TYPE, &self->content_type,
                             file->media_type);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_SIZE);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_STARTED_AT);
  ferry_transfer_set_state (self, FERRY_TRANSFER_OFFERED);
}

/* One alarm at a time; @callback %NULL: none. */
void
ferry_transfer_set_wake (FerryTransfer *self,
                         gint64         ready_time,
                         GSourceFunc    callback)
{
  if (self->wake != NULL)
    g_source_destroy (self->wake);

  g_clear_pointer (&self->wake, g_source_unref);

  if (callback == NULL)
    return;

  self->wake = g_timeout_source_new (0);
  g_source_set_ready_time (self->wake, ready_time);
  g_source_set_callback (self->wake, callback, g_object_ref (self), g_object_unref);
  g_source_attach (self->wake, NULL);
}

static gboolean
wake_cb (gpointer user_data)
{
  g_autoptr(FerryTransfer) self = g_object_ref (user_data);

  ferry_transfer_set_wake (self, 0, NULL);
  ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_DEADLINE);

  return G_SOURCE_REMOVE;
}

static void
execute_accepted (FerryTransfer *self)
{
  ferry_transfer_set_state (self, FERRY_TRANSFER_CONNECTING);

  if (self->direction == FERRY_DIRECTION_RECEIVE)
    ferry_transfer_expect_file (self);
}

static void
execute_find (FerryTransfer *self)
{
  self->direction = FERRY_DIRECTION_SEND;
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_DIRECTION);
  ferry_transfer_find (self);
}

static void
execute_close (FerryTransfer *self)
{
  ferry_transfer_stop_pump (self);
  ferry_transfer_close_way (self);
}

static void
execute (FerryTransfer            *self,
         const FerrySessionEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      ferry_router_send (self->services->router, effect->element);
      break;
    case FERRY_SESSION_EFFECT_SEND:
      ferry_transfer_request (self, effect);
      break;
    case FERRY_SESSION_EFFECT_ASK:
      execute_ask (self);
      break;
    case FERRY_SESSION_EFFECT_ACCEPTED:
      execute_accepted (self);
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      ferry_transfer_prepare_way (self, effect);
      break;
    case FERRY_SESSION_EFFECT_REMOTE:
      ferry_transfer_set_remote (self, effect->element);
      break;
    case FERRY_SESSION_EFFECT_TRANSPORT_INFO:
      ferry_transfer_answer_info (self, effect->element, effect->request);
      break;
    case FERRY_SESSION_EFFECT_INFO_ANSWERED:
      ferry_transfer_info_answered (self, effect->element);
      break;
    case FERRY_SESSION_EFFECT_FIND:
      execute_find (self);
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      ferry_transfer_open_way (self);
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      ferry_transfer_pump (self, effect);
      break;
    case FERRY_SESSION_EFFECT_STORE:
      ferry_transfer_store (self, effect->verdict);
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      execute_close (self);
      break;
    case FERRY_SESSION_EFFECT_WAKE:
      ferry_transfer_set_wake (self, effect->deadline, effect->deadline != 0 ? wake_cb : NULL);
      break;
    case FERRY_SESSION_EFFECT_END:
      ferry_transfer_conclude (self, effect->outcome, effect->text);
      break;
    case FERRY_SESSION_EFFECT_SECURE:
    default:
      g_assert_not_reached ();
    }
}

static void
handle (FerryTransfer           *self,
        const FerrySessionEvent *event)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  guint generation = self->generation;
  FerrySessionEffect effect;

  ferry_session_handle (self->session, event, g_get_monotonic_time (), effects);

  while (ferry_session_effects_next (effects, &effect))
    {
      /* What is done may end us, if only because the connection breaks while we speak. */
      if (self->session != NULL && self->generation == generation)
        execute (self, &effect);

      ferry_session_effect_clear (&effect);
    }

  ferry_transfer_begin_preparing (self);
}

/* The session is over; what was on its way to it is of no use. */
void
ferry_transfer_forget_events (FerryTransfer *self)
{
  g_queue_clear_full (&self->events, event_free);
}

/* One event after the other: what an effect brings about waits until all effects of
 * the event before are done. */
void
ferry_transfer_feed (FerryTransfer           *self,
                     const FerrySessionEvent *event)
{
  if (self->session == NULL)
    return;

  g_queue_push_tail (&self->events, event_new (event));

  if (self->is_feeding)
    return;

  g_object_ref (self);
  self->is_feeding = TRUE;
  g_object_freeze_notify (G_OBJECT (self));

  while (!g_queue_is_empty (&self->events))
    {
      Event *next = g_queue_pop_head (&self->events);

      handle (self, &next->event);
      event_free (next);
    }

  self->is_feeding = FALSE;
  g_object_thaw_notify (G_OBJECT (self));
  g_object_unref (self);
}
