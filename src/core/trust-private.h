/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/trust.h"
#include "net/pin-store.h"

G_BEGIN_DECLS

/* What is known of somebody. */
typedef struct
{
  FerryPin        shown;  /* first: what others see is this; of @record */
  FerryPinRecord *record; /* (owned) */
} FerryTrustEntry;

/* Everything is decided in memory, at once; the store is told, and tells what another Ferry
 * with the same folder decided meanwhile. */
struct _FerryTrust
{
  GObject              parent_instance;
  char                *jid;           /* (owned): bare */
  char                *identity_path; /* (owned) */
  FerryTlsIdentity    *identity;      /* (owned) (nullable) */
  GError              *error;         /* (owned) (nullable) */
  FerrySecurityPolicy  policy;        /* of those for whom nothing else is set */
  FerryPinStore       *store;         /* (owned) */
  GHashTable          *pins;          /* (owned): bare JID (its) → FerryTrustEntry (owned) */
  GHashTable          *policies;      /* (owned): bare JID (owned) → #FerrySecurityPolicy */
  GHashTable          *relayed;       /* (owned): bare JID (owned) → %TRUE: relay only */
};

/* trust.c */

/* Returns: (nullable) (transfer full): by what somebody is known */
char             *ferry_trust_dup_bare          (const char             *jid);
GHashTable       *ferry_trust_pins_new          (void);
GHashTable       *ferry_trust_policies_new      (void);
/* Takes @record. */
void              ferry_trust_insert            (GHashTable             *pins,
                                                 FerryPinRecord         *record);
void              ferry_trust_emit_changed      (FerryTrust             *self,
                                                 const char             *bare);

/* trust-merge.c */
void              ferry_trust_take_contents     (FerryTrust             *self,
                                                 const FerryPinContents *contents);
/* All of it, in place of what was known. @user_data: the trust */
void              ferry_trust_merge             (const FerryPinContents *contents,
                                                 gpointer                user_data);

/* trust-identity.c: where the key of an account lies. */

/* @jid: bare. Returns: (transfer full): a path */
char             *ferry_trust_identity_dup_path (const char             *data_dir,
                                                 const char             *jid);
/* The stored one, or a new one if there is none. */
FerryTlsIdentity *ferry_trust_identity_obtain   (const char             *path,
                                                 const char             *jid,
                                                 GError                **error);
/* A new one, stored in place of the old. */
FerryTlsIdentity *ferry_trust_identity_renew    (const char             *path,
                                                 const char             *jid,
                                                 GError                **error);

G_END_DECLS
