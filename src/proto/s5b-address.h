/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FERRY_S5B_ADDRESS_LENGTH 40

/* The "destination address" that names a bytestream to a SOCKS5 host. */

char     *ferry_s5b_address_new      (const char *sid,
                                      const char *requester,
                                      const char *target);
gboolean  ferry_s5b_address_is_valid (const char *address);
gboolean  ferry_s5b_address_equal    (const char *a,
                                      const char *b);

G_END_DECLS
