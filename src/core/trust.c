/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-trust"

#include "config.h"

#include "core/trust-private.h"
#include "net/tls-stream.h"
#include "proto/jid.h"
#include "proto/xml-stream.h"

enum
{
  SIGNAL_CHANGED,
  SIGNAL_IDENTITY_CHANGED,
  SIGNAL_FEATURES_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryTrust, ferry_trust, G_TYPE_OBJECT)

static void
entry_free (FerryTrustEntry *entry)
{
  ferry_pin_record_free (entry->record);
  g_free (entry);
}

static void
entry_show (FerryTrustEntry *entry)
{
  const FerryPinRecord *record = entry->record;

  entry->shown = (FerryPin) {
    .jid = record->jid,
    .sha1 = record->sha1,
    .sha256 = record->sha256,
    .certificate = record->certificate,
    .level = record->level,
    .since = record->since,
    .changed_sha256 = record->changed_sha256,
    .changed_certificate = record->changed_certificate,
  };
}

/* Takes @record. */
void
ferry_trust_insert (GHashTable     *pins,
                    FerryPinRecord *record)
{
  FerryTrustEntry *entry = g_new0 (FerryTrustEntry, 1);

  entry->record = record;
  entry_show (entry);
  g_hash_table_replace (pins, record->jid, entry);
}

char *
ferry_trust_dup_bare (const char *jid)
{
  g_autofree char *normal = ferry_jid_normalise (jid, NULL);

  return normal != NULL ? ferry_jid_dup_bare (normal) : NULL;
}

static FerryTrustEntry *
find_entry (FerryTrust *self,
            const char *jid)
{
  g_autofree char *bare = ferry_trust_dup_bare (jid);

  return bare != NULL ? g_hash_table_lookup (self->pins, bare) : NULL;
}

void
ferry_trust_emit_changed (FerryTrust *self,
                          const char *bare)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, bare);
}

GHashTable *
ferry_trust_pins_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) entry_free);
}

GHashTable *
ferry_trust_policies_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* That of the identity is the graver one. */
static void
take_store_error (FerryTrust *self)
{
  const GError *error = ferry_pin_store_get_error (self->store);

  if (self->error == NULL && error != NULL)
    self->error = g_error_copy (error);
}

/**
 * ferry_trust_new:
 *
 * Returns: (transfer full)
 */
FerryTrust *
ferry_trust_new (const char          *jid,
                 const char          *data_dir,
                 FerrySecurityPolicy  policy)
{
  g_autoptr(FerryPinContents) contents = NULL;
  FerryTrust *self;

  g_return_val_if_fail (jid != NULL, NULL);
  g_return_val_if_fail (data_dir != NULL, NULL);

  self = g_object_new (FERRY_TYPE_TRUST, NULL);
  self->jid = ferry_trust_dup_bare (jid);

  if (self->jid == NULL)
    self->jid = g_strdup (jid);

  self->policy = policy;
  self->store = ferry_pin_store_new (data_dir, self->jid);
  self->identity_path = ferry_trust_identity_dup_path (data_dir, self->jid);
  self->identity = ferry_trust_identity_obtain (self->identity_path, self->jid, &self->error);

  take_store_error (self);
  contents = ferry_pin_store_take_contents (self->store);
  ferry_trust_take_contents (self, contents);
  ferry_pin_store_watch (self->store, ferry_trust_merge, self);

  return self;
}

const GError *
ferry_trust_get_error (FerryTrust *self)
{
  g_return_val_if_fail (FERRY_IS_TRUST (self), NULL);

  return self->error;
}

FerryTlsIdentity *
ferry_trust_get_identity (FerryTrust *self)
{
  g_return_val_if_fail (FERRY_IS_TRUST (self), NULL);

  return self->identity;
}

gboolean
ferry_trust_replace_identity (FerryTrust  *self,
                              GError     **error)
{
  FerryTlsIdentity *identity;

  g_return_val_if_fail (FERRY_IS_TRUST (self), FALSE);

  identity = ferry_trust_identity_renew (self->identity_path, self->jid, error);

  if (identity == NULL)
    return FALSE;

  g_clear_pointer (&self->identity, ferry_tls_identity_unref);
  self->identity = identity;
  g_clear_error (&self->error);
  take_store_error (self);
  g_signal_emit (self, signals[SIGNAL_IDENTITY_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_FEATURES_CHANGED], 0);

  return TRUE;
}

const FerryPin *
ferry_trust_lookup (FerryTrust *self,
                    const char *jid)
{
  FerryTrustEntry *entry;

  g_return_val_if_fail (FERRY_IS_TRUST (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  entry = find_entry (self, jid);

  return entry != NULL ? &entry->shown : NULL;
}

static void
set_changed (FerryTrust      *self,
             FerryTrustEntry *entry,
             const char      *sha256,
             GBytes          *certificate)
{
  FerryPinRecord *record = entry->record;
  g_autofree char *jid = g_strdup (record->jid);

  if (g_strcmp0 (record->changed_sha256, sha256) == 0
      && (certificate == NULL || record->changed_certificate != NULL))
    return;

  if (g_strcmp0 (record->changed_sha256, sha256) != 0)
    {
      g_clear_pointer (&record->changed_certificate, g_bytes_unref);
      g_free (record->changed_sha256);
      record->changed_sha256 = g_strdup (sha256);
    }
  if (certificate != NULL)
    record->changed_certificate = g_bytes_ref (certificate);

  entry_show (entry);
  ferry_pin_store_set_changed (self->store, jid, sha256, certificate);
  ferry_trust_emit_changed (self, jid);
}

/* @entry: (nullable): what is known already */
static void
set_pin (FerryTrust            *self,
         const FerryTrustEntry *entry,
         const char            *jid,
         GBytes                *certificate,
         FerryTrustLevel        level)
{
  FerryPinRecord *record = g_new0 (FerryPinRecord, 1);
  g_autofree char *bare = g_strdup (jid);

  record->jid = g_strdup (jid);
  record->sha256 = ferry_tls_certificate_dup_sha256 (certificate);
  record->sha1 = ferry_tls_certificate_dup_sha1 (certificate);
  record->certificate = g_bytes_ref (certificate);
  record->level = level;
  record->since = g_get_real_time ();

  if (entry != NULL && entry->record->level >= (int) level
      && g_str_equal (entry->record->sha256, record->sha256))
    {
      record->level = entry->record->level;
      record->since = entry->record->since;
    }

  if (level == FERRY_TRUST_FIRST_USE)
    ferry_pin_store_add (self->store, record);
  else
    ferry_pin_store_replace (self->store, record);

  ferry_trust_insert (self->pins, record);
  ferry_trust_emit_changed (self, bare);
}

gboolean
ferry_trust_pin (FerryTrust      *self,
                 const char      *jid,
                 GBytes          *certificate,
                 FerryTrustLevel  level)
{
  g_autofree char *bare = NULL;
  g_autofree char *sha256 = NULL;
  FerryTrustEntry *entry;
  gboolean is_same;

  g_return_val_if_fail (FERRY_IS_TRUST (self), FALSE);
  g_return_val_if_fail (jid != NULL && certificate != NULL, FALSE);
  g_return_val_if_fail (level != FERRY_TRUST_NONE, FALSE);

  bare = ferry_trust_dup_bare (jid);
  sha256 = ferry_tls_certificate_dup_sha256 (certificate);

  if (bare == NULL)
    return FALSE;

  entry = g_hash_table_lookup (self->pins, bare);
  is_same = entry != NULL && g_str_equal (entry->record->sha256, sha256);

  if (entry != NULL && !is_same && level == FERRY_TRUST_FIRST_USE)
    {
      set_changed (self, entry, sha256, certificate);
      return FALSE;
    }

  /* Who verified decided about a changed one, too. */
  if (!is_same || (level > FERRY_TRUST_FIRST_USE
                   && ((int) level > entry->record->level
                       || entry->record->changed_sha256 != NULL)))
    set_pin (self, entry, bare, certificate, level);

  return TRUE;
}

void
ferry_trust_report_change (FerryTrust *self,
                           const char *jid,
                           const char *sha256,
                           GBytes     *certificate)
{
  FerryTrustEntry *entry;

  g_return_if_fail (FERRY_IS_TRUST (self));
  g_return_if_fail (jid != NULL && sha256 != NULL);

  entry = find_entry (self, jid);

  if (entry != NULL && !g_str_equal (entry->record->sha256, sha256))
    set_changed (self, entry, sha256, certificate);
}

void
ferry_trust_forget (FerryTrust *self,
                    const char *jid)
{
  g_autofree char *bare = NULL;

  g_return_if_fail (FERRY_IS_TRUST (self));
  g_return_if_fail (jid != NULL);

  bare = ferry_trust_dup_bare (jid);

  if (bare == NULL || !g_hash_table_remove (self->pins, bare))
    return;

  ferry_pin_store_remove (self->store, bare);
  ferry_trust_emit_changed (self, bare);
}

void
ferry_trust_set_default (FerryTrust          *self,
                         FerrySecurityPolicy  policy)
{
  g_return_if_fail (FERRY_IS_TRUST (self));

  if (self->policy == policy)
    return;

  self->policy = policy;
  g_signal_emit (self, signals[SIGNAL_FEATURES_CHANGED], 0);
}

/* A phrase that cannot be used secures nothing; certificates are not what was asked for. */
static guint
get_methods (FerryTrust *self,
             gboolean    phrase)
{
  if (self->identity == NULL)
    return 0;

  if (!phrase)
    return FERRY_XTLS_X509;

  return ferry_tls_stream_has_srp () ? FERRY_XTLS_X509 | FERRY_XTLS_SRP : 0;
}

const char *const *
ferry_trust_get_features (FerryTrust *self)
{
  /* There are no streams without what secures them, and with the policy never, no files either;
   * but whoever may have a stream of us still knows how. */
  static const char *const features[] = {
    FERRY_NS_XML_STREAM,
    FERRY_NS_XML_STREAM_TMP,
    FERRY_NS_XTLS,
    NULL
  };
  static const char *const streams[] = { FERRY_NS_XML_STREAM, FERRY_NS_XML_STREAM_TMP, NULL };
  static const char *const none[] = { NULL };

  g_return_val_if_fail (FERRY_IS_TRUST (self), none);

  if (self->identity == NULL)
    return none;

  return self->policy == FERRY_SECURITY_NONE ? streams : features;
}

void
ferry_trust_get_terms (FerryTrust         *self,
                       const char         *jid,
                       const char *const  *features,
                       gboolean            phrase,
                       FerrySecurityTerms *terms)
{
  const FerryPin *pin;

  g_return_if_fail (FERRY_IS_TRUST (self));
  g_return_if_fail (jid != NULL && terms != NULL);

  pin = ferry_trust_lookup (self, jid);
  *terms = (FerrySecurityTerms) {
    .policy = ferry_trust_get_policy (self, jid),
    .methods = get_methods (self, phrase),
    .pinned_sha1 = pin != NULL ? pin->sha1 : NULL,
    .pinned_sha256 = pin != NULL ? pin->sha256 : NULL,
    .is_expected = pin != NULL || (self->identity != NULL && features != NULL
                                   && g_strv_contains (features, FERRY_NS_XTLS)),
  };

  if (self->identity != NULL)
    {
      g_strlcpy (terms->own.sha1, ferry_tls_identity_get_sha1 (self->identity),
                 sizeof terms->own.sha1);
      g_strlcpy (terms->own.sha256, ferry_tls_identity_get_sha256 (self->identity),
                 sizeof terms->own.sha256);
    }
}

void
ferry_trust_flush (FerryTrust *self)
{
  g_return_if_fail (FERRY_IS_TRUST (self));

  ferry_pin_store_flush (self->store);
}

static void
ferry_trust_finalize (GObject *object)
{
  FerryTrust *self = FERRY_TRUST (object);

  g_clear_pointer (&self->store, ferry_pin_store_free);
  g_clear_pointer (&self->identity, ferry_tls_identity_unref);
  g_clear_pointer (&self->pins, g_hash_table_unref);
  g_clear_pointer (&self->policies, g_hash_table_unref);
  g_clear_pointer (&self->relayed, g_hash_table_unref);
  g_clear_pointer (&self->identity_path, g_free);
  g_clear_pointer (&self->jid, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (ferry_trust_parent_class)->finalize (object);
}

static void
ferry_trust_class_init (FerryTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_trust_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FERRY_TYPE_TRUST, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_IDENTITY_CHANGED] =
    g_signal_new ("identity-changed", FERRY_TYPE_TRUST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_FEATURES_CHANGED] =
    g_signal_new ("features-changed", FERRY_TYPE_TRUST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
ferry_trust_init (FerryTrust *self)
{
  self->pins = ferry_trust_pins_new ();
  self->policies = ferry_trust_policies_new ();
  self->relayed = ferry_trust_policies_new ();
}
