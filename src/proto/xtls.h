/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_XTLS   "urn:xmpp:jingle:security:xtls:0"
#define FERRY_NS_C2CTLS "urn:xmpp:tmp:c2ctls" /* XEP-0250 */

/* How two people secure a session; a bit each. */
typedef enum
{
  FERRY_XTLS_X509 = 1 << 0, /* by certificates */
  FERRY_XTLS_SRP = 1 << 1,  /* by a phrase that both know */
} FerryXtlsMethods;

/* How a `<security/>` is written (XTLS-12, -13, -22). */
typedef enum
{
  FERRY_XTLS_FORM_NATIVE,  /* fingerprint and method children */
  FERRY_XTLS_FORM_OFFER,   /* the founding draft's: an offer of c2ctls, the method an attribute */
  FERRY_XTLS_FORM_FOREIGN, /* something else under the same name: never answered in kind */
} FerryXtlsForm;

/**
 * FerryXtls:
 *
 * A `<security/>` as a plain value (Jingle XTLS; XEP-0247 0.2). Fingerprints are lower-case
 * hex of the DER certificate; "": not said.
 */
typedef struct
{
  FerryXtlsForm form;
  guint         methods; /* of #FerryXtlsMethods; what is not known is left out */
  char          sha1[41];
  char          sha256[65];
} FerryXtls;

/* @security: the element, of an offer, an answer or a security-info. %FALSE: malformed
 * (bad-request). */
gboolean      ferry_xtls_parse      (const FerryElement  *security,
                                     FerryXtls           *self,
                                     GError             **error);
/* Fingerprints are said with X509 alone. */
FerryElement *ferry_xtls_to_element (const FerryXtls     *self);
/* What a security-info says (XTLS-12). @form: how the peer wrote its answer */
FerryElement *ferry_xtls_choice_to_element (FerryXtlsMethods method,
                                     FerryXtlsForm        form);
/* Whether @fingerprint and what @self says may be of the same certificate: every digest that
 * both have is equal, and there is at least one. */
gboolean      ferry_xtls_fits       (const FerryXtls     *self,
                                     const char          *sha1,
                                     const char          *sha256);

/* What a person wants of the sessions with somebody. */
typedef enum
{
  FERRY_SECURITY_AUTO,     /* whenever the other side can */
  FERRY_SECURITY_REQUIRED, /* or not at all */
  FERRY_SECURITY_NONE,     /* never (files alone: there is no open chat) */
} FerrySecurityPolicy;

/* What a session is told of both sides at birth. Borrowed; copied by whoever keeps it. */
typedef struct
{
  FerrySecurityPolicy policy;
  guint               methods;       /* what we offer and take, of #FerryXtlsMethods. SRP: only with
                                      * a phrase at hand, which then has to be used */
  FerryXtls           own;           /* our fingerprints; the rest is not looked at */
  const char         *pinned_sha1;   /* (nullable): of the certificate the peer must have */
  const char         *pinned_sha256; /* (nullable): likewise; both or none */
  gboolean            is_expected;   /* the peer can do it: a session without is an attack (XTLS-25) */
} FerrySecurityTerms;

G_END_DECLS
