/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/base64.h"
#include "base/number.h"
#include "proto/ibb-codec.h"
#include "proto/proto-error.h"

#define MAX_ID 128 /* octets, SEC-11 */

static FerryElementBuilder *
begin (const char *name,
       const char *xmlns,
       const char *sid)
{
  FerryElementBuilder *builder = ferry_element_builder_new (name, xmlns);

  if (sid != NULL)
    ferry_element_builder_attribute (builder, "sid", sid);

  return builder;
}

FerryElement *
ferry_ibb_open_new (const char *sid,
                    guint       block_size)
{
  FerryElementBuilder *builder = begin ("open", FERRY_NS_IBB, sid);

  ferry_element_builder_attribute_int (builder, "block-size", block_size);
  ferry_element_builder_attribute (builder, "stanza", "iq");

  return ferry_element_builder_end (builder);
}

/* Never with white space inside. Peer: Conversations refuses it (Q-CO-6). */
FerryElement *
ferry_ibb_data_new (const char   *sid,
                    guint16       seq,
                    const guint8 *data,
                    gsize         size)
{
  FerryElementBuilder *builder = begin ("data", FERRY_NS_IBB, sid);
  g_autofree char *text = g_base64_encode (data, size);

  ferry_element_builder_attribute_int (builder, "seq", seq);
  ferry_element_builder_text (builder, text);

  return ferry_element_builder_end (builder);
}

FerryElement *
ferry_ibb_close_new (const char *sid)
{
  return ferry_element_builder_end (begin ("close", FERRY_NS_IBB, sid));
}

FerryElement *
ferry_ibb_find_payload (const FerryElement *stanza)
{
  static const char *const names[] = { "data", "open", "close" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      FerryElement *payload = ferry_element_find (stanza, names[i], FERRY_NS_IBB);

      if (payload != NULL)
        return payload;
    }

  return NULL;
}

static gboolean
decode_block_size (const FerryElement  *element,
                   guint               *block_size,
                   GError             **error)
{
  guint64 number;

  if (!ferry_number_parse (ferry_element_get_attribute (element, "block-size"),
                           1, FERRY_IBB_MAX_BLOCK, &number))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The block-size is missing, or is not one");
      return FALSE;
    }

  *block_size = number;

  return TRUE;
}

/* IBB-1 */
gboolean
ferry_ibb_open_decode (const FerryElement  *open,
                       guint               *block_size,
                       GError             **error)
{
  const char *stanza = ferry_element_get_attribute (open, "stanza");

  if (stanza != NULL && !g_str_equal (stanza, "iq") && !g_str_equal (stanza, "message"))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "Data can only be in iq or message stanzas");
      return FALSE;
    }

  return decode_block_size (open, block_size, error);
}

/**
 * ferry_ibb_data_decode:
 * @bytes: (out) (transfer full)
 *
 * Fails with %FERRY_PROTO_ERROR_MALFORMED.
 */
gboolean
ferry_ibb_data_decode (const FerryElement  *data,
                       guint64             *seq,
                       GBytes             **bytes,
                       GError             **error)
{
  if (!ferry_number_parse (ferry_element_get_attribute (data, "seq"), 0, G_MAXUINT32, seq))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The seq is missing, or is not one");
      return FALSE;
    }

  *bytes = ferry_base64_decode (ferry_element_get_text (data), FERRY_IBB_MAX_BLOCK);
  if (*bytes == NULL)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The block is not Base64, or too long");
      return FALSE;
    }

  return TRUE;
}

FerryElement *
ferry_ibb_transport_new (const char *ns,
                         const char *sid,
                         guint       block_size)
{
  FerryElementBuilder *builder = begin ("transport", ns, sid);

  if (block_size != 0)
    ferry_element_builder_attribute_int (builder, "block-size", block_size);

  return ferry_element_builder_end (builder);
}

/**
 * ferry_ibb_transport_decode:
 *
 * What is missing is left to the caller: an answer without it means what was
 * offered. Peer: old Conversations leave the sid out.
 */
gboolean
ferry_ibb_transport_decode (const FerryElement  *transport,
                            const char          *ns,
                            const char         **sid,
                            guint               *block_size,
                            GError             **error)
{
  if (!ferry_element_is (transport, "transport", ns))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED,
                   "This is not a transport of %s", ns);
      return FALSE;
    }

  *sid = ferry_element_get_attribute (transport, "sid");
  *block_size = 0;

  if (*sid != NULL && (**sid == '\0' || strlen (*sid) > MAX_ID))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The stream's sid is empty or too long");
      return FALSE;
    }

  return ferry_element_get_attribute (transport, "block-size") == NULL ||
         decode_block_size (transport, block_size, error);
}
