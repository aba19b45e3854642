/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/file-description.h"

G_BEGIN_DECLS

/**
 * FerrySiText:
 *
 * What tells the two texts of stream initiation apart on the wire, as data: XEP-0095 with its
 * profile XEP-0096, and their forerunner XEP-0087. What it says of a file:
 *
 *   0095  <file xmlns='…/si/profile/file-transfer' name size hash date><desc/><range/></file>
 *   0087  <header name='name'>…</header><header name='size'>…</header> …
 */
typedef struct
{
  const char *profile;     /* of a file */
  const char *var;         /* of the field that lists stream methods */
  const char *bytestreams; /* the name of XEP-0065 in it */
  const char *in_band;     /* the name of XEP-0047 in it */
  gboolean    has_headers; /* what is known of the file is in headers */
  gboolean    repeats_id;  /* a result has the id of the offer (SI87-2) */
  gboolean    says_406;    /* of methods that are none (SI87-3) */
} FerrySiText;

extern const FerrySiText ferry_si_text_95;
extern const FerrySiText ferry_si_text_87;

/* The methods we know, best first (SIFT-2). */
typedef enum
{
  FERRY_SI_BYTESTREAMS,
  FERRY_SI_IN_BAND,
  FERRY_SI_N_METHODS,
} FerrySiMethod;

/* The namespace of its transport; static. */
const char *ferry_si_method_get_transport (FerrySiMethod method);

/* An offer as it was understood. Either text may borrow from the other: how a thing was spelled
 * is kept for the answer (SI87-7). */
typedef struct
{
  FerryFileDescription *file;                        /* (owned) */
  const char           *var;                         /* static */
  const char           *options[FERRY_SI_N_METHODS]; /* static; (nullable): not offered */
} FerrySiOffer;

/* What was said to an offer of ours. */
typedef struct
{
  FerrySiMethod method;
  gboolean      has_range;
  gint64        range_offset; /* bytes */
  gint64        range_length; /* bytes; -1: to the end */
} FerrySiAnswer;

/* @methods: bit per #FerrySiMethod, one at least. */
FerryElement *ferry_si_offer_to_element  (const FerrySiText          *text,
                                          const char                 *id,
                                          const FerryFileDescription *file,
                                          guint                       methods);
/* %FERRY_PROTO_ERROR_MALFORMED: it has no id, or is about no file that can be taken;
 * %FERRY_PROTO_ERROR_UNSUPPORTED: by no method that we know */
gboolean      ferry_si_offer_parse       (FerrySiOffer               *self,
                                          const FerryElement         *si,
                                          GError                    **error);
void          ferry_si_offer_clear       (FerrySiOffer               *self);
/* Whether an `<si/>` is of the older text (SI87-7); else it is of the younger, if anything. */
gboolean      ferry_si_is_87             (const FerryElement         *si);

/* @range_offset: 0 for the whole file, else only if the offer has_range (SIFT-5) */
FerryElement *ferry_si_answer_to_element (const FerrySiText          *text,
                                          const FerrySiOffer         *offer,
                                          const char                 *id,
                                          FerrySiMethod               method,
                                          gint64                      range_offset);
/* %FERRY_PROTO_ERROR_MALFORMED: nothing can be done with it */
gboolean      ferry_si_answer_parse      (FerrySiAnswer              *self,
                                          const FerrySiText          *text,
                                          const FerryElement         *si,
                                          GError                    **error);

typedef enum
{
  FERRY_SI_REFUSE_BAD_PROFILE,
  FERRY_SI_REFUSE_NO_VALID_STREAMS,
  FERRY_SI_REFUSE_DECLINED,
  FERRY_SI_REFUSE_CONFLICT, /* the id is in use */
  FERRY_SI_REFUSE_BUSY,     /* SEC-31 */
} FerrySiRefusal;

/* The whole iq, in the words of both ages (GEN-6). */
FerryElement *ferry_si_refuse            (const FerrySiText          *text,
                                          const FerryElement         *iq,
                                          FerrySiRefusal              refusal);

G_END_DECLS
