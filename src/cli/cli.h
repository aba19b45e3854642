/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/options.h"
#include "cli/output.h"
#include "core/client.h"

G_BEGIN_DECLS

/* Exit statuses; part of the interface. */
typedef enum
{
  FERRY_EXIT_DONE = 0,
  FERRY_EXIT_FAILED = 1,
  FERRY_EXIT_USAGE = 2,
  FERRY_EXIT_CONNECTION = 3,
  FERRY_EXIT_DECLINED = 4,
  FERRY_EXIT_PEER_CANNOT = 5,
  FERRY_EXIT_INTERRUPTED = 130,
} FerryExit;

/**
 * FerryCli:
 *
 * One run of ferry-cli: logs in, starts the command, reports what happens to its
 * transfers, logs out. Lives on main's stack.
 */
struct _FerryCli
{
  const FerryOptions *options;
  FerryOutput         output;
  FerryClient        *client;       /* (owned) (nullable): no account was named */
  GMainLoop          *loop;         /* (owned) */
  FerryStanzaPort    *port;         /* (owned) (nullable): the one that closes now */
  GPtrArray          *reports;      /* (owned): one for each transfer that has not ended */
  GCancellable       *examination;  /* (owned) (nullable): of this network, under way */
  FerryTalk          *talk;         /* (owned) (nullable): the chat of this run */
  guint               n_ended;
  FerryExit           verdict;      /* what the ended ones amount to: FAILED if they differ */
  gboolean            has_received; /* a file, whole */
  guint               n_absences;   /* how often in a row the recipient was not there */
  guint               n_goodbyes;   /* ending: to be said, to the server and to routers */
  guint               timer;        /* the command's or the ending's; 0: none */
  gboolean            started;      /* the command runs */
  gboolean            failed_login; /* … and does without */
  gboolean            interrupted;
  gboolean            finished;     /* stays only to tell peers how it ended */
  gboolean            ending;       /* logging out; nothing is reported any more */
  FerryExit           status;
};

/* Logs in and stays until the command is done. */
FerryExit   ferry_cli_run           (const FerryOptions *options);

/* For commands. */
/* Follows @transfer until it ends: events, progress. Calls the command's ended(). */
void        ferry_cli_watch         (FerryCli           *self,
                                     FerryTransfer      *transfer);
/* @transfer has ended: tells of one that was refused before anybody was asked. It counts for
 * nothing else. */
void        ferry_cli_tell_refused  (FerryCli           *self,
                                     FerryTransfer      *transfer);
/* Cancels @transfer; what is told is @reason. */
void        ferry_cli_give_up       (FerryCli           *self,
                                     FerryTransfer      *transfer,
                                     const char         *reason);
GPtrArray  *ferry_cli_list_running  (FerryCli           *self);
/* Gives up what waits for somebody who does not show up. Takes the timer. */
void        ferry_cli_limit_absence (FerryCli           *self);
/* Calls @callback after @seconds, instead of the callback set before. */
void        ferry_cli_set_timer     (FerryCli           *self,
                                     guint               seconds,
                                     GSourceFunc         callback);
/* An event for programs, a sentence for people. */
void        ferry_cli_report_error  (FerryCli           *self,
                                     const char         *step,
                                     const GError       *error);
/* Logs out, then run() returns @status. */
void        ferry_cli_finish        (FerryCli           *self,
                                     FerryExit           status);

G_END_DECLS
