/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/port-mapping.h"

G_BEGIN_DECLS

/* What stands at a router, and what is needed to give it back: a value. */
typedef struct
{
  FerryMappingMethod method;
  FerryIpAddress     own;
  guint16            port;          /* ours */
  FerryIpAddress     router;
  guint16            external_port;
  guint8             nonce[12];     /* PCP; else 0 */
  gint64             expires;       /* s since 1970 */
} FerryLease;

/**
 * FerryLeaseFile:
 *
 * Notes the leases of one run, so that a later run can give back what a crash left standing.
 * Each run has a file of its own, which it keeps locked: "leases", or "leases.1" and so on while
 * others run; an unlocked one is a dead run's. All functions block: they are for worker threads.
 */
typedef struct _FerryLeaseFile FerryLeaseFile;

/* Takes a file, and what dead runs have left. @orphans: (out) (transfer full) (element-type
 * FerryLease): noted in the new file already, where nobody else takes them.
 * Returns: (nullable) */
FerryLeaseFile *ferry_lease_file_open  (const char      *path,
                                        gint64           now,
                                        GArray         **orphans,
                                        GError         **error);
/* Puts @leases in place of all that was noted. @leases: (element-type FerryLease) */
gboolean        ferry_lease_file_write (FerryLeaseFile  *self,
                                        GArray          *leases,
                                        GError         **error);
/* Lets go of the file; one without leases is removed. */
void            ferry_lease_file_close (FerryLeaseFile  *self);

/* For @text of any origin; a line that is not understood is passed over, and so is what has
 * run out at @now. Returns: (transfer full) (element-type FerryLease) */
GArray         *ferry_leases_parse     (const char      *text,
                                        gint64           now);
/* Returns: (transfer full) */
char           *ferry_leases_print     (GArray          *leases);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryLeaseFile, ferry_lease_file_close)

G_END_DECLS
