/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/s5b-engine.h"

G_BEGIN_DECLS

#define MSEC                  G_GINT64_CONSTANT (1000)
#define FERRY_S5B_MAX_INBOUND 4 /* SEC-25 */

typedef enum
{
  REMOTE_WAITING,  /* for its turn */
  REMOTE_DIALLING,
  REMOTE_OPEN,     /* our pick */
  REMOTE_FAILED,
  REMOTE_DROPPED,  /* not worth it any more */
} RemoteState;

/* A candidate of the peer's. */
typedef struct
{
  FerryS5bCandidate *candidate; /* (owned) */
  RemoteState        state;
  guint              dial;      /* id of the attempt */
  gint64             started;   /* µs: it */
  gboolean           retried;   /* with the other order of names (SOCKS-10) */
  char              *note;      /* (owned) (nullable): why it failed */
} Remote;

typedef struct
{
  guint  id;    /* 0: none */
  char  *local; /* (owned) (nullable): our address it was made to */
} Inbound;

typedef enum
{
  PHASE_IDLE,            /* before START */
  PHASE_DIALLING,        /* our report is not out */
  PHASE_AWAIT_REPORT,    /* the peer's is missing */
  PHASE_AWAIT_ACTIVATED, /* the peer activates its proxy, which we dialled */
  PHASE_AWAIT_INBOUND,   /* the peer dialled us, and it is not here */
  PHASE_AWAIT_PROXY,     /* we dial our own proxy, which the peer dialled */
  PHASE_ACTIVATING,      /* … and have asked it to join us */
  PHASE_OPEN,
  PHASE_FAILED,
} Phase;

typedef enum
{
  REPORT_NONE,
  REPORT_USED,
  REPORT_ERROR,
} Report;

struct _FerryS5bEngine
{
  FerryRole          role;
  const FerryS5bRules *rules;      /* static */
  char              *sid;
  char              *own_jid;
  char              *peer_jid;
  gboolean           punches;      /* to the peer's assisted hosts */
  gboolean           is_hurried;   /* there is another way than this transport */
  gboolean           may_trickle;  /* the peer: it may name hosts later */
  char              *dstaddr;      /* (nullable): the peer's */
  GPtrArray         *own;          /* FerryS5bCandidate: what we offered */
  GPtrArray         *remotes;      /* Remote: best first */
  gboolean           has_listed;   /* the peer: there has been a list, if only an empty one */

  Phase              phase;
  gint64             phase_start;  /* µs */
  gint64             clock;        /* µs: when dialling had something to dial */
  gint64             last_direct;  /* µs: start of the last direct dial */
  gint64             last_proxy;   /* µs: of the last one to a proxy */
  guint              n_dials;
  guint              next_id;

  Report             our_report;   /* ERROR also where it was not worth saying */
  Remote            *pick;         /* (unowned) (nullable): what we reported used */
  gboolean           pick_stands;  /* the peer has heard so (S5B0-9a) */
  Report             their_report;
  gint64             their_time;   /* µs */
  FerryS5bCandidate *their_pick;   /* (unowned) (nullable): which of ours they reported */
  gboolean           is_vague;     /* … or another of the same jid (S5B0-7) */

  Inbound            inbound[FERRY_S5B_MAX_INBOUND];
  guint              own_proxy;    /* id of the dial to our own proxy; 0: none */
  gboolean           own_proxy_open;
  gboolean           was_activated; /* the peer said so */
  gboolean           has_proxy_error;
  char              *trouble;      /* (nullable): what broke after the choice */
};

/* s5b-engine-remotes.c */
void     _ferry_s5b_remote_free               (Remote               *remote);
gboolean _ferry_s5b_remote_is_proxy           (const Remote         *remote);
gboolean _ferry_s5b_engine_is_punched         (const FerryS5bEngine *self,
                                               const Remote         *remote);
gboolean _ferry_s5b_engine_add_remotes        (FerryS5bEngine       *self,
                                               GPtrArray            *candidates,
                                               gint64                now);
char    *_ferry_s5b_engine_build_address      (const FerryS5bEngine *self,
                                               const Remote         *remote);

/* s5b-engine-inbound.c */
void     _ferry_s5b_engine_add_inbound        (FerryS5bEngine       *self,
                                               const FerryS5bEvent  *event,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_remove_inbound     (FerryS5bEngine       *self,
                                               guint                 id);
guint    _ferry_s5b_engine_find_inbound       (const FerryS5bEngine *self,
                                               gboolean              in_doubt);

/* s5b-engine-reports.c */
FerryS5bVerdict
         _ferry_s5b_engine_receive_info       (FerryS5bEngine       *self,
                                               const FerryS5bEvent  *event,
                                               gint64                now,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_receive_answer     (FerryS5bEngine       *self,
                                               gboolean              refused,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_send               (FerryS5bInfo          info,
                                               const FerryS5bCandidate *about,
                                               GPtrArray            *effects);

/* s5b-engine-dialling.c */
void     _ferry_s5b_engine_dial_on            (FerryS5bEngine       *self,
                                               gint64                now,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_dialled            (FerryS5bEngine       *self,
                                               guint                 id,
                                               gint64                now,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_dial_failed        (FerryS5bEngine       *self,
                                               const FerryS5bEvent  *event,
                                               gint64                now,
                                               GPtrArray            *effects);
gint64   _ferry_s5b_engine_dialling_deadline  (const FerryS5bEngine *self);

/* s5b-engine-nomination.c */
void     _ferry_s5b_engine_fail               (FerryS5bEngine       *self,
                                               const char           *trouble,
                                               gint64                now);
void     _ferry_s5b_engine_use                (FerryS5bEngine       *self,
                                               guint                 id,
                                               gboolean              proxied,
                                               gint64                now,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_nominate_on        (FerryS5bEngine       *self,
                                               gint64                now,
                                               GPtrArray            *effects);
gint64   _ferry_s5b_engine_nomination_deadline (const FerryS5bEngine *self);

/* s5b-engine-proxy.c */
void     _ferry_s5b_engine_dial_own_proxy     (FerryS5bEngine       *self,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_drop_own_proxy     (FerryS5bEngine       *self,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_activation_done    (FerryS5bEngine       *self,
                                               gint64                now,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_await_activated    (FerryS5bEngine       *self,
                                               gint64                now,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_await_proxy        (FerryS5bEngine       *self,
                                               gint64                now,
                                               GPtrArray            *effects);
void     _ferry_s5b_engine_await_activation   (FerryS5bEngine       *self,
                                               gint64                now,
                                               GPtrArray            *effects);

/* s5b-engine.c */
void     _ferry_s5b_engine_set_phase          (FerryS5bEngine       *self,
                                               Phase                 phase,
                                               gint64                now);

G_END_DECLS
