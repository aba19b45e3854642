/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"

static void
tell_identity (FerryCli           *cli,
               const FerryElement *identity)
{
  const char *category = ferry_element_get_attribute (identity, "category");
  const char *type = ferry_element_get_attribute (identity, "type");
  const char *name = ferry_element_get_attribute (identity, "name");
  FerryJsonLine *line = ferry_json_line_new ("identity");

  ferry_json_line_add_string (line, "category", category);
  ferry_json_line_add_string (line, "type", type);
  ferry_json_line_add_string (line, "name", name);
  ferry_output_event (&cli->output, line);
  ferry_output_answer (&cli->output, "identity %s/%s %s", category != NULL ? category : "",
                       type != NULL ? type : "", name != NULL ? name : "");
}

static void
tell_info (FerryCli           *cli,
           const FerryElement *query)
{
  g_autoptr(GPtrArray) features = g_ptr_array_new ();
  FerryJsonLine *line = ferry_json_line_new ("features");
  guint i;

  for (i = 0; i < ferry_element_get_n_children (query); i++)
    {
      const FerryElement *child = ferry_element_get_child (query, i);
      const char *var = ferry_element_get_attribute (child, "var");

      if (g_str_equal (ferry_element_get_name (child), "identity"))
        tell_identity (cli, child);
      else if (g_str_equal (ferry_element_get_name (child), "feature") && var != NULL)
        g_ptr_array_add (features, (gpointer) var);
    }

  for (i = 0; i < features->len; i++)
    ferry_output_answer (&cli->output, "feature %s", (char *) g_ptr_array_index (features, i));
  g_ptr_array_add (features, NULL);
  ferry_json_line_add_strings (line, "features", (const char *const *) features->pdata);
  ferry_output_event (&cli->output, line);
}

static void
disco_info_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  FerryCli *cli = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) query = NULL;

  query = ferry_capabilities_disco_finish (FERRY_CAPABILITIES (source), result, &error);
  if (cli->ending)
    return;

  if (query != NULL)
    tell_info (cli, query);
  else
    ferry_cli_report_error (cli, "disco", error);
  ferry_cli_finish (cli, query != NULL ? FERRY_EXIT_DONE : FERRY_EXIT_FAILED);
}

void
ferry_command_disco_start (FerryCli *cli)
{
  ferry_capabilities_disco_async (ferry_client_get_capabilities (cli->client),
                                  cli->options->arguments[0], NULL, disco_info_cb, cli);
}
