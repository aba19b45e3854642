/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/contact.h"
#include "core/settings.h"
#include "core/trust.h"
#include "proto/path-report.h"
#include "proto/session.h"

G_BEGIN_DECLS

/* The life of a transfer as people see it. */
typedef enum
{
  FERRY_TRANSFER_WAITING,    /* outgoing: for a free slot, or for the contact to come online */
  FERRY_TRANSFER_OFFERING,   /* outgoing: the peer's user is asked */
  FERRY_TRANSFER_OFFERED,    /* incoming: our user is asked */
  FERRY_TRANSFER_CONNECTING, /* agreed; a path is being found; with bytes: the one before broke */
  FERRY_TRANSFER_RUNNING,
  FERRY_TRANSFER_PAUSED,
  FERRY_TRANSFER_VERIFYING,  /* all bytes moved; hash, sync, or the receiver's word outstanding */
  FERRY_TRANSFER_DONE,
  FERRY_TRANSFER_DECLINED,
  FERRY_TRANSFER_CANCELLED,
  FERRY_TRANSFER_FAILED,
} FerryTransferState;

#define FERRY_TRANSFER_ERROR (ferry_transfer_error_quark ())
GQuark ferry_transfer_error_quark (void);

/* Why it failed. The first rows mirror #FerryOutcome. */
typedef enum
{
  FERRY_TRANSFER_ERROR_UNCONFIRMED,
  FERRY_TRANSFER_ERROR_PEER_CANCELLED,
  FERRY_TRANSFER_ERROR_PEER_GONE,
  FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT, /* their client cannot receive files this way */
  FERRY_TRANSFER_ERROR_PEER_BUSY,
  FERRY_TRANSFER_ERROR_REFUSED,
  FERRY_TRANSFER_ERROR_NO_ROUTE,
  FERRY_TRANSFER_ERROR_CORRUPT,
  FERRY_TRANSFER_ERROR_TOO_LARGE,
  FERRY_TRANSFER_ERROR_TRUNCATED,
  FERRY_TRANSFER_ERROR_DISK_FULL,
  FERRY_TRANSFER_ERROR_DISK,
  FERRY_TRANSFER_ERROR_FILE,              /* the file to send cannot be read, or changed */
  FERRY_TRANSFER_ERROR_PEER_FAILED,
  FERRY_TRANSFER_ERROR_EXPIRED,
  FERRY_TRANSFER_ERROR_PROTOCOL,
  FERRY_TRANSFER_ERROR_OFFLINE,           /* nobody there to ask */
  FERRY_TRANSFER_ERROR_CONNECTION_LOST,   /* ours, to the server */
  FERRY_TRANSFER_ERROR_NOT_SHARED,        /* asked for: they share no file of this name with us */
  FERRY_TRANSFER_ERROR_SECURITY,          /* it could not be encrypted as our user wants it */
  FERRY_TRANSFER_ERROR_STRIPPED,          /* somebody between removed the encryption (XTLS-25) */
  FERRY_TRANSFER_ERROR_KEY_CHANGED,       /* another certificate than the known one (SEC-33) */
} FerryTransferError;

typedef enum
{
  FERRY_VERIFIED_NO,   /* no hash to compare */
  FERRY_VERIFIED_WEAK, /* by MD5 or SHA-1 only (SEC-23) */
  FERRY_VERIFIED_YES,  /* by SHA-256 or better */
} FerryVerified;

/**
 * FerryTransfer:
 *
 * The story of one file; read transfer.c from the top.
 *
 * Properties, read-only, notified on change, progress at most ten times a second:
 * "id" (string, unique), "direction" (of the bytes, whoever asked for them), "contact"
 * (FerryContact), "peer" (string: full JID once known, else bare), "name" (string, safe
 * to show), "size" (gint64, -1 unknown),
 * "content-type" (string), "state", "bytes" (gint64), "rate" (double, bytes/s),
 * "seconds-left" (gint64, -1 unknown), "path" (#FerryPaths, one bit; 0: none yet), "via" (string,
 * nullable: the same in a word: "interface", "mapped", "hole punching", "proxy", "in-band"),
 * "is-encrypted" (end to end), "trust-level" (#FerryTrustLevel of the other end, as an int),
 * "dialect" (string, nullable), "verified", "sha256" (hex, nullable), "error" (GError,
 * nullable; the message names the step and the reason, in English), "step" (string,
 * nullable: where it failed: "offer", "connect", "secure", "data", "verify", "store"),
 * "file" (GFile: outgoing: the source; incoming: set when DONE), "local", "remote"
 * (strings, nullable: the path's ends), "started-at", "ended-at" (gint64, µs real time, 0).
 * Enums are int properties.
 */
#define FERRY_TYPE_TRANSFER (ferry_transfer_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransfer, ferry_transfer, FERRY, TRANSFER, GObject)

const char         *ferry_transfer_get_id           (FerryTransfer *self);
FerryDirection      ferry_transfer_get_direction    (FerryTransfer *self);
FerryContact       *ferry_transfer_get_contact      (FerryTransfer *self);
const char         *ferry_transfer_get_peer         (FerryTransfer *self);
const char         *ferry_transfer_get_name         (FerryTransfer *self);
gint64              ferry_transfer_get_size         (FerryTransfer *self);
const char         *ferry_transfer_get_content_type (FerryTransfer *self);
const char         *ferry_transfer_get_description  (FerryTransfer *self);
FerryTransferState  ferry_transfer_get_state        (FerryTransfer *self);
gint64              ferry_transfer_get_bytes        (FerryTransfer *self);
double              ferry_transfer_get_rate         (FerryTransfer *self);
gint64              ferry_transfer_get_seconds_left (FerryTransfer *self);
FerryPaths          ferry_transfer_get_path         (FerryTransfer *self);
const char         *ferry_transfer_get_via          (FerryTransfer *self);
gboolean            ferry_transfer_is_encrypted     (FerryTransfer *self);
FerryTrustLevel     ferry_transfer_get_trust_level  (FerryTransfer *self);
const char         *ferry_transfer_get_dialect      (FerryTransfer *self);
FerryVerified       ferry_transfer_get_verified     (FerryTransfer *self);
const char         *ferry_transfer_get_sha256       (FerryTransfer *self);
const GError       *ferry_transfer_get_error        (FerryTransfer *self);
const char         *ferry_transfer_get_step         (FerryTransfer *self);
GFile              *ferry_transfer_get_file         (FerryTransfer *self);
const char         *ferry_transfer_get_local        (FerryTransfer *self);
const char         *ferry_transfer_get_remote       (FerryTransfer *self);
/* How it found its way, so far; grows. (nullable) (transfer none) */
FerryPathReport    *ferry_transfer_get_report       (FerryTransfer *self);
double              ferry_transfer_get_elapsed      (FerryTransfer *self); /* seconds of data */
gboolean            ferry_transfer_is_ended         (FerryTransfer *self);
gboolean            ferry_transfer_is_active        (FerryTransfer *self); /* not waiting, not ended */
gboolean            ferry_transfer_can_retry        (FerryTransfer *self);
/* Whether one side asked for the file, instead of the other offering it. */
gboolean            ferry_transfer_is_request       (FerryTransfer *self);

/* Incoming, while OFFERED. @folder: %NULL: the download folder. @name: %NULL: the
 * offered one made safe. A name that is taken becomes "name (1).ext". */
void                ferry_transfer_accept           (FerryTransfer *self,
                                                     GFile         *folder,
                                                     const char    *name);
void                ferry_transfer_decline          (FerryTransfer *self);
/* Any time before the end. */
void                ferry_transfer_cancel           (FerryTransfer *self);
void                ferry_transfer_set_paused       (FerryTransfer *self,
                                                     gboolean       paused);

G_END_DECLS
