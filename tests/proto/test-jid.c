/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/jid.h"
#include "proto/proto-error.h"

static void
test_normalises (void)
{
  static const struct
  {
    const char *jid;
    const char *normal;
  } cases[] = {
    { "juliet@example.com", "juliet@example.com" },
    { " Juliet@Example.COM/Balcony Scene\n", "juliet@example.com/Balcony Scene" },
    { "fu\xc3\x9f" "ball@example.com", "fu\xc3\x9f" "ball@example.com" },
    { "\xce\xa0@example.com", "\xcf\x80@example.com" },
    { "e\xcc\x81@example.com/e\xcc\x81", "\xc3\xa9@example.com/\xc3\xa9" },
    { "example.com.", "example.com" },
    { "example.com/a/b@c", "example.com/a/b@c" },
    { "a@example.com/foo@bar", "a@example.com/foo@bar" },
    { "a@[::1]", "a@[::1]" },
    { "a@b:5269", "a@b:5269" },
    { "I@EXAMPLE.COM", "i@example.com" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *normal = ferry_jid_normalise (cases[i].jid, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (normal, ==, cases[i].normal);
    }
}

/* RFC 7622 §3.5, and worse. */
static void
test_refuses_what_is_no_address (void)
{
  static const char *const texts[] = {
    "", " ", "\"juliet\"@example.com", "foo bar@example.com", "juliet@example.com/", "@example.com",
    "@example.com/", "a@/b", "/resource", "a@b@c", "a@", "a@b c", "a@b..c", "a@.b", "a@b/c\x01",
    "a\x7f@b", "<a@b>", "a'b@c", "a&b@c", "a:b@c", "a\xff@b", "a@b/\xc3", "a@\xc2\xa0", "a@b\\c",
    ("a\xe2\x80\xae" "b@c"), "a\xc2\xad@b", "a@b\xe2\x80\x8b.c",
  };
  g_autofree char *filler = g_strnfill (1024, 'a');
  g_autofree char *too_long = g_strconcat (filler, "@b", NULL);

  for (guint i = 0; i <= G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      const char *text = i < G_N_ELEMENTS (texts) ? texts[i] : too_long;
      g_autofree char *normal = ferry_jid_normalise (text, &error);

      if (normal != NULL)
        g_error ("Took %s as %s", text, normal);
      g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
    }
}

static void
test_takes_apart (void)
{
  static const struct
  {
    const char *jid;
    const char *local;
    const char *domain;
    const char *resource;
    const char *bare;
  } cases[] = {
    { "a@b/c", "a", "b", "c", "a@b" },
    { "a@b", "a", "b", NULL, "a@b" },
    { "b", NULL, "b", NULL, "b" },
    { "b/c@d/e", NULL, "b", "c@d/e", "b" },
    { "a@b/", "a", "b", NULL, "a@b" },
    { "", NULL, "", NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *local = ferry_jid_dup_local (cases[i].jid);
      g_autofree char *domain = ferry_jid_dup_domain (cases[i].jid);
      g_autofree char *bare = ferry_jid_dup_bare (cases[i].jid);

      g_assert_cmpstr (local, ==, cases[i].local);
      g_assert_cmpstr (domain, ==, cases[i].domain);
      g_assert_cmpstr (bare, ==, cases[i].bare);
      g_assert_cmpstr (ferry_jid_get_resource (cases[i].jid), ==, cases[i].resource);
      g_assert_true (ferry_jid_is_full (cases[i].jid) == (cases[i].resource != NULL));
    }
}

static void
test_compares (void)
{
  g_assert_true (ferry_jid_equal ("a@b/c", "A@B./c"));
  g_assert_false (ferry_jid_equal ("a@b/c", "a@b/C"));
  g_assert_false (ferry_jid_equal ("a@b/c", "a@b"));
  g_assert_false (ferry_jid_equal ("a@b", NULL));
  g_assert_false (ferry_jid_equal (NULL, NULL));
  g_assert_true (ferry_jid_equal_bare ("a@b/c", "A@b"));
  g_assert_true (ferry_jid_equal_bare ("a@b/c", "a@b/d"));
  g_assert_false (ferry_jid_equal_bare ("a@b", "a@c"));
  g_assert_false (ferry_jid_equal_bare (NULL, "a@c"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/jid/normalises", test_normalises);
  g_test_add_func ("/proto/jid/refuses-what-is-no-address", test_refuses_what_is_no_address);
  g_test_add_func ("/proto/jid/takes-apart", test_takes_apart);
  g_test_add_func ("/proto/jid/compares", test_compares);

  return g_test_run ();
}
