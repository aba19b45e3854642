/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/xtls.h"

G_BEGIN_DECLS

/* What a person wants of encryption, by the names that menus and preferences use:
 * "auto", "required", "none". */

/* An unknown name is "auto". */
FerrySecurityPolicy  ferry_security_policy_from_name (const char          *name);
const char          *ferry_security_policy_to_name   (FerrySecurityPolicy  policy);

G_END_DECLS
