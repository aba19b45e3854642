/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files over an encrypted stream: the pump, and what is done with the stream after it. */

#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "net/byte-pump.h"
#include "net/drain.h"
#include "net/own-close.h"
#include "net/peer-close.h"
#include "tls-pair.h"

#define SIZE (3 * 1024 * 1024 + 11) /* bytes */

/* A sender and a receiver, each of which goes its way. */
typedef struct
{
  TlsPair        pair;
  int            from;     /* file */
  int            to;       /* file */
  FerryBytePump *sending;
  FerryBytePump *receiving;
  gint64         wanted;   /* bytes the receiver wants */
  guint          n_left;   /* sides that are not done */
  gboolean       closes_at_once;
  GError        *send_error;
  GError        *receive_error;
  GError        *drain_error;
  GError        *close_error;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GIOStream) a = NULL, b = NULL;
  FerryTlsTerms client = tls_pair_terms (FALSE);
  FerryTlsTerms server = tls_pair_terms (TRUE);
  g_autofree guint8 *bytes = g_malloc (SIZE);

  for (gsize i = 0; i < SIZE; i++)
    bytes[i] = (i * 2654435761u) >> 11;

  fixture->from = memfd_create ("from", MFD_CLOEXEC);
  fixture->to = memfd_create ("to", MFD_CLOEXEC);
  g_assert_cmpint (write (fixture->from, bytes, SIZE), ==, SIZE);
  fixture->wanted = SIZE;

  tls_pair_sockets (&a, &b);
  tls_pair_handshake (&fixture->pair, a, &client, b, &server, 10);
  g_assert_no_error (fixture->pair.client_error);
  g_assert_no_error (fixture->pair.server_error);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  tls_pair_clear (&fixture->pair);
  g_clear_object (&fixture->sending);
  g_clear_object (&fixture->receiving);
  g_clear_error (&fixture->send_error);
  g_clear_error (&fixture->receive_error);
  g_clear_error (&fixture->drain_error);
  g_clear_error (&fixture->close_error);
  close (fixture->from);
  close (fixture->to);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  ferry_peer_close_finish (result, &fixture->close_error);
  fixture->n_left--;
}

static void
drained_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Fixture *fixture = user_data;

  if (ferry_drain_finish (result, &fixture->drain_error))
    ferry_peer_close_async (G_IO_STREAM (source), 5, NULL, closed_cb, fixture);
  else
    fixture->n_left--;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  if (ferry_byte_pump_run_finish (FERRY_BYTE_PUMP (source), result, &fixture->send_error))
    ferry_drain_async (G_IO_STREAM (fixture->pair.client), 5, NULL, drained_cb, fixture);
  else
    fixture->n_left--;
}

static void
received_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Fixture *fixture = user_data;

  ferry_byte_pump_run_finish (FERRY_BYTE_PUMP (source), result, &fixture->receive_error);
  if (fixture->closes_at_once)
    g_io_stream_close_async (G_IO_STREAM (fixture->pair.server), G_PRIORITY_DEFAULT, NULL, NULL,
                             NULL);
  fixture->n_left--;
}

static void
run (Fixture *fixture)
{
  fixture->sending = ferry_byte_pump_new (G_IO_STREAM (fixture->pair.client), fixture->from,
                                          FERRY_PUMP_TO_STREAM, 0);
  fixture->receiving = ferry_byte_pump_new (G_IO_STREAM (fixture->pair.server), fixture->to,
                                            FERRY_PUMP_TO_FILE, 0);
  fixture->n_left = 2;
  ferry_byte_pump_run_async (fixture->sending, 0, SIZE, 5, NULL, sent_cb, fixture);
  ferry_byte_pump_run_async (fixture->receiving, 0, fixture->wanted, 5, NULL, received_cb, fixture);
  while (fixture->n_left > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_arrived (Fixture *fixture)
{
  void *from = mmap (NULL, SIZE, PROT_READ, MAP_SHARED, fixture->from, 0);
  void *to = mmap (NULL, SIZE, PROT_READ, MAP_SHARED, fixture->to, 0);

  g_assert_cmpint (lseek (fixture->to, 0, SEEK_END), ==, SIZE);
  g_assert_cmpint (memcmp (from, to, SIZE), ==, 0);
  munmap (from, SIZE);
  munmap (to, SIZE);
}

static void
test_brings_a_file (Fixture       *fixture,
                    gconstpointer  is_open_ended)
{
  fixture->closes_at_once = TRUE;
  if (GPOINTER_TO_INT (is_open_ended))
    fixture->wanted = -1;

  run (fixture);
  g_assert_no_error (fixture->send_error);
  g_assert_no_error (fixture->receive_error);
  g_assert_no_error (fixture->drain_error);
  g_assert_no_error (fixture->close_error);
  assert_arrived (fixture);
}

/* The receiver closes as soon as it has the last byte: the sender's close_notify, which may be on
 * its way still, must not come back as a reset. */
static void
test_closes_gently (Fixture       *fixture,
                    gconstpointer  data)
{
  GIOStream *sender = G_IO_STREAM (fixture->pair.client);
  GIOStream *receiver = G_IO_STREAM (fixture->pair.server);
  char bytes[3];

  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (sender), "abc", 3, NULL,
                                            NULL, NULL));
  g_assert_true (g_input_stream_read_all (g_io_stream_get_input_stream (receiver), bytes, 3, NULL,
                                          NULL, NULL));
  g_assert_true (g_io_stream_close (receiver, NULL, NULL));
  g_assert_true (g_output_stream_close (g_io_stream_get_output_stream (sender), NULL,
                                        &fixture->send_error));
  g_assert_no_error (fixture->send_error);

  fixture->n_left = 1;
  ferry_drain_async (sender, 5, NULL, drained_cb, fixture);
  while (fixture->n_left > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (fixture->drain_error);
  g_assert_no_error (fixture->close_error);
}

static void
test_notices_too_much (Fixture       *fixture,
                       gconstpointer  data)
{
  fixture->wanted = SIZE - 1;
  fixture->closes_at_once = TRUE;
  run (fixture);
  g_assert_error (fixture->receive_error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TOO_LARGE);
}

static void
test_notices_too_little (Fixture       *fixture,
                         gconstpointer  data)
{
  fixture->wanted = SIZE + 1;
  fixture->closes_at_once = TRUE;
  run (fixture);
  g_assert_error (fixture->receive_error, FERRY_PUMP_ERROR, FERRY_PUMP_ERROR_TRUNCATED);
}

/* Bytes that lie in the stream, decrypted or not, are bytes that have come. */
static void
test_knows_what_is_unread (Fixture       *fixture,
                           gconstpointer  data)
{
  FerryTlsStream *server = fixture->pair.server;
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (server));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (fixture->pair.client));
  GIOStream *base = ferry_tls_stream_unwrap (G_IO_STREAM (server));
  GInputStream *base_in = g_io_stream_get_input_stream (base);
  char bytes[3] = "";

  g_assert_false (ferry_tls_stream_has_unread (server));
  g_assert_true (g_output_stream_write_all (out, "abc", 3, NULL, NULL, NULL));
  while (!g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (base_in)))
    g_usleep (1000);
  g_assert_true (ferry_tls_stream_has_unread (server));
  g_assert_true (ferry_tls_stream_has_unread (server));
  g_assert_true (g_input_stream_read_all (in, bytes, 3, NULL, NULL, NULL));
  g_assert_cmpmem (bytes, 3, "abc", 3);
  g_assert_false (ferry_tls_stream_has_unread (server));
}

/* What is wrong shows in how the connection ends. */
static void
test_spoils_the_close (Fixture       *fixture,
                       gconstpointer  data)
{
  ferry_own_close_announce (G_IO_STREAM (fixture->pair.server), SIZE);
  ferry_own_close_spoil (G_IO_STREAM (fixture->pair.server));
  fixture->closes_at_once = TRUE;
  run (fixture);
  g_assert_true (fixture->drain_error != NULL || fixture->close_error != NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/net/tls-pump/brings-a-file", Fixture, GINT_TO_POINTER (FALSE), fixture_set_up,
              test_brings_a_file, fixture_tear_down);
  g_test_add ("/net/tls-pump/brings-what-has-no-size", Fixture, GINT_TO_POINTER (TRUE),
              fixture_set_up, test_brings_a_file, fixture_tear_down);
  g_test_add ("/net/tls-pump/closes-gently", Fixture, NULL, fixture_set_up, test_closes_gently,
              fixture_tear_down);
  g_test_add ("/net/tls-pump/notices-too-much", Fixture, NULL, fixture_set_up,
              test_notices_too_much, fixture_tear_down);
  g_test_add ("/net/tls-pump/notices-too-little", Fixture, NULL, fixture_set_up,
              test_notices_too_little, fixture_tear_down);
  g_test_add ("/net/tls-pump/knows-what-is-unread", Fixture, NULL, fixture_set_up,
              test_knows_what_is_unread, fixture_tear_down);
  g_test_add ("/net/tls-pump/spoils-the-close", Fixture, NULL, fixture_set_up,
              test_spoils_the_close, fixture_tear_down);

  return g_test_run ();
}
