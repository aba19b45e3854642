/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_GATE_PASS,
  FERRY_GATE_FORGED,    /* a prefixed attribute: trusting parsers lose the prefix */
  FERRY_GATE_TOO_LARGE,
} FerryGateVerdict;

/* What the gate knows of the stanza at hand. Zeroed it is none. */
typedef struct
{
  FerryGateVerdict  verdict;
  guint             n_elements;
  guint             factor;     /* of the limits */
  gboolean          is_success; /* of SASL */
  gboolean          is_request;
  char             *id;         /* (owned) (nullable) */
  char             *from;       /* (owned) (nullable) */
} FerryGateStanza;

/* @attributes: name, value, name, value, … %NULL, prefixes included */
FerryGateVerdict  ferry_gate_judge_attributes  (const char      **attributes);

void              ferry_gate_stanza_begin      (FerryGateStanza  *self,
                                                const char       *account,
                                                const char       *name,
                                                const char      **attributes);
/* Counts one more element, the stanza's own included; @depth: 1 for that. */
void              ferry_gate_stanza_element    (FerryGateStanza  *self,
                                                const char      **attributes,
                                                guint             depth);
/* It has come to @size bytes. */
void              ferry_gate_stanza_grow       (FerryGateStanza  *self,
                                                gint64            size);
/* The answer owed if it is dropped. (transfer full) (nullable) */
FerryElement     *ferry_gate_stanza_refuse     (FerryGateStanza  *self);
void              ferry_gate_stanza_clear      (FerryGateStanza  *self);

G_END_DECLS
