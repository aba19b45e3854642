/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <expat.h>
#include <string.h>

#include "proto/gate.h"
#include "proto/iq.h"
#include "proto/proto-error.h"

#define ACCOUNT "romeo@montague.lit"
#define HEADER  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
                "xmlns:stream='http://etherx.jabber.org/streams' id='1' xml:lang='en' version='1.0'>"
#define BODY    "<message from='juliet@capulet.lit/b' xml:lang='en'><body>\xc3\xa9 &lt;&#10;</body>" \
                "<x:y xmlns:x='urn:x' z=\"'\"/></message>"
#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>dj1=</success>"

/* Feeds @stream in pieces of @size and cuts off the blanks after each piece. */
static gboolean
feed (FerryGate   *gate,
      const char  *stream,
      gsize        len,
      gsize        size,
      GString     *out,
      GError     **error)
{
  while (len > 0)
    {
      g_autoptr(GByteArray) passed = g_byte_array_new ();
      gsize piece = MIN (size, len);

      if (!ferry_gate_receive (gate, (const guint8 *) stream, piece, passed, error))
        return FALSE;
      while (passed->len > 0 && passed->data[passed->len - 1] == ' ')
        passed->len--;
      g_string_append_len (out, (const char *) passed->data, passed->len);
      stream += piece;
      len -= piece;
    }

  return TRUE;
}

/* What comes through of @stanza, in a stream that has been opened. */
static char *
filter (FerryGate  *gate,
        const char *stanza,
        gsize       size)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (feed (gate, HEADER, strlen (HEADER), G_MAXSIZE, out, &error));
  g_assert_no_error (error);
  g_string_truncate (out, 0);
  g_assert_true (feed (gate, stanza, strlen (stanza), size, out, &error));
  g_assert_no_error (error);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
repeat (const char *text,
        guint       n)
{
  GString *out = g_string_new (NULL);

  while (n-- > 0)
    g_string_append (out, text);

  return g_string_free (out, FALSE);
}

static void
test_passes_whole_stanzas_at_every_split (void)
{
  static const char before[] = HEADER "<stream:features><a/></stream:features>" SUCCESS;
  static const char after[] = HEADER BODY "\r\n <presence from='a@b'/> " BODY "</stream:stream>";
  static const char expected[] = HEADER "<stream:features><a/></stream:features>" SUCCESS HEADER BODY
                                 "<presence from='a@b'/>" BODY "</stream:stream>";
  g_autofree char *stream = g_strconcat (before, after, NULL);
  gsize len = strlen (stream);

  for (gsize split = 1; split < len; split++)
    {
      g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      g_assert_true (feed (gate, stream, split, G_MAXSIZE, out, &error));
      g_assert_true (feed (gate, stream + split, len - split, G_MAXSIZE, out, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (out->str, ==, expected);
      g_assert_cmpuint (ferry_gate_get_n_dropped (gate), ==, 0);
    }
}

static void
test_passes_whole_stanzas_byte_by_byte (void)
{
  g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
  g_autofree char *out = filter (gate, BODY " \r" BODY "\r\n", 1);

  g_assert_cmpstr (out, ==, BODY BODY);
}

/* A stanza is let through when it is whole, not when the next one comes. */
static void
test_passes_a_stanza_as_soon_as_it_ends (void)
{
  static const char stanza[] = "<presence from='juliet@capulet.lit/balcony' to='romeo@montague.lit'/>";

  for (gsize split = 1; split < strlen (stanza); split++)
    {
      g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
      g_autoptr(GString) out = g_string_new (NULL);
      g_autofree char *half = g_strndup (stanza, split);
      g_autofree char *early = filter (gate, half, G_MAXSIZE);

      g_assert_cmpstr (early, ==, "");
      g_assert_true (feed (gate, stanza + split, strlen (stanza) - split, G_MAXSIZE, out, NULL));
      g_assert_cmpstr (out->str, ==, stanza);
    }
}

static void XMLCALL
count_stanzas_cb (void       *data,
                  const char *name)
{
  guint *n = data;

  if (g_str_has_suffix (name, "|message") || g_str_has_suffix (name, "|presence"))
    (*n)++;
}

/* Peer: expat since 2.6, and Debian's 2.5, inside libstrophe: a parser that has read
 * half of a tag does not look again before it has as much once more. However the
 * stream is cut on either side of the gate, all of it must have been seen at its end. */
static void
test_wakes_a_parser_that_defers (void)
{
  static const char stream[] = HEADER "<presence from='a@b'/><presence from='juliet@capulet.lit/balcony'/>"
                               "<message xmlns:a='urn:a-name-of-some-length'><body/></message>";

  for (gsize split = strlen (HEADER); split < strlen (stream); split++)
    for (gsize size = 1; size < 2 * strlen (stream); size += 3)
      {
        g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
        g_autoptr(GByteArray) passed = g_byte_array_new ();
        XML_Parser parser = XML_ParserCreateNS ("UTF-8", '|');
        guint n = 0;

        g_assert_true (ferry_gate_receive (gate, (const guint8 *) stream, split, passed, NULL));
        g_assert_true (ferry_gate_receive (gate, (const guint8 *) stream + split,
                                           strlen (stream) - split, passed, NULL));
        XML_SetUserData (parser, &n);
        XML_SetEndElementHandler (parser, count_stanzas_cb);
        for (gsize at = 0; at < passed->len; at += size)
          g_assert_cmpint (XML_Parse (parser, (const char *) passed->data + at,
                                      MIN (size, passed->len - at), XML_FALSE), ==, XML_STATUS_OK);
        g_assert_cmpuint (n, ==, 3);
        XML_ParserFree (parser);
      }
}

/* libstrophe takes x:from for from. */
static void
test_drops_prefixed_attributes (void)
{
  static const char *const forged[] = {
    "<message xmlns:x='urn:x' x:from='boss@lab.test/desk' from='eve@lab.test/1'/>",
    "<message from='eve@lab.test/1' xml:from='boss@lab.test/desk'/>",
    "<message from='eve@lab.test/1'><a xmlns:x='urn:x'><b x:id='1'/></a></message>",
    "<message from='eve@lab.test/1' xmlnsx:from='boss@lab.test'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (forged); i++)
    {
      g_autofree char *stanzas = g_strconcat (forged[i], BODY, forged[i], BODY, NULL);

      for (gsize size = 1; size <= strlen (stanzas); size++)
        {
          g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
          g_autofree char *out = filter (gate, stanzas, size);

          g_assert_cmpstr (out, ==, BODY BODY);
          g_assert_cmpuint (ferry_gate_get_n_dropped (gate), ==, 2);
          g_assert_null (ferry_gate_take_answer (gate));
        }
    }
}

/* A stanza of Eve's with @content, and one after it that must not suffer. */
static void
check_dropped (const char *content)
{
  g_autofree char *stanzas = g_strconcat ("<iq type='set' id='i1' from='eve@lab.test/1'>", content,
                                          "</iq>" BODY, NULL);
  gsize sizes[] = { 4096, 16384, strlen (stanzas) };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
      g_autofree char *out = filter (gate, stanzas, sizes[i]);

      g_assert_cmpstr (out, ==, BODY);
      g_assert_cmpuint (ferry_gate_get_n_dropped (gate), ==, 1);
    }
}

static void
test_drops_what_costs_too_much (void)
{
  g_autofree char *siblings = repeat ("<a/>", 30000);
  g_autofree char *open = repeat ("<a>", 30000);
  g_autofree char *close = repeat ("</a>", 30000);
  g_autofree char *deep = g_strconcat (open, close, NULL);
  g_autofree char *text = repeat ("0123456789abcdef", 1024 * 1024 / 16);
  g_autoptr(GString) attributes = g_string_new ("<a");
  g_autofree char *xmlns = repeat ("n", FERRY_XML_MAX_NAMESPACE + 1);
  g_autofree char *named = g_strdup_printf ("<a xmlns='%s'/>", xmlns);
  g_autofree char *prefixed = g_strdup_printf ("<x:a xmlns:x='%s'/>", xmlns);

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (attributes, " a%u=''", i);
  g_string_append (attributes, "/>");

  check_dropped (siblings);
  check_dropped (deep);
  check_dropped (text);
  check_dropped (attributes->str);
  check_dropped (named);
  check_dropped (prefixed);
}

static void
test_passes_what_is_just_allowed (void)
{
  g_autofree char *siblings = repeat ("<a/>", FERRY_XML_MAX_ELEMENTS - 1);
  g_autofree char *open = repeat ("<a>", FERRY_XML_MAX_DEPTH - 1);
  g_autofree char *close = repeat ("</a>", FERRY_XML_MAX_DEPTH - 1);
  g_autofree char *text = repeat ("0123456789abcdef", 500 * 1024 / 16);
  const char *contents[] = { siblings, open, text };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
      g_autofree char *stanza = g_strconcat ("<message from='eve@lab.test/1'>", contents[i],
                                             i == 1 ? close : "", "</message>", NULL);
      g_autofree char *out = filter (gate, stanza, 4096);

      g_assert_cmpstr (out, ==, stanza);
    }
}

/* A contact list of 10,000 comes as one stanza, from nobody or from the account. */
static void
test_trusts_our_own_account_with_more (void)
{
  static const char *const heads[] = { "<iq type='result'>", "<iq from='" ACCOUNT "'>" };
  g_autofree char *items = repeat ("<item jid='juliet@capulet.lit' subscription='both' "
                                   "name='Juliet Capulet'><group>Friends</group></item>", 10000);

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
      g_autofree char *stanza = g_strconcat (heads[i], "<query>", items, "</query></iq>", NULL);
      g_autofree char *out = filter (gate, stanza, 4096);

      g_assert_true (g_str_equal (out, stanza));
    }
  check_dropped (items);
}

static void
test_answers_dropped_requests (void)
{
  static const struct
  {
    const char     *stanza;
    const char     *to;
    const char     *id;
    const char     *condition;
  } cases[] = {
    { "<iq x:from='boss@a' xmlns:x='urn:x' id='i1' type='get' from='eve@lab.test/1'/>",
      "eve@lab.test/1", "i1", "not-acceptable" },
    { "<iq x:id='i9' xmlns:x='urn:x' id='i2' type='set' from='eve@lab.test/1' x:type='result'/>",
      "eve@lab.test/1", "i2", "not-acceptable" },
    { "<iq x:from='boss@a' xmlns:x='urn:x' id='i1' type='result' from='eve@lab.test/1'/>", NULL },
    { "<message x:from='boss@a' xmlns:x='urn:x' id='i1' type='set' from='eve@lab.test/1'/>", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
      g_autofree char *out = filter (gate, cases[i].stanza, 7);
      g_autoptr(FerryElement) answer = ferry_gate_take_answer (gate);
      g_autoptr(FerryStanzaError) error = NULL;

      g_assert_cmpstr (out, ==, "");
      g_assert_null (ferry_gate_take_answer (gate));
      if (cases[i].to == NULL)
        {
          g_assert_null (answer);
          continue;
        }
      g_assert_true (ferry_iq_is (answer, FERRY_IQ_ERROR));
      g_assert_cmpstr (ferry_element_get_attribute (answer, "to"), ==, cases[i].to);
      g_assert_cmpstr (ferry_element_get_attribute (answer, "id"), ==, cases[i].id);
      error = ferry_stanza_error_from_stanza (answer);
      g_assert_cmpstr (ferry_condition_to_string (error->condition), ==, cases[i].condition);
    }
}

static void
test_ends_a_broken_stream (void)
{
  static const struct
  {
    const char      *stream;
    FerryProtoError  code;
  } cases[] = {
    { "<!DOCTYPE a><a>", FERRY_PROTO_ERROR_MALFORMED },
    { "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<?pi?>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<message><!-- --></message>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<message>&nbsp;</message>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<message></iq>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<message>\x01</message>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<message>\xff</message>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "<message a='1' a='2'/>", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER "text", FERRY_PROTO_ERROR_MALFORMED },
    { "<?xml version='1.0' encoding='utf-16'?><stream>", FERRY_PROTO_ERROR_MALFORMED },
    { "<stream xmlns:x='urn:x' x:from='a@b'>", FERRY_PROTO_ERROR_MALFORMED },
    { "HTTP/1.1 400 Bad Request\r\n\r\n", FERRY_PROTO_ERROR_MALFORMED },
    { HEADER SUCCESS HEADER SUCCESS HEADER, FERRY_PROTO_ERROR_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize len = strlen (cases[i].stream);

      for (gsize size = 1; size <= len; size += len - 1)
        {
          g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
          g_autoptr(GString) out = g_string_new (NULL);
          g_autoptr(GError) error = NULL;
          gboolean ok = feed (gate, cases[i].stream, len, size, out, &error);

          g_assert_false (ok);
          g_assert_error (error, FERRY_PROTO_ERROR, (int) cases[i].code);
        }
    }
}

/* Skips for ever without keeping, but not beyond what any server sends. */
static void
test_ends_a_stanza_without_end (void)
{
  static const char *const pieces[] = { "<a>", "text and more ", " attribute='" };
  static const char *const heads[] = { "<iq from='eve@lab.test/1'>", "<iq from='eve@lab.test/1'>",
                                       "<iq from='" };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
      g_autofree char *out = filter (gate, heads[i], G_MAXSIZE);
      g_autofree char *piece = repeat (i == 2 ? "a" : pieces[i], 4096);
      g_autoptr(GString) more = g_string_new (NULL);
      g_autoptr(GError) error = NULL;
      guint n = 0;

      g_assert_cmpstr (out, ==, "");
      while (n < 10000 && feed (gate, piece, strlen (piece), G_MAXSIZE, more, &error))
        n++;
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE);
      g_assert_cmpuint (more->len, ==, 0);
    }
}

static void
test_is_silent_after_the_end (void)
{
  g_autoptr(FerryGate) gate = ferry_gate_new (ACCOUNT);
  g_autofree char *out = filter (gate, "</stream:stream>" BODY "<<<", 16);

  g_assert_cmpstr (out, ==, "</stream:stream>");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/gate/passes-whole-stanzas-at-every-split",
                   test_passes_whole_stanzas_at_every_split);
  g_test_add_func ("/proto/gate/passes-whole-stanzas-byte-by-byte",
                   test_passes_whole_stanzas_byte_by_byte);
  g_test_add_func ("/proto/gate/passes-a-stanza-as-soon-as-it-ends",
                   test_passes_a_stanza_as_soon_as_it_ends);
  g_test_add_func ("/proto/gate/wakes-a-parser-that-defers", test_wakes_a_parser_that_defers);
  g_test_add_func ("/proto/gate/drops-prefixed-attributes", test_drops_prefixed_attributes);
  g_test_add_func ("/proto/gate/drops-what-costs-too-much", test_drops_what_costs_too_much);
  g_test_add_func ("/proto/gate/passes-what-is-just-allowed", test_passes_what_is_just_allowed);
  g_test_add_func ("/proto/gate/trusts-our-own-account-with-more",
                   test_trusts_our_own_account_with_more);
  g_test_add_func ("/proto/gate/answers-dropped-requests", test_answers_dropped_requests);
  g_test_add_func ("/proto/gate/ends-a-broken-stream", test_ends_a_broken_stream);
  g_test_add_func ("/proto/gate/ends-a-stanza-without-end", test_ends_a_stanza_without_end);
  g_test_add_func ("/proto/gate/is-silent-after-the-end", test_is_silent_after_the_end);

  return g_test_run ();
}
