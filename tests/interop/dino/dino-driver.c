/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A plugin for an unmodified Dino 0.4.2 that lets a test press its buttons: it calls
 * the functions that "send file", "download" and opening a chat call, and nothing else.
 *
 * Commands come as datagrams on the Unix socket $DINO_DRIVER_SOCKET:
 *
 *   open JID        open the chat with JID
 *   send JID PATH   send PATH to JID
 *   policy WORD     from now on "accept", "decline" or "hold" what Dino leaves to its user
 *   cancel          stop the transfer that began last
 *   quit            leave
 *
 * What happens goes to the file $DINO_DRIVER_EVENTS, a line each: "online", "policy", or
 * "file DIRECTION STATE SIZE PATH". Files below 5,000,000 bytes Dino downloads by itself. No
 * button of it declines; the function for that is there, so the driver calls it.
 *
 * Dino ships no headers; what is used is declared here under Vala's C names.
 */

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <gmodule.h>

typedef struct
{
  GTypeInterface parent;
  void (*registered) (gpointer self, gpointer application);
  void (*shutdown)   (gpointer self);
} DinoPluginsRootInterfaceIface;

typedef struct
{
  GObject parent_instance;
} DinoDriver;

typedef struct
{
  GObjectClass parent_class;
} DinoDriverClass;

enum
{
  TRANSFER_COMPLETE,
  TRANSFER_IN_PROGRESS,
  TRANSFER_NOT_STARTED,
  TRANSFER_FAILED,
};

/* libdino and xmpp-vala, 0.4.2 */
extern gpointer dino_file_manager_IDENTITY;
extern gpointer dino_conversation_manager_IDENTITY;
extern gpointer xmpp_xep_jingle_file_transfer_module_IDENTITY;

GType    dino_plugins_root_interface_get_type          (void);
GType    dino_file_manager_get_type                    (void);
GType    dino_conversation_manager_get_type            (void);
gpointer dino_application_get_stream_interactor        (gpointer app);
gpointer dino_stream_interactor_get_module             (gpointer interactor, GType type,
                                                        GBoxedCopyFunc copy, GDestroyNotify destroy,
                                                        gpointer identity);
gpointer dino_conversation_manager_create_conversation (gpointer manager, gpointer jid,
                                                        gpointer account, int *type);
void     dino_file_manager_send_file                   (gpointer manager, GFile *file,
                                                        gpointer conversation,
                                                        GAsyncReadyCallback callback, gpointer data);
void     dino_file_manager_download_file               (gpointer manager, gpointer transfer,
                                                        GAsyncReadyCallback callback, gpointer data);
gpointer dino_entities_file_transfer_get_cancellable   (gpointer transfer);
gpointer xmpp_jid_new                                  (const char *jid, GError **error);
GType    xmpp_xep_jingle_file_transfer_module_get_type (void);
gpointer xmpp_xmpp_stream_get_module                   (gpointer stream, GType type,
                                                        GBoxedCopyFunc copy, GDestroyNotify destroy,
                                                        gpointer identity);
void     xmpp_xep_jingle_file_transfer_file_transfer_reject
                                                       (gpointer transfer, gpointer stream);

G_MODULE_EXPORT GType register_plugin (GModule *module);

typedef enum
{
  POLICY_ACCEPT,
  POLICY_DECLINE,
  POLICY_HOLD,
} Policy;

static gpointer interactor, files, conversations, account;
static GObject *last_transfer;
static Policy policy;
static int events = -1;

static void
report (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
report (const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (dprintf (events, "%s\n", line) < 0)
    g_warning ("Cannot write events");
}

static void
report_transfer (GObject *transfer)
{
  static const char *const states[] = { "complete", "in-progress", "not-started", "failed" };
  g_autofree char *path = NULL;
  gboolean is_sent;
  int state, size;

  g_object_get (transfer, "state", &state, "size", &size, "direction", &is_sent, "path", &path, NULL);
  report ("file %s %s %d %s", is_sent ? "out" : "in", states[state & 3], size, path != NULL ? path : "");
}

static void
transfer_state_cb (GObject    *transfer,
                   GParamSpec *pspec,
                   gpointer    user_data)
{
  report_transfer (transfer);
}

static void
received_file_cb (gpointer manager,
                  GObject *transfer,
                  gpointer conversation,
                  gpointer user_data)
{
  gboolean is_sent;
  int state, size;

  g_object_get (transfer, "state", &state, "size", &size, "direction", &is_sent, NULL);
  report_transfer (transfer);
  g_set_object (&last_transfer, transfer);
  g_signal_connect (transfer, "notify::state", G_CALLBACK (transfer_state_cb), NULL);

  if (!is_sent && policy == POLICY_ACCEPT && state == TRANSFER_NOT_STARTED && (size < 0 || size >= 5000000))
    dino_file_manager_download_file (files, transfer, NULL, NULL);
}

static void
file_incoming_cb (gpointer module,
                  gpointer stream,
                  gpointer offer,
                  gpointer user_data)
{
  if (policy == POLICY_DECLINE)
    xmpp_xep_jingle_file_transfer_file_transfer_reject (offer, stream);
}

static gboolean
set_policy (const char *word)
{
  static const char *const words[] = { "accept", "decline", "hold" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (word, words[i]) == 0)
      {
        policy = i;
        report ("policy");
        return TRUE;
      }

  return FALSE;
}

static gpointer
open_conversation (const char *address)
{
  gpointer jid = xmpp_jid_new (address, NULL);
  int chat = 0;

  return dino_conversation_manager_create_conversation (conversations, jid, account, &chat);
}

static gboolean
command_cb (GSocket      *socket,
            GIOCondition  condition,
            gpointer      user_data)
{
  char buffer[4096];
  gssize length = g_socket_receive (socket, buffer, sizeof buffer - 1, NULL, NULL);
  g_auto(GStrv) words = NULL;

  if (length <= 0)
    return G_SOURCE_CONTINUE;

  buffer[length] = '\0';
  words = g_strsplit (buffer, " ", 3);

  if (g_strcmp0 (words[0], "quit") == 0)
    {
      g_application_quit (g_application_get_default ());
    }
  else if (g_strcmp0 (words[0], "open") == 0 && words[1] != NULL && account != NULL)
    {
      open_conversation (words[1]);
      report ("opened");
    }
  else if (g_strcmp0 (words[0], "send") == 0 && g_strv_length (words) == 3 && account != NULL)
    {
      g_autoptr(GFile) file = g_file_new_for_path (words[2]);

      dino_file_manager_send_file (files, file, open_conversation (words[1]), NULL, NULL);
    }
  else if (g_strcmp0 (words[0], "cancel") == 0 && last_transfer != NULL)
    {
      g_cancellable_cancel (dino_entities_file_transfer_get_cancellable (last_transfer));
    }
  else if (g_strcmp0 (words[0], "policy") != 0 || !set_policy (words[1]))
    {
      report ("bad-command");
    }

  return G_SOURCE_CONTINUE;
}

static void
account_added_cb (gpointer source,
                  gpointer added,
                  gpointer user_data)
{
  account = g_object_ref (added);
}

static void
stream_negotiated_cb (gpointer source,
                      gpointer negotiated_account,
                      gpointer stream,
                      gpointer user_data)
{
  gpointer module = xmpp_xmpp_stream_get_module (stream, xmpp_xep_jingle_file_transfer_module_get_type (),
                                                 (GBoxedCopyFunc) g_object_ref, g_object_unref,
                                                 xmpp_xep_jingle_file_transfer_module_IDENTITY);

  g_signal_connect (module, "file-incoming", G_CALLBACK (file_incoming_cb), NULL);
  report ("online");
}

static gpointer
get_module (GType    type,
            gpointer identity)
{
  return dino_stream_interactor_get_module (interactor, type, (GBoxedCopyFunc) g_object_ref,
                                            g_object_unref, identity);
}

static void
listen_for_commands (const char *path)
{
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, 0, NULL);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  GSource *source;

  if (!g_socket_bind (socket, address, TRUE, NULL))
    g_error ("Cannot listen on %s", path);

  source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (command_cb), NULL, NULL);
  g_source_attach (source, NULL);
}

static void
dino_driver_registered (gpointer self,
                        gpointer application)
{
  const char *socket_path = g_getenv ("DINO_DRIVER_SOCKET");
  const char *events_path = g_getenv ("DINO_DRIVER_EVENTS");

  if (socket_path == NULL || events_path == NULL)
    return;

  events = open (events_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  interactor = dino_application_get_stream_interactor (application);
  files = get_module (dino_file_manager_get_type (), dino_file_manager_IDENTITY);
  conversations = get_module (dino_conversation_manager_get_type (), dino_conversation_manager_IDENTITY);

  g_signal_connect (interactor, "account-added", G_CALLBACK (account_added_cb), NULL);
  g_signal_connect (interactor, "stream-negotiated", G_CALLBACK (stream_negotiated_cb), NULL);
  g_signal_connect (files, "received-file", G_CALLBACK (received_file_cb), NULL);
  listen_for_commands (socket_path);
}

static void
dino_driver_shutdown (gpointer self)
{
}

static void
dino_driver_root_interface_init (gpointer interface,
                                 gpointer data)
{
  DinoPluginsRootInterfaceIface *iface = interface;

  iface->registered = dino_driver_registered;
  iface->shutdown = dino_driver_shutdown;
}

GType
register_plugin (GModule *module)
{
  const GTypeInfo info = {
    .class_size = sizeof (DinoDriverClass),
    .instance_size = sizeof (DinoDriver),
  };
  const GInterfaceInfo interface_info = { dino_driver_root_interface_init, NULL, NULL };
  GType type = g_type_register_static (G_TYPE_OBJECT, "DinoDriver", &info, 0);

  g_type_add_interface_static (type, dino_plugins_root_interface_get_type (), &interface_info);

  return type;
}
