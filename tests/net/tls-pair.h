/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/tls-stream.h"

G_BEGIN_DECLS

#define TLS_USER "romeo@montague.lit"

/* What a handshake of two of ours has come to, on either side. */
typedef struct
{
  FerryTlsStream *client; /* (owned) (nullable) */
  FerryTlsStream *server; /* (owned) (nullable) */
  GError         *client_error; /* (owned) (nullable) */
  GError         *server_error; /* (owned) (nullable) */
} TlsPair;

/* Two identities that are made once. Borrowed. */
FerryTlsIdentity *tls_pair_get_romeo  (void);
FerryTlsIdentity *tls_pair_get_juliet (void);
/* Terms of one side, whose peer is the other one. */
FerryTlsTerms     tls_pair_terms      (gboolean             is_server);
FerryTlsTerms     tls_pair_srp_terms  (gboolean             is_server,
                                       const char          *phrase);
/* Two ends of a connection over loopback. */
void              tls_pair_sockets    (GIOStream          **a,
                                       GIOStream          **b);
/* Lets the main loop run until both are done. @timeout: seconds */
void              tls_pair_handshake  (TlsPair             *self,
                                       GIOStream           *client,
                                       const FerryTlsTerms *client_terms,
                                       GIOStream           *server,
                                       const FerryTlsTerms *server_terms,
                                       guint                timeout);
void              tls_pair_clear      (TlsPair             *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlsPair, tls_pair_clear)

G_END_DECLS
