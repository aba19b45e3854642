/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/network.h"
#include "proto/network-diagnosis.h"

G_BEGIN_DECLS

/**
 * FerryDoctor:
 *
 * Tests this network: has it looked at anew, waits until all is known (some seconds), has the
 * proxies tried, sends a block of data through the server to ourselves, and judges. Nothing is
 * sent to anybody but our router, our server and the servers it names.
 *
 * Signal "progress": get_diagnosis() tells more than before.
 */
#define FERRY_TYPE_DOCTOR (ferry_doctor_get_type ())
G_DECLARE_FINAL_TYPE (FerryDoctor, ferry_doctor, FERRY, DOCTOR, GObject)

/* @network, @proxies, @router: of a client that is online, or will not be: then what needs
 * the server is skipped */
FerryDoctor    *ferry_doctor_new            (FerryNetwork         *network,
                                             FerryProxies         *proxies,
                                             FerryRouter          *router);
/* Without a client: what needs no account, in a network of its own that ends with the test. */
FerryDoctor    *ferry_doctor_new_alone      (const FerrySettings  *settings);
/* Whether one of those is at it, or its network is being left: whoever quits cancels it and waits
 * until it has ended, a second at most. */
gboolean        ferry_doctor_is_alone_anywhere (void);
/* Once for each doctor. */
void            ferry_doctor_examine_async  (FerryDoctor          *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
/* Returns: (transfer full) */
FerryDiagnosis *ferry_doctor_examine_finish (FerryDoctor          *self,
                                             GAsyncResult         *result,
                                             GError              **error);
/* What is known so far; the rest is PENDING. Returns: (transfer full) */
FerryDiagnosis *ferry_doctor_get_diagnosis  (FerryDoctor          *self);

G_END_DECLS
