/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/path-planner.h"
#include "proto/s5b-candidate.h"

G_BEGIN_DECLS

/* How we came to a peer's host, which its type does not tell: mapped ones are "direct", too
 * (S5B1-16). By what else the peer has offered: who has a private address of the family is behind
 * a router, so that one of wider reach is the router's.
 * @theirs: (element-type FerryS5bCandidate): all that the peer has offered
 * @punches: assisted ones are predictions */
FerryPathOrigin ferry_s5b_guess_origin         (GPtrArray               *theirs,
                                                const FerryS5bCandidate *candidate,
                                                gboolean                 punches);
/* The same for a connection that came in at @local from @remote, where we are not told which of
 * our hosts is meant. */
FerryPathOrigin ferry_s5b_guess_inbound_origin (const char              *local,
                                                const char              *remote);

G_END_DECLS
