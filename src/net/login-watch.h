/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerryLoginWatch:
 *
 * Looks over libstrophe's shoulder while it logs in, because it does not say why
 * a login failed, and would send the password in clear.
 */
typedef struct
{
  gboolean  is_authenticated; /* SASL succeeded */
  char     *failure;          /* (owned) (nullable): SASL condition, RFC 6120 §6.5 */
  char     *failure_text;     /* (owned) (nullable) */
} FerryLoginWatch;

/* @data: whole stanzas, as the gate gives them. */
void     ferry_login_watch_receive  (FerryLoginWatch *self,
                                     const guint8    *data,
                                     gsize            len);
void     ferry_login_watch_clear    (FerryLoginWatch *self);
/* Whether bytes that go out before login would choose SASL PLAIN. */
gboolean ferry_login_watch_is_plain (const guint8    *data,
                                     gsize            len);

G_END_DECLS
