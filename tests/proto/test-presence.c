/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/presence.h"

static gboolean
parse (FerryPresenceStanza *presence,
       const char          *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) stanza = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return ferry_presence_parse (presence, stanza);
}

static void
test_reads_a_full_presence (void)
{
  g_auto(FerryPresenceStanza) presence = { 0 };

  g_assert_true (parse (&presence,
                        "<presence xmlns='jabber:client' from='a@b/c' to='d@e'><show> dnd\n</show>"
                        "<status>away &amp; <x xmlns='urn:x'>no</x>busy</status><priority>-128</priority>"
                        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>"
                        "</presence>"));
  g_assert_cmpint (presence.type, ==, FERRY_PRESENCE_TYPE_AVAILABLE);
  g_assert_cmpint (presence.show, ==, FERRY_SHOW_DND);
  g_assert_cmpint (presence.priority, ==, -128);
  g_assert_cmpstr (presence.from, ==, "a@b/c");
  g_assert_cmpstr (presence.to, ==, "d@e");
  g_assert_cmpstr (presence.status, ==, "away & busy");
  g_assert_cmpstr (presence.caps_hash, ==, "sha-1");
  g_assert_cmpstr (presence.caps_node, ==, "n");
  g_assert_cmpstr (presence.caps_ver, ==, "v");
}

static void
test_takes_the_unknown_for_absent (void)
{
  static const char *const contents[] = {
    "", "<show/>", "<show>online</show>", "<show xmlns='urn:x'>dnd</show>", "<priority>128</priority>",
    "<priority>-129</priority>", "<priority>+1</priority>", "<priority>x</priority>",
    "<priority>--1</priority>", "<status/>", "<c xmlns='urn:other' node='n' ver='v'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_auto(FerryPresenceStanza) presence = { 0 };
      g_autofree char *xml = g_strdup_printf ("<presence xmlns='jabber:client'>%s</presence>",
                                              contents[i]);

      g_assert_true (parse (&presence, xml));
      g_assert_cmpint (presence.show, ==, FERRY_SHOW_AVAILABLE);
      g_assert_cmpint (presence.priority, ==, 0);
      g_assert_null (presence.status);
      g_assert_null (presence.caps_node);
    }
}

static void
test_refuses_what_is_no_presence (void)
{
  static const char *const stanzas[] = {
    "<presence xmlns='jabber:client' type='available'/>", "<presence xmlns='jabber:client' type=''/>",
    "<presence xmlns='urn:x'/>", "<message xmlns='jabber:client'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (stanzas); i++)
    {
      g_auto(FerryPresenceStanza) presence = { 0 };

      g_assert_false (parse (&presence, stanzas[i]));
      g_assert_null (presence.from);
    }
}

static void
test_says_nothing_it_need_not (void)
{
  FerryPresenceStanza presence = { 0 };
  g_autoptr(FerryElement) stanza = ferry_presence_to_element (&presence);
  g_autofree char *xml = ferry_element_print (stanza);

  g_assert_cmpstr (xml, ==, "<presence xmlns='jabber:client'/>");
}

static void
test_survives_the_wire (void)
{
  for (guint type = 0; type <= FERRY_PRESENCE_TYPE_UNSUBSCRIBED; type++)
    for (guint show = 0; show <= FERRY_SHOW_DND; show++)
      {
        FerryPresenceStanza sent = { type, show, -5, (char *) "a@b", (char *) "c@d", (char *) "st",
                                     (char *) "sha-1", (char *) "n", (char *) "v" };
        g_autoptr(FerryElement) stanza = ferry_presence_to_element (&sent);
        g_auto(FerryPresenceStanza) received = { 0 };

        g_assert_true (ferry_presence_parse (&received, stanza));
        g_assert_cmpint (received.type, ==, type);
        g_assert_cmpint (received.show, ==, show);
        g_assert_cmpint (received.priority, ==, -5);
        g_assert_cmpstr (received.from, ==, "a@b");
        g_assert_cmpstr (received.to, ==, "c@d");
        g_assert_cmpstr (received.status, ==, "st");
        g_assert_cmpstr (received.caps_hash, ==, "sha-1");
        g_assert_cmpstr (received.caps_node, ==, "n");
        g_assert_cmpstr (received.caps_ver, ==, "v");
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/presence/reads-a-full-presence", test_reads_a_full_presence);
  g_test_add_func ("/proto/presence/takes-the-unknown-for-absent", test_takes_the_unknown_for_absent);
  g_test_add_func ("/proto/presence/refuses-what-is-no-presence", test_refuses_what_is_no_presence);
  g_test_add_func ("/proto/presence/says-nothing-it-need-not", test_says_nothing_it_need_not);
  g_test_add_func ("/proto/presence/survives-the-wire", test_survives_the_wire);

  return g_test_run ();
}
