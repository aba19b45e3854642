/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "file-launch"

#include "config.h"

#include "ui/file-launch.h"

/* The user waits for a window: no answer by then means no such service. */
#define REVEAL_TIMEOUT 3000 /* milliseconds */

static void
launch_done_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Takes @task. */
static void
launch_uri (GtkWindow  *parent,
            const char *uri,
            GTask      *task)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (parent));
  g_autoptr(GdkAppLaunchContext) context = gdk_display_get_app_launch_context (display);

  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context),
                                           g_task_get_cancellable (task), launch_done_cb, task);
}

void
ferry_file_launch_async (GtkWindow           *parent,
                         GFile               *file,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);
  g_autofree char *uri = g_file_get_uri (file);

  g_task_set_source_tag (task, ferry_file_launch_async);
  launch_uri (parent, uri, task);
}

/* No file manager that can select: the folder itself will do. */
static void
reveal_fall_back (GTask *task)
{
  g_autoptr(GFile) folder = g_file_get_parent (g_task_get_task_data (task));
  g_autofree char *uri = folder != NULL ? g_file_get_uri (folder) : NULL;

  if (uri != NULL)
    {
      launch_uri (g_task_get_source_object (task), uri, task);
      return;
    }
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The file has no folder");
  g_object_unref (task);
}

static void
reveal_call_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source),
                                                             result, NULL);

  if (reply != NULL)
    g_task_return_boolean (task, TRUE);
  else
    reveal_fall_back (g_steal_pointer (&task));
}

static void
reveal_bus_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  g_autoptr(GDBusConnection) bus = g_bus_get_finish (result, NULL);
  g_autofree char *uri = g_file_get_uri (g_task_get_task_data (task));
  const char *uris[] = { uri, NULL };

  if (bus == NULL)
    {
      reveal_fall_back (task);
      return;
    }
  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems",
                          g_variant_new ("(^ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE,
                          REVEAL_TIMEOUT, NULL, reveal_call_cb, task);
}

void
ferry_file_reveal_async (GtkWindow           *parent,
                         GFile               *file,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  g_task_set_source_tag (task, ferry_file_reveal_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_bus_get (G_BUS_TYPE_SESSION, NULL, reveal_bus_cb, task);
}

gboolean
ferry_file_launch_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
