/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"
#include "proto/jingle-session-opening.h"
#include "proto/proto-error.h"

/* J-8, FT5-10: a session of ours is about one file. */
static void
receive_content_add (FerryJingleSession       *self,
                     const FerryJingleTurn    *turn,
                     const FerryJingleRequest *request)
{
  FerryJingle *reject = ferry_jingle_new (FERRY_JINGLE_CONTENT_REJECT, self->sid);

  ferry_jingle_session_acknowledge (self, turn, request);

  for (guint i = 0; i < ferry_jingle_get_n_contents (request->jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (request->jingle, i);

      ferry_jingle_add_content (reject, content->creator, content->name);
      if (self->dropped->len < 64)
        g_ptr_array_add (self->dropped, g_strdup (content->name));
    }
  reject->reason = FERRY_JINGLE_REASON_DECLINE;

  ferry_jingle_session_send (self, turn, reject, TAG_NONE);
}

/* The only thing that could change is who sends, and then it is another transfer. */
static void
receive_content_modify (FerryJingleSession       *self,
                        const FerryJingleTurn    *turn,
                        const FerryJingleRequest *request)
{
  ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MODIFY, NULL);
}

/* Replies to what we never send. */
static void
receive_unasked (FerryJingleSession       *self,
                 const FerryJingleTurn    *turn,
                 const FerryJingleRequest *request)
{
  ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_OUT_OF_ORDER, NULL);
}

static void
receive_unknown_info (FerryJingleSession       *self,
                      const FerryJingleTurn    *turn,
                      const FerryJingleRequest *request)
{
  ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_INFO, NULL);
}

/* XEP-0166 §7.2. Each answers the iq exactly once. */
static const FerryJingleRequestFunc handlers[FERRY_JINGLE_N_ACTIONS] = {
  [FERRY_JINGLE_CONTENT_ACCEPT] = receive_unasked,
  [FERRY_JINGLE_CONTENT_ADD] = receive_content_add,
  [FERRY_JINGLE_CONTENT_MODIFY] = receive_content_modify,
  [FERRY_JINGLE_CONTENT_REJECT] = ferry_jingle_session_receive_remove,
  [FERRY_JINGLE_CONTENT_REMOVE] = ferry_jingle_session_receive_remove,
  [FERRY_JINGLE_DESCRIPTION_INFO] = receive_unknown_info,
  [FERRY_JINGLE_SECURITY_INFO] = ferry_jingle_session_receive_security_info,
  [FERRY_JINGLE_SESSION_ACCEPT] = ferry_jingle_session_receive_accept,
  [FERRY_JINGLE_SESSION_INFO] = ferry_jingle_session_receive_info,
  [FERRY_JINGLE_SESSION_INITIATE] = ferry_jingle_session_receive_initiate,
  [FERRY_JINGLE_SESSION_TERMINATE] = ferry_jingle_session_receive_terminate,
  [FERRY_JINGLE_TRANSPORT_ACCEPT] = ferry_jingle_session_receive_transport_accept,
  [FERRY_JINGLE_TRANSPORT_INFO] = ferry_jingle_session_receive_transport_info,
  [FERRY_JINGLE_TRANSPORT_REJECT] = ferry_jingle_session_receive_transport_reject,
  [FERRY_JINGLE_TRANSPORT_REPLACE] = ferry_jingle_session_receive_transport_replace,
};

static FerryRole
get_peer_role (const FerryJingleSession *self)
{
  return self->role == FERRY_ROLE_INITIATOR ? FERRY_ROLE_RESPONDER : FERRY_ROLE_INITIATOR;
}

static FerryJingle *
parse (const FerryJingleSession  *self,
       const FerryElement        *iq,
       GError                   **error)
{
  const FerryElement *payload = ferry_iq_get_payload (iq);

  if (payload == NULL)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, "An empty request");
      return NULL;
    }

  return ferry_jingle_parse (payload, self->flavour->generation, error);
}

/* J-18: the same session cannot go on in another generation. */
static gboolean
is_foreign (const FerryJingleSession *self,
            const FerryElement       *iq)
{
  const FerryElement *payload = ferry_iq_get_payload (iq);

  return payload != NULL && ferry_element_is (payload, "jingle", NULL) &&
         !ferry_element_is (payload, NULL, self->flavour->generation->ns);
}

static void
dispatch (FerryJingleSession    *self,
          const FerryJingleTurn *turn,
          const FerryJingle     *jingle)
{
  FerryJingleRequest request = { turn->event->element, jingle, self->state };

  switch (ferry_jingle_state_step (&request.next, jingle->action, get_peer_role (self)))
    {
    case FERRY_JINGLE_OK:
      handlers[jingle->action] (self, turn, &request);
      break;
    case FERRY_JINGLE_OUT_OF_ORDER:
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_OUT_OF_ORDER, NULL);
      break;
    case FERRY_JINGLE_UNKNOWN_SESSION:
    default:
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_UNKNOWN_SESSION, NULL);
      break;
    }
}

/* An iq set of the peer's. What cannot be obeyed is answered and changes nothing;
 * only a session that never began properly has nothing to stay in. */
void
ferry_jingle_session_receive (FerryJingleSession    *self,
                              const FerryJingleTurn *turn)
{
  FerryJinglePhase before = self->phase;
  g_autoptr(FerryJingle) jingle = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (turn->event->element != NULL);

  jingle = parse (self, turn->event->element, &error);

  if (is_foreign (self, turn->event->element))
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_UNKNOWN_SESSION, NULL);
  else if (jingle == NULL)
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, error->message);
  else if (g_strcmp0 (jingle->sid, self->sid) != 0)
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_UNKNOWN_SESSION, NULL);
  else
    dispatch (self, turn, jingle);

  if (before == PHASE_IDLE && self->phase == PHASE_IDLE && self->role == FERRY_ROLE_RESPONDER)
    ferry_jingle_session_end (self, turn, FERRY_OUTCOME_PROTOCOL,
                              error != NULL ? error->message : "not a usable offer");
}
