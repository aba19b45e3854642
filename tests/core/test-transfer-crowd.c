/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <signal.h>

#include "core/contact-private.h"
#include "two-clients.h"

/* Many transfers at once, and all of them at the end of the program. */

#define N_PHOTOGRAPHS 30
#define N_QUEUED      1000

static void
configure (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_DIRECT;
}

static void
set_up (TwoClients    *clients,
        gconstpointer  data)
{
  two_clients_set_up (clients, configure);
}

static void
tear_down (TwoClients    *clients,
           gconstpointer  data)
{
  two_clients_tear_down (clients);
}

static void
send_file (TwoClients *clients,
           const char *name,
           gsize       size)
{
  g_autoptr(GBytes) contents = make_contents (size);
  g_autoptr(GFile) file = make_file (clients, name, contents);

  ferry_transfer_queue_send (clients->romeo.queue, "juliet@capulet.lit", file);
}

static void
accept_cb (FerryTransferQueue *queue,
           FerryTransfer      *transfer,
           gpointer            user_data)
{
  ferry_transfer_accept (transfer, NULL, NULL);
}

/* SEC-31 is about offers that nobody wants. */
static void
test_thirty_welcome_files_arrive (TwoClients    *clients,
                                  gconstpointer  data)
{
  two_clients_befriend (clients);
  g_signal_connect (clients->juliet.queue, "offered", G_CALLBACK (accept_cb), NULL);
  for (guint i = 0; i < N_PHOTOGRAPHS; i++)
    {
      g_autofree char *name = g_strdup_printf ("photograph-%u.jpeg", i);

      send_file (clients, name, 1000 + i);
    }

  for (guint i = 0; i < N_PHOTOGRAPHS; i++)
    wait_for_state (party_get_transfer (&clients->romeo, i), FERRY_TRANSFER_DONE);
  g_assert_cmpuint (party_count_files (&clients->juliet), ==, N_PHOTOGRAPHS);
  g_signal_handlers_disconnect_by_func (clients->juliet.queue, accept_cb, NULL);
}

/* The second to come would overwrite the first. */
static void
test_one_file_sent_twice_arrives_twice (TwoClients    *clients,
                                        gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (5000);

  two_clients_befriend (clients);
  g_signal_connect (clients->juliet.queue, "offered", G_CALLBACK (accept_cb), NULL);
  send_file (clients, "twin.bin", 5000);
  send_file (clients, "twin.bin", 5000);
  wait_for_state (party_get_transfer (&clients->romeo, 0), FERRY_TRANSFER_DONE);
  wait_for_state (party_get_transfer (&clients->romeo, 1), FERRY_TRANSFER_DONE);
  party_assert_has_file (&clients->juliet, "twin.bin", contents);
  party_assert_has_file (&clients->juliet, "twin (1).bin", contents);
  g_signal_handlers_disconnect_by_func (clients->juliet.queue, accept_cb, NULL);
}

static guint
count_descriptors (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static gboolean
are_all_examined (Party *party)
{
  for (guint i = 0; i < N_QUEUED; i++)
    {
      if (!party_get_transfer (party, i)->is_examined)
        return FALSE;
    }

  return TRUE;
}

static void
test_what_waits_holds_no_file (TwoClients    *clients,
                               gconstpointer  data)
{
  Party *romeo = &clients->romeo;
  guint before = count_descriptors ();

  ferry_contact_set_roster (ferry_roster_lookup (romeo->roster, JULIET, TRUE), TRUE, NULL, "both");
  for (guint i = 0; i < N_QUEUED; i++)
    send_file (clients, "one-of-many.bin", 10);

  while (!are_all_examined (romeo))
    g_main_context_iteration (NULL, TRUE);
  wait_ms (20);
  g_assert_cmpuint (count_descriptors (), <, before + 10);
  g_assert_cmpuint (ferry_transfer_queue_get_n_active (romeo->queue), ==, 0);
}

/* Romeo sends, and both are in the middle of it. */
static void
begin (TwoClients *clients)
{
  two_clients_befriend (clients);
  g_signal_connect (clients->juliet.queue, "offered", G_CALLBACK (accept_cb), NULL);
  send_file (clients, "cut.bin", 4 << 20);
  ferry_transfer_set_paused (party_get_transfer (&clients->romeo, 0), TRUE);
  wait_for_state (wait_for_transfer (&clients->juliet, 0), FERRY_TRANSFER_RUNNING);
  wait_for_state (party_get_transfer (&clients->romeo, 0), FERRY_TRANSFER_PAUSED);
  g_signal_handlers_disconnect_by_func (clients->juliet.queue, accept_cb, NULL);
}

/* The main loop has stopped for good when the last things are let go of. */
static void
test_quitting_leaves_nothing_behind (TwoClients    *clients,
                                     gconstpointer  data)
{
  begin (clients);
  g_assert_cmpuint (party_count_files (&clients->juliet), ==, 1);
  g_object_run_dispose (G_OBJECT (clients->juliet.queue));
  g_assert_cmpuint (party_count_files (&clients->juliet), ==, 0);
}

static void
test_quitting_offline_leaves_nothing_behind (TwoClients    *clients,
                                             gconstpointer  data)
{
  begin (clients);
  party_lose_connection (&clients->juliet, clients->server);
  g_assert_cmpuint (party_count_files (&clients->juliet), ==, 1);
  g_object_run_dispose (G_OBJECT (clients->juliet.queue));
  g_assert_cmpuint (party_count_files (&clients->juliet), ==, 0);
}

/* Whoever signs out ends what is under way while there is somebody to tell. */
static void
test_signing_out_is_told_to_the_peer (TwoClients    *clients,
                                      gconstpointer  data)
{
  FerryTransfer *sent;

  begin (clients);
  sent = party_get_transfer (&clients->romeo, 0);
  g_signal_emit_by_name (clients->juliet.account, "leaving");
  g_assert_true (ferry_transfer_is_ended (party_get_transfer (&clients->juliet, 0)));
  g_assert_cmpuint (party_count_files (&clients->juliet), ==, 0);
  wait_for_state (sent, FERRY_TRANSFER_FAILED);
  g_assert_error ((GError *) ferry_transfer_get_error (sent), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_PEER_CANCELLED);
}

static void
test_signing_out_begins_nothing (TwoClients    *clients,
                                 gconstpointer  data)
{
  Party *romeo = &clients->romeo;
  const guint n_slots = romeo->settings->max_running;

  two_clients_befriend (clients);
  for (guint i = 0; i < n_slots + 1; i++)
    send_file (clients, "next.bin", 10);
  wait_for_transfer (&clients->juliet, n_slots - 1);
  g_assert_cmpuint (ferry_transfer_queue_get_n_active (romeo->queue), ==, n_slots);
  g_signal_emit_by_name (romeo->account, "leaving");
  g_assert_cmpuint (ferry_transfer_queue_get_n_active (romeo->queue), ==, 0);
  g_assert_cmpuint (ferry_transfer_get_state (party_get_transfer (romeo, n_slots)), ==,
                    FERRY_TRANSFER_WAITING);
}

static void
add (const char *promise,
     void      (*func) (TwoClients *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/core/transfer-crowd/%s", promise);

  g_test_add (path, TwoClients, NULL, set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  add ("thirty-welcome-files-arrive", test_thirty_welcome_files_arrive);
  add ("one-file-sent-twice-arrives-twice", test_one_file_sent_twice_arrives_twice);
  add ("what-waits-holds-no-file", test_what_waits_holds_no_file);
  add ("quitting-leaves-nothing-behind", test_quitting_leaves_nothing_behind);
  add ("quitting-offline-leaves-nothing-behind", test_quitting_offline_leaves_nothing_behind);
  add ("signing-out-is-told-to-the-peer", test_signing_out_is_told_to_the_peer);
  add ("signing-out-begins-nothing", test_signing_out_begins_nothing);

  return g_test_run ();
}
