/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/chat-file.h"

#define FOLDER       "chats"
#define SUFFIX       ".txt"
#define MAX_NAME     200    /* bytes, of the 255 that file systems take */
#define BROKEN_END   "\t\n" /* makes a line out of whatever was written of one; never a valid one */
#define MAX_OPEN     16     /* folders at once, for nftw() */

static void
set_error_from_errno (GError     **error,
                      int          saved_errno,
                      const char  *path)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s", path,
               g_strerror (saved_errno));
}

/* Whatever is not a small letter, a digit or common in addresses is written in hexadecimal.
 * "%s" begins no such number, and so no other name looks like that of a long address. */
static char *
to_name (const char *jid)
{
  g_autoptr(GString) name = g_string_new (NULL);

  for (const char *p = jid; *p != '\0'; p++)
    {
      gboolean is_plain = g_ascii_islower (*p) || g_ascii_isdigit (*p) || strchr ("@-_", *p) != NULL
                          || (*p == '.' && p != jid);

      if (is_plain)
        g_string_append_c (name, *p);
      else
        g_string_append_printf (name, "%%%02X", (guint8) *p);
    }

  if (name->len > MAX_NAME)
    {
      g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, jid, -1);

      return g_strconcat ("%sha256-", sum, NULL);
    }

  return g_strdup (name->str);
}

char *
ferry_chat_file_get_path (const char *data_dir,
                          const char *account,
                          const char *contact)
{
  g_autofree char *folder = to_name (account);
  g_autofree char *name = to_name (contact);
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);

  return g_build_filename (data_dir, FOLDER, folder, file, NULL);
}

char *
ferry_chat_file_get_folder (const char *data_dir)
{
  return g_build_filename (data_dir, FOLDER, NULL);
}

/* A file system without modes (FAT) refuses chmod(); that is no reason to fail. */
static int
open_for_writing (const char *path,
                  gboolean    is_new_allowed)
{
  const int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *chats = g_path_get_dirname (folder);
  int fd;

  if (!is_new_allowed)
    return open (path, flags);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return -1;

  g_chmod (chats, 0700);
  g_chmod (folder, 0700);
  fd = open (path, flags | O_CREAT, 0600);
  if (fd >= 0 && fchmod (fd, 0600) != 0)
    g_debug ("Mode of %s: %s", path, g_strerror (errno));

  return fd;
}

static int
write_all (int         fd,
           const char *text)
{
  gsize length = strlen (text);

  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno != EINTR)
        return errno;

      text += MAX (n, 0);
      length -= MAX (n, 0);
    }

  return 0;
}

/* Whether a program or a disk broke off in the middle of the last line. */
static gboolean
ends_in_a_line (int fd)
{
  off_t end = lseek (fd, 0, SEEK_END);
  char last;

  return end > 0 && pread (fd, &last, 1, end - 1) == 1 && last != '\n';
}

static gboolean
is_regular (int fd)
{
  struct stat info;

  return fstat (fd, &info) == 0 && S_ISREG (info.st_mode);
}

gboolean
ferry_chat_file_append (const char  *path,
                        const char  *line,
                        gboolean     is_new_allowed,
                        GError     **error)
{
  int fd = open_for_writing (path, is_new_allowed);
  int saved_errno;

  if (fd < 0)
    {
      set_error_from_errno (error, errno, path);
      return FALSE;
    }

  saved_errno = is_regular (fd) ? 0 : EINVAL;
  if (saved_errno == 0 && ends_in_a_line (fd))
    saved_errno = write_all (fd, BROKEN_END);
  if (saved_errno == 0)
    saved_errno = write_all (fd, line);
  if (close (fd) != 0 && saved_errno == 0)
    saved_errno = errno;

  if (saved_errno != 0)
    set_error_from_errno (error, saved_errno, path);

  return saved_errno == 0;
}

/* Returns: an errno, or 0. @text: gets the end of the file, from its first whole line on. */
static int
read_end (int      fd,
          GString *text)
{
  off_t end = lseek (fd, 0, SEEK_END);
  off_t start = MAX (end - FERRY_CHAT_FILE_MAX_BYTES, 0);
  gsize n_read = 0;
  gssize n = -1;

  if (end < 0 || !is_regular (fd))
    return EINVAL;

  g_string_set_size (text, end - start);
  while (n_read < text->len && n != 0)
    {
      n = pread (fd, text->str + n_read, text->len - n_read, start + (off_t) n_read);
      if (n < 0 && errno != EINTR)
        return errno;

      n_read += MAX (n, 0);
    }

  g_string_truncate (text, n_read);
  if (start > 0)
    {
      const char *first = memchr (text->str, '\n', text->len);

      g_string_erase (text, 0, first != NULL ? first + 1 - text->str : -1);
    }

  return 0;
}

static gboolean
is_under_way (const FerryChatRecord *record)
{
  return record->state == FERRY_MESSAGE_WAITING || record->state == FERRY_MESSAGE_SENT;
}

/* What was said in the same µs is settled in the order it was said in. */
static void
settle (GPtrArray             *records,
        const FerryChatRecord *news)
{
  for (guint i = 0; i < records->len; i++)
    {
      FerryChatRecord *record = records->pdata[i];

      if (record->is_own && record->time == news->time && is_under_way (record))
        {
          record->state = news->state;
          return;
        }
    }
}

static void
take_line (GPtrArray  *records,
           const char *line,
           gsize       length)
{
  g_autoptr(FerryChatRecord) record = ferry_chat_record_from_line (line, length);

  if (record == NULL)
    return;

  if (record->body == NULL)
    {
      settle (records, record);
      return;
    }

  g_ptr_array_add (records, g_steal_pointer (&record));
  if (records->len > FERRY_CHAT_FILE_MAX_RECORDS)
    g_ptr_array_remove_index (records, 0);
}

/* What has no end is not whole. */
static void
take_lines (GPtrArray     *records,
            const GString *text)
{
  const char *end = text->str + text->len;
  const char *line = text->str;
  const char *next;

  while ((next = memchr (line, '\n', end - line)) != NULL)
    {
      take_line (records, line, next - line);
      line = next + 1;
    }

  for (guint i = 0; i < records->len; i++)
    {
      FerryChatRecord *record = records->pdata[i];

      if (!record->is_own)
        record->state = FERRY_MESSAGE_DELIVERED;
      else if (is_under_way (record))
        record->state = FERRY_MESSAGE_UNDELIVERED;
    }
}

GPtrArray *
ferry_chat_file_read (const char  *path,
                      GError     **error)
{
  g_autoptr(GPtrArray) records =
    g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_chat_record_free);
  g_autoptr(GString) text = g_string_new (NULL);
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  int saved_errno = fd >= 0 ? read_end (fd, text) : errno;

  if (fd >= 0)
    close (fd);

  if (saved_errno != 0 && saved_errno != ENOENT)
    {
      set_error_from_errno (error, saved_errno, path);
      return NULL;
    }

  take_lines (records, text);
  return g_steal_pointer (&records);
}

/* Nothing but what is ours; a folder goes if nothing else is in it. */
static int
delete_one (const char        *path,
            const struct stat *info,
            int                kind,
            struct FTW        *place)
{
  if (kind == FTW_DP)
    rmdir (path);
  else if (g_str_has_suffix (path, SUFFIX) && unlink (path) != 0 && errno != ENOENT)
    return errno;

  return 0;
}

gboolean
ferry_chat_file_delete_all (const char  *data_dir,
                            GError     **error)
{
  /* The slash: the folder may be a link to another place, what is in it may not. */
  g_autofree char *folder = g_build_filename (data_dir, FOLDER G_DIR_SEPARATOR_S, NULL);
  int result = nftw (folder, delete_one, MAX_OPEN, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
  int saved_errno = result < 0 ? errno : result;

  if (saved_errno == 0 || saved_errno == ENOENT)
    return TRUE;

  set_error_from_errno (error, saved_errno, folder);
  return FALSE;
}
