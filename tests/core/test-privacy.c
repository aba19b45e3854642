/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/contact-private.h"
#include "core/privacy.h"
#include "legacy/dialects.h"
#include "two-clients.h"

#define KIB 1024

/* Who is to stay hidden from the other, and by which wish. */
typedef struct
{
  const FerryDialect *dialect;
  gboolean            hides_receiver; /* else the sender */
  gboolean            is_of_contact;  /* not of everybody */
  gboolean            is_stranger;    /* nobody hides; the receiver is not known well */
} Case;

typedef struct
{
  TwoClients  clients;
  const Case *plan;       /* (nullable) */
  const char *hidden;     /* full JID: who says no address */
  guint       n_heard;    /* stanzas of theirs */
} Fixture;

static const Case *case_of_now;
static Case cases[100];
static guint n_cases;

static void
configure (FerrySettings *settings)
{
  gboolean is_receiver = g_str_has_prefix (settings->jid, "juliet");

  settings->dialect = g_strdup (case_of_now->dialect->name);
  settings->relay_only = !case_of_now->is_of_contact && !case_of_now->is_stranger
                         && is_receiver == case_of_now->hides_receiver;
}

static void
assert_says_no_address (const FerryElement *element)
{
  const char *const names[] = { "host", "ip", "address" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (ferry_element_get_attribute (element, names[i]));

  for (guint i = 0; i < ferry_element_get_n_children (element); i++)
    assert_says_no_address (ferry_element_get_child (element, i));
}

static gboolean
listen (FerryElement *stanza,
        gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *xml = ferry_element_print (stanza);

  if (g_strcmp0 (ferry_element_get_attribute (stanza, "from"), fixture->hidden) != 0)
    return TRUE;

  fixture->n_heard++;
  assert_says_no_address (stanza);
  g_assert_null (strstr (xml, "127.0.0.1"));
  g_assert_null (strstr (xml, "::1"));

  return TRUE;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  Party *party = &fixture->clients.romeo;

  case_of_now = fixture->plan = data;
  two_clients_set_up (&fixture->clients, data != NULL ? configure : NULL);
  fixture->hidden = ROMEO;

  if (data != NULL && case_of_now->hides_receiver)
    {
      party = &fixture->clients.juliet;
      fixture->hidden = JULIET;
    }

  party_give_trust (party, FERRY_SECURITY_NONE);
  if (data != NULL && case_of_now->is_of_contact)
    ferry_trust_set_relay_only (party->trust, party == &fixture->clients.romeo ? JULIET : ROMEO,
                                TRUE);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  two_clients_tear_down (&fixture->clients);
}

/* SEC-15: nothing direct is said, and nothing direct is dialled: else it would be taken. */
static void
test_relay_only_says_nothing (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (100 * KIB);
  g_autoptr(GFile) file = make_file (&fixture->clients, "balcony.ogg", contents);
  FerryTransfer *sent;
  FerryTransfer *offered;

  two_clients_befriend (&fixture->clients);
  fake_server_set_filter (fixture->clients.server, listen, fixture);
  sent = ferry_transfer_queue_send (fixture->clients.romeo.queue, "juliet@capulet.lit", file);
  offered = wait_for_transfer (&fixture->clients.juliet, 0);
  wait_for_state (offered, FERRY_TRANSFER_OFFERED);
  ferry_transfer_accept (offered, NULL, NULL);
  wait_for_end (sent);
  wait_for_end (offered);

  g_assert_no_error (ferry_transfer_get_error (sent));
  g_assert_cmpint (ferry_transfer_get_path (sent), ==, FERRY_PATH_IN_BAND);
  g_assert_cmpint (ferry_transfer_get_path (offered), ==, FERRY_PATH_IN_BAND);
  party_assert_has_file (&fixture->clients.juliet, "balcony.ogg", contents);
  g_assert_cmpuint (fixture->n_heard, >, 0);
}

static gboolean
dialect_is_early (const FerryDialect *dialect)
{
  return g_str_equal (dialect->name, "jingle-0-bytestreams");
}

/* SEC-15: whom we do not know may learn of us when they agree, and not before. */
static void
test_strangers_agree_first (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (100 * KIB);
  g_autoptr(GFile) file = make_file (&fixture->clients, "balcony.ogg", contents);
  FerryContact *juliet;
  FerryTransfer *sent;
  FerryTransfer *offered;

  two_clients_befriend (&fixture->clients);
  juliet = ferry_roster_lookup (fixture->clients.romeo.roster, JULIET, FALSE);
  ferry_contact_set_roster (juliet, TRUE, NULL, "to");
  fake_server_set_filter (fixture->clients.server, listen, fixture);
  sent = ferry_transfer_queue_send (fixture->clients.romeo.queue, "juliet@capulet.lit", file);
  offered = wait_for_transfer (&fixture->clients.juliet, 0);
  wait_for_state (offered, FERRY_TRANSFER_OFFERED);
  g_assert_cmpuint (fixture->n_heard, >, 0);

  fixture->hidden = NULL;
  ferry_transfer_accept (offered, NULL, NULL);
  wait_for_end (sent);
  wait_for_end (offered);
  g_assert_no_error (ferry_transfer_get_error (sent));

  /* Where hosts are told once and early (BS0-7), it is too late for them. */
  g_assert_cmpint (ferry_transfer_get_path (sent), ==,
                   dialect_is_early (fixture->plan->dialect) ? FERRY_PATH_IN_BAND
                                                             : FERRY_PATH_DIRECT);
}

static FerryTransferServices *
get_services (Fixture *fixture)
{
  return ferry_transfer_queue_get_services (fixture->clients.romeo.queue);
}

/* Presence is shown to both sides, or it is no contact in this sense. */
static void
test_trusts_mutual_contacts (Fixture       *fixture,
                             gconstpointer  data)
{
  static const struct { const char *subscription; gboolean is_stranger; } rows[] = {
    { "none", TRUE }, { "to", TRUE }, { "from", TRUE }, { "both", FALSE },
  };
  FerryTransferServices *services = get_services (fixture);
  FerryContact *juliet = ferry_roster_lookup (fixture->clients.romeo.roster, JULIET, TRUE);

  g_assert_true (ferry_privacy_is_stranger (services, JULIET));
  g_assert_true (ferry_privacy_is_stranger (services, "nurse@capulet.lit"));
  g_assert_false (ferry_privacy_is_stranger (services, "romeo@montague.lit/tomb"));

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ferry_contact_set_roster (juliet, TRUE, NULL, rows[i].subscription);
      g_assert_cmpint (ferry_privacy_is_stranger (services, JULIET), ==, rows[i].is_stranger);
    }
}

static void
test_hides_from_whom_the_user_says (Fixture       *fixture,
                                    gconstpointer  data)
{
  FerryTransferServices *services = get_services (fixture);
  FerryTrust *trust = fixture->clients.romeo.trust;

  g_assert_false (ferry_privacy_is_relay_only (services, JULIET));
  ferry_trust_set_relay_only (trust, JULIET, TRUE);
  g_assert_true (ferry_privacy_is_relay_only (services, JULIET));
  g_assert_true (ferry_privacy_is_relay_only (services, "juliet@capulet.lit"));
  g_assert_false (ferry_privacy_is_relay_only (services, "nurse@capulet.lit"));
  ferry_trust_set_relay_only (trust, JULIET, FALSE);
  g_assert_false (ferry_privacy_is_relay_only (services, JULIET));
  services->settings->relay_only = TRUE;
  g_assert_true (ferry_privacy_is_relay_only (services, "nurse@capulet.lit"));
}

static void
add_cases (const FerryDialect *dialect,
           gboolean            is_first)
{
  static const struct { const char *name; gboolean hides_receiver; gboolean is_of_contact; } rows[] = {
    { "sender", FALSE, FALSE }, { "receiver", TRUE, FALSE },
    { "sender-of-contact", FALSE, TRUE }, { "receiver-of-contact", TRUE, TRUE },
  };

  /* Old dialects wait for seconds for what nobody may say in them: once is enough. */
  for (gsize i = 0; i < (is_first ? G_N_ELEMENTS (rows) : 2); i++)
    {
      Case *plan = &cases[n_cases++];
      g_autofree char *path = g_strdup_printf ("/core/privacy/relay-only-says-nothing/%s/%s",
                                               dialect->name, rows[i].name);

      g_assert_cmpuint (n_cases, <=, G_N_ELEMENTS (cases));
      plan->dialect = dialect;
      plan->hides_receiver = rows[i].hides_receiver;
      plan->is_of_contact = rows[i].is_of_contact;
      g_test_add_vtable (path, sizeof (Fixture), plan, (GTestFixtureFunc) fixture_set_up,
                         (GTestFixtureFunc) test_relay_only_says_nothing,
                         (GTestFixtureFunc) fixture_tear_down);
    }
}

static void
add_stranger (const FerryDialect *dialect)
{
  Case *plan = &cases[n_cases++];
  g_autofree char *path = g_strdup_printf ("/core/privacy/strangers-agree-first/%s", dialect->name);

  g_assert_cmpuint (n_cases, <=, G_N_ELEMENTS (cases));
  plan->dialect = dialect;
  plan->is_stranger = TRUE;
  g_test_add_vtable (path, sizeof (Fixture), plan, (GTestFixtureFunc) fixture_set_up,
                     (GTestFixtureFunc) test_strangers_agree_first,
                     (GTestFixtureFunc) fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  const FerryDialect *const *dialects = ferry_dialects_get ();

  g_test_init (&argc, &argv, NULL);

  g_test_add ("/core/privacy/trusts-mutual-contacts", Fixture, NULL, fixture_set_up,
              test_trusts_mutual_contacts, fixture_tear_down);
  g_test_add ("/core/privacy/hides-from-whom-the-user-says", Fixture, NULL, fixture_set_up,
              test_hides_from_whom_the_user_says, fixture_tear_down);

  for (guint i = 0; dialects[i] != NULL; i++)
    if (dialect_has_path (dialects[i], FERRY_PATH_IN_BAND)
        && dialect_has_path (dialects[i], FERRY_PATH_DIRECT))
      {
        add_cases (dialects[i], i == 0);
        add_stranger (dialects[i]);
      }

  return g_test_run ();
}
