/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-negotiation"

#include "config.h"

#include "base/secret.h"
#include "core/negotiation-private.h"
#include "core/random-id.h"
#include "core/transfer.h"

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

/* One alarm at a time; @callback %NULL: none. */
static void
set_wake (FerryNegotiation *self,
          gint64            ready_time,
          GSourceFunc       callback)
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
  g_autoptr(FerryNegotiation) self = g_object_ref (user_data);

  set_wake (self, 0, NULL);
  ferry_negotiation_feed_kind (self, FERRY_SESSION_EVENT_DEADLINE);

  return G_SOURCE_REMOVE;
}

static void
forget_way (FerryNegotiation *self)
{
  g_clear_pointer (&self->local, g_free);
  g_clear_pointer (&self->remote, g_free);
  self->path = 0;
  self->way = NULL;
  self->is_secured = FALSE;
  self->level = FERRY_TRUST_NONE;
  ferry_negotiation_way_changed (self);
}

static FerrySession *
make_session (FerryNegotiation            *self,
              const FerryNegotiationTerms *terms,
              const char *const           *transports)
{
  FerrySecurityTerms security;
  FerrySessionConfig config = {
    .own_jid = self->own_jid,
    .peer_jid = self->peer,
    .sid = self->sid,
    .transports = transports,
    .profile = self->profile,
    .file = terms->file,
    .features = ferry_capabilities_get_features (self->services->capabilities, self->peer),
  };

  if (ferry_negotiation_get_terms (self, terms, &security))
    config.security = &security;

  if (self->role == FERRY_ROLE_RESPONDER)
    return self->dialect->answer (&config);

  return terms->is_request ? self->dialect->request (&config) : self->dialect->offer (&config);
}

static void
take_terms (FerryNegotiation            *self,
            const FerryNegotiationTerms *terms)
{
  self->dialect = terms->dialect;
  self->profile = terms->profile;
  self->role = terms->role;
  self->allowed = terms->allowed;
  self->is_agreed = FALSE;
  g_free (self->peer);
  self->peer = g_strdup (terms->peer);
  g_free (self->own_jid);
  self->own_jid = g_strdup (ferry_router_get_jid (self->services->router));
  ferry_negotiation_set_phrase (self, terms->phrase);
}

/* What the peer is known to do its own way explains some of what follows. */
static void
begin_report (FerryNegotiation *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->report != NULL)
    return;

  self->report = ferry_path_report_new (now);
  if (self->profile != NULL && self->profile->habit != NULL)
    ferry_path_report_add (self->report, now, FERRY_PATH_STEP_NOTE, NULL, NULL, 0,
                           self->profile->habit);
}

gboolean
ferry_negotiation_begin (FerryNegotiation             *self,
                         const FerryNegotiationTerms  *terms,
                         GError                      **error)
{
  g_autofree char **transports = NULL;

  ferry_negotiation_drop (self);
  forget_way (self);
  take_terms (self, terms);
  transports = ferry_negotiation_list_transports (self);

  if (self->own_jid == NULL)
    {
      g_set_error (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_CONNECTION_LOST,
                   "we are not connected");
      return FALSE;
    }

  if (self->role == FERRY_ROLE_INITIATOR && transports[0] == NULL)
    {
      g_set_error (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_NO_ROUTE,
                   "no path is allowed that both sides know");
      return FALSE;
    }

  if (self->role == FERRY_ROLE_INITIATOR
      && !ferry_negotiation_check (self->services, self->dialect, self->peer,
                                   terms->phrase != NULL, error))
    return FALSE;

  self->sid = terms->sid != NULL ? g_strdup (terms->sid) : ferry_random_id_new ();
  ferry_session_table_add (self->services->sessions, self->peer, self->sid, self);
  self->session = make_session (self, terms, (const char *const *) transports);
  self->generation++;
  begin_report (self);

  return TRUE;
}

/* What was on its way to the session is of no use, either. */
void
ferry_negotiation_drop (FerryNegotiation *self)
{
  ferry_negotiation_close_way (self);
  set_wake (self, 0, NULL);
  g_queue_clear_full (&self->events, event_free);

  if (self->sid != NULL)
    ferry_session_table_remove (self->services->sessions, self->peer, self->sid);

  g_clear_pointer (&self->sid, g_free);
  g_clear_pointer (&self->phrase, ferry_secret_free);
  g_clear_pointer (&self->session, ferry_session_free);
}

static void
tell_owner (FerryNegotiation         *self,
            const FerrySessionEffect *effect)
{
  if (self->owner != NULL)
    self->vtable->execute (self->owner, effect);
}

static void
execute_close (FerryNegotiation         *self,
               const FerrySessionEffect *effect)
{
  tell_owner (self, effect);
  ferry_negotiation_close_way (self);
}

static void
execute_end (FerryNegotiation         *self,
             const FerrySessionEffect *effect)
{
  guint generation = self->generation;

  if (effect->outcome == FERRY_OUTCOME_KEY_CHANGED)
    ferry_negotiation_report_change (self);

  tell_owner (self, effect);

  if (self->generation == generation)
    ferry_negotiation_drop (self);
}

static void
execute (FerryNegotiation         *self,
         const FerrySessionEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      ferry_router_send (self->services->router, effect->element);
      break;
    case FERRY_SESSION_EFFECT_SEND:
      ferry_negotiation_request (self, effect);
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      ferry_negotiation_prepare_way (self, effect);
      break;
    case FERRY_SESSION_EFFECT_REMOTE:
      ferry_negotiation_set_remote (self, effect->element);
      break;
    case FERRY_SESSION_EFFECT_TRANSPORT_INFO:
      ferry_negotiation_answer_info (self, effect->element, effect->request);
      break;
    case FERRY_SESSION_EFFECT_INFO_ANSWERED:
      ferry_negotiation_info_answered (self, effect->element);
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      ferry_negotiation_open_way (self);
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      execute_close (self, effect);
      break;
    case FERRY_SESSION_EFFECT_WAKE:
      set_wake (self, effect->deadline, effect->deadline != 0 ? wake_cb : NULL);
      break;
    case FERRY_SESSION_EFFECT_END:
      execute_end (self, effect);
      break;
    case FERRY_SESSION_EFFECT_ACCEPTED:
      self->is_agreed = TRUE;
      tell_owner (self, effect);
      break;
    case FERRY_SESSION_EFFECT_ASK:
    case FERRY_SESSION_EFFECT_FIND:
    case FERRY_SESSION_EFFECT_PUMP:
    case FERRY_SESSION_EFFECT_STORE:
      tell_owner (self, effect);
      break;
    case FERRY_SESSION_EFFECT_SECURE:
      ferry_negotiation_secure (self, effect);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
handle (FerryNegotiation        *self,
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

  ferry_negotiation_begin_preparing (self);
}

static void
handle_all (FerryNegotiation *self)
{
  self->is_feeding = TRUE;

  while (!g_queue_is_empty (&self->events))
    {
      Event *next = g_queue_pop_head (&self->events);

      handle (self, &next->event);
      event_free (next);
    }

  self->is_feeding = FALSE;
}

void
ferry_negotiation_feed (FerryNegotiation        *self,
                        const FerrySessionEvent *event)
{
  g_autoptr(GObject) owner = NULL;

  if (self->session == NULL)
    return;

  g_queue_push_tail (&self->events, event_new (event));

  if (self->is_feeding)
    return;

  g_object_ref (self);
  owner = self->owner != NULL ? g_object_ref (self->owner) : NULL;
  if (owner != NULL)
    g_object_freeze_notify (owner);

  handle_all (self);

  if (owner != NULL)
    g_object_thaw_notify (owner);

  g_object_unref (self);
}

void
ferry_negotiation_feed_kind (FerryNegotiation      *self,
                             FerrySessionEventKind  kind)
{
  const FerrySessionEvent event = { .kind = kind };

  ferry_negotiation_feed (self, &event);
}

void
ferry_negotiation_receive (FerryNegotiation *self,
                           FerryElement     *iq)
{
  const FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_STANZA, .element = iq };

  ferry_negotiation_feed (self, &event);
}
