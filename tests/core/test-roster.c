/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/contact-private.h"
#include "core/roster-private.h"
#include "fake-port.h"
#include "wait.h"

#define OWN    "romeo@montague.lit/orchard"
#define BARE   "romeo@montague.lit"
#define JULIET "juliet@capulet.lit"
#define NURSE  "nurse@capulet.lit"

typedef struct
{
  FakePort    *port;
  FerryRouter *router;
  FerryRoster *roster;
  guint        n_changes;   /* of the model */
  guint        n_requests;
  char        *gone;        /* (owned): the last */
  guint        n_gone;
} Fixture;

static void
fixture_changed_cb (GListModel *model,
                    guint       position,
                    guint       removed,
                    guint       added,
                    gpointer    user_data)
{
  Fixture *fixture = user_data;

  fixture->n_changes++;
}

static void
fixture_gone_cb (FerryRoster *roster,
                 const char  *jid,
                 gpointer     user_data)
{
  Fixture *fixture = user_data;

  g_free (fixture->gone);
  fixture->gone = g_strdup (jid);
  fixture->n_gone++;
}

static void
fixture_requested_cb (FerryRoster  *roster,
                      FerryContact *contact,
                      gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->n_requests++;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->port = fake_port_new (OWN);
  fixture->router = ferry_router_new ();
  fixture->roster = ferry_roster_new (fixture->router);
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (fixture->port));
  g_signal_connect (fixture->roster, "items-changed", G_CALLBACK (fixture_changed_cb), fixture);
  g_signal_connect (fixture->roster, "resource-gone", G_CALLBACK (fixture_gone_cb), fixture);
  g_signal_connect (fixture->roster, "subscription-requested",
                    G_CALLBACK (fixture_requested_cb), fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  ferry_router_set_port (fixture->router, NULL);
  wait_until_idle ();
  g_assert_finalize_object (fixture->roster);
  g_assert_finalize_object (fixture->router);
  g_assert_finalize_object (fixture->port);
  g_free (fixture->gone);
}

static void
load (Fixture    *fixture,
      const char *items)
{
  g_autofree char *query = g_strdup_printf ("<query xmlns='jabber:iq:roster'>%s</query>", items);
  g_autoptr(FerryElement) request = NULL;

  ferry_roster_load_async (fixture->roster, NULL, NULL);
  request = fake_port_take_matching (fixture->port, "iq", "jabber:iq:roster");
  g_assert_nonnull (request);
  g_assert_null (ferry_element_get_attribute (request, "to"));
  fake_port_answer (fixture->port, request, query);
  wait_until_idle ();
}

static void
load_two (Fixture *fixture)
{
  load (fixture, "<item jid='" JULIET "' name='Juliet' subscription='both'/>"
                 "<item jid='" NURSE "' subscription='to'/>");
}

static guint
get_n (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->roster));
}

static FerryContact *
find (Fixture    *fixture,
      const char *jid)
{
  return ferry_roster_lookup (fixture->roster, jid, FALSE);
}

static void
test_shows_the_servers_list (Fixture       *fixture,
                             gconstpointer  data)
{
  FerryContact *juliet, *nurse;

  g_assert_false (ferry_roster_is_loaded (fixture->roster));
  load_two (fixture);
  g_assert_true (ferry_roster_is_loaded (fixture->roster));
  g_assert_cmpuint (get_n (fixture), ==, 2);
  g_assert_cmpuint (fixture->n_changes, ==, 1);

  juliet = find (fixture, "Juliet@CAPULET.lit/balcony");
  g_assert_cmpstr (ferry_contact_get_name (juliet), ==, "Juliet");
  g_assert_true (ferry_contact_is_trusted (juliet));
  g_assert_cmpint (ferry_contact_get_presence (juliet), ==, FERRY_PRESENCE_OFFLINE);
  nurse = find (fixture, NURSE);
  g_assert_cmpstr (ferry_contact_get_name (nurse), ==, "nurse");
  g_assert_false (ferry_contact_is_trusted (nurse));
  g_assert_null (find (fixture, "tybalt@capulet.lit"));
  g_assert_null (ferry_roster_lookup (fixture->roster, "@", TRUE));
}

/* A reconnect brings the list again: the same contacts, others gone, others new. */
static void
test_keeps_contacts_over_a_reconnect (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autoptr(FerryContact) juliet = NULL;
  g_autoptr(FerryContact) nurse = NULL;

  load_two (fixture);
  juliet = g_object_ref (find (fixture, JULIET));
  nurse = g_object_ref (find (fixture, NURSE));
  load (fixture, "<item jid='" JULIET "' name='Jule' subscription='to'/>"
                 "<item jid='paris@verona.lit' subscription='none'/>");

  g_assert_cmpuint (get_n (fixture), ==, 2);
  g_assert_true (find (fixture, JULIET) == juliet);
  g_assert_cmpstr (ferry_contact_get_name (juliet), ==, "Jule");
  g_assert_false (ferry_contact_is_trusted (juliet));
  g_assert_false (ferry_contact_get_in_roster (nurse));
  g_assert_true (ferry_contact_get_in_roster (find (fixture, "paris@verona.lit")));
}

static void
test_does_without_a_list (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(FerryElement) request = NULL;

  ferry_roster_load_async (fixture->roster, NULL, NULL);
  request = fake_port_take (fixture->port);
  fake_port_answer_error (fixture->port, request, FERRY_CONDITION_SERVICE_UNAVAILABLE);
  wait_until_idle ();
  g_assert_true (ferry_roster_is_loaded (fixture->roster));
  g_assert_cmpuint (get_n (fixture), ==, 0);
}

/* RFC 6121 §2.1.6 */
static void
test_takes_pushes_from_its_account_alone (Fixture       *fixture,
                                          gconstpointer  data)
{
  static const struct { const char *from; gboolean counts; } cases[] = {
    { "", TRUE },
    { "from='" BARE "'", TRUE },
    { "from='montague.lit'", TRUE },
    { "from='" OWN "'", FALSE },
    { "from='" JULIET "'", FALSE },
    { "from='" BARE "/garden'", FALSE },
    { "from='capulet.lit'", FALSE },
    { "from='tybalt@montague.lit'", FALSE },
    { "from=''", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) answer = NULL;
      guint n_before = get_n (fixture);

      fake_port_inject (fixture->port, "<iq type='set' id='p' %s><query xmlns='jabber:iq:roster'>"
                        "<item jid='push%d@capulet.lit' subscription='both'/></query></iq>",
                        cases[i].from, (int) i);
      g_assert_cmpuint (get_n (fixture) - n_before, ==, cases[i].counts);
      answer = fake_port_take (fixture->port);
      g_assert_true (ferry_iq_is (answer, cases[i].counts ? FERRY_IQ_RESULT : FERRY_IQ_ERROR));
    }
}

static void
test_follows_pushes (Fixture       *fixture,
                     gconstpointer  data)
{
  load_two (fixture);
  fake_port_inject (fixture->port, "<iq type='set' id='1'><query xmlns='jabber:iq:roster'>"
                    "<item jid='" NURSE "' name='Angelica' subscription='both'/></query></iq>");
  g_assert_cmpstr (ferry_contact_get_name (find (fixture, NURSE)), ==, "Angelica");
  g_assert_cmpstr (ferry_contact_get_subscription (find (fixture, NURSE)), ==, "both");
  g_assert_cmpuint (get_n (fixture), ==, 2);

  fake_port_inject (fixture->port, "<iq type='set' id='2'><query xmlns='jabber:iq:roster'>"
                    "<item jid='" NURSE "' subscription='remove'/></query></iq>");
  g_assert_cmpuint (get_n (fixture), ==, 1);
  g_assert_false (ferry_contact_is_trusted (find (fixture, NURSE)));
  /* Twice is no harm. */
  fake_port_inject (fixture->port, "<iq type='set' id='3'><query xmlns='jabber:iq:roster'>"
                    "<item jid='" NURSE "' subscription='remove'/></query></iq>");
  g_assert_cmpuint (get_n (fixture), ==, 1);
}

static void
test_refuses_malformed_pushes (Fixture       *fixture,
                               gconstpointer  data)
{
  static const char *const queries[] = {
    "",
    "<item/>",
    "<item jid=''/>",
    "<item jid='@capulet.lit'/>",
    "<other jid='" JULIET "'/>",
    "<item xmlns='urn:x' jid='" JULIET "'/>",
    "<item jid='" JULIET "'/><item jid='" NURSE "'/>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr(FerryElement) answer = NULL;
      g_autoptr(FerryStanzaError) error = NULL;

      fake_port_inject (fixture->port, "<iq type='set' id='p'><query xmlns='jabber:iq:roster'>"
                        "%s</query></iq>", queries[i]);
      answer = fake_port_take (fixture->port);
      error = ferry_stanza_error_from_stanza (answer);
      g_assert_cmpint (error->condition, ==, FERRY_CONDITION_BAD_REQUEST);
      g_assert_cmpuint (get_n (fixture), ==, 0);
    }
}

/* RFC 6121 §4.7.2.3: such a resource is there, but not for what is meant for Juliet. */
static void
test_a_negative_priority_is_not_there (Fixture       *fixture,
                                       gconstpointer  data)
{
  FerryContact *juliet;

  load_two (fixture);
  juliet = find (fixture, JULIET);
  fake_port_inject (fixture->port, "<presence from='" JULIET "/bot'><priority>-1</priority>"
                    "</presence>");
  g_assert_cmpint (ferry_contact_get_presence (juliet), ==, FERRY_PRESENCE_OFFLINE);
  g_assert_nonnull (ferry_contact_find_resource (juliet, JULIET "/bot"));

  fake_port_inject (fixture->port, "<presence from='" JULIET "/phone'/>");
  g_assert_cmpint (ferry_contact_get_presence (juliet), ==, FERRY_PRESENCE_AVAILABLE);
}

static void
test_follows_presence (Fixture       *fixture,
                       gconstpointer  data)
{
  FerryContact *juliet;

  load_two (fixture);
  juliet = find (fixture, JULIET);
  fake_port_inject (fixture->port, "<presence from='" JULIET "/balcony'><show>away</show>"
                    "<status>sighing</status><priority>5</priority></presence>");
  fake_port_inject (fixture->port, "<presence from='" JULIET "/phone'><priority>1</priority>"
                    "</presence>");

  g_assert_cmpuint (ferry_contact_get_n_resources (juliet), ==, 2);
  g_assert_cmpint (ferry_contact_get_presence (juliet), ==, FERRY_PRESENCE_AVAILABLE);
  g_assert_cmpstr (ferry_contact_get_resource (juliet, 0)->jid, ==, JULIET "/balcony");
  g_assert_cmpstr (ferry_contact_get_resource (juliet, 1)->jid, ==, JULIET "/phone");
  g_assert_nonnull (ferry_contact_find_resource (juliet, "Juliet@capulet.lit/phone"));

  fake_port_inject (fixture->port, "<presence type='unavailable' from='" JULIET "/phone'/>");
  g_assert_cmpint (ferry_contact_get_presence (juliet), ==, FERRY_PRESENCE_AWAY);
  g_assert_cmpstr (ferry_contact_get_status (juliet), ==, "sighing");
  g_assert_cmpstr (fixture->gone, ==, JULIET "/phone");
  g_assert_cmpuint (fixture->n_gone, ==, 1);

  /* Who was not there cannot go. */
  fake_port_inject (fixture->port, "<presence type='unavailable' from='" JULIET "/phone'/>");
  g_assert_cmpuint (fixture->n_gone, ==, 1);

  fake_port_inject (fixture->port, "<presence from='" JULIET "/phone'/>");
  fake_port_inject (fixture->port, "<presence type='unavailable' from='" JULIET "'/>");
  g_assert_cmpint (ferry_contact_get_presence (juliet), ==, FERRY_PRESENCE_OFFLINE);
  g_assert_cmpuint (fixture->n_gone, ==, 3);
  g_assert_null (ferry_contact_get_status (juliet));
}

static void
test_forgets_presence_when_offline (Fixture       *fixture,
                                    gconstpointer  data)
{
  load_two (fixture);
  fake_port_inject (fixture->port, "<presence from='" JULIET "/balcony'/>");
  ferry_roster_go_offline (fixture->roster);
  g_assert_cmpint (ferry_contact_get_presence (find (fixture, JULIET)), ==,
                   FERRY_PRESENCE_OFFLINE);
  g_assert_cmpuint (get_n (fixture), ==, 2);
  /* A file on its way to them needs no server. */
  g_assert_cmpuint (fixture->n_gone, ==, 0);
}

/* SEC-5, and what is not about a contact at all. */
static void
test_ignores_presence_of_others (Fixture       *fixture,
                                 gconstpointer  data)
{
  static const char *const stanzas[] = {
    "<presence from='" JULIET "/nick'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>",
    "<presence from='tybalt@capulet.lit/sword'/>",
    "<presence from='" OWN "'/>",
    "<presence/>",
    "<presence from=''/>",
    "<presence from='@@/'/>",
    "<presence from='" JULIET "/x' type='nonsense'/>",
    "<presence from='" JULIET "/x' type='probe'/>",
    "<presence from='" JULIET "/x' type='error'><error type='cancel'/></presence>",
    "<presence from='" JULIET "/x' type='subscribed'/>",
  };

  load_two (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (stanzas); i++)
    {
      fake_port_inject (fixture->port, "%s", stanzas[i]);
      g_assert_cmpuint (ferry_contact_get_n_resources (find (fixture, JULIET)), ==, 0);
      g_assert_null (find (fixture, "tybalt@capulet.lit"));
      g_assert_null (find (fixture, BARE));
    }

  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

/* SEC-7 */
static void
test_knows_our_other_devices (Fixture       *fixture,
                              gconstpointer  data)
{
  FerryContact *self;

  fake_port_inject (fixture->port, "<presence from='" BARE "/phone'/>");
  self = find (fixture, BARE);
  g_assert_nonnull (self);
  g_assert_true (ferry_contact_is_trusted (self));
  g_assert_cmpuint (ferry_contact_get_n_resources (self), ==, 1);
  g_assert_cmpuint (get_n (fixture), ==, 0);
}

static void
test_bounds_a_flood_of_resources (Fixture       *fixture,
                                  gconstpointer  data)
{
  load_two (fixture);

  for (int i = 0; i < 2000; i++)
    fake_port_inject (fixture->port, "<presence from='" JULIET "/%d'/>", i);

  g_assert_cmpuint (ferry_contact_get_n_resources (find (fixture, JULIET)), <=, 64);
}

static void
test_bounds_a_flood_of_requests (Fixture       *fixture,
                                 gconstpointer  data)
{
  for (int i = 0; i < 5000; i++)
    fake_port_inject (fixture->port, "<presence type='subscribe' from='s%d@spam.lit'/>", i);

  g_assert_cmpuint (fixture->n_requests, <=, 1000);
  g_assert_cmpuint (get_n (fixture), ==, 0);
}

static FerryElement *
take_presence (Fixture    *fixture,
               const char *type,
               const char *to)
{
  FerryElement *presence = fake_port_take (fixture->port);

  g_assert_nonnull (presence);
  g_assert_true (ferry_element_is (presence, "presence", FERRY_NS_CLIENT));
  g_assert_cmpstr (ferry_element_get_attribute (presence, "type"), ==, type);
  g_assert_cmpstr (ferry_element_get_attribute (presence, "to"), ==, to);

  return presence;
}

static void
test_asks_about_subscriptions (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(FerryElement) allowed = NULL;
  g_autoptr(FerryElement) back = NULL;
  g_autoptr(FerryElement) denied = NULL;

  fake_port_inject (fixture->port, "<presence type='subscribe' from='" JULIET "'/>");
  g_assert_cmpuint (fixture->n_requests, ==, 1);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);

  ferry_roster_answer_subscription (fixture->roster, find (fixture, JULIET), TRUE);
  allowed = take_presence (fixture, "subscribed", JULIET);
  back = take_presence (fixture, "subscribe", JULIET);

  ferry_roster_answer_subscription (fixture->roster, find (fixture, JULIET), FALSE);
  denied = take_presence (fixture, "unsubscribed", JULIET);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_adds_contacts (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) request = NULL;
  g_autoptr(FerryElement) subscribe = NULL;
  g_autoptr(FerryElement) subscribed = NULL;
  FerryElement *item;

  ferry_roster_add_async (fixture->roster, " Juliet@capulet.lit/x ", "Jule", NULL, wait_done_cb,
                          &done);
  request = fake_port_take (fixture->port);
  item = ferry_element_get_child (ferry_iq_get_payload (request), 0);
  g_assert_cmpstr (ferry_element_get_attribute (item, "jid"), ==, JULIET);
  g_assert_cmpstr (ferry_element_get_attribute (item, "name"), ==, "Jule");
  fake_port_answer (fixture->port, request, NULL);
  g_assert_true (ferry_roster_add_finish (fixture->roster, wait_for_result (&done), &error));
  g_assert_no_error (error);
  subscribe = take_presence (fixture, "subscribe", JULIET);

  /* That she asks back is no question to our user. */
  fake_port_inject (fixture->port, "<presence type='subscribe' from='" JULIET "'/>");
  subscribed = take_presence (fixture, "subscribed", JULIET);
  g_assert_cmpuint (fixture->n_requests, ==, 0);
}

static void
test_says_why_it_cannot_add (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GAsyncResult) malformed = NULL;
  g_autoptr(GAsyncResult) refused = NULL;
  g_autoptr(FerryElement) request = NULL;
  g_autoptr(GError) error = NULL;

  ferry_roster_add_async (fixture->roster, "no address", NULL, NULL, wait_done_cb, &malformed);
  g_assert_false (ferry_roster_add_finish (fixture->roster, wait_for_result (&malformed), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  ferry_roster_add_async (fixture->roster, JULIET, NULL, NULL, wait_done_cb, &refused);
  request = fake_port_take (fixture->port);
  fake_port_answer_error (fixture->port, request, FERRY_CONDITION_NOT_ALLOWED);
  g_assert_false (ferry_roster_add_finish (fixture->roster, wait_for_result (&refused), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_removes_contacts (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(FerryElement) request = NULL;
  FerryElement *item;

  load_two (fixture);
  ferry_roster_remove_async (fixture->roster, find (fixture, JULIET), NULL, wait_done_cb, &done);
  request = fake_port_take (fixture->port);
  item = ferry_element_get_child (ferry_iq_get_payload (request), 0);
  g_assert_cmpstr (ferry_element_get_attribute (item, "subscription"), ==, "remove");
  fake_port_answer (fixture->port, request, NULL);
  g_assert_true (ferry_roster_remove_finish (fixture->roster, wait_for_result (&done), NULL));
}

static void
test_holds_ten_thousand_contacts (Fixture       *fixture,
                                  gconstpointer  data)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("query", "jabber:iq:roster");
  g_autoptr(FerryElement) query = NULL;
  g_autoptr(FerryElement) request = NULL;
  g_autoptr(FerryElement) reply = NULL;

  /* Built, not parsed: the limits of one stanza are the gate's affair. */
  for (int i = 0; i < 10000; i++)
    {
      g_autofree char *jid = g_strdup_printf ("contact%d@capulet.lit", i);

      ferry_element_builder_open (builder, "item", NULL);
      ferry_element_builder_attribute (builder, "jid", jid);
      ferry_element_builder_attribute (builder, "subscription", "both");
      ferry_element_builder_close (builder);
    }

  query = ferry_element_builder_end (builder);
  ferry_roster_load_async (fixture->roster, NULL, NULL);
  request = fake_port_take (fixture->port);
  reply = ferry_iq_new_result (request, query);

  g_test_timer_start ();
  fake_port_inject_element (fixture->port, reply);
  wait_until_idle ();

  for (int i = 0; i < 10000; i++)
    {
      g_autofree char *from = g_strdup_printf ("contact%d@capulet.lit/r", i);
      FerryElementBuilder *presence = ferry_element_builder_new ("presence", FERRY_NS_CLIENT);
      g_autoptr(FerryElement) stanza = NULL;

      ferry_element_builder_attribute (presence, "from", from);
      stanza = ferry_element_builder_end (presence);
      fake_port_inject_element (fixture->port, stanza);
    }

  ferry_roster_go_offline (fixture->roster);
  g_assert_cmpuint (get_n (fixture), ==, 10000);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  g_test_minimized_result (g_test_timer_elapsed (), "10,000 contacts came and went");
  /* Far from what anything quadratic needs, even under a sanitizer on a busy machine. */
  g_assert_cmpfloat (g_test_timer_last (), <, 10.0);
}

#define ADD(path, func) \
  g_test_add ("/core/roster/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("shows-the-servers-list", test_shows_the_servers_list);
  ADD ("keeps-contacts-over-a-reconnect", test_keeps_contacts_over_a_reconnect);
  ADD ("does-without-a-list", test_does_without_a_list);
  ADD ("takes-pushes-from-its-account-alone", test_takes_pushes_from_its_account_alone);
  ADD ("follows-pushes", test_follows_pushes);
  ADD ("refuses-malformed-pushes", test_refuses_malformed_pushes);
  ADD ("follows-presence", test_follows_presence);
  ADD ("a-negative-priority-is-not-there", test_a_negative_priority_is_not_there);
  ADD ("forgets-presence-when-offline", test_forgets_presence_when_offline);
  ADD ("ignores-presence-of-others", test_ignores_presence_of_others);
  ADD ("knows-our-other-devices", test_knows_our_other_devices);
  ADD ("bounds-a-flood-of-resources", test_bounds_a_flood_of_resources);
  ADD ("bounds-a-flood-of-requests", test_bounds_a_flood_of_requests);
  ADD ("asks-about-subscriptions", test_asks_about_subscriptions);
  ADD ("adds-contacts", test_adds_contacts);
  ADD ("says-why-it-cannot-add", test_says_why_it_cannot_add);
  ADD ("removes-contacts", test_removes_contacts);
  ADD ("holds-ten-thousand-contacts", test_holds_ten_thousand_contacts);

  return g_test_run ();
}
