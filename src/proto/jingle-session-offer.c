/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-opening.h"

void
ferry_jingle_session_start (FerryJingleSession    *self,
                            const FerryJingleTurn *turn)
{
  if (self->role != FERRY_ROLE_INITIATOR)
    return;

  if (self->transports[0] == NULL)
    {
      ferry_jingle_session_end (self, turn, FERRY_OUTCOME_NO_ROUTE, "no transport is allowed");
      return;
    }
  if (!ferry_jingle_session_can_offer (self, turn))
    return;

  ferry_jingle_session_enter (self, turn, PHASE_PREPARING, 0);
  self->next_transport = 1;
  ferry_jingle_session_prepare (self, turn,
                                ferry_jingle_session_find_way (self, self->transports[0]), NULL);
}

/* Our transport is known: the offer can go out. */
void
ferry_jingle_session_initiate (FerryJingleSession    *self,
                               const FerryJingleTurn *turn)
{
  ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_SESSION_INITIATE, self->local,
                                     TAG_INITIATE);
  self->said = self->file->hashes.present;
  self->decision = turn->now + FERRY_JINGLE_DECISION_TIME;
  ferry_jingle_session_enter (self, turn, PHASE_OFFERED, self->decision);
}

/* FT5-7: what part of the file the peer wants. */
static gboolean
read_wish (FerryJingleSession         *self,
           const FerryFileDescription *answer)
{
  gint64 rest = self->file->size - answer->range_offset;

  if (!answer->has_range)
    return TRUE;
  if (self->file->size < 0 || rest < 0 || answer->range_length > rest)
    return FALSE;

  self->offset = answer->range_offset;
  self->length = answer->range_length;

  return TRUE;
}

/* What we asked for, as the peer has it. A peer that does not speak of the part we asked
 * for sends the whole. */
static gboolean
read_find (FerryJingleSession         *self,
           const FerryFileDescription *answer)
{
  gint64 rest = answer->size - answer->range_offset;
  g_autofree char *name = g_strdup (self->file->name);

  if (answer->has_range && answer->size >= 0 && (rest < 0 || answer->range_length > rest))
    return FALSE;

  self->offset = answer->has_range ? answer->range_offset : 0;
  self->length = answer->has_range ? answer->range_length : -1;

  ferry_file_description_free (self->file);
  self->file = ferry_file_description_copy (answer);
  g_free (self->file->name);
  self->file->name = g_steal_pointer (&name);

  return TRUE;
}

/* Peer: Psi answers an offer without hashes with an empty description (Q-PS-5). */
static gboolean
read_answer (FerryJingleSession *self,
             const FerryElement *description)
{
  g_autoptr(FerryFileDescription) answer = NULL;
  gboolean is_request;

  if (self->direction == FERRY_DIRECTION_BOTH || description == NULL ||
      ferry_element_get_n_children (description) == 0)
    return TRUE;

  if (self->application->parse_answer != NULL)
    answer = self->application->parse_answer (description, NULL);
  else
    answer = self->application->parse_description (description, &is_request, NULL);

  if (answer == NULL)
    return FALSE;

  return self->direction == FERRY_DIRECTION_SEND ? read_wish (self, answer)
                                                 : read_find (self, answer);
}

/* The peer agreed; its side of the transport is known, or does not matter. */
static void
begin (FerryJingleSession       *self,
       const FerryJingleTurn    *turn,
       const FerryJingle        *jingle,
       const FerryJingleContent *content)
{
  gboolean is_ours = ferry_jingle_session_find_content (self, jingle) == content;

  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_ACCEPTED);

  if (!is_ours)
    ferry_jingle_session_switch (self, turn, content);
  ferry_jingle_session_say_method (self, turn);

  if (!is_ours)
    ; /* it has to be prepared first */
  else if (self->phase == PHASE_OFFERED && self->is_open)
    ferry_jingle_session_use (self, turn);
  else if (self->phase == PHASE_OFFERED && self->is_opening)
    ferry_jingle_session_enter (self, turn, PHASE_CONNECTING, 0);
  else if (self->phase == PHASE_OFFERED)
    {
      ferry_jingle_session_remote (self, turn, content->transport);
      ferry_jingle_session_open (self, turn, PHASE_CONNECTING, 0);
    }
  /* else our side of an early transport failed while the peer's stood: it is replaced. */

  ferry_jingle_session_settle (self, turn, jingle);
  ferry_jingle_session_say_checksum (self, turn);
}

static gboolean
is_about_ours (const FerryJingleSession *self,
               const FerryJingleContent *content)
{
  return content != NULL && content->transport != NULL &&
         ferry_jingle_session_read_way (self, content->transport) != NULL &&
         (content->description == NULL ||
          ferry_element_is (content->description, NULL, self->application->ns));
}

void
ferry_jingle_session_receive_accept (FerryJingleSession       *self,
                                     const FerryJingleTurn    *turn,
                                     const FerryJingleRequest *request)
{
  const FerryJingleContent *content = ferry_jingle_session_find_content (self, request->jingle);
  gboolean is_ours = content != NULL;
  g_autoptr(GError) error = NULL;

  if (!is_ours)
    content = ferry_jingle_session_find_alternative (self, request->jingle);

  if (!is_about_ours (self, content) ||
      (is_ours && self->phase == PHASE_OFFERED &&
       !ferry_jingle_session_is_on_table (self, content->transport)) ||
      !ferry_jingle_session_read_security (self, content, &error))
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED,
                                   error != NULL ? error->message : NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);

  if (!ferry_jingle_session_judge_accept (self, turn))
    return;

  if (!read_answer (self, content->description))
    ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS,
                                 FERRY_OUTCOME_PROTOCOL, "an unusable answer about the file");
  else
    begin (self, turn, request->jingle, content);
}
