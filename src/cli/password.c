/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/password.h"

#define VARIABLE "FERRY_PASSWORD"
#define MAX_LENGTH 1024 /* bytes; SASL allows no more, and a wrong file is noticed */

static gboolean
set_errno_error (GError     **error,
                 const char  *what)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", what,
               g_strerror (code));
  return FALSE;
}

/* Reads up to the first line break or the end. */
static char *
read_line (int          fd,
           const char  *what,
           GError     **error)
{
  char buffer[MAX_LENGTH + 1];
  gsize length = 0;
  char *line = NULL;

  for (;;)
    {
      gssize n = read (fd, buffer + length, 1);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_errno_error (error, what);
          break;
        }
      if (n == 0 || buffer[length] == '\n' || length == MAX_LENGTH)
        {
          while (length > 0 && buffer[length - 1] == '\r')
            length--;
          line = g_strndup (buffer, length);
          break;
        }
      length++;
    }
  explicit_bzero (buffer, sizeof buffer);

  return line;
}

static char *
read_file (const char  *file,
           GError     **error)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  char *line;

  if (fd < 0)
    {
      set_errno_error (error, file);
      return NULL;
    }

  line = read_line (fd, file, error);
  close (fd);

  return line;
}

static char *
ask (const char  *jid,
     GError     **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct termios before, silent;
  char *line;

  if (fd < 0 || tcgetattr (fd, &before) != 0)
    {
      if (fd >= 0)
        close (fd);
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                   "No password: use --password-file, --password-fd or " VARIABLE);
      return NULL;
    }

  silent = before;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (fd, TCSAFLUSH, &silent);
  dprintf (fd, "Password for %s: ", jid);
  line = read_line (fd, "/dev/tty", error);
  tcsetattr (fd, TCSAFLUSH, &before);
  dprintf (fd, "\n");
  close (fd);

  return line;
}

char *
ferry_password_read (const char  *file,
                     int          fd,
                     const char  *jid,
                     GError     **error)
{
  char *password;

  if (file != NULL)
    return read_file (file, error);

  if (fd >= 0)
    return read_line (fd, "--password-fd", error);

  if (g_getenv (VARIABLE) == NULL)
    return ask (jid, error);

  password = g_strdup (g_getenv (VARIABLE));
  g_unsetenv (VARIABLE);

  return password;
}
