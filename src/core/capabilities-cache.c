/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-capabilities"

#include "config.h"

#include <string.h>

#include "core/capabilities-cache.h"

#define FILE_NAME      "capabilities.ini"
#define MAX_ENTRIES    2000
#define MAX_ENTRY_SIZE (16 * 1024) /* bytes of features; no honest client has as many */
#define SAVE_DELAY     5           /* seconds: logins bring many at once */

struct _FerryCapabilitiesCache
{
  char       *path;    /* (owned) */
  GHashTable *entries; /* (owned) (nullable): ver (its) → Entry (owned); %NULL: not read yet */
  GQueue      order;   /* Entry, longest unused first */
  guint       save_id;
};

typedef struct
{
  FerryKnownClient  client;
  char             *ver;  /* (owned) */
  GList            *link; /* in the order */
} Entry;

static void
entry_free (Entry *entry)
{
  g_free (entry->ver);
  g_free (entry->client.client_name);
  g_strfreev (entry->client.features);
  g_free (entry);
}

static gsize
get_size (const char *const *features)
{
  gsize size = 0;

  for (; *features != NULL; features++)
    size += strlen (*features) + 1;

  return size;
}

static void
drop_entry (FerryCapabilitiesCache *self,
            Entry                  *entry)
{
  g_queue_delete_link (&self->order, entry->link);
  g_hash_table_remove (self->entries, entry->ver);
}

static void
insert_entry (FerryCapabilitiesCache *self,
              const char             *ver,
              const char             *client_name,
              const char *const      *features)
{
  Entry *old = g_hash_table_lookup (self->entries, ver);
  Entry *entry;

  if (get_size (features) > MAX_ENTRY_SIZE)
    return;

  if (old != NULL)
    drop_entry (self, old);
  else if (g_hash_table_size (self->entries) >= MAX_ENTRIES)
    drop_entry (self, g_queue_peek_head (&self->order));

  entry = g_new0 (Entry, 1);
  entry->ver = g_strdup (ver);
  entry->client.client_name = g_strdup (client_name);
  entry->client.features = g_strdupv ((char **) features);
  g_queue_push_tail (&self->order, entry);
  entry->link = g_queue_peek_tail_link (&self->order);
  g_hash_table_insert (self->entries, entry->ver, entry);
}

/* A file that cannot be read is as good as none: all in it can be asked again. */
static void
load (FerryCapabilitiesCache *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_auto(GStrv) vers = NULL;

  if (self->entries != NULL)
    return;

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) entry_free);

  if (!g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, NULL))
    return;

  vers = g_key_file_get_groups (file, NULL);

  for (gsize i = 0; vers[i] != NULL; i++)
    {
      g_autofree char *name = g_key_file_get_string (file, vers[i], "name", NULL);
      g_auto(GStrv) features = g_key_file_get_string_list (file, vers[i], "features", NULL, NULL);

      if (features != NULL)
        insert_entry (self, vers[i], name, (const char *const *) features);
    }
}

static GBytes *
print (FerryCapabilitiesCache *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  gsize size;
  char *text;

  for (GList *l = self->order.head; l != NULL; l = l->next)
    {
      const Entry *entry = l->data;

      if (entry->client.client_name != NULL)
        g_key_file_set_string (file, entry->ver, "name", entry->client.client_name);
      g_key_file_set_string_list (file, entry->ver, "features",
                                  (const char *const *) entry->client.features,
                                  g_strv_length (entry->client.features));
    }

  text = g_key_file_to_data (file, &size, NULL);

  return g_bytes_new_take (text, size);
}

static void
make_folder (FerryCapabilitiesCache *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  g_mkdir_with_parents (folder, 0700);
}

static void
cache_saved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_debug ("Not remembered: %s", error->message);
}

static gboolean
cache_save_cb (gpointer user_data)
{
  FerryCapabilitiesCache *self = user_data;
  g_autoptr(GFile) file = g_file_new_for_path (self->path);
  g_autoptr(GBytes) bytes = print (self);

  self->save_id = 0;
  make_folder (self);
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                       cache_saved_cb, NULL);

  return G_SOURCE_REMOVE;
}

FerryCapabilitiesCache *
ferry_capabilities_cache_new (const char *data_dir)
{
  FerryCapabilitiesCache *self = g_new0 (FerryCapabilitiesCache, 1);

  self->path = g_build_filename (data_dir, FILE_NAME, NULL);
  g_queue_init (&self->order);

  return self;
}

void
ferry_capabilities_cache_free (FerryCapabilitiesCache *self)
{
  if (self->save_id != 0)
    {
      g_autoptr(GBytes) bytes = print (self);
      g_autoptr(GError) error = NULL;
      gsize size;
      const char *text = g_bytes_get_data (bytes, &size);

      g_clear_handle_id (&self->save_id, g_source_remove);
      make_folder (self);
      if (!g_file_set_contents_full (self->path, text, size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                     &error))
        g_debug ("Not remembered: %s", error->message);
    }

  g_queue_clear (&self->order);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_free (self->path);
  g_free (self);
}

const FerryKnownClient *
ferry_capabilities_cache_lookup (FerryCapabilitiesCache *self,
                                 const char             *ver)
{
  Entry *entry;

  load (self);
  entry = g_hash_table_lookup (self->entries, ver);

  if (entry == NULL)
    return NULL;

  g_queue_unlink (&self->order, entry->link);
  g_queue_push_tail_link (&self->order, entry->link);

  return &entry->client;
}

void
ferry_capabilities_cache_add (FerryCapabilitiesCache *self,
                              const char             *ver,
                              const char             *client_name,
                              const char *const      *features)
{
  load (self);
  insert_entry (self, ver, client_name, features);

  if (self->save_id == 0)
    self->save_id = g_timeout_add_seconds (SAVE_DELAY, cache_save_cb, self);
}
