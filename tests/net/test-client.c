/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "test-client.h"

void
test_client_connected_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  TestClient *client = user_data;

  ferry_connection_connect_finish (FERRY_CONNECTION (source), result, &client->error);
  client->is_done = TRUE;
}

static void
received_cb (FerryStanzaPort *port,
             FerryElement    *stanza,
             TestClient      *client)
{
  g_ptr_array_add (client->received, ferry_element_ref (stanza));
}

static void
drained_cb (FerryStanzaPort *port,
            TestClient      *client)
{
  client->n_drained++;
}

static void
closed_cb (FerryConnection *connection,
           GError          *error,
           TestClient      *client)
{
  g_assert_false (client->is_closed);
  client->is_closed = TRUE;
  client->close_error = error != NULL ? g_error_copy (error) : NULL;
}

static gboolean
certificate_cb (FerryConnection *connection,
                GTlsCertificate *unknown,
                guint            problems,
                TestClient      *client)
{
  g_assert_true (G_IS_TLS_CERTIFICATE (unknown));
  g_assert_cmpuint (problems, !=, 0);
  client->n_asked++;
  return client->allows;
}

static gboolean
timeout_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
test_spin (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, timeout_cb, &over);

  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

void
test_client_start (TestClient   *client,
                   FakeServer   *server,
                   FerryTlsMode  tls,
                   const char   *trusted)
{
  g_autofree char *place = g_strdup_printf ("127.0.0.1:%u", fake_server_get_port (server));
  FerryConnectionSettings settings = {
    .jid = "romeo@ferry.test/orchard", .password = "wherefore", .server = place, .tls = tls,
    .ca_file = trusted,
  };

  client->connection = ferry_connection_new ();
  client->cancellable = g_cancellable_new ();
  client->received = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_element_unref);
  g_signal_connect (client->connection, "received", G_CALLBACK (received_cb), client);
  g_signal_connect (client->connection, "drained", G_CALLBACK (drained_cb), client);
  g_signal_connect (client->connection, "closed", G_CALLBACK (closed_cb), client);
  g_signal_connect (client->connection, "certificate-unknown", G_CALLBACK (certificate_cb), client);
  ferry_connection_connect_async (client->connection, &settings, client->cancellable,
                                  test_client_connected_cb, client);
  WAIT_FOR (client->is_done);
}

void
test_client_clear (TestClient *client)
{
  g_assert_finalize_object (g_steal_pointer (&client->connection));
  g_clear_object (&client->cancellable);
  g_clear_pointer (&client->received, g_ptr_array_unref);
  g_clear_error (&client->error);
  g_clear_error (&client->close_error);
}
