/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The FerryTrust of fake-core.h, and the one identity that the windows show. */

#include "config.h"

#include "fake-core.h"

#define OWN_SHA256 "2f4b8c16d09ae73551c8407be6f2a91d7083b5ce4a19f6d2885e3c07ab41d96f"
#define THEIR_SHA256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define OTHER_SHA256 "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"

struct _FerryTlsIdentity
{
  const char *sha256;
};

struct _FerryTrust
{
  GObject              parent_instance;
  FerryTlsIdentity     identity;
  GHashTable          *pins;     /* (owned): bare JID → FerryPin */
  GHashTable          *policies; /* (owned): bare JID → FerrySecurityPolicy */
  GHashTable          *relayed;  /* (owned): set of bare JIDs */
};

G_DEFINE_FINAL_TYPE (FerryTrust, ferry_trust, G_TYPE_OBJECT)

const char *
ferry_tls_identity_get_sha256 (FerryTlsIdentity *self)
{
  return self->sha256;
}

static void
pin_free (gpointer data)
{
  FerryPin *pin = data;

  g_free ((char *) pin->jid);
  g_bytes_unref (pin->certificate);
  g_clear_pointer (&pin->changed_certificate, g_bytes_unref);
  g_free (pin);
}

void
fake_trust_set (FerryTrust      *self,
                const char      *jid,
                FerryTrustLevel  level,
                gboolean         is_changed)
{
  FerryPin *pin = g_new0 (FerryPin, 1);

  pin->jid = g_strdup (jid);
  pin->sha1 = "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3";
  pin->sha256 = THEIR_SHA256;
  pin->certificate = g_bytes_new_static ("pinned", 6);
  pin->level = level;
  pin->since = g_get_real_time ();
  if (is_changed)
    {
      pin->changed_sha256 = OTHER_SHA256;
      pin->changed_certificate = g_bytes_new_static ("changed", 7);
    }
  g_hash_table_replace (self->pins, (char *) pin->jid, pin);
  g_signal_emit_by_name (self, "changed", jid);
}

const GError *
ferry_trust_get_error (FerryTrust *self)
{
  return NULL;
}

FerryTlsIdentity *
ferry_trust_get_identity (FerryTrust *self)
{
  return &self->identity;
}

gboolean
ferry_trust_replace_identity (FerryTrust  *self,
                              GError     **error)
{
  self->identity.sha256 = OTHER_SHA256;
  g_print ("replace identity\n");
  g_signal_emit_by_name (self, "identity-changed");
  return TRUE;
}

const FerryPin *
ferry_trust_lookup (FerryTrust *self,
                    const char *jid)
{
  return g_hash_table_lookup (self->pins, jid);
}

gboolean
ferry_trust_pin (FerryTrust      *self,
                 const char      *jid,
                 GBytes          *certificate,
                 FerryTrustLevel  level)
{
  g_print ("pin %s %s\n", jid, (const char *) g_bytes_get_data (certificate, NULL));
  fake_trust_set (self, jid, level, FALSE);
  return TRUE;
}

void
ferry_trust_forget (FerryTrust *self,
                    const char *jid)
{
  g_print ("forget %s\n", jid);
  g_hash_table_remove (self->pins, jid);
  g_signal_emit_by_name (self, "changed", jid);
}

FerrySecurityPolicy
ferry_trust_get_policy (FerryTrust *self,
                        const char *jid)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->policies, jid));
}

void
ferry_trust_set_default (FerryTrust          *self,
                         FerrySecurityPolicy  policy)
{
  g_print ("default policy %d\n", (int) policy);
}

void
ferry_trust_set_policy (FerryTrust          *self,
                        const char          *jid,
                        FerrySecurityPolicy  policy)
{
  g_print ("policy %s %d\n", jid, (int) policy);
  g_hash_table_replace (self->policies, g_strdup (jid), GINT_TO_POINTER (policy));
  g_signal_emit_by_name (self, "changed", jid);
}

gboolean
ferry_trust_has_policy (FerryTrust *self,
                        const char *jid)
{
  return g_hash_table_contains (self->policies, jid);
}

void
ferry_trust_unset_policy (FerryTrust *self,
                          const char *jid)
{
  g_print ("no policy %s\n", jid);
  g_hash_table_remove (self->policies, jid);
  g_signal_emit_by_name (self, "changed", jid);
}

gboolean
ferry_trust_get_relay_only (FerryTrust *self,
                            const char *jid)
{
  return g_hash_table_contains (self->relayed, jid);
}

void
ferry_trust_set_relay_only (FerryTrust *self,
                            const char *jid,
                            gboolean    relay_only)
{
  g_print ("relay only %s %d\n", jid, relay_only);
  if (relay_only)
    g_hash_table_add (self->relayed, g_strdup (jid));
  else
    g_hash_table_remove (self->relayed, jid);
  g_signal_emit_by_name (self, "changed", jid);
}

static void
ferry_trust_finalize (GObject *object)
{
  g_hash_table_unref (FERRY_TRUST (object)->pins);
  g_hash_table_unref (FERRY_TRUST (object)->policies);
  g_hash_table_unref (FERRY_TRUST (object)->relayed);
  G_OBJECT_CLASS (ferry_trust_parent_class)->finalize (object);
}

static void
ferry_trust_class_init (FerryTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_trust_finalize;
  g_signal_new ("changed", FERRY_TYPE_TRUST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("identity-changed", FERRY_TYPE_TRUST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
ferry_trust_init (FerryTrust *self)
{
  self->identity.sha256 = OWN_SHA256;
  self->pins = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, pin_free);
  self->policies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->relayed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}
