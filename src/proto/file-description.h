/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"
#include "proto/hashes.h"

G_BEGIN_DECLS

#define FERRY_NS_FILE_TRANSFER_5 "urn:xmpp:jingle:apps:file-transfer:5"

/**
 * FerryFileDescription:
 *
 * What is said about a file before its bytes move, in no dialect. XEP-0234 §5.
 */
typedef struct
{
  char        *name;         /* (owned) (nullable): as the peer wrote it; never a path */
  char        *media_type;   /* (owned) (nullable) */
  char        *description;  /* (owned) (nullable) */
  gint64       size;         /* bytes; -1: not said */
  gint64       date;         /* seconds since 1970; -1: not said */
  FerryHashes  hashes;       /* of the whole file; algorithms without digest were announced only */
  gboolean     has_range;    /* offer: ranges are possible; answer: a range is asked for */
  gint64       range_offset; /* bytes */
  gint64       range_length; /* bytes; -1: to the end */
} FerryFileDescription;

FerryFileDescription *ferry_file_description_new        (void);
FerryFileDescription *ferry_file_description_copy       (const FerryFileDescription  *self);
void                  ferry_file_description_free       (FerryFileDescription        *self);

/* The <file/> of FT:5 (XEP-0234 §5), inside whatever carries it. */
FerryFileDescription *ferry_file_description_parse      (const FerryElement          *file,
                                                         GError                     **error);
FerryElement         *ferry_file_description_to_element (const FerryFileDescription  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryFileDescription, ferry_file_description_free)

G_END_DECLS
