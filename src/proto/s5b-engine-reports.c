/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-engine-private.h"

/* What the parties tell each other, and what follows from it before all is told. */

/* @about: (nullable) */
void
_ferry_s5b_engine_send (FerryS5bInfo             info,
                        const FerryS5bCandidate *about,
                        GPtrArray               *effects)
{
  FerryS5bEffect *effect = ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_SEND, 0);

  effect->info = info;
  if (about == NULL)
    return;

  effect->cid = g_strdup (about->cid);
  effect->jid = g_strdup (about->jid);
  effect->host = g_strdup (about->host);
  effect->port = about->port;
}

/* S5B0-7: of a host no more may be said than whose it is. */
static gboolean
is_meant (const FerryS5bCandidate *own,
          const FerryS5bEvent     *event)
{
  return g_strcmp0 (own->jid, event->jid) == 0 &&
         (event->host == NULL || g_ascii_strcasecmp (own->host, event->host) == 0) &&
         (event->port == 0 || own->port == event->port);
}

static FerryS5bCandidate *
find_own (FerryS5bEngine      *self,
          const FerryS5bEvent *event)
{
  if (event->cid != NULL)
    return ferry_s5b_candidates_find (self->own, event->cid);

  for (guint i = 0; i < self->own->len; i++)
    if (is_meant (g_ptr_array_index (self->own, i), event))
      return g_ptr_array_index (self->own, i);

  return NULL;
}

/* Whether nothing the peer says can change our choice any more. */
static gboolean
is_ours_final (const FerryS5bEngine *self)
{
  return self->rules->initiator_wins && self->role == FERRY_ROLE_INITIATOR &&
         self->our_report == REPORT_USED;
}

static FerryS5bVerdict
receive_used (FerryS5bEngine      *self,
              const FerryS5bEvent *event,
              gint64               now,
              GPtrArray           *effects)
{
  FerryS5bCandidate *candidate = find_own (self, event);

  if (candidate == NULL)
    {
      if (self->rules->one_way) /* S5P-9: it was the last word */
        _ferry_s5b_engine_fail (self, "The peer used a host that was not offered", now);
      return FERRY_S5B_VERDICT_UNKNOWN;
    }

  self->their_report = REPORT_USED;
  self->their_pick = candidate;
  self->their_time = now;
  self->is_vague = event->cid == NULL && event->host == NULL;
  if (candidate->type == FERRY_S5B_PROXY && self->phase != PHASE_IDLE && !is_ours_final (self))
    _ferry_s5b_engine_dial_own_proxy (self, effects);

  return FERRY_S5B_VERDICT_OK;
}

/* Who has activated its proxy has chosen it: a report that is still missing will not
 * come, and would have been an error. */
static void
receive_activated (FerryS5bEngine *self,
                   gint64          now)
{
  if (self->pick == NULL || !_ferry_s5b_remote_is_proxy (self->pick))
    return;

  self->was_activated = TRUE;
  self->pick_stands = TRUE;
  if (self->their_report == REPORT_NONE)
    {
      self->their_report = REPORT_ERROR;
      self->their_time = now;
    }
}

/* Whether the peer has said all there is to say of dialling, and one of us is about to
 * have a proxy activated. */
static gboolean
is_joining (const FerryS5bEngine *self)
{
  if (self->their_report == REPORT_USED && self->their_pick->type == FERRY_S5B_PROXY)
    return TRUE;

  return self->pick != NULL && _ferry_s5b_remote_is_proxy (self->pick) &&
         (self->pick_stands || self->their_report == REPORT_ERROR);
}

/* S5B0-18: the one word for both. */
static FerryS5bVerdict
receive_error (FerryS5bEngine *self,
               gint64          now)
{
  if (self->rules->first_ends_all && is_joining (self))
    {
      self->has_proxy_error = TRUE;
      return FERRY_S5B_VERDICT_OK;
    }

  if (self->their_report != REPORT_NONE)
    return FERRY_S5B_VERDICT_REPEATED;

  self->their_report = REPORT_ERROR;
  self->their_time = now;

  return FERRY_S5B_VERDICT_OK;
}

/* Late reports are heard and ignored (FB-10), and so is the cid of `<activated/>`:
 * XEP-0260's own example names the wrong one, and only one proxy can be meant. */
FerryS5bVerdict
_ferry_s5b_engine_receive_info (FerryS5bEngine      *self,
                                const FerryS5bEvent *event,
                                gint64               now,
                                GPtrArray           *effects)
{
  if (ferry_s5b_engine_is_over (self) ||
      (self->rules->one_way && self->role == FERRY_ROLE_RESPONDER))
    return FERRY_S5B_VERDICT_OK;

  switch (event->info)
    {
    case FERRY_S5B_INFO_CANDIDATE_USED:
      if (self->their_report != REPORT_NONE)
        return FERRY_S5B_VERDICT_REPEATED;
      return receive_used (self, event, now, effects);

    case FERRY_S5B_INFO_CANDIDATE_ERROR:
      return receive_error (self, now);

    case FERRY_S5B_INFO_ACTIVATED:
      receive_activated (self, now);
      return FERRY_S5B_VERDICT_OK;

    case FERRY_S5B_INFO_PROXY_ERROR:
      self->has_proxy_error = TRUE;
      return FERRY_S5B_VERDICT_OK;

    case FERRY_S5B_INFO_NONE:
    default:
      return FERRY_S5B_VERDICT_OK;
    }
}

/* S5B0-9a. The report is the first that is said, and all that matters of the answers
 * is whether it was taken: a choice that the peer refuses is none. */
void
_ferry_s5b_engine_receive_answer (FerryS5bEngine *self,
                                  gboolean        refused,
                                  GPtrArray      *effects)
{
  if (!self->rules->first_ends_all || self->phase != PHASE_AWAIT_REPORT || self->pick == NULL)
    return;

  if (!refused)
    {
      self->pick_stands = TRUE;
      return;
    }

  ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DROP, self->pick->dial);
  self->pick->state = REMOTE_DROPPED;
  g_free (self->pick->note); /* of a first attempt */
  self->pick->note = g_strdup ("the peer refused it");
  self->pick = NULL;
  self->our_report = REPORT_ERROR;
}
