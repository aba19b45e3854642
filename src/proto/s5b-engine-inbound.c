/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-engine-private.h"

/* The connections that the peer made to us, and which of them it means. */

/* SEC-25: the first ones are kept; a later one must not push them out. */
void
_ferry_s5b_engine_add_inbound (FerryS5bEngine      *self,
                               const FerryS5bEvent *event,
                               GPtrArray           *effects)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->inbound) && !ferry_s5b_engine_is_over (self); i++)
    if (self->inbound[i].id == 0)
      {
        self->inbound[i].id = event->id;
        self->inbound[i].local = g_strdup (event->text);
        return;
      }

  ferry_s5b_effects_add (effects, FERRY_S5B_EFFECT_DROP, event->id);
}

void
_ferry_s5b_engine_remove_inbound (FerryS5bEngine *self,
                                  guint           id)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->inbound); i++)
    if (self->inbound[i].id == id)
      {
        self->inbound[i].id = 0;
        g_clear_pointer (&self->inbound[i].local, g_free);
      }
}

static guint
find_at (const FerryS5bEngine *self,
         const char           *host)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->inbound); i++)
    if (self->inbound[i].id != 0 && g_strcmp0 (self->inbound[i].local, host) == 0)
      return self->inbound[i].id;

  return 0;
}

/* Peer: slixmpp dials all of our hosts, means the first that we listed, and leaves the
 * others open. Who dials one after another leaves one only. */
static guint
find_at_any (const FerryS5bEngine *self)
{
  for (guint i = 0; i < self->own->len; i++)
    {
      const FerryS5bCandidate *candidate = g_ptr_array_index (self->own, i);
      guint id = 0;

      if (g_str_equal (candidate->jid, self->their_pick->jid))
        id = find_at (self, candidate->host);
      if (id != 0)
        return id;
    }

  return 0;
}

/**
 * _ferry_s5b_engine_find_inbound:
 * @in_doubt: rather one that may be wrong than none
 *
 * All our direct hosts are one listener, and a connection does not say which of
 * them it was made to. Our address on it does, unless a router translates: then the
 * only one is right, as it is if all that the peer says is our jid (S5B0-7).
 *
 * Returns: its id; 0: not here, or not yet clear
 */
guint
_ferry_s5b_engine_find_inbound (const FerryS5bEngine *self,
                                gboolean              in_doubt)
{
  guint n_alive = 0;
  guint newest = 0;
  guint id;

  for (guint i = 0; i < G_N_ELEMENTS (self->inbound); i++)
    {
      n_alive += self->inbound[i].id != 0;
      newest = MAX (newest, self->inbound[i].id);
    }

  if (self->is_vague && n_alive > 1 && !in_doubt)
    return 0;

  id = self->is_vague ? find_at_any (self) : find_at (self, self->their_pick->host);
  if (id != 0)
    return id;

  if (self->their_pick->is_translated && n_alive == 1)
    return newest;

  return in_doubt || self->is_vague ? newest : 0;
}
