/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <signal.h>

#include "core/contact-private.h"
#include "two-clients.h"

typedef struct
{
  TwoClients  clients;
  GFile      *file;     /* a small one */
} Fixture;

static void
configure (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_DIRECT | FERRY_PATH_IN_BAND;
  settings->max_running = 2;
}

static void
configure_many (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_DIRECT | FERRY_PATH_IN_BAND;
  settings->max_running = 100;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (100);

  two_clients_set_up (&fixture->clients, data != NULL ? (PartyConfigure) data : configure);
  fixture->file = make_file (&fixture->clients, "small.bin", contents);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_object_unref (fixture->file);
  two_clients_tear_down (&fixture->clients);
}

static FerryTransfer *
send_to_juliet (Fixture *fixture)
{
  return ferry_transfer_queue_send (fixture->clients.romeo.queue, "juliet@capulet.lit",
                                    fixture->file);
}

static FerryContact *
get_contact (Party      *party,
             const char *jid)
{
  return ferry_roster_lookup (party->roster, jid, FALSE);
}

static guint
count_items (Party *party)
{
  return g_list_model_get_n_items (G_LIST_MODEL (party->queue));
}

static void
test_waits_until_the_contact_is_there (Fixture       *fixture,
                                       gconstpointer  data)
{
  Party *romeo = &fixture->clients.romeo;
  FerryContact *juliet = ferry_roster_lookup (romeo->roster, JULIET, TRUE);
  FerryTransfer *sent;

  ferry_contact_set_roster (juliet, TRUE, NULL, "both");
  sent = send_to_juliet (fixture);
  g_assert_true (party_get_transfer (romeo, 0) == sent);
  wait_ms (50);
  g_assert_cmpuint (ferry_transfer_get_state (sent), ==, FERRY_TRANSFER_WAITING);
  g_assert_cmpuint (ferry_contact_get_n_active (juliet), ==, 1);
  g_assert_cmpuint (ferry_transfer_queue_get_n_active (romeo->queue), ==, 0);

  two_clients_befriend (&fixture->clients);
  wait_for_transfer (&fixture->clients.juliet, 0);
  wait_for_state (sent, FERRY_TRANSFER_OFFERING);
  g_assert_cmpuint (ferry_transfer_queue_get_n_active (romeo->queue), ==, 1);
}

static void
note_offer_cb (FerryTransferQueue *queue,
               FerryTransfer      *transfer,
               gpointer            user_data)
{
  guint *n_offers = user_data;

  g_assert_cmpuint (ferry_transfer_get_state (transfer), ==, FERRY_TRANSFER_OFFERED);
  g_assert_true (ferry_transfer_queue_find (queue, ferry_transfer_get_id (transfer)) == transfer);
  *n_offers += 1;
}

static void
test_starts_as_many_as_there_are_slots (Fixture       *fixture,
                                        gconstpointer  data)
{
  Party *juliet = &fixture->clients.juliet;
  FerryTransfer *sent[4];
  guint n_offers = 0;

  two_clients_befriend (&fixture->clients);
  g_signal_connect (juliet->queue, "offered", G_CALLBACK (note_offer_cb), &n_offers);
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    sent[i] = send_to_juliet (fixture);

  wait_for_transfer (juliet, 1);
  wait_ms (50);
  g_assert_cmpuint (n_offers, ==, 2);
  g_assert_cmpuint (ferry_contact_get_n_offers (get_contact (juliet, ROMEO)), ==, 2);
  g_assert_cmpuint (ferry_transfer_get_state (sent[0]), ==, FERRY_TRANSFER_OFFERING);
  g_assert_cmpuint (ferry_transfer_get_state (sent[1]), ==, FERRY_TRANSFER_OFFERING);
  g_assert_cmpuint (ferry_transfer_get_state (sent[2]), ==, FERRY_TRANSFER_WAITING);

  /* Offers that are made at the same time may come in any order. */
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    ferry_transfer_accept (wait_for_transfer (juliet, i), NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    wait_for_state (sent[i], FERRY_TRANSFER_DONE);

  g_assert_cmpuint (n_offers, ==, 4);
  g_assert_cmpuint (party_count_files (juliet), ==, 4);
  g_assert_cmpuint (ferry_contact_get_n_active (get_contact (juliet, ROMEO)), ==, 0);
  g_assert_cmpuint (ferry_contact_get_n_offers (get_contact (juliet, ROMEO)), ==, 0);
  g_signal_handlers_disconnect_by_data (juliet->queue, &n_offers);
}

/* SEC-31 */
static void
test_a_fifth_offer_is_too_many (Fixture       *fixture,
                                gconstpointer  data)
{
  Party *juliet = &fixture->clients.juliet;
  FerryTransfer *fifth;

  two_clients_befriend (&fixture->clients);
  for (guint i = 0; i < FERRY_OFFERS_PER_PEER; i++)
    send_to_juliet (fixture);
  wait_for_transfer (juliet, FERRY_OFFERS_PER_PEER - 1);

  fifth = send_to_juliet (fixture);
  wait_for_state (fifth, FERRY_TRANSFER_FAILED);
  g_assert_error ((GError *) ferry_transfer_get_error (fifth), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_PEER_BUSY);
  g_assert_cmpuint (count_items (juliet), ==, FERRY_OFFERS_PER_PEER);
}

static void
inject_jingle (Party      *party,
               const char *from,
               const char *action,
               const char *sid)
{
  fake_port_inject (party->port,
                    "<iq type='set' from='%s' to='%s' id='x1'>"
                    "<jingle xmlns='urn:xmpp:jingle:1' action='%s' sid='%s' initiator='%s'>"
                    "<content creator='initiator' name='f' senders='initiator'>"
                    "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'>"
                    "<file><name>f</name><size>1</size></file></description>"
                    "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='i1'"
                    " block-size='4096'/></content></jingle></iq>",
                    from, JULIET, action, sid, from);
}

static FerryElement *
take_answer (Fixture *fixture)
{
  FerryElement *answer = fake_port_take_matching (fixture->clients.juliet.port, "iq", NULL);

  g_assert_nonnull (answer);
  g_assert_true (ferry_iq_is (answer, FERRY_IQ_ERROR));
  return answer;
}

/* Strangers learn nothing: the answer is that of a client without file transfer (SEC-4),
 * whatever they ask, and for a chat room's occupants as well (SEC-5). */
static void
test_strangers_meet_an_unsupporting_client (Fixture       *fixture,
                                            gconstpointer  data)
{
  static const char *const actions[] = { "session-initiate", "session-terminate" };
  static const char *const strangers[] = { "eve@example.org/x", "room@conf.example.org/nick" };
  Party *juliet = &fixture->clients.juliet;

  fake_server_remove (fixture->clients.server, juliet->port);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    for (guint j = 0; j < G_N_ELEMENTS (strangers); j++)
      {
        g_autoptr(FerryElement) answer = NULL;
        g_autoptr(FerryStanzaError) error = NULL;

        inject_jingle (juliet, strangers[j], actions[i], "s1");
        answer = take_answer (fixture);
        error = ferry_stanza_error_from_stanza (answer);
        g_assert_cmpuint (error->condition, ==, FERRY_CONDITION_SERVICE_UNAVAILABLE);
        g_assert_null (error->specific);
        g_assert_cmpuint (fake_port_get_n_sent (juliet->port), ==, 0);
        g_assert_cmpuint (count_items (juliet), ==, 0);
        g_assert_null (get_contact (juliet, strangers[j]));
      }
}

static void
test_unknown_sessions_are_refused (Fixture       *fixture,
                                   gconstpointer  data)
{
  Party *juliet = &fixture->clients.juliet;
  g_autoptr(FerryElement) answer = NULL;
  g_autoptr(FerryStanzaError) error = NULL;

  two_clients_befriend (&fixture->clients);
  fake_server_remove (fixture->clients.server, juliet->port);
  inject_jingle (juliet, ROMEO, "session-accept", "nonesuch");
  answer = take_answer (fixture);
  error = ferry_stanza_error_from_stanza (answer);
  g_assert_cmpuint (error->condition, ==, FERRY_CONDITION_ITEM_NOT_FOUND);
  g_assert_cmpstr (error->specific, ==, "unknown-session");
}

/* SEC-1, SEC-3: whoever knows a session id but is not the peer. */
static void
test_a_session_belongs_to_its_peer (Fixture       *fixture,
                                    gconstpointer  data)
{
  Party *juliet = &fixture->clients.juliet;
  FerryTransfer *transfer;
  g_autoptr(FerryElement) answer = NULL;
  g_autoptr(FerryStanzaError) error = NULL;

  two_clients_befriend (&fixture->clients);
  fake_server_remove (fixture->clients.server, juliet->port);
  inject_jingle (juliet, ROMEO, "session-initiate", "s1");
  transfer = party_get_transfer (juliet, 0);
  g_assert_nonnull (transfer);
  fake_port_clear (juliet->port);

  inject_jingle (juliet, "romeo@montague.lit/elsewhere", "session-terminate", "s1");
  answer = take_answer (fixture);
  error = ferry_stanza_error_from_stanza (answer);
  g_assert_cmpstr (error->specific, ==, "unknown-session");
  g_assert_cmpuint (ferry_transfer_get_state (transfer), ==, FERRY_TRANSFER_OFFERED);

  inject_jingle (juliet, ROMEO, "session-terminate", "s1");
  g_assert_true (ferry_transfer_is_ended (transfer));
}

/* Memory and the window's list stay bounded, whatever a contact does for how long. */
static void
test_offers_taken_back_are_forgotten (Fixture       *fixture,
                                      gconstpointer  data)
{
  Party *juliet = &fixture->clients.juliet;
  const guint many = 60;

  two_clients_befriend (&fixture->clients);
  fake_server_remove (fixture->clients.server, juliet->port);

  for (guint i = 0; i < many; i++)
    {
      g_autofree char *sid = g_strdup_printf ("s%u", i);

      inject_jingle (juliet, ROMEO, "session-initiate", sid);
      inject_jingle (juliet, ROMEO, "session-terminate", sid);
      ferry_offer_limits_give_back (juliet->queue->limits, "romeo@montague.lit");
      fake_port_clear (juliet->port);
      g_assert_true (ferry_transfer_is_ended (party_get_transfer (juliet, count_items (juliet) - 1)));
    }

  g_assert_cmpuint (count_items (juliet), ==, 50);
}

/* J-15: both send the other the same file at once; one offer is enough. */
static void
test_the_same_file_both_ways_is_a_tie (Fixture       *fixture,
                                       gconstpointer  data)
{
  static const struct { const char *sid; gboolean theirs_counts; } rows[] = {
    { "!", TRUE }, { "zz", FALSE },
  };
  Party *juliet = &fixture->clients.juliet;

  two_clients_befriend (&fixture->clients);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GBytes) contents = make_contents (1);
      g_autoptr(GFile) file = make_file (&fixture->clients, "f", contents);
      FerryTransfer *ours = ferry_transfer_queue_send (juliet->queue, ROMEO, file);
      guint before;

      wait_for_state (ours, FERRY_TRANSFER_OFFERING);
      wait_for_transfer (&fixture->clients.romeo, i);
      before = count_items (juliet);
      inject_jingle (juliet, ROMEO, "session-initiate", rows[i].sid);
      g_assert_cmpuint (count_items (juliet) - before, ==, rows[i].theirs_counts);
    }
}

/* A subscription is needed by who offers, not by who is asked. */
static void
test_our_own_devices_may_offer (Fixture       *fixture,
                                gconstpointer  data)
{
  Party *juliet = &fixture->clients.juliet;

  fake_server_remove (fixture->clients.server, juliet->port);
  inject_jingle (juliet, "juliet@capulet.lit/phone", "session-initiate", "s1");
  g_assert_cmpuint (count_items (juliet), ==, 1);
  g_assert_cmpuint (ferry_transfer_get_state (party_get_transfer (juliet, 0)), ==,
                    FERRY_TRANSFER_OFFERED);
}

static void
test_a_bad_offer_reaches_nobody (Fixture       *fixture,
                                 gconstpointer  data)
{
  Party *juliet = &fixture->clients.juliet;

  two_clients_befriend (&fixture->clients);
  fake_server_remove (fixture->clients.server, juliet->port);
  fake_port_inject (juliet->port,
                    "<iq type='set' from='" ROMEO "' to='" JULIET "' id='x1'>"
                    "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'/></iq>");
  g_assert_cmpuint (count_items (juliet), ==, 0);
  g_assert_cmpuint (fake_port_get_n_sent (juliet->port), >=, 1);
}

static void
note_change_cb (GListModel *model,
                guint       position,
                guint       removed,
                guint       added,
                gpointer    user_data)
{
  guint *seen = user_data;

  seen[0]++;
  seen[1] = position;
  seen[2] = removed;
  seen[3] = added;
}

static void
test_retry_takes_the_place (Fixture       *fixture,
                            gconstpointer  data)
{
  Party *romeo = &fixture->clients.romeo;
  Party *juliet = &fixture->clients.juliet;
  FerryTransfer *sent;
  FerryTransfer *again;
  guint seen[4] = { 0 };

  two_clients_befriend (&fixture->clients);
  sent = send_to_juliet (fixture);
  ferry_transfer_decline (wait_for_transfer (juliet, 0));
  send_to_juliet (fixture);
  g_assert_null (ferry_transfer_queue_retry (romeo->queue, sent));

  wait_for_state (sent, FERRY_TRANSFER_DECLINED);
  wait_for_transfer (juliet, 1);
  g_signal_connect (romeo->queue, "items-changed", G_CALLBACK (note_change_cb), seen);
  again = ferry_transfer_queue_retry (romeo->queue, sent);
  g_signal_handlers_disconnect_by_data (romeo->queue, seen);

  g_assert_nonnull (again);
  g_assert_true (party_get_transfer (romeo, 0) == again);
  g_assert_cmpuint (count_items (romeo), ==, 2);
  g_assert_cmpuint (seen[0], ==, 1);
  g_assert_cmpuint (seen[1], ==, 0);
  g_assert_cmpuint (seen[2], ==, 1);
  g_assert_cmpuint (seen[3], ==, 1);

  ferry_transfer_accept (wait_for_transfer (juliet, 2), NULL, NULL);
  wait_for_state (again, FERRY_TRANSFER_DONE);
}

static void
count_ended_cb (FerryTransferQueue *queue,
                FerryTransfer      *transfer,
                gpointer            user_data)
{
  *(guint *) user_data += 1;
}

static void
test_clear_takes_the_ended_ones (Fixture       *fixture,
                                 gconstpointer  data)
{
  Party *romeo = &fixture->clients.romeo;
  FerryContact *other = ferry_roster_lookup (romeo->roster, "nurse@capulet.lit", TRUE);
  FerryTransfer *first;
  FerryTransfer *second;
  guint n_ended = 0;

  two_clients_befriend (&fixture->clients);
  g_signal_connect (romeo->queue, "ended", G_CALLBACK (count_ended_cb), &n_ended);
  first = send_to_juliet (fixture);
  second = send_to_juliet (fixture);
  ferry_transfer_cancel (first);
  g_assert_cmpuint (n_ended, ==, 1);
  g_assert_cmpuint (count_items (romeo), ==, 2);

  ferry_transfer_queue_clear (romeo->queue, other);
  g_assert_cmpuint (count_items (romeo), ==, 2);
  ferry_transfer_queue_clear (romeo->queue, NULL);
  g_assert_cmpuint (count_items (romeo), ==, 1);
  g_assert_true (party_get_transfer (romeo, 0) == second);
  g_signal_handlers_disconnect_by_data (romeo->queue, &n_ended);
}

/* Whose presence we do not see is asked at once, and the answer is final. */
static void
test_nobody_there_is_said (Fixture       *fixture,
                           gconstpointer  data)
{
  FerryTransfer *sent = ferry_transfer_queue_send (fixture->clients.romeo.queue,
                                                   "nobody@capulet.lit", fixture->file);

  wait_for_state (sent, FERRY_TRANSFER_FAILED);
  g_assert_error ((GError *) ferry_transfer_get_error (sent), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_OFFLINE);
}

static void
test_waiting_ones_outlive_a_lost_connection (Fixture       *fixture,
                                             gconstpointer  data)
{
  Party *romeo = &fixture->clients.romeo;
  FerryTransfer *sent;

  ferry_contact_set_roster (ferry_roster_lookup (romeo->roster, JULIET, TRUE), TRUE, NULL, "both");
  sent = send_to_juliet (fixture);
  wait_ms (10);
  party_lose_connection (romeo, fixture->clients.server);
  wait_ms (10);
  g_assert_cmpuint (ferry_transfer_get_state (sent), ==, FERRY_TRANSFER_WAITING);
  party_reconnect (romeo, fixture->clients.server);
  two_clients_befriend (&fixture->clients);
  ferry_transfer_accept (wait_for_transfer (&fixture->clients.juliet, 0), NULL, NULL);
  wait_for_state (sent, FERRY_TRANSFER_DONE);
}

#define ADD(path, configuration, func) \
  g_test_add ("/core/transfer-queue/" path, Fixture, configuration, fixture_set_up, func, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  ADD ("waits-until-the-contact-is-there", NULL, test_waits_until_the_contact_is_there);
  ADD ("starts-as-many-as-there-are-slots", NULL, test_starts_as_many_as_there_are_slots);
  ADD ("a-fifth-offer-is-too-many", configure_many, test_a_fifth_offer_is_too_many);
  ADD ("strangers-meet-an-unsupporting-client", NULL,
       test_strangers_meet_an_unsupporting_client);
  ADD ("unknown-sessions-are-refused", NULL, test_unknown_sessions_are_refused);
  ADD ("a-session-belongs-to-its-peer", NULL, test_a_session_belongs_to_its_peer);
  ADD ("offers-taken-back-are-forgotten", NULL, test_offers_taken_back_are_forgotten);
  ADD ("the-same-file-both-ways-is-a-tie", NULL, test_the_same_file_both_ways_is_a_tie);
  ADD ("our-own-devices-may-offer", NULL, test_our_own_devices_may_offer);
  ADD ("a-bad-offer-reaches-nobody", NULL, test_a_bad_offer_reaches_nobody);
  ADD ("retry-takes-the-place", NULL, test_retry_takes_the_place);
  ADD ("clear-takes-the-ended-ones", NULL, test_clear_takes_the_ended_ones);
  ADD ("nobody-there-is-said", NULL, test_nobody_there_is_said);
  ADD ("waiting-ones-outlive-a-lost-connection", NULL,
       test_waiting_ones_outlive_a_lost_connection);

  return g_test_run ();
}
