/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/output.h"
#include "proto/network-diagnosis.h"

G_BEGIN_DECLS

/* What the doctor found, as events and in plain words. */
void ferry_diagnosis_report (FerryOutput          *output,
                             const FerryDiagnosis *diagnosis);

G_END_DECLS
