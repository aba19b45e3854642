/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/starttls.h"

/* Whether @data, in pieces of @size, ends in the go-ahead. */
static gboolean
run (const guint8 *data,
     gsize         len,
     gsize         size)
{
  g_autoptr(FerryStarttls) starttls = ferry_starttls_new ("montague.lit");
  guint n_sent = 0;

  while (len > 0 && !ferry_starttls_is_ready (starttls))
    {
      g_autoptr(GBytes) to_send = NULL;
      gsize piece = MIN (size, len);

      if (!ferry_starttls_receive (starttls, data, piece, &to_send, NULL))
        return FALSE;
      n_sent += to_send != NULL;
      data += piece;
      len -= piece;
    }
  if (ferry_starttls_is_ready (starttls) && n_sent != 1)
    g_error ("Asked %u times", n_sent);

  return len == 0 && ferry_starttls_is_ready (starttls);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  /* A server that has not read the request cannot grant it, so the whole dialogue
   * in one piece is refused; but never the other way round. */
  if (run (data, size, G_MAXSIZE) && !run (data, size, 1))
    g_error ("Granted only in one piece");

  return 0;
}
