/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "legacy/si-87.h"
#include "legacy/si-codec.h"
#include "legacy/si.h"
#include "proto/iq.h"
#include "proto/stanza-error.h"

/* What is read can be written in either text, and is read again as the same. */
static void
try_offer (const FerryElement *si)
{
  const FerrySiText *text = ferry_si_is_87 (si) ? &ferry_si_text_87 : &ferry_si_text_95;
  g_autoptr(FerryElement) written = NULL;
  g_autoptr(GError) error = NULL;
  guint methods = 0;
  FerrySiOffer again;
  FerrySiOffer offer;

  if (!ferry_si_offer_parse (&offer, si, &error))
    {
      g_assert_nonnull (error);
      ferry_si_offer_clear (&offer);
      return;
    }

  g_assert_true (offer.file->name != NULL && offer.file->size >= 0);
  for (FerrySiMethod method = 0; method < FERRY_SI_N_METHODS; method++)
    if (offer.options[method] != NULL)
      methods |= 1u << method;

  written = ferry_si_offer_to_element (text, "c", offer.file, methods);
  g_assert_cmpint (ferry_si_is_87 (written), ==, text == &ferry_si_text_87);
  g_assert_true (ferry_si_offer_parse (&again, written, NULL));
  g_assert_cmpstr (again.file->name, ==, offer.file->name);
  g_assert_cmpint (again.file->size, ==, offer.file->size);
  ferry_si_offer_clear (&again);
  ferry_si_offer_clear (&offer);
}

static void
try_answer (const FerryElement *si,
            const FerrySiText  *text)
{
  g_autoptr(GError) error = NULL;
  FerrySiAnswer answer;

  if (ferry_si_answer_parse (&answer, text, si, &error))
    {
      g_assert_cmpint (answer.method, <, FERRY_SI_N_METHODS);
      g_assert_cmpint (answer.range_offset, >=, 0);
      g_assert_cmpint (answer.range_length, >=, -1);
    }
  else
    g_assert_nonnull (error);
}

/* A whole iq, which is a stanza of at most one of the two dialects. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) iq = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryStanzaError) error = NULL;
  g_autoptr(FerryElement) refusal = NULL;
  const FerryElement *si;

  if (iq == NULL || !ferry_element_is (iq, "iq", FERRY_NS_CLIENT))
    return 0;

  g_assert_false (ferry_si_dialect.is_opening (iq) && ferry_si_87_dialect.is_opening (iq));
  refusal = ferry_si_refuse_iq (iq);
  error = ferry_stanza_error_from_stanza (refusal);
  g_assert_nonnull (error);

  si = ferry_iq_get_payload (iq);
  if (si == NULL)
    return 0;

  try_offer (si);
  try_answer (si, &ferry_si_text_95);
  try_answer (si, &ferry_si_text_87);

  return 0;
}
