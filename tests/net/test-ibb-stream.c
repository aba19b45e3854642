/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "net/ibb-stream.h"
#include "proto/iq.h"

#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define LOW_WATER (32 * 1024) /* of a link */

/* Two streams joined without a server: what one says is fed to the other from the
 * main loop. A worker thread reads or writes. */
typedef struct _Wire Wire;

typedef struct
{
  Wire           *wire;
  guint           index;
  FerryIbbStream *stream;
  GQueue          coming;   /* FerryElement (owned) */
  guint           n_changed;
} End;

struct _Wire
{
  End   ends[2];
  gsize buffered;           /* what the link says it owes */
  guint n_data;             /* blocks seen */
  guint cut_after;          /* blocks; then nothing arrives any more; 0: never */
  guint per_stanza;         /* bytes that each adds to @buffered; drain() takes them away */
};

static const char *const jids[2] = { ROMEO, JULIET };

static gboolean
end_deliver_cb (gpointer user_data)
{
  End *end = user_data;
  g_autoptr(FerryElement) stanza = g_queue_pop_head (&end->coming);

  if (stanza != NULL && ferry_iq_is_request (stanza))
    ferry_ibb_stream_receive (end->stream, stanza);
  else if (stanza != NULL)
    ferry_ibb_stream_answer (end->stream,
                             g_ascii_strtoull (ferry_element_get_attribute (stanza, "id"), NULL, 10),
                             stanza);

  return G_SOURCE_REMOVE;
}

static void
pass_on (End          *from,
         FerryElement *stanza)
{
  End *to = &from->wire->ends[1 - from->index];

  if (from->wire->cut_after != 0 && from->wire->n_data > from->wire->cut_after)
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

  end->wire->buffered += end->wire->per_stanza;
  end->wire->n_data += ferry_element_is (payload, "data", FERRY_NS_IBB);
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
  return ((End *) user_data)->wire->buffered;
}

static void
end_changed (FerryIbbStream *stream,
             gpointer        user_data)
{
  ((End *) user_data)->n_changed++;
}

static const FerryIbbStreamFuncs funcs = { end_request, end_reply, end_get_buffered, end_changed };

static void
wire_set_up (Wire          *wire,
             gconstpointer  data)
{
  const FerryIbbConfig config = { "i781hf64", 4096, 8 };

  for (guint i = 0; i < 2; i++)
    {
      wire->ends[i] = (End) { .wire = wire, .index = i };
      g_queue_init (&wire->ends[i].coming);
      wire->ends[i].stream = ferry_ibb_stream_new (&config, &funcs, &wire->ends[i]);
    }

  ferry_ibb_stream_open (wire->ends[0].stream);
  while (!ferry_ibb_stream_is_open (wire->ends[0].stream))
    g_main_context_iteration (NULL, TRUE);
}

static void
wire_tear_down (Wire          *wire,
                gconstpointer  data)
{
  for (guint i = 0; i < 2; i++)
    ferry_ibb_stream_abandon (wire->ends[i].stream);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (guint i = 0; i < 2; i++)
    {
      g_queue_clear_full (&wire->ends[i].coming, (GDestroyNotify) ferry_element_unref);
      g_assert_finalize_object (wire->ends[i].stream);
    }
}

typedef struct
{
  GIOStream    *stream;
  gsize         size;         /* to write; to read: as read */
  gsize         chunk;
  guint         pause;        /* µs before the first read */
  gboolean      naps;         /* now and then */
  GCancellable *cancellable;
  GError       *error;
  gboolean      is_wrong;     /* a byte was not what it should be */
  int           is_done;      /* atomic */
} Work;

static guint8
byte_at (gsize position)
{
  return (position * 7 + (position >> 12) * 13) & 0xff;
}

static void
take_a_nap (const Work *work,
            gsize       position)
{
  if (work->naps && position % 17 == 0)
    g_usleep (position % 7 * 1000);
}

static gpointer
write_thread (gpointer user_data)
{
  Work *work = user_data;
  GOutputStream *out = g_io_stream_get_output_stream (work->stream);
  g_autofree guint8 *buffer = g_malloc (work->chunk);

  for (gsize done = 0; done < work->size && work->error == NULL;)
    {
      gsize len = MIN (work->chunk, work->size - done);

      for (gsize i = 0; i < len; i++)
        buffer[i] = byte_at (done + i);
      g_output_stream_write_all (out, buffer, len, NULL, work->cancellable, &work->error);
      done += len;
      take_a_nap (work, done / work->chunk);
    }

  if (work->error == NULL)
    g_output_stream_close (out, work->cancellable, &work->error);
  g_atomic_int_set (&work->is_done, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static gpointer
read_thread (gpointer user_data)
{
  Work *work = user_data;
  GInputStream *in = g_io_stream_get_input_stream (work->stream);
  g_autofree guint8 *buffer = g_malloc (work->chunk);
  gssize n;

  if (work->pause > 0)
    g_usleep (work->pause);

  while ((n = g_input_stream_read (in, buffer, work->chunk, work->cancellable, &work->error)) > 0)
    {
      for (gssize i = 0; i < n; i++)
        work->is_wrong |= buffer[i] != byte_at (work->size++);
      take_a_nap (work, work->size / 4096);
    }

  g_atomic_int_set (&work->is_done, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static void
wait_for_work (Work *work)
{
  while (!g_atomic_int_get (&work->is_done))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_carries_a_file (Wire          *wire,
                     gconstpointer  data)
{
  Work out = { .stream = G_IO_STREAM (wire->ends[0].stream), .size = 3000001, .chunk = 262144 };
  Work in = { .stream = G_IO_STREAM (wire->ends[1].stream), .chunk = 10000 };
  GThread *threads[2] = {
    g_thread_new ("out", write_thread, &out),
    g_thread_new ("in", read_thread, &in),
  };

  wait_for_work (&out);
  wait_for_work (&in);
  g_thread_join (threads[0]);
  g_thread_join (threads[1]);

  g_assert_no_error (out.error);
  g_assert_no_error (in.error);
  g_assert_cmpuint (in.size, ==, out.size);
  g_assert_false (in.is_wrong);
}

/* SEC-29: the sender is slowed down, not cut off, and memory stays bounded. */
static void
test_waits_for_a_slow_reader (Wire          *wire,
                              gconstpointer  data)
{
  Work out = { .stream = G_IO_STREAM (wire->ends[0].stream), .size = 3000000, .chunk = 262144 };
  Work in = { .stream = G_IO_STREAM (wire->ends[1].stream), .chunk = 65536, .pause = 300000 };
  GThread *threads[2] = {
    g_thread_new ("out", write_thread, &out),
    g_thread_new ("in", read_thread, &in),
  };
  gint64 end = g_get_monotonic_time () + 200000;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (wire->n_data, <, (FERRY_IBB_QUEUE_LIMIT + 128 * 1024) / 4096);

  wait_for_work (&out);
  wait_for_work (&in);
  g_thread_join (threads[0]);
  g_thread_join (threads[1]);
  g_assert_no_error (out.error);
  g_assert_no_error (in.error);
  g_assert_cmpuint (in.size, ==, out.size);
  g_assert_false (in.is_wrong);
}

static void
test_waits_for_the_link (Wire          *wire,
                         gconstpointer  data)
{
  Work out = { .stream = G_IO_STREAM (wire->ends[0].stream), .size = 100000, .chunk = 100000 };
  gint64 end = g_get_monotonic_time () + 50000;
  GThread *thread;

  wire->buffered = 1024 * 1024;
  thread = g_thread_new ("out", write_thread, &out);
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (wire->n_data, ==, 0);

  wire->buffered = 0;
  ferry_ibb_stream_resume (wire->ends[0].stream);
  wait_for_work (&out);
  g_thread_join (thread);
  g_assert_no_error (out.error);
}

/* A slow network: told is only what a link tells. */
static gboolean
wire_drain_cb (gpointer user_data)
{
  Wire *wire = user_data;
  gsize before = wire->buffered;
  gsize sent = g_test_rand_int_range (1, 300000);

  wire->buffered -= MIN (before, sent);
  if ((before >= LOW_WATER && wire->buffered < LOW_WATER) || (before > 0 && wire->buffered == 0))
    for (guint i = 0; i < 2; i++)
      ferry_ibb_stream_resume (wire->ends[i].stream);

  return G_SOURCE_CONTINUE;
}

/* Every side waits for every other now and then: the writer for the window and for the
 * link, the link for the network, the peer's acks for the reader. Nobody may oversleep. */
static void
test_wakes_whoever_waits (Wire          *wire,
                          gconstpointer  data)
{
  for (guint round = 0; round < 2; round++)
    {
      Work out = { .stream = G_IO_STREAM (wire->ends[0].stream), .size = 6000001, .naps = TRUE };
      Work in = { .stream = G_IO_STREAM (wire->ends[1].stream), .chunk = 262145, .naps = TRUE };
      guint drain = g_timeout_add (1, wire_drain_cb, wire);
      GThread *threads[2];

      out.chunk = round == 0 ? 262144 : 777;
      wire->per_stanza = round == 0 ? 60000 : 5600;
      threads[0] = g_thread_new ("out", write_thread, &out);
      threads[1] = g_thread_new ("in", read_thread, &in);
      wait_for_work (&out);
      wait_for_work (&in);
      g_thread_join (threads[0]);
      g_thread_join (threads[1]);
      g_source_remove (drain);

      g_assert_no_error (out.error);
      g_assert_no_error (in.error);
      g_assert_cmpuint (in.size, ==, out.size);
      g_assert_false (in.is_wrong);

      if (round == 0)
        {
          wire_tear_down (wire, NULL);
          *wire = (Wire) { 0 };
          wire_set_up (wire, NULL);
        }
    }
}

/* In whatever it waits: a read, a write, or the close. */
static void
test_stops_when_cancelled (Wire          *wire,
                           gconstpointer  data)
{
  GThreadFunc func = GPOINTER_TO_UINT (data) == 0 ? read_thread : write_thread;
  gsize size = GPOINTER_TO_UINT (data) == 1 ? 3000000 : 10000;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Work work = {
    .stream = G_IO_STREAM (wire->ends[0].stream),
    .size = func == read_thread ? 0 : size,
    .chunk = 65536,
    .cancellable = cancellable,
  };
  gint64 end = g_get_monotonic_time () + 30000;
  GThread *thread;

  wire->cut_after = 1;
  thread = g_thread_new ("worker", func, &work);
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (g_atomic_int_get (&work.is_done));

  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_error (work.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&work.error);
}

static void
test_ends_when_abandoned (Wire          *wire,
                          gconstpointer  data)
{
  Work out = { .stream = G_IO_STREAM (wire->ends[0].stream), .size = 3000000, .chunk = 65536 };
  Work in = { .stream = G_IO_STREAM (wire->ends[1].stream), .chunk = 4096 };
  GThread *threads[2] = {
    g_thread_new ("out", write_thread, &out),
    g_thread_new ("in", read_thread, &in),
  };

  while (wire->n_data < 50)
    g_main_context_iteration (NULL, TRUE);
  ferry_ibb_stream_abandon (wire->ends[1].stream);

  wait_for_work (&out);
  wait_for_work (&in);
  g_thread_join (threads[0]);
  g_thread_join (threads[1]);
  g_assert_nonnull (out.error); /* the peer closed before it had everything */
  g_assert_error (in.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&out.error);
  g_clear_error (&in.error);
}

/* A main loop that closes must go on running. */
static void
test_never_blocks_the_main_loop (Wire          *wire,
                                 gconstpointer  data)
{
  GIOStream *stream = G_IO_STREAM (wire->ends[0].stream);
  guint8 byte;

  g_assert_true (g_io_stream_close (stream, NULL, NULL));
  while (wire->ends[1].n_changed < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (wire->ends[1].stream)),
                                        &byte, 1, NULL, NULL), ==, 0);
}

#define ADD(path, data, func) \
  g_test_add ("/net/ibb-stream/" path, Wire, data, wire_set_up, func, wire_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("carries-a-file", NULL, test_carries_a_file);
  ADD ("waits-for-a-slow-reader", NULL, test_waits_for_a_slow_reader);
  ADD ("waits-for-the-link", NULL, test_waits_for_the_link);
  ADD ("wakes-whoever-waits", NULL, test_wakes_whoever_waits);
  ADD ("stops-when-cancelled/reading", GUINT_TO_POINTER (0), test_stops_when_cancelled);
  ADD ("stops-when-cancelled/writing", GUINT_TO_POINTER (1), test_stops_when_cancelled);
  ADD ("stops-when-cancelled/closing", GUINT_TO_POINTER (2), test_stops_when_cancelled);
  ADD ("ends-when-abandoned", NULL, test_ends_when_abandoned);
  ADD ("never-blocks-the-main-loop", NULL, test_never_blocks_the_main_loop);

  return g_test_run ();
}
