/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/trust.h"
#include "net/tls-stream.h"

#define ROMEO    "romeo@montague.lit"
#define JULIET   "juliet@capulet.lit"
#define NURSE    "nurse@capulet.lit"
#define PATIENCE (20 * G_USEC_PER_SEC)

static const char *program;

typedef struct
{
  char             *dir;      /* (owned) */
  FerryTrust       *trust;    /* (owned): Romeo's */
  FerryTlsIdentity *juliet;   /* (owned) */
  FerryTlsIdentity *impostor; /* (owned) */
  GString          *changes;  /* (owned): "JID " for each signal */
} Fixture;

static void
trust_changed_cb (FerryTrust *trust,
                  const char *jid,
                  gpointer    user_data)
{
  g_string_append_printf (user_data, "%s ", jid);
}

static void
start (Fixture             *fixture,
       FerrySecurityPolicy  policy)
{
  fixture->trust = ferry_trust_new (ROMEO, fixture->dir, policy);
  g_signal_connect (fixture->trust, "changed", G_CALLBACK (trust_changed_cb), fixture->changes);
}

static void
restart (Fixture             *fixture,
         FerrySecurityPolicy  policy)
{
  g_assert_finalize_object (fixture->trust);
  start (fixture, policy);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->dir = g_dir_make_tmp ("ferry-trust-XXXXXX", NULL);
  fixture->changes = g_string_new (NULL);
  fixture->juliet = ferry_tls_identity_generate (FERRY_TLS_KEY_ED25519, JULIET, NULL);
  fixture->impostor = ferry_tls_identity_generate (FERRY_TLS_KEY_P256, JULIET, NULL);
  start (fixture, FERRY_SECURITY_AUTO);
  g_assert_no_error (ferry_trust_get_error (fixture->trust));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;

  g_assert_finalize_object (fixture->trust);
  dir = g_dir_open (fixture->dir, 0, NULL);

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_unlink (path);
    }

  g_assert_cmpint (g_rmdir (fixture->dir), ==, 0);
  g_free (fixture->dir);
  g_string_free (fixture->changes, TRUE);
  ferry_tls_identity_unref (fixture->juliet);
  ferry_tls_identity_unref (fixture->impostor);
}

static void
assert_changes (Fixture    *fixture,
                const char *jids)
{
  g_assert_cmpstr (fixture->changes->str, ==, jids);
  g_string_truncate (fixture->changes, 0);
}

static gboolean
pin (Fixture          *fixture,
     FerryTlsIdentity *identity,
     FerryTrustLevel   level)
{
  return ferry_trust_pin (fixture->trust, JULIET "/balcony",
                          ferry_tls_identity_get_certificate (identity), level);
}

static void
assert_pin (const FerryPin   *found,
            FerryTlsIdentity *identity,
            FerryTrustLevel   level)
{
  g_assert_nonnull (found);
  g_assert_cmpstr (found->jid, ==, JULIET);
  g_assert_cmpstr (found->sha1, ==, ferry_tls_identity_get_sha1 (identity));
  g_assert_cmpstr (found->sha256, ==, ferry_tls_identity_get_sha256 (identity));
  g_assert_true (g_bytes_equal (found->certificate,
                                ferry_tls_identity_get_certificate (identity)));
  g_assert_cmpint (found->level, ==, level);
}

static char *
dup_identity_path (Fixture *fixture)
{
  return g_build_filename (fixture->dir, "identity-" ROMEO ".pem", NULL);
}

/* SEC-33: rows of what is shown, one after the other, and what is known then. */
static void
test_never_lets_a_level_sink (Fixture       *fixture,
                              gconstpointer  data)
{
  FerryTlsIdentity *juliet = fixture->juliet;
  FerryTlsIdentity *impostor = fixture->impostor;
  const struct
  {
    FerryTlsIdentity *shown;
    FerryTrustLevel   by;
    gboolean          accepted;
    FerryTlsIdentity *pinned;
    FerryTrustLevel   level;
    gboolean          is_changed;
  } rows[] = {
    { juliet, FERRY_TRUST_FIRST_USE, TRUE, juliet, FERRY_TRUST_FIRST_USE, FALSE },
    { juliet, FERRY_TRUST_FIRST_USE, TRUE, juliet, FERRY_TRUST_FIRST_USE, FALSE },
    { impostor, FERRY_TRUST_FIRST_USE, FALSE, juliet, FERRY_TRUST_FIRST_USE, TRUE },
    { juliet, FERRY_TRUST_FIRST_USE, TRUE, juliet, FERRY_TRUST_FIRST_USE, TRUE },
    { juliet, FERRY_TRUST_COMPARED, TRUE, juliet, FERRY_TRUST_COMPARED, FALSE },
    { juliet, FERRY_TRUST_FIRST_USE, TRUE, juliet, FERRY_TRUST_COMPARED, FALSE },
    { juliet, FERRY_TRUST_PHRASE, TRUE, juliet, FERRY_TRUST_PHRASE, FALSE },
    { juliet, FERRY_TRUST_COMPARED, TRUE, juliet, FERRY_TRUST_PHRASE, FALSE },
    { impostor, FERRY_TRUST_FIRST_USE, FALSE, juliet, FERRY_TRUST_PHRASE, TRUE },
    { juliet, FERRY_TRUST_COMPARED, TRUE, juliet, FERRY_TRUST_PHRASE, FALSE },
    { impostor, FERRY_TRUST_COMPARED, TRUE, impostor, FERRY_TRUST_COMPARED, FALSE },
    { juliet, FERRY_TRUST_PHRASE, TRUE, juliet, FERRY_TRUST_PHRASE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const FerryPin *found;

      g_assert_cmpint (pin (fixture, rows[i].shown, rows[i].by), ==, rows[i].accepted);

      /* What a restart remembers is the same. */
      for (guint after = 0; after < 2; after++)
        {
          found = ferry_trust_lookup (fixture->trust, JULIET);
          assert_pin (found, rows[i].pinned, rows[i].level);
          g_assert_cmpint (found->changed_sha256 != NULL, ==, rows[i].is_changed);
          if (rows[i].is_changed)
            g_assert_true (g_bytes_equal (found->changed_certificate,
                                          ferry_tls_identity_get_certificate (impostor)));
          if (after == 0)
            restart (fixture, FERRY_SECURITY_AUTO);
        }
    }
}

static void
test_remembers_when (Fixture       *fixture,
                     gconstpointer  data)
{
  gint64 before = g_get_real_time ();
  gint64 first, second;

  pin (fixture, fixture->juliet, FERRY_TRUST_FIRST_USE);
  first = ferry_trust_lookup (fixture->trust, JULIET)->since;
  g_assert_cmpint (first, >=, before);
  g_usleep (1000);
  pin (fixture, fixture->juliet, FERRY_TRUST_FIRST_USE);
  g_assert_cmpint (ferry_trust_lookup (fixture->trust, JULIET)->since, ==, first);
  pin (fixture, fixture->juliet, FERRY_TRUST_PHRASE);
  second = ferry_trust_lookup (fixture->trust, JULIET)->since;
  g_assert_cmpint (second, >, first);
  restart (fixture, FERRY_SECURITY_AUTO);
  g_assert_cmpint (ferry_trust_lookup (fixture->trust, JULIET)->since, ==, second);
}

static void
test_remembers_what_was_announced (Fixture       *fixture,
                                   gconstpointer  data)
{
  const char *other = ferry_tls_identity_get_sha256 (fixture->impostor);
  GBytes *certificate = ferry_tls_identity_get_certificate (fixture->impostor);
  const FerryPin *found;

  /* Of whom nothing is known, nothing changed. */
  ferry_trust_report_change (fixture->trust, JULIET, other, NULL);
  g_assert_null (ferry_trust_lookup (fixture->trust, JULIET));
  pin (fixture, fixture->juliet, FERRY_TRUST_FIRST_USE);
  assert_changes (fixture, JULIET " ");

  ferry_trust_report_change (fixture->trust, JULIET,
                             ferry_tls_identity_get_sha256 (fixture->juliet), NULL);
  assert_changes (fixture, "");

  ferry_trust_report_change (fixture->trust, JULIET "/balcony", other, NULL);
  ferry_trust_report_change (fixture->trust, JULIET, other, NULL);
  assert_changes (fixture, JULIET " ");
  found = ferry_trust_lookup (fixture->trust, JULIET);
  g_assert_cmpstr (found->changed_sha256, ==, other);
  g_assert_null (found->changed_certificate);

  /* Once it is known whole, it stays so. */
  ferry_trust_report_change (fixture->trust, found->jid, other, certificate);
  ferry_trust_report_change (fixture->trust, JULIET, other, NULL);
  assert_changes (fixture, JULIET " ");
  restart (fixture, FERRY_SECURITY_AUTO);
  found = ferry_trust_lookup (fixture->trust, JULIET);
  g_assert_true (g_bytes_equal (found->changed_certificate, certificate));

  /* A person decided. */
  ferry_trust_forget (fixture->trust, found->jid);
  ferry_trust_forget (fixture->trust, JULIET);
  assert_changes (fixture, JULIET " ");
  g_assert_true (pin (fixture, fixture->impostor, FERRY_TRUST_FIRST_USE));
  restart (fixture, FERRY_SECURITY_AUTO);
  assert_pin (ferry_trust_lookup (fixture->trust, JULIET), fixture->impostor,
              FERRY_TRUST_FIRST_USE);
}

static void
test_knows_people_by_their_bare_address (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const char *const same[] = { JULIET, JULIET "/x", "Juliet@Capulet.LIT/Balcony" };
  static const char *const others[] = { NURSE, "capulet.lit", "juliet@capulet.lit.evil.lit", "@",
                                        "", "juliet@" };

  pin (fixture, fixture->juliet, FERRY_TRUST_PHRASE);
  ferry_trust_set_policy (fixture->trust, "JULIET@capulet.lit/x", FERRY_SECURITY_REQUIRED);

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      assert_pin (ferry_trust_lookup (fixture->trust, same[i]), fixture->juliet,
                  FERRY_TRUST_PHRASE);
      g_assert_cmpint (ferry_trust_get_policy (fixture->trust, same[i]), ==,
                       FERRY_SECURITY_REQUIRED);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_null (ferry_trust_lookup (fixture->trust, others[i]));
      g_assert_cmpint (ferry_trust_get_policy (fixture->trust, others[i]), ==,
                       FERRY_SECURITY_AUTO);
    }

  g_assert_false (ferry_trust_pin (fixture->trust, "@",
                                   ferry_tls_identity_get_certificate (fixture->juliet),
                                   FERRY_TRUST_PHRASE));
}

static void
test_keeps_policies (Fixture       *fixture,
                     gconstpointer  data)
{
  ferry_trust_set_policy (fixture->trust, JULIET, FERRY_SECURITY_REQUIRED);
  ferry_trust_set_policy (fixture->trust, JULIET, FERRY_SECURITY_REQUIRED);
  ferry_trust_set_policy (fixture->trust, NURSE, FERRY_SECURITY_NONE);
  assert_changes (fixture, JULIET " " NURSE " ");

  restart (fixture, FERRY_SECURITY_NONE);
  g_assert_cmpint (ferry_trust_get_policy (fixture->trust, JULIET), ==, FERRY_SECURITY_REQUIRED);
  g_assert_cmpint (ferry_trust_get_policy (fixture->trust, NURSE), ==, FERRY_SECURITY_NONE);
  g_assert_cmpint (ferry_trust_get_policy (fixture->trust, ROMEO), ==, FERRY_SECURITY_NONE);
  ferry_trust_set_default (fixture->trust, FERRY_SECURITY_AUTO);
  g_assert_cmpint (ferry_trust_get_policy (fixture->trust, NURSE), ==, FERRY_SECURITY_NONE);
  g_assert_cmpint (ferry_trust_get_policy (fixture->trust, ROMEO), ==, FERRY_SECURITY_AUTO);

  g_assert_true (ferry_trust_has_policy (fixture->trust, NURSE "/x"));
  g_assert_false (ferry_trust_has_policy (fixture->trust, ROMEO));
  ferry_trust_unset_policy (fixture->trust, NURSE "/x");
  ferry_trust_unset_policy (fixture->trust, ROMEO);
  restart (fixture, FERRY_SECURITY_REQUIRED);
  g_assert_false (ferry_trust_has_policy (fixture->trust, NURSE));
  g_assert_cmpint (ferry_trust_get_policy (fixture->trust, NURSE), ==, FERRY_SECURITY_REQUIRED);
}

static void
count_cb (FerryTrust *trust,
          gpointer    user_data)
{
  (*(guint *) user_data)++;
}

/* XTLS-1, XS-2 */
static void
test_announces_what_it_can (Fixture       *fixture,
                            gconstpointer  data)
{
  static const char *const streams[] = {
    "urn:xmpp:jingle:apps:xmlstream:0", "urn:xmpp:tmp:jingle:apps:xmlstream:0", NULL
  };
  static const char *const all[] = {
    "urn:xmpp:jingle:apps:xmlstream:0", "urn:xmpp:tmp:jingle:apps:xmlstream:0",
    "urn:xmpp:jingle:security:xtls:0", NULL
  };
  guint n_changes = 0;

  g_signal_connect (fixture->trust, "features-changed", G_CALLBACK (count_cb), &n_changes);
  g_assert_cmpstrv (ferry_trust_get_features (fixture->trust), all);
  ferry_trust_set_default (fixture->trust, FERRY_SECURITY_REQUIRED);
  g_assert_cmpstrv (ferry_trust_get_features (fixture->trust), all);
  ferry_trust_set_default (fixture->trust, FERRY_SECURITY_NONE);
  ferry_trust_set_default (fixture->trust, FERRY_SECURITY_NONE);
  g_assert_cmpstrv (ferry_trust_get_features (fixture->trust), streams);
  g_assert_cmpuint (n_changes, ==, 2);
}

static void
test_tells_a_session_all_it_needs (Fixture       *fixture,
                                   gconstpointer  data)
{
  static const char *const others[] = { "urn:xmpp:jingle:1", NULL };
  static const char *const able[] = { "urn:xmpp:jingle:1", FERRY_NS_XTLS, NULL };
  FerryTlsIdentity *own = ferry_trust_get_identity (fixture->trust);
  FerrySecurityTerms terms;

  ferry_trust_get_terms (fixture->trust, JULIET, NULL, FALSE, &terms);
  g_assert_cmpint (terms.policy, ==, FERRY_SECURITY_AUTO);
  g_assert_cmpuint (terms.methods, ==, FERRY_XTLS_X509);
  g_assert_cmpint (terms.own.form, ==, FERRY_XTLS_FORM_NATIVE);
  g_assert_cmpstr (terms.own.sha1, ==, ferry_tls_identity_get_sha1 (own));
  g_assert_cmpstr (terms.own.sha256, ==, ferry_tls_identity_get_sha256 (own));
  g_assert_null (terms.pinned_sha1);
  g_assert_null (terms.pinned_sha256);
  g_assert_false (terms.is_expected);

  ferry_trust_get_terms (fixture->trust, JULIET, others, FALSE, &terms);
  g_assert_false (terms.is_expected);
  ferry_trust_get_terms (fixture->trust, JULIET, able, FALSE, &terms);
  g_assert_true (terms.is_expected);

  g_assert_true (ferry_tls_stream_has_srp ());
  ferry_trust_get_terms (fixture->trust, JULIET, able, TRUE, &terms);
  g_assert_cmpuint (terms.methods, ==, FERRY_XTLS_X509 | FERRY_XTLS_SRP);

  /* XTLS-25: who could once can. */
  pin (fixture, fixture->juliet, FERRY_TRUST_FIRST_USE);
  ferry_trust_set_policy (fixture->trust, JULIET, FERRY_SECURITY_REQUIRED);
  ferry_trust_get_terms (fixture->trust, JULIET "/balcony", others, FALSE, &terms);
  g_assert_cmpint (terms.policy, ==, FERRY_SECURITY_REQUIRED);
  g_assert_cmpstr (terms.pinned_sha1, ==, ferry_tls_identity_get_sha1 (fixture->juliet));
  g_assert_cmpstr (terms.pinned_sha256, ==, ferry_tls_identity_get_sha256 (fixture->juliet));
  g_assert_true (terms.is_expected);
}

static void
test_keeps_its_identity (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *path = dup_identity_path (fixture);
  g_autofree char *long_name = g_strnfill (1000, 'x');
  g_autofree char *long_jid = g_strconcat (long_name, "@montague.lit", NULL);
  g_autofree char *sha256 = NULL;
  g_autoptr(FerryTrust) nurse = ferry_trust_new (NURSE, fixture->dir, FERRY_SECURITY_AUTO);
  g_autoptr(FerryTrust) at_length = ferry_trust_new (long_jid, fixture->dir, FERRY_SECURITY_AUTO);
  GStatBuf info;

  sha256 = g_strdup (ferry_tls_identity_get_sha256 (ferry_trust_get_identity (fixture->trust)));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  restart (fixture, FERRY_SECURITY_AUTO);
  g_assert_cmpstr (ferry_tls_identity_get_sha256 (ferry_trust_get_identity (fixture->trust)), ==,
                   sha256);

  g_assert_no_error (ferry_trust_get_error (nurse));
  g_assert_cmpstr (ferry_tls_identity_get_sha256 (ferry_trust_get_identity (nurse)), !=, sha256);
  g_assert_no_error (ferry_trust_get_error (at_length));
  g_assert_nonnull (ferry_trust_get_identity (at_length));
}

/* What `--identity` does: a program of its own with the same folder. */
static int
show_identity (const char *dir)
{
  g_autoptr(FerryTrust) trust = ferry_trust_new (NURSE, dir, FERRY_SECURITY_AUTO);
  FerryTlsIdentity *identity = ferry_trust_get_identity (trust);

  g_print ("%s", identity != NULL ? ferry_tls_identity_get_sha256 (identity) : "none");

  return ferry_trust_get_error (trust) != NULL;
}

static void
test_has_one_identity_for_all_programs (Fixture       *fixture,
                                        gconstpointer  data)
{
  GSubprocess *processes[6];
  g_autofree char *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (processes); i++)
    processes[i] = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, program, "--identity",
                                     fixture->dir, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      g_autoptr(GSubprocess) process = processes[i];
      g_autofree char *found = NULL;

      g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &found, NULL, NULL));
      g_assert_true (g_subprocess_get_successful (process));
      g_assert_cmpuint (strlen (found), ==, 64);
      if (first != NULL)
        g_assert_cmpstr (found, ==, first);
      else
        first = g_steal_pointer (&found);
    }
}

static void
test_changes_its_identity_on_purpose (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  guint n_changes = 0;

  before = g_strdup (ferry_tls_identity_get_sha256 (ferry_trust_get_identity (fixture->trust)));
  g_signal_connect (fixture->trust, "identity-changed", G_CALLBACK (count_cb), &n_changes);
  g_assert_true (ferry_trust_replace_identity (fixture->trust, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_changes, ==, 1);
  after = g_strdup (ferry_tls_identity_get_sha256 (ferry_trust_get_identity (fixture->trust)));
  g_assert_cmpstr (after, !=, before);
  restart (fixture, FERRY_SECURITY_AUTO);
  g_assert_cmpstr (ferry_tls_identity_get_sha256 (ferry_trust_get_identity (fixture->trust)), ==,
                   after);
}

/* What cannot be read is not replaced behind anybody's back, and nothing is secured by it. */
static void
test_does_without_an_identity (Fixture       *fixture,
                               gconstpointer  data)
{
  static const char *const able[] = { FERRY_NS_XTLS, NULL };
  g_autofree char *path = dup_identity_path (fixture);
  g_autofree char *found = NULL;
  g_autoptr(GError) error = NULL;
  FerrySecurityTerms terms;

  g_assert_true (g_file_set_contents_full (path, "no key", -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                           0600, NULL));
  restart (fixture, FERRY_SECURITY_AUTO);
  g_assert_nonnull (ferry_trust_get_error (fixture->trust));
  g_assert_null (ferry_trust_get_identity (fixture->trust));
  g_assert_null (ferry_trust_get_features (fixture->trust)[0]);
  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, "no key");
  ferry_trust_get_terms (fixture->trust, JULIET, able, TRUE, &terms);
  g_assert_cmpuint (terms.methods, ==, 0);
  g_assert_cmpstr (terms.own.sha256, ==, "");
  g_assert_false (terms.is_expected);

  /* A person wants a new one. */
  g_assert_true (ferry_trust_replace_identity (fixture->trust, &error));
  g_assert_no_error (ferry_trust_get_error (fixture->trust));
  g_assert_nonnull (ferry_trust_get_features (fixture->trust)[0]);

  /* Others could read it: it is not ours alone any more. */
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  restart (fixture, FERRY_SECURITY_AUTO);
  g_assert_nonnull (ferry_trust_get_error (fixture->trust));
  g_assert_null (ferry_trust_get_identity (fixture->trust));
}

static void
test_says_that_pins_were_lost (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "trust.db", NULL);

  pin (fixture, fixture->juliet, FERRY_TRUST_PHRASE);
  ferry_trust_flush (fixture->trust);
  g_assert_finalize_object (fixture->trust);
  g_assert_true (g_file_set_contents (path, "no database", -1, NULL));
  start (fixture, FERRY_SECURITY_AUTO);
  g_assert_error (ferry_trust_get_error (fixture->trust), G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (ferry_trust_get_identity (fixture->trust));
  g_assert_null (ferry_trust_lookup (fixture->trust, JULIET));
  g_assert_true (pin (fixture, fixture->juliet, FERRY_TRUST_FIRST_USE));
  restart (fixture, FERRY_SECURITY_AUTO);
  g_assert_no_error (ferry_trust_get_error (fixture->trust));
  assert_pin (ferry_trust_lookup (fixture->trust, JULIET), fixture->juliet, FERRY_TRUST_FIRST_USE);
}

/* On a disk that cannot be written there is no identity, and so nothing is secured by halves. */
static void
test_lives_without_a_disk (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *file = g_build_filename (fixture->dir, "file", NULL);
  g_autofree char *below = g_build_filename (file, "below", NULL);
  g_autoptr(FerryTrust) trust = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  trust = ferry_trust_new (ROMEO, below, FERRY_SECURITY_AUTO);
  g_assert_nonnull (ferry_trust_get_error (trust));
  g_assert_null (ferry_trust_get_identity (trust));
  g_assert_true (ferry_trust_pin (trust, JULIET,
                                  ferry_tls_identity_get_certificate (fixture->juliet),
                                  FERRY_TRUST_FIRST_USE));
  g_assert_nonnull (ferry_trust_lookup (trust, JULIET));
  g_assert_false (ferry_trust_replace_identity (trust, &error));
  g_assert_nonnull (error);
  ferry_trust_flush (trust);
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for_change (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (10, wake_cb, NULL);

  while (fixture->changes->len == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }

  g_source_remove (wake);
}

/* The window is open, and ferry-cli meets Juliet. */
static void
test_hears_of_what_another_program_decided (Fixture       *fixture,
                                            gconstpointer  data)
{
  g_autoptr(FerryTrust) other = ferry_trust_new (ROMEO, fixture->dir, FERRY_SECURITY_AUTO);
  GBytes *certificate = ferry_tls_identity_get_certificate (fixture->juliet);

  g_assert_cmpstr (ferry_tls_identity_get_sha256 (ferry_trust_get_identity (other)), ==,
                   ferry_tls_identity_get_sha256 (ferry_trust_get_identity (fixture->trust)));

  ferry_trust_pin (other, JULIET, certificate, FERRY_TRUST_PHRASE);
  wait_for_change (fixture);
  assert_changes (fixture, JULIET " ");
  assert_pin (ferry_trust_lookup (fixture->trust, JULIET), fixture->juliet, FERRY_TRUST_PHRASE);

  ferry_trust_set_policy (other, NURSE, FERRY_SECURITY_REQUIRED);
  wait_for_change (fixture);
  assert_changes (fixture, NURSE " ");
  g_assert_cmpint (ferry_trust_get_policy (fixture->trust, NURSE), ==, FERRY_SECURITY_REQUIRED);

  ferry_trust_forget (other, JULIET);
  wait_for_change (fixture);
  assert_changes (fixture, JULIET " ");
  g_assert_null (ferry_trust_lookup (fixture->trust, JULIET));
}

#define ADD(name, test) \
  g_test_add ("/core/trust/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  program = argv[0];

  if (argc == 3 && g_str_equal (argv[1], "--identity"))
    return show_identity (argv[2]);

  g_test_init (&argc, &argv, NULL);
  ADD ("never-lets-a-level-sink", test_never_lets_a_level_sink);
  ADD ("remembers-when", test_remembers_when);
  ADD ("remembers-what-was-announced", test_remembers_what_was_announced);
  ADD ("knows-people-by-their-bare-address", test_knows_people_by_their_bare_address);
  ADD ("keeps-policies", test_keeps_policies);
  ADD ("announces-what-it-can", test_announces_what_it_can);
  ADD ("tells-a-session-all-it-needs", test_tells_a_session_all_it_needs);
  ADD ("keeps-its-identity", test_keeps_its_identity);
  ADD ("has-one-identity-for-all-programs", test_has_one_identity_for_all_programs);
  ADD ("changes-its-identity-on-purpose", test_changes_its_identity_on_purpose);
  ADD ("does-without-an-identity", test_does_without_an_identity);
  ADD ("says-that-pins-were-lost", test_says_that_pins_were_lost);
  ADD ("lives-without-a-disk", test_lives_without_a_disk);
  ADD ("hears-of-what-another-program-decided", test_hears_of_what_another_program_decided);

  return g_test_run ();
}
