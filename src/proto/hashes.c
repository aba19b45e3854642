/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/base64.h"
#include "proto/hashes.h"
#include "proto/proto-error.h"

typedef struct
{
  const char *name; /* in the registry of hash function text names */
  gsize       size; /* bytes */
} Algorithm;

static const Algorithm algorithms[FERRY_N_HASHES] = {
  [FERRY_HASH_MD5] = { "md5", 16 },
  [FERRY_HASH_SHA1] = { "sha-1", 20 },
  [FERRY_HASH_SHA256] = { "sha-256", 32 },
  [FERRY_HASH_SHA512] = { "sha-512", 64 },
  [FERRY_HASH_SHA3_256] = { "sha3-256", 32 },
};

/* What shows that nobody tampered, SEC-23. */
#define STRONG ((1u << FERRY_HASH_SHA256) | (1u << FERRY_HASH_SHA512) | (1u << FERRY_HASH_SHA3_256))

const char *
ferry_hash_algorithm_get_name (FerryHashAlgorithm algorithm)
{
  g_return_val_if_fail (algorithm < FERRY_N_HASHES, NULL);

  return algorithms[algorithm].name;
}

gboolean
ferry_hash_algorithm_parse (const char         *name,
                            FerryHashAlgorithm *algorithm)
{
  for (guint i = 0; i < FERRY_N_HASHES; i++)
    if (g_strcmp0 (algorithms[i].name, name) == 0)
      {
        *algorithm = i;
        return TRUE;
      }

  return FALSE;
}

gsize
ferry_hash_algorithm_get_size (FerryHashAlgorithm algorithm)
{
  g_return_val_if_fail (algorithm < FERRY_N_HASHES, 0);

  return algorithms[algorithm].size;
}

void
ferry_hashes_announce (FerryHashes        *self,
                       FerryHashAlgorithm  algorithm)
{
  g_return_if_fail (algorithm < FERRY_N_HASHES);

  self->announced |= 1u << algorithm;
}

void
ferry_hashes_set (FerryHashes        *self,
                  FerryHashAlgorithm  algorithm,
                  const guint8       *digest)
{
  g_return_if_fail (algorithm < FERRY_N_HASHES && digest != NULL);

  self->announced |= 1u << algorithm;
  self->present |= 1u << algorithm;
  memcpy (self->digest[algorithm], digest, algorithms[algorithm].size);
}

const guint8 *
ferry_hashes_get (const FerryHashes  *self,
                  FerryHashAlgorithm  algorithm)
{
  g_return_val_if_fail (algorithm < FERRY_N_HASHES, NULL);

  return self->present & (1u << algorithm) ? self->digest[algorithm] : NULL;
}

/* Returns: (transfer full) (nullable): lower-case hex; %NULL if the digest is not known */
char *
ferry_hashes_dup_hex (const FerryHashes  *self,
                      FerryHashAlgorithm  algorithm)
{
  const guint8 *digest = ferry_hashes_get (self, algorithm);
  GString *hex;

  if (digest == NULL)
    return NULL;

  hex = g_string_sized_new (2 * FERRY_HASH_MAX_SIZE + 1);
  for (gsize i = 0; i < algorithms[algorithm].size; i++)
    g_string_append_printf (hex, "%02x", digest[i]);

  return g_string_free (hex, FALSE);
}

/* Adds what @other knows; a digest that @self has already stays. */
void
ferry_hashes_merge (FerryHashes       *self,
                    const FerryHashes *other)
{
  guint fresh = other->present & ~self->present;

  for (guint i = 0; i < FERRY_N_HASHES; i++)
    if (fresh & (1u << i))
      ferry_hashes_set (self, i, other->digest[i]);

  self->announced |= other->announced;
}

/* FT-6: every algorithm that both sides know must agree. */
FerryHashVerdict
ferry_hashes_compare (const FerryHashes *expected,
                      const FerryHashes *computed)
{
  guint common = expected->present & computed->present;

  for (guint i = 0; i < FERRY_N_HASHES; i++)
    if (common & (1u << i) &&
        memcmp (expected->digest[i], computed->digest[i], algorithms[i].size) != 0)
      return FERRY_HASHES_MISMATCH;

  if (common & STRONG)
    return FERRY_HASHES_VERIFIED;

  return common ? FERRY_HASHES_WEAK : FERRY_HASHES_UNKNOWN;
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* Returns: (transfer full) (nullable): the octets of @size * 2 digits; %NULL: it is not that */
static GBytes *
decode_hex (const char *text,
            gsize       size)
{
  guint8 octets[FERRY_HASH_MAX_SIZE];

  if (strlen (text) != 2 * size)
    return NULL;

  for (gsize i = 0; i < size; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return NULL;

      octets[i] = high << 4 | low;
    }

  return g_bytes_new (octets, size);
}

/* @decoded: (nullable): what @algorithm should have given */
static gboolean
take_digest (FerryHashes         *self,
             FerryHashAlgorithm   algorithm,
             GBytes              *decoded,
             GError             **error)
{
  const guint8 *known = ferry_hashes_get (self, algorithm);
  const guint8 *digest;
  gsize size = 0;

  digest = decoded != NULL ? g_bytes_get_data (decoded, &size) : NULL;

  if (size != algorithms[algorithm].size || (known != NULL && memcmp (known, digest, size) != 0))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "Not a %s digest", algorithms[algorithm].name);
      return FALSE;
    }

  ferry_hashes_set (self, algorithm, digest);

  return TRUE;
}

/* The octets of hex or of Base64: no digest has the same length in both (FT4-1). */
gboolean
ferry_hashes_parse_digest (FerryHashes         *self,
                           FerryHashAlgorithm   algorithm,
                           const char          *text,
                           GError             **error)
{
  g_autofree char *digits = g_strstrip (g_strdup (text));
  g_autoptr(GBytes) decoded = decode_hex (digits, algorithms[algorithm].size);

  if (decoded == NULL)
    decoded = ferry_base64_decode (text, FERRY_HASH_MAX_SIZE);

  return take_digest (self, algorithm, decoded, error);
}

/* An unknown algorithm is skipped, an empty element announces: both are nothing wrong. */
gboolean
ferry_hashes_parse_element (FerryHashes         *self,
                            const FerryElement  *hash,
                            FerryHashText        form,
                            GError             **error)
{
  const char *name = ferry_element_get_attribute (hash, "algo");
  const char *text = ferry_element_get_text (hash);
  g_autoptr(GBytes) decoded = NULL;
  FerryHashAlgorithm algorithm;

  if (name == NULL)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "A hash without its algorithm");
      return FALSE;
    }

  if (!ferry_hash_algorithm_parse (name, &algorithm))
    return TRUE;

  ferry_hashes_announce (self, algorithm);
  if (is_blank (text) || ferry_element_is (hash, "hash-used", FERRY_NS_HASHES_2))
    return TRUE;

  if (form == FERRY_HASH_TEXT_ANY)
    return ferry_hashes_parse_digest (self, algorithm, text, error);

  decoded = ferry_base64_decode (text, FERRY_HASH_MAX_SIZE);

  return take_digest (self, algorithm, decoded, error);
}

/**
 * ferry_hashes_parse:
 * @self: (inout): what is found is added; unchanged on error
 *
 * An unknown algorithm is nothing wrong; a digest of the wrong length, or two
 * that contradict each other, are %FERRY_PROTO_ERROR_MALFORMED.
 */
gboolean
ferry_hashes_parse (FerryHashes         *self,
                    const FerryElement  *parent,
                    GError             **error)
{
  FerryHashes found = *self;

  for (guint i = 0; i < ferry_element_get_n_children (parent); i++)
    {
      const FerryElement *child = ferry_element_get_child (parent, i);

      if ((ferry_element_is (child, "hash", FERRY_NS_HASHES_2) ||
           ferry_element_is (child, "hash-used", FERRY_NS_HASHES_2)) &&
          !ferry_hashes_parse_element (&found, child, FERRY_HASH_TEXT_BASE64, error))
        return FALSE;
    }

  *self = found;

  return TRUE;
}

void
ferry_hashes_build (const FerryHashes   *self,
                    FerryElementBuilder *parent)
{
  for (guint i = 0; i < FERRY_N_HASHES; i++)
    {
      const guint8 *digest = ferry_hashes_get (self, i);

      if ((self->announced & (1u << i)) == 0)
        continue;

      ferry_element_builder_open (parent, digest ? "hash" : "hash-used", FERRY_NS_HASHES_2);
      ferry_element_builder_attribute (parent, "algo", algorithms[i].name);
      if (digest != NULL)
        {
          g_autofree char *text = g_base64_encode (digest, algorithms[i].size);

          ferry_element_builder_text (parent, text);
        }
      ferry_element_builder_close (parent);
    }
}
