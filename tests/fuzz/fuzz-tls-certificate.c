/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "net/tls-stream.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autofree char *digest = ferry_tls_certificate_dup_sha256 (bytes);
  g_autoptr(GError) error = NULL;
  gboolean is_good = ferry_tls_certificate_check (bytes, &error);

  if (strlen (digest) != 64)
    g_error ("%s is no SHA-256", digest);

  if (is_good != (error == NULL))
    g_error ("A certificate is good, and is not");

  if (is_good && size > 16 * 1024)
    g_error ("A certificate of %" G_GSIZE_FORMAT " bytes is good", size);

  return 0;
}
