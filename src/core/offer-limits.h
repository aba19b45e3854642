/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FERRY_OFFERS_PER_PEER   4  /* waiting for our user, of one bare JID */
#define FERRY_OFFERS_IN_ALL     16
#define FERRY_OFFERS_PER_MINUTE 10 /* of one bare JID that our user did not accept */

/**
 * FerryOfferLimits:
 *
 * How many offers others may put before our user (SEC-31). Has no clock: @now is
 * in µs, monotonic.
 */
typedef struct _FerryOfferLimits FerryOfferLimits;

FerryOfferLimits *ferry_offer_limits_new       (void);
void              ferry_offer_limits_free      (FerryOfferLimits *self);
/* Whether one more may come; counts it. @n_of_peer, @n_in_all: waiting already. */
gboolean          ferry_offer_limits_take      (FerryOfferLimits *self,
                                                const char       *bare_jid,
                                                guint             n_of_peer,
                                                guint             n_in_all,
                                                gint64            now);
/* Our user accepted one: files that are welcome are not counted, or somebody who
 * drops thirty photographs would be sent away. */
void              ferry_offer_limits_give_back (FerryOfferLimits *self,
                                                const char       *bare_jid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryOfferLimits, ferry_offer_limits_free)

G_END_DECLS
