/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/random-id.h"
#include "core/router.h"
#include "fake-port.h"
#include "wait.h"

#define OWN    "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

typedef struct
{
  FakePort    *port;
  FerryRouter *router;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->port = fake_port_new (OWN);
  fixture->router = ferry_router_new ();
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (fixture->port));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  ferry_router_set_port (fixture->router, NULL);
  wait_until_idle ();
  g_assert_finalize_object (fixture->router);
  g_assert_finalize_object (fixture->port);
}

static void
ask (Fixture       *fixture,
     const char    *to,
     guint          timeout,
     GCancellable  *cancellable,
     GAsyncResult **done)
{
  g_autoptr(FerryElement) ping = fake_stanza ("<ping xmlns='urn:xmpp:ping'/>");

  ferry_router_request_async (fixture->router, FERRY_IQ_GET, to, ping, timeout,
                              cancellable, wait_done_cb, done);
}

/* The id of the only stanza sent. */
static char *
take_id (Fixture *fixture)
{
  g_autoptr(FerryElement) sent = fake_port_take (fixture->port);

  g_assert_nonnull (sent);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);

  return g_strdup (ferry_element_get_attribute (sent, "id"));
}

static void
assert_fails (Fixture       *fixture,
              GAsyncResult **done,
              int            code)
{
  g_autoptr(GError) error = NULL;

  wait_for_result (done);
  g_assert_null (ferry_router_request_finish (fixture->router, *done, &error));
  g_assert_error (error, G_IO_ERROR, code);
  g_clear_object (done);
}

/* GEN-2, SEC-2 */
static void
test_matches_replies_by_sender (Fixture       *fixture,
                                gconstpointer  data)
{
  static const struct { const char *to, *from; gboolean counts; } cases[] = {
    { JULIET, JULIET, TRUE },
    { JULIET, "JULIET@Capulet.lit/balcony", TRUE },
    { JULIET, "juliet@capulet.lit/chamber", FALSE },
    { JULIET, "juliet@capulet.lit", FALSE },
    { JULIET, "capulet.lit", FALSE },
    { JULIET, "montague.lit", FALSE },
    { JULIET, OWN, FALSE },
    { JULIET, NULL, FALSE },
    { JULIET, "", FALSE },
    { JULIET, "@/", FALSE },
    { NULL, NULL, TRUE },
    { NULL, "romeo@montague.lit", TRUE },
    { NULL, OWN, TRUE },
    { NULL, "montague.lit", TRUE },
    { NULL, "romeo@montague.lit/garden", FALSE },
    { NULL, JULIET, FALSE },
    { "montague.lit", "montague.lit", TRUE },
    { "montague.lit", NULL, TRUE },
    { "montague.lit", "tybalt@montague.lit", FALSE },
    { "romeo@montague.lit", NULL, TRUE },
    { "romeo@montague.lit", "romeo@montague.lit", TRUE },
    { "romeo@montague.lit", "juliet@capulet.lit", FALSE },
    { "proxy.montague.lit", "montague.lit", FALSE },
    { "proxy.montague.lit", NULL, FALSE },
    { OWN, OWN, TRUE },
    { OWN, "romeo@montague.lit", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autofree char *id = NULL;
      g_autofree char *from = cases[i].from != NULL
                              ? g_strdup_printf ("from='%s'", cases[i].from) : g_strdup ("");

      g_test_message ("to %s from %s", cases[i].to, cases[i].from);
      ask (fixture, cases[i].to, 30, cancellable, &done);
      id = take_id (fixture);
      fake_port_inject (fixture->port, "<iq type='result' id='%s' %s/>", id, from);
      wait_until_idle ();
      g_assert_cmpint (done != NULL, ==, cases[i].counts);

      g_cancellable_cancel (cancellable);
      wait_for_result (&done);
    }
}

static void
test_hands_over_results_and_errors (Fixture       *fixture,
                                    gconstpointer  data)
{
  const char *types[] = { "result", "error" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryElement) reply = NULL;
      g_autofree char *id = NULL;

      ask (fixture, JULIET, 30, NULL, &done);
      id = take_id (fixture);
      fake_port_inject (fixture->port, "<iq type='%s' id='%s' from='" JULIET "'/>", types[i], id);
      /* A second answer finds nobody. */
      fake_port_inject (fixture->port, "<iq type='result' id='%s' from='" JULIET "'/>", id);

      reply = ferry_router_request_finish (fixture->router, wait_for_result (&done), &error);
      g_assert_no_error (error);
      g_assert_cmpstr (ferry_element_get_attribute (reply, "type"), ==, types[i]);
    }

  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_keeps_requests_apart (Fixture       *fixture,
                           gconstpointer  data)
{
  GAsyncResult *done[3] = { NULL };
  char *ids[3];

  for (gsize i = 0; i < 3; i++)
    {
      ask (fixture, JULIET, 30, NULL, &done[i]);
      ids[i] = take_id (fixture);
      g_assert_cmpuint (strlen (ids[i]), ==, 32);
    }

  for (gsize i = 3; i > 0; i--)
    {
      g_autoptr(FerryElement) reply = NULL;

      fake_port_inject (fixture->port, "<iq type='result' id='%s' from='" JULIET "'/>", ids[i - 1]);
      reply = ferry_router_request_finish (fixture->router, wait_for_result (&done[i - 1]), NULL);
      g_assert_cmpstr (ferry_element_get_attribute (reply, "id"), ==, ids[i - 1]);
      g_object_unref (done[i - 1]);
      g_free (ids[i - 1]);
    }
}

/* GEN-4 */
static void
test_times_out (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;

  ask (fixture, JULIET, 0, NULL, &done);
  assert_fails (fixture, &done, G_IO_ERROR_TIMED_OUT);
}

static void
test_can_be_cancelled (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autofree char *id = NULL;

  ask (fixture, JULIET, 30, cancellable, &done);
  id = take_id (fixture);
  g_cancellable_cancel (cancellable);
  assert_fails (fixture, &done, G_IO_ERROR_CANCELLED);
  fake_port_inject (fixture->port, "<iq type='result' id='%s' from='" JULIET "'/>", id);

  ask (fixture, JULIET, 30, cancellable, &done);
  assert_fails (fixture, &done, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_fails_requests_when_the_port_goes (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autoptr(FakePort) next = fake_port_new (OWN);
  g_autoptr(GAsyncResult) done = NULL;
  g_autofree char *id = NULL;

  ask (fixture, JULIET, 30, NULL, &done);
  id = take_id (fixture);
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (next));
  fake_port_inject (next, "<iq type='result' id='%s' from='" JULIET "'/>", id);
  assert_fails (fixture, &done, G_IO_ERROR_CONNECTION_CLOSED);

  /* The old port is not listened to any more. */
  fake_port_inject (fixture->port, "<iq type='get' id='1' from='" JULIET "'><a/></iq>");
  g_assert_cmpuint (fake_port_get_n_sent (next), ==, 0);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_asks_nothing_while_offline (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr(FerryElement) message = fake_stanza ("<message to='" JULIET "'/>");
  g_autoptr(GAsyncResult) done = NULL;

  fake_port_set_jid (fixture->port, NULL);
  g_assert_null (ferry_router_get_jid (fixture->router));
  ask (fixture, JULIET, 30, NULL, &done);
  assert_fails (fixture, &done, G_IO_ERROR_NOT_CONNECTED);
  ferry_router_send (fixture->router, message);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);

  ferry_router_set_port (fixture->router, NULL);
  ask (fixture, JULIET, 30, NULL, &done);
  assert_fails (fixture, &done, G_IO_ERROR_NOT_CONNECTED);
  ferry_router_send (fixture->router, message);
}

/* GEN-1 */
static void
test_answers_what_nobody_wants (Fixture       *fixture,
                                gconstpointer  data)
{
  static const struct { const char *xml; gboolean answered; } cases[] = {
    { "<iq type='get' id='7' from='" JULIET "'><query xmlns='urn:x'/></iq>", TRUE },
    { "<iq type='set' id='7' from='" JULIET "'><query xmlns='urn:x'/></iq>", TRUE },
    { "<iq type='set' id='7' from='" JULIET "'/>", TRUE },
    { "<iq type='result' id='7' from='" JULIET "'/>", FALSE },
    { "<iq type='error' id='7' from='" JULIET "'/>", FALSE },
    { "<iq type='result' from='" JULIET "'/>", FALSE },
    { "<message id='7' from='" JULIET "'><body>hi</body></message>", FALSE },
    { "<presence id='7' from='" JULIET "'/>", FALSE },
    { "<nonsense id='7' type='get' from='" JULIET "'/>", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) answer = NULL;
      g_autoptr(FerryStanzaError) error = NULL;

      fake_port_inject (fixture->port, "%s", cases[i].xml);
      g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, cases[i].answered);
      answer = fake_port_take (fixture->port);

      if (!cases[i].answered)
        continue;

      error = ferry_stanza_error_from_stanza (answer);
      g_assert_cmpint (error->condition, ==, FERRY_CONDITION_SERVICE_UNAVAILABLE);
      g_assert_cmpint (error->type, ==, FERRY_STANZA_ERROR_CANCEL);
      g_assert_cmpstr (ferry_element_get_attribute (answer, "id"), ==, "7");
      g_assert_cmpstr (ferry_element_get_attribute (answer, "to"), ==, JULIET);
    }
}

typedef struct
{
  FerryRouter *router;
  guint        n_calls;
  gboolean     wants;
  guint        remove[2]; /* handlers to take out when called */
} Listener;

static gboolean
listener_cb (FerryElement *stanza,
             gpointer      user_data)
{
  Listener *listener = user_data;

  listener->n_calls++;

  for (gsize i = 0; i < G_N_ELEMENTS (listener->remove); i++)
    ferry_router_remove_handler (listener->router, listener->remove[i]);

  return listener->wants;
}

static void
test_finds_the_first_row_that_fits (Fixture       *fixture,
                                    gconstpointer  data)
{
  static const struct { FerryRoute route; gboolean fits; } cases[] = {
    { { NULL, NULL, NULL, NULL }, TRUE },
    { { "iq", NULL, NULL, NULL }, TRUE },
    { { "iq", "set", NULL, NULL }, TRUE },
    { { "iq", "set", "b", "urn:b" }, TRUE },
    { { "iq", "set", NULL, "urn:b" }, TRUE },
    { { "iq", "set", "b", NULL }, TRUE },
    { { "message", "set", "b", "urn:b" }, FALSE },
    { { "iq", "get", "b", "urn:b" }, FALSE },
    { { "iq", "set", "c", "urn:b" }, FALSE },
    { { "iq", "set", "b", "urn:c" }, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Listener passes = { .router = fixture->router, .wants = FALSE };
      Listener takes = { .router = fixture->router, .wants = TRUE };
      Listener late = { .router = fixture->router, .wants = TRUE };
      guint ids[3];

      ids[0] = ferry_router_add_handler (fixture->router, &cases[i].route, listener_cb, &passes);
      ids[1] = ferry_router_add_handler (fixture->router, &cases[i].route, listener_cb, &takes);
      ids[2] = ferry_router_add_handler (fixture->router, &cases[i].route, listener_cb, &late);

      fake_port_inject (fixture->port, "<iq type='set' id='1' from='" JULIET "'>"
                        "<b xmlns='urn:b'/></iq>");
      g_assert_cmpuint (passes.n_calls, ==, cases[i].fits);
      g_assert_cmpuint (takes.n_calls, ==, cases[i].fits);
      g_assert_cmpuint (late.n_calls, ==, 0);
      g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, !cases[i].fits);
      fake_port_clear (fixture->port);

      for (gsize j = 0; j < G_N_ELEMENTS (ids); j++)
        ferry_router_remove_handler (fixture->router, ids[j]);
    }
}

static void
test_leaves_the_rest_to_the_last (Fixture       *fixture,
                                  gconstpointer  data)
{
  const FerryRoute route = { .stanza = "iq" };
  const FerryRoute last = { .stanza = "iq", .is_last = TRUE };
  Listener late = { .router = fixture->router, .wants = TRUE };
  Listener early = { .router = fixture->router, .wants = TRUE };

  ferry_router_add_handler (fixture->router, &last, listener_cb, &late);
  ferry_router_add_handler (fixture->router, &route, listener_cb, &early);
  fake_port_inject (fixture->port, "<iq type='set' id='1' from='" JULIET "'/>");
  g_assert_cmpuint (early.n_calls, ==, 1);
  g_assert_cmpuint (late.n_calls, ==, 0);

  early.wants = FALSE;
  fake_port_inject (fixture->port, "<iq type='set' id='1' from='" JULIET "'/>");
  g_assert_cmpuint (late.n_calls, ==, 1);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_lets_handlers_go_while_dispatching (Fixture       *fixture,
                                         gconstpointer  data)
{
  const FerryRoute route = { .stanza = "message" };
  Listener first = { .router = fixture->router };
  Listener second = { .router = fixture->router };
  Listener third = { .router = fixture->router };

  first.remove[0] = ferry_router_add_handler (fixture->router, &route, listener_cb, &first);
  first.remove[1] = ferry_router_add_handler (fixture->router, &route, listener_cb, &second);
  ferry_router_add_handler (fixture->router, &route, listener_cb, &third);

  fake_port_inject (fixture->port, "<message from='" JULIET "'/>");
  fake_port_inject (fixture->port, "<message from='" JULIET "'/>");

  g_assert_cmpuint (first.n_calls, ==, 1);
  g_assert_cmpuint (second.n_calls, ==, 0);
  g_assert_cmpuint (third.n_calls, ==, 2);
}

static gboolean
adder_cb (FerryElement *stanza,
          gpointer      user_data)
{
  Listener *added = user_data;
  const FerryRoute route = { .stanza = "message" };

  ferry_router_add_handler (added->router, &route, listener_cb, added);

  return FALSE;
}

static void
test_lets_handlers_come_while_dispatching (Fixture       *fixture,
                                           gconstpointer  data)
{
  const FerryRoute route = { .stanza = "message" };
  Listener added = { .router = fixture->router };
  guint id = ferry_router_add_handler (fixture->router, &route, adder_cb, &added);

  fake_port_inject (fixture->port, "<message from='" JULIET "'/>");
  g_assert_cmpuint (added.n_calls, ==, 0);

  ferry_router_remove_handler (fixture->router, id);
  fake_port_inject (fixture->port, "<message from='" JULIET "'/>");
  g_assert_cmpuint (added.n_calls, ==, 1);
}

static gboolean
forward_cb (FerryElement *stanza,
            gpointer      user_data)
{
  g_autoptr(FerryElement) answer = ferry_iq_new_result (stanza, NULL);

  ferry_router_send (user_data, answer);

  return TRUE;
}

static void
test_talks_to_another_router (void)
{
  const FerryRoute route = { "iq", "get", "ping", "urn:xmpp:ping" };
  g_autoptr(FakeServer) server = fake_server_new ();
  Fixture romeo, juliet;
  const char *to[] = { JULIET, "juliet@capulet.lit/nowhere", "juliet@capulet.lit" };

  fixture_set_up (&romeo, NULL);
  fixture_set_up (&juliet, NULL);
  fake_port_set_jid (juliet.port, JULIET);
  fake_server_add (server, romeo.port);
  fake_server_add (server, juliet.port);
  ferry_router_add_handler (juliet.router, &route, forward_cb, juliet.router);

  for (gsize i = 0; i < G_N_ELEMENTS (to); i++)
    {
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(FerryElement) reply = NULL;

      ask (&romeo, to[i], 30, NULL, &done);
      reply = ferry_router_request_finish (romeo.router, wait_for_result (&done), NULL);
      g_assert_cmpstr (ferry_element_get_attribute (reply, "from"), ==, to[i]);
      g_assert_true (ferry_iq_is (reply, i == 0 ? FERRY_IQ_RESULT : FERRY_IQ_ERROR));
    }

  fake_server_remove (server, romeo.port);
  fake_server_remove (server, juliet.port);
  fixture_tear_down (&romeo, NULL);
  fixture_tear_down (&juliet, NULL);
}

/* SEC-27 */
static void
test_never_repeats_an_id (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    g_assert_true (g_hash_table_add (seen, ferry_random_id_new ()));
}

#define ADD(path, func) \
  g_test_add ("/core/router/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("matches-replies-by-sender", test_matches_replies_by_sender);
  ADD ("hands-over-results-and-errors", test_hands_over_results_and_errors);
  ADD ("keeps-requests-apart", test_keeps_requests_apart);
  ADD ("times-out", test_times_out);
  ADD ("can-be-cancelled", test_can_be_cancelled);
  ADD ("fails-requests-when-the-port-goes", test_fails_requests_when_the_port_goes);
  ADD ("asks-nothing-while-offline", test_asks_nothing_while_offline);
  ADD ("answers-what-nobody-wants", test_answers_what_nobody_wants);
  ADD ("finds-the-first-row-that-fits", test_finds_the_first_row_that_fits);
  ADD ("leaves-the-rest-to-the-last", test_leaves_the_rest_to_the_last);
  ADD ("lets-handlers-go-while-dispatching", test_lets_handlers_go_while_dispatching);
  ADD ("lets-handlers-come-while-dispatching", test_lets_handlers_come_while_dispatching);
  g_test_add_func ("/core/router/talks-to-another-router", test_talks_to_another_router);
  g_test_add_func ("/core/random-id/never-repeats-an-id", test_never_repeats_an_id);

  return g_test_run ();
}
