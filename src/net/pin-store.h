/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Somebody's certificate, as it is stored. */
typedef struct
{
  char   *jid;                 /* (owned): bare, normalised */
  char   *sha256;              /* (owned): lower-case hex, as all of these */
  char   *sha1;                /* (owned) */
  GBytes *certificate;         /* (owned): DER */
  int     level;               /* the higher the surer; what each means is the caller's */
  gint64  since;               /* µs, real time: of that level */
  char   *changed_sha256;      /* (owned) (nullable): another one that was shown since */
  GBytes *changed_certificate; /* (owned) (nullable) */
} FerryPinRecord;

/* What is wanted of sessions with somebody, as it is stored. */
typedef struct
{
  char *jid;    /* (owned): bare, normalised */
  int   policy; /* what each means is the caller's */
} FerryPolicyRecord;

/* All of an account. */
typedef struct
{
  GPtrArray *pins;     /* (owned): FerryPinRecord (owned) */
  GPtrArray *policies; /* (owned): FerryPolicyRecord (owned) */
  GPtrArray *relayed;  /* (owned): char (owned): JIDs, bare, normalised: who is not to learn our
                        * addresses */
} FerryPinContents;

FerryPinRecord   *ferry_pin_record_copy    (const FerryPinRecord *self);
void              ferry_pin_record_free    (FerryPinRecord       *self);
FerryPinContents *ferry_pin_contents_new   (void);
void              ferry_pin_contents_free  (FerryPinContents     *self);

/* @contents: borrowed: what is stored now, our own writes included. */
typedef void (*FerryPinStoreFunc) (const FerryPinContents *contents,
                                   gpointer                user_data);

/**
 * FerryPinStore:
 *
 * Certificates and policies of one account in `trust.db` (SQLite, mode 0600), which all programs
 * with the same folder share: each write is of one row, and takes what others wrote into account.
 *
 * Reads once, when it is made; writes in a thread of its own, in order. A write that fails is
 * logged. A database that is damaged is moved aside, and a new one is begun.
 */
typedef struct _FerryPinStore FerryPinStore;

/* Never %NULL; see get_error(). @data_dir: made if there is none. @account: bare JID */
FerryPinStore *ferry_pin_store_new         (const char           *data_dir,
                                            const char           *account);
/* Lets all writes end. */
void           ferry_pin_store_free        (FerryPinStore        *self);
/* (nullable): %G_IO_ERROR_INVALID_DATA: what was stored was damaged and is lost; another: nothing
 * can be stored, and so nothing is. */
const GError  *ferry_pin_store_get_error   (FerryPinStore        *self);
/* What was stored when it was made; once. (transfer full) */
FerryPinContents *ferry_pin_store_take_contents (FerryPinStore   *self);
/* @func: called in the default main context of this thread after others wrote. */
void           ferry_pin_store_watch       (FerryPinStore        *self,
                                            FerryPinStoreFunc     func,
                                            gpointer              user_data);

/* What is known of who was not known. If others stored another certificate meanwhile, theirs
 * stays, and this one is the changed one. */
void           ferry_pin_store_add         (FerryPinStore        *self,
                                            const FerryPinRecord *pin);
/* A certificate that takes the place of any other, and of what was changed. Of the same one the
 * level does not sink. */
void           ferry_pin_store_replace     (FerryPinStore        *self,
                                            const FerryPinRecord *pin);
/* @certificate: (nullable) */
void           ferry_pin_store_set_changed (FerryPinStore        *self,
                                            const char           *jid,
                                            const char           *sha256,
                                            GBytes               *certificate);
void           ferry_pin_store_remove      (FerryPinStore        *self,
                                            const char           *jid);
/* @policy: one of the caller's, or this: then the record of it says so, too. */
#define FERRY_PIN_POLICY_UNSET -1
void           ferry_pin_store_set_policy  (FerryPinStore        *self,
                                            const char           *jid,
                                            int                   policy);
void           ferry_pin_store_set_relayed (FerryPinStore        *self,
                                            const char           *jid,
                                            gboolean              relayed);
/* Returns when all of it is on the disk, or failed. */
void           ferry_pin_store_flush       (FerryPinStore        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPinRecord, ferry_pin_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPinContents, ferry_pin_contents_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPinStore, ferry_pin_store_free)

G_END_DECLS
