/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libgupnp-igd/gupnp-simple-igd.h>

#include "net/port-mappings-private.h"

G_BEGIN_DECLS

/* Shared by its owner, the thread, and what that tells its owner. What waits in the thread's main
 * context owns nothing of it: as long as that runs, so does the thread, which does. */
struct _FerryMappingIgd
{
  char             *own;     /* (owned) */
  char             *router;  /* (owned) */
  FerryIpAddress    internal;
  guint16           port;
  GMainContext     *home;    /* (owned): the owner's */
  GMainContext     *context; /* (owned): the thread's */

  /* The owner's only. */
  FerryMappingFunc  func;    /* (nullable) */
  gpointer          user_data;

  /* The thread's only. */
  GMainLoop        *loop;       /* (owned) */
  GUPnPSimpleIgd   *igd;        /* (owned) */
  gboolean          is_stopping;
  gint64            asked_at;   /* µs */
  gboolean          is_answered;
  FerryPortMapping  mapping;    /* without an external port: none stands */
  gint64            mapped_at;  /* µs */
  GHashTable       *returns;    /* set of external ports: those of dead runs */
};

/* A port of a dead run, to be given back. */
typedef struct
{
  FerryMappingIgd *igd;
  guint16          port;
  guint16          external_port;
} FerryIgdReturn;

/* port-mappings-igd.c */

/* Never at once, and never in the caller's thread, as g_main_context_invoke() might. */
void     ferry_igd_run_in       (GMainContext           *context,
                                 guint                   delay,
                                 GSourceFunc             func,
                                 gpointer                data,
                                 GDestroyNotify          destroy);
/* Tells the owner, in its own thread. @text: (nullable): static */
void     ferry_igd_tell         (FerryMappingIgd        *self,
                                 FerryMappingNews        news,
                                 const FerryPortMapping *mapping,
                                 const char             *text);

/* port-mappings-igd-talk.c: in the thread only */

void     ferry_igd_begin        (FerryMappingIgd        *self);
/* @user_data: FerryIgdReturn */
gboolean ferry_igd_give_back_cb (gpointer                user_data);
/* @user_data: FerryMappingIgd */
gboolean ferry_igd_stop_cb      (gpointer                user_data);

G_END_DECLS
