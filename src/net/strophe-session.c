/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-strophe-session"

#include "config.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/connection.h"
#include "net/strophe-session-private.h"
#include "proto/jid.h"

/* What becomes of a stream error (RFC 6120 §4.9.3); the rest is REFUSED. */
static const struct
{
  xmpp_error_type_t    type;
  FerryConnectionError code;
} stream_errors[] = {
  { XMPP_SE_CONFLICT, FERRY_CONNECTION_ERROR_CONFLICT },
  { XMPP_SE_NOT_AUTHORIZED, FERRY_CONNECTION_ERROR_AUTH },
  { XMPP_SE_CONN_TIMEOUT, FERRY_CONNECTION_ERROR_LOST },
  { XMPP_SE_SYSTEM_SHUTDOWN, FERRY_CONNECTION_ERROR_LOST },
  { XMPP_SE_HOST_UNKNOWN, FERRY_CONNECTION_ERROR_NOT_FOUND },
};

/* The first reason counts. @error: (transfer full) (nullable) */
static void
set_over (FerryStropheSession *self,
          GError              *error)
{
  if (self->is_over)
    g_clear_error (&error);
  else
    self->error = error;

  self->is_over = TRUE;
}

/* Puts what came in into the socketpair. Returns whether anything moved. */
static gboolean
fill (FerryStropheSession *self)
{
  gssize n;

  if (self->in->len == 0)
    return FALSE;

  if (!self->is_bound)
    {
      ferry_login_watch_receive (&self->login, self->in->data + self->n_watched,
                                 self->in->len - self->n_watched);
      self->n_watched = self->in->len;
    }

  n = send (self->fd, self->in->data, self->in->len, MSG_DONTWAIT | MSG_NOSIGNAL);

  if (n > 0)
    {
      g_byte_array_remove_range (self->in, 0, n);
      self->n_watched -= MIN (self->n_watched, (gsize) n);
    }

  return n > 0;
}

/* Hands on what libstrophe has written. Returns whether anything moved. */
static gboolean
empty (FerryStropheSession *self)
{
  guint8 buffer[16 * 1024];
  gboolean moved = FALSE;
  gssize n;

  while ((n = recv (self->fd, buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
    {
      if (!self->is_bound && !self->is_secure && ferry_login_watch_is_plain (buffer, n))
        {
          set_over (self, g_error_new_literal (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_AUTH,
                                               "The server wants the password in clear"));
          return FALSE;
        }

      self->events.write (buffer, n, self->user_data);
      moved = TRUE;
    }

  return moved;
}

/* Whether libstrophe has not read all we gave it. */
static gboolean
has_unread (FerryStropheSession *self)
{
  int n = 0;

  return ioctl (self->fd, SIOCOUTQ, &n) == 0 && n > 0;
}

/* Exact, as only we fill and empty the other end of its socket: when nothing
 * moves in two turns, nothing will. (Two, because what handlers queue is sent in
 * the turn that follows.) */
gboolean
ferry_strophe_session_drive (FerryStropheSession  *self,
                             GError              **error)
{
  int quiet = 0;

  if (self->is_driving)
    return TRUE;

  self->is_driving = TRUE;

  while (quiet < 2 && !self->is_over)
    {
      gboolean moved = fill (self) | has_unread (self);

      xmpp_run_once (self->ctx, 0);
      moved |= empty (self) | has_unread (self);
      quiet = moved ? 0 : quiet + 1;
    }

  self->is_driving = FALSE;
  self->n_queued = 0;

  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));

  return !self->is_over;
}

/* "" for none: an element inherits no namespace here, each says its own. */
static const char *
get_xmlns (xmpp_stanza_t *stanza)
{
  const char *xmlns = xmpp_stanza_get_ns (stanza);

  return xmlns != NULL ? xmlns : "";
}

static void
convert_stanza (FerryElementBuilder *builder,
                xmpp_stanza_t       *stanza)
{
  int n = xmpp_stanza_get_attribute_count (stanza);
  g_autofree const char **attributes = g_new0 (const char *, 2 * n + 1);

  n = n > 0 ? xmpp_stanza_get_attributes (stanza, attributes, 2 * n) : 0;

  /* Prefixes are gone; the gate has let no other than xml:lang pass. */
  for (int i = 0; i + 1 < n; i += 2)
    {
      if (!g_str_equal (attributes[i], "xmlns"))
        ferry_element_builder_attribute (builder,
                                         g_str_equal (attributes[i], "lang") ? "xml:lang"
                                                                             : attributes[i],
                                         attributes[i + 1]);
    }

  for (xmpp_stanza_t *child = xmpp_stanza_get_children (stanza); child != NULL;
       child = xmpp_stanza_get_next (child))
    {
      if (xmpp_stanza_is_text (child))
        {
          ferry_element_builder_text (builder, xmpp_stanza_get_text_ptr (child));
          continue;
        }

      ferry_element_builder_open (builder, xmpp_stanza_get_name (child), get_xmlns (child));
      convert_stanza (builder, child);
      ferry_element_builder_close (builder);
    }
}

/* What is left over: stream errors, and the answers to what libstrophe asked. */
static gboolean
is_ours (xmpp_stanza_t *stanza)
{
  const char *id = xmpp_stanza_get_id (stanza);

  return g_str_equal (get_xmlns (stanza), FERRY_NS_CLIENT) &&
         (id == NULL || !g_str_has_prefix (id, "_xmpp_"));
}

int
_ferry_strophe_session_received_cb (xmpp_conn_t   *conn,
                                    xmpp_stanza_t *stanza,
                                    void          *user_data)
{
  FerryStropheSession *self = user_data;
  g_autoptr(FerryElement) element = NULL;
  FerryElementBuilder *builder;

  if (!self->is_bound || self->is_over || !is_ours (stanza))
    return TRUE;

  builder = ferry_element_builder_new (xmpp_stanza_get_name (stanza), get_xmlns (stanza));
  convert_stanza (builder, stanza);
  element = ferry_element_builder_end (builder);
  self->events.received (element, self->user_data);

  return TRUE;
}

static GError *
stream_error (const xmpp_stream_error_t *error)
{
  FerryConnectionError code = FERRY_CONNECTION_ERROR_REFUSED;
  xmpp_stanza_t *condition = xmpp_stanza_get_children (error->stanza);

  for (guint i = 0; i < G_N_ELEMENTS (stream_errors); i++)
    {
      if (stream_errors[i].type == error->type)
        code = stream_errors[i].code;
    }

  if (error->text != NULL)
    return g_error_new_literal (FERRY_CONNECTION_ERROR, code, error->text);

  return g_error_new (FERRY_CONNECTION_ERROR, code, "The server ended the stream: %s",
                      condition != NULL && !xmpp_stanza_is_text (condition)
                        ? xmpp_stanza_get_name (condition) : "no reason given");
}

static GError *
login_error (FerryStropheSession *self)
{
  FerryLoginWatch *login = &self->login;

  if (login->is_authenticated)
    return g_error_new_literal (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_REFUSED,
                                "The server gave us no resource");

  if (login->failure == NULL)
    return g_error_new_literal (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_AUTH,
                                "The server knows no way to log in that we know");

  return g_error_new (FERRY_CONNECTION_ERROR,
                      g_str_equal (login->failure, "temporary-auth-failure")
                        ? FERRY_CONNECTION_ERROR_REFUSED : FERRY_CONNECTION_ERROR_AUTH,
                      "%s", login->failure_text != NULL ? login->failure_text : login->failure);
}

static gboolean
is_full_address (const char *jid)
{
  g_autofree char *normalised = jid != NULL ? ferry_jid_normalise (jid, NULL) : NULL;

  return normalised != NULL && ferry_jid_is_full (normalised);
}

void
_ferry_strophe_session_changed_cb (xmpp_conn_t         *conn,
                                   xmpp_conn_event_t    event,
                                   int                  error,
                                   xmpp_stream_error_t *details,
                                   void                *user_data)
{
  FerryStropheSession *self = user_data;

  if (event == XMPP_CONN_CONNECT && !is_full_address (xmpp_conn_get_bound_jid (conn)))
    {
      set_over (self, g_error_new_literal (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_REFUSED,
                                           "The server gave us no address"));
    }
  else if (event == XMPP_CONN_CONNECT)
    {
      self->is_bound = TRUE;
      ferry_login_watch_clear (&self->login);
      self->events.bound (xmpp_conn_get_bound_jid (conn), self->user_data);
    }
  else if (details != NULL && details->stanza != NULL)
    {
      set_over (self, stream_error (details));
    }
  else if (self->is_leaving)
    {
      set_over (self, NULL);
    }
  else if (!self->is_bound && (self->hung_up == NULL || self->login.failure != NULL))
    {
      set_over (self, login_error (self));
    }
  else
    {
      set_over (self, g_error_new_literal (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_LOST,
                                           self->hung_up != NULL ? self->hung_up
                                                                 : "The server closed the stream"));
    }
}

FerryStropheSession *
ferry_strophe_session_new (const char                *jid,
                           const char                *password,
                           gboolean                   is_secure,
                           const FerryStropheEvents  *events,
                           gpointer                   user_data,
                           GError                   **error)
{
  FerryStropheSession *self = g_new0 (FerryStropheSession, 1);

  self->events = *events;
  self->user_data = user_data;
  self->is_secure = is_secure;
  self->fd = -1;
  self->in = g_byte_array_new ();

  if (_ferry_strophe_session_start (self, jid, password))
    return self;

  ferry_strophe_session_free (self);
  g_set_error_literal (error, FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_LOST,
                       "Too many open files");
  return NULL;
}

void
ferry_strophe_session_free (FerryStropheSession *self)
{
  xmpp_conn_release (self->conn);
  xmpp_ctx_free (self->ctx);

  if (self->fd >= 0)
    close (self->fd);

  g_byte_array_unref (self->in);
  ferry_login_watch_clear (&self->login);
  g_free (self->hung_up);
  g_clear_error (&self->error);
  g_free (self);
}

GByteArray *
ferry_strophe_session_get_in (FerryStropheSession *self)
{
  return self->in;
}

void
ferry_strophe_session_send (FerryStropheSession *self,
                            const char          *xml)
{
  gsize len = strlen (xml);

  xmpp_send_raw (self->conn, xml, len);
  self->n_queued += len;
}

gsize
ferry_strophe_session_get_queued (FerryStropheSession *self)
{
  return self->n_queued;
}

void
ferry_strophe_session_goodbye (FerryStropheSession *self)
{
  self->is_leaving = TRUE;
  xmpp_disconnect (self->conn);
}

void
ferry_strophe_session_hang_up (FerryStropheSession *self,
                               const char          *message)
{
  self->hung_up = g_strdup (message);
  shutdown (self->fd, SHUT_RDWR);
}
