/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <expat.h>
#include <string.h>

#include "proto/element-private.h"
#include "proto/proto-error.h"

#define NS_XML "http://www.w3.org/XML/1998/namespace"

typedef struct
{
  XML_Parser            expat;
  FerryElementBuilder  *builder;
  guint                 depth;
  guint                 n_elements;
  GError              **error;
  gboolean              failed;
} Parse;

static void
parse_stop (Parse           *parse,
            FerryProtoError  code,
            const char      *message)
{
  if (parse->failed)
    return;

  parse->failed = TRUE;
  g_set_error_literal (parse->error, FERRY_PROTO_ERROR, code, message);
  XML_StopParser (parse->expat, XML_FALSE);
}

static void
parse_attribute (FerryElementBuilder *builder,
                 const char          *name,
                 const char          *value)
{
  const char *separator = strchr (name, FERRY_XML_SEPARATOR);

  if (separator == NULL)
    ferry_element_builder_attribute (builder, name, value);
  else if (strcmp (separator + 1, "lang") == 0 && g_str_has_prefix (name, NS_XML))
    ferry_element_builder_attribute (builder, "xml:lang", value);
}

FerryElementBuilder *
ferry_element_builder_open_reported (FerryElementBuilder  *self,
                                     const char           *name,
                                     const char          **attributes)
{
  const char *separator = strchr (name, FERRY_XML_SEPARATOR);
  const char *local = separator != NULL ? separator + 1 : name;
  g_autofree char *xmlns = g_strndup (name, separator != NULL ? separator - name : 0);

  if (self == NULL)
    self = ferry_element_builder_new (local, xmlns);
  else
    ferry_element_builder_open (self, local, xmlns);

  for (; attributes[0] != NULL; attributes += 2)
    parse_attribute (self, attributes[0], attributes[1]);

  return self;
}

static void XMLCALL
parse_start_cb (void        *data,
                const char  *name,
                const char **attributes)
{
  Parse *parse = data;

  if (parse->failed)
    return;
  if (++parse->n_elements > FERRY_XML_MAX_ELEMENTS || ++parse->depth > FERRY_XML_MAX_DEPTH ||
      XML_GetSpecifiedAttributeCount (parse->expat) > 2 * FERRY_XML_MAX_ATTRIBUTES)
    {
      parse_stop (parse, FERRY_PROTO_ERROR_TOO_LARGE, "Too many elements or attributes");
      return;
    }

  parse->builder = ferry_element_builder_open_reported (parse->builder, name, attributes);
}

static void XMLCALL
parse_end_cb (void       *data,
              const char *name)
{
  Parse *parse = data;

  if (!parse->failed && --parse->depth > 0)
    ferry_element_builder_close (parse->builder);
}

static void XMLCALL
parse_text_cb (void       *data,
               const char *text,
               int         length)
{
  Parse *parse = data;

  if (!parse->failed)
    ferry_element_builder_text_len (parse->builder, text, length);
}

/* A long name costs its length again with every element that inherits it. */
static void XMLCALL
parse_namespace_cb (void       *data,
                    const char *prefix,
                    const char *uri)
{
  if (uri != NULL && strlen (uri) > FERRY_XML_MAX_NAMESPACE)
    parse_stop (data, FERRY_PROTO_ERROR_TOO_LARGE, "Namespace too long");
}

/* RFC 6120 §11.1 */
static void XMLCALL
parse_doctype_cb (void       *data,
                  const char *name,
                  const char *system_id,
                  const char *public_id,
                  int         has_internal_subset)
{
  parse_stop (data, FERRY_PROTO_ERROR_MALFORMED, "Document type in a stanza");
}

static void XMLCALL
parse_instruction_cb (void       *data,
                      const char *target,
                      const char *text)
{
  parse_stop (data, FERRY_PROTO_ERROR_MALFORMED, "Processing instruction in a stanza");
}

static void
parse_run (Parse      *parse,
           const char *xml,
           gsize       length)
{
  XML_SetUserData (parse->expat, parse);
  XML_SetElementHandler (parse->expat, parse_start_cb, parse_end_cb);
  XML_SetCharacterDataHandler (parse->expat, parse_text_cb);
  XML_SetStartNamespaceDeclHandler (parse->expat, parse_namespace_cb);
  XML_SetStartDoctypeDeclHandler (parse->expat, parse_doctype_cb);
  XML_SetProcessingInstructionHandler (parse->expat, parse_instruction_cb);

  if (XML_Parse (parse->expat, xml, length, XML_TRUE) != XML_STATUS_OK)
    parse_stop (parse, FERRY_PROTO_ERROR_MALFORMED, XML_ErrorString (XML_GetErrorCode (parse->expat)));
}

/**
 * ferry_element_parse:
 * @xml: one whole element in UTF-8; comments in it are skipped
 * @length: bytes; -1 if @xml ends with a NUL
 *
 * Errors: %FERRY_PROTO_ERROR_MALFORMED, or _TOO_LARGE past a limit of FERRY_XML_MAX_….
 */
FerryElement *
ferry_element_parse (const char  *xml,
                     gssize       length,
                     GError     **error)
{
  Parse parse = { .error = error };
  gsize size;

  g_return_val_if_fail (xml != NULL, NULL);

  size = length < 0 ? strlen (xml) : (gsize) length;
  if (size > FERRY_XML_MAX_BYTES)
    {
      g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE, "Too many bytes");
      return NULL;
    }

  parse.expat = XML_ParserCreateNS ("UTF-8", FERRY_XML_SEPARATOR);
  parse_run (&parse, xml, size);
  XML_ParserFree (parse.expat);

  if (!parse.failed)
    return ferry_element_builder_end (parse.builder);

  ferry_element_builder_free (parse.builder);

  return NULL;
}
