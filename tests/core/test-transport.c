/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "black-hole.h"
#include "core/transport-ibb.h"
#include "core/transport.h"
#include "fake-port.h"
#include "lab-proxy.h"
#include "proto/ibb-codec.h"
#include "proto/s5b-codec.h"
#include "wait.h"

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

/* Romeo and Juliet with all that transports need; what Jingle would carry between
 * them, the test hands over itself. */

typedef struct
{
  const char          *jid;
  FakePort            *port;
  FerryRouter         *router;
  FerryProxies        *proxies;
  FerrySocks5Listener *listener;
  FerrySettings       *settings;
  FerryTransport      *transport;
  GIOStream           *stream;
  GError              *error;
  guint                n_refused; /* infos that were answered with an error */
} Party;

typedef struct
{
  FakeServer *server;
  LabProxy   *proxy;
  Party       parties[2];
} Fixture;

static void
party_set_up (Fixture    *fixture,
              guint       index,
              const char *jid)
{
  Party *party = &fixture->parties[index];

  party->jid = jid;
  party->port = fake_port_new (jid);
  fake_server_add (fixture->server, party->port);
  party->router = ferry_router_new ();
  ferry_transport_ibb_refuse_unknown (party->router);
  ferry_router_set_port (party->router, FERRY_STANZA_PORT (party->port));
  party->proxies = ferry_proxies_new (party->router);
  party->listener = ferry_socks5_listener_new (0);
  party->settings = ferry_settings_new ();
  party->settings->allow_loopback = TRUE;
  party->settings->paths = FERRY_PATH_ANY;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->server = fake_server_new ();
  party_set_up (fixture, 0, ROMEO);
  party_set_up (fixture, 1, JULIET);
  fixture->proxy = lab_proxy_new (fixture->server, fixture->parties[0].port);
}

static void
party_tear_down (Party *party)
{
  if (party->stream != NULL)
    g_io_stream_close (party->stream, NULL, NULL);
  g_clear_object (&party->stream);
  g_clear_error (&party->error);
  wait_until_idle ();
  if (party->transport != NULL)
    g_assert_finalize_object (party->transport);

  ferry_router_set_port (party->router, NULL);
  wait_until_idle ();
  g_assert_finalize_object (party->listener);
  g_assert_finalize_object (party->proxies);
  g_assert_finalize_object (party->router);
  g_clear_object (&party->port); /* the server has it too */
  ferry_settings_free (party->settings);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  wait_until_idle ();
  for (guint i = 0; i < 2; i++)
    party_tear_down (&fixture->parties[i]);
  lab_proxy_free (fixture->proxy);
  fake_server_free (fixture->server);
}

static void
party_send_info_cb (FerryTransport *transport,
                    FerryElement   *info,
                    gpointer        user_data)
{
  Party *other = user_data;
  g_autoptr(FerryStanzaError) error = ferry_transport_receive_info (other->transport, info);

  other->n_refused += error != NULL;
}

static void
make_transports (Fixture    *fixture,
                 const char *ns)
{
  for (guint i = 0; i < 2; i++)
    {
      Party *party = &fixture->parties[i];
      FerryTransportContext context = {
        .router = party->router,
        .listener = party->listener,
        .proxies = party->proxies,
        .settings = party->settings,
        .profile = ferry_peer_profile_get_default (),
        .own_jid = party->jid,
        .peer_jid = fixture->parties[1 - i].jid,
        .role = i == 0 ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER,
        .proposer = i == 0,
      };

      party->transport = ferry_transport_new (ns, &context);
      g_signal_connect (party->transport, "send-info", G_CALLBACK (party_send_info_cb),
                        &fixture->parties[1 - i]);
    }
}

static FerryElement *
prepare (Party *party)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  ferry_transport_prepare_async (party->transport, NULL, wait_done_cb, &done);
  element = ferry_transport_prepare_finish (party->transport, wait_for_result (&done), &error);
  g_assert_no_error (error);

  return element;
}

/* @transport with all of the party's own hosts behind a firewall. */
static FerryElement *
hide (Party              *party,
      const FerryElement *transport,
      const BlackHole    *hole)
{
  g_autofree char *before =
    g_strdup_printf ("port='%u'", ferry_socks5_listener_get_port (party->listener));
  g_autofree char *after = g_strdup_printf ("port='%u'", hole->port);
  g_autofree char *text = ferry_element_print (transport);
  g_auto(GStrv) parts = g_strsplit (text, before, -1);
  g_autofree char *hidden = g_strjoinv (after, parts);

  g_assert_cmpuint (g_strv_length (parts), >, 1);

  return ferry_element_parse (hidden, -1, NULL);
}

/* As session-initiate and session-accept would. @hole: (nullable): where both parties are */
static void
negotiate_through (Fixture    *fixture,
                   const char *ns,
                   const BlackHole *hole)
{
  g_autoptr(FerryElement) offer = NULL;
  g_autoptr(FerryElement) answer = NULL;
  g_autoptr(GError) error = NULL;
  const char *dstaddr;

  make_transports (fixture, ns);
  offer = prepare (&fixture->parties[0]);
  dstaddr = ferry_element_get_attribute (offer, "dstaddr");
  if (dstaddr != NULL)
    lab_proxy_expect (fixture->proxy, dstaddr);

  if (hole != NULL)
    {
      g_autoptr(FerryElement) plain = g_steal_pointer (&offer);

      offer = hide (&fixture->parties[0], plain, hole);
    }

  g_assert_true (ferry_transport_set_remote (fixture->parties[1].transport, offer, &error));
  g_assert_no_error (error);
  answer = prepare (&fixture->parties[1]);
  if (hole != NULL)
    {
      g_autoptr(FerryElement) plain = g_steal_pointer (&answer);

      answer = hide (&fixture->parties[1], plain, hole);
    }

  g_assert_true (ferry_transport_set_remote (fixture->parties[0].transport, answer, &error));
  g_assert_no_error (error);
}

static void
negotiate (Fixture    *fixture,
           const char *ns)
{
  negotiate_through (fixture, ns, NULL);
}

static void
open_both (Fixture *fixture)
{
  GAsyncResult *done[2] = { NULL, NULL };

  for (guint i = 0; i < 2; i++)
    ferry_transport_open_async (fixture->parties[1 - i].transport, NULL, wait_done_cb, &done[1 - i]);

  for (guint i = 0; i < 2; i++)
    {
      Party *party = &fixture->parties[i];

      party->stream = ferry_transport_open_finish (party->transport, wait_for_result (&done[i]),
                                                   &party->error);
      g_object_unref (done[i]);
    }
}

typedef struct
{
  GIOStream *stream;
  GBytes    *bytes;  /* to write, or as read */
} Job;

static void
write_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job *job = task_data;
  GOutputStream *out = g_io_stream_get_output_stream (job->stream);
  gsize size;
  const void *data = g_bytes_get_data (job->bytes, &size);
  GError *error = NULL;

  if (!g_output_stream_write_all (out, data, size, NULL, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (G_IS_SOCKET_CONNECTION (job->stream))
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (job->stream)),
                       FALSE, TRUE, NULL);
  else if (!g_output_stream_close (out, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr(GByteArray) all = g_byte_array_new ();
  guint8 buffer[10000];
  GError *error = NULL;
  gssize n;

  do
    {
      n = g_input_stream_read (g_io_stream_get_input_stream (job->stream), buffer, sizeof buffer,
                               NULL, &error);
      if (n > 0)
        g_byte_array_append (all, buffer, n);
    }
  while (n > 0);

  job->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  if (n < 0)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Sends @size bytes from one party to the other, each in a thread. */
static void
assert_carries (Fixture *fixture,
                guint    from,
                gsize    size)
{
  g_autofree guint8 *data = g_malloc (size + 1);
  Job jobs[2] = { { fixture->parties[from].stream }, { fixture->parties[1 - from].stream } };
  GTaskThreadFunc funcs[2] = { write_thread, read_thread };
  GAsyncResult *done[2] = { NULL, NULL };

  for (gsize i = 0; i < size; i++)
    data[i] = (i * 31 + (i >> 8) * 17) & 0xff;
  jobs[0].bytes = g_bytes_new (data, size);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, wait_done_cb, &done[i]);

      g_task_set_task_data (task, &jobs[i], NULL);
      g_task_run_in_thread (task, funcs[i]);
    }

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      g_task_propagate_boolean (G_TASK (wait_for_result (&done[i])), &error);
      g_assert_no_error (error);
      g_object_unref (done[i]);
    }

  g_assert_true (g_bytes_equal (jobs[0].bytes, jobs[1].bytes));
  g_bytes_unref (jobs[0].bytes);
  g_bytes_unref (jobs[1].bytes);
}

static void
assert_open_over (Fixture    *fixture,
                  FerryPaths  path)
{
  for (guint i = 0; i < 2; i++)
    {
      Party *party = &fixture->parties[i];
      g_autofree char *local = ferry_transport_dup_local (party->transport);
      g_autofree char *remote = ferry_transport_dup_remote (party->transport);

      g_assert_no_error (party->error);
      g_assert_nonnull (party->stream);
      g_assert_cmpint (ferry_transport_get_path (party->transport), ==, path);
      g_assert_nonnull (local);
      g_assert_nonnull (remote);
      g_assert_cmpuint (party->n_refused, ==, 0);
    }
}

static void
test_s5b_connects_directly (Fixture       *fixture,
                            gconstpointer  data)
{
  fixture->parties[GPOINTER_TO_UINT (data)].settings->paths = FERRY_PATH_DIRECT;
  negotiate (fixture, FERRY_NS_S5B_1);
  open_both (fixture);

  assert_open_over (fixture, FERRY_PATH_DIRECT);
  assert_carries (fixture, 0, 3000000);
}

static void
discover_proxy (Fixture *fixture)
{
  g_autoptr(GAsyncResult) done = NULL;
  FerryProxies *proxies = fixture->parties[0].proxies;

  ferry_proxies_discover (proxies);
  ferry_proxies_wait_async (proxies, 5000, NULL, wait_done_cb, &done);
  ferry_proxies_wait_finish (proxies, wait_for_result (&done), NULL);
  g_assert_cmpuint (ferry_proxies_get_n (proxies), ==, 1);
}

/* Whoever insists on it. */
static void
test_s5b_goes_through_a_proxy (Fixture       *fixture,
                               gconstpointer  data)
{
  gint64 begin;

  fixture->parties[GPOINTER_TO_UINT (data)].settings->paths = FERRY_PATH_PROXY | FERRY_PATH_IN_BAND;
  discover_proxy (fixture);
  negotiate (fixture, FERRY_NS_S5B_1);
  begin = g_get_monotonic_time ();
  open_both (fixture);

  assert_open_over (fixture, FERRY_PATH_PROXY);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC);
  assert_carries (fixture, 0, 500000);
}

/* The figure: a second until proxies are tried, and not five until direct hosts are
 * given up. */
static void
test_s5b_leaves_a_black_hole (Fixture       *fixture,
                              gconstpointer  data)
{
  BlackHole hole;
  gint64 begin;

  black_hole_init (&hole);
  discover_proxy (fixture);
  negotiate_through (fixture, FERRY_NS_S5B_1, &hole);
  begin = g_get_monotonic_time ();
  open_both (fixture);

  assert_open_over (fixture, FERRY_PATH_PROXY);
  g_test_message ("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - begin) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - begin, >, 900000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2000000); /* 1.3 s where nothing else runs */
  assert_carries (fixture, 0, 10000);
  black_hole_clear (&hole);
}

static void
test_s5b_says_what_it_tried (Fixture       *fixture,
                             gconstpointer  data)
{
  fixture->parties[0].settings->paths = FERRY_PATH_PROXY;
  lab_proxy_break (fixture->proxy);
  discover_proxy (fixture);
  negotiate (fixture, FERRY_NS_S5B_1);
  open_both (fixture);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (fixture->parties[i].stream);
      g_assert_nonnull (fixture->parties[i].error);
      g_test_message ("%s", fixture->parties[i].error->message);
    }
  g_assert_nonnull (strstr (fixture->parties[0].error->message, "not-allowed"));
  g_assert_nonnull (strstr (fixture->parties[1].error->message, "127.0.0.1"));
}

/* SEC-14: without the setting of the tests nobody is made to dial this machine. */
static void
test_s5b_never_dials_loopback (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(FerryElement) offer = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  fixture->parties[1].settings->allow_loopback = FALSE;
  make_transports (fixture, FERRY_NS_S5B_1);
  offer = fake_stanza ("<transport xmlns='%s' sid='x'>"
                       "<candidate cid='a' host='127.0.0.1' priority='9' port='5086'/>"
                       "<candidate cid='b' host='localhost' priority='8' port='5086'/></transport>",
                       FERRY_NS_S5B_1);
  g_assert_true (ferry_transport_set_remote (fixture->parties[1].transport, offer, &error));
  ferry_transport_open_async (fixture->parties[1].transport, NULL, wait_done_cb, &done);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(FerryElement) report =
        fake_stanza ("<transport xmlns='%s' sid='x'><candidate-error/></transport>", FERRY_NS_S5B_1);
      g_autoptr(FerryStanzaError) answer =
        ferry_transport_receive_info (fixture->parties[1].transport, report);

      g_assert_cmpint (answer != NULL, ==, i == 1); /* S5B1-8 */
    }

  g_assert_null (ferry_transport_open_finish (fixture->parties[1].transport, wait_for_result (&done),
                                              &error));
  g_assert_nonnull (strstr (error->message, "a loopback address"));
}

static guint16
find_closed_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);

  return port;
}

/* SEC-17: a name of many addresses is not one connection. */
static void
test_s5b_begins_twenty_connections (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr(GString) candidates = g_string_new (NULL);
  guint16 port = find_closed_port ();
  g_autoptr(FerryElement) offer = NULL;
  g_autoptr(FerryElement) report = NULL;
  g_autoptr(FerryStanzaError) refusal = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 12; i++)
    g_string_append_printf (candidates, "<candidate cid='c%u' host='localhost' priority='%u' "
                            "port='%u'/>", i, 100 - i, port);
  make_transports (fixture, FERRY_NS_S5B_1);
  offer = fake_stanza ("<transport xmlns='%s' sid='x'>%s</transport>", FERRY_NS_S5B_1,
                       candidates->str);
  report = fake_stanza ("<transport xmlns='%s' sid='x'><candidate-error/></transport>",
                        FERRY_NS_S5B_1);
  g_assert_true (ferry_transport_set_remote (fixture->parties[1].transport, offer, &error));
  ferry_transport_open_async (fixture->parties[1].transport, NULL, wait_done_cb, &done);
  refusal = ferry_transport_receive_info (fixture->parties[1].transport, report);
  g_assert_null (refusal);

  g_assert_null (ferry_transport_open_finish (fixture->parties[1].transport, wait_for_result (&done),
                                              &error));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "refused"));
  g_assert_nonnull (strstr (error->message, "too many attempts"));
}

/* SEC-15: to ask a stranger is not to tell it where we are. */
static void
test_s5b_hides_from_strangers (Fixture       *fixture,
                               gconstpointer  data)
{
  Party *party = &fixture->parties[0];
  gboolean is_stranger = GPOINTER_TO_INT (data);
  FerryTransportContext context = {
    .router = party->router, .listener = party->listener, .proxies = party->proxies,
    .settings = party->settings, .profile = ferry_peer_profile_get_default (),
    .own_jid = ROMEO, .peer_jid = JULIET, .role = FERRY_ROLE_INITIATOR,
    .proposer = TRUE, .is_stranger = is_stranger,
  };
  g_autoptr(FerryElement) offer = NULL;
  guint n_direct = 0;

  discover_proxy (fixture);
  party->transport = ferry_transport_new (FERRY_NS_S5B_1, &context);
  offer = prepare (party);
  for (guint i = 0; i < ferry_element_get_n_children (offer); i++)
    n_direct += g_str_equal (ferry_element_get_attribute (ferry_element_get_child (offer, i), "type"),
                             "direct");

  g_assert_cmpint (n_direct > 0, ==, !is_stranger);
  g_assert_cmpuint (ferry_element_get_n_children (offer), ==, n_direct + 1); /* the proxy */
}

/* SEC-11: forty candidates in a session. */
static void
test_s5b_refuses_too_many_candidates (Fixture       *fixture,
                                      gconstpointer  data)
{
  make_transports (fixture, FERRY_NS_S5B_1);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GString) candidates = g_string_new (NULL);
      g_autoptr(FerryElement) transport = NULL;
      g_autoptr(FerryStanzaError) refusal = NULL;

      for (guint n = 0; n < 15; n++)
        g_string_append_printf (candidates, "<candidate cid='c%u' host='192.0.2.%u' priority='1'/>",
                                15 * i + n, 15 * i + n);
      transport = fake_stanza ("<transport xmlns='%s' sid='x'>%s</transport>", FERRY_NS_S5B_1,
                               candidates->str);

      if (i == 0)
        g_assert_true (ferry_transport_set_remote (fixture->parties[1].transport, transport, NULL));
      else
        refusal = ferry_transport_receive_info (fixture->parties[1].transport, transport);
      g_assert_cmpint (refusal != NULL, ==, i >= 2);
    }
}

static void
test_gives_up_when_told (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  negotiate (fixture, data);
  ferry_transport_open_async (fixture->parties[1].transport, cancellable, wait_done_cb, &done);
  wait_until_idle ();
  g_cancellable_cancel (cancellable);
  g_assert_null (ferry_transport_open_finish (fixture->parties[1].transport, wait_for_result (&done),
                                              &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_ibb_carries_bytes (Fixture       *fixture,
                        gconstpointer  data)
{
  static const gsize sizes[] = { 0, 1, 4096, 2000001 };

  negotiate (fixture, FERRY_NS_JINGLE_IBB_1);
  open_both (fixture);
  assert_open_over (fixture, FERRY_PATH_IN_BAND);
  assert_carries (fixture, GPOINTER_TO_UINT (data) & 1, sizes[GPOINTER_TO_UINT (data) / 2]);
}

/* SEC-3, XEP-0047 */
static void
test_ibb_refuses_unknown_streams (Fixture       *fixture,
                                  gconstpointer  data)
{
  static const struct { const char *payload; FerryCondition condition; } cases[] = {
    { "<open xmlns='http://jabber.org/protocol/ibb' sid='x' block-size='4096'/>",
      FERRY_CONDITION_NOT_ACCEPTABLE },
    { "<data xmlns='http://jabber.org/protocol/ibb' sid='x' seq='0'>AAAA</data>",
      FERRY_CONDITION_ITEM_NOT_FOUND },
    { "<close xmlns='http://jabber.org/protocol/ibb' sid='x'/>", FERRY_CONDITION_ITEM_NOT_FOUND },
  };

  negotiate (fixture, FERRY_NS_JINGLE_IBB_1);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) payload = ferry_element_parse (cases[i].payload, -1, NULL);
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(FerryElement) reply = NULL;
      g_autoptr(FerryStanzaError) error = NULL;

      ferry_router_request_async (fixture->parties[0].router, FERRY_IQ_SET, JULIET, payload, 30, NULL,
                                  wait_done_cb, &done);
      reply = ferry_router_request_finish (fixture->parties[0].router, wait_for_result (&done), NULL);
      error = ferry_stanza_error_from_stanza (reply);
      g_assert_nonnull (error);
      g_assert_cmpint (error->condition, ==, cases[i].condition);
    }
}

#define ADD(path, data, func) \
  g_test_add ("/core/transport/" path, Fixture, data, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("s5b/connects-directly/initiator-insists", GUINT_TO_POINTER (0), test_s5b_connects_directly);
  ADD ("s5b/connects-directly/responder-insists", GUINT_TO_POINTER (1), test_s5b_connects_directly);
  ADD ("s5b/goes-through-a-proxy/initiator-insists", GUINT_TO_POINTER (0), test_s5b_goes_through_a_proxy);
  ADD ("s5b/goes-through-a-proxy/responder-insists", GUINT_TO_POINTER (1), test_s5b_goes_through_a_proxy);
  ADD ("s5b/leaves-a-black-hole", NULL, test_s5b_leaves_a_black_hole);
  ADD ("s5b/says-what-it-tried", NULL, test_s5b_says_what_it_tried);
  ADD ("s5b/never-dials-loopback", NULL, test_s5b_never_dials_loopback);
  ADD ("s5b/begins-twenty-connections", NULL, test_s5b_begins_twenty_connections);
  ADD ("s5b/hides-from-strangers/contact", GINT_TO_POINTER (FALSE), test_s5b_hides_from_strangers);
  ADD ("s5b/hides-from-strangers/stranger", GINT_TO_POINTER (TRUE), test_s5b_hides_from_strangers);
  ADD ("s5b/refuses-too-many-candidates", NULL, test_s5b_refuses_too_many_candidates);
  ADD ("s5b/gives-up-when-told", FERRY_NS_S5B_1, test_gives_up_when_told);
  ADD ("ibb/gives-up-when-told", FERRY_NS_JINGLE_IBB_1, test_gives_up_when_told);
  ADD ("ibb/carries-nothing", GUINT_TO_POINTER (0), test_ibb_carries_bytes);
  ADD ("ibb/carries-a-byte-back", GUINT_TO_POINTER (3), test_ibb_carries_bytes);
  ADD ("ibb/carries-a-block", GUINT_TO_POINTER (4), test_ibb_carries_bytes);
  ADD ("ibb/carries-a-file", GUINT_TO_POINTER (6), test_ibb_carries_bytes);
  ADD ("ibb/refuses-unknown-streams", NULL, test_ibb_refuses_unknown_streams);

  return g_test_run ();
}
