/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_JINGLE_1        "urn:xmpp:jingle:1"
#define FERRY_NS_JINGLE_ERRORS_1 "urn:xmpp:jingle:errors:1"

/* Why a session or a content ends, XEP-0166 §7.4. */
typedef enum
{
  FERRY_JINGLE_REASON_NONE, /* none given */
  FERRY_JINGLE_REASON_ALTERNATIVE_SESSION,
  FERRY_JINGLE_REASON_BUSY,
  FERRY_JINGLE_REASON_CANCEL,
  FERRY_JINGLE_REASON_CONNECTIVITY_ERROR,
  FERRY_JINGLE_REASON_DECLINE,
  FERRY_JINGLE_REASON_EXPIRED,
  FERRY_JINGLE_REASON_FAILED_APPLICATION,
  FERRY_JINGLE_REASON_FAILED_TRANSPORT,
  FERRY_JINGLE_REASON_GENERAL_ERROR,
  FERRY_JINGLE_REASON_GONE,
  FERRY_JINGLE_REASON_INCOMPATIBLE_PARAMETERS,
  FERRY_JINGLE_REASON_MEDIA_ERROR,
  FERRY_JINGLE_REASON_SECURITY_ERROR,
  FERRY_JINGLE_REASON_SUCCESS,
  FERRY_JINGLE_REASON_TIMEOUT,
  FERRY_JINGLE_REASON_UNSUPPORTED_APPLICATIONS,
  FERRY_JINGLE_REASON_UNSUPPORTED_TRANSPORTS,
  FERRY_JINGLE_N_REASONS,
} FerryJingleReason;

/* What we answer instead of an acknowledgement; protocols 3.3. */
typedef enum
{
  FERRY_JINGLE_REFUSE_BUSY,          /* too many sessions (SEC-31) */
  FERRY_JINGLE_REFUSE_MALFORMED,
  FERRY_JINGLE_REFUSE_OUT_OF_ORDER,
  FERRY_JINGLE_REFUSE_UNKNOWN_SESSION,
  FERRY_JINGLE_REFUSE_TIE_BREAK,     /* ours counts (J-14) */
  FERRY_JINGLE_REFUSE_INFO,          /* the payload is not understood (J-7) */
  FERRY_JINGLE_REFUSE_CLEAR_CHANNEL, /* it belongs on the secured one (XTLS-24) */
  FERRY_JINGLE_REFUSE_MODIFY,        /* we do not change contents */
} FerryJingleRefusal;

/**
 * FerryJingleGeneration:
 *
 * What differs between the generations of Jingle core, as data.
 */
typedef struct
{
  const char        *ns;
  const char        *errors_ns;
  gboolean           names_parties;    /* every action says who is the initiator, and the responder
                                        * once there is one (J0-1) */
  gboolean           is_lax_about_security; /* security-info is taken, although undefined (J-19) */
  const char *const *reasons;          /* the words to write, by #FerryJingleReason */
} FerryJingleGeneration;

extern const FerryJingleGeneration ferry_jingle_generation_1;

/* Reads the words of every generation, and their misspellings. */
FerryJingleReason  ferry_jingle_reason_parse (const char                  *name);

/* The answer to @iq that says why it is not obeyed. @text: (nullable): English */
FerryElement      *ferry_jingle_refuse       (const FerryJingleGeneration *generation,
                                              const FerryElement          *iq,
                                              FerryJingleRefusal           refusal,
                                              const char                  *text);

G_END_DECLS
