/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-offer.h"
#include "s5b-desk.h"

static const char *const infos[] = {
  "", "candidate-used", "candidate-error", "activated", "proxy-error",
};

void
desk_init_for (Desk                   *desk,
               FerryRole               role,
               const FerryS5bRules    *rules,
               const FerryPeerProfile *profile)
{
  g_autoptr(FerryS5bOffer) offer = ferry_s5b_offer_new (role, "c", NULL);

  *desk = (Desk) { .now = SECOND };
  desk->engine = ferry_s5b_engine_new (role, "vj3hs98y", ROMEO, JULIET, rules, profile);
  ferry_s5b_offer_add_direct (offer, "192.0.2.1", 5086, ROMEO);
  ferry_s5b_offer_add_proxy (offer, "192.0.2.9", 7625, "proxy.montague.lit");
  ferry_s5b_engine_set_own (desk->engine, ferry_s5b_offer_get_candidates (offer));
}

void
desk_init (Desk                *desk,
           FerryRole            role,
           const FerryS5bRules *rules)
{
  desk_init_for (desk, role, rules, ferry_peer_profile_get_default ());
}

static void
append_effect (Desk                 *desk,
               GString              *out,
               const FerryS5bEffect *effect)
{
  if (out->len > 0)
    g_string_append (out, "; ");

  switch (effect->kind)
    {
    case FERRY_S5B_EFFECT_DIAL:
      g_string_append_printf (out, "dial %s", effect->host);
      desk->dial = effect->id;
      desk->asked = g_intern_string (effect->address);
      break;
    case FERRY_S5B_EFFECT_DROP:
      g_string_append (out, "drop");
      break;
    case FERRY_S5B_EFFECT_SEND:
      g_string_append_printf (out, "send %s%s%s", infos[effect->info],
                              effect->cid != NULL ? " " : "",
                              effect->cid != NULL ? effect->cid : "");
      break;
    case FERRY_S5B_EFFECT_ACTIVATE:
      g_string_append_printf (out, "activate %s", effect->jid);
      break;
    case FERRY_S5B_EFFECT_USE:
      desk->used = effect->id;
      g_string_append_printf (out, "use%s", effect->proxied ? " proxied" : "");
      break;
    case FERRY_S5B_EFFECT_FAILED:
      g_string_append (out, "failed");
      break;
    default:
      g_assert_not_reached ();
    }
}

void
desk_handle (Desk                *desk,
             const FerryS5bEvent *event,
             FerryS5bVerdict      verdict,
             const char          *expected)
{
  g_autoptr(GPtrArray) effects = ferry_s5b_effects_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  g_assert_cmpint (ferry_s5b_engine_handle (desk->engine, event, desk->now, effects), ==, verdict);
  for (guint i = 0; i < effects->len; i++)
    append_effect (desk, out, g_ptr_array_index (effects, i));

  g_assert_cmpstr (out->str, ==, expected);
}

void
desk_event (Desk              *desk,
            FerryS5bEventKind  kind,
            const char        *expected)
{
  const FerryS5bEvent event = { .kind = kind, .id = desk->dial, .text = "no" };

  desk_handle (desk, &event, FERRY_S5B_VERDICT_OK, expected);
}

void
desk_info (Desk            *desk,
           FerryS5bInfo     info,
           const char      *cid,
           FerryS5bVerdict  verdict,
           const char      *expected)
{
  const FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_INFO, .info = info, .cid = cid };

  desk_handle (desk, &event, verdict, expected);
}

void
desk_used (Desk            *desk,
           const char      *jid,
           const char      *host,
           guint16          port,
           FerryS5bVerdict  verdict,
           const char      *expected)
{
  const FerryS5bEvent event = {
    .kind = FERRY_S5B_EVENT_INFO,
    .info = FERRY_S5B_INFO_CANDIDATE_USED,
    .jid = jid,
    .host = host,
    .port = port,
  };

  desk_handle (desk, &event, verdict, expected);
}

void
desk_answer (Desk       *desk,
             gboolean    refused,
             const char *expected)
{
  const FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_INFO_ANSWERED, .refused = refused };

  desk_handle (desk, &event, FERRY_S5B_VERDICT_OK, expected);
}

guint
desk_inbound (Desk       *desk,
              const char *local,
              const char *expected)
{
  const FerryS5bEvent event = {
    .kind = FERRY_S5B_EVENT_INBOUND,
    .id = ferry_s5b_engine_new_id (desk->engine),
    .text = local,
  };

  desk_handle (desk, &event, FERRY_S5B_VERDICT_OK, expected);

  return event.id;
}

void
desk_wait (Desk       *desk,
           gint64      after,
           const char *expected)
{
  g_assert_cmpint (ferry_s5b_engine_get_deadline (desk->engine), ==, desk->now + after);
  desk->now += after - 1;
  desk_event (desk, FERRY_S5B_EVENT_DEADLINE, "");
  desk->now++;
  desk_event (desk, FERRY_S5B_EVENT_DEADLINE, expected);
}

void
desk_offer (Desk            *desk,
            FerryS5bType     type,
            guint            first,
            guint            n,
            FerryS5bVerdict  verdict,
            const char      *expected)
{
  g_autoptr(GPtrArray) candidates = ferry_s5b_candidates_new ();
  const FerryS5bEvent event = { .kind = FERRY_S5B_EVENT_CANDIDATES, .candidates = candidates };

  for (guint i = first; i < first + n; i++)
    {
      FerryS5bCandidate *candidate = ferry_s5b_candidate_new ();

      candidate->cid = g_strdup_printf ("j%u", i);
      candidate->host = g_strdup_printf ("198.51.100.%u", i);
      candidate->jid = g_strdup (type == FERRY_S5B_PROXY ? "proxy.capulet.lit" : JULIET);
      candidate->port = 5086;
      candidate->type = type;
      candidate->priority = ferry_s5b_priority (type, 1000 - i);
      g_ptr_array_add (candidates, candidate);
    }

  desk_handle (desk, &event, verdict, expected);
}
