/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/connection.h"

G_BEGIN_DECLS

/* What a fake XMPP server does on each connection, in this order. A %NULL skips
 * the step. Every answer is sent as it is. */
typedef struct
{
  FerryTlsMode  tls;           /* NONE: neither offered nor expected */
  const char   *features;      /* instead of the first stream features */
  const char   *proceed;       /* instead of the answer to starttls */
  const char   *mechanism;     /* default: PLAIN */
  const char   *auth_answer;   /* instead of SASL success; then it hangs up */
  gboolean      is_silent;     /* says nothing from the start */
  const char   *say;           /* once the resource is bound */
  const char   *await;         /* reads until this has come */
  const char   *then;          /* says this */
  gboolean      hangs_up;      /* then; otherwise it stays until the client goes */
  gboolean      is_deaf;       /* reads nothing any more, for half a second */
} FakeScript;

typedef struct _FakeServer FakeServer;

/* @certificate: (nullable) */
FakeServer      *fake_server_new              (const FakeScript *script,
                                               GTlsCertificate  *certificate);
/* Waits for its connections to end. */
void             fake_server_free             (FakeServer       *self);
guint16          fake_server_get_port         (FakeServer       *self);
/* All that came in, in clear or deciphered. Returns: (transfer full) */
char            *fake_server_dup_heard        (FakeServer       *self);

/* A self-signed certificate for @domain. */
GTlsCertificate *fake_server_make_certificate (const char       *domain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeServer, fake_server_free)

G_END_DECLS
