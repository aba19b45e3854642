/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "hex.h"
#include "proto/pcp.h"

/* RFC 6887 §7.1, §7.2 and §11.1, field by field. */
#define NONCE     "000102030405060708090a0b "
#define FOUR(a)   "00000000 00000000 0000ffff " a " "
#define ANY_4     FOUR ("00000000")
#define OWN_4     FOUR ("c0a80107")
#define OUTSIDE_4 FOUR ("cb007107")
#define OWN_6     "20010db8 00000000 00000000 00000007 "
#define ANY_6     "00000000 00000000 00000000 00000000 "

#define QUESTION "02 01 0000 00000e10 " OWN_4 NONCE "06 000000 13de 13de " ANY_4
#define ANSWER   "02 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE \
                 "06 000000 13de 9c40 " OUTSIDE_4

static FerryPcpMap
make_map (const char *own)
{
  FerryPcpMap map = { .port = 5086, .external_port = 5086, .lifetime = 3600 };

  for (guint i = 0; i < sizeof map.nonce; i++)
    map.nonce[i] = i;
  g_assert_true (ferry_ip_address_parse (own, &map.own));

  return map;
}

static gboolean
parse (const char     *answer_hex,
       FerryPcpAnswer *answer)
{
  FerryPcpMap map = make_map ("192.168.1.7");
  g_autoptr(GByteArray) bytes = hex_parse (answer_hex);
  guint8 *exact = g_memdup2 (bytes->data, bytes->len);
  gboolean is_answer = ferry_pcp_map_parse_answer (&map, exact, bytes->len, answer);

  g_free (exact);

  return is_answer;
}

static void
test_asks_as_the_rfc_draws_it (void)
{
  FerryPcpMap map = make_map ("192.168.1.7");
  g_autoptr(GBytes) first = ferry_pcp_map_to_bytes (&map);
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GBytes) end = NULL;

  hex_assert (first, QUESTION);

  g_assert_true (ferry_ip_address_parse ("203.0.113.7", &map.external));
  map.external_port = 40000;
  again = ferry_pcp_map_to_bytes (&map);
  hex_assert (again,
              "02 01 0000 00000e10 " OWN_4 NONCE "06 000000 13de 9c40 " OUTSIDE_4);

  /* §15: nothing is wished for of what is given back */
  map.lifetime = 0;
  end = ferry_pcp_map_to_bytes (&map);
  hex_assert (end, "02 01 0000 00000000 " OWN_4 NONCE "06 000000 13de 0000 " ANY_4);
}

static void
test_asks_for_pinholes (void)
{
  FerryPcpMap map = make_map ("2001:db8::7");
  g_autoptr(GBytes) first = ferry_pcp_map_to_bytes (&map);
  g_autoptr(GBytes) again = NULL;

  hex_assert (first, "02 01 0000 00000e10 " OWN_6 NONCE "06 000000 13de 13de " ANY_6);

  map.external = map.own;
  again = ferry_pcp_map_to_bytes (&map);
  hex_assert (again, "02 01 0000 00000e10 " OWN_6 NONCE "06 000000 13de 13de " OWN_6);
}

static void
test_reads_what_is_given (void)
{
  FerryPcpAnswer answer;
  g_autofree char *external = NULL;

  g_assert_true (parse (ANSWER, &answer));
  external = ferry_ip_address_to_string (&answer.external);
  g_assert_cmpint (answer.kind, ==, FERRY_PCP_ANSWER_MAP);
  g_assert_cmpuint (answer.result, ==, 0);
  g_assert_cmpuint (answer.lifetime, ==, 3600);
  g_assert_cmpuint (answer.epoch, ==, 43200);
  g_assert_cmpuint (answer.external_port, ==, 40000);
  g_assert_cmpstr (external, ==, "203.0.113.7");

  /* options behind it are none of ours; lengths and epochs are 32 bits long */
  g_assert_true (parse ("02 81 00 00 fffefdfc fbfaf9f8 00000000 00000000 00000000 " NONCE
                        "06 000000 13de fffe " OWN_6 "03000000", &answer));
  g_assert_cmpuint (answer.lifetime, ==, 0xfffefdfc);
  g_assert_cmpuint (answer.epoch, ==, 0xfbfaf9f8);
  g_assert_cmpuint (answer.external_port, ==, 0xfffe);
  g_assert_cmpuint (answer.external.len, ==, 16);
}

static void
test_reads_refusals (void)
{
  FerryPcpAnswer answer;

  g_assert_true (parse ("02 81 00 08 0000001e 0000a8c0 00000000 00000000 00000000 " NONCE
                        "06 000000 13de 13de " ANY_4, &answer));
  g_assert_cmpint (answer.kind, ==, FERRY_PCP_ANSWER_MAP);
  g_assert_cmpuint (answer.result, ==, 8);
  g_assert_cmpuint (answer.lifetime, ==, 30);
  g_assert_cmpuint (answer.epoch, ==, 43200);
}

static void
test_reads_announcements (void)
{
  FerryPcpAnswer answer;

  g_assert_true (parse ("02 80 00 00 00000000 00000005 00000000 00000000 00000000", &answer));
  g_assert_cmpint (answer.kind, ==, FERRY_PCP_ANSWER_ANNOUNCEMENT);
  g_assert_cmpuint (answer.epoch, ==, 5);
}

/* §9, appendix A */
static void
test_knows_routers_of_another_version (void)
{
  static const char *const texts[] = {
    "00 81 0001 0000a8c0",                     /* NAT-PMP alone */
    "00 80 0001 0000a8c0",                     /* … which does not echo what it does not know */
    "00 81 0001 0000a8c0 00000000 00000000",
    "01 81 00 01 00000000 0000a8c0 00000000 00000000 00000000",
    "03 81 00 01 00000000 0000a8c0 00000000 00000000 00000000",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      FerryPcpAnswer answer;

      g_test_message ("%s", texts[i]);
      g_assert_true (parse (texts[i], &answer));
      g_assert_cmpint (answer.kind, ==, FERRY_PCP_ANSWER_UNSUPPORTED);
      g_assert_cmpstr (ferry_pcp_result_to_string (answer.result), ==,
                       "does not speak this version");
    }
}

static const struct
{
  const char *what;
  const char *hex;
} strangers[] = {
  { "nothing", "" },
  { "a byte", "02" },
  { "half a header", "02 81 00 00 00000e10 0000a8c0 00000000 00000000" },
  { "a header alone", "02 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000" },
  { "cut before the address",
    "02 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "06 000000 13de 9c40 "
    "00000000 00000000 0000ffff" },
  { "not of whole words", ANSWER "00" },
  { "our own question", QUESTION },
  { "an answer without its bit",
    "02 01 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "06 000000 13de 9c40 "
    OUTSIDE_4 },
  { "version 0",
    "00 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "06 000000 13de 9c40 "
    OUTSIDE_4 },
  { "version 1",
    "01 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "06 000000 13de 9c40 "
    OUTSIDE_4 },
  { "about a peer",
    "02 82 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "06 000000 13de 9c40 "
    OUTSIDE_4 },
  { "an opcode of nobody",
    "02 ff 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "06 000000 13de 9c40 "
    OUTSIDE_4 },
  { "a nonce that differs at its beginning",
    "02 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000 010102030405060708090a0b "
    "06 000000 13de 9c40 " OUTSIDE_4 },
  { "a nonce that differs at its end",
    "02 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000 000102030405060708090a0a "
    "06 000000 13de 9c40 " OUTSIDE_4 },
  { "UDP",
    "02 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "11 000000 13de 9c40 "
    OUTSIDE_4 },
  { "another port",
    "02 81 00 00 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "06 000000 13df 9c40 "
    OUTSIDE_4 },
  { "a refusal of another port",
    "02 81 00 02 00000e10 0000a8c0 00000000 00000000 00000000 " NONCE "06 000000 13df 13de "
    ANY_4 },
  { "a refusal without what is refused",
    "02 81 00 02 00000e10 0000a8c0 00000000 00000000 00000000" },
  { "a refused announcement", "02 80 00 01 00000000 0000a8c0 00000000 00000000 00000000" },
  { "an announcement that is cut", "02 80 00 00 00000000 0000a8c0 00000000 00000000" },
  { "an announcement that asks", "02 00 00 00 00000000 0000a8c0 00000000 00000000 00000000" },
  { "NAT-PMP that agrees", "00 82 0000 0000a8c0 13de9c40 00000e10" },
  { "NAT-PMP that refuses a result of two bytes", "00 81 0101 0000a8c0" },
  { "NAT-PMP that asks", "00 01 0001 0000a8c0" },
  { "NAT-PMP that is cut", "00 81 0001" },
  { "another version that is cut", "03 81 00 01 00000000 0000a8c0 00000000 00000000" },
  { "another version that asks", "03 01 00 01 00000000 0000a8c0 00000000 00000000 00000000" },
  { "another version about an address",
    "03 80 00 01 00000000 0000a8c0 00000000 00000000 00000000" },
  { "another version that agrees", "03 81 00 00 00000000 0000a8c0 00000000 00000000 00000000" },
  { "our own version, that it does not know",
    "02 81 00 01 00000000 0000a8c0 00000000 00000000 00000000" },
};

static void
test_believes_no_stranger (void)
{
  FerryPcpAnswer answer;

  g_assert_true (parse (ANSWER, &answer));
  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_test_message ("%s", strangers[i].what);
      g_assert_false (parse (strangers[i].hex, &answer));
    }
}

/* §7: 1100 octets at most. */
static void
test_believes_nothing_huge (void)
{
  g_autoptr(GString) text = g_string_new (ANSWER);
  FerryPcpAnswer answer;

  for (guint size = 60; size < 1100; size += 4)
    g_string_append (text, "00000000");
  g_assert_true (parse (text->str, &answer));

  g_string_append (text, "00000000");
  g_assert_false (parse (text->str, &answer));
}

static void
test_has_words_for_every_result (void)
{
  g_assert_cmpstr (ferry_pcp_result_to_string (2), ==, "does not allow it");
  g_assert_cmpstr (ferry_pcp_result_to_string (8), ==, "has no room for it");
  g_assert_cmpstr (ferry_pcp_result_to_string (13), ==, "does not allow as many peers");
  for (guint i = 0; i <= G_MAXUINT8; i++)
    g_assert_cmpuint (strlen (ferry_pcp_result_to_string (i)), >, 0);
  g_assert_cmpstr (ferry_pcp_result_to_string (14), ==, "refuses without a known reason");
}

/* §8.5, at both sides of each edge */
static void
test_notices_that_a_router_forgot (void)
{
  static const struct
  {
    guint32  before;
    guint32  now;
    gint64   elapsed;
    gboolean has_forgotten;
  } cases[] = {
    { 1000, 1000, 0, FALSE },
    { 1000, 999, 0, FALSE }, /* a second of rounding */
    { 1000, 998, 0, TRUE },
    { 1000, 0, 0, TRUE },
    { 1000, 1100, 100, FALSE },
    { 1000, 1002, 0, FALSE },
    { 1000, 1003, 0, TRUE },
    { 1000, 1160, 148, FALSE },  /* 160 - 10 = 150 = 148 + 2 */
    { 1000, 1160, 147, TRUE },
    { 1000, 1148, 160, FALSE },
    { 1000, 1147, 160, TRUE },
    { 1000, 1000, 3600, TRUE },
    { G_MAXUINT32, 0, 1, TRUE },
    { 0, G_MAXUINT32, G_MAXUINT32, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%u, %u", cases[i].before, cases[i].now);
      g_assert_cmpint (ferry_pcp_has_forgotten (cases[i].before, cases[i].now, cases[i].elapsed),
                       ==, cases[i].has_forgotten);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/pcp/asks-as-the-rfc-draws-it", test_asks_as_the_rfc_draws_it);
  g_test_add_func ("/proto/pcp/asks-for-pinholes", test_asks_for_pinholes);
  g_test_add_func ("/proto/pcp/reads-what-is-given", test_reads_what_is_given);
  g_test_add_func ("/proto/pcp/reads-refusals", test_reads_refusals);
  g_test_add_func ("/proto/pcp/reads-announcements", test_reads_announcements);
  g_test_add_func ("/proto/pcp/knows-routers-of-another-version",
                   test_knows_routers_of_another_version);
  g_test_add_func ("/proto/pcp/believes-no-stranger", test_believes_no_stranger);
  g_test_add_func ("/proto/pcp/believes-nothing-huge", test_believes_nothing_huge);
  g_test_add_func ("/proto/pcp/has-words-for-every-result", test_has_words_for_every_result);
  g_test_add_func ("/proto/pcp/notices-that-a-router-forgot", test_notices_that_a_router_forgot);

  return g_test_run ();
}
