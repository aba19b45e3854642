/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-hasher"

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "net/hasher.h"

struct _FerryHasher
{
  gnutls_hash_hd_t handles[FERRY_N_HASHES]; /* (nullable) */
};

static const gnutls_digest_algorithm_t gnutls_names[FERRY_N_HASHES] = {
  [FERRY_HASH_MD5] = GNUTLS_DIG_MD5,
  [FERRY_HASH_SHA1] = GNUTLS_DIG_SHA1,
  [FERRY_HASH_SHA256] = GNUTLS_DIG_SHA256,
  [FERRY_HASH_SHA512] = GNUTLS_DIG_SHA512,
  [FERRY_HASH_SHA3_256] = GNUTLS_DIG_SHA3_256,
};

FerryHasher *
ferry_hasher_new (guint algorithms)
{
  FerryHasher *self = g_new0 (FerryHasher, 1);

  for (guint i = 0; i < FERRY_N_HASHES; i++)
    {
      if ((algorithms & (1u << i)) != 0 &&
          gnutls_hash_init (&self->handles[i], gnutls_names[i]) != GNUTLS_E_SUCCESS)
        self->handles[i] = NULL;
    }

  return self;
}

void
ferry_hasher_update (FerryHasher *self,
                     const void  *data,
                     gsize        size)
{
  for (guint i = 0; i < FERRY_N_HASHES; i++)
    {
      if (self->handles[i] != NULL)
        gnutls_hash (self->handles[i], data, size);
    }
}

void
ferry_hasher_finish (FerryHasher *self,
                     FerryHashes *hashes)
{
  guint8 digest[FERRY_HASH_MAX_SIZE];

  for (guint i = 0; i < FERRY_N_HASHES; i++)
    {
      if (self->handles[i] == NULL)
        continue;

      gnutls_hash_deinit (self->handles[i], digest);

      if (hashes != NULL)
        ferry_hashes_set (hashes, i, digest);
    }

  g_free (self);
}
