/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <expat.h>
#include <string.h>

#include "proto/element.h"
#include "proto/proto-error.h"
#include "proto/starttls.h"

#define NS_STREAM        "http://etherx.jabber.org/streams"
#define NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"
#define NS_TLS           "urn:ietf:params:xml:ns:xmpp-tls"

/* Stands between namespace and name in what expat reports. */
#define SEPARATOR "\x1f"

/* More than any server says before TLS; in bytes. */
#define MAX_BYTES (64 * 1024)

typedef enum
{
  AWAIT_HEADER,   /* ours is sent */
  AWAIT_FEATURES,
  AWAIT_PROCEED,  /* <starttls/> is sent */
  READY,
  FAILED,
} State;

struct _FerryStarttls
{
  char       *domain;
  XML_Parser  expat;
  State       state;
  gsize       received; /* bytes */
  gsize       end;      /* READY: how many of them were the server's last words */
  guint       depth;
  gboolean    offered;  /* <starttls/> is among the features */
  char       *reason;   /* (nullable): of a stream error */
  GError    **error;    /* during receive() */
};

/* @detail: appended to @message */
static void
fail (FerryStarttls   *self,
      FerryProtoError  code,
      const char      *message,
      const char      *detail)
{
  if (self->state == FAILED)
    return;

  self->state = FAILED;
  g_set_error (self->error, FERRY_PROTO_ERROR, code, "%s%s", message, detail);
  XML_StopParser (self->expat, XML_FALSE);
}

static gboolean
is (const char *reported,
    const char *xmlns,
    const char *name)
{
  gsize len = strlen (xmlns);

  return strncmp (reported, xmlns, len) == 0 && reported[len] == SEPARATOR[0] &&
         strcmp (reported + len + 1, name) == 0;
}

static const char *
get_local (const char *reported)
{
  const char *separator = strchr (reported, SEPARATOR[0]);

  return separator != NULL ? separator + 1 : reported;
}

static void XMLCALL
start_cb (void        *data,
          const char  *name,
          const char **attributes)
{
  FerryStarttls *self = data;

  if (self->state == FAILED || self->state == READY)
    return;

  self->depth++;
  if (self->depth > FERRY_XML_MAX_DEPTH)
    fail (self, FERRY_PROTO_ERROR_TOO_LARGE, "Server nests too deep before TLS", "");
  else if (self->depth == 1 && is (name, NS_STREAM, "stream"))
    self->state = AWAIT_FEATURES;
  else if (self->depth == 1)
    fail (self, FERRY_PROTO_ERROR_MALFORMED, "Not an XMPP server: it speaks ", get_local (name));
  else if (self->depth == 3 && is (name, NS_TLS, "starttls"))
    self->offered = TRUE;
  else if (self->depth == 3 && self->reason == NULL &&
           g_str_has_prefix (name, NS_STREAM_ERRORS SEPARATOR) && !is (name, NS_STREAM_ERRORS, "text"))
    self->reason = g_strdup (get_local (name));
}

/* A whole child of the stream. RFC 6120 §5.4.2 */
static void
receive_child (FerryStarttls *self,
               const char    *name)
{
  if (is (name, NS_STREAM, "error"))
    fail (self, FERRY_PROTO_ERROR_REFUSED, "Server ends the stream: ",
          self->reason != NULL ? self->reason : "no reason");
  else if (is (name, NS_TLS, "failure"))
    fail (self, FERRY_PROTO_ERROR_REFUSED, "Server cannot start TLS", "");
  else if (self->state == AWAIT_FEATURES && is (name, NS_STREAM, "features") && self->offered)
    self->state = AWAIT_PROCEED;
  else if (self->state == AWAIT_FEATURES && is (name, NS_STREAM, "features"))
    fail (self, FERRY_PROTO_ERROR_UNSUPPORTED, "Server offers no TLS", "");
  else if (self->state == AWAIT_PROCEED && is (name, NS_TLS, "proceed"))
    {
      self->state = READY;
      self->end = XML_GetCurrentByteIndex (self->expat) + XML_GetCurrentByteCount (self->expat);
      XML_StopParser (self->expat, XML_FALSE);
    }
  else
    fail (self, FERRY_PROTO_ERROR_MALFORMED, "Unexpected before TLS: ", get_local (name));
}

static void XMLCALL
end_cb (void       *data,
        const char *name)
{
  FerryStarttls *self = data;

  if (self->state == FAILED || self->state == READY)
    return;

  self->depth--;
  if (self->depth == 1)
    receive_child (self, name);
  else if (self->depth == 0)
    fail (self, FERRY_PROTO_ERROR_REFUSED, "Server closed the stream before TLS", "");
}

/* RFC 6120 §11.1 */
static void XMLCALL
doctype_cb (void       *data,
            const char *name,
            const char *system_id,
            const char *public_id,
            int         has_internal_subset)
{
  fail (data, FERRY_PROTO_ERROR_MALFORMED, "Document type in a stream", "");
}

static void XMLCALL
instruction_cb (void       *data,
                const char *target,
                const char *text)
{
  fail (data, FERRY_PROTO_ERROR_MALFORMED, "Processing instruction in a stream", "");
}

/* @domain: of the account, which need not be the name of the host */
FerryStarttls *
ferry_starttls_new (const char *domain)
{
  FerryStarttls *self;

  g_return_val_if_fail (domain != NULL, NULL);

  self = g_new0 (FerryStarttls, 1);
  self->domain = g_strdup (domain);
  self->expat = XML_ParserCreateNS ("UTF-8", SEPARATOR[0]);

  XML_SetUserData (self->expat, self);
  XML_SetElementHandler (self->expat, start_cb, end_cb);
  XML_SetStartDoctypeDeclHandler (self->expat, doctype_cb);
  XML_SetProcessingInstructionHandler (self->expat, instruction_cb);
#ifdef HAVE_REPARSE_DEFERRAL
  /* Else a tag in two pieces waits for what the server will say only after us. */
  XML_SetReparseDeferralEnabled (self->expat, XML_FALSE);
#endif

  return self;
}

void
ferry_starttls_free (FerryStarttls *self)
{
  if (self == NULL)
    return;

  XML_ParserFree (self->expat);
  g_free (self->domain);
  g_free (self->reason);
  g_free (self);
}

GBytes *
ferry_starttls_start (FerryStarttls *self)
{
  g_autofree char *domain = NULL;
  char *header;

  g_return_val_if_fail (self != NULL, NULL);

  domain = g_markup_escape_text (self->domain, -1);
  header = g_strdup_printf ("<?xml version='1.0'?><stream:stream xmlns='" FERRY_NS_CLIENT "' "
                            "xmlns:stream='" NS_STREAM "' to='%s' version='1.0' xml:lang='en'>",
                            domain);

  return g_bytes_new_take (header, strlen (header));
}

gboolean
ferry_starttls_receive (FerryStarttls  *self,
                        const guint8   *data,
                        gsize           len,
                        GBytes        **to_send,
                        GError        **error)
{
  static const char request[] = "<starttls xmlns='" NS_TLS "'/>";
  State before;

  g_return_val_if_fail (self != NULL && self->state < READY, FALSE);
  g_return_val_if_fail (to_send != NULL, FALSE);

  *to_send = NULL;
  before = self->state;
  self->error = error;
  self->received += len;
  if (self->received > MAX_BYTES)
    fail (self, FERRY_PROTO_ERROR_TOO_LARGE, "Server says too much before TLS", "");
  else if (XML_Parse (self->expat, (const char *) data, len, XML_FALSE) != XML_STATUS_OK &&
           self->state != READY)
    fail (self, FERRY_PROTO_ERROR_MALFORMED, "Not an XMPP server: ",
          XML_ErrorString (XML_GetErrorCode (self->expat)));
  else if (self->state == READY && self->end < self->received)
    fail (self, FERRY_PROTO_ERROR_MALFORMED, "Clear text after the go-ahead for TLS", "");
  else if (self->state == READY && before < AWAIT_PROCEED)
    fail (self, FERRY_PROTO_ERROR_MALFORMED, "Go-ahead for TLS that nobody asked for", "");

  if (self->state == FAILED)
    return FALSE;
  if (self->state == AWAIT_PROCEED && before < AWAIT_PROCEED)
    *to_send = g_bytes_new_static (request, strlen (request));

  return TRUE;
}

gboolean
ferry_starttls_is_ready (const FerryStarttls *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->state == READY;
}
