/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "fake-server.h"
#include "net/link.h"
#include "net/interfaces.h"
#include "net/server-lookup.h"

/* A resolver that answers from a table; every host name is this machine. */
typedef struct
{
  const char *service; /* "xmpps-client" or "xmpp-client" */
  const char *host;
  guint16     port;    /* 0: that of the test's server; 1: nobody listens */
  guint16     priority;
} Record;

typedef struct { GResolver parent_instance; } FakeResolver;
typedef GResolverClass FakeResolverClass;

static const Record *records; /* ends with a NULL service */
static guint16 server_port;
static gboolean is_silent;    /* the name server */

GType fake_resolver_get_type (void);
G_DEFINE_TYPE (FakeResolver, fake_resolver, G_TYPE_RESOLVER)

static void
targets_free (gpointer data)
{
  g_resolver_free_targets (data);
}

static void
lookup_cancelled_cb (GCancellable *cancellable,
                     GTask        *task)
{
  g_task_return_error_if_cancelled (task);
  g_object_unref (task);
}

static void
fake_lookup_service_async (GResolver           *resolver,
                           const char          *rrname,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GList *targets = NULL;

  if (is_silent)
    {
      g_signal_connect (cancellable, "cancelled", G_CALLBACK (lookup_cancelled_cb),
                        g_steal_pointer (&task));
      return;
    }

  for (const Record *record = records; record->service != NULL; record++)
    {
      g_autofree char *name = g_strdup_printf ("_%s._tcp.ferry.test", record->service);

      if (g_str_equal (name, rrname))
        targets = g_list_append (targets,
                                 g_srv_target_new (record->host,
                                                   record->port == 0 ? server_port : record->port,
                                                   record->priority, 0));
    }

  if (targets != NULL)
    g_task_return_pointer (task, targets, targets_free);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No %s", rrname);
}

static GList *
fake_lookup_service_finish (GResolver     *resolver,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
addresses_free (gpointer data)
{
  g_resolver_free_addresses (data);
}

static void
fake_lookup_by_name_async (GResolver                *resolver,
                           const char               *hostname,
                           GResolverNameLookupFlags  flags,
                           GCancellable             *cancellable,
                           GAsyncReadyCallback       callback,
                           gpointer                  user_data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  if (g_str_has_prefix (hostname, "nowhere") || flags == G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No %s", hostname);
  else
    g_task_return_pointer (task, g_list_append (NULL,
                                                g_inet_address_new_from_string ("127.0.0.1")),
                           addresses_free);
}

static GList *
fake_lookup_by_name_finish (GResolver     *resolver,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_resolver_class_init (FakeResolverClass *klass)
{
  klass->lookup_service_async = fake_lookup_service_async;
  klass->lookup_service_finish = fake_lookup_service_finish;
  klass->lookup_by_name_with_flags_async = fake_lookup_by_name_async;
  klass->lookup_by_name_with_flags_finish = fake_lookup_by_name_finish;
}

static void
fake_resolver_init (FakeResolver *self)
{
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static gboolean
trust_cb (GTlsCertificate      *certificate,
          GTlsCertificateFlags  problems,
          gpointer              user_data)
{
  return TRUE;
}

static FerryLink *
open_link (const FerryConnectionSettings  *settings,
           GError                        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  ferry_link_open_async (settings, trust_cb, NULL, NULL, done_cb, &result);
  return ferry_link_open_finish (wait_for (&result), error);
}

static void
test_orders_the_records (void)
{
  static const Record both[] = {
    { "xmpp-client", "b", 5222, 20 }, { "xmpps-client", "a", 443, 10 },
    { "xmpps-client", "c", 5223, 30 }, { NULL },
  };
  static const Record none[] = { { NULL } };
  static const Record refused[] = { { "xmpp-client", ".", 0, 0 }, { NULL } };
  static const Record no_direct[] = { { "xmpps-client", ".", 0, 0 }, { NULL } };
  static const Record only_direct[] = {
    { "xmpp-client", ".", 0, 0 }, { "xmpps-client", "a", 443, 0 }, { NULL },
  };
  static const struct { const Record *records; FerryTlsMode tls; const char *expected; } cases[] = {
    { both, FERRY_TLS_AUTO, "a:443:1 b:5222:2 c:5223:1" },
    { both, FERRY_TLS_DIRECT, "a:443:1 c:5223:1" },
    { both, FERRY_TLS_STARTTLS, "b:5222:2" },
    { none, FERRY_TLS_AUTO, "ferry.test:5222:2" },
    { none, FERRY_TLS_DIRECT, "ferry.test:5223:1" },
    { none, FERRY_TLS_NONE, "ferry.test:5222:3" },
    { refused, FERRY_TLS_AUTO, NULL },
    { no_direct, FERRY_TLS_AUTO, "ferry.test:5222:2" },
    { no_direct, FERRY_TLS_DIRECT, NULL },
    { only_direct, FERRY_TLS_AUTO, "a:443:1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GPtrArray) targets = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(GString) found = g_string_new (NULL);

      records = cases[i].records;
      ferry_server_lookup_async ("ferry.test", cases[i].tls, NULL, done_cb, &result);
      targets = ferry_server_lookup_finish (wait_for (&result), &error);

      if (cases[i].expected == NULL)
        {
          g_assert_error (error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_NOT_FOUND);
          continue;
        }

      g_assert_no_error (error);

      for (guint j = 0; j < targets->len; j++)
        {
          FerryServerTarget *target = g_ptr_array_index (targets, j);

          g_string_append_printf (found, "%s%s:%u:%d", j > 0 ? " " : "", target->host,
                                  target->port, target->tls);
        }

      g_assert_cmpstr (found->str, ==, cases[i].expected);
    }
}

static void
test_goes_on_to_the_next_server (void)
{
  static const Record dead_first[] = {
    { "xmpps-client", "dead", 1, 10 }, { "xmpps-client", "nowhere", 443, 11 },
    { "xmpp-client", "good", 0, 20 }, { NULL },
  };
  static const Record direct_first[] = {
    { "xmpps-client", "good", 0, 10 }, { "xmpp-client", "dead", 1, 20 }, { NULL },
  };
  static const struct { const Record *records; FerryTlsMode tls; } cases[] = {
    { dead_first, FERRY_TLS_STARTTLS }, { direct_first, FERRY_TLS_DIRECT },
  };
  g_autoptr(GTlsCertificate) certificate = fake_server_make_certificate ("ferry.test");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FakeScript script = { .tls = cases[i].tls };
      const FerryConnectionSettings settings = { .jid = "romeo@ferry.test" };
      g_autoptr(FakeServer) server = fake_server_new (&script, certificate);
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryLink) link = NULL;
      const char *protocol;

      records = cases[i].records;
      server_port = fake_server_get_port (server);
      link = open_link (&settings, &error);
      g_assert_no_error (error);
      g_assert_true (link->is_secure);
      g_assert_cmpint (g_socket_get_timeout (link->socket), ==, 0);
      protocol = g_tls_connection_get_negotiated_protocol (G_TLS_CONNECTION (link->stream));
      g_assert_cmpstr (protocol, ==, cases[i].tls == FERRY_TLS_DIRECT ? "xmpp-client" : NULL);
    }
}

static void
test_tells_what_went_wrong (void)
{
  static const Record dead[] = { { "xmpp-client", "dead", 1, 0 }, { NULL } };
  static const Record nowhere[] = { { "xmpp-client", "nowhere", 5222, 0 }, { NULL } };
  static const Record mixed[] = {
    { "xmpp-client", "dead", 1, 0 }, { "xmpp-client", "nowhere", 5222, 1 }, { NULL },
  };
  static const struct { const Record *records; FerryConnectionSettings settings; int code; }
  cases[] = {
    { dead, { .jid = "romeo@ferry.test" }, FERRY_CONNECTION_ERROR_UNREACHABLE },
    { nowhere, { .jid = "romeo@ferry.test" }, FERRY_CONNECTION_ERROR_NOT_FOUND },
    { mixed, { .jid = "romeo@ferry.test" }, FERRY_CONNECTION_ERROR_UNREACHABLE },
    { dead, { .jid = "romeo@ferry.test", .server = "nowhere.test:1" },
      FERRY_CONNECTION_ERROR_NOT_FOUND },
    { dead, { .jid = "romeo@ferry.test", .server = "a:port" }, FERRY_CONNECTION_ERROR_NOT_FOUND },
    { dead, { .jid = "romeo@ferry.test", .server = "dead:1", .ca_file = "/nonexistent" },
      FERRY_CONNECTION_ERROR_TLS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("case %u", i);
      records = cases[i].records;
      g_assert_null (open_link (&cases[i].settings, &error));
      g_assert_error (error, FERRY_CONNECTION_ERROR, cases[i].code);
    }
}

/* One of ours that is not this machine's alone. Returns: (nullable) (transfer full) */
static char *
find_address (void)
{
  g_autoptr(GPtrArray) all = ferry_interfaces_list (FALSE);

  for (guint i = 0; i < all->len; i++)
    {
      const FerryInterfaceAddress *own = g_ptr_array_index (all, i);

      if (own->address.len == 4)
        return ferry_ip_address_to_string (&own->address);
    }

  return NULL;
}

static void
test_does_without_tls_only_here (void)
{
  const FakeScript script = { .is_silent = TRUE };
  g_autoptr(FakeServer) server = fake_server_new (&script, NULL);
  g_autofree char *address = find_address ();
  g_autofree char *here = g_strdup_printf ("127.0.0.1:%u", fake_server_get_port (server));
  g_autofree char *there = g_strdup_printf ("%s:%u", address != NULL ? address : "",
                                            fake_server_get_port (server));
  FerryConnectionSettings settings = {
    .jid = "romeo@ferry.test", .server = here, .tls = FERRY_TLS_NONE,
  };
  g_autoptr(FerryLink) link = NULL;
  g_autoptr(GError) error = NULL;

  link = open_link (&settings, &error);
  g_assert_no_error (error);
  g_assert_false (link->is_secure);

  if (address == NULL)
    {
      g_test_message ("No other address");
      return;
    }

  settings.server = there;
  g_assert_null (open_link (&settings, &error));
  g_assert_error (error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_TLS);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_can_be_cancelled_while_looking_up (void)
{
  const FerryConnectionSettings settings = { .jid = "romeo@ferry.test" };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  is_silent = TRUE;
  g_timeout_add (20, cancel_cb, cancellable);
  ferry_link_open_async (&settings, NULL, NULL, cancellable, done_cb, &result);
  g_assert_null (ferry_link_open_finish (wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  is_silent = FALSE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GResolver) resolver = NULL;

  g_test_init (&argc, &argv, NULL);
  resolver = g_object_new (fake_resolver_get_type (), NULL);
  g_resolver_set_default (resolver);

  g_test_add_func ("/net/server-lookup/orders-the-records", test_orders_the_records);
  g_test_add_func ("/net/link/goes-on-to-the-next-server", test_goes_on_to_the_next_server);
  g_test_add_func ("/net/link/tells-what-went-wrong", test_tells_what_went_wrong);
  g_test_add_func ("/net/link/does-without-tls-only-here", test_does_without_tls_only_here);
  g_test_add_func ("/net/link/can-be-cancelled-while-looking-up",
                   test_can_be_cancelled_while_looking_up);

  return g_test_run ();
}
