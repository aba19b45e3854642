/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/transport-bytestreams.h"
#include "core/transport-ibb.h"
#include "proto/s5b-address.h"
#include "transport-world.h"
#include "wait.h"

static void
party_set_up (TransportWorld *world,
              guint           index,
              const char     *jid)
{
  Party *self = &world->parties[index];

  self->world = world;
  self->jid = jid;
  self->port = fake_port_new (jid);
  fake_server_add (world->server, self->port);
  self->router = ferry_router_new ();
  ferry_transport_ibb_refuse_unknown (self->router);
  ferry_transport_bytestreams_refuse_unknown (self->router);
  ferry_router_set_port (self->router, FERRY_STANZA_PORT (self->port));
  self->proxies = ferry_proxies_new (self->router);
  ferry_proxies_allow_loopback (self->proxies);
  self->listener = ferry_socks5_listener_new (0);
  self->settings = ferry_settings_new ();
  self->settings->allow_loopback = TRUE;
  self->settings->paths = FERRY_PATH_ANY;
  self->report = ferry_path_report_new (g_get_monotonic_time ());
}

void
world_set_up (TransportWorld *self,
              gconstpointer   data)
{
  g_queue_init (&self->infos);
  self->server = fake_server_new ();
  party_set_up (self, 0, ROMEO);
  party_set_up (self, 1, JULIET);
  self->proxy = lab_proxy_new (self->server, self->parties[0].port);
}

static void
party_tear_down (Party *self)
{
  if (self->stream != NULL)
    g_io_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
  g_clear_error (&self->error);
  wait_until_idle ();
  if (self->transport != NULL)
    g_assert_finalize_object (self->transport);

  ferry_router_set_port (self->router, NULL);
  wait_until_idle ();
  if (self->network != NULL)
    g_assert_finalize_object (self->network);
  ferry_path_report_unref (self->report);
  g_assert_finalize_object (self->listener);
  g_assert_finalize_object (self->proxies);
  g_assert_finalize_object (self->router);
  g_clear_object (&self->port); /* the server has it too */
  ferry_settings_free (self->settings);
}

void
world_tear_down (TransportWorld *self,
                 gconstpointer   data)
{
  wait_until_idle ();
  for (guint i = 0; i < 2; i++)
    party_tear_down (&self->parties[i]);
  lab_proxy_free (self->proxy);
  fake_server_free (self->server);
}

/* An info under way to the other party. */
typedef struct
{
  Party        *from;
  FerryElement *element; /* (owned): what is said, and then the answer */
} Info;

static Party *
get_other (Party *self)
{
  return self == &self->world->parties[0] ? &self->world->parties[1] : &self->world->parties[0];
}

static void
info_free (Info *info)
{
  ferry_element_unref (info->element);
  g_free (info);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Info, info_free)

static void
info_send (Info        *info,
           GSourceFunc  arrived_cb)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, arrived_cb, info, NULL);
}

static gboolean
info_answered_cb (gpointer user_data)
{
  g_autoptr(Info) info = user_data;

  if (info->from->transport != NULL)
    ferry_transport_info_answered (info->from->transport, info->element);

  return G_SOURCE_REMOVE;
}

static gboolean
info_arrived_cb (gpointer user_data)
{
  Info *info = user_data;
  Party *to = get_other (info->from);
  g_autoptr(FerryElement) said = info->element;
  g_autoptr(FerryStanzaError) error = ferry_transport_receive_info (to->transport, said);

  to->n_refused += error != NULL;
  info->element = fake_stanza ("<iq type='%s' from='%s'/>", error != NULL ? "error" : "result",
                               to->jid);
  info_send (info, info_answered_cb);

  return G_SOURCE_REMOVE;
}

static void
party_send_info_cb (FerryTransport *transport,
                    FerryElement   *element,
                    gpointer        user_data)
{
  Party *self = user_data;
  Info *info = g_new0 (Info, 1);

  info->from = self;
  info->element = ferry_element_ref (element);
  self->n_said++;

  if (self->world->holds_infos)
    g_queue_push_tail (&self->world->infos, info);
  else
    info_send (info, info_arrived_cb);
}

void
world_release_infos (TransportWorld *self)
{
  Info *info;

  self->holds_infos = FALSE;
  while ((info = g_queue_pop_head (&self->infos)) != NULL)
    info_send (info, info_arrived_cb);
}

void
world_make_transport (TransportWorld *self,
                      guint           index,
                      const char     *ns)
{
  Party *party = &self->parties[index];
  FerryTransportContext context = {
    .router = party->router,
    .listener = party->listener,
    .proxies = party->proxies,
    .network = party->network,
    .relay_only = party->relay_only,
    .peer_punches = self->punches,
    .report = party->report,
    .settings = party->settings,
    .profile = ferry_peer_profile_get_default (),
    .own_jid = party->jid,
    .peer_jid = self->parties[1 - index].jid,
    .stream_sid = self->stream_sid,
    .falls_back = self->falls_back,
    .role = index == 0 ? FERRY_ROLE_INITIATOR : FERRY_ROLE_RESPONDER,
    .proposer = index == 0,
  };

  party->transport = ferry_transport_new (ns, &context);
  g_assert_nonnull (party->transport);
  g_signal_connect (party->transport, "send-info", G_CALLBACK (party_send_info_cb), party);
}

void
world_make_transports (TransportWorld *self,
                       const char     *ns)
{
  for (guint i = 0; i < 2; i++)
    world_make_transport (self, i, ns);
}

FerryElement *
party_prepare (Party *self)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  ferry_transport_prepare_async (self->transport, NULL, wait_done_cb, &done);
  element = ferry_transport_prepare_finish (self->transport, wait_for_result (&done), &error);
  g_assert_no_error (error);

  return element;
}

/* @transport with all of the party's own hosts behind a firewall. */
static FerryElement *
hide (Party              *party,
      const FerryElement *transport,
      const BlackHole    *hole)
{
  g_autofree char *before =
    g_strdup_printf ("port='%u'", ferry_socks5_listener_get_port (party->listener));
  g_autofree char *after = g_strdup_printf ("port='%u'", hole->port);
  g_autofree char *text = ferry_element_print (transport);
  g_auto(GStrv) parts = g_strsplit (text, before, -1);
  g_autofree char *hidden = g_strjoinv (after, parts);

  g_assert_cmpuint (g_strv_length (parts), >, 1);

  return ferry_element_parse (hidden, -1, NULL);
}

/* Proxies cannot know the streams beforehand either. */
void
world_expect_proxied (TransportWorld *self,
                      const char     *sid)
{
  g_autofree char *address = ferry_s5b_address_new (sid, ROMEO, JULIET);

  lab_proxy_expect (self->proxy, address);
}

void
world_negotiate (TransportWorld  *self,
                 const char      *ns,
                 const BlackHole *hole)
{
  g_autoptr(GError) error = NULL;
  const char *sid;

  world_make_transports (self, ns);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(FerryElement) said = party_prepare (&self->parties[i]);

      sid = i == 0 ? ferry_element_get_attribute (said, "sid") : NULL;
      if (sid != NULL)
        world_expect_proxied (self, sid);

      if (hole != NULL)
        {
          g_autoptr(FerryElement) plain = g_steal_pointer (&said);

          said = hide (&self->parties[i], plain, hole);
        }

      g_assert_true (ferry_transport_set_remote (self->parties[1 - i].transport, said, &error));
      g_assert_no_error (error);
    }
}

void
world_open_both (TransportWorld *self)
{
  GAsyncResult *done[2] = { NULL, NULL };

  for (guint i = 0; i < 2; i++)
    ferry_transport_open_async (self->parties[1 - i].transport, NULL, wait_done_cb, &done[1 - i]);

  for (guint i = 0; i < 2; i++)
    {
      Party *party = &self->parties[i];

      party->stream = ferry_transport_open_finish (party->transport, wait_for_result (&done[i]),
                                                   &party->error);
      g_object_unref (done[i]);
    }
}

typedef struct
{
  GIOStream *stream;
  GBytes    *bytes;  /* to write, or as read */
} Job;

static void
write_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job *job = task_data;
  GOutputStream *out = g_io_stream_get_output_stream (job->stream);
  gsize size;
  const void *data = g_bytes_get_data (job->bytes, &size);
  GError *error = NULL;

  if (!g_output_stream_write_all (out, data, size, NULL, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (G_IS_SOCKET_CONNECTION (job->stream))
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (job->stream)),
                       FALSE, TRUE, NULL);
  else if (!g_output_stream_close (out, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr(GByteArray) all = g_byte_array_new ();
  guint8 buffer[10000];
  GError *error = NULL;
  gssize n;

  do
    {
      n = g_input_stream_read (g_io_stream_get_input_stream (job->stream), buffer, sizeof buffer,
                               NULL, &error);
      if (n > 0)
        g_byte_array_append (all, buffer, n);
    }
  while (n > 0);

  job->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  if (n < 0)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
world_assert_carries (TransportWorld *self,
                      guint           from,
                      gsize           size)
{
  g_autofree guint8 *data = g_malloc (size + 1);
  Job jobs[2] = { { self->parties[from].stream }, { self->parties[1 - from].stream } };
  GTaskThreadFunc funcs[2] = { write_thread, read_thread };
  GAsyncResult *done[2] = { NULL, NULL };

  for (gsize i = 0; i < size; i++)
    data[i] = (i * 31 + (i >> 8) * 17) & 0xff;
  jobs[0].bytes = g_bytes_new (data, size);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, wait_done_cb, &done[i]);

      g_task_set_task_data (task, &jobs[i], NULL);
      g_task_run_in_thread (task, funcs[i]);
    }

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      g_task_propagate_boolean (G_TASK (wait_for_result (&done[i])), &error);
      g_assert_no_error (error);
      g_object_unref (done[i]);
    }

  g_assert_true (g_bytes_equal (jobs[0].bytes, jobs[1].bytes));
  g_bytes_unref (jobs[0].bytes);
  g_bytes_unref (jobs[1].bytes);
}

void
world_assert_open_over (TransportWorld *self,
                        FerryPaths      path)
{
  for (guint i = 0; i < 2; i++)
    {
      Party *party = &self->parties[i];
      g_autofree char *local = ferry_transport_dup_local (party->transport);
      g_autofree char *remote = ferry_transport_dup_remote (party->transport);

      g_assert_no_error (party->error);
      g_assert_nonnull (party->stream);
      g_assert_cmpint (ferry_transport_get_path (party->transport), ==, path);
      g_assert_nonnull (local);
      g_assert_nonnull (remote);
      g_assert_cmpuint (party->n_refused, ==, 0);
    }
}

void
world_assert_failed (TransportWorld *self,
                     guint           index,
                     const char     *text)
{
  Party *party = &self->parties[index];

  g_assert_null (party->stream);
  g_assert_nonnull (party->error);
  g_test_message ("%s", party->error->message);
  g_assert_nonnull (strstr (party->error->message, text));
}

void
world_discover_proxy (TransportWorld *self)
{
  g_autoptr(GAsyncResult) done = NULL;
  FerryProxies *proxies = self->parties[0].proxies;

  ferry_proxies_discover (proxies);
  ferry_proxies_wait_async (proxies, 5000, NULL, wait_done_cb, &done);
  ferry_proxies_wait_finish (proxies, wait_for_result (&done), NULL);
  g_assert_cmpuint (ferry_proxies_get_n (proxies), ==, 1);
}
