/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>

#include "cli/cli.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr(FerryOptions) options = NULL;
  g_autoptr(GError) error = NULL;

  /* Before any thread and any socket: a peer that goes away is an error, not our end. */
  signal (SIGPIPE, SIG_IGN);
  setlocale (LC_ALL, "");

  /* Standard output is for events. */
  g_log_writer_default_set_use_stderr (TRUE);

  options = ferry_options_parse (argv, &error);
  if (options == NULL)
    {
      g_autofree char *message = ferry_output_escape (error->message);

      fprintf (stderr, "ferry-cli: %s\n", message);
      return FERRY_EXIT_USAGE;
    }
  if (options->command == NULL)
    {
      printf ("ferry-cli %s\n", PACKAGE_VERSION);
      return FERRY_EXIT_DONE;
    }

  return ferry_cli_run (options);
}
