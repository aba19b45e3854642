/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "net/port-mappings-private.h"
#include "own-network.h"
#include "scripted-router.h"
#include "test-client.h"

#define PORT 41000
#define OTHER_PORT 42000

typedef struct
{
  char              *folder;
  char              *leases;
  ScriptedRouter     router;
  FerryPortMappings *mappings;
  guint              n_changed;
} Fixture;

/* Whoever is told of a mapping finds it noted. */
static void
changed_cb (FerryPortMappings *mappings,
            Fixture           *fixture)
{
  g_autofree char *text = NULL;

  fixture->n_changed++;
  if (ferry_port_mappings_get (mappings)->len == 0)
    return;

  g_assert_true (g_file_get_contents (fixture->leases, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, " " G_STRINGIFY (PORT) " "));
}

static FerryPortMappings *
make (Fixture *fixture)
{
  FerryPortMappings *mappings = ferry_port_mappings_new (fixture->leases);

  ferry_port_mappings_set_routers (mappings, udp_peer_get_address (fixture->router.peer), NULL);
  return mappings;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("ferry-mappings-XXXXXX", NULL);
  fixture->leases = g_build_filename (fixture->folder, "leases", NULL);
  fixture->router.speaks_pcp = TRUE;
  fixture->router.speaks_nat_pmp = TRUE;
  scripted_router_start (&fixture->router, G_SOCKET_FAMILY_IPV4);
  fixture->mappings = make (fixture);
  g_signal_connect (fixture->mappings, "changed", G_CALLBACK (changed_cb), fixture);
}

/* What crashes have left. */
static void
remove_leases (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_no_errno (g_unlink (path));
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->mappings);
  scripted_router_stop (&fixture->router);
  remove_leases (fixture->folder);
  g_assert_no_errno (g_rmdir (fixture->folder));
  g_free (fixture->leases);
  g_free (fixture->folder);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  ferry_port_mappings_stop_finish (FERRY_PORT_MAPPINGS (source), result);
  *(gboolean *) user_data = TRUE;
}

/* Never takes longer than a second, and what the machine needs to get round to it. */
static void
stop (FerryPortMappings *mappings)
{
  gint64 began = g_get_monotonic_time ();
  gboolean is_stopped = FALSE;

  ferry_port_mappings_stop_async (mappings, stopped_cb, &is_stopped);
  WAIT_FOR (is_stopped);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 1500 * 1000);
  g_assert_cmpuint (ferry_port_mappings_get (mappings)->len, ==, 0);
}

static void
start (FerryPortMappings *mappings,
       guint16            port)
{
  ferry_port_mappings_start (mappings, port);
  g_assert_false (ferry_port_mappings_is_settled (mappings));
  WAIT_FOR (ferry_port_mappings_is_settled (mappings));
}

static void
check_mapping (FerryPortMappings  *mappings,
               FerryMappingMethod  method,
               const char         *external,
               guint16             port)
{
  GArray *all = ferry_port_mappings_get (mappings);
  FerryPortMapping *one = &g_array_index (all, FerryPortMapping, 0);
  g_autofree char *address = NULL;

  g_assert_cmpuint (all->len, ==, 1);
  address = ferry_ip_address_to_string (&one->external);
  g_assert_cmpint (one->method, ==, method);
  g_assert_cmpstr (address, ==, external);
  g_assert_cmpuint (one->external_port, ==, port);
  g_assert_cmpuint (one->internal_port, ==, PORT);
  g_assert_cmpuint (one->lifetime, >, 0);
  g_assert_cmpuint (one->lifetime, <=, 3600);
  g_assert_null (ferry_port_mappings_get_fault (mappings, method));
}

static char *
read_leases (Fixture *fixture)
{
  char *text = NULL;

  g_file_get_contents (fixture->leases, &text, NULL, NULL);
  return text;
}

static void
test_maps_and_gives_back (Fixture       *fixture,
                          gconstpointer  data)
{
  FerryMappingMethod method = GPOINTER_TO_UINT (data);

  fixture->router.speaks_pcp = method == FERRY_MAPPING_PCP;
  fixture->router.speaks_nat_pmp = method == FERRY_MAPPING_NAT_PMP;
  fixture->router.external_port = 50000;
  start (fixture->mappings, PORT);
  check_mapping (fixture->mappings, method, "203.0.113.7", 50000);
  g_assert_true (scripted_router_has (&fixture->router, PORT));
  g_assert_cmpuint (fixture->n_changed, >, 0);
  g_assert_nonnull (ferry_port_mappings_get_fault (fixture->mappings, FERRY_MAPPING_UPNP));

  stop (fixture->mappings);
  g_assert_false (scripted_router_has (&fixture->router, PORT));
  g_assert_false (g_file_test (fixture->leases, G_FILE_TEST_EXISTS));
}

static void
test_prefers_pcp (Fixture       *fixture,
                  gconstpointer  data)
{
  start (fixture->mappings, PORT);
  test_spin (50);
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);
  stop (fixture->mappings);
  g_assert_false (scripted_router_has (&fixture->router, PORT));
}

static void
test_opens_ipv6 (Fixture       *fixture,
                 gconstpointer  data)
{
  ScriptedRouter router = { .speaks_pcp = TRUE };

  scripted_router_start (&router, G_SOCKET_FAMILY_IPV6);
  ferry_port_mappings_set_routers (fixture->mappings, NULL, udp_peer_get_address (router.peer));
  start (fixture->mappings, PORT);
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "2001:db8::7", PORT);
  stop (fixture->mappings);
  g_assert_false (scripted_router_has (&router, PORT));
  scripted_router_stop (&router);
}

static void
test_believes_no_liar (Fixture       *fixture,
                       gconstpointer  data)
{
  FerryMappingMethod method = GPOINTER_TO_UINT (data);

  fixture->router.speaks_pcp = method == FERRY_MAPPING_PCP;
  fixture->router.speaks_nat_pmp = method == FERRY_MAPPING_NAT_PMP;
  fixture->router.lies = TRUE;
  start (fixture->mappings, PORT);
  test_spin (50);
  check_mapping (fixture->mappings, method, "203.0.113.7", PORT);
  stop (fixture->mappings);
}

static void
test_settles_without_a_router (Fixture       *fixture,
                               gconstpointer  data)
{
  gint64 began = g_get_monotonic_time ();

  fixture->router.is_silent = TRUE;
  start (fixture->mappings, PORT);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (ferry_port_mappings_get (fixture->mappings)->len, ==, 0);
  for (guint i = 0; i < FERRY_N_MAPPING_METHODS; i++)
    g_assert_nonnull (ferry_port_mappings_get_fault (fixture->mappings, i));
  stop (fixture->mappings);

  /* ICMP says it at once. */
  ferry_port_mappings_set_routers (fixture->mappings,
                                   udp_peer_get_address (fixture->router.peer), NULL);
  scripted_router_stop (&fixture->router);
  began = g_get_monotonic_time ();
  start (fixture->mappings, PORT);
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC);
  g_assert_nonnull (ferry_port_mappings_get_fault (fixture->mappings, FERRY_MAPPING_PCP));
  stop (fixture->mappings);

  ferry_port_mappings_set_routers (fixture->mappings, NULL, NULL);
  start (fixture->mappings, PORT);
  g_assert_cmpstr (ferry_port_mappings_get_fault (fixture->mappings, FERRY_MAPPING_PCP), ==,
                   "there is no router");
  stop (fixture->mappings);
  scripted_router_start (&fixture->router, G_SOCKET_FAMILY_IPV4);
}

static void
test_says_why_not (Fixture       *fixture,
                   gconstpointer  data)
{
  fixture->router.refuses = 2; /* NOT_AUTHORIZED in both */
  start (fixture->mappings, PORT);
  g_assert_cmpuint (ferry_port_mappings_get (fixture->mappings)->len, ==, 0);
  g_assert_nonnull (ferry_port_mappings_get_fault (fixture->mappings, FERRY_MAPPING_PCP));
  g_assert_nonnull (ferry_port_mappings_get_fault (fixture->mappings, FERRY_MAPPING_NAT_PMP));
  stop (fixture->mappings);
}

/* What a silent router may still have stays noted. */
static void
test_stops_in_time (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *text = NULL;

  start (fixture->mappings, PORT);
  fixture->router.is_silent = TRUE;
  stop (fixture->mappings);
  text = read_leases (fixture);
  g_assert_nonnull (text);
  g_assert_nonnull (strstr (text, "PCP"));

  /* Also while it has only just begun, and if there is nothing to stop. */
  ferry_port_mappings_start (fixture->mappings, PORT);
  stop (fixture->mappings);
  stop (fixture->mappings);
}

/* … and so does what it may have that says anything but that it has taken it back. */
static void
test_takes_no_babble_for_an_answer (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autofree char *text = NULL;

  start (fixture->mappings, PORT);
  fixture->router.babbles = TRUE;
  stop (fixture->mappings);
  text = read_leases (fixture);
  g_assert_nonnull (text);
  g_assert_nonnull (strstr (text, "PCP"));
}

static void
crash (Fixture *fixture,
       guint16  port)
{
  g_autoptr(FerryPortMappings) mappings = make (fixture);
  g_autofree char *text = NULL;

  start (mappings, port);
  g_assert_cmpuint (ferry_port_mappings_get (mappings)->len, ==, 1);
  g_clear_object (&mappings);
  g_assert_true (scripted_router_has (&fixture->router, port));
  text = read_leases (fixture);
  g_assert_nonnull (text);
}

static void
test_cleans_up_after_a_crash (Fixture       *fixture,
                              gconstpointer  data)
{
  fixture->router.speaks_pcp = data == NULL;
  crash (fixture, OTHER_PORT);
  start (fixture->mappings, PORT);
  WAIT_FOR (!scripted_router_has (&fixture->router, OTHER_PORT));
  g_assert_cmpuint (scripted_router_n_deleted (&fixture->router, OTHER_PORT), ==, 1);
  g_assert_true (scripted_router_has (&fixture->router, PORT));
  stop (fixture->mappings);
  g_assert_cmpuint (scripted_router_n_deleted (&fixture->router, OTHER_PORT), ==, 1);
  g_assert_false (g_file_test (fixture->leases, G_FILE_TEST_EXISTS));
}

static void
test_takes_over_the_same_port (Fixture       *fixture,
                               gconstpointer  data)
{
  guint8 nonce[12];

  crash (fixture, PORT);
  memcpy (nonce, fixture->router.nonce, sizeof nonce);

  start (fixture->mappings, PORT);
  test_spin (50);
  g_assert_cmpmem (fixture->router.nonce, 12, nonce, 12);
  g_assert_cmpuint (fixture->router.deleted->len, ==, 0);
  stop (fixture->mappings);
  g_assert_cmpuint (scripted_router_n_deleted (&fixture->router, PORT), ==, 1);
}

static void
test_leaves_the_living_alone (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(FerryPortMappings) other = make (fixture);

  start (other, OTHER_PORT);
  g_signal_handlers_disconnect_by_data (fixture->mappings, fixture);
  start (fixture->mappings, PORT);
  test_spin (50);
  stop (fixture->mappings);
  g_assert_true (scripted_router_has (&fixture->router, OTHER_PORT));
  g_assert_cmpuint (scripted_router_n_deleted (&fixture->router, OTHER_PORT), ==, 0);
  stop (other);
  g_assert_false (scripted_router_has (&fixture->router, OTHER_PORT));
  g_assert_false (g_file_test (fixture->leases, G_FILE_TEST_EXISTS));
}

static void
test_asks_anew (Fixture       *fixture,
                gconstpointer  data)
{
  guint8 nonce[12];

  start (fixture->mappings, PORT);
  memcpy (nonce, fixture->router.nonce, sizeof nonce);
  g_assert_cmpuint (fixture->router.n_asked, ==, 1);

  /* The network has changed, or so it seems: it stands until the router says otherwise. */
  ferry_port_mappings_start (fixture->mappings, PORT);
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);
  WAIT_FOR (fixture->router.n_asked == 2);
  g_assert_cmpmem (fixture->router.nonce, 12, nonce, 12);
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);
  g_assert_cmpuint (fixture->router.deleted->len, ==, 0);

  /* It has: there is no router any more. */
  fixture->router.is_silent = TRUE;
  ferry_port_mappings_start (fixture->mappings, PORT);
  WAIT_FOR (ferry_port_mappings_get (fixture->mappings)->len == 0);
  g_assert_nonnull (ferry_port_mappings_get_fault (fixture->mappings, FERRY_MAPPING_PCP));
  stop (fixture->mappings);
}

/* The network of this machine would carry it to others. */
static void
test_hears_of_reboots (Fixture       *fixture,
                       gconstpointer  data)
{
  if (!own_network_begin ())
    return;

  g_assert_true (own_network_enter ());
  g_assert_true (own_network_ip ("route add 224.0.0.0/4 dev lo"));
  scripted_router_stop (&fixture->router);
  scripted_router_start (&fixture->router, G_SOCKET_FAMILY_IPV4);
  ferry_port_mappings_set_routers (fixture->mappings,
                                   udp_peer_get_address (fixture->router.peer), NULL);

  start (fixture->mappings, PORT);
  scripted_router_slander (&fixture->router);
  test_spin (100);
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);

  scripted_router_reboot (&fixture->router);
  WAIT_FOR (ferry_port_mappings_get (fixture->mappings)->len == 0);
  WAIT_FOR (scripted_router_has (&fixture->router, PORT));
  WAIT_FOR (ferry_port_mappings_is_settled (fixture->mappings));
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);
  stop (fixture->mappings);
}

static void
test_moves_to_another_port (Fixture       *fixture,
                            gconstpointer  data)
{
  g_signal_handlers_disconnect_by_data (fixture->mappings, fixture);
  start (fixture->mappings, OTHER_PORT);
  ferry_port_mappings_start (fixture->mappings, PORT);
  WAIT_FOR (ferry_port_mappings_is_settled (fixture->mappings) &&
            scripted_router_has (&fixture->router, PORT));
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);
  WAIT_FOR (!scripted_router_has (&fixture->router, OTHER_PORT));
  stop (fixture->mappings);
}

static void
test_moves_to_another_router (Fixture       *fixture,
                              gconstpointer  data)
{
  ScriptedRouter second = { .speaks_pcp = TRUE, .external = "198.51.100.9" };

  scripted_router_start (&second, G_SOCKET_FAMILY_IPV4);
  start (fixture->mappings, PORT);
  ferry_port_mappings_set_routers (fixture->mappings, NULL, NULL);
  ferry_port_mappings_start (fixture->mappings, PORT);
  WAIT_FOR (!scripted_router_has (&fixture->router, PORT));
  g_assert_cmpuint (ferry_port_mappings_get (fixture->mappings)->len, ==, 0);

  ferry_port_mappings_set_routers (fixture->mappings, udp_peer_get_address (second.peer), NULL);
  ferry_port_mappings_start (fixture->mappings, PORT);
  WAIT_FOR (ferry_port_mappings_is_settled (fixture->mappings));
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "198.51.100.9", PORT);
  stop (fixture->mappings);
  scripted_router_stop (&second);
}

static void
test_starts_again (Fixture       *fixture,
                   gconstpointer  data)
{
  gboolean is_stopped = FALSE;

  start (fixture->mappings, PORT);
  stop (fixture->mappings);
  start (fixture->mappings, PORT);
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);

  ferry_port_mappings_stop_async (fixture->mappings, stopped_cb, &is_stopped);
  ferry_port_mappings_start (fixture->mappings, PORT);
  WAIT_FOR (is_stopped);
  WAIT_FOR (ferry_port_mappings_is_settled (fixture->mappings));
  check_mapping (fixture->mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);
  stop (fixture->mappings);
}

/* Without notes a crash is forgiven by time alone; nothing else is missing. */
static void
test_does_without_notes (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "no", "such", "folder", NULL);
  const char *const paths[] = { NULL, nowhere };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(FerryPortMappings) mappings = ferry_port_mappings_new (paths[i]);

      ferry_port_mappings_set_routers (mappings, udp_peer_get_address (fixture->router.peer), NULL);
      start (mappings, PORT);
      check_mapping (mappings, FERRY_MAPPING_PCP, "203.0.113.7", PORT);
      stop (mappings);
      g_assert_false (scripted_router_has (&fixture->router, PORT));
    }
}

static void
test_can_go_at_any_time (Fixture       *fixture,
                         gconstpointer  data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(FerryPortMappings) mappings = make (fixture);
      gboolean is_stopped = FALSE;

      ferry_port_mappings_start (mappings, PORT);
      if (i % 2 == 1)
        test_spin (i / 2);
      if (i % 3 == 1)
        ferry_port_mappings_stop_async (mappings, stopped_cb, &is_stopped);
      g_clear_object (&mappings);
      if (i % 3 == 1)
        WAIT_FOR (is_stopped);
      test_spin (5);
    }
}

static void
add (const char *path,
     gpointer    data,
     void      (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/net/port-mappings/maps-by-pcp", GUINT_TO_POINTER (FERRY_MAPPING_PCP),
       test_maps_and_gives_back);
  add ("/net/port-mappings/maps-by-nat-pmp", GUINT_TO_POINTER (FERRY_MAPPING_NAT_PMP),
       test_maps_and_gives_back);
  add ("/net/port-mappings/prefers-pcp", NULL, test_prefers_pcp);
  add ("/net/port-mappings/opens-ipv6", NULL, test_opens_ipv6);
  add ("/net/port-mappings/believes-no-liar-by-pcp", GUINT_TO_POINTER (FERRY_MAPPING_PCP),
       test_believes_no_liar);
  add ("/net/port-mappings/believes-no-liar-by-nat-pmp", GUINT_TO_POINTER (FERRY_MAPPING_NAT_PMP),
       test_believes_no_liar);
  add ("/net/port-mappings/settles-without-a-router", NULL, test_settles_without_a_router);
  add ("/net/port-mappings/says-why-not", NULL, test_says_why_not);
  add ("/net/port-mappings/stops-in-time", NULL, test_stops_in_time);
  add ("/net/port-mappings/takes-no-babble-for-an-answer", NULL,
       test_takes_no_babble_for_an_answer);
  add ("/net/port-mappings/cleans-up-after-a-crash-by-pcp", NULL, test_cleans_up_after_a_crash);
  add ("/net/port-mappings/cleans-up-after-a-crash-by-nat-pmp", GUINT_TO_POINTER (TRUE),
       test_cleans_up_after_a_crash);
  add ("/net/port-mappings/takes-over-the-same-port", NULL, test_takes_over_the_same_port);
  add ("/net/port-mappings/leaves-the-living-alone", NULL, test_leaves_the_living_alone);
  add ("/net/port-mappings/asks-anew", NULL, test_asks_anew);
  add ("/net/port-mappings/hears-of-reboots", NULL, test_hears_of_reboots);
  add ("/net/port-mappings/moves-to-another-port", NULL, test_moves_to_another_port);
  add ("/net/port-mappings/moves-to-another-router", NULL, test_moves_to_another_router);
  add ("/net/port-mappings/starts-again", NULL, test_starts_again);
  add ("/net/port-mappings/does-without-notes", NULL, test_does_without_notes);
  add ("/net/port-mappings/can-go-at-any-time", NULL, test_can_go_at_any_time);

  return g_test_run ();
}
