/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/s5b-engine.h"

G_BEGIN_DECLS

#define ROMEO "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define SECOND G_USEC_PER_SEC

/* One engine, Romeo's, on a desk: an event in, a line of effects out. He offers the
 * direct host c0 and the proxy c1 (192.0.2.1 and .9); Juliet offers what the test says. */
typedef struct
{
  FerryS5bEngine *engine;
  gint64          now;    /* µs */
  guint           dial;   /* the last one */
  guint           used;   /* the connection chosen */
  const char     *asked;  /* interned: what the last one dialled was asked for */
} Desk;

void desk_init     (Desk                   *desk,
                    FerryRole               role,
                    const FerryS5bRules    *rules);
void desk_init_for (Desk                   *desk,
                    FerryRole               role,
                    const FerryS5bRules    *rules,
                    const FerryPeerProfile *profile);
void desk_handle   (Desk                   *desk,
                    const FerryS5bEvent    *event,
                    FerryS5bVerdict         verdict,
                    const char             *expected);
void desk_event    (Desk                   *desk,
                    FerryS5bEventKind       kind,
                    const char             *expected);
void desk_info     (Desk                   *desk,
                    FerryS5bInfo            info,
                    const char             *cid,
                    FerryS5bVerdict         verdict,
                    const char             *expected);
/* A report of a streamhost; @host: (nullable). */
void desk_used     (Desk                   *desk,
                    const char             *jid,
                    const char             *host,
                    guint16                 port,
                    FerryS5bVerdict         verdict,
                    const char             *expected);
/* Our last report was taken, or refused. */
void desk_answer   (Desk                   *desk,
                    gboolean                refused,
                    const char             *expected);
/* A connection comes in to our address @local. Returns its id. */
guint desk_inbound (Desk                   *desk,
                    const char             *local,
                    const char             *expected);
/* Nothing before @after has passed, then @expected. */
void desk_wait     (Desk                   *desk,
                    gint64                  after,
                    const char             *expected);
/* @n hosts of Juliet's, of @type, named from @first on: jN is 198.51.100.N. */
void desk_offer    (Desk                   *desk,
                    FerryS5bType            type,
                    guint                   first,
                    guint                   n,
                    FerryS5bVerdict         verdict,
                    const char             *expected);

/* With the variable desk. */
#define HEARD(info, cid, expected) \
  desk_info (&desk, FERRY_S5B_INFO_##info, cid, FERRY_S5B_VERDICT_OK, expected)
#define SAID(kind, expected) desk_event (&desk, FERRY_S5B_EVENT_##kind, expected)
#define OFFER(type, n) desk_offer (&desk, FERRY_S5B_##type, 0, n, FERRY_S5B_VERDICT_OK, "")

G_END_DECLS
