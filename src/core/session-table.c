/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/session-table.h"

struct _FerrySessionTable
{
  GHashTable *sessions; /* (owned): Key (owned) → session (borrowed) */
};

typedef struct
{
  const char *peer;
  const char *sid;
} Key;

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;

  return g_str_hash (key->peer) * 31 + g_str_hash (key->sid);
}

static gboolean
key_equal (gconstpointer a,
           gconstpointer b)
{
  const Key *key_a = a;
  const Key *key_b = b;

  return g_str_equal (key_a->peer, key_b->peer) && g_str_equal (key_a->sid, key_b->sid);
}

static void
key_free (gpointer data)
{
  Key *key = data;

  g_free ((char *) key->peer);
  g_free ((char *) key->sid);
  g_free (key);
}

FerrySessionTable *
ferry_session_table_new (void)
{
  FerrySessionTable *self = g_new0 (FerrySessionTable, 1);

  self->sessions = g_hash_table_new_full (key_hash, key_equal, key_free, NULL);

  return self;
}

void
ferry_session_table_free (FerrySessionTable *self)
{
  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_free (self);
}

gboolean
ferry_session_table_add (FerrySessionTable *self,
                         const char        *peer,
                         const char        *sid,
                         gpointer           session)
{
  Key *key;

  if (ferry_session_table_lookup (self, peer, sid) != NULL)
    return FALSE;

  key = g_new0 (Key, 1);
  key->peer = g_strdup (peer);
  key->sid = g_strdup (sid);

  return g_hash_table_insert (self->sessions, key, session);
}

void
ferry_session_table_remove (FerrySessionTable *self,
                            const char        *peer,
                            const char        *sid)
{
  const Key key = { peer, sid };

  g_hash_table_remove (self->sessions, &key);
}

gpointer
ferry_session_table_lookup (FerrySessionTable *self,
                            const char        *peer,
                            const char        *sid)
{
  const Key key = { peer, sid };

  if (peer == NULL || sid == NULL)
    return NULL;

  return g_hash_table_lookup (self->sessions, &key);
}
