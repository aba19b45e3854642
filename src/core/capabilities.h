/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/roster.h"
#include "core/router.h"
#include "proto/dialect.h"

G_BEGIN_DECLS

/* Announced by clients that take up a file whose path broke, and which is offered again, without
 * asking anybody. Among others a second offer is a second question. */
#define FERRY_NS_RESUME "urn:ferry:resume:0"

/**
 * FerryCapabilities:
 *
 * Who can do what: answers disco#info for us, puts our caps into presence, learns
 * the features of contacts' resources from caps (checked hash, cached on disk by
 * DISC-6) or by asking, and writes them into the #FerryResource. From features it
 * chooses the resource, the dialect and the peer profile for a transfer.
 */
#define FERRY_TYPE_CAPABILITIES (ferry_capabilities_get_type ())
G_DECLARE_FINAL_TYPE (FerryCapabilities, ferry_capabilities, FERRY, CAPABILITIES, GObject)

/* What to talk to, and how. A plain value. */
typedef struct
{
  char                    *jid;      /* (owned): full */
  const FerryDialect      *dialect;  /* static */
  const FerryPeerProfile  *profile;  /* static */
} FerryRecipient;

void               ferry_recipient_free                (FerryRecipient       *self);

FerryCapabilities *ferry_capabilities_new              (FerryRouter          *router,
                                                        FerryRoster          *roster,
                                                        const char           *data_dir);
/* What else we can do, in place of what was said of it before; our caps are others then. */
void               ferry_capabilities_set_features     (FerryCapabilities    *self,
                                                        const char *const    *features);
/* The <c/> for our presence (XEP-0115 §4). */
FerryElement      *ferry_capabilities_get_own_caps     (FerryCapabilities    *self);

/* Picks the best capable resource of @to (SEL-6), or checks the one a full JID
 * names; asks by disco where nothing is known yet. @dialect: forced name or %NULL.
 * @direction: to offer a file (SEND), to ask for one (RECEIVE), or to talk (BOTH).
 * Errors: %FERRY_TRANSFER_ERROR with _OFFLINE or _NO_COMMON_DIALECT. */
void               ferry_capabilities_choose_async     (FerryCapabilities    *self,
                                                        const char           *to,
                                                        const char           *dialect,
                                                        FerryDirection        direction,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
FerryRecipient    *ferry_capabilities_choose_finish    (FerryCapabilities    *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);
/* What is known now about a full JID; the default profile if nothing. */
const FerryPeerProfile *ferry_capabilities_get_profile (FerryCapabilities    *self,
                                                        const char           *full_jid);
/* The features of a full JID, as far as they are known. Borrowed; %NULL: not known. */
const char *const *ferry_capabilities_get_features     (FerryCapabilities    *self,
                                                        const char           *full_jid);
/* Whether a peer with @features, known, speaks @dialect (protocols: 11). */
gboolean           ferry_capabilities_allow            (const char *const    *features,
                                                        const FerryDialect   *dialect);
/* disco#info of anybody. finish(): the reply's <query/>. */
void               ferry_capabilities_disco_async      (FerryCapabilities    *self,
                                                        const char           *jid,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
FerryElement      *ferry_capabilities_disco_finish     (FerryCapabilities    *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryRecipient, ferry_recipient_free)

G_END_DECLS
