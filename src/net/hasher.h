/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/hashes.h"

G_BEGIN_DECLS

/**
 * FerryHasher:
 *
 * Several digests of one stream of bytes at once. The home of gnutls/crypto.h,
 * which uses the CPU's SHA instructions where GChecksum does not (1.7 against
 * 0.3 GB/s). Not thread safe, but may move from one thread to another.
 */
typedef struct _FerryHasher FerryHasher;

/* @algorithms: bit per #FerryHashAlgorithm. One that GnuTLS refuses (MD5 in
 * FIPS mode) is left out of the result. */
FerryHasher *ferry_hasher_new    (guint        algorithms);
void         ferry_hasher_update (FerryHasher *self,
                                  const void  *data,
                                  gsize        size);
/* Frees @self; the digests are added to @hashes (nullable). */
void         ferry_hasher_finish (FerryHasher *self,
                                  FerryHashes *hashes);

G_END_DECLS
