/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/trust.h"
#include "two-clients.h"

G_BEGIN_DECLS

/* Romeo sends Juliet files, and both can encrypt. */

typedef struct
{
  const FerryDialect *dialect;
  FerryPaths          path;
} Way;

typedef struct
{
  TwoClients     clients;
  FerryTransfer *sent;    /* (owned) (nullable) */
  FerryTransfer *offered; /* (owned) (nullable) */
} Story;

/* @data: a Way; %NULL: whatever the settings allow. Policy AUTO on both sides. */
void story_set_up         (Story              *story,
                           gconstpointer       data);
/* Nobody has a trust: that is the test's to give, and to befriend them. */
void story_set_up_bare    (Story              *story,
                           gconstpointer       data);
void story_tear_down      (Story              *story,
                           gconstpointer       data);
/* @sent: the last one; what came before is over. */
void story_send           (Story              *story,
                           const char         *name,
                           GBytes             *contents);
/* Waits for Juliet's @n-th row. */
void story_offer          (Story              *story,
                           guint               n,
                           const char         *name,
                           GBytes             *contents);
/* The whole of it: both ends are DONE, and the file is there. */
void story_carry          (Story              *story,
                           guint               n,
                           const char         *name,
                           GBytes             *contents);
void story_expect         (FerryTransfer      *transfer,
                           gboolean            is_encrypted,
                           FerryTrustLevel     level);
/* Waits for the end, which is a failure. */
void story_expect_failure (FerryTransfer      *transfer,
                           FerryTransferError  code,
                           const char         *step);
/* What @party knows of @whom is the certificate of @other; %NULL: nothing. */
void party_assert_pinned  (Party              *party,
                           const char         *whom,
                           Party              *other);

G_END_DECLS
