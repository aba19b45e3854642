/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_DISCO_INFO  "http://jabber.org/protocol/disco#info"
#define FERRY_NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
#define FERRY_NS_DATA_FORMS  "jabber:x:data"

#define FERRY_DISCO_MAX_FEATURES 500 /* DISC-6 */
#define FERRY_DISCO_MAX_ITEMS    500

/* Strings are never %NULL, "" stands for absent. */
typedef struct
{
  char *category;
  char *type;
  char *lang;
  char *name;
} FerryDiscoIdentity;

/* A field of an extended form (XEP-0128). */
typedef struct
{
  char  *var;
  char  *type;   /* "" for absent */
  char **values;
} FerryDiscoField;

typedef struct
{
  GPtrArray *fields; /* (element-type FerryDiscoField) */
} FerryDiscoForm;

/**
 * FerryDiscoInfo:
 *
 * What somebody says of himself (XEP-0030 §3): as it came, in its order, with its
 * duplicates.
 */
typedef struct
{
  char      *node;       /* (nullable) */
  GPtrArray *identities; /* (element-type FerryDiscoIdentity) */
  GPtrArray *features;   /* (element-type utf8) */
  GPtrArray *forms;      /* (element-type FerryDiscoForm) */
} FerryDiscoInfo;

/* @node: (nullable) */
FerryDiscoInfo *ferry_disco_info_new          (const char            *node);
void            ferry_disco_info_free         (FerryDiscoInfo        *self);
/* @lang, @name: (nullable) */
void            ferry_disco_info_add_identity (FerryDiscoInfo        *self,
                                               const char            *category,
                                               const char            *type,
                                               const char            *lang,
                                               const char            *name);
void            ferry_disco_info_add_feature  (FerryDiscoInfo        *self,
                                               const char            *feature);
gboolean        ferry_disco_info_has_feature  (const FerryDiscoInfo  *self,
                                               const char            *feature);
gboolean        ferry_disco_info_has_identity (const FerryDiscoInfo  *self,
                                               const char            *category,
                                               const char            *type);
/* The name in the first identity of category client. (nullable): borrowed */
const char     *ferry_disco_info_get_client_name (const FerryDiscoInfo *self);
/* Returns: (transfer full): sorted, each once, %NULL-terminated */
char          **ferry_disco_info_dup_features (const FerryDiscoInfo  *self);
/* Of a `<query/>`. Errors: %FERRY_PROTO_ERROR_MALFORMED, _TOO_LARGE */
FerryDiscoInfo *ferry_disco_info_parse        (const FerryElement    *query,
                                               GError               **error);
/* Returns: (transfer full): a `<query/>` */
FerryElement   *ferry_disco_info_to_element   (const FerryDiscoInfo  *self);
/* The question itself. @node: (nullable). Returns: (transfer full) */
FerryElement   *ferry_disco_query_new         (const char            *xmlns,
                                               const char            *node);

typedef struct
{
  char *jid;
  char *node; /* (nullable) */
  char *name; /* (nullable) */
} FerryDiscoItem;

/* Items without an address are left out.
 * Returns: (transfer full) (element-type FerryDiscoItem) */
GPtrArray      *ferry_disco_items_parse       (const FerryElement    *query,
                                               GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryDiscoInfo, ferry_disco_info_free)

G_END_DECLS
