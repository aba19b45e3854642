/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/path-planner.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_PATH_STEP_OFFERED,  /* a host of ours was told to the peer */
  FERRY_PATH_STEP_LEFT_OUT, /* … was not: @text */
  FERRY_PATH_STEP_RECEIVED, /* the peer told us a host of its own */
  FERRY_PATH_STEP_TRIED,    /* we dial it */
  FERRY_PATH_STEP_REACHED,  /* it answered */
  FERRY_PATH_STEP_REFUSED,  /* it did not: @text */
  FERRY_PATH_STEP_CALLED,   /* the peer reached us there */
  FERRY_PATH_STEP_REPORTED, /* the peer says how it went: @text */
  FERRY_PATH_STEP_CHOSEN,   /* the bytes go this way */
  FERRY_PATH_STEP_BROKEN,   /* this way died: @text */
  FERRY_PATH_STEP_NOTE,     /* @text: what else explains it; a peer's known habit, a wait */
} FerryPathStepKind;

typedef struct
{
  FerryPathStepKind  kind;
  gint64             time;   /* µs since the report began */
  char              *way;    /* (owned) (nullable): "interface", "mapped", "proxy", "in-band" … */
  char              *host;   /* (owned) (nullable) */
  guint16            port;
  char              *text;   /* (owned) (nullable): English */
} FerryPathStep;

/**
 * FerryPathReport:
 *
 * What was offered, tried and chosen to reach somebody, in order, with the time of each step:
 * for people who want to know why it was this path and not a better one. Reference counted;
 * keeps its first and last steps if there are more than it holds.
 */
typedef struct _FerryPathReport FerryPathReport;

#define FERRY_PATH_REPORT_MAX_STEPS 200

typedef void (*FerryPathStepFunc) (const FerryPathStep *step,
                                   gpointer             user_data);

/* @now: µs, monotonic, as in add() */
FerryPathReport     *ferry_path_report_new     (gint64                 now);
FerryPathReport     *ferry_path_report_ref     (FerryPathReport       *self);
void                 ferry_path_report_unref   (FerryPathReport       *self);
/* @way, @host, @text: (nullable), copied */
void                 ferry_path_report_add     (FerryPathReport       *self,
                                                gint64                 now,
                                                FerryPathStepKind      kind,
                                                const char            *way,
                                                const char            *host,
                                                guint16                port,
                                                const char            *text);
/* After each add(). @added: (nullable): nobody does any more; there is one at most */
void                 ferry_path_report_watch   (FerryPathReport       *self,
                                                FerryPathStepFunc      added,
                                                gpointer               user_data);
guint                ferry_path_report_get_n   (const FerryPathReport *self);
/* Returns: (transfer none) */
const FerryPathStep *ferry_path_report_get     (const FerryPathReport *self,
                                                guint                  index);
const char          *ferry_path_step_kind_to_string (FerryPathStepKind kind);
/* In English, a line each, for a mail to whoever helps: addresses masked. (transfer full) */
char                *ferry_path_report_to_text (const FerryPathReport *self,
                                                gboolean               masked);
/* Any text, with the addresses in it masked: they hide in what an error says, too. (transfer full) */
char                *ferry_path_report_mask_text (const char           *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPathReport, ferry_path_report_unref)

G_END_DECLS
