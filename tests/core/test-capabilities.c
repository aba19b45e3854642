/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "core/capabilities.h"
#include "core/roster-private.h"
#include "core/transfer.h"
#include "fake-port.h"
#include "proto/caps.h"
#include "wait.h"

#define OWN    "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit"
#define NURSE  "nurse@capulet.lit"
#define INFO   FERRY_NS_DISCO_INFO
#define NODE   "https://example.org/client"

/* What a client that takes files says, and one that does not. */
#define ABLE   "<identity category='client' type='pc' name='Able'/>" \
               "<feature var='urn:xmpp:jingle:1'/>" \
               "<feature var='urn:xmpp:jingle:apps:file-transfer:5'/>" \
               "<feature var='urn:xmpp:jingle:transports:ibb:1'/>"
#define UNABLE "<identity category='client' type='phone' name='Unable'/>" \
               "<feature var='urn:xmpp:jingle:1'/>"

typedef struct
{
  char              *data_dir;
  FakePort          *port;
  FerryRouter       *router;
  FerryRoster       *roster;
  FerryCapabilities *caps;
} Fixture;

static void
start (Fixture *fixture)
{
  fixture->port = fake_port_new (OWN);
  fixture->router = ferry_router_new ();
  fixture->roster = ferry_roster_new (fixture->router);
  fixture->caps = ferry_capabilities_new (fixture->router, fixture->roster, fixture->data_dir);
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (fixture->port));
  fake_port_inject (fixture->port, "<iq type='set' id='1'><query xmlns='jabber:iq:roster'>"
                    "<item jid='" JULIET "' subscription='both'/></query></iq>");
  fake_port_inject (fixture->port, "<iq type='set' id='2'><query xmlns='jabber:iq:roster'>"
                    "<item jid='" NURSE "' subscription='to'/></query></iq>");
  fake_port_clear (fixture->port);
}

static void
stop (Fixture *fixture)
{
  ferry_router_set_port (fixture->router, NULL);
  wait_until_idle ();
  g_assert_finalize_object (fixture->caps);
  g_assert_finalize_object (fixture->roster);
  g_assert_finalize_object (fixture->router);
  g_assert_finalize_object (fixture->port);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->data_dir = g_dir_make_tmp ("ferry-test-XXXXXX", &error);
  g_assert_no_error (error);
  start (fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *file = g_build_filename (fixture->data_dir, "capabilities.ini", NULL);

  stop (fixture);
  g_unlink (file);
  g_rmdir (fixture->data_dir);
  g_free (fixture->data_dir);
}

static FerryElement *
build_query (const char *children)
{
  return fake_stanza ("<query xmlns='" INFO "'>%s</query>", children);
}

/* The hash a client announces that says @children. */
static char *
compute_ver (const char *children)
{
  g_autoptr(FerryElement) query = build_query (children);
  g_autoptr(FerryDiscoInfo) info = ferry_disco_info_parse (query, NULL);

  return ferry_caps_compute (info);
}

static void
announce (Fixture    *fixture,
          const char *jid,
          int         priority,
          const char *ver)
{
  fake_port_inject (fixture->port, "<presence from='%s'><priority>%d</priority>"
                    "<c xmlns='" FERRY_NS_CAPS "' hash='sha-1' node='" NODE "' ver='%s'/>"
                    "</presence>", jid, priority, ver);
}

/* Takes the one question under way, and answers it unless @children is %NULL. */
static char *
answer (Fixture    *fixture,
        const char *children)
{
  g_autoptr(FerryElement) request = fake_port_take (fixture->port);
  g_autofree char *query = NULL;

  g_assert_nonnull (request);
  g_assert_nonnull (ferry_element_find (request, "query", INFO));

  if (children != NULL)
    query = g_strdup_printf ("<query xmlns='" INFO "'>%s</query>", children);
  if (query != NULL)
    fake_port_answer (fixture->port, request, query);
  else
    fake_port_answer_error (fixture->port, request, FERRY_CONDITION_FORBIDDEN);
  wait_until_idle ();

  return g_strdup (ferry_element_get_attribute (request, "to"));
}

static gboolean
can_receive (Fixture    *fixture,
             const char *jid)
{
  return ferry_contact_get_can_receive (ferry_roster_lookup (fixture->roster, jid, FALSE));
}

/* SEC-4, DISC-1 */
static void
test_answers_those_who_may_see_us (Fixture       *fixture,
                                   gconstpointer  data)
{
  static const char *const questions[] = {
    "<query xmlns='" INFO "'/>",
    "<query xmlns='" FERRY_NS_DISCO_ITEMS "'/>",
    "<ping xmlns='urn:xmpp:ping'/>",
  };
  static const struct { const char *from; gboolean allowed; } cases[] = {
    { "", TRUE },
    { "from='montague.lit'", TRUE },
    { "from='romeo@montague.lit'", TRUE },
    { "from='romeo@montague.lit/phone'", TRUE },
    { "from='" JULIET "/balcony'", TRUE },
    { "from='" NURSE "/kitchen'", FALSE },
    { "from='tybalt@capulet.lit/sword'", FALSE },
    { "from='capulet.lit'", FALSE },
    { "from='romeo@capulet.lit/orchard'", FALSE },
    { "from='room@rooms.montague.lit/nick'", FALSE },
    { "from=''", FALSE },
    { "from='@'", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (questions); j++)
      {
        g_autoptr(FerryElement) reply = NULL;
        g_autoptr(FerryElement) unknown = NULL;

        fake_port_inject (fixture->port, "<iq type='get' id='q' %s>%s</iq>", cases[i].from,
                          questions[j]);
        reply = fake_port_take (fixture->port);
        g_assert_true (ferry_iq_is (reply, cases[i].allowed ? FERRY_IQ_RESULT : FERRY_IQ_ERROR));

        /* Refused exactly as what we never heard of. */
        fake_port_inject (fixture->port, "<iq type='get' id='q' %s><x xmlns='urn:x'/></iq>",
                          cases[i].from);
        unknown = fake_port_take (fixture->port);
        g_assert_cmpint (ferry_element_equal (reply, unknown), ==, !cases[i].allowed);
      }
}

/* DISC-2: who asks for the hash in our presence gets what it was made of. */
static void
test_announces_what_it_answers (Fixture       *fixture,
                                gconstpointer  data)
{
  static const char *const features[] = {
    "http://jabber.org/protocol/bytestreams", "http://jabber.org/protocol/caps",
    "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/ibb",
    "urn:xmpp:hashes:2", "urn:xmpp:jingle:1", "urn:xmpp:jingle:apps:file-transfer:5",
    "urn:xmpp:jingle:transports:s5b:1", "urn:xmpp:jingle:transports:ibb:1", "urn:xmpp:ping",
  };
  g_autoptr(FerryElement) caps = ferry_capabilities_get_own_caps (fixture->caps);
  const char *ver = ferry_element_get_attribute (caps, "ver");
  g_autofree char *node = g_strdup_printf ("%s#%s", ferry_element_get_attribute (caps, "node"), ver);
  const char *nodes[] = { node, NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      g_autofree char *asked = nodes[i] ? g_strdup_printf ("node='%s'", nodes[i]) : g_strdup ("");
      g_autoptr(FerryElement) reply = NULL;
      g_autoptr(FerryDiscoInfo) info = NULL;

      fake_port_inject (fixture->port, "<iq type='get' id='q' from='" JULIET "/x'>"
                        "<query xmlns='" INFO "' %s/></iq>", asked);
      reply = fake_port_take (fixture->port);
      g_assert_true (ferry_iq_is (reply, FERRY_IQ_RESULT));
      info = ferry_disco_info_parse (ferry_iq_get_payload (reply), NULL);
      g_assert_cmpstr (info->node, ==, nodes[i]);
      g_assert_true (ferry_caps_verify (info, "sha-1", ver));
      g_assert_true (ferry_disco_info_has_identity (info, "client", "pc"));

      for (gsize j = 0; j < G_N_ELEMENTS (features); j++)
        g_assert_true (ferry_disco_info_has_feature (info, features[j]));
    }
}

static void
test_knows_no_other_node (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(FerryElement) reply = NULL;
  g_autoptr(FerryStanzaError) error = NULL;

  fake_port_inject (fixture->port, "<iq type='get' id='q' from='" JULIET "/x'>"
                    "<query xmlns='" INFO "' node='other'/></iq>");
  reply = fake_port_take (fixture->port);
  error = ferry_stanza_error_from_stanza (reply);
  g_assert_cmpint (error->condition, ==, FERRY_CONDITION_ITEM_NOT_FOUND);
}

static void
test_asks_once_for_all_who_announce_the_same (Fixture       *fixture,
                                              gconstpointer  data)
{
  g_autofree char *ver = compute_ver (ABLE);
  g_autofree char *asked = NULL;
  const FerryResource *resource;

  announce (fixture, JULIET "/balcony", 0, ver);
  announce (fixture, NURSE "/kitchen", 0, ver);
  announce (fixture, JULIET "/balcony", 1, ver);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 1);
  g_assert_false (can_receive (fixture, JULIET));
  asked = answer (fixture, ABLE);
  g_assert_cmpstr (asked, ==, JULIET "/balcony");
  g_assert_true (can_receive (fixture, JULIET));
  g_assert_true (can_receive (fixture, NURSE));

  announce (fixture, JULIET "/chamber", 0, ver);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
  resource = ferry_contact_find_resource (ferry_roster_lookup (fixture->roster, JULIET, FALSE),
                                          JULIET "/chamber");
  g_assert_true (ferry_resource_has_feature (resource, "urn:xmpp:jingle:1"));
  g_assert_false (ferry_resource_has_feature (resource, "urn:x"));
  g_assert_cmpstr (resource->client_name, ==, "Able");
}

/* DISC-6 */
static void
test_remembers_over_a_restart (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autofree char *ver = compute_ver (ABLE);
  g_autofree char *asked = NULL;

  announce (fixture, JULIET "/balcony", 0, ver);
  asked = answer (fixture, ABLE);
  stop (fixture);
  start (fixture);
  announce (fixture, JULIET "/balcony", 0, ver);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
  g_assert_true (can_receive (fixture, JULIET));
}

/* DISC-4: one who lies about a hash lies for himself. */
static void
test_is_not_poisoned (Fixture       *fixture,
                      gconstpointer  data)
{
  static const char *const lies[] = {
    UNABLE,
    ABLE "<feature var='urn:xmpp:jingle:1'/>", /* a duplicate */
    "",
    NULL,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *liar = NULL;
      g_autofree char *honest = NULL;
      g_autofree char *truth = g_strdup_printf ("%s<feature var='urn:case:%d'/>", ABLE, (int) i);
      g_autofree char *ver = compute_ver (truth);

      announce (fixture, NURSE "/kitchen", 0, ver);
      announce (fixture, JULIET "/balcony", 0, ver);
      liar = answer (fixture, lies[i]);
      g_assert_cmpstr (liar, ==, NURSE "/kitchen");
      g_assert_false (can_receive (fixture, JULIET));

      honest = answer (fixture, truth);
      g_assert_cmpstr (honest, ==, JULIET "/balcony");
      g_assert_true (can_receive (fixture, JULIET));

      fake_port_inject (fixture->port, "<presence type='unavailable' from='" NURSE "'/>");
      fake_port_inject (fixture->port, "<presence type='unavailable' from='" JULIET "'/>");
    }
}

static void
test_forgets_an_answer_that_came_late (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autofree char *able = compute_ver (ABLE);
  g_autofree char *unable = compute_ver (UNABLE);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  announce (fixture, JULIET "/balcony", 0, able);
  announce (fixture, JULIET "/balcony", 0, unable);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 2);
  first = answer (fixture, ABLE);
  g_assert_false (can_receive (fixture, JULIET));
  second = answer (fixture, UNABLE);
  g_assert_false (can_receive (fixture, JULIET));
}

static void
test_ignores_caps_it_cannot_check (Fixture       *fixture,
                                   gconstpointer  data)
{
  static const char *const caps[] = {
    "<c xmlns='" FERRY_NS_CAPS "' node='" NODE "' ver='1.0' ext='a b'/>",
    "<c xmlns='" FERRY_NS_CAPS "' node='" NODE "' ver='abc' hash='md5'/>",
    "<c xmlns='" FERRY_NS_CAPS "' ver='abc' hash='sha-1'/>",
    "<c xmlns='" FERRY_NS_CAPS "' node='" NODE "' hash='sha-1'/>",
    "<c xmlns='" FERRY_NS_CAPS "'/>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (caps); i++)
    {
      fake_port_inject (fixture->port, "<presence from='" JULIET "/balcony'>%s</presence>", caps[i]);
      g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
    }

  /* Nor of those whose presence means nothing to us. */
  announce (fixture, "tybalt@capulet.lit/sword", 0, "abc");
  announce (fixture, JULIET, 0, "abc");
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_asks_few_at_a_time (Fixture       *fixture,
                         gconstpointer  data)
{
  for (int i = 0; i < 5000; i++)
    {
      g_autofree char *ver = g_strdup_printf ("v%d", i);

      announce (fixture, JULIET "/balcony", 0, ver);
    }

  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 8);
  g_free (answer (fixture, ABLE));
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 8);
}

static FerryRecipient *
choose (Fixture    *fixture,
        const char *to,
        const char *dialect,
        GError    **error)
{
  g_autoptr(GAsyncResult) done = NULL;

  ferry_capabilities_choose_async (fixture->caps, to, dialect, NULL, wait_done_cb, &done);

  return ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), error);
}

static void
appear (Fixture    *fixture,
        const char *jid,
        int         priority,
        const char *children)
{
  g_autofree char *ver = compute_ver (children);

  announce (fixture, jid, priority, ver);
  if (fake_port_get_n_sent (fixture->port) > 0)
    g_free (answer (fixture, children));
}

/* SEL-6: and nothing is asked that is known. */
static void
test_chooses_the_best_resource (Fixture       *fixture,
                                gconstpointer  data)
{
  static const struct { const char *to, *dialect, *chosen; } cases[] = {
    { JULIET, NULL, JULIET "/balcony" },
    { JULIET, "jingle-1", JULIET "/balcony" },
    { JULIET "/chamber", NULL, JULIET "/chamber" },
    { "Juliet@Capulet.lit/chamber", NULL, JULIET "/chamber" },
  };

  appear (fixture, JULIET "/phone", 10, UNABLE);
  appear (fixture, JULIET "/balcony", 5, ABLE);
  appear (fixture, JULIET "/chamber", 1, ABLE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryRecipient) recipient = choose (fixture, cases[i].to, cases[i].dialect, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (recipient->jid, ==, cases[i].chosen);
      g_assert_cmpstr (recipient->dialect->name, ==, "jingle-1");
      g_assert_nonnull (recipient->profile);
    }

  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_says_why_nobody_can_be_chosen (Fixture       *fixture,
                                    gconstpointer  data)
{
  static const struct { const char *to, *dialect; int code; } cases[] = {
    { JULIET, NULL, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT },
    { JULIET "/phone", NULL, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT },
    { JULIET, "nonsense", FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT },
    { NURSE, NULL, FERRY_TRANSFER_ERROR_OFFLINE },
    { "tybalt@capulet.lit", NULL, FERRY_TRANSFER_ERROR_OFFLINE },
    { "no address", NULL, FERRY_TRANSFER_ERROR_OFFLINE },
    { "", NULL, FERRY_TRANSFER_ERROR_OFFLINE },
  };

  appear (fixture, JULIET "/phone", 10, UNABLE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (choose (fixture, cases[i].to, cases[i].dialect, &error));
      g_assert_error (error, FERRY_TRANSFER_ERROR, cases[i].code);
    }

  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

/* DISC-5, SEL-9 */
static void
test_asks_who_is_not_known (Fixture       *fixture,
                            gconstpointer  data)
{
  static const struct { const char *answers; const char *error; int code; } cases[] = {
    { ABLE, NULL, -1 },
    { UNABLE, NULL, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT },
    { NULL, "forbidden", -1 },
    { NULL, "feature-not-implemented", -1 },
    { NULL, "service-unavailable", FERRY_TRANSFER_ERROR_OFFLINE },
    { NULL, "recipient-unavailable", FERRY_TRANSFER_ERROR_OFFLINE },
    { NULL, "remote-server-not-found", FERRY_TRANSFER_ERROR_OFFLINE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryElement) request = NULL;
      g_autoptr(FerryRecipient) recipient = NULL;

      ferry_capabilities_choose_async (fixture->caps, "paris@verona.lit/x", NULL, NULL,
                                       wait_done_cb, &done);
      request = fake_port_take (fixture->port);
      g_assert_cmpstr (ferry_element_get_attribute (request, "to"), ==, "paris@verona.lit/x");

      if (cases[i].answers != NULL)
        fake_port_inject (fixture->port, "<iq type='result' id='%s' from='paris@verona.lit/x'>"
                          "<query xmlns='" INFO "'>%s</query></iq>",
                          ferry_element_get_attribute (request, "id"), cases[i].answers);
      else
        fake_port_inject (fixture->port, "<iq type='error' id='%s' from='paris@verona.lit/x'>"
                          "<error type='cancel'><%s xmlns='" FERRY_NS_STANZAS "'/></error></iq>",
                          ferry_element_get_attribute (request, "id"), cases[i].error);

      recipient = ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), &error);

      if (cases[i].code < 0)
        g_assert_cmpstr (recipient->jid, ==, "paris@verona.lit/x");
      else
        g_assert_error (error, FERRY_TRANSFER_ERROR, cases[i].code);
    }
}

/* Who says what he can comes before who does not say. */
static void
test_prefers_the_known (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(FerryRecipient) recipient = NULL;

  appear (fixture, JULIET "/chamber", 1, ABLE);
  fake_port_inject (fixture->port, "<presence from='" JULIET "/phone'><priority>9</priority>"
                    "</presence>");
  ferry_capabilities_choose_async (fixture->caps, JULIET, NULL, NULL, wait_done_cb, &done);
  g_free (answer (fixture, NULL));
  recipient = ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), NULL);
  g_assert_cmpstr (recipient->jid, ==, JULIET "/chamber");
}

static void
test_does_not_choose_without_a_connection (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  ferry_capabilities_choose_async (fixture->caps, "paris@verona.lit/x", NULL, NULL,
                                   wait_done_cb, &done);
  ferry_router_set_port (fixture->router, NULL);
  g_assert_null (ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), &error));
  g_assert_error (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_OFFLINE);
}

static void
test_can_be_cancelled (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  ferry_capabilities_choose_async (fixture->caps, "paris@verona.lit/x", NULL, cancellable,
                                   wait_done_cb, &done);
  g_cancellable_cancel (cancellable);
  g_assert_null (ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* SEC-4: an offer would be odd from somebody who does not exist. */
static void
test_shows_itself_to_whom_it_sends (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr(FerryRecipient) recipient = NULL;
  g_autoptr(FerryElement) reply = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  ferry_capabilities_choose_async (fixture->caps, "paris@verona.lit/x", NULL, NULL,
                                   wait_done_cb, &done);
  g_free (answer (fixture, ABLE));
  recipient = ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), NULL);
  fake_port_inject (fixture->port, "<iq type='get' id='q' from='Paris@verona.lit/x'>"
                    "<query xmlns='" INFO "'/></iq>");
  reply = fake_port_take (fixture->port);
  g_assert_true (ferry_iq_is (reply, FERRY_IQ_RESULT));
}

static void
test_tells_clients_apart (Fixture       *fixture,
                          gconstpointer  data)
{
  const FerryPeerProfile *unknown = ferry_peer_profile_get_default ();

  g_assert_true (ferry_capabilities_get_profile (fixture->caps, JULIET "/x") == unknown);
  g_assert_true (ferry_capabilities_get_profile (fixture->caps, "@") == unknown);
  fake_port_inject (fixture->port, "<presence from='" JULIET "/x'><c xmlns='" FERRY_NS_CAPS "' "
                    "hash='sha-1' node='https://dino.im' ver='abc'/></presence>");
  g_assert_cmpstr (ferry_capabilities_get_profile (fixture->caps, JULIET "/x")->name, ==, "dino");
}

static void
test_passes_disco_on (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GAsyncResult) good = NULL;
  g_autoptr(GAsyncResult) bad = NULL;
  g_autoptr(FerryElement) query = NULL;
  g_autoptr(GError) error = NULL;

  ferry_capabilities_disco_async (fixture->caps, "montague.lit", NULL, wait_done_cb, &good);
  g_free (answer (fixture, ABLE));
  query = ferry_capabilities_disco_finish (fixture->caps, wait_for_result (&good), NULL);
  g_assert_true (ferry_element_is (query, "query", INFO));

  ferry_capabilities_disco_async (fixture->caps, "montague.lit", NULL, wait_done_cb, &bad);
  g_free (answer (fixture, NULL));
  g_assert_null (ferry_capabilities_disco_finish (fixture->caps, wait_for_result (&bad), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

#define ADD(path, func) \
  g_test_add ("/core/capabilities/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("answers-those-who-may-see-us", test_answers_those_who_may_see_us);
  ADD ("announces-what-it-answers", test_announces_what_it_answers);
  ADD ("knows-no-other-node", test_knows_no_other_node);
  ADD ("asks-once-for-all-who-announce-the-same", test_asks_once_for_all_who_announce_the_same);
  ADD ("remembers-over-a-restart", test_remembers_over_a_restart);
  ADD ("is-not-poisoned", test_is_not_poisoned);
  ADD ("forgets-an-answer-that-came-late", test_forgets_an_answer_that_came_late);
  ADD ("ignores-caps-it-cannot-check", test_ignores_caps_it_cannot_check);
  ADD ("asks-few-at-a-time", test_asks_few_at_a_time);
  ADD ("chooses-the-best-resource", test_chooses_the_best_resource);
  ADD ("says-why-nobody-can-be-chosen", test_says_why_nobody_can_be_chosen);
  ADD ("asks-who-is-not-known", test_asks_who_is_not_known);
  ADD ("prefers-the-known", test_prefers_the_known);
  ADD ("does-not-choose-without-a-connection", test_does_not_choose_without_a_connection);
  ADD ("can-be-cancelled", test_can_be_cancelled);
  ADD ("shows-itself-to-whom-it-sends", test_shows_itself_to_whom_it_sends);
  ADD ("tells-clients-apart", test_tells_clients_apart);
  ADD ("passes-disco-on", test_passes_disco_on);

  return g_test_run ();
}
