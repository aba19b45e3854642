/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/s5b-connector-private.h"

G_BEGIN_DECLS

/* What of a #FerryS5bConnector makes connections, and tells of it. */

/* One connection, or an attempt at it. */
typedef struct
{
  guint              id;
  GCancellable      *cancellable; /* (owned) */
  GSocketConnection *stream;      /* (owned) (nullable): once it stands */
  gboolean           inbound;
  char              *host;        /* (owned) (nullable): the other end */
  guint16            port;
  const char        *way;         /* static: how it goes there, as far as we know */
} S5bConnection;

/* One candidate: a host, its addresses one after another. */
typedef struct
{
  FerryS5bConnector  *connector;   /* (owned) */
  guint               id;
  char               *host;        /* (owned): name or address */
  guint16             port;
  FerryS5bTrust       trust;
  char               *address;     /* (owned): to ask for */
  GList              *addresses;   /* (owned): GInetAddress, not tried yet */
  guint               n_tried;
  GCancellable       *cancellable; /* (owned) */
  gboolean            refused;     /* by the last: the request, not the connection */
  char               *text;        /* (owned) (nullable): what the last one said */
  gboolean            is_punched;
  GInetSocketAddress *place;       /* (owned) (nullable): to which a hole is being punched */
  gint64              deadline;    /* µs: until when a guest from there may turn up; 0: none expected */
} Dial;

/* s5b-connector-dial.c */
void        _ferry_s5b_connection_free         (S5bConnection        *connection);
void        _ferry_s5b_connector_dial          (FerryS5bConnector    *self,
                                                const FerryS5bEffect *effect);
/* Why @address must not be connected to. Returns: (nullable) */
const char *_ferry_s5b_connector_object        (FerryS5bConnector    *self,
                                                GInetAddress         *address,
                                                guint16               port,
                                                FerryS5bTrust         trust);
void        _ferry_s5b_dial_free               (Dial                 *dial);
/* Goes on with the next address, or fails with its text. Consumes @dial. */
void        _ferry_s5b_dial_try_next           (Dial                 *dial);
/* Of the SOCKS5 dialer; consumes the #Dial. */
void        _ferry_s5b_dial_done_cb            (GObject              *source,
                                                GAsyncResult         *result,
                                                gpointer              user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Dial, _ferry_s5b_dial_free)

/* s5b-connector-punch.c: see FERRY_NS_PUNCH. */
/* Whether what the peer expects of @candidate is not that it is dialled like others, or that
 * cannot be done; it is taken care of. */
gboolean    _ferry_s5b_connector_keep_assisted (FerryS5bConnector       *self,
                                                const FerryS5bCandidate *candidate);
/* Consumes @dial. */
void        _ferry_s5b_dial_punch              (Dial                    *dial,
                                                GInetSocketAddress      *place);
void        _ferry_s5b_connector_knock         (FerryS5bConnector       *self);
/* Returns: (nullable): our own predicted host, if it is offered */
const char *_ferry_s5b_connector_get_prediction (FerryS5bConnector      *self);

/* s5b-connector-report.c: what happens, for those who want to know. */
const char *_ferry_s5b_connector_get_way_to    (FerryS5bConnector       *self,
                                                const FerryS5bEffect    *effect);
const char *_ferry_s5b_connector_get_way_in    (const char              *local,
                                                const char              *remote,
                                                gboolean                 is_punched);
void        _ferry_s5b_connector_note          (FerryS5bConnector       *self,
                                                FerryPathStepKind        kind,
                                                const char              *way,
                                                const char              *host,
                                                guint16                  port,
                                                const char              *text);
void        _ferry_s5b_connector_note_attempt  (FerryS5bConnector       *self,
                                                const S5bConnection     *connection,
                                                FerryPathStepKind        kind,
                                                const char              *text);
void        _ferry_s5b_connector_note_call     (FerryS5bConnector       *self,
                                                const S5bConnection     *connection,
                                                const char              *local);
void        _ferry_s5b_connector_note_host     (FerryS5bConnector       *self,
                                                const FerryS5bCandidate *candidate,
                                                const char              *text);
void        _ferry_s5b_connector_note_info     (FerryS5bConnector       *self,
                                                const FerryS5bEvent     *event);
/* Says which way it is, by the engine's USE, and remembers it. */
void        _ferry_s5b_connector_choose        (FerryS5bConnector       *self,
                                                const S5bConnection     *connection,
                                                const FerryS5bEffect    *effect);
void        _ferry_s5b_connector_note_failure  (FerryS5bConnector       *self,
                                                const char              *text);

G_END_DECLS
