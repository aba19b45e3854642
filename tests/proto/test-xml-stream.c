/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "xml-stream-desk.h"

#define MESSAGE "<message><body>hello</body></message>"
#define MESSAGE_OF_ROMEO "<message from='" ROMEO "' to='" JULIET "'><body>hello</body></message>"

static const FerryRole roles[] = { FERRY_ROLE_INITIATOR, FERRY_ROLE_RESPONDER };

static const char *
get_peer_header (FerryRole role)
{
  return role == FERRY_ROLE_INITIATOR ? HEADER_OF_JULIET : HEADER_OF_ROMEO;
}

static void
test_initiator_speaks_first (void)
{
  g_autoptr(Desk) romeo = desk_new (FERRY_ROLE_INITIATOR, FALSE);
  g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, FALSE);

  desk_start (romeo);
  g_assert_cmpstr (romeo->written->str, ==, DECLARATION HEADER_OF_ROMEO);
  g_assert_cmpuint (romeo->n_opened, ==, 0);

  desk_start (juliet);
  g_assert_cmpstr (juliet->written->str, ==, "");
  desk_feed (juliet, romeo->written->str, -1);
  g_assert_cmpstr (juliet->written->str, ==, DECLARATION HEADER_OF_JULIET FEATURES);
  g_assert_cmpuint (juliet->n_opened, ==, 1);

  desk_feed (romeo, juliet->written->str, -1);
  g_assert_cmpuint (romeo->n_opened, ==, 1);
  g_assert_cmpstr (romeo->stanzas->str, ==, ""); /* XS-9 */
}

/* XS-7 */
static void
test_both_speak_first (void)
{
  g_autoptr(Desk) romeo = desk_new (FERRY_ROLE_INITIATOR, TRUE);
  g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, TRUE);

  desk_start (romeo);
  desk_start (juliet);
  g_assert_cmpstr (romeo->written->str, ==, DECLARATION HEADER_OF_ROMEO);
  g_assert_cmpstr (juliet->written->str, ==, DECLARATION HEADER_OF_JULIET);
  desk_feed (juliet, romeo->written->str, -1);
  g_assert_cmpstr (juliet->written->str, ==, DECLARATION HEADER_OF_JULIET FEATURES);
  desk_feed (romeo, juliet->written->str, -1);
  g_assert_cmpuint (romeo->n_opened + juliet->n_opened, ==, 2);
}

/* Either order is taken of either dialect. */
static void
test_takes_the_other_order (void)
{
  g_autoptr(Desk) romeo = desk_new (FERRY_ROLE_INITIATOR, TRUE);
  g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, FALSE);

  desk_start (romeo);
  desk_start (juliet);
  desk_feed (juliet, romeo->written->str, -1);
  desk_feed (romeo, juliet->written->str, -1);
  g_assert_cmpuint (romeo->n_opened + juliet->n_opened, ==, 2);
}

static char *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "xep-0247", name, NULL);
  g_autoptr(GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

/* The examples of the founding draft: both headers at once, a word, an answer. */
static void
test_vectors (void)
{
  g_autofree char *initiator = load ("initiator.xml");
  g_autofree char *responder = load ("responder.xml");
  g_autoptr(Desk) romeo = desk_new (FERRY_ROLE_INITIATOR, TRUE);
  g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, TRUE);

  desk_start (romeo);
  desk_feed (romeo, responder, -1);
  g_assert_cmpstr (romeo->stanzas->str, ==,
                   "<message from='" JULIET "' to='" ROMEO "'>"
                   "<body>Art thou not Romeo, and a Montague?</body></message>");
  g_assert_cmpstr (romeo->written->str, ==, DECLARATION HEADER_OF_ROMEO THE_END);
  g_assert_cmpint (romeo->end, ==, FERRY_XML_STREAM_END_CLOSED);

  desk_start (juliet);
  desk_feed (juliet, initiator, -1);
  g_assert_cmpstr (juliet->stanzas->str, ==,
                   "<message from='" ROMEO "' to='" JULIET "'>"
                   "<body>M'lady, I would be pleased to make your acquaintance.</body></message>");
  g_assert_cmpstr (juliet->written->str, ==, DECLARATION HEADER_OF_JULIET FEATURES THE_END);
  g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_CLOSED);
}

#define IN_ORDER " from='" ROMEO "' to='" JULIET "'"

/* Juliet hears these. */
static const struct
{
  const char *header;
  gboolean    has_version;
} headers[] = {
  { HEADER_OF_ROMEO, TRUE },
  { DECLARATION "\n" HEADER_OF_ROMEO, TRUE },
  { "<?xml version='1.0' encoding='utf-8'?>" HEADER_OF_ROMEO, TRUE },
  { HEADER (" from='romeo@montague.lit' to='juliet@capulet.lit' version='1.0'"), TRUE }, /* XS-8 */
  { HEADER (" version='1.0'"), TRUE },
  { HEADER (""), FALSE },
  { HEADER (IN_ORDER), FALSE },
  { HEADER (IN_ORDER " id='x' xml:lang='it' version='1.0'"), TRUE },
  { HEADER (" from='Romeo@Montague.LIT/orchard' to='JULIET@capulet.lit'"), FALSE },
  { "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'" IN_ORDER ">", FALSE },
};

static void
test_takes_headers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, FALSE);

      g_test_message ("%s", headers[i].header);
      desk_start (juliet);
      desk_feed (juliet, headers[i].header, -1);
      desk_feed (juliet, MESSAGE, -1);
      g_assert_cmpuint (juliet->n_opened, ==, 1);
      g_assert_cmpuint (juliet->n_ended, ==, 0);
      g_assert_cmpstr (juliet->stanzas->str, ==, MESSAGE_OF_ROMEO);
      g_assert_cmpstr (juliet->written->str, ==, headers[i].has_version
                         ? DECLARATION HEADER_OF_JULIET FEATURES : DECLARATION HEADER_OF_JULIET);
    }
}

typedef struct
{
  const char        *input;
  FerryXmlStreamEnd  end;
  const char        *condition; /* what we say of it; %NULL: only our end */
} Failure;

/* Instead of a header. */
static const Failure header_failures[] = {
  { "<stream:stream xmlns='jabber:client' xmlns:stream='urn:other'" IN_ORDER ">",
    FERRY_XML_STREAM_END_NAMESPACE, ERROR ("invalid-namespace") },
  { "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'" IN_ORDER ">",
    FERRY_XML_STREAM_END_NAMESPACE, ERROR ("invalid-namespace") },
  { "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'" IN_ORDER ">",
    FERRY_XML_STREAM_END_NAMESPACE, ERROR ("invalid-namespace") },
  { "<stream" IN_ORDER ">", FERRY_XML_STREAM_END_NAMESPACE, ERROR ("invalid-namespace") },
  { "<stream xmlns='http://etherx.jabber.org/streams'" IN_ORDER ">",
    FERRY_XML_STREAM_END_NAMESPACE, ERROR ("invalid-namespace") },
  { "<message xmlns='jabber:client'>", FERRY_XML_STREAM_END_NAMESPACE, ERROR ("invalid-namespace") },
  { "<stream:features xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'/>",
    FERRY_XML_STREAM_END_NAMESPACE, ERROR ("invalid-namespace") },
  { HEADER (" from='tybalt@capulet.lit/sword' to='" JULIET "'"),
    FERRY_XML_STREAM_END_ADDRESS, ERROR ("invalid-from") },
  { HEADER (" from='romeo@montague.lit/mantua'"), FERRY_XML_STREAM_END_ADDRESS, ERROR ("invalid-from") },
  { HEADER (" from=''"), FERRY_XML_STREAM_END_ADDRESS, ERROR ("invalid-from") },
  { HEADER (" from='" JULIET "' to='" ROMEO "'"), FERRY_XML_STREAM_END_ADDRESS, ERROR ("invalid-from") },
  { HEADER (" from='" ROMEO "' to='nurse@capulet.lit'"),
    FERRY_XML_STREAM_END_ADDRESS, ERROR ("host-unknown") },
  { HEADER (" to='juliet@capulet.lit/chamber'"), FERRY_XML_STREAM_END_ADDRESS, ERROR ("host-unknown") },
  { HEADER (" to='capulet.lit'"), FERRY_XML_STREAM_END_ADDRESS, ERROR ("host-unknown") },
  { "hello\n", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<stream:stream>", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "GET / HTTP/1.1\r\n\r\n", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<?xml version='1.0' encoding='ISO-8859-1'?>" HEADER_OF_ROMEO,
    FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<!DOCTYPE x>" HEADER_OF_ROMEO, FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" HEADER_OF_ROMEO,
    FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>", FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<!-- -->", FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<?php ?>", FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { HEADER (" from='&romeo;'"), FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
};

/* After the header. */
static const Failure failures[] = {
  { "<message></iq>", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "hello", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { " \n<message/>hello", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<message><body>\xff</body>", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<message><body>&#0;</body>", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<message a='1' a='2'/>", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<x:message/>", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<!DOCTYPE x>", FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { DECLARATION, FERRY_XML_STREAM_END_MALFORMED, ERROR ("not-well-formed") },
  { "<!-- -->", FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<message><!-- --></message>", FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<message><?php ?></message>", FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<message><body>&nbsp;</body></message>", FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<message id='&nbsp;'/>", FERRY_XML_STREAM_END_RESTRICTED, ERROR ("restricted-xml") },
  { "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
    FERRY_XML_STREAM_END_PEER, THE_END },
  { "<stream:error/>", FERRY_XML_STREAM_END_PEER, THE_END },
  { THE_END, FERRY_XML_STREAM_END_CLOSED, THE_END },
  { THE_END "<message/>hello", FERRY_XML_STREAM_END_CLOSED, THE_END },
};

static void
check_failure (Desk          *desk,
               const Failure *failure,
               const char    *before)
{
  g_autofree char *written = g_strconcat (before, failure->condition, NULL);
  gsize len;

  g_assert_cmpuint (desk->n_ended, ==, 1);
  g_assert_cmpint (desk->end, ==, failure->end);
  g_assert_cmpstr (desk->written->str, ==, written);

  /* It is over: nothing makes it speak again. */
  len = desk->written->len;
  desk_feed (desk, MESSAGE, -1);
  desk_close (desk);
  desk_start (desk);
  desk_cut (desk);
  ferry_xml_stream_expire (desk->stream, G_MAXINT64);
  g_assert_false (desk_send (desk, MESSAGE));
  desk_settle (desk);
  g_assert_cmpuint (desk->written->len, ==, len);
}

/* Of each, an error stands inside a stream of ours. */
static void
test_refuses_headers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (header_failures); i++)
    for (guint both = 0; both < 2; both++)
      {
        g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, both);

        g_test_message ("%s", header_failures[i].input);
        desk_start (juliet);
        desk_feed (juliet, header_failures[i].input, -1);
        check_failure (juliet, &header_failures[i], DECLARATION HEADER_OF_JULIET);
        g_assert_cmpuint (juliet->n_opened, ==, 0);
      }
}

static void
test_fails_as_the_table_says (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    for (guint j = 0; j < G_N_ELEMENTS (roles); j++)
      {
        g_autoptr(Desk) desk = desk_new_open (roles[j]);

        g_test_message ("%s", failures[i].input);
        desk_feed (desk, failures[i].input, -1);
        check_failure (desk, &failures[i], "");
      }
}

/* What came whole before the fault still counts. */
static void
test_hears_what_came_before (void)
{
  g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);

  desk_feed (juliet, MESSAGE MESSAGE "<!-- -->" MESSAGE, -1);
  g_assert_cmpstr (juliet->stanzas->str, ==, MESSAGE_OF_ROMEO MESSAGE_OF_ROMEO);
  g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_RESTRICTED);
}

static void
test_tells_the_peers_words (void)
{
  g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);
  g_autoptr(Desk) other = desk_new_open (FERRY_ROLE_RESPONDER);
  g_autofree char *words = g_strnfill (5000, 'a');
  g_autofree char *long_error = g_strdup_printf (
    "<stream:error><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>%s</text></stream:error>", words);

  desk_feed (juliet, "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                     "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>No</text></stream:error>", -1);
  g_assert_cmpstr (juliet->text, ==, "conflict: No");
  desk_feed (other, long_error, -1);
  g_assert_true (g_str_has_prefix (other->text, "undefined-condition: aaa"));
  g_assert_cmpuint (strlen (other->text), <, 600);
}

#define NOT_AUTHORIZED(id) "<iq type='error' id='" id "'><error type='auth'>" \
  "<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define UNAVAILABLE(id) "<iq type='error' id='" id "'><error type='cancel'>" \
  "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define FILLED(name, more) "<" name more " from='" ROMEO "' to='" JULIET "'/>"

static const struct
{
  const char *stanza;
  const char *heard;
  const char *answer;
} addresses[] = {
  { "<message/>", FILLED ("message", ""), "" },
  { "<presence/>", FILLED ("presence", ""), "" },
  { "<iq type='get' id='1'/>", FILLED ("iq", " type='get' id='1'"), "" },
  { "<message from='" ROMEO "'/>", FILLED ("message", ""), "" },
  { "<message to='" JULIET "'/>", FILLED ("message", ""), "" },
  { "<message from='romeo@montague.lit' to='juliet@capulet.lit'/>", FILLED ("message", ""), "" },
  { "<message from='tybalt@capulet.lit/sword'/>", "", "" },
  { "<message from='romeo@montague.lit/mantua'/>", "", "" },
  { "<message from='" JULIET "'/>", "", "" },
  { "<message from=''/>", "", "" },
  { "<message to='nurse@capulet.lit'/>", "", "" },
  { "<iq type='get' id='1' from='tybalt@capulet.lit/sword'/>", "", NOT_AUTHORIZED ("1") },
  { "<iq type='set' id='2' from='montague.lit'/>", "", NOT_AUTHORIZED ("2") },
  { "<iq type='result' id='1' from='tybalt@capulet.lit/sword'/>", "", "" },
  { "<iq type='error' id='1' from='tybalt@capulet.lit/sword'/>", "", "" },
  { "<iq type='get' id='3' to='capulet.lit'/>", "", UNAVAILABLE ("3") },
  { "<iq type='result' id='3' to='capulet.lit'/>", "", "" },
  /* XS-9, and what nobody knows */
  { "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>", "", "" },
  { "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "", "" },
  { "<message xmlns='jabber:server'/>", "", "" },
  { "<message xmlns=''/>", "", "" },
  { "<other/>", "", "" },
  { " \r\n\t ", "", "" },
  /* Only what has no namespace is an address. */
  { "<message xmlns:x='urn:x' x:from='tybalt@capulet.lit/sword'/>", FILLED ("message", ""), "" },
};

static void
test_hears_nobody_else (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);

      g_test_message ("%s", addresses[i].stanza);
      desk_feed (juliet, addresses[i].stanza, -1);
      g_assert_cmpstr (juliet->stanzas->str, ==, addresses[i].heard);
      g_assert_cmpstr (juliet->written->str, ==, addresses[i].answer);
      g_assert_cmpuint (juliet->n_ended, ==, 0);
    }
}

static void
test_says_stanzas (void)
{
  g_autoptr(Desk) romeo = desk_new (FERRY_ROLE_INITIATOR, FALSE);
  g_autofree char *fits = g_strnfill (256 * 1024 - strlen ("<x></x>"), 'a');
  g_autofree char *large = g_strconcat ("<x xmlns='jabber:client'>", fits, "a</x>", NULL);
  g_autofree char *fitting = g_strconcat ("<x xmlns='jabber:client'>", fits, "</x>", NULL);

  g_assert_false (desk_send (romeo, "<message xmlns='jabber:client'/>"));
  desk_start (romeo);
  g_assert_false (desk_send (romeo, "<message xmlns='jabber:client'/>"));
  desk_feed (romeo, HEADER_OF_JULIET, -1);
  g_string_truncate (romeo->written, 0);

  g_assert_true (desk_send (romeo, "<message xmlns='jabber:client' id='1'><body>&amp;</body>"
                                   "<active xmlns='urn:a'/></message>"));
  g_assert_cmpstr (romeo->written->str, ==,
                   "<message id='1'><body>&amp;</body><active xmlns='urn:a'/></message>");
  g_assert_false (desk_send (romeo, large));
  g_assert_true (desk_send (romeo, fitting));

  desk_close (romeo);
  g_assert_false (desk_send (romeo, "<message xmlns='jabber:client'/>"));
}

/* XTLS-9: what is not protected is neither said nor heard. */
static void
test_waits_for_tls (void)
{
  g_autoptr(Desk) fed = desk_new (FERRY_ROLE_RESPONDER, TRUE);
  g_autoptr(Desk) closed = desk_new (FERRY_ROLE_INITIATOR, TRUE);
  g_autoptr(Desk) cut = desk_new (FERRY_ROLE_INITIATOR, TRUE);

  desk_feed (fed, HEADER_OF_ROMEO MESSAGE, -1);
  g_assert_cmpint (fed->end, ==, FERRY_XML_STREAM_END_MALFORMED);
  desk_close (closed);
  g_assert_cmpint (closed->end, ==, FERRY_XML_STREAM_END_CLOSED);
  desk_cut (cut);
  g_assert_cmpint (cut->end, ==, FERRY_XML_STREAM_END_CUT);
  desk_start (fed);
  desk_start (closed);
  desk_start (cut);
  g_assert_cmpuint (fed->written->len + closed->written->len + cut->written->len, ==, 0);
  g_assert_cmpuint (fed->n_ended + closed->n_ended + cut->n_ended, ==, 3);
}

static void
test_waits_five_seconds_for_a_header (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr(Desk) desk = desk_new (roles[i], FALSE);
      const char *header = get_peer_header (roles[i]);

      desk_start (desk);
      desk_sleep (desk, 4);
      desk_feed (desk, header, strlen (header) - 1);
      g_assert_cmpuint (desk->n_ended, ==, 0);
      desk_sleep (desk, 1);
      g_assert_cmpint (desk->end, ==, FERRY_XML_STREAM_END_LIMIT);
      g_assert_cmpuint (desk->n_ended, ==, 1);
      g_assert_true (g_str_has_prefix (desk->written->str, DECLARATION));
      g_assert_true (g_str_has_suffix (desk->written->str, ERROR ("connection-timeout")));
    }
}

/* XS-11 */
static void
test_closes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr(Desk) desk = desk_new_open (roles[i]);

      desk_close (desk);
      desk_close (desk);
      g_assert_cmpstr (desk->written->str, ==, THE_END);
      g_assert_cmpuint (desk->n_ended, ==, 0);
      desk_feed (desk, MESSAGE, -1);
      g_assert_cmpuint (desk->stanzas->len, >, 0); /* said before the peer knew */
      desk_feed (desk, "<iq type='get' id='1' from='tybalt@capulet.lit'/>", -1);
      desk_sleep (desk, 9);
      desk_feed (desk, THE_END, -1);
      g_assert_cmpint (desk->end, ==, FERRY_XML_STREAM_END_CLOSED);
      g_assert_cmpuint (desk->n_ended, ==, 1);
      g_assert_cmpstr (desk->written->str, ==, THE_END);
    }
}

/* After our end: how it ends. Nothing more is said. */
static const Failure after_close[] = {
  { "", FERRY_XML_STREAM_END_CUT, NULL },
  { "hello", FERRY_XML_STREAM_END_MALFORMED, NULL },
  { "<!-- -->", FERRY_XML_STREAM_END_RESTRICTED, NULL },
  { "<stream:error/>", FERRY_XML_STREAM_END_PEER, NULL },
  { THE_END, FERRY_XML_STREAM_END_CLOSED, NULL },
};

static void
test_says_nothing_after_the_end (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (after_close); i++)
    {
      g_autoptr(Desk) desk = desk_new_open (FERRY_ROLE_RESPONDER);

      desk_close (desk);
      desk_feed (desk, after_close[i].input, -1);
      check_failure (desk, &after_close[i], THE_END);
    }
}

static void
test_waits_ten_seconds_for_the_end (void)
{
  g_autoptr(Desk) romeo = desk_new_open (FERRY_ROLE_INITIATOR);

  desk_close (romeo);
  desk_sleep (romeo, 9);
  g_assert_cmpuint (romeo->n_ended, ==, 0);
  desk_sleep (romeo, 1);
  g_assert_cmpuint (romeo->n_ended, ==, 1);
  g_assert_cmpint (romeo->end, ==, FERRY_XML_STREAM_END_CUT);
}

/* Whoever closes before the other's header came still says a whole stream. */
static void
test_closes_before_it_is_open (void)
{
  g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, FALSE);

  desk_start (juliet);
  desk_close (juliet);
  g_assert_cmpstr (juliet->written->str, ==, DECLARATION HEADER_OF_JULIET THE_END);
  desk_feed (juliet, HEADER_OF_ROMEO MESSAGE THE_END, -1);
  g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_CLOSED);
  g_assert_cmpuint (juliet->n_opened, ==, 0);
  g_assert_cmpstr (juliet->stanzas->str, ==, "");
}

static void
test_is_cut (void)
{
  static const char *const inputs[] = { "", MESSAGE, "<message>", "<mess", "</stream:strea" };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);

      if (*inputs[i] != '\0')
        desk_feed (juliet, inputs[i], -1);
      desk_cut (juliet);
      desk_feed (juliet, THE_END, -1);
      g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_CUT);
      g_assert_cmpuint (juliet->n_ended, ==, 1);
      g_assert_cmpstr (juliet->written->str, ==, "");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) g_test_add_func ("/proto/xml-stream/" name, test)
  ADD ("initiator-speaks-first", test_initiator_speaks_first);
  ADD ("both-speak-first", test_both_speak_first);
  ADD ("takes-the-other-order", test_takes_the_other_order);
  ADD ("vectors", test_vectors);
  ADD ("takes-headers", test_takes_headers);
  ADD ("refuses-headers", test_refuses_headers);
  ADD ("fails-as-the-table-says", test_fails_as_the_table_says);
  ADD ("hears-what-came-before", test_hears_what_came_before);
  ADD ("tells-the-peers-words", test_tells_the_peers_words);
  ADD ("hears-nobody-else", test_hears_nobody_else);
  ADD ("says-stanzas", test_says_stanzas);
  ADD ("waits-for-tls", test_waits_for_tls);
  ADD ("waits-five-seconds-for-a-header", test_waits_five_seconds_for_a_header);
  ADD ("closes", test_closes);
  ADD ("says-nothing-after-the-end", test_says_nothing_after_the_end);
  ADD ("waits-ten-seconds-for-the-end", test_waits_ten_seconds_for_the_end);
  ADD ("closes-before-it-is-open", test_closes_before_it_is_open);
  ADD ("is-cut", test_is_cut);
#undef ADD

  return g_test_run ();
}
