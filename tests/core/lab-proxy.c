/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lab-proxy.h"
#include "net/socks5-listener.h"
#include "proto/bytestreams-codec.h"

#define SERVER "montague.lit"
#define PROXY  "proxy.montague.lit"

struct _LabProxy
{
  FakeServer          *server;
  FakePort            *client;
  FerrySocks5Listener *listener;
  GSocketConnection   *streams[2];
  guint                n_streams;
  gboolean             is_broken;
};

static void
proxy_accepted_cb (GSocketConnection *stream,
                   const char        *address,
                   gpointer           user_data)
{
  LabProxy *self = user_data;

  if (self->n_streams < G_N_ELEMENTS (self->streams))
    self->streams[self->n_streams++] = g_object_ref (stream);
}

static void
join_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GSocket) target = user_data;

  g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, NULL);
  g_socket_shutdown (target, FALSE, TRUE, NULL);
}

/* Both ways at once; the end of one stream becomes that of the other. */
static void
join (LabProxy *self)
{
  for (guint i = 0; i < 2; i++)
    {
      GIOStream *from = G_IO_STREAM (self->streams[1 - i]);
      GIOStream *to = G_IO_STREAM (self->streams[i]);
      GSocket *target = g_socket_connection_get_socket (self->streams[i]);

      g_output_stream_splice_async (g_io_stream_get_output_stream (to),
                                    g_io_stream_get_input_stream (from),
                                    G_OUTPUT_STREAM_SPLICE_NONE, G_PRIORITY_DEFAULT, NULL,
                                    join_done_cb, g_object_ref (target));
    }
}

static char *
describe (LabProxy   *self,
          const char *ns,
          const char *to)
{
  if (g_str_has_suffix (ns, "#items") && g_str_equal (to, SERVER))
    return g_strdup_printf ("<query xmlns='%s'><item jid='" PROXY "'/></query>", ns);

  if (g_str_has_suffix (ns, "#info") && g_str_equal (to, PROXY))
    return g_strdup_printf ("<query xmlns='%s'><identity category='proxy' type='bytestreams'/></query>",
                            ns);

  if (g_str_equal (ns, FERRY_NS_BYTESTREAMS) && g_str_equal (to, PROXY))
    return g_strdup_printf ("<query xmlns='%s'><streamhost jid='" PROXY "' host='127.0.0.1' port='%u'/>"
                            "</query>", ns, ferry_socks5_listener_get_port (self->listener));

  return g_strdup_printf ("<query xmlns='%s'/>", ns);
}

static gboolean
proxy_asked_cb (FerryElement *stanza,
                gpointer      user_data)
{
  LabProxy *self = user_data;
  const char *to = ferry_element_get_attribute (stanza, "to");

  if (!ferry_iq_is_request (stanza) || (g_strcmp0 (to, SERVER) != 0 && g_strcmp0 (to, PROXY) != 0))
    return TRUE;

  if (ferry_iq_is (stanza, FERRY_IQ_GET))
    {
      const char *ns = ferry_element_get_xmlns (ferry_iq_get_payload (stanza));
      g_autofree char *text = describe (self, ns, to);

      fake_port_answer (self->client, stanza, text);
    }
  else if (self->n_streams == 2 && !self->is_broken)
    {
      join (self);
      fake_port_answer (self->client, stanza, NULL);
    }
  else
    {
      fake_port_answer_error (self->client, stanza, FERRY_CONDITION_NOT_ALLOWED);
    }

  return FALSE;
}

LabProxy *
lab_proxy_new (FakeServer *server,
               FakePort   *client)
{
  static const char *const nobody[] = { "nobody", NULL };
  LabProxy *self = g_new0 (LabProxy, 1);

  self->server = server;
  self->client = client;
  fake_server_set_filter (server, proxy_asked_cb, self);

  self->listener = ferry_socks5_listener_new (0);
  g_assert_cmpuint (ferry_socks5_listener_expect (self->listener, nobody, proxy_accepted_cb, self,
                                                  NULL), !=, 0);

  return self;
}

void
lab_proxy_free (LabProxy *self)
{
  fake_server_set_filter (self->server, NULL, NULL);
  for (guint i = 0; i < 2; i++)
    g_clear_object (&self->streams[i]);

  g_clear_object (&self->listener);
  g_free (self);
}

void
lab_proxy_expect (LabProxy   *self,
                  const char *address)
{
  const char *const addresses[] = { address, NULL };

  g_assert_cmpuint (ferry_socks5_listener_expect (self->listener, addresses, proxy_accepted_cb, self,
                                                  NULL), !=, 0);
}

void
lab_proxy_break (LabProxy *self)
{
  self->is_broken = TRUE;
}
