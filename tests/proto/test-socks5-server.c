/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/proto-error.h"
#include "proto/socks5-client.h"
#include "proto/socks5-server.h"

#define ADDRESS "972b7bf47291ca609517f67f86b5081086052dad"

/* Plays @script to a fresh server, in the pieces it asks for. Returns how many
 * bytes of it belonged to the handshake; -1 with @error set if it failed. */
static gssize
play (FerrySocks5Server *server,
      const guint8      *script,
      gsize              len,
      GByteArray        *sent,
      GError           **error)
{
  gsize used = 0;
  gsize needed;

  ferry_socks5_server_init (server);

  while ((needed = ferry_socks5_server_get_needed (server)) > 0)
    {
      g_autoptr(GBytes) to_send = NULL;
      gboolean ok;

      g_assert_cmpuint (needed, <=, FERRY_SOCKS5_SERVER_MAX_READ);
      g_assert_cmpuint (used + needed, <=, len);
      ok = ferry_socks5_server_receive (server, script + used, &to_send, error);
      if (to_send != NULL)
        g_byte_array_append (sent, g_bytes_get_data (to_send, NULL), g_bytes_get_size (to_send));
      if (!ok)
        return -1;
      used += needed;
    }

  return used;
}

/* SOCKS-2: Dino compares all 47 octets. */
static void
test_echoes_what_was_asked (void)
{
  static const guint8 script[] = "\5\1\0" "\5\1\0\3\x28" ADDRESS "\0\0" "payload";
  FerrySocks5Server server;
  g_autoptr(GByteArray) sent = g_byte_array_new ();
  g_autoptr(GBytes) reply = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (play (&server, script, sizeof script - 1, sent, &error), ==, 3 + 47);
  g_assert_no_error (error);
  g_assert_cmpmem (sent->data, sent->len, "\5\0", 2);
  g_assert_cmpstr (ferry_socks5_server_get_address (&server), ==, ADDRESS);

  reply = ferry_socks5_server_accept (&server);
  g_assert_cmpmem (g_bytes_get_data (reply, NULL), g_bytes_get_size (reply),
                   "\5\0\0\3\x28" ADDRESS "\0\0", 47);
  g_assert_cmpuint (ferry_socks5_server_get_needed (&server), ==, 0);
}

/* SOCKS-6 */
static void
test_refuses_in_its_own_words (void)
{
  static const guint8 script[] = "\5\1\0" "\5\1\0\3\4cafe\0\0";
  FerrySocks5Server server;
  g_autoptr(GByteArray) sent = g_byte_array_new ();
  g_autoptr(GBytes) reply = NULL;

  g_assert_cmpint (play (&server, script, sizeof script - 1, sent, NULL), ==, 3 + 11);
  reply = ferry_socks5_server_refuse (&server);
  g_assert_cmpmem (g_bytes_get_data (reply, NULL), g_bytes_get_size (reply),
                   "\5\5\0\3\4cafe\0\0", 11);
}

/* SOCKS-5 */
static void
test_accepts_any_list_with_no_authentication (void)
{
  static const guint8 script[] = "\5\4\2\1\x80\0" "\5\1\0\3\4cafe\0\0";
  FerrySocks5Server server;
  g_autoptr(GByteArray) sent = g_byte_array_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (play (&server, script, sizeof script - 1, sent, &error), ==, 6 + 11);
  g_assert_no_error (error);
}

static void
test_rejects (void)
{
  static const struct
  {
    const char *what;
    const char *script;
    gsize       len;
    const char *sent;
    gsize       sent_len;
  } cases[] = {
#define CASE(what, script, sent) { what, script, sizeof script - 1, sent, sizeof sent - 1 }
    CASE ("SOCKS4", "\4\1", ""),
    CASE ("HTTP", "GE", ""),
    CASE ("no methods", "\5\0", ""),
    CASE ("a password", "\5\1\2", "\5\xff"),
    CASE ("many methods, not ours", "\5\3\1\2\3", "\5\xff"),
    CASE ("version changes", "\5\1\0" "\4\1\0\3\4", "\5\0"),
    CASE ("BIND", "\5\1\0" "\5\2\0\3\4", "\5\0"),
    CASE ("UDP ASSOCIATE", "\5\1\0" "\5\3\0\3\4", "\5\0"),
    CASE ("a reserved octet", "\5\1\0" "\5\1\1\3\4", "\5\0"), /* SEC-24 */
    CASE ("an IPv4 address", "\5\1\0" "\5\1\0\1\x7f", "\5\0"),
    CASE ("an IPv6 address", "\5\1\0" "\5\1\0\4\0", "\5\0"),
    CASE ("an empty name", "\5\1\0" "\5\1\0\3\0", "\5\0"),
    CASE ("a port", "\5\1\0" "\5\1\0\3\4cafe\0\x50", "\5\0"),
    CASE ("a NUL in the name", "\5\1\0" "\5\1\0\3\4ca\0e\0\0", "\5\0"),
#undef CASE
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerrySocks5Server server;
      g_autoptr(GByteArray) sent = g_byte_array_new ();
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].what);
      g_assert_cmpint (play (&server, (const guint8 *) cases[i].script, cases[i].len, sent, &error),
                       ==, -1);
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
      g_assert_cmpmem (sent->data, sent->len, cases[i].sent, cases[i].sent_len);
      g_assert_cmpuint (ferry_socks5_server_get_needed (&server), ==, 0);
      g_assert_null (ferry_socks5_server_get_address (&server));
    }
}

/* One byte pipe; whoever reads takes exactly what it asked for. */
static gboolean
take (GByteArray *wire,
      gsize       visible,
      gsize       needed,
      guint8     *buffer)
{
  if (MIN (visible, wire->len) < needed)
    return FALSE;

  memcpy (buffer, wire->data, needed);
  g_byte_array_remove_range (wire, 0, needed);

  return TRUE;
}

static void
append (GByteArray *wire,
        GBytes     *bytes)
{
  if (bytes != NULL)
    g_byte_array_append (wire, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_clear_pointer (&bytes, g_bytes_unref);
}

/* Our two halves against each other; the network shows @step bytes at a time. */
static void
shake_hands (gsize step)
{
  FerrySocks5Client client;
  FerrySocks5Server server;
  g_autoptr(GByteArray) up = g_byte_array_new ();
  g_autoptr(GByteArray) down = g_byte_array_new ();
  guint8 buffer[FERRY_SOCKS5_SERVER_MAX_READ];
  gsize shown = 0;

  append (up, ferry_socks5_client_start (&client, ADDRESS));
  ferry_socks5_server_init (&server);

  while (ferry_socks5_client_get_needed (&client) > 0)
    {
      g_autoptr(GError) error = NULL;
      GBytes *to_send = NULL;
      gsize needed = ferry_socks5_server_get_needed (&server);

      shown += step;
      g_assert_cmpuint (shown, <, 1000);

      if (needed > 0 && take (up, shown, needed, buffer))
        {
          g_assert_true (ferry_socks5_server_receive (&server, buffer, &to_send, &error));
          append (down, to_send);
          shown = 0;
          if (ferry_socks5_server_get_address (&server) != NULL)
            append (down, ferry_socks5_server_accept (&server));
        }

      needed = ferry_socks5_client_get_needed (&client);
      if (take (down, shown, needed, buffer))
        {
          g_assert_true (ferry_socks5_client_receive (&client, buffer, &to_send, &error));
          append (up, to_send);
          shown = 0;
        }
    }

  g_assert_cmpuint (up->len + down->len, ==, 0);
  g_assert_cmpstr (ferry_socks5_server_get_address (&server), ==, ADDRESS);
}

static void
test_understands_our_client_in_any_pieces (void)
{
  for (gsize step = 1; step <= 60; step++)
    shake_hands (step);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/socks5-server/echoes-what-was-asked", test_echoes_what_was_asked);
  g_test_add_func ("/proto/socks5-server/refuses-in-its-own-words", test_refuses_in_its_own_words);
  g_test_add_func ("/proto/socks5-server/accepts-any-list-with-no-authentication",
                   test_accepts_any_list_with_no_authentication);
  g_test_add_func ("/proto/socks5-server/rejects", test_rejects);
  g_test_add_func ("/proto/socks5-server/understands-our-client-in-any-pieces",
                   test_understands_our_client_in_any_pieces);

  return g_test_run ();
}
