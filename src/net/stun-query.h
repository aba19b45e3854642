/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/path-facts.h"

G_BEGIN_DECLS

/**
 * ferry_stun_query_async:
 * @server: an address; names are for the caller to resolve
 * @own: the address of ours to ask from
 * @timeout: ms
 *
 * How we look from outside, by one STUN request (RFC 8489) that libnice makes. Answers from
 * elsewhere, and what they redirect to, are not believed.
 */
void     ferry_stun_query_async  (GInetSocketAddress    *server,
                                  const FerryIpAddress  *own,
                                  guint                  timeout,
                                  GCancellable          *cancellable,
                                  GAsyncReadyCallback    callback,
                                  gpointer               user_data);
gboolean ferry_stun_query_finish (GAsyncResult          *result,
                                  FerryReflexive        *reflexive,
                                  GError               **error);

G_END_DECLS
