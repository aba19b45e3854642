/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Offers are answered in the two dialogues libpurple shows for them, as a user would. */

#include <purple.h>

#include "purple-driver.h"

/* A button to press, or a name to give, once the dialogue stands. */
typedef struct
{
  PurpleRequestType  type;
  GCallback          callback;
  gpointer           data;
  int                action;
  char              *filename;
} Press;

static void
press_free (gpointer data)
{
  Press *press = data;

  g_free (press->filename);
  g_free (press);
}

static gboolean
press_cb (gpointer user_data)
{
  Press *press = user_data;

  if (press->type == PURPLE_REQUEST_FILE)
    ((PurpleRequestFileCb) press->callback) (press->data, press->filename);
  else
    ((PurpleRequestActionCb) press->callback) (press->data, press->action);
  purple_request_close (press->type, press);

  return G_SOURCE_REMOVE;
}

static Press *
press_soon (Press press)
{
  Press *copy = g_memdup2 (&press, sizeof press);

  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, press_cb, copy, press_free);

  return copy;
}

/* "Accept file transfer request?" has Accept as its first button and Cancel as its second. */
static void *
request_action (const char         *title,
                const char         *primary,
                const char         *secondary,
                int                 default_action,
                PurpleAccount      *account,
                const char         *who,
                PurpleConversation *conversation,
                void               *user_data,
                size_t              n_actions,
                va_list             actions)
{
  size_t wanted = options.policy == POLICY_ACCEPT ? 0 : 1;
  GCallback callback = NULL;

  if (g_list_find (purple_xfers_get_all (), user_data) == NULL)
    {
      report ("notice", "text", primary, "more", secondary, NULL);
      return NULL;
    }
  if (options.policy == POLICY_HOLD)
    return NULL;

  for (size_t i = 0; i < n_actions && i <= wanted; i++)
    {
      (void) va_arg (actions, const char *);
      callback = va_arg (actions, GCallback);
    }

  return press_soon ((Press) { .type = PURPLE_REQUEST_ACTION, .callback = callback,
                               .data = user_data, .action = (int) wanted });
}

static void *
request_file (const char         *title,
              const char         *filename,
              gboolean            save,
              GCallback           ok,
              GCallback           cancel,
              PurpleAccount      *account,
              const char         *who,
              PurpleConversation *conversation,
              void               *user_data)
{
  g_autofree char *name = g_path_get_basename (filename != NULL ? filename : "nameless");

  return press_soon ((Press) { .type = PURPLE_REQUEST_FILE, .callback = ok, .data = user_data,
                               .filename = g_build_filename (options.dir, name, NULL) });
}

static PurpleRequestUiOps request_ops = {
  .request_action = request_action,
  .request_file = request_file,
};

static void
report_end (PurpleXfer *xfer,
            const char *event,
            const char *reason)
{
  /* Only later is the last byte in the file. */
  report_soon (event, "direction",
               purple_xfer_get_type (xfer) == PURPLE_XFER_SEND ? "send" : "receive",
               "name", purple_xfer_get_filename (xfer),
               "path", purple_xfer_get_local_filename (xfer), "reason", reason, NULL);
}

static void
xfer_complete_cb (PurpleXfer *xfer,
                  gpointer    user_data)
{
  report_end (xfer, "done", NULL);
}

static void
xfer_cancel_cb (PurpleXfer *xfer,
                gpointer    user_data)
{
  gboolean by_us = purple_xfer_get_status (xfer) == PURPLE_XFER_STATUS_CANCEL_LOCAL;

  report_end (xfer, "failed", by_us ? "cancelled" : "peer-cancelled");
}

static void
xfer_offered_cb (PurpleXfer *xfer,
                 gpointer    user_data)
{
  g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, purple_xfer_get_size (xfer));

  report ("offer", "peer", purple_xfer_get_remote_user (xfer),
          "name", purple_xfer_get_filename (xfer), "#size", size, NULL);
}

static gboolean
cancel_cb (gpointer user_data)
{
  if (g_list_find (purple_xfers_get_all (), user_data) != NULL)
    purple_xfer_cancel_local (user_data);

  return G_SOURCE_REMOVE;
}

/* In a transfer's ui_data: what was done about its progress. */
enum { NOTHING, TOLD, CANCELLED };

static void
update_progress (PurpleXfer *xfer,
                 double      percent)
{
  gint64 moved = (gint64) purple_xfer_get_bytes_sent (xfer);
  int done = GPOINTER_TO_INT (xfer->ui_data);

  if (moved == 0 || purple_xfer_is_canceled (xfer) || purple_xfer_is_completed (xfer))
    return;

  if (done == NOTHING)
    {
      report ("progress", NULL);
      done = TOLD;
    }
  if (options.cancel_after > 0 && moved >= options.cancel_after && done != CANCELLED)
    {
      g_idle_add_full (G_PRIORITY_HIGH, cancel_cb, xfer, NULL);
      done = CANCELLED;
    }
  xfer->ui_data = GINT_TO_POINTER (done);
}

static PurpleXferUiOps xfer_ops = {
  .update_progress = update_progress,
};

void
transfers_send (const char *jid,
                const char *path)
{
  GList *connections = purple_connections_get_all ();

  if (connections != NULL)
    serv_send_file (connections->data, jid, path);
}

void
transfers_cancel (void)
{
  g_autoptr(GList) transfers = g_list_copy (purple_xfers_get_all ());

  for (GList *l = transfers; l != NULL; l = l->next)
    cancel_cb (l->data);
}

void
transfers_init (void)
{
  static const struct
  {
    const char     *signal;
    PurpleCallback  callback;
  } signals[] = {
    { "file-recv-request", PURPLE_CALLBACK (xfer_offered_cb) },
    { "file-recv-complete", PURPLE_CALLBACK (xfer_complete_cb) },
    { "file-send-complete", PURPLE_CALLBACK (xfer_complete_cb) },
    { "file-recv-cancel", PURPLE_CALLBACK (xfer_cancel_cb) },
    { "file-send-cancel", PURPLE_CALLBACK (xfer_cancel_cb) },
  };
  static int handle;

  purple_request_set_ui_ops (&request_ops);
  purple_xfers_set_ui_ops (&xfer_ops);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    purple_signal_connect (purple_xfers_get_handle (), signals[i].signal, &handle,
                           signals[i].callback, NULL);
}
