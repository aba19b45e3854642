/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/trust-private.h"

/* What is stored becomes what is known: at the start, and when another Ferry with the same
 * folder wrote. */

/* What cannot be ours is left out: a level without a meaning would be a claim. */
void
ferry_trust_take_contents (FerryTrust             *self,
                           const FerryPinContents *contents)
{
  for (guint i = 0; i < contents->pins->len; i++)
    {
      const FerryPinRecord *record = contents->pins->pdata[i];

      if (record->level >= FERRY_TRUST_FIRST_USE && record->level <= FERRY_TRUST_PHRASE)
        ferry_trust_insert (self->pins, ferry_pin_record_copy (record));
    }

  for (guint i = 0; i < contents->policies->len; i++)
    {
      const FerryPolicyRecord *record = contents->policies->pdata[i];

      if (record->policy >= FERRY_SECURITY_AUTO && record->policy <= FERRY_SECURITY_NONE)
        g_hash_table_insert (self->policies, g_strdup (record->jid),
                             GINT_TO_POINTER (record->policy));
    }

  for (guint i = 0; i < contents->relayed->len; i++)
    g_hash_table_insert (self->relayed, g_strdup (contents->relayed->pdata[i]),
                         GINT_TO_POINTER (TRUE));
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

void
ferry_trust_merge (const FerryPinContents *contents,
                   gpointer                user_data)
{
  g_autoptr(FerryTrust) self = g_object_ref (FERRY_TRUST (user_data));
  g_autoptr(GHashTable) pins = g_steal_pointer (&self->pins);
  g_autoptr(GHashTable) policies = g_steal_pointer (&self->policies);
  g_autoptr(GHashTable) relayed = g_steal_pointer (&self->relayed);
  g_autoptr(GHashTable) jids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer jid;

  self->pins = ferry_trust_pins_new ();
  self->policies = ferry_trust_policies_new ();
  self->relayed = ferry_trust_policies_new ();
  ferry_trust_take_contents (self, contents);
  collect_differing (jids, self->pins, pins, TRUE);
  collect_differing (jids, pins, self->pins, TRUE);
  collect_differing (jids, self->policies, policies, FALSE);
  collect_differing (jids, policies, self->policies, FALSE);
  collect_differing (jids, self->relayed, relayed, FALSE);
  collect_differing (jids, relayed, self->relayed, FALSE);

  g_hash_table_iter_init (&iter, jids);
  while (g_hash_table_iter_next (&iter, &jid, NULL))
    ferry_trust_emit_changed (self, jid);
}
