/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-private.h"
#include "proto/stanza-error.h"

/* protocols 15 */
#define CHECKSUM_GRACE (2500 * G_TIME_SPAN_MILLISECOND)
#define CONFIRM_TIME   (30 * G_TIME_SPAN_SECOND)
#define CONFIRM_LIMIT  (10 * G_TIME_SPAN_MINUTE)
#define BROKEN_GRACE   (2 * G_TIME_SPAN_SECOND)

/* What each failure of ours is called towards the peer; protocols 6.3. */
FerryJingleReason
ferry_jingle_session_get_reason (FerryOutcome outcome)
{
  switch ((guint) outcome)
    {
    case FERRY_OUTCOME_TRUNCATED:
    case FERRY_OUTCOME_PEER_GONE:
      return FERRY_JINGLE_REASON_FAILED_TRANSPORT;
    case FERRY_OUTCOME_TOO_LARGE:
      return FERRY_JINGLE_REASON_MEDIA_ERROR;
    case FERRY_OUTCOME_DISK:
      return FERRY_JINGLE_REASON_FAILED_APPLICATION;
    case FERRY_OUTCOME_INSECURE:
    case FERRY_OUTCOME_KEY_CHANGED:
      return FERRY_JINGLE_REASON_SECURITY_ERROR;
    default:
      return FERRY_JINGLE_REASON_GENERAL_ERROR;
    }
}

/* Tells the digests that were only announced, as soon as the peer can hear it; and
 * what it did not hear once more, whenever it is likely to listen. */
void
ferry_jingle_session_say_checksum (FerryJingleSession    *self,
                                   const FerryJingleTurn *turn)
{
  FerryFileDescription known = *self->file; /* borrows its strings */

  if (self->direction != FERRY_DIRECTION_SEND || self->state != FERRY_JINGLE_ACTIVE ||
      (known.hashes.present & ~self->said) == 0 || self->application->build_checksum == NULL)
    return;

  known.hashes.announced = known.hashes.present;
  self->said = known.hashes.present;
  ferry_jingle_session_send_info (self, turn,
                                  self->application->build_checksum (self->creator, self->content,
                                                                     &known),
                                  TAG_CHECKSUM);
}

void
ferry_jingle_session_hashed (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  if (self->direction != FERRY_DIRECTION_SEND || turn->event->hashes == NULL)
    return;

  ferry_hashes_merge (&self->file->hashes, turn->event->hashes);
  ferry_jingle_session_say_checksum (self, turn);
}

/* Whether waiting may bring a digest. It may also bring one where none was
 * announced: Conversations and Gajim do that (FT-6). */
static gboolean
may_learn_more (const FerryJingleSession *self)
{
  const FerryHashes *hashes = &self->file->hashes;

  return self->state == FERRY_JINGLE_ACTIVE && !self->profile->never_sends_checksum &&
         self->application->parse_info != NULL &&
         (hashes->present == 0 || (hashes->announced & ~hashes->present) != 0);
}

/* Stores the file with whatever certainty there is. */
void
ferry_jingle_session_store (FerryJingleSession    *self,
                            const FerryJingleTurn *turn)
{
  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_STORE)->verdict =
    ferry_hashes_compare (&self->file->hashes, &self->computed);
  ferry_jingle_session_enter (self, turn, PHASE_STORING, 0);
}

static gboolean
is_corrupt (const FerryJingleSession *self)
{
  return ferry_hashes_compare (&self->file->hashes, &self->computed) == FERRY_HASHES_MISMATCH;
}

static void
reject_bytes (FerryJingleSession    *self,
              const FerryJingleTurn *turn)
{
  ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_MEDIA_ERROR, FERRY_OUTCOME_CORRUPT,
                               "checksum mismatch");
}

/* Receiver: all bytes are here. FT-6. */
static void
judge (FerryJingleSession    *self,
       const FerryJingleTurn *turn)
{
  FerryHashVerdict verdict = ferry_hashes_compare (&self->file->hashes, &self->computed);

  if (verdict == FERRY_HASHES_MISMATCH)
    reject_bytes (self, turn);
  else if (verdict != FERRY_HASHES_VERIFIED && may_learn_more (self))
    ferry_jingle_session_enter (self, turn, PHASE_CHECKSUM, turn->now + CHECKSUM_GRACE);
  else
    ferry_jingle_session_store (self, turn);
}

/* The 30 s of FT-4 begin. In the middle the peer is asked whether it is there. */
static void
await_word (FerryJingleSession    *self,
            const FerryJingleTurn *turn)
{
  self->is_asked = FALSE;
  ferry_jingle_session_enter (self, turn, PHASE_CONFIRMING,
                              MIN (turn->now + CONFIRM_TIME / 2, self->patience));
}

/* FT-4: silence is what ends the wait, not that the receiver is slow: it may still
 * read what a proxy holds for it, or write gigabytes to a slow disk. One that says it
 * knows the session is not silent (J-6), for ten minutes at most: some never confirm. */
void
ferry_jingle_session_confirm_late (FerryJingleSession    *self,
                                   const FerryJingleTurn *turn)
{
  if (self->is_asked || self->received || turn->now >= self->patience)
    {
      ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_SUCCESS,
                                   self->received ? FERRY_OUTCOME_DONE : FERRY_OUTCOME_UNCONFIRMED,
                                   NULL);
      return;
    }

  self->is_asked = TRUE;
  ferry_jingle_session_send_info (self, turn, NULL, TAG_PING);
  ferry_jingle_session_enter (self, turn, PHASE_CONFIRMING, turn->now + CONFIRM_TIME / 2);
}

/* It replied. Who does not understand the question may be there or not; who does not
 * know the session will not confirm it any more. */
void
ferry_jingle_session_pinged (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (turn->event->element);

  if (error == NULL)
    {
      await_word (self, turn);
      ferry_jingle_session_say_checksum (self, turn);
    }
  else if (error->condition == FERRY_CONDITION_ITEM_NOT_FOUND ||
           ferry_stanza_error_is_specific (error, "unknown-session")) /* as in 0.32 */
    ferry_jingle_session_end (self, turn,
                              self->received ? FERRY_OUTCOME_DONE : FERRY_OUTCOME_UNCONFIRMED,
                              "the peer has forgotten the session");
}

void
ferry_jingle_session_data_done (FerryJingleSession    *self,
                                const FerryJingleTurn *turn)
{
  if (self->direction == FERRY_DIRECTION_BOTH || /* XS-11, XS-12 */
      (self->direction == FERRY_DIRECTION_SEND && self->state == FERRY_JINGLE_ENDED))
    {
      ferry_jingle_session_succeed (self, turn); /* the peer had all before us */
      return;
    }

  if (self->direction == FERRY_DIRECTION_SEND)
    {
      ferry_jingle_session_say_checksum (self, turn);
      self->patience = turn->now + CONFIRM_LIMIT;
      await_word (self, turn);
      return;
    }

  if (turn->event->hashes != NULL)
    self->computed = *turn->event->hashes;
  judge (self, turn);
}

/* A stream that breaks is often the echo of a session-terminate that is still on
 * its way through two servers: it gets the time to say why. */
void
ferry_jingle_session_break (FerryJingleSession    *self,
                            const FerryJingleTurn *turn,
                            FerryOutcome           outcome,
                            const char            *text)
{
  self->outcome = outcome;
  self->text = g_strdup (text);
  ferry_jingle_session_close (self, turn);
  ferry_jingle_session_enter (self, turn, PHASE_BROKEN, turn->now + BROKEN_GRACE);
}

void
ferry_jingle_session_data_failed (FerryJingleSession    *self,
                                  const FerryJingleTurn *turn)
{
  FerryOutcome outcome = turn->event->outcome;

  if (self->received)
    {
      ferry_jingle_session_succeed (self, turn);
      return;
    }

  if (self->phase == PHASE_MOVING && self->state == FERRY_JINGLE_ACTIVE &&
      (outcome == FERRY_OUTCOME_TRUNCATED || outcome == FERRY_OUTCOME_PEER_GONE))
    ferry_jingle_session_break (self, turn, outcome, turn->event->text);
  else
    ferry_jingle_session_finish (self, turn, ferry_jingle_session_get_reason (outcome), outcome,
                                 turn->event->text);
}

/* FT-7: only what is safely on disk is called received. */
void
ferry_jingle_session_stored (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  const FerryJingleApplication *application = self->application;

  if (self->state == FERRY_JINGLE_ACTIVE && application->build_received != NULL)
    ferry_jingle_session_send_info (self, turn,
                                    application->build_received (self->creator, self->content,
                                                                 self->file),
                                    TAG_NONE);
  ferry_jingle_session_succeed (self, turn);
}

/* @hashes: as the peer says now. It may add to what it said before, not change it. */
static void
receive_checksum (FerryJingleSession       *self,
                  const FerryJingleTurn    *turn,
                  const FerryJingleRequest *request,
                  const FerryHashes        *hashes)
{
  if (self->direction != FERRY_DIRECTION_RECEIVE)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_INFO, NULL);
      return;
    }
  if (ferry_hashes_compare (&self->file->hashes, hashes) == FERRY_HASHES_MISMATCH)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, "another checksum");
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);
  ferry_hashes_merge (&self->file->hashes, hashes);

  if (self->phase == PHASE_CHECKSUM)
    judge (self, turn);
  else if (self->phase == PHASE_STORING && is_corrupt (self))
    reject_bytes (self, turn);
}

/* The terminate that follows ends the session; this only makes its meaning sure. */
static void
receive_received (FerryJingleSession       *self,
                  const FerryJingleTurn    *turn,
                  const FerryJingleRequest *request)
{
  if (self->direction != FERRY_DIRECTION_SEND)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_INFO, NULL);
      return;
    }
  if (self->phase < PHASE_MOVING)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_OUT_OF_ORDER, NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);
  self->received = TRUE;
}

/* J-6, J-7, FT5-4, FT5-8. The creator is not looked at: Conversations omits it. */
void
ferry_jingle_session_receive_info (FerryJingleSession       *self,
                                   const FerryJingleTurn    *turn,
                                   const FerryJingleRequest *request)
{
  const FerryElement *info = request->jingle->info;
  g_autoptr(GError) error = NULL;
  const char *content = NULL;
  FerryHashes hashes = { 0 };
  FerryJingleInfo kind = FERRY_JINGLE_INFO_UNKNOWN;

  if (info == NULL)
    {
      ferry_jingle_session_acknowledge (self, turn, request);
      ferry_jingle_session_say_checksum (self, turn);
      return;
    }

  if (self->application->parse_info != NULL)
    kind = self->application->parse_info (info, &content, &hashes, &error);

  if (error != NULL)
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, error->message);
  else if (kind == FERRY_JINGLE_INFO_UNKNOWN)
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_INFO, NULL);
  else if (content != NULL && g_strcmp0 (content, self->content) != 0)
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, "an unknown content");
  else if (kind == FERRY_JINGLE_INFO_CHECKSUM)
    receive_checksum (self, turn, request, &hashes);
  else if (kind == FERRY_JINGLE_INFO_RECEIVED)
    receive_received (self, turn, request);
  else
    ferry_jingle_session_receive_abort (self, turn, request);
}
