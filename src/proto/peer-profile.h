/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FerryPeerProfile:
 *
 * How to treat a peer whose client is known to do something its own way. Rows
 * of one table (peer-profile.c), each with the client, its versions, the symptom
 * and our answer; chosen by what entity capabilities and disco say. Code reads
 * these capabilities and never a client's name.
 */
typedef struct
{
  const char *name;                     /* for the log */
  const char *habit;                    /* (nullable): English: what explains how a path is found */
  gboolean    answers_transport_replace; /* FALSE: start a fresh in-band session instead (FB-7) */
  gboolean    ends_with_received;       /* it sends <received/> or terminate once it has the file */
  gboolean    needs_conversation;       /* an offer is ignored unless a message came first */
  gboolean    never_sends_checksum;     /* do not wait for its <checksum/> (FT-6) */
  gboolean    trickles_candidates;      /* SOCKS5 hosts may follow an empty transport (S5B1-4) */
  guint       in_band_block_size;       /* bytes to propose */
  guint       in_band_window;           /* blocks in flight at most */
} FerryPeerProfile;

/* @node: the caps node URI; @identity_name: of the client identity; @features: %NULL-terminated. */
const FerryPeerProfile *ferry_peer_profile_find        (const char        *node,
                                                        const char        *identity_name,
                                                        const char *const *features);
const FerryPeerProfile *ferry_peer_profile_get_default (void);

G_END_DECLS
