/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/tls-identity.h"

G_BEGIN_DECLS

#define FERRY_TLS_ERROR (ferry_tls_error_quark ())
GQuark ferry_tls_error_quark (void);

typedef enum
{
  FERRY_TLS_ERROR_HANDSHAKE,   /* an alert, a version, a cipher: in the message */
  FERRY_TLS_ERROR_CERTIFICATE, /* none, an unusable one, or not the one that was announced */
  FERRY_TLS_ERROR_CHANGED,     /* the announced one, and not the pinned one */
  FERRY_TLS_ERROR_PHRASE,      /* the two sides do not have the same phrase */
  FERRY_TLS_ERROR_RECORD,      /* later: a record that does not decrypt, or an alert */
  FERRY_TLS_ERROR_TRUNCATED,   /* the path ended without close_notify (XTLS-21) */
  FERRY_TLS_ERROR_TIMED_OUT,
} FerryTlsError;

/* What a handshake is to do. Borrowed; copied. Fingerprints are lower-case hex; %NULL: any. */
typedef struct
{
  gboolean          is_server;     /* the session's responder (XTLS-7), whoever dialled */
  FerryTlsIdentity *identity;      /* ours; not used with a phrase */
  const char       *sha1;          /* announced by the peer */
  const char       *sha256;        /* likewise; one of the two at least, unless there is a phrase */
  const char       *pinned_sha256; /* (nullable): the only one we trust for the peer */
  const char       *srp_user;      /* with a phrase: bare JID of the initiator (XTLS-17) */
  const char       *srp_phrase;    /* (nullable): TLS-SRP in place of certificates */
} FerryTlsTerms;

/**
 * FerryTlsStream:
 *
 * TLS end to end, over any #GIOStream, as a #GIOStream (Jingle XTLS; GnuTLS).
 *
 * Certificates are mutual, self-signed, and compared with what @terms says; nothing else makes
 * one trusted. TLS 1.3, or 1.2 with a peer that has no more; with a phrase TLS-SRP, which is 1.2.
 *
 * The streams block and may be used by two threads, one that reads and one that writes; so may
 * the base stream. Reading gives 0 only after close_notify: a path that just ends is
 * %FERRY_TLS_ERROR_TRUNCATED. g_output_stream_close() of the output sends close_notify and
 * half-closes the base; closing the whole breaks it at once, from any thread. (A socket beneath
 * lingers for two seconds then, in the main context, if the peer may still be speaking.)
 * Handshake and cancelling never block the main loop.
 */
#define FERRY_TYPE_TLS_STREAM (ferry_tls_stream_get_type ())
G_DECLARE_FINAL_TYPE (FerryTlsStream, ferry_tls_stream, FERRY, TLS_STREAM, GIOStream)

/* Whether this GnuTLS can do TLS-SRP (XTLS-18). */
gboolean        ferry_tls_stream_has_srp          (void);
/* @base: ours from now on; if it fails, the caller's again, and of no use but to be closed.
 * @timeout: seconds for the whole handshake. The server's side is done when it has judged the
 * client; the client's, in TLS 1.3, when the server's first record said that it was accepted. */
void            ferry_tls_stream_handshake_async  (GIOStream            *base,
                                                   const FerryTlsTerms  *terms,
                                                   guint                 timeout,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
/* Returns: (transfer full) */
FerryTlsStream *ferry_tls_stream_handshake_finish (GAsyncResult         *result,
                                                   GError              **error);
/* What @stream goes over if it is one of these; else @stream itself. Borrowed. */
GIOStream      *ferry_tls_stream_unwrap           (GIOStream            *stream);
/* Whether more has come than was read, found out without waiting. Not while another reads. */
gboolean        ferry_tls_stream_has_unread       (FerryTlsStream       *self);
/* The peer's DER certificate; %NULL after SRP. Borrowed. */
GBytes         *ferry_tls_stream_get_certificate  (FerryTlsStream       *self);
/* "TLS 1.3, AES-256-GCM" */
const char     *ferry_tls_stream_get_cipher       (FerryTlsStream       *self);
/* The same bytes on both sides of this stream, and nowhere else (RFC 5705, RFC 8446 §7.5). */
gboolean        ferry_tls_stream_export           (FerryTlsStream       *self,
                                                   const char           *label,
                                                   guint8               *key,
                                                   gsize                 n_bytes,
                                                   GError              **error);

G_END_DECLS
