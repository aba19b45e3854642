/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/bytestreams-codec.h"
#include "proto/ibb-codec.h"
#include "proto/proto-error.h"
#include "proto/s5b-address.h"
#include "proto/s5b-codec.h"
#include "proto/s5b-offer.h"

#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define S5B "<transport xmlns='urn:xmpp:jingle:transports:s5b:1'"
#define QUERY "<query xmlns='http://jabber.org/protocol/bytestreams'"

static FerryElement *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  FerryElement *element = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return element;
}

static FerryElement *
load (const char *series,
      const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", series, name, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);

  return parse (xml);
}

/* protocols: XEP-0065 §5.3.2, and the two that XEP-0260 prints */
static void
test_address_is_the_hash_of_three (void)
{
  static const struct { const char *sid, *requester, *target, *address; } cases[] = {
    { "vj3hs98y", ROMEO, JULIET, "972b7bf47291ca609517f67f86b5081086052dad" },
    { "vj3hs98y", JULIET, ROMEO, "1a12fb7bc625e55f3ed5b29a53dbe0e4aa7d80ba" },
    { "vj3", ROMEO, JULIET, "1c88a8a1ddad1edc031a137a64ddad06880ae990" },
    { "vj3", JULIET, ROMEO, "a8668c8548d3c693a20d3fdcc7625bb35db76314" },
    { "mySID", "kingclaudius@shakespeare.lit/castle", "laertes@shakespeare.lit/castle",
      "f4a8aa699aad1a31c1007edef6e8ca4f82194dbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *address =
        ferry_s5b_address_new (cases[i].sid, cases[i].requester, cases[i].target);

      g_assert_cmpstr (address, ==, cases[i].address);
      g_assert_true (ferry_s5b_address_is_valid (address));
      g_assert_true (ferry_s5b_address_equal (address, cases[i].address));
      g_assert_false (ferry_s5b_address_equal (address, cases[(i + 1) % 5].address));
      address[0] = 'A';
      g_assert_false (ferry_s5b_address_is_valid (address));
    }

  g_assert_false (ferry_s5b_address_is_valid (NULL));
  g_assert_false (ferry_s5b_address_is_valid (""));
  g_assert_false (ferry_s5b_address_equal ("a", "ab"));
}

static void
test_s5b_repeats_the_examples (void)
{
  static const char *const names[] = {
    "offer.xml", "answer.xml", "candidate-used.xml", "candidate-error.xml", "activated.xml",
    "proxy-error.xml",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(FerryElement) element = load ("xep-0260", names[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryS5bTransport) transport = ferry_s5b_transport_decode (element, JULIET, &error);
      g_autoptr(FerryElement) again = NULL;

      g_assert_no_error (error);
      again = ferry_s5b_transport_encode (transport);
      g_assert_true (ferry_element_equal (element, again));
    }
}

/* S5B1-15 */
static void
test_s5b_skips_what_cannot_be_dialled (void)
{
  static const struct { const char *candidate; gboolean ok; } cases[] = {
    { "<candidate cid='a' host='h' priority='1'/>", TRUE },
    { "<candidate cid='a' host='h' priority='1' type='assisted' port='65535'/>", TRUE },
    { "<candidate host='h' priority='1'/>", FALSE },
    { "<candidate cid='' host='h' priority='1'/>", FALSE },
    { "<candidate cid='a' priority='1'/>", FALSE },
    { "<candidate cid='a' host='h'/>", FALSE },
    { "<candidate cid='a' host='h' priority='0'/>", FALSE },
    { "<candidate cid='a' host='h' priority='-1'/>", FALSE },
    { "<candidate cid='a' host='h' priority='2147483647'/>", TRUE },
    { "<candidate cid='a' host='h' priority='2147483648'/>", FALSE },
    { "<candidate cid='a' host='h' priority='1' port='0'/>", FALSE },
    { "<candidate cid='a' host='h' priority='1' port='65536'/>", FALSE },
    { "<candidate cid='a' host='h' priority='1' port=' 80'/>", FALSE },
    { "<candidate cid='a' host='h' priority='1' type='carrier-pigeon'/>", FALSE },
    { "<candidate xmlns='other' cid='a' host='h' priority='1'/>", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (S5B " sid='x'>%s</transport>", cases[i].candidate);
      g_autoptr(FerryElement) element = parse (xml);
      g_autoptr(FerryS5bTransport) transport = ferry_s5b_transport_decode (element, JULIET, NULL);

      g_test_message ("%s", cases[i].candidate);
      g_assert_nonnull (transport);
      g_assert_cmpuint (transport->candidates->len, ==, cases[i].ok);
    }
}

static void
test_s5b_fills_in_what_psi_leaves_out (void)
{
  g_autoptr(FerryElement) element =
    parse (S5B " sid='x' dstaddr=''><candidate cid='a' host='[2001:db8::1]' priority='1'/></transport>");
  g_autoptr(FerryS5bTransport) transport = ferry_s5b_transport_decode (element, JULIET, NULL);
  const FerryS5bCandidate *candidate = g_ptr_array_index (transport->candidates, 0);

  g_assert_cmpstr (candidate->jid, ==, JULIET);
  g_assert_cmpstr (candidate->host, ==, "2001:db8::1");
  g_assert_cmpuint (candidate->port, ==, 1080);
  g_assert_cmpint (candidate->type, ==, FERRY_S5B_DIRECT);
  g_assert_null (transport->dstaddr);
}

static void
test_s5b_refuses (void)
{
  g_autofree char *long_id = g_strnfill (129, 'x');
  g_autofree char *long_sid = g_strdup_printf (S5B " sid='%s'/>", long_id);
  g_autoptr(GString) many = g_string_new (S5B " sid='x'>");
  const struct { const char *xml; FerryProtoError code; } cases[] = {
    { "<transport xmlns='urn:xmpp:jingle:transports:s5b:0' sid='x'/>", FERRY_PROTO_ERROR_UNSUPPORTED },
    { S5B " sid='x' mode='udp'/>", FERRY_PROTO_ERROR_UNSUPPORTED },
    { S5B " sid=''/>", FERRY_PROTO_ERROR_MALFORMED },
    { long_sid, FERRY_PROTO_ERROR_MALFORMED },
    { S5B " sid='x'><candidate-used/></transport>", FERRY_PROTO_ERROR_MALFORMED },
    { S5B " sid='x'><candidate-error/><candidate-used cid='a'/></transport>",
      FERRY_PROTO_ERROR_MALFORMED },
    { NULL, FERRY_PROTO_ERROR_TOO_LARGE },
  };

  for (guint i = 0; i < 22; i++)
    g_string_append_printf (many, "<candidate cid='c%u' host='h' priority='1'/>", i);
  g_string_append (many, "</transport>");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) element = parse (cases[i].xml != NULL ? cases[i].xml : many->str);
      g_autoptr(GError) error = NULL;

      g_assert_null (ferry_s5b_transport_decode (element, JULIET, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, (int) cases[i].code);
    }
}

/* S5B1-5, S5B1-17, S5B1-18, S5B1-22: no two are alike, on both sides together. */
static void
test_s5b_offers_are_unique (void)
{
  g_autoptr(GHashTable) priorities = g_hash_table_new (NULL, NULL);
  g_autoptr(FerryS5bOffer) first = ferry_s5b_offer_new (FERRY_ROLE_INITIATOR, "aa", NULL);
  g_autoptr(FerryS5bOffer) second = NULL;
  GPtrArray *lists[2] = { ferry_s5b_offer_get_candidates (first), NULL };

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *host = g_strdup_printf ("192.0.2.%u", i);

      ferry_s5b_offer_add_direct (first, host, 5086, ROMEO);
      ferry_s5b_offer_add_direct (first, host, 5086, ROMEO);
    }
  ferry_s5b_offer_add_proxy (first, "198.51.100.4", 7625, "proxy.lit");
  g_assert_cmpuint (lists[0]->len, ==, 7);

  second = ferry_s5b_offer_new (FERRY_ROLE_RESPONDER, "bb", lists[0]);
  lists[1] = ferry_s5b_offer_get_candidates (second);
  ferry_s5b_offer_add_direct (second, "203.0.113.1", 5086, JULIET);
  ferry_s5b_offer_add_direct (second, "203.0.113.2", 5086, JULIET);
  ferry_s5b_offer_add_proxy (second, "198.51.100.4", 7625, "proxy.lit");
  ferry_s5b_offer_add_proxy (second, "198.51.100.5", 7625, "other.lit");
  g_assert_cmpuint (lists[1]->len, ==, 3);

  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < lists[i]->len; j++)
      {
        const FerryS5bCandidate *candidate = g_ptr_array_index (lists[i], j);

        g_assert_true (g_hash_table_add (priorities, GUINT_TO_POINTER (candidate->priority)));
        g_assert_null (ferry_s5b_candidates_find (lists[1 - i], candidate->cid));
      }

  g_assert_cmpuint (((FerryS5bCandidate *) lists[0]->pdata[0])->priority, ==, 8277547);
  g_assert_cmpuint (((FerryS5bCandidate *) lists[0]->pdata[6])->priority, ==, 676367);
}

static void
test_bytestreams_repeats_the_examples (void)
{
  static const char *const names[] = {
    "offer.xml", "used.xml", "activate.xml", "address.xml", "address-query.xml",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(FerryElement) element = load ("xep-0065", names[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryBytestreamsQuery) query = ferry_bytestreams_query_decode (element, &error);
      g_autoptr(FerryElement) again = NULL;

      g_assert_no_error (error);
      again = ferry_bytestreams_query_encode (query);
      g_assert_true (ferry_element_equal (element, again));
    }
}

static void
test_bytestreams_builds_requests (void)
{
  g_autoptr(FerryElement) activate = load ("xep-0065", "activate.xml");
  g_autoptr(FerryElement) address = load ("xep-0065", "address-query.xml");
  g_autoptr(FerryElement) own_activate =
    ferry_bytestreams_activation_new ("vxf9n471bn46", "target@example.org/bar");
  g_autoptr(FerryElement) own_address = ferry_bytestreams_address_query_new ();

  g_assert_true (ferry_element_equal (activate, own_activate));
  g_assert_true (ferry_element_equal (address, own_address));
}

/* S5P-8, S5P-11 */
static void
test_bytestreams_skips_useless_hosts (void)
{
  g_autoptr(FerryElement) element =
    parse (QUERY " sid='x' mode='udp'><fast xmlns='http://affinix.com/jabber/stream'/>"
           "<streamhost jid='a' host='h'/><streamhost jid='b' zeroconf='_jabber.bytestreams'/>"
           "<streamhost host='h' port='1'/><streamhost jid='c' host='h' port='0'/>"
           "<streamhost jid='d' host='[::1]' port='9'/></query>");
  g_autoptr(FerryBytestreamsQuery) query = ferry_bytestreams_query_decode (element, NULL);

  g_assert_true (query->udp);
  g_assert_cmpuint (query->hosts->len, ==, 2);
  g_assert_cmpuint (((FerryStreamhost *) query->hosts->pdata[0])->port, ==, 1080);
  g_assert_cmpstr (((FerryStreamhost *) query->hosts->pdata[1])->host, ==, "::1");
}

/* SEC-11 */
static void
test_bytestreams_limits_hosts (void)
{
  for (guint n = 20; n <= 24; n++)
    {
      g_autoptr(GString) xml = g_string_new (QUERY " sid='x'>");
      g_autoptr(FerryElement) element = NULL;
      g_autoptr(FerryBytestreamsQuery) query = NULL;
      g_autoptr(GError) error = NULL;

      for (guint i = 0; i < n; i++)
        g_string_append_printf (xml, "<streamhost jid='a' host='h%u' port='1'/>", i);
      g_string_append (xml, "</query>");

      element = parse (xml->str);
      query = ferry_bytestreams_query_decode (element, &error);
      g_assert_cmpint (query != NULL, ==, n == 20);
      if (query == NULL)
        g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE);
    }
}

static void
test_bytestreams_refuses (void)
{
  static const char *const cases[] = {
    "<query xmlns='jabber:iq:oob'/>",
    QUERY " sid=''/>",
    QUERY " sid='x'><streamhost-used/></query>",
    QUERY " sid='x'><streamhost-used jid='a'/><streamhost-used jid='b'/></query>",
    QUERY " sid='x'><activate/></query>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) element = parse (cases[i]);
      g_autoptr(GError) error = NULL;

      g_assert_null (ferry_bytestreams_query_decode (element, &error));
      g_assert_nonnull (error);
    }
}

static void
test_ibb_repeats_the_examples (void)
{
  g_autoptr(FerryElement) open = load ("xep-0047", "open.xml");
  g_autoptr(FerryElement) close = load ("xep-0047", "close.xml");
  g_autoptr(FerryElement) data = load ("xep-0047", "data.xml");
  g_autoptr(FerryElement) own_open = ferry_ibb_open_new ("i781hf64", 4096);
  g_autoptr(FerryElement) own_close = ferry_ibb_close_new ("i781hf64");
  g_autoptr(FerryElement) own_data = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GError) error = NULL;
  guint block_size = 0;
  guint64 seq = 1;

  g_assert_true (ferry_element_equal (open, own_open));
  g_assert_true (ferry_element_equal (close, own_close));
  g_assert_true (ferry_ibb_open_decode (open, &block_size, &error));
  g_assert_cmpuint (block_size, ==, 4096);

  g_assert_true (ferry_ibb_data_decode (data, &seq, &bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seq, ==, 0);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 240);
  own_data = ferry_ibb_data_new ("i781hf64", 0, g_bytes_get_data (bytes, NULL), 240);
  g_assert_null (strpbrk (ferry_element_get_text (own_data), " \n")); /* Q-CO-6 */
  g_assert_true (ferry_ibb_data_decode (own_data, &seq, &again, &error));
  g_assert_true (g_bytes_equal (bytes, again));
}

/* XEP-0261 */
static void
test_ibb_reads_transports (void)
{
  static const struct { const char *xml; gboolean ok; guint block_size; } cases[] = {
    { "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='s' block-size='65535'/>", TRUE, 65535 },
    { "<transport xmlns='urn:xmpp:jingle:transports:ibb:1'/>", TRUE, 0 },
    { "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='s' block-size='0'/>", FALSE, 0 },
    { "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='s' block-size='65536'/>", FALSE, 0 },
    { "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='' block-size='1'/>", FALSE, 0 },
    { "<transport xmlns='urn:xmpp:jingle:transports:ibb:0' sid='s' block-size='1'/>", FALSE, 0 },
  };
  g_autoptr(FerryElement) answer = load ("xep-0261", "answer.xml");
  g_autoptr(FerryElement) offer = load ("xep-0261", "offer.xml");
  g_autoptr(FerryElement) own = ferry_ibb_transport_new (FERRY_NS_JINGLE_IBB_1, "ch3d9s71", 4096);
  const char *sid;
  guint block_size;

  g_assert_true (ferry_element_equal (own, offer));
  g_assert_true (ferry_ibb_transport_decode (answer, FERRY_NS_JINGLE_IBB_1, &sid, &block_size, NULL));
  g_assert_cmpstr (sid, ==, "ch3d9s71");
  g_assert_cmpuint (block_size, ==, 2048);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) element = parse (cases[i].xml);

      g_assert_cmpint (ferry_ibb_transport_decode (element, FERRY_NS_JINGLE_IBB_1, &sid, &block_size, NULL),
                       ==, cases[i].ok);
      if (cases[i].ok)
        g_assert_cmpuint (block_size, ==, cases[i].block_size);
    }
}

/* JI0-1, JI0-3: one element with terms, and one without. */
static void
test_ibb_writes_older_transports (void)
{
  static const char ns[] = "urn:xmpp:jingle:transports:ibb:0";
  g_autoptr(FerryElement) empty = ferry_ibb_transport_new (ns, NULL, 0);
  g_autoptr(FerryElement) terms = ferry_ibb_transport_new (ns, "s", 2048);
  const char *sid = "untouched";
  guint block_size = 1;

  g_assert_null (ferry_element_get_attribute (empty, "sid"));
  g_assert_null (ferry_element_get_attribute (empty, "block-size"));
  g_assert_true (ferry_ibb_transport_decode (empty, ns, &sid, &block_size, NULL));
  g_assert_null (sid);
  g_assert_cmpuint (block_size, ==, 0);
  g_assert_true (ferry_ibb_transport_decode (terms, ns, &sid, &block_size, NULL));
  g_assert_cmpstr (sid, ==, "s");
  g_assert_cmpuint (block_size, ==, 2048);
  g_assert_false (ferry_ibb_transport_decode (terms, FERRY_NS_JINGLE_IBB_1, &sid, &block_size, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/s5b-address/is-the-hash-of-three", test_address_is_the_hash_of_three);
  g_test_add_func ("/proto/s5b-codec/repeats-the-examples", test_s5b_repeats_the_examples);
  g_test_add_func ("/proto/s5b-codec/skips-what-cannot-be-dialled",
                   test_s5b_skips_what_cannot_be_dialled);
  g_test_add_func ("/proto/s5b-codec/fills-in-what-psi-leaves-out",
                   test_s5b_fills_in_what_psi_leaves_out);
  g_test_add_func ("/proto/s5b-codec/refuses", test_s5b_refuses);
  g_test_add_func ("/proto/s5b-offer/is-unique", test_s5b_offers_are_unique);
  g_test_add_func ("/proto/bytestreams-codec/repeats-the-examples",
                   test_bytestreams_repeats_the_examples);
  g_test_add_func ("/proto/bytestreams-codec/builds-requests", test_bytestreams_builds_requests);
  g_test_add_func ("/proto/bytestreams-codec/skips-useless-hosts",
                   test_bytestreams_skips_useless_hosts);
  g_test_add_func ("/proto/bytestreams-codec/limits-hosts", test_bytestreams_limits_hosts);
  g_test_add_func ("/proto/bytestreams-codec/refuses", test_bytestreams_refuses);
  g_test_add_func ("/proto/ibb-codec/repeats-the-examples", test_ibb_repeats_the_examples);
  g_test_add_func ("/proto/ibb-codec/reads-transports", test_ibb_reads_transports);
  g_test_add_func ("/proto/ibb-codec/writes-older-transports", test_ibb_writes_older_transports);

  return g_test_run ();
}
