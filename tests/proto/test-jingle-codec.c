/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/iq.h"
#include "proto/jingle-codec.h"
#include "proto/proto-error.h"

#define GENERATION (&ferry_jingle_generation_1)

static FerryElement *
load (const char *folder,
      const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", folder, name, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  element = ferry_element_parse (xml, -1, &error);
  g_assert_no_error (error);

  return element;
}

static void
check_round_trip (const FerryElement *jingle)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryJingle) value = ferry_jingle_parse (jingle, GENERATION, &error);
  g_autoptr(FerryElement) written = NULL;

  g_assert_no_error (error);
  written = ferry_jingle_to_element (value, GENERATION);
  if (!ferry_element_equal (jingle, written))
    {
      g_autofree char *a = ferry_element_print (jingle);
      g_autofree char *b = ferry_element_print (written);

      g_error ("read:  %s\nwrote: %s", a, b);
    }
}

/* Every example of the specification, there and back. */
static void
test_vectors (gconstpointer data)
{
  const char *folder = data;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr(FerryElement) iq = load (folder, name);

      g_test_message ("%s", name);
      check_round_trip (ferry_iq_get_payload (iq));
      n++;
    }

  g_assert_cmpuint (n, >=, 14);
}

/* Every stanza that Dino 0.4.2 sent to itself. It writes one word its own way. */
static void
test_dino (gconstpointer data)
{
  g_autoptr(FerryElement) exchange = load ("dino", data);

  for (guint i = 0; i < ferry_element_get_n_children (exchange); i++)
    {
      const FerryElement *jingle = ferry_iq_get_payload (ferry_element_get_child (exchange, i));
      const FerryElement *reason = ferry_element_find (jingle, "reason", NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryJingle) value = ferry_jingle_parse (jingle, GENERATION, &error);

      g_assert_no_error (error);
      if (reason != NULL && ferry_element_find (reason, "failed_transport", NULL) != NULL)
        g_assert_cmpint (value->reason, ==, FERRY_JINGLE_REASON_FAILED_TRANSPORT);
      else
        check_round_trip (jingle);
    }
}

static FerryJingle *
parse (const char  *xml,
       GError     **error)
{
  g_autoptr(FerryElement) element = ferry_element_parse (xml, -1, error);

  g_assert_nonnull (element);

  return ferry_jingle_parse (element, GENERATION, error);
}

#define OPEN(action) "<jingle xmlns='urn:xmpp:jingle:1' sid='s1' action='" action "'>"

static void
test_refuses (void)
{
  static const char *const cases[] = {
    "<jingle xmlns='urn:xmpp:jingle:1' sid='s1'/>",
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-info'/>",
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid=''/>",
    "<jingle xmlns='urn:xmpp:jingle:1' action='Session-Info' sid='s1'/>",
    "<jingle xmlns='urn:xmpp:jingle:0' action='session-info' sid='s1'/>",
    "<jungle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s1'/>",
    OPEN ("session-initiate") "</jingle>",
    OPEN ("transport-info") "</jingle>",
    OPEN ("content-remove") "<reason><cancel/></reason></jingle>",
    OPEN ("content-remove") "<content/></jingle>",
    OPEN ("content-remove") "<content name=''/></jingle>",
    OPEN ("content-remove") "<content name='a' creator='nobody'/></jingle>",
    OPEN ("content-modify") "<content name='a' senders='all'/></jingle>",
    OPEN ("content-remove") "<content name='a'/><content name='a' creator='initiator'/></jingle>",
    OPEN ("content-add") "<content name='a'><description xmlns='urn:x'/>"
    "<description xmlns='urn:x'/>"
    "</content></jingle>",
    OPEN ("transport-info") "<content name='a'><transport xmlns='urn:x'/><transport xmlns='urn:y'/>"
    "</content></jingle>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryJingle) jingle = parse (cases[i], &error);

      g_assert_null (jingle);
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

/* SEC-11 */
static void
test_limits (void)
{
  static const struct { guint n_contents; guint length; gboolean ok; } cases[] = {
    { 16, 128, TRUE }, { 17, 128, FALSE }, { 16, 129, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fill = g_strnfill (cases[i].length - 2, 'a');
      g_autofree char *sid = g_strnfill (cases[i].length, 's');
      g_autoptr(GString) xml = g_string_new (NULL);
      g_autoptr(FerryJingle) jingle = NULL;

      g_string_printf (xml, "<jingle xmlns='urn:xmpp:jingle:1' action='content-remove' sid='%s'>",
                       sid);
      for (guint n = 0; n < cases[i].n_contents; n++)
        g_string_append_printf (xml, "<content name='%02u%s'/>", n, fill);
      g_string_append (xml, "</jingle>");

      jingle = parse (xml->str, NULL);
      g_assert_true ((jingle != NULL) == cases[i].ok);
    }
}

static void
test_limits_candidates (void)
{
  for (guint n = 20; n <= 23; n++)
    {
      g_autoptr(GString) xml = g_string_new (NULL);
      g_autoptr(FerryJingle) jingle = NULL;

      g_string_append (xml, "<jingle xmlns='urn:xmpp:jingle:1' action='transport-info' sid='s1'>"
                            "<content name='a'><transport xmlns='urn:t'>");
      for (guint i = 0; i < n; i++)
        g_string_append (xml, "<candidate/>");
      g_string_append (xml, "</transport></content></jingle>");

      jingle = parse (xml->str, NULL);
      g_assert_true ((jingle != NULL) == (n <= 21));
    }
}

static void
test_tolerates (void)
{
  g_autoptr(FerryJingle) jingle = parse (
    "<jingle xmlns='urn:xmpp:jingle:1' action='content-add' sid='s1'><x xmlns='urn:x'/>"
    "<content name='a'>"
    "<thumbnail xmlns='urn:x'/><transport xmlns='urn:t'/></content><reason/></jingle>", NULL);
  const FerryJingleContent *content;

  g_assert_nonnull (jingle);
  g_assert_null (jingle->info);
  g_assert_cmpint (jingle->reason, ==, FERRY_JINGLE_REASON_NONE);
  content = ferry_jingle_get_content (jingle, 0);
  g_assert_cmpint (content->creator, ==, FERRY_ROLE_INITIATOR);
  g_assert_cmpint (content->senders, ==, FERRY_JINGLE_SENDERS_UNSAID);
  g_assert_null (content->description);
  g_assert_nonnull (content->transport);
}

static void
test_reasons (void)
{
  static const struct { const char *name; FerryJingleReason reason; } cases[] = {
    { "success", FERRY_JINGLE_REASON_SUCCESS },
    { "failed-transport", FERRY_JINGLE_REASON_FAILED_TRANSPORT },
    { "failed_transport", FERRY_JINGLE_REASON_FAILED_TRANSPORT },
    { "failed_application", FERRY_JINGLE_REASON_FAILED_APPLICATION },
    { "connectivity-error", FERRY_JINGLE_REASON_CONNECTIVITY_ERROR },
    { "no-such-reason", FERRY_JINGLE_REASON_GENERAL_ERROR },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (OPEN ("session-terminate")
        "<reason><text>bye</text><%s/><file-too-large xmlns='urn:e'/></reason></jingle>",
        cases[i].name);
      g_autoptr(FerryJingle) jingle = parse (xml, NULL);

      g_assert_cmpint (jingle->reason, ==, cases[i].reason);
      g_assert_cmpstr (jingle->reason_text, ==, "bye");
      g_assert_true (ferry_element_is (jingle->reason_specific, "file-too-large", "urn:e"));
    }
}

static void
test_long_words_are_cut (void)
{
  g_autofree char *text = g_strnfill (5000, 'x');
  g_autofree char *xml = g_strdup_printf (OPEN ("session-terminate")
                                          "<reason><cancel/><text>%s</text></reason></jingle>",
                                          text);
  g_autoptr(FerryJingle) jingle = parse (xml, NULL);

  g_assert_cmpuint (strlen (jingle->reason_text), ==, 1024);
}

static void
test_one_table_of_actions (void)
{
  for (FerryJingleAction action = 0; action < FERRY_JINGLE_N_ACTIONS; action++)
    {
      g_autofree char *xml = g_strdup_printf (
        "<jingle xmlns='urn:xmpp:jingle:1' action='%s' sid='s1'>"
        "<content name='a' creator='responder'/></jingle>", ferry_jingle_action_get_name (action));
      g_autoptr(FerryElement) element = ferry_element_parse (xml, -1, NULL);
      g_autoptr(FerryJingle) jingle = ferry_jingle_parse (element, GENERATION, NULL);

      g_assert_nonnull (jingle);
      g_assert_cmpint (jingle->action, ==, action);
      check_round_trip (element);
    }
}

/* XEP-0166 §10 */
static void
test_errors (void)
{
  static const struct { FerryJingleRefusal refusal; const char *error; } cases[] = {
    { FERRY_JINGLE_REFUSE_BUSY, "<error type='wait'><resource-constraint %s/></error>" },
    { FERRY_JINGLE_REFUSE_MALFORMED, "<error type='cancel'><bad-request %s/></error>" },
    { FERRY_JINGLE_REFUSE_OUT_OF_ORDER, "<error type='wait'><unexpected-request %s/>"
      "<out-of-order xmlns='urn:xmpp:jingle:errors:1'/></error>" },
    { FERRY_JINGLE_REFUSE_UNKNOWN_SESSION, "<error type='cancel'><item-not-found %s/>"
      "<unknown-session xmlns='urn:xmpp:jingle:errors:1'/></error>" },
    { FERRY_JINGLE_REFUSE_TIE_BREAK, "<error type='cancel'><conflict %s/>"
      "<tie-break xmlns='urn:xmpp:jingle:errors:1'/></error>" },
    { FERRY_JINGLE_REFUSE_INFO, "<error type='modify'><feature-not-implemented %s/>"
      "<unsupported-info xmlns='urn:xmpp:jingle:errors:1'/></error>" },
    { FERRY_JINGLE_REFUSE_CLEAR_CHANNEL, "<error type='cancel'><not-acceptable %s/>"
      "<security-required xmlns='urn:xmpp:jingle:errors:1'/></error>" },
    { FERRY_JINGLE_REFUSE_MODIFY, "<error type='cancel'><feature-not-implemented %s/></error>" },
  };
  g_autoptr(FerryElement) iq = ferry_element_parse (
    "<iq xmlns='jabber:client' type='set' id='i7' from='a@b/c' to='d@e/f'/>", -1, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) xml = g_string_new ("<iq xmlns='jabber:client' type='error' id='i7' "
                                             "to='a@b/c'>");
      g_autoptr(FerryElement) answer = NULL;
      g_autoptr(FerryElement) wanted = NULL;

      g_string_append (xml, cases[i].error);
      g_string_append (xml, "</iq>");
      g_string_replace (xml, "%s", "xmlns='" FERRY_NS_STANZAS "'", 1);
      wanted = ferry_element_parse (xml->str, -1, NULL);
      answer = ferry_jingle_refuse (GENERATION, iq, cases[i].refusal, NULL);
      g_assert_true (ferry_element_equal (answer, wanted));
    }
}

int
main (int    argc,
      char **argv)
{
  static const char *const exchanges[] = {
    "direct.xml", "direct-omemo.xml", "ibb-offered.xml", "proxy.xml", "s5b-fails.xml",
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/proto/jingle-codec/xep-0166", "xep-0166", test_vectors);
  g_test_add_data_func ("/proto/jingle-codec/xep-0234", "xep-0234", test_vectors);
  for (gsize i = 0; i < G_N_ELEMENTS (exchanges); i++)
    {
      g_autofree char *path = g_strconcat ("/proto/jingle-codec/dino/", exchanges[i], NULL);

      g_test_add_data_func (path, exchanges[i], test_dino);
    }
  g_test_add_func ("/proto/jingle-codec/refuses", test_refuses);
  g_test_add_func ("/proto/jingle-codec/limits", test_limits);
  g_test_add_func ("/proto/jingle-codec/limits-candidates", test_limits_candidates);
  g_test_add_func ("/proto/jingle-codec/tolerates", test_tolerates);
  g_test_add_func ("/proto/jingle-codec/reasons", test_reasons);
  g_test_add_func ("/proto/jingle-codec/long-words-are-cut", test_long_words_are_cut);
  g_test_add_func ("/proto/jingle-codec/one-table-of-actions", test_one_table_of_actions);
  g_test_add_func ("/proto/jingle-codec/errors", test_errors);

  return g_test_run ();
}
