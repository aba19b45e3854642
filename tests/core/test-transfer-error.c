/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/transfer-private.h"

/* What a user is told when a transfer fails: code and words agree. */

typedef struct
{
  const char  *name;
  FerryOutcome outcome;
  int          failure; /* the code of what went wrong here; -1: nothing did */
  int          code;
  const char  *message;
} Case;

static const Case cases[] = {
  { "/core/transfer-error/names-step-and-reason", FERRY_OUTCOME_PEER_CANCELLED, -1,
    FERRY_TRANSFER_ERROR_PEER_CANCELLED, "data: the other side cancelled (heard)" },
  { "/core/transfer-error/silence-is-no-cancellation", FERRY_OUTCOME_PEER_CANCELLED,
    FERRY_TRANSFER_ERROR_PEER_GONE, FERRY_TRANSFER_ERROR_PEER_GONE,
    "data: the other side went away (seen)" },
  { "/core/transfer-error/our-connection-is-not-the-peer", FERRY_OUTCOME_PEER_CANCELLED,
    FERRY_TRANSFER_ERROR_CONNECTION_LOST, FERRY_TRANSFER_ERROR_CONNECTION_LOST,
    "data: our connection was lost (seen)" },
  { "/core/transfer-error/a-file-to-send-is-no-disk", FERRY_OUTCOME_DISK,
    FERRY_TRANSFER_ERROR_FILE, FERRY_TRANSFER_ERROR_FILE, "data: the file cannot be sent (seen)" },
  { "/core/transfer-error/a-full-disk-is-a-disk", FERRY_OUTCOME_DISK,
    FERRY_TRANSFER_ERROR_DISK_FULL, FERRY_TRANSFER_ERROR_DISK_FULL,
    "data: the disk failed (seen)" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr(GError) failure = NULL;
  g_autoptr(GError) error = NULL;

  if (c->failure >= 0)
    failure = g_error_new_literal (FERRY_TRANSFER_ERROR, c->failure, "seen");

  error = ferry_outcome_to_error (c->outcome, "data", "heard", failure);
  g_assert_error (error, FERRY_TRANSFER_ERROR, c->code);
  g_assert_cmpstr (error->message, ==, c->message);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].name, &cases[i], test_case);

  return g_test_run ();
}
