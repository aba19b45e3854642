/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lab-host.h"
#include "proto/bytestreams-codec.h"
#include "transport-world.h"

G_BEGIN_DECLS

/* Juliet is the target of a bytestream (XEP-0065), and Romeo, who asks, is a script. */

#define SID   "a0"
#define QUERY "<query xmlns='" FERRY_NS_BYTESTREAMS "' "
#define HOST  "<streamhost jid='" ROMEO "' host='127.0.0.1' port='%u'/>"
#define DEAD  "<streamhost jid='" ROMEO "' host='192.0.2.9' port='25'/>" /* SEC-16 */

/* @sid: (nullable): of the negotiation */
void     script_make_target    (TransportWorld  *world,
                                const char      *ns,
                                const char      *sid);
void     script_open_target    (TransportWorld  *world,
                                GAsyncResult   **done);
void     script_finish_target  (TransportWorld  *world,
                                GAsyncResult   **done);

void     script_ask            (TransportWorld  *world,
                                const char      *payload,
                                GAsyncResult   **done);
/* For the stream #SID, with @hosts: XML. */
void     script_ask_hosts      (TransportWorld  *world,
                                const char      *hosts,
                                GAsyncResult   **done);
/* Waits for the answer. */
void     script_assert_refused (TransportWorld  *world,
                                GAsyncResult   **done,
                                FerryCondition   condition,
                                guint            code);
void     script_assert_used    (TransportWorld  *world,
                                GAsyncResult   **done,
                                const char      *jid);

/* A host that serves #SID. @early: (nullable) */
LabHost *script_make_host      (LabHostMood      mood,
                                const char      *early);

G_END_DECLS
