/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/file-fields.h"
#include "proto/jingle-application.h"

#define NS FERRY_NS_FILE_TRANSFER_5

/* One <file/>, no more and no less (protocols 6.3). */
static FerryElement *
find_file (const FerryElement  *parent,
           GError             **error)
{
  return ferry_file_find_only (parent, NS, FERRY_PROTO_ERROR_MALFORMED, error);
}

static FerryFileDescription *
parse_description (const FerryElement  *description,
                   gboolean            *is_request,
                   GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  FerryFileDescription *self;
  FerryElement *file;

  *is_request = FALSE;

  file = find_file (description, error);
  if (file == NULL)
    return NULL;

  self = ferry_file_description_parse (file, &local_error);
  if (self == NULL)
    g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED,
                         local_error->message);

  return self;
}

static FerryElement *
build_description (const FerryFileDescription *file,
                   gboolean                    is_request)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("description", NS);

  ferry_element_builder_take_child (builder, ferry_file_description_to_element (file));

  return ferry_element_builder_end (builder);
}

/* The hash of a range speaks of bytes that nobody asked about; it is skipped. */
static FerryJingleInfo
parse_info (const FerryElement  *info,
            const char         **content,
            FerryHashes         *hashes,
            GError             **error)
{
  FerryElement *file;

  *content = ferry_element_get_attribute (info, "name");

  if (ferry_element_is (info, "received", NS))
    return FERRY_JINGLE_INFO_RECEIVED;
  if (!ferry_element_is (info, "checksum", NS))
    return FERRY_JINGLE_INFO_UNKNOWN;

  file = find_file (info, error);
  if (file == NULL || !ferry_hashes_parse (hashes, file, error))
    return FERRY_JINGLE_INFO_UNKNOWN;

  return FERRY_JINGLE_INFO_CHECKSUM;
}

static FerryElementBuilder *
build_info (const char *name,
            FerryRole   creator,
            const char *content)
{
  FerryElementBuilder *builder = ferry_element_builder_new (name, NS);

  ferry_element_builder_attribute (builder, "creator",
                                   creator == FERRY_ROLE_INITIATOR ? "initiator" : "responder");
  ferry_element_builder_attribute (builder, "name", content);

  return builder;
}

static FerryElement *
build_checksum (FerryRole                   creator,
                const char                 *content,
                const FerryFileDescription *file)
{
  FerryElementBuilder *builder = build_info ("checksum", creator, content);

  ferry_element_builder_open (builder, "file", NULL);
  ferry_hashes_build (&file->hashes, builder);
  ferry_element_builder_close (builder);

  return ferry_element_builder_end (builder);
}

static FerryElement *
build_received (FerryRole                   creator,
                const char                 *content,
                const FerryFileDescription *file)
{
  return ferry_element_builder_end (build_info ("received", creator, content));
}

const FerryJingleApplication ferry_jingle_file_transfer_5 = {
  .ns = NS,
  .parse_description = parse_description,
  .build_description = build_description,
  .parse_info = parse_info,
  .build_checksum = build_checksum,
  .build_received = build_received,
};
