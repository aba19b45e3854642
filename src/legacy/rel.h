/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* Reliable entity link, XEP-0041, after an offer as in its listing 3. */
extern const FerryDialect ferry_rel_dialect;

G_END_DECLS
