/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

/* The stanzas inside a secure chat. */

#define FERRY_NS_RECEIPTS    "urn:xmpp:receipts"
#define FERRY_NS_CHAT_STATES "http://jabber.org/protocol/chatstates"
#define FERRY_NS_PUBKEY      "urn:xmpp:tmp:pubkey"
#define FERRY_NS_PING        "urn:xmpp:ping"
#define FERRY_NS_COMPARISON  "urn:ferry:comparison:0" /* ours: see proto/short-code.h */

#define FERRY_MAX_BODY (64 * 1024) /* bytes of UTF-8 */

typedef enum
{
  FERRY_CHAT_STANZA_NONE,       /* nothing of these: an iq request is then answered
                                 * service-unavailable, anything else is dropped (SEC-9) */
  FERRY_CHAT_STANZA_MESSAGE,    /* @id (nullable), @body; @wants_receipt */
  FERRY_CHAT_STANZA_RECEIPT,    /* @id: of the message that arrived (XEP-0184) */
  FERRY_CHAT_STANZA_COMPOSING,  /* XEP-0085, as are the next two; a MESSAGE implies ACTIVE */
  FERRY_CHAT_STANZA_PAUSED,
  FERRY_CHAT_STANZA_GONE,
  FERRY_CHAT_STANZA_PING,       /* iq get */
  FERRY_CHAT_STANZA_PUBKEYS,    /* iq get (XTLS-19) */
  FERRY_CHAT_STANZA_DISCO,      /* iq get, disco#info */
  FERRY_CHAT_STANZA_COMMIT,     /* iq set, as are the next three: an empty result is owed.
                                 * @data: the commitment, hex */
  FERRY_CHAT_STANZA_NONCE,      /* @data: hex, of who answers a COMMIT */
  FERRY_CHAT_STANZA_REVEAL,     /* @data: hex, of who committed */
  FERRY_CHAT_STANZA_VERDICT,    /* @matches: what the other person saw */
  FERRY_CHAT_STANZA_REPLY,      /* an iq result or error; @id */
} FerryChatStanzaKind;

/* Borrows from the stanza. */
typedef struct
{
  FerryChatStanzaKind  kind;
  const char          *id;            /* (nullable) */
  const char          *body;          /* (nullable): cut to no length; untrusted text */
  const char          *data;          /* (nullable) */
  gboolean             wants_receipt;
  gboolean             matches;
} FerryChatStanza;

/* @stanza: from inside a stream. Never fails: what is wrong is NONE. A body that is too long,
 * or only blanks, makes no MESSAGE. */
void          ferry_chat_stanza_parse        (const FerryElement  *stanza,
                                              FerryChatStanza     *self);

/* Builders. Without from and to: the stream knows them (XS-10). */
FerryElement *ferry_chat_stanza_new_message  (const char          *id,
                                              const char          *body);
FerryElement *ferry_chat_stanza_new_receipt  (const char          *id,
                                              const char          *of);
FerryElement *ferry_chat_stanza_new_state    (FerryChatStanzaKind  kind);
/* COMMIT, NONCE, REVEAL */
FerryElement *ferry_chat_stanza_new_comparison (const char        *id,
                                              FerryChatStanzaKind  kind,
                                              const char          *data);
FerryElement *ferry_chat_stanza_new_verdict  (const char          *id,
                                              gboolean             matches);
FerryElement *ferry_chat_stanza_new_ping     (const char          *id);
FerryElement *ferry_chat_stanza_new_pubkeys_request (const char   *id);
/* @certificates: of GBytes (DER), the first is that of the session. */
FerryElement *ferry_chat_stanza_new_pubkeys  (const FerryElement  *request,
                                              GPtrArray           *certificates);
/* Of the reply to a pubkeys request, at most 8 certificates of 16 KiB.
 * Returns: (transfer full) (element-type GBytes): %NULL: malformed, or an error */
GPtrArray    *ferry_chat_stanza_parse_pubkeys (const FerryElement *reply);

G_END_DECLS
