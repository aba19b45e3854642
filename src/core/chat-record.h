/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/chat.h"

G_BEGIN_DECLS

/**
 * FerryChatRecord:
 *
 * One line of a file of kept messages; pure, no I/O. The fields are parted by tabs:
 *
 *     1732176000000000  in   delivered    But soft!
 *     1732176003000000  out  sent         Ay me!
 *     1732176003000000  out  delivered
 *
 * A line without a body says how far the message of ours of that time has come since.
 */
typedef struct
{
  gint64             time;   /* µs, real time */
  gboolean           is_own;
  FerryMessageState  state;
  char              *body;   /* (owned) (nullable): as it came; %NULL: a state alone */
} FerryChatRecord;

void             ferry_chat_record_free      (FerryChatRecord       *self);

/* Returns: (transfer full): with its end */
char            *ferry_chat_record_to_line   (const FerryChatRecord *self);
/* @line: @length bytes without its end; anything at all. Returns: (transfer full) (nullable):
 * %NULL for what to_line() does not write, of more than %FERRY_MAX_BODY, or of no time that a
 * calendar has. */
FerryChatRecord *ferry_chat_record_from_line (const char            *line,
                                              gsize                  length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryChatRecord, ferry_chat_record_free)

G_END_DECLS
