/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

/* RFC 6121 §4.7.1 */
typedef enum
{
  FERRY_PRESENCE_TYPE_AVAILABLE, /* no type */
  FERRY_PRESENCE_TYPE_ERROR,
  FERRY_PRESENCE_TYPE_PROBE,
  FERRY_PRESENCE_TYPE_SUBSCRIBE,
  FERRY_PRESENCE_TYPE_SUBSCRIBED,
  FERRY_PRESENCE_TYPE_UNAVAILABLE,
  FERRY_PRESENCE_TYPE_UNSUBSCRIBE,
  FERRY_PRESENCE_TYPE_UNSUBSCRIBED,
} FerryPresenceType;

/* RFC 6121 §4.7.2.1 */
typedef enum
{
  FERRY_SHOW_AVAILABLE, /* no <show/> */
  FERRY_SHOW_CHAT,
  FERRY_SHOW_AWAY,
  FERRY_SHOW_XA,
  FERRY_SHOW_DND,
} FerryShow;

/**
 * FerryPresenceStanza:
 *
 * A `<presence/>` as a value. Zeroed it is our plain "available".
 */
typedef struct
{
  FerryPresenceType  type;
  FerryShow          show;
  int                priority;  /* -128 … 127 */
  char              *from;      /* (owned) (nullable) */
  char              *to;        /* (owned) (nullable) */
  char              *status;    /* (owned) (nullable) */
  char              *caps_hash; /* (owned) (nullable): %NULL with a node: legacy caps */
  char              *caps_node; /* (owned) (nullable) */
  char              *caps_ver;  /* (owned) (nullable) */
} FerryPresenceStanza;

/* Whatever is unknown in it counts as absent. @self: an uninitialised value.
 * Returns: %FALSE if @stanza is no presence, or of a type that does not exist */
gboolean      ferry_presence_parse      (FerryPresenceStanza       *self,
                                         const FerryElement        *stanza);
void          ferry_presence_clear      (FerryPresenceStanza       *self);
/* Returns: (transfer full): caps are written with hash sha-1 */
FerryElement *ferry_presence_to_element (const FerryPresenceStanza *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FerryPresenceStanza, ferry_presence_clear)

G_END_DECLS
