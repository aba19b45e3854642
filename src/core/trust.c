/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-trust"

#include "config.h"

#include "core/trust-private.h"
#include "net/pin-store.h"
#include "net/tls-stream.h"
#include "proto/jid.h"

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
  GHashTable          *pins;          /* (owned): bare JID (its) → Entry (owned) */
  GHashTable          *policies;      /* (owned): bare JID (owned) → #FerrySecurityPolicy */
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_IDENTITY_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryTrust, ferry_trust, G_TYPE_OBJECT)

typedef struct
{
  FerryPin        shown;  /* first: what others see is this; of @record */
  FerryPinRecord *record; /* (owned) */
} Entry;

static void
entry_free (Entry *entry)
{
  ferry_pin_record_free (entry->record);
  g_free (entry);
}

static void
entry_show (Entry *entry)
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
static void
insert_entry (GHashTable     *pins,
              FerryPinRecord *record)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->record = record;
  entry_show (entry);
  g_hash_table_replace (pins, record->jid, entry);
}

/* Returns: (nullable) (transfer full) */
static char *
dup_bare (const char *jid)
{
  g_autofree char *normal = ferry_jid_normalise (jid, NULL);

  return normal != NULL ? ferry_jid_dup_bare (normal) : NULL;
}

static Entry *
find_entry (FerryTrust *self,
            const char *jid)
{
  g_autofree char *bare = dup_bare (jid);

  return bare != NULL ? g_hash_table_lookup (self->pins, bare) : NULL;
}

static void
emit_changed (FerryTrust *self,
              const char *bare)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, bare);
}

static GHashTable *
new_pins (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) entry_free);
}

static GHashTable *
new_policies (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* What cannot be ours is left out: a level without a meaning would be a claim. */
static void
take_contents (FerryTrust             *self,
               const FerryPinContents *contents)
{
  for (guint i = 0; i < contents->pins->len; i++)
    {
      const FerryPinRecord *record = contents->pins->pdata[i];

      if (record->level >= FERRY_TRUST_FIRST_USE && record->level <= FERRY_TRUST_PHRASE)
        insert_entry (self->pins, ferry_pin_record_copy (record));
    }

  for (guint i = 0; i < contents->policies->len; i++)
    {
      const FerryPolicyRecord *record = contents->policies->pdata[i];

      if (record->policy >= FERRY_SECURITY_AUTO && record->policy <= FERRY_SECURITY_NONE)
        g_hash_table_insert (self->policies, g_strdup (record->jid),
                             GINT_TO_POINTER (record->policy));
    }
}

static gboolean
is_same_pin (const FerryPin *a,
             const FerryPin *b)
{
  return a != NULL && b != NULL && g_str_equal (a->sha256, b->sha256) && a->level == b->level
         && g_strcmp0 (a->changed_sha256, b->changed_sha256) == 0;
}

/* Adds the keys of @table to @jids: those of whom something differs between it and @other. */
static void
collect_differing (GHashTable *jids,
                   GHashTable *table,
                   GHashTable *other,
                   gboolean    are_pins)
{
  GHashTableIter iter;
  gpointer jid, value, was;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &jid, &value))
    {
      gboolean known = g_hash_table_lookup_extended (other, jid, NULL, &was);

      if (!known || (are_pins ? !is_same_pin (value, was) : value != was))
        g_hash_table_add (jids, g_strdup (jid));
    }
}

static void
trust_stored_cb (const FerryPinContents *contents,
                 gpointer                user_data)
{
  g_autoptr(FerryTrust) self = g_object_ref (FERRY_TRUST (user_data));
  g_autoptr(GHashTable) pins = g_steal_pointer (&self->pins);
  g_autoptr(GHashTable) policies = g_steal_pointer (&self->policies);
  g_autoptr(GHashTable) jids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer jid;

  self->pins = new_pins ();
  self->policies = new_policies ();
  take_contents (self, contents);
  collect_differing (jids, self->pins, pins, TRUE);
  collect_differing (jids, pins, self->pins, TRUE);
  collect_differing (jids, self->policies, policies, FALSE);
  collect_differing (jids, policies, self->policies, FALSE);

  g_hash_table_iter_init (&iter, jids);
  while (g_hash_table_iter_next (&iter, &jid, NULL))
    emit_changed (self, jid);
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
  self->jid = dup_bare (jid);

  if (self->jid == NULL)
    self->jid = g_strdup (jid);

  self->policy = policy;
  self->store = ferry_pin_store_new (data_dir, self->jid);
  self->identity_path = ferry_trust_identity_dup_path (data_dir, self->jid);
  self->identity = ferry_trust_identity_obtain (self->identity_path, self->jid, &self->error);

  take_store_error (self);
  contents = ferry_pin_store_take_contents (self->store);
  take_contents (self, contents);
  ferry_pin_store_watch (self->store, trust_stored_cb, self);

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

  return TRUE;
}

const FerryPin *
ferry_trust_lookup (FerryTrust *self,
                    const char *jid)
{
  Entry *entry;

  g_return_val_if_fail (FERRY_IS_TRUST (self), NULL);
  g_return_val_if_fail (jid != NULL, NULL);

  entry = find_entry (self, jid);

  return entry != NULL ? &entry->shown : NULL;
}

static void
set_changed (FerryTrust *self,
             Entry      *entry,
             const char *sha256,
             GBytes     *certificate)
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
  emit_changed (self, jid);
}

/* @entry: (nullable): what is known already */
static void
set_pin (FerryTrust      *self,
         const Entry     *entry,
         const char      *jid,
         GBytes          *certificate,
         FerryTrustLevel  level)
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

  insert_entry (self->pins, record);
  emit_changed (self, bare);
}

gboolean
ferry_trust_pin (FerryTrust      *self,
                 const char      *jid,
                 GBytes          *certificate,
                 FerryTrustLevel  level)
{
  g_autofree char *bare = NULL;
  g_autofree char *sha256 = NULL;
  Entry *entry;
  gboolean is_same;

  g_return_val_if_fail (FERRY_IS_TRUST (self), FALSE);
  g_return_val_if_fail (jid != NULL && certificate != NULL, FALSE);
  g_return_val_if_fail (level != FERRY_TRUST_NONE, FALSE);

  bare = dup_bare (jid);
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
  Entry *entry;

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

  bare = dup_bare (jid);

  if (bare == NULL || !g_hash_table_remove (self->pins, bare))
    return;

  ferry_pin_store_remove (self->store, bare);
  emit_changed (self, bare);
}

FerrySecurityPolicy
ferry_trust_get_policy (FerryTrust *self,
                        const char *jid)
{
  g_autofree char *bare = NULL;
  gpointer policy;

  g_return_val_if_fail (FERRY_IS_TRUST (self), FERRY_SECURITY_REQUIRED);
  g_return_val_if_fail (jid != NULL, FERRY_SECURITY_REQUIRED);

  bare = dup_bare (jid);

  if (bare != NULL && g_hash_table_lookup_extended (self->policies, bare, NULL, &policy))
    return GPOINTER_TO_INT (policy);

  return self->policy;
}

void
ferry_trust_set_policy (FerryTrust          *self,
                        const char          *jid,
                        FerrySecurityPolicy  policy)
{
  g_autofree char *bare = NULL;
  gpointer was;

  g_return_if_fail (FERRY_IS_TRUST (self));
  g_return_if_fail (jid != NULL);

  bare = dup_bare (jid);

  if (bare == NULL || (g_hash_table_lookup_extended (self->policies, bare, NULL, &was)
                       && GPOINTER_TO_INT (was) == (int) policy))
    return;

  g_hash_table_replace (self->policies, g_strdup (bare), GINT_TO_POINTER (policy));
  ferry_pin_store_set_policy (self->store, bare, policy);
  emit_changed (self, bare);
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
}

static void
ferry_trust_init (FerryTrust *self)
{
  self->pins = new_pins ();
  self->policies = new_policies ();
}
