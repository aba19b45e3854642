/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/chat.h"
#include "core/message-private.h"
#include "core/negotiation.h"
#include "net/duplex.h"
#include "proto/chat-stanza.h"
#include "proto/short-code.h"
#include "proto/xml-stream.h"

G_BEGIN_DECLS

#define FERRY_CHAT_MAX_WRONG 3 /* wrong phrases in an hour (XTLS-17) */

typedef enum
{
  FERRY_CHAT_PROP_0,
  FERRY_CHAT_PROP_CONTACT,
  FERRY_CHAT_PROP_STATE,
  FERRY_CHAT_PROP_PEER,
  FERRY_CHAT_PROP_IS_PHRASE_WANTED,
  FERRY_CHAT_PROP_LEVEL,
  FERRY_CHAT_PROP_IS_CHANGED,
  FERRY_CHAT_PROP_FINGERPRINT,
  FERRY_CHAT_PROP_PATH,
  FERRY_CHAT_PROP_CIPHER,
  FERRY_CHAT_PROP_ERROR,
  FERRY_CHAT_PROP_IS_COMPOSING,
  FERRY_CHAT_PROP_COMPARISON,
  FERRY_CHAT_PROP_CODE,
  FERRY_CHAT_PROP_N_UNREAD,
  FERRY_CHAT_N_PROPS,
} FerryChatProp;

/* What to answer to somebody who asks for a chat. */
typedef enum
{
  FERRY_CHAT_TAKES,
  FERRY_CHAT_WINS_TIE, /* our own offer is the one that counts (J-15) */
  FERRY_CHAT_IS_BUSY,  /* there is another one with that contact */
} FerryChatJudgement;

/* How the stream ends, until its last bytes are written. */
typedef struct
{
  FerrySessionEventKind kind;    /* DATA_DONE or DATA_FAILED */
  FerryOutcome          outcome;
} FerryChatFarewell;

struct _FerryChat
{
  GObject                 parent_instance;
  FerryTransferServices  *services;         /* (owned) */
  FerryNegotiation       *negotiation;      /* (owned) */

  /* What the properties say. */
  FerryContact           *contact;          /* (owned) */
  FerryChatState          state;
  char                   *peer;             /* (owned) (nullable) */
  gboolean                is_phrase_wanted;
  FerryTrustLevel         level;            /* of this session */
  char                   *fingerprint;      /* (owned) (nullable): SHA-256, of this session */
  FerryPaths              path;
  char                   *cipher;           /* (owned) (nullable) */
  GError                 *error;            /* (owned) (nullable) */
  gboolean                is_composing;
  FerryComparison         comparison;
  char                   *code;             /* (owned) (nullable) */
  guint                   n_unread;

  /* The session: chat-open.c, chat-session.c. */
  FerryRole               role;             /* ours */
  GCancellable           *choosing;         /* (owned) (nullable): whom to ask is being found out */
  const FerryDialect     *dialect;          /* (nullable): of the session that we begin */
  const FerryPeerProfile *profile;          /* (nullable): likewise */
  FerryPaths              allowed;
  char                   *to;               /* (owned) (nullable): as the user said */
  char                   *phrase;           /* (owned) (nullable): ours, for this session */
  gboolean                is_crossing;      /* answering, and our user has asked the same */
  gboolean                is_leaving;       /* it ends because our side wants it */
  gboolean                was_open;
  gboolean                has_tried_in_band;
  GError                 *failure;          /* (owned) (nullable): what will have ended it */
  gboolean                is_next;          /* another one follows, … */
  char                   *next_to;          /* (owned) (nullable): … to … */
  char                   *next_phrase;      /* (owned) (nullable): … by */
  gint64                  wrong[FERRY_CHAT_MAX_WRONG]; /* µs, monotonic: when; a ring */
  guint                   n_wrong;

  /* Opening it again by itself: chat-reopen.c. */
  gint64                  welcome_until;    /* µs, monotonic: who opens it anew need not be asked about */
  gint64                  reopen_until;     /* likewise: how long we try */
  guint                   n_reopened;       /* in a row */
  GSource                *reopen;           /* (owned) (nullable) */

  /* The stream: chat-stream.c, chat-alive.c. */
  FerryDuplex            *duplex;           /* (owned) (nullable) */
  FerryXmlStream         *stream;           /* (owned) (nullable) */
  gboolean                is_running;       /* effects of @stream are being carried out */
  GSource                *stream_wake;      /* (owned) (nullable) */
  FerryChatFarewell       farewell;
  GSource                *linger;           /* (owned) (nullable): the stream is over but for its end */
  char                   *pubkeys_id;       /* (owned) (nullable): of our request, until it is answered */
  GBytes                 *certificate;      /* (owned) (nullable): the peer's */
  char                   *own_fingerprint;  /* (owned) (nullable): of ours */
  gint64                  patience;         /* µs of silence before a ping, and after it */
  gint64                  begun_at;         /* µs, monotonic: the stream */
  gint64                  last_heard;       /* µs, monotonic */
  gboolean                is_pinged;        /* since */
  GSource                *alive;            /* (owned) (nullable) */
  gint64                  allowance;        /* bytes that may come now */
  GSource                *breath;           /* (owned) (nullable): until more may come */

  /* What is said: chat-messages.c, chat-typing.c. */
  GPtrArray              *messages;         /* (owned): FerryMessage (owned) */
  gsize                   n_bytes;          /* of all bodies */
  GCancellable           *recalling;        /* (owned) (nullable): kept ones are being read */
  gboolean                is_held;          /* messages wait although it is open */
  gboolean                is_typing;        /* our user is, … */
  gboolean                is_typing_told;   /* … and the other side was told that he is */
  gint64                  typed_at;         /* µs, monotonic: the last sign of it */
  gint64                  typing_told_at;   /* likewise */
  GSource                *typing;           /* (owned) (nullable) */

  /* The number: chat-compare.c. */
  guint8                  nonce[FERRY_SHORT_CODE_NONCE]; /* ours */
  char                   *commitment;       /* (owned) (nullable): the peer's */
  gboolean                has_committed;    /* we have */
  guint                   n_compared;       /* in this stream */
};

/* chat.c */
FerryChat     *ferry_chat_new            (FerryTransferServices    *services,
                                          FerryContact             *contact);
void           ferry_chat_notify         (FerryChat                *self,
                                          FerryChatProp             prop);
void           ferry_chat_set_state      (FerryChat                *self,
                                          FerryChatState            state);
void           ferry_chat_set_string     (FerryChat                *self,
                                          FerryChatProp             prop,
                                          char                    **field,
                                          const char               *value);
/* What trust says of the contact has changed. */
void           ferry_chat_trust_changed  (FerryChat                *self);
void           ferry_chat_emit_offered   (FerryChat                *self);
void           ferry_chat_emit_received  (FerryChat                *self,
                                          FerryMessage             *message);
/* One alarm; @callback %NULL: none. The alarm holds nothing: clear it in time. */
void           ferry_chat_set_alarm      (FerryChat                *self,
                                          GSource                 **alarm,
                                          gint64                    ready_time,
                                          GSourceFunc               callback);

/* chat-open.c: asks the other side; begins what ferry_chat_open() asked for. */
void           ferry_chat_ask            (FerryChat                *self,
                                          const char               *to,
                                          const char               *phrase);
gboolean       ferry_chat_begin          (FerryChat                *self);
/* Ends what is not a session yet. @error: (transfer full) */
void           ferry_chat_give_up        (FerryChat                *self,
                                          GError                   *error);

/* chat-session.c: the session, and its end. */
FerryNegotiation *ferry_chat_new_negotiation (FerryChat            *self);
/* Why the session is going to end. */
void           ferry_chat_blame          (FerryChat                *self,
                                          FerryChatError            code,
                                          const char               *reason);
/* The bytes flow no more: ends the session, and says that it went wrong. */
void           ferry_chat_fail           (FerryChat                *self,
                                          FerryOutcome              outcome,
                                          FerryChatError            code,
                                          const char               *format,
                                          ...) G_GNUC_PRINTF (4, 5);
void           ferry_chat_peer_gone      (FerryChat                *self,
                                          const char               *full_jid);
void           ferry_chat_went_offline   (FerryChat                *self);
/* The account leaves: what can be said is said now. */
void           ferry_chat_leave          (FerryChat                *self);
gboolean       ferry_chat_is_on_its_own  (FerryChat                *self);
/* Whether too many phrases were wrong (XTLS-17). */
gboolean       ferry_chat_is_exhausted   (FerryChat                *self);

/* chat-offer.c: somebody asks for a chat. @sid: of the session it would be */
FerryChatJudgement ferry_chat_judge_offer (FerryChat               *self,
                                          const char               *from,
                                          const char               *sid);
/* It takes it: a session begins, in @dialect; @iq is the request. */
void           ferry_chat_take_offer     (FerryChat                *self,
                                          const FerryDialect       *dialect,
                                          FerryElement             *iq);

/* chat-end.c: effect END. */
void           ferry_chat_conclude       (FerryChat                *self,
                                          FerryOutcome              outcome,
                                          const char               *text);

/* chat-reopen.c */
void           ferry_chat_forget_or_welcome (FerryChat             *self,
                                          const GError             *error);
void           ferry_chat_reopen_later   (FerryChat                *self);
void           ferry_chat_forget_reopening (FerryChat              *self);
gboolean       ferry_chat_is_welcome     (FerryChat                *self);

/* chat-stream.c */
void           ferry_chat_begin_stream   (FerryChat                *self);
void           ferry_chat_stop_stream    (FerryChat                *self);
/* Says </stream:stream>. */
void           ferry_chat_close_stream   (FerryChat                *self);
/* @stanza: (transfer full) */
gboolean       ferry_chat_say            (FerryChat                *self,
                                          FerryElement             *stanza);

/* chat-alive.c */
void           ferry_chat_watch_silence  (FerryChat                *self);
void           ferry_chat_heard          (FerryChat                *self,
                                          gsize                     n_bytes);

/* chat-secrets.c: certificates after a phrase (XTLS-19). */
void           ferry_chat_stream_opened  (FerryChat                *self);
/* %FALSE: there is none to show */
gboolean       ferry_chat_answer_pubkeys (FerryChat                *self,
                                          FerryElement             *request);
void           ferry_chat_take_pubkeys   (FerryChat                *self,
                                          FerryElement             *reply);

/* chat-messages.c */
void           ferry_chat_receive        (FerryChat                *self,
                                          FerryElement             *stanza);
void           ferry_chat_send_waiting   (FerryChat                *self);
void           ferry_chat_mark_undelivered (FerryChat              *self);

/* chat-keep.c: messages that are kept, if the user wants that. */
void           ferry_chat_keep           (FerryChat                *self,
                                          FerryMessage             *message);
void           ferry_chat_keep_state     (FerryChat                *self,
                                          FerryMessage             *message);
/* Those of before. */
void           ferry_chat_recall         (FerryChat                *self);

/* chat-typing.c */
void           ferry_chat_forget_typing  (FerryChat                *self);
void           ferry_chat_set_peer_typing (FerryChat               *self,
                                          gboolean                  is_composing);

/* chat-compare.c */
void           ferry_chat_receive_comparison (FerryChat            *self,
                                          const FerryChatStanza    *stanza);
void           ferry_chat_forget_comparison (FerryChat             *self);

G_END_DECLS
