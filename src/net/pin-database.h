/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/pin-store.h"

G_BEGIN_DECLS

/**
 * FerryPinDatabase:
 *
 * The SQLite file of a #FerryPinStore. All of it blocks, a while if another program writes; one
 * thread at a time. Errors: %G_IO_ERROR; _INVALID_DATA: the file is damaged.
 */
typedef struct _FerryPinDatabase FerryPinDatabase;

/* @path: made with mode 0600 if there is none. */
FerryPinDatabase *ferry_pin_database_open        (const char            *path,
                                                  const char            *account,
                                                  GError               **error);
void              ferry_pin_database_close       (FerryPinDatabase      *self);
/* How long to wait for other programs. @timeout: ms */
void              ferry_pin_database_set_timeout (FerryPinDatabase      *self,
                                                  int                    timeout);
FerryPinContents *ferry_pin_database_read        (FerryPinDatabase      *self,
                                                  GError               **error);
/* Whether somebody else wrote since this was asked last. */
gboolean          ferry_pin_database_is_changed  (FerryPinDatabase      *self);

/* As the functions of #FerryPinStore. */
gboolean          ferry_pin_database_add         (FerryPinDatabase      *self,
                                                  const FerryPinRecord  *pin,
                                                  GError               **error);
gboolean          ferry_pin_database_replace     (FerryPinDatabase      *self,
                                                  const FerryPinRecord  *pin,
                                                  GError               **error);
/* Of @pin: the address, and the changed one. */
gboolean          ferry_pin_database_set_changed (FerryPinDatabase      *self,
                                                  const FerryPinRecord  *pin,
                                                  GError               **error);
/* Of @pin: the address. */
gboolean          ferry_pin_database_remove      (FerryPinDatabase      *self,
                                                  const FerryPinRecord  *pin,
                                                  GError               **error);
/* Of @pin: the address; the level: the policy. */
gboolean          ferry_pin_database_set_policy  (FerryPinDatabase      *self,
                                                  const FerryPinRecord  *pin,
                                                  GError               **error);
/* Of @pin: the address; the level: whether. */
gboolean          ferry_pin_database_set_relayed (FerryPinDatabase     *self,
                                                  const FerryPinRecord *pin,
                                                  GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryPinDatabase, ferry_pin_database_close)

G_END_DECLS
