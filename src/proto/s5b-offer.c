/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-offer.h"

/* S5B1-17: no two priorities in a session are equal, whoever the peer is, and so
 * the rule for equal ones never decides. Peer: Dino has it inverted (Q-DI-6). */
#define DIRECT_PREFERENCE  20011
#define PROXY_PREFERENCE   21007
#define PREFERENCE_STEP    16
#define RESPONDER_OFFSET   7

/**
 * ferry_s5b_offer_new:
 * @nonce: random, at least 64 bit as text (S5B1-22)
 * @theirs: (nullable): candidates of the peer; a place they name is not named
 *   again (S5B1-5)
 */
FerryS5bOffer *
ferry_s5b_offer_new (FerryRole   role,
                     const char *nonce,
                     GPtrArray  *theirs)
{
  FerryS5bOffer *self = g_new0 (FerryS5bOffer, 1);

  self->role = role;
  self->nonce = g_strdup (nonce);
  self->theirs = theirs != NULL ? g_ptr_array_ref (theirs) : NULL;
  self->candidates = ferry_s5b_candidates_new ();

  return self;
}

void
ferry_s5b_offer_free (FerryS5bOffer *self)
{
  g_free (self->nonce);
  g_clear_pointer (&self->theirs, g_ptr_array_unref);
  g_ptr_array_unref (self->candidates);
  g_free (self);
}

static gboolean
is_named (GPtrArray               *candidates,
          const FerryS5bCandidate *candidate)
{
  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    if (ferry_s5b_candidate_is_same (g_ptr_array_index (candidates, i), candidate))
      return TRUE;

  return FALSE;
}

/* Best first: the preference falls with each. */
static guint32
priority_of_nth (FerryRole    role,
                 FerryS5bType type,
                 guint        n)
{
  guint first = type == FERRY_S5B_PROXY ? PROXY_PREFERENCE : DIRECT_PREFERENCE;
  guint offset = role == FERRY_ROLE_RESPONDER ? RESPONDER_OFFSET : 0;

  return ferry_s5b_priority (type, first + offset - PREFERENCE_STEP * n);
}

/* Returns: (nullable): it is not to be offered */
static FerryS5bCandidate *
add (FerryS5bOffer *self,
     FerryS5bType   type,
     const char    *host,
     guint16        port,
     const char    *jid)
{
  g_autoptr(FerryS5bCandidate) candidate = ferry_s5b_candidate_new ();
  guint *n = type == FERRY_S5B_PROXY ? &self->n_proxies : &self->n_direct;
  guint max = type == FERRY_S5B_PROXY ? FERRY_S5B_MAX_PROXY_OFFERED : FERRY_S5B_MAX_DIRECT_OFFERED;

  candidate->host = g_strdup (host);
  candidate->port = port;
  if (*n >= max || is_named (self->theirs, candidate) || is_named (self->candidates, candidate))
    return NULL;

  candidate->cid = g_strdup_printf ("%s%u", self->nonce, self->candidates->len);
  candidate->jid = g_strdup (jid);
  candidate->type = type;
  candidate->priority = priority_of_nth (self->role, type, *n);
  (*n)++;
  g_ptr_array_add (self->candidates, candidate);

  return g_steal_pointer (&candidate);
}

gboolean
ferry_s5b_offer_add_direct (FerryS5bOffer *self,
                            const char    *host,
                            guint16        port,
                            const char    *own_jid)
{
  return add (self, FERRY_S5B_DIRECT, host, port, own_jid) != NULL;
}

gboolean
ferry_s5b_offer_add_mapped (FerryS5bOffer *self,
                            const char    *host,
                            guint16        port,
                            const char    *own_jid)
{
  FerryS5bCandidate *candidate = add (self, FERRY_S5B_DIRECT, host, port, own_jid);

  if (candidate != NULL)
    candidate->is_translated = TRUE;

  return candidate != NULL;
}

gboolean
ferry_s5b_offer_add_assisted (FerryS5bOffer *self,
                              const char    *host,
                              guint16        port,
                              const char    *own_jid)
{
  FerryS5bCandidate *candidate = add (self, FERRY_S5B_ASSISTED, host, port, own_jid);

  if (candidate != NULL)
    candidate->is_translated = TRUE;

  return candidate != NULL;
}

gboolean
ferry_s5b_offer_add_proxy (FerryS5bOffer *self,
                           const char    *host,
                           guint16        port,
                           const char    *proxy_jid)
{
  return add (self, FERRY_S5B_PROXY, host, port, proxy_jid) != NULL;
}

/* Returns: (transfer none) */
GPtrArray *
ferry_s5b_offer_get_candidates (FerryS5bOffer *self)
{
  return self->candidates;
}
