/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "net/tls-channel.h"

/* A base that says @data and then ends, and takes in whatever it is told. */
static GIOStream *
make_base (const guint8 *data,
           gsize         size)
{
  g_autoptr(GInputStream) in = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();

  return g_simple_io_stream_new (in, out);
}

static FerryTlsIdentity *
get_identity (void)
{
  static FerryTlsIdentity *identity;

  if (identity == NULL)
    identity = ferry_tls_identity_generate (FERRY_TLS_KEY_ED25519, "juliet@capulet.lit", NULL);

  return identity;
}

/* The first byte: which side we are, and whether there is a phrase. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const gboolean has_phrase = size > 0 && (data[0] & 2) != 0;
  const FerryTlsTerms terms = {
    .is_server = size > 0 && (data[0] & 1) != 0,
    .identity = get_identity (),
    .sha256 = ferry_tls_identity_get_sha256 (get_identity ()),
    .srp_user = "romeo@montague.lit",
    .srp_phrase = has_phrase ? "correct horse" : NULL,
  };
  g_autoptr(GIOStream) base = make_base (data + MIN (size, 1), size - MIN (size, 1));
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryTlsChannel) channel = ferry_tls_channel_new (base, &terms, &error);

  if (channel == NULL)
    g_error ("%s", error->message);

  if (ferry_tls_channel_handshake (channel, cancellable, &error))
    g_error ("A handshake came about by itself");

  if (error == NULL)
    g_error ("A handshake failed for no reason");

  return 0;
}
