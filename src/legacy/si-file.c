/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/namespaces.h"
#include "legacy/si-file.h"
#include "proto/file-fields.h"
#include "proto/proto-error.h"

/* FT0-2: MD5; C-21: 40 digits are the SHA-1 of XEP-0052 and its heirs. A hash of
 * another length is of an algorithm that we do not know, and nothing wrong. */
static gboolean
parse_hash (FerryHashes  *hashes,
            const char   *hash,
            GError      **error)
{
  static const FerryHashAlgorithm algorithms[] = { FERRY_HASH_MD5, FERRY_HASH_SHA1 };

  if (hash == NULL)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (strlen (hash) == 2 * ferry_hash_algorithm_get_size (algorithms[i]))
      return ferry_hashes_parse_digest (hashes, algorithms[i], hash, error);

  return TRUE;
}

static FerryFileDescription *
parse_fields (const FerryElement  *file,
              GError             **error)
{
  g_autoptr(FerryFileDescription) self = ferry_file_description_new ();

  if (!ferry_file_parse_text (ferry_element_get_attribute (file, "name"), "name",
                              &self->name, error) ||
      !ferry_file_parse_text (ferry_element_find_text (file, "desc", FERRY_NS_SI_FILE_TRANSFER),
                              "desc", &self->description, error) ||
      !ferry_file_parse_number (ferry_element_get_attribute (file, "size"), "size",
                                &self->size, error) ||
      !ferry_file_parse_range (self, file, error) ||
      !parse_hash (&self->hashes, ferry_element_get_attribute (file, "hash"), error))
    return NULL;

  self->date = ferry_file_parse_date (ferry_element_get_attribute (file, "date"));

  return g_steal_pointer (&self);
}

FerryFileDescription *
ferry_si_file_parse (const FerryElement  *file,
                     GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  FerryFileDescription *self;

  g_return_val_if_fail (file != NULL, NULL);

  if (!ferry_element_is (file, "file", FERRY_NS_SI_FILE_TRANSFER))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "Not the <file/> of a stream initiation");
      return NULL;
    }

  self = parse_fields (file, &local_error);
  if (g_error_matches (local_error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED))
    local_error->code = FERRY_PROTO_ERROR_UNSUPPORTED;
  if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return self;
}

FerryFileDescription *
ferry_si_file_parse_offer (const FerryElement  *file,
                           GError             **error)
{
  g_autoptr(FerryFileDescription) self = ferry_si_file_parse (file, error);

  if (self == NULL || (self->name != NULL && self->size >= 0))
    return g_steal_pointer (&self);

  g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
               "An offer without the %s of its file", self->name == NULL ? "name" : "size");

  return NULL;
}

static void
build_attribute (FerryElementBuilder *builder,
                 const char          *name,
                 const char          *value)
{
  if (value != NULL)
    ferry_element_builder_attribute (builder, name, value);
}

/**
 * ferry_si_file_to_element:
 *
 *   <file name size hash? date?>  desc? range?  </file>
 */
FerryElement *
ferry_si_file_to_element (const FerryFileDescription *self)
{
  g_autofree char *hash = NULL;
  g_autofree char *date = NULL;
  FerryElementBuilder *builder;

  g_return_val_if_fail (self != NULL, NULL);

  hash = ferry_hashes_dup_hex (&self->hashes, FERRY_HASH_MD5);
  date = ferry_file_dup_date (self->date);

  builder = ferry_element_builder_new ("file", FERRY_NS_SI_FILE_TRANSFER);
  build_attribute (builder, "name", self->name);
  if (self->size >= 0)
    ferry_element_builder_attribute_int (builder, "size", self->size);
  build_attribute (builder, "hash", hash);
  build_attribute (builder, "date", date);
  if (self->description != NULL)
    ferry_element_builder_text_child (builder, "desc", self->description);
  ferry_file_build_range (self, builder);

  return ferry_element_builder_end (builder);
}
