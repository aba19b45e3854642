/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/kept-parts.h"
#include "proto/jid.h"

#define MAX_KEPT  8
#define MIN_BYTES (8 * 1024 * 1024) /* less is sent again sooner than it is missed */

typedef struct
{
  char                 *peer;   /* (owned): bare */
  FerryFileDescription *file;   /* (owned): as it was offered */
  GFile                *folder; /* (owned) */
  char                 *name;   /* (owned) */
  FerryInbox           *inbox;  /* (owned) */
} Kept;

struct _FerryKeptParts
{
  GQueue kept; /* of Kept (owned), oldest first */
};

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  if (kept->inbox != NULL)
    ferry_inbox_discard (kept->inbox);
  g_clear_object (&kept->inbox);
  g_object_unref (kept->folder);
  ferry_file_description_free (kept->file);
  g_free (kept->peer);
  g_free (kept->name);
  g_free (kept);
}

FerryKeptParts *
ferry_kept_parts_new (void)
{
  FerryKeptParts *self = g_new0 (FerryKeptParts, 1);

  g_queue_init (&self->kept);

  return self;
}

void
ferry_kept_parts_clear (FerryKeptParts *self)
{
  g_queue_clear_full (&self->kept, kept_free);
}

void
ferry_kept_parts_free (FerryKeptParts *self)
{
  ferry_kept_parts_clear (self);
  g_free (self);
}

gboolean
ferry_kept_parts_can_keep (const FerryFileDescription *file)
{
  return file->has_range && file->size > 0 && file->hashes.announced != 0;
}

gboolean
ferry_kept_parts_keep (FerryKeptParts             *self,
                       const char                 *peer,
                       const FerryFileDescription *file,
                       GFile                      *folder,
                       const char                 *name,
                       FerryInbox                 *inbox)
{
  gint64 n_bytes = ferry_inbox_get_n_bytes (inbox);
  Kept *kept;

  if (!ferry_kept_parts_can_keep (file) || n_bytes < MIN_BYTES || n_bytes >= file->size)
    return FALSE;

  kept = g_new0 (Kept, 1);
  kept->peer = ferry_jid_dup_bare (peer);
  kept->file = ferry_file_description_copy (file);
  kept->folder = g_object_ref (folder);
  kept->name = g_strdup (name);
  kept->inbox = g_object_ref (inbox);
  g_queue_push_tail (&self->kept, kept);

  if (g_queue_get_length (&self->kept) > MAX_KEPT)
    kept_free (g_queue_pop_head (&self->kept));

  return TRUE;
}

gboolean
ferry_kept_parts_is_same_file (const FerryFileDescription *a,
                               const FerryFileDescription *b)
{
  return a->size == b->size && a->date == b->date && g_strcmp0 (a->name, b->name) == 0
         && ferry_hashes_compare (&a->hashes, &b->hashes) != FERRY_HASHES_MISMATCH;
}

static gboolean
fits (const Kept                 *kept,
      const char                 *peer,
      const FerryFileDescription *file,
      GFile                      *folder,
      const char                 *name)
{
  return ferry_jid_equal_bare (kept->peer, peer) && ferry_kept_parts_is_same_file (kept->file, file)
         && g_file_equal (kept->folder, folder) && g_str_equal (kept->name, name);
}

FerryInbox *
ferry_kept_parts_take (FerryKeptParts             *self,
                       const char                 *peer,
                       const FerryFileDescription *file,
                       GFile                      *folder,
                       const char                 *name,
                       gint64                     *offset)
{
  if (!ferry_kept_parts_can_keep (file))
    return NULL;

  for (GList *link = self->kept.head; link != NULL; link = link->next)
    {
      Kept *kept = link->data;
      FerryInbox *inbox;

      if (!fits (kept, peer, file, folder, name))
        continue;

      g_queue_delete_link (&self->kept, link);
      *offset = ferry_inbox_get_n_bytes (kept->inbox);
      inbox = *offset > 0 ? g_steal_pointer (&kept->inbox) : NULL; /* the user may have removed it */
      kept_free (kept);

      return inbox;
    }

  return NULL;
}
