/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-connection"

#include "config.h"

#include "net/connection-private.h"

static void
connect_opened_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(FerryConnection) self = FERRY_CONNECTION (user_data);
  GError *error = NULL;
  FerryLink *link = ferry_link_open_finish (result, &error);

  if (self->state != STATE_OPENING)
    {
      g_clear_pointer (&link, ferry_link_free);
      g_clear_error (&error);
    }
  else if (link == NULL)
    {
      _ferry_connection_end (self, error);
    }
  else
    {
      _ferry_connection_log_in (self, link);
    }
}

static gboolean
connect_certificate_cb (GTlsCertificate      *certificate,
                        GTlsCertificateFlags  problems,
                        gpointer              user_data)
{
  gboolean is_accepted = FALSE;

  g_signal_emit_by_name (user_data, "certificate-unknown", certificate, (guint) problems,
                         &is_accepted);
  return is_accepted;
}

static gboolean
connect_cancelled_cb (GCancellable *cancellable,
                      gpointer      user_data)
{
  FerryConnection *self = user_data;

  g_cancellable_cancel (self->opening);
  return G_SOURCE_REMOVE;
}

void
ferry_connection_connect_async (FerryConnection               *self,
                                const FerryConnectionSettings *settings,
                                GCancellable                  *cancellable,
                                GAsyncReadyCallback            callback,
                                gpointer                       user_data)
{
  Login *login;

  g_return_if_fail (FERRY_IS_CONNECTION (self));
  g_return_if_fail (self->state == STATE_NEW);

  login = g_new0 (Login, 1);
  login->jid = settings->jid;
  login->password = settings->password;

  self->state = STATE_OPENING;
  self->opening = g_cancellable_new ();
  self->connecting = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->connecting, ferry_connection_connect_async);
  g_task_set_task_data (self->connecting, login, g_free);

  if (cancellable != NULL)
    _ferry_connection_set_source (self, &self->cancelled, g_cancellable_source_new (cancellable),
                                  G_SOURCE_FUNC (connect_cancelled_cb));

  ferry_link_open_async (settings, connect_certificate_cb, self, self->opening,
                         connect_opened_cb, g_object_ref (self));
}

gboolean
ferry_connection_connect_finish (FerryConnection  *self,
                                 GAsyncResult     *result,
                                 GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

