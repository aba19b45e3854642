/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "two-clients.h"

/* What only a reliable entity link does with a file. */

static void
configure (FerrySettings *settings)
{
  settings->dialect = g_strdup ("rel");
  settings->paths = FERRY_PATH_DIRECT | FERRY_PATH_IN_BAND;
}

static void
set_up (TwoClients    *clients,
        gconstpointer  data)
{
  two_clients_set_up (clients, configure);
  two_clients_befriend (clients);
}

static void
tear_down (TwoClients    *clients,
           gconstpointer  data)
{
  two_clients_tear_down (clients);
}

/* Returns: (transfer full): what Juliet got, ended as what Romeo sent has */
static FerryTransfer *
send_and_accept (TwoClients         *clients,
                 GBytes             *contents,
                 FerryTransferState  state)
{
  g_autoptr(GFile) file = make_file (clients, "linked.bin", contents);
  g_autoptr(FerryTransfer) sent =
    g_object_ref (ferry_transfer_queue_send (clients->romeo.queue, "juliet@capulet.lit", file));
  FerryTransfer *offered = g_object_ref (wait_for_transfer (&clients->juliet, 0));

  ferry_transfer_accept (offered, NULL, NULL);
  wait_for_end (sent);
  wait_for_end (offered);
  g_assert_cmpuint (ferry_transfer_get_state (sent), ==, state);
  g_assert_cmpuint (ferry_transfer_get_state (offered), ==, state);

  return offered;
}

/* REL-9, REL-15: s5b is BAD and was kept alive, ibb is GOOD; one offer, one question to the user. */
static void
test_another_method_is_tried (TwoClients    *clients,
                              gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (50000);
  g_autoptr(FerryTransfer) offered = NULL;

  two_clients_tamper (clients, "<streamhost ", "<nothing ");
  offered = send_and_accept (clients, contents, FERRY_TRANSFER_DONE);

  g_assert_cmpuint (clients->n_tampered, >, 0);
  g_assert_cmpuint (ferry_transfer_get_path (offered), ==, FERRY_PATH_IN_BAND);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (clients->juliet.queue)), ==, 1);
  party_assert_has_file (&clients->juliet, "linked.bin", contents);
}

/* REL-10: where nobody keeps the context alive, the first failure is the last. */
static void
test_nothing_is_tried_without_keep_alive (TwoClients    *clients,
                                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (50000);
  g_autoptr(FerryTransfer) offered = NULL;

  two_clients_tamper (clients, "<streamhost ", "<nothing ");
  two_clients_tamper_also (clients, "keepAlive='true'", "keepAlive='false'");
  offered = send_and_accept (clients, contents, FERRY_TRANSFER_FAILED);
  g_assert_cmpuint (party_count_files (&clients->juliet), ==, 0);
}

/* REL-14: listing 3 has no size; then the end of the stream is the end, and nothing is verified. */
static void
test_arrives_without_a_size (TwoClients    *clients,
                             gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (50000);
  g_autoptr(FerryTransfer) offered = NULL;

  two_clients_tamper (clients, " size='", " weight='");
  offered = send_and_accept (clients, contents, FERRY_TRANSFER_DONE);

  g_assert_cmpuint (clients->n_tampered, >, 0);
  g_assert_cmpuint (ferry_transfer_get_verified (offered), ==, FERRY_VERIFIED_NO);
  party_assert_has_file (&clients->juliet, "linked.bin", contents);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char  *name;
    void       (*func) (TwoClients    *clients,
                        gconstpointer  data);
  } tests[] = {
    { "another-method-is-tried", test_another_method_is_tried },
    { "nothing-is-tried-without-keep-alive", test_nothing_is_tried_without_keep_alive },
    { "arrives-without-a-size", test_arrives_without_a_size },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/transfer-rel/%s", tests[i].name);

      g_test_add (path, TwoClients, NULL, set_up, tests[i].func, tear_down);
    }

  return g_test_run ();
}
