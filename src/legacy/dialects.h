/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* All dialects of file transfer that Ferry speaks, best first, %NULL-terminated. Adding one is a
 * line in dialects.c. */
const FerryDialect *const *ferry_dialects_get         (void);
/* By command-line name; %NULL: no such dialect. */
const FerryDialect        *ferry_dialects_find        (const char *name);

/* The same of XML streams (XEP-0247). Their sessions have no file, their direction is BOTH and they
 * need config->security. An opening request is of theirs if their is_opening() says so, whatever
 * the file dialects say of it. One in which the founding draft is offered has a name that ends in
 * "-draft"; what a session is about in the end is ferry_session_get_application(). */
const FerryDialect *const *ferry_stream_dialects_get  (void);
const FerryDialect        *ferry_stream_dialects_find (const char *name);

G_END_DECLS
