/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FerryTlsIdentity:
 *
 * A key and its self-signed certificate: what one account is known by, end to end. Ed25519,
 * or P-256 where a peer needs it. Immutable, reference counted, usable from any thread.
 */
typedef struct _FerryTlsIdentity FerryTlsIdentity;

typedef enum
{
  FERRY_TLS_KEY_ED25519,
  FERRY_TLS_KEY_P256,
} FerryTlsKey;

/* Makes one, which takes a millisecond. @jid: bare; written into the certificate as its xmppAddr. */
FerryTlsIdentity *ferry_tls_identity_generate    (FerryTlsKey        key,
                                                  const char        *jid,
                                                  GError           **error);
/* @path: of a PEM file that only its owner may read; others are refused. */
FerryTlsIdentity *ferry_tls_identity_load        (const char        *path,
                                                  GError           **error);
/* Written beside it first, mode 0600, synced, then renamed. */
gboolean          ferry_tls_identity_save        (FerryTlsIdentity  *self,
                                                  const char        *path,
                                                  GError           **error);
FerryTlsIdentity *ferry_tls_identity_ref         (FerryTlsIdentity  *self);
void              ferry_tls_identity_unref       (FerryTlsIdentity  *self);

/* The DER certificate. Borrowed. */
GBytes           *ferry_tls_identity_get_certificate (FerryTlsIdentity *self);
/* Lower-case hex, of the DER certificate. */
const char       *ferry_tls_identity_get_sha1    (FerryTlsIdentity  *self);
const char       *ferry_tls_identity_get_sha256  (FerryTlsIdentity  *self);

/* Lower-case hex digests of any DER certificate. @certificate: untrusted bytes */
char             *ferry_tls_certificate_dup_sha1   (GBytes          *certificate);
char             *ferry_tls_certificate_dup_sha256 (GBytes          *certificate);
/* Whether the bytes are one certificate that we would accept at all: well-formed, at least
 * RSA 2048, P-256 or Ed25519, not MD5 or SHA-1 signed (SEC-32). */
gboolean          ferry_tls_certificate_check    (GBytes            *certificate,
                                                  GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryTlsIdentity, ferry_tls_identity_unref)

G_END_DECLS
