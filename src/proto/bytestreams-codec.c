/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/number.h"
#include "proto/bytestreams-codec.h"
#include "proto/proto-error.h"
#include "proto/s5b-address.h"

#define MAX_ID       128  /* octets, SEC-11 */
#define MAX_HOST     255  /* octets, RFC 1035 §2.3.4 */
#define MAX_JID      3071 /* octets, RFC 7622 §3.1 */
#define MAX_HOSTS    20   /* SEC-11 */
#define MAX_CHILDREN (MAX_HOSTS + 2)
#define DEFAULT_PORT 1080 /* S5P-1 */

static void
streamhost_free (FerryStreamhost *self)
{
  g_free (self->jid);
  g_free (self->host);
  g_free (self);
}

FerryBytestreamsQuery *
ferry_bytestreams_query_new (const char *sid)
{
  FerryBytestreamsQuery *self = g_new0 (FerryBytestreamsQuery, 1);

  self->sid = g_strdup (sid);
  self->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) streamhost_free);

  return self;
}

void
ferry_bytestreams_query_free (FerryBytestreamsQuery *self)
{
  g_free (self->sid);
  g_free (self->dstaddr);
  g_free (self->used);
  g_free (self->activate);
  g_ptr_array_unref (self->hosts);
  g_free (self);
}

void
ferry_bytestreams_query_add_host (FerryBytestreamsQuery *self,
                                  const char            *jid,
                                  const char            *host,
                                  guint16                port)
{
  FerryStreamhost *streamhost = g_new0 (FerryStreamhost, 1);

  g_return_if_fail (jid != NULL && host != NULL && port != 0);

  streamhost->jid = g_strdup (jid);
  streamhost->host = g_strdup (host);
  streamhost->port = port;
  g_ptr_array_add (self->hosts, streamhost);
}

static void
encode_host (FerryElementBuilder   *builder,
             const FerryStreamhost *host)
{
  ferry_element_builder_open (builder, "streamhost", NULL);
  ferry_element_builder_attribute (builder, "host", host->host);
  ferry_element_builder_attribute (builder, "jid", host->jid);
  ferry_element_builder_attribute_int (builder, "port", host->port);
  ferry_element_builder_close (builder);
}

/* Returns: (transfer full) */
FerryElement *
ferry_bytestreams_query_encode (const FerryBytestreamsQuery *self)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("query", FERRY_NS_BYTESTREAMS);

  if (self->dstaddr != NULL)
    ferry_element_builder_attribute (builder, "dstaddr", self->dstaddr);
  if (self->udp)
    ferry_element_builder_attribute (builder, "mode", "udp");
  if (self->sid != NULL)
    ferry_element_builder_attribute (builder, "sid", self->sid);

  for (guint i = 0; i < self->hosts->len; i++)
    encode_host (builder, g_ptr_array_index (self->hosts, i));

  if (self->used != NULL)
    {
      ferry_element_builder_open (builder, "streamhost-used", NULL);
      ferry_element_builder_attribute (builder, "jid", self->used);
      ferry_element_builder_close (builder);
    }

  if (self->activate != NULL)
    ferry_element_builder_text_child (builder, "activate", self->activate);

  return ferry_element_builder_end (builder);
}

/* Only with a host that can be dialled: zeroconf alone is of no use (S5P-8). */
static void
decode_host (FerryBytestreamsQuery *self,
             const FerryElement    *element)
{
  const char *jid = ferry_element_get_attribute (element, "jid");
  const char *host = ferry_element_get_attribute (element, "host");
  const char *port = ferry_element_get_attribute (element, "port");
  g_autofree char *bare_host = NULL;
  guint64 number = DEFAULT_PORT;
  gsize len;

  if (jid == NULL || *jid == '\0' || strlen (jid) > MAX_JID)
    return;

  if (host == NULL || *host == '\0' || strlen (host) > MAX_HOST)
    return;

  if (port != NULL && !ferry_number_parse (port, 1, G_MAXUINT16, &number))
    return;

  len = strlen (host);
  bare_host = host[0] == '[' && host[len - 1] == ']' && len > 2 ? g_strndup (host + 1, len - 2)
                                                                : g_strdup (host);
  ferry_bytestreams_query_add_host (self, jid, bare_host, number);
}

static gboolean
take_jid (char       **place,
          const char  *jid)
{
  if (*place != NULL || jid == NULL || *jid == '\0' || strlen (jid) > MAX_JID)
    return FALSE;

  *place = g_strdup (jid);

  return TRUE;
}

static gboolean
decode_child (FerryBytestreamsQuery *self,
              const FerryElement    *child)
{
  if (ferry_element_is (child, "streamhost", FERRY_NS_BYTESTREAMS))
    decode_host (self, child);
  else if (ferry_element_is (child, "streamhost-used", FERRY_NS_BYTESTREAMS))
    return take_jid (&self->used, ferry_element_get_attribute (child, "jid"));
  else if (ferry_element_is (child, "activate", FERRY_NS_BYTESTREAMS))
    return take_jid (&self->activate, ferry_element_get_text (child));

  return TRUE; /* what is not understood is left aside (S5P-11) */
}

static gboolean
decode_attributes (FerryBytestreamsQuery  *self,
                   const FerryElement     *query,
                   GError                **error)
{
  const char *sid = ferry_element_get_attribute (query, "sid");
  const char *mode = ferry_element_get_attribute (query, "mode");
  const char *dstaddr = ferry_element_get_attribute (query, "dstaddr");

  if (sid != NULL && (*sid == '\0' || strlen (sid) > MAX_ID))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The stream's sid is empty or too long");
      return FALSE;
    }

  self->sid = g_strdup (sid);
  self->udp = g_strcmp0 (mode, "udp") == 0;
  if (ferry_s5b_address_is_valid (dstaddr))
    self->dstaddr = g_strdup (dstaddr);

  return TRUE;
}

/**
 * ferry_bytestreams_query_decode:
 *
 * Unusable hosts are skipped, so there may be none left; what a query without
 * sid or hosts is worth depends on who asked for it.
 *
 * Returns: (transfer full): %NULL with @error set to %FERRY_PROTO_ERROR
 */
FerryBytestreamsQuery *
ferry_bytestreams_query_decode (const FerryElement  *query,
                                GError             **error)
{
  g_autoptr(FerryBytestreamsQuery) self = NULL;

  if (!ferry_element_is (query, "query", FERRY_NS_BYTESTREAMS))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED,
                   "This is not a query of %s", FERRY_NS_BYTESTREAMS);
      return NULL;
    }

  if (ferry_element_get_n_children (query) > MAX_CHILDREN)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE,
                   "More than there is use for");
      return NULL;
    }

  self = ferry_bytestreams_query_new (NULL);
  if (!decode_attributes (self, query, error))
    return NULL;

  for (guint i = 0; i < ferry_element_get_n_children (query); i++)
    if (!decode_child (self, ferry_element_get_child (query, i)))
      {
        g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                     "The query names nobody, or two where one is meant");
        return NULL;
      }

  if (self->hosts->len > MAX_HOSTS)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE,
                   "More than %u hosts", MAX_HOSTS);
      return NULL;
    }

  return g_steal_pointer (&self);
}

FerryElement *
ferry_bytestreams_activation_new (const char *sid,
                                  const char *target)
{
  g_autoptr(FerryBytestreamsQuery) query = ferry_bytestreams_query_new (sid);

  query->activate = g_strdup (target);

  return ferry_bytestreams_query_encode (query);
}

FerryElement *
ferry_bytestreams_address_query_new (void)
{
  g_autoptr(FerryBytestreamsQuery) query = ferry_bytestreams_query_new (NULL);

  return ferry_bytestreams_query_encode (query);
}
