/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/file-description.h"
#include "proto/file-fields.h"

FerryFileDescription *
ferry_file_description_new (void)
{
  FerryFileDescription *self = g_new0 (FerryFileDescription, 1);

  self->size = -1;
  self->date = -1;
  self->range_length = -1;

  return self;
}

FerryFileDescription *
ferry_file_description_copy (const FerryFileDescription *self)
{
  FerryFileDescription *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (FerryFileDescription, 1);
  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->media_type = g_strdup (self->media_type);
  copy->description = g_strdup (self->description);

  return copy;
}

void
ferry_file_description_free (FerryFileDescription *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->media_type);
  g_free (self->description);
  g_free (self);
}

/* The text of a child, as ferry_file_parse_text() takes it. */
static gboolean
parse_child (const FerryElement  *file,
             const char          *name,
             char               **text,
             GError             **error)
{
  return ferry_file_parse_text (ferry_element_find_text (file, name, ferry_element_get_xmlns (file)),
                                name, text, error);
}

/**
 * ferry_file_description_parse:
 *
 *   <file>  date? desc? media-type? name? range? size? (hash | hash-used)*  </file>
 *
 * All of it may be missing: which of it a dialect needs, its session knows.
 */
FerryFileDescription *
ferry_file_description_parse (const FerryElement  *file,
                              GError             **error)
{
  g_autoptr(FerryFileDescription) self = ferry_file_description_new ();
  const char *xmlns;

  g_return_val_if_fail (file != NULL, NULL);

  xmlns = ferry_element_get_xmlns (file);

  /* Peer: Conversations ≥ 2.13 says <mediaType/> (Q-CO-1). */
  if (!parse_child (file, "name", &self->name, error) ||
      !parse_child (file, "mediaType", &self->media_type, error) ||
      !parse_child (file, "media-type", &self->media_type, error) ||
      !parse_child (file, "desc", &self->description, error) ||
      !ferry_file_parse_number (ferry_element_find_text (file, "size", xmlns), "size",
                                &self->size, error) ||
      !ferry_file_parse_range (self, file, error) ||
      !ferry_hashes_parse (&self->hashes, file, error))
    return NULL;

  self->date = ferry_file_parse_date (ferry_element_find_text (file, "date", xmlns));

  return g_steal_pointer (&self);
}

FerryElement *
ferry_file_description_to_element (const FerryFileDescription *self)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (self != NULL, NULL);

  builder = ferry_element_builder_new ("file", FERRY_NS_FILE_TRANSFER_5);
  ferry_file_build_fields (self, builder);
  ferry_hashes_build (&self->hashes, builder);

  return ferry_element_builder_end (builder);
}
