/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-identity"

#include "config.h"

#include <string.h>

#include <gnutls/crypto.h>

#include "net/tls-identity-private.h"

#define ID_ON_XMPP_ADDR "1.3.6.1.5.5.7.8.5" /* RFC 6120 §13.7.1.4 */
#define A_DAY           (24 * 60 * 60)      /* seconds a peer's clock may be late */

struct _FerryTlsIdentity
{
  gatomicrefcount                  refs;
  gnutls_x509_privkey_t            key;         /* (owned) */
  gnutls_certificate_credentials_t credentials; /* (owned) */
  GBytes                          *certificate; /* (owned): DER */
  char                            *sha1;        /* (owned) */
  char                            *sha256;      /* (owned) */
};

static gboolean
set_error (int      status,
           GError **error)
{
  if (status < 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, gnutls_strerror (status));

  return status >= 0;
}

static gboolean
set_certificate (FerryTlsIdentity   *self,
                 gnutls_x509_crt_t   crt,
                 GError            **error)
{
  gnutls_datum_t der;

  if (!set_error (gnutls_certificate_allocate_credentials (&self->credentials), error) ||
      !set_error (gnutls_certificate_set_x509_key (self->credentials, &crt, 1, self->key), error) ||
      !set_error (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &der), error))
    return FALSE;

  self->certificate = g_bytes_new (der.data, der.size);
  self->sha1 = ferry_tls_certificate_dup_sha1 (self->certificate);
  self->sha256 = ferry_tls_certificate_dup_sha256 (self->certificate);
  gnutls_free (der.data);
  return TRUE;
}

FerryTlsIdentity *
ferry_tls_identity_new_take (gnutls_x509_privkey_t   key,
                             gnutls_x509_crt_t       crt,
                             GError                **error)
{
  g_autoptr(FerryTlsIdentity) self = g_new0 (FerryTlsIdentity, 1);
  gboolean ok;

  g_atomic_ref_count_init (&self->refs);
  self->key = key;
  ok = set_certificate (self, crt, error);
  gnutls_x509_crt_deinit (crt);

  return ok ? g_steal_pointer (&self) : NULL;
}

static int
make_key (gnutls_x509_privkey_t key,
          FerryTlsKey           kind)
{
  if (kind == FERRY_TLS_KEY_ED25519)
    return gnutls_x509_privkey_generate (key, GNUTLS_PK_EDDSA_ED25519,
                                         GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519), 0);

  return gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
}

/* What it is about is the key. The name is there because an issuer must have one; the address,
 * for programs that look for it (RFC 6120 §13.7.1.4). It does not end in our time: people
 * compare it, and a new one is a warning to each of them. */
static int
fill_certificate (gnutls_x509_crt_t      crt,
                  gnutls_x509_privkey_t  key,
                  const char            *jid)
{
  guint8 serial[16];
  int status = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, and of one length */

  if (status >= 0)
    status = gnutls_x509_crt_set_version (crt, 3);
  if (status >= 0)
    status = gnutls_x509_crt_set_serial (crt, serial, sizeof serial);
  if (status >= 0)
    status = gnutls_x509_crt_set_key (crt, key);
  if (status >= 0)
    status = gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, "XMPP", 4);
  if (status >= 0)
    status = gnutls_x509_crt_set_activation_time (crt, time (NULL) - A_DAY);
  if (status >= 0)
    status = gnutls_x509_crt_set_expiration_time (crt, GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION);
  if (status >= 0)
    status = gnutls_x509_crt_set_subject_alt_othername (crt, ID_ON_XMPP_ADDR, jid, strlen (jid),
                                                        GNUTLS_FSAN_SET |
                                                        GNUTLS_FSAN_ENCODE_UTF8_STRING);
  return status;
}

FerryTlsIdentity *
ferry_tls_identity_generate (FerryTlsKey   key,
                             const char   *jid,
                             GError      **error)
{
  gnutls_x509_privkey_t secret;
  gnutls_x509_crt_t crt;
  int status;

  g_return_val_if_fail (jid != NULL, NULL);

  if (!set_error (gnutls_x509_privkey_init (&secret), error))
    return NULL;

  if (!set_error (gnutls_x509_crt_init (&crt), error))
    {
      gnutls_x509_privkey_deinit (secret);
      return NULL;
    }

  status = make_key (secret, key);
  if (status >= 0)
    status = fill_certificate (crt, secret, jid);
  if (status >= 0)
    status = gnutls_x509_crt_sign2 (crt, crt, secret, key == FERRY_TLS_KEY_ED25519
                                                        ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256, 0);
  if (set_error (status, error))
    return ferry_tls_identity_new_take (secret, crt, error);

  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (secret);
  return NULL;
}

FerryTlsIdentity *
ferry_tls_identity_ref (FerryTlsIdentity *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
ferry_tls_identity_unref (FerryTlsIdentity *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_clear_pointer (&self->credentials, gnutls_certificate_free_credentials);
  g_clear_pointer (&self->key, gnutls_x509_privkey_deinit);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  g_free (self->sha1);
  g_free (self->sha256);
  g_free (self);
}

gnutls_x509_privkey_t
ferry_tls_identity_get_key (FerryTlsIdentity *self)
{
  return self->key;
}

gnutls_certificate_credentials_t
ferry_tls_identity_get_credentials (FerryTlsIdentity *self)
{
  return self->credentials;
}

GBytes *
ferry_tls_identity_get_certificate (FerryTlsIdentity *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->certificate;
}

const char *
ferry_tls_identity_get_sha1 (FerryTlsIdentity *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sha1;
}

const char *
ferry_tls_identity_get_sha256 (FerryTlsIdentity *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sha256;
}
