/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "core/proxies-private.h"
#include "fake-port.h"
#include "proto/proto-error.h"
#include "wait.h"

#define OWN   "romeo@montague.lit/orchard"
#define ITEMS "http://jabber.org/protocol/disco#items"
#define INFO  "http://jabber.org/protocol/disco#info"
#define HOSTS "http://jabber.org/protocol/bytestreams"

/* How every proxy is found, and what was tried. */
static struct
{
  int       code;      /* %G_IO_ERROR_…; -1: it is there */
  gboolean  is_silent; /* nothing comes back but a cancellation */
  GString  *tried;     /* (owned): the places, with "via " before those by a desktop proxy */
} probes;

static void
probe_gone_cb (GCancellable *cancellable,
               gpointer      user_data)
{
  g_task_return_error_if_cancelled (user_data);
}

static void
fake_probe_async (GSocketConnectable  *place,
                  GProxyResolver      *desktop_proxy,
                  guint                timeout,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *text = g_socket_connectable_to_string (place);

  g_string_append_printf (probes.tried, "%s%s ", desktop_proxy != NULL ? "via " : "", text);
  if (probes.is_silent)
    g_cancellable_connect (cancellable, G_CALLBACK (probe_gone_cb), g_object_ref (task),
                           g_object_unref);
  else if (probes.code >= 0)
    g_task_return_new_error (task, G_IO_ERROR, probes.code, "Said the system");
  else
    g_task_return_int (task, 1234);
}

static gint64
fake_probe_finish (GAsyncResult  *result,
                   GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static const FerryProxiesTouch fake_touch = {
  .probe_async = fake_probe_async,
  .probe_finish = fake_probe_finish,
};

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
  ferry_proxies_set_touch (fixture->proxies, &fake_touch);
  probes.code = -1;
  probes.is_silent = FALSE;
  probes.tried = g_string_new (NULL);
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
  g_string_free (probes.tried, TRUE);
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
  const FerryPathProxy *proxy;

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
  g_assert_cmpint (proxy->delay, ==, 1234);
  g_assert_null (proxy->fault);
  g_assert_false (proxy->is_foreign);
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

/* Lets @domain announce one proxy, p.@domain, at @host and @port. */
static void
announce (Fixture    *fixture,
          const char *domain,
          const char *host,
          guint16     port)
{
  g_autofree char *jid = g_strdup_printf ("p.%s", domain);
  g_autofree char *item = g_strdup_printf ("<item jid='%s'/>", jid);
  g_autofree char *place = g_strdup_printf ("<streamhost jid='%s' host='%s' port='%u'/>", jid,
                                            host, port);

  answer (fixture, ITEMS, domain, item);
  answer (fixture, INFO, jid, "<feature var='" HOSTS "'/>");
  answer (fixture, HOSTS, jid, place);
}

/* What is wrong with it is said in words. */
static void
test_says_what_is_wrong (Fixture       *fixture,
                         gconstpointer  data)
{
  static const struct { const char *host; guint16 port; int code; const char *fault; } cases[] = {
    { "198.51.100.4", 7625, -1, NULL },
    { "192.168.3.4", 7625, -1, NULL },
    { "198.51.100.4", 7625, G_IO_ERROR_TIMED_OUT, "it does not answer" },
    { "192.168.3.4", 7625, G_IO_ERROR_TIMED_OUT,
      "it does not answer; its address is one of a private network" },
    { "198.51.100.4", 7625, G_IO_ERROR_CONNECTION_REFUSED, "it refuses connections" },
    { "2001:db8::1", 7625, G_IO_ERROR_NETWORK_UNREACHABLE, "it cannot be reached from here" },
    { "198.51.100.4", 7625, G_IO_ERROR_CONNECTION_CLOSED, "it is no proxy that takes us" },
    { "198.51.100.4", 7625, G_IO_ERROR_FAILED, "Said the system" },
    { "127.0.0.1", 7625, -1, "it is not dialled: a loopback address" },
    { "::ffff:127.0.0.1", 7625, -1, "it is not dialled: a loopback address" },
    { "0.0.0.0", 7625, -1, "it is not dialled: an address that no host can have" },
    { "224.0.0.1", 7625, -1, "it is not dialled: an address that no host can have" },
    { "198.51.100.4", 22, -1, "it is not dialled: a port of system services" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean is_dialled = cases[i].fault == NULL || cases[i].code >= 0;

      g_test_message ("%s port %u", cases[i].host, cases[i].port);
      probes.code = cases[i].code;
      g_string_truncate (probes.tried, 0);
      ferry_proxies_discover (fixture->proxies);
      announce (fixture, "montague.lit", cases[i].host, cases[i].port);
      g_assert_true (ferry_proxies_is_settled (fixture->proxies));
      g_assert_cmpstr (ferry_proxies_get (fixture->proxies, 0)->fault, ==, cases[i].fault);
      g_assert_cmpint (ferry_proxies_get (fixture->proxies, 0)->delay, ==,
                       cases[i].fault == NULL ? 1234 : -1);
      g_assert_cmpint (probes.tried->len > 0, ==, is_dialled);
    }
}

static void
test_takes_loopback_in_tests (Fixture       *fixture,
                              gconstpointer  data)
{
  ferry_proxies_allow_loopback (fixture->proxies);
  ferry_proxies_discover (fixture->proxies);
  announce (fixture, "montague.lit", "127.0.0.1", 7625);
  g_assert_null (ferry_proxies_get (fixture->proxies, 0)->fault);
}

/* Transfers that connect meanwhile count on them: a test of the network must not take them away,
 * nor must another one on top of it, nor one while they are tried again. */
static void
test_keeps_the_known_while_it_looks (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr(FerryElement) given_up = NULL;
  g_autoptr(GPtrArray) list = NULL;

  ferry_proxies_discover (fixture->proxies);
  announce (fixture, "montague.lit", "198.51.100.4", 7625);
  probes.is_silent = TRUE;
  ferry_proxies_probe_anew (fixture->proxies);
  wait_until_idle ();
  ferry_proxies_discover (fixture->proxies);
  given_up = fake_port_take (fixture->port);
  ferry_proxies_discover (fixture->proxies);
  wait_until_idle ();

  g_assert_false (ferry_proxies_is_settled (fixture->proxies));
  g_assert_cmpuint (ferry_proxies_get_n (fixture->proxies), ==, 1);
  g_assert_null (ferry_proxies_get (fixture->proxies, 0)->fault);
  g_assert_cmpint (ferry_proxies_get (fixture->proxies, 0)->delay, ==, 1234);
  g_assert_null (ferry_proxies_get (fixture->proxies, 1));
  list = ferry_proxies_list (fixture->proxies, NULL);
  g_assert_cmpuint (list->len, ==, 1);

  probes.is_silent = FALSE;
  announce (fixture, "montague.lit", "198.51.100.5", 7777);
  g_assert_true (ferry_proxies_is_settled (fixture->proxies));
  g_assert_cmpuint (ferry_proxies_get_n (fixture->proxies), ==, 1);
  g_assert_cmpstr (ferry_proxies_get (fixture->proxies, 0)->host, ==, "198.51.100.5");
}

/* SEC-14: they are the contact's word, and no more. */
static void
test_finds_those_of_contacts (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GPtrArray) others = NULL;

  ferry_proxies_want (fixture->proxies, "capulet.lit"); /* before login */
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);

  ferry_proxies_discover (fixture->proxies);
  announce (fixture, "montague.lit", "198.51.100.4", 7625);
  ferry_proxies_want (fixture->proxies, "montague.lit");
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
  ferry_proxies_want (fixture->proxies, "capulet.lit");
  g_assert_false (ferry_proxies_is_settled (fixture->proxies));
  announce (fixture, "capulet.lit", "203.0.113.9", 7777);
  g_assert_true (ferry_proxies_is_settled (fixture->proxies));
  ferry_proxies_want (fixture->proxies, "capulet.lit");
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);

  g_assert_cmpuint (ferry_proxies_get_n (fixture->proxies), ==, 1);
  list = ferry_proxies_list (fixture->proxies, "capulet.lit");
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_false (((FerryPathProxy *) list->pdata[0])->is_foreign);
  g_assert_true (((FerryPathProxy *) list->pdata[1])->is_foreign);
  g_assert_cmpstr (((FerryPathProxy *) list->pdata[1])->host, ==, "203.0.113.9");
  others = ferry_proxies_list (fixture->proxies, "verona.lit");
  g_assert_cmpuint (others->len, ==, 1);

  ferry_proxies_discover (fixture->proxies);
  announce (fixture, "montague.lit", "198.51.100.4", 7625);
  ferry_proxies_want (fixture->proxies, "capulet.lit");
  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 1);
}

static void
test_believes_contacts_less (Fixture       *fixture,
                             gconstpointer  data)
{
  static const char *const hosts[] = { "192.168.3.4", "10.0.0.1", "100.64.0.1", "fd00::1",
                                       "127.0.0.1" };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr(GPtrArray) list = NULL;

      ferry_proxies_discover (fixture->proxies);
      answer (fixture, ITEMS, "montague.lit", "");
      ferry_proxies_want (fixture->proxies, "capulet.lit");
      announce (fixture, "capulet.lit", hosts[i], 7777);
      list = ferry_proxies_list (fixture->proxies, "capulet.lit");
      g_assert_cmpuint (list->len, ==, 1);
      g_assert_nonnull (((FerryPathProxy *) list->pdata[0])->fault);
    }

  g_assert_cmpstr (probes.tried->str, ==, "");
}

/* By their names: behind a desktop proxy nothing is looked up here. */
static void
test_goes_through_a_desktop_proxy (Fixture       *fixture,
                                   gconstpointer  data)
{
  static const struct { const char *host; const char *tried; } cases[] = {
    { "proxy.montague.lit", "via proxy.montague.lit:7625 " },
    { "198.51.100.4", "via 198.51.100.4:7625 " },
    { "localhost", "" },
    { "a.localhost.", "" },
    { "intranet", "" },
    { "127.0.0.1", "" },
  };
  g_autoptr(GProxyResolver) tor = g_simple_proxy_resolver_new ("socks5://192.0.2.1:9050", NULL);

  ferry_proxies_set_desktop_proxy (fixture->proxies, tor);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean is_tried = *cases[i].tried != '\0';

      g_test_message ("%s", cases[i].host);
      g_string_truncate (probes.tried, 0);
      ferry_proxies_discover (fixture->proxies);
      announce (fixture, "montague.lit", cases[i].host, 7625);
      g_assert_cmpstr (probes.tried->str, ==, cases[i].tried);
      g_assert_cmpint (ferry_proxies_get (fixture->proxies, 0)->fault == NULL, ==, is_tried);
    }
}

/* A black hole holds nobody up. */
static void
test_has_little_patience (Fixture       *fixture,
                          gconstpointer  data)
{
  gint64 began = g_get_monotonic_time ();
  g_autoptr(GAsyncResult) done = NULL;

  probes.is_silent = TRUE;
  ferry_proxies_discover (fixture->proxies);
  announce (fixture, "montague.lit", "198.51.100.4", 7625);
  g_assert_false (ferry_proxies_is_settled (fixture->proxies));
  ferry_proxies_wait_async (fixture->proxies, 60000, NULL, wait_done_cb, &done);
  g_assert_true (ferry_proxies_wait_finish (fixture->proxies, wait_for_result (&done), NULL));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 6 * G_USEC_PER_SEC);
  g_assert_cmpstr (ferry_proxies_get (fixture->proxies, 0)->fault, ==, "it does not answer");

  /* And it may be given up at any time. */
  ferry_proxies_probe_anew (fixture->proxies);
  wait_until_idle ();
  g_assert_false (ferry_proxies_is_settled (fixture->proxies));
}

static void
test_tries_again_elsewhere (Fixture       *fixture,
                            gconstpointer  data)
{
  ferry_proxies_discover (fixture->proxies);
  announce (fixture, "montague.lit", "198.51.100.4", 7625);
  probes.code = G_IO_ERROR_TIMED_OUT;
  ferry_proxies_probe_anew (fixture->proxies);
  wait_until_idle ();
  g_assert_nonnull (ferry_proxies_get (fixture->proxies, 0)->fault);
  probes.code = -1;
  ferry_proxies_probe_anew (fixture->proxies);
  wait_until_idle ();
  g_assert_null (ferry_proxies_get (fixture->proxies, 0)->fault);
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
  ADD ("says-what-is-wrong", test_says_what_is_wrong);
  ADD ("takes-loopback-in-tests", test_takes_loopback_in_tests);
  ADD ("keeps-the-known-while-it-looks", test_keeps_the_known_while_it_looks);
  ADD ("finds-those-of-contacts", test_finds_those_of_contacts);
  ADD ("believes-contacts-less", test_believes_contacts_less);
  ADD ("goes-through-a-desktop-proxy", test_goes_through_a_desktop_proxy);
  ADD ("has-little-patience", test_has_little_patience);
  ADD ("tries-again-elsewhere", test_tries_again_elsewhere);

  return g_test_run ();
}
