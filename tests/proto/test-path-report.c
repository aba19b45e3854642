/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/path-report.h"

#define BEGAN G_GINT64_CONSTANT (5000000)

static void
test_tells_in_order (void)
{
  g_autoptr(FerryPathReport) report = ferry_path_report_new (BEGAN);
  g_autofree char *text = NULL;

  ferry_path_report_add (report, BEGAN + 1500, FERRY_PATH_STEP_OFFERED, "interface", "192.168.1.5",
                         5086, NULL);
  ferry_path_report_add (report, BEGAN + 1250000, FERRY_PATH_STEP_REFUSED, "hole punching",
                         "203.0.113.9", 5086, "no answer");
  ferry_path_report_add (report, BEGAN + 12000000, FERRY_PATH_STEP_CHOSEN, "in-band", NULL, 0,
                         NULL);
  ferry_path_report_add (report, BEGAN + 13000000, FERRY_PATH_STEP_NOTE, NULL, NULL, 0, "It rains");

  g_assert_cmpuint (ferry_path_report_get_n (report), ==, 4);
  g_assert_cmpint (ferry_path_report_get (report, 1)->time, ==, 1250000);
  g_assert_cmpint (ferry_path_report_get (report, 1)->kind, ==, FERRY_PATH_STEP_REFUSED);
  g_assert_null (ferry_path_report_get (report, 4));

  text = ferry_path_report_to_text (report, FALSE);
  g_assert_cmpstr (text, ==,
                   "    0.001 s  offered  192.168.1.5 port 5086 (interface)\n"
                   "    1.250 s  refused  203.0.113.9 port 5086 (hole punching): no answer\n"
                   "   12.000 s  chosen   in-band\n"
                   "   13.000 s  note     It rains\n");
}

static void
test_masks_addresses_wherever_they_are (void)
{
  static const struct { const char *text; const char *masked; } cases[] = {
    { "Could not connect to 192.168.1.5: Connection refused",
      "Could not connect to 192.168.1.x: Connection refused" },
    { "127.0.0.1:5086 and [2001:db8::17]:80.", "127.0.0.x:5086 and [2001:db8:x]:80." },
    { "it was 10.0.0.1.", "it was 10.0.0.x." },
    { "10.0.0.110.0.0.2", "10.0.0.x.0.0.2" }, /* rather too much */
    { "fe80::1%eth0", "fe80:0:x%eth0" },
    { "::ffff:10.1.2.3", "10.1.2.x" },
    { "cafe, bed and 12:30", "cafe, bed and 12:30" },
    { "1.2.3.4", "1.2.3.x" },
    { "", "" },
    { "Gr\xc3\xbc\xc3\x9f 10.0.0.1", "Gr\xc3\xbc\xc3\x9f 10.0.0.x" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryPathReport) report = ferry_path_report_new (0);
      g_autofree char *text = NULL;
      g_autofree char *expected = g_strdup_printf ("    0.000 s  note     %s\n", cases[i].masked);

      ferry_path_report_add (report, 0, FERRY_PATH_STEP_NOTE, NULL, NULL, 0, cases[i].text);
      text = ferry_path_report_to_text (report, TRUE);
      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_masks_hosts_and_keeps_names (void)
{
  g_autoptr(FerryPathReport) report = ferry_path_report_new (0);
  g_autofree char *text = NULL;

  ferry_path_report_add (report, 0, FERRY_PATH_STEP_TRIED, "proxy", "proxy.example", 7777, NULL);
  ferry_path_report_add (report, 0, FERRY_PATH_STEP_TRIED, NULL, "2001:db8::17", 5086, NULL);
  text = ferry_path_report_to_text (report, TRUE);
  g_assert_cmpstr (text, ==, "    0.000 s  tried    proxy.example port 7777 (proxy)\n"
                             "    0.000 s  tried    2001:db8:x port 5086\n");
}

/* A peer's words are one line, and not a long one. */
static void
test_bounds_what_others_say (void)
{
  g_autoptr(FerryPathReport) report = ferry_path_report_new (0);
  g_autofree char *endless = g_strnfill (100000, 'x');
  g_autofree char *text = NULL;

  ferry_path_report_add (report, 0, FERRY_PATH_STEP_RECEIVED, NULL, "a\nb\xff\x1b[2J", 1, endless);
  text = ferry_path_report_to_text (report, TRUE);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (strlen (text), <, 500);
  g_assert_true (strchr (text, '\n') == text + strlen (text) - 1);
  g_assert_null (strchr (text, '\x1b'));
}

static void
test_keeps_the_first_and_the_last (void)
{
  g_autoptr(FerryPathReport) report = ferry_path_report_new (0);
  g_autofree char *text = NULL;

  for (guint i = 0; i < FERRY_PATH_REPORT_MAX_STEPS + 50; i++)
    ferry_path_report_add (report, i, FERRY_PATH_STEP_TRIED, NULL, "h", i, NULL);

  g_assert_cmpuint (ferry_path_report_get_n (report), ==, FERRY_PATH_REPORT_MAX_STEPS);
  g_assert_cmpuint (ferry_path_report_get (report, 99)->port, ==, 99);
  g_assert_cmpuint (ferry_path_report_get (report, 100)->port, ==, 150);
  g_assert_cmpuint (ferry_path_report_get (report, 199)->port, ==, 249);
  text = ferry_path_report_to_text (report, TRUE);
  g_assert_nonnull (strstr (text, "port 99\n(50 steps are not kept)\n"));
}

static void
step_added_cb (const FerryPathStep *step,
               gpointer             user_data)
{
  *(guint *) user_data += step->port;
}

static void
test_tells_who_watches (void)
{
  g_autoptr(FerryPathReport) report = ferry_path_report_new (0);
  guint sum = 0;

  ferry_path_report_watch (report, step_added_cb, &sum);
  ferry_path_report_add (report, 0, FERRY_PATH_STEP_TRIED, NULL, NULL, 3, NULL);
  ferry_path_report_add (report, 0, FERRY_PATH_STEP_TRIED, NULL, NULL, 4, NULL);
  ferry_path_report_watch (report, NULL, NULL);
  ferry_path_report_add (report, 0, FERRY_PATH_STEP_TRIED, NULL, NULL, 5, NULL);
  g_assert_cmpuint (sum, ==, 7);
}

static void
test_names_every_kind (void)
{
  for (guint i = FERRY_PATH_STEP_OFFERED; i <= FERRY_PATH_STEP_NOTE; i++)
    for (guint j = FERRY_PATH_STEP_OFFERED; j < i; j++)
      g_assert_cmpstr (ferry_path_step_kind_to_string (i), !=, ferry_path_step_kind_to_string (j));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/path-report/tells-in-order", test_tells_in_order);
  g_test_add_func ("/proto/path-report/masks-addresses-wherever-they-are",
                   test_masks_addresses_wherever_they_are);
  g_test_add_func ("/proto/path-report/masks-hosts-and-keeps-names",
                   test_masks_hosts_and_keeps_names);
  g_test_add_func ("/proto/path-report/bounds-what-others-say", test_bounds_what_others_say);
  g_test_add_func ("/proto/path-report/keeps-the-first-and-the-last",
                   test_keeps_the_first_and_the_last);
  g_test_add_func ("/proto/path-report/tells-who-watches", test_tells_who_watches);
  g_test_add_func ("/proto/path-report/names-every-kind", test_names_every_kind);

  return g_test_run ();
}
