/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/feature-negotiation.h"
#include "proto/proto-error.h"

#define FORM(x)   "<feature xmlns='http://jabber.org/protocol/feature-neg'>" \
                  "<x xmlns='jabber:x:data'>" x "</x></feature>"
#define OPTION(v) "<option><value>" v "</value></option>"
#define FIELD(x)  "<field var='method' type='list-single'>" x "</field>"

/* Some parent; the dialects have their own. */
static FerryElement *
wrap (const char *content)
{
  g_autofree char *xml = g_strdup_printf ("<query xmlns='urn:any'>%s</query>", content);
  g_autoptr(GError) error = NULL;
  FerryElement *parent = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return parent;
}

/* FN-4, REL-13. Peers: gloox labels its options and adds an empty value; libpurple says what the
 * form is called. */
static void
test_finds_the_options (void)
{
  static const struct
  {
    const char *xml;
    const char *options; /* NULL: an error */
    int         code;
  } cases[] = {
    { FORM (FIELD (OPTION ("s5b") OPTION ("ibb"))), "s5b ibb" },
    { FORM ("<field var='method'>" OPTION ("ibb") "</field>"), "ibb" },
    { FORM ("<title>a form</title><instructions/><field var='other'>" OPTION ("x") "</field>"
            "<field/>" FIELD (OPTION ("s5b"))), "s5b" },
    { FORM (FIELD ("<option label='one'><value>s5b</value></option><value/><desc/>")), "s5b" },
    { FORM (FIELD (OPTION ("s5b")) FIELD (OPTION ("ibb"))), "s5b" },
    { FORM (FIELD (OPTION ("") "<option/>" OPTION ("ibb"))), "ibb" },
    { "<note/>" FORM (FIELD (OPTION ("s5b"))), "s5b" },
    { "", NULL, FERRY_PROTO_ERROR_MALFORMED },
    { "<feature xmlns='urn:x'/>", NULL, FERRY_PROTO_ERROR_MALFORMED },
    { "<feature xmlns='http://jabber.org/protocol/feature-neg'/>", NULL,
      FERRY_PROTO_ERROR_MALFORMED },
    { FORM (""), NULL, FERRY_PROTO_ERROR_MALFORMED },
    { FORM ("<field var='other'>" OPTION ("s5b") "</field>"), NULL,
      FERRY_PROTO_ERROR_MALFORMED },
    { FORM (FIELD ("")), NULL, FERRY_PROTO_ERROR_MALFORMED },
    { FORM (FIELD (OPTION (""))), NULL, FERRY_PROTO_ERROR_MALFORMED },
    { FORM (FIELD ("<value>s5b</value>")), NULL, FERRY_PROTO_ERROR_MALFORMED },
    { FORM ("<field xmlns='urn:x' var='method'>" OPTION ("s5b") "</field>"), NULL,
      FERRY_PROTO_ERROR_MALFORMED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) parent = wrap (cases[i].xml);
      g_autoptr(GError) error = NULL;
      g_auto(GStrv) options = ferry_feature_negotiation_parse_offer (parent, "method", &error);
      g_autofree char *joined = options != NULL ? g_strjoinv (" ", options) : NULL;

      g_assert_cmpstr (joined, ==, cases[i].options);
      if (options != NULL)
        g_assert_no_error (error);
      else
        g_assert_error (error, FERRY_PROTO_ERROR, cases[i].code);
    }
}

/* FN-2, FN-5 */
static void
test_finds_the_choice (void)
{
  static const struct
  {
    const char *xml;
    const char *choice; /* NULL: an error */
  } cases[] = {
    { FORM ("<field var='method'><value>s5b</value></field>"), "s5b" },
    { FORM (FIELD ("<value>ibb</value>")), "ibb" },
    { FORM (FIELD (OPTION ("s5b") OPTION ("ibb") "<value>ibb</value>")), "ibb" },
    { FORM (FIELD ("<value/><value>ibb</value>")), "ibb" },
    { FORM (FIELD ("<value>s5b</value><value>ibb</value>")), NULL },
    { FORM (FIELD ("<value/>")), NULL },
    { FORM (FIELD (OPTION ("s5b"))), NULL },
    { FORM ("<field var='other'><value>s5b</value></field>"), NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) parent = wrap (cases[i].xml);
      g_autoptr(GError) error = NULL;
      g_autofree char *choice = ferry_feature_negotiation_parse_choice (parent, "method", &error);

      g_assert_cmpstr (choice, ==, cases[i].choice);
      if (choice != NULL)
        g_assert_no_error (error);
      else
        g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

static FerryElement *
form_of (guint n_options,
         guint length)
{
  g_autoptr(GString) options = g_string_new (NULL);
  g_autofree char *value = g_strnfill (length, 'x');
  g_autofree char *xml = NULL;

  for (guint i = 0; i < n_options; i++)
    g_string_append_printf (options, OPTION ("%s"), value);
  xml = g_strdup_printf (FORM (FIELD ("%s")), options->str);

  return wrap (xml);
}

/* SEC-11 */
static void
test_has_limits (void)
{
  static const struct
  {
    guint    n_options;
    guint    length;
    gboolean ok;
  } cases[] = {
    { 32, 8, TRUE },
    { 33, 8, FALSE },
    { 1, 1024, TRUE },
    { 1, 1025, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) parent = form_of (cases[i].n_options, cases[i].length);
      g_autoptr(GError) error = NULL;
      g_auto(GStrv) options = ferry_feature_negotiation_parse_offer (parent, "method", &error);

      g_assert_cmpint (options != NULL, ==, cases[i].ok);
      if (!cases[i].ok)
        g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE);
    }
}

/* REL-13: with its type, which a reader of the oldest texts ignores. */
static void
test_writes_what_it_reads (void)
{
  static const char *const options[] = { "s5b", "ibb", NULL };
  g_autoptr(FerryElement) offer = ferry_feature_negotiation_new_offer ("method", options);
  g_autoptr(FerryElement) choice = ferry_feature_negotiation_new_choice ("method", "ibb");
  g_autofree char *offered = ferry_element_print (offer);
  g_autofree char *chosen = ferry_element_print (choice);

  g_assert_cmpstr (offered, ==, "<feature xmlns='http://jabber.org/protocol/feature-neg'>"
                   "<x xmlns='jabber:x:data' type='form'><field var='method' "
                   "type='list-single'><option><value>s5b</value></option>"
                   "<option><value>ibb</value></option></field></x></feature>");
  g_assert_cmpstr (chosen, ==, "<feature xmlns='http://jabber.org/protocol/feature-neg'>"
                   "<x xmlns='jabber:x:data' type='submit'><field var='method'>"
                   "<value>ibb</value></field></x></feature>");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/feature-negotiation/FN-4/finds-the-options", test_finds_the_options);
  g_test_add_func ("/legacy/feature-negotiation/FN-2/finds-the-choice", test_finds_the_choice);
  g_test_add_func ("/legacy/feature-negotiation/SEC-11/has-limits", test_has_limits);
  g_test_add_func ("/legacy/feature-negotiation/REL-13/writes-what-it-reads",
                   test_writes_what_it_reads);

  return g_test_run ();
}
