/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/chat-record.h"
#include "fuzz.h"
#include "proto/chat-stanza.h"

/* What can be read can be written, and is read again as the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryChatRecord) record = ferry_chat_record_from_line ((const char *) data, size);
  g_autoptr(FerryChatRecord) again = NULL;
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *line = NULL;

  if (record == NULL)
    return 0;

  time = g_date_time_new_from_unix_local (record->time / G_USEC_PER_SEC);
  g_assert_nonnull (time);
  if (record->body != NULL)
    g_assert_cmpuint (strlen (record->body), <=, FERRY_MAX_BODY);

  line = ferry_chat_record_to_line (record);
  again = ferry_chat_record_from_line (line, strlen (line) - 1);
  g_assert_nonnull (again);
  g_assert_cmpint (again->time, ==, record->time);
  g_assert_cmpint (again->is_own, ==, record->is_own);
  g_assert_cmpint (again->state, ==, record->state);
  g_assert_cmpstr (again->body, ==, record->body);

  return 0;
}
