/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-certificate"

#include "config.h"

#include "net/tls-identity-private.h"
#include "net/tls-stream.h"

#define MIN_RSA 2048  /* bits, SEC-32 */
#define MAX_RSA 16384 /* bits: more is a way to keep us busy */
#define MIN_EC  256   /* bits */

char *
ferry_tls_certificate_dup_sha1 (GBytes *certificate)
{
  g_return_val_if_fail (certificate != NULL, NULL);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, certificate);
}

char *
ferry_tls_certificate_dup_sha256 (GBytes *certificate)
{
  g_return_val_if_fail (certificate != NULL, NULL);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, certificate);
}

static gboolean
is_strong_key (gnutls_x509_crt_t crt)
{
  guint bits = 0;
  int algorithm = gnutls_x509_crt_get_pk_algorithm (crt, &bits);

  switch (algorithm)
    {
    case GNUTLS_PK_RSA:
    case GNUTLS_PK_RSA_PSS:
      return bits >= MIN_RSA && bits <= MAX_RSA;
    case GNUTLS_PK_ECDSA:
    case GNUTLS_PK_EDDSA_ED25519:
    case GNUTLS_PK_EDDSA_ED448:
      return bits >= MIN_EC;
    default:
      return FALSE;
    }
}

static gboolean
is_strong_signature (gnutls_x509_crt_t crt)
{
  int algorithm = gnutls_x509_crt_get_signature_algorithm (crt);

  if (algorithm <= GNUTLS_SIGN_UNKNOWN ||
      !gnutls_sign_is_secure2 (algorithm, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS))
    return FALSE;

  switch ((int) gnutls_sign_get_hash_algorithm (algorithm))
    {
    case GNUTLS_DIG_MD2:
    case GNUTLS_DIG_MD5:
    case GNUTLS_DIG_SHA1:
    case GNUTLS_DIG_RMD160:
      return FALSE;
    default:
      return TRUE;
    }
}

static const char *
find_fault (GBytes *certificate)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (certificate, &size);
  const gnutls_datum_t der = { (guint8 *) data, size };
  gnutls_x509_crt_t crt = NULL;
  const char *fault = NULL;

  if (size == 0 || size > FERRY_TLS_CERTIFICATE_MAX)
    return "The certificate is too large";

  if (gnutls_x509_crt_init (&crt) < 0)
    return "There is no room for the certificate";

  if (gnutls_x509_crt_import (crt, &der, GNUTLS_X509_FMT_DER) < 0)
    fault = "The certificate is malformed";
  else if (!is_strong_key (crt))
    fault = "The key of the certificate is too weak";
  else if (!is_strong_signature (crt))
    fault = "The signature of the certificate is too weak";

  gnutls_x509_crt_deinit (crt);
  return fault;
}

gboolean
ferry_tls_certificate_check (GBytes  *certificate,
                             GError **error)
{
  const char *fault;

  g_return_val_if_fail (certificate != NULL, FALSE);

  fault = find_fault (certificate);
  if (fault != NULL)
    g_set_error_literal (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE, fault);

  return fault == NULL;
}
