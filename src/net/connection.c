/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-connection"

#include "config.h"

#include "net/connection-private.h"
#include "proto/jid.h"

#define CLOSE_TIMEOUT 2  /* seconds */
#define LOGIN_TIMEOUT 30 /* seconds, once the link is there */

enum
{
  SIGNAL_CLOSED,
  SIGNAL_CERTIFICATE_UNKNOWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void ferry_connection_stanza_port_init (FerryStanzaPortInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryConnection, ferry_connection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FERRY_TYPE_STANZA_PORT,
                                                      ferry_connection_stanza_port_init))
G_DEFINE_QUARK (ferry-connection-error-quark, ferry_connection_error)

static void
stop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);

  g_clear_pointer (source, g_source_unref);
}

void
_ferry_connection_set_source (FerryConnection  *self,
                              GSource         **source,
                              GSource          *created,
                              GSourceFunc       callback)
{
  stop_source (source);
  *source = created;
  g_source_set_callback (created, callback, self, NULL);
  g_source_attach (created, g_main_context_get_thread_default ());
}

static void
release (FerryConnection *self)
{
  stop_source (&self->cancelled);
  stop_source (&self->tick);
  stop_source (&self->deadline);
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_pointer (&self->link, ferry_link_io_close);
  g_clear_pointer (&self->session, ferry_strophe_session_free);
  g_clear_pointer (&self->gate, ferry_gate_free);
  g_clear_pointer (&self->jid, g_free);
}

void
_ferry_connection_end (FerryConnection *self,
                       GError          *error)
{
  G_GNUC_UNUSED g_autoptr(FerryConnection) keep = g_object_ref (self);
  g_autoptr(GTask) task = g_steal_pointer (&self->connecting);
  g_autoptr(GError) reason = error;

  self->state = STATE_CLOSED;
  release (self);

  if (task == NULL)
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0, reason);
  else if (g_task_return_error_if_cancelled (task))
    return;
  else if (reason != NULL)
    g_task_return_error (task, g_steal_pointer (&reason));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed meanwhile");
}

static void
end_lost (FerryConnection *self,
          const char      *message)
{
  GError *error = NULL;

  if (self->state == STATE_CLOSED)
    return;

  if (self->state != STATE_CLOSING)
    error = g_error_new_literal (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_LOST, message);

  _ferry_connection_end (self, error);
}

static gsize
count_buffered (FerryConnection *self)
{
  return ferry_strophe_session_get_queued (self->session) +
         ferry_link_io_get_buffered (self->link);
}

/* The link tells what it had to keep for later. What waited only until the stanzas
 * at hand were dealt with, and then went out at once, it never had. */
static void
say_drained (FerryConnection *self)
{
  self->is_awaited = count_buffered (self) >= FERRY_LINK_IO_LOW_WATER;

  if (!self->is_awaited)
    ferry_stanza_port_emit_drained (FERRY_STANZA_PORT (self));
}

static void
drive (FerryConnection *self)
{
  G_GNUC_UNUSED g_autoptr(FerryConnection) keep = g_object_ref (self);
  GError *error = NULL;

  if (!ferry_strophe_session_drive (self->session, &error))
    _ferry_connection_end (self, error);
  else if (self->state != STATE_CLOSED)
    ferry_link_io_flush (self->link);

  if (self->state == STATE_ONLINE && self->is_awaited)
    say_drained (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  drive (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
deadline_cb (gpointer user_data)
{
  end_lost (user_data, "The server does not answer");
  return G_SOURCE_REMOVE;
}

/* @limit: seconds until the server must have answered */
static void
start_timers (FerryConnection *self,
              guint            limit)
{
  _ferry_connection_set_source (self, &self->tick, g_timeout_source_new_seconds (1), tick_cb);
  _ferry_connection_set_source (self, &self->deadline, g_timeout_source_new_seconds (limit),
                                deadline_cb);
}

static void
session_write_cb (const guint8 *data,
                  gsize         len,
                  gpointer      user_data)
{
  FerryConnection *self = user_data;

  ferry_link_io_append (self->link, data, len);
}

static void
session_bound_cb (const char *jid,
                  gpointer    user_data)
{
  FerryConnection *self = user_data;
  g_autoptr(GTask) task = g_steal_pointer (&self->connecting);

  self->state = STATE_ONLINE;
  self->jid = g_strdup (jid);
  stop_source (&self->tick);
  stop_source (&self->cancelled);
  stop_source (&self->deadline);
  g_task_return_boolean (task, TRUE);
}

static void
session_received_cb (FerryElement *stanza,
                     gpointer      user_data)
{
  ferry_stanza_port_emit_received (FERRY_STANZA_PORT (user_data), stanza);
}

static void
link_received_cb (const guint8 *data,
                  gsize         len,
                  gpointer      user_data)
{
  g_autoptr(FerryConnection) self = g_object_ref (user_data);
  g_autoptr(GError) error = NULL;
  FerryElement *answer;

  if (!ferry_gate_receive (self->gate, data, len, ferry_strophe_session_get_in (self->session),
                           &error))
    {
      end_lost (self, error->message);
      return;
    }

  while ((answer = ferry_gate_take_answer (self->gate)) != NULL)
    {
      g_autofree char *xml = ferry_element_print (answer);

      if (self->state == STATE_ONLINE)
        ferry_strophe_session_send (self->session, xml);

      ferry_element_unref (answer);
    }

  drive (self);
}

static void
link_drained_cb (gpointer user_data)
{
  FERRY_CONNECTION (user_data)->is_awaited = FALSE;
  ferry_stanza_port_emit_drained (FERRY_STANZA_PORT (user_data));
}

static void
link_ended_cb (const GError *error,
               gpointer      user_data)
{
  FerryConnection *self = user_data;
  G_GNUC_UNUSED g_autoptr(FerryConnection) keep = g_object_ref (self);
  const char *message = error != NULL ? error->message : "The server closed the connection";

  ferry_strophe_session_hang_up (self->session, message);
  drive (self);
  end_lost (self, message);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  _ferry_connection_end (user_data, NULL);
  return G_SOURCE_REMOVE;
}

void
_ferry_connection_log_in (FerryConnection *self,
                          FerryLink       *link)
{
  static const FerryLinkIoEvents link_events = { link_received_cb, link_drained_cb,
                                                 link_ended_cb };
  static const FerryStropheEvents session_events = { session_write_cb, session_bound_cb,
                                                     session_received_cb };
  const Login *login = g_task_get_task_data (self->connecting);
  GCancellable *cancellable = g_task_get_cancellable (self->connecting);
  g_autofree char *account = ferry_jid_dup_bare (login->jid);
  GError *error = NULL;

  self->state = STATE_LOGGING_IN;
  self->is_secure = link->is_secure;
  self->link = ferry_link_io_new (link, &link_events, self);
  self->gate = ferry_gate_new (account);
  self->session = ferry_strophe_session_new (login->jid, login->password, self->is_secure,
                                             &session_events, self, &error);

  if (self->session == NULL)
    {
      _ferry_connection_end (self, error);
      return;
    }

  start_timers (self, LOGIN_TIMEOUT);

  if (cancellable != NULL)
    _ferry_connection_set_source (self, &self->cancelled,
                                  g_cancellable_source_new (cancellable),
                                  G_SOURCE_FUNC (cancelled_cb));

  drive (self);
}

void
ferry_connection_close (FerryConnection *self)
{
  g_return_if_fail (FERRY_IS_CONNECTION (self));

  if (self->state == STATE_OPENING || self->state == STATE_LOGGING_IN)
    {
      G_GNUC_UNUSED g_autoptr(FerryConnection) keep = g_object_ref (self);

      _ferry_connection_end (self, NULL);
      return;
    }

  if (self->state != STATE_ONLINE)
    return;

  self->state = STATE_CLOSING;
  start_timers (self, CLOSE_TIMEOUT);
  ferry_strophe_session_goodbye (self->session);
  drive (self);
}

/* The link is encrypted and the certificate was good, or let pass. */
gboolean
ferry_connection_is_secure (FerryConnection *self)
{
  g_return_val_if_fail (FERRY_IS_CONNECTION (self), FALSE);

  return self->is_secure;
}

FerryConnection *
ferry_connection_new (void)
{
  return g_object_new (FERRY_TYPE_CONNECTION, NULL);
}

static void
ferry_connection_send (FerryStanzaPort *port,
                       FerryElement    *stanza)
{
  FerryConnection *self = FERRY_CONNECTION (port);
  g_autofree char *xml = NULL;

  if (self->state != STATE_ONLINE)
    return;

  xml = ferry_element_print (stanza);
  ferry_strophe_session_send (self->session, xml);
  drive (self);
}

static gsize
ferry_connection_get_buffered (FerryStanzaPort *port)
{
  FerryConnection *self = FERRY_CONNECTION (port);
  gsize buffered = self->session != NULL ? count_buffered (self) : 0;

  self->is_awaited |= buffered >= FERRY_LINK_IO_LOW_WATER;

  return buffered;
}

static const char *
ferry_connection_get_jid (FerryStanzaPort *port)
{
  return FERRY_CONNECTION (port)->jid;
}

static void
ferry_connection_stanza_port_init (FerryStanzaPortInterface *iface)
{
  iface->send = ferry_connection_send;
  iface->get_buffered = ferry_connection_get_buffered;
  iface->get_jid = ferry_connection_get_jid;
}

static void
ferry_connection_dispose (GObject *object)
{
  FerryConnection *self = FERRY_CONNECTION (object);

  self->state = STATE_CLOSED;
  release (self);

  G_OBJECT_CLASS (ferry_connection_parent_class)->dispose (object);
}

static void
ferry_connection_class_init (FerryConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ferry_connection_dispose;

  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", FERRY_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_CERTIFICATE_UNKNOWN] =
    g_signal_new ("certificate-unknown", FERRY_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL,
                  G_TYPE_BOOLEAN, 2, G_TYPE_TLS_CERTIFICATE, G_TYPE_UINT);
}

static void
ferry_connection_init (FerryConnection *self)
{
}
