/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/s5b-variant.h"

G_BEGIN_DECLS

/* XEP-0065 as it is, without Jingle's reports: SI, REL and Jingle's bytestreams:0. What
 * its stanzas are to the engine says proto/s5b-engine.h. */
extern const FerryS5bRules ferry_bytestreams_rules;

G_END_DECLS
