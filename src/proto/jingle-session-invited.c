/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jid.h"
#include "proto/jingle-session-opening.h"
#include "proto/proto-error.h"

/* Protocols 3.3, FT5-1. Who omits senders means the initiator, as before 0.17 (FT4-3). */
static gboolean
is_well_formed (const FerryJingleSession *self,
                const FerryJingle        *jingle)
{
  gboolean any = FALSE;

  /* J-17: whoever it is for, it comes from somebody else. J0-2 */
  if (jingle->initiator != NULL ? !ferry_jid_equal_bare (jingle->initiator, self->peer_jid)
                                : self->flavour->generation->names_parties)
    return FALSE;

  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (jingle, i);

      if (content->description == NULL || content->transport == NULL ||
          content->creator != FERRY_ROLE_INITIATOR)
        return FALSE;
      any = any || ferry_jingle_content_is_session (content);
    }

  return any;
}

/* SEC-22: a file we do not have and one we do not give look alike. */
void
ferry_jingle_session_not_found (FerryJingleSession    *self,
                                const FerryJingleTurn *turn)
{
  FerryJingle *jingle = ferry_jingle_new (FERRY_JINGLE_SESSION_TERMINATE, self->sid);

  jingle->reason = FERRY_JINGLE_REASON_FAILED_APPLICATION;
  jingle->reason_specific = ferry_element_builder_end (
    ferry_element_builder_new ("file-not-available", FERRY_NS_FILE_TRANSFER_ERRORS));
  ferry_jingle_session_send (self, turn, jingle, TAG_NONE);
  ferry_jingle_session_end (self, turn, FERRY_OUTCOME_REFUSED, "a request for another file");
}

/* What is wanted of us is clear: somebody has to decide. An early transport is there
 * before that, so that it can hold what the peer sends for it (BS0-7). */
static void
put_question (FerryJingleSession       *self,
              const FerryJingleTurn    *turn,
              const FerryJingleContent *content)
{
  const FerryJingleWay *way = ferry_jingle_session_read_way (self, content->transport);
  gboolean is_request = self->direction == FERRY_DIRECTION_SEND;

  if (way->is_early)
    ferry_jingle_session_prepare (self, turn, way, content->transport);
  else
    self->remote = ferry_element_ref (content->transport);

  self->decision = turn->now + FERRY_JINGLE_DECISION_TIME;
  ferry_session_effects_add (turn->effects, is_request ? FERRY_SESSION_EFFECT_FIND
                                                       : FERRY_SESSION_EFFECT_ASK);
  ferry_jingle_session_enter (self, turn, is_request ? PHASE_FINDING : PHASE_ASKING,
                              self->decision);
}

/* The offer is acknowledged; @file is %NULL if it was understood and cannot be used. A
 * part may be asked for, but an offer is of the whole. */
static void
consider (FerryJingleSession       *self,
          const FerryJingleTurn    *turn,
          const FerryJingle        *jingle,
          const FerryJingleContent *content,
          FerryFileDescription     *file)
{
  gboolean is_offer = self->direction == FERRY_DIRECTION_RECEIVE;

  /* What it was about is of interest even if it is not safe. */
  if (file != NULL)
    {
      ferry_file_description_free (self->file);
      self->file = ferry_file_description_copy (file);
    }

  if (!ferry_jingle_session_judge_offer (self, turn))
    return;

  if (file == NULL || (is_offer && (file->range_offset > 0 || file->range_length >= 0)))
    ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS,
                                 FERRY_OUTCOME_REFUSED, "an unusable description of the file");
  else
    {
      self->content = g_strdup (content->name);
      ferry_jingle_session_drop_others (self, turn, jingle, content);
      put_question (self, turn, content);
    }
}

/* FT0-5, FT5-1, XS-16: who is to send. %FALSE: it does not make sense. */
static gboolean
read_direction (FerryJingleSession       *self,
                const FerryJingleContent *content,
                gboolean                  is_request)
{
  if (self->application->is_stream)
    {
      self->direction = FERRY_DIRECTION_BOTH;
      return content->senders == FERRY_JINGLE_SENDERS_BOTH ||
             content->senders == FERRY_JINGLE_SENDERS_UNSAID;
    }

  if (!self->application->says_direction)
    {
      if (content->senders == FERRY_JINGLE_SENDERS_BOTH ||
          content->senders == FERRY_JINGLE_SENDERS_NONE)
        return FALSE;
      is_request = content->senders == FERRY_JINGLE_SENDERS_RESPONDER;
    }

  self->direction = is_request ? FERRY_DIRECTION_SEND : FERRY_DIRECTION_RECEIVE;

  return TRUE;
}

void
ferry_jingle_session_receive_initiate (FerryJingleSession       *self,
                                       const FerryJingleTurn    *turn,
                                       const FerryJingleRequest *request)
{
  g_autoptr(FerryFileDescription) file = NULL;
  const FerryJingleContent *content;
  g_autoptr(GError) error = NULL;
  gboolean is_request = FALSE;
  FerryJingleReason reason;

  if (!is_well_formed (self, request->jingle))
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
      return;
    }

  content = ferry_jingle_session_choose_content (self, request->jingle, &reason);
  if (content == NULL)
    {
      ferry_jingle_session_acknowledge (self, turn, request);
      ferry_jingle_session_finish (self, turn, reason, FERRY_OUTCOME_REFUSED,
                                   "an unknown kind of offer");
      return;
    }

  if (ferry_jingle_session_read_security (self, content, &error))
    file = self->application->parse_description (content->description, &is_request, &error);
  if (!read_direction (self, content, is_request) ||
      g_error_matches (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED))
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED,
                                   error != NULL ? error->message : NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);
  consider (self, turn, request->jingle, content, file);
}

/* Who decides has said yes. The transport is on the table already if it is early. */
static void
get_ready (FerryJingleSession    *self,
           const FerryJingleTurn *turn)
{
  g_autoptr(FerryElement) remote = NULL;

  ferry_jingle_session_enter (self, turn, PHASE_ACCEPTING, 0);

  if (self->way == NULL)
    {
      remote = g_steal_pointer (&self->remote);
      ferry_jingle_session_prepare (self, turn, ferry_jingle_session_read_way (self, remote),
                                    remote);
    }
  else if (!self->has_transport)
    ferry_jingle_session_give_up (self, turn, "our side of the transport cannot be had");
  else if (self->local != NULL)
    ferry_jingle_session_accept (self, turn);
}

static void
set_range (FerryJingleSession *self)
{
  self->file->has_range = self->offset > 0 || self->length >= 0;
  self->file->range_offset = self->offset;
  self->file->range_length = self->length;
}

/* Our user agreed. FT-9: a part is asked for only if the offer said it can be had. */
void
ferry_jingle_session_agree (FerryJingleSession    *self,
                            const FerryJingleTurn *turn)
{
  gint64 offset = turn->event->range_offset;

  if (self->file->has_range && offset > 0 && offset <= self->file->size)
    self->offset = offset;
  set_range (self);

  if (ferry_jingle_session_choose_method (self, turn))
    get_ready (self, turn);
}

/* The file that the peer asks for is here, and for it. SEC-21 */
void
ferry_jingle_session_found (FerryJingleSession    *self,
                            const FerryJingleTurn *turn)
{
  const FerryFileDescription *file = turn->event->file;
  gint64 offset = self->file->range_offset;
  gint64 length = self->file->range_length;

  g_return_if_fail (file != NULL);

  ferry_file_description_free (self->file);
  self->file = ferry_file_description_copy (file);

  if (offset > file->size || length > file->size - offset)
    {
      ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS,
                                   FERRY_OUTCOME_REFUSED, "more was asked for than there is");
      return;
    }

  self->offset = offset;
  self->length = length;
  set_range (self);

  if (ferry_jingle_session_choose_method (self, turn))
    get_ready (self, turn);
}

void
ferry_jingle_session_say_accept (FerryJingleSession    *self,
                                 const FerryJingleTurn *turn)
{
  ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_SESSION_ACCEPT, self->local,
                                     TAG_ACCEPT);
  self->said = self->file->hashes.present;
}

/* All is settled on our side. C-15: an early transport has to stand before we accept,
 * any other one stands afterwards. */
void
ferry_jingle_session_accept (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  if (!self->way->is_early)
    ferry_jingle_session_say_accept (self, turn);

  ferry_jingle_session_open (self, turn, PHASE_CONNECTING, 0);
}
