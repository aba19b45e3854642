/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/session.h"

/* Effects are few and short-lived; each has its own allocation so that what
 * add() hands out stays where it is while more are added. */
struct _FerrySessionEffects
{
  GQueue queue; /* of FerrySessionEffect (owned) */
};

static void
session_effect_free (gpointer data)
{
  FerrySessionEffect *effect = data;

  ferry_session_effect_clear (effect);
  g_free (effect);
}

FerrySessionEffects *
ferry_session_effects_new (void)
{
  FerrySessionEffects *self = g_new0 (FerrySessionEffects, 1);

  g_queue_init (&self->queue);

  return self;
}

void
ferry_session_effects_free (FerrySessionEffects *self)
{
  if (self == NULL)
    return;

  g_queue_clear_full (&self->queue, session_effect_free);
  g_free (self);
}

FerrySessionEffect *
ferry_session_effects_add (FerrySessionEffects    *self,
                           FerrySessionEffectKind  kind)
{
  FerrySessionEffect *effect;

  g_return_val_if_fail (self != NULL, NULL);

  effect = g_new0 (FerrySessionEffect, 1);
  effect->kind = kind;
  g_queue_push_tail (&self->queue, effect);

  return effect;
}

/**
 * ferry_session_effects_next:
 * @effect: (out caller-allocates): clear it with ferry_session_effect_clear()
 */
gboolean
ferry_session_effects_next (FerrySessionEffects *self,
                            FerrySessionEffect  *effect)
{
  g_autofree FerrySessionEffect *head = NULL;

  g_return_val_if_fail (self != NULL && effect != NULL, FALSE);

  head = g_queue_pop_head (&self->queue);
  if (head == NULL)
    return FALSE;

  *effect = *head;

  return TRUE;
}

void
ferry_session_effect_clear (FerrySessionEffect *effect)
{
  g_clear_pointer (&effect->element, ferry_element_unref);
  g_clear_pointer (&effect->request, ferry_element_unref);
  g_clear_pointer (&effect->stream_sid, g_free);
  g_clear_pointer (&effect->text, g_free);
}

void
ferry_session_handle (FerrySession            *self,
                      const FerrySessionEvent *event,
                      gint64                   now,
                      FerrySessionEffects     *effects)
{
  g_return_if_fail (self != NULL && event != NULL && effects != NULL);

  self->klass->handle (self, event, now, effects);
}

const FerryFileDescription *
ferry_session_get_file (const FerrySession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->klass->get_file (self);
}

FerryDirection
ferry_session_get_direction (const FerrySession *self)
{
  g_return_val_if_fail (self != NULL, FERRY_DIRECTION_RECEIVE);

  if (self->klass->get_direction != NULL)
    return self->klass->get_direction (self);

  return self->role == FERRY_ROLE_INITIATOR ? FERRY_DIRECTION_SEND : FERRY_DIRECTION_RECEIVE;
}

const FerryXtls *
ferry_session_get_security (const FerrySession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->klass->get_security != NULL ? self->klass->get_security (self) : NULL;
}

const char *
ferry_session_get_application (const FerrySession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->klass->get_application != NULL ? self->klass->get_application (self) : NULL;
}

FerrySession *
ferry_session_copy (const FerrySession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->klass->copy (self);
}

void
ferry_session_free (FerrySession *self)
{
  if (self != NULL)
    self->klass->free (self);
}
