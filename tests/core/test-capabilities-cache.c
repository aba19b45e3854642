/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "core/capabilities-cache.h"
#include "wait.h"

static const char *const some[] = { "urn:a;b", "urn:\n", "urn:=[x]", NULL };

typedef struct
{
  char                   *data_dir;
  char                   *file;
  FerryCapabilitiesCache *cache;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *base = g_dir_make_tmp ("ferry-test-XXXXXX", NULL);

  /* It makes the folder that is to hold it. */
  fixture->data_dir = g_build_filename (base, "data", NULL);
  fixture->file = g_build_filename (fixture->data_dir, "capabilities.ini", NULL);
  fixture->cache = ferry_capabilities_cache_new (fixture->data_dir);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *base = g_path_get_dirname (fixture->data_dir);

  ferry_capabilities_cache_free (fixture->cache);
  g_unlink (fixture->file);
  g_rmdir (fixture->data_dir);
  g_rmdir (base);
  g_free (fixture->data_dir);
  g_free (fixture->file);
}

static void
restart (Fixture *fixture)
{
  ferry_capabilities_cache_free (fixture->cache);
  fixture->cache = ferry_capabilities_cache_new (fixture->data_dir);
}

static void
test_keeps_what_it_was_told (Fixture       *fixture,
                             gconstpointer  data)
{
  const char *const none[] = { NULL };
  const FerryKnownClient *known;

  ferry_capabilities_cache_add (fixture->cache, "q07IKJEyjvHSyhy//CH0CxmKi8w=", "Nå; [x]", some);
  ferry_capabilities_cache_add (fixture->cache, "empty", NULL, none);

  for (int i = 0; i < 2; i++)
    {
      known = ferry_capabilities_cache_lookup (fixture->cache, "q07IKJEyjvHSyhy//CH0CxmKi8w=");
      g_assert_cmpstr (known->client_name, ==, "Nå; [x]");
      g_assert_true (g_strv_equal ((const char *const *) known->features, some));
      known = ferry_capabilities_cache_lookup (fixture->cache, "empty");
      g_assert_null (known->client_name);
      g_assert_cmpuint (g_strv_length (known->features), ==, 0);
      g_assert_null (ferry_capabilities_cache_lookup (fixture->cache, "other"));
      restart (fixture);
    }
}

static void
test_is_private (Fixture       *fixture,
                 gconstpointer  data)
{
  GStatBuf info;

  ferry_capabilities_cache_add (fixture->cache, "a", NULL, some);
  restart (fixture);
  g_assert_cmpint (g_stat (fixture->file, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

/* DISC-6 */
static void
test_keeps_the_two_thousand_used_last (Fixture       *fixture,
                                       gconstpointer  data)
{
  for (int i = 0; i < 2100; i++)
    {
      g_autofree char *ver = g_strdup_printf ("v%d", i);

      ferry_capabilities_cache_add (fixture->cache, ver, NULL, some);
      g_assert_nonnull (ferry_capabilities_cache_lookup (fixture->cache, "v0"));
    }

  restart (fixture);
  g_assert_nonnull (ferry_capabilities_cache_lookup (fixture->cache, "v0"));
  g_assert_null (ferry_capabilities_cache_lookup (fixture->cache, "v1"));
  g_assert_null (ferry_capabilities_cache_lookup (fixture->cache, "v100"));
  g_assert_nonnull (ferry_capabilities_cache_lookup (fixture->cache, "v101"));
  g_assert_nonnull (ferry_capabilities_cache_lookup (fixture->cache, "v2099"));
}

static void
test_refuses_giants (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *giant = g_strnfill (20 * 1024, 'x');
  const char *const features[] = { giant, NULL };

  ferry_capabilities_cache_add (fixture->cache, "giant", NULL, features);
  g_assert_null (ferry_capabilities_cache_lookup (fixture->cache, "giant"));
}

static void
test_survives_a_broken_file (Fixture       *fixture,
                             gconstpointer  data)
{
  static const char *const texts[] = {
    "", "[", "nonsense", "[a]\nname=x\n", "[a]\nfeatures=\\q\n", "[a]\nfeatures=\xff\n", "[]\n\n",
  };

  g_mkdir_with_parents (fixture->data_dir, 0700);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (g_file_set_contents (fixture->file, texts[i], -1, NULL));
      restart (fixture);
      g_assert_null (ferry_capabilities_cache_lookup (fixture->cache, "b"));
      ferry_capabilities_cache_add (fixture->cache, "b", NULL, some);
      restart (fixture);
      g_assert_nonnull (ferry_capabilities_cache_lookup (fixture->cache, "b"));
    }
}

static void
test_lives_without_a_disk (void)
{
  FerryCapabilitiesCache *cache = ferry_capabilities_cache_new ("/proc/nowhere");

  ferry_capabilities_cache_add (cache, "a", NULL, some);
  g_assert_nonnull (ferry_capabilities_cache_lookup (cache, "a"));
  ferry_capabilities_cache_free (cache);
}

#define ADD(path, func) \
  g_test_add ("/core/capabilities-cache/" path, Fixture, NULL, fixture_set_up, func, \
              fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("keeps-what-it-was-told", test_keeps_what_it_was_told);
  ADD ("is-private", test_is_private);
  ADD ("keeps-the-two-thousand-used-last", test_keeps_the_two_thousand_used_last);
  ADD ("refuses-giants", test_refuses_giants);
  ADD ("survives-a-broken-file", test_survives_a_broken_file);
  g_test_add_func ("/core/capabilities-cache/lives-without-a-disk", test_lives_without_a_disk);

  return g_test_run ();
}
