/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/caps.h"

static FerryDiscoInfo *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) query = ferry_element_parse (xml, -1, &error);
  FerryDiscoInfo *info;

  g_assert_no_error (error);
  info = ferry_disco_info_parse (query, &error);
  g_assert_no_error (error);

  return info;
}

static FerryDiscoInfo *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "xep-0115", name, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);

  return parse (xml);
}

/* DISC-3; XEP-0115 §5.2 and §5.3 */
static void
test_computes_the_examples (void)
{
  g_autoptr(FerryDiscoInfo) simple = load ("simple.xml");
  g_autoptr(FerryDiscoInfo) complex = load ("complex.xml");
  g_autofree char *simple_ver = ferry_caps_compute (simple);
  g_autofree char *complex_ver = ferry_caps_compute (complex);

  g_assert_cmpstr (simple_ver, ==, "QgayPKawpkPSDYmwT/WM94uAlu0=");
  g_assert_cmpstr (complex_ver, ==, "q07IKJEyjvHSyhy//CH0CxmKi8w=");
  g_assert_true (ferry_caps_verify (simple, "sha-1", simple_ver));
  g_assert_true (ferry_caps_verify (complex, "sha-1", complex_ver));
}

/* The order in which things are said does not count. */
static void
test_sorts_before_it_hashes (void)
{
  g_autoptr(FerryDiscoInfo) a = parse (
    "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='b'/><feature var='a'/>"
    "<identity category='client' type='pc'/><identity category='client' type='bot'/>"
    "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>f</value></field>"
    "<field var='z'><value>2</value><value>1</value></field><field var='y'/></x></query>");
  g_autoptr(FerryDiscoInfo) b = parse (
    "<query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data'>"
    "<field var='y'/><field var='z'><value>1</value><value>2</value></field>"
    "<field var='FORM_TYPE' type='hidden'><value>f</value></field></x>"
    "<identity category='client' type='bot'/><identity category='client' type='pc'/>"
    "<feature var='a'/><feature var='b'/></query>");
  g_autofree char *first = ferry_caps_compute (a);
  g_autofree char *second = ferry_caps_compute (b);

  g_assert_cmpstr (first, ==, second);
}

/* DISC-4 */
static void
test_believes_only_what_fits (void)
{
  g_autoptr(FerryDiscoInfo) info = load ("simple.xml");

  g_assert_false (ferry_caps_verify (info, "sha-1", "q07IKJEyjvHSyhy//CH0CxmKi8w="));
  g_assert_false (ferry_caps_verify (info, "sha-1", ""));
  g_assert_false (ferry_caps_verify (info, NULL, "QgayPKawpkPSDYmwT/WM94uAlu0="));
  g_assert_false (ferry_caps_verify (info, "md5", "QgayPKawpkPSDYmwT/WM94uAlu0="));
  g_assert_false (ferry_caps_verify (info, "sha-256", "QgayPKawpkPSDYmwT/WM94uAlu0="));

  ferry_disco_info_add_feature (info, "urn:added");
  g_assert_false (ferry_caps_verify (info, "sha-1", "QgayPKawpkPSDYmwT/WM94uAlu0="));
}

#define FORM(type) "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'>" type "</field></x>"

/* XEP-0115 §5.4: what is ill-formed verifies for nobody, whatever its hash. */
static void
test_refuses_what_is_said_twice (void)
{
  static const struct
  {
    const char *content;
    gboolean    good;
  } cases[] = {
    { "<feature var='a'/><feature var='b'/>", TRUE },
    { "<feature var='a'/><feature var='b'/><feature var='a'/>", FALSE },
    { "<identity category='c' type='t'/><identity category='c' type='t' xml:lang='de'/>", TRUE },
    { "<identity category='c' type='t'/><identity category='c' type='t'/>", FALSE },
    { FORM ("<value>f</value>") FORM ("<value>g</value>"), TRUE },
    { FORM ("<value>f</value>") FORM ("<value>f</value>"), FALSE },
    { FORM ("<value>f</value><value>f</value>"), TRUE },
    { FORM ("<value>f</value><value>g</value>"), FALSE },
    { "<feature var='a&lt;b'/>", FALSE },
    { "<identity category='c' type='t' name='a&lt;b'/>", FALSE },
    { FORM ("<value>f&lt;</value>"), FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (
        "<query xmlns='http://jabber.org/protocol/disco#info'>%s</query>", cases[i].content);
      g_autoptr(FerryDiscoInfo) info = parse (xml);
      g_autofree char *ver = ferry_caps_compute (info);

      g_assert_true (ferry_caps_verify (info, "sha-1", ver) == cases[i].good);
    }
}

/* §5.4, step 3.6: a form without a hidden FORM_TYPE does not count. */
static void
test_leaves_forms_without_type_aside (void)
{
  g_autoptr(FerryDiscoInfo) with = parse (
    "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='a'/>"
    "<x xmlns='jabber:x:data'><field var='b'><value>c</value></field></x>"
    "<x xmlns='jabber:x:data'><field var='FORM_TYPE'><value>c</value></field></x></query>");
  g_autoptr(FerryDiscoInfo) without = parse (
    "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='a'/></query>");
  g_autofree char *ver = ferry_caps_compute (without);

  g_assert_true (ferry_caps_verify (with, "sha-1", ver));
}

static void
test_writes_itself_into_presence (void)
{
  g_autoptr(FerryElement) caps = ferry_caps_to_element (FERRY_CAPS_NODE, "abc=");
  g_autofree char *xml = ferry_element_print (caps);

  g_assert_cmpstr (xml, ==, "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
                            "node='https://ferry.im/' ver='abc='/>");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/caps/computes-the-examples", test_computes_the_examples);
  g_test_add_func ("/proto/caps/sorts-before-it-hashes", test_sorts_before_it_hashes);
  g_test_add_func ("/proto/caps/believes-only-what-fits", test_believes_only_what_fits);
  g_test_add_func ("/proto/caps/refuses-what-is-said-twice", test_refuses_what_is_said_twice);
  g_test_add_func ("/proto/caps/leaves-forms-without-type-aside", test_leaves_forms_without_type_aside);
  g_test_add_func ("/proto/caps/writes-itself-into-presence", test_writes_itself_into_presence);

  return g_test_run ();
}
