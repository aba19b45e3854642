/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <stdlib.h>
#include <string.h>

#include "caps-fixture.h"
#include "core/capabilities-private.h"

static gboolean
can_receive (CapsFixture *fixture,
             const char  *jid)
{
  return ferry_contact_get_can_receive (ferry_roster_lookup (fixture->roster, jid, FALSE));
}

/* SEC-4, DISC-1 */
static void
test_answers_those_who_may_see_us (CapsFixture   *fixture,
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
test_announces_what_it_answers (CapsFixture   *fixture,
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
  g_autofree char *node = g_strdup_printf ("%s#%s", FERRY_CAPS_NODE, ver);
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

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Protocols 10.1: no more, for others choose by it what to send us, and no less. */
static void
test_advertises_what_it_can_do (CapsFixture   *fixture,
                                gconstpointer  data)
{
  static const char *const expected[] = {
    "http://jabber.org/protocol/bytestreams",
    "http://jabber.org/protocol/caps",
    "http://jabber.org/protocol/disco#info",
    "http://jabber.org/protocol/feature-neg",
    "http://jabber.org/protocol/ibb",
    "http://jabber.org/protocol/rel",
    "http://jabber.org/protocol/si",
    "http://jabber.org/protocol/si/profile/file-transfer",
    "http://jabber.org/protocol/si/profile/filexfer",
    "urn:ferry:punch:0",
    "urn:ferry:resume:0",
    "urn:xmpp:hash-function-text-names:sha-1",
    "urn:xmpp:hash-function-text-names:sha-256",
    "urn:xmpp:hash-function-text-names:sha-512",
    "urn:xmpp:hashes:2",
    "urn:xmpp:jingle:0",
    "urn:xmpp:jingle:1",
    "urn:xmpp:jingle:apps:file-transfer:0",
    "urn:xmpp:jingle:apps:file-transfer:1",
    "urn:xmpp:jingle:apps:file-transfer:3",
    "urn:xmpp:jingle:apps:file-transfer:4",
    "urn:xmpp:jingle:apps:file-transfer:5",
    "urn:xmpp:jingle:transports:bytestreams:0",
    "urn:xmpp:jingle:transports:ibb:0",
    "urn:xmpp:jingle:transports:ibb:1",
    "urn:xmpp:jingle:transports:s5b:0",
    "urn:xmpp:jingle:transports:s5b:1",
    "urn:xmpp:ping",
  };
  g_auto(GStrv) features = ferry_disco_info_dup_features (fixture->caps->own);

  qsort (features, g_strv_length (features), sizeof *features, compare_strings);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (features[i], ==, expected[i]);
  g_assert_null (features[G_N_ELEMENTS (expected)]);
}

static void
test_knows_no_other_node (CapsFixture   *fixture,
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
test_asks_once_for_all_who_announce_the_same (CapsFixture   *fixture,
                                              gconstpointer  data)
{
  g_autofree char *ver = caps_fixture_compute_ver (ABLE);
  g_autofree char *asked = NULL;
  const FerryResource *resource;

  caps_fixture_announce (fixture, JULIET "/balcony", 0, ver);
  caps_fixture_announce (fixture, NURSE "/kitchen", 0, ver);
  caps_fixture_announce (fixture, JULIET "/balcony", 1, ver);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 1);
  g_assert_false (can_receive (fixture, JULIET));
  asked = caps_fixture_answer (fixture, ABLE);
  g_assert_cmpstr (asked, ==, JULIET "/balcony");
  g_assert_true (can_receive (fixture, JULIET));
  g_assert_true (can_receive (fixture, NURSE));

  caps_fixture_announce (fixture, JULIET "/chamber", 0, ver);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
  resource = ferry_contact_find_resource (ferry_roster_lookup (fixture->roster, JULIET, FALSE),
                                          JULIET "/chamber");
  g_assert_true (ferry_resource_has_feature (resource, "urn:xmpp:jingle:1"));
  g_assert_false (ferry_resource_has_feature (resource, "urn:x"));
  g_assert_cmpstr (resource->client_name, ==, "Able");
}

/* DISC-6 */
static void
test_remembers_over_a_restart (CapsFixture   *fixture,
                               gconstpointer  data)
{
  g_autofree char *ver = caps_fixture_compute_ver (ABLE);
  g_autofree char *asked = NULL;

  caps_fixture_announce (fixture, JULIET "/balcony", 0, ver);
  asked = caps_fixture_answer (fixture, ABLE);
  caps_fixture_stop (fixture);
  caps_fixture_start (fixture);
  caps_fixture_announce (fixture, JULIET "/balcony", 0, ver);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
  g_assert_true (can_receive (fixture, JULIET));
}

/* DISC-4: one who lies about a hash lies for himself. */
static void
test_is_not_poisoned (CapsFixture   *fixture,
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
      g_autofree char *ver = caps_fixture_compute_ver (truth);

      caps_fixture_announce (fixture, NURSE "/kitchen", 0, ver);
      caps_fixture_announce (fixture, JULIET "/balcony", 0, ver);
      liar = caps_fixture_answer (fixture, lies[i]);
      g_assert_cmpstr (liar, ==, NURSE "/kitchen");
      g_assert_false (can_receive (fixture, JULIET));

      honest = caps_fixture_answer (fixture, truth);
      g_assert_cmpstr (honest, ==, JULIET "/balcony");
      g_assert_true (can_receive (fixture, JULIET));

      fake_port_inject (fixture->port, "<presence type='unavailable' from='" NURSE "'/>");
      fake_port_inject (fixture->port, "<presence type='unavailable' from='" JULIET "'/>");
    }
}

static void
test_forgets_an_answer_that_came_late (CapsFixture   *fixture,
                                       gconstpointer  data)
{
  g_autofree char *able = caps_fixture_compute_ver (ABLE);
  g_autofree char *unable = caps_fixture_compute_ver (UNABLE);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  caps_fixture_announce (fixture, JULIET "/balcony", 0, able);
  caps_fixture_announce (fixture, JULIET "/balcony", 0, unable);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 2);
  first = caps_fixture_answer (fixture, ABLE);
  g_assert_false (can_receive (fixture, JULIET));
  second = caps_fixture_answer (fixture, UNABLE);
  g_assert_false (can_receive (fixture, JULIET));
}

static void
test_ignores_caps_it_cannot_check (CapsFixture   *fixture,
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
      fake_port_inject (fixture->port, "<presence from='" JULIET "/balcony'>%s</presence>",
                        caps[i]);
      g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
    }

  /* Nor of those whose presence means nothing to us. */
  caps_fixture_announce (fixture, "tybalt@capulet.lit/sword", 0, "abc");
  caps_fixture_announce (fixture, JULIET, 0, "abc");
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_asks_few_at_a_time (CapsFixture   *fixture,
                         gconstpointer  data)
{
  for (int i = 0; i < 5000; i++)
    {
      g_autofree char *ver = g_strdup_printf ("v%d", i);

      caps_fixture_announce (fixture, JULIET "/balcony", 0, ver);
    }

  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 8);
  g_free (caps_fixture_answer (fixture, ABLE));
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 8);
}

static void
test_tells_clients_apart (CapsFixture   *fixture,
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
test_passes_disco_on (CapsFixture   *fixture,
                      gconstpointer  data)
{
  g_autoptr(GAsyncResult) good = NULL;
  g_autoptr(GAsyncResult) bad = NULL;
  g_autoptr(FerryElement) query = NULL;
  g_autoptr(GError) error = NULL;

  ferry_capabilities_disco_async (fixture->caps, "montague.lit", NULL, wait_done_cb, &good);
  g_free (caps_fixture_answer (fixture, ABLE));
  query = ferry_capabilities_disco_finish (fixture->caps, wait_for_result (&good), NULL);
  g_assert_true (ferry_element_is (query, "query", INFO));

  ferry_capabilities_disco_async (fixture->caps, "montague.lit", NULL, wait_done_cb, &bad);
  g_free (caps_fixture_answer (fixture, NULL));
  g_assert_null (ferry_capabilities_disco_finish (fixture->caps, wait_for_result (&bad), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* XS-2, XS-5 */
static void
test_knows_who_can_chat (CapsFixture   *fixture,
                         gconstpointer  data)
{
  static const struct
  {
    const char *children;
    gboolean    can_chat;
  } rows[] = {
    { ABLE, FALSE },
    { "<feature var='urn:xmpp:jingle:security:xtls:0'/>", FALSE },
    { "<feature var='urn:xmpp:jingle:apps:xmlstream:0'/>", FALSE },
    { "<feature var='urn:xmpp:jingle:security:xtls:0'/>"
      "<feature var='urn:xmpp:jingle:apps:xmlstream:0'/>", TRUE },
    { "<feature var='urn:xmpp:jingle:security:xtls:0'/>"
      "<feature var='urn:xmpp:tmp:jingle:apps:xmlstream:0'/>", TRUE },
  };
  FerryContact *juliet = ferry_roster_lookup (fixture->roster, JULIET, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *ver = caps_fixture_compute_ver (rows[i].children);
      gboolean can_chat;

      caps_fixture_announce (fixture, JULIET "/balcony", 0, ver);
      g_free (caps_fixture_answer (fixture, rows[i].children));
      g_assert_cmpint (ferry_contact_get_can_chat (juliet), ==, rows[i].can_chat);
      g_object_get (juliet, "can-chat", &can_chat, NULL);
      g_assert_cmpint (can_chat, ==, rows[i].can_chat);
    }

  fake_port_inject (fixture->port, "<presence type='unavailable' from='" JULIET "/balcony'/>");
  g_assert_false (ferry_contact_get_can_chat (juliet));
}

static void
test_says_what_else_it_can (CapsFixture   *fixture,
                            gconstpointer  data)
{
  static const char *const more[] = { "urn:more", "urn:xmpp:ping", NULL };
  static const char *const nothing[] = { NULL };
  g_autoptr(FerryElement) before = ferry_capabilities_get_own_caps (fixture->caps);
  g_autoptr(FerryElement) between = NULL;
  g_autoptr(FerryElement) after = NULL;
  g_autoptr(FerryElement) reply = NULL;
  g_autoptr(FerryDiscoInfo) info = NULL;

  ferry_capabilities_set_features (fixture->caps, more);
  between = ferry_capabilities_get_own_caps (fixture->caps);
  g_assert_false (ferry_element_equal (before, between));
  fake_port_inject (fixture->port, "<iq type='get' id='q' from='" JULIET "/x'>"
                    "<query xmlns='" INFO "'/></iq>");
  reply = fake_port_take (fixture->port);
  info = ferry_disco_info_parse (ferry_iq_get_payload (reply), NULL);
  g_assert_true (ferry_disco_info_has_feature (info, "urn:more"));
  g_assert_true (ferry_caps_verify (info, "sha-1", ferry_element_get_attribute (between, "ver")));

  ferry_capabilities_set_features (fixture->caps, nothing);
  after = ferry_capabilities_get_own_caps (fixture->caps);
  g_assert_true (ferry_element_equal (before, after));
}

#define ADD(path, func) \
  g_test_add ("/core/capabilities/" path, CapsFixture, NULL, caps_fixture_set_up, func, \
              caps_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("answers-those-who-may-see-us", test_answers_those_who_may_see_us);
  ADD ("announces-what-it-answers", test_announces_what_it_answers);
  ADD ("advertises-what-it-can-do", test_advertises_what_it_can_do);
  ADD ("knows-no-other-node", test_knows_no_other_node);
  ADD ("asks-once-for-all-who-announce-the-same", test_asks_once_for_all_who_announce_the_same);
  ADD ("remembers-over-a-restart", test_remembers_over_a_restart);
  ADD ("is-not-poisoned", test_is_not_poisoned);
  ADD ("forgets-an-answer-that-came-late", test_forgets_an_answer_that_came_late);
  ADD ("ignores-caps-it-cannot-check", test_ignores_caps_it_cannot_check);
  ADD ("asks-few-at-a-time", test_asks_few_at_a_time);
  ADD ("tells-clients-apart", test_tells_clients_apart);
  ADD ("passes-disco-on", test_passes_disco_on);
  ADD ("knows-who-can-chat", test_knows_who_can_chat);
  ADD ("says-what-else-it-can", test_says_what_else_it_can);

  return g_test_run ();
}
