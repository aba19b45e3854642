/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/jingle-1.h"
#include "proto/stanza-error.h"

#define DIALECT (&ferry_jingle_1_dialect)

static FerryElement *
parse_iq (const char *payload)
{
  g_autofree char *xml = g_strdup_printf (
    "<iq xmlns='jabber:client' type='set' id='i7' from='a@b/c' to='d@e/f'>%s</iq>", payload);
  FerryElement *iq = ferry_element_parse (xml, -1, NULL);

  g_assert_nonnull (iq);

  return iq;
}

static void
test_recognises (void)
{
  static const struct { const char *payload; const char *sid; gboolean opens; } cases[] = {
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'/>", "s1", TRUE },
    { "<jingle xmlns='urn:xmpp:jingle:1' action='transport-info' sid='s2'/>", "s2", FALSE },
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate'/>", NULL, TRUE },
    { "<jingle xmlns='urn:xmpp:jingle:0' action='session-initiate' sid='s1'/>", NULL, FALSE },
    { "<si xmlns='http://jabber.org/protocol/si' id='s1'/>", NULL, FALSE },
    { "", NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) iq = parse_iq (cases[i].payload);

      g_assert_cmpstr (DIALECT->get_sid (iq), ==, cases[i].sid);
      g_assert_cmpint (DIALECT->is_opening (iq), ==, cases[i].opens);
    }
}

/* J-4, SEC-3: the same for a session that ended and one that somebody else owns */
static void
test_refuses_unknown_sessions (void)
{
  static const struct
  {
    const char *payload;
    FerryCondition condition;
    const char *specific;
  } cases[] = {
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='s1'/>",
      FERRY_CONDITION_ITEM_NOT_FOUND, "unknown-session" },
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s1'/>",
      FERRY_CONDITION_ITEM_NOT_FOUND, "unknown-session" },
    { "<jingle xmlns='urn:xmpp:jingle:1' action='session-info'/>",
      FERRY_CONDITION_BAD_REQUEST, NULL },
    { "<jingle xmlns='urn:xmpp:jingle:1' action='sing' sid='s1'/>",
      FERRY_CONDITION_BAD_REQUEST, NULL },
    { "", FERRY_CONDITION_BAD_REQUEST, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) iq = parse_iq (cases[i].payload);
      g_autoptr(FerryElement) answer = DIALECT->refuse (iq);
      g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (answer);

      g_assert_cmpstr (ferry_element_get_attribute (answer, "id"), ==, "i7");
      g_assert_cmpstr (ferry_element_get_attribute (answer, "to"), ==, "a@b/c");
      g_assert_cmpint (error->condition, ==, cases[i].condition);
      g_assert_cmpstr (error->specific, ==, cases[i].specific);
    }
}

/* SEC-31 */
static void
test_is_busy (void)
{
  g_autoptr(FerryElement) iq = parse_iq ("<jingle xmlns='urn:xmpp:jingle:1'/>");
  g_autoptr(FerryElement) answer = DIALECT->busy (iq);
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (answer);

  g_assert_cmpint (error->condition, ==, FERRY_CONDITION_RESOURCE_CONSTRAINT);
  g_assert_cmpint (error->type, ==, FERRY_STANZA_ERROR_WAIT);
}

/* J-15 */
static void
test_breaks_ties (void)
{
  g_autoptr(FerryElement) iq = parse_iq ("<jingle xmlns='urn:xmpp:jingle:1'/>");
  g_autoptr(FerryElement) answer = DIALECT->tie (iq);
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (answer);

  g_assert_cmpint (error->condition, ==, FERRY_CONDITION_CONFLICT);
  g_assert_cmpstr (error->specific, ==, "tie-break");
}

/* FB-9 */
static void
test_in_band_comes_last (void)
{
  g_assert_cmpstr (DIALECT->transports[0], ==, "urn:xmpp:jingle:transports:s5b:1");
  g_assert_cmpstr (DIALECT->transports[1], ==, "urn:xmpp:jingle:transports:ibb:1");
  g_assert_null (DIALECT->transports[2]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/jingle-1/recognises", test_recognises);
  g_test_add_func ("/legacy/jingle-1/refuses-unknown-sessions", test_refuses_unknown_sessions);
  g_test_add_func ("/legacy/jingle-1/is-busy", test_is_busy);
  g_test_add_func ("/legacy/jingle-1/breaks-ties", test_breaks_ties);
  g_test_add_func ("/legacy/jingle-1/in-band-comes-last", test_in_band_comes_last);

  return g_test_run ();
}
