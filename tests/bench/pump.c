/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-pump [MIB [DIRECTORY [ROUNDS]]]
 *
 * Moves a file over loopback TCP from one process to another, by socat and by
 * two pumps, with and without SHA-256 on both ends. Says the best of some rounds
 * each, as MB/s, CPU seconds per GB (both ends) and as a share of socat. */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/byte-pump.h"

#define MIB (1024 * 1024)

typedef struct
{
  char    *source;
  char    *target;
  gint64   size;
  double   seconds; /* of the best round */
  double   cpu;
} Bench;

static void
pump_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!ferry_byte_pump_run_finish (FERRY_BYTE_PUMP (source), result, &error))
    g_error ("%s", error->message);

  *(gboolean *) user_data = TRUE;
}

static void
run_pump (GSocketConnection *connection,
          const char        *path,
          FerryPumpWay       way,
          gint64             size,
          guint              algorithms)
{
  int flags = way == FERRY_PUMP_TO_FILE ? O_RDWR | O_CREAT | O_TRUNC : O_RDONLY;
  int fd = open (path, flags | O_CLOEXEC, 0600);
  g_autoptr(FerryBytePump) pump = ferry_byte_pump_new (G_IO_STREAM (connection), fd, way,
                                                       algorithms);
  gboolean done = FALSE;

  ferry_byte_pump_run_async (pump, 0, size, 30, NULL, pump_done_cb, &done);

  while (!done)
    g_main_context_iteration (NULL, TRUE);

  close (fd);
}

static void
bench_pumps (Bench *bench,
             guint  algorithms)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autoptr(GSocketConnection) connection = NULL;
  pid_t child = fork ();

  if (child == 0)
    {
      g_autoptr(GSocketClient) client = g_socket_client_new ();

      g_socket_client_set_enable_proxy (client, FALSE);
      connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
      run_pump (connection, bench->source, FERRY_PUMP_TO_STREAM, bench->size, algorithms);
      _exit (0);
    }

  connection = g_socket_listener_accept (listener, NULL, NULL, NULL);
  run_pump (connection, bench->target, FERRY_PUMP_TO_FILE, bench->size, algorithms);
  waitpid (child, NULL, 0);
}

static void
bench_socat (Bench *bench)
{
  g_autofree char *line =
    g_strdup_printf ("socat -u -b 262144 TCP-LISTEN:45871,bind=127.0.0.1,reuseaddr CREATE:%s & "
                     "until socat -u -b 262144 OPEN:%s TCP:127.0.0.1:45871 2>/dev/null; "
                     "do sleep 0.01; done; wait", bench->target, bench->source);

  if (system (line) != 0)
    g_warning ("socat failed");
}

static double
cpu_seconds (int who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6 +
         usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
}

/* @way: 0: socat; 1: pumps; 2: pumps that hash */
static void
measure (Bench *bench,
         int    way)
{
  double cpu = cpu_seconds (RUSAGE_SELF) + cpu_seconds (RUSAGE_CHILDREN);
  gint64 start = g_get_monotonic_time ();
  double seconds;

  if (way == 0)
    bench_socat (bench);
  else
    bench_pumps (bench, way == 1 ? 0 : 1u << FERRY_HASH_SHA256);

  seconds = (g_get_monotonic_time () - start) / 1e6;
  cpu = cpu_seconds (RUSAGE_SELF) + cpu_seconds (RUSAGE_CHILDREN) - cpu;
  unlink (bench->target);

  if (bench->seconds == 0 || seconds < bench->seconds)
    {
      bench->seconds = seconds;
      bench->cpu = cpu;
    }
}

static void
make_source (const Bench *bench)
{
  g_autofree char *block = g_malloc (MIB);
  FILE *file = fopen (bench->source, "w");

  for (int i = 0; i < MIB; i++)
    block[i] = (char) g_random_int ();

  for (gint64 i = 0; i < bench->size; i += MIB)
    fwrite (block, MIB, 1, file);

  fclose (file);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const names[] = { "socat", "pump", "pump+sha-256" };
  const char *directory = argc > 2 ? argv[2] : g_get_tmp_dir ();
  int rounds = argc > 3 ? atoi (argv[3]) : 3;
  Bench benches[3] = { 0 };

  for (int i = 0; i < 3; i++)
    {
      benches[i].size = (argc > 1 ? atoi (argv[1]) : 1024) * (gint64) MIB;
      benches[i].source = g_strdup_printf ("%s/ferry-bench-%d.in", directory, getpid ());
      benches[i].target = g_strdup_printf ("%s/ferry-bench-%d.out", directory, getpid ());
    }

  make_source (&benches[0]);

  for (int i = 0; i < 3 * rounds; i++)
    measure (&benches[i % 3], i % 3);

  unlink (benches[0].source);

  for (int i = 0; i < 3; i++)
    g_print ("%-13s %7.0f MB/s %6.2f CPU s/GB %6.2f of socat\n", names[i],
             benches[i].size / benches[i].seconds / 1e6,
             benches[i].cpu / (benches[i].size / 1e9), benches[0].seconds / benches[i].seconds);

  return 0;
}
