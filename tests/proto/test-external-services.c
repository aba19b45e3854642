/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/external-services.h"
#include "proto/proto-error.h"

static FerryElement *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "xep-0215", name, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  element = ferry_element_parse (xml, -1, &error);
  g_assert_no_error (error);

  return element;
}

/* @inside: of a `<services/>` of @xmlns */
static GPtrArray *
parse_inside (const char *xmlns,
              const char *inside)
{
  g_autofree char *xml = g_strdup_printf ("<services xmlns='%s'>%s</services>", xmlns, inside);
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) element = ferry_element_parse (xml, -1, &error);
  GPtrArray *services;

  g_assert_no_error (error);
  services = ferry_external_services_parse (element, &error);
  g_assert_no_error (error);

  return services;
}

static void
assert_service (GPtrArray  *services,
                guint       i,
                const char *type,
                const char *host,
                guint16     port,
                const char *transport)
{
  const FerryExternalService *service = g_ptr_array_index (services, i);

  g_assert_cmpstr (service->type, ==, type);
  g_assert_cmpstr (service->host, ==, host);
  g_assert_cmpuint (service->port, ==, port);
  g_assert_cmpstr (service->transport, ==, transport);
}

static void
test_asks_as_the_xep_does (void)
{
  g_autoptr(FerryElement) all = load ("query.xml");
  g_autoptr(FerryElement) turn = load ("query-selected.xml");
  g_autoptr(FerryElement) our_all =
    ferry_external_services_query_new (FERRY_NS_EXTERNAL_SERVICES, NULL);
  g_autoptr(FerryElement) our_turn =
    ferry_external_services_query_new (FERRY_NS_EXTERNAL_SERVICES, "turn");

  g_assert_true (ferry_element_equal (all, our_all));
  g_assert_true (ferry_element_equal (turn, our_turn));
}

static void
test_reads_what_the_xep_shows (void)
{
  g_autoptr(FerryElement) all = load ("services.xml");
  g_autoptr(FerryElement) selected = load ("selected.xml");
  g_autoptr(GPtrArray) services = ferry_external_services_parse (all, NULL);
  const FerryExternalService *turn;

  g_assert_cmpuint (services->len, ==, 5);
  assert_service (services, 0, "stun", "stun.shakespeare.lit", 9998, "udp");
  assert_service (services, 1, "turn", "relay.shakespeare.lit", 9999, "udp");
  assert_service (services, 2, "stun", "192.0.2.1", 8888, "udp");
  assert_service (services, 4, "ftp", "ftp.shakespeare.lit", 20, "tcp");
  turn = g_ptr_array_index (services, 0);
  g_assert_null (turn->username);
  g_assert_null (turn->password);
  turn = g_ptr_array_index (services, 1);
  g_assert_cmpstr (turn->username, ==, "nb78932lkjlskjfdb7g8");
  g_assert_cmpstr (turn->password, ==, "jj929jkj5sadjfj93v3n");
  g_assert_false (turn->is_restricted);
  g_assert_cmpint (turn->expires, ==, 0);

  g_clear_pointer (&services, g_ptr_array_unref);
  services = ferry_external_services_parse (selected, NULL);
  g_assert_cmpuint (services->len, ==, 1);
  turn = g_ptr_array_index (services, 0);
  g_assert_true (turn->is_restricted);
  g_assert_cmpint (turn->expires, ==, 1260650880);
}

/* … which many servers still speak. */
static void
test_reads_the_older_namespace (void)
{
  g_autoptr(GPtrArray) services =
    parse_inside (FERRY_NS_EXTERNAL_SERVICES_1,
                  "<service type='stun' host='stun.example.org' port='3478'/>"
                  "<service xmlns='urn:xmpp:extdisco:2' type='stun' host='other.example.org'/>");

  g_assert_cmpuint (services->len, ==, 1);
  assert_service (services, 0, "stun", "stun.example.org", 3478, "udp");
}

static void
test_fills_in_what_is_usual (void)
{
  g_autoptr(GPtrArray) services =
    parse_inside (FERRY_NS_EXTERNAL_SERVICES,
                  "<service type='stun' host='a.example.org'/>"
                  "<service type='turn' host='a.example.org' transport='TCP'/>"
                  "<service type='stuns' host='a.example.org' transport='tcp'/>"
                  "<service type='turns' host='2001:db8::1' restricted='1'/>"
                  "<service type='ftp' host='a.example.org' restricted='yes' expires='soon'/>");
  const FerryExternalService *last;

  g_assert_cmpuint (services->len, ==, 5);
  assert_service (services, 0, "stun", "a.example.org", 3478, "udp");
  assert_service (services, 1, "turn", "a.example.org", 3478, "tcp");
  assert_service (services, 2, "stuns", "a.example.org", 5349, "tcp");
  assert_service (services, 3, "turns", "2001:db8::1", 5349, "udp");
  assert_service (services, 4, "ftp", "a.example.org", 0, "udp");
  last = g_ptr_array_index (services, 3);
  g_assert_true (last->is_restricted);
  last = g_ptr_array_index (services, 4);
  g_assert_false (last->is_restricted);
  g_assert_cmpint (last->expires, ==, 0);
}

static const char *const nonsense[] = {
  "<service host='a.example.org'/>",
  "<service type='' host='a.example.org'/>",
  "<service type='STUN' host='a.example.org'/>",
  "<service type='st un' host='a.example.org'/>",
  "<service type='abcdefghijklmnopqrstuvwxyz0123456' host='a.example.org'/>",
  "<service type='stun'/>",
  "<service type='stun' host=''/>",
  "<service type='stun' host='a b'/>",
  "<service type='stun' host='a.example.org/x'/>",
  "<service type='stun' host='[2001:db8::1]'/>",
  "<service type='stun' host='fe80::1%eth0'/>",
  "<service type='stun' host='a.example.org' port='0'/>",
  "<service type='stun' host='a.example.org' port='65536'/>",
  "<service type='stun' host='a.example.org' port='-1'/>",
  "<service type='stun' host='a.example.org' port=''/>",
  "<service type='stun' host='a.example.org' port=' 1'/>",
  "<service type='stun' host='a.example.org' transport=''/>",
  "<service type='stun' host='a.example.org' transport='sctp'/>",
  "<service type='stun' host='a.example.org' action='delete'/>",
  "<server type='stun' host='a.example.org'/>",
  "<service xmlns='urn:other' type='stun' host='a.example.org'/>",
  "<services><service type='stun' host='a.example.org'/></services>",
  "text",
};

static void
test_leaves_out_what_makes_no_sense (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_autofree char *inside =
        g_strconcat (nonsense[i], "<service type='stun' host='good.example.org'/>", NULL);
      g_autoptr(GPtrArray) services = parse_inside (FERRY_NS_EXTERNAL_SERVICES, inside);

      g_test_message ("%s", nonsense[i]);
      g_assert_cmpuint (services->len, ==, 1);
      assert_service (services, 0, "stun", "good.example.org", 3478, "udp");
    }
}

static void
test_has_limits (void)
{
  g_autoptr(GString) many = g_string_new (NULL);
  g_autofree char *longest = g_strnfill (1024, 'x');
  g_autofree char *longer = g_strnfill (1025, 'x');
  g_autofree char *credentials =
    g_strdup_printf ("<service type='turn' host='a' username='%s' password='%s'/>"
                     "<service type='turn' host='b' username='%s'/>"
                     "<service type='turn' host='c' password='%s'/>",
                     longest, longest, longer, longer);
  g_autoptr(GPtrArray) services = NULL;

  for (guint i = 0; i <= FERRY_EXTERNAL_SERVICES_MAX; i++)
    g_string_append (many, "<service type='nonsense'/><service type='stun' host='a.example.org'/>");
  services = parse_inside (FERRY_NS_EXTERNAL_SERVICES, many->str);
  g_assert_cmpuint (services->len, ==, FERRY_EXTERNAL_SERVICES_MAX);

  g_clear_pointer (&services, g_ptr_array_unref);
  services = parse_inside (FERRY_NS_EXTERNAL_SERVICES, credentials);
  g_assert_cmpuint (services->len, ==, 1);
  assert_service (services, 0, "turn", "a", 3478, "udp");
}

static void
test_takes_nothing_else_for_a_list (void)
{
  static const char *const others[] = {
    "<services/>",
    "<services xmlns='urn:xmpp:extdisco:0'/>",
    "<services xmlns='urn:xmpp:extdisco:3'/>",
    "<credentials xmlns='urn:xmpp:extdisco:2'/>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(FerryElement) element = ferry_element_parse (others[i], -1, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_null (ferry_external_services_parse (element, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/external-services/asks-as-the-xep-does", test_asks_as_the_xep_does);
  g_test_add_func ("/proto/external-services/reads-what-the-xep-shows",
                   test_reads_what_the_xep_shows);
  g_test_add_func ("/proto/external-services/reads-the-older-namespace",
                   test_reads_the_older_namespace);
  g_test_add_func ("/proto/external-services/fills-in-what-is-usual",
                   test_fills_in_what_is_usual);
  g_test_add_func ("/proto/external-services/leaves-out-what-makes-no-sense",
                   test_leaves_out_what_makes_no_sense);
  g_test_add_func ("/proto/external-services/has-limits", test_has_limits);
  g_test_add_func ("/proto/external-services/takes-nothing-else-for-a-list",
                   test_takes_nothing_else_for_a_list);

  return g_test_run ();
}
