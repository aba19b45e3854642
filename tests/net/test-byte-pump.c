/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hostile-stream.h"
#include "net/byte-pump.h"

#define BLOCK (256 * 1024)
#define SHA256 (1u << FERRY_HASH_SHA256)

typedef struct
{
  gboolean done;
  gboolean ok;
  GError  *error;
} Outcome;

static void
pumped_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->ok = ferry_byte_pump_run_finish (FERRY_BYTE_PUMP (source), result, &outcome->error);
  outcome->done = TRUE;
}

static gboolean
timeout_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, timeout_cb, &over);

  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for (Outcome *outcome)
{
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static int
open_temporary (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "ferry-pump-XXXXXX", NULL);
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);

  return fd;
}

static int
open_with_bytes (gsize size)
{
  g_autofree guint8 *bytes = g_malloc (size + 1);
  int fd = open_temporary ();

  for (gsize i = 0; i < size; i++)
    bytes[i] = i * 31 + i / 251;

  g_assert_cmpint (pwrite (fd, bytes, size, 0), ==, size);
  return fd;
}

static guint8 *
read_back (int   fd,
           gsize offset,
           gsize size)
{
  guint8 *bytes = g_malloc (size + 1);

  g_assert_cmpint (pread (fd, bytes, size + 1, offset), ==, size);
  return bytes;
}

static void
socket_pair (GSocketConnection **a,
             GSocketConnection **b)
{
  GSocketConnection **ends[2] = { a, b };
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));

  for (int i = 0; i < 2; i++)
    {
      g_autoptr(GSocket) socket = g_socket_new_from_fd (fds[i], NULL);

      *ends[i] = g_socket_connection_factory_create_connection (socket);
    }
}

/* Copies @size bytes of a file into another over @manners and compares everything. */
static void
check_copy (gsize                 size,
            gint64                offset,
            gboolean              says_length,
            const HostileManners *manners)
{
  gint64 length = says_length ? (gint64) (size - offset) : -1;
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(FerryBytePump) sender = NULL;
  g_autoptr(FerryBytePump) receiver = NULL;
  g_autofree guint8 *before = NULL;
  g_autofree guint8 *after = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *sent = NULL;
  g_autofree char *received = NULL;
  FerryHashes hashes = { 0 };
  Outcome outcomes[2] = { 0 };
  int from = open_with_bytes (size);
  int to = open_temporary ();

  hostile_stream_pair (manners, NULL, &a, &b);
  sender = ferry_byte_pump_new (a, from, FERRY_PUMP_TO_STREAM, SHA256 | (1u << FERRY_HASH_SHA1));
  receiver = ferry_byte_pump_new (b, to, FERRY_PUMP_TO_FILE, SHA256);
  ferry_byte_pump_run_async (sender, offset, length, 0, NULL, pumped_cb, &outcomes[0]);
  ferry_byte_pump_run_async (receiver, offset, length, 0, NULL, pumped_cb, &outcomes[1]);
  wait_for (&outcomes[0]);
  wait_for (&outcomes[1]);
  g_assert_no_error (outcomes[0].error);
  g_assert_no_error (outcomes[1].error);
  g_assert_cmpuint (ferry_byte_pump_get_bytes (sender), ==, size - offset);
  g_assert_cmpuint (ferry_byte_pump_get_bytes (receiver), ==, size - offset);

  before = read_back (from, offset, size - offset);
  after = read_back (to, offset, size - offset);
  g_assert_cmpmem (before, size - offset, after, size - offset);

  expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, before, size - offset);
  ferry_byte_pump_get_hashes (sender, &hashes);
  sent = ferry_hashes_dup_hex (&hashes, FERRY_HASH_SHA256);
  g_assert_nonnull (ferry_hashes_get (&hashes, FERRY_HASH_SHA1));
  ferry_byte_pump_get_hashes (receiver, &hashes);
  received = ferry_hashes_dup_hex (&hashes, FERRY_HASH_SHA256);
  g_assert_cmpstr (sent, ==, expected);
  g_assert_cmpstr (received, ==, expected);

  g_assert_finalize_object (g_steal_pointer (&sender));
  g_assert_finalize_object (g_steal_pointer (&receiver));
  close (from);
  close (to);
}

static void
test_copies_every_size (void)
{
  static const gsize sizes[] = { 0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 12 * BLOCK + 7 };
  static const HostileManners manners[] = {
    { 0 }, { .slice = 4093 }, { .capacity = 1000 }, { .slice = 70000, .capacity = 65536 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (manners); j++)
      for (guint says_length = 0; says_length < 2; says_length++)
        check_copy (sizes[i], 0, says_length, &manners[j]);
}

static void
test_copies_byte_by_byte (void)
{
  const HostileManners manners = { .slice = 1, .capacity = 1 };

  check_copy (3000, 0, TRUE, &manners);
}

static void
test_resumes_at_an_offset (void)
{
  check_copy (3 * BLOCK, BLOCK + 11, TRUE, NULL);
  check_copy (3 * BLOCK, 2 * BLOCK, FALSE, NULL);
  check_copy (1000, 1000, TRUE, NULL);
}

/* Runs a pump between @stream and a file of @size bytes. */
static void
run (GIOStream    *stream,
     int           fd,
     FerryPumpWay  way,
     gint64        length,
     Outcome      *outcome)
{
  g_autoptr(FerryBytePump) pump = ferry_byte_pump_new (stream, fd, way, SHA256);

  ferry_byte_pump_run_async (pump, 0, length, 0, NULL, pumped_cb, outcome);
  wait_for (outcome);
  g_assert_finalize_object (g_steal_pointer (&pump));
  close (fd);
}

static void
test_notices_a_short_stream (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  Outcome outcome = { 0 };

  hostile_stream_pair (NULL, NULL, &a, &b);
  g_output_stream_write_all (g_io_stream_get_output_stream (a), "four", 4, NULL, NULL, NULL);
  g_io_stream_close (a, NULL, NULL);
  run (b, open_temporary (), FERRY_PUMP_TO_FILE, 5, &outcome);
  g_assert_error (outcome.error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TRUNCATED);
  g_error_free (outcome.error);
}

static void
test_notices_a_short_file (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  Outcome outcome = { 0 };

  hostile_stream_pair (NULL, NULL, &a, &b);
  run (a, open_with_bytes (4), FERRY_PUMP_TO_STREAM, 5, &outcome);
  g_assert_error (outcome.error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TRUNCATED);
  g_error_free (outcome.error);
}

static void
test_notices_one_byte_too_much (void)
{
  g_test_summary ("SEC-20; and a peer that keeps the stream open is not waited for");

  for (gssize n = 4; n <= 6; n++)
    {
      g_autoptr(GSocketConnection) a = NULL;
      g_autoptr(GSocketConnection) b = NULL;
      Outcome outcome = { 0 };

      socket_pair (&a, &b);
      g_assert_cmpint (g_socket_send (g_socket_connection_get_socket (a), "abcdef", n, NULL, NULL),
                       ==, n);

      if (n < 5)
        g_socket_shutdown (g_socket_connection_get_socket (a), FALSE, TRUE, NULL);

      run (G_IO_STREAM (b), open_temporary (), FERRY_PUMP_TO_FILE, 5, &outcome);

      if (n == 5)
        g_assert_no_error (outcome.error);
      else
        g_assert_error (outcome.error, FERRY_PUMP_ERROR,
                        (n < 5 ? FERRY_PUMP_ERROR_TRUNCATED : FERRY_PUMP_ERROR_TOO_LARGE));

      g_clear_error (&outcome.error);
    }
}

static void
test_half_closes (void)
{
  g_autoptr(GSocketConnection) a = NULL;
  g_autoptr(GSocketConnection) b = NULL;
  Outcome outcome = { 0 };
  char buffer[8];

  socket_pair (&a, &b);
  run (G_IO_STREAM (a), open_with_bytes (3), FERRY_PUMP_TO_STREAM, 3, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (g_socket_receive (g_socket_connection_get_socket (b), buffer, 8, NULL, NULL),
                   ==, 3);
  g_assert_cmpint (g_socket_receive (g_socket_connection_get_socket (b), buffer, 8, NULL, NULL),
                   ==, 0);
  g_assert_cmpint (g_socket_send (g_socket_connection_get_socket (b), "ok", 2, NULL, NULL), ==, 2);
  g_assert_cmpint (g_socket_receive (g_socket_connection_get_socket (a), buffer, 8, NULL, NULL),
                   ==, 2);
}

/* Cancels after a while; says how long the end then took, in µs. */
static gint64
cancel (GIOStream    *stream,
        int           fd,
        FerryPumpWay  way,
        gboolean      paused)
{
  g_autoptr(FerryBytePump) pump = ferry_byte_pump_new (stream, fd, way, SHA256);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };
  gint64 start;

  ferry_byte_pump_set_paused (pump, paused);
  ferry_byte_pump_run_async (pump, 0, -1, 0, cancellable, pumped_cb, &outcome);
  spin (30);
  g_assert_false (outcome.done);

  start = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  wait_for (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_error_free (outcome.error);
  close (fd);

  return g_get_monotonic_time () - start;
}

static void
test_can_be_cancelled_while_blocked (void)
{
  for (int i = 0; i < 4; i++)
    {
      FerryPumpWay way = i % 2 == 0 ? FERRY_PUMP_TO_FILE : FERRY_PUMP_TO_STREAM;
      g_autoptr(GSocketConnection) a = NULL;
      g_autoptr(GSocketConnection) b = NULL;

      socket_pair (&a, &b);
      g_assert_cmpint (cancel (G_IO_STREAM (a), open_with_bytes (8 * BLOCK), way, i >= 2),
                       <, 500 * 1000);
    }
}

static void
test_pauses_and_goes_on (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(FerryBytePump) pump = NULL;
  Outcome outcome = { 0 };
  int fd = open_with_bytes (2 * BLOCK);

  g_test_summary ("A pause outlasts the idle limit without being a stall.");
  hostile_stream_pair (NULL, NULL, &a, &b);
  pump = ferry_byte_pump_new (a, fd, FERRY_PUMP_TO_STREAM, SHA256);
  ferry_byte_pump_set_paused (pump, TRUE);
  ferry_byte_pump_run_async (pump, 0, 2 * BLOCK, 1, NULL, pumped_cb, &outcome);
  spin (1300);
  g_assert_false (outcome.done);
  g_assert_cmpuint (ferry_byte_pump_get_bytes (pump), ==, 0);

  ferry_byte_pump_set_paused (pump, FALSE);
  wait_for (&outcome);
  g_assert_no_error (outcome.error);
  close (fd);
}

static void
test_reports_a_stall (void)
{
  const HostileManners manners = { .stall_at = 100 };
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(FerryBytePump) pump = NULL;
  Outcome outcome = { 0 };
  int fd = open_temporary ();

  hostile_stream_pair (&manners, NULL, &a, &b);
  g_output_stream_write_all (g_io_stream_get_output_stream (a), (char[200]) { 0 }, 200,
                             NULL, NULL, NULL);
  pump = ferry_byte_pump_new (b, fd, FERRY_PUMP_TO_FILE, 0);
  ferry_byte_pump_run_async (pump, 0, 200, 1, NULL, pumped_cb, &outcome);
  wait_for (&outcome);
  g_assert_error (outcome.error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_STALLED);
  g_assert_cmpuint (ferry_byte_pump_get_bytes (pump), ==, 100);
  g_error_free (outcome.error);
  close (fd);
}

/* The limit counts from the last byte, not from when somebody looked. */
static void
test_reports_a_stall_in_time (void)
{
  g_autoptr(GSocketConnection) a = NULL;
  g_autoptr(GSocketConnection) b = NULL;
  g_autoptr(FerryBytePump) pump = NULL;
  Outcome outcome = { 0 };
  int fd = open_temporary ();
  gint64 moved;

  socket_pair (&a, &b);
  pump = ferry_byte_pump_new (G_IO_STREAM (b), fd, FERRY_PUMP_TO_FILE, 0);
  ferry_byte_pump_run_async (pump, 0, 200, 2, NULL, pumped_cb, &outcome);
  spin (300);
  moved = g_get_monotonic_time ();
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (a)), (char[100]) { 0 },
                             100, NULL, NULL, NULL);
  wait_for (&outcome);
  g_assert_error (outcome.error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_STALLED);
  g_assert_cmpint (g_get_monotonic_time () - moved, >=, 2 * G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - moved, <, 3 * G_USEC_PER_SEC);
  g_error_free (outcome.error);
  close (fd);
}

static void
test_passes_the_error_of_the_stream (void)
{
  const HostileManners manners = { .fail_at = BLOCK + 1 };
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  Outcome outcome = { 0 };

  hostile_stream_pair (NULL, &manners, &a, &b);
  g_output_stream_write_all (g_io_stream_get_output_stream (b), (char[2 * BLOCK]) { 0 }, 2 * BLOCK,
                             NULL, NULL, NULL);
  run (a, open_temporary (), FERRY_PUMP_TO_FILE, 2 * BLOCK, &outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_error_free (outcome.error);
}

static void
test_reports_a_full_disk (void)
{
  const int fds[] = {
    open ("/dev/full", O_WRONLY), open_temporary (), open ("/dev/null", O_RDONLY)
  };
  const int codes[] = { ENOSPC, EFBIG, EBADF };
  struct rlimit before;
  struct rlimit limited;

  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  limited = before;
  limited.rlim_cur = 100;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      g_autoptr(GIOStream) a = NULL;
      g_autoptr(GIOStream) b = NULL;
      Outcome outcome = { 0 };

      hostile_stream_pair (NULL, NULL, &a, &b);
      g_output_stream_write_all (g_io_stream_get_output_stream (a), (char[200]) { 0 }, 200,
                                 NULL, NULL, NULL);
      setrlimit (RLIMIT_FSIZE, &limited);
      run (b, fds[i], FERRY_PUMP_TO_FILE, 200, &outcome);
      setrlimit (RLIMIT_FSIZE, &before);
      g_assert_error (outcome.error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_FILE);
      g_assert_cmpstr (outcome.error->message, ==, g_strerror (codes[i]));
      g_error_free (outcome.error);
    }
}

static void
test_refuses_a_bad_file (void)
{
  g_autoptr(GIOStream) a = NULL;
  g_autoptr(GIOStream) b = NULL;
  g_autoptr(FerryBytePump) pump = NULL;
  Outcome outcome = { 0 };

  hostile_stream_pair (NULL, NULL, &a, &b);
  pump = ferry_byte_pump_new (a, -1, FERRY_PUMP_TO_STREAM, 0);
  ferry_byte_pump_run_async (pump, 0, 1, 0, NULL, pumped_cb, &outcome);
  wait_for (&outcome);
  g_assert_error (outcome.error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_FILE);
  g_error_free (outcome.error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/byte-pump/copies-every-size", test_copies_every_size);
  g_test_add_func ("/net/byte-pump/copies-byte-by-byte", test_copies_byte_by_byte);
  g_test_add_func ("/net/byte-pump/resumes-at-an-offset", test_resumes_at_an_offset);
  g_test_add_func ("/net/byte-pump/notices-a-short-stream", test_notices_a_short_stream);
  g_test_add_func ("/net/byte-pump/notices-a-short-file", test_notices_a_short_file);
  g_test_add_func ("/net/byte-pump/notices-one-byte-too-much", test_notices_one_byte_too_much);
  g_test_add_func ("/net/byte-pump/half-closes", test_half_closes);
  g_test_add_func ("/net/byte-pump/can-be-cancelled-while-blocked",
                   test_can_be_cancelled_while_blocked);
  g_test_add_func ("/net/byte-pump/pauses-and-goes-on", test_pauses_and_goes_on);
  g_test_add_func ("/net/byte-pump/reports-a-stall", test_reports_a_stall);
  g_test_add_func ("/net/byte-pump/reports-a-stall-in-time", test_reports_a_stall_in_time);
  g_test_add_func ("/net/byte-pump/passes-the-error-of-the-stream",
                   test_passes_the_error_of_the_stream);
  g_test_add_func ("/net/byte-pump/reports-a-full-disk", test_reports_a_full_disk);
  g_test_add_func ("/net/byte-pump/refuses-a-bad-file", test_refuses_a_bad_file);

  return g_test_run ();
}
