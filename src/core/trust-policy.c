/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/trust-private.h"

/* What our user wants of sessions with somebody: of one, or of everybody else. */

FerrySecurityPolicy
ferry_trust_get_policy (FerryTrust *self,
                        const char *jid)
{
  g_autofree char *bare = NULL;
  gpointer policy;

  g_return_val_if_fail (FERRY_IS_TRUST (self), FERRY_SECURITY_REQUIRED);
  g_return_val_if_fail (jid != NULL, FERRY_SECURITY_REQUIRED);

  bare = ferry_trust_dup_bare (jid);

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

  bare = ferry_trust_dup_bare (jid);

  if (bare == NULL || (g_hash_table_lookup_extended (self->policies, bare, NULL, &was)
                       && GPOINTER_TO_INT (was) == (int) policy))
    return;

  g_hash_table_replace (self->policies, g_strdup (bare), GINT_TO_POINTER (policy));
  ferry_pin_store_set_policy (self->store, bare, policy);
  ferry_trust_emit_changed (self, bare);
}

gboolean
ferry_trust_has_policy (FerryTrust *self,
                        const char *jid)
{
  g_autofree char *bare = NULL;

  g_return_val_if_fail (FERRY_IS_TRUST (self), FALSE);
  g_return_val_if_fail (jid != NULL, FALSE);

  bare = ferry_trust_dup_bare (jid);

  return bare != NULL && g_hash_table_contains (self->policies, bare);
}

void
ferry_trust_unset_policy (FerryTrust *self,
                          const char *jid)
{
  g_autofree char *bare = NULL;

  g_return_if_fail (FERRY_IS_TRUST (self));
  g_return_if_fail (jid != NULL);

  bare = ferry_trust_dup_bare (jid);

  if (bare == NULL || !g_hash_table_remove (self->policies, bare))
    return;

  ferry_pin_store_set_policy (self->store, bare, FERRY_PIN_POLICY_UNSET);
  ferry_trust_emit_changed (self, bare);
}

/* Who cannot be told apart from others is told nothing. */
gboolean
ferry_trust_get_relay_only (FerryTrust *self,
                            const char *jid)
{
  g_autofree char *bare = NULL;

  g_return_val_if_fail (FERRY_IS_TRUST (self), TRUE);
  g_return_val_if_fail (jid != NULL, TRUE);

  bare = ferry_trust_dup_bare (jid);

  return bare == NULL || g_hash_table_contains (self->relayed, bare);
}

void
ferry_trust_set_relay_only (FerryTrust *self,
                            const char *jid,
                            gboolean    relay_only)
{
  g_autofree char *bare = NULL;

  g_return_if_fail (FERRY_IS_TRUST (self));
  g_return_if_fail (jid != NULL);

  bare = ferry_trust_dup_bare (jid);

  if (bare == NULL || g_hash_table_contains (self->relayed, bare) == !!relay_only)
    return;

  if (relay_only)
    g_hash_table_insert (self->relayed, g_strdup (bare), GINT_TO_POINTER (TRUE));
  else
    g_hash_table_remove (self->relayed, bare);

  ferry_pin_store_set_relayed (self->store, bare, relay_only);
  ferry_trust_emit_changed (self, bare);
}
