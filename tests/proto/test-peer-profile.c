/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/peer-profile.h"

static const char *const dino[] = { "urn:xmpp:jingle:1", "urn:xmpp:jingle:jet-omemo:0",
                                    "urn:xmpp:jingle:transports:raw-udp:1", NULL };
static const char *const forked[] = { "urn:xmpp:jingle:jet-omemo:0",
                                      "urn:xmpp:jingle:transports:webrtc-datachannel:1", NULL };
static const char *const plain[] = { "urn:xmpp:jingle:1", "urn:xmpp:jingle:jet-omemo:0", NULL };
static const char *const none[] = { NULL };

static void
test_knows_clients_by_what_they_say (void)
{
  static const struct
  {
    const char        *node;
    const char        *name;
    const char *const *features;
    const char        *profile;
  } cases[] = {
    { "https://dino.im", NULL, NULL, "dino" },
    { "https://dino.im#abc=", NULL, none, "dino" },
    { "http://dino.im/", "Dino", plain, "dino" },
    { NULL, "Dino", NULL, "dino" },
    { NULL, "Fork of a client", dino, "dino" },
    { "http://conversations.im", NULL, NULL, "conversations" },
    { "http://cheogram.com", "Cheogram", forked, "conversations" },
    { "https://gajim.org", "Gajim", plain, "gajim" },
    { "https://www.psi-im.org/", NULL, NULL, "psi" },
    { "http://pidgin.im/", "pidgin", NULL, "purple" },
    { NULL, "pidgin", plain, "purple" },
    { "http://slixmpp.com/ver/1.8.3", NULL, none, "default" },
    { "https://github.com/qxmpp-project/qxmpp", NULL, NULL, "qxmpp" },
    { "https://ferry.im/", "Ferry", dino, "ferry" },
    { "https://dino.im.evil.lit/", NULL, NULL, "default" },
    { "https://evil.lit/dino.im", NULL, NULL, "default" },
    { "dino.im", NULL, NULL, "default" },
    { "", "", none, "default" },
    { NULL, "Dino Fan", plain, "default" },
    { NULL, NULL, NULL, "default" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FerryPeerProfile *profile = ferry_peer_profile_find (cases[i].node, cases[i].name,
                                                                 cases[i].features);

      g_assert_cmpstr (profile->name, ==, cases[i].profile);
    }
}

/* Q-DI-7, Q-DI-8 */
static void
test_spares_dino_what_it_cannot_do (void)
{
  const FerryPeerProfile *profile = ferry_peer_profile_find ("https://dino.im", NULL, NULL);

  g_assert_false (profile->answers_transport_replace);
  g_assert_true (profile->needs_conversation);
  g_assert_true (profile->never_sends_checksum);
  g_assert_cmpuint (profile->in_band_window, ==, 1);
}

/* Q-PS-2. Who is unknown is given the time; who is known not to do it is not. */
static void
test_waits_for_candidates_of_psi (void)
{
  static const struct { const char *node; gboolean trickles; } cases[] = {
    { "https://psi-im.org", TRUE },      { "https://psi-plus.com", TRUE },
    { "https://example.lit", TRUE },     { "https://ferry.im/", FALSE },
    { "https://dino.im", FALSE },        { "http://conversations.im", FALSE },
    { "https://gajim.org", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (ferry_peer_profile_find (cases[i].node, NULL, NULL)->trickles_candidates, ==,
                     cases[i].trickles);
}

/* Q-CO-5 and the figures for in-band blocks */
static void
test_sizes_blocks_for_the_peer (void)
{
  const FerryPeerProfile *conversations = ferry_peer_profile_find ("http://conversations.im", NULL, NULL);
  const FerryPeerProfile *ferry = ferry_peer_profile_find ("https://ferry.im/", NULL, NULL);
  const FerryPeerProfile *unknown = ferry_peer_profile_get_default ();

  g_assert_cmpuint (conversations->in_band_block_size, ==, 8192);
  g_assert_cmpuint (ferry->in_band_block_size, ==, 4096);
  g_assert_cmpuint (ferry->in_band_window, ==, 8);
  g_assert_cmpuint (unknown->in_band_block_size, ==, 4096);
  g_assert_cmpuint (unknown->in_band_window, ==, 4);
  g_assert_true (unknown->answers_transport_replace);
  g_assert_false (unknown->never_sends_checksum);
}

/* Peers 6: they took many blocks at a time, and none is to be larger. */
static void
test_fills_the_pipe_of_older_clients (void)
{
  static const char *const nodes[] = { "http://pidgin.im/", "https://github.com/qxmpp-project/qxmpp" };

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      const FerryPeerProfile *profile = ferry_peer_profile_find (nodes[i], NULL, NULL);

      g_assert_cmpuint (profile->in_band_block_size, ==, 4096);
      g_assert_cmpuint (profile->in_band_window, ==, 8);
      g_assert_true (profile->never_sends_checksum);
      g_assert_false (profile->ends_with_received);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/peer-profile/knows-clients-by-what-they-say",
                   test_knows_clients_by_what_they_say);
  g_test_add_func ("/proto/peer-profile/spares-dino-what-it-cannot-do",
                   test_spares_dino_what_it_cannot_do);
  g_test_add_func ("/proto/peer-profile/waits-for-candidates-of-psi",
                   test_waits_for_candidates_of_psi);
  g_test_add_func ("/proto/peer-profile/sizes-blocks-for-the-peer", test_sizes_blocks_for_the_peer);
  g_test_add_func ("/proto/peer-profile/fills-the-pipe-of-older-clients",
                   test_fills_the_pipe_of_older_clients);

  return g_test_run ();
}
