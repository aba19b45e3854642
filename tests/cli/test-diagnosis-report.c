/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/diagnosis-report.h"

/* A router that changes ports, and a proxy that is broken. */
static void
report (gboolean json)
{
  g_autoptr(FerryPathFacts) facts = ferry_path_facts_new ();
  g_autoptr(FerryDiagnosis) diagnosis = NULL;
  const FerryTestResults results = { .is_settled = TRUE, .is_online = TRUE, .may_direct = TRUE,
                                     .may_map = TRUE, .has_stun_server = TRUE,
                                     .in_band_delay = 31000 };
  FerryPathProxy *proxy = ferry_path_proxy_new ("proxy\033.example.org", "192.0.2.5", 5000);
  FerryOutput output;
  FerryIpAddress address;

  ferry_output_init (&output, json);
  g_assert_true (ferry_ip_address_parse ("192.168.1.20", &address));
  g_ptr_array_add (facts->addresses, ferry_interface_address_new (&address, "eth0", 0));
  g_assert_true (ferry_ip_address_parse ("203.0.113.7", &facts->reflexive4.seen));
  proxy->fault = g_strdup ("refused");
  g_ptr_array_add (facts->proxies, proxy);
  facts->port = 4711;
  diagnosis = ferry_network_diagnose (facts, &results);
  ferry_diagnosis_report (&output, diagnosis);
}

static void
test_tells_people (void)
{
  if (g_test_subprocess ())
    {
      report (FALSE);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*Your Router Keeps Others Out\n*");
  g_test_trap_assert_stdout ("*\n[poor] Seen From Outside (IPv4): As 203.0.113.7; your router "
                             "changes ports\n*");
  g_test_trap_assert_stdout ("*\n[ NO ] by a proxy: that of your server cannot be used\n*");
  g_test_trap_assert_stdout ("*\n[ ok ] through the server: with everybody, but slowly\n*");
  g_test_trap_assert_stdout ("*\n\nWhat you can do:\n* Switch on UPnP*\n* Ask your provider for "
                             "IPv6*\n* Tell whoever runs your server*");
  g_test_trap_assert_stdout_unmatched ("*\033*");
  g_test_trap_assert_stdout_unmatched ("*{*");
}

static void
test_tells_programs (void)
{
  if (g_test_subprocess ())
    {
      report (TRUE);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*{\"event\":\"finding\",\"test\":\"stun-ipv4\",\"verdict\":\"poor\","
                             "\"text\":\"As 203.0.113.7; your router changes ports\"}\n*");
  g_test_trap_assert_stdout ("*{\"event\":\"diagnosis\",\"kind\":\"symmetric\",\"advice\":"
                             "[\"enable-mapping\",\"ask-for-ipv6\",\"broken-proxy\"],\"paths\":"
                             "[\"interface\",\"in-band\"]}\n");
  g_test_trap_assert_stdout_unmatched ("*Your Router Keeps*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/diagnosis-report/tells-people", test_tells_people);
  g_test_add_func ("/cli/diagnosis-report/tells-programs", test_tells_programs);

  return g_test_run ();
}
