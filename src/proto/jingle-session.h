/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"
#include "proto/jingle-application.h"
#include "proto/jingle-generation.h"

G_BEGIN_DECLS

/* What a Jingle dialect is made of. Constant data. */
typedef struct
{
  const FerryJingleGeneration  *generation;
  const FerryJingleApplication *const *applications; /* %NULL-terminated: the first is what it
                                                      * offers, the others are taken as well */
  const char                   *in_band_ns; /* the transport that always works, and is slow */
} FerryJingleFlavour;

/* One file offered in a Jingle session (XEP-0166, XEP-0234): the initiator sends
 * @config->file, the responder receives what is offered. */
FerrySession *ferry_jingle_session_new (const FerryJingleFlavour *flavour,
                                        FerryRole                 role,
                                        const FerrySessionConfig *config);

G_END_DECLS
