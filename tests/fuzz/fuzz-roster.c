/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/presence.h"
#include "proto/roster-item.h"

/* Who is there: presence and the contact list. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  g_auto(FerryPresenceStanza) presence = { 0 };
  g_autoptr(GPtrArray) items = NULL;

  if (element == NULL)
    return 0;

  if (ferry_presence_parse (&presence, element))
    {
      g_autoptr(FerryElement) written = ferry_presence_to_element (&presence);
      g_auto(FerryPresenceStanza) again = { 0 };

      g_assert_true (ferry_presence_parse (&again, written));
      g_assert_true (again.type == presence.type && again.show == presence.show &&
                     again.priority == presence.priority);
    }

  items = ferry_roster_query_parse (element);
  for (guint i = 0; i < items->len; i++)
    {
      g_autoptr(FerryElement) query = ferry_roster_query_new_set (g_ptr_array_index (items, i));
      g_autoptr(GPtrArray) again = ferry_roster_query_parse (query);

      g_assert_cmpuint (again->len, ==, 1);
    }

  return 0;
}
