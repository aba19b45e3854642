/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerryIbbVariant:
 *
 * An age of in-band bytestreams as a transport: what is agreed before the stream, and
 * what opens and closes it. Constant data.
 */
typedef struct
{
  const char *ns;             /* of its `<transport/>` */
  gboolean    names_no_terms; /* never: the stream has the id of the session, and its `<open/>`
                               * names the rest (XEP-0047 alone) */
  const char *negotiation_ns; /* (nullable): of the `<si/>` that an `<open/>` may say it belongs to
                               * (SI87-9) */
  gboolean    may_name_none;  /* an element without attributes means the same (C-8) */
  gboolean    terms_open;     /* terms that both sides have named open it: no `<open/>`, no
                               * `<close/>` (JI0-4, JI0-7) */
  gboolean    counts_text;    /* peers of this age may count encoded bytes (IBB-11) */
} FerryIbbVariant;

/* XEP-0261 ≥ 0.5: urn:xmpp:jingle:transports:ibb:1 */
extern const FerryIbbVariant ferry_ibb_1;
/* XEP-0047 by itself, as Stream Initiation and REL use it: http://jabber.org/protocol/ibb */
extern const FerryIbbVariant ferry_ibb_plain;

G_END_DECLS
