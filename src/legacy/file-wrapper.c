/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/file-wrapper.h"
#include "proto/proto-error.h"

FerryElement *
ferry_file_wrapper_find (const FerryElement  *description,
                         gboolean            *is_request,
                         GError             **error)
{
  const char *ns = ferry_element_get_xmlns (description);
  FerryElement *found = NULL;
  guint n_found = 0;

  for (guint i = 0; i < ferry_element_get_n_children (description); i++)
    {
      FerryElement *child = ferry_element_get_child (description, i);

      if (!ferry_element_is (child, "offer", ns) && !ferry_element_is (child, "request", ns))
        continue;

      found = child;
      n_found++;
    }

  *is_request = n_found == 1 && ferry_element_is (found, "request", ns);
  if (n_found == 1)
    return found;

  g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
               "%u offers and requests", n_found);

  return NULL;
}

FerryElement *
ferry_file_wrapper_new (const char   *ns,
                        gboolean      is_request,
                        FerryElement *file)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("description", ns);

  ferry_element_builder_open (builder, is_request ? "request" : "offer", NULL);
  ferry_element_builder_child (builder, file);
  ferry_element_builder_close (builder);

  return ferry_element_builder_end (builder);
}
