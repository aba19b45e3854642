/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/diagnosis-words.h"
#include "proto/path-facts.h"

G_BEGIN_DECLS

typedef struct
{
  FerryTest     test;
  FerryVerdict  verdict;
  FerryFound    found;   /* what it is, for those who say it in another language */
  char         *subject; /* (owned) (nullable): fills the first gap of its sentence */
  char         *detail;  /* (owned) (nullable): … and the second */
  char         *text;    /* (owned): English, one line: what was found */
} FerryFinding;

/* Whether this network allows a way: GOOD, POOR (to some), BAD, or SKIPPED (needless here). */
typedef struct
{
  FerryVerdict verdict;
  FerryReason  reason;
} FerryWayFinding;

/* What the tests themselves found out beside the facts. */
typedef struct
{
  gboolean       is_settled;                        /* nothing more is to be known */
  gboolean       is_online;                         /* our server was there to be asked */
  gboolean       may_direct;                        /* by the settings, and no desktop proxy */
  gboolean       may_map;
  gboolean       has_stun_server;
  const char    *stun_fault;                        /* (nullable) */
  const char    *faults[FERRY_N_MAPPING_METHODS];   /* (nullable): why there is no such mapping */
  FerryIpAddress router_external;                   /* what the router calls its outside; or none */
  gint64         in_band_delay;                     /* µs there and back; -1: no answer */
} FerryTestResults;

typedef struct
{
  FerryNetworkKind  kind;
  FerryAdvice       advice;
  GPtrArray        *findings; /* (owned): FerryFinding, in the order of FerryTest */
  FerryWayFinding   ways[FERRY_N_WAYS];
} FerryDiagnosis;

/* Returns: (transfer full) */
FerryDiagnosis *ferry_network_diagnose (const FerryPathFacts   *facts,
                                        const FerryTestResults *results);
void            ferry_diagnosis_free   (FerryDiagnosis         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryDiagnosis, ferry_diagnosis_free)

G_END_DECLS
