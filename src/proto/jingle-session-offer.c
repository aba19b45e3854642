/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/jid.h"
#include "proto/jingle-session-private.h"
#include "proto/proto-error.h"

#define DECISION_TIME (5 * 60 * G_USEC_PER_SEC) /* of a user; protocols 15 */

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

  ferry_jingle_session_enter (self, turn, PHASE_PREPARING, 0);
  self->next_transport = 1;
  ferry_jingle_session_prepare (self, turn, self->transports[0], NULL);
}

/* Our transport is known: the offer can go out. */
void
ferry_jingle_session_initiate (FerryJingleSession    *self,
                               const FerryJingleTurn *turn)
{
  ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_SESSION_INITIATE,
                                     turn->event->element, TAG_INITIATE);
  self->said = self->file->hashes.present;
  ferry_jingle_session_enter (self, turn, PHASE_OFFERED, turn->now + DECISION_TIME);
}

/* J-12: creator and name are the identity. A peer that gets one of them wrong in
 * a stanza with one content can only mean ours, unless it is one that we let go.
 *
 * Returns: (nullable) */
const FerryJingleContent *
ferry_jingle_session_find_content (const FerryJingleSession *self,
                                   const FerryJingle        *jingle)
{
  const FerryJingleContent *content;

  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      content = ferry_jingle_get_content (jingle, i);
      if (content->creator == self->creator && g_strcmp0 (content->name, self->content) == 0)
        return content;
    }

  if (ferry_jingle_get_n_contents (jingle) != 1)
    return NULL;

  content = ferry_jingle_get_content (jingle, 0);
  for (guint i = 0; i < self->dropped->len; i++)
    if (strcmp (g_ptr_array_index (self->dropped, i), content->name) == 0)
      return NULL;

  return content;
}

static gboolean
is_usable (const FerryJingleContent *content)
{
  return content->disposition == NULL || strcmp (content->disposition, "session") == 0;
}

/* Where in our order of preference a transport stands. */
static guint
get_rank (const FerryJingleSession *self,
          const FerryElement       *transport)
{
  guint rank = 0;

  while (self->transports[rank] != NULL &&
         !ferry_element_is (transport, NULL, self->transports[rank]))
    rank++;

  return rank;
}

/* The first content whose application and transport we know. Another one about
 * the same file is an alternative (J-20): the better transport wins (FB-9).
 *
 * @reason: (out): why there is none */
static const FerryJingleContent *
choose_content (const FerryJingleSession *self,
                const FerryJingle        *jingle,
                FerryJingleReason        *reason)
{
  const FerryJingleContent *best = NULL;

  *reason = FERRY_JINGLE_REASON_UNSUPPORTED_APPLICATIONS;

  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (jingle, i);

      if (!is_usable (content) ||
          !ferry_element_is (content->description, NULL, self->application->ns))
        continue;

      *reason = FERRY_JINGLE_REASON_UNSUPPORTED_TRANSPORTS;
      if (!ferry_jingle_session_allows (self, content->transport))
        continue;

      if (best == NULL || (ferry_element_equal (best->description, content->description) &&
                           get_rank (self, content->transport) < get_rank (self, best->transport)))
        best = content;
    }

  return best;
}

/* Protocols 3.3, FT5-1. Who omits senders means the initiator, as before 0.17 (FT4-3). */
static gboolean
is_well_formed (const FerryJingleSession *self,
                const FerryJingle        *jingle)
{
  gboolean any = FALSE;

  /* J-17: whoever it is for, it comes from somebody else. */
  if (jingle->initiator != NULL && !ferry_jid_equal_bare (jingle->initiator, self->peer_jid))
    return FALSE;

  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (jingle, i);

      if (content->description == NULL || content->transport == NULL ||
          content->creator != FERRY_ROLE_INITIATOR)
        return FALSE;
      any = any || is_usable (content);
    }

  return any;
}

/* BS0-10: every content that is not taken is removed, so that both sides know. */
static void
drop_others (FerryJingleSession       *self,
             const FerryJingleTurn    *turn,
             const FerryJingle        *jingle,
             const FerryJingleContent *chosen)
{
  FerryJingle *removal;

  if (ferry_jingle_get_n_contents (jingle) == 1)
    return;

  removal = ferry_jingle_new (FERRY_JINGLE_CONTENT_REMOVE, self->sid);
  removal->reason = FERRY_JINGLE_REASON_DECLINE;
  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (jingle, i);

      if (content == chosen)
        continue;

      ferry_jingle_add_content (removal, content->creator, content->name);
      g_ptr_array_add (self->dropped, g_strdup (content->name));
    }

  ferry_jingle_session_send (self, turn, removal, TAG_NONE);
}

/* SEC-22: a file we do not have and one we do not give look alike. */
static void
refuse_file_request (FerryJingleSession    *self,
                     const FerryJingleTurn *turn)
{
  FerryJingle *jingle = ferry_jingle_new (FERRY_JINGLE_SESSION_TERMINATE, self->sid);

  jingle->reason = FERRY_JINGLE_REASON_FAILED_APPLICATION;
  jingle->reason_specific = ferry_element_builder_end (
    ferry_element_builder_new ("file-not-available", FERRY_NS_FILE_TRANSFER_ERRORS));
  ferry_jingle_session_send (self, turn, jingle, TAG_NONE);
  ferry_jingle_session_end (self, turn, FERRY_OUTCOME_REFUSED, "a request for a file");
}

/* The offer is acknowledged; @file is %NULL if it was understood and cannot be used. */
static void
consider (FerryJingleSession       *self,
          const FerryJingleTurn    *turn,
          const FerryJingle        *jingle,
          const FerryJingleContent *content,
          FerryFileDescription     *file)
{
  /* J-21: the bytes would be ciphertext that we cannot read. */
  if (content->security != NULL)
    ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_SECURITY_ERROR,
                                 FERRY_OUTCOME_REFUSED, "an unknown kind of encryption");
  else if (file == NULL || file->range_offset > 0 || file->range_length >= 0)
    ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS,
                                 FERRY_OUTCOME_REFUSED, "an unusable description of the file");
  else if (content->senders == FERRY_JINGLE_SENDERS_RESPONDER)
    refuse_file_request (self, turn);
  else
    {
      ferry_file_description_free (self->file);
      self->file = ferry_file_description_copy (file);
      self->content = g_strdup (content->name);
      self->remote = ferry_element_ref (content->transport);
      drop_others (self, turn, jingle, content);
      ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_ASK);
      ferry_jingle_session_enter (self, turn, PHASE_ASKING, turn->now + DECISION_TIME);
    }
}

void
ferry_jingle_session_receive_initiate (FerryJingleSession       *self,
                                       const FerryJingleTurn    *turn,
                                       const FerryJingleRequest *request)
{
  g_autoptr(FerryFileDescription) file = NULL;
  const FerryJingleContent *content;
  g_autoptr(GError) error = NULL;
  FerryJingleReason reason;
  gboolean is_request;

  if (!is_well_formed (self, request->jingle))
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
      return;
    }

  content = choose_content (self, request->jingle, &reason);
  if (content == NULL)
    {
      ferry_jingle_session_acknowledge (self, turn, request);
      ferry_jingle_session_finish (self, turn, reason, FERRY_OUTCOME_REFUSED,
                                   "an unknown kind of offer");
      return;
    }

  file = self->application->parse_description (content->description, &is_request, &error);
  if (content->senders == FERRY_JINGLE_SENDERS_BOTH ||
      content->senders == FERRY_JINGLE_SENDERS_NONE ||
      g_error_matches (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED))
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED,
                                   error != NULL ? error->message : NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);
  consider (self, turn, request->jingle, content, file);
}

/* Our user agreed. FT-9: a part is asked for only if the offer said it can be had. */
void
ferry_jingle_session_agree (FerryJingleSession    *self,
                            const FerryJingleTurn *turn)
{
  gint64 offset = turn->event->range_offset;
  g_autoptr(FerryElement) remote = NULL;

  if (self->file->has_range && offset > 0 && offset <= self->file->size)
    self->offset = offset;
  self->file->has_range = self->offset > 0;
  self->file->range_offset = self->offset;

  ferry_jingle_session_enter (self, turn, PHASE_ACCEPTING, 0);
  remote = g_steal_pointer (&self->remote);
  ferry_jingle_session_prepare (self, turn, ferry_element_get_xmlns (remote), remote);
}

/* Our transport is known: the acceptance can go out. */
void
ferry_jingle_session_accept (FerryJingleSession    *self,
                             const FerryJingleTurn *turn)
{
  ferry_jingle_session_send_content (self, turn, FERRY_JINGLE_SESSION_ACCEPT, turn->event->element,
                                     TAG_ACCEPT);
  ferry_jingle_session_open (self, turn);
}

/* FT5-7: what part of the file the peer wants. Peer: Psi answers an offer without
 * hashes with an empty description (Q-PS-5). */
static gboolean
read_answer (FerryJingleSession  *self,
             const FerryElement  *description)
{
  g_autoptr(FerryFileDescription) answer = NULL;
  gboolean is_request;
  gint64 rest;

  if (description == NULL || ferry_element_get_n_children (description) == 0)
    return TRUE;

  if (self->application->parse_answer != NULL)
    answer = self->application->parse_answer (description, NULL);
  else
    answer = self->application->parse_description (description, &is_request, NULL);
  if (answer == NULL)
    return FALSE;
  if (!answer->has_range)
    return TRUE;

  rest = self->file->size - answer->range_offset;
  if (self->file->size < 0 || rest < 0 || answer->range_length > rest)
    return FALSE;

  self->offset = answer->range_offset;
  self->length = answer->range_length;

  return TRUE;
}

void
ferry_jingle_session_receive_accept (FerryJingleSession       *self,
                                     const FerryJingleTurn    *turn,
                                     const FerryJingleRequest *request)
{
  const FerryJingleContent *content = ferry_jingle_session_find_content (self, request->jingle);
  const char *ns = self->application->ns;

  if (content == NULL || content->transport == NULL ||
      !ferry_element_is (content->transport, NULL, self->transport_ns) ||
      (content->description != NULL && !ferry_element_is (content->description, NULL, ns)))
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);

  if (content->security != NULL)
    {
      ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_SECURITY_ERROR,
                                   FERRY_OUTCOME_PROTOCOL, "encryption that nobody offered");
      return;
    }
  if (!read_answer (self, content->description))
    {
      ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS,
                                   FERRY_OUTCOME_PROTOCOL, "an unusable answer about the file");
      return;
    }

  ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_ACCEPTED);
  ferry_jingle_session_remote (self, turn, content->transport);
  ferry_jingle_session_open (self, turn);
  ferry_jingle_session_say_checksum (self, turn);
}
