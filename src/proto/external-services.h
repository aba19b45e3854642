/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_EXTERNAL_SERVICES   "urn:xmpp:extdisco:2" /* XEP-0215 */
#define FERRY_NS_EXTERNAL_SERVICES_1 "urn:xmpp:extdisco:1" /* its founding draft */

#define FERRY_EXTERNAL_SERVICES_MAX 32

/* What a server knows that is not XMPP: a STUN server, for one. */
typedef struct
{
  char     *type;          /* (owned): "stun", "turn", ... */
  char     *host;          /* (owned): name or address, without brackets */
  guint16   port;          /* the usual one of its type where none is said; 0: there is none */
  char     *transport;     /* (owned): "udp" or "tcp"; udp where none is said */
  char     *username;      /* (owned) (nullable) */
  char     *password;      /* (owned) (nullable): wiped when freed, never logged */
  gboolean  is_restricted; /* of no use without a name and a password */
  gint64    expires;       /* s since 1970: the password's end; 0: not said */
} FerryExternalService;

/* @xmlns: one of the two. @type: (nullable): which alone are asked for. Returns: (transfer full) */
FerryElement *ferry_external_services_query_new (const char           *xmlns,
                                                 const char           *type);
/* Of a `<services/>` of either namespace. What makes no sense in it is left out, and so is what is
 * past the limits. Errors: %FERRY_PROTO_ERROR_MALFORMED: it is something else.
 * Returns: (transfer full) (element-type FerryExternalService) */
GPtrArray    *ferry_external_services_parse     (const FerryElement   *services,
                                                 GError              **error);
void          ferry_external_service_free       (FerryExternalService *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryExternalService, ferry_external_service_free)

G_END_DECLS
