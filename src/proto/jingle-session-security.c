/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-opening.h"

/* What is to be encrypted, how, and that it is (XTLS, protocols 7.2). Nothing here knows TLS: a
 * method is agreed upon, the initiator says which, and then somebody else shakes hands. */

#define WORD_TIME (5 * G_TIME_SPAN_SECOND) /* C-13, XTLS-11 */

static gboolean
is_stream (const FerryJingleSession *self)
{
  return self->application->is_stream;
}

void
ferry_jingle_session_set_terms (FerryJingleSession       *self,
                                const FerrySecurityTerms *terms)
{
  FerryJingleSecurity *security = &self->security;

  if (terms == NULL)
    return;

  security->has_terms = TRUE;
  security->policy = terms->policy;
  security->methods = terms->methods;
  security->is_expected = terms->is_expected;
  security->own = terms->own;
  g_strlcpy (security->pin.sha1, terms->pinned_sha1 != NULL ? terms->pinned_sha1 : "",
             sizeof security->pin.sha1);
  g_strlcpy (security->pin.sha256, terms->pinned_sha256 != NULL ? terms->pinned_sha256 : "",
             sizeof security->pin.sha256);
}

/* XTLS-1: only whom we know to understand it is asked, unless it is that or nothing. What was
 * asked for is insisted on. */
static gboolean
must_offer (const FerryJingleSession *self)
{
  const FerryJingleSecurity *security = &self->security;

  if (is_stream (self))
    return TRUE;

  return security->has_terms && security->policy != FERRY_SECURITY_NONE &&
         (security->policy == FERRY_SECURITY_REQUIRED || security->is_expected);
}

/* Whether a file that is offered to us may come in the clear. */
static gboolean
may_be_plain (const FerryJingleSession *self)
{
  const FerryJingleSecurity *security = &self->security;

  if (is_stream (self)) /* XS-5 */
    return FALSE;

  return !security->has_terms || security->policy == FERRY_SECURITY_NONE ||
         (security->policy == FERRY_SECURITY_AUTO && !security->is_expected);
}

static void
fail (FerryJingleSession    *self,
      const FerryJingleTurn *turn,
      FerryOutcome           outcome,
      const char            *text)
{
  ferry_jingle_session_finish (self, turn, FERRY_JINGLE_REASON_SECURITY_ERROR, outcome, text);
}

/* Initiator, before the first word. %FALSE: it ended. */
gboolean
ferry_jingle_session_can_offer (FerryJingleSession    *self,
                                const FerryJingleTurn *turn)
{
  if (!must_offer (self) || self->security.methods != 0)
    return TRUE;

  fail (self, turn, FERRY_OUTCOME_INSECURE, "we have nothing to encrypt with");

  return FALSE;
}

/* Returns: (transfer full) (nullable): what we offer, or have agreed to */
FerryElement *
ferry_jingle_session_build_security (FerryJingleSession *self,
                                     FerryJingleAction   action)
{
  FerryJingleSecurity *security = &self->security;
  FerryXtls said = security->own;

  if (action == FERRY_JINGLE_SESSION_INITIATE && must_offer (self))
    {
      security->is_offered = TRUE;
      said.methods = security->methods;
      said.form = FERRY_XTLS_FORM_NATIVE;
    }
  else if (action == FERRY_JINGLE_SESSION_ACCEPT && security->method != 0)
    {
      said.methods = security->method;
      said.form = security->peer.form;
    }
  else
    return NULL;

  return ferry_xtls_to_element (&said);
}

/* Takes down what @content says of encryption; judges nothing. %FALSE: it is malformed. */
gboolean
ferry_jingle_session_read_security (FerryJingleSession        *self,
                                    const FerryJingleContent  *content,
                                    GError                   **error)
{
  FerryJingleSecurity *security = &self->security;

  if (content->security == NULL)
    security->said = FERRY_JINGLE_SAID_NOTHING;
  else if (!security->has_terms || !ferry_element_is (content->security, NULL, FERRY_NS_XTLS))
    security->said = FERRY_JINGLE_SAID_UNKNOWN;
  else if (!ferry_xtls_parse (content->security, &security->peer, error))
    {
      security->peer.methods = 0;
      return FALSE;
    }
  else if (security->peer.form == FERRY_XTLS_FORM_FOREIGN)
    security->said = FERRY_JINGLE_SAID_FOREIGN;
  else
    security->said = FERRY_JINGLE_SAID_XTLS;

  /* Without a fingerprint the certificate of whoever sits on the path would do (XTLS-15). */
  security->peer.methods &= security->methods;
  if (*security->peer.sha1 == '\0' && *security->peer.sha256 == '\0')
    security->peer.methods &= ~(guint) FERRY_XTLS_X509;
  if (security->said != FERRY_JINGLE_SAID_XTLS)
    security->peer.methods = 0;

  return TRUE;
}

/* SEC-33. Before any TLS: who changed the certificate learns nothing of us. */
static gboolean
is_known (const FerryJingleSession *self)
{
  const FerryXtls *pin = &self->security.pin;

  return (*pin->sha1 == '\0' && *pin->sha256 == '\0') ||
         ferry_xtls_fits (&self->security.peer, pin->sha1, pin->sha256);
}

/* There is to be encryption, and there is no way to. XTLS-25 */
static void
fail_without (FerryJingleSession    *self,
              const FerryJingleTurn *turn)
{
  if (self->security.said == FERRY_JINGLE_SAID_NOTHING && self->security.is_expected)
    fail (self, turn, FERRY_OUTCOME_STRIPPED, "the peer can encrypt, and its word of it is missing");
  else if (self->security.said == FERRY_JINGLE_SAID_NOTHING)
    fail (self, turn, FERRY_OUTCOME_INSECURE, "the peer does not encrypt");
  else
    fail (self, turn, FERRY_OUTCOME_INSECURE, "no way to encrypt in common");
}

/* Responder: about an offer that was acknowledged. A phrase may yet prove a certificate that
 * changed, if the user has one. %FALSE: it ended. J-21, XTLS-22 */
gboolean
ferry_jingle_session_judge_offer (FerryJingleSession    *self,
                                  const FerryJingleTurn *turn)
{
  guint methods = self->security.peer.methods;

  if (self->security.said == FERRY_JINGLE_SAID_UNKNOWN)
    fail (self, turn, FERRY_OUTCOME_REFUSED, "an unknown kind of encryption");
  else if (methods == 0 && !may_be_plain (self))
    fail_without (self, turn);
  else if (methods == FERRY_XTLS_X509 && !is_known (self))
    fail (self, turn, FERRY_OUTCOME_KEY_CHANGED, "another certificate than before is announced");
  else
    return TRUE;

  return FALSE;
}

static gboolean
agree_on (FerryJingleSession    *self,
          const FerryJingleTurn *turn,
          FerryXtlsMethods       method)
{
  if (method == FERRY_XTLS_X509 && !is_known (self))
    {
      fail (self, turn, FERRY_OUTCOME_KEY_CHANGED, "another certificate than before is announced");
      return FALSE;
    }

  self->security.method = method;

  return TRUE;
}

/* Responder: who decides said yes, with a phrase or without. %FALSE: it ended. */
gboolean
ferry_jingle_session_choose_method (FerryJingleSession    *self,
                                    const FerryJingleTurn *turn)
{
  guint wish = turn->event->methods;
  guint common = self->security.peer.methods;

  if (common == 0 && wish == 0)
    return TRUE;

  wish = wish & FERRY_XTLS_SRP ? FERRY_XTLS_SRP : FERRY_XTLS_X509;
  if ((common & wish) != 0)
    return agree_on (self, turn, wish);

  fail (self, turn, FERRY_OUTCOME_INSECURE,
        wish == FERRY_XTLS_SRP ? "the peer asks for no phrase" : "the peer asks for a phrase");

  return FALSE;
}

/* Initiator: about an acceptance that was acknowledged. %FALSE: it ended. XTLS-25 */
gboolean
ferry_jingle_session_judge_accept (FerryJingleSession    *self,
                                   const FerryJingleTurn *turn)
{
  const FerryJingleSecurity *security = &self->security;
  guint common = security->peer.methods;

  if (security->said == FERRY_JINGLE_SAID_UNKNOWN ||
      (security->said != FERRY_JINGLE_SAID_NOTHING && !security->is_offered))
    fail (self, turn, FERRY_OUTCOME_PROTOCOL, "encryption that nobody offered");
  else if (!security->is_offered)
    return TRUE;
  else if (security->methods & common & FERRY_XTLS_SRP)
    return agree_on (self, turn, FERRY_XTLS_SRP);
  else if (common == 0)
    fail_without (self, turn);
  else if (security->methods & FERRY_XTLS_SRP)
    fail (self, turn, FERRY_OUTCOME_INSECURE, "without the phrase");
  else
    return agree_on (self, turn, FERRY_XTLS_X509);

  return FALSE;
}

/* XTLS-11: it only informs, and is waited for all the same (C-13). */
void
ferry_jingle_session_say_method (FerryJingleSession    *self,
                                 const FerryJingleTurn *turn)
{
  FerryJingleSecurity *security = &self->security;
  FerryJingleContent *content;
  FerryJingle *jingle;

  if (security->method == 0)
    return;

  jingle = ferry_jingle_new (FERRY_JINGLE_SECURITY_INFO, self->sid);
  content = ferry_jingle_add_content (jingle, self->creator, self->content);
  content->security = ferry_xtls_choice_to_element (security->method, security->peer.form);
  security->patience = turn->now + WORD_TIME;
  ferry_jingle_session_send (self, turn, jingle, TAG_SECURITY);
}

static void
secure (FerryJingleSession    *self,
        const FerryJingleTurn *turn)
{
  FerrySessionEffect *effect;

  self->security.patience = 0;
  self->security.is_begun = TRUE;
  effect = ferry_session_effects_add (turn->effects, FERRY_SESSION_EFFECT_SECURE);
  effect->method = self->security.method;
  effect->security = self->security.peer;
  ferry_jingle_session_enter (self, turn, PHASE_SECURING, 0);
}

/* The transport stands: on to the bytes, or to their encryption before (XTLS-9). */
void
ferry_jingle_session_use (FerryJingleSession    *self,
                          const FerryJingleTurn *turn)
{
  if (self->security.method == 0)
    ferry_jingle_session_pump (self, turn);
  else if (self->security.patience > turn->now)
    ferry_jingle_session_enter (self, turn, PHASE_SECURING, self->security.patience);
  else
    secure (self, turn);
}

/* Our security-info was answered, or will not be: an error, too, is an answer (J-19). */
void
ferry_jingle_session_heard_method (FerryJingleSession    *self,
                                   const FerryJingleTurn *turn)
{
  self->security.patience = 0;
  if (self->phase == PHASE_SECURING && !self->security.is_begun)
    secure (self, turn);
}

void
ferry_jingle_session_secured (FerryJingleSession    *self,
                              const FerryJingleTurn *turn)
{
  if (self->security.is_begun)
    ferry_jingle_session_pump (self, turn);
}

/* XTLS-10. A stream that only ends is often the echo of a reason that is still on its way. */
void
ferry_jingle_session_unsecured (FerryJingleSession    *self,
                                const FerryJingleTurn *turn)
{
  FerryOutcome outcome = turn->event->outcome;

  if (!self->security.is_begun)
    return;

  if (self->received)
    ferry_jingle_session_end (self, turn, FERRY_OUTCOME_DONE, turn->event->text);
  else if (outcome == FERRY_OUTCOME_KEY_CHANGED || outcome == FERRY_OUTCOME_INSECURE ||
           self->state != FERRY_JINGLE_ACTIVE)
    fail (self, turn, outcome, turn->event->text);
  else
    ferry_jingle_session_break (self, turn, FERRY_OUTCOME_INSECURE, turn->event->text);
}

/* J-19, XTLS-12: the initiator says what the ClientHello shows anyway. */
void
ferry_jingle_session_receive_security_info (FerryJingleSession       *self,
                                            const FerryJingleTurn    *turn,
                                            const FerryJingleRequest *request)
{
  const FerryJingleContent *content = ferry_jingle_session_find_content (self, request->jingle);
  gboolean is_agreed = self->role == FERRY_ROLE_RESPONDER && self->security.method != 0;
  g_autoptr(GError) error = NULL;
  FerryXtls choice;

  if (!is_agreed && self->flavour->generation->is_lax_about_security)
    ferry_jingle_session_acknowledge (self, turn, request);
  else if (!is_agreed)
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_INFO, NULL);
  else if (content == NULL || content->security == NULL ||
           !ferry_xtls_parse (content->security, &choice, &error))
    ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_MALFORMED, NULL);
  else
    {
      ferry_jingle_session_acknowledge (self, turn, request);
      if ((choice.methods & self->security.method) == 0)
        fail (self, turn, FERRY_OUTCOME_INSECURE, "the peer secures it in another way");
    }
}
