/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"

/* RFC 6120 §8.3.2 */
typedef enum
{
  FERRY_STANZA_ERROR_AUTH,
  FERRY_STANZA_ERROR_CANCEL,
  FERRY_STANZA_ERROR_CONTINUE,
  FERRY_STANZA_ERROR_MODIFY,
  FERRY_STANZA_ERROR_WAIT,
} FerryStanzaErrorType;

/* RFC 6120 §8.3.3, in its order. */
typedef enum
{
  FERRY_CONDITION_BAD_REQUEST,
  FERRY_CONDITION_CONFLICT,
  FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED,
  FERRY_CONDITION_FORBIDDEN,
  FERRY_CONDITION_GONE,
  FERRY_CONDITION_INTERNAL_SERVER_ERROR,
  FERRY_CONDITION_ITEM_NOT_FOUND,
  FERRY_CONDITION_JID_MALFORMED,
  FERRY_CONDITION_NOT_ACCEPTABLE,
  FERRY_CONDITION_NOT_ALLOWED,
  FERRY_CONDITION_NOT_AUTHORIZED,
  FERRY_CONDITION_POLICY_VIOLATION,
  FERRY_CONDITION_RECIPIENT_UNAVAILABLE,
  FERRY_CONDITION_REDIRECT,
  FERRY_CONDITION_REGISTRATION_REQUIRED,
  FERRY_CONDITION_REMOTE_SERVER_NOT_FOUND,
  FERRY_CONDITION_REMOTE_SERVER_TIMEOUT,
  FERRY_CONDITION_RESOURCE_CONSTRAINT,
  FERRY_CONDITION_SERVICE_UNAVAILABLE,
  FERRY_CONDITION_SUBSCRIPTION_REQUIRED,
  FERRY_CONDITION_UNDEFINED_CONDITION,
  FERRY_CONDITION_UNEXPECTED_REQUEST,
} FerryCondition;

/**
 * FerryStanzaError:
 *
 * The `<error/>` of a stanza (RFC 6120 §8.3): one that we answer, or one that
 * was answered to us. Old peers send only a code or only a text (GEN-5); that
 * is read as the condition it maps to.
 */
typedef struct
{
  FerryStanzaErrorType  type;
  FerryCondition        condition;
  char                 *specific;    /* (owned) (nullable): e.g. "out-of-order" */
  char                 *specific_ns; /* (owned) (nullable) */
  char                 *text;        /* (owned) (nullable) */
  guint                 code;        /* of the time before XMPP (XEP-0086); 0: none */
} FerryStanzaError;

FerryStanzaError *ferry_stanza_error_new          (FerryStanzaErrorType    type,
                                                   FerryCondition          condition,
                                                   const char             *specific,
                                                   const char             *specific_ns,
                                                   const char             *text);
FerryStanzaError *ferry_stanza_error_copy         (const FerryStanzaError *self);
void              ferry_stanza_error_free         (FerryStanzaError       *self);
FerryStanzaError *ferry_stanza_error_from_stanza  (const FerryElement     *stanza);
FerryElement     *ferry_stanza_error_to_element   (const FerryStanzaError *self);
/* Says it in the old way too, for 0087, 0041 and 0065 peers (GEN-6). */
void              ferry_stanza_error_add_code     (FerryStanzaError       *self);
gboolean          ferry_stanza_error_is_specific  (const FerryStanzaError *self,
                                                   const char             *specific);
const char       *ferry_condition_to_string       (FerryCondition          condition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryStanzaError, ferry_stanza_error_free)

G_END_DECLS
