/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/refusal.h"
#include "legacy/si-session-private.h"
#include "proto/iq.h"
#include "proto/proto-error.h"
#include "proto/stanza-error.h"

#define DECISION_TIME (5 * 60 * G_USEC_PER_SEC) /* of a user; SIFT-9, protocols 15 */

#define TAG_OFFER 1 /* the only request there is */

/* Peer: libpurple 2.14 takes a SOCKS5 stream that ends without a byte for a failure, and an in-band
 * one for the file. To everybody else it is the same. */
static guint
choose_methods (const FerrySiSession *self)
{
  guint in_band = self->methods & (1u << FERRY_SI_IN_BAND);

  return self->file->size == 0 && in_band != 0 ? in_band : self->methods;
}

/* SI95-1 */
void
ferry_si_session_start (FerrySiSession    *self,
                        const FerrySiTurn *turn)
{
  FerrySessionEffect *effect;

  if (self->parent.role != FERRY_ROLE_INITIATOR)
    return;

  if (self->methods == 0)
    {
      ferry_si_session_end (self, turn, FERRY_OUTCOME_NO_ROUTE, "no method is allowed");
      return;
    }

  self->methods = choose_methods (self);
  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_SEND);
  effect->element = ferry_si_offer_to_element (self->text, self->sid, self->file, self->methods);
  effect->tag = TAG_OFFER;
  effect->deadline = turn->now + DECISION_TIME;
  ferry_si_session_enter (self, turn, PHASE_OFFERED, turn->now + DECISION_TIME);
}

static void
refused (FerrySiSession         *self,
         const FerrySiTurn      *turn,
         const FerryStanzaError *error)
{
  g_autofree char *text = ferry_refusal_dup_text (error, "the offer");

  ferry_si_session_end (self, turn, ferry_refusal_get_outcome (error), text);
}

/* SIFT-4, SIFT-5, SEC-21 */
static gboolean
take_range (FerrySiSession      *self,
            const FerrySiAnswer *answer)
{
  gint64 rest = self->file->size - answer->range_offset;

  if (!answer->has_range)
    return TRUE;
  if (rest < 0 || answer->range_length > rest)
    return FALSE;

  self->offset = answer->range_offset;
  self->length = answer->range_length;

  return TRUE;
}

void
ferry_si_session_answered (FerrySiSession    *self,
                           const FerrySiTurn *turn)
{
  const FerryElement *iq = turn->event->element;
  g_autoptr(FerryStanzaError) refusal = NULL;
  g_autoptr(GError) error = NULL;
  FerrySiAnswer answer;

  if (iq == NULL)
    {
      ferry_si_session_end (self, turn, FERRY_OUTCOME_PEER_GONE, "no answer to the offer");
      return;
    }

  refusal = ferry_stanza_error_from_stanza (iq);
  if (refusal != NULL)
    {
      refused (self, turn, refusal);
      return;
    }

  if (!ferry_si_answer_parse (&answer, self->text, ferry_iq_get_payload (iq), &error))
    ferry_si_session_end (self, turn, FERRY_OUTCOME_PROTOCOL, error->message);
  else if ((self->methods & (1u << answer.method)) == 0)
    ferry_si_session_end (self, turn, FERRY_OUTCOME_PROTOCOL, "a method that was not offered");
  else if (!take_range (self, &answer))
    ferry_si_session_end (self, turn, FERRY_OUTCOME_PROTOCOL, "a part that the file has not");
  else
    {
      self->method = answer.method;
      ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_ACCEPTED);
      ferry_si_session_prepare (self, turn);
    }
}

static void
refuse (FerrySiSession     *self,
        const FerrySiTurn  *turn,
        FerrySiRefusal      refusal,
        const char         *text)
{
  ferry_si_session_reply (turn, ferry_si_refuse (self->text, turn->event->element, refusal));
  ferry_si_session_end (self, turn, FERRY_OUTCOME_REFUSED, text);
}

/* The offer was understood: both of us know a method, and the user decides. */
static void
ask (FerrySiSession     *self,
     const FerrySiTurn  *turn,
     const FerrySiOffer *offer)
{
  ferry_file_description_free (self->file);
  self->file = ferry_file_description_copy (offer->file);
  self->offer = *offer;
  self->offer.file = NULL;
  self->held = ferry_element_ref (turn->event->element);

  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_ASK);
  ferry_si_session_enter (self, turn, PHASE_ASKING, turn->now + DECISION_TIME);
}

static guint
find_offered (const FerrySiOffer *offer)
{
  guint methods = 0;

  for (FerrySiMethod method = 0; method < FERRY_SI_N_METHODS; method++)
    if (offer->options[method] != NULL)
      methods |= 1u << method;

  return methods;
}

/* Every error of protocols 9.2 is said at once; a consent waits for the user. */
static void
consider (FerrySiSession    *self,
          const FerrySiTurn *turn)
{
  const FerryElement *si = ferry_iq_get_payload (turn->event->element);
  g_autoptr(GError) error = NULL;
  FerrySiOffer offer = { NULL };

  if (si == NULL)
    refuse (self, turn, FERRY_SI_REFUSE_BAD_PROFILE, "an empty offer");
  else if (ferry_si_offer_parse (&offer, si, &error))
    {
      self->methods &= find_offered (&offer);
      if (self->methods == 0)
        refuse (self, turn, FERRY_SI_REFUSE_NO_VALID_STREAMS, "no method is allowed");
      else
        ask (self, turn, &offer);
    }
  else if (g_error_matches (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED))
    refuse (self, turn, FERRY_SI_REFUSE_NO_VALID_STREAMS, error->message);
  else
    refuse (self, turn, FERRY_SI_REFUSE_BAD_PROFILE, error->message);

  ferry_si_offer_clear (&offer);
}

/* An id that is in use stays with whom it is: this session's own offer came first. */
void
ferry_si_session_receive (FerrySiSession    *self,
                          const FerrySiTurn *turn)
{
  if (self->phase == PHASE_IDLE && self->parent.role == FERRY_ROLE_RESPONDER)
    consider (self, turn);
  else
    ferry_si_session_reply (turn, ferry_si_refuse (self->text, turn->event->element,
                                                   FERRY_SI_REFUSE_CONFLICT));
}

/* Our user agreed. A part is asked for only where it can be had (SIFT-5); of the methods the best
 * one is taken, in whatever order they were offered (SIFT-2). */
void
ferry_si_session_agree (FerrySiSession    *self,
                        const FerrySiTurn *turn)
{
  gint64 offset = turn->event->range_offset;

  if (self->file->has_range && offset > 0 && offset <= self->file->size)
    self->offset = offset;
  self->file->has_range = self->offset > 0;
  self->file->range_offset = self->offset;

  self->method = self->methods & (1u << FERRY_SI_BYTESTREAMS) ? FERRY_SI_BYTESTREAMS
                                                               : FERRY_SI_IN_BAND;
  ferry_si_session_prepare (self, turn);
}
