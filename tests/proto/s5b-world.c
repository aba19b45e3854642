/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/s5b-address.h"
#include "proto/s5b-offer.h"
#include "s5b-world.h"

#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define LATENCY (20 * MSEC) /* of stanzas and of packets, one way */

static const char *const jids[2] = { ROMEO, JULIET };

void
world_clear (World *world)
{
  ferry_s5b_engine_free (world->engine[0]);
  ferry_s5b_engine_free (world->engine[1]);
}

World
world_copy (const World *world)
{
  World copy = *world;

  copy.engine[0] = ferry_s5b_engine_copy (world->engine[0]);
  copy.engine[1] = ferry_s5b_engine_copy (world->engine[1]);

  return copy;
}

static void
post (World    *world,
      ItemKind  kind,
      guint     side,
      gint64    delay,
      Item      item)
{
  g_assert_cmpuint (world->n_items, <, N_ITEMS);
  item.kind = kind;
  item.side = side;
  item.when = world->now + delay;
  world->items[world->n_items++] = item;
}

static void
world_dial (World                *world,
            guint                 side,
            const FerryS5bEffect *effect)
{
  gboolean is_punched = effect->whose == FERRY_S5B_HOST_PUNCHED;
  gboolean is_proxy = effect->whose != FERRY_S5B_HOST_PEER && !is_punched;
  Reach reach = is_proxy ? world->net->proxy[side] : world->net->direct[side];
  g_autofree char *wanted = reach == CONTRARY ? ferry_s5b_address_new ("vj3hs98y", JULIET, ROMEO)
                                              : ferry_s5b_address_new ("vj3hs98y", ROMEO, JULIET);
  guint link = world->n_links++;

  g_assert_cmpuint (link, <, N_ITEMS);
  world->links[link] = (Link) { side, effect->id, 0, g_intern_string (effect->host), is_proxy };

  if (is_punched)
    {
      g_assert_cmpuint (side, ==, 0); /* the responder knocks, and dials nobody there */
      reach = world->net->punch;
    }

  if (reach == PICKY || reach == CONTRARY)
    reach = g_str_equal (effect->address, wanted) ? ANSWERS : PICKY;

  if (reach == ANSWERS && !is_proxy)
    post (world, ITEM_INBOUND, 1 - side, 3 * LATENCY, (Item) { .link = link });
  else if (reach != HOLE)
    post (world, ITEM_RESULT, side, 4 * LATENCY,
          (Item) { .link = link, .ok = reach == ANSWERS, .refused = reach == PICKY });
}

static void
world_drop (World *world,
            guint  side,
            guint  id)
{
  for (guint i = 0; i < world->n_links; i++)
    {
      Link *link = &world->links[i];

      if (!(link->dialler == side ? link->dial == id : link->inbound == id) || link->is_dropped)
        continue;

      link->is_dropped = TRUE;
      if (link->dialler == side && link->inbound != 0)
        post (world, ITEM_LOST, 1 - side, LATENCY, (Item) { .link = i });
    }
}

static Link *
find_proxy_link (World      *world,
                 guint       side,
                 const char *host)
{
  for (guint i = 0; i < world->n_links; i++)
    if (world->links[i].is_proxy && world->links[i].dialler == side &&
        g_str_equal (world->links[i].host, host) && world->links[i].is_open &&
        !world->links[i].is_dropped)
      return &world->links[i];

  return NULL;
}

/* XEP-0065 §4.4: both ends must be there. */
static void
world_activate (World                *world,
                guint                 side,
                const FerryS5bEffect *effect)
{
  const char *host = g_str_has_prefix (effect->jid, "proxy.romeo") ? "p" : "P";
  gboolean ok = find_proxy_link (world, 0, host) != NULL && find_proxy_link (world, 1, host) != NULL;

  g_assert_true (ok);
  post (world, ITEM_ACTIVATION, side, 2 * LATENCY, (Item) { .ok = !world->net->proxy_refuses });
}

/* As each age would write it. */
static void
world_send (World                *world,
            guint                 side,
            const FerryS5bEffect *effect)
{
  Item item = { .info = effect->info };

  world->reports[side] += effect->info == FERRY_S5B_INFO_CANDIDATE_USED ||
                          effect->info == FERRY_S5B_INFO_CANDIDATE_ERROR;

  if (world->rules->one_way || world->rules->first_ends_all)
    item.jid = g_intern_string (effect->jid);
  else
    item.cid = g_intern_string (effect->cid);

  if (world->rules->first_ends_all)
    {
      item.host = g_intern_string (effect->host);
      item.port = effect->port;
      if (item.info == FERRY_S5B_INFO_PROXY_ERROR)
        item.info = FERRY_S5B_INFO_CANDIDATE_ERROR;
    }

  post (world, ITEM_MESSAGE, 1 - side, LATENCY, item);
}

static void
world_use (World                *world,
           guint                 side,
           const FerryS5bEffect *effect)
{
  g_assert_cmpint (world->used[side], ==, -1);

  for (guint i = 0; i < world->n_links; i++)
    {
      const Link *link = &world->links[i];

      if ((link->dialler == side ? link->dial : link->inbound) == effect->id)
        {
          g_assert_true (link->is_open);
          g_assert_cmpint (link->is_proxy, ==, effect->proxied);
          world->used[side] = i;
        }
    }

  g_assert_cmpint (world->used[side], !=, -1);
  world->used_at[side] = world->now;
}

static void
world_run (World     *world,
           guint      side,
           GPtrArray *effects)
{
  for (guint i = 0; i < effects->len; i++)
    {
      const FerryS5bEffect *effect = g_ptr_array_index (effects, i);

      g_assert_false (world->failed[side] || world->used[side] != -1);

      switch (effect->kind)
        {
        case FERRY_S5B_EFFECT_DIAL:
          world_dial (world, side, effect);
          break;
        case FERRY_S5B_EFFECT_DROP:
          world_drop (world, side, effect->id);
          break;
        case FERRY_S5B_EFFECT_SEND:
          world_send (world, side, effect);
          break;
        case FERRY_S5B_EFFECT_ACTIVATE:
          world_activate (world, side, effect);
          break;
        case FERRY_S5B_EFFECT_USE:
          world_use (world, side, effect);
          break;
        case FERRY_S5B_EFFECT_FAILED:
          g_assert_nonnull (effect->text);
          world->failed[side] = TRUE;
          break;
        default:
          g_assert_not_reached ();
        }
    }
}

static void
world_handle (World               *world,
              guint                side,
              const FerryS5bEvent *event)
{
  g_autoptr(GPtrArray) effects = ferry_s5b_effects_new ();
  gboolean was_over = ferry_s5b_engine_is_over (world->engine[side]);
  FerryS5bVerdict verdict;

  verdict = ferry_s5b_engine_handle (world->engine[side], event, world->now, effects);
  g_assert_cmpint (verdict, ==, FERRY_S5B_VERDICT_OK);
  if (!was_over)
    world_run (world, side, effects);
}

/* Acknowledged is what was heard, after what it led to: S5B0-9a rests on that. */
static void
world_hear (World               *world,
            guint                side,
            const FerryS5bEvent *event)
{
  gboolean is_deaf = world->net->is_deaf[side];

  if (!is_deaf)
    world_handle (world, side, event);
  if (world->rules->first_ends_all && !world->net->loses_answers)
    post (world, ITEM_ANSWER, 1 - side, LATENCY, (Item) { .refused = is_deaf });
}

void
world_deliver (World *world,
               guint  index)
{
  Item item = world->items[index];
  Link *link = &world->links[item.link];
  FerryS5bEvent event = {
    .info = item.info,
    .cid = item.cid,
    .jid = item.jid,
    .host = item.host,
    .port = item.port,
    .refused = item.refused,
  };

  memmove (&world->items[index], &world->items[index + 1],
           (world->n_items - index - 1) * sizeof item);
  world->n_items--;
  world->now = MAX (world->now, item.when);

  switch (item.kind)
    {
    case ITEM_MESSAGE:
      event.kind = FERRY_S5B_EVENT_INFO;
      world_hear (world, item.side, &event);
      return;
    case ITEM_INBOUND:
      if (link->is_dropped)
        return;
      link->inbound = ferry_s5b_engine_new_id (world->engine[item.side]);
      link->is_open = TRUE;
      post (world, ITEM_RESULT, link->dialler, LATENCY, (Item) { .link = item.link, .ok = TRUE });
      event.kind = FERRY_S5B_EVENT_INBOUND;
      event.id = link->inbound;
      event.text = link->host;
      break;
    case ITEM_RESULT:
      if (link->is_dropped)
        return;
      link->is_open = item.ok;
      event.kind = item.ok ? FERRY_S5B_EVENT_DIALLED : FERRY_S5B_EVENT_DIAL_FAILED;
      event.id = link->dial;
      event.text = "refused";
      break;
    case ITEM_LOST:
      event.kind = FERRY_S5B_EVENT_INBOUND_LOST;
      event.id = link->inbound;
      break;
    case ITEM_ACTIVATION:
      event.kind = item.ok ? FERRY_S5B_EVENT_ACTIVATION_DONE : FERRY_S5B_EVENT_ACTIVATION_FAILED;
      event.text = "not allowed";
      break;
    case ITEM_ANSWER:
      event.kind = FERRY_S5B_EVENT_INFO_ANSWERED;
      break;
    case ITEM_START:
      event.kind = FERRY_S5B_EVENT_START;
      break;
    case ITEM_NONE:
    default:
      g_assert_not_reached ();
    }

  world_handle (world, item.side, &event);
}

static FerryS5bOffer *
make_offer (const Net *net,
            guint      side)
{
  FerryS5bOffer *offer = ferry_s5b_offer_new (side == 0 ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER,
                                              side == 0 ? "r" : "j", NULL);

  for (guint i = 0; i < net->n_direct[side]; i++)
    {
      char host[] = { side == 0 ? 'd' : 'D', '0' + i, '\0' };

      ferry_s5b_offer_add_direct (offer, host, 5086, jids[side]);
    }

  if (net->punches)
    ferry_s5b_offer_add_assisted (offer, side == 0 ? "a" : "A", 5086, jids[side]);

  if (net->has_proxy[side])
    ferry_s5b_offer_add_proxy (offer, side == 0 ? "p" : "P", 7625,
                               side == 0 ? "proxy.romeo.lit" : "proxy.juliet.lit");

  return offer;
}

/* What @side's engine hears of the other one's hosts: a responder knocks at assisted ones,
 * which is no affair of the engine's. Returns: (transfer full) */
static GPtrArray *
list_dialled (GPtrArray *candidates,
              guint      side)
{
  GPtrArray *list = ferry_s5b_candidates_new ();

  for (guint i = 0; i < candidates->len; i++)
    {
      const FerryS5bCandidate *candidate = g_ptr_array_index (candidates, i);

      if (side == 0 || candidate->type != FERRY_S5B_ASSISTED)
        g_ptr_array_add (list, ferry_s5b_candidate_copy (candidate));
    }

  return list;
}

World
world_new (const Net           *net,
           const FerryS5bRules *rules)
{
  World world = { .net = net, .rules = rules, .used = { -1, -1 } };

  for (guint side = 0; side < 2; side++)
    world.engine[side] = ferry_s5b_engine_new (side == 0 ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER,
                                               "vj3hs98y", jids[side], jids[1 - side], rules,
                                               ferry_peer_profile_get_default ());

  if (net->punches)
    ferry_s5b_engine_punch (world.engine[0]);

  for (guint side = 0; side < 2; side++)
    {
      g_autoptr(FerryS5bOffer) offer = make_offer (net, side);
      g_autoptr(GPtrArray) effects = ferry_s5b_effects_new ();
      g_autoptr(GPtrArray) dialled = list_dialled (ferry_s5b_offer_get_candidates (offer),
                                                   1 - side);
      FerryS5bEvent event = { FERRY_S5B_EVENT_CANDIDATES, .candidates = dialled };

      if (rules->one_way && side == 1)
        continue;

      ferry_s5b_engine_set_own (world.engine[side], ferry_s5b_offer_get_candidates (offer));
      ferry_s5b_engine_handle (world.engine[1 - side], &event, 0, effects);
      g_assert_cmpuint (effects->len, ==, 0); /* SEC-13: nobody is dialled before START */
    }

  return world;
}

void
world_start (World *world)
{
  FerryS5bEvent event = { FERRY_S5B_EVENT_START };

  world_handle (world, 1, &event);
  world_handle (world, 0, &event);
}

void
world_start_late (World *world)
{
  FerryS5bEvent event = { FERRY_S5B_EVENT_START };

  world_handle (world, 1, &event);
  post (world, ITEM_START, 0, LATENCY, (Item) { .kind = ITEM_START });
}

/* Whoever wants to be woken first. Returns FALSE if nobody does. */
gboolean
world_find_deadline (const World *world,
                     guint       *side,
                     gint64      *deadline)
{
  *deadline = 0;

  for (guint i = 0; i < 2; i++)
    {
      gint64 own = ferry_s5b_engine_is_over (world->engine[i])
                     ? 0 : ferry_s5b_engine_get_deadline (world->engine[i]);

      if (own != 0 && (*deadline == 0 || own < *deadline))
        {
          *deadline = own;
          *side = i;
        }
    }

  return *deadline != 0;
}

void
world_wake (World  *world,
            guint   side,
            gint64  deadline)
{
  FerryS5bEvent event = { FERRY_S5B_EVENT_DEADLINE };

  world->now = MAX (world->now, deadline);
  world_handle (world, side, &event);
}

/* As time would have it. */
void
world_play (World *world)
{
  for (guint steps = 0; steps < 1000; steps++)
    {
      guint first = 0;
      guint side = 0;
      gint64 deadline;
      gboolean has_deadline = world_find_deadline (world, &side, &deadline);

      for (guint i = 1; i < world->n_items; i++)
        if (world->items[i].when < world->items[first].when)
          first = i;

      if (world->n_items > 0 && (!has_deadline || world->items[first].when <= deadline))
        world_deliver (world, first);
      else if (has_deadline)
        world_wake (world, side, deadline);
      else
        return;
    }

  g_error ("It never ends");
}
