/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "core/trust.h"

#define ROMEO  "romeo@montague.lit"
#define JULIET "juliet@capulet.lit"
#define NURSE  "nurse@capulet.lit"

/* Who is not to learn our addresses (SEC-15): what a person decided stays decided. */

typedef struct
{
  char       *dir;
  FerryTrust *trust;
  GString    *changed; /* (owned): bare JIDs, each with a blank behind */
} Fixture;

static void
changed_cb (FerryTrust *trust,
            const char *jid,
            gpointer    user_data)
{
  g_string_append_printf (user_data, "%s ", jid);
}

static void
start (Fixture *fixture)
{
  fixture->trust = ferry_trust_new (ROMEO, fixture->dir, FERRY_SECURITY_AUTO);
  g_assert_no_error (ferry_trust_get_error (fixture->trust));
  g_signal_connect (fixture->trust, "changed", G_CALLBACK (changed_cb), fixture->changed);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->dir = g_dir_make_tmp ("ferry-trust-XXXXXX", NULL);
  fixture->changed = g_string_new (NULL);
  start (fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;

  g_assert_finalize_object (fixture->trust);
  g_string_free (fixture->changed, TRUE);
  dir = g_dir_open (fixture->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->dir), ==, 0);
  g_free (fixture->dir);
}

static void
test_stays_until_it_is_taken_back (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_assert_false (ferry_trust_get_relay_only (fixture->trust, JULIET));
  g_assert_true (ferry_trust_get_relay_only (fixture->trust, "@")); /* nobody can tell who that is */
  ferry_trust_set_relay_only (fixture->trust, JULIET "/x", TRUE);
  ferry_trust_set_relay_only (fixture->trust, JULIET, TRUE);
  ferry_trust_set_relay_only (fixture->trust, NURSE, FALSE);
  ferry_trust_set_relay_only (fixture->trust, ROMEO, TRUE);
  ferry_trust_set_relay_only (fixture->trust, ROMEO, FALSE);
  g_assert_cmpstr (fixture->changed->str, ==, JULIET " " ROMEO " " ROMEO " ");
  ferry_trust_set_policy (fixture->trust, JULIET, FERRY_SECURITY_REQUIRED);
  ferry_trust_forget (fixture->trust, JULIET);

  g_assert_finalize_object (fixture->trust);
  start (fixture);
  g_assert_true (ferry_trust_get_relay_only (fixture->trust, "JULIET@capulet.lit/y"));
  g_assert_false (ferry_trust_get_relay_only (fixture->trust, NURSE));
  g_assert_false (ferry_trust_get_relay_only (fixture->trust, ROMEO));
}

/* The window is open, and another Ferry decides. */
static void
test_hears_of_what_another_program_decided (Fixture       *fixture,
                                            gconstpointer  data)
{
  g_autoptr(FerryTrust) other = ferry_trust_new (ROMEO, fixture->dir, FERRY_SECURITY_AUTO);

  ferry_trust_set_relay_only (other, NURSE, TRUE);
  while (fixture->changed->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->changed->str, ==, NURSE " ");
  g_assert_true (ferry_trust_get_relay_only (fixture->trust, NURSE));

  ferry_trust_set_relay_only (other, NURSE, FALSE);
  while (ferry_trust_get_relay_only (fixture->trust, NURSE))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->changed->str, ==, NURSE " " NURSE " ");
}

#define ADD(path, func) \
  g_test_add ("/core/trust-relay-only/" path, Fixture, NULL, fixture_set_up, func, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("stays-until-it-is-taken-back", test_stays_until_it_is_taken_back);
  ADD ("hears-of-what-another-program-decided", test_hears_of_what_another_program_decided);

  return g_test_run ();
}
