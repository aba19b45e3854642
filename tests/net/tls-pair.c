/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "tls-pair.h"

static FerryTlsIdentity *
make_once (FerryTlsIdentity **slot,
           FerryTlsKey        key,
           const char        *jid)
{
  g_autoptr(GError) error = NULL;

  if (*slot == NULL)
    *slot = ferry_tls_identity_generate (key, jid, &error);

  g_assert_no_error (error);
  return *slot;
}

FerryTlsIdentity *
tls_pair_get_romeo (void)
{
  static FerryTlsIdentity *romeo;

  return make_once (&romeo, FERRY_TLS_KEY_ED25519, TLS_USER);
}

FerryTlsIdentity *
tls_pair_get_juliet (void)
{
  static FerryTlsIdentity *juliet;

  return make_once (&juliet, FERRY_TLS_KEY_P256, "juliet@capulet.lit");
}

FerryTlsTerms
tls_pair_terms (gboolean is_server)
{
  FerryTlsIdentity *peer = is_server ? tls_pair_get_romeo () : tls_pair_get_juliet ();

  return (FerryTlsTerms) {
    .is_server = is_server,
    .identity = is_server ? tls_pair_get_juliet () : tls_pair_get_romeo (),
    .sha1 = ferry_tls_identity_get_sha1 (peer),
    .sha256 = ferry_tls_identity_get_sha256 (peer),
  };
}

FerryTlsTerms
tls_pair_srp_terms (gboolean    is_server,
                    const char *phrase)
{
  return (FerryTlsTerms) { .is_server = is_server, .srp_user = TLS_USER, .srp_phrase = phrase };
}

void
tls_pair_sockets (GIOStream **a,
                  GIOStream **b)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) at = NULL;
  g_autoptr(GError) error = NULL;

  g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &at, &error);
  g_assert_no_error (error);
  *a = G_IO_STREAM (g_socket_client_connect (client, G_SOCKET_CONNECTABLE (at), NULL, &error));
  g_assert_no_error (error);
  *b = G_IO_STREAM (g_socket_listener_accept (listener, NULL, NULL, &error));
  g_assert_no_error (error);
}

typedef struct
{
  FerryTlsStream **stream;
  GError         **error;
  guint           *n_left;
} Side;

static void
side_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Side *side = user_data;

  *side->stream = ferry_tls_stream_handshake_finish (result, side->error);
  g_assert_true ((*side->stream != NULL) == (*side->error == NULL));
  --*side->n_left;
}

void
tls_pair_handshake (TlsPair             *self,
                    GIOStream           *client,
                    const FerryTlsTerms *client_terms,
                    GIOStream           *server,
                    const FerryTlsTerms *server_terms,
                    guint                timeout)
{
  guint n_left = 2;
  Side client_side = { &self->client, &self->client_error, &n_left };
  Side server_side = { &self->server, &self->server_error, &n_left };

  ferry_tls_stream_handshake_async (client, client_terms, timeout, NULL, side_done_cb,
                                    &client_side);
  ferry_tls_stream_handshake_async (server, server_terms, timeout, NULL, side_done_cb,
                                    &server_side);
  while (n_left > 0)
    g_main_context_iteration (NULL, TRUE);
}

void
tls_pair_clear (TlsPair *self)
{
  g_clear_object (&self->client);
  g_clear_object (&self->server);
  g_clear_error (&self->client_error);
  g_clear_error (&self->server_error);
}
