/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/s5b-0.h"
#include "proto/proto-error.h"
#include "vector.h"

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define S5B_0  "<transport xmlns='urn:xmpp:jingle:transports:s5b:0' sid='x'"
#define HOST   "<streamhost jid='j' host='h' port='1'/>"

static FerryS5bTransport *
read_xml (const char  *xml,
          GError     **error)
{
  g_autoptr(FerryElement) element = ferry_element_parse (xml, -1, NULL);

  g_assert_nonnull (element);

  return ferry_s5b_0.decode (element, JULIET, error);
}

/* XEP-0260 0.1, and the draft before it (mended). */
static void
test_repeats_the_examples (void)
{
  static const char *const names[] = {
    "answer.xml", "streamhost-used.xml", "streamhost-error.xml", "activated.xml",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(FerryElement) element = vector_load ("xep-0260-0.1", names[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryS5bTransport) transport = ferry_s5b_0.decode (element, JULIET, &error);

      g_assert_no_error (error);
      vector_assert_equal (element, ferry_s5b_0.encode (transport));
    }
}

/* S5P-8: zeroconf instead of a port. S5B0-13: whose host is a proxy. */
static void
test_reads_the_offer (void)
{
  g_autoptr(FerryElement) element = vector_load ("xep-0260-0.1", "offer.xml");
  g_autoptr(FerryS5bTransport) transport = ferry_s5b_0.decode (element, ROMEO, NULL);
  const FerryS5bCandidate *direct = g_ptr_array_index (transport->candidates, 0);
  const FerryS5bCandidate *proxy = g_ptr_array_index (transport->candidates, 1);

  g_assert_cmpuint (transport->candidates->len, ==, 2);
  g_assert_cmpstr (transport->sid, ==, "vj3hs98y");
  g_assert_cmpint (direct->type, ==, FERRY_S5B_DIRECT);
  g_assert_cmpstr (direct->host, ==, "192.168.4.1");
  g_assert_cmpuint (direct->port, ==, 5086);
  g_assert_cmpint (proxy->type, ==, FERRY_S5B_PROXY);
  g_assert_cmpstr (proxy->jid, ==, "streamhostproxy.example.net");
  g_assert_cmpuint (proxy->port, ==, 1080);
  g_assert_cmpuint (direct->priority, >, proxy->priority);
  g_assert_cmpstr (direct->cid, !=, proxy->cid);
}

/* S5B0-11: earlier is better. */
static void
test_keeps_the_order_listed (void)
{
  g_autoptr(FerryElement) element = vector_load ("xep-0260-0.1", "answer.xml");
  g_autoptr(FerryS5bTransport) transport = ferry_s5b_0.decode (element, JULIET, NULL);

  g_assert_cmpuint (transport->candidates->len, ==, 3);
  for (guint i = 1; i < transport->candidates->len; i++)
    {
      const FerryS5bCandidate *before = g_ptr_array_index (transport->candidates, i - 1);
      const FerryS5bCandidate *candidate = g_ptr_array_index (transport->candidates, i);

      g_assert_cmpuint (before->priority, >, candidate->priority);
    }
}

static void
test_skips_what_cannot_be_dialled (void)
{
  static const struct { const char *host; guint n; } cases[] = {
    { HOST, 1 },
    { "<streamhost jid='j' host='h'/>", 1 },
    { "<streamhost jid='j' host='[2001:db8::1]' port='65535'/>", 1 }, /* SOCKS-12 */
    { "<streamhost xmlns='http://jabber.org/protocol/bytestreams' jid='j' host='h'/>", 1 },
    { "<streamhost host='h' port='1'/>", 0 },
    { "<streamhost jid='' host='h' port='1'/>", 0 },
    { "<streamhost jid='j' port='1'/>", 0 },
    { "<streamhost jid='j' zeroconf='_jabber.bytestreams'/>", 0 },
    { "<streamhost jid='j' host='' port='1'/>", 0 },
    { "<streamhost jid='j' host='h h' port='1'/>", 0 },
    { "<streamhost jid='j' host='h' port='0'/>", 0 },
    { "<streamhost jid='j' host='h' port='65536'/>", 0 },
    { "<streamhost jid='j' host='h' port='+1'/>", 0 },
    { "<streamhost xmlns='other' jid='j' host='h' port='1'/>", 0 },
    { "<candidate cid='c' jid='j' host='h' port='1' priority='1'/>", 0 },
    { HOST HOST, 1 },
    { HOST "<streamhost jid='k' host='H' port='1'/>", 1 }, /* S5P-2 */
    { HOST "<streamhost jid='j' host='h' port='2'/>", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (S5B_0 ">%s</transport>", cases[i].host);
      g_autoptr(FerryS5bTransport) transport = read_xml (xml, NULL);

      g_test_message ("%s", cases[i].host);
      g_assert_nonnull (transport);
      g_assert_cmpuint (transport->candidates->len, ==, cases[i].n);
    }
}

/* S5B0-7: either namespace, and no more than a jid. */
static void
test_reads_what_was_used (void)
{
  static const struct { const char *used, *host; guint16 port; } cases[] = {
    { "<streamhost-used jid='j'/>", NULL, 0 },
    { "<streamhost-used jid='j' host='[2001:db8::1]' port='2'/>", "2001:db8::1", 2 },
    { "<streamhost-used xmlns='http://jabber.org/protocol/bytestreams' jid='j'/>", NULL, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (S5B_0 ">%s</transport>", cases[i].used);
      g_autoptr(FerryS5bTransport) transport = read_xml (xml, NULL);

      g_assert_nonnull (transport);
      g_assert_cmpint (transport->info, ==, FERRY_S5B_INFO_CANDIDATE_USED);
      g_assert_cmpstr (transport->jid, ==, "j");
      g_assert_cmpstr (transport->host, ==, cases[i].host);
      g_assert_cmpuint (transport->port, ==, cases[i].port);
      g_assert_null (transport->cid);
    }
}

/* S5B0-18: one word for two errors. */
static void
test_writes_what_fails (void)
{
  static const FerryS5bInfo infos[] = {
    FERRY_S5B_INFO_CANDIDATE_ERROR, FERRY_S5B_INFO_PROXY_ERROR,
  };
  g_autoptr(FerryElement) element = vector_load ("xep-0260-0.1", "streamhost-error.xml");

  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++)
    {
      g_autoptr(FerryS5bTransport) transport = ferry_s5b_transport_new ("vj3hs98y");

      transport->info = infos[i];
      transport->with_mode = TRUE;
      transport->jid = g_strdup ("proxy.lit");
      vector_assert_equal (element, ferry_s5b_0.encode (transport));
    }
}

static void
test_refuses (void)
{
  g_autofree char *long_id = g_strnfill (129, 'x');
  g_autofree char *long_sid =
    g_strdup_printf ("<transport xmlns='urn:xmpp:jingle:transports:s5b:0' sid='%s'/>", long_id);
  g_autoptr(GString) many = g_string_new (S5B_0 ">");
  const struct { const char *xml; FerryProtoError code; } cases[] = {
    { "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='x'/>", FERRY_PROTO_ERROR_UNSUPPORTED },
    { S5B_0 " mode='udp'/>", FERRY_PROTO_ERROR_UNSUPPORTED }, /* S5B0-19 */
    { S5B_0 " mode='TCP'/>", FERRY_PROTO_ERROR_UNSUPPORTED },
    { "<transport xmlns='urn:xmpp:jingle:transports:s5b:0' sid=''/>", FERRY_PROTO_ERROR_MALFORMED },
    { long_sid, FERRY_PROTO_ERROR_MALFORMED },
    { S5B_0 "><streamhost-used/></transport>", FERRY_PROTO_ERROR_MALFORMED },
    { S5B_0 "><streamhost-used host='h' port='1'/></transport>", FERRY_PROTO_ERROR_MALFORMED },
    { S5B_0 "><streamhost-used jid='j' host=''/></transport>", FERRY_PROTO_ERROR_MALFORMED },
    { S5B_0 "><streamhost-used jid='j' port='x'/></transport>", FERRY_PROTO_ERROR_MALFORMED },
    { S5B_0 "><streamhost-error/><streamhost-used jid='j'/></transport>",
      FERRY_PROTO_ERROR_MALFORMED },
    { NULL, FERRY_PROTO_ERROR_TOO_LARGE }, /* SEC-11 */
  };

  for (guint i = 0; i < 22; i++)
    g_string_append_printf (many, "<streamhost jid='j' host='h%u' port='1'/>", i);
  g_string_append (many, "</transport>");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_xml (cases[i].xml != NULL ? cases[i].xml : many->str, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, (int) cases[i].code);
    }
}

/* S5B0-20: the session's will do then. */
static void
test_reads_without_sid (void)
{
  g_autoptr(FerryS5bTransport) transport =
    read_xml ("<transport xmlns='urn:xmpp:jingle:transports:s5b:0'/>", NULL);

  g_assert_nonnull (transport);
  g_assert_null (transport->sid);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/s5b-0/repeats-the-examples", test_repeats_the_examples);
  g_test_add_func ("/legacy/s5b-0/reads-the-offer", test_reads_the_offer);
  g_test_add_func ("/legacy/s5b-0/keeps-the-order-listed", test_keeps_the_order_listed);
  g_test_add_func ("/legacy/s5b-0/skips-what-cannot-be-dialled", test_skips_what_cannot_be_dialled);
  g_test_add_func ("/legacy/s5b-0/reads-what-was-used", test_reads_what_was_used);
  g_test_add_func ("/legacy/s5b-0/writes-what-fails", test_writes_what_fails);
  g_test_add_func ("/legacy/s5b-0/refuses", test_refuses);
  g_test_add_func ("/legacy/s5b-0/reads-without-sid", test_reads_without_sid);

  return g_test_run ();
}
