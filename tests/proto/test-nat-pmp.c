/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "hex.h"
#include "proto/nat-pmp.h"

/* RFC 6886 §3.2 and §3.3, field by field. */
#define ADDRESS "00 80 0000 0000a8c0 cb007107"
#define MAPPED  "00 82 0000 0000a8c0 13de 9c40 00000e10"

static gboolean
parse (const char        *answer_hex,
       FerryNatPmpAnswer *answer)
{
  g_autoptr(GByteArray) bytes = hex_parse (answer_hex);
  guint8 *exact = g_memdup2 (bytes->data, bytes->len);
  gboolean is_answer = ferry_nat_pmp_parse_answer (5086, exact, bytes->len, answer);

  g_free (exact);

  return is_answer;
}

static void
test_asks_as_the_rfc_draws_it (void)
{
  g_autoptr(GBytes) address = ferry_nat_pmp_address_to_bytes ();
  g_autoptr(GBytes) map = ferry_nat_pmp_map_to_bytes (5086, 40000, 3600);
  g_autoptr(GBytes) end = ferry_nat_pmp_map_to_bytes (5086, 40000, 0);

  hex_assert (address, "00 00");
  hex_assert (map, "00 02 0000 13de 9c40 00000e10");
  hex_assert (end, "00 02 0000 13de 0000 00000000"); /* §3.4 */
}

static void
test_reads_what_is_given (void)
{
  FerryNatPmpAnswer answer;
  g_autofree char *external = NULL;

  g_assert_true (parse (ADDRESS, &answer));
  external = ferry_ip_address_to_string (&answer.external);
  g_assert_cmpint (answer.kind, ==, FERRY_NAT_PMP_ANSWER_ADDRESS);
  g_assert_cmpuint (answer.result, ==, 0);
  g_assert_cmpuint (answer.epoch, ==, 43200);
  g_assert_cmpstr (external, ==, "203.0.113.7");

  g_assert_true (parse (MAPPED, &answer));
  g_assert_cmpint (answer.kind, ==, FERRY_NAT_PMP_ANSWER_MAP);
  g_assert_cmpuint (answer.result, ==, 0);
  g_assert_cmpuint (answer.epoch, ==, 43200);
  g_assert_cmpuint (answer.external_port, ==, 40000);
  g_assert_cmpuint (answer.lifetime, ==, 3600);
}

/* A refusal may end behind the epoch. */
static void
test_reads_refusals (void)
{
  static const struct
  {
    const char            *hex;
    FerryNatPmpAnswerKind  kind;
    guint16                result;
  } cases[] = {
    { "00 80 0003 0000a8c0 00000000", FERRY_NAT_PMP_ANSWER_ADDRESS, 3 },
    { "00 80 0003 0000a8c0", FERRY_NAT_PMP_ANSWER_ADDRESS, 3 },
    { "00 82 0002 0000a8c0 13de 0000 00000000", FERRY_NAT_PMP_ANSWER_MAP, 2 },
    { "00 82 0005 0000a8c0", FERRY_NAT_PMP_ANSWER_MAP, 5 },
    { "00 82 0102 0000a8c0", FERRY_NAT_PMP_ANSWER_MAP, 0x102 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryNatPmpAnswer answer;

      g_test_message ("%s", cases[i].hex);
      g_assert_true (parse (cases[i].hex, &answer));
      g_assert_cmpint (answer.kind, ==, cases[i].kind);
      g_assert_cmpuint (answer.result, ==, cases[i].result);
      g_assert_cmpuint (answer.epoch, ==, 43200);
    }
}

/* RFC 6887 §9: PCP alone, of whatever version, to either question. */
static void
test_knows_routers_of_another_version (void)
{
  static const char *const texts[] = {
    "02 80 00 01 00000000 0000a8c0 00000000 00000000 00000000",
    "02 82 00 01 00000000 0000a8c0 00000000 00000000 00000000",
    "01 80 00 01 00000000 0000a8c0 00000000 00000000 00000000 00000000",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      FerryNatPmpAnswer answer;

      g_test_message ("%s", texts[i]);
      g_assert_true (parse (texts[i], &answer));
      g_assert_cmpint (answer.kind, ==, FERRY_NAT_PMP_ANSWER_UNSUPPORTED);
      g_assert_cmpstr (ferry_nat_pmp_result_to_string (answer.result), ==,
                       "does not speak this version");
    }
}

static const struct
{
  const char *what;
  const char *hex;
} strangers[] = {
  { "nothing", "" },
  { "a byte", "00" },
  { "our question of the address", "00 00" },
  { "our question of the port", "00 02 0000 13de 9c40 00000e10" },
  { "a short address", "00 80 0000 0000a8c0 cb0071" },
  { "no address", "00 80 0000 0000a8c0" },
  { "a long address", ADDRESS "00" },
  { "an address without the answer's bit", "00 00 0000 0000a8c0 cb007107" },
  { "an address of version 2", "02 80 0000 0000a8c0 cb007107" },
  { "a mapping cut short", "00 82 0000 0000a8c0 13de 9c40 000000" },
  { "a mapping without its lifetime", "00 82 0000 0000a8c0 13de 9c40" },
  { "a mapping that is too long", MAPPED "00" },
  { "a mapping without the answer's bit", "00 02 0000 0000a8c0 13de 9c40 00000e10" },
  { "a mapping of version 2", "02 82 0000 0000a8c0 13de 9c40 00000e10" },
  { "UDP", "00 81 0000 0000a8c0 13de 9c40 00000e10" },
  { "an opcode of nobody", "00 ff 0000 0000a8c0 13de 9c40 00000e10" },
  { "another port", "00 82 0000 0000a8c0 13df 9c40 00000e10" },
  { "a refusal of another port", "00 82 0002 0000a8c0 13df 0000 00000000" },
  { "a refusal that is too short", "00 82 0002 0000a8" },
  { "a refusal that is too long", "00 82 0002 0000a8c0 13de 0000 00000000 00" },
  { "a refused address that is too long", "00 80 0003 0000a8c0 00000000 00" },
  { "what is said to PCP", "00 82 0001 0000a8c0" },
  { "what is said to PCP, with an address", "00 80 0001 0000a8c0 00000000" },
  { "PCP that is cut", "02 80 00 01 00000000 0000a8c0 00000000 00000000" },
  { "PCP not of whole words", "02 80 00 01 00000000 0000a8c0 00000000 00000000 00000000 00" },
  { "PCP that agrees", "02 80 00 00 00000000 0000a8c0 00000000 00000000 00000000" },
  { "PCP that asks", "02 00 00 01 00000000 0000a8c0 00000000 00000000 00000000" },
  { "PCP about a mapping", "02 81 00 01 00000000 0000a8c0 00000000 00000000 00000000" },
  { "NAT-PMP that looks like PCP", "00 80 00 01 00000000 0000a8c0 00000000 00000000 00000000" },
};

static void
test_believes_no_stranger (void)
{
  FerryNatPmpAnswer answer;

  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_test_message ("%s", strangers[i].what);
      g_assert_false (parse (strangers[i].hex, &answer));
    }
}

static void
test_believes_nothing_huge (void)
{
  g_autoptr(GString) text =
    g_string_new ("02 80 00 01 00000000 0000a8c0 00000000 00000000 00000000");
  FerryNatPmpAnswer answer;

  for (guint size = 24; size < 1100; size += 4)
    g_string_append (text, "00000000");
  g_assert_true (parse (text->str, &answer));

  g_string_append (text, "00000000");
  g_assert_false (parse (text->str, &answer));
}

static void
test_has_words_for_every_result (void)
{
  g_assert_cmpstr (ferry_nat_pmp_result_to_string (2), ==, "does not allow it");
  g_assert_cmpstr (ferry_nat_pmp_result_to_string (3), ==, "has no network itself");
  g_assert_cmpstr (ferry_nat_pmp_result_to_string (5), ==, "does not map ports");
  g_assert_cmpstr (ferry_nat_pmp_result_to_string (6), ==, "refuses without a known reason");
  g_assert_cmpstr (ferry_nat_pmp_result_to_string (G_MAXUINT16), ==,
                   "refuses without a known reason");
}

/* §3.6, at both sides of each edge */
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
    { 1000, 998, 0, FALSE },
    { 1000, 997, 0, TRUE },
    { 1000, 0, 0, TRUE },
    { 1000, 1800, 800, FALSE },
    { 1000, 1698, 800, FALSE }, /* 7/8 of 800 are 700 */
    { 1000, 1697, 800, TRUE },
    { 1000, 9000, 0, FALSE },   /* too fast is no sign of anything */
    { 1, 0, 0, FALSE },
    { G_MAXUINT32, 0, 1, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%u, %u", cases[i].before, cases[i].now);
      g_assert_cmpint (ferry_nat_pmp_has_forgotten (cases[i].before, cases[i].now,
                                                    cases[i].elapsed),
                       ==, cases[i].has_forgotten);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/nat-pmp/asks-as-the-rfc-draws-it", test_asks_as_the_rfc_draws_it);
  g_test_add_func ("/proto/nat-pmp/reads-what-is-given", test_reads_what_is_given);
  g_test_add_func ("/proto/nat-pmp/reads-refusals", test_reads_refusals);
  g_test_add_func ("/proto/nat-pmp/knows-routers-of-another-version",
                   test_knows_routers_of_another_version);
  g_test_add_func ("/proto/nat-pmp/believes-no-stranger", test_believes_no_stranger);
  g_test_add_func ("/proto/nat-pmp/believes-nothing-huge", test_believes_nothing_huge);
  g_test_add_func ("/proto/nat-pmp/has-words-for-every-result", test_has_words_for_every_result);
  g_test_add_func ("/proto/nat-pmp/notices-that-a-router-forgot",
                   test_notices_that_a_router_forgot);

  return g_test_run ();
}
