/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/transport-ibb.h"
#include "fake-port.h"
#include "legacy/namespaces.h"
#include "net/ibb-stream.h"
#include "proto/ibb-codec.h"
#include "wait.h"

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define OPEN(sid, size) "<open xmlns='" FERRY_NS_IBB "' sid='" sid "' block-size='" #size "'/>"
#define DATA(sid, seq)  "<data xmlns='" FERRY_NS_IBB "' sid='" sid "' seq='" #seq "'>AAAA</data>"
#define CLOSE(sid)      "<close xmlns='" FERRY_NS_IBB "' sid='" sid "'/>"
#define EMPTY           "<transport xmlns='" FERRY_NS_JINGLE_IBB_0 "'/>"
#define FINE FERRY_CONDITION_UNDEFINED_CONDITION

/* Juliet's end of a stream; Romeo is a script. Transports are told what a session of
 * each dialect tells them. */
typedef struct
{
  FakePort       *port;
  FerryRouter    *router;
  FerryTransport *transport;
  FerryElement   *own;    /* what it says of itself */
  GAsyncResult   *done;   /* of open() */
  GIOStream      *stream;
  guint           n_said; /* by Romeo */
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->port = fake_port_new (JULIET);
  fixture->router = ferry_router_new ();
  ferry_transport_ibb_refuse_unknown (fixture->router);
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (fixture->port));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  wait_until_idle ();
  g_clear_object (&fixture->done);
  g_clear_object (&fixture->stream);
  g_clear_pointer (&fixture->own, ferry_element_unref);
  if (fixture->transport != NULL)
    g_assert_finalize_object (fixture->transport);
  ferry_router_set_port (fixture->router, NULL);
  wait_until_idle ();
  g_assert_finalize_object (fixture->router);
  g_clear_object (&fixture->port);
}

static FerryTransport *
make (Fixture    *fixture,
      const char *ns,
      const char *sid,
      gboolean    proposer)
{
  const FerryTransportContext context = {
    .router = fixture->router,
    .profile = ferry_peer_profile_get_default (),
    .own_jid = JULIET,
    .peer_jid = ROMEO,
    .stream_sid = sid,
    .role = proposer ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER,
    .proposer = proposer,
  };

  return ferry_transport_new (ns, &context);
}

static FerryElement *
prepare (FerryTransport *transport)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  ferry_transport_prepare_async (transport, NULL, wait_done_cb, &done);
  element = ferry_transport_prepare_finish (transport, wait_for_result (&done), &error);
  g_assert_no_error (error);

  return element;
}

/* A transport of the fixture, prepared. @remote: (nullable): what Romeo said before */
static void
begin (Fixture    *fixture,
       const char *ns,
       const char *sid,
       gboolean    proposer,
       const char *remote)
{
  fixture->transport = make (fixture, ns, sid, proposer);

  if (remote != NULL)
    {
      g_autoptr(FerryElement) element = ferry_element_parse (remote, -1, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_true (ferry_transport_set_remote (fixture->transport, element, &error));
      g_assert_no_error (error);
    }

  fixture->own = prepare (fixture->transport);
}

static void
open (Fixture *fixture)
{
  ferry_transport_open_async (fixture->transport, NULL, wait_done_cb, &fixture->done);
  wait_until_idle ();
}

static void
assert_open (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  fixture->stream =
    ferry_transport_open_finish (fixture->transport, wait_for_result (&fixture->done), &error);
  g_assert_no_error (error);
  g_assert_cmpint (ferry_transport_get_path (fixture->transport), ==, FERRY_PATH_IN_BAND);
}

/* What Juliet said last. */
static FerryElement *
take (Fixture *fixture)
{
  FerryElement *stanza;

  wait_until_idle ();
  stanza = fake_port_take (fixture->port);
  g_assert_nonnull (stanza);

  return stanza;
}

static void
assert_silent (Fixture *fixture)
{
  wait_until_idle ();
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
say_from (Fixture    *fixture,
          const char *from,
          const char *payload)
{
  fake_port_inject (fixture->port, "<iq type='set' id='r%u' from='%s' to='%s'>%s</iq>",
                    ++fixture->n_said, from, JULIET, payload);
}

static void
say (Fixture    *fixture,
     const char *payload)
{
  say_from (fixture, ROMEO, payload);
}

/* Juliet's answer to what was said last. */
static void
assert_answered (Fixture        *fixture,
                 FerryCondition  condition)
{
  g_autoptr(FerryElement) answer = take (fixture);
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (answer);
  g_autofree char *id = g_strdup_printf ("r%u", fixture->n_said);

  g_assert_cmpstr (ferry_element_get_attribute (answer, "id"), ==, id);
  g_assert_cmpint (error != NULL, ==, condition != FINE);
  if (error != NULL)
    g_assert_cmpint (error->condition, ==, condition);
}

static const FerryElement *
assert_payload (FerryElement *stanza,
                const char   *name,
                const char   *sid)
{
  const FerryElement *payload = ferry_element_find (stanza, name, FERRY_NS_IBB);

  g_assert_nonnull (payload);
  g_assert_cmpstr (ferry_element_get_attribute (payload, "sid"), ==, sid);

  return payload;
}

static void
assert_open_said (Fixture        *fixture,
                  const char     *sid,
                  guint           block_size,
                  FerryCondition  condition)
{
  g_autoptr(FerryElement) iq = take (fixture);
  const FerryElement *open = assert_payload (iq, "open", sid);
  guint size = 0;

  g_assert_true (ferry_ibb_open_decode (open, &size, NULL));
  g_assert_cmpuint (size, ==, block_size);
  if (condition == FINE)
    fake_port_answer (fixture->port, iq, NULL);
  else
    fake_port_answer_error (fixture->port, iq, condition);
}

/* Takes all blocks, acknowledging each; the largest has @largest bytes. */
static void
assert_sends (Fixture    *fixture,
              const char *sid,
              gsize       size,
              gsize       largest)
{
  g_autofree char *data = g_strnfill (size, 'x');
  GOutputStream *out = g_io_stream_get_output_stream (fixture->stream);
  gsize n_came = 0;

  g_assert_true (g_output_stream_write_all (out, data, size, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (out, NULL, NULL));

  while (n_came < size)
    {
      g_autoptr(FerryElement) iq = take (fixture);
      g_autoptr(GBytes) bytes = NULL;
      guint64 seq;

      g_assert_true (ferry_ibb_data_decode (assert_payload (iq, "data", sid), &seq, &bytes, NULL));
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, MIN (largest, size - n_came));
      n_came += g_bytes_get_size (bytes);
      fake_port_answer (fixture->port, iq, NULL);
    }
}

/* IBB-2, IBB-11, SI95-5 */
static void
test_plain_opens_sends_closes (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(FerryElement) close = NULL;

  begin (fixture, FERRY_NS_IBB, "si1", TRUE, NULL);
  assert_silent (fixture);
  open (fixture);
  assert_open_said (fixture, "si1", 4096, FINE);
  assert_open (fixture);
  assert_sends (fixture, "si1", 10000, 3070);
  close = take (fixture);
  assert_payload (close, "close", "si1");
}

static void
test_plain_does_not_insist_on_the_close (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autoptr(FerryElement) close = NULL;
  g_autoptr(GError) error = NULL;
  char byte;

  begin (fixture, FERRY_NS_IBB, "si1", TRUE, NULL);
  open (fixture);
  assert_open_said (fixture, "si1", 4096, FINE);
  assert_open (fixture);
  assert_sends (fixture, "si1", 10, 10);
  close = take (fixture);
  assert_payload (close, "close", "si1");

  if (data != NULL)
    fake_port_answer_error (fixture->port, close, FERRY_CONDITION_ITEM_NOT_FOUND);
  g_assert_true (ferry_ibb_stream_is_over (FERRY_IBB_STREAM (fixture->stream)));
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (fixture->stream), &byte, 1,
                                        NULL, &error), ==, 0); /* it is over, and well */
  g_assert_no_error (error);
}

/* XEP-0047: half, and not below 1024. */
static void
test_plain_halves_the_block (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  begin (fixture, FERRY_NS_IBB, "si1", TRUE, NULL);
  open (fixture);
  assert_open_said (fixture, "si1", 4096, FERRY_CONDITION_RESOURCE_CONSTRAINT);
  assert_open_said (fixture, "si1", 2048, FERRY_CONDITION_RESOURCE_CONSTRAINT);

  if (data == NULL)
    {
      assert_open_said (fixture, "si1", 1024, FINE);
      assert_open (fixture);
      assert_sends (fixture, "si1", 2000, 766);
      return;
    }

  assert_open_said (fixture, "si1", 1024, FERRY_CONDITION_RESOURCE_CONSTRAINT);
  g_assert_null (ferry_transport_open_finish (fixture->transport, wait_for_result (&fixture->done),
                                              &error));
  g_assert_nonnull (error);
}

/* SEC-3, SEC-29: exactly this peer and this sid, and only once we have agreed. */
static void
test_plain_waits_for_its_open (Fixture       *fixture,
                               gconstpointer  data)
{
  begin (fixture, FERRY_NS_IBB, "si1", FALSE, NULL);
  say_from (fixture, "romeo@montague.lit/street", OPEN ("si1", 4096));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
  say (fixture, OPEN ("si2", 4096));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);

  if (data != NULL)
    open (fixture); /* the user was quicker */
  say (fixture, OPEN ("si1", 65535));
  if (data == NULL)
    {
      assert_silent (fixture);
      say (fixture, DATA ("si1", 0));
      assert_answered (fixture, FERRY_CONDITION_ITEM_NOT_FOUND);
      fixture->n_said--;
      open (fixture);
    }
  assert_answered (fixture, FINE);
  assert_open (fixture);
  say (fixture, OPEN ("si1", 4096));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
  say (fixture, DATA ("si1", 0));
  assert_answered (fixture, FINE);
  say (fixture, CLOSE ("si1"));
  assert_answered (fixture, FINE);
}

/* IBB-1: it is no request that the user's consent could grant, and no end of the wait. */
static void
test_plain_holds_no_nonsense (Fixture       *fixture,
                              gconstpointer  data)
{
  begin (fixture, FERRY_NS_IBB, "si1", FALSE, NULL);
  if (data != NULL)
    open (fixture);
  say (fixture, OPEN ("si1", 0));
  assert_answered (fixture, FERRY_CONDITION_BAD_REQUEST);
  say (fixture, OPEN ("si1", 4096));
  if (data == NULL)
    open (fixture);
  assert_answered (fixture, FINE);
  assert_open (fixture);
}

#define OPEN_OF(id) "<open xmlns='" FERRY_NS_IBB "' sid='own' block-size='4096'>" \
                    "<si xmlns='http://jabber.org/protocol/si' id='" id "'/></open>"

/* SI87-9: the stream may have an id of its own, if it says whose it is. */
static void
test_plain_knows_the_negotiation (Fixture       *fixture,
                                  gconstpointer  data)
{
  begin (fixture, FERRY_NS_IBB, "si1", FALSE, NULL);
  open (fixture);
  say (fixture, OPEN_OF ("si2"));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
  say (fixture, OPEN_OF ("si1"));
  assert_answered (fixture, FINE);
  assert_open (fixture);
  say (fixture, DATA ("own", 0));
  assert_answered (fixture, FINE);
}

/* BS0-7 */
static void
test_refuses_what_it_held (Fixture       *fixture,
                           gconstpointer  data)
{
  begin (fixture, data, "si1", FALSE, g_str_equal (data, FERRY_NS_IBB) ? NULL : EMPTY);
  say (fixture, OPEN ("si1", 4096));
  assert_silent (fixture);
  g_assert_finalize_object (g_steal_pointer (&fixture->transport));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
  say (fixture, OPEN ("si1", 4096));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
}

static void
test_forgets_when_cancelled (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  begin (fixture, FERRY_NS_IBB, "si1", FALSE, NULL);
  ferry_transport_open_async (fixture->transport, cancellable, wait_done_cb, &fixture->done);
  wait_until_idle ();
  g_cancellable_cancel (cancellable);
  g_assert_null (ferry_transport_open_finish (fixture->transport, wait_for_result (&fixture->done),
                                              &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  say (fixture, OPEN ("si1", 4096));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
}

#define TERMS "<transport xmlns='" FERRY_NS_JINGLE_IBB_0 "' sid='ch3' block-size='2048'/>"

/* JI0-3, JI0-4, JI0-5, JI0-7, SEC-30 */
static void
test_terms_take_data_at_once (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(FerryElement) same = ferry_element_parse (TERMS, -1, NULL);
  char byte;

  begin (fixture, FERRY_NS_JINGLE_IBB_0, NULL, FALSE, TERMS);
  g_assert_true (ferry_element_equal (fixture->own, same));
  say (fixture, DATA ("ch3", 0));
  assert_answered (fixture, FERRY_CONDITION_ITEM_NOT_FOUND);

  open (fixture);
  assert_silent (fixture);
  assert_open (fixture);
  if (data != NULL)
    {
      say (fixture, OPEN ("ch3", 2048)); /* XEP-0261 0.4 */
      assert_answered (fixture, FINE);
    }
  say (fixture, DATA ("ch3", 0));
  assert_answered (fixture, FINE);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (fixture->stream), &byte, 1,
                                        NULL, NULL), ==, 1);

  if (data != NULL)
    {
      say (fixture, CLOSE ("ch3"));
      assert_answered (fixture, FINE);
      return;
    }
  g_clear_object (&fixture->stream);
  g_clear_object (&fixture->done);
  g_assert_finalize_object (g_steal_pointer (&fixture->transport));
  assert_silent (fixture);
}

/* JI0-6: the smaller size counts, and our blocks fit it. JI0-7: no <close/>. */
static void
test_terms_send_without_open_or_close (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr(FerryElement) answer = NULL;
  const char *sid;
  char byte;

  begin (fixture, FERRY_NS_JINGLE_IBB_0, NULL, TRUE, NULL);
  sid = ferry_element_get_attribute (fixture->own, "sid");
  answer = fake_stanza ("<transport xmlns='%s' sid='%s' block-size='1024'/>", FERRY_NS_JINGLE_IBB_0,
                        sid);
  g_assert_cmpstr (ferry_element_get_attribute (fixture->own, "block-size"), ==, "4096");
  g_assert_true (ferry_transport_set_remote (fixture->transport, answer, NULL));
  open (fixture);
  assert_open (fixture);
  assert_sends (fixture, sid, 3000, 766);
  assert_silent (fixture);
  g_assert_true (ferry_ibb_stream_is_over (FERRY_IBB_STREAM (fixture->stream)));
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (fixture->stream), &byte, 1,
                                        NULL, NULL), ==, 0); /* ended, once all was acknowledged */
}

/* JI0-8: further streams are heard of, and not had. */
static void
test_terms_refuse_further_streams (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr(FerryElement) more = fake_stanza ("<transport xmlns='%s' sid='bt8' block-size='2048'/>",
                                              FERRY_NS_JINGLE_IBB_0);

  begin (fixture, FERRY_NS_JINGLE_IBB_0, NULL, FALSE, TERMS);
  open (fixture);
  assert_open (fixture);
  g_assert_null (ferry_transport_receive_info (fixture->transport, more));
  say (fixture, OPEN ("bt8", 2048));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
  say (fixture, DATA ("bt8", 0));
  assert_answered (fixture, FERRY_CONDITION_ITEM_NOT_FOUND);
}

static void
assert_says_no_terms (const FerryElement *element)
{
  g_assert_true (ferry_element_is (element, "transport", FERRY_NS_JINGLE_IBB_0));
  g_assert_null (ferry_element_get_attribute (element, "sid"));
  g_assert_null (ferry_element_get_attribute (element, "block-size"));
}

/* JI0-1, JI0-2, C-8: an empty element, and then any <open/>. */
static void
test_empty_takes_the_only_open (Fixture       *fixture,
                                gconstpointer  data)
{
  begin (fixture, FERRY_NS_JINGLE_IBB_0, data, FALSE, EMPTY);
  assert_says_no_terms (fixture->own);
  say_from (fixture, "romeo@montague.lit/street", OPEN ("any", 4096));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
  say (fixture, OPEN ("any", 8192));
  assert_silent (fixture);
  open (fixture);
  assert_answered (fixture, FINE);
  assert_open (fixture);
  say (fixture, DATA ("any", 0));
  assert_answered (fixture, FINE);
}

/* JI0-2: of two that wait the one is meant whose session has that id; else none. */
static void
test_empty_guesses_nothing (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(FerryTransport) other = make (fixture, FERRY_NS_JINGLE_IBB_0, "s2", FALSE);
  g_autoptr(FerryElement) remote = ferry_element_parse (EMPTY, -1, NULL);
  g_autoptr(FerryElement) its = NULL;

  begin (fixture, FERRY_NS_JINGLE_IBB_0, "s1", FALSE, EMPTY);
  g_assert_true (ferry_transport_set_remote (other, remote, NULL));
  its = prepare (other);
  say (fixture, OPEN ("any", 4096));
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
  say (fixture, OPEN ("s2", 4096));
  assert_silent (fixture);
  g_clear_object (&other);
  assert_answered (fixture, FERRY_CONDITION_NOT_ACCEPTABLE);
  say (fixture, OPEN ("any", 4096)); /* now it is the only one */
  open (fixture);
  assert_answered (fixture, FINE);
}

/* JI0-2: we open with the id of the session. */
static void
test_empty_opens_with_the_session_id (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autoptr(FerryElement) close = NULL;

  begin (fixture, FERRY_NS_JINGLE_IBB_0, "a73", TRUE, NULL);
  assert_says_no_terms (fixture->own);
  open (fixture);
  assert_open_said (fixture, "a73", 4096, FINE);
  assert_open (fixture);
  assert_sends (fixture, "a73", 5000, 3070);
  close = take (fixture);
  assert_payload (close, "close", "a73");
}

/* Who has all may leave before it was read; who has not leaves an error behind it. */
static void
test_outlives_the_peer (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  GInputStream *in;
  char bytes[8];

  begin (fixture, FERRY_NS_IBB, "si1", FALSE, NULL);
  open (fixture);
  say (fixture, OPEN ("si1", 4096));
  assert_answered (fixture, FINE);
  assert_open (fixture);
  say (fixture, DATA ("si1", 0));
  assert_answered (fixture, FINE);
  if (data != NULL)
    {
      say (fixture, CLOSE ("si1"));
      assert_answered (fixture, FINE);
    }

  g_assert_cmpint (ferry_transport_peer_gone (fixture->transport), ==, data == NULL);
  in = g_io_stream_get_input_stream (fixture->stream);
  g_assert_cmpint (g_input_stream_read (in, bytes, sizeof bytes, NULL, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (in, bytes, sizeof bytes, NULL, &error), ==,
                   data != NULL ? 0 : -1);
}

#define ADD(path, data, func) \
  g_test_add ("/core/transport-ibb/" path, Fixture, data, fixture_set_up, func, fixture_tear_down)
#define YES GINT_TO_POINTER (TRUE)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("plain/opens-sends-closes", NULL, test_plain_opens_sends_closes);
  ADD ("plain/does-not-insist-on-the-close/silence", NULL, test_plain_does_not_insist_on_the_close);
  ADD ("plain/does-not-insist-on-the-close/error", YES, test_plain_does_not_insist_on_the_close);
  ADD ("plain/halves-the-block", NULL, test_plain_halves_the_block);
  ADD ("plain/halves-the-block/in-vain", YES, test_plain_halves_the_block);
  ADD ("plain/waits-for-its-open/held", NULL, test_plain_waits_for_its_open);
  ADD ("plain/waits-for-its-open", YES, test_plain_waits_for_its_open);
  ADD ("plain/holds-no-nonsense", NULL, test_plain_holds_no_nonsense);
  ADD ("plain/holds-no-nonsense/opening", YES, test_plain_holds_no_nonsense);
  ADD ("plain/knows-the-negotiation", NULL, test_plain_knows_the_negotiation);
  ADD ("plain/refuses-what-it-held", FERRY_NS_IBB, test_refuses_what_it_held);
  ADD ("plain/forgets-when-cancelled", NULL, test_forgets_when_cancelled);
  ADD ("plain/outlives-the-peer", YES, test_outlives_the_peer);
  ADD ("plain/outlives-the-peer/half", NULL, test_outlives_the_peer);
  ADD ("ibb-0/terms/take-data-at-once", NULL, test_terms_take_data_at_once);
  ADD ("ibb-0/terms/take-an-open-and-a-close", YES, test_terms_take_data_at_once);
  ADD ("ibb-0/terms/send-without-open-or-close", NULL, test_terms_send_without_open_or_close);
  ADD ("ibb-0/terms/refuse-further-streams", NULL, test_terms_refuse_further_streams);
  ADD ("ibb-0/empty/takes-the-only-open", NULL, test_empty_takes_the_only_open);
  ADD ("ibb-0/empty/takes-the-only-open/of-another-id", "a73", test_empty_takes_the_only_open);
  ADD ("ibb-0/empty/guesses-nothing", NULL, test_empty_guesses_nothing);
  ADD ("ibb-0/empty/refuses-what-it-held", FERRY_NS_JINGLE_IBB_0, test_refuses_what_it_held);
  ADD ("ibb-0/empty/opens-with-the-session-id", NULL, test_empty_opens_with_the_session_id);

  return g_test_run ();
}
