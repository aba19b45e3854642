/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The life of a file; the functions below, and the files named, stand in its order.
 *
 *  1. Outgoing: new_outgoing() has the file examined (transfer-source.c); it is WAITING.
 *  2. The queue has a slot and the contact is there: start() opens and hashes the file
 *     while core/capabilities chooses whom to ask, and how; then open_session()
 *     (transfer-start.c). A request of ours has no file yet, and is new_request().
 *     Incoming: the queue calls new_incoming() and hands over the peer's request.
 *  3. From here on a session machine decides (proto/session.h), which is carried out by a
 *     FerryNegotiation: it speaks, and finds and encrypts a way for the bytes. Whatever
 *     happens to the file goes to feed(), and what the machine wants done with it is done
 *     by execute(), one helper an effect.
 *  4. ASK makes it OFFERED, accept() opens the inbox (transfer-accept.c), FIND looks for
 *     what is asked of us (transfer-serve.c).
 *  5. PUMP moves them (transfer-data.c), STORE puts the file in its place (transfer-store.c).
 *  6. END says how it went; where another session may do better it is begun, where the path
 *     broke another one is looked for (transfer-resume.c), and otherwise end() is the end
 *     (transfer-end.c). */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "base/safe-name.h"
#include "core/random-id.h"
#include "core/transfer-resume.h"
#include "proto/jid.h"

static const FerryNegotiationOwner owner_vtable;

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
  self->negotiation = ferry_negotiation_new (services, &owner_vtable, self);
  self->allowed = services->settings->paths;
  ferry_resumption_init (&self->way.resumption,
                         services->settings->resume_within * G_TIME_SPAN_SECOND);

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

/* Ready for the request that opens the session. */
FerryTransfer *
ferry_transfer_new_incoming (FerryTransferServices *services,
                             FerryContact          *contact,
                             const FerryDialect    *dialect,
                             const char            *peer,
                             const char            *sid)
{
  FerryTransfer *self = new_transfer (services, contact, FERRY_ROLE_RESPONDER,
                                      FERRY_DIRECTION_RECEIVE);

  self->peer = g_strdup (peer);
  self->name = g_strdup ("");
  self->dialect = dialect;
  self->profile = ferry_capabilities_get_profile (services->capabilities, peer);
  ferry_transfer_begin_session (self, sid, NULL, NULL);
  self->way.story = ferry_transfer_dup_story (sid);

  return self;
}

void
ferry_transfer_feed (FerryTransfer           *self,
                     const FerrySessionEvent *event)
{
  ferry_negotiation_feed (self->negotiation, event);
}

void
ferry_transfer_feed_kind (FerryTransfer         *self,
                          FerrySessionEventKind  kind)
{
  ferry_negotiation_feed_kind (self->negotiation, kind);
}

gboolean
ferry_transfer_has_session (FerryTransfer *self)
{
  return ferry_negotiation_get_session (self->negotiation) != NULL;
}

const FerryFileDescription *
ferry_transfer_get_agreed (FerryTransfer *self)
{
  FerrySession *session = ferry_negotiation_get_session (self->negotiation);

  return session != NULL ? ferry_session_get_file (session) : NULL;
}

void
ferry_transfer_cancel (FerryTransfer *self)
{
  g_return_if_fail (FERRY_IS_TRANSFER (self));

  if (ferry_transfer_is_ended (self))
    return;

  if (ferry_transfer_has_session (self))
    ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_CANCEL);
  else if (!ferry_transfer_withdraw (self))
    ferry_transfer_end (self, FERRY_TRANSFER_CANCELLED, NULL);
}

/* Whether the bytes go on, or have gone, without the help of the server; or they are all here. */
static gboolean
is_on_its_own (gpointer owner)
{
  FerryTransfer *self = owner;
  gboolean has_all = self->state == FERRY_TRANSFER_VERIFYING
                     && self->direction == FERRY_DIRECTION_RECEIVE;
  gboolean has_data = self->state == FERRY_TRANSFER_RUNNING
                      || self->state == FERRY_TRANSFER_PAUSED
                      || self->state == FERRY_TRANSFER_VERIFYING;

  return has_all || (has_data && ferry_transfer_get_path (self) != FERRY_PATH_IN_BAND);
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

  self->was_peer_gone =
    ferry_transport_peer_gone (ferry_negotiation_get_transport (self->negotiation));
}

/* Presence says less than an open stream: while bytes flow, only the stream counts.
 * In-band there is none but the server. */
void
ferry_transfer_peer_gone (FerryTransfer *self,
                          const char    *full_jid)
{
  gboolean has_session = ferry_transfer_has_session (self);
  gboolean is_choosing = !has_session && ferry_transfer_is_active (self);

  /* Whoever comes back has another way to us, perhaps. */
  if (ferry_transfer_is_idle (self))
    {
      if (ferry_jid_equal (self->peer, full_jid))
        ferry_transfer_network_changed (self);
      return;
    }

  /* Thousands may wait while thousands leave: addresses are compared last. */
  if ((!has_session && !is_choosing) || !ferry_jid_equal (self->peer, full_jid))
    return;

  /* To our offer its server would answer, and as if the client were there but unable. */
  if (is_choosing)
    ferry_transfer_fail (self, FERRY_TRANSFER_ERROR_PEER_GONE, "the other side went offline");
  else if (is_on_its_own (self))
    self->was_peer_gone = TRUE;
  else if (self->pump != NULL)
    lose_blocks (self);
  else
    ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_PEER_GONE);
}

void
ferry_transfer_went_offline (FerryTransfer *self)
{
  if (ferry_transfer_is_active (self) && !is_on_its_own (self))
    ferry_transfer_fail (self, FERRY_TRANSFER_ERROR_CONNECTION_LOST,
                         "the connection to the server is gone");
}

/* The peer's words about its file become ours, made harmless. */
static void
learn_file (FerryTransfer              *self,
            const FerryFileDescription *file)
{
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
}

/* It ends before our user is asked; but who it was, and what about, is worth knowing. What is
 * asked of us is not. */
void
ferry_transfer_learn_offer (FerryTransfer *self)
{
  FerrySession *session = ferry_negotiation_get_session (self->negotiation);
  const FerryFileDescription *file = ferry_transfer_get_agreed (self);

  if (file == NULL || file->name == NULL
      || ferry_session_get_direction (session) != FERRY_DIRECTION_RECEIVE)
    return;

  learn_file (self, file);
  self->is_refused = TRUE;
}

/* Whom we would not offer anything is not asked for, nor given, anything either. */
static gboolean
is_unsafe (FerryTransfer *self)
{
  return self->failure == NULL
         && !ferry_negotiation_check (self->services, self->dialect, self->peer, FALSE,
                                      &self->failure);
}

static void
execute_ask (FerryTransfer *self)
{
  if (is_unsafe (self))
    {
      ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_DECLINE);
      return;
    }

  if (ferry_transfer_answer_alone (self))
    return;

  learn_file (self, ferry_transfer_get_agreed (self));
  ferry_transfer_set_state (self, FERRY_TRANSFER_OFFERED);
}

static void
execute_accepted (FerryTransfer *self)
{
  if (self->way.is_withdrawn)
    {
      ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_CANCEL);
      return;
    }

  ferry_transfer_set_state (self, FERRY_TRANSFER_CONNECTING);

  if (self->direction == FERRY_DIRECTION_RECEIVE)
    ferry_transfer_expect_file (self);
}

static void
execute_find (FerryTransfer *self)
{
  self->direction = FERRY_DIRECTION_SEND;
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_DIRECTION);
  if (is_unsafe (self))
    ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_DECLINE);
  else
    ferry_transfer_find (self);
}

static void
execute (gpointer                  owner,
         const FerrySessionEffect *effect)
{
  FerryTransfer *self = owner;

  switch (effect->kind)
    {
    case FERRY_SESSION_EFFECT_ASK:
      execute_ask (self);
      break;
    case FERRY_SESSION_EFFECT_ACCEPTED:
      execute_accepted (self);
      break;
    case FERRY_SESSION_EFFECT_FIND:
      execute_find (self);
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      ferry_transfer_pump (self, effect);
      break;
    case FERRY_SESSION_EFFECT_STORE:
      ferry_transfer_store (self, effect->verdict);
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      ferry_transfer_stop_pump (self);
      break;
    case FERRY_SESSION_EFFECT_END:
      ferry_transfer_conclude (self, effect->outcome, effect->text);
      break;
    case FERRY_SESSION_EFFECT_REPLY:
    case FERRY_SESSION_EFFECT_SEND:
    case FERRY_SESSION_EFFECT_PREPARE:
    case FERRY_SESSION_EFFECT_REMOTE:
    case FERRY_SESSION_EFFECT_TRANSPORT_INFO:
    case FERRY_SESSION_EFFECT_INFO_ANSWERED:
    case FERRY_SESSION_EFFECT_OPEN:
    case FERRY_SESSION_EFFECT_SECURE:
    case FERRY_SESSION_EFFECT_WAKE:
    default:
      g_assert_not_reached ();
    }
}

static void
way_changed (gpointer owner)
{
  ferry_transfer_notify (owner, FERRY_TRANSFER_PROP_PATH);
  ferry_transfer_notify (owner, FERRY_TRANSFER_PROP_VIA);
  ferry_transfer_notify (owner, FERRY_TRANSFER_PROP_LOCAL);
  ferry_transfer_notify (owner, FERRY_TRANSFER_PROP_REMOTE);
  ferry_transfer_notify (owner, FERRY_TRANSFER_PROP_IS_ENCRYPTED);
  ferry_transfer_notify (owner, FERRY_TRANSFER_PROP_TRUST_LEVEL);
}

static void
went_offline (gpointer owner)
{
  ferry_transfer_went_offline (owner);
}

static const FerryNegotiationOwner owner_vtable = {
  .execute = execute,
  .way_changed = way_changed,
  .is_on_its_own = is_on_its_own,
  .went_offline = went_offline,
};
