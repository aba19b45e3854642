/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "port-mapper-desk.h"

#define OWN_4    "192.168.1.7"
#define OWN_6    "2001:db8::7"
#define OUTSIDE  "203.0.113.7"
#define SECOND   1000

static void
test_asks_by_both_at_once (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  g_assert_cmpint (ferry_port_mapper_get_deadline (desk.mapper), ==, 0);
  g_assert_false (ferry_port_mapper_is_settled (desk.mapper));
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_expect (&desk, "pcp 3600 5086; address;");
  g_assert_false (ferry_port_mapper_is_settled (desk.mapper));
  desk_close (&desk);
}

static void
test_asks_by_what_it_is_told (void)
{
  static const struct
  {
    const char *own;
    guint       methods;
    const char *asked;
  } cases[] = {
    { OWN_4, 1 << FERRY_MAPPING_PCP, "pcp 3600 5086;" },
    { OWN_4, 1 << FERRY_MAPPING_NAT_PMP, "address;" },
    { OWN_4, 1 << FERRY_MAPPING_NAT_PMP | 1 << FERRY_MAPPING_PCP, "pcp 3600 5086; address;" },
    { OWN_4, 1 << FERRY_MAPPING_UPNP, "" },
    { OWN_6, 0, "pcp 3600 5086;" },
    { OWN_6, 1 << FERRY_MAPPING_NAT_PMP, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Desk desk;

      g_test_message ("%s, %u", cases[i].own, cases[i].methods);
      desk_open (&desk, cases[i].own, cases[i].methods);
      desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
      desk_expect (&desk, cases[i].asked);
      if (strstr (cases[i].asked, "pcp") == NULL)
        desk_pcp (&desk, 0, 3600, 100, cases[i].own, 5086);
      if (strstr (cases[i].asked, "address") == NULL)
        desk_address (&desk, 0, 100, OUTSIDE);
      desk_expect (&desk, "");
      desk_close (&desk);
    }
}

static void
test_asks_a_router_of_both_only_once (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086);
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_expect (&desk, "pcp 3600 5086; address; mapped PCP 203.0.113.7 5086 3600;");
  g_assert_true (ferry_port_mapper_is_settled (desk.mapper));
  g_assert_cmpuint (desk.mapping.internal_port, ==, 5086);
  g_assert_cmpuint (desk.mapping.internal.len, ==, 4);
  g_assert_false (desk.mapping.is_pinhole);
  desk_close (&desk);
}

/* RFC 6886 §3.3 says nothing of the address. */
static void
test_needs_the_address_first (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_expect (&desk, "pcp 3600 5086; address;");
  desk_map (&desk, 0, 100, 5086, 3600);
  desk_expect (&desk, "");
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_expect (&desk, "map 3600 5086;");
  g_assert_false (ferry_port_mapper_is_settled (desk.mapper));
  desk_map (&desk, 0, 100, 5086, 3600);
  desk_expect (&desk, "mapped NAT-PMP 203.0.113.7 5086 3600;");
  g_assert_true (ferry_port_mapper_is_settled (desk.mapper));
  desk_close (&desk);
}

static void
test_prefers_pcp_that_comes_late (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_map (&desk, 0, 100, 5086, 3600);
  desk_expect (&desk, "pcp 3600 5086; address; map 3600 5086; "
                      "mapped NAT-PMP 203.0.113.7 5086 3600;");
  desk_pass (&desk, 250);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 40000);
  desk_expect (&desk, "mapped PCP 203.0.113.7 40000 3600;");

  /* It is PCP that is renewed; what NAT-PMP says now is nobody's business. */
  desk_map (&desk, 0, 100, 5086, 3600);
  desk_pass (&desk, 1800 * SECOND);
  desk_expect (&desk, "pcp 3600 40000;");
  desk_close (&desk);
}

static void
test_goes_on_without_pcp (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_map (&desk, 0, 100, 5086, 3600);
  desk_pass (&desk, 3 * SECOND);
  desk_expect (&desk, "pcp 3600 5086; address; map 3600 5086; "
                      "mapped NAT-PMP 203.0.113.7 5086 3600; "
                      "pcp 3600 5086; pcp 3600 5086; pcp 3600 5086; "
                      "failed PCP: the router does not answer;");
  desk_pass (&desk, 60 * SECOND);
  desk_expect (&desk, "");
  desk_close (&desk);
}

static void
test_opens_pinholes (void)
{
  Desk desk;

  desk_open (&desk, OWN_6, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pcp (&desk, 0, 3600, 100, OWN_6, 5086);
  desk_expect (&desk, "pcp 3600 5086; mapped PCP 2001:db8::7 5086 3600;");
  g_assert_true (desk.mapping.is_pinhole);

  /* RFC 6296: translated after all */
  desk_pcp (&desk, 0, 3600, 100, "2001:db8:1::7", 5086);
  desk_expect (&desk, "mapped PCP 2001:db8:1::7 5086 3600;");
  g_assert_false (desk.mapping.is_pinhole);
  desk_close (&desk);
}

static void
test_takes_the_port_that_is_given (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pcp (&desk, 0, 3600, 100, "100.64.3.4", 61234);
  desk_expect (&desk, "pcp 3600 5086; address; mapped PCP 100.64.3.4 61234 3600;");
  desk_pass (&desk, 1800 * SECOND);
  desk_expect (&desk, "pcp 3600 61234;");
  desk_close (&desk);
}

static void
test_wishes_for_another_port_outside (void)
{
  FerryPortMapperRequest request = { .port = 5086, .wanted_port = 50860, .lifetime = 600 };
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  request.own = (FerryIpAddress) { .bytes = { 192, 168, 1, 7 }, .len = 4 };
  ferry_port_mapper_free (desk.mapper);
  desk.mapper = ferry_port_mapper_new (&request);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_expect (&desk, "pcp 600 50860; address; map 600 50860;");
  desk_close (&desk);
}

static void
test_keeps_lifetimes_sane (void)
{
  static const guint32 cases[][2] = {
    { 0, 120 }, { 1, 120 }, { 119, 120 }, { 120, 120 }, { 121, 121 },
    { 3599, 3599 }, { 3600, 3600 }, { 3601, 3600 }, { G_MAXUINT32, 3600 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint lifetime = cases[i][1];
      Desk desk;

      g_test_message ("%u", cases[i][0]);
      desk_open (&desk, OWN_4, 1 << FERRY_MAPPING_PCP);
      desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
      desk_pcp (&desk, 0, cases[i][0], 100, OUTSIDE, 5086);
      g_assert_cmpuint (desk.mapping.lifetime, ==, lifetime);
      g_assert_cmpint (ferry_port_mapper_get_deadline (desk.mapper) - desk.now, ==,
                       lifetime * G_TIME_SPAN_SECOND / 2);
      desk_close (&desk);

      desk_open (&desk, OWN_4, 1 << FERRY_MAPPING_NAT_PMP);
      desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
      desk_address (&desk, 0, 100, OUTSIDE);
      desk_map (&desk, 0, 100, 5086, cases[i][0]);
      g_assert_cmpuint (desk.mapping.lifetime, ==, lifetime);
      desk_close (&desk);
    }
}

static void
test_gives_up_after_three_seconds (void)
{
  Desk desk;

  desk_open (&desk, OWN_6, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pass (&desk, 249);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pass (&desk, 1);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pass (&desk, 499);
  desk_expect (&desk, "");
  desk_pass (&desk, 1);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pass (&desk, 999);
  desk_expect (&desk, "");
  desk_pass (&desk, 1);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pass (&desk, 1249);
  desk_expect (&desk, "");
  g_assert_false (ferry_port_mapper_is_settled (desk.mapper));
  desk_pass (&desk, 1);
  desk_expect (&desk, "failed PCP: the router does not answer;");
  g_assert_true (ferry_port_mapper_is_settled (desk.mapper));
  desk_close (&desk);
}

/* A minute, then twice as long, up to an hour. */
static void
test_tries_again_later (void)
{
  static const gint64 pauses[] = { 60, 120, 240, 480, 960, 1920, 3600, 3600 };
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  for (gsize i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      desk_expect (&desk, "pcp 3600 5086; address;");
      desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
      desk_expect (&desk, "failed PCP: the router does not speak it; "
                          "failed NAT-PMP: the router does not speak it;");
      desk_pass (&desk, pauses[i] * SECOND - 1);
      desk_expect (&desk, "");
      desk_pass (&desk, 1);
    }

  /* Luck ends the series. */
  desk_pcp (&desk, 0, 120, 100, OUTSIDE, 5086);
  desk_pass (&desk, 60 * SECOND);
  desk_pcp (&desk, 2, 0, 160, OUTSIDE, 5086);
  desk_pass (&desk, 5 * SECOND);
  desk_expect (&desk, "pcp 3600 5086; address; mapped PCP 203.0.113.7 5086 120; pcp 3600 5086; "
                      "lost: the router does not allow it; pcp 3600 5086; address;");
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
  desk_pass (&desk, 60 * SECOND);
  desk_expect (&desk, "failed PCP: the router does not speak it; "
                      "failed NAT-PMP: the router does not speak it; pcp 3600 5086; address;");
  desk_close (&desk);
}

/* … which begins when the last of the two is out of hope. */
static void
test_waits_for_both_to_fail (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pcp (&desk, 2, 0, 100, "0.0.0.0", 5086);
  desk_pass (&desk, 3 * SECOND);
  g_string_truncate (desk.log, 0);
  desk_pass (&desk, 60 * SECOND - 1);
  desk_expect (&desk, "");
  desk_pass (&desk, 1);
  desk_expect (&desk, "pcp 3600 5086; address;");
  desk_close (&desk);
}

static void
test_believes_who_answers_late (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pass (&desk, 10 * SECOND);
  g_string_truncate (desk.log, 0);
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_expect (&desk, "");
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086);
  desk_pass (&desk, 100 * SECOND);
  desk_expect (&desk, "mapped PCP 203.0.113.7 5086 3600;");
  desk_close (&desk);
}

static void
test_tells_who_refused_and_why (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pcp (&desk, 12, 1800, 100, "0.0.0.0", 5086);
  desk_expect (&desk, "pcp 3600 5086; address; failed PCP: the router sees us at another "
                      "address: something lies between;");
  desk_address (&desk, 3, 100, "0.0.0.0");
  desk_expect (&desk, "failed NAT-PMP: the router has no network itself;");
  desk_pass (&desk, 60 * SECOND);
  desk_address (&desk, 0, 160, OUTSIDE);
  desk_map (&desk, 2, 160, 0, 0);
  desk_expect (&desk, "pcp 3600 5086; address; map 3600 5086; "
                      "failed NAT-PMP: the router does not allow it;");
  desk_close (&desk);
}

/* RFC 6887 §8.3: the lifetime of a refusal */
static void
test_respects_how_long_a_refusal_lasts (void)
{
  static const guint cases[][2] = { { 30, 60 }, { 1800, 1800 }, { G_MAXUINT32, 3600 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Desk desk;

      g_test_message ("%u", cases[i][0]);
      desk_open (&desk, OWN_6, 0);
      desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
      desk_pcp (&desk, 8, cases[i][0], 100, "::", 5086);
      desk_expect (&desk, "pcp 3600 5086; failed PCP: the router has no room for it;");
      g_assert_cmpint (ferry_port_mapper_get_deadline (desk.mapper) - desk.now, ==,
                       cases[i][1] * G_TIME_SPAN_SECOND);
      desk_close (&desk);
    }
}

static const struct
{
  const char *what;
  const char *hex;
} strangers[] = {
  { "nothing", "" },
  { "PCP to loopback",
    "02 81 00 00 00000e10 00000064 00000000 00000000 00000000 000102030405060708090a0b "
    "06 000000 13de 13de 00000000 00000000 0000ffff 7f000001" },
  { "PCP to nobody",
    "02 81 00 00 00000e10 00000064 00000000 00000000 00000000 000102030405060708090a0b "
    "06 000000 13de 13de 00000000 00000000 0000ffff 00000000" },
  { "PCP to a group",
    "02 81 00 00 00000e10 00000064 00000000 00000000 00000000 000102030405060708090a0b "
    "06 000000 13de 13de 00000000 00000000 0000ffff e0000001" },
  { "PCP to a metadata service",
    "02 81 00 00 00000e10 00000064 00000000 00000000 00000000 000102030405060708090a0b "
    "06 000000 13de 13de 00000000 00000000 0000ffff a9fea9fe" },
  { "PCP to the other kind of address",
    "02 81 00 00 00000e10 00000064 00000000 00000000 00000000 000102030405060708090a0b "
    "06 000000 13de 13de 20010db8 00000000 00000000 00000007" },
  { "PCP to no port",
    "02 81 00 00 00000e10 00000064 00000000 00000000 00000000 000102030405060708090a0b "
    "06 000000 13de 0000 00000000 00000000 0000ffff cb007107" },
  { "PCP with another nonce",
    "02 81 00 00 00000e10 00000064 00000000 00000000 00000000 000102030405060708090a0c "
    "06 000000 13de 13de 00000000 00000000 0000ffff cb007107" },
  { "an announcement", "02 80 00 00 00000000 00000001 00000000 00000000 00000000" },
  { "NAT-PMP at loopback", "00 80 0000 00000064 7f000001" },
  { "NAT-PMP at nobody", "00 80 0000 00000064 00000000" },
  { "NAT-PMP at a group", "00 80 0000 00000064 e0000001" },
  { "NAT-PMP at a metadata service", "00 80 0000 00000064 a9fea9fe" },
  { "NAT-PMP that was not asked yet", "00 82 0000 00000064 13de 13de 00000e10" },
  { "a refusal that was not asked for yet", "00 82 0002 00000064 13de 0000 00000000" },
};

static void
test_believes_no_stranger (void)
{
  Desk desk;
  gint64 deadline;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_expect (&desk, "pcp 3600 5086; address;");
  deadline = ferry_port_mapper_get_deadline (desk.mapper);
  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_test_message ("%s", strangers[i].what);
      desk_hear (&desk, strangers[i].hex);
      desk_expect (&desk, "");
      g_assert_cmpint (ferry_port_mapper_get_deadline (desk.mapper), ==, deadline);
    }

  /* … and who is no stranger is believed as if they had never come. */
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_map (&desk, 0, 100, 0, 3600);
  desk_expect (&desk, "map 3600 5086;");
  desk_map (&desk, 0, 100, 5086, 3600);
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086);
  desk_expect (&desk, "mapped NAT-PMP 203.0.113.7 5086 3600; mapped PCP 203.0.113.7 5086 3600;");
  desk_close (&desk);
}

static void
test_says_what_it_did_not_believe (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_expect (&desk, "pcp 3600 5086; address;");
  desk_pass (&desk, 1750);
  g_string_truncate (desk.log, 0);
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 0);
  desk_address (&desk, 0, 100, "0.0.0.0");
  desk_pass (&desk, 1250);
  desk_expect (&desk, "failed PCP: the router names no port; "
                      "failed NAT-PMP: the router has no address that others could reach;");

  /* … and of another time no more. */
  desk_pass (&desk, 62 * SECOND);
  g_string_truncate (desk.log, 0);
  desk_pass (&desk, SECOND);
  desk_expect (&desk, "failed PCP: the router does not answer; "
                      "failed NAT-PMP: the router does not answer;");
  desk_close (&desk);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/port-mapper/asks-by-both-at-once", test_asks_by_both_at_once);
  g_test_add_func ("/proto/port-mapper/asks-by-what-it-is-told", test_asks_by_what_it_is_told);
  g_test_add_func ("/proto/port-mapper/asks-a-router-of-both-only-once",
                   test_asks_a_router_of_both_only_once);
  g_test_add_func ("/proto/port-mapper/needs-the-address-first", test_needs_the_address_first);
  g_test_add_func ("/proto/port-mapper/prefers-pcp-that-comes-late",
                   test_prefers_pcp_that_comes_late);
  g_test_add_func ("/proto/port-mapper/goes-on-without-pcp", test_goes_on_without_pcp);
  g_test_add_func ("/proto/port-mapper/opens-pinholes", test_opens_pinholes);
  g_test_add_func ("/proto/port-mapper/takes-the-port-that-is-given",
                   test_takes_the_port_that_is_given);
  g_test_add_func ("/proto/port-mapper/wishes-for-another-port-outside",
                   test_wishes_for_another_port_outside);
  g_test_add_func ("/proto/port-mapper/keeps-lifetimes-sane", test_keeps_lifetimes_sane);
  g_test_add_func ("/proto/port-mapper/gives-up-after-three-seconds",
                   test_gives_up_after_three_seconds);
  g_test_add_func ("/proto/port-mapper/tries-again-later", test_tries_again_later);
  g_test_add_func ("/proto/port-mapper/waits-for-both-to-fail", test_waits_for_both_to_fail);
  g_test_add_func ("/proto/port-mapper/believes-who-answers-late",
                   test_believes_who_answers_late);
  g_test_add_func ("/proto/port-mapper/tells-who-refused-and-why", test_tells_who_refused_and_why);
  g_test_add_func ("/proto/port-mapper/respects-how-long-a-refusal-lasts",
                   test_respects_how_long_a_refusal_lasts);
  g_test_add_func ("/proto/port-mapper/believes-no-stranger", test_believes_no_stranger);
  g_test_add_func ("/proto/port-mapper/says-what-it-did-not-believe",
                   test_says_what_it_did_not_believe);

  return g_test_run ();
}
