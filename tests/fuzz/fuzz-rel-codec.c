/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "legacy/rel-codec.h"
#include "legacy/rel.h"
#include "proto/iq.h"

static void
try_offer (const FerryElement *query)
{
  g_autoptr(FerryFileDescription) file = ferry_rel_offer_parse (query, NULL);
  g_autoptr(FerryFileDescription) again = NULL;
  g_autoptr(FerryElement) written = NULL;

  if (file == NULL)
    return;

  written = ferry_rel_offer_to_element (file);
  again = ferry_rel_offer_parse (written, NULL);
  g_assert_cmpint (again->size, ==, file->size);
}

static void
try_consent (const FerryElement *query)
{
  g_autofree char *cid = ferry_rel_consent_parse (query, NULL);
  g_autofree char *again = NULL;
  g_autoptr(FerryElement) written = NULL;

  if (cid == NULL)
    return;

  written = ferry_rel_consent_to_element (cid);
  again = ferry_rel_consent_parse (written, NULL);
  g_assert_cmpstr (cid, ==, again);
}

static void
try_query (const FerryElement *query)
{
  g_autoptr(FerryElement) written = NULL;
  gboolean keep_alive, keep_alive_again;
  guint methods, methods_again;

  if (!ferry_rel_query_parse (query, &methods, &keep_alive, NULL) || methods == 0)
    return;

  written = ferry_rel_query_to_element ("c", methods, keep_alive);
  g_assert_true (ferry_rel_query_parse (written, &methods_again, &keep_alive_again, NULL));
  g_assert_cmpuint (methods, ==, methods_again);
  g_assert_true (keep_alive == keep_alive_again);
}

/* A whole iq, or the payload of one. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) element = ferry_element_parse ((const char *) data, size, NULL);
  const FerryElement *query = element;
  FerryRelMethod method = FERRY_REL_N_METHODS;

  if (element == NULL)
    return 0;

  if (ferry_element_is (element, "iq", FERRY_NS_CLIENT))
    {
      g_autoptr(FerryElement) refusal = ferry_rel_dialect.refuse (element);

      g_assert_nonnull (refusal);
      query = ferry_iq_get_payload (element);
    }
  if (query == NULL)
    return 0;

  try_offer (query);
  try_consent (query);
  try_query (query);
  if (ferry_rel_choice_parse (query, "myCID", 1u << FERRY_REL_IN_BAND, &method, NULL))
    g_assert_cmpint (method, ==, FERRY_REL_IN_BAND);

  return 0;
}
