/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/* Every target is this function: it must take any bytes, and return 0. */
int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);
