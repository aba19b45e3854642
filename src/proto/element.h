/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerryElement:
 *
 * An XML element that never changes once built: name, namespace, attributes,
 * character data, children. Reference counted; not thread safe.
 *
 * Whatever is built prints as well-formed XML 1.0: characters that XML forbids
 * are replaced by U+FFFD. Prefixes do not survive parsing; an attribute in a
 * foreign namespace is dropped, `xml:lang` is kept under that name.
 */
typedef struct _FerryElement FerryElement;
typedef struct _FerryElementBuilder FerryElementBuilder;

#define FERRY_NS_CLIENT "jabber:client"

/* What a stanza may be, at most (SEC-10); the gate and the parser share them. */
#define FERRY_XML_MAX_BYTES      (512 * 1024)
#define FERRY_XML_MAX_DEPTH      64
#define FERRY_XML_MAX_ELEMENTS   4096
#define FERRY_XML_MAX_ATTRIBUTES 64
#define FERRY_XML_MAX_NAMESPACE  1024 /* bytes: each element of a namespace holds its name */

FerryElement        *ferry_element_parse                (const char           *xml,
                                                         gssize                length,
                                                         GError              **error);
FerryElement        *ferry_element_ref                  (FerryElement         *self);
void                 ferry_element_unref                (FerryElement         *self);

/* Borrowed strings live as long as the element. */
const char          *ferry_element_get_name             (const FerryElement   *self);
const char          *ferry_element_get_xmlns            (const FerryElement   *self);
const char          *ferry_element_get_attribute        (const FerryElement   *self,
                                                         const char           *name);
const char          *ferry_element_get_text             (const FerryElement   *self);
gboolean             ferry_element_is                   (const FerryElement   *self,
                                                         const char           *name,
                                                         const char           *xmlns);
guint                ferry_element_get_n_children       (const FerryElement   *self);
FerryElement        *ferry_element_get_child            (const FerryElement   *self,
                                                         guint                 index);
FerryElement        *ferry_element_find                 (const FerryElement   *self,
                                                         const char           *name,
                                                         const char           *xmlns);
const char          *ferry_element_find_text            (const FerryElement   *self,
                                                         const char           *name,
                                                         const char           *xmlns);
gboolean             ferry_element_equal                (const FerryElement   *a,
                                                         const FerryElement   *b);
char                *ferry_element_print                (const FerryElement   *self);
char                *ferry_element_print_inside         (const FerryElement   *self,
                                                         const char           *xmlns);

/* A builder is used once: end() frees it and gives the element. */
FerryElementBuilder *ferry_element_builder_new          (const char           *name,
                                                         const char           *xmlns);
FerryElementBuilder *ferry_element_builder_new_from     (const FerryElement   *element);
void                 ferry_element_builder_attribute    (FerryElementBuilder  *self,
                                                         const char           *name,
                                                         const char           *value);
void                 ferry_element_builder_attribute_int (FerryElementBuilder *self,
                                                         const char           *name,
                                                         gint64                value);
void                 ferry_element_builder_text         (FerryElementBuilder  *self,
                                                         const char           *text);
void                 ferry_element_builder_open         (FerryElementBuilder  *self,
                                                         const char           *name,
                                                         const char           *xmlns);
void                 ferry_element_builder_close        (FerryElementBuilder  *self);
void                 ferry_element_builder_child        (FerryElementBuilder  *self,
                                                         FerryElement         *child);
void                 ferry_element_builder_take_child   (FerryElementBuilder  *self,
                                                         FerryElement         *child);
void                 ferry_element_builder_text_child   (FerryElementBuilder  *self,
                                                         const char           *name,
                                                         const char           *text);
FerryElement        *ferry_element_builder_end          (FerryElementBuilder  *self);
void                 ferry_element_builder_free         (FerryElementBuilder  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryElement, ferry_element_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryElementBuilder, ferry_element_builder_free)

G_END_DECLS
