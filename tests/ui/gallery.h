/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-core.h"
#include "ui/window.h"

G_BEGIN_DECLS

/* A window on models of our own, and the scene in it. */
typedef struct
{
  AdwApplication *app;
  FerryOptions    options;
  FerryProfile   *profile;   /* (owned) */
  FerryClient    *client;    /* (owned) */
  FerryWindow    *window;
  const char     *scene;
  gint64          started;   /* µs, monotonic: before GTK was initialised */
  gint64          first;     /* first frame painted; 0: not yet */
  gint64          first_cpu; /* µs of processor time until then */
  gint64          before;    /* of the frame being painted: processor time */
  GArray         *frames;    /* (owned): gint64, µs of processor time each cost */
} Gallery;

typedef struct
{
  const char  *name;
  void       (*build) (Gallery *self);
} Scene;

/* gallery-chat.c, gallery-path.c: each ends with a row of %NULL. */
extern const Scene gallery_chat_scenes[];
extern const Scene gallery_path_scenes[];

/* gallery-path.c: how it found its way, or did not. */
void          gallery_add_report (FerryTransfer *transfer);

/* gallery.c: people and files; Bob's page is seen. */
FerryContact *gallery_show_main  (Gallery       *self);

G_END_DECLS
