/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-hash-ring"

#include "config.h"

#include "net/hash-ring.h"
#include "net/hasher.h"

#define N_BLOCKS 3
#define ALIGNMENT 4096

struct _FerryHashRing
{
  guint8      *memory;
  guint        n_blocks;
  FerryHasher *hasher;           /* (nullable) */
  GThread     *thread;           /* (nullable): hash on the spot */

  GMutex       mutex;
  GCond        changed;
  guint64      n_published;      /* blocks, ever; modulo n_blocks: the next to fill */
  guint64      n_hashed;
  gsize        sizes[N_BLOCKS];
  gboolean     is_complete;
};

/* Returns FALSE when everything is hashed and no more will come. */
static gboolean
wait_for_block (FerryHashRing *self,
                guint         *block)
{
  gboolean found;

  g_mutex_lock (&self->mutex);

  while (self->n_hashed == self->n_published && !self->is_complete)
    g_cond_wait (&self->changed, &self->mutex);

  found = self->n_hashed < self->n_published;
  *block = self->n_hashed % self->n_blocks;
  g_mutex_unlock (&self->mutex);

  return found;
}

static gpointer
hash_thread (gpointer data)
{
  FerryHashRing *self = data;
  guint block;

  while (wait_for_block (self, &block))
    {
      ferry_hasher_update (self->hasher, self->memory + (gsize) block * FERRY_HASH_RING_BLOCK,
                           self->sizes[block]);
      g_mutex_lock (&self->mutex);
      self->n_hashed++;
      g_cond_signal (&self->changed);
      g_mutex_unlock (&self->mutex);
    }

  return NULL;
}

FerryHashRing *
ferry_hash_ring_new (guint  algorithms,
                     gint64 expected)
{
  FerryHashRing *self = g_new0 (FerryHashRing, 1);
  gboolean is_small = expected >= 0 && expected <= FERRY_HASH_RING_BLOCK;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->n_blocks = algorithms == 0 || is_small ? 1 : N_BLOCKS;
  self->memory = g_aligned_alloc (self->n_blocks, FERRY_HASH_RING_BLOCK, ALIGNMENT);

  if (algorithms != 0)
    self->hasher = ferry_hasher_new (algorithms);

  if (self->n_blocks > 1)
    self->thread = g_thread_new ("ferry-hash", hash_thread, self);

  return self;
}

guint8 *
ferry_hash_ring_acquire (FerryHashRing *self)
{
  guint block;

  if (self->thread == NULL)
    return self->memory;

  g_mutex_lock (&self->mutex);

  while (self->n_published - self->n_hashed == self->n_blocks)
    g_cond_wait (&self->changed, &self->mutex);

  block = self->n_published % self->n_blocks;
  g_mutex_unlock (&self->mutex);

  return self->memory + (gsize) block * FERRY_HASH_RING_BLOCK;
}

void
ferry_hash_ring_publish (FerryHashRing *self,
                         gsize          size)
{
  if (self->hasher == NULL)
    return;

  if (self->thread == NULL)
    {
      ferry_hasher_update (self->hasher, self->memory, size);
      return;
    }

  g_mutex_lock (&self->mutex);
  self->sizes[self->n_published % self->n_blocks] = size;
  self->n_published++;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
}

void
ferry_hash_ring_finish (FerryHashRing *self,
                        FerryHashes   *hashes)
{
  if (self->thread != NULL)
    {
      g_mutex_lock (&self->mutex);
      self->is_complete = TRUE;
      g_cond_signal (&self->changed);
      g_mutex_unlock (&self->mutex);
      g_thread_join (self->thread);
    }

  if (self->hasher != NULL)
    ferry_hasher_finish (self->hasher, hashes);

  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_aligned_free (self->memory);
  g_free (self);
}
