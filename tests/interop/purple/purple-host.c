/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What libpurple asks of a user interface that says nothing of files: an event loop,
 * somebody who reads notices, and a log. */

#include <purple.h>

#include "purple-driver.h"

#define READ_CONDITIONS (G_IO_IN | G_IO_HUP | G_IO_ERR)
#define WRITE_CONDITIONS (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL)

typedef struct
{
  PurpleInputFunction  function;
  gpointer             data;
} Watch;

static gboolean
watch_ready_cb (GIOChannel   *channel,
                GIOCondition  condition,
                gpointer      user_data)
{
  Watch *watch = user_data;
  PurpleInputCondition found = 0;

  if (condition & READ_CONDITIONS)
    found |= PURPLE_INPUT_READ;
  if (condition & WRITE_CONDITIONS)
    found |= PURPLE_INPUT_WRITE;
  watch->function (watch->data, g_io_channel_unix_get_fd (channel), found);

  return G_SOURCE_CONTINUE;
}

static guint
input_add (int                   fd,
           PurpleInputCondition  condition,
           PurpleInputFunction   function,
           gpointer              data)
{
  GIOChannel *channel = g_io_channel_unix_new (fd);
  GIOCondition wanted = 0;
  Watch *watch = g_new (Watch, 1);
  guint id;

  watch->function = function;
  watch->data = data;
  if (condition & PURPLE_INPUT_READ)
    wanted |= READ_CONDITIONS;
  if (condition & PURPLE_INPUT_WRITE)
    wanted |= WRITE_CONDITIONS;
  id = g_io_add_watch_full (channel, G_PRIORITY_DEFAULT, wanted, watch_ready_cb, watch, g_free);
  g_io_channel_unref (channel);

  return id;
}

static PurpleEventLoopUiOps event_loop_ops = {
  .timeout_add = g_timeout_add,
  .timeout_add_seconds = g_timeout_add_seconds,
  .timeout_remove = g_source_remove,
  .input_add = input_add,
  .input_remove = g_source_remove,
};

static void *
notify_message (PurpleNotifyMsgType  type,
                const char          *title,
                const char          *primary,
                const char          *secondary)
{
  report ("notice", "text", primary, "more", secondary, NULL);

  return NULL;
}

static PurpleNotifyUiOps notify_ops = {
  .notify_message = notify_message,
};

static void
debug_print (PurpleDebugLevel  level,
             const char       *category,
             const char       *text)
{
  if (options.debug)
    g_printerr ("%s: %s", category != NULL ? category : "?", text);
}

static gboolean
debug_is_enabled (PurpleDebugLevel  level,
                  const char       *category)
{
  return options.debug;
}

static PurpleDebugUiOps debug_ops = {
  .print = debug_print,
  .is_enabled = debug_is_enabled,
};

static PurpleCoreUiOps core_ops;

void
host_init (void)
{
  purple_util_set_user_dir (options.home);
  purple_debug_set_ui_ops (&debug_ops);
  purple_core_set_ui_ops (&core_ops);
  purple_eventloop_set_ui_ops (&event_loop_ops);
  if (!purple_core_init ("ferry-interop"))
    g_error ("libpurple does not start");

  purple_notify_set_ui_ops (&notify_ops);
  purple_set_blist (purple_blist_new ());
  purple_prefs_load ();
  /* Ask no router and no server on the Internet who we are. */
  purple_prefs_set_bool ("/purple/network/auto_ip", FALSE);
  purple_prefs_set_bool ("/purple/network/map_ports", FALSE);
}
