/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/base64.h"
#include "proto/chat-stanza.h"
#include "proto/iq.h"

#define MAX_CERTIFICATES 8
#define MAX_CERTIFICATE  (16 * 1024) /* bytes of DER */

/* XEP-0189 0.8 §4:
 *   <keyinfo><name>SHA-1 of the DER, hex</name><x509cert>DER in Base64</x509cert></keyinfo> */
static void
add_certificate (FerryElementBuilder *builder,
                 GBytes              *certificate)
{
  g_autofree char *name = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, certificate);
  g_autofree char *text = g_base64_encode (g_bytes_get_data (certificate, NULL),
                                           g_bytes_get_size (certificate));

  ferry_element_builder_open (builder, "keyinfo", NULL);
  ferry_element_builder_text_child (builder, "name", name);
  ferry_element_builder_text_child (builder, "x509cert", text);
  ferry_element_builder_close (builder);
}

FerryElement *
ferry_chat_stanza_new_pubkeys (const FerryElement *request,
                               GPtrArray          *certificates)
{
  g_autoptr(FerryElement) payload = NULL;
  FerryElementBuilder *builder;

  g_return_val_if_fail (request != NULL && certificates != NULL, NULL);

  builder = ferry_element_builder_new ("pubkeys", FERRY_NS_PUBKEY);
  for (guint i = 0; i < certificates->len; i++)
    add_certificate (builder, g_ptr_array_index (certificates, i));
  payload = ferry_element_builder_end (builder);

  return ferry_iq_new_result (request, payload);
}

/* Adds what @keyinfo holds; a key of another kind is none of ours. Its <name/> proves nothing:
 * whoever reads it hashes the certificate. */
static gboolean
parse_keyinfo (const FerryElement *keyinfo,
               GPtrArray          *certificates)
{
  const char *text = ferry_element_find_text (keyinfo, "x509cert", FERRY_NS_PUBKEY);
  g_autoptr(GBytes) certificate = NULL;

  if (text == NULL)
    return TRUE;

  certificate = ferry_base64_decode (text, MAX_CERTIFICATE);
  if (certificate == NULL || g_bytes_get_size (certificate) == 0 ||
      certificates->len == MAX_CERTIFICATES)
    return FALSE;
  g_ptr_array_add (certificates, g_steal_pointer (&certificate));

  return TRUE;
}

GPtrArray *
ferry_chat_stanza_parse_pubkeys (const FerryElement *reply)
{
  g_autoptr(GPtrArray) certificates = NULL;
  const FerryElement *payload;

  g_return_val_if_fail (reply != NULL, NULL);

  payload = ferry_iq_is (reply, FERRY_IQ_RESULT) ? ferry_iq_get_payload (reply) : NULL;
  if (payload == NULL || !ferry_element_is (payload, "pubkeys", FERRY_NS_PUBKEY))
    return NULL;

  certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < ferry_element_get_n_children (payload); i++)
    {
      const FerryElement *child = ferry_element_get_child (payload, i);

      if (ferry_element_is (child, "keyinfo", FERRY_NS_PUBKEY) &&
          !parse_keyinfo (child, certificates))
        return NULL;
    }

  return certificates->len > 0 ? g_steal_pointer (&certificates) : NULL;
}
