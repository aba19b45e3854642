/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a stream does once there is one. */

#include "config.h"

#include <string.h>

#include "hostile-stream.h"
#include "tls-pair.h"
#include "tls-wire.h"

#define MUCH (8 * 1024 * 1024 + 13) /* bytes */

static void
connect_over (TlsPair   *pair,
              GIOStream *client,
              GIOStream *server)
{
  FerryTlsTerms client_terms = tls_pair_terms (FALSE);
  FerryTlsTerms server_terms = tls_pair_terms (TRUE);

  tls_pair_handshake (pair, client, &client_terms, server, &server_terms, 10);
  g_assert_no_error (pair->client_error);
  g_assert_no_error (pair->server_error);
}

static void
connect_phrases (TlsPair   *pair,
                 GIOStream *client,
                 GIOStream *server)
{
  FerryTlsTerms client_terms = tls_pair_srp_terms (FALSE, "correct horse battery");
  FerryTlsTerms server_terms = tls_pair_srp_terms (TRUE, "correct horse battery");

  tls_pair_handshake (pair, client, &client_terms, server, &server_terms, 10);
  g_assert_no_error (pair->client_error);
  g_assert_no_error (pair->server_error);
}

static GInputStream *
input_of (FerryTlsStream *stream)
{
  return g_io_stream_get_input_stream (G_IO_STREAM (stream));
}

static GOutputStream *
output_of (FerryTlsStream *stream)
{
  return g_io_stream_get_output_stream (G_IO_STREAM (stream));
}

static void
assert_passes (FerryTlsStream *from,
               FerryTlsStream *to)
{
  g_autoptr(GError) error = NULL;
  char buffer[5] = "";
  gsize n = 0;

  g_output_stream_write_all (output_of (from), "hello", 5, NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read_all (input_of (to), buffer, 5, &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, n, "hello", 5);
}

/* One thread's work: bytes that follow from their place. */
typedef struct
{
  FerryTlsStream *stream;
  gsize           chunk;
  gsize           n_bytes;
  guint           seed;
} Work;

static guint8
byte_at (const Work *work,
         gsize       i)
{
  return (i * 2654435761u + work->seed) >> 13;
}

static gpointer
write_thread (gpointer data)
{
  Work *work = data;
  g_autofree guint8 *buffer = g_malloc (work->chunk);
  g_autoptr(GError) error = NULL;

  for (gsize at = 0; at < work->n_bytes;)
    {
      gsize size = MIN (work->chunk, work->n_bytes - at);

      for (gsize i = 0; i < size; i++)
        buffer[i] = byte_at (work, at + i);
      g_output_stream_write_all (output_of (work->stream), buffer, size, NULL, NULL, &error);
      g_assert_no_error (error);
      at += size;
    }

  g_output_stream_close (output_of (work->stream), NULL, &error);
  g_assert_no_error (error);
  return NULL;
}

static gpointer
read_thread (gpointer data)
{
  Work *work = data;
  g_autofree guint8 *buffer = g_malloc (work->chunk);
  g_autoptr(GError) error = NULL;
  gsize at = 0;
  gssize n;

  while ((n = g_input_stream_read (input_of (work->stream), buffer, work->chunk, NULL, &error)) > 0)
    {
      for (gssize i = 0; i < n; i++)
        g_assert_cmpint (buffer[i], ==, byte_at (work, at + i));
      at += n;
    }

  g_assert_no_error (error);
  g_assert_cmpuint (at, ==, work->n_bytes);
  return NULL;
}

static void
exchange (TlsPair *pair,
          gsize    n_bytes,
          gsize    write_chunk,
          gsize    read_chunk)
{
  Work work[4] = {
    { pair->client, write_chunk, n_bytes, 1 },
    { pair->server, read_chunk, n_bytes, 1 },
    { pair->server, write_chunk, n_bytes, 2 },
    { pair->client, read_chunk, n_bytes, 2 },
  };
  GThread *threads[4];

  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("work", i % 2 == 0 ? write_thread : read_thread, &work[i]);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
}

static void
test_carries_much_both_ways (void)
{
  static const gsize chunks[][2] = { { 256 * 1024, 256 * 1024 }, { 65537, 5001 }, { 100, 16384 } };
  const HostileManners narrow = { .slice = 1021, .capacity = 5000 };

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      g_autoptr(GIOStream) a = NULL, b = NULL, c = NULL, d = NULL;
      g_auto(TlsPair) sockets = { NULL };
      g_auto(TlsPair) memory = { NULL };

      tls_pair_sockets (&a, &b);
      connect_over (&sockets, a, b);
      exchange (&sockets, MUCH, chunks[i][0], chunks[i][1]);

      hostile_stream_pair (&narrow, &narrow, &c, &d);
      connect_over (&memory, c, d);
      exchange (&memory, MUCH / 16, chunks[i][0], chunks[i][1]);
    }
}

static void
test_carries_much_with_a_phrase (void)
{
  g_autoptr(GIOStream) a = NULL, b = NULL;
  g_auto(TlsPair) pair = { NULL };

  tls_pair_sockets (&a, &b);
  connect_phrases (&pair, a, b);
  exchange (&pair, MUCH, 65536, 65536);
}

static void
test_half_closes (void)
{
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, NULL);
  g_auto(TlsPair) pair = { NULL };
  g_autoptr(GError) error = NULL;
  char byte;

  connect_over (&pair, tls_wire_get_client (wire), tls_wire_get_server (wire));
  g_assert_true (g_output_stream_close (output_of (pair.client), NULL, &error));
  g_assert_no_error (error);

  /* Once and for all, … */
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (g_input_stream_read (input_of (pair.server), &byte, 1, NULL, &error), ==, 0);
  g_assert_no_error (error);
  /* … and the other way goes on. */
  assert_passes (pair.server, pair.client);
  g_assert_true (g_io_stream_close (G_IO_STREAM (pair.server), NULL, &error));
}

static void
assert_read_fails (FerryTlsStream *stream,
                   int             code)
{
  char byte;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (g_input_stream_read (input_of (stream), &byte, 1, NULL, &error), ==, -1);
      g_assert_error (error, FERRY_TLS_ERROR, code);
    }
}

static void
test_tells_a_cut_from_an_end (void)
{
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, NULL);
  g_auto(TlsPair) pair = { NULL };

  connect_over (&pair, tls_wire_get_client (wire), tls_wire_get_server (wire));
  assert_passes (pair.client, pair.server);
  g_output_stream_close (g_io_stream_get_output_stream (tls_wire_get_client (wire)), NULL, NULL);
  assert_read_fails (pair.server, FERRY_TLS_ERROR_TRUNCATED);
}

/* A stream that is let go of was not closed in good order. */
static void
test_breaks_when_dropped (void)
{
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, NULL);
  g_auto(TlsPair) pair = { NULL };

  connect_over (&pair, tls_wire_get_client (wire), tls_wire_get_server (wire));
  g_clear_object (&pair.client);
  assert_read_fails (pair.server, FERRY_TLS_ERROR_TRUNCATED);
}

/* Returns: the error of reading all of two records, the first bytes of which arrived */
static void
read_spoilt (const TlsWireManners *manners,
             guint64              *n_before,
             int                   code)
{
  g_autoptr(TlsWire) wire = tls_wire_new (manners, NULL);
  g_auto(TlsPair) pair = { NULL };
  g_autofree char *buffer = g_malloc0 (20000);
  g_autoptr(GError) error = NULL;
  gsize n = 0;

  connect_over (&pair, tls_wire_get_client (wire), tls_wire_get_server (wire));
  *n_before = tls_wire_get_bytes (wire, TRUE);
  g_output_stream_write_all (output_of (pair.client), buffer, 20000, NULL, NULL, &error);
  g_assert_no_error (error);
  if (code < 0)
    return;

  g_assert_false (g_input_stream_read_all (input_of (pair.server), buffer, 20000, &n, NULL,
                                           &error));
  g_assert_error (error, FERRY_TLS_ERROR, code);
  g_assert_true (n == 0 || n == 16384);

  /* Who has sent it is told, if there is a way to tell. */
  if (code == FERRY_TLS_ERROR_RECORD)
    assert_read_fails (pair.client, FERRY_TLS_ERROR_RECORD);
}

static void
test_gives_whole_records_only (void)
{
  guint64 n_before, ignored;

  read_spoilt (NULL, &n_before, -1);

  for (guint64 i = 1; i < 20000; i += 1499)
    {
      const TlsWireManners cut = { .cut_at = n_before + i };
      const TlsWireManners flip = { .flip_at = n_before + i };

      read_spoilt (&cut, &ignored, FERRY_TLS_ERROR_TRUNCATED);
      read_spoilt (&flip, &ignored, FERRY_TLS_ERROR_RECORD);
    }
}

typedef struct
{
  FerryTlsStream *stream;
  GCancellable   *cancellable;
  GError         *error;
} Blocked;

static gpointer
blocked_read_thread (gpointer data)
{
  Blocked *blocked = data;
  char byte;

  g_assert_cmpint (g_input_stream_read (input_of (blocked->stream), &byte, 1, blocked->cancellable,
                                        &blocked->error), ==, -1);
  return NULL;
}

static gpointer
blocked_write_thread (gpointer data)
{
  Blocked *blocked = data;
  g_autofree char *zeros = g_malloc0 (64 * 1024);

  while (g_output_stream_write_all (output_of (blocked->stream), zeros, 64 * 1024, NULL,
                                    blocked->cancellable, &blocked->error))
    ;
  return NULL;
}

static void
connect_either (TlsPair  *pair,
                gboolean  is_memory)
{
  const HostileManners narrow = { .capacity = 5000 };
  g_autoptr(GIOStream) a = NULL, b = NULL;

  if (is_memory)
    hostile_stream_pair (&narrow, &narrow, &a, &b);
  else
    tls_pair_sockets (&a, &b);
  connect_over (pair, a, b);
}

static void
test_can_be_cancelled (gconstpointer is_memory)
{
  g_auto(TlsPair) pair = { NULL };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Blocked reader, writer;
  GThread *reading, *writing;

  connect_either (&pair, GPOINTER_TO_INT (is_memory));
  reader = (Blocked) { pair.client, cancellable, NULL };
  writer = (Blocked) { pair.client, cancellable, NULL };
  reading = g_thread_new ("read", blocked_read_thread, &reader);
  writing = g_thread_new ("write", blocked_write_thread, &writer);
  g_usleep (50 * 1000);
  g_cancellable_cancel (cancellable);
  g_thread_join (reading);
  g_thread_join (writing);
  g_assert_error (reader.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (writer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&reader.error);
  g_clear_error (&writer.error);

  /* Reading has lost nothing by it; what was being written may be half gone. */
  assert_passes (pair.server, pair.client);
  g_assert_cmpint (g_output_stream_write (output_of (pair.client), "x", 1, NULL, &writer.error), ==,
                   -1);
  g_assert_error (writer.error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  g_clear_error (&writer.error);
}

static void
test_breaks_at_once (gconstpointer is_memory)
{
  g_auto(TlsPair) pair = { NULL };
  g_autoptr(GError) error = NULL;
  Blocked reader, writer;
  GThread *reading, *writing;
  char byte;

  connect_either (&pair, GPOINTER_TO_INT (is_memory));
  reader = (Blocked) { pair.client, NULL, NULL };
  writer = (Blocked) { pair.client, NULL, NULL };
  reading = g_thread_new ("read", blocked_read_thread, &reader);
  writing = g_thread_new ("write", blocked_write_thread, &writer);
  g_usleep (50 * 1000);
  g_assert_true (g_io_stream_close (G_IO_STREAM (pair.client), NULL, &error));
  g_assert_no_error (error);
  g_thread_join (reading);
  g_thread_join (writing);
  g_assert_error (reader.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_error (writer.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&reader.error);
  g_clear_error (&writer.error);

  g_assert_cmpint (g_input_stream_read (input_of (pair.client), &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
export_from (FerryTlsStream *stream,
             const char     *label,
             guint8         *key)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (ferry_tls_stream_export (stream, label, key, 32, &error));
  g_assert_no_error (error);
}

static void
assert_exports_the_same (TlsPair *pair,
                         guint8  *key)
{
  guint8 other[32];

  export_from (pair->client, "EXPERIMENTAL-ferry-test", key);
  export_from (pair->server, "EXPERIMENTAL-ferry-test", other);
  g_assert_cmpmem (key, 32, other, 32);
  export_from (pair->client, "EXPERIMENTAL-ferry-other", other);
  g_assert_cmpint (memcmp (key, other, 32), !=, 0);
}

static void
test_exports_what_both_know (void)
{
  guint8 keys[4][32];

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(TlsWire) wire = tls_wire_new (NULL, NULL);
      g_auto(TlsPair) pair = { NULL };

      (i < 2 ? connect_over : connect_phrases) (&pair, tls_wire_get_client (wire),
                                                tls_wire_get_server (wire));
      assert_exports_the_same (&pair, keys[i]);
      for (guint j = 0; j < i; j++)
        g_assert_cmpint (memcmp (keys[i], keys[j], 32), !=, 0);
    }
}

/* XTLS-20: what is written at once is one record, and goes at once. */
static void
test_adds_little (void)
{
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, NULL);
  g_auto(TlsPair) pair = { NULL };
  guint64 before;

  connect_over (&pair, tls_wire_get_client (wire), tls_wire_get_server (wire));
  before = tls_wire_get_bytes (wire, TRUE);
  assert_passes (pair.client, pair.server);
  tls_wire_await (wire, TRUE, before + 1);
  g_assert_cmpuint (tls_wire_get_bytes (wire, TRUE), ==, before + 5 + 22);
}

static void
test_knows_what_it_goes_over (void)
{
  g_autoptr(TlsWire) wire = tls_wire_new (NULL, NULL);
  g_auto(TlsPair) pair = { NULL };

  connect_over (&pair, tls_wire_get_client (wire), tls_wire_get_server (wire));
  g_assert_true (ferry_tls_stream_unwrap (G_IO_STREAM (pair.client)) == tls_wire_get_client (wire));
  g_assert_true (ferry_tls_stream_unwrap (tls_wire_get_client (wire)) ==
                 tls_wire_get_client (wire));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/tls-stream/carries-much-both-ways", test_carries_much_both_ways);
  g_test_add_func ("/net/tls-stream/carries-much-with-a-phrase", test_carries_much_with_a_phrase);
  g_test_add_func ("/net/tls-stream/half-closes", test_half_closes);
  g_test_add_func ("/net/tls-stream/tells-a-cut-from-an-end", test_tells_a_cut_from_an_end);
  g_test_add_func ("/net/tls-stream/breaks-when-dropped", test_breaks_when_dropped);
  g_test_add_func ("/net/tls-stream/gives-whole-records-only", test_gives_whole_records_only);
  g_test_add_data_func ("/net/tls-stream/can-be-cancelled/socket", GINT_TO_POINTER (FALSE),
                        test_can_be_cancelled);
  g_test_add_data_func ("/net/tls-stream/can-be-cancelled/memory", GINT_TO_POINTER (TRUE),
                        test_can_be_cancelled);
  g_test_add_data_func ("/net/tls-stream/breaks-at-once/socket", GINT_TO_POINTER (FALSE),
                        test_breaks_at_once);
  g_test_add_data_func ("/net/tls-stream/breaks-at-once/memory", GINT_TO_POINTER (TRUE),
                        test_breaks_at_once);
  g_test_add_func ("/net/tls-stream/exports-what-both-know", test_exports_what_both_know);
  g_test_add_func ("/net/tls-stream/adds-little", test_adds_little);
  g_test_add_func ("/net/tls-stream/knows-what-it-goes-over", test_knows_what_it_goes_over);

  return g_test_run ();
}
