/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/number.h"
#include "legacy/namespaces.h"
#include "legacy/s5b-0.h"
#include "proto/bytestreams-codec.h"
#include "proto/proto-error.h"

#define MAX_ID       128  /* octets, SEC-11 */
#define MAX_HOST     255  /* octets, RFC 1035 §2.3.4 */
#define MAX_JID      3071 /* octets, RFC 7622 §3.1 */
#define DEFAULT_PORT 1080 /* S5P-1, S5P-8 */

/* A proxy that cannot be activated is one more host in error (S5B0-18). */
static const char *const info_names[] = {
  [FERRY_S5B_INFO_CANDIDATE_USED] = "streamhost-used",
  [FERRY_S5B_INFO_CANDIDATE_ERROR] = "streamhost-error",
  [FERRY_S5B_INFO_ACTIVATED] = "activated",
  [FERRY_S5B_INFO_PROXY_ERROR] = "streamhost-error",
};

static void
encode_host (FerryElementBuilder     *builder,
             const FerryS5bCandidate *candidate)
{
  ferry_element_builder_open (builder, "streamhost", NULL);
  ferry_element_builder_attribute (builder, "host", candidate->host);
  ferry_element_builder_attribute (builder, "jid", candidate->jid);
  ferry_element_builder_attribute_int (builder, "port", candidate->port);
  ferry_element_builder_close (builder);
}

static void
encode_info (FerryElementBuilder     *builder,
             const FerryS5bTransport *self)
{
  gboolean is_used = self->info == FERRY_S5B_INFO_CANDIDATE_USED;

  ferry_element_builder_open (builder, info_names[self->info], NULL);

  if (is_used && self->host != NULL)
    ferry_element_builder_attribute (builder, "host", self->host);
  if ((is_used || self->info == FERRY_S5B_INFO_ACTIVATED) && self->jid != NULL)
    ferry_element_builder_attribute (builder, "jid", self->jid);
  if (is_used && self->port != 0)
    ferry_element_builder_attribute_int (builder, "port", self->port);

  ferry_element_builder_close (builder);
}

/* The candidates' order is what tells which is better (S5B0-11).
 * Returns: (transfer full) */
static FerryElement *
encode (const FerryS5bTransport *self)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("transport", FERRY_NS_S5B_0);

  if (self->with_mode)
    ferry_element_builder_attribute (builder, "mode", "tcp");
  if (self->sid != NULL)
    ferry_element_builder_attribute (builder, "sid", self->sid);

  for (guint i = 0; i < self->candidates->len; i++)
    encode_host (builder, g_ptr_array_index (self->candidates, i));

  if (self->info != FERRY_S5B_INFO_NONE)
    encode_info (builder, self);

  return ferry_element_builder_end (builder);
}

/* XEP-0065 defines them first, and the texts do not say whose they are inside of a
 * `<transport/>` (S5B0-7). */
static gboolean
is_named (const FerryElement *element,
          const char         *name)
{
  return ferry_element_is (element, name, FERRY_NS_S5B_0) ||
         ferry_element_is (element, name, FERRY_NS_BYTESTREAMS);
}

static const char *
get_string (const FerryElement *element,
            const char         *name,
            gsize               max)
{
  const char *value = ferry_element_get_attribute (element, name);

  return value != NULL && *value != '\0' && strlen (value) <= max ? value : NULL;
}

/* Tolerates what some write around an IPv6 address (SOCKS-12). */
static char *
dup_host (const FerryElement *element)
{
  const char *host = get_string (element, "host", MAX_HOST);
  gsize len = host != NULL ? strlen (host) : 0;

  if (host == NULL || strpbrk (host, " \t\r\n") != NULL)
    return NULL;

  if (len > 2 && host[0] == '[' && host[len - 1] == ']')
    return g_strndup (host + 1, len - 2);

  return g_strdup (host);
}

/* What is absent stays as it came in. */
static gboolean
decode_port (const FerryElement *element,
             guint16            *port)
{
  const char *value = ferry_element_get_attribute (element, "port");
  guint64 number;

  if (value == NULL)
    return TRUE;
  if (!ferry_number_parse (value, 1, G_MAXUINT16, &number))
    return FALSE;

  *port = number;

  return TRUE;
}

/* A host that cannot be dialled is skipped, and so is a place named twice (S5P-2). One
 * that has `zeroconf` for a port has a host at least (S5P-8). */
static void
decode_host (FerryS5bTransport  *self,
             const FerryElement *element,
             const char         *peer_jid)
{
  const char *jid = get_string (element, "jid", MAX_JID);
  g_autofree char *host = dup_host (element);
  g_autoptr(FerryS5bCandidate) candidate = NULL;
  guint16 port = DEFAULT_PORT;

  if (jid == NULL || host == NULL || !decode_port (element, &port))
    return;

  candidate = ferry_s5b_candidate_new_host (jid, host, port, peer_jid, self->candidates->len);
  for (guint i = 0; i < self->candidates->len; i++)
    if (ferry_s5b_candidate_is_same (g_ptr_array_index (self->candidates, i), candidate))
      return;

  g_ptr_array_add (self->candidates, g_steal_pointer (&candidate));
}

static gboolean
decode_info (FerryS5bTransport  *self,
             const FerryElement *element,
             FerryS5bInfo        info)
{
  if (self->info != FERRY_S5B_INFO_NONE)
    return FALSE;

  self->info = info;
  if (info == FERRY_S5B_INFO_CANDIDATE_ERROR)
    return TRUE;

  self->jid = g_strdup (get_string (element, "jid", MAX_JID));
  if (info == FERRY_S5B_INFO_ACTIVATED)
    return TRUE;

  self->host = dup_host (element);
  if (self->host == NULL && ferry_element_get_attribute (element, "host") != NULL)
    return FALSE;

  return self->jid != NULL && decode_port (element, &self->port);
}

static gboolean
decode_child (FerryS5bTransport  *self,
              const FerryElement *child,
              const char         *peer_jid)
{
  if (is_named (child, "streamhost"))
    decode_host (self, child, peer_jid);

  for (guint i = FERRY_S5B_INFO_CANDIDATE_USED; i <= FERRY_S5B_INFO_ACTIVATED; i++)
    if (is_named (child, info_names[i]))
      return decode_info (self, child, i);

  return TRUE;
}

static gboolean
decode_attributes (FerryS5bTransport   *self,
                   const FerryElement  *transport,
                   GError             **error)
{
  const char *sid = ferry_element_get_attribute (transport, "sid");
  const char *mode = ferry_element_get_attribute (transport, "mode");

  if (sid != NULL && (*sid == '\0' || strlen (sid) > MAX_ID))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The stream's sid is empty or too long");
      return FALSE;
    }

  if (mode != NULL && !g_str_equal (mode, "tcp")) /* S5B0-19 */
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED,
                   "The peer wants mode “%s”", g_str_equal (mode, "udp") ? mode : "?");
      return FALSE;
    }

  self->sid = g_strdup (sid);
  self->with_mode = mode != NULL;

  return TRUE;
}

/* Returns: (transfer full): %NULL with @error set to %FERRY_PROTO_ERROR */
static FerryS5bTransport *
decode (const FerryElement  *transport,
        const char          *peer_jid,
        GError             **error)
{
  g_autoptr(FerryS5bTransport) self = NULL;

  g_return_val_if_fail (transport != NULL && peer_jid != NULL, NULL);

  if (!ferry_element_is (transport, "transport", FERRY_NS_S5B_0))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED,
                   "This is not a transport of %s", FERRY_NS_S5B_0);
      return NULL;
    }

  if (ferry_element_get_n_children (transport) > FERRY_S5B_MAX_CANDIDATES + 1)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE,
                   "More than %u hosts", FERRY_S5B_MAX_CANDIDATES);
      return NULL;
    }

  self = ferry_s5b_transport_new (NULL);
  if (!decode_attributes (self, transport, error))
    return NULL;

  for (guint i = 0; i < ferry_element_get_n_children (transport); i++)
    if (!decode_child (self, ferry_element_get_child (transport, i), peer_jid))
      {
        g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                     "The transport says two things at once, or names no host");
        return NULL;
      }

  return g_steal_pointer (&self);
}

/* Who goes on without hearing of the activation does so after two seconds: by then our
 * own must have succeeded or failed, or it would send into the void. */
static const FerryS5bRules rules_0 = {
  .as_listed = TRUE,
  .first_ends_all = TRUE,
  .initiator_wins = TRUE,
  .initiator_first = TRUE,
  .asks_twice = TRUE,
  .says_activated = TRUE,
  .activated_is_optional = TRUE,
  .needs_hosts_to_fail = TRUE,
  .dial_limit = 5 * G_TIME_SPAN_SECOND,
  .dial_limit_proxies = 5 * G_TIME_SPAN_SECOND,
  .report_limit = 10 * G_TIME_SPAN_SECOND,
  .activated_limit = 2 * G_TIME_SPAN_SECOND,
  .proxy_limit = 1500 * G_TIME_SPAN_MILLISECOND,
};

const FerryS5bVariant ferry_s5b_0 = {
  .ns = FERRY_NS_S5B_0,
  .rules = &rules_0,
  .encode = encode,
  .decode = decode,
};
