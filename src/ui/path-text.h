/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/path-report.h"

G_BEGIN_DECLS

/* How a transfer found its way, in words. New strings unless noted. */

/* "hole punching", "port of the router"; static, or @way itself if it is none we know. */
const char *ferry_path_text_way    (const char           *way);
/* "Tried 192.0.2.7 port 4711: refused" */
char       *ferry_path_text_step   (const FerryPathStep  *step);
/* "0.02 s" */
char       *ferry_path_text_time   (const FerryPathStep  *step);

typedef enum
{
  FERRY_PATH_CHOSEN,
  FERRY_PATH_REJECTED,
  FERRY_PATH_HABIT,    /* no way, but what the other side's program is known to do */
} FerryPathChoiceKind;

/* One way, and why it is or is not the one. */
typedef struct
{
  FerryPathChoiceKind  kind;
  char                *title;  /* (owned): "By a proxy"; "Not directly" */
  char                *reason; /* (owned): "192.0.2.5 port 5000"; "timed out" */
} FerryPathChoice;

/* What was chosen, then why not a better one, the best first. Without anything chosen yet: what
 * did not work. Returns: (transfer full) (element-type FerryPathChoice) */
GPtrArray  *ferry_path_text_explain (const FerryPathReport *report);

G_END_DECLS
