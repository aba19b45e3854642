/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-address.h"
#include "proto/s5b-engine-private.h"

/* Where the connection chosen is one to a proxy: its offerer goes there too and has it
 * join both, and the other waits for that (XEP-0065 §4.4). */

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

void
_ferry_s5b_engine_drop_own_proxy (FerryS5bEngine *self,
                                  GPtrArray      *effects)
{
  if (self->own_proxy != 0)
    ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DROP, self->own_proxy);
  self->own_proxy = 0;
  self->own_proxy_open = FALSE;
}

void
_ferry_s5b_engine_activation_done (FerryS5bEngine *self,
                                   gint64          now,
                                   GPtrArray      *effects)
{
  if (self->rules->says_activated)
    _ferry_s5b_engine_send (FERRY_S5B_INFO_ACTIVATED, self->their_pick, effects);

  _ferry_s5b_engine_use (self, self->own_proxy, TRUE, now, effects);
}

/* Something went wrong with @proxy after the choice, on our side. */
static void
fail_with_proxy (FerryS5bEngine          *self,
                 const FerryS5bCandidate *proxy,
                 const char              *trouble,
                 gint64                   now,
                 GPtrArray               *effects)
{
  if (self->rules->says_activated)
    _ferry_s5b_engine_send (FERRY_S5B_INFO_PROXY_ERROR, proxy, effects);

  _ferry_s5b_engine_fail (self, trouble, now);
}

void
_ferry_s5b_engine_await_activated (FerryS5bEngine *self,
                                   gint64          now,
                                   GPtrArray      *effects)
{
  if (self->was_activated)
    {
      _ferry_s5b_engine_use (self, self->pick->dial, TRUE, now, effects);
    }
  else if (self->has_proxy_error)
    {
      _ferry_s5b_engine_fail (self, "The peer could not activate its proxy", now);
    }
  else if (now < self->phase_start + self->rules->activated_limit)
    {
      return;
    }
  else if (self->rules->activated_is_optional)
    {
      _ferry_s5b_engine_use (self, self->pick->dial, TRUE, now, effects);
    }
  else
    {
      fail_with_proxy (self, self->pick->candidate, "The peer did not activate its proxy",
                       now, effects);
    }
}

/* S5B1-10, S5B1-11, S5P-6: with the stream's sid and the connector's full JID. */
void
_ferry_s5b_engine_await_proxy (FerryS5bEngine *self,
                               gint64          now,
                               GPtrArray      *effects)
{
  FerryS5bEffect *effect;

  if (self->has_proxy_error)
    {
      _ferry_s5b_engine_fail (self, "The peer lost the proxy", now);
      return;
    }

  if (self->own_proxy_open)
    {
      effect = ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_ACTIVATE, self->own_proxy);
      effect->cid = g_strdup (self->their_pick->cid);
      effect->jid = g_strdup (self->their_pick->jid);
      self->phase = PHASE_ACTIVATING; /* its time goes on */
    }
  else if (self->trouble != NULL || now >= self->phase_start + self->rules->proxy_limit)
    {
      const char *cause = self->trouble != NULL ? self->trouble : "no answer";
      g_autofree char *trouble = g_strdup_printf ("Our own proxy cannot be reached: %s", cause);

      fail_with_proxy (self, self->their_pick, trouble, now, effects);
    }
}

void
_ferry_s5b_engine_await_activation (FerryS5bEngine *self,
                                    gint64          now,
                                    GPtrArray      *effects)
{
  if (self->has_proxy_error)
    {
      _ferry_s5b_engine_fail (self, "The peer lost the proxy", now);
    }
  else if (self->trouble != NULL)
    {
      g_autofree char *trouble =
        g_strdup_printf ("Our proxy refused to join us: %s", self->trouble);

      fail_with_proxy (self, self->their_pick, trouble, now, effects);
    }
  else if (self->rules->activated_is_optional &&
           now >= self->phase_start + self->rules->proxy_limit)
    {
      fail_with_proxy (self, self->their_pick, "Our proxy took too long to join us", now, effects);
    }
}
