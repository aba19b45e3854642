/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/chat-stanza.h"
#include "proto/iq.h"

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define MESSAGE(attributes, inside) "<message xmlns='jabber:client' " attributes ">" inside "</message>"
#define IQ(type, inside) "<iq xmlns='jabber:client' id='i' type='" type "'>" inside "</iq>"
#define BODY "<body>hello</body>"
#define REQUEST "<request xmlns='urn:xmpp:receipts'/>"
#define RECEIVED "<received xmlns='urn:xmpp:receipts' id='m'/>"
#define STATE(name) "<" name " xmlns='http://jabber.org/protocol/chatstates'/>"
#define COMPARISON(name, text) "<" name " xmlns='urn:ferry:comparison:0'>" text "</" name ">"

static FerryElement *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  FerryElement *element = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return element;
}

static const struct
{
  const char          *xml;
  FerryChatStanzaKind  kind;
  const char          *id;
  const char          *text; /* body or data */
  gboolean             wants_receipt;
  gboolean             matches;
} cases[] = {
  { MESSAGE ("id='m'", BODY REQUEST), FERRY_CHAT_STANZA_MESSAGE, "m", "hello", TRUE },
  { MESSAGE ("id='m' type='chat'", BODY REQUEST), FERRY_CHAT_STANZA_MESSAGE, "m", "hello", TRUE },
  { MESSAGE ("id='m' type='normal'", BODY), FERRY_CHAT_STANZA_MESSAGE, "m", "hello" },
  { MESSAGE ("", BODY STATE ("composing")), FERRY_CHAT_STANZA_MESSAGE, NULL, "hello" },
  { MESSAGE ("id='m'", "<body> a\n</body>"), FERRY_CHAT_STANZA_MESSAGE, "m", " a\n" },

  /* No receipt without an id, for an error, nor for a receipt. */
  { MESSAGE ("", BODY REQUEST), FERRY_CHAT_STANZA_MESSAGE, NULL, "hello" },
  { MESSAGE ("id=''", BODY REQUEST), FERRY_CHAT_STANZA_MESSAGE, NULL, "hello" },
  { MESSAGE ("id='m' type='error'", BODY REQUEST), FERRY_CHAT_STANZA_NONE },
  { MESSAGE ("id='n'", RECEIVED REQUEST), FERRY_CHAT_STANZA_RECEIPT, "m" },
  { MESSAGE ("id='n'", BODY RECEIVED REQUEST), FERRY_CHAT_STANZA_MESSAGE, "n", "hello" },
  { MESSAGE ("id='n'", RECEIVED), FERRY_CHAT_STANZA_RECEIPT, "m" },
  { MESSAGE ("", RECEIVED), FERRY_CHAT_STANZA_RECEIPT, "m" },
  { MESSAGE ("id='n'", "<received xmlns='urn:xmpp:receipts'/>"), FERRY_CHAT_STANZA_NONE, NULL },
  { MESSAGE ("id='n' type='error'", RECEIVED), FERRY_CHAT_STANZA_NONE },

  /* Nothing to read. */
  { MESSAGE ("id='m'", "<body/>"), FERRY_CHAT_STANZA_NONE, "m" },
  { MESSAGE ("id='m'", "<body> \t\r\n\302\240\343\200\200</body>" REQUEST), FERRY_CHAT_STANZA_NONE, "m" },
  { MESSAGE ("id='m'", "<body xmlns='urn:other'>hello</body>"), FERRY_CHAT_STANZA_NONE, "m" },
  { MESSAGE ("id='m' type='groupchat'", BODY), FERRY_CHAT_STANZA_NONE },
  { MESSAGE ("id='m' type='headline'", BODY), FERRY_CHAT_STANZA_NONE },
  { "<message xmlns='jabber:server' id='m'>" BODY "</message>", FERRY_CHAT_STANZA_NONE },
  { "<presence xmlns='jabber:client'/>", FERRY_CHAT_STANZA_NONE },

  { MESSAGE ("", STATE ("composing")), FERRY_CHAT_STANZA_COMPOSING },
  { MESSAGE ("", STATE ("paused")), FERRY_CHAT_STANZA_PAUSED },
  { MESSAGE ("", STATE ("gone")), FERRY_CHAT_STANZA_GONE },
  { MESSAGE ("", STATE ("active")), FERRY_CHAT_STANZA_PAUSED },
  { MESSAGE ("", STATE ("inactive")), FERRY_CHAT_STANZA_PAUSED },
  { MESSAGE ("", STATE ("sleeping")), FERRY_CHAT_STANZA_NONE },
  { MESSAGE ("", "<composing/>"), FERRY_CHAT_STANZA_NONE },
  { MESSAGE ("type='error'", STATE ("composing")), FERRY_CHAT_STANZA_NONE },

  { IQ ("get", "<ping xmlns='urn:xmpp:ping'/>"), FERRY_CHAT_STANZA_PING, "i" },
  { IQ ("set", "<ping xmlns='urn:xmpp:ping'/>"), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("get", "<pubkeys xmlns='urn:xmpp:tmp:pubkey'/>"), FERRY_CHAT_STANZA_PUBKEYS, "i" },
  { IQ ("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>"), FERRY_CHAT_STANZA_DISCO, "i" },
  { IQ ("get", "<query xmlns='http://jabber.org/protocol/disco#items'/>"), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("get", "<query xmlns='jabber:iq:roster'/>"), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("set", "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='a'/>"),
    FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("get", ""), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("none", "<ping xmlns='urn:xmpp:ping'/>"), FERRY_CHAT_STANZA_NONE, "i" },
  { "<iq xmlns='jabber:client' type='get'><ping xmlns='urn:xmpp:ping'/></iq>", FERRY_CHAT_STANZA_NONE },
  { IQ ("result", ""), FERRY_CHAT_STANZA_REPLY, "i" },
  { IQ ("result", "<ping xmlns='urn:xmpp:ping'/>"), FERRY_CHAT_STANZA_REPLY, "i" },
  { IQ ("error", "<error type='cancel'/>"), FERRY_CHAT_STANZA_REPLY, "i" },
  { "<iq xmlns='jabber:client' type='result'/>", FERRY_CHAT_STANZA_NONE },

  { IQ ("set", COMPARISON ("commit", HEX)), FERRY_CHAT_STANZA_COMMIT, "i", HEX },
  { IQ ("set", COMPARISON ("nonce", HEX)), FERRY_CHAT_STANZA_NONCE, "i", HEX },
  { IQ ("set", COMPARISON ("reveal", HEX)), FERRY_CHAT_STANZA_REVEAL, "i", HEX },
  { IQ ("get", COMPARISON ("commit", HEX)), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("set", COMPARISON ("commit", HEX "0")), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("set", COMPARISON ("commit", "0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")),
    FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("set", COMPARISON ("nonce", "A0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")),
    FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("set", COMPARISON ("reveal", "")), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("set", COMPARISON ("other", HEX)), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("set", "<verdict xmlns='urn:ferry:comparison:0' matches='true'/>"),
    FERRY_CHAT_STANZA_VERDICT, "i", NULL, FALSE, TRUE },
  { IQ ("set", "<verdict xmlns='urn:ferry:comparison:0' matches='false'/>"),
    FERRY_CHAT_STANZA_VERDICT, "i" },
  { IQ ("set", "<verdict xmlns='urn:ferry:comparison:0' matches='yes'/>"), FERRY_CHAT_STANZA_NONE, "i" },
  { IQ ("set", "<verdict xmlns='urn:ferry:comparison:0'/>"), FERRY_CHAT_STANZA_NONE, "i" },
};

static void
test_reads_what_is_listed (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) stanza = parse (cases[i].xml);
      FerryChatStanza value;

      g_test_message ("%s", cases[i].xml);
      ferry_chat_stanza_parse (stanza, &value);
      g_assert_cmpint (value.kind, ==, cases[i].kind);
      if (value.kind != FERRY_CHAT_STANZA_NONE)
        g_assert_cmpstr (value.id, ==, cases[i].id);
      g_assert_cmpstr (value.kind == FERRY_CHAT_STANZA_MESSAGE ? value.body : value.data, ==,
                       cases[i].text);
      g_assert_cmpint (value.wants_receipt, ==, cases[i].wants_receipt);
      g_assert_cmpint (value.matches, ==, cases[i].matches);
    }
}

static FerryChatStanzaKind
parse_body_of (gsize size)
{
  g_autofree char *body = g_strnfill (size, 'a');
  g_autoptr(FerryElement) stanza = ferry_chat_stanza_new_message ("m", body);
  FerryChatStanza value;

  ferry_chat_stanza_parse (stanza, &value);

  return value.kind;
}

/* What is left of it is that somebody is no longer typing. */
static void
test_takes_no_endless_body (void)
{
  g_assert_cmpint (parse_body_of (FERRY_MAX_BODY), ==, FERRY_CHAT_STANZA_MESSAGE);
  g_assert_cmpint (parse_body_of (FERRY_MAX_BODY + 1), ==, FERRY_CHAT_STANZA_PAUSED);
}

/* It would come back in our receipt. */
static void
test_repeats_no_endless_id (void)
{
  g_autofree char *id = g_strnfill (1024, 'a');
  g_autoptr(FerryElement) stanza = ferry_chat_stanza_new_message (id, "hello");
  FerryChatStanza value;

  ferry_chat_stanza_parse (stanza, &value);
  g_assert_cmpint (value.kind, ==, FERRY_CHAT_STANZA_MESSAGE);
  g_assert_null (value.id);
  g_assert_false (value.wants_receipt);
}

/* Takes @built. */
static void
check (FerryElement *built,
       const char   *expected)
{
  g_autoptr(FerryElement) element = built;
  g_autoptr(FerryElement) other = parse (expected);
  g_autofree char *text = ferry_element_print (element);

  if (!ferry_element_equal (element, other))
    g_error ("Expected %s\ngot %s", expected, text);
}

static void
test_says_it (void)
{
  check (ferry_chat_stanza_new_message ("m", "a < b"),
         MESSAGE ("id='m' type='chat'", "<body>a &lt; b</body>" STATE ("active") REQUEST));
  check (ferry_chat_stanza_new_receipt ("n", "m"), MESSAGE ("id='n' type='chat'", RECEIVED));
  check (ferry_chat_stanza_new_state (FERRY_CHAT_STANZA_COMPOSING),
         MESSAGE ("type='chat'", STATE ("composing")));
  check (ferry_chat_stanza_new_state (FERRY_CHAT_STANZA_PAUSED),
         MESSAGE ("type='chat'", STATE ("paused")));
  check (ferry_chat_stanza_new_state (FERRY_CHAT_STANZA_GONE), MESSAGE ("type='chat'", STATE ("gone")));
  check (ferry_chat_stanza_new_comparison ("i", FERRY_CHAT_STANZA_COMMIT, HEX),
         IQ ("set", COMPARISON ("commit", HEX)));
  check (ferry_chat_stanza_new_comparison ("i", FERRY_CHAT_STANZA_NONCE, HEX),
         IQ ("set", COMPARISON ("nonce", HEX)));
  check (ferry_chat_stanza_new_comparison ("i", FERRY_CHAT_STANZA_REVEAL, HEX),
         IQ ("set", COMPARISON ("reveal", HEX)));
  check (ferry_chat_stanza_new_verdict ("i", TRUE),
         IQ ("set", "<verdict xmlns='urn:ferry:comparison:0' matches='true'/>"));
  check (ferry_chat_stanza_new_verdict ("i", FALSE),
         IQ ("set", "<verdict xmlns='urn:ferry:comparison:0' matches='false'/>"));
  check (ferry_chat_stanza_new_ping ("i"), IQ ("get", "<ping xmlns='urn:xmpp:ping'/>"));
  check (ferry_chat_stanza_new_pubkeys_request ("i"),
         IQ ("get", "<pubkeys xmlns='urn:xmpp:tmp:pubkey'/>"));
}

/* Whoever answers receipts with receipts does so for ever: two of us, until nobody has to. */
static void
test_ends_with_the_receipt (void)
{
  g_autoptr(FerryElement) message = ferry_chat_stanza_new_message ("m", "hello");
  g_autoptr(FerryElement) receipt = NULL;
  FerryChatStanza value;

  ferry_chat_stanza_parse (message, &value);
  g_assert_true (value.wants_receipt);
  receipt = ferry_chat_stanza_new_receipt ("n", value.id);
  ferry_chat_stanza_parse (receipt, &value);
  g_assert_cmpint (value.kind, ==, FERRY_CHAT_STANZA_RECEIPT);
  g_assert_cmpstr (value.id, ==, "m");
  g_assert_false (value.wants_receipt);
}

static GPtrArray *
make_certificates (guint n,
                   gsize size)
{
  GPtrArray *certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (certificates, g_bytes_new_take (g_strnfill (size, 'a' + i), size));

  return certificates;
}

static GPtrArray *
ask_for (GPtrArray *certificates)
{
  g_autoptr(FerryElement) request = ferry_chat_stanza_new_pubkeys_request ("i");
  g_autoptr(FerryElement) reply = ferry_chat_stanza_new_pubkeys (request, certificates);

  return ferry_chat_stanza_parse_pubkeys (reply);
}

static void
test_shows_certificates (void)
{
  g_autoptr(FerryElement) request = ferry_chat_stanza_new_pubkeys_request ("i");
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(GBytes) certificate = g_bytes_new_static ("abc", 3);

  /* SHA-1 of "abc": FIPS 180-2, A.1 */
  g_ptr_array_add (certificates, certificate);
  check (ferry_chat_stanza_new_pubkeys (request, certificates),
         IQ ("result", "<pubkeys xmlns='urn:xmpp:tmp:pubkey'><keyinfo>"
                       "<name>a9993e364706816aba3e25717850c26c9cd0d89d</name>"
                       "<x509cert>YWJj</x509cert></keyinfo></pubkeys>"));
}

static void
test_gets_the_certificates_it_showed (void)
{
  g_autoptr(GPtrArray) shown = make_certificates (8, 16 * 1024);
  g_autoptr(GPtrArray) got = ask_for (shown);

  g_assert_nonnull (got);
  g_assert_cmpuint (got->len, ==, shown->len);
  for (guint i = 0; i < got->len; i++)
    g_assert_true (g_bytes_equal (g_ptr_array_index (got, i), g_ptr_array_index (shown, i)));
}

static void
test_takes_not_too_many_certificates (void)
{
  g_autoptr(GPtrArray) many = make_certificates (9, 1);
  g_autoptr(GPtrArray) large = make_certificates (1, 16 * 1024 + 1);
  g_autoptr(GPtrArray) none = make_certificates (0, 0);

  g_assert_null (ask_for (many));
  g_assert_null (ask_for (large));
  g_assert_null (ask_for (none));
}

#define PUBKEYS(inside) "<pubkeys xmlns='urn:xmpp:tmp:pubkey'>" inside "</pubkeys>"
#define KEYINFO(text) "<keyinfo><name>f</name><x509cert>" text "</x509cert></keyinfo>"

static const struct
{
  const char *xml;
  guint       n; /* 0: refused */
} replies[] = {
  { IQ ("result", PUBKEYS (KEYINFO ("YWJj"))), 1 },
  { IQ ("result", PUBKEYS (KEYINFO ("\n  YW\n  Jj\n"))), 1 },
  { IQ ("result", PUBKEYS (KEYINFO ("YWJj") KEYINFO ("YQ=="))), 2 },
  { IQ ("result", PUBKEYS ("<keyinfo><name>f</name><pgpkey>YWJj</pgpkey></keyinfo>" KEYINFO ("YWJj"))), 1 },
  { IQ ("result", PUBKEYS ("<keyinfo><x509cert>YWJj</x509cert></keyinfo>")), 1 },
  { IQ ("result", PUBKEYS (KEYINFO ("YWJj") KEYINFO ("*"))), 0 },
  { IQ ("result", PUBKEYS (KEYINFO (""))), 0 },
  { IQ ("result", PUBKEYS (KEYINFO ("YWJ"))), 0 },
  { IQ ("result", PUBKEYS ("")), 0 },
  { IQ ("result", ""), 0 },
  { IQ ("result", "<pubkeys xmlns='urn:other'>" KEYINFO ("YWJj") "</pubkeys>"), 0 },
  { IQ ("error", PUBKEYS (KEYINFO ("YWJj"))), 0 },
  { IQ ("set", PUBKEYS (KEYINFO ("YWJj"))), 0 },
  { MESSAGE ("", PUBKEYS (KEYINFO ("YWJj"))), 0 },
};

static void
test_judges_certificates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr(FerryElement) reply = parse (replies[i].xml);
      g_autoptr(GPtrArray) certificates = ferry_chat_stanza_parse_pubkeys (reply);

      g_test_message ("%s", replies[i].xml);
      g_assert_cmpuint (certificates != NULL ? certificates->len : 0, ==, replies[i].n);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/chat-stanza/reads-what-is-listed", test_reads_what_is_listed);
  g_test_add_func ("/proto/chat-stanza/takes-no-endless-body", test_takes_no_endless_body);
  g_test_add_func ("/proto/chat-stanza/repeats-no-endless-id", test_repeats_no_endless_id);
  g_test_add_func ("/proto/chat-stanza/says-it", test_says_it);
  g_test_add_func ("/proto/chat-stanza/ends-with-the-receipt", test_ends_with_the_receipt);
  g_test_add_func ("/proto/chat-stanza/shows-certificates", test_shows_certificates);
  g_test_add_func ("/proto/chat-stanza/gets-the-certificates-it-showed",
                   test_gets_the_certificates_it_showed);
  g_test_add_func ("/proto/chat-stanza/takes-not-too-many-certificates",
                   test_takes_not_too_many_certificates);
  g_test_add_func ("/proto/chat-stanza/judges-certificates", test_judges_certificates);

  return g_test_run ();
}
