/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/path-watch.h"
#include "tls-pair.h"

#define SILENCE 1 /* seconds */

/* In a network of our own, which is loopback alone, cables can be pulled out. */
static gboolean has_network;

typedef struct
{
  GIOStream      *here;    /* (owned): sends */
  GIOStream      *there;   /* (owned): its other end */
  FerryPathWatch *watch;   /* (owned) (nullable) */
  guint           n_deaths;
} Fixture;

static void
dead_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_deaths++;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  tls_pair_sockets (&fixture->here, &fixture->there);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_pointer (&fixture->watch, ferry_path_watch_free);
  g_clear_object (&fixture->here);
  g_clear_object (&fixture->there);
}

static void
fixture_watch (Fixture *fixture,
               guint    silence)
{
  fixture->watch = ferry_path_watch_new (fixture->here, silence, dead_cb, fixture);
}

static GSocket *
get_socket (GIOStream *stream)
{
  return g_socket_connection_get_socket (G_SOCKET_CONNECTION (ferry_tls_stream_unwrap (stream)));
}

/* Writes as much as two kernels hold; or as @limit says, unless 0. Returns: bytes */
static gsize
fill (GIOStream *stream,
      gsize      limit)
{
  g_autofree char *zeros = g_malloc0 (65536);
  GSocket *socket = get_socket (stream);
  gsize n = 0;
  gssize size;

  g_socket_set_blocking (socket, FALSE);
  while ((limit == 0 || n < limit)
         && (size = g_socket_send (socket, zeros, limit == 0 ? 65536 : limit - n, NULL, NULL)) > 0)
    n += size;

  return n;
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until it is called dead, or for so long. */
static void
spin (Fixture *fixture,
      double   seconds)
{
  gboolean is_over = FALSE;
  guint limit = g_timeout_add (seconds * 1000, over_cb, &is_over);

  while (!is_over && fixture->n_deaths == 0)
    g_main_context_iteration (NULL, TRUE);
  if (!is_over)
    g_source_remove (limit);
}

static void
set_cable (gboolean is_in)
{
  struct ifreq request = { .ifr_name = "lo" };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  request.ifr_flags = is_in ? IFF_UP : 0;
  g_assert_cmpint (ioctl (fd, SIOCSIFFLAGS, &request), ==, 0);
  close (fd);
}

static gboolean
is_without_network (void)
{
  if (!has_network)
    g_test_skip ("No network namespace to be had");

  return !has_network;
}

static void
assert_dies (Fixture *fixture)
{
  gint64 start = g_get_monotonic_time ();
  gint64 took;

  set_cable (FALSE);
  fill (fixture->here, 1000);
  fixture_watch (fixture, SILENCE);
  spin (fixture, SILENCE + 4);
  took = g_get_monotonic_time () - start;
  set_cable (TRUE);
  g_assert_cmpuint (fixture->n_deaths, ==, 1);
  g_assert_cmpint (took, >=, SILENCE * G_USEC_PER_SEC);
}

static void
test_what_nobody_acknowledges_is_lost (Fixture       *fixture,
                                       gconstpointer  data)
{
  if (is_without_network ())
    return;

  assert_dies (fixture);
  spin (fixture, 1.5);
  g_assert_cmpuint (fixture->n_deaths, ==, 1);
}

static void
test_encrypted_or_not (Fixture       *fixture,
                       gconstpointer  data)
{
  FerryTlsTerms client = tls_pair_terms (FALSE);
  FerryTlsTerms server = tls_pair_terms (TRUE);
  g_auto(TlsPair) pair = { 0 };

  if (is_without_network ())
    return;

  tls_pair_handshake (&pair, fixture->here, &client, fixture->there, &server, 10);
  g_assert_nonnull (pair.client);
  g_set_object (&fixture->here, G_IO_STREAM (pair.client));
  assert_dies (fixture);
}

/* The silence before something was sent is none. */
static void
test_a_long_rest_is_no_silence (Fixture       *fixture,
                                gconstpointer  data)
{
  char buffer[100];

  fixture_watch (fixture, SILENCE);
  spin (fixture, SILENCE + 1.2);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (fill (fixture->here, sizeof buffer), ==, sizeof buffer);
      spin (fixture, 1.1);
      g_assert_cmpint (g_socket_receive (get_socket (fixture->there), buffer, sizeof buffer, NULL,
                                         NULL), ==, sizeof buffer);
    }
  g_assert_cmpuint (fixture->n_deaths, ==, 0);
}

static void
test_a_short_gap_is_got_over (Fixture       *fixture,
                              gconstpointer  data)
{
  char buffer[100];

  if (is_without_network ())
    return;

  fixture_watch (fixture, 3 * SILENCE);
  set_cable (FALSE);
  fill (fixture->here, sizeof buffer);
  spin (fixture, 1.2);
  set_cable (TRUE);
  spin (fixture, 2 * SILENCE);
  g_assert_cmpuint (fixture->n_deaths, ==, 0);
  g_assert_cmpint (g_socket_receive (get_socket (fixture->there), buffer, sizeof buffer, NULL,
                                     NULL), ==, sizeof buffer);
}

/* Nobody reads: the window is closed, and the kernel there says so whenever it is asked. */
static void
test_a_paused_reader_is_alive (Fixture       *fixture,
                               gconstpointer  data)
{
  g_assert_cmpint (fill (fixture->here, 0), >, 65536);
  fixture_watch (fixture, SILENCE);
  spin (fixture, 3.5 * SILENCE);
  g_assert_cmpuint (fixture->n_deaths, ==, 0);
}

/* Its window may be closed when the cable breaks. */
static void
test_a_paused_reader_may_die (Fixture       *fixture,
                              gconstpointer  data)
{
  if (is_without_network ())
    return;

  fill (fixture->here, 0);
  fixture_watch (fixture, SILENCE);
  spin (fixture, 1);
  set_cable (FALSE);
  spin (fixture, 20);
  set_cable (TRUE);
  g_assert_cmpuint (fixture->n_deaths, ==, 1);
}

static void
read_for_ever (int fd)
{
  char buffer[65536];

  while (read (fd, buffer, sizeof buffer) > 0)
    continue;
  _exit (0);
}

/* A process that is stopped, or swapped out, has a kernel that is not. */
static void
test_a_stopped_process_is_alive (Fixture       *fixture,
                                 gconstpointer  data)
{
  int fd = g_socket_get_fd (get_socket (fixture->there));
  pid_t child;
  int status;

  g_socket_set_blocking (get_socket (fixture->there), TRUE);
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    read_for_ever (fd);

  kill (child, SIGSTOP);
  fill (fixture->here, 0);
  fixture_watch (fixture, SILENCE);
  spin (fixture, 3 * SILENCE);
  g_assert_cmpuint (fixture->n_deaths, ==, 0);
  kill (child, SIGCONT);
  spin (fixture, 0.5);
  fill (fixture->here, 0);
  spin (fixture, SILENCE);
  g_assert_cmpuint (fixture->n_deaths, ==, 0);
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
}

/* The end that only reads. */
static void
test_a_reader_asks (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  GSocket *socket = get_socket (fixture->here);
  char byte;

  if (is_without_network ())
    return;

  fixture_watch (fixture, SILENCE);
  g_socket_set_blocking (socket, FALSE);
  spin (fixture, 2 * SILENCE);
  g_assert_cmpint (g_socket_receive (socket, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_clear_error (&error);

  set_cable (FALSE);
  g_socket_condition_timed_wait (socket, G_IO_IN, (4 * SILENCE) * G_USEC_PER_SEC, NULL, NULL);
  set_cable (TRUE);
  g_assert_cmpint (g_socket_receive (socket, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

/* What was reset is no longer ours to judge. */
static void
test_the_closed_are_left_alone (Fixture       *fixture,
                                gconstpointer  data)
{
  fixture_watch (fixture, SILENCE);
  g_io_stream_close (fixture->there, NULL, NULL);
  fill (fixture->here, 1000);
  spin (fixture, SILENCE + 1.5);
  g_io_stream_close (fixture->here, NULL, NULL);
  spin (fixture, 1.2);
  g_assert_cmpuint (fixture->n_deaths, ==, 0);
}

static void
test_other_streams_are_not_watched (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr(GInputStream) in = g_memory_input_stream_new ();
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(GIOStream) other = g_simple_io_stream_new (in, out);

  fixture->watch = ferry_path_watch_new (other, 1, dead_cb, fixture);
  spin (fixture, 1.5);
  g_assert_cmpuint (fixture->n_deaths, ==, 0);
}

static gboolean
leave_the_network (void)
{
  int flags = CLONE_NEWNET | (geteuid () == 0 ? 0 : CLONE_NEWUSER);

  if (unshare (flags) != 0)
    return FALSE;

  set_cable (TRUE);
  return TRUE;
}

#define ADD(path, func) \
  g_test_add ("/net/path-watch/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  /* Before there are threads. */
  has_network = leave_the_network ();
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  ADD ("a-stopped-process-is-alive", test_a_stopped_process_is_alive);
  ADD ("a-paused-reader-is-alive", test_a_paused_reader_is_alive);
  ADD ("a-paused-reader-may-die", test_a_paused_reader_may_die);
  ADD ("a-long-rest-is-no-silence", test_a_long_rest_is_no_silence);
  ADD ("a-short-gap-is-got-over", test_a_short_gap_is_got_over);
  ADD ("what-nobody-acknowledges-is-lost", test_what_nobody_acknowledges_is_lost);
  ADD ("encrypted-or-not", test_encrypted_or_not);
  ADD ("a-reader-asks", test_a_reader_asks);
  ADD ("the-closed-are-left-alone", test_the_closed_are_left_alone);
  ADD ("other-streams-are-not-watched", test_other_streams_are_not_watched);

  return g_test_run ();
}
