/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/file-description.h"

G_BEGIN_DECLS

/* What is said in a Reliable Entity Link (XEP-0041), and in the application that yields its
 * context id, which is the one of its listings 3 and 4. */

#define FERRY_NS_REL_APPLICATION "filexfer"

/* Stream methods, best first; a set of them has a bit each. */
typedef enum
{
  FERRY_REL_BYTESTREAMS,
  FERRY_REL_IN_BAND,
  FERRY_REL_N_METHODS,
} FerryRelMethod;

/* Protocols 8 */
typedef enum
{
  FERRY_REL_REFUSE_DECLINED,  /* by the user (REL-14) */
  FERRY_REL_REFUSE_NO_METHOD, /* none in common */
  FERRY_REL_REFUSE_CID,       /* unknown, used up, or of another */
  FERRY_REL_REFUSE_MALFORMED,
  FERRY_REL_REFUSE_BUSY,      /* SEC-31 */
} FerryRelRefusal;

/* The transport of a method. */
const char           *ferry_rel_method_get_transport (FerryRelMethod               method);

/* (1) The offer, and the consent that tells a cid. */
FerryElement         *ferry_rel_offer_to_element     (const FerryFileDescription  *file);
/* Fails with %FERRY_PROTO_ERROR. The size may be unknown. */
FerryFileDescription *ferry_rel_offer_parse          (const FerryElement          *query,
                                                      GError                     **error);
FerryElement         *ferry_rel_consent_to_element   (const char                  *cid);
/* Returns: (transfer full): the cid. @query: (nullable) */
char                 *ferry_rel_consent_parse        (const FerryElement          *query,
                                                      GError                     **error);

/* (2) The question for a method, and (3) the answer. */
FerryElement         *ferry_rel_query_to_element     (const char                  *cid,
                                                      guint                        methods,
                                                      gboolean                     keep_alive);
/* @methods: (out): those that we know. */
gboolean              ferry_rel_query_parse          (const FerryElement          *query,
                                                      guint                       *methods,
                                                      gboolean                    *keep_alive,
                                                      GError                     **error);
FerryElement         *ferry_rel_choice_to_element    (const char                  *cid,
                                                      FerryRelMethod               method);
/* @query: (nullable). @method: (out): one of @methods (REL-6) */
gboolean              ferry_rel_choice_parse         (const FerryElement          *query,
                                                      const char                  *cid,
                                                      guint                        methods,
                                                      FerryRelMethod              *method,
                                                      GError                     **error);

/* The answer to @iq that says no. */
FerryElement         *ferry_rel_refuse               (const FerryElement          *iq,
                                                      FerryRelRefusal              refusal);

G_END_DECLS
