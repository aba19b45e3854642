/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/port-mapper.h"

G_BEGIN_DECLS

#define N_METHODS 2 /* PCP, NAT-PMP: their numbers are their places */

/* Between asking and asking anew because the router says so: nobody can make us busy. µs. */
#define FERRY_PORT_MAPPER_MIN_PAUSE (5 * G_TIME_SPAN_SECOND)

/* What a method waits for the answer of. */
typedef enum
{
  QUESTION_NONE,
  QUESTION_ADDRESS, /* of the router, outside: NAT-PMP alone does not say it with the mapping */
  QUESTION_MAP,
  QUESTION_END,     /* give it back */
} Question;

typedef struct
{
  FerryMappingMethod  method;
  gboolean            is_used;
  Question            question;
  guint               n_sent;       /* times that it was asked */
  gint64              due;          /* µs: when to ask again or to give up */
  gboolean            may_stand;    /* a mapping was asked for: what is to be given back */
  gboolean            has_answered; /* ever */
  const char         *objection;    /* (nullable): why an answer was not believed */
  gint64              quiet_until;  /* µs: how long the router means its refusal to last */
  FerryIpAddress      external;     /* NAT-PMP: what the router calls its address */
  guint32             epoch;        /* of the last answer, if it ever has answered */
  gint64              epoch_at;     /* µs: when that came */
} Method;

typedef enum
{
  STATE_IDLE,
  STATE_RUNNING,
  STATE_STOPPING,
  STATE_OVER,
} State;

struct _FerryPortMapper
{
  FerryPortMapperRequest request;
  State                  state;
  Method                 methods[N_METHODS];
  gboolean               stands;
  gboolean               is_doubtful;  /* it stands, but silence would end it */
  FerryPortMapping       mapping;      /* what stands, or stood: that is wished for again */
  gint64                 renew_at;     /* µs, while it stands, as are all below */
  gint64                 expires;
  gint64                 asked_at;     /* when we last began to ask */
  gint64                 retry_at;     /* 0: nothing to try */
  guint                  n_failures;   /* in a row */
  gint64                 stop_at;
  gboolean               is_unheard;   /* what was to be given back may stand still */
};

/* Puts a question and sends it. */
void      _ferry_port_mapper_ask       (FerryPortMapper *self,
                                        Method          *method,
                                        Question         question,
                                        gint64           now,
                                        GPtrArray       *effects);
/* Sends once more what was not answered. Returns: %FALSE: that was often enough */
gboolean  _ferry_port_mapper_ask_again (FerryPortMapper *self,
                                        Method          *method,
                                        gint64           now,
                                        GPtrArray       *effects);
/* With whatever @method begins. */
void      _ferry_port_mapper_begin     (FerryPortMapper *self,
                                        Method          *method,
                                        gint64           now,
                                        GPtrArray       *effects);
/* It was refused. @text: follows "the router " */
void      _ferry_port_mapper_fail      (FerryPortMapper *self,
                                        Method          *method,
                                        const char      *text,
                                        gint64           now,
                                        GPtrArray       *effects);
/* What stood does not any more; it is asked for again as soon as is decent. */
void      _ferry_port_mapper_lose      (FerryPortMapper *self,
                                        const char      *text,
                                        gint64           now,
                                        GPtrArray       *effects);
void      _ferry_port_mapper_receive   (FerryPortMapper *self,
                                        const guint8    *data,
                                        gsize            size,
                                        gint64           now,
                                        GPtrArray       *effects);
/* Whether any method waits for an answer. */
gboolean  _ferry_port_mapper_is_asking (const FerryPortMapper *self);
/* Whether it is by @method that the mapping stands. */
gboolean  _ferry_port_mapper_stands_by (const FerryPortMapper *self,
                                        const Method          *method);
FerryPortMapperEffect *
          _ferry_port_mapper_effect    (GPtrArray                 *effects,
                                        FerryPortMapperEffectKind  kind);

G_END_DECLS
