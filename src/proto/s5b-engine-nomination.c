/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-address.h"
#include "proto/s5b-engine-private.h"
#include "proto/s5b-nomination.h"

/* The half of the engine that begins when both parties have reported: whose choice
 * wins (XEP-0260 §2.4), and what it takes until bytes may flow. */

#define REPORT_LIMIT    (30000 * MSEC) /* S5B1-21a: others dial one after another, 3 s each */
#define ACTIVATED_LIMIT (10000 * MSEC) /* S5B1-14 */
#define INBOUND_LIMIT   (2000 * MSEC)  /* S5B1-20 */
#define INBOUND_DOUBT   (250 * MSEC)   /* before one to another of our addresses is taken */
#define PROXY_LIMIT     (8000 * MSEC)  /* SEC-17 */

static void
fail (FerryS5bEngine *self,
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

  describe_remotes (self, text);
  g_string_append_printf (text, "; %s (%u offered)", theirs[self->their_report], self->own->len);

  ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_FAILED, 0)->text = g_string_free (text, FALSE);
}

static void
use (FerryS5bEngine *self,
     guint           id,
     gboolean        proxied,
     gint64          now,
     GPtrArray      *effects)
{
  ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_USE, id)->proxied = proxied;
  _ferry_s5b_engine_set_phase (self, PHASE_OPEN, now);
}

/* To be joined with the peer's connection there. It may begin before the choice is
 * final: an attempt costs little, and the round trips are saved. */
void
_ferry_s5b_engine_dial_own_proxy (FerryS5bEngine *self,
                                  GPtrArray      *effects)
{
  FerryS5bEffect *effect;

  if (self->own_proxy != 0)
    return;

  self->own_proxy = ferry_s5b_engine_new_id (self);
  effect = ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DIAL, self->own_proxy);
  effect->whose = FERRY_S5B_HOST_OWN_PROXY;
  effect->host = g_strdup (self->their_pick->host);
  effect->port = self->their_pick->port;
  effect->address = ferry_s5b_address_new (self->sid, self->own_jid, self->peer_jid);
}

static void
drop_own_proxy (FerryS5bEngine *self,
                GPtrArray      *effects)
{
  if (self->own_proxy != 0)
    ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DROP, self->own_proxy);
  self->own_proxy = 0;
  self->own_proxy_open = FALSE;
}

static void
nominate_ours (FerryS5bEngine *self,
               gint64          now,
               GPtrArray      *effects)
{
  drop_own_proxy (self, effects);

  if (self->pick->candidate->type == FERRY_S5B_PROXY)
    _ferry_s5b_engine_set_phase (self, PHASE_AWAIT_ACTIVATED, now);
  else
    use (self, self->pick->dial, FALSE, now, effects);
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

static void
nominate (FerryS5bEngine *self,
          gint64          now,
          GPtrArray      *effects)
{
  const guint32 *ours = self->pick != NULL ? &self->pick->candidate->priority : NULL;
  const guint32 *theirs = self->their_pick != NULL ? &self->their_pick->priority : NULL;

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
      fail (self, "Neither side reached the other", now);
      break;
    }
}

/* Silence counts as an error. */
static void
await_report (FerryS5bEngine *self,
              gint64          now,
              GPtrArray      *effects)
{
  if (self->their_report == REPORT_NONE && now >= self->phase_start + REPORT_LIMIT)
    self->their_report = REPORT_ERROR;

  if (self->their_report != REPORT_NONE)
    nominate (self, now, effects);
}

static void
await_activated (FerryS5bEngine *self,
                 gint64          now,
                 GPtrArray      *effects)
{
  if (self->was_activated)
    {
      use (self, self->pick->dial, TRUE, now, effects);
    }
  else if (self->has_proxy_error)
    {
      fail (self, "The peer could not activate its proxy", now);
    }
  else if (now >= self->phase_start + ACTIVATED_LIMIT)
    {
      _ferry_s5b_engine_send (FERRY_S5B_INFO_PROXY_ERROR, self->pick->candidate->cid, effects);
      fail (self, "The peer did not activate its proxy", now);
    }
}

/* All our direct hosts are one listener, and a connection does not say which of
 * them it was made to. Our address on it does, unless a router translates. */
static guint
find_inbound (const FerryS5bEngine *self,
              gint64                now)
{
  guint other = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->inbound); i++)
    {
      const Inbound *inbound = &self->inbound[i];

      if (inbound->id == 0)
        continue;
      if (g_strcmp0 (inbound->local, self->their_pick->host) == 0)
        return inbound->id;
      other = MAX (other, inbound->id);
    }

  return now >= self->phase_start + INBOUND_DOUBT ? other : 0;
}

/* Deviates from S5B1-20 where we have a choice of our own: the peer holds its own
 * for chosen, so that no byte would ever come over ours. */
static void
await_inbound (FerryS5bEngine *self,
               gint64          now,
               GPtrArray      *effects)
{
  guint id = find_inbound (self, now);

  if (id != 0)
    use (self, id, FALSE, now, effects);
  else if (now >= self->phase_start + INBOUND_LIMIT)
    fail (self, "The peer says it reached us, but it is not here", now);
}

/* S5B1-10, S5B1-11, S5P-6: with the stream's sid and the connector's full JID. */
static void
await_proxy (FerryS5bEngine *self,
             gint64          now,
             GPtrArray      *effects)
{
  FerryS5bEffect *effect;

  if (self->has_proxy_error)
    {
      fail (self, "The peer lost the proxy", now);
      return;
    }

  if (self->own_proxy_open)
    {
      effect = ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_ACTIVATE, self->own_proxy);
      effect->cid = g_strdup (self->their_pick->cid);
      effect->jid = g_strdup (self->their_pick->jid);
      _ferry_s5b_engine_set_phase (self, PHASE_ACTIVATING, now);
    }
  else if (self->trouble != NULL || now >= self->phase_start + PROXY_LIMIT)
    {
      const char *cause = self->trouble != NULL ? self->trouble : "no answer";
      g_autofree char *trouble = g_strdup_printf ("Our own proxy cannot be reached: %s", cause);

      _ferry_s5b_engine_send (FERRY_S5B_INFO_PROXY_ERROR, self->their_pick->cid, effects);
      fail (self, trouble, now);
    }
}

static void
await_activation (FerryS5bEngine *self,
                  gint64          now,
                  GPtrArray      *effects)
{
  if (self->has_proxy_error)
    {
      fail (self, "The peer lost the proxy", now);
    }
  else if (self->trouble != NULL)
    {
      g_autofree char *trouble =
        g_strdup_printf ("Our proxy refused to join us: %s", self->trouble);

      _ferry_s5b_engine_send (FERRY_S5B_INFO_PROXY_ERROR, self->their_pick->cid, effects);
      fail (self, trouble, now);
    }
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
    await_activated (self, now, effects);
  else if (self->phase == PHASE_AWAIT_INBOUND)
    await_inbound (self, now, effects);
  else if (self->phase == PHASE_AWAIT_PROXY)
    await_proxy (self, now, effects);
  else if (self->phase == PHASE_ACTIVATING)
    await_activation (self, now, effects);

  if (self->phase == PHASE_FAILED)
    add_failed (self, effects);
}

gint64
_ferry_s5b_engine_nomination_deadline (const FerryS5bEngine *self)
{
  switch (self->phase)
    {
    case PHASE_AWAIT_REPORT:
      return self->phase_start + REPORT_LIMIT;

    case PHASE_AWAIT_ACTIVATED:
      return self->phase_start + ACTIVATED_LIMIT;

    case PHASE_AWAIT_INBOUND:
      return find_inbound (self, G_MAXINT64) != 0 ? self->phase_start + INBOUND_DOUBT
                                                  : self->phase_start + INBOUND_LIMIT;

    case PHASE_AWAIT_PROXY:
      return self->phase_start + PROXY_LIMIT;

    case PHASE_IDLE:
    case PHASE_DIALLING:
    case PHASE_ACTIVATING: /* the request for it has its own limit (GEN-4) */
    case PHASE_OPEN:
    case PHASE_FAILED:
    default:
      return 0;
    }
}
