/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/settings.h"

G_BEGIN_DECLS

/* The account that was signed in last: address and server in a file of the
 * configuration folder, the password in the Secret Service. */

/* Fills jid, server and tls of @settings. Returns: whether there is an account */
gboolean  ferry_account_store_load                   (const char           *config_dir,
                                                      FerrySettings        *settings);
gboolean  ferry_account_store_save                   (const char           *config_dir,
                                                      const FerrySettings  *settings,
                                                      GError              **error);
/* Forgets the account and its password. */
void      ferry_account_store_forget                 (const char           *config_dir);

/* finish(): (transfer full) (nullable): %NULL: to be asked for, be it that none is
 * stored (no error) or that there is no Secret Service (an error of its). */
void      ferry_account_store_load_password_async    (const char           *jid,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
char     *ferry_account_store_load_password_finish   (GAsyncResult         *result,
                                                      GError              **error);
/* Wipes it first. @password: (nullable) */
void      ferry_account_store_free_password          (char                 *password);
/* Fails without a Secret Service: the password is then asked for at every start. */
void      ferry_account_store_save_password_async    (const char           *jid,
                                                      const char           *password,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean  ferry_account_store_save_password_finish   (GAsyncResult         *result,
                                                      GError              **error);

G_END_DECLS
