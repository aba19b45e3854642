/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "base/resumption.h"

G_BEGIN_DECLS

/**
 * FerryOtherWay:
 *
 * What a transfer keeps for the case that its path dies, and while it looks for another one.
 * It is the affair of transfer-resume.c and transfer-take-up.c.
 */
typedef struct
{
  FerryResumption  resumption;
  GSource         *looking;      /* (owned) (nullable): until something is due */
  gboolean         has_begun;    /* there was a way for the bytes */
  gboolean         is_choosing;  /* capabilities look for whom to offer it to */
  gboolean         is_trying;    /* … or a session tries to bring it on */
  GError          *broken;       /* (owned) (nullable): why it broke, the first time */
  const char      *broken_step;  /* (nullable): static */
  char            *story;        /* (owned) (nullable): what the ids of all its sessions have in
                                  * common; %NULL: one of us will not go on with it */
  guint            n_sids;
  gint64           taken_up_at;  /* bytes: where it was taken up the last time */
  guint            n_taken_up;   /* … from there: each time takes connections (SEC-13) */
  gboolean         was_secured;  /* and so are all further ways */
  GBytes          *certificate;  /* (owned) (nullable): what the peer showed then */
  GCancellable    *whole;        /* (owned) (nullable): of hashing all of the file sent */
  gboolean         is_withdrawn; /* our user cancelled while there was no session to say it in */
  gboolean         is_unwanted;  /* it goes on with what is over here: nobody is asked */
  gboolean         is_echo;      /* … and all of it arrived: only that is said again */
} FerryOtherWay;

G_END_DECLS
