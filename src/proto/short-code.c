/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/short-code.h"

/* One hash must never pass for the other, nor for one that somebody else computes. */
#define DOMAIN_COMMIT "urn:ferry:comparison:0 commitment"
#define DOMAIN_CODE   "urn:ferry:comparison:0 number"

#define SHA256_SIZE 32 /* bytes */

/* Each field follows its length (4 bytes, big-endian): no two lists of fields are the same bytes. */
static void
add_field (GChecksum    *hash,
           gconstpointer data,
           gsize         size)
{
  guint32 length = GUINT32_TO_BE ((guint32) size);

  g_checksum_update (hash, (const guchar *) &length, sizeof length);
  if (size > 0)
    g_checksum_update (hash, data, size);
}

static GChecksum *
begin_hash (const char                  *domain,
            const FerryShortCodeBinding *binding)
{
  GChecksum *hash = g_checksum_new (G_CHECKSUM_SHA256);

  add_field (hash, domain, strlen (domain));
  add_field (hash, binding->initiator_sha256, strlen (binding->initiator_sha256));
  add_field (hash, binding->responder_sha256, strlen (binding->responder_sha256));
  add_field (hash, binding->channel, binding->n_channel);

  return hash;
}

/* SHA-256 (domain, initiator's certificate, responder's certificate, channel, nonce) */
char *
ferry_short_code_commit (const guint8                *nonce,
                         const FerryShortCodeBinding *binding)
{
  g_autoptr(GChecksum) hash = NULL;

  g_return_val_if_fail (nonce != NULL && binding != NULL, NULL);

  hash = begin_hash (DOMAIN_COMMIT, binding);
  add_field (hash, nonce, FERRY_SHORT_CODE_NONCE);

  return g_strdup (g_checksum_get_string (hash));
}

gboolean
ferry_short_code_check (const char                  *commitment,
                        const guint8                *nonce,
                        const FerryShortCodeBinding *binding)
{
  g_autofree char *expected = NULL;
  volatile guint8 difference = 0; /* else a compiler may stop at the first */

  g_return_val_if_fail (commitment != NULL && nonce != NULL && binding != NULL, FALSE);

  expected = ferry_short_code_commit (nonce, binding);
  if (strlen (commitment) != strlen (expected))
    return FALSE;
  for (gsize i = 0; expected[i] != '\0'; i++)
    difference |= expected[i] ^ commitment[i];

  return difference == 0;
}

/* SHA-256 (domain, initiator's certificate, responder's certificate, channel, first, second):
 * its first 8 bytes, big-endian, modulo 10^9. 2^64 is no multiple of that, so that some numbers
 * are likelier than others by less than one part in 10^10: nothing that helps to guess. */
char *
ferry_short_code_new (const guint8                *first,
                      const guint8                *second,
                      const FerryShortCodeBinding *binding)
{
  g_autoptr(GChecksum) hash = NULL;
  guint8 digest[SHA256_SIZE];
  gsize size = sizeof digest;
  guint64 number = 0;

  g_return_val_if_fail (first != NULL && second != NULL && binding != NULL, NULL);

  hash = begin_hash (DOMAIN_CODE, binding);
  add_field (hash, first, FERRY_SHORT_CODE_NONCE);
  add_field (hash, second, FERRY_SHORT_CODE_NONCE);
  g_checksum_get_digest (hash, digest, &size);

  for (guint i = 0; i < sizeof number; i++)
    number = number << 8 | digest[i];
  number %= 1000000000;

  return g_strdup_printf ("%03u %03u %03u", (guint) (number / 1000000),
                          (guint) (number / 1000 % 1000), (guint) (number % 1000));
}
