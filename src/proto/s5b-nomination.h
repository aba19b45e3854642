/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/role.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_S5B_NOBODY,    /* no candidate works: fall back to another transport */
  FERRY_S5B_OURS,      /* the candidate we connected to wins */
  FERRY_S5B_THEIRS,    /* the candidate the peer connected to wins */
} FerryS5bWinner;

FerryS5bWinner ferry_s5b_nominate (FerryRole  our_role,
                                   const guint32   *our_pick,
                                   const guint32   *their_pick);

G_END_DECLS
