/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gnutls/gnutls.h>

#include "net/tls-stream.h"

G_BEGIN_DECLS

#define FERRY_TLS_IN_SIZE (64 * 1024) /* bytes asked of the base at once */

/* How reading has ended. */
typedef enum
{
  FERRY_TLS_END_NONE,
  FERRY_TLS_END_CLOSED, /* close_notify */
  FERRY_TLS_END_FAILED, /* end_error */
} FerryTlsEnd;

/**
 * FerryTlsChannel:
 *
 * For net/tls-*.c only: a GnuTLS session and the stream beneath it, which the two halves of a
 * #FerryTlsStream share. GnuTLS never sees the stream: it reads what lies in @in, and writes to
 * @out. So its lock is held for as long as it computes, and never while somebody waits.
 *
 * Locks are taken in the order of the fields; @reading and @writing never both, but to close.
 */
typedef struct
{
  gatomicrefcount   refs;
  GIOStream        *base;       /* (owned) */
  GMainContext     *context;    /* (owned): where the handshake was asked for */

  /* What is agreed; constant. */
  gboolean          is_server;
  FerryTlsIdentity *identity;   /* (owned) (nullable) */
  char             *sha1;       /* (owned) (nullable) */
  char             *sha256;     /* (owned) (nullable) */
  char             *pinned;     /* (owned) (nullable) */
  char             *srp_user;   /* (owned) (nullable) */
  char             *srp_phrase; /* (owned) (nullable) */

  /* Of the handshake, which is one thread's. */
  gpointer          srp_credentials; /* (owned) (nullable): of the side we are */
  GError           *verdict;    /* (owned) (nullable): why the certificate is refused */
  GBytes           *peer;       /* (owned) (nullable): its certificate */
  gboolean          has_finished; /* our Finished has left */
  gboolean          is_confirmed; /* the server has spoken after its handshake */

  GMutex            reading;    /* held by who reads the base; guards the next six */
  guint8           *in;         /* (owned): ciphertext */
  gsize             in_start;
  gsize             in_end;
  guint8            early;      /* a byte that came while we waited for a word of the server */
  gboolean          has_early;
  FerryTlsEnd       end;

  GMutex            writing;    /* held by who writes to the base; guards the next three */
  GByteArray       *spare;      /* (owned): what is on its way */
  gboolean          is_torn;    /* something went only in part: nothing can follow it */
  gboolean          is_closed;  /* close_notify was sent, or cannot be */

  GMutex            mutex;      /* guards the rest */
  gnutls_session_t  session;    /* (owned) */
  GByteArray       *out;        /* (owned): ciphertext */
  GError           *end_error;  /* (owned) (nullable) */
  GCancellable     *read_stop;  /* (owned): what ends a read of the base */
  GCancellable     *write_stop; /* (owned) */
  gboolean          is_broken;  /* closed as a whole */
} FerryTlsChannel;

FerryTlsChannel *ferry_tls_channel_new       (GIOStream            *base,
                                              const FerryTlsTerms  *terms,
                                              GError              **error);
FerryTlsChannel *ferry_tls_channel_ref       (FerryTlsChannel      *self);
void             ferry_tls_channel_unref     (FerryTlsChannel      *self);

/* In a thread; with its errors. */
gboolean         ferry_tls_channel_handshake (FerryTlsChannel      *self,
                                              GCancellable         *cancellable,
                                              GError              **error);
gssize           ferry_tls_channel_read      (FerryTlsChannel      *self,
                                              void                 *buffer,
                                              gsize                 count,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* Bytes have come that were not read. */
gboolean         ferry_tls_channel_has_unread (FerryTlsChannel     *self);
gssize           ferry_tls_channel_write     (FerryTlsChannel      *self,
                                              const void           *buffer,
                                              gsize                 count,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* close_notify, and the base closes its output. */
gboolean         ferry_tls_channel_close     (FerryTlsChannel      *self,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* From any thread; whoever waits is woken. */
gboolean         ferry_tls_channel_break     (FerryTlsChannel      *self,
                                              GCancellable         *cancellable,
                                              GError              **error);

/* Between the files of the channel. With @reading held: takes in what the base has, and waits for
 * it; the end of it is an end. FALSE: the base failed, or it was cancelled. */
gboolean         ferry_tls_channel_fill      (FerryTlsChannel      *self,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* With @writing held: whatever GnuTLS has written goes to the base. */
gboolean         ferry_tls_channel_flush     (FerryTlsChannel      *self,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* With @writing held: the base ends its output; the other way stays open. */
gboolean         ferry_tls_channel_half_close (FerryTlsChannel     *self,
                                              GCancellable         *cancellable,
                                              GError              **error);
/* With @reading held. Returns: bytes; less than @count: that was all, or the end. */
gsize            ferry_tls_channel_decrypt   (FerryTlsChannel      *self,
                                              guint8               *buffer,
                                              gsize                 count);
/* Priorities, credentials, and what judges the peer. Returns: a status of GnuTLS's */
int              ferry_tls_channel_set_up    (FerryTlsChannel      *self);
/* Judges the certificate that the handshake brought (gnutls_certificate_verify_function). */
int              ferry_tls_channel_judge     (gnutls_session_t      session);
/* What a failed handshake is called. */
GError          *ferry_tls_channel_name_fault (FerryTlsChannel     *self,
                                               int                  status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryTlsChannel, ferry_tls_channel_unref)

G_END_DECLS
