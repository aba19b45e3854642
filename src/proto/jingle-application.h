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
  FERRY_JINGLE_INFO_ABORTED,  /* either: this file is not wanted any more (FT:3) */
} FerryJingleInfo;

/**
 * FerryJingleApplication:
 *
 * How one version of XEP-0234 writes what a session says about its file, or one of XEP-0247
 * about its stream. The session knows what is meant; only this knows the elements.
 */
typedef struct
{
  const char           *ns;                   /* of the `<description/>` */
  gboolean              says_direction;       /* `<offer/>` or `<request/>` inside it decides who
                                               * sends, not the senders of the content (FT0-5) */
  gboolean              omits_senders;        /* the content is written without that attribute */
  gboolean              is_stream;            /* no file but a stream that both sides write to, and
                                               * that is encrypted or not at all (XS-5, XS-16) */

  /* @is_request: (out): whether the description itself asks for the file; only ever %TRUE
   * with @says_direction. Never %NULL.
   * %FERRY_PROTO_ERROR_MALFORMED: answer bad-request; any other error: end the
   * session with incompatible-parameters (protocols 6.3). */
  FerryFileDescription *(*parse_description) (const FerryElement         *description,
                                              gboolean                   *is_request,
                                              GError                    **error);
  /* What a session-accept says of the file, which may leave out all that was said before
   * (FT0-4); %NULL: as above. */
  FerryFileDescription *(*parse_answer)      (const FerryElement         *description,
                                              GError                    **error);
  FerryElement         *(*build_description) (const FerryFileDescription *file,
                                              gboolean                    is_request);
  /* @content: (out) (nullable): the name of the content it speaks of, if it says.
   * @hashes: (inout): those of a checksum are added. Malformed: UNKNOWN and an error.
   * The function may be %NULL, and so may be the next two: there is no such thing then. */
  FerryJingleInfo       (*parse_info)        (const FerryElement         *info,
                                              const char                **content,
                                              FerryHashes                *hashes,
                                              GError                    **error);
  /* @file: with the digests to tell, and no others. */
  FerryElement         *(*build_checksum)    (FerryRole                   creator,
                                              const char                 *content,
                                              const FerryFileDescription *file);
  FerryElement         *(*build_received)    (FerryRole                   creator,
                                              const char                 *content,
                                              const FerryFileDescription *file);
} FerryJingleApplication;

/* XEP-0234 ≥ 0.18: urn:xmpp:jingle:apps:file-transfer:5 */
extern const FerryJingleApplication ferry_jingle_file_transfer_5;

G_END_DECLS
