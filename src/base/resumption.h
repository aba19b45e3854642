/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is to be done about something that broke off. */
typedef enum
{
  FERRY_RESUMPTION_WAIT,    /* look again when it is due, or when something changed */
  FERRY_RESUMPTION_TRY,     /* now; say begin_try() */
  FERRY_RESUMPTION_GIVE_UP,
} FerryResumptionStep;

#define FERRY_RESUMPTION_MAX_TRIES 5 /* in a row, without getting on */

/**
 * FerryResumption:
 *
 * When to try again what broke off midway, and when to give it up: soon at first, then ever
 * later; for some time, and some times, unless it gets on in between. A plain value; it knows no
 * clock: times are arguments, µs, monotonic. Who only waits for the other side to try never
 * says begin_try().
 */
typedef struct
{
  /*< private >*/
  gint64   limit;     /* µs to look for, without getting on; 0: do not look */
  gint64   spent;     /* µs looked for since it got on, up to the last time it went on */
  gint64   broken_at;
  gint64   not_before; /* of the next try */
  gint64   position;  /* how far it had come */
  guint    n_tries;   /* since it got on */
  gboolean is_broken;
} FerryResumption;

void                ferry_resumption_init         (FerryResumption       *self,
                                                   gint64                 limit);
/* It broke at @position, or a try came to nothing. */
void                ferry_resumption_break        (FerryResumption       *self,
                                                   gint64                 position,
                                                   gint64                 now);
gboolean            ferry_resumption_is_broken    (const FerryResumption *self);
/* @can_try: there is somebody to ask, as far as we know. */
FerryResumptionStep ferry_resumption_judge        (const FerryResumption *self,
                                                   gboolean               can_try,
                                                   gint64                 now);
void                ferry_resumption_begin_try    (FerryResumption       *self,
                                                   gint64                 now);
/* What was tried in vain so far may be possible now. */
void                ferry_resumption_change_network (FerryResumption     *self,
                                                     gint64               now);
/* It goes on; from where, and how far, the next break says. */
void                ferry_resumption_go_on        (FerryResumption       *self,
                                                   gint64                 now);
/* When judge() may say something else, if nothing changes. @can_try: as there. */
gint64              ferry_resumption_get_due      (const FerryResumption *self,
                                                   gboolean               can_try,
                                                   gint64                 now);

G_END_DECLS
