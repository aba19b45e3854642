/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "proto/socks5-server.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FerrySocks5Server server;
  gboolean ok = TRUE;
  gsize needed;

  ferry_socks5_server_init (&server);

  while (ok && (needed = ferry_socks5_server_get_needed (&server)) > 0 && needed <= size)
    {
      g_autoptr(GBytes) to_send = NULL;

      g_assert_cmpuint (needed, <=, FERRY_SOCKS5_SERVER_MAX_READ);
      ok = ferry_socks5_server_receive (&server, data, &to_send, NULL);
      data += needed;
      size -= needed;
    }

  if (ferry_socks5_server_get_address (&server) != NULL)
    {
      g_autoptr(GBytes) reply = ferry_socks5_server_accept (&server);

      g_assert_cmpuint (g_bytes_get_size (reply), ==,
                        strlen (ferry_socks5_server_get_address (&server)) + 7);
    }

  return 0;
}
