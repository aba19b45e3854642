/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-part-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/safe-name.h"
#include "core/part-file.h"

#define MAX_VARIANTS     10000
#define MAX_FREED        (16 * 1024 * 1024) /* bytes: what is freed on the spot */
#define MAX_PREALLOCATED (64 * 1024 * 1024) /* bytes, on the peer's word alone (SEC-20) */

static void
set_error_from_errno (GError     **error,
                      int          saved_errno,
                      const char  *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               "%s: %s", what, g_strerror (saved_errno));
}

/* The @n-th name to try. Returns: (transfer full) */
static char *
get_variant (const char *name,
             guint       n)
{
  return n == 0 ? g_strdup (name) : ferry_safe_name_numbered (name, n);
}

/* Opens what the user chose; this one path may go through symbolic links. Only
 * its last part is made when missing: a medium that is gone stays an error. */
static int
open_folder (GFile   *folder,
             GError **error)
{
  const char *path = g_file_peek_path (folder);
  int fd;

  if (path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "Opening the folder: it is not on this computer");
      return -1;
    }

  if (g_mkdir (path, 0777) == 0)
    g_debug ("Made the folder %s", path);

  fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    set_error_from_errno (error, errno, "Opening the folder");

  return fd;
}

/* Nothing but a new file directly in the folder can come of this. Kernels before
 * 5.6, and some sandboxes, have no openat2; O_EXCL alone refuses links as well. */
static int
create_beneath (int         folder,
                const char *name)
{
  const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  struct open_how how = {
    .flags = (guint64) flags,
    .mode = 0600,
    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
  };
  int fd = syscall (SYS_openat2, folder, name, &how, sizeof how);

  if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EINVAL))
    fd = openat (folder, name, flags, 0600);

  return fd;
}

static gboolean
create_part (FerryPartFile  *self,
             const char     *name,
             GError        **error)
{
  for (guint n = 0; n < MAX_VARIANTS; n++)
    {
      g_autofree char *variant = get_variant (name, n);

      g_free (self->name);
      self->name = g_strconcat (variant, ".part", NULL);
      self->fd = create_beneath (self->folder, self->name);
      if (self->fd >= 0)
        return TRUE;
      if (errno != EEXIST && errno != ELOOP)
        break;
    }

  set_error_from_errno (error, errno, "Creating the file");
  return FALSE;
}

/* A file system that does not say how much it has (no blocks at all) is believed. */
static gboolean
check_free_space (int      folder,
                  gint64   size,
                  GError **error)
{
  struct statvfs space;
  guint64 available;
  g_autofree char *needed_text = NULL;
  g_autofree char *available_text = NULL;

  if (size <= 0 || fstatvfs (folder, &space) != 0 || space.f_blocks == 0)
    return TRUE;

  available = (guint64) space.f_bavail * space.f_frsize;
  if (available >= (guint64) size)
    return TRUE;

  needed_text = g_format_size (size);
  available_text = g_format_size (available);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               "%s: %s needed, %s free", g_strerror (ENOSPC), needed_text, available_text);
  return FALSE;
}

/* Finds out early about quotas and full disks; where it is not possible it is not needed. */
static gboolean
reserve_space (int      fd,
               gint64   size,
               GError **error)
{
  if (size <= 0 || fallocate (fd, FALLOC_FL_KEEP_SIZE, 0, MIN (size, MAX_PREALLOCATED)) == 0)
    return TRUE;

  if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
    return TRUE;

  set_error_from_errno (error, errno, "Reserving space");
  return FALSE;
}

FerryPartFile *
ferry_part_file_create (GFile       *folder,
                        const char  *name,
                        gint64       size,
                        GError     **error)
{
  g_autoptr(FerryPartFile) self = g_new0 (FerryPartFile, 1);

  self->fd = -1;
  self->folder = open_folder (folder, error);
  if (self->folder < 0
      || !check_free_space (self->folder, size, error)
      || !create_part (self, name, error)
      || !reserve_space (self->fd, size, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Whether the .part in the folder is still the file that we hold open. */
static gboolean
is_in_place (FerryPartFile *self)
{
  struct stat held;
  struct stat named;

  return fstat (self->fd, &held) == 0
         && fstatat (self->folder, self->name, &named, AT_SYMLINK_NOFOLLOW) == 0
         && held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

gint64
ferry_part_file_get_n_bytes (FerryPartFile *self)
{
  struct stat info;

  return is_in_place (self) && fstat (self->fd, &info) == 0 ? info.st_size : -1;
}

/* What a new file would be allowed without any execute bit (SEC-19). The mask can
 * be read safely in /proc alone: umask() would change it for all threads. */
static mode_t
get_final_mode (void)
{
  g_autofree char *status = NULL;
  const char *line;
  guint mask = 0077;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    {
      line = strstr (status, "\nUmask:");
      if (line != NULL)
        mask = strtoul (line + strlen ("\nUmask:"), NULL, 8);
    }

  return 0644 & ~mask;
}

static int
publish_link (FerryPartFile *self,
              const char    *name)
{
  if (linkat (self->folder, self->name, self->folder, name, 0) != 0)
    return errno;

  unlinkat (self->folder, self->name, 0);
  return 0;
}

static int
publish_placeholder (FerryPartFile *self,
                     const char    *name)
{
  int fd = create_beneath (self->folder, name);
  int saved_errno;

  if (fd < 0)
    return errno;

  close (fd);
  if (renameat (self->folder, self->name, self->folder, name) == 0)
    return 0;

  saved_errno = errno;
  unlinkat (self->folder, name, 0);
  return saved_errno;
}

/* Returns: 0 or an errno; %EEXIST: the name is taken. */
static int
publish_as (FerryPartFile      *self,
            const char         *name,
            FerryPublishMethod  method)
{
  switch (method)
    {
    case FERRY_PUBLISH_RENAME:
      if (renameat2 (self->folder, self->name, self->folder, name, RENAME_NOREPLACE) == 0)
        return 0;
      return errno;

    case FERRY_PUBLISH_LINK:
      return publish_link (self, name);

    case FERRY_PUBLISH_PLACEHOLDER:
    default:
      return publish_placeholder (self, name);
    }
}

static gboolean
is_unsupported (int saved_errno)
{
  return saved_errno == EINVAL || saved_errno == ENOSYS || saved_errno == EOPNOTSUPP
         || saved_errno == EPERM || saved_errno == EMLINK;
}

static char *
publish_first_free (FerryPartFile       *self,
                    const char          *name,
                    FerryPublishMethod   method,
                    GError             **error)
{
  int saved_errno = EEXIST;

  for (guint n = 0; n < MAX_VARIANTS && saved_errno == EEXIST; n++)
    {
      g_autofree char *variant = get_variant (name, n);

      saved_errno = publish_as (self, variant, method);
      while (is_unsupported (saved_errno) && method < FERRY_PUBLISH_PLACEHOLDER)
        saved_errno = publish_as (self, variant, ++method);

      if (saved_errno == 0)
        return g_steal_pointer (&variant);
    }

  set_error_from_errno (error, saved_errno, "Naming the file");
  return NULL;
}

char *
ferry_part_file_publish (FerryPartFile       *self,
                         const char          *name,
                         FerryPublishMethod   method,
                         GError             **error)
{
  char *published;

  if (!is_in_place (self))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "Naming the file: somebody took the incomplete one away");
      return NULL;
    }

  /* A file system without modes (FAT) refuses; that is no reason to fail. */
  if (fchmod (self->fd, get_final_mode ()) != 0)
    g_debug ("Mode of %s: %s", self->name, g_strerror (errno));

  if (fsync (self->fd) != 0)
    {
      set_error_from_errno (error, errno, "Writing to disk");
      return NULL;
    }

  published = publish_first_free (self, name, method, error);
  if (published == NULL)
    return NULL;

  g_clear_pointer (&self->name, g_free);
  if (fsync (self->folder) != 0)
    g_debug ("Syncing the folder: %s", g_strerror (errno));

  return published;
}

static gpointer
close_thread (gpointer data)
{
  close (GPOINTER_TO_INT (data));
  return NULL;
}

/* The last descriptor of a removed file takes its contents with it, a tenth of a second
 * a GiB. Whoever cancels must not see the window stand still for that. */
static void
close_file (int fd)
{
  struct stat info;

  if (fstat (fd, &info) == 0 && info.st_nlink == 0 && info.st_size > MAX_FREED)
    g_thread_unref (g_thread_new ("ferry-close", close_thread, GINT_TO_POINTER (fd)));
  else
    close (fd);
}

void
ferry_part_file_free (FerryPartFile *self)
{
  if (self->name != NULL && self->fd >= 0 && is_in_place (self)
      && unlinkat (self->folder, self->name, 0) != 0)
    g_warning ("Removing %s: %s", self->name, g_strerror (errno));

  if (self->fd >= 0)
    close_file (self->fd);
  if (self->folder >= 0)
    close (self->folder);
  g_free (self->name);
  g_free (self);
}
