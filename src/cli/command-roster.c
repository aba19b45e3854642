/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"

#define ROSTER_LIMIT 15  /* seconds: for the server to send the list */
#define PRESENCE_TIME 1  /* seconds: for presence to come in after the list */

static const char *
presence_to_string (FerryPresence presence)
{
  static const char *const names[] = {
    [FERRY_PRESENCE_CHAT] = "chat",
    [FERRY_PRESENCE_AVAILABLE] = "available",
    [FERRY_PRESENCE_AWAY] = "away",
    [FERRY_PRESENCE_XA] = "xa",
    [FERRY_PRESENCE_DND] = "dnd",
    [FERRY_PRESENCE_OFFLINE] = "offline",
  };

  return names[presence];
}

static void
tell_contact (FerryCli     *cli,
              FerryContact *contact)
{
  const char *presence = presence_to_string (ferry_contact_get_presence (contact));
  FerryJsonLine *line = ferry_json_line_new ("contact");

  ferry_json_line_add_string (line, "jid", ferry_contact_get_jid (contact));
  ferry_json_line_add_string (line, "name", ferry_contact_get_name (contact));
  ferry_json_line_add_string (line, "subscription", ferry_contact_get_subscription (contact));
  ferry_json_line_add_string (line, "presence", presence);
  ferry_json_line_add_boolean (line, "can_receive", ferry_contact_get_can_receive (contact));
  ferry_output_event (&cli->output, line);
  ferry_output_answer (&cli->output, "%-10s %s (%s)", presence, ferry_contact_get_jid (contact),
                       ferry_contact_get_name (contact));
}

static gboolean
roster_presence_cb (gpointer user_data)
{
  FerryCli *cli = user_data;
  GListModel *roster = G_LIST_MODEL (ferry_client_get_roster (cli->client));
  guint i, n = g_list_model_get_n_items (roster);

  cli->timer = 0;
  for (i = 0; i < n; i++)
    {
      g_autoptr(FerryContact) contact = g_list_model_get_item (roster, i);

      tell_contact (cli, contact);
    }
  ferry_cli_finish (cli, FERRY_EXIT_DONE);

  return G_SOURCE_REMOVE;
}

static gboolean
roster_limit_cb (gpointer user_data)
{
  FerryCli *cli = user_data;
  g_autoptr(GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                          "The server did not send the contact list");

  cli->timer = 0;
  ferry_cli_report_error (cli, "roster", error);
  ferry_cli_finish (cli, FERRY_EXIT_FAILED);

  return G_SOURCE_REMOVE;
}

static void
roster_loaded_cb (FerryRoster *roster,
                  GParamSpec  *pspec,
                  gpointer     user_data)
{
  FerryCli *cli = user_data;

  if (ferry_roster_is_loaded (roster) && !cli->ending)
    ferry_cli_set_timer (cli, PRESENCE_TIME, roster_presence_cb);
}

void
ferry_command_roster_start (FerryCli *cli)
{
  FerryRoster *roster = ferry_client_get_roster (cli->client);

  ferry_cli_set_timer (cli, ROSTER_LIMIT, roster_limit_cb);
  g_signal_connect (roster, "notify::loaded", G_CALLBACK (roster_loaded_cb), cli);
  roster_loaded_cb (roster, NULL, cli);
}
