/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/feature-negotiation.h"
#include "legacy/namespaces.h"
#include "proto/proto-error.h"

/* SEC-11 */
#define MAX_OPTIONS 32
#define MAX_VALUE   1024 /* octets */

static FerryElementBuilder *
begin (const char *type)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("feature", FERRY_NS_FEATURE_NEG);

  ferry_element_builder_open (builder, "x", FERRY_NS_DATA_FORM);
  ferry_element_builder_attribute (builder, "type", type);
  ferry_element_builder_open (builder, "field", NULL);

  return builder;
}

static FerryElement *
finish (FerryElementBuilder *builder)
{
  ferry_element_builder_close (builder);
  ferry_element_builder_close (builder);

  return ferry_element_builder_end (builder);
}

FerryElement *
ferry_feature_negotiation_new_offer (const char        *var,
                                     const char *const *options)
{
  FerryElementBuilder *builder = begin ("form");

  ferry_element_builder_attribute (builder, "var", var);
  ferry_element_builder_attribute (builder, "type", "list-single");

  for (guint i = 0; options[i] != NULL; i++)
    {
      ferry_element_builder_open (builder, "option", NULL);
      ferry_element_builder_text_child (builder, "value", options[i]);
      ferry_element_builder_close (builder);
    }

  return finish (builder);
}

FerryElement *
ferry_feature_negotiation_new_choice (const char *var,
                                      const char *choice)
{
  FerryElementBuilder *builder = begin ("submit");

  ferry_element_builder_attribute (builder, "var", var);
  ferry_element_builder_text_child (builder, "value", choice);

  return finish (builder);
}

/* FN-4: the first of that name. Returns: (nullable) (transfer none) */
static FerryElement *
find_field (const FerryElement *parent,
            const char         *var)
{
  const FerryElement *feature = ferry_element_find (parent, "feature", FERRY_NS_FEATURE_NEG);
  const FerryElement *form = feature != NULL ? ferry_element_find (feature, "x", FERRY_NS_DATA_FORM)
                                             : NULL;

  for (guint i = 0; form != NULL && i < ferry_element_get_n_children (form); i++)
    {
      FerryElement *field = ferry_element_get_child (form, i);

      if (ferry_element_is (field, "field", FERRY_NS_DATA_FORM) &&
          g_strcmp0 (ferry_element_get_attribute (field, "var"), var) == 0)
        return field;
    }

  return NULL;
}

gboolean
ferry_feature_negotiation_has_field (const FerryElement *parent,
                                     const char         *var)
{
  return find_field (parent, var) != NULL;
}

static gboolean
fail (GError          **error,
      FerryProtoError   code,
      const char       *message,
      const char       *var)
{
  g_set_error (error, FERRY_PROTO_ERROR, code, "The field %s %s", var, message);
  return FALSE;
}

/* @value: (nullable): one that is empty says nothing. Peer: gloox 1.0 has an empty `<value/>`
 * beside the options. */
static gboolean
take_value (GPtrArray    *values,
            const char   *value,
            const char   *var,
            GError      **error)
{
  if (value == NULL || *value == '\0')
    return TRUE;

  if (strlen (value) > MAX_VALUE || values->len == MAX_OPTIONS)
    return fail (error, FERRY_PROTO_ERROR_TOO_LARGE, "has too much in it", var);

  g_ptr_array_add (values, g_strdup (value));

  return TRUE;
}

/* All values of the field @var: of its options, or given to it. @owner: the name of the element
 * that each of them stands for in the field.
 * Returns: (transfer full): never empty */
static char **
parse_values (const FerryElement  *parent,
              const char          *var,
              const char          *owner,
              GError             **error)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  const FerryElement *field = find_field (parent, var);

  if (field == NULL)
    {
      fail (error, FERRY_PROTO_ERROR_MALFORMED, "is missing", var);
      return NULL;
    }

  for (guint i = 0; i < ferry_element_get_n_children (field); i++)
    {
      const FerryElement *child = ferry_element_get_child (field, i);
      const char *value;

      if (!ferry_element_is (child, owner, FERRY_NS_DATA_FORM))
        continue;

      value = g_str_equal (owner, "value") ? ferry_element_get_text (child)
                                           : ferry_element_find_text (child, "value",
                                                                      FERRY_NS_DATA_FORM);
      if (!take_value (values, value, var, error))
        return NULL;
    }

  if (values->len == 0)
    {
      fail (error, FERRY_PROTO_ERROR_MALFORMED, "has nothing in it", var);
      return NULL;
    }

  g_ptr_array_add (values, NULL);

  return (char **) g_ptr_array_steal (values, NULL);
}

char **
ferry_feature_negotiation_parse_offer (const FerryElement  *parent,
                                       const char          *var,
                                       GError             **error)
{
  return parse_values (parent, var, "option", error);
}

char *
ferry_feature_negotiation_parse_choice (const FerryElement  *parent,
                                        const char          *var,
                                        GError             **error)
{
  g_auto(GStrv) values = parse_values (parent, var, "value", error);

  if (values != NULL && values[1] != NULL)
    {
      fail (error, FERRY_PROTO_ERROR_MALFORMED, "has more than one choice in it", var);
      return NULL;
    }

  return values != NULL ? g_strdup (values[0]) : NULL;
}
