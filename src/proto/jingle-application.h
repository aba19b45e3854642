/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/file-description.h"
#include "proto/role.h"

G_BEGIN_DECLS

#define FERRY_NS_FILE_TRANSFER_ERRORS "urn:xmpp:jingle:apps:file-transfer:errors:0"

typedef enum
{
  FERRY_JINGLE_INFO_UNKNOWN,
  FERRY_JINGLE_INFO_CHECKSUM, /* sender: here are the hashes */
  FERRY_JINGLE_INFO_RECEIVED, /* receiver: all of it is here */
} FerryJingleInfo;

/**
 * FerryJingleApplication:
 *
 * How one version of XEP-0234 writes what a session says about its file. The
 * session knows what is meant; only this knows the elements.
 */
typedef struct
{
  const char           *ns; /* of the `<description/>` */

  /* %FERRY_PROTO_ERROR_MALFORMED: answer bad-request; any other error: end the
   * session with incompatible-parameters (protocols 6.3). */
  FerryFileDescription *(*parse_description) (const FerryElement         *description,
                                              GError                    **error);
  FerryElement         *(*build_description) (const FerryFileDescription *file);
  /* @content: (out) (nullable): the name of the content it speaks of, if it says.
   * @hashes: (inout): those of a checksum are added. Malformed: UNKNOWN and an error. */
  FerryJingleInfo       (*parse_info)        (const FerryElement         *info,
                                              const char                **content,
                                              FerryHashes                *hashes,
                                              GError                    **error);
  FerryElement         *(*build_checksum)    (FerryRole                   creator,
                                              const char                 *content,
                                              const FerryHashes          *hashes);
  FerryElement         *(*build_received)    (FerryRole                   creator,
                                              const char                 *content);
} FerryJingleApplication;

/* XEP-0234 ≥ 0.18: urn:xmpp:jingle:apps:file-transfer:5 */
extern const FerryJingleApplication ferry_jingle_file_transfer_5;

G_END_DECLS
