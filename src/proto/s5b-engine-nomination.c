/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-engine-private.h"
#include "proto/s5b-nomination.h"

/* The half of the engine that begins when a party has reported: whose choice wins
 * (XEP-0260 §2.4), and what it takes until bytes may flow. */

#define INBOUND_LIMIT (2000 * MSEC) /* S5B1-20 */
#define INBOUND_DOUBT (250 * MSEC)  /* before one to another of our addresses is taken */

void
_ferry_s5b_engine_fail (FerryS5bEngine *self,
                        const char     *trouble,
                        gint64          now)
{
  g_free (self->trouble);
  self->trouble = g_strdup (trouble);
  _ferry_s5b_engine_set_phase (self, PHASE_FAILED, now);
}

static void
describe_remotes (const FerryS5bEngine *self,
                  GString              *text)
{
  for (guint i = 0; i < self->remotes->len; i++)
    {
      const Remote *remote = g_ptr_array_index (self->remotes, i);
      const FerryS5bCandidate *candidate = remote->candidate;

      g_string_append_printf (text, "; %s %s port %u: %s",
                              ferry_s5b_type_to_string (candidate->type),
                              candidate->host, candidate->port,
                              remote->state == REMOTE_OPEN ? "reached"
                              : remote->note != NULL       ? remote->note
                                                           : "not tried");
    }

  if (self->remotes->len == 0)
    g_string_append (text, "; the peer offered no host");
}

static void
add_failed (const FerryS5bEngine *self,
            GPtrArray            *effects)
{
  static const char *const theirs[] = {
    [REPORT_NONE] = "the peer did not report",
    [REPORT_USED] = "the peer reached us",
    [REPORT_ERROR] = "the peer reached none of ours",
  };
  GString *text = g_string_new (self->trouble != NULL ? self->trouble : "No SOCKS5 connection");

  if (!self->rules->one_way || self->role == FERRY_ROLE_RESPONDER)
    describe_remotes (self, text);
  if (!self->rules->one_way || self->role == FERRY_ROLE_INITIATOR)
    g_string_append_printf (text, "; %s (%u offered)", theirs[self->their_report], self->own->len);

  ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_FAILED, 0)->text = g_string_free (text, FALSE);
}

void
_ferry_s5b_engine_use (FerryS5bEngine *self,
                       guint           id,
                       gboolean        proxied,
                       gint64          now,
                       GPtrArray      *effects)
{
  const FerryS5bCandidate *chosen = self->their_pick;
  FerryS5bEffect *effect = ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_USE, id);

  if (self->pick != NULL && self->pick->dial == id)
    chosen = self->pick->candidate;

  effect->proxied = proxied;
  effect->cid = g_strdup (chosen->cid);
  _ferry_s5b_engine_set_phase (self, PHASE_OPEN, now);
}

static void
nominate_ours (FerryS5bEngine *self,
               gint64          now,
               GPtrArray      *effects)
{
  _ferry_s5b_engine_drop_own_proxy (self, effects);

  if (_ferry_s5b_remote_is_proxy (self->pick) && self->rules->says_activated)
    _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_ACTIVATED, now);
  else
    _ferry_s5b_engine_use (self, self->pick->dial, _ferry_s5b_remote_is_proxy (self->pick),
                           now, effects);
}

static void
nominate_theirs (FerryS5bEngine *self,
                 gint64          now,
                 GPtrArray      *effects)
{
  if (self->pick != NULL)
    ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DROP, self->pick->dial);

  if (self->their_pick->type == FERRY_S5B_PROXY)
    {
      _ferry_s5b_engine_dial_own_proxy (self, effects);
      _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_PROXY, now);
    }
  else
    {
      _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_INBOUND, now);
    }
}

/* Where priorities do not count they are equal, and then the initiator's choice wins. */
static void
nominate (FerryS5bEngine *self,
          gint64          now,
          GPtrArray      *effects)
{
  static const guint32 equal = 1;
  const guint32 *ours = self->pick != NULL ? &self->pick->candidate->priority : NULL;
  const guint32 *theirs = self->their_pick != NULL ? &self->their_pick->priority : NULL;

  if (self->rules->initiator_wins && ours != NULL && theirs != NULL)
    ours = theirs = &equal;

  switch (ferry_s5b_nominate (self->role, ours, theirs))
    {
    case FERRY_S5B_OURS:
      nominate_ours (self, now, effects);
      break;

    case FERRY_S5B_THEIRS:
      nominate_theirs (self, now, effects);
      break;

    case FERRY_S5B_NOBODY:
    default:
      _ferry_s5b_engine_fail (self, self->rules->one_way ? "No host was reached"
                                                         : "Neither side reached the other", now);
      break;
    }
}

/* Whether both parties can know by now whose choice it is. Where the first success
 * decides, its acknowledgement does: no report of the other's can come before it that
 * was not under way already (S5B0-9a). Not even the peer's error makes up for it: the
 * peer may not know the host that we mean. */
static gboolean
is_decided (const FerryS5bEngine *self)
{
  if (self->rules->one_way && self->role == FERRY_ROLE_RESPONDER)
    return TRUE;

  if (!self->rules->first_ends_all || self->pick == NULL)
    return self->their_report != REPORT_NONE;

  if (self->role == FERRY_ROLE_RESPONDER && self->their_report == REPORT_USED)
    return TRUE;

  return self->pick_stands;
}

/* Silence counts as an error; for a direct choice of ours as an acknowledgement, since
 * the connection stands. Nobody would join us at a proxy without a word. */
static void
hear_silence (FerryS5bEngine *self,
              gint64          now)
{
  if (self->their_report == REPORT_NONE)
    self->their_report = REPORT_ERROR;

  if (is_decided (self))
    return;

  if (_ferry_s5b_remote_is_proxy (self->pick))
    _ferry_s5b_engine_fail (self, "The peer does not answer", now);
  else
    self->pick_stands = TRUE;
}

static void
await_report (FerryS5bEngine *self,
              gint64          now,
              GPtrArray      *effects)
{
  if (self->rules->report_limit != 0 && now >= self->phase_start + self->rules->report_limit)
    hear_silence (self, now);

  if (self->phase == PHASE_AWAIT_REPORT && is_decided (self))
    nominate (self, now, effects);
}

/* Deviates from S5B1-20 where we have a choice of our own: the peer holds its own
 * for chosen, so that no byte would ever come over ours. */
static void
await_inbound (FerryS5bEngine *self,
               gint64          now,
               GPtrArray      *effects)
{
  guint id = _ferry_s5b_engine_find_inbound (self, now >= self->phase_start + INBOUND_DOUBT);

  if (id != 0)
    _ferry_s5b_engine_use (self, id, FALSE, now, effects);
  else if (now >= self->phase_start + INBOUND_LIMIT)
    _ferry_s5b_engine_fail (self, "The peer says it reached us, but it is not here", now);
}

/**
 * _ferry_s5b_engine_nominate_on:
 *
 * Goes as far as what is known allows.
 */
void
_ferry_s5b_engine_nominate_on (FerryS5bEngine *self,
                               gint64          now,
                               GPtrArray      *effects)
{
  if (self->phase == PHASE_AWAIT_REPORT)
    await_report (self, now, effects);

  if (self->phase == PHASE_AWAIT_ACTIVATED)
    _ferry_s5b_engine_await_activated (self, now, effects);
  else if (self->phase == PHASE_AWAIT_INBOUND)
    await_inbound (self, now, effects);
  else if (self->phase == PHASE_AWAIT_PROXY)
    _ferry_s5b_engine_await_proxy (self, now, effects);
  else if (self->phase == PHASE_ACTIVATING)
    _ferry_s5b_engine_await_activation (self, now, effects);

  if (self->phase == PHASE_FAILED)
    add_failed (self, effects);
}

gint64
_ferry_s5b_engine_nomination_deadline (const FerryS5bEngine *self)
{
  switch (self->phase)
    {
    case PHASE_AWAIT_REPORT:
      return self->rules->report_limit != 0 ? self->phase_start + self->rules->report_limit : 0;

    case PHASE_AWAIT_ACTIVATED:
      return self->phase_start + self->rules->activated_limit;

    case PHASE_AWAIT_INBOUND:
      return self->phase_start +
             (_ferry_s5b_engine_find_inbound (self, TRUE) != 0 ? INBOUND_DOUBT : INBOUND_LIMIT);

    case PHASE_AWAIT_PROXY:
      return self->phase_start + self->rules->proxy_limit;

    case PHASE_ACTIVATING: /* else the request for it has its own limit (GEN-4) */
      return self->rules->activated_is_optional ? self->phase_start + self->rules->proxy_limit : 0;

    case PHASE_IDLE:
    case PHASE_DIALLING:
    case PHASE_OPEN:
    case PHASE_FAILED:
    default:
      return 0;
    }
}
