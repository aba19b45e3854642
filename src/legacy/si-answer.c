/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/feature-negotiation.h"
#include "legacy/namespaces.h"
#include "legacy/si-codec.h"
#include "legacy/si-file.h"
#include "proto/iq.h"
#include "proto/proto-error.h"
#include "proto/stanza-error.h"

/* What can be said to an offer: the part of ferry_si_*() that comes second. */

/**
 * ferry_si_answer_to_element:
 *
 *   <si [id]>
 *     [<file xmlns='…/si/profile/file-transfer'><range offset='128'/></file>]
 *     <feature><x type='submit'><field var='…'><value>…</value></field></x></feature>
 *   </si>
 *
 * No other attributes (SI87-2, SI95-3).
 */
FerryElement *
ferry_si_answer_to_element (const FerrySiText  *text,
                            const FerrySiOffer *offer,
                            const char         *id,
                            FerrySiMethod       method,
                            gint64              range_offset)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("si", FERRY_NS_SI);

  if (text->repeats_id)
    ferry_element_builder_attribute (builder, "id", id);

  if (range_offset > 0)
    {
      g_autoptr(FerryFileDescription) file = ferry_file_description_new ();

      file->has_range = TRUE;
      file->range_offset = range_offset;
      ferry_element_builder_take_child (builder, ferry_si_file_to_element (file));
    }

  ferry_element_builder_take_child (
    builder, ferry_feature_negotiation_new_choice (offer->var, offer->options[method]));

  return ferry_element_builder_end (builder);
}

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, message);
  return FALSE;
}

/* SIFT-4. Peer: QXmpp repeats the file without a range. */
static gboolean
parse_range (FerrySiAnswer       *self,
             const FerryElement  *si,
             GError             **error)
{
  const FerryElement *element = ferry_element_find (si, "file", FERRY_NS_SI_FILE_TRANSFER);
  g_autoptr(FerryFileDescription) file = NULL;

  self->range_length = -1;

  if (element == NULL)
    return TRUE;

  file = ferry_si_file_parse (element, error);
  if (file == NULL)
    return FALSE;

  self->has_range = file->has_range;
  self->range_offset = file->range_offset;
  self->range_length = file->range_length;

  return TRUE;
}

/* FN-5: only what we write is what we offered. */
gboolean
ferry_si_answer_parse (FerrySiAnswer       *self,
                       const FerrySiText   *text,
                       const FerryElement  *si,
                       GError             **error)
{
  g_autofree char *choice = NULL;

  *self = (FerrySiAnswer) { 0 };

  if (si == NULL || !ferry_element_is (si, "si", FERRY_NS_SI))
    return fail (error, "A consent without a method");

  choice = ferry_feature_negotiation_parse_choice (si, text->var, error);
  if (choice == NULL)
    return FALSE;

  if (g_str_equal (choice, text->bytestreams))
    self->method = FERRY_SI_BYTESTREAMS;
  else if (g_str_equal (choice, text->in_band))
    self->method = FERRY_SI_IN_BAND;
  else
    return fail (error, "A method that nobody offered");

  return parse_range (self, si, error);
}

/* Protocols 9.2; C-20: all are final. */
static const struct
{
  FerryStanzaErrorType  type;
  FerryCondition        condition;
  const char           *specific;
  const char           *words;
} refusals[] = {
  [FERRY_SI_REFUSE_BAD_PROFILE] = { FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_BAD_REQUEST,
                                    "bad-profile", NULL },
  [FERRY_SI_REFUSE_NO_VALID_STREAMS] = { FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_BAD_REQUEST,
                                         "no-valid-streams", NULL },
  [FERRY_SI_REFUSE_DECLINED] = { FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_FORBIDDEN,
                                 NULL, "Offer Declined" },
  [FERRY_SI_REFUSE_CONFLICT] = { FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_CONFLICT, NULL, NULL },
  [FERRY_SI_REFUSE_BUSY] = { FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_RESOURCE_CONSTRAINT,
                             NULL, NULL },
};

FerryElement *
ferry_si_refuse (const FerrySiText  *text,
                 const FerryElement *iq,
                 FerrySiRefusal      refusal)
{
  const char *specific = refusals[refusal].specific;
  g_autoptr(FerryStanzaError) error = NULL;

  if (refusal == FERRY_SI_REFUSE_NO_VALID_STREAMS && text->says_406)
    error = ferry_stanza_error_new (FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_NOT_ACCEPTABLE,
                                    NULL, NULL, "No Valid Streams");
  else
    error = ferry_stanza_error_new (refusals[refusal].type, refusals[refusal].condition, specific,
                                    specific != NULL ? FERRY_NS_SI : NULL,
                                    refusals[refusal].words);

  ferry_stanza_error_add_code (error);

  return ferry_iq_new_error (iq, error);
}
