/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/number.h"
#include "proto/file-description.h"
#include "proto/proto-error.h"

#define MAX_TEXT 1024 /* bytes, SEC-11 */

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

/* An absent or empty child is %NULL, and nothing wrong. */
static gboolean
parse_text (const FerryElement  *file,
            const char          *name,
            char               **text,
            GError             **error)
{
  const char *found = ferry_element_find_text (file, name, ferry_element_get_xmlns (file));

  if (found == NULL || *found == '\0')
    return TRUE;

  if (strlen (found) > MAX_TEXT)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE,
                   "<%s/> is too long", name);
      return FALSE;
    }

  g_free (*text);
  *text = g_strdup (found);

  return TRUE;
}

/* SEC-12: digits only, and in range. An absent number leaves @value alone. */
static gboolean
parse_number (const char  *text,
              const char  *what,
              gint64      *value,
              GError     **error)
{
  guint64 number;

  if (text == NULL)
    return TRUE;

  if (!ferry_number_parse (text, 0, G_MAXINT64, &number))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, "Not a %s", what);
      return FALSE;
    }

  *value = number;

  return TRUE;
}

/* XEP-0082 §3. FT5-12: a date we cannot read is dropped; Gajim 1.7 writes "+00:00Z". */
static gint64
parse_date (const char *text)
{
  g_autoptr(GDateTime) date = NULL;

  if (text == NULL || strlen (text) > MAX_TEXT)
    return -1;

  date = g_date_time_new_from_iso8601 (text, NULL);

  return date != NULL ? g_date_time_to_unix (date) : -1;
}

static gboolean
parse_range (FerryFileDescription  *self,
             const FerryElement    *file,
             GError               **error)
{
  const FerryElement *range = ferry_element_find (file, "range", ferry_element_get_xmlns (file));

  if (range == NULL)
    return TRUE;

  self->has_range = TRUE;

  if (!parse_number (ferry_element_get_attribute (range, "offset"), "range offset",
                     &self->range_offset, error) ||
      !parse_number (ferry_element_get_attribute (range, "length"), "range length",
                     &self->range_length, error))
    return FALSE;

  /* SEC-21 */
  if (self->size >= 0 &&
      (self->range_offset > self->size || self->range_length > self->size - self->range_offset))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The range exceeds the file");
      return FALSE;
    }

  return TRUE;
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
  if (!parse_text (file, "name", &self->name, error) ||
      !parse_text (file, "mediaType", &self->media_type, error) ||
      !parse_text (file, "media-type", &self->media_type, error) ||
      !parse_text (file, "desc", &self->description, error) ||
      !parse_number (ferry_element_find_text (file, "size", xmlns), "size", &self->size, error) ||
      !parse_range (self, file, error) ||
      !ferry_hashes_parse (&self->hashes, file, error))
    return NULL;

  self->date = parse_date (ferry_element_find_text (file, "date", xmlns));

  return g_steal_pointer (&self);
}

static void
build_text (FerryElementBuilder *builder,
            const char          *name,
            const char          *text)
{
  if (text != NULL && *text != '\0')
    ferry_element_builder_text_child (builder, name, text);
}

static void
build_date (FerryElementBuilder *builder,
            gint64               date)
{
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *stamp = NULL;
  g_autofree char *text = NULL;

  if (date == -1)
    return;

  time = g_date_time_new_from_unix_utc (date);
  if (time == NULL)
    return;

  /* XEP-0082 §3: four digits, which %Y is not before the year 1000. */
  text = g_date_time_format (time, "-%m-%dT%H:%M:%SZ");
  stamp = g_strdup_printf ("%04d%s", g_date_time_get_year (time), text);
  ferry_element_builder_text_child (builder, "date", stamp);
}

static void
build_range (FerryElementBuilder        *builder,
             const FerryFileDescription *self)
{
  if (!self->has_range)
    return;

  ferry_element_builder_open (builder, "range", FERRY_NS_FILE_TRANSFER_5);
  if (self->range_offset > 0)
    ferry_element_builder_attribute_int (builder, "offset", self->range_offset);
  if (self->range_length >= 0)
    ferry_element_builder_attribute_int (builder, "length", self->range_length);
  ferry_element_builder_close (builder);
}

FerryElement *
ferry_file_description_to_element (const FerryFileDescription *self)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (self != NULL, NULL);

  builder = ferry_element_builder_new ("file", FERRY_NS_FILE_TRANSFER_5);
  build_date (builder, self->date);
  build_text (builder, "desc", self->description);
  build_text (builder, "media-type", self->media_type);
  build_text (builder, "name", self->name);
  build_range (builder, self);
  if (self->size >= 0)
    {
      g_autofree char *size = g_strdup_printf ("%" G_GINT64_FORMAT, self->size);

      ferry_element_builder_text_child (builder, "size", size);
    }
  ferry_hashes_build (&self->hashes, builder);

  return ferry_element_builder_end (builder);
}
