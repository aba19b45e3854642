/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends @text; what XML forbids, and what is no UTF-8, becomes U+FFFD. */
void ferry_xml_append_repaired  (GString    *out,
                                 const char *text,
                                 gsize       length);
/* Appends ` name='value'`; @value: repaired */
void ferry_xml_append_attribute (GString    *out,
                                 const char *name,
                                 const char *value);
/* Appends repaired character data. */
void ferry_xml_append_text      (GString    *out,
                                 const char *text);

G_END_DECLS
