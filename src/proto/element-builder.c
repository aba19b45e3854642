/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/element-private.h"
#include "proto/xml-text.h"

/* Where in the strings of its frame an attribute lies. */
typedef struct
{
  gsize name;
  gsize value;
} Attribute;

/* An element that is still open. Kept for the next one of its depth. */
typedef struct
{
  GString   *strings;    /* name NUL xmlns NUL, then names and values of attributes */
  gsize      xmlns;      /* where in strings */
  GString   *text;
  GArray    *attributes; /* (element-type Attribute) */
  GPtrArray *children;   /* (element-type FerryElement) (owned) */
} Frame;

struct _FerryElementBuilder
{
  GPtrArray *frames; /* (element-type Frame) (owned) */
  guint      depth;  /* how many of them are open; at least one */
};

static void
frame_free (gpointer data)
{
  Frame *frame = data;

  g_string_free (frame->strings, TRUE);
  g_string_free (frame->text, TRUE);
  g_array_unref (frame->attributes);
  g_ptr_array_unref (frame->children);
  g_free (frame);
}

static Frame *
frame_new (void)
{
  Frame *frame = g_new0 (Frame, 1);

  frame->strings = g_string_new (NULL);
  frame->text = g_string_new (NULL);
  frame->attributes = g_array_new (FALSE, FALSE, sizeof (Attribute));
  frame->children = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_element_unref);

  return frame;
}

static Frame *
get_frame (FerryElementBuilder *self)
{
  return g_ptr_array_index (self->frames, self->depth - 1);
}

/* Appends @text and the NUL after it; returns where it begins. */
static gsize
push_string (Frame      *frame,
             const char *text)
{
  gsize offset = frame->strings->len;

  ferry_xml_append_repaired (frame->strings, text, strlen (text));
  g_string_append_c (frame->strings, '\0');

  return offset;
}

/* Names come from our own code or from expat, which has checked them. Still no
 * name may break out of its tag, so that what is built always prints. */
static gsize
push_name (Frame      *frame,
           const char *name)
{
  gsize offset = push_string (frame, *name != '\0' ? name : "_");
  char *p = frame->strings->str + offset;

  if (g_ascii_isdigit (*p) || *p == '-' || *p == '.')
    *p = '_';
  for (; *p != '\0'; p++)
    if (!(*p & 0x80) && !g_ascii_isalnum (*p) && strchr ("-_.:", *p) == NULL)
      *p = '_';

  return offset;
}

/* Two namespaces have their prefix for good and can never be a default (Namespaces
 * in XML 1.0, §3): what is in them would not print. */
static gboolean
is_reserved (const char *xmlns)
{
  return strcmp (xmlns, "http://www.w3.org/XML/1998/namespace") == 0 ||
         strcmp (xmlns, "http://www.w3.org/2000/xmlns/") == 0;
}

static void
push_frame (FerryElementBuilder *self,
            const char          *name,
            const char          *xmlns)
{
  Frame *frame;

  if (self->depth == self->frames->len)
    g_ptr_array_add (self->frames, frame_new ());
  self->depth++;
  frame = get_frame (self);

  g_string_truncate (frame->strings, 0);
  g_string_truncate (frame->text, 0);
  g_array_set_size (frame->attributes, 0);

  push_name (frame, name);
  frame->xmlns = push_string (frame, is_reserved (xmlns) ? "" : xmlns);
}

/* Moves the children out of @frame and everything else into one block. */
static FerryElement *
freeze (Frame *frame)
{
  guint n_attributes = frame->attributes->len;
  guint n_children = frame->children->len;
  gsize arrays = n_attributes * sizeof (FerryAttribute) + n_children * sizeof (FerryElement *);
  FerryElement *self = g_malloc (sizeof *self + arrays + frame->strings->len + frame->text->len + 1);
  char *strings = (char *) (self + 1) + arrays;

  memcpy (strings, frame->strings->str, frame->strings->len);
  memcpy (strings + frame->strings->len, frame->text->str, frame->text->len + 1);

  self->ref_count = 1;
  self->n_attributes = n_attributes;
  self->n_children = n_children;
  self->name = strings;
  self->xmlns = strings + frame->xmlns;
  self->text = strings + frame->strings->len;
  self->attributes = (FerryAttribute *) (self + 1);
  self->children = (FerryElement **) (self->attributes + n_attributes);

  for (guint i = 0; i < n_attributes; i++)
    {
      const Attribute *attribute = &g_array_index (frame->attributes, Attribute, i);

      self->attributes[i].name = strings + attribute->name;
      self->attributes[i].value = strings + attribute->value;
    }

  for (guint i = 0; i < n_children; i++)
    self->children[i] = ferry_element_ref (g_ptr_array_index (frame->children, i));
  g_ptr_array_set_size (frame->children, 0);

  return self;
}

/**
 * ferry_element_builder_new:
 * @xmlns: (nullable): %NULL for no namespace
 */
FerryElementBuilder *
ferry_element_builder_new (const char *name,
                           const char *xmlns)
{
  FerryElementBuilder *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_new0 (FerryElementBuilder, 1);
  self->frames = g_ptr_array_new_with_free_func (frame_free);
  push_frame (self, name, xmlns != NULL ? xmlns : "");

  return self;
}

/* Begins with a copy of @element, to change it. */
FerryElementBuilder *
ferry_element_builder_new_from (const FerryElement *element)
{
  FerryElementBuilder *self;

  g_return_val_if_fail (element != NULL, NULL);

  self = ferry_element_builder_new (element->name, element->xmlns);
  for (guint i = 0; i < element->n_attributes; i++)
    ferry_element_builder_attribute (self, element->attributes[i].name, element->attributes[i].value);
  ferry_element_builder_text (self, element->text);
  for (guint i = 0; i < element->n_children; i++)
    ferry_element_builder_child (self, element->children[i]);

  return self;
}

/**
 * ferry_element_builder_attribute:
 * @value: (nullable): replaces the value it had; %NULL takes the attribute away
 *
 * Namespaces are not attributes here: `xmlns` and prefixed names other than
 * `xml:lang` are ignored.
 */
void
ferry_element_builder_attribute (FerryElementBuilder *self,
                                 const char          *name,
                                 const char          *value)
{
  Attribute added;
  Frame *frame;

  g_return_if_fail (self != NULL && name != NULL);

  if (strcmp (name, "xmlns") == 0 || (strchr (name, ':') != NULL && strcmp (name, "xml:lang") != 0))
    return;

  frame = get_frame (self);
  added.name = push_name (frame, name);
  for (guint i = 0; i < frame->attributes->len; i++)
    {
      Attribute *old = &g_array_index (frame->attributes, Attribute, i);

      if (strcmp (frame->strings->str + old->name, frame->strings->str + added.name) != 0)
        continue;
      g_array_remove_index (frame->attributes, i);
      break;
    }

  if (value == NULL)
    return;
  added.value = push_string (frame, value);
  g_array_append_val (frame->attributes, added);
}

void
ferry_element_builder_attribute_int (FerryElementBuilder *self,
                                     const char          *name,
                                     gint64               value)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  ferry_element_builder_attribute (self, name, text);
}

void
ferry_element_builder_text_len (FerryElementBuilder *self,
                                const char          *text,
                                gsize                length)
{
  ferry_xml_append_repaired (get_frame (self)->text, text, length);
}

/* Character data; what was there before stays. @text: (nullable) */
void
ferry_element_builder_text (FerryElementBuilder *self,
                            const char          *text)
{
  g_return_if_fail (self != NULL);

  if (text != NULL)
    ferry_element_builder_text_len (self, text, strlen (text));
}

/* Opens a child. @xmlns: (nullable): %NULL for that of the parent */
void
ferry_element_builder_open (FerryElementBuilder *self,
                            const char          *name,
                            const char          *xmlns)
{
  g_autofree char *inherited = NULL;

  g_return_if_fail (self != NULL && name != NULL);

  if (xmlns == NULL)
    {
      Frame *parent = get_frame (self);

      xmlns = inherited = g_strdup (parent->strings->str + parent->xmlns);
    }
  push_frame (self, name, xmlns);
}

void
ferry_element_builder_close (FerryElementBuilder *self)
{
  FerryElement *child;

  g_return_if_fail (self != NULL && self->depth > 1);

  child = freeze (get_frame (self));
  self->depth--;
  ferry_element_builder_take_child (self, child);
}

void
ferry_element_builder_child (FerryElementBuilder *self,
                             FerryElement        *child)
{
  g_return_if_fail (self != NULL && child != NULL);

  ferry_element_builder_take_child (self, ferry_element_ref (child));
}

/* @child: (transfer full) */
void
ferry_element_builder_take_child (FerryElementBuilder *self,
                                  FerryElement        *child)
{
  g_return_if_fail (self != NULL && child != NULL);

  g_ptr_array_add (get_frame (self)->children, child);
}

/* `<name>text</name>` in the namespace of the open element. @text: (nullable) */
void
ferry_element_builder_text_child (FerryElementBuilder *self,
                                  const char          *name,
                                  const char          *text)
{
  ferry_element_builder_open (self, name, NULL);
  ferry_element_builder_text (self, text);
  ferry_element_builder_close (self);
}

/**
 * ferry_element_builder_end:
 * @self: (transfer full): a builder whose children are all closed
 *
 * Returns: (transfer full)
 */
FerryElement *
ferry_element_builder_end (FerryElementBuilder *self)
{
  FerryElement *element;

  g_return_val_if_fail (self != NULL, NULL);
  g_warn_if_fail (self->depth == 1);

  while (self->depth > 1)
    ferry_element_builder_close (self);
  element = freeze (get_frame (self));
  ferry_element_builder_free (self);

  return element;
}

/* Drops what was built. */
void
ferry_element_builder_free (FerryElementBuilder *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->frames);
  g_free (self);
}
