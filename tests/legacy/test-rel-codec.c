/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/namespaces.h"
#include "legacy/rel-codec.h"
#include "legacy/rel.h"
#include "proto/iq.h"
#include "proto/proto-error.h"
#include "vector.h"

#define STANZAS FERRY_NS_STANZAS

#define BOTH ((1u << FERRY_REL_BYTESTREAMS) | (1u << FERRY_REL_IN_BAND))

#define FORM(field) "<feature xmlns='http://jabber.org/protocol/feature-neg'>" \
                    "<x xmlns='jabber:x:data'>" field "</x></feature>"
#define OPTION(name) "<option><value>" name "</value></option>"
#define METHODS(options) FORM ("<field var='method' type='list-single'>" options "</field>")
#define CHOICE(value) FORM ("<field var='method'>" value "</field>")

static FerryElement *
new_query (const char *ns,
           const char *attributes,
           const char *children)
{
  g_autofree char *xml = g_strdup_printf ("<query xmlns='%s' %s>%s</query>", ns, attributes,
                                          children);
  g_autoptr(GError) error = NULL;
  FerryElement *query = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return query;
}

/* Listing 3: the size is not said. */
static void
test_reads_and_writes_the_offer (void)
{
  g_autoptr(FerryElement) iq = vector_load ("xep-0041", "03-offer.xml");
  g_autoptr(FerryFileDescription) file = ferry_rel_offer_parse (ferry_iq_get_payload (iq), NULL);
  g_autoptr(FerryElement) sized = new_query ("filexfer", "filename='coolfile.txt' size='6'", "");

  g_assert_nonnull (file);
  g_assert_cmpstr (file->name, ==, "coolfile.txt");
  g_assert_cmpint (file->size, ==, -1);
  g_assert_cmpuint (file->hashes.announced, ==, 0);
  vector_assert_equal (ferry_iq_get_payload (iq), ferry_rel_offer_to_element (file));

  file->size = 6;
  vector_assert_equal (sized, ferry_rel_offer_to_element (file));
}

/* SEC-11, SEC-12 */
static void
test_refuses_offers (void)
{
  g_autofree char *name = g_strnfill (1025, 'a');
  g_autofree char *long_name = g_strdup_printf ("filename='%s'", name);
  const char *const cases[] = {
    "", "size='6'", "filename=''", "filename='a' size=''", "filename='a' size='-1'",
    "filename='a' size='9223372036854775808'", "name='a'", long_name,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) query = new_query ("filexfer", cases[i], "");
      g_autoptr(GError) error = NULL;

      g_assert_null (ferry_rel_offer_parse (query, &error));
      g_assert_nonnull (error);
    }
}

/* Listing 4 */
static void
test_reads_and_writes_the_consent (void)
{
  g_autoptr(FerryElement) iq = vector_load ("xep-0041", "04-consent.xml");
  g_autofree char *cid = ferry_rel_consent_parse (ferry_iq_get_payload (iq), NULL);

  g_assert_cmpstr (cid, ==, "myCID");
  vector_assert_equal (ferry_iq_get_payload (iq), ferry_rel_consent_to_element (cid));
}

/* REL-2, REL-3, SEC-11 */
static void
test_is_particular_about_cids (void)
{
  g_autofree char *longest = g_strnfill (128, 'a');
  g_autofree char *longer = g_strnfill (129, 'a');
  const struct { const char *cid; gboolean is_good; } cases[] = {
    { "myCID", TRUE }, { "0", TRUE }, { "a-b_c.d~!", TRUE }, { longest, TRUE },
    { "", FALSE }, { "my CID", FALSE }, { "\xc3\xa9", FALSE }, { longer, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) consent = ferry_rel_consent_to_element (cases[i].cid);
      g_autoptr(GError) error = NULL;
      g_autofree char *cid = ferry_rel_consent_parse (consent, &error);

      g_assert_cmpstr (cid, ==, cases[i].is_good ? cases[i].cid : NULL);
      g_assert_true ((error == NULL) == cases[i].is_good);
    }
}

static void
test_refuses_consents (void)
{
  static const char *const cases[] = {
    "", "<cid/>", "<cid value='a'/>", "<cid xmlns='" FERRY_NS_REL "'/>",
    "<cid xmlns='" FERRY_NS_REL "'>myCID</cid>",
  };
  g_autoptr(FerryElement) other = new_query ("jabber:iq:other", "", "<cid xmlns='" FERRY_NS_REL
                                             "' value='myCID'/>");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) query = new_query ("filexfer", "", cases[i]);
      g_autoptr(GError) error = NULL;

      g_assert_null (ferry_rel_consent_parse (query, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }

  g_assert_null (ferry_rel_consent_parse (other, NULL));
  g_assert_null (ferry_rel_consent_parse (NULL, NULL));
}

/* Listing 5. REL-13: we say the type of the form, which the listing does not. */
static void
test_reads_and_writes_the_query (void)
{
  g_autoptr(FerryElement) iq = vector_load ("xep-0041", "05-query.xml");
  g_autoptr(FerryElement) ours = ferry_rel_query_to_element ("myCID", BOTH, TRUE);
  g_autoptr(FerryElement) last = ferry_rel_query_to_element ("myCID", BOTH & ~1u, FALSE);
  g_autoptr(FerryElement) expected = NULL;
  g_autofree char *xml = NULL;
  g_auto(GStrv) around = NULL;
  guint methods = 0;
  gboolean keep_alive = FALSE;

  g_assert_true (ferry_rel_query_parse (ferry_iq_get_payload (iq), &methods, &keep_alive, NULL));
  g_assert_cmpuint (methods, ==, BOTH);
  g_assert_true (keep_alive);

  xml = ferry_element_print (ferry_iq_get_payload (iq));
  around = g_strsplit (xml, "<x xmlns='jabber:x:data'>", 2);
  g_free (xml);
  xml = g_strjoin ("<x xmlns='jabber:x:data' type='form'>", around[0], around[1], NULL);
  expected = ferry_element_parse (xml, -1, NULL);
  vector_assert_equal (expected, g_steal_pointer (&ours));

  g_assert_null (ferry_element_get_attribute (last, "keepAlive"));
  g_assert_true (ferry_rel_query_parse (last, &methods, &keep_alive, NULL));
  g_assert_cmpuint (methods, ==, 1u << FERRY_REL_IN_BAND);
  g_assert_false (keep_alive);
}

/* REL-5, REL-13, FN-4 */
static void
test_reads_queries (void)
{
  static const struct
  {
    const char *attributes;
    const char *children;
    guint methods;
    gboolean keep_alive;
  } cases[] = {
    { "cid='a'", METHODS (OPTION ("ibb")), 2, FALSE },
    { "cid='a' keepAlive='1'", METHODS (OPTION ("ibb") OPTION ("s5b")), BOTH, TRUE },
    { "cid='a' keepAlive='0'", METHODS (OPTION ("s5b")), 1, FALSE },
    { "cid='a' keepAlive='false'", METHODS (OPTION ("s5b")), 1, FALSE },
    { "cid='a' keepAlive='yes'", METHODS (OPTION ("s5b")), 1, FALSE },
    { "cid='a'", METHODS (OPTION ("http://jabber.org/protocol/ibb")), 0, FALSE },
    { "cid='a'", METHODS (OPTION ("dcc") OPTION ("s5b")), 1, FALSE },
    { "cid='a'", FORM ("<field var='FORM_TYPE'><value>x</value></field><field var='method'>"
                       OPTION ("s5b") "</field>"), 1, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) query = new_query (FERRY_NS_REL, cases[i].attributes,
                                                 cases[i].children);
      guint methods = 99;
      gboolean keep_alive = !cases[i].keep_alive;

      g_assert_true (ferry_rel_query_parse (query, &methods, &keep_alive, NULL));
      g_assert_cmpuint (methods, ==, cases[i].methods);
      g_assert_true (keep_alive == cases[i].keep_alive);
    }
}

/* Protocols 8: bad-request */
static void
test_refuses_queries (void)
{
  static const char *const cases[] = {
    "", "<feature xmlns='http://jabber.org/protocol/feature-neg'/>", FORM (""), METHODS (""),
    FORM ("<field var='stream-method'>" OPTION ("s5b") "</field>"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) query = new_query (FERRY_NS_REL, "cid='a'", cases[i]);
      g_autoptr(GError) error = NULL;
      gboolean keep_alive;
      guint methods;

      g_assert_false (ferry_rel_query_parse (query, &methods, &keep_alive, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

/* Listing 6 */
static void
test_reads_and_writes_the_choice (void)
{
  g_autoptr(FerryElement) iq = vector_load ("xep-0041", "06-choice.xml");
  FerryRelMethod method = FERRY_REL_N_METHODS;

  g_assert_true (ferry_rel_choice_parse (ferry_iq_get_payload (iq), "myCID", BOTH, &method, NULL));
  g_assert_cmpint (method, ==, FERRY_REL_BYTESTREAMS);
  vector_assert_equal (ferry_iq_get_payload (iq), ferry_rel_choice_to_element ("myCID", method));
}

/* REL-6, FN-5 */
static void
test_refuses_choices (void)
{
  static const char *const cases[][2] = {
    { "cid='a'", "" },
    { "cid='a'", CHOICE ("") },
    { "cid='a'", CHOICE ("<value>s5b</value>") }, /* not offered */
    { "cid='a'", CHOICE ("<value>dcc</value>") },
    { "cid='a'", CHOICE ("<value>ibb</value><value>s5b</value>") },
    { "cid='b'", CHOICE ("<value>ibb</value>") },
  };
  g_autoptr(FerryElement) brief = new_query (FERRY_NS_REL, "", CHOICE ("<value>ibb</value>"));
  FerryRelMethod method = FERRY_REL_N_METHODS;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) query = new_query (FERRY_NS_REL, cases[i][0], cases[i][1]);
      g_autoptr(GError) error = NULL;

      g_assert_false (ferry_rel_choice_parse (query, "a", 1u << FERRY_REL_IN_BAND, &method,
                                              &error));
      g_assert_nonnull (error);
    }

  g_assert_false (ferry_rel_choice_parse (NULL, "a", BOTH, &method, NULL));
  g_assert_cmpint (method, ==, FERRY_REL_N_METHODS);
  g_assert_true (ferry_rel_choice_parse (brief, "a", BOTH, &method, NULL));
  g_assert_cmpint (method, ==, FERRY_REL_IN_BAND);
}

/* Listing 7; GEN-5 reads it, GEN-6 writes more than it. */
static void
test_refusals_are_of_both_ages (void)
{
  static const struct { FerryRelRefusal refusal; const char *error; } cases[] = {
    { FERRY_REL_REFUSE_DECLINED, "<error code='403' type='cancel'><forbidden xmlns='" STANZAS "'/>"
      "<text xmlns='" STANZAS "'>Offer Declined</text></error>" },
    { FERRY_REL_REFUSE_NO_METHOD, "<error code='501' type='cancel'><feature-not-implemented "
      "xmlns='" STANZAS "'/><text xmlns='" STANZAS "'>No supported protocols.</text></error>" },
    { FERRY_REL_REFUSE_CID, "<error code='404' type='cancel'><item-not-found xmlns='" STANZAS
      "'/></error>" },
    { FERRY_REL_REFUSE_MALFORMED, "<error code='400' type='modify'><bad-request xmlns='" STANZAS
      "'/></error>" },
    { FERRY_REL_REFUSE_BUSY, "<error code='500' type='wait'><resource-constraint xmlns='" STANZAS
      "'/></error>" },
  };
  g_autoptr(FerryElement) request = vector_load ("xep-0041", "05-query.xml");
  g_autoptr(FerryElement) listing = vector_load ("xep-0041", "07-no-method.xml");
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (listing);

  g_assert_cmpint (error->condition, ==, FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf ("<iq xmlns='jabber:client'>%s</iq>", cases[i].error);
      g_autoptr(FerryElement) expected = ferry_element_parse (xml, -1, NULL);
      g_autoptr(FerryElement) iq = ferry_rel_refuse (request, cases[i].refusal);
      const FerryElement *written = ferry_element_find (iq, "error", NULL);

      g_assert_true (ferry_iq_is (iq, FERRY_IQ_ERROR));
      vector_assert_equal (ferry_element_get_child (expected, 0),
                           ferry_element_ref ((FerryElement *) written));
    }
}

/* What the queue asks of a dialect (SEC-3: an unknown cid and one of another look alike). */
static void
test_dialect_tells_its_stanzas (void)
{
  static const struct
  {
    const char *xml;
    const char *cid;
    gboolean opens;
    const char *refusal;
  } cases[] = {
    { "<iq type='set'><query xmlns='filexfer' filename='a'/></iq>", NULL, TRUE, "bad-request" },
    { "<iq type='set'><query xmlns='filexfer' cid='c'/></iq>", NULL, TRUE, "bad-request" },
    { "<iq type='get'><query xmlns='http://jabber.org/protocol/rel' cid='c'/></iq>", "c", FALSE,
      "item-not-found" },
    { "<iq type='get'><query xmlns='http://jabber.org/protocol/rel'/></iq>", NULL, FALSE,
      "bad-request" },
    { "<iq type='set'/>", NULL, FALSE, "bad-request" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) iq = ferry_element_parse (cases[i].xml, -1, NULL);
      g_autoptr(FerryElement) refusal = ferry_rel_dialect.refuse (iq);
      g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (refusal);

      g_assert_cmpstr (ferry_rel_dialect.get_sid (iq), ==, cases[i].cid);
      g_assert_true (ferry_rel_dialect.is_opening (iq) == cases[i].opens);
      g_assert_cmpstr (ferry_condition_to_string (error->condition), ==, cases[i].refusal);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/rel-codec/reads-and-writes-the-offer", test_reads_and_writes_the_offer);
  g_test_add_func ("/legacy/rel-codec/refuses-offers", test_refuses_offers);
  g_test_add_func ("/legacy/rel-codec/reads-and-writes-the-consent",
                   test_reads_and_writes_the_consent);
  g_test_add_func ("/legacy/rel-codec/is-particular-about-cids", test_is_particular_about_cids);
  g_test_add_func ("/legacy/rel-codec/refuses-consents", test_refuses_consents);
  g_test_add_func ("/legacy/rel-codec/reads-and-writes-the-query", test_reads_and_writes_the_query);
  g_test_add_func ("/legacy/rel-codec/reads-queries", test_reads_queries);
  g_test_add_func ("/legacy/rel-codec/refuses-queries", test_refuses_queries);
  g_test_add_func ("/legacy/rel-codec/reads-and-writes-the-choice",
                   test_reads_and_writes_the_choice);
  g_test_add_func ("/legacy/rel-codec/refuses-choices", test_refuses_choices);
  g_test_add_func ("/legacy/rel-codec/refusals-are-of-both-ages", test_refusals_are_of_both_ages);
  g_test_add_func ("/legacy/rel-codec/dialect-tells-its-stanzas", test_dialect_tells_its_stanzas);

  return g_test_run ();
}
