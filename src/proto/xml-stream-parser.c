/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <expat.h>
#include <string.h>

#include "proto/element-private.h"
#include "proto/xml-stream-parser.h"

/* Places in the stream are counted in bytes from its first one. */
struct _FerryXmlStreamParser
{
  XML_Parser           expat;
  FerryElementBuilder *builder;        /* (owned) (nullable): of the stanza that is open */
  GQueue               parsed;         /* (element-type FerryXmlStreamParsed) (owned) */
  guint                depth;          /* 1: between stanzas */
  guint                n_elements;     /* in the stanza */
  guint                n_declarations; /* of namespaces, in the tag that is to come */
  gboolean             is_client;      /* the default namespace of the header is ours */
  gboolean             is_over;
  gint64               fed;            /* where the next piece begins */
  gint64               start;          /* where the stanza begins */
  gint64               seen;           /* where the last token ended */
};

static FerryXmlStreamParsed *
report (FerryXmlStreamParser     *self,
        FerryXmlStreamParsedKind  kind)
{
  FerryXmlStreamParsed *parsed = g_new0 (FerryXmlStreamParsed, 1);

  parsed->kind = kind;
  g_queue_push_tail (&self->parsed, parsed);

  return parsed;
}

static void
parsed_free (FerryXmlStreamParsed *parsed)
{
  g_clear_pointer (&parsed->element, ferry_element_unref);
  g_free (parsed);
}

static void
stop (FerryXmlStreamParser *self,
      FerryXmlStreamEnd     end,
      const char           *text)
{
  FerryXmlStreamParsed *parsed;

  if (self->is_over)
    return;

  self->is_over = TRUE;
  parsed = report (self, FERRY_XML_STREAM_PARSED_ERROR);
  parsed->end = end;
  parsed->text = text;
  XML_StopParser (self->expat, XML_FALSE);
}

/* Where the stanza is too long, it need not end to be found so.
 * Returns: %FALSE: it is over */
static gboolean
advance (FerryXmlStreamParser *self)
{
  gint64 begin = XML_GetCurrentByteIndex (self->expat);

  self->seen = begin + XML_GetCurrentByteCount (self->expat);
  if (self->seen - (self->depth > 1 ? self->start : begin) > FERRY_XML_STREAM_MAX_STANZA)
    stop (self, FERRY_XML_STREAM_END_LIMIT, "Stanza too large");

  return !self->is_over;
}

/* Returns: %FALSE: one is too many, or too large */
static gboolean
judge_attributes (FerryXmlStreamParser  *self,
                  const char           **attributes)
{
  guint n = self->n_declarations;

  self->n_declarations = 0;
  for (; attributes[0] != NULL; attributes += 2)
    if (++n > FERRY_XML_MAX_ATTRIBUTES || strlen (attributes[1]) > FERRY_XML_STREAM_MAX_ATTRIBUTE)
      return FALSE;

  return n <= FERRY_XML_MAX_ATTRIBUTES;
}

/* <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' …>,
 * whatever the prefix. */
static void
open_stream (FerryXmlStreamParser  *self,
             const char            *name,
             const char           **attributes)
{
  g_autoptr(FerryElement) header =
    ferry_element_builder_end (ferry_element_builder_open_reported (NULL, name, attributes));

  if (!ferry_element_is (header, "stream", FERRY_NS_STREAMS) || !self->is_client)
    stop (self, FERRY_XML_STREAM_END_NAMESPACE, "Header of some other stream");
  else
    report (self, FERRY_XML_STREAM_PARSED_HEADER)->element = g_steal_pointer (&header);
}

static void XMLCALL
start_cb (void        *data,
          const char  *name,
          const char **attributes)
{
  FerryXmlStreamParser *self = data;

  if (self->is_over)
    return;

  if (++self->depth == 2)
    {
      self->start = XML_GetCurrentByteIndex (self->expat);
      self->n_elements = 0;
    }
  if (!judge_attributes (self, attributes))
    stop (self, FERRY_XML_STREAM_END_LIMIT, "Too many attributes, or too long a one");
  else if (self->depth - 1 > FERRY_XML_MAX_DEPTH || ++self->n_elements > FERRY_XML_MAX_ELEMENTS)
    stop (self, FERRY_XML_STREAM_END_LIMIT, "Too many elements, or too deep a one");
  if (!advance (self))
    return;

  if (self->depth == 1)
    open_stream (self, name, attributes);
  else
    self->builder = ferry_element_builder_open_reported (self->builder, name, attributes);
}

static void XMLCALL
end_cb (void       *data,
        const char *name)
{
  FerryXmlStreamParser *self = data;

  if (self->is_over || !advance (self))
    return;

  self->depth--;
  if (self->depth > 1)
    {
      ferry_element_builder_close (self->builder);
    }
  else if (self->depth == 1)
    {
      report (self, FERRY_XML_STREAM_PARSED_STANZA)->element =
        ferry_element_builder_end (g_steal_pointer (&self->builder));
    }
  else
    {
      report (self, FERRY_XML_STREAM_PARSED_CLOSE);
      self->is_over = TRUE;
      XML_StopParser (self->expat, XML_FALSE);
    }
}

/* Between stanzas there is white space at most: a sign of life. */
static void XMLCALL
text_cb (void       *data,
         const char *text,
         int         length)
{
  FerryXmlStreamParser *self = data;

  if (self->is_over || !advance (self))
    return;

  if (self->depth > 1)
    {
      ferry_element_builder_text_len (self->builder, text, length);
      return;
    }
  for (int i = 0; i < length; i++)
    if (strchr (" \t\r\n", text[i]) == NULL)
      {
        stop (self, FERRY_XML_STREAM_END_MALFORMED, "Text between stanzas");
        return;
      }
}

/* A long name costs its length again with every element that inherits it. */
static void XMLCALL
namespace_cb (void       *data,
              const char *prefix,
              const char *uri)
{
  FerryXmlStreamParser *self = data;

  self->n_declarations++;
  if (uri != NULL && strlen (uri) > FERRY_XML_MAX_NAMESPACE)
    stop (self, FERRY_XML_STREAM_END_LIMIT, "Namespace too long");
  else if (self->depth == 0 && prefix == NULL)
    self->is_client = g_strcmp0 (uri, FERRY_NS_CLIENT) == 0;
}

/* RFC 6120 §11.1 forbids these three. */
static void XMLCALL
doctype_cb (void       *data,
            const char *name,
            const char *system_id,
            const char *public_id,
            int         has_internal_subset)
{
  stop (data, FERRY_XML_STREAM_END_RESTRICTED, "Document type in a stream");
}

static void XMLCALL
instruction_cb (void       *data,
                const char *target,
                const char *text)
{
  stop (data, FERRY_XML_STREAM_END_RESTRICTED, "Processing instruction in a stream");
}

static void XMLCALL
comment_cb (void       *data,
            const char *text)
{
  stop (data, FERRY_XML_STREAM_END_RESTRICTED, "Comment in a stream");
}

static void XMLCALL
declaration_cb (void       *data,
                const char *version,
                const char *encoding,
                int         standalone)
{
  FerryXmlStreamParser *self = data;

  advance (self);
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "UTF-8") != 0)
    stop (self, FERRY_XML_STREAM_END_MALFORMED, "Stream in another encoding");
}

FerryXmlStreamParser *
ferry_xml_stream_parser_new (void)
{
  FerryXmlStreamParser *self = g_new0 (FerryXmlStreamParser, 1);

  g_queue_init (&self->parsed);
  self->expat = XML_ParserCreateNS ("UTF-8", FERRY_XML_SEPARATOR);

  XML_SetUserData (self->expat, self);
  XML_SetElementHandler (self->expat, start_cb, end_cb);
  XML_SetCharacterDataHandler (self->expat, text_cb);
  XML_SetStartNamespaceDeclHandler (self->expat, namespace_cb);
  XML_SetStartDoctypeDeclHandler (self->expat, doctype_cb);
  XML_SetProcessingInstructionHandler (self->expat, instruction_cb);
  XML_SetCommentHandler (self->expat, comment_cb);
  XML_SetXmlDeclHandler (self->expat, declaration_cb);
#ifdef HAVE_REPARSE_DEFERRAL
  /* Else a stanza whose last tag came in two pieces waits for the next stanza. What it would
   * save us is counted by our owner. */
  XML_SetReparseDeferralEnabled (self->expat, XML_FALSE);
#endif

  return self;
}

void
ferry_xml_stream_parser_free (FerryXmlStreamParser *self)
{
  if (self == NULL)
    return;

  XML_ParserFree (self->expat);
  g_clear_pointer (&self->builder, ferry_element_builder_free);
  g_queue_clear_full (&self->parsed, (GDestroyNotify) parsed_free);
  g_free (self);
}

/* Without a document type no entity is declared: expat knows the five. */
static void
stop_for_expat (FerryXmlStreamParser *self)
{
  enum XML_Error code = XML_GetErrorCode (self->expat);

  stop (self, code == XML_ERROR_UNDEFINED_ENTITY ? FERRY_XML_STREAM_END_RESTRICTED
                                                 : FERRY_XML_STREAM_END_MALFORMED,
        XML_ErrorString (code));
}

gsize
ferry_xml_stream_parser_feed (FerryXmlStreamParser *self,
                              const guint8         *data,
                              gsize                 size)
{
  gsize pending;
  gboolean ok;

  g_return_val_if_fail (self != NULL && size <= G_MAXINT, 0);

  if (self->is_over)
    return 0;

  pending = self->fed - self->seen;
  self->fed += size;
  ok = XML_Parse (self->expat, (const char *) data, size, XML_FALSE) == XML_STATUS_OK;
  if (!ok)
    stop_for_expat (self);
  else if (self->fed - (self->depth > 1 ? self->start : self->seen) > FERRY_XML_STREAM_MAX_STANZA)
    stop (self, FERRY_XML_STREAM_END_LIMIT, "Stanza without an end");

  return pending + size;
}

gboolean
ferry_xml_stream_parser_take (FerryXmlStreamParser *self,
                              FerryXmlStreamParsed *parsed)
{
  FerryXmlStreamParsed *head;

  g_return_val_if_fail (self != NULL && parsed != NULL, FALSE);

  head = g_queue_pop_head (&self->parsed);
  if (head == NULL)
    return FALSE;
  *parsed = *head;
  g_free (head);

  return TRUE;
}
