/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/transfer-private.h"

G_DEFINE_QUARK (ferry-transfer-error-quark, ferry_transfer_error)

/* A row for each way a session can end. */
typedef struct
{
  FerryTransferState  state;
  FerryTransferError  code;
  const char         *reason;
} Ending;

static const Ending endings[] = {
  [FERRY_OUTCOME_DONE] = { FERRY_TRANSFER_DONE },
  [FERRY_OUTCOME_DECLINED] = { FERRY_TRANSFER_DECLINED },
  [FERRY_OUTCOME_CANCELLED] = { FERRY_TRANSFER_CANCELLED },
  [FERRY_OUTCOME_UNCONFIRMED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_UNCONFIRMED,
    "all was sent, but its arrival was not confirmed",
  },
  [FERRY_OUTCOME_PEER_CANCELLED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_PEER_CANCELLED, "the other side cancelled",
  },
  [FERRY_OUTCOME_PEER_GONE] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_PEER_GONE, "the other side went away",
  },
  [FERRY_OUTCOME_PEER_CANNOT] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT,
    "the other side's program cannot receive files this way",
  },
  [FERRY_OUTCOME_PEER_BUSY] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_PEER_BUSY, "the other side is busy",
  },
  [FERRY_OUTCOME_REFUSED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_REFUSED, "the request was refused",
  },
  [FERRY_OUTCOME_NOT_SHARED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_NOT_SHARED,
    "the other side shares no such file with us",
  },
  [FERRY_OUTCOME_NO_ROUTE] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_NO_ROUTE, "no path to the other side works",
  },
  [FERRY_OUTCOME_RETRY_IN_BAND] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_NO_ROUTE, "no path to the other side works",
  },
  [FERRY_OUTCOME_CORRUPT] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_CORRUPT,
    "the file that arrived is not the one that was sent",
  },
  [FERRY_OUTCOME_TOO_LARGE] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_TOO_LARGE, "more bytes came than were announced",
  },
  [FERRY_OUTCOME_TRUNCATED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_TRUNCATED, "the end of the file is missing",
  },
  [FERRY_OUTCOME_DISK] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_DISK, "the disk failed",
  },
  [FERRY_OUTCOME_PEER_FAILED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_PEER_FAILED, "the other side failed",
  },
  [FERRY_OUTCOME_EXPIRED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_EXPIRED, "nobody answered in time",
  },
  [FERRY_OUTCOME_PROTOCOL] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_PROTOCOL, "the other side broke the protocol",
  },
  [FERRY_OUTCOME_INSECURE] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_SECURITY, "it could not be encrypted safely",
  },
  [FERRY_OUTCOME_STRIPPED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_STRIPPED,
    "the encryption was removed on the way, perhaps by an attacker",
  },
  [FERRY_OUTCOME_KEY_CHANGED] = {
    FERRY_TRANSFER_FAILED, FERRY_TRANSFER_ERROR_KEY_CHANGED,
    "the other side's key is not the known one",
  },
};

gboolean
ferry_transfer_error_is_security (int code)
{
  return code == FERRY_TRANSFER_ERROR_SECURITY || code == FERRY_TRANSFER_ERROR_STRIPPED
         || code == FERRY_TRANSFER_ERROR_KEY_CHANGED;
}

FerryTransferState
ferry_outcome_get_state (FerryOutcome outcome)
{
  g_return_val_if_fail ((guint) outcome < G_N_ELEMENTS (endings), FERRY_TRANSFER_FAILED);

  return endings[outcome].state;
}

/* What went wrong here may be known better than by the way the session ended: a peer that fell
 * silent makes some dialects speak of a cancellation. The disk of who sends is a file of theirs. */
static const char *
get_reason (const Ending      *ending,
            FerryTransferError code)
{
  if (code == FERRY_TRANSFER_ERROR_FILE)
    return "the file cannot be sent";

  if (code == FERRY_TRANSFER_ERROR_CONNECTION_LOST)
    return "our connection was lost";

  for (guint i = 0; i < G_N_ELEMENTS (endings) && code != ending->code; i++)
    {
      if (endings[i].reason != NULL && endings[i].code == code)
        return endings[i].reason;
    }

  return ending->reason;
}

GError *
ferry_outcome_to_error (FerryOutcome  outcome,
                        const char   *step,
                        const char   *text,
                        const GError *failure)
{
  const Ending *ending = &endings[outcome];
  int code = ending->code;

  if (ending->state != FERRY_TRANSFER_FAILED)
    return NULL;

  if (failure != NULL)
    text = failure->message;

  if (failure != NULL && failure->domain == FERRY_TRANSFER_ERROR)
    code = failure->code;

  if (text == NULL || *text == '\0')
    return g_error_new (FERRY_TRANSFER_ERROR, code, "%s: %s", step, get_reason (ending, code));

  return g_error_new (FERRY_TRANSFER_ERROR, code, "%s: %s (%s)", step,
                      get_reason (ending, code), text);
}
