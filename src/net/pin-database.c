/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

#include "net/pin-database.h"

#define SCHEMA_VERSION 2 /* 2: relays */
#define OPEN_TIMEOUT   5000 /* ms: the start of the program waits for it; several on a slow disk */

struct _FerryPinDatabase
{
  sqlite3 *handle;       /* (owned) */
  char    *account;      /* (owned): bare JID */
  int      data_version; /* of SQLite: changes when another connection writes */
};

/* Makes what is missing: of a new file, and of one of an older version. */
static const char schema[] =
  "BEGIN IMMEDIATE;"
  "CREATE TABLE IF NOT EXISTS pins ("
  " account TEXT NOT NULL, jid TEXT NOT NULL, sha256 TEXT NOT NULL, sha1 TEXT NOT NULL,"
  " certificate BLOB NOT NULL, level INTEGER NOT NULL, since INTEGER NOT NULL,"
  " changed_sha256 TEXT, changed_certificate BLOB,"
  " PRIMARY KEY (account, jid)) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS policies ("
  " account TEXT NOT NULL, jid TEXT NOT NULL, policy INTEGER NOT NULL,"
  " PRIMARY KEY (account, jid)) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS relays ("
  " account TEXT NOT NULL, jid TEXT NOT NULL, relayed INTEGER NOT NULL,"
  " PRIMARY KEY (account, jid)) WITHOUT ROWID;"
  "PRAGMA user_version = 2;"
  "COMMIT;";

/* A certificate is a few hundred bytes; what is larger was not written by us. */
static const char select_pins[] =
  "SELECT jid, sha256, sha1, certificate, level, since, changed_sha256, changed_certificate"
  " FROM pins WHERE account = :account AND length (certificate) BETWEEN 1 AND 16384"
  " AND coalesce (length (changed_certificate), 0) <= 16384"
  " AND length (sha256) = 64 AND length (sha1) = 40 ORDER BY since DESC LIMIT 10000";

static const char select_policies[] =
  "SELECT jid, policy FROM policies WHERE account = :account LIMIT 10000";

static const char select_relayed[] =
  "SELECT jid FROM relays WHERE account = :account AND relayed <> 0 LIMIT 10000";

#define INSERT_PIN \
  "INSERT INTO pins (account, jid, sha256, sha1, certificate, level, since)" \
  " VALUES (:account, :jid, :sha256, :sha1, :certificate, :level, :since)" \
  " ON CONFLICT (account, jid) DO UPDATE SET "

static const char add_pin[] =
  INSERT_PIN
  "changed_sha256 = excluded.sha256, changed_certificate = excluded.certificate"
  " WHERE sha256 <> excluded.sha256";

static const char replace_pin[] =
  INSERT_PIN
  "sha256 = excluded.sha256, sha1 = excluded.sha1, certificate = excluded.certificate,"
  " since = iif (sha256 = excluded.sha256 AND level >= excluded.level, since, excluded.since),"
  " level = iif (sha256 = excluded.sha256, max (level, excluded.level), excluded.level),"
  " changed_sha256 = NULL, changed_certificate = NULL";

static const char change_pin[] =
  "UPDATE pins SET changed_sha256 = :changed_sha256, changed_certificate ="
  " iif (changed_sha256 = :changed_sha256,"
  " coalesce (:changed_certificate, changed_certificate), :changed_certificate)"
  " WHERE account = :account AND jid = :jid AND sha256 <> :changed_sha256";

static const char remove_pin[] =
  "DELETE FROM pins WHERE account = :account AND jid = :jid";

static const char set_policy[] =
  "INSERT OR REPLACE INTO policies (account, jid, policy) VALUES (:account, :jid, :level)";

static const char set_relayed[] =
  "INSERT OR REPLACE INTO relays (account, jid, relayed) VALUES (:account, :jid, :level)";

static void
set_error (GError     **error,
           sqlite3     *handle,
           const char  *what)
{
  GIOErrorEnum code = G_IO_ERROR_FAILED;

  switch (sqlite3_errcode (handle))
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      code = G_IO_ERROR_INVALID_DATA;
      break;

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      code = G_IO_ERROR_BUSY;
      break;

    case SQLITE_FULL:
      code = G_IO_ERROR_NO_SPACE;
      break;

    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      code = G_IO_ERROR_PERMISSION_DENIED;
      break;

    default:
      break;
    }

  g_set_error (error, G_IO_ERROR, code, "%s: %s", what, sqlite3_errmsg (handle));
}

static gboolean
run_script (FerryPinDatabase  *self,
            const char        *script,
            GError           **error)
{
  if (sqlite3_exec (self->handle, script, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  set_error (error, self->handle, "The certificates of others");
  sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);

  return FALSE;
}

static int
read_int (FerryPinDatabase *self,
          const char       *sql)
{
  sqlite3_stmt *statement = NULL;
  int value = -1;

  if (sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int (statement, 0);

  sqlite3_finalize (statement);

  return value;
}

static void
bind_text (sqlite3_stmt *statement,
           const char   *name,
           const char   *value)
{
  int index = sqlite3_bind_parameter_index (statement, name);

  if (index != 0 && value != NULL)
    sqlite3_bind_text (statement, index, value, -1, SQLITE_STATIC);
}

static void
bind_bytes (sqlite3_stmt *statement,
            const char   *name,
            GBytes       *value)
{
  int index = sqlite3_bind_parameter_index (statement, name);

  if (index != 0 && value != NULL)
    sqlite3_bind_blob64 (statement, index, g_bytes_get_data (value, NULL),
                         g_bytes_get_size (value), SQLITE_STATIC);
}

static void
bind_int (sqlite3_stmt *statement,
          const char   *name,
          gint64        value)
{
  int index = sqlite3_bind_parameter_index (statement, name);

  if (index != 0)
    sqlite3_bind_int64 (statement, index, value);
}

/* Whatever of @pin the statement has a place for. */
static void
bind_pin (sqlite3_stmt         *statement,
          const FerryPinRecord *pin)
{
  bind_text (statement, ":jid", pin->jid);
  bind_text (statement, ":sha256", pin->sha256);
  bind_text (statement, ":sha1", pin->sha1);
  bind_bytes (statement, ":certificate", pin->certificate);
  bind_int (statement, ":level", pin->level);
  bind_int (statement, ":since", pin->since);
  bind_text (statement, ":changed_sha256", pin->changed_sha256);
  bind_bytes (statement, ":changed_certificate", pin->changed_certificate);
}

static gboolean
write_row (FerryPinDatabase      *self,
           const char            *sql,
           const FerryPinRecord  *pin,
           GError               **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean done = FALSE;

  if (sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL) == SQLITE_OK)
    {
      bind_text (statement, ":account", self->account);
      bind_pin (statement, pin);
      done = sqlite3_step (statement) == SQLITE_DONE;
    }

  if (!done)
    set_error (error, self->handle, pin->jid);

  sqlite3_finalize (statement);

  return done;
}

static char *
dup_text (sqlite3_stmt *statement,
          int           column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text != NULL && g_utf8_validate (text, -1, NULL) ? g_strdup (text) : NULL;
}

/* Returns: (nullable) */
static GBytes *
dup_bytes (sqlite3_stmt *statement,
           int           column)
{
  const void *data = sqlite3_column_blob (statement, column);

  return data != NULL ? g_bytes_new (data, sqlite3_column_bytes (statement, column)) : NULL;
}

static void
take_pin (sqlite3_stmt     *statement,
          FerryPinContents *contents)
{
  g_autoptr(FerryPinRecord) pin = g_new0 (FerryPinRecord, 1);

  pin->jid = dup_text (statement, 0);
  pin->sha256 = dup_text (statement, 1);
  pin->sha1 = dup_text (statement, 2);
  pin->certificate = dup_bytes (statement, 3);
  pin->level = sqlite3_column_int (statement, 4);
  pin->since = sqlite3_column_int64 (statement, 5);
  pin->changed_sha256 = dup_text (statement, 6);
  pin->changed_certificate = dup_bytes (statement, 7);

  if (pin->jid != NULL && pin->sha256 != NULL && pin->sha1 != NULL && pin->certificate != NULL)
    g_ptr_array_add (contents->pins, g_steal_pointer (&pin));
}

static void
take_policy (sqlite3_stmt     *statement,
             FerryPinContents *contents)
{
  FerryPolicyRecord *policy;
  char *jid = dup_text (statement, 0);

  if (jid == NULL)
    return;

  policy = g_new0 (FerryPolicyRecord, 1);
  policy->jid = jid;
  policy->policy = sqlite3_column_int (statement, 1);
  g_ptr_array_add (contents->policies, policy);
}

static void
take_relayed (sqlite3_stmt     *statement,
              FerryPinContents *contents)
{
  char *jid = dup_text (statement, 0);

  if (jid != NULL)
    g_ptr_array_add (contents->relayed, jid);
}

static gboolean
read_rows (FerryPinDatabase  *self,
           const char        *sql,
           void             (*take) (sqlite3_stmt *, FerryPinContents *),
           FerryPinContents  *contents,
           GError           **error)
{
  sqlite3_stmt *statement = NULL;
  int result = sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL);

  if (result == SQLITE_OK)
    {
      bind_text (statement, ":account", self->account);

      while ((result = sqlite3_step (statement)) == SQLITE_ROW)
        take (statement, contents);
    }

  if (result != SQLITE_DONE)
    set_error (error, self->handle, "The certificates of others");

  sqlite3_finalize (statement);

  return result == SQLITE_DONE;
}

FerryPinContents *
ferry_pin_database_read (FerryPinDatabase  *self,
                         GError           **error)
{
  g_autoptr(FerryPinContents) contents = ferry_pin_contents_new ();

  if (!read_rows (self, select_pins, take_pin, contents, error)
      || !read_rows (self, select_policies, take_policy, contents, error)
      || !read_rows (self, select_relayed, take_relayed, contents, error))
    return NULL;

  return g_steal_pointer (&contents);
}

gboolean
ferry_pin_database_is_changed (FerryPinDatabase *self)
{
  int version = read_int (self, "PRAGMA data_version");
  gboolean is_changed = version != self->data_version;

  self->data_version = version;

  return is_changed;
}

static gboolean
is_whole (FerryPinDatabase  *self,
          GError           **error)
{
  sqlite3_stmt *statement = NULL;
  const char *verdict = NULL;
  gboolean whole = FALSE;

  if (sqlite3_prepare_v2 (self->handle, "PRAGMA quick_check(1)", -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    verdict = (const char *) sqlite3_column_text (statement, 0);

  if (verdict == NULL)
    set_error (error, self->handle, "The certificates of others");
  else if (g_str_equal (verdict, "ok"))
    whole = TRUE;
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The certificates of others: %s",
                 verdict);

  sqlite3_finalize (statement);

  return whole;
}

static gboolean
prepare (FerryPinDatabase  *self,
         GError           **error)
{
  int version;

  if (!is_whole (self, error))
    return FALSE;

  version = read_int (self, "PRAGMA user_version");

  if (version > SCHEMA_VERSION)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "The certificates of others were stored by a newer Ferry");
      return FALSE;
    }

  return version == SCHEMA_VERSION || run_script (self, schema, error);
}

/* SQLite gives its journal the mode of the file. Never opened here if it exists: closing it
 * again would drop the locks of another connection in this process (POSIX). */
static gboolean
make_private (const char  *path,
              GError     **error)
{
  int fd = open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  int code = errno;

  if (fd >= 0)
    close (fd);
  else if (code == EEXIST && g_chmod (path, 0600) == 0)
    fd = 0;
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path,
                 g_strerror (code));

  return fd >= 0;
}

FerryPinDatabase *
ferry_pin_database_open (const char  *path,
                         const char  *account,
                         GError     **error)
{
  g_autoptr(FerryPinDatabase) self = g_new0 (FerryPinDatabase, 1);

  self->account = g_strdup (account);

  if (!make_private (path, error))
    return NULL;

  if (sqlite3_open_v2 (path, &self->handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    {
      set_error (error, self->handle, path);
      return NULL;
    }

  ferry_pin_database_set_timeout (self, OPEN_TIMEOUT);

  if (!prepare (self, error))
    return NULL;

  ferry_pin_database_is_changed (self);

  return g_steal_pointer (&self);
}

void
ferry_pin_database_close (FerryPinDatabase *self)
{
  if (self == NULL)
    return;

  sqlite3_close (self->handle);
  g_free (self->account);
  g_free (self);
}

void
ferry_pin_database_set_timeout (FerryPinDatabase *self,
                                int               timeout)
{
  sqlite3_busy_timeout (self->handle, timeout);
}

gboolean
ferry_pin_database_add (FerryPinDatabase      *self,
                        const FerryPinRecord  *pin,
                        GError               **error)
{
  return write_row (self, add_pin, pin, error);
}

gboolean
ferry_pin_database_replace (FerryPinDatabase      *self,
                            const FerryPinRecord  *pin,
                            GError               **error)
{
  return write_row (self, replace_pin, pin, error);
}

gboolean
ferry_pin_database_set_changed (FerryPinDatabase      *self,
                                const FerryPinRecord  *pin,
                                GError               **error)
{
  return write_row (self, change_pin, pin, error);
}

gboolean
ferry_pin_database_remove (FerryPinDatabase      *self,
                           const FerryPinRecord  *pin,
                           GError               **error)
{
  return write_row (self, remove_pin, pin, error);
}

gboolean
ferry_pin_database_set_policy (FerryPinDatabase      *self,
                               const FerryPinRecord  *pin,
                               GError               **error)
{
  return write_row (self, set_policy, pin, error);
}

gboolean
ferry_pin_database_set_relayed (FerryPinDatabase      *self,
                                const FerryPinRecord  *pin,
                                GError               **error)
{
  return write_row (self, set_relayed, pin, error);
}
