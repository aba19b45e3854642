/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "core/shares.h"
#include "proto/jid.h"

struct _FerryShares
{
  GPtrArray *shares; /* (owned): Share (owned) */
};

typedef struct
{
  GFile  *folder; /* (owned) */
  char  **jids;   /* (owned) (nullable): %NULL: everybody */
} Share;

static void
share_free (gpointer data)
{
  Share *share = data;

  g_object_unref (share->folder);
  g_strfreev (share->jids);
  g_free (share);
}

FerryShares *
ferry_shares_new (void)
{
  FerryShares *self = g_new0 (FerryShares, 1);

  self->shares = g_ptr_array_new_with_free_func (share_free);

  return self;
}

void
ferry_shares_free (FerryShares *self)
{
  g_ptr_array_unref (self->shares);
  g_free (self);
}

void
ferry_shares_add (FerryShares       *self,
                  GFile             *folder,
                  const char *const *jids)
{
  Share *share;

  g_return_if_fail (self != NULL && G_IS_FILE (folder));

  share = g_new0 (Share, 1);
  share->folder = g_object_ref (folder);
  share->jids = g_strdupv ((char **) jids);
  g_ptr_array_add (self->shares, share);
}

void
ferry_shares_remove (FerryShares *self,
                     GFile       *folder)
{
  g_return_if_fail (self != NULL && G_IS_FILE (folder));

  for (guint i = self->shares->len; i > 0; i--)
    {
      const Share *share = self->shares->pdata[i - 1];

      if (g_file_equal (share->folder, folder))
        g_ptr_array_remove_index (self->shares, i - 1);
    }
}

static gboolean
is_for (const Share *share,
        const char  *peer)
{
  for (guint i = 0; share->jids != NULL && share->jids[i] != NULL; i++)
    {
      const char *jid = share->jids[i];

      if (ferry_jid_is_full (jid) ? ferry_jid_equal (jid, peer) : ferry_jid_equal_bare (jid, peer))
        return TRUE;
    }

  return share->jids == NULL;
}

/* A hidden file is none that one meant to share; "." and ".." are among them. */
static gboolean
is_key (const char *name)
{
  return name != NULL && *name != '\0' && *name != '.' && strchr (name, '/') == NULL;
}

static GFile *
find_in (GFile      *folder,
         const char *name)
{
  g_autoptr(GFile) file = g_file_get_child (folder, name);
  const char *path = g_file_peek_path (file);
  struct stat info;

  if (path == NULL || lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
    return NULL;

  return g_steal_pointer (&file);
}

GFile *
ferry_shares_lookup (FerryShares *self,
                     const char  *peer,
                     const char  *name)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (self != NULL && peer != NULL, NULL);

  if (!is_key (name))
    return NULL;

  key = g_filename_from_utf8 (name, -1, NULL, NULL, NULL);

  for (guint i = 0; key != NULL && i < self->shares->len; i++)
    {
      const Share *share = self->shares->pdata[i];
      GFile *file = is_for (share, peer) ? find_in (share->folder, key) : NULL;

      if (file != NULL)
        return file;
    }

  return NULL;
}
