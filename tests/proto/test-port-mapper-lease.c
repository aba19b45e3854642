/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "port-mapper-desk.h"

#define OWN_4    "192.168.1.7"
#define OUTSIDE  "203.0.113.7"
#define SECOND   1000

#define NO_PCP     "00 81 0001 00000064"
#define NO_NAT_PMP "02 80 00 01 00000000 00000064 00000000 00000000 00000000"

/* A port of a router that speaks PCP alone, since @epoch. */
static void
open_mapped_by_pcp (Desk    *desk,
                    guint32  epoch)
{
  desk_open (desk, OWN_4, 0);
  desk_tell (desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_hear (desk, NO_NAT_PMP);
  desk_pcp (desk, 0, 3600, epoch, OUTSIDE, 5086);
  desk_expect (desk, "pcp 3600 5086; address; "
                     "failed NAT-PMP: the router does not speak this version; "
                     "mapped PCP 203.0.113.7 5086 3600;");
}

static void
open_mapped_by_nat_pmp (Desk    *desk,
                        guint32  epoch)
{
  desk_open (desk, OWN_4, 0);
  desk_tell (desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_hear (desk, NO_PCP);
  desk_address (desk, 0, epoch, OUTSIDE);
  desk_map (desk, 0, epoch, 5086, 3600);
  desk_expect (desk, "pcp 3600 5086; address; "
                     "failed PCP: the router does not speak this version; "
                     "map 3600 5086; mapped NAT-PMP 203.0.113.7 5086 3600;");
}

static void
test_renews_at_half (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 100);
  desk_pass (&desk, 1800 * SECOND - 1);
  desk_expect (&desk, "");
  desk_pass (&desk, 1);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pcp (&desk, 0, 3600, 1900, OUTSIDE, 5086);
  desk_expect (&desk, ""); /* nothing has changed */
  desk_pass (&desk, 1800 * SECOND);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pcp (&desk, 0, 3600, 3700, "203.0.113.99", 5086);
  desk_expect (&desk, "mapped PCP 203.0.113.99 5086 3600;");
  desk_pass (&desk, 1800 * SECOND);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (desk.sent, NULL) + 56, 4,
                   desk.mapping.external.bytes, 4); /* what we had is wished for again */
  desk_pcp (&desk, 0, 3600, 5500, "203.0.113.99", 5087);
  desk_expect (&desk, "pcp 3600 5086; mapped PCP 203.0.113.99 5087 3600;");
  desk_pass (&desk, 1800 * SECOND);
  desk_pcp (&desk, 0, 3000, 7300, "203.0.113.99", 5087);
  desk_expect (&desk, "pcp 3600 5087; mapped PCP 203.0.113.99 5087 3000;");
  desk_close (&desk);

  open_mapped_by_nat_pmp (&desk, 100);
  desk_pass (&desk, 1800 * SECOND);
  desk_expect (&desk, "address;");
  desk_address (&desk, 0, 1900, "203.0.113.99");
  desk_map (&desk, 0, 1900, 5087, 1200);
  desk_expect (&desk, "map 3600 5086; mapped NAT-PMP 203.0.113.99 5087 1200;");
  desk_close (&desk);
}

/* At half of what is left, but not more often than every four seconds (RFC 6887 §11.2.1). */
static void
test_does_not_give_up_a_lease_that_runs (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 100);
  desk_pass (&desk, 1803 * SECOND);
  desk_expect (&desk, "pcp 3600 5086; pcp 3600 5086; pcp 3600 5086; pcp 3600 5086;");
  g_assert_true (ferry_port_mapper_is_settled (desk.mapper));
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
  desk_pass (&desk, 898 * SECOND);
  desk_expect (&desk, "");
  desk_pass (&desk, SECOND / 2);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
  desk_pcp (&desk, 0, 3600, 2801, OUTSIDE, 5086);
  desk_expect (&desk, "");
  g_assert_cmpint (ferry_port_mapper_get_deadline (desk.mapper) - desk.now, ==,
                   1800 * G_TIME_SPAN_SECOND);
  desk_close (&desk);
}

static void
test_loses_what_is_not_renewed (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 100);
  desk_pass (&desk, 3600 * SECOND - 1);
  g_assert_null (strstr (desk.log->str, "lost"));
  g_assert_cmpuint (desk.log->len, ==, 9 * 4 * strlen ("pcp 3600 5086; "));
  g_string_truncate (desk.log, 0);
  desk_pass (&desk, 1);
  desk_expect (&desk, "lost: its time has run out;");
  desk_pass (&desk, 5 * SECOND);
  g_assert_true (g_str_has_prefix (desk.log->str, "pcp 3600 5086; address; "));
  desk_close (&desk);
}

static void
test_loses_what_is_refused (void)
{
  Desk desk;

  open_mapped_by_nat_pmp (&desk, 100);
  desk_pass (&desk, 1800 * SECOND);
  desk_address (&desk, 0, 1900, OUTSIDE);
  desk_map (&desk, 4, 1900, 0, 0);
  desk_expect (&desk, "address; map 3600 5086; lost: the router has no room for it;");
  desk_pass (&desk, 5 * SECOND);
  desk_expect (&desk, "pcp 3600 5086; address;");
  desk_close (&desk);
}

static void
test_asks_anew_when_the_router_forgot (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 10000);
  desk_pass (&desk, 100 * SECOND);
  desk_hear (&desk, "02 80 00 00 00000000 00002774 00000000 00000000 00000000"); /* 10100 */
  desk_expect (&desk, "");
  desk_pass (&desk, 10 * SECOND);
  desk_hear (&desk, "02 80 00 00 00000000 00000001 00000000 00000000 00000000");
  desk_expect (&desk, "lost: the router has forgotten it; pcp 3600 5086; address;");
  desk_pcp (&desk, 0, 3600, 1, OUTSIDE, 5086);
  desk_expect (&desk, "mapped PCP 203.0.113.7 5086 3600;");
  desk_close (&desk);

  open_mapped_by_nat_pmp (&desk, 10000);
  desk_pass (&desk, 100 * SECOND);
  desk_address (&desk, 0, 10095, OUTSIDE);
  desk_expect (&desk, "");
  desk_pass (&desk, 10 * SECOND);
  desk_address (&desk, 0, 1, OUTSIDE);
  desk_expect (&desk, "lost: the router has forgotten it; pcp 3600 5086; address;");
  desk_close (&desk);
}

/* Whoever announces in a router's name cannot make us busy. */
static void
test_asks_anew_at_most_every_five_seconds (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 10000);
  desk_hear (&desk, "02 80 00 00 00000000 00000001 00000000 00000000 00000000");
  desk_expect (&desk, "lost: the router has forgotten it;");
  for (guint i = 0; i < 49; i++)
    {
      desk_pass (&desk, 100);
      desk_hear (&desk, "02 80 00 00 00000000 00000001 00000000 00000000 00000000");
      desk_hear (&desk, "02 80 00 00 00000000 00001001 00000000 00000000 00000000");
    }
  desk_expect (&desk, "");
  desk_pass (&desk, 100);
  desk_expect (&desk, "pcp 3600 5086; address;");
  desk_close (&desk);

  open_mapped_by_nat_pmp (&desk, 10000);
  desk_address (&desk, 0, 10000, "203.0.113.8");
  desk_address (&desk, 0, 10000, "203.0.113.9");
  desk_pass (&desk, 5 * SECOND - 1);
  desk_expect (&desk, "");
  desk_pass (&desk, 1);
  desk_expect (&desk, "address;");
  desk_address (&desk, 0, 10005, "203.0.113.9");
  desk_map (&desk, 0, 10005, 5086, 3600);
  desk_expect (&desk, "map 3600 5086; mapped NAT-PMP 203.0.113.9 5086 3600;");
  desk_close (&desk);
}

/* A question that is out will be answered by who has begun anew. */
static void
test_is_not_confused_while_it_renews (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 10000);
  desk_pass (&desk, 1800 * SECOND);
  desk_hear (&desk, "02 80 00 00 00000000 00000001 00000000 00000000 00000000");
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pcp (&desk, 0, 3600, 2, OUTSIDE, 5086);
  desk_expect (&desk, "");
  desk_close (&desk);
}

/* By NAT-PMP it is lost while PCP is still being asked in vain. */
static void
test_asks_anew_whatever_else_fails (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_address (&desk, 0, 10000, OUTSIDE);
  desk_map (&desk, 0, 10000, 5086, 3600);
  desk_address (&desk, 0, 1, OUTSIDE);
  g_string_truncate (desk.log, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
  desk_expect (&desk, "failed PCP: the router does not speak it;");
  desk_pass (&desk, 5 * SECOND);
  desk_expect (&desk, "pcp 3600 5086; address;");
  desk_close (&desk);
}

/* RFC 6887 §14.2 */
static void
test_hears_of_changes_unasked (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 100);
  desk_pass (&desk, 10 * SECOND);
  desk_pcp (&desk, 0, 3000, 110, "203.0.113.99", 5099);
  desk_expect (&desk, "mapped PCP 203.0.113.99 5099 3000;");
  desk_pcp (&desk, 2, 3000, 110, "203.0.113.99", 5099);
  desk_hear (&desk, NO_PCP);
  desk_hear (&desk, NO_NAT_PMP);
  desk_address (&desk, 0, 110, "203.0.113.1"); /* it is not by NAT-PMP that it stands */
  desk_pass (&desk, 1000 * SECOND);
  desk_expect (&desk, "");
  desk_close (&desk);
}

static void
test_asks_at_once_when_told_again (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
  desk_pass (&desk, SECOND);
  g_string_truncate (desk.log, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_expect (&desk, "pcp 3600 5086; address;");
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086);
  desk_expect (&desk, "mapped PCP 203.0.113.7 5086 3600;");

  desk_pass (&desk, 10 * SECOND);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_expect (&desk, "pcp 3600 5086;");
  desk_pcp (&desk, 0, 3600, 110, OUTSIDE, 5086);
  desk_pass (&desk, 60 * SECOND);
  desk_expect (&desk, "");

  /* After a change of the network, silence says that it is gone. */
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pass (&desk, 5 * SECOND);
  desk_expect (&desk, "pcp 3600 5086; pcp 3600 5086; pcp 3600 5086; pcp 3600 5086; "
                      "lost: the router does not answer; pcp 3600 5086; address;");
  desk_close (&desk);
}

static void
test_doubts_only_until_the_next_answer (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 100);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086);
  desk_pass (&desk, 1810 * SECOND);
  desk_expect (&desk, "pcp 3600 5086; "
                      "pcp 3600 5086; pcp 3600 5086; pcp 3600 5086; pcp 3600 5086;");
  desk_close (&desk);
}

static void
test_is_as_eager_as_at_first_when_told_again (void)
{
  Desk desk;

  desk_open (&desk, "2001:db8::7", 0);
  for (guint i = 0; i < 3; i++)
    {
      desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
      desk_pcp (&desk, 2, 1800, 100, "::", 5086);
    }
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
  g_assert_cmpint (ferry_port_mapper_get_deadline (desk.mapper) - desk.now, ==,
                   G_TIME_SPAN_MINUTE);
  desk_close (&desk);
}

static void
test_gives_back_what_stands (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 100);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_expect (&desk, "pcp 0 0;");
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086); /* of an earlier question */
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_hear (&desk, "02 80 00 00 00000000 00000064 00000000 00000000 00000000");
  desk_expect (&desk, "");
  desk_pcp (&desk, 0, 0, 100, "0.0.0.0", 0);
  desk_expect (&desk, "over;");
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_expect (&desk, "");
  g_assert_cmpint (ferry_port_mapper_get_deadline (desk.mapper), ==, 0);
  desk_close (&desk);

  open_mapped_by_nat_pmp (&desk, 100);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_map (&desk, 0, 100, 5086, 3600);
  desk_expect (&desk, "map 0 0;");
  desk_map (&desk, 0, 100, 0, 0);
  desk_expect (&desk, "over;");
  desk_close (&desk);
}

/* Exit waits for it: twice, and 700 ms are the end. */
static void
test_does_not_wait_long_at_the_end (void)
{
  Desk desk;

  open_mapped_by_pcp (&desk, 100);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_pass (&desk, 299);
  desk_expect (&desk, "pcp 0 0;");
  desk_pass (&desk, 1);
  desk_expect (&desk, "pcp 0 0;");
  desk_pass (&desk, 399);
  desk_expect (&desk, "");
  desk_pass (&desk, 1);
  desk_expect (&desk, "over unheard;");
  desk_close (&desk);

  /* a refusal is an answer, too; that nobody is there ends it, but tells nothing */
  open_mapped_by_pcp (&desk, 100);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_pcp (&desk, 2, 30, 100, "0.0.0.0", 0);
  desk_expect (&desk, "pcp 0 0; over;");
  desk_close (&desk);

  open_mapped_by_nat_pmp (&desk, 100);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_map (&desk, 2, 100, 5086, 3600);
  desk_expect (&desk, "map 0 0; over;");
  desk_close (&desk);

  open_mapped_by_nat_pmp (&desk, 100);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
  desk_expect (&desk, "map 0 0; over unheard;");
  desk_close (&desk);
}

static void
test_gives_back_both_with_one_datagram_each (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_address (&desk, 0, 100, OUTSIDE);
  desk_map (&desk, 0, 100, 5086, 3600);
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_expect (&desk, "pcp 3600 5086; address; map 3600 5086; "
                      "mapped NAT-PMP 203.0.113.7 5086 3600; mapped PCP 203.0.113.7 5086 3600; "
                      "pcp 0 0; map 0 0;");
  desk_pass (&desk, 600);
  desk_pcp (&desk, 0, 0, 100, "0.0.0.0", 0);
  desk_expect (&desk, "");
  desk_map (&desk, 0, 100, 0, 0);
  desk_expect (&desk, "over;");
  desk_close (&desk);
}

static void
test_does_not_wait_for_the_silent (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_expect (&desk, "pcp 3600 5086; address; pcp 0 0; over;");
  desk_close (&desk);

  /* … and says nothing to who refused */
  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_START);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_UNREACHABLE);
  g_string_truncate (desk.log, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_expect (&desk, "over;");
  desk_close (&desk);
}

/* After a crash: the nonce and the port are those of the other run. */
static void
test_gives_back_what_another_run_left (void)
{
  Desk desk;

  desk_open (&desk, OWN_4, 1 << FERRY_MAPPING_PCP);
  desk_pcp (&desk, 0, 3600, 100, OUTSIDE, 5086);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_expect (&desk, "pcp 0 0;");
  desk_pass (&desk, 300);
  desk_expect (&desk, "pcp 0 0;");
  desk_pcp (&desk, 0, 0, 100, "0.0.0.0", 0);
  desk_expect (&desk, "over;");
  desk_close (&desk);

  desk_open (&desk, OWN_4, 0);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_hear (&desk, NO_PCP);
  desk_expect (&desk, "pcp 0 0; map 0 0;");
  desk_pass (&desk, 700);
  desk_expect (&desk, "over unheard;");
  desk_close (&desk);

  desk_open (&desk, OWN_4, 1 << FERRY_MAPPING_UPNP);
  desk_tell (&desk, FERRY_PORT_MAPPER_EVENT_STOP);
  desk_expect (&desk, "over;");
  desk_close (&desk);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/port-mapper-lease/renews-at-half", test_renews_at_half);
  g_test_add_func ("/proto/port-mapper-lease/does-not-give-up-a-lease-that-runs",
                   test_does_not_give_up_a_lease_that_runs);
  g_test_add_func ("/proto/port-mapper-lease/loses-what-is-not-renewed",
                   test_loses_what_is_not_renewed);
  g_test_add_func ("/proto/port-mapper-lease/loses-what-is-refused", test_loses_what_is_refused);
  g_test_add_func ("/proto/port-mapper-lease/asks-anew-when-the-router-forgot",
                   test_asks_anew_when_the_router_forgot);
  g_test_add_func ("/proto/port-mapper-lease/asks-anew-at-most-every-five-seconds",
                   test_asks_anew_at_most_every_five_seconds);
  g_test_add_func ("/proto/port-mapper-lease/is-not-confused-while-it-renews",
                   test_is_not_confused_while_it_renews);
  g_test_add_func ("/proto/port-mapper-lease/asks-anew-whatever-else-fails",
                   test_asks_anew_whatever_else_fails);
  g_test_add_func ("/proto/port-mapper-lease/doubts-only-until-the-next-answer",
                   test_doubts_only_until_the_next_answer);
  g_test_add_func ("/proto/port-mapper-lease/is-as-eager-as-at-first-when-told-again",
                   test_is_as_eager_as_at_first_when_told_again);
  g_test_add_func ("/proto/port-mapper-lease/hears-of-changes-unasked",
                   test_hears_of_changes_unasked);
  g_test_add_func ("/proto/port-mapper-lease/asks-at-once-when-told-again",
                   test_asks_at_once_when_told_again);
  g_test_add_func ("/proto/port-mapper-lease/gives-back-what-stands", test_gives_back_what_stands);
  g_test_add_func ("/proto/port-mapper-lease/does-not-wait-long-at-the-end",
                   test_does_not_wait_long_at_the_end);
  g_test_add_func ("/proto/port-mapper-lease/gives-back-both-with-one-datagram-each",
                   test_gives_back_both_with_one_datagram_each);
  g_test_add_func ("/proto/port-mapper-lease/does-not-wait-for-the-silent",
                   test_does_not_wait_for_the_silent);
  g_test_add_func ("/proto/port-mapper-lease/gives-back-what-another-run-left",
                   test_gives_back_what_another_run_left);

  return g_test_run ();
}
