/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/link.h"
#include "net/server-lookup.h"

G_BEGIN_DECLS

/* What all attempts to reach one domain share. Borrowed for the attempt. */
typedef struct
{
  const char               *domain;   /* whom the certificate must name */
  GTlsDatabase             *trusted;  /* (nullable): beside the system's */
  FerryLinkCertificateFunc  ask;
  gpointer                  ask_data;
} FerryLinkAttempt;

/* Connects to one target, and does TLS as the target says, within ten seconds. */
void       ferry_link_attempt_async  (const FerryLinkAttempt  *attempt,
                                      const FerryServerTarget *target,
                                      GCancellable            *cancellable,
                                      GAsyncReadyCallback      callback,
                                      gpointer                 user_data);
FerryLink *ferry_link_attempt_finish (GAsyncResult            *result,
                                      GError                 **error);

G_END_DECLS
