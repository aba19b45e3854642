/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "proto/network-diagnosis.h"

G_BEGIN_DECLS

/**
 * FerryDiagnosisRow:
 *
 * One thing the doctor says, with a verdict that is told by shape and by name, not by
 * colour alone.
 */
#define FERRY_TYPE_DIAGNOSIS_ROW (ferry_diagnosis_row_get_type ())
G_DECLARE_FINAL_TYPE (FerryDiagnosisRow, ferry_diagnosis_row, FERRY, DIAGNOSIS_ROW, AdwActionRow)

GtkWidget *ferry_diagnosis_row_new         (void);
void       ferry_diagnosis_row_set_finding (FerryDiagnosisRow    *self,
                                            const FerryFinding   *finding);
/* What it comes to. */
void       ferry_diagnosis_row_set_kind    (FerryDiagnosisRow    *self,
                                            FerryNetworkKind      kind);
/* @advice: a single bit */
void       ferry_diagnosis_row_set_advice  (FerryDiagnosisRow    *self,
                                            FerryAdvice           advice);

G_END_DECLS
