/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/stanza-error.h"

#define STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

static FerryStanzaError *
read_error (const char *error)
{
  g_autofree char *xml = g_strdup_printf ("<iq xmlns='jabber:client' type='error'>%s</iq>", error);
  g_autoptr(GError) problem = NULL;
  g_autoptr(FerryElement) stanza = ferry_element_parse (xml, -1, &problem);

  g_assert_no_error (problem);

  return ferry_stanza_error_from_stanza (stanza);
}

/* GEN-5: with a condition, with only a code, with only a text. */
static void
test_reads_every_age_of_error (void)
{
  static const struct
  {
    const char           *error;
    FerryStanzaErrorType  type;
    FerryCondition        condition;
    const char           *specific;
    const char           *text;
  } cases[] = {
    { "<error type='cancel'><item-not-found " STANZAS "/>"
      "<unknown-session xmlns='urn:xmpp:jingle:errors:1'/><text " STANZAS "> hm </text></error>",
      FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_ITEM_NOT_FOUND, "unknown-session", "hm" },
    { "<error type='wait'><unexpected-request " STANZAS "/>"
      "<out-of-order xmlns='urn:xmpp:jingle:errors:0'/></error>",
      FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_UNEXPECTED_REQUEST, "out-of-order", NULL },
    { "<error type='modify' code='404'><conflict " STANZAS "/></error>",
      FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_CONFLICT, NULL, NULL },
    { "<error><forbidden " STANZAS "/></error>",
      FERRY_STANZA_ERROR_AUTH, FERRY_CONDITION_FORBIDDEN, NULL, NULL },
    { "<error type='cancel'><text " STANZAS ">x</text><gone " STANZAS ">xmpp:a@b</gone></error>",
      FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_GONE, NULL, "x" },
    { "<error code='403'>Offer Declined</error>",
      FERRY_STANZA_ERROR_AUTH, FERRY_CONDITION_FORBIDDEN, NULL, "Offer Declined" },
    { "<error code='406' type='cancel'/>",
      FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_NOT_ACCEPTABLE, NULL, NULL },
    { "<error code='502'/>",
      FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_SERVICE_UNAVAILABLE, NULL, NULL },
    { "<error code='504'/>",
      FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_REMOTE_SERVER_TIMEOUT, NULL, NULL },
    { "<error>No Valid Streams</error>",
      FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_NOT_ACCEPTABLE, NULL, "No Valid Streams" },
    { "<error>No supported protocols.</error>", FERRY_STANZA_ERROR_CANCEL,
      FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED, NULL, "No supported protocols." },
    { "<error code='-1'>whatever</error>",
      FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_UNDEFINED_CONDITION, NULL, "whatever" },
    { "<error type='odd'><made-up " STANZAS "/></error>",
      FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_UNDEFINED_CONDITION, NULL, NULL },
    { "", FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_UNDEFINED_CONDITION, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryStanzaError) error = read_error (cases[i].error);

      g_assert_nonnull (error);
      g_assert_cmpint (error->type, ==, cases[i].type);
      g_assert_cmpstr (ferry_condition_to_string (error->condition), ==,
                       ferry_condition_to_string (cases[i].condition));
      g_assert_cmpstr (error->specific, ==, cases[i].specific);
      g_assert_cmpstr (error->text, ==, cases[i].text);
    }
}

static void
test_is_none_in_other_stanzas (void)
{
  g_autoptr(FerryElement) stanza = ferry_element_parse (
    "<iq xmlns='jabber:client' type='result'><error type='cancel'/></iq>", -1, NULL);

  g_assert_null (ferry_stanza_error_from_stanza (stanza));
}

static void
test_writes_condition_and_code (void)
{
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_new (
    FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_BAD_REQUEST, "no-valid-streams",
    "http://jabber.org/protocol/si", "No");
  g_autoptr(FerryStanzaError) copy = NULL;
  g_autoptr(FerryElement) plain = ferry_stanza_error_to_element (error);
  g_autoptr(FerryElement) coded = NULL;
  g_autofree char *plain_xml = ferry_element_print (plain);
  g_autofree char *coded_xml = NULL;

  g_assert_cmpstr (plain_xml, ==,
                   "<error xmlns='jabber:client' type='cancel'><bad-request " STANZAS "/>"
                   "<no-valid-streams xmlns='http://jabber.org/protocol/si'/>"
                   "<text " STANZAS ">No</text></error>");

  ferry_stanza_error_add_code (error); /* GEN-6 */
  copy = ferry_stanza_error_copy (error);
  coded = ferry_stanza_error_to_element (copy);
  coded_xml = ferry_element_print (coded);
  g_assert_true (g_str_has_prefix (coded_xml, "<error xmlns='jabber:client' code='400' type='cancel'>"));
}

static void
test_survives_the_wire (void)
{
  for (guint condition = 0; condition <= FERRY_CONDITION_UNEXPECTED_REQUEST; condition++)
    for (guint type = 0; type <= FERRY_STANZA_ERROR_WAIT; type++)
      {
        g_autoptr(FerryStanzaError) sent = ferry_stanza_error_new (type, condition, "x", "urn:x", "t");
        g_autoptr(FerryElement) element = ferry_stanza_error_to_element (sent);
        g_autofree char *xml = ferry_element_print (element);
        g_autoptr(FerryStanzaError) received = read_error (xml);

        g_assert_cmpint (received->type, ==, type);
        g_assert_cmpint (received->condition, ==, condition);
        g_assert_cmpstr (received->specific, ==, "x");
        g_assert_cmpstr (received->specific_ns, ==, "urn:x");
        g_assert_cmpstr (received->text, ==, "t");
      }
}

/* Q-GA-6 */
static void
test_knows_both_spellings_of_tie_break (void)
{
  g_autoptr(FerryStanzaError) gajim = read_error (
    "<error type='cancel'><conflict " STANZAS "/><tiebreak xmlns='urn:xmpp:jingle:errors:1'/></error>");

  g_assert_true (ferry_stanza_error_is_specific (gajim, "tie-break"));
  g_assert_false (ferry_stanza_error_is_specific (gajim, "out-of-order"));
}

static void
test_cuts_long_texts (void)
{
  g_autofree char *filler = g_strnfill (5000, 'x');
  g_autofree char *xml = g_strdup_printf ("<error>\xc3\xa9%s</error>", filler);
  g_autoptr(FerryStanzaError) error = read_error (xml);

  g_assert_cmpuint (strlen (error->text), ==, 1024);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/stanza-error/reads-every-age-of-error", test_reads_every_age_of_error);
  g_test_add_func ("/proto/stanza-error/is-none-in-other-stanzas", test_is_none_in_other_stanzas);
  g_test_add_func ("/proto/stanza-error/writes-condition-and-code", test_writes_condition_and_code);
  g_test_add_func ("/proto/stanza-error/survives-the-wire", test_survives_the_wire);
  g_test_add_func ("/proto/stanza-error/knows-both-spellings-of-tie-break",
                   test_knows_both_spellings_of_tie_break);
  g_test_add_func ("/proto/stanza-error/cuts-long-texts", test_cuts_long_texts);

  return g_test_run ();
}
