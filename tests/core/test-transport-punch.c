/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "core/network-private.h"
#include "proto/s5b-codec.h"
#include "transport-world.h"
#include "wait.h"

#define HIDDEN "10.99.7.5" /* of a network that nobody here is in */
#define MAX_FD 200

/* Puts the party behind a router: others see it at @seen. */
static void
party_place (Party      *self,
             const char *seen,
             gboolean    keeps_ports)
{
  FerryIpAddress address;

  self->network = ferry_network_new (self->router, self->listener, self->proxies, self->settings);
  self->network->knows_desktop = TRUE;
  ferry_ip_address_parse (HIDDEN, &address);
  g_ptr_array_add (self->network->facts->addresses,
                   ferry_interface_address_new (&address, "eth0", 0));
  ferry_ip_address_parse (seen, &self->network->facts->reflexive4.seen);
  self->network->facts->reflexive4.keeps_ports = keeps_ports;
}

static void
place_both (TransportWorld *world)
{
  world->punches = TRUE;
  for (guint i = 0; i < 2; i++)
    party_place (&world->parties[i], "127.0.0.1", TRUE);
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
spin (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_listening_at (int     fd,
                 guint16 port)
{
  struct sockaddr_in6 place = { .sin6_family = AF_UNSPEC };
  socklen_t size = sizeof place;
  int is_listening = 0;
  socklen_t flag_size = sizeof is_listening;

  return getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &flag_size) == 0 &&
         is_listening != 0 &&
         getsockname (fd, (struct sockaddr *) &place, &size) == 0 &&
         g_ntohs (place.sin6_port) == port;
}

/* As if its router let in nobody to whom nothing was sent before. */
static void
party_deafen (Party *self)
{
  struct sock_filter nothing = BPF_STMT (BPF_RET | BPF_K, 0);
  struct sock_fprog program = { 1, &nothing };
  guint16 port = ferry_socks5_listener_get_port (self->listener);
  guint n = 0;

  for (int fd = 0; fd < MAX_FD; fd++)
    if (is_listening_at (fd, port))
      {
        g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program),
                         ==, 0);
        n++;
      }

  g_assert_cmpuint (n, ==, 1);
}

/* Opens both, the second one @pause ms after the first. */
static void
open_in_order (TransportWorld *world,
               guint           first,
               guint           pause)
{
  GAsyncResult *done[2] = { NULL, NULL };
  guint order[2] = { first, 1 - first };

  for (guint i = 0; i < 2; i++)
    {
      if (i == 1 && pause > 0)
        spin (pause);
      ferry_transport_open_async (world->parties[order[i]].transport, NULL, wait_done_cb,
                                  &done[order[i]]);
    }

  for (guint i = 0; i < 2; i++)
    {
      Party *party = &world->parties[i];

      party->stream = ferry_transport_open_finish (party->transport, wait_for_result (&done[i]),
                                                   &party->error);
      g_object_unref (done[i]);
    }
}

static const FerryPathStep *
find_step (Party             *party,
           FerryPathStepKind  kind,
           const char        *way)
{
  for (guint i = 0; i < ferry_path_report_get_n (party->report); i++)
    {
      const FerryPathStep *step = ferry_path_report_get (party->report, i);

      if (step->kind == kind && g_strcmp0 (step->way, way) == 0)
        return step;
    }

  return NULL;
}

static void
assert_punched (TransportWorld *world)
{
  world_assert_open_over (world, FERRY_PATH_DIRECT);

  for (guint i = 0; i < 2; i++)
    {
      Party *party = &world->parties[i];
      g_autofree char *text = ferry_path_report_to_text (party->report, FALSE);
      guint16 other = ferry_socks5_listener_reserve (world->parties[1 - i].listener, NULL);
      g_autofree char *remote = ferry_transport_dup_remote (party->transport);
      g_autofree char *port = g_strdup_printf (":%u", other);

      g_test_message ("%s", text);
      g_assert_cmpstr (ferry_transport_get_way (party->transport), ==, "hole punching");
      g_assert_true (g_str_has_suffix (remote, port));
      g_assert_nonnull (find_step (party, FERRY_PATH_STEP_OFFERED, "hole punching"));
      g_assert_nonnull (find_step (party, FERRY_PATH_STEP_RECEIVED, "hole punching"));
      g_assert_nonnull (find_step (party, FERRY_PATH_STEP_CHOSEN, "hole punching"));
    }

  world_assert_carries (world, 0, 300000);
  world_assert_carries (world, 0, 0);
}

/* Who comes first, and what the routers let through. */
static const struct
{
  guint    first;
  guint    pause;   /* ms */
  gboolean deaf[2];
} meetings[] = {
  { 1, 0, { FALSE, FALSE } },
  { 1, 100, { FALSE, FALSE } }, /* the initiator's listener has the responder's knock */
  { 1, 600, { FALSE, FALSE } },
  { 0, 0, { FALSE, FALSE } },
  { 0, 100, { FALSE, FALSE } }, /* the responder's listener has the initiator's */
  { 1, 0, { TRUE, TRUE } },     /* in the middle */
  { 1, 300, { TRUE, TRUE } },
  { 0, 0, { TRUE, TRUE } },
  { 0, 300, { TRUE, TRUE } },
  { 1, 100, { FALSE, TRUE } },
  { 1, 100, { TRUE, FALSE } },
  { 0, 100, { FALSE, TRUE } },
  { 0, 100, { TRUE, FALSE } },
};

static void
test_meets_whoever_comes_first (TransportWorld *world,
                                gconstpointer   data)
{
  guint n = GPOINTER_TO_UINT (data);
  gint64 begin = g_get_monotonic_time ();

  place_both (world);
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  for (guint i = 0; i < 2; i++)
    if (meetings[n].deaf[i])
      party_deafen (&world->parties[i]);
  open_in_order (world, meetings[n].first, meetings[n].pause);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC + 1000 * meetings[n].pause);
  assert_punched (world);
}

/* Where one connection between the two places stands there can be no other, and nobody waits
 * long for it. */
static void
test_does_without_a_second_hole (TransportWorld *world,
                                 gconstpointer   data)
{
  FerryTransport *transports[2];
  GIOStream *streams[2];
  gint64 begin;

  place_both (world);
  world_discover_proxy (world);
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  open_in_order (world, 1, 0);
  assert_punched (world);

  for (guint i = 0; i < 2; i++)
    {
      transports[i] = g_steal_pointer (&world->parties[i].transport);
      streams[i] = g_steal_pointer (&world->parties[i].stream);
    }

  begin = g_get_monotonic_time ();
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  open_in_order (world, 1, 0);
  world_assert_open_over (world, FERRY_PATH_PROXY);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);

  for (guint i = 0; i < 2; i++)
    {
      g_io_stream_close (streams[i], NULL, NULL);
      g_object_unref (streams[i]);
      g_object_unref (transports[i]);
    }
}

/* No hole, and a proxy: no later than without trying. */
static void
test_delays_no_proxy (TransportWorld *world,
                      gconstpointer   data)
{
  gboolean is_symmetric = GPOINTER_TO_INT (data);
  BlackHole hole;
  gint64 begin;

  black_hole_init (&hole);
  world->punches = TRUE;
  party_place (&world->parties[0], "127.0.0.1", TRUE);
  party_place (&world->parties[1], "127.0.0.1", !is_symmetric);
  world_discover_proxy (world);
  world_negotiate (world, FERRY_NS_S5B_1, &hole);
  begin = g_get_monotonic_time ();
  world_open_both (world);
  world_assert_open_over (world, FERRY_PATH_PROXY);
  g_test_message ("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - begin) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, (is_symmetric ? 1 : 2) * G_USEC_PER_SEC);
  g_assert_cmpstr (ferry_transport_get_way (world->parties[0].transport), ==, "proxy");
  g_assert_true (is_symmetric == (find_step (&world->parties[0], FERRY_PATH_STEP_TRIED,
                                             "hole punching") == NULL));
  black_hole_clear (&hole);
}

static guint
count_candidates (const FerryElement *transport,
                  const char         *type)
{
  guint n = 0;

  for (guint i = 0; i < ferry_element_get_n_children (transport); i++)
    n += g_strcmp0 (ferry_element_get_attribute (ferry_element_get_child (transport, i), "type"),
                    type) == 0;

  return n;
}

/* Never in the way of other clients: S5B1-16. */
static void
test_offers_it_to_whom_it_is_for (TransportWorld *world,
                                  gconstpointer   data)
{
  static const struct
  {
    gboolean    punches;
    gboolean    keeps_ports;
    gboolean    relay_only;
    const char *ns;
    guint       n_assisted;
    guint       n_direct;
  } cases[] = {
    { TRUE, TRUE, FALSE, FERRY_NS_S5B_1, 1, 1 },
    { FALSE, TRUE, FALSE, FERRY_NS_S5B_1, 0, 1 },
    { TRUE, FALSE, FALSE, FERRY_NS_S5B_1, 0, 1 },
    { TRUE, TRUE, TRUE, FERRY_NS_S5B_1, 0, 0 },
    { TRUE, TRUE, FALSE, "urn:xmpp:jingle:transports:s5b:0", 0, 0 },
  };
  guint n = GPOINTER_TO_UINT (data);
  Party *party = &world->parties[0];
  g_autoptr(FerryElement) offer = NULL;

  party_place (party, "127.0.0.1", cases[n].keeps_ports);
  world->punches = cases[n].punches;
  party->relay_only = cases[n].relay_only;
  world_make_transport (world, 0, cases[n].ns);
  offer = party_prepare (party);
  g_assert_cmpuint (count_candidates (offer, "assisted"), ==, cases[n].n_assisted);
  g_assert_cmpuint (count_candidates (offer, "direct"), ==, cases[n].n_direct);
  g_assert_cmpint (ferry_socks5_listener_get_port (party->listener) != 0, ==, !cases[n].relay_only);
}

/* SEC-14: a place to knock at is one that the peer names. */
static void
test_knocks_nowhere_dangerous (TransportWorld *world,
                               gconstpointer   data)
{
  static const char *const hosts[] = { "127.0.0.1", "169.254.169.254", "0.0.0.0" };
  guint side = GPOINTER_TO_UINT (data) % 2;
  const char *host = hosts[GPOINTER_TO_UINT (data) / 2];
  Party *party = &world->parties[side];
  g_autoptr(FerryElement) said = NULL;
  g_autoptr(FerryElement) ours = NULL;
  g_autoptr(FerryElement) report = NULL;
  g_autoptr(FerryStanzaError) refusal = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  const FerryPathStep *step;

  place_both (world);
  party->settings->allow_loopback = FALSE;
  ferry_ip_address_parse ("203.0.113.9", &party->network->facts->reflexive4.seen);
  world_make_transports (world, FERRY_NS_S5B_1);
  if (side == 0)
    ours = party_prepare (party);
  said = fake_stanza ("<transport xmlns='%s' sid='%s'><candidate cid='a' host='%s' priority='9' "
                      "port='5086' type='assisted'/></transport>", FERRY_NS_S5B_1,
                      side == 0 ? ferry_element_get_attribute (ours, "sid") : "x", host);
  g_assert_true (ferry_transport_set_remote (party->transport, said, &error));
  if (side == 1)
    ours = party_prepare (party);
  g_assert_cmpuint (count_candidates (ours, "assisted"), ==, 1);

  ferry_transport_open_async (party->transport, NULL, wait_done_cb, &done);
  report = fake_stanza ("<transport xmlns='%s' sid='%s'><candidate-error/></transport>",
                        FERRY_NS_S5B_1, ferry_element_get_attribute (ours, "sid"));
  refusal = ferry_transport_receive_info (party->transport, report);
  g_assert_null (refusal);
  g_assert_null (ferry_transport_open_finish (party->transport, wait_for_result (&done), &error));
  step = find_step (party, FERRY_PATH_STEP_REFUSED, "hole punching");
  g_assert_nonnull (step);
  g_test_message ("%s: %s", host, step->text);
}

/* Both are behind the same router: whatever comes of it is no better than the network they
 * share. */
static void
test_leaves_its_own_router_alone (TransportWorld *world,
                                  gconstpointer   data)
{
  world->punches = TRUE;
  for (guint i = 0; i < 2; i++)
    party_place (&world->parties[i], "203.0.113.9", TRUE);
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  world_open_both (world);

  for (guint i = 0; i < 2; i++)
    {
      world_assert_failed (world, i, "Neither side");
      g_assert_null (find_step (&world->parties[i], FERRY_PATH_STEP_TRIED, "hole punching"));
    }
}

static gboolean
never_answered_cb (FerryElement *stanza,
                   gpointer      user_data)
{
  return FALSE;
}

/* The offer waits for proxies and place together. */
static void
test_waits_150_ms_in_all (TransportWorld *world,
                          gconstpointer   data)
{
  Party *party = &world->parties[0];
  g_autoptr(FerryElement) offer = NULL;
  gint64 begin;

  party_place (party, "127.0.0.1", TRUE);
  party->network->n_open = 1; /* somebody never answers */
  fake_server_set_filter (world->server, never_answered_cb, NULL);
  ferry_proxies_discover (party->proxies);
  world->punches = TRUE;
  world_make_transport (world, 0, FERRY_NS_S5B_1);
  begin = g_get_monotonic_time ();
  offer = party_prepare (party);
  g_test_message ("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - begin) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - begin, >, 100000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 250000);
  g_assert_cmpuint (count_candidates (offer, "assisted"), ==, 1);
}

/* What the user wants, or the desktop: nothing direct is offered, dialled or listened for. */
static void
test_stays_behind_relays (TransportWorld *world,
                          gconstpointer   data)
{
  Party *party = &world->parties[GPOINTER_TO_UINT (data) % 2];
  gboolean by_desktop = GPOINTER_TO_UINT (data) / 2;

  place_both (world);
  if (by_desktop)
    party->network->knows_desktop = FALSE;
  else
    party->relay_only = TRUE;
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  g_assert_cmpuint (ferry_socks5_listener_get_port (party->listener), ==, 0);
  world_open_both (world);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (world->parties[i].stream);
      g_assert_null (find_step (&world->parties[i], FERRY_PATH_STEP_REACHED, "hole punching"));
    }
  g_assert_null (find_step (party, FERRY_PATH_STEP_OFFERED, "interface"));
  g_assert_nonnull (find_step (party, FERRY_PATH_STEP_LEFT_OUT, "interface"));
  g_assert_null (find_step (party, FERRY_PATH_STEP_REACHED, "interface"));
}

#define ADD(path, data, func) \
  g_test_add ("/core/transport-punch/" path, TransportWorld, data, world_set_up, func, \
              world_tear_down)

static void
add_many (const char *path,
          guint       n,
          void      (*func) (TransportWorld *world,
                             gconstpointer   data))
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *full = g_strdup_printf ("/core/transport-punch/%s/%u", path, i);

      g_test_add (full, TransportWorld, GUINT_TO_POINTER (i), world_set_up, func,
                  world_tear_down);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_many ("meets-whoever-comes-first", G_N_ELEMENTS (meetings), test_meets_whoever_comes_first);
  ADD ("does-without-a-second-hole", NULL, test_does_without_a_second_hole);
  ADD ("delays-no-proxy/in-vain", GINT_TO_POINTER (FALSE), test_delays_no_proxy);
  ADD ("delays-no-proxy/symmetric", GINT_TO_POINTER (TRUE), test_delays_no_proxy);
  add_many ("offers-it-to-whom-it-is-for", 5, test_offers_it_to_whom_it_is_for);
  add_many ("knocks-nowhere-dangerous", 6, test_knocks_nowhere_dangerous);
  ADD ("leaves-its-own-router-alone", NULL, test_leaves_its_own_router_alone);
  ADD ("waits-150-ms-in-all", NULL, test_waits_150_ms_in_all);
  add_many ("stays-behind-relays", 4, test_stays_behind_relays);

  return g_test_run ();
}
