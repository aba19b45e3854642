/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/file-wrapper.h"
#include "legacy/hashes-1.h"
#include "legacy/jingle-file-transfer-3.h"
#include "legacy/namespaces.h"
#include "proto/file-fields.h"

/* What is understood and cannot be used ends the session, and is no malformed stanza. */
static FerryFileDescription *
parse_file (const FerryElement  *file,
            GError             **error)
{
  g_autoptr(FerryFileDescription) self = NULL;
  g_autoptr(GError) local_error = NULL;

  self = ferry_file_description_parse (file, &local_error);
  if (self != NULL && ferry_hashes_1_parse (&self->hashes, file, &local_error))
    return g_steal_pointer (&self);

  g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED,
                       local_error->message);

  return NULL;
}

static FerryElement *
build_file (const FerryFileDescription *file,
            const char                 *ns)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("file", ns);

  ferry_file_build_fields (file, builder);
  ferry_hashes_1_build (&file->hashes, builder);

  return ferry_element_builder_end (builder);
}

/* FT3-1: several files are well-formed, and more than we can do. */
static FerryFileDescription *
parse_description_3 (const FerryElement  *description,
                     gboolean            *is_request,
                     GError             **error)
{
  FerryElement *wrapper = ferry_file_wrapper_find (description, is_request, error);
  FerryElement *file = NULL;

  if (wrapper != NULL)
    file = ferry_file_find_only (wrapper, FERRY_NS_FILE_TRANSFER_3, FERRY_PROTO_ERROR_UNSUPPORTED,
                                 error);

  return file != NULL ? parse_file (file, error) : NULL;
}

static FerryElement *
build_description_3 (const FerryFileDescription *file,
                     gboolean                    is_request)
{
  FerryFileDescription said = *file;
  g_autoptr(FerryElement) element = NULL;

  said.media_type = NULL; /* since 0.16 */
  element = build_file (&said, FERRY_NS_FILE_TRANSFER_3);

  return ferry_file_wrapper_new (FERRY_NS_FILE_TRANSFER_3, is_request, element);
}

static FerryFileDescription *
parse_description_4 (const FerryElement  *description,
                     gboolean            *is_request,
                     GError             **error)
{
  FerryElement *file = ferry_file_find_only (description, FERRY_NS_FILE_TRANSFER_4,
                                             FERRY_PROTO_ERROR_MALFORMED, error);

  *is_request = FALSE;

  return file != NULL ? parse_file (file, error) : NULL;
}

static FerryElement *
build_description_4 (const FerryFileDescription *file,
                     gboolean                    is_request)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("description",
                                                            FERRY_NS_FILE_TRANSFER_4);

  ferry_element_builder_take_child (builder, build_file (file, FERRY_NS_FILE_TRANSFER_4));

  return ferry_element_builder_end (builder);
}

/* In FT:3 the file is named by its hash, and there is only one: it need not be looked at. */
static FerryJingleInfo
parse_info (const char          *ns,
            const FerryElement  *info,
            const char         **content,
            FerryHashes         *hashes,
            GError             **error)
{
  FerryElement *file;

  *content = ferry_element_get_attribute (info, "name");

  if (ferry_element_is (info, "received", ns))
    return FERRY_JINGLE_INFO_RECEIVED;
  if (ferry_element_is (info, "abort", FERRY_NS_FILE_TRANSFER_3) &&
      g_strcmp0 (ns, FERRY_NS_FILE_TRANSFER_3) == 0)
    return FERRY_JINGLE_INFO_ABORTED;
  if (!ferry_element_is (info, "checksum", ns))
    return FERRY_JINGLE_INFO_UNKNOWN;

  file = ferry_file_find_only (info, ns, FERRY_PROTO_ERROR_MALFORMED, error);
  if (file == NULL || !ferry_hashes_1_parse (hashes, file, error))
    return FERRY_JINGLE_INFO_UNKNOWN;

  return FERRY_JINGLE_INFO_CHECKSUM;
}

static FerryJingleInfo
parse_info_3 (const FerryElement  *info,
              const char         **content,
              FerryHashes         *hashes,
              GError             **error)
{
  return parse_info (FERRY_NS_FILE_TRANSFER_3, info, content, hashes, error);
}

static FerryJingleInfo
parse_info_4 (const FerryElement  *info,
              const char         **content,
              FerryHashes         *hashes,
              GError             **error)
{
  return parse_info (FERRY_NS_FILE_TRANSFER_4, info, content, hashes, error);
}

static void
build_digests (FerryElementBuilder        *builder,
               const FerryFileDescription *file)
{
  ferry_element_builder_open (builder, "file", NULL);
  ferry_hashes_1_build (&file->hashes, builder);
  ferry_element_builder_close (builder);
}

/* `<NAME><file><hash/></file></NAME>`: XEP-0234 0.15 */
static FerryElement *
build_info_3 (const char                 *name,
              const FerryFileDescription *file)
{
  FerryElementBuilder *builder = ferry_element_builder_new (name, FERRY_NS_FILE_TRANSFER_3);

  build_digests (builder, file);

  return ferry_element_builder_end (builder);
}

static FerryElement *
build_checksum_3 (FerryRole                   creator,
                  const char                 *content,
                  const FerryFileDescription *file)
{
  return build_info_3 ("checksum", file);
}

static FerryElement *
build_received_3 (FerryRole                   creator,
                  const char                 *content,
                  const FerryFileDescription *file)
{
  return build_info_3 ("received", file);
}

/* `<NAME creator name/>`: XEP-0234 0.17 */
static FerryElementBuilder *
build_info_4 (const char *name,
              FerryRole   creator,
              const char *content)
{
  FerryElementBuilder *builder = ferry_element_builder_new (name, FERRY_NS_FILE_TRANSFER_4);

  ferry_element_builder_attribute (builder, "creator",
                                   creator == FERRY_ROLE_INITIATOR ? "initiator" : "responder");
  ferry_element_builder_attribute (builder, "name", content);

  return builder;
}

static FerryElement *
build_checksum_4 (FerryRole                   creator,
                  const char                 *content,
                  const FerryFileDescription *file)
{
  FerryElementBuilder *builder = build_info_4 ("checksum", creator, content);

  build_digests (builder, file);

  return ferry_element_builder_end (builder);
}

static FerryElement *
build_received_4 (FerryRole                   creator,
                  const char                 *content,
                  const FerryFileDescription *file)
{
  return ferry_element_builder_end (build_info_4 ("received", creator, content));
}

const FerryJingleApplication ferry_jingle_file_transfer_3 = {
  .ns = FERRY_NS_FILE_TRANSFER_3,
  .says_direction = TRUE,
  .parse_description = parse_description_3,
  .build_description = build_description_3,
  .parse_info = parse_info_3,
  .build_checksum = build_checksum_3,
  .build_received = build_received_3,
};

const FerryJingleApplication ferry_jingle_file_transfer_4 = {
  .ns = FERRY_NS_FILE_TRANSFER_4,
  .parse_description = parse_description_4,
  .build_description = build_description_4,
  .parse_info = parse_info_4,
  .build_checksum = build_checksum_4,
  .build_received = build_received_4,
};
