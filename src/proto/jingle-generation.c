/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"
#include "proto/jingle-generation.h"

static const char *const reasons_1[FERRY_JINGLE_N_REASONS] = {
  [FERRY_JINGLE_REASON_ALTERNATIVE_SESSION] = "alternative-session",
  [FERRY_JINGLE_REASON_BUSY] = "busy",
  [FERRY_JINGLE_REASON_CANCEL] = "cancel",
  [FERRY_JINGLE_REASON_CONNECTIVITY_ERROR] = "connectivity-error",
  [FERRY_JINGLE_REASON_DECLINE] = "decline",
  [FERRY_JINGLE_REASON_EXPIRED] = "expired",
  [FERRY_JINGLE_REASON_FAILED_APPLICATION] = "failed-application",
  [FERRY_JINGLE_REASON_FAILED_TRANSPORT] = "failed-transport",
  [FERRY_JINGLE_REASON_GENERAL_ERROR] = "general-error",
  [FERRY_JINGLE_REASON_GONE] = "gone",
  [FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS] = "incompatible-parameters",
  [FERRY_JINGLE_REASON_MEDIA_ERROR] = "media-error",
  [FERRY_JINGLE_REASON_SECURITY_ERROR] = "security-error",
  [FERRY_JINGLE_REASON_SUCCESS] = "success",
  [FERRY_JINGLE_REASON_TIMEOUT] = "timeout",
  [FERRY_JINGLE_REASON_UNSUPPORTED_APPLICATIONS] = "unsupported-applications",
  [FERRY_JINGLE_REASON_UNSUPPORTED_TRANSPORTS] = "unsupported-transports",
};

const FerryJingleGeneration ferry_jingle_generation_1 = {
  .ns = FERRY_NS_JINGLE_1,
  .errors_ns = FERRY_NS_JINGLE_ERRORS_1,
  .reasons = reasons_1,
};

static const struct
{
  FerryStanzaErrorType  type;
  FerryCondition        condition;
  const char           *specific; /* (nullable) */
} refusals[] = {
  [FERRY_JINGLE_REFUSE_BUSY] = { FERRY_STANZA_ERROR_WAIT,
                                 FERRY_CONDITION_RESOURCE_CONSTRAINT, NULL },
  [FERRY_JINGLE_REFUSE_MALFORMED] = { FERRY_STANZA_ERROR_CANCEL,
                                      FERRY_CONDITION_BAD_REQUEST, NULL },
  [FERRY_JINGLE_REFUSE_OUT_OF_ORDER] = { FERRY_STANZA_ERROR_WAIT,
                                         FERRY_CONDITION_UNEXPECTED_REQUEST, "out-of-order" },
  [FERRY_JINGLE_REFUSE_UNKNOWN_SESSION] = { FERRY_STANZA_ERROR_CANCEL,
                                            FERRY_CONDITION_ITEM_NOT_FOUND, "unknown-session" },
  [FERRY_JINGLE_REFUSE_TIE_BREAK] = { FERRY_STANZA_ERROR_CANCEL,
                                      FERRY_CONDITION_CONFLICT, "tie-break" },
  [FERRY_JINGLE_REFUSE_INFO] = { FERRY_STANZA_ERROR_MODIFY,
                                 FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED, "unsupported-info" },
  [FERRY_JINGLE_REFUSE_CLEAR_CHANNEL] = { FERRY_STANZA_ERROR_CANCEL,
                                          FERRY_CONDITION_NOT_ACCEPTABLE, "security-required" },
  [FERRY_JINGLE_REFUSE_MODIFY] = { FERRY_STANZA_ERROR_CANCEL,
                                   FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED, NULL },
};

/* Peer: Dino writes "failed_transport"; seen in 0.4.2, in its source until 2026. An
 * unknown reason is a general error (protocols 3.4). */
FerryJingleReason
ferry_jingle_reason_parse (const char *name)
{
  g_autofree char *spelled = g_strdelimit (g_strdup (name), "_", '-');

  for (guint i = 0; i < FERRY_JINGLE_N_REASONS; i++)
    if (reasons_1[i] != NULL && g_strcmp0 (reasons_1[i], spelled) == 0)
      return i;

  return FERRY_JINGLE_REASON_GENERAL_ERROR;
}

FerryElement *
ferry_jingle_refuse (const FerryJingleGeneration *generation,
                     const FerryElement          *iq,
                     FerryJingleRefusal           refusal,
                     const char                  *text)
{
  g_autoptr(FerryStanzaError) error = NULL;
  const char *specific;

  g_return_val_if_fail (refusal < G_N_ELEMENTS (refusals), NULL);

  specific = refusals[refusal].specific;
  error = ferry_stanza_error_new (refusals[refusal].type, refusals[refusal].condition, specific,
                                  specific != NULL ? generation->errors_ns : NULL, text);

  return ferry_iq_new_error (iq, error);
}
