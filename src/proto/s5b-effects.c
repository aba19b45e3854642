/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/s5b-effects.h"

static void
effect_free (FerryS5bEffect *effect)
{
  g_free (effect->host);
  g_free (effect->address);
  g_free (effect->cid);
  g_free (effect->jid);
  g_free (effect->text);
  g_free (effect);
}

/* Returns: (transfer full) (element-type FerryS5bEffect) */
GPtrArray *
ferry_s5b_effects_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) effect_free);
}

/* Returns: (transfer none): zeroed but for its kind and id, to be filled in */
FerryS5bEffect *
ferry_s5b_effects_add (GPtrArray          *effects,
                       FerryS5bEffectKind  kind,
                       guint               id)
{
  FerryS5bEffect *effect = g_new0 (FerryS5bEffect, 1);

  effect->kind = kind;
  effect->id = id;
  g_ptr_array_add (effects, effect);

  return effect;
}
