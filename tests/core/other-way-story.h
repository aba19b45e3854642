/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "secure-story.h"

G_BEGIN_DECLS

/* The path of a file, "film.mkv", dies while it is on its way from Romeo to Juliet. */

#define OTHER_WAY_SIZE (31 * 1024 * 1024) /* small enough to be hashed before it is offered */

typedef struct
{
  guint  n_offers; /* that Juliet was asked about */
  guint  states;   /* bit per state that one of both ends has been in since Juliet accepted */
  gint64 bytes;    /* the most that was shown of it to her: it never goes back */
} OtherWaySeen;

extern OtherWaySeen other_way_seen;
extern const Way    other_way_direct;
extern const Way    other_way_in_band;

void     other_way_set_up              (Story         *story,
                                        gconstpointer  data);
/* Their clients are of another kind. */
void     other_way_set_up_foreign      (Story         *story,
                                        gconstpointer  data);
void     other_way_set_up_secure       (Story         *story,
                                        gconstpointer  data);
void     other_way_tear_down           (Story         *story,
                                        gconstpointer  data);
/* What programs with a window announce in their presence. */
void     other_way_show_caps           (Party         *party,
                                        const char    *to);
/* How long both look for another way. */
void     other_way_limit_patience      (Story         *story,
                                        guint          seconds);
/* Juliet has accepted, and takes no byte … */
void     other_way_begin               (Story         *story,
                                        GBytes        *contents);
/* … and now she has some, but not all. */
void     other_way_take_some           (Story         *story);
/* Of what she has; -1: nothing. */
gint64   other_way_get_part_size       (Story         *story);
/* The direct path, at this end. */
void     other_way_cut                 (FerryTransfer *transfer);
/* Both look for another one. */
void     other_way_wait_for_break      (Story         *story);
gboolean other_way_is_idle             (gpointer       subject,
                                        guint          number);
/* As the same transfer on both sides, and she was asked once. */
void     other_way_assert_arrived      (Story         *story,
                                        GBytes        *contents);
void     other_way_assert_is_not_there (Story         *story);

G_END_DECLS
