/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/file-description.h"

G_BEGIN_DECLS

/* What XEP-0087 says of a file (SI87-5): children of the `<si/>`
 *
 *   <header name='name'>a.txt</header>   required
 *   <header name='size'>6</header>       required
 *   <header name='hash'>…</header>       SHA-1, hex
 *   <header name='date'>…</header>
 *   <header name='desc'>…</header>
 */

/* Fails with what ferry_si_file_parse_offer() fails with. */
FerryFileDescription *ferry_si_headers_parse (const FerryElement          *si,
                                              GError                     **error);
/* What @file does not know is not written. */
void                  ferry_si_headers_build (const FerryFileDescription  *file,
                                              FerryElementBuilder         *si);

G_END_DECLS
