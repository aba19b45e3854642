/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-igd-limits"

#include "config.h"

#include <libsoup/soup.h>
#include <libxml/xmlerror.h>

#include "net/port-mappings-private.h"

/* GUPnP reads whatever a router answers to its end, however far that is, and has a server for
 * what routers tell by themselves, which reads as far from anybody on the link. */
#define MAX_BODY (256 * 1024) /* bytes: descriptions have ten thousand */
#define PAUSE 20              /* ms between two looks at what is being read */

/* What is being asked for in one session, which owns this. */
typedef struct
{
  SoupSession *session;
  GPtrArray   *messages; /* (owned) */
  GSource     *timer;    /* (owned) (nullable): while there are any */
} Questions;

static void
clear_timer (Questions *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
questions_free (gpointer  data,
                GClosure *closure)
{
  Questions *self = data;

  clear_timer (self);
  g_ptr_array_unref (self->messages);
  g_free (self);
}

static gboolean
is_too_long (SoupMessage *message)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (message);

  return metrics != NULL &&
         soup_message_metrics_get_response_body_bytes_received (metrics) > MAX_BODY;
}

static gboolean
look_cb (gpointer user_data)
{
  Questions *self = user_data;

  for (guint i = 0; i < self->messages->len; i++)
    {
      if (is_too_long (g_ptr_array_index (self->messages, i)))
        {
          g_debug ("The router's answer has no end");
          soup_session_abort (self->session);
          break;
        }
    }

  return G_SOURCE_CONTINUE;
}

static void
message_queued_cb (SoupSession *session,
                   SoupMessage *message,
                   gpointer     user_data)
{
  Questions *self = user_data;

  soup_message_add_flags (message, SOUP_MESSAGE_COLLECT_METRICS);
  g_ptr_array_add (self->messages, g_object_ref (message));
  if (self->timer != NULL)
    return;

  self->timer = g_timeout_source_new (PAUSE);
  g_source_set_callback (self->timer, look_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
message_unqueued_cb (SoupSession *session,
                     SoupMessage *message,
                     gpointer     user_data)
{
  Questions *self = user_data;

  g_ptr_array_remove_fast (self->messages, message);
  if (self->messages->len == 0)
    clear_timer (self);
}

static gboolean
is_from (SoupServerMessage *message,
         const char        *router)
{
  const char *host = soup_server_message_get_remote_host (message);
  FerryIpAddress from;
  FerryIpAddress expected;

  if (host == NULL || !ferry_ip_address_parse (host, &from) ||
      !ferry_ip_address_parse (router, &expected))
    return FALSE;

  from = ferry_ip_address_unmap (&from);
  return ferry_ip_address_equal (&from, &expected);
}

static void
hang_up (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    g_socket_close (socket, NULL);
}

static void
message_got_chunk_cb (SoupServerMessage *message,
                      GBytes            *chunk,
                      gpointer           user_data)
{
  if (soup_server_message_get_request_body (message)->length > MAX_BODY)
    hang_up (message);
}

static void
server_request_started_cb (SoupServer        *server,
                           SoupServerMessage *message,
                           gpointer           user_data)
{
  if (is_from (message, user_data))
    g_signal_connect (message, "got-chunk", G_CALLBACK (message_got_chunk_cb), NULL);
  else
    hang_up (message);
}

static void
free_router (gpointer  data,
             GClosure *closure)
{
  g_free (data);
}

void
ferry_igd_limits_apply (GObject    *session,
                        GObject    *server,
                        const char *router)
{
  Questions *questions = g_new0 (Questions, 1);

  questions->session = SOUP_SESSION (session);
  questions->messages = g_ptr_array_new_with_free_func (g_object_unref);

  /* What is counted is what comes: nothing may grow by unpacking. */
  soup_session_remove_feature_by_type (questions->session, SOUP_TYPE_CONTENT_DECODER);
  g_signal_connect_data (session, "request-queued", G_CALLBACK (message_queued_cb), questions,
                         questions_free, 0);
  g_signal_connect (session, "request-unqueued", G_CALLBACK (message_unqueued_cb), questions);
  g_signal_connect_data (server, "request-started", G_CALLBACK (server_request_started_cb),
                         g_strdup (router), free_router, 0);
}

G_GNUC_PRINTF (2, 3)
static void
ignore_xml_error (void       *context,
                  const char *format,
                  ...)
{
}

void
ferry_igd_limits_hush (void)
{
  xmlSetGenericErrorFunc (NULL, ignore_xml_error);
}
