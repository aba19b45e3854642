/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-negotiation"

#include "config.h"

#include "core/negotiation-private.h"
#include "core/transfer.h"
#include "proto/jid.h"

#define HANDSHAKE_LIMIT 20 /* seconds, XTLS-23 */

gboolean
ferry_negotiation_check (FerryTransferServices  *services,
                         const FerryDialect     *dialect,
                         const char             *peer,
                         gboolean                has_phrase,
                         GError                **error)
{
  FerryTrust *trust = services->trust;
  const FerryPin *pin = trust != NULL ? ferry_trust_lookup (trust, peer) : NULL;
  FerrySecurityPolicy policy;

  if (trust == NULL)
    return TRUE;

  if (pin != NULL && pin->changed_sha256 != NULL && !has_phrase)
    {
      g_set_error (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_KEY_CHANGED,
                   "another key than the known one was shown, and nobody has decided about it");
      return FALSE;
    }

  policy = ferry_trust_get_policy (trust, peer);

  if (dialect != NULL && !dialect->is_securable
      && (policy == FERRY_SECURITY_REQUIRED || (policy == FERRY_SECURITY_AUTO && pin != NULL)))
    {
      g_set_error (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_SECURITY,
                   "nothing is encrypted by %s", dialect->name);
      return FALSE;
    }

  return TRUE;
}

/* A peer that could encrypt when it was asked first still can, whatever is said of it meanwhile.
 * Returns: whether there are any terms */
gboolean
ferry_negotiation_get_terms (FerryNegotiation            *self,
                             const FerryNegotiationTerms *terms,
                             FerrySecurityTerms          *security)
{
  FerryTransferServices *services = self->services;
  gboolean has_phrase = terms->phrase != NULL
                        || (terms->takes_phrase && ferry_tls_stream_has_srp ());

  if (services->trust == NULL || !self->dialect->is_securable)
    return FALSE;

  ferry_trust_get_terms (services->trust, self->peer,
                         ferry_capabilities_get_features (services->capabilities, self->peer),
                         has_phrase, security);
  self->is_expected |= security->is_expected;
  security->is_expected = self->is_expected;
  return TRUE;
}

gboolean
ferry_negotiation_may_try (FerryNegotiation   *self,
                           const FerryDialect *dialect)
{
  return (dialect->is_securable || !self->is_expected)
         && ferry_negotiation_check (self->services, dialect, self->peer, self->phrase != NULL,
                                     NULL);
}

static void
feed_failed (FerryNegotiation *self,
             FerryOutcome      outcome,
             const char       *text)
{
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_SECURITY_FAILED,
    .outcome = outcome,
    .text = text,
  };

  ferry_negotiation_feed (self, &event);
}

/* SEC-33: the certificate that was announced is not the known one. An announcement in the short
 * digest alone leaves open which one it is. */
void
ferry_negotiation_report_change (FerryNegotiation *self)
{
  const FerryXtls *announced = ferry_session_get_security (self->session);

  if (self->services->trust != NULL)
    ferry_trust_report_change (self->services->trust, self->peer,
                               announced != NULL ? announced->sha256 : "", NULL);
}

static FerryOutcome
judge_failure (const GError *error)
{
  return g_error_matches (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CHANGED)
         ? FERRY_OUTCOME_KEY_CHANGED : FERRY_OUTCOME_INSECURE;
}

/* The handshake has compared the certificate with the announced one; it is the first of this
 * peer, or the known one. Another session may have come first. */
static gboolean
take_certificate (FerryNegotiation *self,
                  GBytes           *certificate)
{
  const FerryPin *pin;

  if (certificate == NULL)
    {
      self->level = FERRY_TRUST_PHRASE;
      return TRUE;
    }

  if (!ferry_trust_pin (self->services->trust, self->peer, certificate, FERRY_TRUST_FIRST_USE))
    return FALSE;

  pin = ferry_trust_lookup (self->services->trust, self->peer);
  self->level = pin != NULL ? pin->level : FERRY_TRUST_FIRST_USE;
  return TRUE;
}

/* The way was closed meanwhile; a thread was at its stream, which is closed only now. */
static gboolean
is_stale (FerryNegotiation *self,
          GIOStream        *base,
          FerryTlsStream   *tls)
{
  if (self->stream == base)
    return FALSE;

  g_io_stream_close_async (tls != NULL ? G_IO_STREAM (tls) : base, G_PRIORITY_DEFAULT, NULL, NULL,
                           NULL);
  return TRUE;
}

/* What follows from it may end the session. */
static void
use_tls (FerryNegotiation *self,
         FerryTlsStream   *tls)
{
  gboolean is_known;

  self->is_securing = FALSE;
  g_set_object (&self->stream, G_IO_STREAM (tls));
  g_set_object (&self->tls, tls);
  is_known = take_certificate (self, ferry_tls_stream_get_certificate (tls));

  if (self->tls != tls)
    return;

  if (!is_known)
    {
      feed_failed (self, FERRY_OUTCOME_KEY_CHANGED, "it is not the key that another session saw");
      return;
    }

  self->is_secured = TRUE;
  ferry_negotiation_way_changed (self);
  ferry_negotiation_feed_kind (self, FERRY_SESSION_EVENT_SECURED);
}

static void
secure_done_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(FerryNegotiation) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryTlsStream) tls = ferry_tls_stream_handshake_finish (result, &error);

  if (is_stale (self, G_IO_STREAM (source), tls))
    return;

  if (tls != NULL)
    {
      use_tls (self, tls);
      return;
    }

  self->is_securing = FALSE;
  feed_failed (self, judge_failure (error), error->message);
}

static const char *
not_empty (const char *text)
{
  return *text != '\0' ? text : NULL;
}

/* XTLS-17: the name is the initiator's, on both sides. */
static void
secure (FerryNegotiation         *self,
        const FerrySessionEffect *effect,
        FerryTlsTerms            *terms)
{
  g_autofree char *user = ferry_jid_dup_bare (self->role == FERRY_ROLE_INITIATOR ? self->own_jid
                                                                                 : self->peer);

  if (effect->method == FERRY_XTLS_SRP)
    {
      terms->srp_user = user;
      terms->srp_phrase = self->phrase;
    }

  self->is_securing = TRUE;
  ferry_tls_stream_handshake_async (self->stream, terms, HANDSHAKE_LIMIT, self->opening,
                                    secure_done_cb, g_object_ref (self));
  ferry_negotiation_way_changed (self);
}

/* Effect SECURE. */
void
ferry_negotiation_secure (FerryNegotiation         *self,
                          const FerrySessionEffect *effect)
{
  FerryTrust *trust = self->services->trust;
  FerryTlsTerms terms = {
    .is_server = self->role == FERRY_ROLE_RESPONDER,
    .identity = trust != NULL ? ferry_trust_get_identity (trust) : NULL,
    .sha1 = not_empty (effect->security.sha1),
    .sha256 = not_empty (effect->security.sha256),
  };
  const FerryPin *pin = trust != NULL ? ferry_trust_lookup (trust, self->peer) : NULL;

  if (pin != NULL)
    terms.pinned_sha256 = pin->sha256;

  if (effect->method == FERRY_XTLS_SRP && self->phrase == NULL)
    feed_failed (self, FERRY_OUTCOME_INSECURE, "nobody gave the phrase");
  else if (terms.identity == NULL || self->stream == NULL)
    feed_failed (self, FERRY_OUTCOME_INSECURE, "there is nothing to encrypt, or no key");
  else if (effect->method != FERRY_XTLS_SRP && pin != NULL && pin->changed_sha256 != NULL)
    feed_failed (self, FERRY_OUTCOME_KEY_CHANGED, "another key was shown since it was offered");
  else
    secure (self, effect, &terms);
}
