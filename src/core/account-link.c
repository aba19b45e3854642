/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/account-private.h"

static FerryStanzaPort *
connection_create (void)
{
  return FERRY_STANZA_PORT (ferry_connection_new ());
}

static void
connection_connect_async (FerryStanzaPort                *port,
                          const FerryConnectionSettings  *settings,
                          GCancellable                   *cancellable,
                          GAsyncReadyCallback             callback,
                          gpointer                        user_data)
{
  ferry_connection_connect_async (FERRY_CONNECTION (port), settings, cancellable,
                                  callback, user_data);
}

static gboolean
connection_connect_finish (FerryStanzaPort  *port,
                           GAsyncResult     *result,
                           GError          **error)
{
  return ferry_connection_connect_finish (FERRY_CONNECTION (port), result, error);
}

static void
connection_close (FerryStanzaPort *port)
{
  ferry_connection_close (FERRY_CONNECTION (port));
}

const FerryAccountLink ferry_account_link = {
  .create = connection_create,
  .connect_async = connection_connect_async,
  .connect_finish = connection_connect_finish,
  .close = connection_close,
  .ping_interval = 60 * 1000,
  .ping_timeout = 15,
  .first_delay = 1000,
  .longest_delay = 60 * 1000,
  .steady_after = 30 * 1000,
};
