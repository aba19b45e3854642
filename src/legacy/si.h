/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* The dialect "si": stream initiation (XEP-0095) for files (XEP-0096), as Pidgin, Psi and the
 * libraries of that age still speak it. */
extern const FerryDialect ferry_si_dialect;

/* What its forerunner "si-87" has in common with it: the door, and who is turned away there. */
extern const FerryDialectEntrance ferry_si_entrances[];

const char   *ferry_si_get_sid     (const FerryElement *iq);
/* The same in both: what was said in between decides which of them an offer is. */
FerryElement *ferry_si_refuse_iq   (const FerryElement *iq);
FerryElement *ferry_si_busy        (const FerryElement *iq);

G_END_DECLS
