/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/offer-limits.h"

#define MINUTE (60 * G_USEC_PER_SEC)

struct _FerryOfferLimits
{
  GHashTable *peers; /* (owned): bare JID (owned) → Recent (owned) */
};

/* When the last ones came, as a ring. */
typedef struct
{
  gint64 at[FERRY_OFFERS_PER_MINUTE]; /* µs; 0: never */
  guint  next;
} Recent;

FerryOfferLimits *
ferry_offer_limits_new (void)
{
  FerryOfferLimits *self = g_new0 (FerryOfferLimits, 1);

  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
ferry_offer_limits_free (FerryOfferLimits *self)
{
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_free (self);
}

static gboolean
recent_is_stale (gpointer jid,
                 gpointer value,
                 gpointer user_data)
{
  const Recent *recent = value;
  const gint64 *now = user_data;
  guint last = (recent->next + FERRY_OFFERS_PER_MINUTE - 1) % FERRY_OFFERS_PER_MINUTE;

  return recent->at[last] + MINUTE <= *now;
}

gboolean
ferry_offer_limits_take (FerryOfferLimits *self,
                         const char       *bare_jid,
                         guint             n_of_peer,
                         guint             n_in_all,
                         gint64            now)
{
  Recent *recent;
  gint64 oldest;

  g_hash_table_foreach_remove (self->peers, recent_is_stale, &now);
  recent = g_hash_table_lookup (self->peers, bare_jid);

  if (recent == NULL)
    {
      recent = g_new0 (Recent, 1);
      g_hash_table_insert (self->peers, g_strdup (bare_jid), recent);
    }

  oldest = recent->at[recent->next];
  if (oldest != 0 && oldest + MINUTE > now)
    return FALSE;

  recent->at[recent->next] = now;
  recent->next = (recent->next + 1) % FERRY_OFFERS_PER_MINUTE;

  return n_of_peer < FERRY_OFFERS_PER_PEER && n_in_all < FERRY_OFFERS_IN_ALL;
}

void
ferry_offer_limits_give_back (FerryOfferLimits *self,
                              const char       *bare_jid)
{
  Recent *recent = g_hash_table_lookup (self->peers, bare_jid);
  guint last;

  if (recent == NULL)
    return;

  last = (recent->next + FERRY_OFFERS_PER_MINUTE - 1) % FERRY_OFFERS_PER_MINUTE;
  recent->at[last] = 0;
  recent->next = last;
}
