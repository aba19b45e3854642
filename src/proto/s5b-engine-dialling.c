/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-engine-private.h"

/* The half of the engine that dials the peer's hosts, until it can report that
 * one was reached or none can be (XEP-0260 §2.3). */

#define STAGGER        (200 * MSEC)  /* between starts, S5B1-6 */
#define PROXY_DELAY    (1000 * MSEC) /* before the first proxy, while direct hosts are in play */
#define LIMIT_OUTDONE  (PROXY_DELAY + STAGGER)
#define GRACE          (100 * MSEC)
#define MAX_PARALLEL   8             /* SEC-17 */
#define MAX_DIALS      20            /* SEC-17 */

static guint
count (const FerryS5bEngine *self,
       RemoteState           state,
       gboolean              proxies)
{
  guint n = 0;

  for (guint i = 0; i < self->remotes->len; i++)
    {
      const Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state == state && _ferry_s5b_remote_is_proxy (remote) == proxies)
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

static guint
count_punched (const FerryS5bEngine *self)
{
  guint n = 0;

  for (guint i = 0; i < self->remotes->len; i++)
    {
      const Remote *remote = g_ptr_array_index (self->remotes, i);

      n += remote->state == REMOTE_DIALLING && _ferry_s5b_engine_is_punched (self, remote);
    }

  return n;
}

/* When @remote's turn comes; in the past: now. A hole is punched only if both are there at the
 * same time; it has no share in the order of the others. */
static gint64
get_turn (const FerryS5bEngine *self,
          const Remote         *remote)
{
  guint n_running = count (self, REMOTE_DIALLING, FALSE);
  gboolean has_direct = n_running + count (self, REMOTE_WAITING, FALSE) > 0;
  gint64 since = self->rules->as_listed ? self->last_direct : self->clock;
  gint64 after_last = 0;

  if (self->rules->is_sequential)
    return 0;

  if (_ferry_s5b_engine_is_punched (self, remote))
    return 0;

  if (!_ferry_s5b_remote_is_proxy (remote))
    return n_running > count_punched (self) ? self->last_direct + STAGGER : 0;

  if (count (self, REMOTE_DIALLING, TRUE) > 0)
    after_last = self->last_proxy + STAGGER;

  return has_direct ? MAX (since + PROXY_DELAY, after_last) : after_last;
}

/* S5B0-17: has nothing to report, as long as there was nothing to try. */
static gboolean
has_no_say (const FerryS5bEngine *self)
{
  return self->rules->needs_hosts_to_fail && self->role == FERRY_ROLE_INITIATOR &&
         self->remotes->len == 0;
}

/* Whether the request that lists the peer's hosts is still to come; it has its own
 * time limit. */
static gboolean
is_early (const FerryS5bEngine *self)
{
  return self->rules->one_way && !self->has_listed;
}

static gboolean
has_proxies (const FerryS5bEngine *self)
{
  for (guint i = 0; i < self->remotes->len; i++)
    if (_ferry_s5b_remote_is_proxy (g_ptr_array_index (self->remotes, i)))
      return TRUE;

  return FALSE;
}

/* S5B1-21. Deviates: a direct host that has not answered for two seconds hardly will, and where
 * the bytes can go in-band a person is not to wait for a black hole any longer. */
static gint64
get_patience (const FerryS5bEngine *self)
{
  if (self->is_hurried && self->remotes->len > 0 &&
      count (self, REMOTE_WAITING, TRUE) + count (self, REMOTE_DIALLING, TRUE) == 0)
    return self->rules->dial_limit_hurried;

  return has_proxies (self) ? self->rules->dial_limit_proxies : self->rules->dial_limit;
}

/* The last moment to reach anybody. Once the peer has reached us through a proxy,
 * only a direct host is worth waiting for, and one that has not answered within
 * the time after which proxies are tried will hardly ever do. */
static gint64
get_limit (const FerryS5bEngine *self)
{
  gint64 limit;

  if (is_early (self))
    return G_MAXINT64;
  if (has_no_say (self))
    return self->clock + self->rules->report_limit;

  limit = self->clock + get_patience (self);
  if (self->their_report == REPORT_USED)
    limit = MIN (limit, MAX (self->clock + LIMIT_OUTDONE, self->their_time + GRACE));

  return limit;
}

static FerryS5bHost
get_kind (const FerryS5bEngine *self,
          const Remote         *remote)
{
  if (_ferry_s5b_engine_is_punched (self, remote))
    return FERRY_S5B_HOST_PUNCHED;

  return _ferry_s5b_remote_is_proxy (remote) ? FERRY_S5B_HOST_PEER_PROXY : FERRY_S5B_HOST_PEER;
}

static void
dial (FerryS5bEngine *self,
      Remote         *remote,
      gint64          now,
      GPtrArray      *effects)
{
  FerryS5bEffect *effect = ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DIAL,
                                                  ferry_s5b_engine_new_id (self));

  effect->whose = get_kind (self, remote);
  effect->host = g_strdup (remote->candidate->host);
  effect->port = remote->candidate->port;
  effect->address = _ferry_s5b_engine_build_address (self, remote);

  remote->state = REMOTE_DIALLING;
  remote->dial = effect->id;
  remote->started = now;
  self->n_dials++;
  if (_ferry_s5b_remote_is_proxy (remote))
    self->last_proxy = now;
  else if (!_ferry_s5b_engine_is_punched (self, remote))
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

      if (is_direct || _ferry_s5b_remote_is_proxy (remote) ||
          remote->candidate->priority <= self->their_pick->priority)
        drop (remote, "the peer was quicker", effects);
    }
}

/* Not waiting for it any longer, where others wait for their turn. */
static void
drop_overdue (FerryS5bEngine *self,
              gint64          now,
              GPtrArray      *effects)
{
  for (guint i = 0; i < self->remotes->len && self->rules->host_limit != 0; i++)
    {
      Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state == REMOTE_DIALLING && now >= remote->started + self->rules->host_limit)
        drop (remote, "no answer", effects);
    }
}

static guint
get_max_parallel (const FerryS5bEngine *self)
{
  return self->rules->is_sequential ? 1 : MAX_PARALLEL;
}

static void
dial_those_due (FerryS5bEngine *self,
                gint64          now,
                GPtrArray      *effects)
{
  for (guint i = 0; i < self->remotes->len; i++)
    {
      Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state != REMOTE_WAITING ||
          count_both (self, REMOTE_DIALLING) >= get_max_parallel (self))
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
  if (self->remotes->len > 0 || self->their_report != REPORT_NONE)
    return TRUE;

  return self->rules->one_way ? self->has_listed : !self->may_trickle && !has_no_say (self);
}

/* What cannot be reported is silence, and so is what the peer has not reported then. */
static void
give_up (FerryS5bEngine *self,
         gint64          now,
         GPtrArray      *effects)
{
  drop_all (self, "no answer", effects);
  self->our_report = REPORT_ERROR;

  if (!has_no_say (self))
    _ferry_s5b_engine_send (FERRY_S5B_INFO_CANDIDATE_ERROR, NULL, effects);
  else if (self->their_report == REPORT_NONE)
    self->their_report = REPORT_ERROR;

  _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_REPORT, now);
}

/* Starts what is due; reports failure when nothing is left. */
void
_ferry_s5b_engine_dial_on (FerryS5bEngine *self,
                           gint64          now,
                           GPtrArray      *effects)
{
  if (self->phase != PHASE_DIALLING)
    return;

  if (self->their_report == REPORT_USED && self->rules->first_ends_all)
    {
      drop_all (self, "the peer was quicker", effects);
      _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_REPORT, now); /* with no report of ours */
      return;
    }

  if (self->their_report == REPORT_USED)
    drop_outdone (self, effects);

  drop_overdue (self, now, effects);
  if (now < get_limit (self))
    dial_those_due (self, now, effects);

  if (is_hopeless (self, now))
    give_up (self, now, effects);
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
  _ferry_s5b_engine_send (FERRY_S5B_INFO_CANDIDATE_USED, remote->candidate, effects);
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

  if (event->refused && self->rules->asks_twice && !remote->retried &&
      !_ferry_s5b_remote_is_proxy (remote) && !_ferry_s5b_engine_is_punched (self, remote) &&
      self->phase == PHASE_DIALLING && self->n_dials < MAX_DIALS)
    {
      remote->retried = TRUE;
      dial (self, remote, now, effects);
    }
}

gint64
_ferry_s5b_engine_dialling_deadline (const FerryS5bEngine *self)
{
  gboolean is_full = count_both (self, REMOTE_DIALLING) >= get_max_parallel (self);
  gint64 deadline = get_limit (self);

  if (is_early (self))
    return 0;

  for (guint i = 0; i < self->remotes->len; i++)
    {
      const Remote *remote = g_ptr_array_index (self->remotes, i);

      if (remote->state == REMOTE_WAITING && !is_full)
        deadline = MIN (deadline, get_turn (self, remote));
      else if (remote->state == REMOTE_DIALLING && self->rules->host_limit != 0)
        deadline = MIN (deadline, remote->started + self->rules->host_limit);
    }

  return deadline;
}
