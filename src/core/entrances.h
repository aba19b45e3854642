/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/transfer-services.h"

G_BEGIN_DECLS

/* What only the owner of entrances can do. @owner: as it was given. */
typedef struct
{
  /* An opening request in @dialect, of somebody who may know of us: answer it. */
  void     (*take)      (gpointer            owner,
                         const FerryDialect *dialect,
                         FerryContact       *contact,
                         FerryElement       *iq);
  /* Whether another one of @from's will be looked at now (SEC-31). */
  gboolean (*may_offer) (gpointer            owner,
                         const char         *from);
  /* What is neither for a session in one of the dialects nor opens one is refused; until then
   * others have looked at it. Else they look at it after us. */
  gboolean   is_last;
} FerryEntrancesOwner;

/**
 * FerryEntrances:
 *
 * Where the requests of some dialects come in. Those of a session are handed to its negotiation,
 * by the peer's full JID and the session id (SEC-1); those that open one to the owner.
 */
typedef struct _FerryEntrances FerryEntrances;

/* @dialects: static, best first. @vtable: static. @owner: borrowed; a #GObject, held while it
 * is told something. */
FerryEntrances *ferry_entrances_new  (FerryTransferServices     *services,
                                      const FerryDialect *const *dialects,
                                      const FerryEntrancesOwner *vtable,
                                      gpointer                   owner);
void            ferry_entrances_free (FerryEntrances            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryEntrances, ferry_entrances_free)

G_END_DECLS
