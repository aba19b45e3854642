/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/namespaces.h"
#include "legacy/si-87.h"
#include "legacy/si-codec.h"
#include "legacy/si.h"
#include "proto/iq.h"
#include "proto/proto-error.h"
#include "proto/stanza-error.h"
#include "vector.h"

static FerrySiOffer
parse_offer (const FerryElement *iq)
{
  g_autoptr(GError) error = NULL;
  FerrySiOffer offer;

  ferry_si_offer_parse (&offer, ferry_iq_get_payload (iq), &error);
  g_assert_no_error (error);

  return offer;
}

static guint
get_methods (const FerrySiOffer *offer)
{
  guint methods = 0;

  for (FerrySiMethod method = 0; method < FERRY_SI_N_METHODS; method++)
    if (offer->options[method] != NULL)
      methods |= 1u << method;

  return methods;
}

/* SI95-1, SI95-2, SI87-1: what we read and write is an offer of the specification. */
static void
test_writes_the_offers_of_the_specifications (void)
{
  static const struct
  {
    const char        *folder;
    const char        *name;
    const FerrySiText *text;
  } cases[] = {
    { "xep-0095", "offer-of-a-file.xml", &ferry_si_text_95 },
    { "xep-0087", "offer-with-type.xml", &ferry_si_text_87 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) iq = vector_load (cases[i].folder, cases[i].name);
      FerrySiOffer offer = parse_offer (iq);

      g_assert_cmpint (ferry_si_is_87 (ferry_iq_get_payload (iq)), ==, i == 1);
      vector_assert_equal (ferry_iq_get_payload (iq),
                           ferry_si_offer_to_element (cases[i].text, "a0", offer.file,
                                                      get_methods (&offer)));
      ferry_si_offer_clear (&offer);
    }
}

static void
test_reads_an_offer_with_strange_methods (void)
{
  g_autoptr(FerryElement) iq = vector_load ("xep-0095", "offer.xml");
  FerrySiOffer offer = parse_offer (iq);

  g_assert_cmpstr (offer.file->name, ==, "test.txt");
  g_assert_cmpint (offer.file->size, ==, 1022);
  g_assert_cmpstr (offer.file->media_type, ==, "text/plain");
  g_assert_false (offer.file->has_range);
  g_assert_cmpstr (offer.var, ==, "stream-method");
  g_assert_cmpuint (get_methods (&offer), ==, 3);
  ferry_si_offer_clear (&offer);
}

/* SIFT-4: in an offer it says that a part can be had, and not which. */
static void
test_reads_no_part_in_an_offer (void)
{
  static const char xml[] =
    "<si xmlns='" FERRY_NS_SI "' id='a0' profile='" FERRY_NS_SI_FILE_TRANSFER "'>"
    "<file xmlns='" FERRY_NS_SI_FILE_TRANSFER "' name='a' size='6'>"
    "<range offset='2' length='3'/></file>"
    "<feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data'>"
    "<field var='stream-method'><option><value>ibb</value></option></field></x></feature></si>";
  g_autoptr(FerryElement) si = ferry_element_parse (xml, -1, NULL);
  FerrySiOffer offer;

  g_assert_true (ferry_si_offer_parse (&offer, si, NULL));
  g_assert_true (offer.file->has_range);
  g_assert_cmpint (offer.file->range_offset, ==, 0);
  g_assert_cmpint (offer.file->range_length, ==, -1);
  ferry_si_offer_clear (&offer);
}

/* REL-13, SI87-5: the seed's form has no type; the hash is SHA-1. */
static void
test_reads_an_offer_of_the_oldest_text (void)
{
  g_autoptr(FerryElement) iq = vector_load ("xep-0087", "offer.xml");
  FerrySiOffer offer = parse_offer (iq);
  g_autofree char *hex = ferry_hashes_dup_hex (&offer.file->hashes, FERRY_HASH_SHA1);

  g_assert_cmpstr (hex, ==, "f572d396fae9206628714fb2ce00f72e94f2258f");
  g_assert_cmpstr (offer.file->name, ==, "a.txt");
  g_assert_cmpint (offer.file->size, ==, 6);
  g_assert_cmpint (offer.file->date, ==, -1);
  g_assert_cmpstr (offer.var, ==, "file-transfer-method");
  g_assert_cmpstr (offer.options[FERRY_SI_BYTESTREAMS], ==, "s5b");
  g_assert_cmpstr (offer.options[FERRY_SI_IN_BAND], ==, "ibb");
  ferry_si_offer_clear (&offer);
}

/* SI95-3, SI87-2, SIFT-4 */
static void
test_writes_the_results_of_the_specifications (void)
{
  static const struct
  {
    const char        *folder;
    const char        *name;
    const FerrySiText *text;
    gint64             offset;
  } cases[] = {
    { "xep-0095", "result.xml", &ferry_si_text_95, 0 },
    { "xep-0095", "result-with-range.xml", &ferry_si_text_95, 128 },
    { "xep-0087", "result.xml", &ferry_si_text_87, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) offered = vector_load (cases[i].folder, "offer.xml");
      g_autoptr(FerryElement) iq = vector_load (cases[i].folder, cases[i].name);
      FerrySiOffer offer = parse_offer (offered);
      g_autoptr(GError) error = NULL;
      FerrySiAnswer answer;

      ferry_si_answer_parse (&answer, cases[i].text, ferry_iq_get_payload (iq), &error);
      g_assert_no_error (error);
      g_assert_cmpint (answer.method, ==, FERRY_SI_BYTESTREAMS);
      g_assert_cmpint (answer.range_offset, ==, cases[i].offset);
      g_assert_cmpint (answer.range_length, ==, -1);
      vector_assert_equal (ferry_iq_get_payload (iq),
                           ferry_si_answer_to_element (cases[i].text, &offer, "a0", answer.method,
                                                       answer.range_offset));
      ferry_si_offer_clear (&offer);
    }
}

/* GEN-6, C-20: the older text's errors come with a condition, too, and are read without. */
static void
test_writes_the_refusals_of_the_specifications (void)
{
  static const struct
  {
    const char     *name;
    FerrySiRefusal  refusal;
    FerryCondition  condition_87;
  } cases[] = {
    { "declined.xml", FERRY_SI_REFUSE_DECLINED, FERRY_CONDITION_FORBIDDEN },
    { "no-valid-streams.xml", FERRY_SI_REFUSE_NO_VALID_STREAMS, FERRY_CONDITION_NOT_ACCEPTABLE },
    { "bad-profile.xml", FERRY_SI_REFUSE_BAD_PROFILE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) offer = vector_load ("xep-0095", "offer.xml");
      g_autoptr(FerryElement) expected = vector_load ("xep-0095", cases[i].name);
      g_autoptr(FerryElement) refusal = ferry_si_refuse (&ferry_si_text_95, offer,
                                                         cases[i].refusal);
      FerryElement *error = ferry_element_find (refusal, "error", FERRY_NS_CLIENT);

      g_assert_nonnull (error);
      vector_assert_equal (ferry_element_find (expected, "error", FERRY_NS_CLIENT),
                           ferry_element_ref (error));
    }

  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr(FerryElement) offer = vector_load ("xep-0087", "offer.xml");
      g_autoptr(FerryElement) theirs = vector_load ("xep-0087", cases[i].name);
      g_autoptr(FerryElement) ours = ferry_si_refuse (&ferry_si_text_87, offer, cases[i].refusal);
      g_autoptr(FerryStanzaError) read = ferry_stanza_error_from_stanza (theirs);
      g_autoptr(FerryStanzaError) said = ferry_stanza_error_from_stanza (ours);

      g_assert_cmpint (read->condition, ==, cases[i].condition_87);
      g_assert_cmpint (said->condition, ==, cases[i].condition_87);
      g_assert_cmpuint (said->code, ==, read->code);
      g_assert_cmpstr (said->text, ==, read->text);
    }
}

/* Every exchange that was recorded, from both sides of it: what they offered is understood, what
 * they answered is, and in their place we should have said the same. */
static void
test_agrees_with_peers (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "si", NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr(FerryElement) exchange = vector_load ("si", name);
      const FerryElement *iq = ferry_element_get_child (exchange, 0);
      const FerryElement *reply = ferry_element_get_child (exchange, 1);
      g_autoptr(FerryStanzaError) refused = ferry_stanza_error_from_stanza (reply);
      FerrySiAnswer answer;
      FerrySiOffer offer;

      g_test_message ("%s", name);
      n++;

      if (strstr (name, "no-method") != NULL)
        {
          g_assert_false (ferry_si_offer_parse (&offer, ferry_iq_get_payload (iq), NULL));
          g_assert_true (ferry_stanza_error_is_specific (refused, "no-valid-streams"));
          ferry_si_offer_clear (&offer);
          continue;
        }

      offer = parse_offer (iq);
      g_assert_false (ferry_si_is_87 (ferry_iq_get_payload (iq)));
      g_assert_cmpstr (offer.file->name, ==, "trace.bin");
      g_assert_cmpint (offer.file->size, ==, 300000);

      if (refused != NULL)
        g_assert_cmpint (refused->condition, ==, FERRY_CONDITION_FORBIDDEN);
      else
        {
          g_assert_true (ferry_si_answer_parse (&answer, &ferry_si_text_95,
                                                ferry_iq_get_payload (reply), NULL));
          vector_assert_equal (ferry_iq_get_payload (reply),
                               ferry_si_answer_to_element (&ferry_si_text_95, &offer, "s1",
                                                           answer.method, 0));
        }
      ferry_si_offer_clear (&offer);
    }

  g_assert_cmpuint (n, >=, 13);
}

#define FILE_AND_METHOD \
  "<file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='a' size='1'/>" \
  "<feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data'>" \
  "<field var='stream-method'><option><value>http://jabber.org/protocol/ibb</value></option>" \
  "</field></x></feature>"

/* SEC-11 */
static void
test_limits_the_id (void)
{
  for (guint length = 127; length <= 129; length++)
    {
      g_autofree char *id = g_strnfill (length, 'x');
      g_autofree char *xml = g_strdup_printf ("<si xmlns='" FERRY_NS_SI "' id='%s' profile='"
                                              FERRY_NS_SI_FILE_TRANSFER "'>" FILE_AND_METHOD
                                              "</si>", id);
      g_autoptr(FerryElement) si = ferry_element_parse (xml, -1, NULL);
      FerrySiOffer offer;

      g_assert_cmpint (ferry_si_offer_parse (&offer, si, NULL), ==, length <= 128);
      ferry_si_offer_clear (&offer);
    }
}

static void
check_refusal (FerryElement         *iq,
               FerryStanzaErrorType  type,
               FerryCondition        condition,
               const char           *specific)
{
  g_autoptr(FerryElement) refusal = iq;
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (refusal);

  g_assert_nonnull (error);
  g_assert_cmpint (error->type, ==, type);
  g_assert_cmpint (error->condition, ==, condition);
  g_assert_cmpstr (error->specific, ==, specific);
  g_assert_cmpuint (error->code, >=, 400);
}

/* Who comes without an id, under an id of somebody else's, or too many. GEN-6: in both ages'
 * words, for here nobody has looked which age it is. */
static void
test_turns_away_at_the_door (void)
{
  static const char no_id[] = "<iq xmlns='jabber:client' type='set' id='i1' from='a@b/c'>"
                              "<si xmlns='" FERRY_NS_SI "'/></iq>";
  static const char no_si[] = "<iq xmlns='jabber:client' type='set' id='i1' from='a@b/c'/>";
  g_autoptr(FerryElement) empty = ferry_element_parse (no_si, -1, NULL);
  g_autoptr(FerryElement) nameless = ferry_element_parse (no_id, -1, NULL);
  g_autoptr(FerryElement) offer = vector_load ("xep-0095", "offer.xml");
  g_autoptr(FerryElement) old = vector_load ("xep-0087", "offer.xml");

  g_assert_true (ferry_si_dialect.entrances == ferry_si_87_dialect.entrances);
  g_assert_cmpstr (ferry_si_dialect.get_sid (offer), ==, "a0");
  g_assert_cmpstr (ferry_si_87_dialect.get_sid (old), ==, "a0");
  g_assert_null (ferry_si_dialect.get_sid (nameless));
  g_assert_null (ferry_si_dialect.get_sid (empty));
  g_assert_false (ferry_si_dialect.is_opening (empty));
  g_assert_false (ferry_si_87_dialect.is_opening (empty));
  g_assert_true (ferry_si_dialect.is_opening (nameless));

  check_refusal (ferry_si_dialect.refuse (nameless), FERRY_STANZA_ERROR_CANCEL,
                 FERRY_CONDITION_BAD_REQUEST, "bad-profile");
  check_refusal (ferry_si_dialect.refuse (offer), FERRY_STANZA_ERROR_CANCEL,
                 FERRY_CONDITION_CONFLICT, NULL);
  check_refusal (ferry_si_87_dialect.busy (old), FERRY_STANZA_ERROR_WAIT,
                 FERRY_CONDITION_RESOURCE_CONSTRAINT, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/si-codec/SI95-1/writes-the-offers-of-the-specifications",
                   test_writes_the_offers_of_the_specifications);
  g_test_add_func ("/legacy/si-codec/SI95-2/reads-an-offer-with-strange-methods",
                   test_reads_an_offer_with_strange_methods);
  g_test_add_func ("/legacy/si-codec/SIFT-4/reads-no-part-in-an-offer",
                   test_reads_no_part_in_an_offer);
  g_test_add_func ("/legacy/si-codec/SI87-5/reads-an-offer-of-the-oldest-text",
                   test_reads_an_offer_of_the_oldest_text);
  g_test_add_func ("/legacy/si-codec/SI95-3/writes-the-results-of-the-specifications",
                   test_writes_the_results_of_the_specifications);
  g_test_add_func ("/legacy/si-codec/GEN-6/writes-the-refusals-of-the-specifications",
                   test_writes_the_refusals_of_the_specifications);
  g_test_add_func ("/legacy/si-codec/agrees-with-peers", test_agrees_with_peers);
  g_test_add_func ("/legacy/si-codec/SEC-11/limits-the-id", test_limits_the_id);

  g_test_add_func ("/legacy/si-codec/SEC-31/turns-away-at-the-door", test_turns_away_at_the_door);

  return g_test_run ();
}
