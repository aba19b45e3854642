/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/command.h"

static const FerryCommand commands[] = {
  {
    .name = "send",
    .usage = "TO FILE...",
    .min_arguments = 2,
    .max_arguments = G_MAXUINT,
    .takes_jid = TRUE,
    .start = ferry_command_send_start,
    .ended = ferry_command_send_ended,
  },
  {
    .name = "receive",
    .usage = "--dir DIR [--from JID] [--count N] [--overwrite never]",
    .serves = TRUE,
    .required = FERRY_COMMAND_OPTION_DIR,
    .allowed = FERRY_COMMAND_OPTION_DIR | FERRY_COMMAND_OPTION_FROM
               | FERRY_COMMAND_OPTION_COUNT | FERRY_COMMAND_OPTION_OVERWRITE,
    .start = ferry_command_receive_start,
    .offered = ferry_command_receive_offered,
    .ended = ferry_command_receive_ended,
  },
  {
    .name = "share",
    .usage = "DIR [--with JID]...",
    .min_arguments = 1,
    .max_arguments = 1,
    .takes_dir = TRUE,
    .serves = TRUE,
    .allowed = FERRY_COMMAND_OPTION_WITH,
    .start = ferry_command_share_start,
  },
  {
    .name = "request",
    .usage = "FROM NAME --dir DIR",
    .min_arguments = 2,
    .max_arguments = 2,
    .takes_jid = TRUE,
    .required = FERRY_COMMAND_OPTION_DIR,
    .allowed = FERRY_COMMAND_OPTION_DIR,
    .start = ferry_command_request_start,
    .ended = ferry_command_request_ended,
  },
  {
    .name = "chat",
    .usage = "TO [--phrase-file FILE] [--wait] [--compare]",
    .min_arguments = 1,
    .max_arguments = 1,
    .takes_jid = TRUE,
    .allowed = FERRY_COMMAND_OPTION_PHRASE_FILE | FERRY_COMMAND_OPTION_WAIT
               | FERRY_COMMAND_OPTION_COMPARE,
    .start = ferry_command_chat_start,
    .asked = ferry_command_chat_asked,
  },
  {
    .name = "roster",
    .usage = "",
    .start = ferry_command_roster_start,
  },
  {
    .name = "disco",
    .usage = "JID",
    .min_arguments = 1,
    .max_arguments = 1,
    .takes_jid = TRUE,
    .start = ferry_command_disco_start,
  },
  {
    .name = "doctor",
    .usage = "",
    .start = ferry_command_doctor_start,
    .start_offline = ferry_command_doctor_start_offline,
  },
};

const FerryCommand *
ferry_command_find (const char *name)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];

  return NULL;
}

char *
ferry_command_dup_usage (void)
{
  GString *usage = g_string_new ("Commands:\n");
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (usage, "  %s %s\n", commands[i].name, commands[i].usage);

  return g_string_free (usage, FALSE);
}
