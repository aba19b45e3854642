/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "net/tls-identity.h"

G_BEGIN_DECLS

#define FERRY_TLS_CERTIFICATE_MAX (16 * 1024) /* bytes of DER */

/* For net/tls-*.c only: the identity as GnuTLS sees it. All borrowed. */

gnutls_x509_privkey_t            ferry_tls_identity_get_key         (FerryTlsIdentity      *self);
/* May be shared by any number of sessions; nobody changes them. */
gnutls_certificate_credentials_t ferry_tls_identity_get_credentials (FerryTlsIdentity      *self);
/* Takes both, whatever it returns. */
FerryTlsIdentity                *ferry_tls_identity_new_take        (gnutls_x509_privkey_t  key,
                                                                     gnutls_x509_crt_t      crt,
                                                                     GError               **error);

G_END_DECLS
