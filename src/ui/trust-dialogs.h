/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "core/contact.h"
#include "core/trust.h"

G_BEGIN_DECLS

/* Questions before something is done that weakens what is known of somebody. They do it
 * themselves if the answer is yes. */

/* Whether to forget the key known for @contact. */
void ferry_trust_dialogs_ask_forget  (GtkWindow    *parent,
                                      FerryTrust   *trust,
                                      FerryContact *contact);
/* Whether to make a new key for ourselves. */
void ferry_trust_dialogs_ask_replace (GtkWindow    *parent,
                                      FerryTrust   *trust);

G_END_DECLS
