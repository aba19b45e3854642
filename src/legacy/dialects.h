/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* All dialects Ferry speaks, best first, %NULL-terminated. Adding one is a line in dialects.c. */
const FerryDialect *const *ferry_dialects_get  (void);
/* By command-line name; %NULL: no such dialect. */
const FerryDialect        *ferry_dialects_find (const char *name);

G_END_DECLS
