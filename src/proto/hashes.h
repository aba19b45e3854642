/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_HASHES_2 "urn:xmpp:hashes:2"

/* The algorithms of XEP-0300 that we can compute, weakest first. */
typedef enum
{
  FERRY_HASH_MD5,
  FERRY_HASH_SHA1,
  FERRY_HASH_SHA256,
  FERRY_HASH_SHA512,
  FERRY_HASH_SHA3_256,
  FERRY_N_HASHES,
} FerryHashAlgorithm;

#define FERRY_HASH_MAX_SIZE 64

/**
 * FerryHashes:
 *
 * A set of digests, at most one an algorithm, as a plain value: assign it,
 * compare it. An algorithm may be announced without its digest (`<hash-used/>`,
 * or an empty `<hash/>`).
 */
typedef struct
{
  guint  announced; /* bit per algorithm */
  guint  present;   /* bit per algorithm; a subset of announced */
  guint8 digest[FERRY_N_HASHES][FERRY_HASH_MAX_SIZE];
} FerryHashes;

typedef enum
{
  FERRY_HASHES_UNKNOWN,  /* nothing in common to compare */
  FERRY_HASHES_WEAK,     /* all common ones agree, but none is SHA-256 or better (SEC-23) */
  FERRY_HASHES_VERIFIED,
  FERRY_HASHES_MISMATCH, /* at least one differs (FT-6) */
} FerryHashVerdict;

/* How a digest is written. */
typedef enum
{
  FERRY_HASH_TEXT_BASE64, /* FT5-5 */
  FERRY_HASH_TEXT_ANY,    /* or hex: no digest has the same length in both (FT4-1) */
} FerryHashText;

const char       *ferry_hash_algorithm_get_name (FerryHashAlgorithm   algorithm);
gboolean          ferry_hash_algorithm_parse    (const char          *name,
                                                 FerryHashAlgorithm  *algorithm);
gsize             ferry_hash_algorithm_get_size (FerryHashAlgorithm   algorithm);

void              ferry_hashes_announce         (FerryHashes         *self,
                                                 FerryHashAlgorithm   algorithm);
void              ferry_hashes_set              (FerryHashes         *self,
                                                 FerryHashAlgorithm   algorithm,
                                                 const guint8        *digest);
const guint8     *ferry_hashes_get              (const FerryHashes   *self,
                                                 FerryHashAlgorithm   algorithm);
char             *ferry_hashes_dup_hex          (const FerryHashes   *self,
                                                 FerryHashAlgorithm   algorithm);
void              ferry_hashes_merge            (FerryHashes         *self,
                                                 const FerryHashes   *other);
FerryHashVerdict  ferry_hashes_compare          (const FerryHashes   *expected,
                                                 const FerryHashes   *computed);

/* One digest in any form, as older dialects write it; announces it, too. */
gboolean          ferry_hashes_parse_digest     (FerryHashes         *self,
                                                 FerryHashAlgorithm   algorithm,
                                                 const char          *text,
                                                 GError             **error);
/* One `<hash algo=…/>`, whatever its namespace. */
gboolean          ferry_hashes_parse_element    (FerryHashes         *self,
                                                 const FerryElement  *hash,
                                                 FerryHashText        form,
                                                 GError             **error);
/* <hash/> and <hash-used/> children of @parent, XEP-0300 §3; unknown algorithms are skipped. */
gboolean          ferry_hashes_parse            (FerryHashes         *self,
                                                 const FerryElement  *parent,
                                                 GError             **error);
void              ferry_hashes_build            (const FerryHashes   *self,
                                                 FerryElementBuilder *parent);

G_END_DECLS
