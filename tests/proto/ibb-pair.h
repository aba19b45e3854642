/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/ibb-machine.h"
#include "proto/iq.h"

G_BEGIN_DECLS

#define SECOND G_GINT64_CONSTANT (1000000)

/* Two machines and the server between them. Stanzas wait in one queue for each
 * direction until the test lets them arrive. */
typedef struct
{
  FerryIbbMachine *machine[2];
  GQueue           queue[2];    /* FerryElement: to this side */
  GByteArray      *received[2];
  guint            n_opened[2];
  guint            n_finished[2];
  guint            n_failed[2];
  char            *failure[2];
  gint64           now;
} Pair;

/* Puts what @side wants said on its way. */
void     pair_run        (Pair                 *pair,
                          guint                 side,
                          GPtrArray            *effects);
void     pair_init       (Pair                 *pair,
                          const FerryIbbConfig *first,
                          const FerryIbbConfig *second);
/* Both of the same terms, and open. */
void     pair_init_open  (Pair                 *pair,
                          guint                 max_window);
void     pair_clear      (Pair                 *pair);

void     pair_feed       (Pair                 *pair,
                          guint                 side,
                          FerryElement         *stanza);
/* The oldest stanza on its way to @side. Returns: whether there was one */
gboolean pair_deliver    (Pair                 *pair,
                          guint                 side);
/* Answers that stanza with an error instead. */
void     pair_bounce     (Pair                 *pair,
                          guint                 side,
                          FerryStanzaErrorType  type,
                          FerryCondition        condition);
void     pair_settle     (Pair                 *pair);

void     pair_open_from  (Pair                 *pair,
                          guint                 side);
void     pair_close_from (Pair                 *pair,
                          guint                 side);
void     pair_send       (Pair                 *pair,
                          guint                 side,
                          const char           *data);
/* As many blocks as the window takes. */
guint    pair_send_all   (Pair                 *pair,
                          guint                 side);
/* Lets time pass until @side's deadline. */
void     pair_wake       (Pair                 *pair,
                          guint                 side);

G_END_DECLS
