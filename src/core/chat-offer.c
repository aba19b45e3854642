/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include <string.h>

#include "base/secret.h"
#include "core/chat-private.h"
#include "proto/jid.h"

/* J-15: the lower session id counts, then the lower address. */
static gboolean
wins_tie (FerryChat  *self,
          const char *sid)
{
  int order = strcmp (ferry_negotiation_get_sid (self->negotiation), sid);
  const char *own_jid = ferry_negotiation_get_own_jid (self->negotiation);

  return order < 0 || (order == 0 && strcmp (own_jid, self->peer) < 0);
}

/* Whether @from is whom we have asked, or talk to. */
static gboolean
is_peer (FerryChat  *self,
         const char *from)
{
  return self->peer != NULL && ferry_jid_equal (self->peer, from);
}

FerryChatJudgement
ferry_chat_judge_offer (FerryChat  *self,
                        const char *from,
                        const char *sid)
{
  switch (self->state)
    {
    case FERRY_CHAT_CLOSED:
      return FERRY_CHAT_TAKES;

    case FERRY_CHAT_OFFERING:
      if (self->choosing == NULL && is_peer (self, from) && wins_tie (self, sid))
        return FERRY_CHAT_WINS_TIE;
      return FERRY_CHAT_TAKES;

    case FERRY_CHAT_OPEN:
    case FERRY_CHAT_CLOSING:
      /* For whoever is at the other end the stream that we have is over. */
      return is_peer (self, from) ? FERRY_CHAT_TAKES : FERRY_CHAT_IS_BUSY;

    case FERRY_CHAT_OFFERED:
    case FERRY_CHAT_CONNECTING:
    case FERRY_CHAT_SECURING:
    default:
      return FERRY_CHAT_IS_BUSY;
    }
}

/* Our own question is as good as answered. */
static void
cross (FerryChat  *self,
       const char *from)
{
  char *phrase;

  self->is_crossing = TRUE;

  if (self->choosing != NULL)
    {
      g_cancellable_cancel (self->choosing);
      g_clear_object (&self->choosing);
      return;
    }

  /* Who wins the tie answers our offer itself; another of theirs has to be told. The phrase is
   * for the session to come. */
  phrase = g_steal_pointer (&self->phrase);
  if (!is_peer (self, from))
    ferry_negotiation_feed_kind (self->negotiation, FERRY_SESSION_EVENT_CANCEL);

  ferry_negotiation_drop (self->negotiation);
  self->phrase = phrase;
}

/* The session may want to know that its last word was heard; there is no time for that. */
static void
leave_old_stream (FerryChat *self)
{
  const char *reason = "the other side has begun anew";

  ferry_chat_fail (self, FERRY_OUTCOME_PEER_GONE, FERRY_CHAT_ERROR_LOST, "%s", reason);

  if (ferry_negotiation_get_session (self->negotiation) == NULL)
    return;

  ferry_chat_stop_stream (self);
  ferry_negotiation_drop (self->negotiation);
  ferry_chat_conclude (self, FERRY_OUTCOME_PEER_GONE, reason);
}

/* There is never more than one stream. */
static void
make_room (FerryChat  *self,
           const char *from)
{
  if (self->state == FERRY_CHAT_OPEN || self->state == FERRY_CHAT_CLOSING)
    leave_old_stream (self);

  ferry_chat_forget_reopening (self);

  if (self->state == FERRY_CHAT_OFFERING)
    cross (self, from);
  else
    g_clear_pointer (&self->phrase, ferry_secret_free);
}

void
ferry_chat_take_offer (FerryChat          *self,
                       const FerryDialect *dialect,
                       FerryElement       *iq)
{
  const char *from = ferry_element_get_attribute (iq, "from");
  FerryNegotiationTerms terms = {
    .dialect = dialect,
    .profile = ferry_capabilities_get_profile (self->services->capabilities, from),
    .role = FERRY_ROLE_RESPONDER,
    .peer = from,
    .sid = dialect->get_sid (iq),
    .allowed = self->services->settings->paths,
    .takes_phrase = TRUE,
  };

  g_object_ref (self);
  self->is_crossing = FALSE;
  make_room (self, from);
  self->role = FERRY_ROLE_RESPONDER;
  self->is_leaving = FALSE;
  ferry_chat_set_string (self, FERRY_CHAT_PROP_PEER, &self->peer, from);

  /* Only if we went offline this moment; then nobody hears it anyway. */
  if (ferry_negotiation_begin (self->negotiation, &terms, NULL))
    ferry_negotiation_receive (self->negotiation, iq);

  g_object_unref (self);
}
