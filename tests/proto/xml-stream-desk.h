/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/xml-stream.h"

G_BEGIN_DECLS

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"
#define ID     "s1"

#define HEADER(attributes) "<stream:stream xmlns='jabber:client' " \
  "xmlns:stream='http://etherx.jabber.org/streams'" attributes ">"
#define HEADER_OF_ROMEO  HEADER (" from='" ROMEO "' to='" JULIET "' version='1.0'")
#define HEADER_OF_JULIET HEADER (" from='" JULIET "' to='" ROMEO "' id='" ID "' version='1.0'")
#define DECLARATION "<?xml version='1.0'?>"
#define FEATURES    "<stream:features/>"
#define THE_END     "</stream:stream>"
#define ERROR(condition) "<stream:error><" condition \
  " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>" THE_END

/* One stream, and all it wanted. Romeo initiates, Juliet responds. */
typedef struct
{
  FerryXmlStream    *stream;
  GString           *written;
  GString           *stanzas;  /* printed, one after the other */
  guint              n_opened;
  guint              n_ended;
  FerryXmlStreamEnd  end;
  char              *text;     /* (nullable) */
  gint64             deadline; /* µs; 0: none */
  gint64             now;      /* µs */
} Desk;

Desk *desk_new     (FerryRole   role,
                    gboolean    both_first);
/* Started, and its peer's header has come; what it wrote so far is forgotten. */
Desk *desk_new_open (FerryRole  role);
void  desk_free    (Desk       *self);
void  desk_start   (Desk       *self);
void  desk_feed    (Desk       *self,
                    const char *bytes,
                    gssize      size);
void  desk_cut     (Desk       *self);
void  desk_close   (Desk       *self);
/* Lets time pass; what is due by then is told. */
void  desk_sleep   (Desk       *self,
                    gint64      seconds);
/* Until it wants no more, at most for a minute. */
void  desk_settle  (Desk       *self);
gboolean desk_send (Desk       *self,
                    const char *stanza);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

G_END_DECLS
