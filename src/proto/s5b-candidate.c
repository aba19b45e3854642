/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-candidate.h"

/* XEP-0260 §2.2 */
static const struct
{
  const char *name;
  guint32     preference;
} types[] = {
  [FERRY_S5B_DIRECT] = { "direct", 126 },
  [FERRY_S5B_ASSISTED] = { "assisted", 120 },
  [FERRY_S5B_TUNNEL] = { "tunnel", 110 },
  [FERRY_S5B_PROXY] = { "proxy", 10 },
};

FerryS5bCandidate *
ferry_s5b_candidate_new (void)
{
  return g_new0 (FerryS5bCandidate, 1);
}

/**
 * ferry_s5b_candidate_new_host:
 * @jid: of the host: @peer_jid itself, or a proxy's (S5B0-13)
 * @host: without brackets
 * @peer_jid: full JID of who offers it
 * @nth: its place in the list: earlier is better
 *
 * The ages before XEP-0260 0.3 have neither cids nor priorities: a host is told from
 * others by all that it is.
 *
 * Returns: (transfer full)
 */
FerryS5bCandidate *
ferry_s5b_candidate_new_host (const char *jid,
                              const char *host,
                              guint16     port,
                              const char *peer_jid,
                              guint       nth)
{
  FerryS5bCandidate *self = ferry_s5b_candidate_new ();

  self->cid = g_strdup_printf ("%u %s %s", port, host, jid);
  self->jid = g_strdup (jid);
  self->host = g_strdup (host);
  self->port = port;
  self->type = g_str_equal (jid, peer_jid) ? FERRY_S5B_DIRECT : FERRY_S5B_PROXY;
  self->priority = ferry_s5b_priority (self->type, G_MAXUINT16 - MIN (nth, G_MAXUINT16));

  return self;
}

FerryS5bCandidate *
ferry_s5b_candidate_copy (const FerryS5bCandidate *self)
{
  FerryS5bCandidate *copy = g_memdup2 (self, sizeof *self);

  copy->cid = g_strdup (self->cid);
  copy->host = g_strdup (self->host);
  copy->jid = g_strdup (self->jid);

  return copy;
}

void
ferry_s5b_candidate_free (FerryS5bCandidate *self)
{
  g_free (self->cid);
  g_free (self->host);
  g_free (self->jid);
  g_free (self);
}

/* Whether both are one place: host and port (S5B1-5). */
gboolean
ferry_s5b_candidate_is_same (const FerryS5bCandidate *a,
                             const FerryS5bCandidate *b)
{
  return a->port == b->port && g_ascii_strcasecmp (a->host, b->host) == 0;
}

GPtrArray *
ferry_s5b_candidates_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_s5b_candidate_free);
}

GPtrArray *
ferry_s5b_candidates_copy (GPtrArray *candidates)
{
  GPtrArray *copy = ferry_s5b_candidates_new ();

  for (guint i = 0; i < candidates->len; i++)
    g_ptr_array_add (copy, ferry_s5b_candidate_copy (g_ptr_array_index (candidates, i)));

  return copy;
}

/* Returns: (nullable) (transfer none) */
FerryS5bCandidate *
ferry_s5b_candidates_find (GPtrArray  *candidates,
                           const char *cid)
{
  for (guint i = 0; i < candidates->len; i++)
    {
      FerryS5bCandidate *candidate = g_ptr_array_index (candidates, i);

      if (g_strcmp0 (candidate->cid, cid) == 0)
        return candidate;
    }

  return NULL;
}

const char *
ferry_s5b_type_to_string (FerryS5bType type)
{
  g_return_val_if_fail (type < G_N_ELEMENTS (types), NULL);

  return types[type].name;
}

gboolean
ferry_s5b_type_from_string (const char   *string,
                            FerryS5bType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (string, types[i].name))
      {
        *type = i;
        return TRUE;
      }

  return FALSE;
}

/* priority = 2^16 × type preference + local preference (XEP-0260 §2.2) */
guint32
ferry_s5b_priority (FerryS5bType type,
                    guint16      local_preference)
{
  g_return_val_if_fail (type < G_N_ELEMENTS (types), 0);

  return types[type].preference << 16 | local_preference;
}
