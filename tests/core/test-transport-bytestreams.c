/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/transport-bytestreams.h"
#include "legacy/namespaces.h"
#include "net/socks5-dialer.h"
#include "proto/bytestreams-codec.h"
#include "proto/ibb-codec.h"
#include "proto/s5b-address.h"
#include "transport-world.h"
#include "wait.h"

/* XEP-0065 without Jingle: both roles against each other, and the requester against a
 * peer that is a script. */

#define SID "a0"

static void
prepare_both (TransportWorld *world,
              const char     *ns)
{
  world->stream_sid = SID;
  world_make_transports (world, ns);
  world_expect_proxied (world, SID);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(FerryElement) said = party_prepare (&world->parties[i]);

      g_assert_true (ferry_element_is (said, "transport", ns));
      g_assert_cmpuint (ferry_element_get_n_children (said), ==, 0);
    }
}

static void
test_connects_directly (TransportWorld *world,
                        gconstpointer   data)
{
  prepare_both (world, data);
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_DIRECT);
  world_assert_carries (world, 0, 3000000);
}

/* BS0-8a: who asks for a file is the requester all the same. */
static void
test_carries_both_ways (TransportWorld *world,
                        gconstpointer   data)
{
  prepare_both (world, FERRY_NS_BYTESTREAMS);
  world_open_both (world);

  world_assert_carries (world, 1, 100000);
}

static void
test_goes_through_a_proxy (TransportWorld *world,
                           gconstpointer   data)
{
  world->parties[GPOINTER_TO_UINT (data)].settings->paths = FERRY_PATH_PROXY;
  world_discover_proxy (world);
  prepare_both (world, FERRY_NS_BYTESTREAMS);
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_PROXY);
  world_assert_carries (world, 0, 500000);
}

/* S5P-7: the requester has no stream before its proxy has joined it. */
static void
test_needs_the_activation (TransportWorld *world,
                           gconstpointer   data)
{
  world->parties[0].settings->paths = FERRY_PATH_PROXY;
  lab_proxy_break (world->proxy);
  world_discover_proxy (world);
  prepare_both (world, FERRY_NS_BYTESTREAMS);
  world_open_both (world);

  world_assert_failed (world, 0, "not-allowed");
  g_assert_nonnull (world->parties[1].stream); /* which its end will show to be worthless */
}

/* SIFT-7, after SOCKS5 was tried. */
static void
test_falls_back_together (TransportWorld *world,
                          gconstpointer   data)
{
  world->falls_back = TRUE;
  world->parties[1].settings->paths = FERRY_PATH_IN_BAND;
  prepare_both (world, FERRY_NS_BYTESTREAMS);
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_IN_BAND);
  world_assert_carries (world, 0, 100001);
}

/* A connection of its own may outlive the peer's presence; the way in-band does not. */
static void
test_hears_that_the_peer_left (TransportWorld *world,
                               gconstpointer   data)
{
  gboolean in_band = GPOINTER_TO_INT (data);

  world->falls_back = TRUE;
  world->parties[1].settings->paths = in_band ? FERRY_PATH_IN_BAND : FERRY_PATH_ANY;
  prepare_both (world, FERRY_NS_BYTESTREAMS);
  world_open_both (world);

  for (guint i = 0; i < 2; i++)
    {
      GInputStream *in = g_io_stream_get_input_stream (world->parties[i].stream);

      g_assert_cmpint (ferry_transport_peer_gone (world->parties[i].transport), ==, in_band);
      if (in_band)
        g_assert_cmpint (g_input_stream_skip (in, 1, NULL, NULL), <=, 0);
    }
}

/* SIFT-7, where the requester has nothing to name. */
static void
test_goes_in_band_at_once (TransportWorld *world,
                           gconstpointer   data)
{
  world->falls_back = TRUE;
  world->parties[0].settings->paths = FERRY_PATH_IN_BAND;
  prepare_both (world, FERRY_NS_BYTESTREAMS);
  world_open_both (world);

  world_assert_open_over (world, FERRY_PATH_IN_BAND);
  world_assert_carries (world, 0, 5000);
}

static void
test_stays_out_of_band (TransportWorld *world,
                        gconstpointer   data)
{
  world->falls_back = TRUE;
  world->parties[0].settings->paths = FERRY_PATH_DIRECT;
  world->parties[1].settings->paths = FERRY_PATH_PROXY;
  prepare_both (world, FERRY_NS_BYTESTREAMS);
  world_open_both (world);

  world_assert_failed (world, 0, "item-not-found");
  world_assert_failed (world, 1, "the peer offered no host");
}

/* Juliet as a script: what Romeo asks her. */
typedef struct
{
  Party        *party;
  FerryElement *query; /* (owned) (nullable): the iq */
  FerryElement *open;  /* (owned) (nullable): the iq of an <open/> */
} Script;

static gboolean
script_query_cb (FerryElement *stanza,
                 gpointer      user_data)
{
  Script *script = user_data;

  g_assert_null (script->query);
  script->query = ferry_element_ref (stanza);

  return TRUE;
}

static gboolean
script_open_cb (FerryElement *stanza,
                gpointer      user_data)
{
  Script *script = user_data;

  g_assert_null (script->open);
  script->open = ferry_element_ref (stanza);

  return TRUE;
}

static void
script_init (Script         *script,
             TransportWorld *world)
{
  static const FerryRoute query = { "iq", "set", "query", FERRY_NS_BYTESTREAMS };
  static const FerryRoute open = { "iq", "set", "open", FERRY_NS_IBB };

  *script = (Script) { .party = &world->parties[1] };
  ferry_router_add_handler (script->party->router, &query, script_query_cb, script);
  ferry_router_add_handler (script->party->router, &open, script_open_cb, script);
}

static void
script_clear (Script *script)
{
  g_clear_pointer (&script->query, ferry_element_unref);
  g_clear_pointer (&script->open, ferry_element_unref);
}

static const FerryElement *
script_wait_for_query (Script *script)
{
  while (script->query == NULL)
    g_main_context_iteration (NULL, TRUE);

  return ferry_iq_get_payload (script->query);
}

static void
script_answer (Script     *script,
               const char *payload)
{
  g_autoptr(FerryElement) element = payload != NULL ? fake_stanza ("%s", payload) : NULL;
  g_autoptr(FerryElement) answer = ferry_iq_new_result (script->query, element);

  ferry_router_send (script->party->router, answer);
}

static void
script_refuse (Script         *script,
               FerryCondition  condition)
{
  const FerryStanzaError error = { .type = FERRY_STANZA_ERROR_CANCEL, .condition = condition };
  g_autoptr(FerryElement) answer = ferry_iq_new_error (script->query, &error);

  ferry_router_send (script->party->router, answer);
}

static void
open_requester (TransportWorld *world,
                GAsyncResult  **done)
{
  g_autoptr(FerryElement) said = NULL;

  world->stream_sid = SID;
  world_make_transport (world, 0, FERRY_NS_BYTESTREAMS);
  said = party_prepare (&world->parties[0]);
  ferry_transport_open_async (world->parties[0].transport, NULL, wait_done_cb, done);
}

static void
finish_requester (TransportWorld *world,
                  GAsyncResult  **done)
{
  Party *romeo = &world->parties[0];

  romeo->stream = ferry_transport_open_finish (romeo->transport, wait_for_result (done),
                                               &romeo->error);
}

/* S5P-1, S5P-2 */
static void
test_lists_its_hosts (TransportWorld *world,
                      gconstpointer   data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(FerryBytestreamsQuery) query = NULL;
  guint16 port;
  Script script;

  script_init (&script, world);
  world_discover_proxy (world);
  open_requester (world, &done);
  port = ferry_socks5_listener_get_port (world->parties[0].listener);
  query = ferry_bytestreams_query_decode (script_wait_for_query (&script), NULL);

  g_assert_cmpstr (query->sid, ==, SID);
  g_assert_false (query->udp);
  g_assert_cmpuint (query->hosts->len, >=, 2);
  for (guint i = 0; i < query->hosts->len; i++)
    {
      const FerryStreamhost *host = g_ptr_array_index (query->hosts, i);
      gboolean is_last = i == query->hosts->len - 1;

      g_assert_cmpstr (host->jid, ==, is_last ? "proxy.montague.lit" : ROMEO);
      g_assert_cmpint (host->port == port, ==, !is_last);
    }

  script_refuse (&script, FERRY_CONDITION_ITEM_NOT_FOUND);
  finish_requester (world, &done);
  world_assert_failed (world, 0, "item-not-found");
  script_clear (&script);
}

static GSocketConnection *
call (TransportWorld *world)
{
  g_autofree char *address = ferry_s5b_address_new (SID, ROMEO, JULIET);
  g_autoptr(FerrySocks5Dialer) dialer = ferry_socks5_dialer_new ();
  g_autoptr(GSocketAddress) place =
    g_inet_socket_address_new_from_string ("127.0.0.1", ferry_socks5_listener_get_port (
                                             world->parties[0].listener));
  g_autoptr(GAsyncResult) done = NULL;

  ferry_socks5_dialer_dial_async (dialer, G_SOCKET_CONNECTABLE (place), address, NULL,
                                  wait_done_cb, &done);

  return ferry_socks5_dialer_dial_finish (dialer, wait_for_result (&done), NULL);
}

/* Peers: iris and slixmpp dial all hosts at once, and give up on some of them or not. */
static void
test_takes_the_one_alive (TransportWorld *world,
                          gconstpointer   data)
{
  g_autoptr(GAsyncResult) done = NULL;
  GSocketConnection *calls[3];
  Script script;
  char byte = 0;

  script_init (&script, world);
  open_requester (world, &done);
  script_wait_for_query (&script);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    calls[i] = call (world);
  g_io_stream_close (G_IO_STREAM (calls[0]), NULL, NULL);
  g_io_stream_close (G_IO_STREAM (calls[2]), NULL, NULL);
  script_answer (&script, data);

  finish_requester (world, &done);
  g_assert_no_error (world->parties[0].error);
  g_output_stream_write_all (g_io_stream_get_output_stream (world->parties[0].stream), "x", 1,
                             NULL, NULL, NULL);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (calls[1])), &byte, 1, NULL, NULL);
  g_assert_cmpint (byte, ==, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    g_object_unref (calls[i]);
  script_clear (&script);
}

#define USED(jid) "<query xmlns='" FERRY_NS_BYTESTREAMS "'><streamhost-used jid='" jid "'/></query>"

static const struct Answer
{
  const char     *payload;   /* (nullable) */
  FerryCondition  condition; /* of an error, where it is not UNDEFINED_CONDITION */
  const char     *text;
} answers[] = {
  { NULL, FERRY_CONDITION_ITEM_NOT_FOUND, "item-not-found" },
  { NULL, FERRY_CONDITION_NOT_ACCEPTABLE, "not-acceptable" },
  { NULL, FERRY_CONDITION_REMOTE_SERVER_NOT_FOUND, "remote-server-not-found" },
  { USED ("stranger.example"), FERRY_CONDITION_UNDEFINED_CONDITION, "not offered" }, /* S5P-9 */
  { "<query xmlns='" FERRY_NS_BYTESTREAMS "'/>", FERRY_CONDITION_UNDEFINED_CONDITION,
    "which it used" },
  { NULL, FERRY_CONDITION_UNDEFINED_CONDITION, "which it used" },
};

static void
answer_badly (Script              *script,
              const struct Answer *answer)
{
  script_wait_for_query (script);

  if (answer->condition == FERRY_CONDITION_UNDEFINED_CONDITION)
    script_answer (script, answer->payload);
  else
    script_refuse (script, answer->condition);
}

static void
test_hears_the_refusal (TransportWorld *world,
                        gconstpointer   data)
{
  const struct Answer *answer = data;
  g_autoptr(GAsyncResult) done = NULL;
  Script script;

  script_init (&script, world);
  open_requester (world, &done);
  answer_badly (&script, answer);
  finish_requester (world, &done);
  world_assert_failed (world, 0, answer->text);
  g_assert_null (script.open);
  script_clear (&script);
}

/* SIFT-7, whatever the peer said; and it may not want that either. */
static void
test_opens_in_band_after_it (TransportWorld *world,
                             gconstpointer   data)
{
  const struct Answer *answer = data;
  g_autoptr(GAsyncResult) done = NULL;
  Script script;

  world->falls_back = TRUE;
  script_init (&script, world);
  open_requester (world, &done);
  answer_badly (&script, answer);
  while (script.open == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (ferry_element_get_attribute (ferry_iq_get_payload (script.open), "sid"), ==, SID);
  g_clear_pointer (&script.query, ferry_element_unref);
  script.query = g_steal_pointer (&script.open);
  script_refuse (&script, FERRY_CONDITION_FORBIDDEN);

  finish_requester (world, &done);
  world_assert_failed (world, 0, answer->text);
  world_assert_failed (world, 0, "in-band");
  script_clear (&script);
}

static void
test_gives_up_when_told (TransportWorld *world,
                         gconstpointer   data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *done[2] = { NULL, NULL };

  world->falls_back = TRUE;
  prepare_both (world, FERRY_NS_BYTESTREAMS);
  for (guint i = 0; i < 2; i++)
    ferry_transport_open_async (world->parties[i].transport, cancellable, wait_done_cb, &done[i]);
  g_cancellable_cancel (cancellable);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ferry_transport_open_finish (world->parties[i].transport,
                                                  wait_for_result (&done[i]), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (done[i]);
    }
}

/* SEC-15 */
static void
test_hides_from_strangers (TransportWorld *world,
                           gconstpointer   data)
{
  Party *romeo = &world->parties[0];
  FerryTransportContext context = {
    .router = romeo->router, .listener = romeo->listener, .proxies = romeo->proxies,
    .settings = romeo->settings, .profile = ferry_peer_profile_get_default (),
    .own_jid = ROMEO, .peer_jid = JULIET, .stream_sid = SID, .role = FERRY_ROLE_INITIATOR,
    .proposer = TRUE, .is_stranger = TRUE,
  };
  g_autoptr(FerryElement) said = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  Script script;

  script_init (&script, world);
  romeo->transport = ferry_transport_new (FERRY_NS_BYTESTREAMS, &context);
  said = party_prepare (romeo);
  ferry_transport_open_async (romeo->transport, NULL, wait_done_cb, &done);
  finish_requester (world, &done);
  world_assert_failed (world, 0, "no host to offer");
  g_assert_null (script.query);
  g_assert_cmpuint (ferry_socks5_listener_get_port (romeo->listener), ==, 0);
}

static void
add (const char     *path,
     gconstpointer   data,
     void          (*func) (TransportWorld *, gconstpointer))
{
  g_autofree char *full = g_strconcat ("/core/transport-bytestreams/", path, NULL);

  g_test_add (full, TransportWorld, data, world_set_up, func, world_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("connects-directly/si", FERRY_NS_BYTESTREAMS, test_connects_directly);
  add ("connects-directly/jingle", FERRY_NS_JINGLE_BYTESTREAMS_0, test_connects_directly);
  add ("carries-both-ways", NULL, test_carries_both_ways);
  add ("goes-through-a-proxy/requester-insists", GUINT_TO_POINTER (0), test_goes_through_a_proxy);
  add ("goes-through-a-proxy/target-insists", GUINT_TO_POINTER (1), test_goes_through_a_proxy);
  add ("needs-the-activation", NULL, test_needs_the_activation);
  add ("falls-back-together", NULL, test_falls_back_together);
  add ("hears-that-the-peer-left/socks5", GINT_TO_POINTER (FALSE), test_hears_that_the_peer_left);
  add ("hears-that-the-peer-left/in-band", GINT_TO_POINTER (TRUE), test_hears_that_the_peer_left);
  add ("goes-in-band-at-once", NULL, test_goes_in_band_at_once);
  add ("stays-out-of-band", NULL, test_stays_out_of_band);
  add ("lists-its-hosts", NULL, test_lists_its_hosts);
  add ("takes-the-one-alive/no-sid", USED (ROMEO), test_takes_the_one_alive);
  add ("takes-the-one-alive/with-sid",
       "<query xmlns='" FERRY_NS_BYTESTREAMS "' sid='" SID "'><streamhost-used jid='" ROMEO "'/>"
       "</query>",
       test_takes_the_one_alive);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *heard = g_strdup_printf ("hears-the-refusal/%" G_GSIZE_FORMAT, i);
      g_autofree char *opened = g_strdup_printf ("opens-in-band-after-it/%" G_GSIZE_FORMAT, i);

      add (heard, &answers[i], test_hears_the_refusal);
      add (opened, &answers[i], test_opens_in_band_after_it);
    }
  add ("gives-up-when-told", NULL, test_gives_up_when_told);
  add ("hides-from-strangers", NULL, test_hides_from_strangers);

  return g_test_run ();
}
