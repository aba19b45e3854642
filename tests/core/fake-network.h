/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/network.h"

G_BEGIN_DECLS

/* A FerryNetwork that knows what it is told: linked instead of the real one. */
FerryNetwork   *fake_network_new            (void);
/* (transfer none): to be filled */
FerryPathFacts *fake_network_get_facts      (FerryNetwork *self);
void            fake_network_set_direct     (FerryNetwork *self,
                                             gboolean      is_direct);
/* @fault: (nullable): static */
void            fake_network_set_stun       (FerryNetwork *self,
                                             gboolean      has_server,
                                             const char   *fault);
/* Something became known. */
void            fake_network_change         (FerryNetwork *self);
/* Nothing more will become known: ends the waits. */
void            fake_network_settle         (FerryNetwork *self);
gboolean        fake_network_is_started     (FerryNetwork *self);
/* How often it was to look anew. */
guint           fake_network_get_n_online   (FerryNetwork *self);
/* Whether whoever made one for itself ended it in order. */
gboolean        fake_network_has_stopped_all (void);

G_END_DECLS
