/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/doctor.h"
#include "core/transport-ibb.h"
#include "fake-network.h"
#include "fake-port.h"
#include "proto/ibb-codec.h"
#include "wait.h"

#define OWN    "romeo@montague.lit/orchard"
#define SERVER "montague.lit"

typedef struct
{
  FakePort     *port;
  FakeServer   *server;
  FerryRouter  *router;
  FerryProxies *proxies;
  FerryNetwork *network;
  guint         n_asked;   /* stanzas that left */
  gboolean      is_strict; /* the server answers blocks itself */
} Fixture;

/* Nobody but our server, and ourselves. */
static gboolean
watch (FerryElement *stanza,
       gpointer      user_data)
{
  Fixture *fixture = user_data;
  const char *to = ferry_element_get_attribute (stanza, "to");

  g_assert_true (g_strcmp0 (to, SERVER) == 0 || g_strcmp0 (to, OWN) == 0);
  fixture->n_asked++;

  if (fixture->is_strict && ferry_ibb_find_payload (stanza) != NULL && ferry_iq_is_request (stanza))
    {
      fake_port_answer_error (fixture->port, stanza, FERRY_CONDITION_POLICY_VIOLATION);
      return FALSE;
    }

  return TRUE;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->port = fake_port_new (OWN);
  fixture->server = fake_server_new ();
  fixture->router = ferry_router_new ();
  fixture->proxies = ferry_proxies_new (fixture->router);
  fixture->network = fake_network_new ();
  fake_server_add (fixture->server, fixture->port);
  fake_server_set_filter (fixture->server, watch, fixture);
  ferry_transport_ibb_refuse_unknown (fixture->router);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  ferry_router_set_port (fixture->router, NULL);
  wait_until_idle ();
  g_assert_finalize_object (fixture->network);
  g_assert_finalize_object (fixture->proxies);
  g_assert_finalize_object (fixture->router);
  fake_server_free (fixture->server);
  g_assert_finalize_object (fixture->port);
}

static void
sign_in (Fixture *fixture)
{
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (fixture->port));
}

static void
add_address (Fixture    *fixture,
             const char *text)
{
  FerryIpAddress address;

  g_assert_true (ferry_ip_address_parse (text, &address));
  g_ptr_array_add (fake_network_get_facts (fixture->network)->addresses,
                   ferry_interface_address_new (&address, "eth0", 0));
}

static FerryDiagnosis *
examine (Fixture     *fixture,
         FerryDoctor *doctor)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  FerryDiagnosis *diagnosis;

  ferry_doctor_examine_async (doctor, NULL, wait_done_cb, &done);
  wait_until_idle ();
  g_assert_true (fake_network_is_started (fixture->network));
  fake_network_settle (fixture->network);
  diagnosis = ferry_doctor_examine_finish (doctor, wait_for_result (&done), &error);
  g_assert_no_error (error);

  return diagnosis;
}

static const FerryFinding *
find (FerryDiagnosis *diagnosis,
      FerryTest       test)
{
  for (guint i = 0; i < diagnosis->findings->len; i++)
    {
      const FerryFinding *finding = diagnosis->findings->pdata[i];

      if (finding->test == test)
        return finding;
    }

  g_assert_not_reached ();
}

static void
test_sends_a_block_to_ourselves (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr(FerryDoctor) doctor = ferry_doctor_new (fixture->network, fixture->proxies,
                                                    fixture->router);
  g_autoptr(FerryDiagnosis) diagnosis = NULL;

  sign_in (fixture);
  add_address (fixture, "203.0.113.7");
  diagnosis = examine (fixture, doctor);

  g_assert_cmpint (diagnosis->kind, ==, FERRY_NETWORK_PUBLIC);
  g_assert_cmpint (find (diagnosis, FERRY_TEST_IN_BAND)->verdict, ==, FERRY_VERDICT_GOOD);
  g_assert_cmpint (find (diagnosis, FERRY_TEST_PROXY)->verdict, ==, FERRY_VERDICT_POOR);
  /* Proxies, ping, block, and our own answer to it. */
  g_assert_cmpuint (fixture->n_asked, >=, 4);
}

static void
test_tells_a_server_that_keeps_blocks (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr(FerryDoctor) doctor = ferry_doctor_new (fixture->network, fixture->proxies,
                                                    fixture->router);
  g_autoptr(FerryDiagnosis) diagnosis = NULL;

  fixture->is_strict = TRUE;
  sign_in (fixture);
  diagnosis = examine (fixture, doctor);

  g_assert_cmpint (find (diagnosis, FERRY_TEST_IN_BAND)->verdict, ==, FERRY_VERDICT_BAD);
}

static void
test_asks_nobody_without_a_server (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr(FerryDoctor) doctor = ferry_doctor_new (fixture->network, fixture->proxies,
                                                    fixture->router);
  g_autoptr(FerryDiagnosis) diagnosis = NULL;

  add_address (fixture, "192.168.1.20");
  diagnosis = examine (fixture, doctor);

  g_assert_cmpint (diagnosis->kind, ==, FERRY_NETWORK_UNKNOWN);
  g_assert_cmpint (find (diagnosis, FERRY_TEST_IN_BAND)->verdict, ==, FERRY_VERDICT_SKIPPED);
  g_assert_cmpint (find (diagnosis, FERRY_TEST_PROXY)->verdict, ==, FERRY_VERDICT_SKIPPED);
  g_assert_cmpuint (fixture->n_asked, ==, 0);
}

static void
test_ends_when_the_server_goes (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(FerryDoctor) doctor = ferry_doctor_new (fixture->network, fixture->proxies,
                                                    fixture->router);
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(FerryDiagnosis) diagnosis = NULL;

  sign_in (fixture);
  fake_network_settle (fixture->network);
  ferry_doctor_examine_async (doctor, NULL, wait_done_cb, &done);
  ferry_router_set_port (fixture->router, NULL);
  diagnosis = ferry_doctor_examine_finish (doctor, wait_for_result (&done), NULL);

  g_assert_cmpint (find (diagnosis, FERRY_TEST_IN_BAND)->verdict, ==, FERRY_VERDICT_BAD);
}

static void
test_passes_on_what_is_known (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(FerryDoctor) doctor = ferry_doctor_new (fixture->network, fixture->proxies,
                                                    fixture->router);
  FerryPathFacts *facts = fake_network_get_facts (fixture->network);
  g_autoptr(FerryDiagnosis) silent = NULL;
  g_autoptr(FerryDiagnosis) relayed = NULL;

  add_address (fixture, "192.168.1.20");
  fake_network_set_stun (fixture->network, TRUE, "timed out");
  silent = ferry_doctor_get_diagnosis (doctor);
  g_assert_cmpstr (find (silent, FERRY_TEST_STUN4)->text, ==, "Does not work: timed out");
  g_assert_cmpstr (find (silent, FERRY_TEST_UPNP)->text, ==, "Switched off");

  fake_network_set_direct (fixture->network, FALSE);
  relayed = ferry_doctor_get_diagnosis (doctor);
  g_assert_cmpint (relayed->kind, ==, FERRY_NETWORK_RELAYED);
  g_assert_cmpuint (facts->addresses->len, ==, 1);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* A router may do now what it did not when we signed in. */
static void
test_looks_anew_at_what_is_known (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(FerryDoctor) first = ferry_doctor_new (fixture->network, fixture->proxies,
                                                   fixture->router);
  g_autoptr(FerryDoctor) second = ferry_doctor_new (fixture->network, fixture->proxies,
                                                    fixture->router);
  g_autoptr(FerryDiagnosis) before = NULL;
  g_autoptr(FerryDiagnosis) after = NULL;

  sign_in (fixture);
  before = examine (fixture, first);
  g_assert_cmpuint (fake_network_get_n_online (fixture->network), ==, 0); /* it was looking */
  after = examine (fixture, second);
  g_assert_cmpuint (fake_network_get_n_online (fixture->network), ==, 1);
}

static void
test_tells_progress (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(FerryDoctor) doctor = ferry_doctor_new (fixture->network, fixture->proxies,
                                                    fixture->router);
  g_autoptr(FerryDiagnosis) before = ferry_doctor_get_diagnosis (doctor);
  g_autoptr(FerryDiagnosis) diagnosis = NULL;
  guint n = 0;
  guint n_before;

  g_assert_cmpint (find (before, FERRY_TEST_UPNP)->verdict, ==, FERRY_VERDICT_PENDING);
  g_signal_connect_swapped (doctor, "progress", G_CALLBACK (count_cb), &n);
  fake_network_change (fixture->network);
  g_assert_cmpuint (n, ==, 1);
  n_before = n;
  sign_in (fixture);
  diagnosis = examine (fixture, doctor);
  g_assert_cmpuint (n, >, n_before);
  for (guint i = 0; i < diagnosis->findings->len; i++)
    g_assert_cmpint (((FerryFinding *) diagnosis->findings->pdata[i])->verdict, !=,
                     FERRY_VERDICT_PENDING);
}

static void
test_can_be_cancelled (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(FerryDoctor) doctor = ferry_doctor_new (fixture->network, fixture->proxies,
                                                    fixture->router);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  sign_in (fixture);
  ferry_doctor_examine_async (doctor, cancellable, wait_done_cb, &done);
  g_cancellable_cancel (cancellable);
  fake_network_settle (fixture->network); /* as the real one does then */
  g_assert_null (ferry_doctor_examine_finish (doctor, wait_for_result (&done), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A network of its own opens ports in routers: it must not be left behind. */
static void
test_leaves_nothing_behind_alone (void)
{
  g_autoptr(FerrySettings) settings = ferry_settings_new ();
  FerryDoctor *doctor = ferry_doctor_new_alone (settings);
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(FerryDiagnosis) diagnosis = NULL;

  g_assert_false (ferry_doctor_is_alone_anywhere ());
  ferry_doctor_examine_async (doctor, NULL, wait_done_cb, &done);
  g_assert_true (ferry_doctor_is_alone_anywhere ());
  diagnosis = ferry_doctor_examine_finish (doctor, wait_for_result (&done), NULL);
  g_assert_false (ferry_doctor_is_alone_anywhere ());
  g_assert_cmpint (diagnosis->kind, ==, FERRY_NETWORK_OFFLINE);
  g_assert_true (fake_network_has_stopped_all ());
  g_clear_object (&done);
  wait_until_idle ();
  g_assert_finalize_object (doctor);
}

#define ADD(path, func) \
  g_test_add ("/core/doctor/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("sends-a-block-to-ourselves", test_sends_a_block_to_ourselves);
  ADD ("tells-a-server-that-keeps-blocks", test_tells_a_server_that_keeps_blocks);
  ADD ("asks-nobody-without-a-server", test_asks_nobody_without_a_server);
  ADD ("ends-when-the-server-goes", test_ends_when_the_server_goes);
  ADD ("passes-on-what-is-known", test_passes_on_what_is_known);
  ADD ("looks-anew-at-what-is-known", test_looks_anew_at_what_is_known);
  ADD ("tells-progress", test_tells_progress);
  ADD ("can-be-cancelled", test_can_be_cancelled);
  g_test_add_func ("/core/doctor/leaves-nothing-behind-alone", test_leaves_nothing_behind_alone);

  return g_test_run ();
}
