/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "core/random-id.h"
#include "core/trust-private.h"

#define MAX_NAME 200 /* bytes; file systems allow 255 */

char *
ferry_trust_identity_dup_path (const char *data_dir,
                               const char *jid)
{
  g_autofree char *stem = g_uri_escape_string (jid, "@", FALSE);
  g_autofree char *name = NULL;

  if (strlen (stem) > MAX_NAME)
    {
      g_free (stem);
      stem = g_compute_checksum_for_string (G_CHECKSUM_SHA256, jid, -1);
    }

  name = g_strdup_printf ("identity-%s.pem", stem);

  return g_build_filename (data_dir, name, NULL);
}

/* Errors: %G_IO_ERROR_EXISTS */
static gboolean
put_in_place (const char  *from,
              const char  *to,
              GError     **error)
{
  int code = 0;

  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0)
    code = errno;

  /* The file system does not know how. */
  if ((code == EINVAL || code == ENOSYS) && g_access (to, F_OK) != 0)
    code = g_rename (from, to) == 0 ? 0 : errno;

  if (code != 0)
    {
      g_unlink (from);
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", to,
                   g_strerror (code));
    }

  return code == 0;
}

/* Two programs may start at once: the first one's counts. */
static FerryTlsIdentity *
create (const char  *path,
        const char  *jid,
        GError     **error)
{
  g_autoptr(FerryTlsIdentity) identity = ferry_tls_identity_generate (FERRY_TLS_KEY_ED25519, jid,
                                                                      error);
  g_autofree char *id = ferry_random_id_new ();
  g_autofree char *draft = g_strdup_printf ("%s.%s", path, id);
  g_autoptr(GError) problem = NULL;

  if (identity == NULL || !ferry_tls_identity_save (identity, draft, error))
    return NULL;

  if (put_in_place (draft, path, &problem))
    return g_steal_pointer (&identity);

  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return ferry_tls_identity_load (path, error);

  g_propagate_error (error, g_steal_pointer (&problem));

  return NULL;
}

FerryTlsIdentity *
ferry_trust_identity_obtain (const char  *path,
                             const char  *jid,
                             GError     **error)
{
  /* One that is there and cannot be read is never replaced without a word. */
  if (g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return ferry_tls_identity_load (path, error);

  return create (path, jid, error);
}

FerryTlsIdentity *
ferry_trust_identity_renew (const char  *path,
                            const char  *jid,
                            GError     **error)
{
  g_autoptr(FerryTlsIdentity) identity = ferry_tls_identity_generate (FERRY_TLS_KEY_ED25519, jid,
                                                                      error);

  if (identity == NULL || !ferry_tls_identity_save (identity, path, error))
    return NULL;

  return g_steal_pointer (&identity);
}
