/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why a router gave no port by UPnP: nothing that it says itself. @error: of gupnp's or
 * gupnp-igd's. Returns: English, like "the router does not allow it" */
const char *ferry_igd_describe (const GError *error);

G_END_DECLS
