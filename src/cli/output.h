/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/json-line.h"

G_BEGIN_DECLS

/**
 * FerryOutput:
 *
 * Everything ferry-cli says: events as JSON lines on standard output for programs,
 * sentences and a progress line on standard error for people. What strangers
 * wrote (names, reasons) is harmless to a terminal once it went through here.
 */
typedef struct
{
  gboolean json;           /* print events */
  gboolean terminal;       /* standard error is one: a progress line makes sense */
  gboolean progress_shown; /* the cursor stands at the end of a progress line */
} FerryOutput;

void  ferry_output_init     (FerryOutput    *self,
                             gboolean        json);
/* Takes @line; prints it if events are wanted. */
void  ferry_output_event    (FerryOutput    *self,
                             FerryJsonLine  *line);
/* A sentence for people, without its line break. */
void  ferry_output_say      (FerryOutput    *self,
                             const char     *format,
                             ...) G_GNUC_PRINTF (2, 3);
/* The answer to a question, for standard output; nothing where events are wanted. */
void  ferry_output_answer   (FerryOutput    *self,
                             const char     *format,
                             ...) G_GNUC_PRINTF (2, 3);
/* Replaces the progress line; "" takes it away. */
void  ferry_output_progress (FerryOutput    *self,
                             const char     *text);
/* Replaces control and formatting characters and invalid UTF-8 by U+FFFD. */
char *ferry_output_escape   (const char     *text);

G_END_DECLS
