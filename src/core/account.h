/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/router.h"
#include "core/settings.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_ACCOUNT_OFFLINE,    /* nobody asked for it, or it failed for good: see "error" */
  FERRY_ACCOUNT_CONNECTING,
  FERRY_ACCOUNT_ONLINE,
  FERRY_ACCOUNT_WAITING,    /* lost; tries again at "retry-at" */
} FerryAccountState;

/**
 * FerryAccount:
 *
 * Our place on the server: logs in, stays in (ping, reconnect with back-off),
 * announces presence. Gives the router its port.
 *
 * Properties: "jid" (bare), "state" (#FerryAccountState as an int), "error" (GError,
 * nullable: of the last attempt), "retry-at" (gint64, µs monotonic, 0: no retry
 * planned), "show" (#FerryPresence as an int: ours, writable).
 * Signal "online": bound, before presence is sent; observers fetch what they need.
 * Signal "leaving": disconnect() was called while online; the last chance to say something.
 * Signal "certificate-unknown" (GTlsCertificate*, guint flags) → gboolean, see #FerryConnection.
 */
#define FERRY_TYPE_ACCOUNT (ferry_account_get_type ())
G_DECLARE_FINAL_TYPE (FerryAccount, ferry_account, FERRY, ACCOUNT, GObject)

FerryAccount      *ferry_account_new         (FerryRouter         *router,
                                              const FerrySettings *settings);
void               ferry_account_connect     (FerryAccount        *self);
void               ferry_account_disconnect  (FerryAccount        *self);
/* Asks the server whether it is still there, when something has gone that lay beside it. */
void               ferry_account_check       (FerryAccount        *self);
/* Instead of waiting on. */
void               ferry_account_retry_now   (FerryAccount        *self);
const char        *ferry_account_get_jid     (FerryAccount        *self);
FerryAccountState  ferry_account_get_state   (FerryAccount        *self);
const GError      *ferry_account_get_error   (FerryAccount        *self);
gint64             ferry_account_get_retry_at (FerryAccount       *self);

G_END_DECLS
