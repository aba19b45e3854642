/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/peer-profile.h"

#define MAX_TELLS 3

/* A client, how it is known, and how to treat it. */
typedef struct
{
  const char       *host;             /* of the caps node, which is a URL */
  const char       *identity_name;
  const char       *tells[MAX_TELLS]; /* features that only it and its forks have together */
  FerryPeerProfile  profile;
} Row;

static const Row rows[] = {
  {
    .host = "ferry.im",
    .identity_name = "Ferry",
    .profile = {
      .name = "ferry",
      .answers_transport_replace = TRUE,
      .ends_with_received = TRUE,
      .in_band_block_size = 4096,
      .in_band_window = 8,
    },
  },

  /* Peer: Dino 0.4.2 to 0.5.1 and its source of 2026-06. Found by caps node, name, or
   * the pair of features below.
   * Replacing S5B by IBB cannot complete: it rejects our transport-replace, and answers
   * our transport-accept to its own with bad-request (Q-DI-7).
   * An offer is acknowledged and then ignored where it has no conversation with us;
   * any message makes one.
   * It has no hash in either direction, so that waiting for <checksum/> is waiting.
   * As a receiver it reads IBB stop-and-wait and refuses larger blocks (Q-DI-8). */
  {
    .host = "dino.im",
    .identity_name = "Dino",
    .tells = { "urn:xmpp:jingle:jet-omemo:0", "urn:xmpp:jingle:transports:raw-udp:1" },
    .profile = {
      .name = "dino",
      .habit = "Dino tries one host after another, each for seconds, and cannot change to in-band "
               "in the same session",
      .answers_transport_replace = FALSE,
      .ends_with_received = TRUE,
      .needs_conversation = TRUE,
      .never_sends_checksum = TRUE,
      .in_band_block_size = 4096,
      .in_band_window = 1,
    },
  },

  /* Peer: Conversations ≥ 2.13 and its forks (Cheogram, Snikket, monocles). Found by
   * caps node, name, or the pair of features below.
   * Its own sequence numbers do not wrap at 65536, so that a large file needs large
   * blocks: it takes 8192 at most (Q-CO-5). It has three blocks in flight itself. */
  {
    .host = "conversations.im",
    .identity_name = "Conversations",
    .tells = { "urn:xmpp:jingle:jet-omemo:0", "urn:xmpp:jingle:transports:webrtc-datachannel:1" },
    .profile = {
      .name = "conversations",
      .habit = "Conversations tries one host after another, each for three seconds",
      .answers_transport_replace = TRUE,
      .ends_with_received = TRUE,
      .in_band_block_size = 8192,
      .in_band_window = 3,
    },
  },

  /* Peer: Gajim 1.x. Found by caps node or name.
   * It never sends <received/>, and older ones end no session either.
   * Nothing is known of it with several blocks in flight; it sends one at a time. */
  {
    .host = "gajim.org",
    .identity_name = "Gajim",
    .profile = {
      .name = "gajim",
      .answers_transport_replace = TRUE,
      .ends_with_received = FALSE,
      .in_band_block_size = 4096,
      .in_band_window = 1,
    },
  },

  /* Peer: Psi and Psi+ (Iris). Found by caps node or name.
   * It takes no block above 4096 bytes (Q-PS-7), and many at a time.
   * Its first transport may be empty, and the hosts follow one by one (Q-PS-2). */
  {
    .host = "psi-im.org",
    .identity_name = "Psi",
    .profile = {
      .name = "psi",
      .habit = "Psi may name its hosts only after it has agreed",
      .answers_transport_replace = TRUE,
      .ends_with_received = TRUE,
      .trickles_candidates = TRUE,
      .in_band_block_size = 4096,
      .in_band_window = 8,
    },
  },
  {
    .host = "psi-plus.com",
    .identity_name = "Psi+",
    .profile = {
      .name = "psi",
      .habit = "Psi may name its hosts only after it has agreed",
      .answers_transport_replace = TRUE,
      .ends_with_received = TRUE,
      .trickles_candidates = TRUE,
      .in_band_block_size = 4096,
      .in_band_window = 8,
    },
  },

  /* Peer: libpurple 2.x (Pidgin, Finch) and QXmpp 1.4, by Stream Initiation. Found by
   * caps node, or libpurple's name. QXmpp refuses blocks above 4096; both took 16 blocks
   * in flight. */
  {
    .host = "pidgin.im",
    .identity_name = "pidgin",
    .profile = {
      .name = "purple",
      .habit = "Pidgin tries one host after another, each for five seconds",
      .answers_transport_replace = FALSE,
      .ends_with_received = FALSE,
      .never_sends_checksum = TRUE,
      .in_band_block_size = 4096,
      .in_band_window = 8,
    },
  },
  {
    .host = "github.com/qxmpp-project",
    .profile = {
      .name = "qxmpp",
      .habit = "QXmpp tries one host after another, each for seven seconds",
      .answers_transport_replace = FALSE,
      .ends_with_received = FALSE,
      .never_sends_checksum = TRUE,
      .in_band_block_size = 4096,
      .in_band_window = 8,
    },
  },
};

/* Anybody else: by the book, and a window that is careful (IBB-6). */
static const FerryPeerProfile default_profile = {
  .name = "default",
  .answers_transport_replace = TRUE,
  .ends_with_received = TRUE,
  .trickles_candidates = TRUE,
  .in_band_block_size = 4096,
  .in_band_window = 4,
};

/* Whether the URL @node is of @host, by http or https. */
static gboolean
is_node_of (const char *node,
            const char *host)
{
  gsize len = strlen (host);

  if (g_str_has_prefix (node, "http://"))
    node += strlen ("http://");
  else if (g_str_has_prefix (node, "https://"))
    node += strlen ("https://");
  else
    return FALSE;
  if (g_str_has_prefix (node, "www."))
    node += strlen ("www.");

  return strncmp (node, host, len) == 0 && strchr ("/#", node[len]) != NULL;
}

static gboolean
has_tells (const Row         *row,
           const char *const *features)
{
  for (guint i = 0; i < MAX_TELLS && row->tells[i] != NULL; i++)
    if (!g_strv_contains (features, row->tells[i]))
      return FALSE;

  return row->tells[0] != NULL;
}

/**
 * ferry_peer_profile_find:
 * @node: (nullable)
 * @identity_name: (nullable)
 * @features: (nullable)
 *
 * What a client calls itself comes before what it has in common with its forks.
 *
 * Returns: (transfer none): never %NULL
 */
const FerryPeerProfile *
ferry_peer_profile_find (const char        *node,
                         const char        *identity_name,
                         const char *const *features)
{
  for (guint i = 0; node != NULL && i < G_N_ELEMENTS (rows); i++)
    if (is_node_of (node, rows[i].host))
      return &rows[i].profile;

  for (guint i = 0; identity_name != NULL && i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (identity_name, rows[i].identity_name) == 0)
      return &rows[i].profile;

  for (guint i = 0; features != NULL && i < G_N_ELEMENTS (rows); i++)
    if (has_tells (&rows[i], features))
      return &rows[i].profile;

  return &default_profile;
}

const FerryPeerProfile *
ferry_peer_profile_get_default (void)
{
  return &default_profile;
}
