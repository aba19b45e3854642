/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/s5b-address.h"
#include "proto/s5b-engine.h"
#include "proto/s5b-offer.h"

/* Two engines and the network between them, all in memory: a world. It can be
 * copied at any moment, so that every order of what is under way can be tried. */

#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define MSEC G_GINT64_CONSTANT (1000)
#define LATENCY (20 * MSEC) /* of stanzas and of packets, one way */
#define N_ITEMS 64

static const char *const jids[2] = { ROMEO, JULIET };

/* What comes of a dial. */
typedef enum
{
  ANSWERS,
  REFUSES,    /* no such port */
  HOLE,       /* nothing ever comes back */
  PICKY,      /* listens, but only for H(initiator, responder) */
} Reach;

/* How far each side gets. Hosts are named d0, d1 (Romeo's), D0, D1 (Juliet's), p, P (proxies). */
typedef struct
{
  Reach    direct[2];   /* by who dials */
  Reach    proxy[2];
  guint    n_direct[2]; /* offered */
  gboolean has_proxy[2];
  gboolean proxy_refuses; /* to activate */
} Net;

typedef enum
{
  ITEM_NONE,
  ITEM_MESSAGE,
  ITEM_RESULT,
  ITEM_INBOUND,
  ITEM_LOST,
  ITEM_ACTIVATION,
} ItemKind;

typedef struct
{
  ItemKind     kind;
  gint64       when;
  guint        side;    /* whom it is for */
  FerryS5bInfo info;
  const char  *cid;     /* interned */
  guint        link;
  gboolean     ok;
  gboolean     refused;
} Item;

/* A connection, or an attempt. */
typedef struct
{
  guint       dialler;
  guint       dial;     /* its id there */
  guint       inbound;  /* its id at the other end; 0: none yet */
  const char *host;     /* interned */
  gboolean    is_proxy;
  gboolean    is_open;
  gboolean    is_dropped;
} Link;

typedef struct
{
  FerryS5bEngine *engine[2];
  const Net      *net;
  gint64          now;
  Item            items[N_ITEMS];
  guint           n_items;
  Link            links[N_ITEMS];
  guint           n_links;
  int             used[2];     /* link; -1: none */
  gint64          used_at[2];
  gboolean        failed[2];
  guint           reports[2];  /* candidate-used and -error sent */
} World;

static void
world_clear (World *world)
{
  ferry_s5b_engine_free (world->engine[0]);
  ferry_s5b_engine_free (world->engine[1]);
}

static World
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
  gboolean is_proxy = effect->whose != FERRY_S5B_HOST_PEER;
  Reach reach = is_proxy ? world->net->proxy[side] : world->net->direct[side];
  g_autofree char *wanted = ferry_s5b_address_new ("vj3hs98y", ROMEO, JULIET);
  guint link = world->n_links++;

  g_assert_cmpuint (link, <, N_ITEMS);
  world->links[link] = (Link) { side, effect->id, 0, g_intern_string (effect->host), is_proxy };

  if (reach == PICKY)
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
          world->reports[side] += effect->info == FERRY_S5B_INFO_CANDIDATE_USED ||
                                  effect->info == FERRY_S5B_INFO_CANDIDATE_ERROR;
          post (world, ITEM_MESSAGE, 1 - side, LATENCY,
                (Item) { .info = effect->info, .cid = g_intern_string (effect->cid) });
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

static void
world_deliver (World *world,
               guint  index)
{
  Item item = world->items[index];
  Link *link = &world->links[item.link];
  FerryS5bEvent event = { .info = item.info, .cid = item.cid, .refused = item.refused };

  memmove (&world->items[index], &world->items[index + 1],
           (world->n_items - index - 1) * sizeof item);
  world->n_items--;
  world->now = MAX (world->now, item.when);

  switch (item.kind)
    {
    case ITEM_MESSAGE:
      event.kind = FERRY_S5B_EVENT_INFO;
      break;
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

  if (net->has_proxy[side])
    ferry_s5b_offer_add_proxy (offer, side == 0 ? "p" : "P", 7625,
                               side == 0 ? "proxy.romeo.lit" : "proxy.juliet.lit");

  return offer;
}

static World
world_new (const Net *net)
{
  World world = { .net = net, .used = { -1, -1 } };

  for (guint side = 0; side < 2; side++)
    world.engine[side] = ferry_s5b_engine_new (side == 0 ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER,
                                               "vj3hs98y", jids[side], jids[1 - side]);

  for (guint side = 0; side < 2; side++)
    {
      g_autoptr(FerryS5bOffer) offer = make_offer (net, side);
      g_autoptr(GPtrArray) effects = ferry_s5b_effects_new ();
      FerryS5bEvent event = { FERRY_S5B_EVENT_CANDIDATES,
                              .candidates = ferry_s5b_offer_get_candidates (offer) };

      ferry_s5b_engine_set_own (world.engine[side], ferry_s5b_offer_get_candidates (offer));
      ferry_s5b_engine_handle (world.engine[1 - side], &event, 0, effects);
      g_assert_cmpuint (effects->len, ==, 0); /* SEC-13: nobody is dialled before START */
    }

  return world;
}

static void
world_start (World *world)
{
  FerryS5bEvent event = { FERRY_S5B_EVENT_START };

  world_handle (world, 1, &event);
  world_handle (world, 0, &event);
}

/* Whoever wants to be woken first. Returns FALSE if nobody does. */
static gboolean
find_deadline (const World *world,
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

static void
world_wake (World  *world,
            guint   side,
            gint64  deadline)
{
  FerryS5bEvent event = { FERRY_S5B_EVENT_DEADLINE };

  world->now = MAX (world->now, deadline);
  world_handle (world, side, &event);
}

/* As time would have it. */
static void
world_play (World *world)
{
  for (guint steps = 0; steps < 1000; steps++)
    {
      guint first = 0;
      guint side = 0;
      gint64 deadline;
      gboolean has_deadline = find_deadline (world, &side, &deadline);

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

static void
assert_agreement (const World *world)
{
  for (guint side = 0; side < 2; side++)
    {
      g_assert_true (ferry_s5b_engine_is_over (world->engine[side]));
      g_assert_cmpuint (world->reports[side], ==, 1); /* S5B1-8 */
      g_assert_cmpint (world->failed[side], ==, world->used[side] == -1);
    }

  g_assert_cmpint (world->failed[0], ==, world->failed[1]);
  if (world->failed[0])
    return;

  if (world->links[world->used[0]].is_proxy)
    g_assert_cmpstr (world->links[world->used[0]].host, ==, world->links[world->used[1]].host);
  else
    g_assert_cmpint (world->used[0], ==, world->used[1]);
}

/* Tries every order, as far as @depth; from there on the natural one. Early
 * timers too, as long as they only start dials. */
static void
explore (const World *world,
         guint        depth,
         guint       *n_leaves)
{
  gboolean has_message[2] = { FALSE, FALSE };
  guint n_choices = 0;
  guint side = 0;
  gint64 deadline;

  for (guint i = 0; depth > 0 && i < world->n_items; i++)
    {
      const Item *item = &world->items[i];
      World next;

      if (item->kind == ITEM_MESSAGE && has_message[item->side])
        continue; /* stanzas do not overtake each other */
      has_message[item->side] |= item->kind == ITEM_MESSAGE;

      next = world_copy (world);
      world_deliver (&next, i);
      explore (&next, depth - 1, n_leaves);
      world_clear (&next);
      n_choices++;
    }

  if (depth > 0 && find_deadline (world, &side, &deadline) && deadline <= 1200 * MSEC)
    {
      World next = world_copy (world);

      world_wake (&next, side, deadline);
      explore (&next, depth - 1, n_leaves);
      world_clear (&next);
      n_choices++;
    }

  if (n_choices == 0)
    {
      World end = world_copy (world);

      world_play (&end);
      assert_agreement (&end);
      world_clear (&end);
      (*n_leaves)++;
    }
}

static void
test_agrees_in_every_order (void)
{
  static const Reach reaches[] = { ANSWERS, REFUSES, HOLE, PICKY };
  guint depth = g_test_slow () ? 9 : 6;
  guint n_leaves = 0;

  for (guint i = 0; i < G_N_ELEMENTS (reaches) * G_N_ELEMENTS (reaches) * 16; i++)
    {
      Net net = {
        .direct = { reaches[i % 4], reaches[i / 4 % 4] },
        .proxy = { i & 16 ? HOLE : ANSWERS, i & 32 ? REFUSES : ANSWERS },
        .n_direct = { 2, i & 64 ? 1 : 2 },
        .has_proxy = { TRUE, i & 128 },
      };
      World world = world_new (&net);

      world_start (&world);
      explore (&world, depth, &n_leaves);
      world_clear (&world);
    }

  g_test_message ("%u endings", n_leaves);
}

/* What is nominated, and how soon (virtual time). */
static void
test_finds_the_best_way_in_time (void)
{
  static const struct
  {
    const char *what;
    Net         net;
    const char *host;  /* NULL: none */
    gint64      limit; /* ms until both have it */
  } cases[] = {
    { "all open", { { ANSWERS, ANSWERS }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } }, "D0", 200 },
    { "only Juliet is reachable", { { ANSWERS, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, TRUE } },
      "D0", 200 },
    { "only Romeo is reachable", { { HOLE, ANSWERS }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, TRUE } },
      "d0", 200 },
    { "black hole, one proxy", { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } },
      "p", 1300 },
    { "black hole, six hosts, one proxy",
      { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 6, 6 }, { TRUE, FALSE } }, "p", 1300 },
    { "black hole, two proxies", { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, TRUE } },
      "P", 1300 },
    { "refused, one proxy", { { REFUSES, REFUSES }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } },
      "p", 500 },
    { "one-sided refusal, one proxy", { { HOLE, REFUSES }, { ANSWERS, ANSWERS }, { 2, 2 }, { TRUE, FALSE } },
      "p", 1300 },
    { "proxy only, of the initiator", { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 0, 0 }, { TRUE, FALSE } },
      "p", 250 },
    { "proxy only, of the responder", { { HOLE, HOLE }, { ANSWERS, ANSWERS }, { 0, 0 }, { FALSE, TRUE } },
      "P", 250 },
    { "responder offers nothing", { { HOLE, ANSWERS }, { HOLE, HOLE }, { 1, 0 }, { FALSE, FALSE } },
      "d0", 200 },
    { "other order of names", { { ANSWERS, PICKY }, { HOLE, HOLE }, { 0, 1 }, { FALSE, FALSE } },
      "D0", 200 },
    { "refuses the usual order of names", { { PICKY, HOLE }, { HOLE, HOLE }, { 1, 1 }, { FALSE, FALSE } },
      "D0", 300 },
    { "nothing answers", { { HOLE, HOLE }, { HOLE, HOLE }, { 2, 2 }, { TRUE, TRUE } }, NULL, 8100 },
    { "nothing answers, no proxy", { { HOLE, HOLE }, { HOLE, HOLE }, { 2, 2 }, { FALSE, FALSE } },
      NULL, 5100 },
    { "all refuse", { { REFUSES, REFUSES }, { REFUSES, REFUSES }, { 2, 2 }, { TRUE, TRUE } }, NULL, 500 },
    { "proxy will not activate",
      { { REFUSES, REFUSES }, { ANSWERS, ANSWERS }, { 1, 1 }, { TRUE, FALSE }, TRUE }, NULL, 500 },
    { "own proxy out of reach",
      { { REFUSES, REFUSES }, { HOLE, ANSWERS }, { 1, 1 }, { TRUE, FALSE } }, NULL, 8500 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      World world = world_new (&cases[i].net);

      g_test_message ("%s", cases[i].what);
      world_start (&world);
      world_play (&world);
      assert_agreement (&world);

      for (guint side = 0; side < 2; side++)
        if (cases[i].host == NULL)
          {
            g_assert_true (world.failed[side]);
            g_assert_cmpint (world.now, <=, cases[i].limit * MSEC);
          }
        else
          {
            g_assert_cmpint (world.used[side], !=, -1);
            g_assert_cmpstr (world.links[world.used[side]].host, ==, cases[i].host);
            g_assert_cmpint (world.used_at[side], <=, cases[i].limit * MSEC);
          }

      world_clear (&world);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/s5b-engine/agrees-in-every-order", test_agrees_in_every_order);
  g_test_add_func ("/proto/s5b-engine/finds-the-best-way-in-time", test_finds_the_best_way_in_time);

  return g_test_run ();
}
