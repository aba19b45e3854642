/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-address.h"
#include "proto/s5b-engine-private.h"

/* The peer's hosts, and what each is asked for. */

#define MAX_REMOTES 40 /* SEC-11 */

void
_ferry_s5b_remote_free (Remote *remote)
{
  ferry_s5b_candidate_free (remote->candidate);
  g_free (remote->note);
  g_free (remote);
}

gboolean
_ferry_s5b_remote_is_proxy (const Remote *remote)
{
  return remote->candidate->type == FERRY_S5B_PROXY;
}

gboolean
_ferry_s5b_engine_is_punched (const FerryS5bEngine *self,
                              const Remote         *remote)
{
  return self->punches && remote->candidate->type == FERRY_S5B_ASSISTED;
}

static gint
compare_priorities (gconstpointer a,
                    gconstpointer b)
{
  const Remote *first = *(const Remote *const *) a;
  const Remote *second = *(const Remote *const *) b;

  if (first->candidate->priority == second->candidate->priority)
    return 0;

  return first->candidate->priority > second->candidate->priority ? -1 : 1;
}

/* Peer: what libpurple sends through a proxy it may lose, so that proxies come last
 * wherever they are listed; the sort is stable. */
static gint
compare_kinds (gconstpointer a,
               gconstpointer b)
{
  const Remote *first = *(const Remote *const *) a;
  const Remote *second = *(const Remote *const *) b;

  return _ferry_s5b_remote_is_proxy (first) - _ferry_s5b_remote_is_proxy (second);
}

static gboolean
is_known (const FerryS5bEngine    *self,
          const FerryS5bCandidate *candidate)
{
  for (guint i = 0; i < self->remotes->len; i++)
    {
      const Remote *remote = g_ptr_array_index (self->remotes, i);

      if (g_str_equal (remote->candidate->cid, candidate->cid))
        return TRUE;
    }

  return FALSE;
}

/* Peer: Psi adds candidates by transport-info, after an empty transport (Q-PS-2);
 * time runs from the first. Returns: %FALSE: there are too many, and none is added */
gboolean
_ferry_s5b_engine_add_remotes (FerryS5bEngine *self,
                               GPtrArray      *candidates,
                               gint64          now)
{
  guint n_before = self->remotes->len;
  guint n_new = 0;

  for (guint i = 0; i < candidates->len; i++)
    n_new += !is_known (self, g_ptr_array_index (candidates, i));

  if (n_before + n_new > MAX_REMOTES)
    return FALSE;

  for (guint i = 0; i < candidates->len; i++)
    {
      Remote *remote;

      if (is_known (self, g_ptr_array_index (candidates, i)))
        continue;

      remote = g_new0 (Remote, 1);
      remote->candidate = ferry_s5b_candidate_copy (g_ptr_array_index (candidates, i));
      g_ptr_array_add (self->remotes, remote);
    }

  g_ptr_array_sort (self->remotes, self->rules->as_listed ? compare_kinds : compare_priorities);
  self->has_listed = TRUE;
  if (n_before == 0 && self->remotes->len > 0)
    self->clock = now;

  return TRUE;
}

/**
 * _ferry_s5b_engine_build_address:
 *
 * SOCKS-9, SOCKS-10: as the peer says; else the offerer's name comes first, as a proxy
 * would have it. By older texts the initiator's does.
 *
 * Peer: Psi asks for H(initiator, responder) whoever offered the host (Q-PS-1).
 *
 * Returns: (transfer full): what to ask @remote for
 */
char *
_ferry_s5b_engine_build_address (const FerryS5bEngine *self,
                                 const Remote         *remote)
{
  g_autofree char *offerer_first = ferry_s5b_address_new (self->sid, self->peer_jid, self->own_jid);
  g_autofree char *other = ferry_s5b_address_new (self->sid, self->own_jid, self->peer_jid);
  gboolean is_ours_first = self->rules->initiator_first && self->role == FERRY_ROLE_INITIATOR &&
                           !_ferry_s5b_remote_is_proxy (remote);
  const char *first = is_ours_first ? other : offerer_first;

  if (self->dstaddr != NULL)
    first = self->dstaddr;

  if (!remote->retried)
    return g_strdup (first);

  return g_strdup (g_str_equal (first, offerer_first) ? other : offerer_first);
}
