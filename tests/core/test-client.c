/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "core/account-private.h"
#include "core/client.h"
#include "core/network-private.h"
#include "core/transfer-queue-private.h"
#include "fake-port.h"
#include "proto/caps.h"
#include "proto/disco.h"
#include "proto/roster-item.h"
#include "wait.h"

static FakePort *port; /* (owned): of the last login */

static FerryStanzaPort *
link_create (void)
{
  g_clear_object (&port);
  port = fake_port_new (NULL);

  return FERRY_STANZA_PORT (g_object_ref (port));
}

static void
link_connect_async (FerryStanzaPort                *connecting,
                    const FerryConnectionSettings  *settings,
                    GCancellable                   *cancellable,
                    GAsyncReadyCallback             callback,
                    gpointer                        user_data)
{
  g_autoptr(GTask) task = g_task_new (connecting, cancellable, callback, user_data);

  fake_port_set_jid (FAKE_PORT (connecting), settings->jid);
  g_task_return_boolean (task, TRUE);
}

static gboolean
link_connect_finish (FerryStanzaPort  *connecting,
                     GAsyncResult     *result,
                     GError          **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
link_close (FerryStanzaPort *closing)
{
  fake_port_close (FAKE_PORT (closing), NULL);
}

static const FerryAccountLink fake_link = {
  .create = link_create,
  .connect_async = link_connect_async,
  .connect_finish = link_connect_finish,
  .close = link_close,
  .ping_interval = 60000,
  .ping_timeout = 30,
  .first_delay = 60000,
  .longest_delay = 60000,
  .steady_after = 60000,
};

/* @relay_only: nothing is asked of the network, nor of the server about it. */
static FerryClient *
make_client (const char          *data_dir,
             FerrySecurityPolicy  security,
             gboolean             relay_only)
{
  g_autoptr(FerrySettings) settings = ferry_settings_new ();
  FerryClient *client;

  settings->jid = g_strdup ("romeo@montague.lit");
  settings->password = g_strdup ("secret");
  g_free (settings->data_dir);
  settings->data_dir = g_strdup (data_dir);
  settings->security = security;
  settings->relay_only = relay_only;
  settings->map_ports = FALSE;
  client = ferry_client_new (settings);
  ferry_account_set_link (ferry_client_get_account (client), &fake_link);

  return client;
}

static void
connect_client (FerryClient *client)
{
  ferry_account_connect (ferry_client_get_account (client));

  while (ferry_account_get_state (ferry_client_get_account (client)) != FERRY_ACCOUNT_ONLINE)
    g_main_context_iteration (NULL, TRUE);
}

static FerryClient *
go_online_with (const char          *data_dir,
                FerrySecurityPolicy  security)
{
  FerryClient *client = make_client (data_dir, security, TRUE);

  connect_client (client);

  return client;
}

static FerryClient *
go_online (const char *data_dir)
{
  return go_online_with (data_dir, FERRY_SECURITY_AUTO);
}

static void
drop (FerryClient *client)
{
  FerryRouter *router = g_object_ref (ferry_client_get_router (client));

  g_assert_finalize_object (client);
  wait_until_idle ();
  g_assert_finalize_object (router);
  g_assert_finalize_object (g_steal_pointer (&port));
}

/* RFC 6121 §2.2, XEP-0065 §4, DISC-2: and in this order. */
static void
test_asks_for_the_list_then_announces_itself (gconstpointer data)
{
  FerryClient *client = go_online (data);
  FerryRoster *roster = ferry_client_get_roster (client);
  g_autoptr(FerryElement) list = fake_port_take (port);
  g_autoptr(FerryElement) items = fake_port_take (port);
  g_autoptr(FerryElement) presence = NULL;

  g_assert_nonnull (ferry_element_find (list, "query", FERRY_NS_ROSTER));
  g_assert_nonnull (ferry_element_find (items, "query", FERRY_NS_DISCO_ITEMS));
  g_assert_cmpuint (fake_port_get_n_sent (port), ==, 0);

  fake_port_answer (port, list, "<query xmlns='jabber:iq:roster'>"
                    "<item jid='juliet@capulet.lit' subscription='both'/></query>");
  wait_until_idle ();
  presence = fake_port_take (port);
  g_assert_true (ferry_element_is (presence, "presence", FERRY_NS_CLIENT));
  g_assert_nonnull (ferry_element_find (presence, "c", FERRY_NS_CAPS));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (roster)), ==, 1);

  drop (client);
}

static void
test_shows_nobody_once_offline (gconstpointer data)
{
  FerryClient *client = go_online (data);
  g_autoptr(FerryElement) list = fake_port_take (port);
  FerryContact *juliet;

  fake_port_answer (port, list, "<query xmlns='jabber:iq:roster'>"
                    "<item jid='juliet@capulet.lit' subscription='both'/></query>");
  wait_until_idle ();
  fake_port_inject (port, "<presence from='juliet@capulet.lit/balcony'/>");
  juliet = ferry_roster_lookup (ferry_client_get_roster (client), "juliet@capulet.lit", FALSE);
  g_assert_cmpint (ferry_contact_get_presence (juliet), ==, FERRY_PRESENCE_AVAILABLE);
  fake_port_close (port, NULL);
  g_assert_cmpint (ferry_contact_get_presence (juliet), ==, FERRY_PRESENCE_OFFLINE);

  drop (client);
}

static void
assert_announces (const char *feature,
                  gboolean    announced)
{
  g_autoptr(FerryElement) reply = NULL;
  g_autoptr(FerryDiscoInfo) info = NULL;

  fake_port_clear (port);
  fake_port_inject (port, "<iq type='get' id='q' from='romeo@montague.lit/phone'>"
                    "<query xmlns='" FERRY_NS_DISCO_INFO "'/></iq>");
  reply = fake_port_take (port);
  info = ferry_disco_info_parse (ferry_iq_get_payload (reply), NULL);
  g_assert_cmpint (ferry_disco_info_has_feature (info, feature), ==, announced);
}

/* XTLS-1, XS-2, DISC-2; and what it says follows the policy. */
static void
test_announces_that_it_encrypts (gconstpointer data)
{
  static const struct
  {
    FerrySecurityPolicy policy;
    gboolean            announced;
  } rows[] = {
    { FERRY_SECURITY_AUTO, TRUE },
    { FERRY_SECURITY_REQUIRED, TRUE },
    { FERRY_SECURITY_NONE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FerryClient *client = go_online_with (data, rows[i].policy);
      FerryTrust *trust = ferry_client_get_trust (client);
      g_autoptr(FerryElement) caps =
        ferry_capabilities_get_own_caps (ferry_client_get_capabilities (client));
      g_autoptr(FerryElement) changed = NULL;

      g_assert_no_error (ferry_trust_get_error (trust));
      assert_announces ("urn:xmpp:jingle:apps:xmlstream:0", TRUE);
      assert_announces ("urn:xmpp:tmp:jingle:apps:xmlstream:0", TRUE);
      assert_announces ("urn:xmpp:jingle:security:xtls:0", rows[i].announced);
      ferry_trust_set_default (trust, rows[i].announced ? FERRY_SECURITY_NONE
                                                        : FERRY_SECURITY_AUTO);
      assert_announces ("urn:xmpp:jingle:security:xtls:0", !rows[i].announced);
      changed = ferry_capabilities_get_own_caps (ferry_client_get_capabilities (client));
      g_assert_cmpstr (ferry_element_get_attribute (caps, "ver"), !=,
                       ferry_element_get_attribute (changed, "ver"));
      drop (client);
    }
}

/* Where we are is known to transfers, and asked for as soon as we connect. */
static void
test_looks_around (gconstpointer data)
{
  FerryClient *client = make_client (data, FERRY_SECURITY_AUTO, FALSE);
  FerryNetwork *network = ferry_client_get_network (client);
  g_autoptr(GProxyResolver) none = g_simple_proxy_resolver_new ("direct://", NULL);
  g_autoptr(FerryElement) info = NULL;

  g_assert_true (ferry_transfer_queue_get_services (ferry_client_get_queue (client))->network ==
                 network);
  ferry_network_set_resolver (network, none);
  g_assert_false (ferry_network_is_direct (network));
  connect_client (client);
  while (!ferry_network_is_direct (network))
    g_main_context_iteration (NULL, TRUE);
  wait_until_idle ();
  g_assert_cmpuint (ferry_network_get_facts (network)->port, >, 0);

  do
    {
      g_clear_pointer (&info, ferry_element_unref);
      info = fake_port_take (port);
      g_assert_nonnull (info);
    }
  while (ferry_element_find (info, "query", FERRY_NS_DISCO_INFO) == NULL);
  g_assert_cmpstr (ferry_element_get_attribute (info, "to"), ==, "montague.lit");

  drop (client);
}

static void
remove_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
}

static void
test_can_be_dropped_in_the_middle (gconstpointer data)
{
  drop (go_online (data));
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *data_dir = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  data_dir = g_dir_make_tmp ("ferry-test-XXXXXX", NULL);

  g_test_add_data_func ("/core/client/asks-for-the-list-then-announces-itself", data_dir,
                        test_asks_for_the_list_then_announces_itself);
  g_test_add_data_func ("/core/client/shows-nobody-once-offline", data_dir,
                        test_shows_nobody_once_offline);
  g_test_add_data_func ("/core/client/announces-that-it-encrypts", data_dir,
                        test_announces_that_it_encrypts);
  g_test_add_data_func ("/core/client/looks-around", data_dir, test_looks_around);
  g_test_add_data_func ("/core/client/can-be-dropped-in-the-middle", data_dir,
                        test_can_be_dropped_in_the_middle);

  status = g_test_run ();
  remove_files (data_dir);
  g_rmdir (data_dir);

  return status;
}
