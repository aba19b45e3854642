/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-fault"

#include "config.h"

#include "net/tls-channel.h"

G_DEFINE_QUARK (ferry-tls-error-quark, ferry_tls_error)

/* With SRP the first thing that is encrypted shows whether both have the same phrase: the peer's
 * Finished does not decrypt. */
static gboolean
is_wrong_key (int status)
{
  return status == GNUTLS_E_DECRYPTION_FAILED || status == GNUTLS_E_ERROR_IN_FINISHED_PACKET ||
         status == GNUTLS_E_UNKNOWN_SRP_USERNAME;
}

static gboolean
is_wrong_key_alert (int alert)
{
  return alert == GNUTLS_A_BAD_RECORD_MAC || alert == GNUTLS_A_DECRYPTION_FAILED ||
         alert == GNUTLS_A_DECRYPT_ERROR || alert == GNUTLS_A_UNKNOWN_PSK_IDENTITY;
}

static gboolean
is_certificate_alert (int alert)
{
  switch (alert)
    {
    case GNUTLS_A_SSL3_NO_CERTIFICATE:
    case GNUTLS_A_BAD_CERTIFICATE:
    case GNUTLS_A_UNSUPPORTED_CERTIFICATE:
    case GNUTLS_A_CERTIFICATE_REVOKED:
    case GNUTLS_A_CERTIFICATE_EXPIRED:
    case GNUTLS_A_CERTIFICATE_UNKNOWN:
    case GNUTLS_A_UNKNOWN_CA:
    case GNUTLS_A_ACCESS_DENIED:
    case GNUTLS_A_CERTIFICATE_REQUIRED:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_certificate_fault (int status)
{
  switch (status)
    {
    case GNUTLS_E_NO_CERTIFICATE_FOUND:
    case GNUTLS_E_CERTIFICATE_REQUIRED:
    case GNUTLS_E_CERTIFICATE_ERROR:
    case GNUTLS_E_CERTIFICATE_KEY_MISMATCH:
    case GNUTLS_E_UNSUPPORTED_CERTIFICATE_TYPE:
    case GNUTLS_E_INSUFFICIENT_SECURITY:
    case GNUTLS_E_ASN1_DER_ERROR:
    case GNUTLS_E_ASN1_DER_OVERFLOW:
    case GNUTLS_E_ASN1_TAG_ERROR:
      return TRUE;
    default:
      return FALSE;
    }
}

static GError *
name_alert (FerryTlsChannel *self)
{
  int alert = gnutls_alert_get (self->session);
  const char *name = gnutls_alert_get_name (alert);

  if (self->srp_phrase != NULL && is_wrong_key_alert (alert))
    return g_error_new (FERRY_TLS_ERROR, FERRY_TLS_ERROR_PHRASE,
                        "The peer has another phrase: %s", name);

  return g_error_new (FERRY_TLS_ERROR, is_certificate_alert (alert) ? FERRY_TLS_ERROR_CERTIFICATE
                                                                   : FERRY_TLS_ERROR_HANDSHAKE,
                      "The peer gave up: %s", name != NULL ? name : "an unknown alert");
}

/* The end came before its time. A client has then said all that depends on the phrase, and
 * programs that do not send the alert close just here. */
static GError *
name_end (FerryTlsChannel *self)
{
  if (self->srp_phrase != NULL && !self->is_server && self->has_finished)
    return g_error_new_literal (FERRY_TLS_ERROR, FERRY_TLS_ERROR_PHRASE,
                                "The peer has hung up on what depends on the phrase");

  return g_error_new_literal (FERRY_TLS_ERROR, FERRY_TLS_ERROR_TRUNCATED,
                              "The stream ended in the handshake");
}

GError *
ferry_tls_channel_name_fault (FerryTlsChannel *self,
                              int              status)
{
  int code = FERRY_TLS_ERROR_HANDSHAKE;

  if (self->verdict != NULL)
    return g_steal_pointer (&self->verdict);

  if (status == GNUTLS_E_FATAL_ALERT_RECEIVED)
    return name_alert (self);

  if (status == GNUTLS_E_PREMATURE_TERMINATION)
    return name_end (self);

  if (self->srp_phrase != NULL && is_wrong_key (status))
    code = FERRY_TLS_ERROR_PHRASE;
  else if (self->srp_phrase == NULL && is_certificate_fault (status))
    code = FERRY_TLS_ERROR_CERTIFICATE;

  return g_error_new_literal (FERRY_TLS_ERROR, code, gnutls_strerror (status));
}
