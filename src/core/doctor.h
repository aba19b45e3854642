/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/network.h"
#include "proto/network-diagnosis.h"

G_BEGIN_DECLS

/**
 * ferry_doctor_examine_async:
 * @network, @proxies, @router: of a client that is online, or will not be: then what needs
 *   the server is skipped
 *
 * Tests this network: waits until everything known is known (some seconds), probes the proxies
 * and the in-band way, and judges. Nothing is sent to anybody but our router, our server and
 * the servers it names.
 */
void            ferry_doctor_examine_async  (FerryNetwork         *network,
                                             FerryProxies         *proxies,
                                             FerryRouter          *router,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
/* Returns: (transfer full) */
FerryDiagnosis *ferry_doctor_examine_finish (GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
