/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/hashes.h"

G_BEGIN_DECLS

/* The hashes of XEP-0300 before 0.5, in what describes a file: `<hash/>` elements, in a
 * `<hashes/>` of their own or not (C-11). The newer ones are read as well. */
gboolean ferry_hashes_1_parse (FerryHashes          *self,
                               const FerryElement   *parent,
                               GError              **error);
/* Hex: FT4-1. */
void     ferry_hashes_1_build (const FerryHashes    *self,
                               FerryElementBuilder  *parent);

G_END_DECLS
