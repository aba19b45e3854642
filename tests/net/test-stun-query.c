/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "net/inet-address.h"
#include "net/stun-query.h"
#include "test-client.h"
#include "udp-peer.h"

#define COOKIE "\x21\x12\xa4\x42"
#define HEADER 20
#define SEEN "203.0.113.7"

/* RFC 8489 §14 */
enum
{
  MAPPED_ADDRESS = 0x0001,
  ERROR_CODE = 0x0009,
  XOR_MAPPED_ADDRESS = 0x0020,
  ALTERNATE_SERVER = 0x8023,
};

typedef void (*AnswerFunc) (UdpPeer        *peer,
                            const guint8   *request,
                            GSocketAddress *from,
                            gpointer        data);

/* What the server answers. */
typedef struct
{
  AnswerFunc  answer; /* (nullable): nothing */
  const char *seen;   /* (nullable): who asks */
  guint16     port;   /* 0: where he asks from */
  UdpPeer    *other;  /* (nullable) */
  guint       lost;   /* requests that do not arrive */
} Script;

static FerryIpAddress
ip (const char *text)
{
  FerryIpAddress address;

  g_assert_true (ferry_ip_address_parse (text, &address));
  return address;
}

static GByteArray *
begin (const guint8 *request,
       guint16       type)
{
  GByteArray *message = g_byte_array_new ();
  guint8 head[4] = { (guint8) (type >> 8), (guint8) type, 0, 0 };

  g_byte_array_append (message, head, sizeof head);
  g_byte_array_append (message, request + 4, HEADER - 4);
  return message;
}

static void
add_attribute (GByteArray   *message,
               guint16       type,
               const guint8 *value,
               guint16       size)
{
  guint8 head[4] = { (guint8) (type >> 8), (guint8) type, (guint8) (size >> 8), (guint8) size };
  guint len;

  g_byte_array_append (message, head, sizeof head);
  g_byte_array_append (message, value, size);
  len = message->len - HEADER;
  message->data[2] = (guint8) (len >> 8);
  message->data[3] = (guint8) len;
}

static void
add_address (GByteArray           *message,
             guint16               type,
             const FerryIpAddress *address,
             guint16               port)
{
  guint8 value[20] = { 0, address->len == 4 ? 1 : 2, (guint8) (port >> 8), (guint8) port };

  memcpy (value + 4, address->bytes, address->len);
  if (type == XOR_MAPPED_ADDRESS)
    {
      value[2] ^= message->data[4];
      value[3] ^= message->data[5];
      for (guint i = 0; i < address->len; i++)
        value[4 + i] ^= message->data[4 + i];
    }

  add_attribute (message, type, value, (guint16) (4 + address->len));
}

static GByteArray *
build_good (Script         *script,
            const guint8   *request,
            GSocketAddress *from,
            guint16         attribute)
{
  GByteArray *message = begin (request, 0x0101);
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (from);
  FerryIpAddress seen = script->seen != NULL
    ? ip (script->seen)
    : ferry_inet_address_get_ip (g_inet_socket_address_get_address (inet));

  add_address (message, attribute, &seen,
               script->port != 0 ? script->port : g_inet_socket_address_get_port (inet));
  return message;
}

static void
answer_good (UdpPeer        *peer,
             const guint8   *request,
             GSocketAddress *from,
             gpointer        data)
{
  g_autoptr(GByteArray) message = build_good (data, request, from, XOR_MAPPED_ADDRESS);

  udp_peer_send (peer, from, message->data, message->len);
}

static void
answer_plain (UdpPeer        *peer,
              const guint8   *request,
              GSocketAddress *from,
              gpointer        data)
{
  g_autoptr(GByteArray) message = build_good (data, request, from, MAPPED_ADDRESS);

  udp_peer_send (peer, from, message->data, message->len);
}

/* Every kind of rubbish, saying that we are somebody else. */
static void
send_rubbish (UdpPeer        *peer,
              const guint8   *request,
              GSocketAddress *from)
{
  Script lie = { .seen = "198.51.100.66", .port = 66 };
  g_autoptr(GByteArray) message = build_good (&lie, request, from, XOR_MAPPED_ADDRESS);
  guint8 huge[1500] = { 0 };

  udp_peer_send (peer, from, huge, 0);
  for (guint size = 1; size < message->len; size++)
    udp_peer_send (peer, from, message->data, size);

  memcpy (huge, message->data, message->len);
  udp_peer_send (peer, from, huge, message->len + 1);
  udp_peer_send (peer, from, huge, sizeof huge);
  huge[2] = (sizeof huge - HEADER) >> 8;
  huge[3] = (sizeof huge - HEADER) & 0xff;
  udp_peer_send (peer, from, huge, sizeof huge);

  for (guint i = 0; i < HEADER; i++)
    {
      if (i == 2 || i == 3)
        continue;
      message->data[i] ^= 0x11; /* the class and method, the cookie, the transaction */
      udp_peer_send (peer, from, message->data, message->len);
      message->data[i] ^= 0x11;
    }

  message->data[HEADER + 3] = 0xff; /* longer than the message */
  udp_peer_send (peer, from, message->data, message->len);
}

static void
answer_rubbish (UdpPeer        *peer,
                const guint8   *request,
                GSocketAddress *from,
                gpointer        data)
{
  send_rubbish (peer, request, from);
}

static void
answer_rubbish_then_good (UdpPeer        *peer,
                          const guint8   *request,
                          GSocketAddress *from,
                          gpointer        data)
{
  send_rubbish (peer, request, from);
  answer_good (peer, request, from, data);
}

static void
answer_from_elsewhere (UdpPeer        *peer,
                       const guint8   *request,
                       GSocketAddress *from,
                       gpointer        data)
{
  Script *script = data;
  g_autoptr(GByteArray) message = build_good (script, request, from, XOR_MAPPED_ADDRESS);

  udp_peer_send (script->other, from, message->data, message->len);
}

static void
answer_alternate (UdpPeer        *peer,
                  const guint8   *request,
                  GSocketAddress *from,
                  gpointer        data)
{
  Script *script = data;
  static const guint8 try_alternate[] = { 0, 0, 3, 0 };
  GInetSocketAddress *other = G_INET_SOCKET_ADDRESS (udp_peer_get_address (script->other));
  FerryIpAddress where = ferry_inet_address_get_ip (g_inet_socket_address_get_address (other));
  g_autoptr(GByteArray) message = begin (request, 0x0111);

  add_attribute (message, ERROR_CODE, try_alternate, sizeof try_alternate);
  add_address (message, ALTERNATE_SERVER, &where, g_inet_socket_address_get_port (other));
  udp_peer_send (peer, from, message->data, message->len);
}

static void
answer_error (UdpPeer        *peer,
              const guint8   *request,
              GSocketAddress *from,
              gpointer        data)
{
  static const guint8 bad_request[] = { 0, 0, 4, 0 };
  g_autoptr(GByteArray) message = begin (request, 0x0111);

  add_attribute (message, ERROR_CODE, bad_request, sizeof bad_request);
  udp_peer_send (peer, from, message->data, message->len);
}

static void
server_cb (UdpPeer        *peer,
           const guint8   *data,
           gsize           size,
           GSocketAddress *from,
           gpointer        user_data)
{
  Script *script = user_data;

  /* A binding request, and nothing in it that would tell who we are. */
  g_assert_cmpuint (size, ==, HEADER);
  g_assert_cmpmem (data, 2, "\0\1", 2);
  g_assert_cmpmem (data + 4, 4, COOKIE, 4);

  if (udp_peer_get_count (peer) > script->lost && script->answer != NULL)
    script->answer (peer, data, from, script);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
query (GSocketAddress  *server,
       const char      *own,
       guint            timeout,
       FerryReflexive  *reflexive,
       GError         **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  FerryIpAddress from = ip (own);

  ferry_stun_query_async (G_INET_SOCKET_ADDRESS (server), &from, timeout, NULL, done_cb, &result);
  WAIT_FOR (result != NULL);
  return ferry_stun_query_finish (result, reflexive, error);
}

static void
test_tells_how_we_look (void)
{
  const struct
  {
    Script   script;
    gboolean is_ours;
    gboolean keeps_ports;
  } cases[] = {
    { { answer_good }, TRUE, TRUE },
    { { answer_good, .port = 4711 }, TRUE, FALSE },
    { { answer_good, SEEN }, FALSE, TRUE },
    { { answer_good, SEEN, 4711 }, FALSE, FALSE },
    { { answer_good, "10.1.2.3" }, FALSE, TRUE },
    { { answer_plain, SEEN }, FALSE, TRUE },
    { { answer_good, SEEN, .lost = 2 }, FALSE, TRUE },
    { { answer_rubbish_then_good, SEEN }, FALSE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Script script = cases[i].script;
      g_autoptr(UdpPeer) server = udp_peer_new (G_SOCKET_FAMILY_IPV4, server_cb, &script);
      g_autoptr(GError) error = NULL;
      FerryReflexive reflexive;
      FerryIpAddress seen = ip (script.seen != NULL ? script.seen : "127.0.0.1");

      query (udp_peer_get_address (server), "127.0.0.1", 3000, &reflexive, &error);
      g_assert_no_error (error);
      g_assert_true (ferry_ip_address_equal (&reflexive.seen, &seen));
      g_assert_cmpint (reflexive.is_ours, ==, cases[i].is_ours);
      g_assert_cmpint (reflexive.keeps_ports, ==, cases[i].keeps_ports);
      g_assert_cmpuint (udp_peer_get_count (server), ==, script.lost + 1);
    }
}

static void
test_speaks_ipv6 (void)
{
  Script script = { answer_good, "2001:db8::7" };
  g_autoptr(UdpPeer) server = udp_peer_new (G_SOCKET_FAMILY_IPV6, server_cb, &script);
  g_autoptr(GError) error = NULL;
  FerryIpAddress seen = ip ("2001:db8::7");
  FerryReflexive reflexive;

  query (udp_peer_get_address (server), "::1", 3000, &reflexive, &error);
  g_assert_no_error (error);
  g_assert_true (ferry_ip_address_equal (&reflexive.seen, &seen));
  g_assert_false (reflexive.is_ours);
  g_assert_true (reflexive.keeps_ports);
}

static void
test_refuses_nonsense (void)
{
  static const char *const nonsense[] = {
    "0.0.0.0", "255.255.255.255", "224.0.0.1", "169.254.169.254", "2001:db8::1", "fe80::1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      Script script = { answer_good, nonsense[i] };
      g_autoptr(UdpPeer) server = udp_peer_new (G_SOCKET_FAMILY_IPV4, server_cb, &script);
      g_autoptr(GError) error = NULL;
      FerryReflexive reflexive;

      g_assert_false (query (udp_peer_get_address (server), "127.0.0.1", 3000, &reflexive, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

static void
test_takes_rubbish_for_silence (void)
{
  Script scripts[] = { { NULL }, { answer_rubbish } };

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr(UdpPeer) server = udp_peer_new (G_SOCKET_FAMILY_IPV4, server_cb, &scripts[i]);
      g_autoptr(GError) error = NULL;
      gint64 began = g_get_monotonic_time ();
      FerryReflexive reflexive;

      g_assert_false (query (udp_peer_get_address (server), "127.0.0.1", 700, &reflexive, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      g_assert_cmpint (g_get_monotonic_time () - began, >=, 690 * 1000);
      g_assert_cmpint (g_get_monotonic_time () - began, <, 3 * G_USEC_PER_SEC);
      g_assert_cmpuint (udp_peer_get_count (server), >=, 2); /* at 0, 200 and 600 ms */
      g_assert_cmpuint (udp_peer_get_count (server), <=, 3);
    }
}

static void
test_believes_no_other_port (void)
{
  g_autoptr(UdpPeer) other = udp_peer_new (G_SOCKET_FAMILY_IPV4, NULL, NULL);
  Script script = { answer_from_elsewhere, SEEN, .other = other };
  g_autoptr(UdpPeer) server = udp_peer_new (G_SOCKET_FAMILY_IPV4, server_cb, &script);
  g_autoptr(GError) error = NULL;
  FerryReflexive reflexive;

  g_assert_false (query (udp_peer_get_address (server), "127.0.0.1", 300, &reflexive, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_goes_nowhere_else (void)
{
  Script second = { answer_good, SEEN };
  g_autoptr(UdpPeer) other = udp_peer_new (G_SOCKET_FAMILY_IPV4, server_cb, &second);
  Script script = { answer_alternate, .other = other };
  g_autoptr(UdpPeer) server = udp_peer_new (G_SOCKET_FAMILY_IPV4, server_cb, &script);
  g_autoptr(GError) error = NULL;
  FerryReflexive reflexive;

  g_assert_false (query (udp_peer_get_address (server), "127.0.0.1", 3000, &reflexive, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  test_spin (300);
  g_assert_cmpuint (udp_peer_get_count (other), ==, 0);
}

static void
test_tells_of_errors (void)
{
  Script script = { answer_error };
  g_autoptr(UdpPeer) server = udp_peer_new (G_SOCKET_FAMILY_IPV4, server_cb, &script);
  g_autoptr(UdpPeer) gone = udp_peer_new (G_SOCKET_FAMILY_IPV4, NULL, NULL);
  g_autoptr(GSocketAddress) nobody = g_object_ref (udp_peer_get_address (gone));
  g_autoptr(GError) error = NULL;
  FerryReflexive reflexive;

  g_assert_false (query (udp_peer_get_address (server), "127.0.0.1", 3000, &reflexive, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error (&error);

  g_clear_pointer (&gone, udp_peer_free);
  g_assert_false (query (nobody, "127.0.0.1", 3000, &reflexive, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_clear_error (&error);

  g_assert_false (query (udp_peer_get_address (server), "::1", 3000, &reflexive, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  /* TEST-NET-3: not an address of ours to ask from */
  g_assert_false (query (udp_peer_get_address (server), SEEN, 3000, &reflexive, &error));
  g_assert_nonnull (error);
}

static void
test_ends_when_told (void)
{
  Script script = { NULL };
  g_autoptr(UdpPeer) server = udp_peer_new (G_SOCKET_FAMILY_IPV4, server_cb, &script);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  FerryIpAddress own = ip ("127.0.0.1");
  FerryReflexive reflexive;

  ferry_stun_query_async (G_INET_SOCKET_ADDRESS (udp_peer_get_address (server)), &own, 8000,
                          cancellable, done_cb, &result);
  test_spin (20);
  g_assert_null (result);
  g_cancellable_cancel (cancellable);
  WAIT_FOR (result != NULL);
  g_assert_false (ferry_stun_query_finish (result, &reflexive, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/stun-query/tells-how-we-look", test_tells_how_we_look);
  g_test_add_func ("/net/stun-query/speaks-ipv6", test_speaks_ipv6);
  g_test_add_func ("/net/stun-query/refuses-nonsense", test_refuses_nonsense);
  g_test_add_func ("/net/stun-query/takes-rubbish-for-silence", test_takes_rubbish_for_silence);
  g_test_add_func ("/net/stun-query/believes-no-other-port", test_believes_no_other_port);
  g_test_add_func ("/net/stun-query/goes-nowhere-else", test_goes_nowhere_else);
  g_test_add_func ("/net/stun-query/tells-of-errors", test_tells_of_errors);
  g_test_add_func ("/net/stun-query/ends-when-told", test_ends_when_told);

  return g_test_run ();
}
