/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "base/rate-meter.h"
#include "core/inbox.h"
#include "core/negotiation.h"
#include "core/transfer-other-way.h"
#include "core/transfer.h"
#include "net/byte-pump.h"
#include "net/path-watch.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_TRANSFER_PROP_0,
  FERRY_TRANSFER_PROP_ID,
  FERRY_TRANSFER_PROP_DIRECTION,
  FERRY_TRANSFER_PROP_CONTACT,
  FERRY_TRANSFER_PROP_PEER,
  FERRY_TRANSFER_PROP_NAME,
  FERRY_TRANSFER_PROP_SIZE,
  FERRY_TRANSFER_PROP_CONTENT_TYPE,
  FERRY_TRANSFER_PROP_STATE,
  FERRY_TRANSFER_PROP_BYTES,
  FERRY_TRANSFER_PROP_RATE,
  FERRY_TRANSFER_PROP_SECONDS_LEFT,
  FERRY_TRANSFER_PROP_PATH,
  FERRY_TRANSFER_PROP_VIA,
  FERRY_TRANSFER_PROP_IS_ENCRYPTED,
  FERRY_TRANSFER_PROP_TRUST_LEVEL,
  FERRY_TRANSFER_PROP_DIALECT,
  FERRY_TRANSFER_PROP_VERIFIED,
  FERRY_TRANSFER_PROP_SHA256,
  FERRY_TRANSFER_PROP_ERROR,
  FERRY_TRANSFER_PROP_STEP,
  FERRY_TRANSFER_PROP_FILE,
  FERRY_TRANSFER_PROP_LOCAL,
  FERRY_TRANSFER_PROP_REMOTE,
  FERRY_TRANSFER_PROP_STARTED_AT,
  FERRY_TRANSFER_PROP_ENDED_AT,
  FERRY_TRANSFER_N_PROPS,
} FerryTransferProp;

typedef void (*FerryTransferFunc) (FerryTransfer *self);

struct _FerryTransfer
{
  GObject                 parent_instance;
  FerryTransferServices  *services;      /* (owned) */
  GCancellable           *cancellable;   /* (owned): of all that is under way; another one after the
                                          * path broke */

  /* What the properties say. */
  char                   *id;            /* (owned) */
  FerryRole               role;          /* ours in the session */
  FerryDirection          direction;     /* of the bytes: who is asked for a file sends it */
  FerryContact           *contact;       /* (owned) */
  char                   *peer;          /* (owned): full once known, else bare */
  char                   *name;          /* (owned): safe to show */
  gint64                  size;          /* bytes; -1: unknown */
  char                   *content_type;  /* (owned) (nullable) */
  char                   *description;   /* (owned) (nullable) */
  FerryTransferState      state;
  gint64                  bytes;         /* as people see it: it does not go back */
  double                  rate;          /* bytes/s */
  gint64                  seconds_left;  /* -1: unknown */
  FerryVerified           verified;
  char                   *sha256;        /* (owned) (nullable): hex */
  GError                 *error;         /* (owned) (nullable) */
  const char             *step;          /* (nullable): static */
  GFile                  *file;          /* (owned) (nullable) */
  gint64                  started_at;    /* µs, real time; 0: not yet */
  gint64                  ended_at;

  /* The session: transfer.c, -start.c, -end.c. */
  FerryNegotiation       *negotiation;   /* (owned) */
  char                   *to;            /* (owned) (nullable): outgoing, as the user said */
  char                   *wanted;        /* (owned) (nullable): the file we ask for, as the user said */
  const FerryDialect     *dialect;       /* (nullable) */
  const FerryPeerProfile *profile;       /* (nullable) */
  FerryPaths              allowed;       /* paths this session may use */
  GSource                *greeting;      /* (owned) (nullable): until the offer counts */
  GError                 *failure;       /* (owned) (nullable): what DATA_FAILED was about, or why
                                          * we do not even ask our user */
  guint                   n_awaited;     /* before the offer: the source, the recipient, a greeting */
  gboolean                has_tried_next_dialect;
  gboolean                has_tried_in_band;
  gboolean                was_peer_gone; /* while bytes flowed without the server */
  gboolean                is_refused;    /* an offer that our user only hears of: it was not safe */

  /* The file: transfer-source.c, transfer-data.c. */
  gboolean                is_examined;   /* outgoing: name, size and type are known */
  int                     fd;            /* outgoing: owned; incoming: the inbox's; -1: none */
  gint64                  mtime;         /* ns, of the source when it was offered */
  FerryHashes             hashes;        /* computed */
  FerryTransferFunc       when_hashed;   /* (nullable): what waits for the source's hashes */
  GFile                  *folder;        /* (owned) (nullable): incoming */
  FerryFileDescription   *offer;         /* (owned) (nullable): incoming, as it was offered */
  char                   *inbox_name;    /* (owned) (nullable): what the file is to be called */
  FerryInbox             *inbox;         /* (owned) (nullable) */
  FerryBytePump          *pump;          /* (owned) (nullable) */
  GCancellable           *pumping;       /* (owned) (nullable): of @pump */
  gint64                  pump_offset;   /* bytes */
  gint64                  pump_end;      /* bytes; sending: where the last byte is sent */
  gboolean                is_pump_due;   /* once the inbox is open; from @pump_offset */
  gint64                  pump_length;   /* bytes; -1: to the end */
  gboolean                close_confirms; /* the receiver's close is to say that all arrived */
  gint64                  position;      /* bytes: how far it is, or was when it broke */
  guint                   n_workers;     /* pumps whose thread may still be at the file */
  FerryPathWatch         *path_watch;    /* (owned) (nullable) */
  gboolean                is_paused;     /* wanted, or done */
  gboolean                is_storing;
  gboolean                is_stored;
  FerryRateMeter          meter;
  GSource                *ticker;        /* (owned) (nullable): while RUNNING */
  gint64                  data_started;  /* µs, monotonic; 0: not yet */
  gint64                  data_ended;
  gint64                  data_spent;    /* µs, over the ways before this one */

  FerryOtherWay           way;           /* what is looked for after this one broke: transfer-resume.c */
};

/* transfer.c: for the queue. */
FerryTransfer *ferry_transfer_new_outgoing  (FerryTransferServices    *services,
                                             FerryContact             *contact,
                                             const char               *to,
                                             GFile                    *file);
/* @name: as the other side calls it; a key, not a path. @folder: where it is to land */
FerryTransfer *ferry_transfer_new_request   (FerryTransferServices    *services,
                                             FerryContact             *contact,
                                             const char               *to,
                                             const char               *name,
                                             GFile                    *folder);
FerryTransfer *ferry_transfer_new_incoming  (FerryTransferServices    *services,
                                             FerryContact             *contact,
                                             const FerryDialect       *dialect,
                                             const char               *peer,
                                             const char               *sid);
void           ferry_transfer_peer_gone     (FerryTransfer            *self,
                                             const char               *full_jid);
void           ferry_transfer_went_offline  (FerryTransfer            *self);

/* transfer.c: for the other parts. */
void           ferry_transfer_feed          (FerryTransfer            *self,
                                             const FerrySessionEvent  *event);
void           ferry_transfer_feed_kind     (FerryTransfer            *self,
                                             FerrySessionEventKind     kind);
/* Whether there is a session, and what it is about (nullable: there is none). */
gboolean       ferry_transfer_has_session   (FerryTransfer            *self);
const FerryFileDescription *ferry_transfer_get_agreed (FerryTransfer  *self);

/* An offer that is not for our user's decision becomes known all the same. */
void           ferry_transfer_learn_offer   (FerryTransfer            *self);

/* transfer-start.c: outgoing, WAITING and examined; there is a slot and somebody to ask. */
void           ferry_transfer_start         (FerryTransfer            *self);
/* Opens a session, once the file has the hashes of its dialect; also for another try. */
void           ferry_transfer_open_session  (FerryTransfer            *self);
/* @sid: of the request that opens it; else %NULL. @file: (nullable): to offer, or to ask for */
gboolean       ferry_transfer_begin_session (FerryTransfer            *self,
                                             const char               *sid,
                                             const FerryFileDescription *file,
                                             GError                  **error);
/* transfer-accept.c: the inbox; transfer-serve.c: what others ask for */
void           ferry_transfer_expect_file   (FerryTransfer            *self);
void           ferry_transfer_drop_inbox    (FerryTransfer            *self);
void           ferry_transfer_leave_inbox   (FerryTransfer            *self);
void           ferry_transfer_find          (FerryTransfer            *self);

/* transfer-end.c. @error: (transfer full) (nullable) */
void           ferry_transfer_conclude      (FerryTransfer            *self,
                                             FerryOutcome              outcome,
                                             const char               *text);
/* Lets go of the session, and of all that was meant for it. */
void           ferry_transfer_drop_session  (FerryTransfer            *self);
void           ferry_transfer_fail          (FerryTransfer            *self,
                                             FerryTransferError        code,
                                             const char               *reason);
void           ferry_transfer_end           (FerryTransfer            *self,
                                             FerryTransferState        state,
                                             GError                   *error);

/* transfer-object.c */
void           ferry_transfer_notify        (FerryTransfer           *self,
                                             FerryTransferProp        prop);
void           ferry_transfer_set_state     (FerryTransfer           *self,
                                             FerryTransferState       state);
void           ferry_transfer_set_string    (FerryTransfer           *self,
                                             FerryTransferProp        prop,
                                             char                   **field,
                                             const char              *value);
const char    *ferry_transfer_get_stage     (FerryTransfer           *self);
/* Signal "examined": outgoing: the file has been looked at. */
void           ferry_transfer_emit_examined (FerryTransfer           *self);

/* transfer-error.c: the connection is not as private as it should be. */
gboolean       ferry_transfer_error_is_security (int                  code);
/* What an outcome means to people. @failure: (nullable): the cause
 * when it is ours. Returns: (nullable): none for a good end or a person's will. */
FerryTransferState ferry_outcome_get_state  (FerryOutcome             outcome);
GError        *ferry_outcome_to_error       (FerryOutcome             outcome,
                                             const char              *step,
                                             const char              *text,
                                             const GError            *failure);

/* transfer-source.c: the file to send. */
void           ferry_transfer_examine       (FerryTransfer           *self);
void           ferry_transfer_open_source   (FerryTransfer           *self,
                                             FerryTransferFunc        then);
/* Calls @then, now or later, with those of @algorithms computed that can be. */
void           ferry_transfer_hash_source   (FerryTransfer           *self,
                                             guint                    algorithms,
                                             FerryTransferFunc        then);
void           ferry_transfer_close_source  (FerryTransfer           *self);
void           ferry_transfer_hash_whole    (FerryTransfer           *self);
gboolean       ferry_transfer_is_unchanged  (FerryTransfer           *self,
                                             GError                 **error);
FerryFileDescription *ferry_transfer_describe (FerryTransfer         *self);

/* transfer-data.c: the bytes. */
void           ferry_transfer_pump          (FerryTransfer           *self,
                                             const FerrySessionEffect *effect);
void           ferry_transfer_begin_pump    (FerryTransfer           *self);
void           ferry_transfer_stop_pump     (FerryTransfer           *self);
void           ferry_transfer_break_data    (FerryTransfer           *self,
                                             const char              *reason);
void           ferry_transfer_feed_hashes   (FerryTransfer           *self,
                                             FerrySessionEventKind    kind,
                                             const FerryHashes       *hashes);
/* @failure: (transfer full) */
void           ferry_transfer_data_failed   (FerryTransfer           *self,
                                             FerryOutcome             outcome,
                                             GError                  *failure);
/* The same for what our file or disk did. */
void           ferry_transfer_file_failed   (FerryTransfer           *self,
                                             const GError            *error);

/* transfer-store.c: the file takes its place. */
void           ferry_transfer_store         (FerryTransfer           *self,
                                             FerryHashVerdict         verdict);

/* transfer-progress.c */
void           ferry_transfer_update_progress (FerryTransfer         *self);
void           ferry_transfer_start_ticker  (FerryTransfer           *self);
void           ferry_transfer_stop_ticker   (FerryTransfer           *self);

G_END_DECLS
