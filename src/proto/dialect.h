/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/peer-profile.h"
#include "proto/session.h"

G_BEGIN_DECLS

/* What every session is told at birth. Borrowed: copy what you keep. */
typedef struct
{
  const char                 *own_jid;    /* full */
  const char                 *peer_jid;   /* full */
  const char                 *sid;        /* initiator: a fresh random id (SEC-27) */
  const char *const          *transports; /* transport namespaces allowed, best first, %NULL-terminated */
  const FerryPeerProfile     *profile;    /* static */
  const FerryFileDescription *file;       /* the file to offer or to ask for; %NULL when answering */
  const char *const          *features;   /* (nullable): of the peer, as far as we know them */
  const FerrySecurityTerms   *security;   /* (nullable): without, nothing is encrypted */
} FerrySessionConfig;

/* A kind of iq that a dialect's requests come in. */
typedef struct
{
  gboolean    is_get; /* iq get, not set */
  const char *name;   /* of the payload element; %NULL ends a list */
  const char *ns;
} FerryDialectEntrance;

/* Whether a file whose path broke can be offered again and go on from where it was: offers say
 * that parts can be had, and a hash of the whole, without which the parts are of no use; and there
 * is a word for cancelling, which is not to be taken for a path that broke. */
typedef enum
{
  FERRY_RESUMES_NEVER,
  FERRY_RESUMES_HASHED, /* if the hash was known when it was offered */
  FERRY_RESUMES_ALWAYS, /* a hash can be promised */
} FerryDialectResumes;

/**
 * FerryDialect:
 *
 * A way to negotiate a file: how it is recognised, what a peer that speaks it
 * advertises, and how its sessions are made. Constant data; the list of all of
 * them, best first, is legacy/dialects.c.
 */
typedef struct
{
  const char        *name;          /* as on the command line, e.g. "jingle-1" */
  const char *const *features;      /* disco features a peer must have, %NULL-terminated */
  const char *const *transports;    /* transport namespaces of its generation, best first: what it
                                     * offers, and falls back to */
  const char *const *accepts;       /* what it takes when answering; %NULL: the same */
  gboolean           hides_transports; /* a peer may take @transports that it does not advertise.
                                        * Peer: gloox 1.0, whose SI has none of them */
  const FerryDialectEntrance *entrances; /* where its requests come in; the opening one first */
  guint              hashes;        /* bit per #FerryHashAlgorithm to know before it offers a file */
  gboolean           is_guess;      /* worth a try with a peer that does not say what it speaks, as is
                                     * the best of all (SEL-9) */
  gboolean           is_securable;  /* its sessions can be encrypted (XTLS) */
  FerryDialectResumes resumes;
  gboolean           is_anonymous;  /* its opening request carries no session id: the answering
                                     * side makes one up and tells it */

  /* The session id in an iq of this dialect; %NULL if it has none. Borrowed. */
  const char       *(*get_sid)    (const FerryElement       *iq);
  /* Whether an iq asks for a new session. */
  gboolean          (*is_opening) (const FerryElement       *iq);
  FerrySession     *(*offer)      (const FerrySessionConfig *config);
  /* Asks the peer for @config->file, of which only the name need be known; %NULL: this
   * dialect has no such thing. */
  FerrySession     *(*request)    (const FerrySessionConfig *config);
  /* The new session must then be fed the iq as its first STANZA event. */
  FerrySession     *(*answer)     (const FerrySessionConfig *config);
  /* The answer to an iq for a session we do not have (protocols: unknown-session). */
  FerryElement     *(*refuse)     (const FerryElement       *iq);
  /* The answer to an opening iq we will not look at (SEC-31: resource-constraint). */
  FerryElement     *(*busy)       (const FerryElement       *iq);
  /* The answer to an opening iq for a file that we are offering ourselves, when our
   * offer is the one that counts (J-15); %NULL: the dialect knows no such case. */
  FerryElement     *(*tie)        (const FerryElement       *iq);
} FerryDialect;

G_END_DECLS
