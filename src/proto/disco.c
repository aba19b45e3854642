/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/disco.h"
#include "proto/proto-error.h"

#define MAX_IDENTITIES 32
#define MAX_FORMS      16

static void
identity_free (gpointer data)
{
  FerryDiscoIdentity *identity = data;

  g_free (identity->category);
  g_free (identity->type);
  g_free (identity->lang);
  g_free (identity->name);
  g_free (identity);
}

static void
field_free (gpointer data)
{
  FerryDiscoField *field = data;

  g_free (field->var);
  g_free (field->type);
  g_strfreev (field->values);
  g_free (field);
}

static void
form_free (gpointer data)
{
  FerryDiscoForm *form = data;

  g_ptr_array_unref (form->fields);
  g_free (form);
}

FerryDiscoInfo *
ferry_disco_info_new (const char *node)
{
  FerryDiscoInfo *self = g_new0 (FerryDiscoInfo, 1);

  self->node = g_strdup (node);
  self->identities = g_ptr_array_new_with_free_func (identity_free);
  self->features = g_ptr_array_new_with_free_func (g_free);
  self->forms = g_ptr_array_new_with_free_func (form_free);

  return self;
}

void
ferry_disco_info_free (FerryDiscoInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->node);
  g_ptr_array_unref (self->identities);
  g_ptr_array_unref (self->features);
  g_ptr_array_unref (self->forms);
  g_free (self);
}

static char *
dup_or_empty (const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

void
ferry_disco_info_add_identity (FerryDiscoInfo *self,
                               const char     *category,
                               const char     *type,
                               const char     *lang,
                               const char     *name)
{
  FerryDiscoIdentity *identity = g_new0 (FerryDiscoIdentity, 1);

  identity->category = dup_or_empty (category);
  identity->type = dup_or_empty (type);
  identity->lang = dup_or_empty (lang);
  identity->name = dup_or_empty (name);
  g_ptr_array_add (self->identities, identity);
}

void
ferry_disco_info_add_feature (FerryDiscoInfo *self,
                              const char     *feature)
{
  g_ptr_array_add (self->features, g_strdup (feature));
}

gboolean
ferry_disco_info_has_feature (const FerryDiscoInfo *self,
                              const char           *feature)
{
  for (guint i = 0; i < self->features->len; i++)
    if (strcmp (g_ptr_array_index (self->features, i), feature) == 0)
      return TRUE;

  return FALSE;
}

gboolean
ferry_disco_info_has_identity (const FerryDiscoInfo *self,
                               const char           *category,
                               const char           *type)
{
  for (guint i = 0; i < self->identities->len; i++)
    {
      const FerryDiscoIdentity *identity = g_ptr_array_index (self->identities, i);

      if (strcmp (identity->category, category) == 0 && strcmp (identity->type, type) == 0)
        return TRUE;
    }

  return FALSE;
}

const char *
ferry_disco_info_get_client_name (const FerryDiscoInfo *self)
{
  for (guint i = 0; i < self->identities->len; i++)
    {
      const FerryDiscoIdentity *identity = g_ptr_array_index (self->identities, i);

      if (strcmp (identity->category, "client") == 0 && *identity->name != '\0')
        return identity->name;
    }

  return NULL;
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
ferry_disco_info_dup_features (const FerryDiscoInfo *self)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_copy (self->features, NULL, NULL);
  GStrvBuilder *builder = g_strv_builder_new ();
  char **features;

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_strings);
  for (guint i = 0; i < sorted->len; i++)
    {
      const char *feature = g_ptr_array_index (sorted, i);

      if (i == 0 || strcmp (feature, g_ptr_array_index (sorted, i - 1)) != 0)
        g_strv_builder_add (builder, feature);
    }
  features = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);

  return features;
}

static FerryDiscoField *
parse_field (const FerryElement *element)
{
  FerryDiscoField *field = g_new0 (FerryDiscoField, 1);
  GStrvBuilder *values = g_strv_builder_new ();

  field->var = dup_or_empty (ferry_element_get_attribute (element, "var"));
  field->type = dup_or_empty (ferry_element_get_attribute (element, "type"));
  for (guint i = 0; i < ferry_element_get_n_children (element); i++)
    {
      FerryElement *child = ferry_element_get_child (element, i);

      if (ferry_element_is (child, "value", FERRY_NS_DATA_FORMS))
        g_strv_builder_add (values, ferry_element_get_text (child));
    }
  field->values = g_strv_builder_end (values);
  g_strv_builder_unref (values);

  return field;
}

static FerryDiscoForm *
parse_form (const FerryElement *element)
{
  FerryDiscoForm *form = g_new0 (FerryDiscoForm, 1);

  form->fields = g_ptr_array_new_with_free_func (field_free);
  for (guint i = 0; i < ferry_element_get_n_children (element); i++)
    {
      FerryElement *child = ferry_element_get_child (element, i);

      if (ferry_element_is (child, "field", FERRY_NS_DATA_FORMS))
        g_ptr_array_add (form->fields, parse_field (child));
    }

  return form;
}

/* What is not understood in a <query/> is skipped. */
static void
parse_child (FerryDiscoInfo     *self,
             const FerryElement *child)
{
  const char *var = ferry_element_get_attribute (child, "var");

  if (ferry_element_is (child, "identity", FERRY_NS_DISCO_INFO))
    ferry_disco_info_add_identity (self, ferry_element_get_attribute (child, "category"),
                                   ferry_element_get_attribute (child, "type"),
                                   ferry_element_get_attribute (child, "xml:lang"),
                                   ferry_element_get_attribute (child, "name"));
  else if (ferry_element_is (child, "feature", FERRY_NS_DISCO_INFO) && var != NULL)
    ferry_disco_info_add_feature (self, var);
  else if (ferry_element_is (child, "x", FERRY_NS_DATA_FORMS))
    g_ptr_array_add (self->forms, parse_form (child));
}

FerryDiscoInfo *
ferry_disco_info_parse (const FerryElement  *query,
                        GError             **error)
{
  g_autoptr(FerryDiscoInfo) self = NULL;

  g_return_val_if_fail (query != NULL, NULL);

  if (!ferry_element_is (query, "query", FERRY_NS_DISCO_INFO))
    {
      g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED,
                   "Not what somebody can do: <%s>", ferry_element_get_name (query));
      return NULL;
    }

  self = ferry_disco_info_new (ferry_element_get_attribute (query, "node"));
  for (guint i = 0; i < ferry_element_get_n_children (query); i++)
    {
      parse_child (self, ferry_element_get_child (query, i));
      if (self->features->len > FERRY_DISCO_MAX_FEATURES || self->forms->len > MAX_FORMS ||
          self->identities->len > MAX_IDENTITIES)
        {
          g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE,
                               "Too many features, identities or forms");
          return NULL;
        }
    }

  return g_steal_pointer (&self);
}

static void
build_form (FerryElementBuilder  *builder,
            const FerryDiscoForm *form)
{
  ferry_element_builder_open (builder, "x", FERRY_NS_DATA_FORMS);
  ferry_element_builder_attribute (builder, "type", "result");
  for (guint i = 0; i < form->fields->len; i++)
    {
      const FerryDiscoField *field = g_ptr_array_index (form->fields, i);

      ferry_element_builder_open (builder, "field", NULL);
      ferry_element_builder_attribute (builder, "var", field->var);
      ferry_element_builder_attribute (builder, "type", *field->type != '\0' ? field->type : NULL);
      for (char **value = field->values; *value != NULL; value++)
        ferry_element_builder_text_child (builder, "value", *value);
      ferry_element_builder_close (builder);
    }
  ferry_element_builder_close (builder);
}

FerryElement *
ferry_disco_info_to_element (const FerryDiscoInfo *self)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (self != NULL, NULL);

  builder = ferry_element_builder_new ("query", FERRY_NS_DISCO_INFO);
  ferry_element_builder_attribute (builder, "node", self->node);
  for (guint i = 0; i < self->identities->len; i++)
    {
      const FerryDiscoIdentity *identity = g_ptr_array_index (self->identities, i);

      ferry_element_builder_open (builder, "identity", NULL);
      ferry_element_builder_attribute (builder, "category", identity->category);
      ferry_element_builder_attribute (builder, "type", identity->type);
      if (*identity->lang != '\0')
        ferry_element_builder_attribute (builder, "xml:lang", identity->lang);
      if (*identity->name != '\0')
        ferry_element_builder_attribute (builder, "name", identity->name);
      ferry_element_builder_close (builder);
    }
  for (guint i = 0; i < self->features->len; i++)
    {
      ferry_element_builder_open (builder, "feature", NULL);
      ferry_element_builder_attribute (builder, "var", g_ptr_array_index (self->features, i));
      ferry_element_builder_close (builder);
    }
  for (guint i = 0; i < self->forms->len; i++)
    build_form (builder, g_ptr_array_index (self->forms, i));

  return ferry_element_builder_end (builder);
}
