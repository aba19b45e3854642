/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

/* Stands between namespace and name in what expat reports; XML cannot contain it. */
#define FERRY_XML_SEPARATOR '\x1f'

typedef struct
{
  const char *name;
  const char *value;
} FerryAttribute;

/* An element is one block of memory: this, its attributes, its children, its strings. */
struct _FerryElement
{
  guint            ref_count;
  guint            n_attributes;
  guint            n_children;
  const char      *name;
  const char      *xmlns;      /* "" for none */
  const char      *text;       /* "" for none */
  FerryAttribute  *attributes;
  FerryElement   **children;   /* (element-type FerryElement) (owned) */
};

void                 ferry_element_builder_text_len      (FerryElementBuilder  *self,
                                                          const char           *text,
                                                          gsize                 length);
/* Opens what expat reports, in a new builder if @self is %NULL. Attributes that have a
 * namespace are left out.
 * Returns: the builder */
FerryElementBuilder *ferry_element_builder_open_reported (FerryElementBuilder  *self,
                                                          const char           *name,
                                                          const char          **attributes);

G_END_DECLS
