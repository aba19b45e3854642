/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "proto/chat-stanza.h"

/* What was got can be shown, and got again. */
static void
check_pubkeys (const FerryElement *reply)
{
  g_autoptr(GPtrArray) certificates = ferry_chat_stanza_parse_pubkeys (reply);
  g_autoptr(FerryElement) shown = NULL;
  g_autoptr(GPtrArray) again = NULL;

  if (certificates == NULL)
    return;

  g_assert_cmpuint (certificates->len, <=, 8);
  shown = ferry_chat_stanza_new_pubkeys (reply, certificates);
  again = ferry_chat_stanza_parse_pubkeys (shown);
  g_assert_nonnull (again);
  g_assert_cmpuint (again->len, ==, certificates->len);
  for (guint i = 0; i < again->len; i++)
    g_assert_true (g_bytes_equal (g_ptr_array_index (again, i), g_ptr_array_index (certificates, i)));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) stanza = ferry_element_parse ((const char *) data, size, NULL);
  FerryChatStanza value;

  if (stanza == NULL)
    return 0;

  ferry_chat_stanza_parse (stanza, &value);
  if (value.kind == FERRY_CHAT_STANZA_MESSAGE)
    g_assert_cmpuint (strlen (value.body), <=, FERRY_MAX_BODY);
  if (value.wants_receipt || value.kind == FERRY_CHAT_STANZA_RECEIPT)
    {
      g_autoptr(FerryElement) receipt = ferry_chat_stanza_new_receipt ("n", value.id);

      ferry_chat_stanza_parse (receipt, &value);
      g_assert_cmpint (value.kind, ==, FERRY_CHAT_STANZA_RECEIPT);
      g_assert_false (value.wants_receipt);
    }
  check_pubkeys (stanza);

  return 0;
}
