/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/chat.h"
#include "core/transfer.h"

G_BEGIN_DECLS

typedef struct _FerryCli FerryCli;
typedef struct _FerryTalk FerryTalk;

/* Options that mean something to some commands only. */
typedef enum
{
  FERRY_COMMAND_OPTION_DIR = 1 << 0,
  FERRY_COMMAND_OPTION_FROM = 1 << 1,
  FERRY_COMMAND_OPTION_COUNT = 1 << 2,
  FERRY_COMMAND_OPTION_OVERWRITE = 1 << 3,
  FERRY_COMMAND_OPTION_WITH = 1 << 4,
  FERRY_COMMAND_OPTION_PHRASE_FILE = 1 << 5,
  FERRY_COMMAND_OPTION_WAIT = 1 << 6,
  FERRY_COMMAND_OPTION_COMPARE = 1 << 7,
} FerryCommandOptions;

/* What ferry-cli can be told to do. Constant data; the list is command.c. */
typedef struct
{
  const char          *name;
  const char          *usage;
  guint                min_arguments;
  guint                max_arguments;
  gboolean             takes_jid;     /* as its first argument */
  gboolean             takes_dir;     /* as its first argument */
  gboolean             serves;        /* others may turn to it */
  FerryCommandOptions  required;
  FerryCommandOptions  allowed;

  void (*start)   (FerryCli      *cli);            /* logged in for the first time */
  void (*start_offline) (FerryCli *cli);           /* without an account, or when the login failed;
                                                    * %NULL: that is the end */
  void (*offered) (FerryCli      *cli,             /* %NULL: declines whatever is offered */
                   FerryTransfer *transfer);
  void (*ended)   (FerryCli      *cli,             /* %NULL: has no transfers */
                   FerryTransfer *transfer);
  void (*asked)   (FerryCli      *cli,             /* %NULL: declines every chat */
                   FerryChat     *chat);
} FerryCommand;

const FerryCommand *ferry_command_find      (const char *name);
/* Returns: (transfer full): one line for each command */
char               *ferry_command_dup_usage (void);

void                ferry_command_send_start      (FerryCli      *cli);
void                ferry_command_send_ended      (FerryCli      *cli,
                                                   FerryTransfer *transfer);
void                ferry_command_receive_start   (FerryCli      *cli);
void                ferry_command_receive_offered (FerryCli      *cli,
                                                   FerryTransfer *transfer);
void                ferry_command_receive_ended   (FerryCli      *cli,
                                                   FerryTransfer *transfer);
void                ferry_command_share_start     (FerryCli      *cli);
void                ferry_command_request_start   (FerryCli      *cli);
void                ferry_command_request_ended   (FerryCli      *cli,
                                                   FerryTransfer *transfer);
void                ferry_command_roster_start    (FerryCli      *cli);
void                ferry_command_disco_start     (FerryCli      *cli);
void                ferry_command_doctor_start    (FerryCli      *cli);
void                ferry_command_doctor_start_offline (FerryCli *cli);
void                ferry_command_chat_start      (FerryCli      *cli);
void                ferry_command_chat_asked      (FerryCli      *cli,
                                                   FerryChat     *chat);
/* The run is over. */
void                ferry_command_chat_stop       (FerryCli      *cli);

G_END_DECLS
