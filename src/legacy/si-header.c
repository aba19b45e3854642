/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/namespaces.h"
#include "legacy/si-header.h"
#include "proto/file-fields.h"
#include "proto/proto-error.h"

/* Returns: (nullable): the text of the first header of that name */
static const char *
find (const FerryElement *si,
      const char         *name)
{
  for (guint i = 0; i < ferry_element_get_n_children (si); i++)
    {
      const FerryElement *child = ferry_element_get_child (si, i);

      if (ferry_element_is (child, "header", FERRY_NS_SI) &&
          g_strcmp0 (ferry_element_get_attribute (child, "name"), name) == 0)
        return ferry_element_get_text (child);
    }

  return NULL;
}

/* C-21: by length; what is none of ours is nothing wrong. */
static gboolean
parse_hash (FerryHashes  *hashes,
            const char   *hash,
            GError      **error)
{
  static const FerryHashAlgorithm algorithms[] = { FERRY_HASH_SHA1, FERRY_HASH_MD5 };

  for (gsize i = 0; hash != NULL && i < G_N_ELEMENTS (algorithms); i++)
    if (strlen (hash) == 2 * ferry_hash_algorithm_get_size (algorithms[i]))
      return ferry_hashes_parse_digest (hashes, algorithms[i], hash, error);

  return TRUE;
}

FerryFileDescription *
ferry_si_headers_parse (const FerryElement  *si,
                        GError             **error)
{
  g_autoptr(FerryFileDescription) self = ferry_file_description_new ();

  if (!ferry_file_parse_text (find (si, "name"), "name", &self->name, error) ||
      !ferry_file_parse_text (find (si, "desc"), "desc", &self->description, error) ||
      !ferry_file_parse_number (find (si, "size"), "size", &self->size, error) ||
      !parse_hash (&self->hashes, find (si, "hash"), error))
    return NULL;

  if (self->name == NULL || self->size < 0)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "An offer without the %s of its file", self->name == NULL ? "name" : "size");
      return NULL;
    }

  self->date = ferry_file_parse_date (find (si, "date"));

  return g_steal_pointer (&self);
}

static void
build (FerryElementBuilder *si,
       const char          *name,
       const char          *value)
{
  if (value == NULL)
    return;

  ferry_element_builder_open (si, "header", NULL);
  ferry_element_builder_attribute (si, "name", name);
  ferry_element_builder_text (si, value);
  ferry_element_builder_close (si);
}

void
ferry_si_headers_build (const FerryFileDescription *file,
                        FerryElementBuilder        *si)
{
  g_autofree char *size = file->size >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, file->size)
                                          : NULL;
  g_autofree char *hash = ferry_hashes_dup_hex (&file->hashes, FERRY_HASH_SHA1);
  g_autofree char *date = ferry_file_dup_date (file->date);

  build (si, "name", file->name);
  build (si, "size", size);
  build (si, "hash", hash);
  build (si, "date", date);
  build (si, "desc", file->description);
}
