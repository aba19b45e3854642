/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "network-rig.h"

#include "proto/disco.h"
#include "wait.h"

Rig rig;

/* Routers. */

#define FAKE_TYPE_MAPPINGS (fake_mappings_get_type ())
G_DECLARE_FINAL_TYPE (FakeMappings, fake_mappings, FAKE, MAPPINGS, GObject)

struct _FakeMappings
{
  GObject   parent_instance;
  GArray   *standing;   /* (owned) */
  gboolean  is_settled;
};

G_DEFINE_FINAL_TYPE (FakeMappings, fake_mappings, G_TYPE_OBJECT)

static void
fake_mappings_finalize (GObject *object)
{
  g_array_unref (FAKE_MAPPINGS (object)->standing);
  if (rig.mappings == object)
    rig.mappings = NULL;
  G_OBJECT_CLASS (fake_mappings_parent_class)->finalize (object);
}

static void
fake_mappings_class_init (FakeMappingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_mappings_finalize;
  g_signal_new ("changed", FAKE_TYPE_MAPPINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
fake_mappings_init (FakeMappings *self)
{
  self->standing = g_array_new (FALSE, FALSE, sizeof (FerryPortMapping));
}

static GObject *
mappings_new (const char *lease_file)
{
  g_assert_true (g_str_has_suffix (lease_file, "/leases"));
  rig.mappings = g_object_new (FAKE_TYPE_MAPPINGS, NULL);

  return rig.mappings;
}

static void
mappings_start (GObject *mappings,
                guint16  port)
{
  rig.n_mapped++;
  rig.port = port;
}

static gboolean
mappings_is_settled (GObject *mappings)
{
  return FAKE_MAPPINGS (mappings)->is_settled;
}

static GArray *
mappings_get (GObject *mappings)
{
  return FAKE_MAPPINGS (mappings)->standing;
}

static void
mappings_stop_async (GObject             *mappings,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  GTask *task = g_task_new (mappings, NULL, callback, user_data);

  rig.n_stopped++;
  if (rig.never_stops)
    g_ptr_array_add (rig.waiting, task);
  else
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

static void
mappings_stop_finish (GObject      *mappings,
                      GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
rig_let_routers_answer (const char *external)
{
  FakeMappings *mappings = FAKE_MAPPINGS (rig.mappings);
  FerryPortMapping mapping = { .method = FERRY_MAPPING_PCP, .external_port = 4711 };

  if (external != NULL)
    {
      g_assert_true (ferry_ip_address_parse (external, &mapping.external));
      g_array_append_val (mappings->standing, mapping);
    }

  mappings->is_settled = TRUE;
  g_signal_emit_by_name (mappings, "changed");
}

/* This machine. */

static GPtrArray *
list_addresses (gboolean with_loopback)
{
  GPtrArray *list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_interface_address_free);
  g_auto(GStrv) texts = g_strsplit (rig.addresses, " ", -1);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      FerryIpAddress address;

      g_assert_true (ferry_ip_address_parse (texts[i], &address));
      g_ptr_array_add (list, ferry_interface_address_new (&address, "eth0", 0));
    }

  return list;
}

static guint16
reserve_port (FerrySocks5Listener *listener)
{
  return 5086;
}

/* STUN servers, and the desktop. */

static void
answer (GTask *task)
{
  if (g_task_get_source_tag (task) == list_addresses)
    {
      char *uris[] = { (char *) rig.proxy, NULL };

      if (rig.proxy != NULL)
        g_task_return_pointer (task, g_strdupv (uris), (GDestroyNotify) g_strfreev);
      else
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "No idea");
    }
  else if (rig.seen != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer");
}

static void
answer_soon (GTask *task)
{
  if (rig.is_slow)
    {
      g_ptr_array_add (rig.waiting, task);
      return;
    }

  answer (task);
  g_object_unref (task);
}

void
rig_answer_all (void)
{
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&rig.waiting);

  rig.waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    answer (waiting->pdata[i]);
  wait_until_idle ();
}

static void
query_async (GInetSocketAddress   *server,
             const FerryIpAddress *own,
             guint                 timeout,
             GCancellable         *cancellable,
             GAsyncReadyCallback   callback,
             gpointer              user_data)
{
  g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (server));

  g_assert_cmpuint (own->len, >, 0);
  g_string_append_printf (rig.asked, "%s ", text);
  answer_soon (g_task_new (NULL, cancellable, callback, user_data));
}

static gboolean
query_finish (GAsyncResult    *result,
              FerryReflexive  *reflexive,
              GError         **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  ferry_ip_address_parse (rig.seen, &reflexive->seen);
  reflexive->keeps_ports = TRUE;

  return TRUE;
}

#define FAKE_TYPE_RESOLVER (fake_resolver_get_type ())
G_DECLARE_FINAL_TYPE (FakeResolver, fake_resolver, FAKE, RESOLVER, GObject)

struct _FakeResolver
{
  GObject parent_instance;
};

static void fake_resolver_proxy_resolver_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeResolver, fake_resolver, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      fake_resolver_proxy_resolver_init))

static gboolean
resolver_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static void
resolver_lookup_async (GProxyResolver      *resolver,
                       const char          *uri,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task = g_task_new (resolver, cancellable, callback, user_data);

  g_assert_cmpstr (uri, ==, "none://" SERVER ":5222");
  g_task_set_source_tag (task, list_addresses);
  rig.n_lookups++;
  answer_soon (task);
}

static char **
resolver_lookup_finish (GProxyResolver  *resolver,
                        GAsyncResult    *result,
                        GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_resolver_proxy_resolver_init (GProxyResolverInterface *iface)
{
  iface->is_supported = resolver_is_supported;
  iface->lookup_async = resolver_lookup_async;
  iface->lookup_finish = resolver_lookup_finish;
}

static void
fake_resolver_class_init (FakeResolverClass *klass)
{
}

static void
fake_resolver_init (FakeResolver *self)
{
}

/* All of it. */

static const FerryNetworkSenses senses = {
  .list_addresses = list_addresses,
  .reserve_port = reserve_port,
  .query_async = query_async,
  .query_finish = query_finish,
  .mappings_new = mappings_new,
  .mappings_start = mappings_start,
  .mappings_is_settled = mappings_is_settled,
  .mappings_get = mappings_get,
  .mappings_stop_async = mappings_stop_async,
  .mappings_stop_finish = mappings_stop_finish,
};

static void
count_cb (FerryNetwork *network,
          gpointer      user_data)
{
  ((Fixture *) user_data)->n_changed++;
}

void
rig_set_up (Fixture       *fixture,
            gconstpointer  data)
{
  void (*configure) (FerrySettings *) = data;
  g_autoptr(GProxyResolver) resolver = g_object_new (FAKE_TYPE_RESOLVER, NULL);

  rig = (Rig) {
    .addresses = "127.0.0.1 ::1",
    .proxy = "direct://",
    .seen = "203.0.113.7",
    .asked = g_string_new (NULL),
    .waiting = g_ptr_array_new_with_free_func (g_object_unref),
  };
  fixture->port = fake_port_new (ROMEO);
  fixture->router = ferry_router_new ();
  fixture->listener = ferry_socks5_listener_new (0);
  fixture->settings = ferry_settings_new ();
  fixture->settings->jid = g_strdup ("romeo@montague.lit");
  fixture->settings->allow_loopback = TRUE;
  g_free (fixture->settings->data_dir);
  fixture->settings->data_dir = g_strdup (g_get_tmp_dir ());
  if (configure != NULL)
    configure (fixture->settings);

  fixture->network = ferry_network_new (fixture->router, fixture->listener, NULL,
                                        fixture->settings);
  ferry_network_set_senses (fixture->network, &senses);
  ferry_network_set_resolver (fixture->network, resolver);
  fixture->n_changed = 0;
  g_signal_connect (fixture->network, "changed", G_CALLBACK (count_cb), fixture);
}

void
rig_tear_down (Fixture       *fixture,
               gconstpointer  data)
{
  ferry_router_set_port (fixture->router, NULL);
  rig.is_slow = FALSE;
  rig_answer_all ();
  g_assert_finalize_object (fixture->network);
  g_assert_finalize_object (fixture->listener);
  g_assert_finalize_object (fixture->router);
  g_assert_finalize_object (fixture->port);
  ferry_settings_free (fixture->settings);
  g_string_free (rig.asked, TRUE);
  g_ptr_array_unref (rig.waiting);
}

void
rig_go_online (Fixture *fixture)
{
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (fixture->port));
  ferry_network_online (fixture->network);
  wait_until_idle ();
}

void
rig_answer_server (Fixture    *fixture,
                   const char *name,
                   const char *xmlns,
                   const char *children)
{
  g_autoptr(FerryElement) request = fake_port_take (fixture->port);
  g_autofree char *payload = g_strdup_printf ("<%s xmlns='%s'>%s</%s>", name, xmlns, children, name);

  g_assert_nonnull (request);
  g_assert_cmpstr (ferry_element_get_attribute (request, "to"), ==, SERVER);
  g_assert_nonnull (ferry_element_find (request, name, xmlns));
  fake_port_answer (fixture->port, request, payload);
  wait_until_idle ();
}

void
rig_announce (Fixture    *fixture,
              const char *xmlns,
              const char *services)
{
  g_autofree char *feature = g_strdup_printf ("<feature var='%s'/>", xmlns);

  rig_answer_server (fixture, "query", FERRY_NS_DISCO_INFO, feature);
  rig_answer_server (fixture, "services", xmlns, services);
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

void
rig_wait_ms (guint ms)
{
  gboolean is_over = FALSE;

  g_timeout_add (ms, over_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}
