/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"
#include "proto/jingle-application.h"
#include "proto/jingle-generation.h"

G_BEGIN_DECLS

/**
 * FerryJingleWay:
 *
 * What a session must know of a transport. An early one has no terms to negotiate: its
 * `<transport/>` is empty, its stream has the id of the session, and the initiator opens it
 * while the session is pending; the responder accepts once it stands (C-15). One namespace
 * may have a form of either kind; attributes tell them apart (C-8).
 */
typedef struct
{
  const char *ns;           /* %NULL ends a list */
  gboolean    is_in_band;   /* always works, and is slow */
  gboolean    is_early;
  gboolean    takes_any;    /* early: the peer may call its stream as it likes (BS0-6) */
  gboolean    both_replace; /* the responder, too, may propose another one in its place (FB-4) */
} FerryJingleWay;

/* What a Jingle dialect is made of. Constant data. */
typedef struct
{
  const FerryJingleGeneration  *generation;
  const FerryJingleApplication *const *applications; /* %NULL-terminated: the first is what it
                                                      * offers, the others are taken as well */
  const FerryJingleWay         *ways;       /* of two forms of one transport, the one it proposes
                                             * comes first */
  gboolean                      offers_all; /* every transport at once, each in a content of its
                                             * own (J-20); all of them are early */
} FerryJingleFlavour;

/* One file in a Jingle session (XEP-0166, XEP-0234). The initiator offers @config->file, or
 * asks for it; the responder does what is wanted of it. */
FerrySession *ferry_jingle_session_offer   (const FerryJingleFlavour *flavour,
                                            const FerrySessionConfig *config);
FerrySession *ferry_jingle_session_request (const FerryJingleFlavour *flavour,
                                            const FerrySessionConfig *config);
FerrySession *ferry_jingle_session_answer  (const FerryJingleFlavour *flavour,
                                            const FerrySessionConfig *config);

G_END_DECLS
