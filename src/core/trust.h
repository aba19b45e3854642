/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/tls-identity.h"
#include "proto/xtls.h"

G_BEGIN_DECLS

/* How we came to know a certificate; the order is that of certainty. */
typedef enum
{
  FERRY_TRUST_NONE,      /* we do not know any */
  FERRY_TRUST_FIRST_USE, /* the first one that was shown to us: not verified */
  FERRY_TRUST_COMPARED,  /* two people compared a number, or the fingerprint */
  FERRY_TRUST_PHRASE,    /* both knew a phrase */
} FerryTrustLevel;

/* What we know of somebody. Borrowed, valid until the next change. */
typedef struct
{
  const char      *jid;            /* bare */
  const char      *sha1;           /* lower-case hex */
  const char      *sha256;         /* likewise */
  GBytes          *certificate;    /* DER */
  FerryTrustLevel  level;
  gint64           since;          /* µs, real time */
  const char      *changed_sha256; /* (nullable): another one that was shown since: nothing is
                                    * sent until a person decides (SEC-33) */
  GBytes          *changed_certificate; /* (nullable): that one, if it is known whole */
} FerryPin;

/**
 * FerryTrust:
 *
 * Who we are, end to end, and by what we know others: our identity, the certificate pinned for
 * each bare JID, and what our user wants of sessions with each. One trust for chats and files.
 * Everything is in memory; it is stored by net/pin-store, off the main loop.
 *
 * Signals: "changed" (const char *bare_jid): of a pin, a policy or relay only; "identity-changed";
 * "features-changed": of what we announce.
 */
#define FERRY_TYPE_TRUST (ferry_trust_get_type ())
G_DECLARE_FINAL_TYPE (FerryTrust, ferry_trust, FERRY, TRUST, GObject)

/* @jid: ours, bare. @policy: of those for whom nothing else is set. Reads, or makes, what is in
 * @data_dir; what cannot be read is said by ferry_trust_get_error(). Without an identity nothing is
 * secured; without the pins everybody is new to us. */
FerryTrust         *ferry_trust_new              (const char           *jid,
                                                  const char           *data_dir,
                                                  FerrySecurityPolicy   policy);
/* (nullable) */
const GError       *ferry_trust_get_error        (FerryTrust           *self);
/* (nullable): only with an error */
FerryTlsIdentity   *ferry_trust_get_identity     (FerryTrust           *self);
/* A new key: everybody who knows the old one will be warned. */
gboolean            ferry_trust_replace_identity (FerryTrust           *self,
                                                  GError              **error);

/* (nullable). @jid: bare or full, as in all of these */
const FerryPin     *ferry_trust_lookup           (FerryTrust           *self,
                                                  const char           *jid);
/* The certificate of a session that went well. Nothing known: pinned; known: the level may rise,
 * never sink. Another one than the pinned one: %FALSE, and it is kept as the changed one, unless
 * the level is PHRASE or COMPARED, which replaces the pin. */
gboolean            ferry_trust_pin              (FerryTrust           *self,
                                                  const char           *jid,
                                                  GBytes               *certificate,
                                                  FerryTrustLevel       level);
/* One was announced that is not the pinned one. @certificate: (nullable) */
void                ferry_trust_report_change    (FerryTrust           *self,
                                                  const char           *jid,
                                                  const char           *sha256,
                                                  GBytes               *certificate);
/* A person decided: whatever is shown next is a first use. */
void                ferry_trust_forget           (FerryTrust           *self,
                                                  const char           *jid);

FerrySecurityPolicy ferry_trust_get_policy       (FerryTrust           *self,
                                                  const char           *jid);
/* Of those for whom nothing else is set. */
void                ferry_trust_set_default      (FerryTrust           *self,
                                                  FerrySecurityPolicy   policy);
void                ferry_trust_set_policy       (FerryTrust           *self,
                                                  const char           *jid,
                                                  FerrySecurityPolicy   policy);
/* Whether something is set for @jid alone; without, it is as for everybody. */
gboolean            ferry_trust_has_policy       (FerryTrust           *self,
                                                  const char           *jid);
void                ferry_trust_unset_policy     (FerryTrust           *self,
                                                  const char           *jid);
/* Whether @jid alone is not to learn our addresses: proxies and in-band only (SEC-15). */
gboolean            ferry_trust_get_relay_only   (FerryTrust           *self,
                                                  const char           *jid);
void                ferry_trust_set_relay_only   (FerryTrust           *self,
                                                  const char           *jid,
                                                  gboolean              relay_only);
/* What of it we announce (XTLS-1, XS-2). Static; %NULL-terminated. */
const char *const  *ferry_trust_get_features     (FerryTrust           *self);
/* What a session with @jid is told. @features: (nullable): of the peer. @phrase: whether there
 * is one. The strings of @terms are borrowed until the next change. */
void                ferry_trust_get_terms        (FerryTrust           *self,
                                                  const char           *jid,
                                                  const char *const    *features,
                                                  gboolean              phrase,
                                                  FerrySecurityTerms   *terms);

/* Returns when what was stored so far is on the disk: for an orderly end. */
void                ferry_trust_flush            (FerryTrust           *self);

G_END_DECLS
