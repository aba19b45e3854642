/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-address.h"
#include "proto/s5b-engine-private.h"

/* The half of the engine that dials the peer's hosts, until it can report that
 * one was reached or none can be (XEP-0260 §2.3). */

#define STAGGER        (200 * MSEC)  /* between starts, S5B1-6 */
#define PROXY_DELAY    (1000 * MSEC) /* before the first proxy, while direct hosts are in play */
#define LIMIT          (5000 * MSEC) /* S5B1-21 */
#define LIMIT_PROXIES  (8000 * MSEC) /* with proxies among the hosts; SEC-17 */
#define LIMIT_OUTDONE  (PROXY_DELAY + STAGGER)
#define GRACE          (100 * MSEC)
#define MAX_PARALLEL   8             /* SEC-17 */
#define MAX_DIALS      20            /* SEC-17 */
#define MAX_REMOTES    40            /* SEC-11 */

static gboolean
is_proxy (const Remote *remote)
{
  return remote->candidate->type == FERRY_S5B_PROXY;
}

static guint
count (const FerryS5bEngine *self,
       RemoteState           state,
       gboolean              proxies)
{
  guint n = 0;

  for (guint i = 0; i < self->remotes->len; i++)
    {
      const Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state == state && is_proxy (remote) == proxies)
        n++;
    }

  return n;
}

static guint
count_both (const FerryS5bEngine *self,
            RemoteState           state)
{
  return count (self, state, TRUE) + count (self, state, FALSE);
}

/* When @remote's turn comes; in the past: now. */
static gint64
get_turn (const FerryS5bEngine *self,
          const Remote         *remote)
{
  guint n_running = count (self, REMOTE_DIALLING, FALSE);
  gboolean has_direct = n_running + count (self, REMOTE_WAITING, FALSE) > 0;
  gint64 after_last = 0;

  if (!is_proxy (remote))
    return n_running > 0 ? self->last_direct + STAGGER : 0;

  if (count (self, REMOTE_DIALLING, TRUE) > 0)
    after_last = self->last_proxy + STAGGER;

  return has_direct ? MAX (self->clock + PROXY_DELAY, after_last) : after_last;
}

/* The last moment to reach anybody. Once the peer has reached us through a proxy,
 * only a direct host is worth waiting for, and one that has not answered within
 * the time after which proxies are tried will hardly ever do. */
static gint64
get_limit (const FerryS5bEngine *self)
{
  gboolean has_proxies = FALSE;
  gint64 limit;

  for (guint i = 0; i < self->remotes->len && !has_proxies; i++)
    has_proxies = is_proxy (g_ptr_array_index (self->remotes, i));

  limit = self->clock + (has_proxies ? LIMIT_PROXIES : LIMIT);
  if (self->their_report == REPORT_USED)
    limit = MIN (limit, MAX (self->clock + LIMIT_OUTDONE, self->their_time + GRACE));

  return limit;
}

static gint
compare_remotes (gconstpointer a,
                 gconstpointer b)
{
  const Remote *first = *(const Remote *const *) a;
  const Remote *second = *(const Remote *const *) b;

  if (first->candidate->priority == second->candidate->priority)
    return 0;

  return first->candidate->priority > second->candidate->priority ? -1 : 1;
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

  g_ptr_array_sort (self->remotes, compare_remotes);
  if (n_before == 0 && self->remotes->len > 0)
    self->clock = now;

  return TRUE;
}

/* SOCKS-9, SOCKS-10: as the peer says; else the offerer's name comes first. */
static char *
build_address (const FerryS5bEngine *self,
               const Remote         *remote)
{
  g_autofree char *offerer_first = ferry_s5b_address_new (self->sid, self->peer_jid, self->own_jid);
  const char *first = self->dstaddr != NULL ? self->dstaddr : offerer_first;

  if (!remote->retried)
    return g_strdup (first);

  /* Peer: Psi asks for H(initiator, responder) whoever offered the host (Q-PS-1). */
  if (g_str_equal (first, offerer_first))
    return ferry_s5b_address_new (self->sid, self->own_jid, self->peer_jid);

  return g_steal_pointer (&offerer_first);
}

static void
dial (FerryS5bEngine *self,
      Remote         *remote,
      gint64          now,
      GPtrArray      *effects)
{
  FerryS5bEffect *effect = ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DIAL,
                                                  ferry_s5b_engine_new_id (self));

  effect->whose = is_proxy (remote) ? FERRY_S5B_HOST_PEER_PROXY : FERRY_S5B_HOST_PEER;
  effect->host = g_strdup (remote->candidate->host);
  effect->port = remote->candidate->port;
  effect->address = build_address (self, remote);

  remote->state = REMOTE_DIALLING;
  remote->dial = effect->id;
  self->n_dials++;
  if (is_proxy (remote))
    self->last_proxy = now;
  else
    self->last_direct = now;
}

static void
drop (Remote     *remote,
      const char *note,
      GPtrArray  *effects)
{
  if (remote->state == REMOTE_DIALLING)
    ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DROP, remote->dial);

  g_free (remote->note);
  remote->note = g_strdup (note);
  remote->state = REMOTE_DROPPED;
}

static void
drop_all (FerryS5bEngine *self,
          const char     *note,
          GPtrArray      *effects)
{
  for (guint i = 0; i < self->remotes->len; i++)
    {
      Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state == REMOTE_WAITING || remote->state == REMOTE_DIALLING)
        drop (remote, note, effects);
    }
}

/* S5B1-7: after the peer's success only better hosts count.
 * Deviates: not even those once the peer is here directly. A second direct way
 * gains nothing, and where it is a black hole it would cost seconds. */
static void
drop_outdone (FerryS5bEngine *self,
              GPtrArray      *effects)
{
  gboolean is_direct = self->their_pick->type != FERRY_S5B_PROXY;

  for (guint i = 0; i < self->remotes->len; i++)
    {
      Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state != REMOTE_WAITING && remote->state != REMOTE_DIALLING)
        continue;

      if (is_direct || is_proxy (remote) ||
          remote->candidate->priority <= self->their_pick->priority)
        drop (remote, "the peer was quicker", effects);
    }
}

static void
dial_those_due (FerryS5bEngine *self,
                gint64          now,
                GPtrArray      *effects)
{
  for (guint i = 0; i < self->remotes->len; i++)
    {
      Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state != REMOTE_WAITING || count_both (self, REMOTE_DIALLING) >= MAX_PARALLEL)
        continue;

      if (self->n_dials >= MAX_DIALS)
        drop (remote, "too many attempts", effects);
      else if (get_turn (self, remote) <= now)
        dial (self, remote, now, effects);
    }
}

static gboolean
is_hopeless (const FerryS5bEngine *self,
             gint64                now)
{
  if (now >= get_limit (self))
    return TRUE;

  if (count_both (self, REMOTE_WAITING) + count_both (self, REMOTE_DIALLING) > 0)
    return FALSE;

  /* With no host at all there may be some to come, unless the peer has finished, or
   * is known to name all of them at once. */
  return self->remotes->len > 0 || self->their_report != REPORT_NONE || !self->may_trickle;
}

/* Starts what is due; reports failure when nothing is left. */
void
_ferry_s5b_engine_dial_on (FerryS5bEngine *self,
                           gint64          now,
                           GPtrArray      *effects)
{
  if (self->phase != PHASE_DIALLING)
    return;

  if (self->their_report == REPORT_USED)
    drop_outdone (self, effects);

  if (now < get_limit (self))
    dial_those_due (self, now, effects);

  if (!is_hopeless (self, now))
    return;

  drop_all (self, "no answer", effects);
  self->our_report = REPORT_ERROR;
  _ferry_s5b_engine_send (FERRY_S5B_INFO_CANDIDATE_ERROR, NULL, effects);
  _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_REPORT, now);
}

static Remote *
find_dial (FerryS5bEngine *self,
           guint           id)
{
  for (guint i = 0; i < self->remotes->len; i++)
    {
      Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state == REMOTE_DIALLING && remote->dial == id)
        return remote;
    }

  return NULL;
}

/* The first to answer is our pick: the order of the starts has given the better
 * ones their chance. */
void
_ferry_s5b_engine_dialled (FerryS5bEngine *self,
                           guint           id,
                           gint64          now,
                           GPtrArray      *effects)
{
  Remote *remote = find_dial (self, id);

  if (remote == NULL || self->phase != PHASE_DIALLING)
    {
      ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DROP, id);
      return;
    }

  remote->state = REMOTE_OPEN;
  self->pick = remote;
  drop_all (self, "another was quicker", effects);
  self->our_report = REPORT_USED;
  _ferry_s5b_engine_send (FERRY_S5B_INFO_CANDIDATE_USED, remote->candidate->cid, effects);
  _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_REPORT, now);
}

void
_ferry_s5b_engine_dial_failed (FerryS5bEngine      *self,
                               const FerryS5bEvent *event,
                               gint64               now,
                               GPtrArray           *effects)
{
  Remote *remote = find_dial (self, event->id);

  if (remote == NULL)
    return;

  g_free (remote->note);
  remote->note = g_strdup (event->text);
  remote->state = REMOTE_FAILED;

  if (event->refused && !remote->retried && !is_proxy (remote) &&
      self->phase == PHASE_DIALLING && self->n_dials < MAX_DIALS)
    {
      remote->retried = TRUE;
      dial (self, remote, now, effects);
    }
}

gint64
_ferry_s5b_engine_dialling_deadline (const FerryS5bEngine *self)
{
  gint64 deadline = get_limit (self);

  if (count_both (self, REMOTE_DIALLING) >= MAX_PARALLEL)
    return deadline;

  for (guint i = 0; i < self->remotes->len; i++)
    {
      const Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state == REMOTE_WAITING)
        deadline = MIN (deadline, get_turn (self, remote));
    }

  return deadline;
}
