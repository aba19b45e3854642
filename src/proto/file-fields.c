/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/number.h"
#include "proto/file-fields.h"

#define MAX_TEXT 1024 /* bytes, SEC-11 */

gboolean
ferry_file_parse_text (const char  *found,
                       const char  *what,
                       char       **text,
                       GError     **error)
{
  if (found == NULL || *found == '\0')
    return TRUE;

  if (strlen (found) > MAX_TEXT)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE,
                   "The %s is too long", what);
      return FALSE;
    }

  g_free (*text);
  *text = g_strdup (found);

  return TRUE;
}

gboolean
ferry_file_parse_number (const char  *found,
                         const char  *what,
                         gint64      *value,
                         GError     **error)
{
  guint64 number;

  if (found == NULL)
    return TRUE;

  if (!ferry_number_parse (found, 0, G_MAXINT64, &number))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, "Not a %s", what);
      return FALSE;
    }

  *value = number;

  return TRUE;
}

/* Peer: Gajim 1.7 writes "+00:00Z". */
gint64
ferry_file_parse_date (const char *found)
{
  g_autoptr(GDateTime) date = NULL;

  if (found == NULL || strlen (found) > MAX_TEXT)
    return -1;

  date = g_date_time_new_from_iso8601 (found, NULL);

  return date != NULL ? g_date_time_to_unix (date) : -1;
}

gboolean
ferry_file_parse_range (FerryFileDescription  *self,
                        const FerryElement    *file,
                        GError               **error)
{
  const FerryElement *range = ferry_element_find (file, "range", ferry_element_get_xmlns (file));

  if (range == NULL)
    return TRUE;

  self->has_range = TRUE;

  if (!ferry_file_parse_number (ferry_element_get_attribute (range, "offset"), "range offset",
                                &self->range_offset, error) ||
      !ferry_file_parse_number (ferry_element_get_attribute (range, "length"), "range length",
                                &self->range_length, error))
    return FALSE;

  if (self->size >= 0 &&
      (self->range_offset > self->size || self->range_length > self->size - self->range_offset))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The range exceeds the file");
      return FALSE;
    }

  return TRUE;
}

FerryElement *
ferry_file_find_only (const FerryElement  *parent,
                      const char          *ns,
                      FerryProtoError      several,
                      GError             **error)
{
  FerryElement *file = NULL;
  guint n_files = 0;

  for (guint i = 0; i < ferry_element_get_n_children (parent); i++)
    {
      FerryElement *child = ferry_element_get_child (parent, i);

      if (!ferry_element_is (child, "file", ns))
        continue;

      file = child;
      n_files++;
    }

  if (n_files == 1)
    return file;

  g_set_error (error, FERRY_PROTO_ERROR, n_files == 0 ? FERRY_PROTO_ERROR_MALFORMED : several,
               "%u <file/> elements", n_files);

  return NULL;
}

char *
ferry_file_dup_date (gint64 date)
{
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *text = NULL;

  if (date == -1)
    return NULL;

  time = g_date_time_new_from_unix_utc (date);
  if (time == NULL)
    return NULL;

  /* XEP-0082 §3: four digits, which %Y is not before the year 1000. */
  text = g_date_time_format (time, "-%m-%dT%H:%M:%SZ");

  return g_strdup_printf ("%04d%s", g_date_time_get_year (time), text);
}

void
ferry_file_build_range (const FerryFileDescription *self,
                        FerryElementBuilder        *builder)
{
  if (!self->has_range)
    return;

  ferry_element_builder_open (builder, "range", NULL);
  if (self->range_offset > 0)
    ferry_element_builder_attribute_int (builder, "offset", self->range_offset);
  if (self->range_length >= 0)
    ferry_element_builder_attribute_int (builder, "length", self->range_length);
  ferry_element_builder_close (builder);
}

static void
build_text (FerryElementBuilder *builder,
            const char          *name,
            const char          *text)
{
  if (text != NULL && *text != '\0')
    ferry_element_builder_text_child (builder, name, text);
}

void
ferry_file_build_fields (const FerryFileDescription *self,
                         FerryElementBuilder        *builder)
{
  g_autofree char *date = ferry_file_dup_date (self->date);

  build_text (builder, "date", date);
  build_text (builder, "desc", self->description);
  build_text (builder, "media-type", self->media_type);
  build_text (builder, "name", self->name);
  ferry_file_build_range (self, builder);
  if (self->size >= 0)
    {
      g_autofree char *size = g_strdup_printf ("%" G_GINT64_FORMAT, self->size);

      ferry_element_builder_text_child (builder, "size", size);
    }
}
