/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/dialect.h"

G_BEGIN_DECLS

/* The dialect "si-87": stream initiation as it began (XEP-0087), for files. */
extern const FerryDialect ferry_si_87_dialect;

G_END_DECLS
