/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-lease-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "net/lease-file.h"

#define MAX_RUNS 16     /* at once */
#define MAX_TRIES 8     /* to lock a file that others replace */
#define MAX_LEASES 64   /* in a file */
#define MAX_FILE 16384  /* bytes */
#define MAX_LIFE 86400  /* seconds: none of ours runs longer */
#define N_FIELDS 7

struct _FerryLeaseFile
{
  char     *path;     /* (owned) */
  int       fd;       /* locked as long as we live */
  gboolean  is_empty;
};

static gboolean
parse_method (const char         *text,
              FerryMappingMethod *method)
{
  for (guint i = 0; i < FERRY_N_MAPPING_METHODS; i++)
    {
      if (g_str_equal (ferry_mapping_method_to_string (i), text))
        {
          *method = i;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
parse_nonce (const char *text,
             guint8     *nonce,
             gsize       size)
{
  if (strlen (text) != 2 * size)
    return FALSE;

  for (gsize i = 0; i < size; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      nonce[i] = (guint8) (high << 4 | low);
    }

  return TRUE;
}

static gboolean
parse_port (const char *text,
            guint16    *port)
{
  guint64 number;

  if (!ferry_number_parse (text, 1, G_MAXUINT16, &number))
    return FALSE;

  *port = (guint16) number;
  return TRUE;
}

/* method own port router external-port nonce expires */
static gboolean
parse_line (const char *line,
            FerryLease *lease)
{
  g_auto(GStrv) fields = g_strsplit (line, " ", N_FIELDS + 1);
  guint64 expires;

  if (g_strv_length (fields) != N_FIELDS || !parse_method (fields[0], &lease->method) ||
      !ferry_ip_address_parse (fields[1], &lease->own) || !parse_port (fields[2], &lease->port) ||
      !ferry_ip_address_parse (fields[3], &lease->router) ||
      !parse_port (fields[4], &lease->external_port) ||
      !parse_nonce (fields[5], lease->nonce, sizeof lease->nonce) ||
      !ferry_number_parse (fields[6], 0, G_MAXINT64, &expires) ||
      lease->own.len != lease->router.len)
    return FALSE;

  lease->expires = (gint64) expires;
  return TRUE;
}

GArray *
ferry_leases_parse (const char *text,
                    gint64      now)
{
  GArray *leases = g_array_new (FALSE, TRUE, sizeof (FerryLease));
  g_auto(GStrv) lines = g_strsplit (text, "\n", MAX_LEASES + 1);

  for (guint i = 0; lines[i] != NULL && i < MAX_LEASES; i++)
    {
      FerryLease lease = { 0 };

      if (parse_line (lines[i], &lease) && lease.expires > now && lease.expires - now <= MAX_LIFE)
        g_array_append_val (leases, lease);
    }

  return leases;
}

static void
print_line (GString          *text,
            const FerryLease *lease)
{
  g_autofree char *own = ferry_ip_address_to_string (&lease->own);
  g_autofree char *router = ferry_ip_address_to_string (&lease->router);

  g_string_append_printf (text, "%s %s %u %s %u ", ferry_mapping_method_to_string (lease->method),
                          own, lease->port, router, lease->external_port);
  for (gsize i = 0; i < sizeof lease->nonce; i++)
    g_string_append_printf (text, "%02x", lease->nonce[i]);
  g_string_append_printf (text, " %" G_GINT64_FORMAT "\n", lease->expires);
}

char *
ferry_leases_print (GArray *leases)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < leases->len; i++)
    print_line (text, &g_array_index (leases, FerryLease, i));

  return g_string_free (text, FALSE);
}

static gboolean
set_error (GError     **error,
           const char  *path)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", path,
               g_strerror (saved));
  return FALSE;
}

static char *
dup_slot_path (const char *path,
               guint       slot)
{
  return slot == 0 ? g_strdup (path) : g_strdup_printf ("%s.%u", path, slot);
}

/* Whether @path still is what was opened: it may have been replaced or removed meanwhile. */
static gboolean
is_same (int         fd,
         const char *path)
{
  struct stat opened;
  struct stat named;

  return fstat (fd, &opened) == 0 && lstat (path, &named) == 0 && S_ISREG (opened.st_mode) &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* Opens and locks @path. Returns: -1 with %EWOULDBLOCK: it is a living run's; else -1: failed */
static int
lock_file (const char *path,
           int         flags)
{
  for (guint i = 0; i < MAX_TRIES; i++)
    {
      int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags, 0600);
      int saved;

      if (fd < 0)
        return -1;
      if (flock (fd, LOCK_EX | LOCK_NB) != 0)
        {
          saved = errno;
          close (fd);
          errno = saved;
          return -1;
        }
      if (is_same (fd, path))
        return fd;

      close (fd);
    }

  errno = EINVAL; /* no file at all, or somebody never leaves it alone */
  return -1;
}

static GArray *
read_leases (int    fd,
             gint64 now)
{
  g_autofree char *text = g_malloc (MAX_FILE + 1);
  gssize n_read = pread (fd, text, MAX_FILE, 0);

  text[MAX (n_read, 0)] = '\0';
  return ferry_leases_parse (text, now);
}

/* The first file that nobody else has, with what lies in it. */
static FerryLeaseFile *
take_slot (const char  *path,
           guint       *slot,
           GError     **error)
{
  for (*slot = 0; *slot < MAX_RUNS; (*slot)++)
    {
      g_autofree char *candidate = dup_slot_path (path, *slot);
      FerryLeaseFile *self;
      int fd = lock_file (candidate, O_CREAT);

      if (fd < 0 && errno == EWOULDBLOCK)
        continue;
      if (fd < 0)
        {
          set_error (error, candidate);
          return NULL;
        }

      self = g_new0 (FerryLeaseFile, 1);
      self->path = g_steal_pointer (&candidate);
      self->fd = fd;
      return self;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: too many runs", path);
  return NULL;
}

/* What lies in the others that are nobody's. They are locked until it is noted in ours. */
static void
gather_orphans (const char *path,
                guint       own_slot,
                gint64      now,
                GArray     *orphans,
                int        *fds)
{
  for (guint slot = 0; slot < MAX_RUNS; slot++)
    {
      g_autofree char *candidate = dup_slot_path (path, slot);
      g_autoptr(GArray) found = NULL;

      fds[slot] = slot != own_slot ? lock_file (candidate, 0) : -1;
      if (fds[slot] < 0)
        continue;

      found = read_leases (fds[slot], now);
      if (orphans->len + found->len <= MAX_LEASES)
        g_array_append_vals (orphans, found->data, found->len);
    }
}

static void
remove_others (const char *path,
               const int  *fds,
               gboolean    is_noted)
{
  for (guint slot = 0; slot < MAX_RUNS; slot++)
    {
      g_autofree char *candidate = dup_slot_path (path, slot);

      if (fds[slot] < 0)
        continue;
      if (is_noted)
        g_unlink (candidate);
      close (fds[slot]);
    }
}

FerryLeaseFile *
ferry_lease_file_open (const char  *path,
                       gint64       now,
                       GArray     **orphans,
                       GError     **error)
{
  g_autoptr(GArray) found = NULL;
  FerryLeaseFile *self;
  gboolean is_noted;
  int fds[MAX_RUNS];
  guint slot;

  self = take_slot (path, &slot, error);
  if (self == NULL)
    return NULL;

  found = read_leases (self->fd, now);
  gather_orphans (path, slot, now, found, fds);
  is_noted = ferry_lease_file_write (self, found, error);
  remove_others (path, fds, is_noted);

  if (!is_noted)
    {
      ferry_lease_file_close (self);
      return NULL;
    }

  *orphans = g_steal_pointer (&found);
  return self;
}

static gboolean
write_all (int         fd,
           const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize n = write (fd, text, left);

      if (n < 0 && errno != EINTR)
        return FALSE;
      text += MAX (n, 0);
      left -= (gsize) MAX (n, 0);
    }

  return fsync (fd) == 0;
}

/* A new file takes the place of the old one; it is locked before anybody can see it. */
gboolean
ferry_lease_file_write (FerryLeaseFile  *self,
                        GArray          *leases,
                        GError         **error)
{
  g_autofree char *text = ferry_leases_print (leases);
  g_autofree char *fresh = g_strconcat (self->path, ".new", NULL);
  int fd;

  g_unlink (fresh);
  fd = open (fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return set_error (error, fresh);

  if (flock (fd, LOCK_EX | LOCK_NB) != 0 || !write_all (fd, text) ||
      g_rename (fresh, self->path) != 0)
    {
      set_error (error, fresh);
      close (fd);
      g_unlink (fresh);
      return FALSE;
    }

  close (self->fd);
  self->fd = fd;
  self->is_empty = leases->len == 0;
  return TRUE;
}

void
ferry_lease_file_close (FerryLeaseFile *self)
{
  if (self->is_empty && is_same (self->fd, self->path))
    g_unlink (self->path);

  close (self->fd);
  g_free (self->path);
  g_free (self);
}
