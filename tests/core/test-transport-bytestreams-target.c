/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bytestreams-script.h"
#include "legacy/namespaces.h"
#include "proto/ibb-codec.h"
#include "wait.h"

/* The target of XEP-0065 against a requester that is a script: who may ask, for what, and
 * how long it is left without an answer. */

typedef struct
{
  const char     *query;
  FerryCondition  condition;
  guint           code;
  gboolean        is_final; /* the transport has failed */
} Hostile;

static const Hostile hostile[] = {
  { QUERY ">" DEAD "</query>", FERRY_CONDITION_BAD_REQUEST, 400, FALSE },
  { QUERY "sid='" SID "'/>", FERRY_CONDITION_BAD_REQUEST, 400, TRUE },
  { QUERY "sid='" SID "'><streamhost jid='" ROMEO "' zeroconf='_jabber.bytestreams'/></query>",
    FERRY_CONDITION_BAD_REQUEST, 400, TRUE },
  { QUERY "sid='" SID "'><activate>" JULIET "</activate></query>",
    FERRY_CONDITION_BAD_REQUEST, 400, TRUE },
  { QUERY "sid='" SID "' mode='udp'>" DEAD "</query>", FERRY_CONDITION_NOT_ACCEPTABLE, 406, TRUE },
  { QUERY "sid='other'>" DEAD "</query>", FERRY_CONDITION_NOT_ACCEPTABLE, 406, FALSE },
  { QUERY "sid='other'/>", FERRY_CONDITION_NOT_ACCEPTABLE, 406, FALSE },
};

static void
test_refuses_nonsense (TransportWorld *world,
                       gconstpointer   data)
{
  const Hostile *one = data;
  g_autoptr(LabHost) host = script_make_host (LAB_HOST_ECHOES, NULL);
  g_autofree char *hosts = g_strdup_printf (HOST, lab_host_get_port (host));
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_ask (world, one->query, &asked);
  script_assert_refused (world, &asked, one->condition, one->code);
  script_open_target (world, &opened);

  if (one->is_final)
    {
      script_finish_target (world, &opened);
      world_assert_failed (world, 1, "peer");
      return;
    }

  script_ask_hosts (world, hosts, &asked);
  script_assert_used (world, &asked, ROMEO);
  script_finish_target (world, &opened);
  g_assert_no_error (world->parties[1].error);
}

/* SEC-11 */
static void
test_refuses_too_many_hosts (TransportWorld *world,
                             gconstpointer   data)
{
  g_autoptr(GString) hosts = g_string_new (NULL);
  g_autoptr(GAsyncResult) asked = NULL;

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (hosts, "<streamhost jid='" ROMEO "' host='192.0.2.%u' port='5086'/>", i);
  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_ask_hosts (world, hosts->str, &asked);
  script_assert_refused (world, &asked, FERRY_CONDITION_BAD_REQUEST, 400);
}

/* SEC-3: whoever else asks learns nothing, and the one who may still can. */
static void
test_serves_only_its_peer (TransportWorld *world,
                           gconstpointer   data)
{
  g_autoptr(FakePort) mallory = fake_port_new ("mallory@evil.lit/cave");
  g_autoptr(FerryRouter) router = ferry_router_new ();
  g_autoptr(FerryElement) query = fake_stanza (QUERY "sid='" SID "'>" DEAD "</query>");
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GAsyncResult) asked = NULL;
  g_autoptr(FerryElement) reply = NULL;
  g_autoptr(FerryStanzaError) error = NULL;

  fake_server_add (world->server, mallory);
  ferry_router_set_port (router, FERRY_STANZA_PORT (mallory));
  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  ferry_router_request_async (router, FERRY_IQ_SET, JULIET, query, 30, NULL, wait_done_cb, &done);
  reply = ferry_router_request_finish (router, wait_for_result (&done), NULL);
  error = ferry_stanza_error_from_stanza (reply);
  g_assert_cmpint (error->condition, ==, FERRY_CONDITION_NOT_ACCEPTABLE);
  ferry_router_set_port (router, NULL);

  script_ask_hosts (world, DEAD, &asked);
  wait_until_idle ();
  g_assert_null (asked); /* it is held */
  g_object_run_dispose (G_OBJECT (world->parties[1].transport));
  script_assert_refused (world, &asked, FERRY_CONDITION_NOT_ACCEPTABLE, 406);
}

/* BS0-7, BS0-8: nobody is dialled while the user thinks, nor after a no. */
static void
test_holds_the_request (TransportWorld *world,
                        gconstpointer   data)
{
  gboolean agrees = GPOINTER_TO_INT (data);
  g_autoptr(LabHost) host = script_make_host (LAB_HOST_ECHOES, NULL);
  g_autofree char *hosts = g_strdup_printf (HOST, lab_host_get_port (host));
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  script_make_target (world, FERRY_NS_JINGLE_BYTESTREAMS_0, NULL);
  script_ask_hosts (world, hosts, &asked);
  for (guint i = 0; i < 20; i++)
    {
      g_usleep (5000);
      wait_until_idle ();
    }
  g_assert_null (asked);
  g_assert_cmpuint (lab_host_get_n_calls (host), ==, 0);

  if (agrees)
    {
      script_open_target (world, &opened);
      script_assert_used (world, &asked, ROMEO);
      script_finish_target (world, &opened);
    }
  else
    {
      g_assert_finalize_object (g_steal_pointer (&world->parties[1].transport));
      script_assert_refused (world, &asked, FERRY_CONDITION_NOT_ACCEPTABLE, 406);
    }
  g_assert_cmpuint (lab_host_get_n_calls (host), ==, agrees);
}

static void
test_answers_when_cancelled (TransportWorld *world,
                             gconstpointer   data)
{
  g_autoptr(LabHost) host = script_make_host (LAB_HOST_IS_MUTE, NULL);
  g_autofree char *hosts = g_strdup_printf (HOST, lab_host_get_port (host));
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  ferry_transport_open_async (world->parties[1].transport, cancellable, wait_done_cb, &opened);
  script_ask_hosts (world, hosts, &asked);
  while (lab_host_get_n_calls (host) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  script_assert_refused (world, &asked, FERRY_CONDITION_NOT_ACCEPTABLE, 406);
  script_finish_target (world, &opened);
  g_assert_error (world->parties[1].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* SI87-9 */
static void
test_knows_the_negotiation (TransportWorld *world,
                            gconstpointer   data)
{
  g_autoptr(LabHost) host = script_make_host (LAB_HOST_ECHOES, NULL);
  g_autofree char *query =
    g_strdup_printf (QUERY "><si xmlns='" FERRY_NS_SI "' id='" SID "'/>" HOST "</query>",
                     lab_host_get_port (host));
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask (world, query, &asked);
  script_assert_used (world, &asked, ROMEO);
  script_finish_target (world, &opened);
  g_assert_no_error (world->parties[1].error);
}

static void
ask_in_band (TransportWorld *world,
             GAsyncResult  **done)
{
  script_ask (world, "<open xmlns='" FERRY_NS_IBB "' sid='" SID "' block-size='4096'/>", done);
}

static void
assert_in_band (TransportWorld *world,
                GAsyncResult  **asked,
                GAsyncResult  **opened)
{
  g_autoptr(FerryElement) reply =
    ferry_router_request_finish (world->parties[0].router, wait_for_result (asked), NULL);
  g_autofree char *remote = NULL;

  g_assert_true (ferry_iq_is (reply, FERRY_IQ_RESULT));
  script_finish_target (world, opened);
  g_assert_no_error (world->parties[1].error);
  g_assert_cmpint (ferry_transport_get_path (world->parties[1].transport), ==, FERRY_PATH_IN_BAND);
  remote = ferry_transport_dup_remote (world->parties[1].transport);
  g_assert_cmpstr (remote, ==, ROMEO);
}

/* SIFT-7. Peer: libpurple opens in-band where it has no host, without a request. */
static void
test_is_armed_from_the_start (TransportWorld *world,
                              gconstpointer   data)
{
  gboolean is_early = GPOINTER_TO_INT (data);
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  world->falls_back = TRUE;
  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  if (!is_early)
    script_open_target (world, &opened);
  ask_in_band (world, &asked);
  wait_until_idle ();
  if (is_early)
    {
      g_assert_null (asked); /* the user has not agreed */
      script_open_target (world, &opened);
    }
  assert_in_band (world, &asked, &opened);
}

/* SIFT-7. Peer: libpurple comes back in-band after item-not-found. */
static void
test_waits_for_an_open (TransportWorld *world,
                        gconstpointer   data)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  world->falls_back = TRUE;
  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask_hosts (world, DEAD, &asked);
  script_assert_refused (world, &asked, FERRY_CONDITION_ITEM_NOT_FOUND, 404);
  script_ask_hosts (world, DEAD, &asked); /* once only */
  script_assert_refused (world, &asked, FERRY_CONDITION_NOT_ACCEPTABLE, 406);
  ask_in_band (world, &asked);
  assert_in_band (world, &asked, &opened);
}

/* Whichever stands first is the stream, and the other is refused. */
static void
test_takes_one_way_only (TransportWorld *world,
                         gconstpointer   data)
{
  gboolean in_band_first = GPOINTER_TO_INT (data);
  g_autoptr(LabHost) host = script_make_host (in_band_first ? LAB_HOST_IS_MUTE : LAB_HOST_ECHOES, NULL);
  g_autofree char *hosts = g_strdup_printf (HOST, lab_host_get_port (host));
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;
  g_autoptr(GAsyncResult) other = NULL;

  world->falls_back = TRUE;
  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask_hosts (world, hosts, &asked);

  if (in_band_first)
    {
      while (lab_host_get_n_calls (host) == 0)
        g_main_context_iteration (NULL, TRUE);
      ask_in_band (world, &other);
      assert_in_band (world, &other, &opened);
      script_assert_refused (world, &asked, FERRY_CONDITION_NOT_ACCEPTABLE, 406);
    }
  else
    {
      script_assert_used (world, &asked, ROMEO);
      script_finish_target (world, &opened);
      ask_in_band (world, &other);
      script_assert_refused (world, &other, FERRY_CONDITION_NOT_ACCEPTABLE, 0);
    }
}

/* BS0-6: the request names the stream, and perhaps the session. */
static void
test_finds_its_session (TransportWorld *world,
                        gconstpointer   data)
{
  static const struct { const char *sids[2]; const char *asked; int taken; } cases[] = {
    { { NULL, "-" }, "mySID", 0 },   /* the only one */
    { { "s1", "-" }, "mySID", 0 },
    { { "s1", "s2" }, "s2", 1 },     /* its own, though it came later */
    { { "s1", "s2" }, "s1", 0 },
    { { NULL, "s2" }, "s2", 1 },
    { { "s1", "s2" }, "mySID", -1 }, /* whose, nobody knows */
    { { NULL, NULL }, "mySID", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *query = g_strdup_printf (QUERY "sid='%s'>" DEAD "</query>", cases[i].asked);
      g_autoptr(GAsyncResult) asked = NULL;
      FerryTransport *made[2] = { NULL, NULL };

      for (guint n = 0; n < 2; n++)
        if (g_strcmp0 (cases[i].sids[n], "-") != 0)
          {
            script_make_target (world, FERRY_NS_JINGLE_BYTESTREAMS_0, cases[i].sids[n]);
            made[n] = g_steal_pointer (&world->parties[1].transport);
          }

      script_ask (world, query, &asked);
      wait_until_idle ();
      g_assert_cmpint (asked == NULL, ==, cases[i].taken >= 0);

      for (int n = 0; n < 2; n++)
        if (made[n] != NULL && n != cases[i].taken)
          g_assert_finalize_object (made[n]);
      wait_until_idle ();
      g_assert_cmpint (asked == NULL, ==, cases[i].taken >= 0);
      if (cases[i].taken >= 0)
        g_assert_finalize_object (made[cases[i].taken]);
      script_assert_refused (world, &asked, FERRY_CONDITION_NOT_ACCEPTABLE, 406);
    }
}

static void
add (const char     *path,
     gconstpointer   data,
     void          (*func) (TransportWorld *, gconstpointer))
{
  g_autofree char *full = g_strconcat ("/core/transport-bytestreams-target/", path, NULL);

  g_test_add (full, TransportWorld, data, world_set_up, func, world_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strdup_printf ("refuses-nonsense/%" G_GSIZE_FORMAT, i);

      add (path, &hostile[i], test_refuses_nonsense);
    }
  add ("refuses-too-many-hosts", NULL, test_refuses_too_many_hosts);
  add ("serves-only-its-peer", NULL, test_serves_only_its_peer);
  add ("holds-the-request/agreed", GINT_TO_POINTER (TRUE), test_holds_the_request);
  add ("holds-the-request/declined", GINT_TO_POINTER (FALSE), test_holds_the_request);
  add ("answers-when-cancelled", NULL, test_answers_when_cancelled);
  add ("knows-the-negotiation", NULL, test_knows_the_negotiation);
  add ("is-armed-from-the-start/early", GINT_TO_POINTER (TRUE), test_is_armed_from_the_start);
  add ("is-armed-from-the-start/open", GINT_TO_POINTER (FALSE), test_is_armed_from_the_start);
  add ("waits-for-an-open", NULL, test_waits_for_an_open);
  add ("takes-one-way-only/socks5", GINT_TO_POINTER (FALSE), test_takes_one_way_only);
  add ("takes-one-way-only/in-band", GINT_TO_POINTER (TRUE), test_takes_one_way_only);
  add ("finds-its-session", NULL, test_finds_its_session);

  return g_test_run ();
}
