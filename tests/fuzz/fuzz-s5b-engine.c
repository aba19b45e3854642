/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "legacy/bytestreams-rules.h"
#include "legacy/s5b-0.h"
#include "proto/s5b-engine.h"
#include "proto/s5b-offer.h"

#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

/* Each pair of bytes is something that happens, likely or not. */

static const FerryS5bRules *
get_rules (guint8 byte)
{
  switch (byte / 4 % 3)
    {
    case 0:
      return ferry_s5b_1.rules;

    case 1:
      return ferry_s5b_0.rules;

    default:
      return &ferry_bytestreams_rules;
    }
}

static GPtrArray *
make_candidates (guint8 seed)
{
  GPtrArray *candidates = ferry_s5b_candidates_new ();

  for (guint i = 0; i < seed % 8; i++)
    {
      FerryS5bCandidate *candidate = ferry_s5b_candidate_new ();

      candidate->cid = g_strdup_printf ("c%u", (seed + i) % 16);
      candidate->host = g_strdup ("192.0.2.1");
      candidate->jid = g_strdup (JULIET);
      candidate->port = 5086;
      candidate->priority = 1 + (seed >> 3) * i;
      candidate->type = i & 1 ? FERRY_S5B_PROXY : seed & 16 ? FERRY_S5B_ASSISTED : FERRY_S5B_DIRECT;
      g_ptr_array_add (candidates, candidate);
    }

  return candidates;
}

static gboolean
is_end (const FerryS5bEffect *effect)
{
  return effect->kind == FERRY_S5B_EFFECT_USE || effect->kind == FERRY_S5B_EFFECT_FAILED;
}

static void
step (FerryS5bEngine *engine,
      guint8          what,
      guint8          argument,
      gint64         *now,
      GPtrArray      *effects)
{
  g_autoptr(GPtrArray) candidates = make_candidates (argument);
  g_autofree char *cid = g_strdup_printf (argument & 1 ? "own%u" : "c%u", argument / 2 % 8);
  FerryS5bEvent event = {
    .kind = what % (FERRY_S5B_EVENT_DEADLINE + 1),
    .candidates = candidates,
    .info = 1 + what / 16 % 4,
    .cid = what & 64 ? cid : NULL,
    .jid = argument & 1 ? ROMEO : "proxy.lit",
    .host = argument & 2 ? "192.0.2.9" : NULL,
    .port = argument & 4 ? 5086 : 0,
    .id = argument % 16,
    .refused = what & 128,
    .text = argument & 64 ? "192.0.2.9" : "other",
  };

  if (event.kind == FERRY_S5B_EVENT_INBOUND)
    event.id = ferry_s5b_engine_new_id (engine);
  if (event.kind == FERRY_S5B_EVENT_DEADLINE)
    *now = MAX (*now, ferry_s5b_engine_get_deadline (engine));

  ferry_s5b_engine_handle (engine, &event, *now, effects);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FerryRole role = size > 0 && data[0] & 1 ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER;
  const FerryPeerProfile profile = { .trickles_candidates = size > 0 && (data[0] & 2) != 0 };
  const FerryS5bRules *rules = get_rules (size > 0 ? data[0] : 0);
  g_autoptr(FerryS5bEngine) engine =
    ferry_s5b_engine_new (role, "sid", ROMEO, JULIET, rules, &profile);
  g_autoptr(FerryS5bOffer) offer = ferry_s5b_offer_new (role, "own", NULL);
  g_autoptr(GPtrArray) effects = ferry_s5b_effects_new ();
  gint64 now = 1;
  guint n_ends = 0;
  guint n_dials = 0;

  ferry_s5b_offer_add_direct (offer, "192.0.2.9", 5086, ROMEO);
  ferry_s5b_offer_add_mapped (offer, "203.0.113.9", 40000, ROMEO);
  ferry_s5b_offer_add_proxy (offer, "198.51.100.4", 7625, "proxy.lit");
  ferry_s5b_engine_set_own (engine, ferry_s5b_offer_get_candidates (offer));

  if (size > 0 && data[0] & 64)
    ferry_s5b_engine_punch (engine);

  for (gsize i = 1; i + 1 < size; i += 2)
    {
      g_ptr_array_set_size (effects, 0);
      step (engine, data[i], data[i + 1], &now, effects);

      for (guint j = 0; j < effects->len; j++)
        {
          const FerryS5bEffect *effect = g_ptr_array_index (effects, j);

          n_ends += is_end (effect);
          n_dials += effect->kind == FERRY_S5B_EFFECT_DIAL;
        }
      g_assert_cmpuint (n_ends, <=, 1);
      g_assert_cmpint (n_ends > 0, ==, ferry_s5b_engine_is_over (engine));
      g_assert_cmpuint (n_dials, <=, 21); /* SEC-17, and our own proxy */
    }

  return 0;
}
