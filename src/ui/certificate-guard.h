/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/account.h"

G_BEGIN_DECLS

/**
 * FerryCertificateGuard:
 *
 * Answers the account's question about a certificate that does not verify. The
 * connection cannot wait for a person: it is refused, the person is asked, and
 * when they trust it (remembered by fingerprint) the account connects again.
 *
 * Property "asking" (notified): a dialog is open.
 */
#define FERRY_TYPE_CERTIFICATE_GUARD (ferry_certificate_guard_get_type ())
G_DECLARE_FINAL_TYPE (FerryCertificateGuard, ferry_certificate_guard,
                      FERRY, CERTIFICATE_GUARD, GObject)

/* @window: not referenced, outlives it. */
FerryCertificateGuard *ferry_certificate_guard_new       (GtkWindow             *window,
                                                          GSettings             *settings,
                                                          FerryAccount          *account);
gboolean               ferry_certificate_guard_is_asking (FerryCertificateGuard *self);

G_END_DECLS
