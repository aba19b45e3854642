/* SPDX-License-Identifier: GPL-3.0-or-later */

/* XTLS-20: TLS over an in-band bytestream. */

#include "config.h"

#include <string.h>

#include "net/ibb-stream.h"
#include "proto/iq.h"
#include "tls-pair.h"

#define BLOCK  4096         /* bytes */
#define MUCH   (512 * 1024) /* bytes */
#define RECORD 16384        /* bytes */

static const char *const jids[2] = { "romeo@montague.lit/orchard", "juliet@capulet.lit/balcony" };

typedef struct _Fixture Fixture;

typedef struct
{
  Fixture        *fixture;
  guint           index;
  FerryIbbStream *stream;
  GQueue          coming; /* FerryElement (owned) */
  guint           n_data; /* blocks it has sent */
} End;

/* Two in-band streams joined without a server, and TLS over them. */
struct _Fixture
{
  gboolean is_cut; /* nothing arrives any more */
  End     ends[2];
  TlsPair pair;
};

static gboolean
end_deliver_cb (gpointer user_data)
{
  End *end = user_data;
  g_autoptr(FerryElement) stanza = g_queue_pop_head (&end->coming);
  const char *id = ferry_element_get_attribute (stanza, "id");

  if (ferry_iq_is_request (stanza))
    ferry_ibb_stream_receive (end->stream, stanza);
  else
    ferry_ibb_stream_answer (end->stream, g_ascii_strtoull (id, NULL, 10), stanza);

  return G_SOURCE_REMOVE;
}

static void
pass_on (End          *from,
         FerryElement *stanza)
{
  End *to = &from->fixture->ends[1 - from->index];

  if (from->fixture->is_cut)
    {
      ferry_element_unref (stanza);
      return;
    }

  g_queue_push_tail (&to->coming, stanza);
  g_idle_add (end_deliver_cb, to);
}

static void
end_request (FerryIbbStream *stream,
             FerryElement   *payload,
             guint           tag,
             gpointer        user_data)
{
  End *end = user_data;
  g_autofree char *id = g_strdup_printf ("%u", tag);
  g_autoptr(FerryElement) iq = ferry_iq_new (FERRY_IQ_SET, jids[1 - end->index], id, payload);
  FerryElementBuilder *builder = ferry_element_builder_new_from (iq);

  end->n_data += ferry_element_is (payload, "data", FERRY_NS_IBB);
  ferry_element_builder_attribute (builder, "from", jids[end->index]);
  pass_on (end, ferry_element_builder_end (builder));
}

static void
end_reply (FerryIbbStream *stream,
           FerryElement   *stanza,
           gpointer        user_data)
{
  pass_on (user_data, ferry_element_ref (stanza));
}

static gsize
end_get_buffered (gpointer user_data)
{
  return 0;
}

static void
end_changed (FerryIbbStream *stream,
             gpointer        user_data)
{
}

static const FerryIbbStreamFuncs funcs = { end_request, end_reply, end_get_buffered, end_changed };

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  const FerryIbbConfig config = { "i781hf64", BLOCK, 8 };
  FerryTlsTerms client = tls_pair_terms (FALSE);
  FerryTlsTerms server = tls_pair_terms (TRUE);

  for (guint i = 0; i < 2; i++)
    {
      fixture->ends[i] = (End) { .fixture = fixture, .index = i };
      g_queue_init (&fixture->ends[i].coming);
      fixture->ends[i].stream = ferry_ibb_stream_new (&config, &funcs, &fixture->ends[i]);
    }

  ferry_ibb_stream_open (fixture->ends[0].stream);
  tls_pair_handshake (&fixture->pair, G_IO_STREAM (fixture->ends[0].stream), &client,
                      G_IO_STREAM (fixture->ends[1].stream), &server, 10);
  g_assert_no_error (fixture->pair.client_error);
  g_assert_no_error (fixture->pair.server_error);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  tls_pair_clear (&fixture->pair);
  for (guint i = 0; i < 2; i++)
    ferry_ibb_stream_abandon (fixture->ends[i].stream);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (guint i = 0; i < 2; i++)
    {
      g_queue_clear_full (&fixture->ends[i].coming, (GDestroyNotify) ferry_element_unref);
      g_assert_finalize_object (fixture->ends[i].stream);
    }
}

/* One thread's work; the main loop goes on meanwhile. */
typedef struct
{
  GIOStream *stream;
  gsize      n_bytes;
  GError    *error;
  int        is_done; /* atomic */
} Work;

static gpointer
write_thread (gpointer data)
{
  Work *work = data;
  GOutputStream *out = g_io_stream_get_output_stream (work->stream);
  g_autofree guint8 *bytes = g_malloc (work->n_bytes);

  for (gsize i = 0; i < work->n_bytes; i++)
    bytes[i] = (i * 2654435761u) >> 11;
  if (g_output_stream_write_all (out, bytes, work->n_bytes, NULL, NULL, &work->error))
    g_output_stream_close (out, NULL, &work->error);

  g_atomic_int_set (&work->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static gpointer
read_thread (gpointer data)
{
  Work *work = data;
  GInputStream *in = g_io_stream_get_input_stream (work->stream);
  guint8 bytes[5000];
  gssize n;

  while ((n = g_input_stream_read (in, bytes, sizeof bytes, NULL, &work->error)) > 0)
    {
      for (gssize i = 0; i < n; i++)
        g_assert_cmpint (bytes[i], ==, (guint8) (((work->n_bytes + i) * 2654435761u) >> 11));
      work->n_bytes += n;
    }

  g_atomic_int_set (&work->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
wait_for (Work *work)
{
  while (!g_atomic_int_get (&work->is_done))
    g_main_context_iteration (NULL, TRUE);
}

/* All blocks but the last ones are full: TLS takes no more of them than its bytes need. */
static void
test_fills_its_blocks (Fixture       *fixture,
                       gconstpointer  data)
{
  const guint before = fixture->ends[0].n_data;
  const gsize sent = MUCH + MUCH / RECORD * 22 + 24;
  Work writer = { .stream = G_IO_STREAM (fixture->pair.client), .n_bytes = MUCH };
  Work reader = { .stream = G_IO_STREAM (fixture->pair.server) };
  GThread *writing = g_thread_new ("write", write_thread, &writer);
  GThread *reading = g_thread_new ("read", read_thread, &reader);

  wait_for (&writer);
  wait_for (&reader);
  g_thread_join (writing);
  g_thread_join (reading);
  g_assert_no_error (writer.error);
  g_assert_no_error (reader.error);
  g_assert_cmpuint (reader.n_bytes, ==, MUCH);
  g_test_message ("%u blocks for %u bytes", fixture->ends[0].n_data - before, MUCH);
  /* The pump takes what there is; a writer's batch may end in the middle of a block. */
  g_assert_cmpuint (fixture->ends[0].n_data - before, <=,
                    sent / BLOCK + 1 + MUCH / (4 * RECORD) + 1);
}

/* The handshake has few and full ones too. */
static void
test_shakes_hands_in_few_blocks (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_assert_cmpuint (fixture->ends[0].n_data, <=, 2);
  g_assert_cmpuint (fixture->ends[1].n_data, <=, 2);
}

static void
test_is_broken_with_its_path (Fixture       *fixture,
                              gconstpointer  data)
{
  Work reader = { .stream = G_IO_STREAM (fixture->pair.server) };
  GThread *reading = g_thread_new ("read", read_thread, &reader);

  ferry_ibb_stream_abandon (fixture->ends[0].stream); /* <close/>, and no close_notify */
  wait_for (&reader);
  g_thread_join (reading);
  g_assert_error (reader.error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TRUNCATED);
  g_clear_error (&reader.error);
}

/* In the main loop, which everything else waits for. */
static void
test_closes_without_waiting (Fixture       *fixture,
                             gconstpointer  data)
{
  Work reader = { .stream = G_IO_STREAM (fixture->pair.client) };
  Work other = { .stream = G_IO_STREAM (fixture->pair.server) };
  GThread *reading = g_thread_new ("read", read_thread, &reader);
  GThread *listening = g_thread_new ("read", read_thread, &other);

  g_usleep (20 * 1000);
  g_assert_true (g_io_stream_close (G_IO_STREAM (fixture->pair.client), NULL, NULL));
  wait_for (&reader);
  wait_for (&other);
  g_thread_join (reading);
  g_thread_join (listening);
  g_assert_error (reader.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_error (other.error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_TRUNCATED);
  g_clear_error (&reader.error);
  g_clear_error (&other.error);
}

/* A thread that closes waits for the peer's word, which only the main loop brings. */
static void
test_breaks_off_a_close (Fixture       *fixture,
                         gconstpointer  data)
{
  Work writer = { .stream = G_IO_STREAM (fixture->pair.client), .n_bytes = 100 };
  GThread *writing;

  fixture->is_cut = TRUE;
  writing = g_thread_new ("write", write_thread, &writer);
  g_usleep (20 * 1000);
  g_assert_false (g_atomic_int_get (&writer.is_done));
  g_assert_true (g_io_stream_close (G_IO_STREAM (fixture->pair.client), NULL, NULL));
  g_thread_join (writing);
  g_assert_error (writer.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&writer.error);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/net/tls-in-band/fills-its-blocks", Fixture, NULL, fixture_set_up,
              test_fills_its_blocks, fixture_tear_down);
  g_test_add ("/net/tls-in-band/shakes-hands-in-few-blocks", Fixture, NULL, fixture_set_up,
              test_shakes_hands_in_few_blocks, fixture_tear_down);
  g_test_add ("/net/tls-in-band/is-broken-with-its-path", Fixture, NULL, fixture_set_up,
              test_is_broken_with_its_path, fixture_tear_down);
  g_test_add ("/net/tls-in-band/closes-without-waiting", Fixture, NULL, fixture_set_up,
              test_closes_without_waiting, fixture_tear_down);
  g_test_add ("/net/tls-in-band/breaks-off-a-close", Fixture, NULL, fixture_set_up,
              test_breaks_off_a_close, fixture_tear_down);

  return g_test_run ();
}
