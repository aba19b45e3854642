/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/jingle-session-private.h"

G_BEGIN_DECLS

/* The part of a session before the bytes move: who sends what, and by which transport. */

/* jingle-session-offer.c: session-initiate and session-accept, as the initiator */
void         ferry_jingle_session_start       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_initiate    (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_receive_accept (FerryJingleSession    *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

/* jingle-session-invited.c: the same, as the responder */
void         ferry_jingle_session_receive_initiate (FerryJingleSession  *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_agree       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_found       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_accept      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_say_accept  (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_not_found   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);

/* jingle-session-contents.c: which content is ours, and the others */
char        *ferry_jingle_session_dup_name    (const FerryJingleSession *self,
                                               guint                     rank);
const FerryJingleContent *
             ferry_jingle_session_find_content (const FerryJingleSession *self,
                                               const FerryJingle        *jingle);
const FerryJingleContent *
             ferry_jingle_session_choose_content (FerryJingleSession    *self,
                                               const FerryJingle        *jingle,
                                               FerryJingleReason        *reason);
void         ferry_jingle_session_drop_others (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingle        *jingle,
                                               const FerryJingleContent *chosen);
void         ferry_jingle_session_add_alternatives (FerryJingleSession  *self,
                                               FerryJingle              *jingle);
const FerryJingleContent *
             ferry_jingle_session_find_alternative (const FerryJingleSession *self,
                                               const FerryJingle        *jingle);
void         ferry_jingle_session_settle      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingle        *jingle);
void         ferry_jingle_session_switch      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleContent *content);
void         ferry_jingle_session_receive_remove (FerryJingleSession    *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

/* jingle-session-transport.c: from PREPARE to PUMP */
void         ferry_jingle_session_prepare     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleWay     *way,
                                               FerryElement             *remote);
const FerryJingleWay *
             ferry_jingle_session_find_way    (const FerryJingleSession *self,
                                               const char               *ns);
const FerryJingleWay *
             ferry_jingle_session_read_way    (const FerryJingleSession *self,
                                               const FerryElement       *transport);
gboolean     ferry_jingle_session_is_on_table (const FerryJingleSession *self,
                                               const FerryElement       *transport);
void         ferry_jingle_session_open        (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               FerryJinglePhase          phase,
                                               gint64                    deadline);
void         ferry_jingle_session_go_on       (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_prepared    (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_opened      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_pump        (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_failed      (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);

/* jingle-session-security.c: what is encrypted, and how; those that say %FALSE have ended it */
void         ferry_jingle_session_set_terms   (FerryJingleSession       *self,
                                               const FerrySecurityTerms *terms);
gboolean     ferry_jingle_session_can_offer   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
FerryElement *ferry_jingle_session_build_security (FerryJingleSession   *self,
                                               FerryJingleAction         action);
gboolean     ferry_jingle_session_read_security (FerryJingleSession     *self,
                                               const FerryJingleContent *content,
                                               GError                  **error);
gboolean     ferry_jingle_session_judge_offer (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
gboolean     ferry_jingle_session_choose_method (FerryJingleSession     *self,
                                               const FerryJingleTurn    *turn);
gboolean     ferry_jingle_session_judge_accept (FerryJingleSession      *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_say_method  (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_use         (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_heard_method (FerryJingleSession      *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_secured     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_unsecured   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_receive_security_info (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

/* jingle-session-transport-info.c: what the transports tell each other */
void         ferry_jingle_session_say_transport (FerryJingleSession     *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_receive_transport_info (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

/* jingle-session-replace.c: from one transport to the next */
void         ferry_jingle_session_fail_over   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const char               *text);
void         ferry_jingle_session_try_next    (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const char               *text);
gboolean     ferry_jingle_session_can_retry   (const FerryJingleSession *self);
void         ferry_jingle_session_take_over   (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_replace     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn);
void         ferry_jingle_session_give_up     (FerryJingleSession       *self,
                                               const FerryJingleTurn    *turn,
                                               const char               *text);
void         ferry_jingle_session_receive_transport_replace (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_receive_transport_accept (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);
void         ferry_jingle_session_receive_transport_reject (FerryJingleSession *self,
                                               const FerryJingleTurn    *turn,
                                               const FerryJingleRequest *request);

G_END_DECLS
