/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-address.h"
#include "proto/s5b-engine-private.h"

/**
 * ferry_s5b_engine_new:
 * @role: ours in the session
 * @sid: of the stream
 * @own_jid: full
 * @peer_jid: full
 * @rules: static
 * @profile: of the peer
 */
FerryS5bEngine *
ferry_s5b_engine_new (FerryRole               role,
                      const char             *sid,
                      const char             *own_jid,
                      const char             *peer_jid,
                      const FerryS5bRules    *rules,
                      const FerryPeerProfile *profile)
{
  FerryS5bEngine *self = g_new0 (FerryS5bEngine, 1);

  self->role = role;
  self->rules = rules;
  self->sid = g_strdup (sid);
  self->own_jid = g_strdup (own_jid);
  self->peer_jid = g_strdup (peer_jid);
  self->may_trickle = profile->trickles_candidates;
  self->own = ferry_s5b_candidates_new ();
  self->remotes = g_ptr_array_new_with_free_func ((GDestroyNotify) _ferry_s5b_remote_free);

  return self;
}

static void
copy_remotes (FerryS5bEngine       *copy,
              const FerryS5bEngine *self)
{
  copy->remotes = g_ptr_array_new_with_free_func ((GDestroyNotify) _ferry_s5b_remote_free);

  for (guint i = 0; i < self->remotes->len; i++)
    {
      const Remote *remote = g_ptr_array_index (self->remotes, i);
      Remote *twin = g_memdup2 (remote, sizeof *remote);

      twin->candidate = ferry_s5b_candidate_copy (remote->candidate);
      twin->note = g_strdup (remote->note);
      g_ptr_array_add (copy->remotes, twin);
      if (remote == self->pick)
        copy->pick = twin;
    }
}

/* Returns: (transfer full): one that goes its own way from here on */
FerryS5bEngine *
ferry_s5b_engine_copy (const FerryS5bEngine *self)
{
  FerryS5bEngine *copy = g_memdup2 (self, sizeof *self);

  copy->sid = g_strdup (self->sid);
  copy->own_jid = g_strdup (self->own_jid);
  copy->peer_jid = g_strdup (self->peer_jid);
  copy->dstaddr = g_strdup (self->dstaddr);
  copy->trouble = g_strdup (self->trouble);
  copy->own = ferry_s5b_candidates_copy (self->own);
  copy_remotes (copy, self);

  if (self->their_pick != NULL)
    copy->their_pick = ferry_s5b_candidates_find (copy->own, self->their_pick->cid);

  for (guint i = 0; i < G_N_ELEMENTS (copy->inbound); i++)
    copy->inbound[i].local = g_strdup (self->inbound[i].local);

  return copy;
}

void
ferry_s5b_engine_free (FerryS5bEngine *self)
{
  g_free (self->sid);
  g_free (self->own_jid);
  g_free (self->peer_jid);
  g_free (self->dstaddr);
  g_free (self->trouble);
  g_ptr_array_unref (self->own);
  g_ptr_array_unref (self->remotes);

  for (guint i = 0; i < G_N_ELEMENTS (self->inbound); i++)
    g_free (self->inbound[i].local);

  g_free (self);
}

/* What we offered; before the peer can report on it. */
void
ferry_s5b_engine_set_own (FerryS5bEngine *self,
                          GPtrArray      *candidates)
{
  g_return_if_fail (self != NULL && self->their_pick == NULL);

  g_ptr_array_unref (self->own);
  self->own = ferry_s5b_candidates_copy (candidates);
}

void
ferry_s5b_engine_punch (FerryS5bEngine *self)
{
  g_return_if_fail (self != NULL && self->phase == PHASE_IDLE);

  self->punches = TRUE;
}

void
ferry_s5b_engine_hurry (FerryS5bEngine *self)
{
  g_return_if_fail (self != NULL && self->phase == PHASE_IDLE);

  self->is_hurried = self->rules->dial_limit_hurried != 0;
}

void
ferry_s5b_engine_wait_no_more (FerryS5bEngine *self)
{
  g_return_if_fail (self != NULL);

  self->may_trickle = FALSE;
}

guint
ferry_s5b_engine_new_id (FerryS5bEngine *self)
{
  return ++self->next_id;
}

void
_ferry_s5b_engine_set_phase (FerryS5bEngine *self,
                             Phase           phase,
                             gint64          now)
{
  self->phase = phase;
  self->phase_start = now;
}

static void
start (FerryS5bEngine *self,
       gint64          now)
{
  if (self->phase != PHASE_IDLE)
    return;

  self->clock = now;
  _ferry_s5b_engine_set_phase (self, PHASE_DIALLING, now);

  if (self->rules->one_way && self->role == FERRY_ROLE_INITIATOR)
    {
      self->our_report = REPORT_ERROR;
      _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_REPORT, now);
    }
}

static FerryS5bVerdict
receive_candidates (FerryS5bEngine      *self,
                    const FerryS5bEvent *event,
                    gint64               now)
{
  if (event->candidates->len > FERRY_S5B_MAX_CANDIDATES)
    return FERRY_S5B_VERDICT_TOO_MANY;

  if (self->phase <= PHASE_DIALLING &&
      !_ferry_s5b_engine_add_remotes (self, event->candidates, now))
    return FERRY_S5B_VERDICT_TOO_MANY;

  if (event->dstaddr != NULL && ferry_s5b_address_is_valid (event->dstaddr))
    {
      g_free (self->dstaddr);
      self->dstaddr = g_strdup (event->dstaddr);
    }

  return FERRY_S5B_VERDICT_OK;
}

static void
receive_dialled (FerryS5bEngine *self,
                 guint           id,
                 gint64          now,
                 GPtrArray      *effects)
{
  if (id == self->own_proxy && id != 0)
    self->own_proxy_open = TRUE;
  else
    _ferry_s5b_engine_dialled (self, id, now, effects);
}

static void
note_trouble (FerryS5bEngine *self,
              const char     *text)
{
  g_free (self->trouble);
  self->trouble = g_strdup (text != NULL ? text : "unknown error");
}

static void
receive_dial_failed (FerryS5bEngine      *self,
                     const FerryS5bEvent *event,
                     gint64               now,
                     GPtrArray           *effects)
{
  if (event->id == self->own_proxy && event->id != 0)
    note_trouble (self, event->text);
  else
    _ferry_s5b_engine_dial_failed (self, event, now, effects);
}

static FerryS5bVerdict
take (FerryS5bEngine      *self,
      const FerryS5bEvent *event,
      gint64               now,
      GPtrArray           *effects)
{
  FerryS5bVerdict verdict = FERRY_S5B_VERDICT_OK;

  switch (event->kind)
    {
    case FERRY_S5B_EVENT_START:
      start (self, now);
      break;

    case FERRY_S5B_EVENT_CANDIDATES:
      verdict = receive_candidates (self, event, now);
      break;

    case FERRY_S5B_EVENT_INFO:
      verdict = _ferry_s5b_engine_receive_info (self, event, now, effects);
      break;

    case FERRY_S5B_EVENT_INFO_ANSWERED:
      _ferry_s5b_engine_receive_answer (self, event->refused, effects);
      break;

    case FERRY_S5B_EVENT_DIALLED:
      receive_dialled (self, event->id, now, effects);
      break;

    case FERRY_S5B_EVENT_DIAL_FAILED:
      receive_dial_failed (self, event, now, effects);
      break;

    case FERRY_S5B_EVENT_INBOUND:
      _ferry_s5b_engine_add_inbound (self, event, effects);
      break;

    case FERRY_S5B_EVENT_INBOUND_LOST:
      _ferry_s5b_engine_remove_inbound (self, event->id);
      break;

    case FERRY_S5B_EVENT_ACTIVATION_DONE:
      if (self->phase == PHASE_ACTIVATING)
        _ferry_s5b_engine_activation_done (self, now, effects);
      break;

    case FERRY_S5B_EVENT_ACTIVATION_FAILED:
      if (self->phase == PHASE_ACTIVATING)
        note_trouble (self, event->text);
      break;

    case FERRY_S5B_EVENT_DEADLINE:
    default:
      break;
    }

  return verdict;
}

/**
 * ferry_s5b_engine_handle:
 * @now: µs, monotonic
 * @effects: (element-type FerryS5bEffect): what to do is appended
 *
 * Returns: how to answer an info; nothing has changed unless it is OK
 */
FerryS5bVerdict
ferry_s5b_engine_handle (FerryS5bEngine      *self,
                         const FerryS5bEvent *event,
                         gint64               now,
                         GPtrArray           *effects)
{
  FerryS5bVerdict verdict;
  gboolean was_over;

  g_return_val_if_fail (self != NULL && event != NULL && effects != NULL, FERRY_S5B_VERDICT_OK);

  was_over = ferry_s5b_engine_is_over (self);
  verdict = take (self, event, now, effects);

  if (!was_over)
    {
      _ferry_s5b_engine_dial_on (self, now, effects);
      _ferry_s5b_engine_nominate_on (self, now, effects);
    }

  return verdict;
}

gint64
ferry_s5b_engine_get_deadline (const FerryS5bEngine *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->phase == PHASE_DIALLING ? _ferry_s5b_engine_dialling_deadline (self)
                                       : _ferry_s5b_engine_nomination_deadline (self);
}

gboolean
ferry_s5b_engine_is_over (const FerryS5bEngine *self)
{
  return self->phase == PHASE_OPEN || self->phase == PHASE_FAILED;
}
