/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/proto-error.h"
#include "proto/starttls.h"

#define HEADER    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' from='b' id='1' " \
                  "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
#define FEATURES  "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>" \
                  "</starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></stream:features>"
#define PROCEED   "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define REQUEST   "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

static gboolean
feed (FerryStarttls  *starttls,
      const char     *text,
      gsize           size,
      GString        *sent,
      GError        **error)
{
  gsize len = strlen (text);

  while (len > 0)
    {
      g_autoptr(GBytes) to_send = NULL;
      gsize piece = MIN (size, len);

      if (!ferry_starttls_receive (starttls, (const guint8 *) text, piece, &to_send, error))
        return FALSE;
      if (to_send != NULL)
        g_string_append_len (sent, g_bytes_get_data (to_send, NULL), g_bytes_get_size (to_send));
      text += piece;
      len -= piece;
    }

  return TRUE;
}

static void
test_opens_a_stream (void)
{
  g_autoptr(FerryStarttls) starttls = ferry_starttls_new ("a'b.lit");
  g_autoptr(GBytes) header = ferry_starttls_start (starttls);
  static const char expected[] =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams' to='a&apos;b.lit' version='1.0' xml:lang='en'>";

  g_assert_cmpmem (g_bytes_get_data (header, NULL), g_bytes_get_size (header),
                   expected, strlen (expected));
  g_assert_false (ferry_starttls_is_ready (starttls));
}

/* RFC 6120 §5.4; however the server's words are cut, the request leaves as soon
 * as the features are there. */
static void
test_asks_and_goes_ahead_at_every_split (void)
{
  static const char *const proceeds[] = {
    PROCEED,
    "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'></proceed>",
    " \n<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    "<tls:proceed xmlns:tls='urn:ietf:params:xml:ns:xmpp-tls'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (proceeds); i++)
    for (gsize size = 1; size <= strlen (HEADER FEATURES); size++)
      {
        g_autoptr(FerryStarttls) starttls = ferry_starttls_new ("montague.lit");
        g_autoptr(GString) sent = g_string_new (NULL);
        g_autoptr(GError) error = NULL;

        g_assert_true (feed (starttls, HEADER FEATURES, size, sent, &error));
        g_assert_cmpstr (sent->str, ==, REQUEST);
        g_assert_false (ferry_starttls_is_ready (starttls));
        g_assert_true (feed (starttls, proceeds[i], size, sent, &error));
        g_assert_no_error (error);
        g_assert_cmpstr (sent->str, ==, REQUEST);
        g_assert_true (ferry_starttls_is_ready (starttls));
      }
}

static void
test_gives_up (void)
{
  static const struct
  {
    const char      *words;
    FerryProtoError  code;
  } cases[] = {
    { HEADER "<stream:features/>", FERRY_PROTO_ERROR_UNSUPPORTED },
    { HEADER "<stream:features><starttls xmlns='urn:other'/></stream:features>",
      FERRY_PROTO_ERROR_UNSUPPORTED },
    { HEADER "<stream:features><a><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></a>"
      "</stream:features>", FERRY_PROTO_ERROR_UNSUPPORTED },
    { HEADER FEATURES "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", FERRY_PROTO_ERROR_REFUSED },
    { HEADER "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      FERRY_PROTO_ERROR_REFUSED },
    { HEADER "</stream:stream>", FERRY_PROTO_ERROR_REFUSED },
    { HEADER FEATURES "</stream:stream>", FERRY_PROTO_ERROR_REFUSED },
    { HEADER PROCEED, FERRY_PROTO_ERROR_MALFORMED },
    { HEADER FEATURES FEATURES, FERRY_PROTO_ERROR_MALFORMED },
    { HEADER FEATURES "<message/>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", FERRY_PROTO_ERROR_MALFORMED },
    { "<stream xmlns='jabber:client'>", FERRY_PROTO_ERROR_MALFORMED },
    { "<!DOCTYPE html><html>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<?pi?>", FERRY_PROTO_ERROR_MALFORMED },
    { "SSH-2.0-OpenSSH_9.2\r\n", FERRY_PROTO_ERROR_MALFORMED },
    { "\x15\x03\x01", FERRY_PROTO_ERROR_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize size = 1; size <= strlen (cases[i].words); size++)
      {
        g_autoptr(FerryStarttls) starttls = ferry_starttls_new ("montague.lit");
        g_autoptr(GString) sent = g_string_new (NULL);
        g_autoptr(GError) error = NULL;

        g_assert_false (feed (starttls, cases[i].words, size, sent, &error));
        g_assert_error (error, FERRY_PROTO_ERROR, (int) cases[i].code);
        g_assert_false (ferry_starttls_is_ready (starttls));
      }
}

/* Clear text that came with the go-ahead would be taken for the server's first
 * words under TLS; the server says none before our handshake. */
static void
test_refuses_words_after_the_go_ahead (void)
{
  static const char *const more[] = { "<", " ", "<stream:features/>", "\x16\x03\x01" };

  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    {
      g_autofree char *words = g_strconcat (PROCEED, more[i], NULL);
      g_autoptr(FerryStarttls) starttls = ferry_starttls_new ("montague.lit");
      g_autoptr(GString) sent = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      g_assert_true (feed (starttls, HEADER FEATURES, G_MAXSIZE, sent, NULL));
      g_assert_false (feed (starttls, words, G_MAXSIZE, sent, &error));
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
      g_assert_false (ferry_starttls_is_ready (starttls));
    }
}

/* Whoever answers before we ask has not read the question. */
static void
test_refuses_a_go_ahead_nobody_asked_for (void)
{
  g_autoptr(FerryStarttls) starttls = ferry_starttls_new ("montague.lit");
  g_autoptr(GString) sent = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (feed (starttls, HEADER FEATURES PROCEED, G_MAXSIZE, sent, &error));
  g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
}

static void
test_names_the_reason (void)
{
  g_autoptr(FerryStarttls) starttls = ferry_starttls_new ("montague.lit");
  g_autoptr(GString) sent = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (feed (starttls,
                        HEADER "<stream:error><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>x</text>"
                        "<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
                        G_MAXSIZE, sent, &error));
  g_assert_nonnull (strstr (error->message, "host-unknown"));
}

static void
test_keeps_to_the_limits (void)
{
  static const char *const fillers[] = { "<a>", "<a/>", " ", "<a b='" };

  for (guint i = 0; i < G_N_ELEMENTS (fillers); i++)
    {
      g_autoptr(FerryStarttls) starttls = ferry_starttls_new ("montague.lit");
      g_autoptr(GString) sent = g_string_new (NULL);
      g_autoptr(GError) error = NULL;
      gboolean ok = feed (starttls, HEADER "<stream:features>", G_MAXSIZE, sent, &error);
      guint n;

      for (n = 0; ok && n < 100000; n++)
        ok = feed (starttls, i < 3 || n == 0 ? fillers[i] : "filler", G_MAXSIZE, sent, &error);
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/starttls/opens-a-stream", test_opens_a_stream);
  g_test_add_func ("/proto/starttls/asks-and-goes-ahead-at-every-split",
                   test_asks_and_goes_ahead_at_every_split);
  g_test_add_func ("/proto/starttls/gives-up", test_gives_up);
  g_test_add_func ("/proto/starttls/refuses-words-after-the-go-ahead",
                   test_refuses_words_after_the_go_ahead);
  g_test_add_func ("/proto/starttls/refuses-a-go-ahead-nobody-asked-for",
                   test_refuses_a_go_ahead_nobody_asked_for);
  g_test_add_func ("/proto/starttls/names-the-reason", test_names_the_reason);
  g_test_add_func ("/proto/starttls/keeps-to-the-limits", test_keeps_to_the_limits);

  return g_test_run ();
}
