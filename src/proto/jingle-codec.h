/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/jingle-generation.h"
#include "proto/jingle-state.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_JINGLE_SENDERS_UNSAID, /* the attribute is absent */
  FERRY_JINGLE_SENDERS_INITIATOR,
  FERRY_JINGLE_SENDERS_RESPONDER,
  FERRY_JINGLE_SENDERS_BOTH,
  FERRY_JINGLE_SENDERS_NONE,
} FerryJingleSenders;

/* A `<content/>`: its identity is creator and name (J-12). */
typedef struct
{
  FerryRole           creator;
  char               *name;        /* (owned) */
  FerryJingleSenders  senders;
  char               *disposition; /* (owned) (nullable): %NULL means "session" */
  FerryElement       *description; /* (owned) (nullable) */
  FerryElement       *transport;   /* (owned) (nullable) */
  FerryElement       *security;    /* (owned) (nullable) */
} FerryJingleContent;

/**
 * FerryJingle:
 *
 * One `<jingle/>` as a plain value, without its generation: what it means is
 * judged by a session, how it is written is the codec's business. XEP-0166 §7.
 */
typedef struct
{
  FerryJingleAction  action;
  char              *sid;             /* (owned) */
  char              *initiator;       /* (owned) (nullable) */
  char              *responder;       /* (owned) (nullable) */
  GPtrArray         *contents;        /* (element-type FerryJingleContent) (owned) */
  FerryElement      *info;            /* (owned) (nullable): payload of a session-info */
  FerryJingleReason  reason;
  FerryElement      *reason_specific; /* (owned) (nullable): the application's own word */
  char              *reason_text;     /* (owned) (nullable) */
  char              *alternative_sid; /* (owned) (nullable) */
} FerryJingle;

FerryJingle        *ferry_jingle_new           (FerryJingleAction             action,
                                                const char                   *sid);
void                ferry_jingle_free          (FerryJingle                  *self);
/* Appends a content; set its elements, which it then owns. */
FerryJingleContent *ferry_jingle_add_content   (FerryJingle                  *self,
                                                FerryRole                     creator,
                                                const char                   *name);
guint               ferry_jingle_get_n_contents (const FerryJingle           *self);
FerryJingleContent *ferry_jingle_get_content   (const FerryJingle            *self,
                                                guint                         index);
/* Whether it is about the session, rather than its beginning or its looks. */
gboolean            ferry_jingle_content_is_session (const FerryJingleContent *content);
const char         *ferry_jingle_action_get_name (FerryJingleAction           action);

/* @jingle: the `<jingle/>` element. Every error means bad-request. */
FerryJingle        *ferry_jingle_parse         (const FerryElement           *jingle,
                                                const FerryJingleGeneration  *generation,
                                                GError                      **error);
FerryElement       *ferry_jingle_to_element    (const FerryJingle            *self,
                                                const FerryJingleGeneration  *generation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryJingle, ferry_jingle_free)

G_END_DECLS
