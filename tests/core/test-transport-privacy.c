/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/network-private.h"
#include "lab-host.h"
#include "legacy/namespaces.h"
#include "legacy/s5b-0.h"
#include "proto/s5b-variant.h"
#include "transport-world.h"
#include "wait.h"

/* What is dialled, and by which way, if nobody is to learn where we are. */

#define SID     "x"
#define PATIENCE (5 * G_USEC_PER_SEC)

/* What Romeo offers: @type at @host. */
static FerryElement *
make_offer (const char *type,
            const char *host,
            guint16     port)
{
  gboolean is_proxy = g_str_equal (type, "proxy");

  return fake_stanza ("<transport xmlns='%s' sid='" SID "'><candidate cid='a' jid='%s' host='%s'"
                      " port='%u' priority='9' type='%s'/></transport>", FERRY_NS_S5B_1,
                      is_proxy ? "proxy.verona.lit" : ROMEO, host, port, type);
}

static void
open_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GIOStream) stream =
    ferry_transport_open_finish (FERRY_TRANSPORT (source), result, NULL);

  g_assert_null (stream); /* it was given up */
}

static void
hear (Party      *party,
      const char *report)
{
  g_autoptr(FerryElement) said = fake_stanza ("<transport xmlns='%s' sid='" SID "'>%s</transport>",
                                              FERRY_NS_S5B_1, report);
  g_autoptr(FerryStanzaError) refusal = ferry_transport_receive_info (party->transport, said);

  g_assert_null (refusal);
}

/* Juliet takes up what is offered, and says how it went. */
static void
take_offer (TransportWorld *world,
            FerryElement   *offer,
            GCancellable   *cancellable)
{
  Party *juliet = &world->parties[1];
  gint64 began = g_get_monotonic_time ();
  g_autoptr(FerryElement) answer = NULL;
  g_autoptr(GError) error = NULL;

  world_make_transports (world, FERRY_NS_S5B_1);
  g_assert_true (ferry_transport_set_remote (juliet->transport, offer, &error));
  g_assert_no_error (error);
  answer = party_prepare (juliet);
  ferry_transport_open_async (juliet->transport, cancellable, open_cb, NULL);
  while (juliet->n_said == 0 && g_get_monotonic_time () - began < PATIENCE)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (juliet->n_said, >, 0);
}

static void
give_up (TransportWorld *world,
         GCancellable   *cancellable)
{
  hear (&world->parties[1], "<candidate-error/>");
  g_cancellable_cancel (cancellable);
  wait_until_idle ();
}

/* Whoever is dialled learns where we are: a peer calls any host a proxy. */
static void
test_dials_nobody_that_the_peer_names (TransportWorld *world,
                                       gconstpointer   data)
{
  static const struct { const char *type; gboolean is_hidden; } cases[] = {
    { "direct", TRUE }, { "assisted", TRUE }, { "proxy", TRUE }, { "direct", FALSE },
    { "proxy", FALSE },
  };
  const gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(LabHost) host = lab_host_new (LAB_HOST_IS_MUTE, "nobody", NULL);
  g_autoptr(FerryElement) offer = make_offer (cases[i].type, "127.0.0.1",
                                              lab_host_get_port (host));
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  world->parties[1].relay_only = cases[i].is_hidden;
  if (cases[i].is_hidden)
    {
      take_offer (world, offer, cancellable);
      g_assert_cmpuint (lab_host_get_n_calls (host), ==, 0);
      give_up (world, cancellable);
      return;
    }

  /* Else it is. */
  world_make_transports (world, FERRY_NS_S5B_1);
  g_assert_true (ferry_transport_set_remote (world->parties[1].transport, offer, NULL));
  ferry_transport_open_async (world->parties[1].transport, cancellable, open_cb, NULL);
  while (lab_host_get_n_calls (host) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  wait_until_idle ();
}

/* Nobody waits for connections then, either. */
static void
test_listens_to_nobody (TransportWorld *world,
                        gconstpointer   data)
{
  Party *romeo = &world->parties[0];
  g_autoptr(FerryElement) offer = NULL;

  romeo->relay_only = TRUE;
  world_discover_proxy (world);
  world_make_transport (world, 0, data);
  offer = party_prepare (romeo);
  g_assert_cmpuint (ferry_element_get_n_children (offer), ==, 1); /* the proxy */
  g_assert_cmpstr (ferry_element_get_attribute (ferry_element_get_child (offer, 0), "jid"), ==,
                   "proxy.montague.lit");
  g_assert_cmpuint (ferry_socks5_listener_get_port (romeo->listener), ==, 0);
}

/* The proxies of our own server know us anyway. */
static void
test_goes_through_its_own_proxy (TransportWorld *world,
                                 gconstpointer   data)
{
  world->parties[0].relay_only = TRUE;
  world_discover_proxy (world);
  world_negotiate (world, FERRY_NS_S5B_1, NULL);
  world_open_both (world);
  world_assert_open_over (world, FERRY_PATH_PROXY);
  world_assert_carries (world, 0, 100000);
}

/* A desktop proxy that leads to the streamhost asked for, whatever its name. */
typedef struct
{
  GSocketService *service; /* (owned) */
  guint16         port;
  char            name[64]; /* of the streamhost: said once n_calls is 1 */
  int             n_calls;  /* atomic */
} DesktopProxy;

static gboolean
take (GInputStream *input,
      guint8       *buffer,
      gsize         size)
{
  gsize n = 0;

  return g_input_stream_read_all (input, buffer, size, &n, NULL, NULL) && n == size;
}

/* RFC 1928 §4: whom it is asked for. */
static gboolean
take_request (DesktopProxy *self,
              GInputStream *input)
{
  guint8 head[5];
  guint8 rest[64];

  if (!take (input, head, sizeof head))
    return FALSE;

  if (head[3] == 1 && take (input, rest, 3 + 2))
    {
      g_snprintf (self->name, sizeof self->name, "%u.%u.%u.%u", head[4], rest[0], rest[1], rest[2]);
      return TRUE;
    }

  if (head[3] != 3 || head[4] + 2u > sizeof rest || !take (input, rest, head[4] + 2))
    return FALSE;

  g_snprintf (self->name, sizeof self->name, "%.*s", head[4], rest);

  return TRUE;
}

static gboolean
desktop_run_cb (GThreadedSocketService *service,
                GSocketConnection      *connection,
                GObject                *source,
                gpointer                user_data)
{
  DesktopProxy *self = user_data;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  guint8 buffer[64];

  /* The desktop proxy's handshake, which asks for a host … */
  if (!take (input, buffer, 3) ||
      !g_output_stream_write_all (output, "\5\0", 2, NULL, NULL, NULL) ||
      !take_request (self, input))
    return TRUE;

  g_atomic_int_inc (&self->n_calls);

  /* … and within it the streamhost's. */
  if (g_output_stream_write_all (output, "\5\0\0\1\0\0\0\0\0\0", 10, NULL, NULL, NULL) &&
      take (input, buffer, 3) &&
      g_output_stream_write_all (output, "\5\0", 2, NULL, NULL, NULL) && take (input, buffer, 47))
    {
      buffer[1] = 0;
      g_output_stream_write_all (output, buffer, 47, NULL, NULL, NULL);
      take (input, buffer, 1);
    }

  return TRUE;
}

static void
desktop_start (DesktopProxy *self)
{
  g_autoptr(GError) error = NULL;

  self->service = g_threaded_socket_service_new (4);
  self->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "run", G_CALLBACK (desktop_run_cb), self);
}

static void
desktop_stop (DesktopProxy *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
}

static void
hide_behind (Party              *party,
             const DesktopProxy *desktop)
{
  g_autofree char *uri = g_strdup_printf ("socks5://127.0.0.1:%u", desktop->port);
  g_autoptr(GProxyResolver) resolver = g_simple_proxy_resolver_new (uri, NULL);

  party->network = ferry_network_new (party->router, party->listener, party->proxies,
                                      party->settings);
  ferry_network_set_resolver (party->network, resolver);
  ferry_network_start (party->network);
  wait_until_idle ();
  while (ferry_network_get_desktop_proxy (party->network) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* By their names, which nobody here looks up; hosts of the peer's own not at all. */
static void
test_dials_through_a_desktop_proxy (TransportWorld *world,
                                    gconstpointer   data)
{
  static const struct { const char *type; const char *host; gboolean is_dialled; } cases[] = {
    { "proxy", "proxy.verona.invalid", TRUE },
    { "proxy", "203.0.113.4", TRUE },
    { "proxy", "localhost", FALSE },
    { "proxy", "192.168.1.1", FALSE },
    { "proxy", "printer.local", FALSE },
    { "direct", "romeo.verona.invalid", FALSE },
    { "direct", "203.0.113.4", FALSE },
  };
  const gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(FerryElement) offer = make_offer (cases[i].type, cases[i].host, 7625);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  static DesktopProxy desktop;

  desktop = (DesktopProxy) { 0 };
  desktop_start (&desktop);
  hide_behind (&world->parties[1], &desktop);
  take_offer (world, offer, cancellable);
  g_assert_cmpint (g_atomic_int_get (&desktop.n_calls), ==, cases[i].is_dialled);
  if (cases[i].is_dialled)
    g_assert_cmpstr (desktop.name, ==, cases[i].host);
  g_cancellable_cancel (cancellable);
  wait_until_idle ();
  desktop_stop (&desktop);
}

#define ADD(path, data, func) \
  g_test_add ("/core/transport-privacy/" path, TransportWorld, data, world_set_up, func, \
              world_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < 5; i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/core/transport-privacy/dials-nobody-that-the-peer-names/%u", (guint) i);

      g_test_add (path, TransportWorld, GSIZE_TO_POINTER (i), world_set_up,
                  test_dials_nobody_that_the_peer_names, world_tear_down);
    }

  for (gsize i = 0; i < 7; i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/core/transport-privacy/dials-through-a-desktop-proxy/%u", (guint) i);

      g_test_add (path, TransportWorld, GSIZE_TO_POINTER (i), world_set_up,
                  test_dials_through_a_desktop_proxy, world_tear_down);
    }

  ADD ("listens-to-nobody/s5b-1", FERRY_NS_S5B_1, test_listens_to_nobody);
  ADD ("listens-to-nobody/s5b-0", FERRY_NS_S5B_0, test_listens_to_nobody);
  ADD ("goes-through-its-own-proxy", NULL, test_goes_through_its_own_proxy);

  return g_test_run ();
}
