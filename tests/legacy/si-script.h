/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* One session of stream initiation, or of REL, on a desk: words go in, words come out, so that a
 * dialogue reads as one. The other side is played; its id is s1, its file a.txt of 6 bytes.
 *
 * In:   start · accept [OFFSET] · decline · cancel · prepared · unprepared · open · failed
 *       stored · gone · done [DIGEST] · confirmed · broken OUTCOME · ring (an alarm not yet due)
 *       <si …                (a stanza of the peer's) · get <query … (one that asks)
 *       result <si …         (the answer to our request) · result · error <error …  · silence
 *       wait SECONDS         (and the alarm, if it rings)
 * Out:  send METHOD… (the offer) · send get METHOD…[ keep-alive] · reply result METHOD[ from OFFSET]
 *       reply CODE CONDITION[/SPECIFIC] · ask · accepted
 *       prepare METHOD[ proposer][ falls-back] · open · pump OFFSET LENGTH[ close-confirms]
 *       store VERDICT · close · wake SECONDS|never · end OUTCOME
 * each with "; " between. A METHOD is spelled as in the form, or is the end of a namespace; a
 * DIGEST is "good" or "bad", by the algorithm of the dialect. */
typedef struct
{
  const FerryDialect *dialect;
  FerrySession       *session;  /* (owned) */
  gint64              now;      /* µs */
  gint64              alarm;    /* µs; 0: none */
  guint               tag;      /* of the request that waits */
  guint               n_held;   /* stanzas not yet answered */
  FerryElement       *said;     /* (owned) (nullable): the last payload or reply of ours */
  gboolean            ended;
} SiDesk;

typedef struct
{
  const char *in;
  const char *out;
} SiLine;

/* @transports: words out of "bytestreams ibb"; "empty" for a file without a byte */
void si_desk_init  (SiDesk             *self,
                    const FerryDialect *dialect,
                    FerryRole           role,
                    const char         *transports);
void si_desk_clear (SiDesk             *self);
/* Returns: (transfer full): what came of it */
char *si_desk_say  (SiDesk             *self,
                    const char         *in);
/* Plays every line and compares. */
void si_desk_play  (SiDesk             *self,
                    const SiLine       *lines,
                    gsize               n_lines);

/* What peers say, in pieces. */
#define SI_NS        "http://jabber.org/protocol/si"
#define SI_FILE_NS   SI_NS "/profile/file-transfer"
#define SI_S5B       "http://jabber.org/protocol/bytestreams"
#define SI_IBB       "http://jabber.org/protocol/ibb"
#define SI_FORM(x)   "<feature xmlns='http://jabber.org/protocol/feature-neg'>" \
                     "<x xmlns='jabber:x:data'>" x "</x></feature>"
#define SI_OPTION(v) "<option><value>" v "</value></option>"
#define SI_METHODS(options) SI_FORM ("<field var='stream-method' type='list-single'>" options \
                                     "</field>")
#define SI_BOTH      SI_METHODS (SI_OPTION (SI_S5B) SI_OPTION (SI_IBB))
#define SI_MD5       "b1946ac92492d2347c6235b4d2611184"
#define SI_SHA1      "f572d396fae9206628714fb2ce00f72e94f2258f"
#define SI_FILE      "<file xmlns='" SI_FILE_NS "' name='a.txt' size='6' hash='" SI_MD5 "'>" \
                     "<range/></file>"
#define SI_OFFER(content) "<si xmlns='" SI_NS "' id='s1' profile='" SI_FILE_NS "'>" content \
                          "</si>"
#define SI_CHOICE(method) SI_FORM ("<field var='stream-method'><value>" method \
                                   "</value></field>")
#define SI_ANSWER(content) "<si xmlns='" SI_NS "'>" content "</si>"

G_END_DECLS
