/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/proto-error.h"
#include "proto/roster-item.h"

static FerryElement *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  FerryElement *element = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return element;
}

/* RFC 6121 §2.1.2 */
static void
test_reads_a_list (void)
{
  g_autoptr(FerryElement) query = parse (
    "<query xmlns='jabber:iq:roster' ver='1'>"
    "<item jid='Juliet@Capulet.lit' name='J' subscription='both'><group>A</group><group/>"
    "<group>B</group></item>"
    "<item jid='nurse@capulet.lit/tower' subscription='to' name=''/>"
    "<item jid='@' subscription='both'/><item/><other jid='a@b'/>"
    "<item jid='mercutio@montague.lit' subscription='odd' ask='subscribe'/></query>");
  g_autoptr(GPtrArray) items = ferry_roster_query_parse (query);
  g_autofree char *groups = NULL;
  const FerryRosterItem *item;

  g_assert_cmpuint (items->len, ==, 3);
  item = g_ptr_array_index (items, 0);
  g_assert_cmpstr (item->jid, ==, "juliet@capulet.lit");
  g_assert_cmpstr (item->name, ==, "J");
  g_assert_cmpint (item->subscription, ==, FERRY_SUBSCRIPTION_BOTH);
  g_assert_false (item->ask);
  groups = g_strjoinv ("|", item->groups);
  g_assert_cmpstr (groups, ==, "A|B");

  item = g_ptr_array_index (items, 1);
  g_assert_cmpstr (item->jid, ==, "nurse@capulet.lit");
  g_assert_null (item->name);
  g_assert_cmpint (item->subscription, ==, FERRY_SUBSCRIPTION_TO);

  item = g_ptr_array_index (items, 2);
  g_assert_cmpint (item->subscription, ==, FERRY_SUBSCRIPTION_NONE);
  g_assert_true (item->ask);
}

static void
test_refuses_items_without_address (void)
{
  static const char *const items[] = {
    "<item xmlns='jabber:iq:roster'/>", "<item xmlns='jabber:iq:roster' jid=''/>",
    "<item xmlns='jabber:iq:roster' jid='a b@c'/>", "<item xmlns='urn:x' jid='a@b'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autoptr(FerryElement) element = parse (items[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryRosterItem) item = ferry_roster_item_parse (element, &error);

      g_assert_null (item);
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

static void
test_asks_for_changes (void)
{
  const char *groups[] = { "A", "B", NULL };
  FerryRosterItem item = { .jid = (char *) "a@b", .name = (char *) "N", .groups = (char **) groups,
                           .subscription = FERRY_SUBSCRIPTION_BOTH, .ask = TRUE };
  g_autoptr(FerryElement) fetch = ferry_roster_query_new ();
  g_autoptr(FerryElement) set = ferry_roster_query_new_set (&item);
  g_autoptr(FerryElement) removal = NULL;
  g_autofree char *fetch_xml = ferry_element_print (fetch);
  g_autofree char *set_xml = ferry_element_print (set);
  g_autofree char *removal_xml = NULL;

  item.subscription = FERRY_SUBSCRIPTION_REMOVE;
  removal = ferry_roster_query_new_set (&item);
  removal_xml = ferry_element_print (removal);

  g_assert_cmpstr (fetch_xml, ==, "<query xmlns='jabber:iq:roster'/>");
  g_assert_cmpstr (set_xml, ==, "<query xmlns='jabber:iq:roster'><item jid='a@b' name='N'>"
                                "<group>A</group><group>B</group></item></query>");
  g_assert_cmpstr (removal_xml, ==,
                   "<query xmlns='jabber:iq:roster'><item jid='a@b' subscription='remove'/></query>");
}

static void
test_names_subscriptions (void)
{
  g_assert_cmpstr (ferry_subscription_to_string (FERRY_SUBSCRIPTION_NONE), ==, "none");
  g_assert_cmpstr (ferry_subscription_to_string (FERRY_SUBSCRIPTION_TO), ==, "to");
  g_assert_cmpstr (ferry_subscription_to_string (FERRY_SUBSCRIPTION_FROM), ==, "from");
  g_assert_cmpstr (ferry_subscription_to_string (FERRY_SUBSCRIPTION_BOTH), ==, "both");
  g_assert_cmpstr (ferry_subscription_to_string (FERRY_SUBSCRIPTION_REMOVE), ==, "remove");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/roster-item/reads-a-list", test_reads_a_list);
  g_test_add_func ("/proto/roster-item/refuses-items-without-address",
                   test_refuses_items_without_address);
  g_test_add_func ("/proto/roster-item/asks-for-changes", test_asks_for_changes);
  g_test_add_func ("/proto/roster-item/names-subscriptions", test_names_subscriptions);

  return g_test_run ();
}
