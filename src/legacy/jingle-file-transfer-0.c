/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/file-wrapper.h"
#include "legacy/jingle-file-transfer-0.h"
#include "legacy/namespaces.h"
#include "legacy/si-file.h"
#include "proto/file-fields.h"

#define NS_INFO_1 "urn:xmpp:jingle:apps:file-transfer:info:1"

static FerryElement *
find_file (const FerryElement  *description,
           gboolean            *is_request,
           GError             **error)
{
  FerryElement *wrapper = ferry_file_wrapper_find (description, is_request, error);

  if (wrapper == NULL)
    return NULL;

  return ferry_file_find_only (wrapper, FERRY_NS_SI_FILE_TRANSFER, FERRY_PROTO_ERROR_MALFORMED,
                               error);
}

/* FT0-1: only a request may be vague about its file. */
static FerryFileDescription *
parse_description (const FerryElement  *description,
                   gboolean            *is_request,
                   GError             **error)
{
  FerryElement *file = find_file (description, is_request, error);

  if (file == NULL)
    return NULL;

  return *is_request ? ferry_si_file_parse (file, error) : ferry_si_file_parse_offer (file, error);
}

/* FT0-4 */
static FerryFileDescription *
parse_answer (const FerryElement  *description,
              GError             **error)
{
  gboolean is_request;
  FerryElement *file = find_file (description, &is_request, error);

  return file != NULL ? ferry_si_file_parse (file, error) : NULL;
}

static FerryElement *
build_description_0 (const FerryFileDescription *file,
                     gboolean                    is_request)
{
  g_autoptr(FerryElement) element = ferry_si_file_to_element (file);

  return ferry_file_wrapper_new (FERRY_NS_FILE_TRANSFER_0, is_request, element);
}

static FerryElement *
build_description_1 (const FerryFileDescription *file,
                     gboolean                    is_request)
{
  g_autoptr(FerryElement) element = ferry_si_file_to_element (file);

  return ferry_file_wrapper_new (FERRY_NS_FILE_TRANSFER_1, is_request, element);
}

/* FT1-1: `<hash xmlns='…info:1'>MD5 in hex</hash>`. It names no content. */
static FerryJingleInfo
parse_info_1 (const FerryElement  *info,
              const char         **content,
              FerryHashes         *hashes,
              GError             **error)
{
  *content = NULL;

  if (!ferry_element_is (info, "hash", NS_INFO_1) ||
      !ferry_hashes_parse_digest (hashes, FERRY_HASH_MD5, ferry_element_get_text (info), error))
    return FERRY_JINGLE_INFO_UNKNOWN;

  return FERRY_JINGLE_INFO_CHECKSUM;
}

const FerryJingleApplication ferry_jingle_file_transfer_0 = {
  .ns = FERRY_NS_FILE_TRANSFER_0,
  .says_direction = TRUE,
  .omits_senders = TRUE,
  .parse_description = parse_description,
  .parse_answer = parse_answer,
  .build_description = build_description_0,
};

/* What we send in it is hashed beforehand: nothing is left to say afterwards. */
const FerryJingleApplication ferry_jingle_file_transfer_1 = {
  .ns = FERRY_NS_FILE_TRANSFER_1,
  .says_direction = TRUE,
  .omits_senders = TRUE,
  .parse_description = parse_description,
  .parse_answer = parse_answer,
  .build_description = build_description_1,
  .parse_info = parse_info_1,
};
