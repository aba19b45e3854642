/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/element.h"
#include "proto/proto-error.h"

static FerryElement *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  FerryElement *element = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return element;
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
test_reads_what_is_there (void)
{
  g_autoptr(FerryElement) iq = parse (
    "<iq xmlns='jabber:client' id='1' xml:lang='de'> a<q xmlns='urn:q' n='&lt;&#10;\"'>x<!-- c -->"
    "<![CDATA[<y>]]></q><p:q xmlns:p='urn:p' p:n='no' m='yes'><r/></p:q>b </iq>");
  FerryElement *q = ferry_element_find (iq, "q", "urn:q");
  FerryElement *p = ferry_element_find (iq, NULL, "urn:p");

  g_assert_cmpstr (ferry_element_get_name (iq), ==, "iq");
  g_assert_cmpstr (ferry_element_get_xmlns (iq), ==, FERRY_NS_CLIENT);
  g_assert_cmpstr (ferry_element_get_attribute (iq, "xml:lang"), ==, "de");
  g_assert_cmpstr (ferry_element_get_text (iq), ==, " ab ");
  g_assert_cmpuint (ferry_element_get_n_children (iq), ==, 2);
  g_assert_true (ferry_element_get_child (iq, 0) == q);
  g_assert_cmpstr (ferry_element_get_attribute (q, "n"), ==, "<\n\"");
  g_assert_cmpstr (ferry_element_get_text (q), ==, "x<y>");
  g_assert_cmpstr (ferry_element_find_text (iq, "q", "urn:q"), ==, "x<y>");
  g_assert_true (ferry_element_is (p, "q", "urn:p"));
  g_assert_null (ferry_element_get_attribute (p, "n"));
  g_assert_cmpstr (ferry_element_get_attribute (p, "m"), ==, "yes");
  g_assert_cmpstr (ferry_element_find_text (p, "r", FERRY_NS_CLIENT), ==, "");
  g_assert_null (ferry_element_find_text (p, "s", NULL));
  g_assert_null (ferry_element_find (iq, "q", "urn:r"));
}

static void
test_refuses_what_is_not_plain_xml (void)
{
  static const char *const texts[] = {
    "", " ", "text", "<a>", "<a></b>", "<a/><b/>", "<a b='1' b='2'/>", "<a b=1/>", "<a>&nbsp;</a>",
    "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a><?pi?></a>", "<?pi?><a/>",
    "<a>\x01</a>", "<a>\xff</a>", "<a>&#0;</a>", "<a>&#xFFFE;</a>", "<p:a/>", "<a p:b=''/>", "<a>]]></a>",
    "<a xmlns:p='urn:p' xmlns:q='urn:p' p:b='' q:b=''/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryElement) element = ferry_element_parse (texts[i], -1, &error);

      g_assert_null (element);
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

/* SEC-10 */
static void
test_keeps_to_the_limits (void)
{
  static const struct
  {
    const char *head;
    const char *repeated;
    const char *tail;
    const char *tail_repeated;
    guint       allowed;
  } cases[] = {
    { "<a>", "<b/>", "", "", FERRY_XML_MAX_ELEMENTS - 1 },
    { "<a>", "<b>", "", "</b>", FERRY_XML_MAX_DEPTH - 1 },
    { "<a>", "0123456789abcdef", "", "", FERRY_XML_MAX_BYTES / 16 - 1 },
    { "<a xmlns='", "n", "'>", "", FERRY_XML_MAX_NAMESPACE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint more = 0; more <= 1; more++)
      {
        g_autoptr(GError) error = NULL;
        g_autofree char *open = repeat (cases[i].repeated, cases[i].allowed + more);
        g_autofree char *close = repeat (cases[i].tail_repeated, cases[i].allowed + more);
        g_autofree char *xml = g_strconcat (cases[i].head, open, cases[i].tail, close, "</a>", NULL);
        g_autoptr(FerryElement) element = ferry_element_parse (xml, -1, &error);

        g_assert_true ((element != NULL) == (more == 0));
        if (more)
          g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE);
      }
}

static void
test_limits_attributes (void)
{
  for (guint n = FERRY_XML_MAX_ATTRIBUTES; n <= FERRY_XML_MAX_ATTRIBUTES + 1; n++)
    {
      g_autoptr(GString) xml = g_string_new ("<a");
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryElement) element = NULL;

      for (guint i = 0; i < n; i++)
        g_string_append_printf (xml, " a%u=''", i);
      g_string_append (xml, "/>");
      element = ferry_element_parse (xml->str, -1, &error);
      g_assert_true ((element != NULL) == (n <= FERRY_XML_MAX_ATTRIBUTES));
    }
}

static void
test_prints_what_was_built (void)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("iq", FERRY_NS_CLIENT);
  g_autoptr(FerryElement) iq = NULL;
  g_autofree char *xml = NULL;

  ferry_element_builder_attribute (builder, "id", "gone");
  ferry_element_builder_attribute (builder, "type", "set");
  ferry_element_builder_attribute (builder, "id", "<'\t\r\n\"&>");
  ferry_element_builder_attribute (builder, "nothing", NULL);
  ferry_element_builder_attribute (builder, "xmlns", "urn:not-this-way");
  ferry_element_builder_attribute (builder, "x:from", "boss@a");
  ferry_element_builder_attribute (builder, "xml:lang", "en");
  ferry_element_builder_open (builder, "q", "urn:q");
  ferry_element_builder_attribute_int (builder, "n", G_MININT64);
  ferry_element_builder_text_child (builder, "t", "a\r<&>\t\n\"'");
  ferry_element_builder_text_child (builder, "u", NULL);
  ferry_element_builder_open (builder, "v", "");
  ferry_element_builder_close (builder);
  ferry_element_builder_close (builder);
  iq = ferry_element_builder_end (builder);

  xml = ferry_element_print (iq);
  g_assert_cmpstr (xml, ==,
                   "<iq xmlns='jabber:client' type='set' id='&lt;&apos;&#9;&#13;&#10;\"&amp;&gt;' "
                   "xml:lang='en'><q xmlns='urn:q' n='-9223372036854775808'>"
                   "<t>a&#13;&lt;&amp;&gt;\t\n\"'</t><u/><v xmlns=''/></q></iq>");
}

/* One control character in a file name would end the session with the server. */
static void
test_repairs_what_xml_forbids (void)
{
  static const struct
  {
    const char *text;
    const char *repaired;
  } cases[] = {
    { "plain \xc3\xa9\t\n\r\xf0\x9f\x9a\x80\x7f", "plain \xc3\xa9\t\n\r\xf0\x9f\x9a\x80\x7f" },
    { "a\x01\x08z", "a\xef\xbf\xbd\xef\xbf\xbdz" },
    { "a\xff", "a\xef\xbf\xbd" },
    { "a\xc3", "a\xef\xbf\xbd" },
    { "\xe2\x82z", "\xef\xbf\xbd\xef\xbf\xbdz" },
    { "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    { "\xef\xbf\xbe\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd" },
    { "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FerryElementBuilder *builder = ferry_element_builder_new ("a", NULL);
      g_autoptr(FerryElement) element = NULL;
      g_autoptr(FerryElement) parsed = NULL;
      g_autofree char *xml = NULL;

      ferry_element_builder_attribute (builder, "b", cases[i].text);
      ferry_element_builder_text (builder, cases[i].text);
      element = ferry_element_builder_end (builder);
      g_assert_cmpstr (ferry_element_get_text (element), ==, cases[i].repaired);
      g_assert_cmpstr (ferry_element_get_attribute (element, "b"), ==, cases[i].repaired);

      xml = ferry_element_print (element);
      parsed = parse (xml);
      g_assert_true (ferry_element_equal (element, parsed));
    }
}

static void
test_no_name_breaks_out_of_its_tag (void)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("a b='c'><d", "urn:'>");
  g_autoptr(FerryElement) element = NULL;
  g_autoptr(FerryElement) parsed = NULL;
  g_autofree char *xml = NULL;

  ferry_element_builder_attribute (builder, "1 x", "y");
  element = ferry_element_builder_end (builder);
  xml = ferry_element_print (element);
  parsed = parse (xml);
  g_assert_true (ferry_element_equal (element, parsed));
  g_assert_cmpuint (ferry_element_get_n_children (parsed), ==, 0);
}

/* Nothing may be put into the namespaces of XML itself without their prefix. */
static void
test_leaves_reserved_namespaces (void)
{
  g_autoptr(FerryElement) element = parse ("<a><xml:b/></a>");
  g_autofree char *xml = ferry_element_print (element);

  g_assert_cmpstr (xml, ==, "<a><b/></a>");
}

static void
test_compares_as_trees (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    gboolean    equal;
  } cases[] = {
    { "<a b='1' c='2'/>", "<a c=\"2\" b='1'></a>", TRUE },
    { "<a><b/> <c/>\n</a>", "<a><b/><c/></a>", TRUE },
    { "<a xmlns='urn:a'><b/></a>", "<p:a xmlns:p='urn:a'><p:b/></p:a>", TRUE },
    { "<a> </a>", "<a/>", FALSE },
    { "<a>x</a>", "<a>y</a>", FALSE },
    { "<a>x<b/></a>", "<a><b/></a>", FALSE },
    { "<a b='1'/>", "<a/>", FALSE },
    { "<a b='1'/>", "<a c='1'/>", FALSE },
    { "<a b='1'/>", "<a b='2'/>", FALSE },
    { "<a><b/><c/></a>", "<a><c/><b/></a>", FALSE },
    { "<a><b/></a>", "<a><b/><b/></a>", FALSE },
    { "<a><b/></a>", "<a><b xmlns='urn:b'/></a>", FALSE },
    { "<a/>", "<b/>", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) a = parse (cases[i].a);
      g_autoptr(FerryElement) b = parse (cases[i].b);

      g_assert_true (ferry_element_equal (a, b) == cases[i].equal);
      g_assert_true (ferry_element_equal (b, a) == cases[i].equal);
    }
}

static void
test_copies_to_change (void)
{
  g_autoptr(FerryElement) original = parse ("<a xmlns='urn:a' b='1' c='2'>x<d e='3'>y</d></a>");
  g_autoptr(FerryElement) copy = ferry_element_builder_end (ferry_element_builder_new_from (original));
  FerryElementBuilder *builder = ferry_element_builder_new_from (original);
  g_autoptr(FerryElement) expected = parse ("<a xmlns='urn:a' b='4'>x<d e='3'>y</d><f/></a>");
  g_autoptr(FerryElement) changed = NULL;

  g_assert_true (ferry_element_equal (copy, original));
  ferry_element_builder_attribute (builder, "b", "4");
  ferry_element_builder_attribute (builder, "c", NULL);
  ferry_element_builder_text_child (builder, "f", "");
  changed = ferry_element_builder_end (builder);
  g_assert_true (ferry_element_equal (changed, expected));
}

static void
test_children_outlive_their_parents (void)
{
  FerryElement *parent = parse ("<a><b c='d'>e</b></a>");
  g_autoptr(FerryElement) child = ferry_element_ref (ferry_element_get_child (parent, 0));

  ferry_element_unref (parent);
  g_assert_cmpstr (ferry_element_get_attribute (child, "c"), ==, "d");
  g_assert_cmpstr (ferry_element_get_text (child), ==, "e");
}

static void
test_drops_what_is_half_built (void)
{
  g_autoptr(FerryElementBuilder) builder = ferry_element_builder_new ("a", NULL);

  ferry_element_builder_text_child (builder, "b", "c");
  ferry_element_builder_open (builder, "d", NULL);
  ferry_element_builder_text_child (builder, "e", "f");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/element/reads-what-is-there", test_reads_what_is_there);
  g_test_add_func ("/proto/element/refuses-what-is-not-plain-xml", test_refuses_what_is_not_plain_xml);
  g_test_add_func ("/proto/element/keeps-to-the-limits", test_keeps_to_the_limits);
  g_test_add_func ("/proto/element/limits-attributes", test_limits_attributes);
  g_test_add_func ("/proto/element/prints-what-was-built", test_prints_what_was_built);
  g_test_add_func ("/proto/element/repairs-what-xml-forbids", test_repairs_what_xml_forbids);
  g_test_add_func ("/proto/element/no-name-breaks-out-of-its-tag", test_no_name_breaks_out_of_its_tag);
  g_test_add_func ("/proto/element/leaves-reserved-namespaces", test_leaves_reserved_namespaces);
  g_test_add_func ("/proto/element/compares-as-trees", test_compares_as_trees);
  g_test_add_func ("/proto/element/copies-to-change", test_copies_to_change);
  g_test_add_func ("/proto/element/children-outlive-their-parents", test_children_outlive_their_parents);
  g_test_add_func ("/proto/element/drops-what-is-half-built", test_drops_what_is_half_built);

  return g_test_run ();
}
