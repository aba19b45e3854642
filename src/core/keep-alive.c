/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/keep-alive.h"

#define NS_PING "urn:xmpp:ping"

struct _FerryKeepAlive
{
  FerryRouter        *router;      /* (owned) */
  char               *domain;      /* (owned) */
  GCancellable       *cancellable; /* (owned): of the pings; cancelled by free() */
  guint               timeout;     /* seconds */
  guint               interval_id;
  gboolean            is_waiting;
  FerryKeepAliveFunc  silent;
  gpointer            user_data;
};

static void
ping_answered_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  FerryKeepAlive *self = user_data;
  g_autoptr(GError) error = NULL;
  FerryElement *reply = ferry_router_request_finish (FERRY_ROUTER (source), result, &error);

  g_clear_pointer (&reply, ferry_element_unref);

  /* Freed meanwhile: @self is not ours to touch. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_waiting = FALSE;

  /* Any answer is a sign of life, an error too. That the port is gone, others know. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      g_clear_handle_id (&self->interval_id, g_source_remove);
      self->silent (self->user_data);
    }
}

void
ferry_keep_alive_check (FerryKeepAlive *self)
{
  g_autoptr(FerryElement) ping = NULL;

  if (self->is_waiting)
    return;

  self->is_waiting = TRUE;
  ping = ferry_element_builder_end (ferry_element_builder_new ("ping", NS_PING));
  ferry_router_request_async (self->router, FERRY_IQ_GET, self->domain, ping, self->timeout,
                              self->cancellable, ping_answered_cb, self);
}

static gboolean
ping_due_cb (gpointer user_data)
{
  ferry_keep_alive_check (user_data);

  return G_SOURCE_CONTINUE;
}

FerryKeepAlive *
ferry_keep_alive_new (FerryRouter        *router,
                      const char         *domain,
                      guint               interval,
                      guint               timeout,
                      FerryKeepAliveFunc  silent,
                      gpointer            user_data)
{
  FerryKeepAlive *self = g_new0 (FerryKeepAlive, 1);

  self->router = g_object_ref (router);
  self->domain = g_strdup (domain);
  self->cancellable = g_cancellable_new ();
  self->timeout = timeout;
  self->silent = silent;
  self->user_data = user_data;
  self->interval_id = g_timeout_add (interval, ping_due_cb, self);

  return self;
}

void
ferry_keep_alive_free (FerryKeepAlive *self)
{
  g_clear_handle_id (&self->interval_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->router);
  g_free (self->domain);
  g_free (self);
}
