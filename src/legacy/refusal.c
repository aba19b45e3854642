/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/refusal.h"

/* Everything that says "not like this" is worth another dialect (SEL-4). Peers: a method or a
 * profile that is unknown is not-acceptable to Psi, service-unavailable to gloox, a plain
 * bad-request to QXmpp. */
FerryOutcome
ferry_refusal_get_outcome (const FerryStanzaError *error)
{
  switch ((guint) error->condition)
    {
    case FERRY_CONDITION_FORBIDDEN:
      return FERRY_OUTCOME_DECLINED;
    case FERRY_CONDITION_BAD_REQUEST:
    case FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED:
    case FERRY_CONDITION_NOT_ACCEPTABLE:
    case FERRY_CONDITION_SERVICE_UNAVAILABLE:
      return FERRY_OUTCOME_PEER_CANNOT;
    case FERRY_CONDITION_RESOURCE_CONSTRAINT:
      return FERRY_OUTCOME_PEER_BUSY;
    case FERRY_CONDITION_GONE:
    case FERRY_CONDITION_RECIPIENT_UNAVAILABLE:
    case FERRY_CONDITION_REMOTE_SERVER_NOT_FOUND:
    case FERRY_CONDITION_REMOTE_SERVER_TIMEOUT:
      return FERRY_OUTCOME_PEER_GONE;
    default:
      return FERRY_OUTCOME_REFUSED;
    }
}

char *
ferry_refusal_dup_text (const FerryStanzaError *error,
                        const char             *what)
{
  const char *condition = ferry_condition_to_string (error->condition);
  const char *more = error->text != NULL ? error->text : error->specific;

  return g_strdup_printf ("%s was answered %s%s%s", what, condition,
                          more != NULL ? ": " : "", more != NULL ? more : "");
}
