/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/account-private.h"
#include "fake-port.h"
#include "wait.h"

#define OWN "romeo@montague.lit"

/* A server that does as it is told. */
static struct
{
  int       outcome;     /* of the next attempts: a code, or -1: in */
  gboolean  hangs;       /* attempts end only by being cancelled */
  gboolean  breaks_early; /* closes before the caller hears that it is in */
  guint     n_attempts;
  guint     n_closed;
  char     *asked;       /* (owned): the JID of the last attempt */
  FakePort *port;        /* (owned): the last one */
} server;

static FerryStanzaPort *
link_create (void)
{
  g_set_object (&server.port, NULL);
  server.port = fake_port_new (NULL);

  return FERRY_STANZA_PORT (g_object_ref (server.port));
}

static void
link_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_task_return_error_if_cancelled (user_data);
  g_object_unref (user_data);
}

static void
link_connect_async (FerryStanzaPort                *port,
                    const FerryConnectionSettings  *settings,
                    GCancellable                   *cancellable,
                    GAsyncReadyCallback             callback,
                    gpointer                        user_data)
{
  g_autoptr(GTask) task = g_task_new (port, cancellable, callback, user_data);

  server.n_attempts++;
  g_free (server.asked);
  server.asked = g_strdup (settings->jid);
  g_assert_cmpstr (settings->password, ==, "secret");

  if (server.hangs)
    g_cancellable_connect (cancellable, G_CALLBACK (link_cancelled_cb),
                           g_steal_pointer (&task), NULL);
  else if (server.outcome >= 0)
    g_task_return_new_error (task, FERRY_CONNECTION_ERROR, server.outcome, "As told");
  else
    {
      fake_port_set_jid (FAKE_PORT (port), settings->jid);
      g_task_return_boolean (task, TRUE);

      if (server.breaks_early)
        fake_port_close (FAKE_PORT (port), NULL);
    }
}

static gboolean
link_connect_finish (FerryStanzaPort  *port,
                     GAsyncResult     *result,
                     GError          **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
link_closed_cb (gpointer user_data)
{
  fake_port_close (user_data, NULL);

  return G_SOURCE_REMOVE;
}

static void
link_close (FerryStanzaPort *port)
{
  server.n_closed++;
  g_idle_add_full (G_PRIORITY_DEFAULT, link_closed_cb, g_object_ref (port), g_object_unref);
}

static const FerryAccountLink patient = {
  .create = link_create,
  .connect_async = link_connect_async,
  .connect_finish = link_connect_finish,
  .close = link_close,
  .ping_interval = 60000,
  .ping_timeout = 30,
  .first_delay = 60000,
  .longest_delay = 60000,
  .steady_after = 60000,
};

typedef struct
{
  FerryRouter      *router;
  FerryAccount     *account;
  FerryAccountLink  link;
  guint             n_online;
  guint             n_sent_before_online;
} Fixture;

static void
fixture_online_cb (FerryAccount *account,
                   gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->n_online++;
  fixture->n_sent_before_online = fake_port_get_n_sent (server.port);
  g_assert_cmpstr (ferry_router_get_jid (fixture->router), ==, server.asked);
}

static void
make_account (Fixture  *fixture,
              gboolean  reconnect)
{
  g_autoptr(FerrySettings) settings = ferry_settings_new ();

  settings->jid = g_strdup (OWN);
  settings->password = g_strdup ("secret");
  settings->reconnect = reconnect;

  g_clear_object (&fixture->account);
  fixture->account = ferry_account_new (fixture->router, settings);
  ferry_account_set_link (fixture->account, &fixture->link);
  g_signal_connect (fixture->account, "online", G_CALLBACK (fixture_online_cb), fixture);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  memset (&server, 0, sizeof server);
  server.outcome = -1;
  fixture->link = patient;
  fixture->router = ferry_router_new ();
  make_account (fixture, TRUE);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  ferry_account_disconnect (fixture->account);
  wait_until_idle ();
  g_assert_null (ferry_router_get_port (fixture->router));
  g_assert_finalize_object (fixture->account);
  g_assert_finalize_object (fixture->router);
  if (server.port != NULL)
    g_assert_finalize_object (server.port);
  g_free (server.asked);
}

static void
wait_for_state (Fixture           *fixture,
                FerryAccountState  state)
{
  while (ferry_account_get_state (fixture->account) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
go_online (Fixture *fixture)
{
  ferry_account_connect (fixture->account);
  g_assert_cmpint (ferry_account_get_state (fixture->account), ==, FERRY_ACCOUNT_CONNECTING);
  wait_for_state (fixture, FERRY_ACCOUNT_ONLINE);
}

static void
test_announces_itself_once_online (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr(FerryElement) presence = NULL;
  g_autoptr(FerryElement) dnd = NULL;

  ferry_account_set_caps (fixture->account, "https://example.org/", "abc");
  go_online (fixture);
  g_assert_true (g_str_has_prefix (server.asked, OWN "/Ferry."));
  g_assert_cmpuint (fixture->n_online, ==, 1);
  g_assert_cmpuint (fixture->n_sent_before_online, ==, 0);

  presence = fake_port_take (server.port);
  g_assert_true (ferry_element_is (presence, "presence", FERRY_NS_CLIENT));
  g_assert_null (ferry_element_get_attribute (presence, "type"));
  g_assert_nonnull (ferry_element_find (presence, "c", "http://jabber.org/protocol/caps"));

  g_object_set (fixture->account, "show", FERRY_PRESENCE_DND, NULL);
  dnd = fake_port_take (server.port);
  g_assert_cmpstr (ferry_element_find_text (dnd, "show", FERRY_NS_CLIENT), ==, "dnd");
}

/* RFC 6121 §2.2 */
static void
test_holds_presence_until_told (Fixture       *fixture,
                                gconstpointer  data)
{
  ferry_account_hold_presence (fixture->account);

  for (int i = 0; i < 2; i++)
    {
      go_online (fixture);
      g_object_set (fixture->account, "show", FERRY_PRESENCE_AWAY, NULL);
      g_assert_cmpuint (fake_port_get_n_sent (server.port), ==, 0);
      ferry_account_announce (fixture->account);
      ferry_account_announce (fixture->account);
      g_assert_cmpuint (fake_port_get_n_sent (server.port), ==, 1);
      ferry_account_disconnect (fixture->account);
    }
}

static void
test_gives_up_where_another_try_cannot_help (Fixture       *fixture,
                                             gconstpointer  data)
{
  static const struct { int code; gboolean reconnect; FerryAccountState state; } cases[] = {
    { FERRY_CONNECTION_ERROR_AUTH, TRUE, FERRY_ACCOUNT_OFFLINE },
    { FERRY_CONNECTION_ERROR_CONFLICT, TRUE, FERRY_ACCOUNT_OFFLINE },
    { FERRY_CONNECTION_ERROR_CERTIFICATE, TRUE, FERRY_ACCOUNT_OFFLINE },
    { FERRY_CONNECTION_ERROR_NOT_FOUND, TRUE, FERRY_ACCOUNT_WAITING },
    { FERRY_CONNECTION_ERROR_UNREACHABLE, TRUE, FERRY_ACCOUNT_WAITING },
    { FERRY_CONNECTION_ERROR_TLS, TRUE, FERRY_ACCOUNT_WAITING },
    { FERRY_CONNECTION_ERROR_REFUSED, TRUE, FERRY_ACCOUNT_WAITING },
    { FERRY_CONNECTION_ERROR_LOST, TRUE, FERRY_ACCOUNT_WAITING },
    { FERRY_CONNECTION_ERROR_UNREACHABLE, FALSE, FERRY_ACCOUNT_OFFLINE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean waits = cases[i].state == FERRY_ACCOUNT_WAITING;

      make_account (fixture, cases[i].reconnect);
      server.outcome = cases[i].code;
      ferry_account_connect (fixture->account);
      wait_for_state (fixture, cases[i].state);
      g_assert_error (ferry_account_get_error (fixture->account), FERRY_CONNECTION_ERROR,
                      cases[i].code);
      g_assert_cmpint (ferry_account_get_retry_at (fixture->account) > 0, ==, waits);
      ferry_account_disconnect (fixture->account);
      g_assert_null (ferry_account_get_error (fixture->account));
      g_assert_cmpint (ferry_account_get_retry_at (fixture->account), ==, 0);
    }
}

static void
test_tries_again_by_itself (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *asked = NULL;

  fixture->link.first_delay = 1;
  fixture->link.longest_delay = 4;
  ferry_account_set_link (fixture->account, &fixture->link);
  server.outcome = FERRY_CONNECTION_ERROR_UNREACHABLE;
  ferry_account_connect (fixture->account);

  while (server.n_attempts < 5)
    g_main_context_iteration (NULL, TRUE);

  asked = g_strdup (server.asked);
  server.outcome = -1;
  wait_for_state (fixture, FERRY_ACCOUNT_ONLINE);
  g_assert_null (ferry_account_get_error (fixture->account));
  g_assert_cmpstr (server.asked, ==, asked);

  /* And after having been in: as the same resource. */
  fake_port_close (server.port, NULL);
  g_assert_cmpint (ferry_account_get_state (fixture->account), ==, FERRY_ACCOUNT_WAITING);
  g_assert_error (ferry_account_get_error (fixture->account), FERRY_CONNECTION_ERROR,
                  FERRY_CONNECTION_ERROR_LOST);
  g_assert_null (ferry_router_get_port (fixture->router));
  wait_for_state (fixture, FERRY_ACCOUNT_ONLINE);
  g_assert_cmpstr (server.asked, ==, asked);
  g_assert_cmpuint (fixture->n_online, ==, 2);
}

static void
test_does_not_fight_over_its_resource (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr(GError) conflict = g_error_new_literal (FERRY_CONNECTION_ERROR,
                                                    FERRY_CONNECTION_ERROR_CONFLICT, "replaced");

  go_online (fixture);
  fake_port_close (server.port, conflict);
  g_assert_cmpint (ferry_account_get_state (fixture->account), ==, FERRY_ACCOUNT_OFFLINE);
  g_assert_error (ferry_account_get_error (fixture->account), FERRY_CONNECTION_ERROR,
                  FERRY_CONNECTION_ERROR_CONFLICT);
}

static void
test_retries_when_told_to (Fixture       *fixture,
                           gconstpointer  data)
{
  server.outcome = FERRY_CONNECTION_ERROR_LOST;
  ferry_account_connect (fixture->account);
  wait_for_state (fixture, FERRY_ACCOUNT_WAITING);
  server.outcome = -1;
  ferry_account_retry_now (fixture->account);
  wait_for_state (fixture, FERRY_ACCOUNT_ONLINE);
  ferry_account_retry_now (fixture->account);
  g_assert_cmpuint (server.n_attempts, ==, 2);
}

static void
test_notices_a_silent_server (Fixture       *fixture,
                              gconstpointer  data)
{
  fixture->link.ping_interval = 1;
  fixture->link.ping_timeout = 0;
  go_online (fixture);
  wait_for_state (fixture, FERRY_ACCOUNT_WAITING);
  g_assert_error (ferry_account_get_error (fixture->account), FERRY_CONNECTION_ERROR,
                  FERRY_CONNECTION_ERROR_LOST);
  g_assert_cmpuint (server.n_closed, ==, 1);
}

static FerryElement *
wait_for_ping (void)
{
  FerryElement *ping = NULL;

  while ((ping = fake_port_take_matching (server.port, "iq", "urn:xmpp:ping")) == NULL)
    g_main_context_iteration (NULL, TRUE);

  return ping;
}

/* XEP-0199 §4.2: an error is an answer too. */
static void
test_takes_any_answer_as_a_sign_of_life (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autoptr(FerryElement) first = NULL;
  g_autoptr(FerryElement) second = NULL;
  g_autoptr(FerryElement) third = NULL;

  fixture->link.ping_interval = 1;
  go_online (fixture);

  first = wait_for_ping ();
  g_assert_cmpstr (ferry_element_get_attribute (first, "to"), ==, "montague.lit");
  /* One at a time. */
  for (guint i = 0; i < 5; i++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fake_port_get_n_sent (server.port), ==, 0);

  fake_port_answer_error (server.port, first, FERRY_CONDITION_SERVICE_UNAVAILABLE);
  second = wait_for_ping ();
  fake_port_answer (server.port, second, NULL);
  third = wait_for_ping ();
  g_assert_cmpint (ferry_account_get_state (fixture->account), ==, FERRY_ACCOUNT_ONLINE);
}

static void
test_watches_the_network (Fixture       *fixture,
                          gconstpointer  data)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();
  g_autoptr(FerryElement) ping = NULL;
  gint64 retry_at;

  go_online (fixture);
  fake_port_clear (server.port);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  g_signal_emit_by_name (monitor, "network-changed", FALSE);
  g_assert_cmpuint (fake_port_get_n_sent (server.port), ==, 1);
  ping = wait_for_ping ();
  ferry_account_disconnect (fixture->account);

  server.outcome = FERRY_CONNECTION_ERROR_UNREACHABLE;
  ferry_account_connect (fixture->account);
  wait_for_state (fixture, FERRY_ACCOUNT_WAITING);
  retry_at = ferry_account_get_retry_at (fixture->account);
  fixture->link.first_delay = 1;
  server.outcome = -1;
  g_signal_emit_by_name (monitor, "network-changed", FALSE);
  g_assert_cmpint (ferry_account_get_retry_at (fixture->account), ==, retry_at);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  wait_for_state (fixture, FERRY_ACCOUNT_ONLINE);
}

static void
test_can_be_stopped_at_any_time (Fixture       *fixture,
                                 gconstpointer  data)
{
  server.hangs = TRUE;
  ferry_account_connect (fixture->account);
  wait_until_idle ();
  ferry_account_disconnect (fixture->account);
  wait_until_idle ();
  g_assert_cmpint (ferry_account_get_state (fixture->account), ==, FERRY_ACCOUNT_OFFLINE);

  /* The answer is on its way already. */
  server.hangs = FALSE;
  ferry_account_connect (fixture->account);
  ferry_account_disconnect (fixture->account);
  wait_until_idle ();
  g_assert_cmpuint (fixture->n_online, ==, 0);

  go_online (fixture);
  ferry_account_disconnect (fixture->account);
  g_assert_cmpint (ferry_account_get_state (fixture->account), ==, FERRY_ACCOUNT_OFFLINE);
  g_assert_null (ferry_account_get_error (fixture->account));
  g_assert_cmpuint (server.n_closed, ==, 1);
}

static void
test_survives_a_connection_that_breaks_at_once (Fixture       *fixture,
                                                gconstpointer  data)
{
  server.breaks_early = TRUE;
  ferry_account_connect (fixture->account);
  wait_for_state (fixture, FERRY_ACCOUNT_WAITING);
  g_assert_cmpuint (fixture->n_online, ==, 0);
}

static gboolean
allow_cb (FerryAccount    *account,
          GTlsCertificate *certificate,
          guint            flags,
          gpointer         user_data)
{
  g_assert_cmpuint (flags, ==, G_TLS_CERTIFICATE_EXPIRED);

  return TRUE;
}

static void
test_passes_the_certificate_question_on (Fixture       *fixture,
                                         gconstpointer  data)
{
  go_online (fixture);
  g_assert_false (fake_port_ask_about_certificate (server.port, NULL, G_TLS_CERTIFICATE_EXPIRED));
  g_signal_connect (fixture->account, "certificate-unknown", G_CALLBACK (allow_cb), NULL);
  g_assert_true (fake_port_ask_about_certificate (server.port, NULL, G_TLS_CERTIFICATE_EXPIRED));
}

static void
test_backs_off (void)
{
  static const guint expected[] = { 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000 };
  FerryBackOff back_off = { .first = 1000, .longest = 60000 };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      FerryBackOff copy = back_off;

      g_assert_cmpuint (ferry_back_off_next (&copy, 0.0), ==, expected[i] * 8 / 10);
      copy = back_off;
      g_assert_cmpuint (ferry_back_off_next (&copy, 1.0), ==, expected[i] * 12 / 10);
      g_assert_cmpuint (ferry_back_off_next (&back_off, 0.5), ==, expected[i]);
    }

  back_off.n_failures = G_MAXUINT - 1;
  g_assert_cmpuint (ferry_back_off_next (&back_off, 0.5), ==, 60000);
}

#define ADD(path, func) \
  g_test_add ("/core/account/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("announces-itself-once-online", test_announces_itself_once_online);
  ADD ("holds-presence-until-told", test_holds_presence_until_told);
  ADD ("gives-up-where-another-try-cannot-help", test_gives_up_where_another_try_cannot_help);
  ADD ("tries-again-by-itself", test_tries_again_by_itself);
  ADD ("does-not-fight-over-its-resource", test_does_not_fight_over_its_resource);
  ADD ("retries-when-told-to", test_retries_when_told_to);
  ADD ("notices-a-silent-server", test_notices_a_silent_server);
  ADD ("takes-any-answer-as-a-sign-of-life", test_takes_any_answer_as_a_sign_of_life);
  ADD ("watches-the-network", test_watches_the_network);
  ADD ("can-be-stopped-at-any-time", test_can_be_stopped_at_any_time);
  ADD ("survives-a-connection-that-breaks-at-once",
       test_survives_a_connection_that_breaks_at_once);
  ADD ("passes-the-certificate-question-on", test_passes_the_certificate_question_on);
  g_test_add_func ("/core/back-off/doubles-up-to-a-minute", test_backs_off);

  return g_test_run ();
}
