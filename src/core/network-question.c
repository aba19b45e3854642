/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/network-private.h"

struct _FerryNetworkQuestion
{
  GWeakRef      network;
  GCancellable *round; /* (owned) */
};

FerryNetworkQuestion *
ferry_network_ask (FerryNetwork *self)
{
  FerryNetworkQuestion *question = g_new0 (FerryNetworkQuestion, 1);

  g_weak_ref_init (&question->network, self);
  question->round = g_object_ref (self->round);
  self->n_open++;

  return question;
}

GCancellable *
ferry_network_get_round (FerryNetworkQuestion *question)
{
  return question->round;
}

FerryNetwork *
ferry_network_get_asker (FerryNetworkQuestion *question)
{
  g_autoptr(FerryNetwork) self = g_weak_ref_get (&question->network);

  /* The main loop's thread alone lets go of it. */
  return self != NULL && self->round == question->round ? self : NULL;
}

FerryNetwork *
ferry_network_answer (FerryNetworkQuestion *question)
{
  FerryNetwork *self = ferry_network_get_asker (question);

  if (self != NULL)
    {
      g_object_ref (self);
      self->n_open--;
    }

  g_weak_ref_clear (&question->network);
  g_object_unref (question->round);
  g_free (question);

  return self;
}
