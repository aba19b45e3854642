/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-setup"

#include "config.h"

#include <string.h>

#include <gnutls/crypto.h>

#include "net/tls-channel.h"
#include "net/tls-identity-private.h"

/* TLS 1.3, and what is as good of 1.2 (XTLS-18, SEC-32). AES comes first: it is what hardware
 * does; GnuTLS's ChaCha20 takes six times as long. */
#define PRIORITY_X509                                                                      \
  "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-MAC-ALL:" \
  "+AEAD:-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305"
/* There is no SRP in TLS 1.3, and no suite of it but CBC with SHA-1. */
#define PRIORITY_SRP "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+SRP"

#define MIN_SRP_BITS 2048 /* of a group that a server may choose */

gboolean
ferry_tls_stream_has_srp (void)
{
  static gsize answer = 0;

  if (g_once_init_enter (&answer))
    {
      gnutls_srp_client_credentials_t credentials = NULL;
      gnutls_priority_t priority = NULL;
      gboolean has = gnutls_srp_allocate_client_credentials (&credentials) >= 0 &&
                     gnutls_priority_init (&priority, PRIORITY_SRP, NULL) >= 0;

      g_clear_pointer (&credentials, gnutls_srp_free_client_credentials);
      g_clear_pointer (&priority, gnutls_priority_deinit);
      g_once_init_leave (&answer, has ? 1 : 2);
    }

  return answer == 1;
}

/* The initiator's bare JID; older programs say the full one (XTLS-17). */
static gboolean
is_our_user (FerryTlsChannel *self,
             const char      *name)
{
  const char *resource = strchr (name, '/');
  gsize n_bare = resource != NULL ? (gsize) (resource - name) : strlen (name);

  return self->srp_user != NULL && strlen (self->srp_user) == n_bare &&
         strncmp (self->srp_user, name, n_bare) == 0;
}

static gboolean
copy_datum (gnutls_datum_t       *to,
            const gnutls_datum_t *from)
{
  to->data = gnutls_malloc (from->size);
  if (to->data == NULL)
    return FALSE;

  to->size = from->size;
  memcpy (to->data, from->data, from->size);
  return TRUE;
}

/* Makes the verifier of the name as it was said, for that goes into it. A name that is not ours
 * is answered as if it had another phrase: GnuTLS invents one (1). */
static int
setup_verifier_cb (gnutls_session_t  session,
                   const char       *name,
                   gnutls_datum_t   *salt,
                   gnutls_datum_t   *verifier,
                   gnutls_datum_t   *generator,
                   gnutls_datum_t   *prime)
{
  FerryTlsChannel *self = gnutls_session_get_ptr (session);
  guint8 random[16];
  const gnutls_datum_t fresh = { random, sizeof random };

  if (!copy_datum (generator, &gnutls_srp_3072_group_generator) ||
      !copy_datum (prime, &gnutls_srp_3072_group_prime))
    return -1;

  if (!is_our_user (self, name))
    return 1;

  if (gnutls_rnd (GNUTLS_RND_RANDOM, random, sizeof random) < 0 || !copy_datum (salt, &fresh) ||
      gnutls_srp_verifier (name, self->srp_phrase, salt, generator, prime, verifier) < 0)
    return -1;

  return 0;
}

/* One way to write it, whatever was typed on (RFC 8265 §4.2). */
static int
normalize_phrase (FerryTlsChannel *self)
{
  gnutls_datum_t normal;
  int status = gnutls_utf8_password_normalize ((guchar *) self->srp_phrase,
                                               strlen (self->srp_phrase), &normal, 0);

  if (status < 0)
    return status;

  gnutls_memset (self->srp_phrase, 0, strlen (self->srp_phrase));
  g_free (self->srp_phrase);
  self->srp_phrase = g_strndup ((const char *) normal.data, normal.size);
  gnutls_memset (normal.data, 0, normal.size);
  gnutls_free (normal.data);
  return 0;
}

static int
set_up_srp_server (FerryTlsChannel *self)
{
  gnutls_srp_server_credentials_t credentials;
  int status = gnutls_srp_allocate_server_credentials (&credentials);

  if (status < 0)
    return status;

  self->srp_credentials = credentials;
  gnutls_srp_set_server_credentials_function (credentials, setup_verifier_cb);

  return gnutls_credentials_set (self->session, GNUTLS_CRD_SRP, credentials);
}

static int
set_up_srp_client (FerryTlsChannel *self)
{
  gnutls_srp_client_credentials_t credentials;
  int status = gnutls_srp_allocate_client_credentials (&credentials);

  if (status < 0)
    return status;

  self->srp_credentials = credentials;
  gnutls_srp_set_prime_bits (self->session, MIN_SRP_BITS);
  status = gnutls_srp_set_client_credentials (credentials, self->srp_user, self->srp_phrase);

  return status < 0 ? status : gnutls_credentials_set (self->session, GNUTLS_CRD_SRP, credentials);
}

static int
set_up_srp (FerryTlsChannel *self)
{
  int status = normalize_phrase (self);

  if (status >= 0)
    status = gnutls_priority_set_direct (self->session, PRIORITY_SRP, NULL);
  if (status >= 0)
    status = self->is_server ? set_up_srp_server (self) : set_up_srp_client (self);

  return status;
}

static int
set_up_x509 (FerryTlsChannel *self)
{
  int status = gnutls_priority_set_direct (self->session, PRIORITY_X509, NULL);

  if (status >= 0)
    status = gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE,
                                     ferry_tls_identity_get_credentials (self->identity));
  gnutls_session_set_verify_function (self->session, ferry_tls_channel_judge);
  gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_REQUIRE);
  gnutls_certificate_send_x509_rdn_sequence (self->session, 1);

  return status;
}

int
ferry_tls_channel_set_up (FerryTlsChannel *self)
{
  return self->srp_phrase != NULL ? set_up_srp (self) : set_up_x509 (self);
}
