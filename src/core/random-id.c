/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <sys/random.h>

#include "core/random-id.h"

#define ID_BYTES 16

void
ferry_random_bytes (guint8 *bytes,
                    gsize   n_bytes)
{
  gssize n_read;

  g_return_if_fail (n_bytes <= FERRY_RANDOM_MAX);

  do
    n_read = getrandom (bytes, n_bytes, 0);
  while (n_read < 0 && errno == EINTR);

  /* So small a read is never cut short, and fails on no kernel that can run us. */
  if (n_read != (gssize) n_bytes)
    g_error ("No random numbers to be had: %s", g_strerror (errno));
}

char *
ferry_random_id_new (void)
{
  guint8 bytes[ID_BYTES];
  char hex[2 * ID_BYTES + 1];

  ferry_random_bytes (bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", bytes[i]);

  return g_strdup (hex);
}
