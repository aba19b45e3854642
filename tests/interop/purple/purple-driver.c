/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib-unix.h>
#include <purple.h>

#include "purple-driver.h"

Options options = { .limit = 120 };
GMainLoop *loop;

static void
append_string (GString    *line,
               const char *text)
{
  g_string_append_c (line, '"');
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (line, "\\%c", *p);
    else if ((guchar) *p < 0x20)
      g_string_append_printf (line, "\\u%04x", *p);
    else
      g_string_append_c (line, *p);
  g_string_append_c (line, '"');
}

static char *
build_line (const char *event,
            va_list     pairs)
{
  GString *line = g_string_new ("{\"event\": ");
  const char *key;

  append_string (line, event);
  while ((key = va_arg (pairs, const char *)) != NULL)
    {
      const char *value = va_arg (pairs, const char *);

      g_string_append (line, ", ");
      append_string (line, key[0] == '#' ? key + 1 : key);
      g_string_append (line, ": ");
      if (value == NULL)
        g_string_append (line, "null");
      else if (key[0] == '#')
        g_string_append (line, value);
      else
        append_string (line, value);
    }
  g_string_append_c (line, '}');

  return g_string_free (line, FALSE);
}

static gboolean
print_cb (gpointer user_data)
{
  puts (user_data);
  fflush (stdout);

  return G_SOURCE_REMOVE;
}

void
report (const char *event,
        ...)
{
  g_autofree char *line = NULL;
  va_list pairs;

  va_start (pairs, event);
  line = build_line (event, pairs);
  va_end (pairs);
  print_cb (line);
}

void
report_soon (const char *event,
             ...)
{
  va_list pairs;

  va_start (pairs, event);
  g_idle_add_full (G_PRIORITY_DEFAULT, print_cb, build_line (event, pairs), g_free);
  va_end (pairs);
}

static void
signed_on_cb (PurpleConnection *connection,
              gpointer          user_data)
{
  report ("connected", "version", purple_core_get_version (), NULL);
}

static void
connection_error_cb (PurpleConnection      *connection,
                     PurpleConnectionError  error,
                     const char            *text,
                     gpointer               user_data)
{
  report ("disconnected", "text", text, NULL);
  g_main_loop_quit (loop);
}

static void
buddy_signed_on_cb (PurpleBuddy *buddy,
                    gpointer     user_data)
{
  report ("presence", "peer", purple_buddy_get_name (buddy), NULL);
}

static gboolean
command_cb (GIOChannel   *channel,
            GIOCondition  condition,
            gpointer      user_data)
{
  g_autofree char *line = NULL;
  g_auto(GStrv) words = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    line = g_strdup ("quit");

  words = g_strsplit (g_strchomp (line), " ", 3);
  if (g_strcmp0 (words[0], "send") == 0 && g_strv_length (words) == 3)
    transfers_send (words[1], words[2]);
  else if (g_strcmp0 (words[0], "cancel") == 0)
    transfers_cancel ();
  else
    g_main_loop_quit (loop);

  return g_strcmp0 (words[0], "quit") != 0;
}

static gboolean
limit_cb (gpointer user_data)
{
  report ("limit", NULL);
  exit (3);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (loop);

  return G_SOURCE_CONTINUE;
}

static char *
read_password (void)
{
  char *text = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_file_get_contents (options.password_file, &text, NULL, &error))
    g_error ("%s", error->message);

  return g_strchomp (text);
}

static void
log_in (void)
{
  g_auto(GStrv) server = g_strsplit (options.server, ":", 2);
  g_autofree char *password = read_password ();
  PurpleAccount *account = purple_account_new (options.jid, "prpl-jabber");
  PurpleSavedStatus *status = purple_savedstatus_new (NULL, PURPLE_STATUS_AVAILABLE);

  purple_account_set_password (account, password);
  purple_account_set_string (account, "connect_server", server[0]);
  purple_account_set_int (account, "port", atoi (server[1]));
  purple_account_set_string (account, "ft_proxies", ""); /* the server's, and nobody else's */
  purple_accounts_add (account);
  purple_account_set_enabled (account, "ferry-interop", TRUE);
  purple_savedstatus_activate (status);
}

static gboolean
parse_policy (const char  *name,
              const char  *value,
              gpointer     data,
              GError     **error)
{
  static const char *const names[] = { "accept", "decline", "hold" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (value, names[i]) == 0)
      {
        options.policy = (Policy) i;
        return TRUE;
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "No policy %s", value);

  return FALSE;
}

static void
parse_options (int    *argc,
               char ***argv)
{
  const GOptionEntry entries[] = {
    { "jid", 0, 0, G_OPTION_ARG_STRING, &options.jid, NULL, NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file, NULL, NULL },
    { "server", 0, 0, G_OPTION_ARG_STRING, &options.server, NULL, NULL },
    { "home", 0, 0, G_OPTION_ARG_FILENAME, &options.home, NULL, NULL },
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &options.dir, NULL, NULL },
    { "policy", 0, 0, G_OPTION_ARG_CALLBACK, parse_policy, NULL, NULL },
    { "cancel-after", 0, 0, G_OPTION_ARG_INT64, &options.cancel_after, NULL, NULL },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, NULL, NULL },
    { "debug", 0, 0, G_OPTION_ARG_NONE, &options.debug, NULL, NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_error ("%s", error->message);
  if (options.jid == NULL || options.password_file == NULL || options.server == NULL
      || strchr (options.server, ':') == NULL || options.home == NULL)
    g_error ("Missing: --jid, --password-file, --server HOST:PORT or --home");
}

int
main (int    argc,
      char **argv)
{
  static int handle;
  g_autoptr(GIOChannel) input = g_io_channel_unix_new (0);

  parse_options (&argc, &argv);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGCHLD, SIG_IGN); /* libpurple's resolvers */
  loop = g_main_loop_new (NULL, FALSE);
  host_init ();
  transfers_init ();
  purple_signal_connect (purple_connections_get_handle (), "signed-on", &handle,
                         PURPLE_CALLBACK (signed_on_cb), NULL);
  purple_signal_connect (purple_connections_get_handle (), "connection-error", &handle,
                         PURPLE_CALLBACK (connection_error_cb), NULL);
  purple_signal_connect (purple_blist_get_handle (), "buddy-signed-on", &handle,
                         PURPLE_CALLBACK (buddy_signed_on_cb), NULL);
  log_in ();
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, command_cb, NULL);
  g_unix_signal_add (SIGTERM, quit_cb, NULL);
  g_timeout_add_seconds (options.limit, limit_cb, NULL);
  g_main_loop_run (loop);
  purple_core_quit ();

  return 0;
}
