/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/proxies.h"
#include "fake-port.h"
#include "wait.h"

#define OWN   "romeo@montague.lit/orchard"
#define ITEMS "http://jabber.org/protocol/disco#items"
#define INFO  "http://jabber.org/protocol/disco#info"
#define HOSTS "http://jabber.org/protocol/bytestreams"

typedef struct
{
  FakePort     *port;
  FerryRouter  *router;
  FerryProxies *proxies;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->port = fake_port_new (OWN);
  fixture->router = ferry_router_new ();
  fixture->proxies = ferry_proxies_new (fixture->router);
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (fixture->port));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  ferry_router_set_port (fixture->router, NULL);
  wait_until_idle ();
  g_assert_finalize_object (fixture->proxies);
  g_assert_finalize_object (fixture->router);
  g_assert_finalize_object (fixture->port);
}

/* Answers the next question, which must be one of @xmlns to @to. */
static void
answer (Fixture    *fixture,
        const char *xmlns,
        const char *to,
        const char *children)
{
  g_autoptr(FerryElement) request = fake_port_take (fixture->port);
  g_autofree char *query = g_strdup_printf ("<query xmlns='%s'>%s</query>", xmlns, children);

  g_assert_nonnull (request);
  g_assert_nonnull (ferry_element_find (request, "query", xmlns));
  g_assert_cmpstr (ferry_element_get_attribute (request, "to"), ==, to);
  fake_port_answer (fixture->port, request, query);
  wait_until_idle ();
}

/* XEP-0065 §4 */
static void
test_finds_the_servers_proxy (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  const FerryProxy *proxy;

  ferry_proxies_discover (fixture->proxies);
  ferry_proxies_wait_async (fixture->proxies, 60000, NULL, wait_done_cb, &done);
  answer (fixture, ITEMS, "montague.lit",
          "<item jid='rooms.montague.lit'/><item jid='proxy.montague.lit'/>");
  answer (fixture, INFO, "rooms.montague.lit", "<identity category='conference' type='text'/>");
  g_assert_null (done);
  answer (fixture, INFO, "proxy.montague.lit", "<identity category='proxy' type='bytestreams'/>");
  answer (fixture, HOSTS, "proxy.montague.lit",
          "<streamhost jid='proxy.montague.lit' host='198.51.100.4' port='7625'/>");

  g_assert_true (ferry_proxies_wait_finish (fixture->proxies, wait_for_result (&done), NULL));
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
  g_assert_cmpuint (ferry_proxies_get_n (fixture->proxies), ==, 1);
  proxy = ferry_proxies_get (fixture->proxies, 0);
  g_assert_cmpstr (proxy->jid, ==, "proxy.montague.lit");
  g_assert_cmpstr (proxy->host, ==, "198.51.100.4");
  g_assert_cmpuint (proxy->port, ==, 7625);
  g_assert_null (ferry_proxies_get (fixture->proxies, 1));
}

/* A proxy speaks for itself alone, and names a host. */
static void
test_refuses_odd_addresses (Fixture       *fixture,
                            gconstpointer  data)
{
  static const struct { const char *hosts; guint n; } cases[] = {
    { "<streamhost jid='p.montague.lit' host='proxy.montague.lit' port='7625'/>", 1 },
    { "<streamhost jid='p.montague.lit' host='2001:db8::1' port='7625'/>", 1 },
    { "<streamhost jid='p.montague.lit' host='192.0.2.1' port='1'/>"
      "<streamhost jid='p.montague.lit' host='2001:db8::1' port='1'/>", 2 },
    { "<streamhost jid='other.lit' host='192.0.2.1' port='7625'/>", 0 },
    { "<streamhost jid='p.montague.lit' host='' port='7625'/>", 0 },
    { "<streamhost jid='p.montague.lit' host='a b' port='7625'/>", 0 },
    { "<streamhost jid='p.montague.lit' host='a/b' port='7625'/>", 0 },
    { "<streamhost jid='p.montague.lit' host='192.0.2.1' port='0'/>", 0 },
    { "<streamhost jid='p.montague.lit' host='192.0.2.1' port='65536'/>", 0 },
    { "<streamhost jid='p.montague.lit' host='192.0.2.1' port='-1'/>", 0 },
    { "<streamhost host='192.0.2.1' port='7625'/>", 0 },
    { "<nonsense/>", 0 },
    { "", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].hosts);
      ferry_proxies_discover (fixture->proxies);
      answer (fixture, ITEMS, "montague.lit", "<item jid='p.montague.lit'/>");
      answer (fixture, INFO, "p.montague.lit", "<feature var='" HOSTS "'/>");
      answer (fixture, HOSTS, "p.montague.lit", cases[i].hosts);
      g_assert_cmpuint (ferry_proxies_get_n (fixture->proxies), ==, cases[i].n);
    }
}

static void
test_asks_twenty_items_at_most (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(GString) items = g_string_new (NULL);

  for (int i = 0; i < 400; i++)
    g_string_append_printf (items, "<item jid='i%d.montague.lit'/>", i);

  ferry_proxies_discover (fixture->proxies);
  answer (fixture, ITEMS, "montague.lit", items->str);
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 20);
}

static void
test_lives_without_a_proxy (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(GAsyncResult) before = NULL;
  g_autoptr(GAsyncResult) after = NULL;
  g_autoptr(FerryElement) request = NULL;

  ferry_proxies_wait_async (fixture->proxies, 60000, NULL, wait_done_cb, &before);
  g_assert_true (ferry_proxies_wait_finish (fixture->proxies, wait_for_result (&before), NULL));

  ferry_proxies_discover (fixture->proxies);
  ferry_proxies_wait_async (fixture->proxies, 60000, NULL, wait_done_cb, &after);
  request = fake_port_take (fixture->port);
  fake_port_answer_error (fixture->port, request, FERRY_CONDITION_SERVICE_UNAVAILABLE);
  g_assert_true (ferry_proxies_wait_finish (fixture->proxies, wait_for_result (&after), NULL));
  g_assert_cmpuint (ferry_proxies_get_n (fixture->proxies), ==, 0);
}

static void
test_does_not_wait_for_ever (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) timed = NULL;
  g_autoptr(GAsyncResult) cancelled = NULL;
  g_autoptr(GAsyncResult) closed = NULL;
  g_autoptr(GError) error = NULL;

  ferry_proxies_discover (fixture->proxies);
  ferry_proxies_wait_async (fixture->proxies, 1, NULL, wait_done_cb, &timed);
  g_assert_true (ferry_proxies_wait_finish (fixture->proxies, wait_for_result (&timed), NULL));

  ferry_proxies_wait_async (fixture->proxies, 60000, cancellable, wait_done_cb, &cancelled);
  g_cancellable_cancel (cancellable);
  g_assert_false (ferry_proxies_wait_finish (fixture->proxies, wait_for_result (&cancelled),
                                             &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  ferry_proxies_wait_async (fixture->proxies, 60000, NULL, wait_done_cb, &closed);
  ferry_router_set_port (fixture->router, NULL);
  g_assert_true (ferry_proxies_wait_finish (fixture->proxies, wait_for_result (&closed), NULL));
}

/* Answers to the search of the login before count for nothing. */
static void
test_starts_anew_after_login (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(FerryElement) old = NULL;

  ferry_proxies_discover (fixture->proxies);
  old = fake_port_take (fixture->port);
  ferry_proxies_discover (fixture->proxies);
  fake_port_answer (fixture->port, old,
                    "<query xmlns='" ITEMS "'><item jid='old.montague.lit'/></query>");
  wait_until_idle ();
  answer (fixture, ITEMS, "montague.lit", "<item jid='new.montague.lit'/>");
  answer (fixture, INFO, "new.montague.lit", "");
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

#define ADD(path, func) \
  g_test_add ("/core/proxies/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("finds-the-servers-proxy", test_finds_the_servers_proxy);
  ADD ("refuses-odd-addresses", test_refuses_odd_addresses);
  ADD ("asks-twenty-items-at-most", test_asks_twenty_items_at_most);
  ADD ("lives-without-a-proxy", test_lives_without_a_proxy);
  ADD ("does-not-wait-for-ever", test_does_not_wait_for_ever);
  ADD ("starts-anew-after-login", test_starts_anew_after_login);

  return g_test_run ();
}
