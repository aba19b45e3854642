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
