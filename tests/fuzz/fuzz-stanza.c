/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/iq.h"
#include "proto/jid.h"

/* The readings of a stanza that every stanza of a stranger gets. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) stanza = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryStanzaError) error = NULL;
  const char *from;

  if (stanza == NULL)
    return 0;

  if (ferry_iq_is_request (stanza))
    {
      g_autoptr(FerryElement) result = ferry_iq_new_result (stanza, ferry_iq_get_payload (stanza));

      g_assert_true (ferry_iq_is (result, FERRY_IQ_RESULT));
    }

  error = ferry_stanza_error_from_stanza (stanza);
  if (error != NULL)
    {
      g_autoptr(FerryElement) element = ferry_stanza_error_to_element (error);

      g_assert_true (ferry_element_is (element, "error", FERRY_NS_CLIENT));
    }

  from = ferry_element_get_attribute (stanza, "from");
  if (from != NULL)
    {
      g_autofree char *once = ferry_jid_normalise (from, NULL);
      g_autofree char *twice = once != NULL ? ferry_jid_normalise (once, NULL) : NULL;

      g_assert_cmpstr (once, ==, twice);
    }

  return 0;
}
