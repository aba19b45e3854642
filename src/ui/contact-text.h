/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/contact.h"

G_BEGIN_DECLS

/* "online", "away" …; static. */
const char *ferry_contact_text_presence (FerryPresence  presence);
/* The CSS class of the presence dot; static. */
const char *ferry_contact_text_class    (FerryPresence  presence);
/* The name, made harmless. (transfer full) */
char       *ferry_contact_text_name     (FerryContact  *contact);
/* Presence and status, one line. (transfer full) */
char       *ferry_contact_text_status   (FerryContact  *contact);
/* The row as one sentence, for people who do not see it. (transfer full) */
char       *ferry_contact_text_summary  (FerryContact  *contact);

G_END_DECLS
