/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/number.h"
#include "proto/proto-error.h"
#include "proto/s5b-address.h"
#include "proto/s5b-codec.h"
#include "proto/s5b-variant.h"

#define MAX_ID       128  /* octets, SEC-11 */
#define MAX_HOST     255  /* octets, RFC 1035 §2.3.4 */
#define MAX_JID      3071 /* octets, RFC 7622 §3.1 */
#define DEFAULT_PORT 1080 /* RFC 1928 §3 */

static const char *const info_names[] = {
  [FERRY_S5B_INFO_CANDIDATE_USED] = "candidate-used",
  [FERRY_S5B_INFO_CANDIDATE_ERROR] = "candidate-error",
  [FERRY_S5B_INFO_ACTIVATED] = "activated",
  [FERRY_S5B_INFO_PROXY_ERROR] = "proxy-error",
};

FerryS5bTransport *
ferry_s5b_transport_new (const char *sid)
{
  FerryS5bTransport *self = g_new0 (FerryS5bTransport, 1);

  self->sid = g_strdup (sid);
  self->candidates = ferry_s5b_candidates_new ();

  return self;
}

void
ferry_s5b_transport_free (FerryS5bTransport *self)
{
  g_free (self->sid);
  g_free (self->dstaddr);
  g_free (self->cid);
  g_free (self->jid);
  g_free (self->host);
  g_ptr_array_unref (self->candidates);
  g_free (self);
}

/* All attributes, always, whatever their defaults: Peer: Conversations terminates
 * the session over a missing one (Q-CO-2, S5B1-16). */
static void
encode_candidate (FerryElementBuilder     *builder,
                  const FerryS5bCandidate *candidate)
{
  ferry_element_builder_open (builder, "candidate", NULL);
  ferry_element_builder_attribute (builder, "cid", candidate->cid);
  ferry_element_builder_attribute (builder, "host", candidate->host);
  ferry_element_builder_attribute (builder, "jid", candidate->jid);
  ferry_element_builder_attribute_int (builder, "port", candidate->port);
  ferry_element_builder_attribute_int (builder, "priority", candidate->priority);
  ferry_element_builder_attribute (builder, "type", ferry_s5b_type_to_string (candidate->type));
  ferry_element_builder_close (builder);
}

/* Returns: (transfer full) */
FerryElement *
ferry_s5b_transport_encode (const FerryS5bTransport *self)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("transport", FERRY_NS_S5B_1);

  if (self->dstaddr != NULL)
    ferry_element_builder_attribute (builder, "dstaddr", self->dstaddr);
  if (self->with_mode)
    ferry_element_builder_attribute (builder, "mode", "tcp");
  if (self->sid != NULL)
    ferry_element_builder_attribute (builder, "sid", self->sid);

  for (guint i = 0; i < self->candidates->len; i++)
    encode_candidate (builder, g_ptr_array_index (self->candidates, i));

  if (self->info != FERRY_S5B_INFO_NONE)
    {
      ferry_element_builder_open (builder, info_names[self->info], NULL);
      if (self->cid != NULL)
        ferry_element_builder_attribute (builder, "cid", self->cid);
      ferry_element_builder_close (builder);
    }

  return ferry_element_builder_end (builder);
}

static char *
decode_string (const FerryElement *element,
               const char         *name,
               gsize               max)
{
  const char *value = ferry_element_get_attribute (element, name);

  if (value == NULL || *value == '\0' || strlen (value) > max)
    return NULL;

  return g_strdup (value);
}

/* An absent number is @number as it came in. */
static gboolean
decode_number (const FerryElement *element,
               const char         *name,
               guint64             max,
               guint64            *number)
{
  const char *value = ferry_element_get_attribute (element, name);

  return value == NULL || ferry_number_parse (value, 1, max, number);
}

/* Tolerates what some write around an IPv6 address (SOCKS-12). */
static char *
decode_host (const FerryElement *element)
{
  g_autofree char *host = decode_string (element, "host", MAX_HOST);
  gsize len = host != NULL ? strlen (host) : 0;

  if (len > 2 && host[0] == '[' && host[len - 1] == ']')
    return g_strndup (host + 1, len - 2);

  return g_steal_pointer (&host);
}

/* S5B1-15: what must be there, and what is understood when it is not.
 * Peer: Psi leaves out jid and type of direct candidates (Q-PS-2). */
static FerryS5bCandidate *
decode_candidate (const FerryElement *element,
                  const char         *peer_jid)
{
  g_autoptr(FerryS5bCandidate) candidate = ferry_s5b_candidate_new ();
  const char *type = ferry_element_get_attribute (element, "type");
  guint64 port = DEFAULT_PORT;
  guint64 priority = 0;

  candidate->cid = decode_string (element, "cid", MAX_ID);
  candidate->host = decode_host (element);
  candidate->jid = decode_string (element, "jid", MAX_JID);

  if (candidate->cid == NULL || candidate->host == NULL)
    return NULL;

  if (!decode_number (element, "port", G_MAXUINT16, &port) ||
      !decode_number (element, "priority", G_MAXINT32, &priority) || priority == 0)
    return NULL;

  if (type != NULL && !ferry_s5b_type_from_string (type, &candidate->type))
    return NULL;

  if (candidate->jid == NULL)
    candidate->jid = g_strdup (peer_jid);
  candidate->port = port;
  candidate->priority = priority;

  return g_steal_pointer (&candidate);
}

static gboolean
decode_child (FerryS5bTransport   *self,
              const FerryElement  *child,
              const char          *peer_jid)
{
  if (ferry_element_is (child, "candidate", FERRY_NS_S5B_1))
    {
      FerryS5bCandidate *candidate = decode_candidate (child, peer_jid);

      /* An invalid one is skipped (S5B1-15), one with a cid that was there before too. */
      if (candidate != NULL && ferry_s5b_candidates_find (self->candidates, candidate->cid) == NULL)
        g_ptr_array_add (self->candidates, candidate);
      else if (candidate != NULL)
        ferry_s5b_candidate_free (candidate);

      return TRUE;
    }

  for (guint i = FERRY_S5B_INFO_CANDIDATE_USED; i < G_N_ELEMENTS (info_names); i++)
    if (ferry_element_is (child, info_names[i], FERRY_NS_S5B_1))
      {
        if (self->info != FERRY_S5B_INFO_NONE)
          return FALSE;
        self->info = i;
        self->cid = decode_string (child, "cid", MAX_ID);
        return self->cid != NULL || i != FERRY_S5B_INFO_CANDIDATE_USED;
      }

  return TRUE;
}

static gboolean
decode_attributes (FerryS5bTransport   *self,
                   const FerryElement  *transport,
                   GError             **error)
{
  const char *sid = ferry_element_get_attribute (transport, "sid");
  const char *mode = ferry_element_get_attribute (transport, "mode");
  const char *dstaddr = ferry_element_get_attribute (transport, "dstaddr");

  if (sid != NULL && (*sid == '\0' || strlen (sid) > MAX_ID))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "The stream's sid is empty or too long");
      return FALSE;
    }

  if (mode != NULL && !g_str_equal (mode, "tcp"))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED,
                   "The peer wants mode “%s”", g_str_equal (mode, "udp") ? mode : "?");
      return FALSE;
    }

  self->sid = g_strdup (sid);
  self->with_mode = mode != NULL;
  if (ferry_s5b_address_is_valid (dstaddr)) /* Peer: Psi may send an empty one */
    self->dstaddr = g_strdup (dstaddr);

  return TRUE;
}

/**
 * ferry_s5b_transport_decode:
 * @peer_jid: full JID of who said it
 *
 * Returns: (transfer full): %NULL with @error set to %FERRY_PROTO_ERROR
 */
FerryS5bTransport *
ferry_s5b_transport_decode (const FerryElement  *transport,
                            const char          *peer_jid,
                            GError             **error)
{
  g_autoptr(FerryS5bTransport) self = NULL;

  g_return_val_if_fail (transport != NULL && peer_jid != NULL, NULL);

  if (!ferry_element_is (transport, "transport", FERRY_NS_S5B_1))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_UNSUPPORTED,
                   "This is not a transport of %s", FERRY_NS_S5B_1);
      return NULL;
    }

  if (ferry_element_get_n_children (transport) > FERRY_S5B_MAX_CANDIDATES + 1)
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE,
                   "More than %u candidates", FERRY_S5B_MAX_CANDIDATES);
      return NULL;
    }

  self = ferry_s5b_transport_new (NULL);
  if (!decode_attributes (self, transport, error))
    return NULL;

  for (guint i = 0; i < ferry_element_get_n_children (transport); i++)
    if (!decode_child (self, ferry_element_get_child (transport, i), peer_jid))
      {
        g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                     "The transport says two things at once, or names no cid");
        return NULL;
      }

  return g_steal_pointer (&self);
}

/* The times that are not the texts' are in protocols 15. */
static const FerryS5bRules rules_1 = {
  .asks_twice = TRUE,
  .says_activated = TRUE,
  .may_punch = TRUE,
  .dial_limit = 5 * G_TIME_SPAN_SECOND,
  .dial_limit_proxies = 8 * G_TIME_SPAN_SECOND,
  .dial_limit_hurried = 2 * G_TIME_SPAN_SECOND,
  .report_limit = 30 * G_TIME_SPAN_SECOND,
  .activated_limit = 10 * G_TIME_SPAN_SECOND,
  .proxy_limit = 8 * G_TIME_SPAN_SECOND,
};

const FerryS5bVariant ferry_s5b_1 = {
  .ns = FERRY_NS_S5B_1,
  .rules = &rules_1,
  .encode = ferry_s5b_transport_encode,
  .decode = ferry_s5b_transport_decode,
};
