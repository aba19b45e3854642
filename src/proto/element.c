/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/element-private.h"
#include "proto/xml-text.h"

FerryElement *
ferry_element_ref (FerryElement *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  self->ref_count++;

  return self;
}

void
ferry_element_unref (FerryElement *self)
{
  g_return_if_fail (self != NULL && self->ref_count > 0);

  if (--self->ref_count > 0)
    return;

  for (guint i = 0; i < self->n_children; i++)
    ferry_element_unref (self->children[i]);
  g_free (self);
}

const char *
ferry_element_get_name (const FerryElement *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/* Returns: the namespace; "" for none */
const char *
ferry_element_get_xmlns (const FerryElement *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->xmlns;
}

/* Returns: (nullable) */
const char *
ferry_element_get_attribute (const FerryElement *self,
                             const char         *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->n_attributes; i++)
    if (strcmp (self->attributes[i].name, name) == 0)
      return self->attributes[i].value;

  return NULL;
}

/* Returns: the character data directly inside, joined; "" for none */
const char *
ferry_element_get_text (const FerryElement *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/* @name, @xmlns: (nullable): %NULL matches any */
gboolean
ferry_element_is (const FerryElement *self,
                  const char         *name,
                  const char         *xmlns)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return (name == NULL || strcmp (self->name, name) == 0) &&
         (xmlns == NULL || strcmp (self->xmlns, xmlns) == 0);
}

guint
ferry_element_get_n_children (const FerryElement *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_children;
}

/* Returns: (transfer none) */
FerryElement *
ferry_element_get_child (const FerryElement *self,
                         guint               index)
{
  g_return_val_if_fail (self != NULL && index < self->n_children, NULL);

  return self->children[index];
}

/**
 * ferry_element_find:
 * @name: (nullable): %NULL matches any
 * @xmlns: (nullable): %NULL matches any
 *
 * Returns: (transfer none) (nullable): the first such child
 */
FerryElement *
ferry_element_find (const FerryElement *self,
                    const char         *name,
                    const char         *xmlns)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->n_children; i++)
    if (ferry_element_is (self->children[i], name, xmlns))
      return self->children[i];

  return NULL;
}

/* Returns: (nullable): the text of the first such child, "" if empty; %NULL: no such child */
const char *
ferry_element_find_text (const FerryElement *self,
                         const char         *name,
                         const char         *xmlns)
{
  FerryElement *child = ferry_element_find (self, name, xmlns);

  return child != NULL ? child->text : NULL;
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* Space between children is layout. */
static const char *
get_meant_text (const FerryElement *self)
{
  return self->n_children > 0 && is_blank (self->text) ? "" : self->text;
}

/* As trees: the order of attributes does not count, nor does white space between children. */
gboolean
ferry_element_equal (const FerryElement *a,
                     const FerryElement *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a == b)
    return TRUE;
  if (!ferry_element_is (a, b->name, b->xmlns) || a->n_attributes != b->n_attributes ||
      a->n_children != b->n_children || strcmp (get_meant_text (a), get_meant_text (b)) != 0)
    return FALSE;

  for (guint i = 0; i < a->n_attributes; i++)
    if (g_strcmp0 (a->attributes[i].value, ferry_element_get_attribute (b, a->attributes[i].name)) != 0)
      return FALSE;

  for (guint i = 0; i < a->n_children; i++)
    if (!ferry_element_equal (a->children[i], b->children[i]))
      return FALSE;

  return TRUE;
}

static void
append_element (GString            *out,
                const FerryElement *self,
                const char         *around)
{
  g_string_append_c (out, '<');
  g_string_append (out, self->name);
  if (strcmp (self->xmlns, around) != 0)
    ferry_xml_append_attribute (out, "xmlns", self->xmlns);
  for (guint i = 0; i < self->n_attributes; i++)
    ferry_xml_append_attribute (out, self->attributes[i].name, self->attributes[i].value);

  if (*self->text == '\0' && self->n_children == 0)
    {
      g_string_append (out, "/>");
      return;
    }

  g_string_append_c (out, '>');
  ferry_xml_append_text (out, self->text);
  for (guint i = 0; i < self->n_children; i++)
    append_element (out, self->children[i], self->xmlns);
  g_string_append (out, "</");
  g_string_append (out, self->name);
  g_string_append_c (out, '>');
}

/* Returns: (transfer full): one line of XML, without prefixes; text stands before the children */
char *
ferry_element_print (const FerryElement *self)
{
  return ferry_element_print_inside (self, "");
}

/* The same, for a place where @xmlns is the default namespace.
 * Returns: (transfer full) */
char *
ferry_element_print_inside (const FerryElement *self,
                            const char         *xmlns)
{
  GString *out;

  g_return_val_if_fail (self != NULL && xmlns != NULL, NULL);

  out = g_string_sized_new (256 + strlen (self->text));
  append_element (out, self, xmlns);

  return g_string_free (out, FALSE);
}
