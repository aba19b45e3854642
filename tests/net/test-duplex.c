/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "hostile-stream.h"
#include "net/duplex.h"

#define PATIENCE (10 * G_USEC_PER_SEC)
#define MANY     (3 * 1024 * 1024 + 7) /* bytes */

/* A duplex at one end; the test, or a thread of its own, at the other. */
typedef struct
{
  GIOStream   *near;
  GIOStream   *far;
  FerryDuplex *duplex;
  GByteArray  *received;
  gboolean     has_ended;   /* the other side has closed */
  guint        n_closed;
  guint        n_failed;
  GError      *error;
  gboolean     breaks;      /* in the first callback of all */
  guint        n_calls;
} Fixture;

static void
note_call (Fixture *fixture)
{
  fixture->n_calls++;
  if (fixture->breaks)
    g_clear_pointer (&fixture->duplex, ferry_duplex_break);
}

static void
received_cb (FerryDuplex *duplex,
             GBytes      *bytes,
             gpointer     user_data)
{
  Fixture *fixture = user_data;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_false (fixture->has_ended);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
  if (size > 0)
    g_byte_array_append (fixture->received, data, size);
  fixture->has_ended = size == 0;
  note_call (fixture);
}

static void
closed_cb (FerryDuplex *duplex,
           gpointer     user_data)
{
  Fixture *fixture = user_data;

  fixture->n_closed++;
  note_call (fixture);
}

static void
failed_cb (FerryDuplex  *duplex,
           const GError *error,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->n_failed++;
  g_clear_error (&fixture->error);
  fixture->error = g_error_copy (error);
  note_call (fixture);
}

static const FerryDuplexFuncs funcs = { received_cb, closed_cb, failed_cb };

static void
set_up_with (Fixture             *fixture,
             const HostileManners *out,
             const HostileManners *in)
{
  hostile_stream_pair (out, in, &fixture->near, &fixture->far);
  fixture->received = g_byte_array_new ();
  fixture->duplex = ferry_duplex_new (fixture->near, &funcs, fixture);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  const HostileManners small = { .capacity = 8192, .slice = 1000 };

  set_up_with (fixture, &small, &small);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_pointer (&fixture->duplex, ferry_duplex_break);
  g_clear_pointer (&fixture->received, g_byte_array_unref);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->near);
  g_clear_object (&fixture->far);
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @number is not 0. */
static void
wait_for (const guint *number)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (5, wake_cb, NULL);

  while (*number == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }

  g_source_remove (wake);
}

static void
spin (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static GBytes *
make_bytes (gsize size)
{
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = (i * 2654435761u) >> 13;

  return g_bytes_new_take (data, size);
}

/* The other end: writes all, closes, then reads to the end. */
typedef struct
{
  GIOStream  *stream;
  GBytes     *to_write; /* (nullable) */
  GByteArray *read;
  gint        n_written; /* atomic: bytes */
} Far;

static gpointer
far_write_thread (gpointer data)
{
  Far *far = data;
  GOutputStream *output = g_io_stream_get_output_stream (far->stream);
  gsize size;
  const char *bytes = g_bytes_get_data (far->to_write, &size);

  for (gsize at = 0; at < size;)
    {
      gssize n = g_output_stream_write (output, bytes + at, MIN (size - at, 4096), NULL, NULL);

      g_assert_cmpint (n, >, 0);
      at += n;
      g_atomic_int_set (&far->n_written, (int) at);
    }

  g_output_stream_close (output, NULL, NULL);
  return NULL;
}

static gpointer
far_read_thread (gpointer data)
{
  Far *far = data;
  GInputStream *input = g_io_stream_get_input_stream (far->stream);
  guint8 buffer[5000];
  gssize n;

  while ((n = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_byte_array_append (far->read, buffer, n);

  g_assert_cmpint (n, ==, 0);
  return NULL;
}

static void
assert_same (GByteArray *array,
             GBytes     *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpmem (array->data, array->len, data, size);
}

/* Both at once, in pieces of all sizes, and closing flushes. */
static void
test_both_ways (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_bytes (MANY);
  g_autoptr(GByteArray) read = g_byte_array_new ();
  Far far = { .stream = fixture->far, .to_write = bytes, .read = read };
  GThread *writer = g_thread_new ("far-write", far_write_thread, &far);
  GThread *reader = g_thread_new ("far-read", far_read_thread, &far);
  guint has_ended;

  for (gsize at = 0, n = 1; at < MANY; at += n, n = n * 3 % 70001 + 1)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (bytes, at, MIN (n, MANY - at));

      g_assert_true (ferry_duplex_write (fixture->duplex, part));
    }

  ferry_duplex_close (fixture->duplex);
  ferry_duplex_write (fixture->duplex, bytes);
  wait_for (&fixture->n_closed);
  has_ended = fixture->has_ended;
  while (!has_ended)
    {
      g_main_context_iteration (NULL, TRUE);
      has_ended = fixture->has_ended;
    }

  g_thread_join (writer);
  g_thread_join (reader);
  assert_same (fixture->received, bytes);
  assert_same (read, bytes);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

/* The main loop does not turn: what is read is bounded, and nothing of it is lost. */
static void
test_waits_for_the_main_loop (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_bytes (MANY);
  Far far = { .stream = fixture->far, .to_write = bytes };
  GThread *writer = g_thread_new ("far-write", far_write_thread, &far);

  g_usleep (200 * 1000);
  g_assert_cmpint (g_atomic_int_get (&far.n_written), >=, 128 * 1024);
  g_assert_cmpint (g_atomic_int_get (&far.n_written), <=, 512 * 1024);

  while (!fixture->has_ended)
    g_main_context_iteration (NULL, TRUE);

  g_thread_join (writer);
  assert_same (fixture->received, bytes);
}

/* Nor does what it said before it failed overtake anything. */
static void
test_pauses (Fixture       *fixture,
             gconstpointer  data)
{
  const HostileManners fails = { .fail_at = 50000 };
  const HostileManners none = { 0 };
  g_autoptr(GBytes) bytes = make_bytes (60000);

  set_up_with (fixture, &none, &fails);
  ferry_duplex_set_paused (fixture->duplex, TRUE);
  g_output_stream_write_all (g_io_stream_get_output_stream (fixture->far),
                             g_bytes_get_data (bytes, NULL), 60000, NULL, NULL, NULL);
  spin (30);
  g_assert_cmpuint (fixture->n_calls, ==, 0);
  ferry_duplex_set_paused (fixture->duplex, FALSE);
  wait_for (&fixture->n_failed);
  g_assert_cmpuint (fixture->received->len, ==, 50000);
}

/* The other side reads nothing: writing never waits, and has a limit. */
static void
test_limits_what_waits (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_bytes (100 * 1024);
  gint64 started = g_get_monotonic_time ();
  gsize n = 0;

  while (n < 2 * FERRY_DUPLEX_MAX_UNSENT && ferry_duplex_write (fixture->duplex, bytes))
    n += g_bytes_get_size (bytes);

  g_assert_cmpuint (n, >, FERRY_DUPLEX_MAX_UNSENT / 2);
  g_assert_cmpuint (n, <, 2 * FERRY_DUPLEX_MAX_UNSENT);
  g_assert_cmpint (g_get_monotonic_time () - started, <, G_USEC_PER_SEC);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

/* What came before the failure comes first. */
static void
test_tells_a_failure_once (Fixture       *fixture,
                           gconstpointer  data)
{
  const HostileManners fails = { .fail_at = 50000, .slice = 700 };
  const HostileManners none = { 0 };
  g_autoptr(GBytes) bytes = make_bytes (60000);
  g_autoptr(GBytes) came = g_bytes_new_from_bytes (bytes, 0, 50000);

  set_up_with (fixture, &none, &fails);
  g_output_stream_write_all (g_io_stream_get_output_stream (fixture->far),
                             g_bytes_get_data (bytes, NULL), 60000, NULL, NULL, NULL);
  wait_for (&fixture->n_failed);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  assert_same (fixture->received, came);

  g_assert_true (ferry_duplex_write (fixture->duplex, bytes));
  ferry_duplex_close (fixture->duplex);
  spin (30);
  g_assert_cmpuint (fixture->n_failed, ==, 1);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
}

/* With bytes on their way in both directions. */
static void
test_breaks_without_a_word (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_bytes (100 * 1024);

  g_output_stream_write_all (g_io_stream_get_output_stream (fixture->far),
                             g_bytes_get_data (bytes, NULL), 5000, NULL, NULL, NULL);
  g_assert_true (ferry_duplex_write (fixture->duplex, bytes));
  g_usleep (20 * 1000);
  g_clear_pointer (&fixture->duplex, ferry_duplex_break);
  spin (30);
  g_assert_cmpuint (fixture->n_calls, ==, 0);

  /* Both threads have let go of the stream, and it is closed. */
  while (!g_io_stream_is_closed (fixture->near))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_breaks_in_a_callback (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GBytes) bytes = make_bytes (5000);

  fixture->breaks = TRUE;
  g_output_stream_write_all (g_io_stream_get_output_stream (fixture->far),
                             g_bytes_get_data (bytes, NULL), 5000, NULL, NULL, NULL);
  wait_for (&fixture->n_calls);
  spin (30);
  g_assert_cmpuint (fixture->n_calls, ==, 1);
}

static void
no_set_up (Fixture       *fixture,
           gconstpointer  data)
{
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, set_up, test) g_test_add (path, Fixture, NULL, set_up, test, fixture_tear_down)
  ADD ("/net/duplex/both-ways", fixture_set_up, test_both_ways);
  ADD ("/net/duplex/waits-for-the-main-loop", fixture_set_up, test_waits_for_the_main_loop);
  ADD ("/net/duplex/pauses", no_set_up, test_pauses);
  ADD ("/net/duplex/limits-what-waits", fixture_set_up, test_limits_what_waits);
  ADD ("/net/duplex/tells-a-failure-once", no_set_up, test_tells_a_failure_once);
  ADD ("/net/duplex/breaks-without-a-word", fixture_set_up, test_breaks_without_a_word);
  ADD ("/net/duplex/breaks-in-a-callback", fixture_set_up, test_breaks_in_a_callback);

  return g_test_run ();
}
