/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"
#include "proto/jingle-generation.h"

G_BEGIN_DECLS

/* One session on a desk: words go in, words come out, so that a dialogue reads as
 * one. It is Romeo's (romeo@montague.lit/orchard) or Juliet's; the other is played.
 * In Jingle :0 they are the king and Laertes, as in XEP-0234 0.8.
 *
 * In:   start · accept [OFFSET|METHOD] · found · decline · cancel · open · failed · stored · gone
 *       prepared NS|none · empty NS (prepared, with nothing to say) · info NS · hashes DIGEST · done [DIGEST] · broken OUTCOME
 *       secured · insecure [OUTCOME]
 *       result · error CONDITION · silence    (to the last request that waits)
 *       late CONDITION                        (an error to the one before)
 *       ring                                  (the alarm, although it is not due)
 *       wait MILLISECONDS                     (and the alarm, if it rings)
 *       <ACTION WORD…                         (a stanza; see build_jingle())
 *       <jingle …                             (a stanza, as it is)
 *       @NAME[ KIND=METHODS]                  (a stanza of XEP-0234 0.8, from the vectors, with
 *                                              a <security/> added)
 * Out:  reply result|CONDITION[/SPECIFIC] · send ACTION[ WORD][ NS…][ KIND=METHODS][?] · ask ·
 *       find · accepted · secure METHOD[ LETTER] · prepare NS[ proposer][ sid] · remote NS · pass NS · open · pump OFFSET LENGTH
 *       store VERDICT · close · wake MILLISECONDS|never · end OUTCOME
 * each with "; " between. NS is short, as in "s5b:1"; a DIGEST is a letter. METHODS are joined
 * with "+", and so is the letter of a fingerprint: ours is "o". */
typedef struct
{
  FerrySession *session; /* (owned) */
  const FerryDialect *dialect;
  FerryRole     role;
  gint64        now;     /* µs */
  gint64        alarm;   /* µs; 0: none */
  guint         tag;     /* of the last request that waits */
  guint         late;    /* … and of the one before */
  FerryElement *sent;    /* (owned) (nullable): the last one */
  gboolean      ended;
  FerryOutcome  outcome;
} JingleDesk;

typedef struct
{
  const char *in;
  const char *out;
} JingleLine;

void jingle_desk_init  (JingleDesk             *self,
                        FerryRole               role,
                        const char             *transports,
                        const FerryPeerProfile *profile,
                        const char             *file);
/* The same in another dialect; @is_request: who opens it asks for the file. */
void jingle_desk_init_in (JingleDesk             *self,
                          const FerryDialect     *dialect,
                          gboolean                is_request,
                          FerryRole               role,
                          const char             *transports,
                          const FerryPeerProfile *profile,
                          const char             *file);
/* The same with terms of encryption, as jingle_script_fill_terms() reads them. @file: is not
 * looked at if the dialect has none */
void jingle_desk_init_secure (JingleDesk             *self,
                              const FerryDialect     *dialect,
                              gboolean                is_request,
                              FerryRole               role,
                              const char             *transports,
                              const char             *file,
                              const char             *terms);
void jingle_desk_clear (JingleDesk             *self);
/* Returns: (transfer full): what came of it */
char *jingle_desk_say  (JingleDesk             *self,
                        const char             *in);
/* Plays every line and compares. */
void jingle_desk_play  (JingleDesk             *self,
                        const JingleLine       *lines,
                        gsize                   n_lines);

void          jingle_script_fill_digest (FerryHashes        *hashes,
                                         FerryHashAlgorithm  algorithm,
                                         char                letter);
/* A `<jingle/>` of session s1 from words: ACTION, then any of NS, CHILD of the
 * transport, REASON, key=value. */
FerryElement *jingle_script_build       (const char         *words);
/* The `<jingle/>` of an exchange in XEP-0234 0.8. */
FerryElement *jingle_script_load        (const char         *name);

/* Appends what an effect is, as above. */
void          jingle_script_describe    (GString            *out,
                                         const FerrySessionEffect *effect,
                                         const FerryJingleGeneration *generation,
                                         gint64              now);
FerryOutcome  jingle_script_read_outcome (const char        *word);

void          jingle_script_fill_terms  (FerrySecurityTerms *terms,
                                         FerryXtls          *pin,
                                         const char         *text);
guint         jingle_script_read_methods (const char        *text,
                                         FerryXtls          *fingerprints);
char         *jingle_script_build_security (const char      *kind,
                                         const char         *text);
void          jingle_script_describe_security (GString      *out,
                                         const FerryElement *security);

extern const FerryPeerProfile jingle_script_profile;

G_END_DECLS
