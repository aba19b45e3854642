/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-identity"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "net/tls-identity-private.h"

#define MAX_FILE (64 * 1024) /* bytes */

static gboolean
set_errno (const char  *path,
           int          saved_errno,
           GError     **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s", path,
               g_strerror (saved_errno));
  return FALSE;
}

/* The key of an account is nobody else's to read, nor to put there. */
static gboolean
check_file (const char   *path,
            int           fd,
            GError      **error)
{
  struct stat st;

  if (fstat (fd, &st) != 0)
    return set_errno (path, errno, error);

  if (!S_ISREG (st.st_mode) || st.st_size > MAX_FILE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is not a key", path);
      return FALSE;
    }

  if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0 || st.st_uid != geteuid ())
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   "%s can be read or changed by others than its owner", path);
      return FALSE;
    }

  return TRUE;
}

static void
wipe (gnutls_datum_t *datum)
{
  if (datum->data != NULL)
    {
      gnutls_memset (datum->data, 0, datum->size);
      gnutls_free (datum->data);
    }

  datum->data = NULL;
}

/* @pem: memory of GnuTLS's, with a byte more than its size */
static gboolean
read_file (const char      *path,
           gnutls_datum_t  *pem,
           GError         **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
  gssize n = 0;

  if (fd < 0)
    return set_errno (path, errno, error);

  if (!check_file (path, fd, error))
    {
      close (fd);
      return FALSE;
    }

  pem->data = gnutls_calloc (1, MAX_FILE + 1);
  pem->size = 0;

  while (pem->size < MAX_FILE &&
         (n = read (fd, pem->data + pem->size, MAX_FILE - pem->size)) > 0)
    pem->size += n;

  if (n < 0)
    set_errno (path, errno, error);

  close (fd);
  return n >= 0;
}

static gboolean
is_pair (gnutls_x509_privkey_t key,
         gnutls_x509_crt_t     crt)
{
  guint8 ours[64], theirs[64];
  gsize n_ours = sizeof ours, n_theirs = sizeof theirs;

  return gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, ours, &n_ours) >= 0 &&
         gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA256, theirs, &n_theirs) >= 0 &&
         n_ours == n_theirs && memcmp (ours, theirs, n_ours) == 0;
}

static FerryTlsIdentity *
parse (const char            *path,
       const gnutls_datum_t  *pem,
       GError               **error)
{
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t crt = NULL;

  if (gnutls_x509_privkey_init (&key) >= 0 && gnutls_x509_crt_init (&crt) >= 0 &&
      gnutls_x509_privkey_import (key, pem, GNUTLS_X509_FMT_PEM) >= 0 &&
      gnutls_x509_crt_import (crt, pem, GNUTLS_X509_FMT_PEM) >= 0 && is_pair (key, crt))
    return ferry_tls_identity_new_take (key, crt, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s does not hold a key and its certificate", path);
  g_clear_pointer (&key, gnutls_x509_privkey_deinit);
  g_clear_pointer (&crt, gnutls_x509_crt_deinit);
  return NULL;
}

FerryTlsIdentity *
ferry_tls_identity_load (const char  *path,
                         GError     **error)
{
  FerryTlsIdentity *self = NULL;
  gnutls_datum_t pem = { NULL, 0 };

  g_return_val_if_fail (path != NULL, NULL);

  if (read_file (path, &pem, error))
    self = parse (path, &pem, error);

  wipe (&pem);
  return self;
}

static gboolean
write_whole (int             fd,
             const guint8   *data,
             gsize           size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;

      data += n;
      size -= n;
    }

  return TRUE;
}

static gboolean
encode (FerryTlsIdentity  *self,
        gnutls_datum_t    *key,
        gnutls_datum_t    *certificate,
        GError           **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (ferry_tls_identity_get_certificate (self), &size);
  const gnutls_datum_t der = { (guint8 *) data, size };
  int status = gnutls_x509_privkey_export2_pkcs8 (ferry_tls_identity_get_key (self),
                                                  GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                  key);

  if (status >= 0)
    status = gnutls_pem_base64_encode2 ("CERTIFICATE", &der, certificate);

  if (status < 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, gnutls_strerror (status));

  return status >= 0;
}

/* The name is there only once the bytes are; and the folder knows of it. */
static gboolean
settle (const char  *beside,
        const char  *path,
        GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  if (g_rename (beside, path) != 0)
    return set_errno (path, errno, error);

  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0)
    {
      fsync (fd);
      close (fd);
    }

  return TRUE;
}

gboolean
ferry_tls_identity_save (FerryTlsIdentity  *self,
                         const char        *path,
                         GError           **error)
{
  g_autofree char *beside = NULL;
  gnutls_datum_t key = { NULL, 0 };
  gnutls_datum_t certificate = { NULL, 0 };
  gboolean ok;
  int fd;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  beside = g_strconcat (path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (beside, O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0)
    return set_errno (path, errno, error);

  ok = encode (self, &key, &certificate, error);
  if (ok && (!write_whole (fd, key.data, key.size) ||
             !write_whole (fd, certificate.data, certificate.size) || fsync (fd) != 0))
    ok = set_errno (path, errno, error);

  close (fd);
  ok = ok && settle (beside, path, error);
  if (!ok)
    g_unlink (beside);

  wipe (&key);
  gnutls_free (certificate.data);
  return ok;
}
