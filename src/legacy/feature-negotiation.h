/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

#define FERRY_NS_DATA_FORM "jabber:x:data" /* XEP-0004 */

/* What of XEP-0020 (feature negotiation) stream initiation and REL use: a `<feature/>` with one
 * data form, in which one field of a known name lists stream methods (XEP-0004, list-single).
 *
 *   <feature xmlns='http://jabber.org/protocol/feature-neg'>
 *     <x xmlns='jabber:x:data' type='form'>
 *       <field var='stream-method' type='list-single'>
 *         <option><value>http://jabber.org/protocol/ibb</value></option> …
 *
 * The answer is a form of type `submit`, and the field has one `<value/>`.
 */

/* @options: at least one, best first, %NULL-terminated. Types are said (REL-13). */
FerryElement *ferry_feature_negotiation_new_offer    (const char          *var,
                                                      const char *const   *options);
FerryElement *ferry_feature_negotiation_new_choice   (const char          *var,
                                                      const char          *choice);

/* Whether @parent, which carries the `<feature/>`, has a field @var in it, of whatever worth. */
gboolean      ferry_feature_negotiation_has_field    (const FerryElement  *parent,
                                                      const char          *var);
/* The options of field @var (FN-4), in the peer's order, as it spells them.
 * Returns: (transfer full): %NULL-terminated, at least one; else
 * %FERRY_PROTO_ERROR_MALFORMED, or TOO_LARGE: more of it than anybody means (SEC-11) */
char        **ferry_feature_negotiation_parse_offer  (const FerryElement  *parent,
                                                      const char          *var,
                                                      GError             **error);
/* The one value picked for @var; whether it was offered is for the caller to see (FN-5).
 * Returns: (transfer full): else %FERRY_PROTO_ERROR_MALFORMED or TOO_LARGE */
char         *ferry_feature_negotiation_parse_choice (const FerryElement  *parent,
                                                      const char          *var,
                                                      GError             **error);

G_END_DECLS
