/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/contact.h"
#include "core/settings.h"
#include "core/trust.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_CHAT_CLOSED,     /* not yet, or not any more; "error" says why if it was not wanted */
  FERRY_CHAT_OFFERING,   /* the peer's user is asked */
  FERRY_CHAT_OFFERED,    /* our user is asked */
  FERRY_CHAT_CONNECTING, /* agreed; a path is being found */
  FERRY_CHAT_SECURING,   /* TLS, the streams' headers, certificates after a phrase */
  FERRY_CHAT_OPEN,       /* words can cross */
  FERRY_CHAT_CLOSING,
} FerryChatState;

/* Of a message of ours; the peer's are always DELIVERED. */
typedef enum
{
  FERRY_MESSAGE_WAITING,     /* for the chat to open */
  FERRY_MESSAGE_SENT,
  FERRY_MESSAGE_DELIVERED,   /* the other side said so (XEP-0184) */
  FERRY_MESSAGE_UNDELIVERED, /* the chat ended first: nobody knows whether it arrived */
} FerryMessageState;

/**
 * FerryMessage:
 *
 * One line of a chat. Properties, read-only, notified: "body", "is-own", "time" (gint64, µs real
 * time), "state" (#FerryMessageState as an int).
 */
#define FERRY_TYPE_MESSAGE (ferry_message_get_type ())
G_DECLARE_FINAL_TYPE (FerryMessage, ferry_message, FERRY, MESSAGE, GObject)

const char        *ferry_message_get_body   (FerryMessage *self);
gboolean           ferry_message_is_own     (FerryMessage *self);
gint64             ferry_message_get_time   (FerryMessage *self);
FerryMessageState  ferry_message_get_state  (FerryMessage *self);

/* How far the comparison of the short number is. */
typedef enum
{
  FERRY_COMPARISON_NONE,
  FERRY_COMPARISON_WAITING, /* for the other side's numbers; it takes no person */
  FERRY_COMPARISON_SHOWN,   /* "code" is there: both people compare it */
  FERRY_COMPARISON_MATCHED, /* our user says they match */
  FERRY_COMPARISON_FAILED,  /* our user says they do not, or the other side cheated */
} FerryComparison;

/**
 * FerryChat:
 *
 * A secure chat with one contact: an XML stream end to end under TLS (XEP-0247, Jingle XTLS), and
 * the messages, which are its items as a #GListModel. It outlives its streams: a reconnect keeps
 * the messages, and those that nobody is known to have received are marked.
 *
 * Properties, read-only, notified: "contact", "state", "peer" (string, nullable: full JID of the
 * stream), "is-phrase-wanted" (OFFERED: the other side wants to be known by a phrase), "level"
 * (#FerryTrustLevel of who is at the other end, as an int), "is-changed" (another certificate than
 * the known one was shown: nothing goes until a person decides), "fingerprint" (string, nullable:
 * of the peer), "path" (#FerryPaths), "cipher" (string, nullable), "error" (GError, nullable),
 * "is-composing" (the other side is writing), "comparison", "code" (string, nullable: groups of
 * digits), "n-unread" (messages since mark_read()).
 */
#define FERRY_TYPE_CHAT (ferry_chat_get_type ())
G_DECLARE_FINAL_TYPE (FerryChat, ferry_chat, FERRY, CHAT, GObject)

/* An error of a chat is of this domain; the message names the step and the reason, in English. */
#define FERRY_CHAT_ERROR (ferry_chat_error_quark ())
GQuark ferry_chat_error_quark (void);

typedef enum
{
  FERRY_CHAT_ERROR_OFFLINE,     /* nobody there, or we are not connected */
  FERRY_CHAT_ERROR_CANNOT,      /* their program knows no secure chats */
  FERRY_CHAT_ERROR_DECLINED,
  FERRY_CHAT_ERROR_EXPIRED,     /* nobody answered */
  FERRY_CHAT_ERROR_NO_ROUTE,
  FERRY_CHAT_ERROR_STRIPPED,    /* somebody between removed the encryption */
  FERRY_CHAT_ERROR_KEY_CHANGED,
  FERRY_CHAT_ERROR_PHRASE,      /* not the same phrase, or they had none */
  FERRY_CHAT_ERROR_INSECURE,    /* TLS failed otherwise */
  FERRY_CHAT_ERROR_STREAM,      /* the other side broke the rules of the stream */
  FERRY_CHAT_ERROR_LOST,        /* the path broke, or the other side fell silent or went offline */
  FERRY_CHAT_ERROR_CLOSED,      /* the other side closed it */
  FERRY_CHAT_ERROR_FAILED,
} FerryChatError;

FerryContact    *ferry_chat_get_contact     (FerryChat    *self);
FerryChatState   ferry_chat_get_state       (FerryChat    *self);
const char      *ferry_chat_get_peer        (FerryChat    *self);
gboolean         ferry_chat_is_phrase_wanted (FerryChat   *self);
FerryTrustLevel  ferry_chat_get_level       (FerryChat    *self);
gboolean         ferry_chat_is_changed      (FerryChat    *self);
const char      *ferry_chat_get_fingerprint (FerryChat    *self);
FerryPaths       ferry_chat_get_path        (FerryChat    *self);
/* The same in a word, as of transfers. (nullable) */
const char      *ferry_chat_get_via         (FerryChat    *self);
const char      *ferry_chat_get_cipher      (FerryChat    *self);
const GError    *ferry_chat_get_error       (FerryChat    *self);
gboolean         ferry_chat_is_composing    (FerryChat    *self);
FerryComparison  ferry_chat_get_comparison  (FerryChat    *self);
const char      *ferry_chat_get_code        (FerryChat    *self);
guint            ferry_chat_get_n_unread    (FerryChat    *self);
void             ferry_chat_mark_read       (FerryChat    *self);

/* CLOSED: asks the other side. OPEN, with a phrase: closes, and asks anew to be known by it.
 * @to: (nullable): a full JID; %NULL: the best one. @phrase: (nullable): both know it; without,
 * certificates alone. */
void             ferry_chat_open            (FerryChat    *self,
                                             const char   *to,
                                             const char   *phrase);
/* OFFERED. @phrase: (nullable): if it is wanted and not given, the other side will refuse. */
void             ferry_chat_accept          (FerryChat    *self,
                                             const char   *phrase);
void             ferry_chat_decline         (FerryChat    *self);
/* Any time: in good order if it is open. */
void             ferry_chat_close           (FerryChat    *self);
/* OPEN: now; before: once it opens. */
void             ferry_chat_send            (FerryChat    *self,
                                             const char   *body);
/* Our user is writing, or is not any more (XEP-0085); as often as one likes. */
void             ferry_chat_set_composing   (FerryChat    *self,
                                             gboolean      is_composing);
/* OPEN: makes the short number. Both sides may begin. */
void             ferry_chat_compare         (FerryChat    *self);
/* SHOWN: what our user saw. A match makes the level COMPARED; a mismatch ends the chat and
 * forgets nothing. */
void             ferry_chat_confirm         (FerryChat    *self,
                                             gboolean      matches);

/**
 * FerryChats:
 *
 * The chats of an account, one for each contact, as a #GListModel. Answers whoever asks for one.
 *
 * Signals: "offered" (FerryChat *chat): our user is asked; "received" (FerryChat *chat,
 * FerryMessage *message).
 */
#define FERRY_TYPE_CHATS (ferry_chats_get_type ())
G_DECLARE_FINAL_TYPE (FerryChats, ferry_chats, FERRY, CHATS, GObject)

/* Made on first use; CLOSED. Borrowed. */
FerryChat       *ferry_chats_get            (FerryChats   *self,
                                             FerryContact *contact);

G_END_DECLS
