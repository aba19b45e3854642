/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

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

void ferry_element_builder_text_len (FerryElementBuilder *self,
                                     const char          *text,
                                     gsize                length);

G_END_DECLS
