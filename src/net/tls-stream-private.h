/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/tls-channel.h"

G_BEGIN_DECLS

/* The two ends of a #FerryTlsStream. Their asynchronous functions are GIO's default ones, which
 * wait in a thread. */
GInputStream  *ferry_tls_input_new  (FerryTlsChannel *channel);
GOutputStream *ferry_tls_output_new (FerryTlsChannel *channel);

G_END_DECLS
