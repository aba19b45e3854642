/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "ui/path-text.h"
#include "ui/reason-text.h"

typedef struct
{
  FerryPathStepKind  kind;
  const char        *way;
  const char        *host;
  guint16            port;
  const char        *text;
} Step;

static FerryPathReport *
report_from_steps (const Step *steps,
                   gsize       n_steps)
{
  FerryPathReport *report = ferry_path_report_new (0);

  for (gsize i = 0; i < n_steps; i++)
    ferry_path_report_add (report, (gint64) i, steps[i].kind, steps[i].way, steps[i].host,
                           steps[i].port, steps[i].text);
  return report;
}

static void
test_says_each_step_in_a_sentence (void)
{
  static const struct
  {
    Step        step;
    const char *text;
  } cases[] = {
    { { FERRY_PATH_STEP_OFFERED, "interface", "192.168.1.20", 4711, NULL },
      "Offered 192.168.1.20 port 4711 (own address)" },
    { { FERRY_PATH_STEP_OFFERED, "in-band", NULL, 0, NULL },
      "Offered the way through the server" },
    { { FERRY_PATH_STEP_LEFT_OUT, "mapped", NULL, 0, "the router refuses" },
      "Not offered: port of the router; the router refuses" },
    { { FERRY_PATH_STEP_LEFT_OUT, "hole punching", "203.0.113.7", 4711, NULL },
      "Not offered: 203.0.113.7 port 4711 (hole punching); no reason known" },
    { { FERRY_PATH_STEP_RECEIVED, "proxy", "proxy.example.org", 5000, NULL },
      "The other side offers proxy.example.org port 5000 (proxy)" },
    { { FERRY_PATH_STEP_TRIED, "interface", "192.0.2.7", 4711, NULL },
      "Trying 192.0.2.7 port 4711" },
    { { FERRY_PATH_STEP_REACHED, "interface", "192.0.2.7", 4711, NULL },
      "Tried 192.0.2.7 port 4711: it answers" },
    { { FERRY_PATH_STEP_REFUSED, "interface", "192.0.2.7", 4711, "refused" },
      "Tried 192.0.2.7 port 4711: refused" },
    { { FERRY_PATH_STEP_CALLED, "mapped", "203.0.113.7", 4711, NULL },
      "The other side reached us at 203.0.113.7 port 4711" },
    { { FERRY_PATH_STEP_REPORTED, NULL, NULL, 0, "nothing could be reached" },
      "Nothing could be reached" },
    { { FERRY_PATH_STEP_REPORTED, "mapped", "203.0.113.7", 4711, "the peer reached it" },
      "203.0.113.7 port 4711: the peer reached it" },
    { { FERRY_PATH_STEP_RECEIVED, "interface", "127.0.0.1", 4711, "a loopback address" },
      "The other side offers 127.0.0.1 port 4711 (own address); a loopback address" },
    { { FERRY_PATH_STEP_CHOSEN, "hole punching", "203.0.113.7", 4711, NULL },
      "Chosen: 203.0.113.7 port 4711 (hole punching)" },
    { { FERRY_PATH_STEP_CHOSEN, "in-band", NULL, 0, NULL }, "Chosen: the way through the server" },
    { { FERRY_PATH_STEP_BROKEN, "interface", NULL, 0, "the connection was lost" },
      "The way broke: the connection was lost" },
    { { FERRY_PATH_STEP_NOTE, NULL, NULL, 0, "Their program waits" }, "Their program waits" },
    /* A peer has a say in hosts and reasons. */
    { { FERRY_PATH_STEP_REFUSED, "interface", "a\u202Eb", 1, "see\nhere\u202E" },
      "Tried ab port 1: see here" },
    { { FERRY_PATH_STEP_TRIED, "smoke", "192.0.2.7", 0, NULL }, "Trying 192.0.2.7" },
    { { FERRY_PATH_STEP_OFFERED, "smoke", "192.0.2.7", 0, NULL }, "Offered 192.0.2.7 (smoke)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryPathReport) report = report_from_steps (&cases[i].step, 1);
      g_autofree char *text = ferry_path_text_step (ferry_path_report_get (report, 0));

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_counts_time_from_the_beginning (void)
{
  static const struct
  {
    gint64      time; /* µs */
    const char *text;
  } cases[] = {
    { 0, "0.00 s" },
    { 19000, "0.02 s" },
    { 1304000, "1.30 s" },
    { G_GINT64_CONSTANT (3600000000), "3600.00 s" },
    { -5, "0.00 s" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FerryPathStep step = { .time = cases[i].time };
      g_autofree char *text = ferry_path_text_time (&step);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* "+Directly (192.0.2.7 port 1); -Not by …": what is said of @steps. */
static char *
explain (const Step *steps,
         gsize       n_steps)
{
  g_autoptr(FerryPathReport) report = report_from_steps (steps, n_steps);
  g_autoptr(GPtrArray) choices = ferry_path_text_explain (report);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < choices->len; i++)
    {
      const FerryPathChoice *choice = choices->pdata[i];

      g_string_append_printf (out, "%s%c%s (%s)", i > 0 ? "; " : "", "+-i"[choice->kind],
                              choice->title, choice->reason);
    }
  return g_string_free (out, FALSE);
}

static const Step by_proxy[] = {
  { FERRY_PATH_STEP_OFFERED, "interface", "192.168.1.20", 4711, NULL },
  { FERRY_PATH_STEP_LEFT_OUT, "hole punching", NULL, 0, "the router changes ports" },
  { FERRY_PATH_STEP_RECEIVED, "mapped", "198.51.100.4", 4711, NULL },
  { FERRY_PATH_STEP_REFUSED, "mapped", "198.51.100.4", 4711, "refused" },
  { FERRY_PATH_STEP_CHOSEN, "proxy", "proxy.example.org", 5000, NULL },
  /* … and later it breaks. */
  { FERRY_PATH_STEP_BROKEN, "proxy", NULL, 0, "lost" },
  { FERRY_PATH_STEP_OFFERED, "interface", "192.168.1.20", 4711, NULL },
  { FERRY_PATH_STEP_CHOSEN, "interface", "192.168.1.20", 4711, NULL },
};

static void
test_explains_why_not_a_better_one (void)
{
  g_autofree char *nothing = explain (by_proxy, 0);
  g_autofree char *looking = explain (by_proxy, 1);
  g_autofree char *found = explain (by_proxy, 5);
  g_autofree char *broken = explain (by_proxy, 6);
  g_autofree char *again = explain (by_proxy, 8);
  static const Step by_ipv6[] = {
    { FERRY_PATH_STEP_CHOSEN, "interface", "2001:db8::7", 4711, NULL },
  };
  g_autofree char *newer = explain (by_ipv6, 1);

  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpstr (looking, ==, "");
  g_assert_cmpstr (found, ==, "+By a proxy (proxy.example.org port 5000); "
                              "-Not directly (The other side could not use what we offered); "
                              "-Not by a port of the router (198.51.100.4 port 4711: refused); "
                              "-Not by hole punching (The router changes ports)");
  g_assert_cmpstr (broken, ==, "");
  g_assert_cmpstr (newer, ==, "+Directly, by IPv6 (2001:db8::7 port 4711)");
  g_assert_cmpstr (again, ==, "+Directly (192.168.1.20 port 4711)");
}

static void
test_tells_what_was_never_there (void)
{
  static const Step steps[] = {
    { FERRY_PATH_STEP_RECEIVED, "interface", "192.0.2.7", 4711, NULL },
    { FERRY_PATH_STEP_CHOSEN, "in-band", NULL, 0, NULL },
  };
  g_autofree char *text = explain (steps, G_N_ELEMENTS (steps));

  g_assert_cmpstr (text, ==, "+Through the server (); -Not directly (Another way was ready first); "
                             "-Not by a port of the router (Neither side had one); "
                             "-Not by hole punching (Neither side had one); "
                             "-Not by a proxy (Neither side had one)");
}

static void
test_tells_habits_of_programs (void)
{
  static const Step steps[] = {
    { FERRY_PATH_STEP_NOTE, NULL, NULL, 0, "Pidgin tries one host after another, each for five seconds" },
    { FERRY_PATH_STEP_RECEIVED, "interface", "10.0.0.1", 1, "a private network that is not ours" },
    { FERRY_PATH_STEP_NOTE, NULL, NULL, 0, "something else" },
    { FERRY_PATH_STEP_CHOSEN, "mapped", "203.0.113.7", 4711, NULL },
  };
  g_autofree char *text = explain (steps, G_N_ELEMENTS (steps));

  g_assert_cmpstr (text, ==, "+By a port of the router (203.0.113.7 port 4711); "
                             "-Not directly (10.0.0.1 port 1: a private network that is not ours); "
                             "iKnown of the other program (Pidgin tries one host after another, "
                             "each for five seconds)");
}

/* Without a path, only what was tried is worth telling. */
static void
test_tells_what_failed (void)
{
  static const Step steps[] = {
    { FERRY_PATH_STEP_REFUSED, "interface", "192.0.2.7", 4711, "refused" },
    { FERRY_PATH_STEP_REFUSED, "interface", "192.0.2.8", 4711, "timed out" },
    { FERRY_PATH_STEP_REFUSED, "proxy", "proxy.example.org", 5000, "refused" },
  };
  g_autofree char *text = explain (steps, G_N_ELEMENTS (steps));

  g_assert_cmpstr (text, ==, "-Not directly (192.0.2.8 port 4711: timed out); "
                             "-Not by a proxy (proxy.example.org port 5000: refused)");
}

static void
test_keeps_reasons_harmless (void)
{
  static const struct
  {
    const char *english;
    const char *text;
  } cases[] = {
    { "the router refuses", "the router refuses" },
    { "it is not dialled: a loopback address", "it is not dialled: a loopback address" },
    { "something else", "something else" },
    { "stun.example.org: No way to this STUN server: down", "stun.example.org: No way to this STUN server: down" },
    { "it does not answer; its address is one of a private network",
      "it does not answer; its address is one of a private network" },
    { "x; y:z; down: ", "x; y:z; down:" },
    { "No byte moved for 120 seconds", "No byte moved for 120 seconds" },
    { "No byte moved for %u seconds", "No byte moved for %u seconds" },
    { "No byte moved for 1%s seconds", "No byte moved for 1%s seconds" },
    { "No byte", "No byte" },
    { ": : ", ": :" },
    { "", "?" },
    { "Project-Id-Version: x", "Project-Id-Version: x" }, /* of the catalogue's own header */
    { "bell\a\u202E", "bell" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ferry_reason_text (cases[i].english);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/path-text/says-each-step-in-a-sentence",
                   test_says_each_step_in_a_sentence);
  g_test_add_func ("/ui/path-text/counts-time-from-the-beginning",
                   test_counts_time_from_the_beginning);
  g_test_add_func ("/ui/path-text/explains-why-not-a-better-one",
                   test_explains_why_not_a_better_one);
  g_test_add_func ("/ui/path-text/tells-what-was-never-there", test_tells_what_was_never_there);
  g_test_add_func ("/ui/path-text/tells-habits-of-programs", test_tells_habits_of_programs);
  g_test_add_func ("/ui/path-text/tells-what-failed", test_tells_what_failed);
  g_test_add_func ("/ui/reason-text/keeps-reasons-harmless", test_keeps_reasons_harmless);

  return g_test_run ();
}
