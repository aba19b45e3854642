/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Passwords in the Secret Service (GNOME Keyring, KWallet, KeePassXC …). Without
 * one running every call fails, with an error of D-Bus or libsecret: to be asked
 * again then, never to be written elsewhere. */

void      ferry_password_store_lookup_async  (const char           *jid,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
/* Returns: (transfer full) (nullable): %NULL without error: none is stored. Free
 * it with ferry_password_free(). */
char     *ferry_password_store_lookup_finish (GAsyncResult         *result,
                                              GError              **error);
void      ferry_password_store_save_async    (const char           *jid,
                                              const char           *password,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean  ferry_password_store_save_finish   (GAsyncResult         *result,
                                              GError              **error);
/* Forgets it; whether that worked is of no interest to anybody. */
void      ferry_password_store_clear         (const char           *jid);
/* Wiped before it is freed. */
void      ferry_password_free                (char                 *password);

G_END_DECLS
