/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SCRIPTED_IGD_ADDRESS "192.168.1.1"

/* A router that speaks UPnP (IGD 1), in a network of our own, as far as a test lets it. Starts
 * as zero. */
typedef struct
{
  gboolean        is_silent;
  const char     *external;   /* (nullable): 203.0.113.7 */
  guint           delay;      /* ms until it says what its address is */
  guint           refuses;    /* UPnP error of asking for a port; 0: none */
  guint           taken_port; /* another computer's */

  GHashTable     *mapped;     /* port outside → what was asked for, as text */
  GPtrArray      *asked;      /* (owned): texts of all that was asked for */
  guint           n_deleted;
  GSocket        *ssdp;
  GSource        *searched;
  GSocketService *http;
  guint16         port;
} ScriptedIgd;

void scripted_igd_start (ScriptedIgd *self);
void scripted_igd_stop  (ScriptedIgd *self);

G_END_DECLS
