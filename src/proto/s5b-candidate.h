/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FERRY_S5B_DIRECT,
  FERRY_S5B_ASSISTED,
  FERRY_S5B_TUNNEL,
  FERRY_S5B_PROXY,
} FerryS5bType;

/* A SOCKS5 host that one party can be reached at: a value. */
typedef struct
{
  char         *cid;      /* (owned) */
  char         *host;     /* (owned): IPv4, IPv6 without brackets, or a name */
  char         *jid;      /* (owned): of the party itself, or of the proxy */
  guint16       port;
  guint32       priority; /* higher is better */
  FerryS5bType  type;
  gboolean      is_translated; /* ours: connections to it come in at another address of ours */
} FerryS5bCandidate;

FerryS5bCandidate *ferry_s5b_candidate_new      (void);
/* A `<streamhost/>`, the @nth of its list (S5B0-13): its cid is what names it. */
FerryS5bCandidate *ferry_s5b_candidate_new_host (const char              *jid,
                                                 const char              *host,
                                                 guint16                  port,
                                                 const char              *peer_jid,
                                                 guint                    nth);
FerryS5bCandidate *ferry_s5b_candidate_copy     (const FerryS5bCandidate *self);
void               ferry_s5b_candidate_free     (FerryS5bCandidate       *self);
gboolean           ferry_s5b_candidate_is_same  (const FerryS5bCandidate *a,
                                                 const FerryS5bCandidate *b);

/* A list of candidates, which it owns; none over the limits of SEC-11. */
#define FERRY_S5B_MAX_CANDIDATES 20

GPtrArray         *ferry_s5b_candidates_new     (void);
GPtrArray         *ferry_s5b_candidates_copy    (GPtrArray               *candidates);
FerryS5bCandidate *ferry_s5b_candidates_find    (GPtrArray               *candidates,
                                                 const char              *cid);

const char        *ferry_s5b_type_to_string     (FerryS5bType             type);
gboolean           ferry_s5b_type_from_string   (const char              *string,
                                                 FerryS5bType            *type);
guint32            ferry_s5b_priority           (FerryS5bType             type,
                                                 guint16                  local_preference);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryS5bCandidate, ferry_s5b_candidate_free)

G_END_DECLS
