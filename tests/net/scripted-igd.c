/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "scripted-igd.h"

#define GROUP "239.255.255.250"
#define GROUP_PORT 1900
#define UDN "uuid:6f2d1f3e-0000-4000-8000-000000000001"
#define SERVICE "urn:schemas-upnp-org:service:WANIPConnection:1"

static const char description[] =
  "<?xml version='1.0'?><root xmlns='urn:schemas-upnp-org:device-1-0'>"
  "<specVersion><major>1</major><minor>0</minor></specVersion>"
  "<device><deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType>"
  "<friendlyName>Router</friendlyName><UDN>" UDN "</UDN><serviceList><service>"
  "<serviceType>" SERVICE "</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>"
  "<SCPDURL>/scpd</SCPDURL><controlURL>/control</controlURL><eventSubURL>/events</eventSubURL>"
  "</service></serviceList></device></root>";

/* One question, until it is answered. */
typedef struct
{
  GSocketConnection *connection; /* (owned) */
  char              *answer;     /* (owned) */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->connection);
  g_free (question->answer);
  g_free (question);
}

static gboolean
question_answer_cb (gpointer user_data)
{
  Question *question = user_data;
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (question->connection));

  g_output_stream_write_all (out, question->answer, strlen (question->answer), NULL, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (question->connection), NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
answer (GSocketConnection *connection,
        guint              delay,
        guint              status,
        const char        *headers,
        const char        *body)
{
  Question *question = g_new0 (Question, 1);

  question->connection = g_object_ref (connection);
  question->answer = g_strdup_printf ("HTTP/1.1 %u Answer\r\nConnection: close\r\n%s"
                                      "Content-Type: text/xml\r\nContent-Length: %" G_GSIZE_FORMAT
                                      "\r\n\r\n%s", status, headers, strlen (body), body);
  g_timeout_add_full (G_PRIORITY_DEFAULT, delay, question_answer_cb, question, question_free);
}

static void
answer_action (GSocketConnection *connection,
               guint              delay,
               const char        *action,
               const char        *arguments)
{
  g_autofree char *body = g_strdup_printf
    ("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>"
     "<u:%sResponse xmlns:u='" SERVICE "'>%s</u:%sResponse></s:Body></s:Envelope>",
     action, arguments, action);

  answer (connection, delay, 200, "", body);
}

static void
answer_fault (GSocketConnection *connection,
              guint              code)
{
  g_autofree char *body = g_strdup_printf
    ("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><s:Fault>"
     "<faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>"
     "<UPnPError xmlns='urn:schemas-upnp-org:control-1-0'><errorCode>%u</errorCode>"
     "<errorDescription>never shown to anybody</errorDescription></UPnPError></detail>"
     "</s:Fault></s:Body></s:Envelope>", code);

  answer (connection, 0, 500, "", body);
}

/* Returns: (transfer full): what stands in the element @name */
static char *
get_argument (const char *request,
              const char *name)
{
  g_autofree char *tag = g_strconcat ("<", name, NULL);
  const char *start = strstr (request, tag);
  const char *end;

  start = start != NULL ? strchr (start, '>') : NULL;
  end = start != NULL ? strchr (start, '<') : NULL;
  return end != NULL ? g_strndup (start + 1, (gsize) (end - start - 1)) : g_strdup ("");
}

static gpointer
get_port (const char *request)
{
  g_autofree char *port = get_argument (request, "NewExternalPort");

  return GUINT_TO_POINTER (g_ascii_strtoull (port, NULL, 10));
}

/* "outside → address:port for seconds, description" */
static char *
describe_mapping (const char *request)
{
  g_autofree char *outside = get_argument (request, "NewExternalPort");
  g_autofree char *protocol = get_argument (request, "NewProtocol");
  g_autofree char *client = get_argument (request, "NewInternalClient");
  g_autofree char *port = get_argument (request, "NewInternalPort");
  g_autofree char *lease = get_argument (request, "NewLeaseDuration");
  g_autofree char *text = get_argument (request, "NewPortMappingDescription");

  return g_strdup_printf ("%s %s to %s:%s for %s, %s", protocol, outside, client, port, lease,
                          text);
}

static void
control (ScriptedIgd       *self,
         GSocketConnection *connection,
         const char        *request)
{
  g_autofree char *address = g_strdup_printf ("<NewExternalIPAddress>%s</NewExternalIPAddress>",
                                              self->external != NULL ? self->external
                                                                     : "203.0.113.7");

  if (strstr (request, "#GetExternalIPAddress") != NULL)
    {
      answer_action (connection, self->delay, "GetExternalIPAddress", address);
    }
  else if (strstr (request, "#DeletePortMapping") != NULL)
    {
      self->n_deleted++;
      g_hash_table_remove (self->mapped, get_port (request));
      answer_action (connection, 0, "DeletePortMapping", "");
    }
  else
    {
      g_assert_nonnull (strstr (request, "#AddPortMapping"));
      g_ptr_array_add (self->asked, describe_mapping (request));
      if (self->refuses != 0)
        {
          answer_fault (connection, self->refuses);
        }
      else if (get_port (request) == GUINT_TO_POINTER (self->taken_port))
        {
          answer_fault (connection, 718);
        }
      else
        {
          g_hash_table_insert (self->mapped, get_port (request), describe_mapping (request));
          answer_action (connection, 0, "AddPortMapping", "");
        }
    }
}

static void
answer_request (ScriptedIgd       *self,
                GSocketConnection *connection,
                const char        *request)
{
  if (g_str_has_prefix (request, "GET /description "))
    answer (connection, 0, 200, "", description);
  else if (g_str_has_prefix (request, "POST /control "))
    control (self, connection, request);
  else if (g_str_has_prefix (request, "SUBSCRIBE "))
    answer (connection, 0, 200, "SID: uuid:1\r\nTIMEOUT: Second-1800\r\n", "");
  else
    answer (connection, 0, 200, "", "");
}

/* @request: as far as it has come. Returns: whether all of it has */
static gboolean
is_whole (const GString *request)
{
  const char *end = strstr (request->str, "\r\n\r\n");
  g_autofree char *head = end != NULL ? g_ascii_strdown (request->str, end - request->str) : NULL;
  const char *length = head != NULL ? strstr (head, "content-length:") : NULL;
  gsize body = length != NULL ? g_ascii_strtoull (length + strlen ("content-length:"), NULL, 10) : 0;

  return end != NULL && request->len >= (gsize) (end + 4 - request->str) + body;
}

static gboolean
http_incoming_cb (GSocketService    *service,
                  GSocketConnection *connection,
                  GObject           *source,
                  gpointer           user_data)
{
  g_autoptr(GString) request = g_string_new (NULL);
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  char buffer[4096];
  gssize n;

  g_socket_set_timeout (g_socket_connection_get_socket (connection), 1);
  while (!is_whole (request) && (n = g_input_stream_read (in, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (request, buffer, n);

  if (is_whole (request))
    answer_request (user_data, connection, request->str);
  return TRUE;
}

static gboolean
ssdp_searched_cb (GSocket      *socket,
                  GIOCondition  condition,
                  gpointer      user_data)
{
  ScriptedIgd *self = user_data;
  g_autoptr(GSocketAddress) from = NULL;
  g_autofree char *reply = NULL;
  char question[2048];
  gssize n = g_socket_receive_from (socket, &from, question, sizeof question - 1, NULL, NULL);

  if (n <= 0 || self->is_silent)
    return G_SOURCE_CONTINUE;

  question[n] = '\0';
  if (!g_str_has_prefix (question, "M-SEARCH ") || strstr (question, SERVICE) == NULL)
    return G_SOURCE_CONTINUE;

  reply = g_strdup_printf ("HTTP/1.1 200 OK\r\nCache-Control: max-age=1800\r\nEXT:\r\n"
                           "Location: http://" SCRIPTED_IGD_ADDRESS ":%u/description\r\n"
                           "Server: Test/1 UPnP/1.0 Test/1\r\nST: " SERVICE "\r\n"
                           "USN: " UDN "::" SERVICE "\r\n\r\n", self->port);
  g_socket_send_to (socket, from, reply, strlen (reply), NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static void
start_ssdp (ScriptedIgd *self)
{
  g_autoptr(GInetAddress) group = g_inet_address_new_from_string (GROUP);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("0.0.0.0", GROUP_PORT);
  g_autoptr(GError) error = NULL;

  self->ssdp = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP,
                             &error);
  g_assert_no_error (error);
  g_socket_set_blocking (self->ssdp, FALSE);
  g_socket_bind (self->ssdp, any, TRUE, &error);
  g_assert_no_error (error);
  g_socket_join_multicast_group (self->ssdp, group, FALSE, "eth0", &error);
  g_assert_no_error (error);
  self->searched = g_socket_create_source (self->ssdp, G_IO_IN, NULL);
  g_source_set_callback (self->searched, G_SOURCE_FUNC (ssdp_searched_cb), self, NULL);
  g_source_attach (self->searched, NULL);
}

void
scripted_igd_start (ScriptedIgd *self)
{
  g_autoptr(GSocketAddress) here = g_inet_socket_address_new_from_string (SCRIPTED_IGD_ADDRESS, 0);
  g_autoptr(GSocketAddress) there = NULL;
  g_autoptr(GError) error = NULL;

  self->mapped = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->asked = g_ptr_array_new_with_free_func (g_free);
  self->http = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->http), here, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &there, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (there));
  g_signal_connect (self->http, "incoming", G_CALLBACK (http_incoming_cb), self);
  start_ssdp (self);
}

void
scripted_igd_stop (ScriptedIgd *self)
{
  g_source_destroy (self->searched);
  g_source_unref (self->searched);
  g_object_unref (self->ssdp);
  g_socket_service_stop (self->http);
  g_socket_listener_close (G_SOCKET_LISTENER (self->http));
  g_object_unref (self->http);
  g_hash_table_unref (self->mapped);
  g_ptr_array_unref (self->asked);
}
