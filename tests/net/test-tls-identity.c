/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "net/tls-stream.h"

#define JID "rom\xc3\xa9o@montague.lit"

typedef struct
{
  char             *folder;
  char             *path;
  FerryTlsIdentity *identity;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("ferry-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "identity.pem", NULL);
  fixture->identity = ferry_tls_identity_generate (GPOINTER_TO_INT (data), JID, &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0); /* nothing else is left in it */
  g_clear_pointer (&fixture->identity, ferry_tls_identity_unref);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
save (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  ferry_tls_identity_save (fixture->identity, fixture->path, &error);
  g_assert_no_error (error);
}

static void
test_is_what_it_was (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryTlsIdentity) loaded = NULL;
  struct stat st;

  save (fixture);
  g_assert_cmpint (g_stat (fixture->path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);

  loaded = ferry_tls_identity_load (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (ferry_tls_identity_get_certificate (loaded),
                                ferry_tls_identity_get_certificate (fixture->identity)));
  g_assert_cmpstr (ferry_tls_identity_get_sha1 (loaded), ==,
                   ferry_tls_identity_get_sha1 (fixture->identity));
  g_assert_cmpstr (ferry_tls_identity_get_sha256 (loaded), ==,
                   ferry_tls_identity_get_sha256 (fixture->identity));
}

static void
test_replaces_the_one_before (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryTlsIdentity) loaded = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "something else", -1, NULL));
  save (fixture);
  loaded = ferry_tls_identity_load (fixture->path, &error);
  g_assert_no_error (error);
}

static void
test_leaves_nothing_where_it_cannot_be (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "missing", "identity.pem", NULL);
  g_autofree char *over = g_build_filename (fixture->folder, "a-folder", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (ferry_tls_identity_save (fixture->identity, nowhere, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_cmpint (g_mkdir (over, 0700), ==, 0);
  g_assert_false (ferry_tls_identity_save (fixture->identity, over, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (g_rmdir (over), ==, 0);
}

static void
assert_refused (Fixture *fixture,
                int      code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ferry_tls_identity_load (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, code);
}

static void
test_is_for_its_owner_alone (Fixture       *fixture,
                             gconstpointer  data)
{
  static const int modes[] = { 0640, 0604, 0620, 0602, 0644, 0666 };

  assert_refused (fixture, G_IO_ERROR_NOT_FOUND);
  save (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_cmpint (g_chmod (fixture->path, modes[i]), ==, 0);
      assert_refused (fixture, G_IO_ERROR_PERMISSION_DENIED);
    }
}

static void
test_follows_no_link (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *elsewhere = g_strconcat (fixture->path, "-elsewhere", NULL);

  save (fixture);
  g_assert_cmpint (g_rename (fixture->path, elsewhere), ==, 0);
  g_assert_cmpint (symlink (elsewhere, fixture->path), ==, 0);
  assert_refused (fixture, G_IO_ERROR_TOO_MANY_LINKS);
  g_unlink (elsewhere);
}

/* The key of one and the certificate of another. */
static void
mix (Fixture    *fixture,
     const char *first)
{
  g_autoptr(FerryTlsIdentity) other =
    ferry_tls_identity_generate (FERRY_TLS_KEY_ED25519, JID, NULL);
  g_autofree char *second = NULL;
  g_autofree char *mixed = NULL;
  const char *end;

  g_assert_true (ferry_tls_identity_save (other, fixture->path, NULL));
  g_assert_true (g_file_get_contents (fixture->path, &second, NULL, NULL));
  end = strstr (first, "-----BEGIN CERTIFICATE");
  mixed = g_strdup_printf ("%.*s%s", (int) (end - first), first,
                           strstr (second, "-----BEGIN CERTIFICATE"));
  g_assert_true (g_file_set_contents_full (fixture->path, mixed, -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static void
test_refuses_what_is_no_identity (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *pem = NULL;
  gsize size;

  save (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &pem, &size, NULL));

  /* The last line may lack some of its dashes. */
  for (gsize i = 0; i < size - sizeof "-----END CERTIFICATE-----"; i += 13)
    {
      g_assert_true (g_file_set_contents_full (fixture->path, pem, i,
                                               G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
      assert_refused (fixture, G_IO_ERROR_INVALID_DATA);
    }

  mix (fixture, pem);
  assert_refused (fixture, G_IO_ERROR_INVALID_DATA);
}

/* RFC 6120 §13.7.1.4: id-on-xmppAddr, and the address as a UTF8String. */
static void
test_says_whose_it_is (Fixture       *fixture,
                       gconstpointer  data)
{
  static const guint8 id_on_xmpp_addr[] = { 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 8, 5 };
  static const guint8 utf8[] = { 0x0c, sizeof JID - 1 };
  gsize size;
  const guint8 *der = g_bytes_get_data (ferry_tls_identity_get_certificate (fixture->identity),
                                        &size);
  const guint8 *oid = memmem (der, size, id_on_xmpp_addr, sizeof id_on_xmpp_addr);
  const guint8 *value = memmem (der, size, JID, sizeof JID - 1);

  g_assert_nonnull (oid);
  g_assert_nonnull (value);
  g_assert_cmpmem (value - 2, 2, utf8, 2);
  g_assert_cmpint (value - oid, ==, sizeof id_on_xmpp_addr + 4); /* [0] EXPLICIT */
}

static void
test_has_the_digests_of_its_certificate (Fixture       *fixture,
                                         gconstpointer  data)
{
  GBytes *der = ferry_tls_identity_get_certificate (fixture->identity);
  g_autofree char *sha1 = ferry_tls_certificate_dup_sha1 (der);
  g_autofree char *sha256 = ferry_tls_certificate_dup_sha256 (der);

  g_assert_cmpstr (sha1, ==, ferry_tls_identity_get_sha1 (fixture->identity));
  g_assert_cmpstr (sha256, ==, ferry_tls_identity_get_sha256 (fixture->identity));
  g_assert_cmpuint (strlen (sha1), ==, 40);
  g_assert_cmpuint (strlen (sha256), ==, 64);
}

static void
test_is_never_the_same (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(FerryTlsIdentity) other =
    ferry_tls_identity_generate (GPOINTER_TO_INT (data), JID, NULL);

  g_assert_cmpstr (ferry_tls_identity_get_sha256 (other), !=,
                   ferry_tls_identity_get_sha256 (fixture->identity));
}

/* A certificate is what it is to the last byte: nothing is missing, nothing is behind it. */
static void
test_is_accepted_whole_only (Fixture       *fixture,
                             gconstpointer  data)
{
  GBytes *der = ferry_tls_identity_get_certificate (fixture->identity);
  gsize size = g_bytes_get_size (der);
  g_autoptr(GByteArray) longer = g_byte_array_new ();
  g_autoptr(GBytes) long_der = NULL;
  g_autoptr(GError) error = NULL;

  ferry_tls_certificate_check (der, &error);
  g_assert_no_error (error);

  for (gsize i = 0; i < size; i++)
    {
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (der, 0, i);

      g_assert_false (ferry_tls_certificate_check (cut, &error));
      g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE);
      g_clear_error (&error);
    }

  g_byte_array_append (longer, g_bytes_get_data (der, NULL), size);
  g_byte_array_append (longer, (const guint8 *) "", 1);
  long_der = g_byte_array_free_to_bytes (g_steal_pointer (&longer));
  g_assert_false (ferry_tls_certificate_check (long_der, &error));
  g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE);
}

/* Of OpenSSL's making, for GnuTLS makes no weak ones. */
typedef struct
{
  const char *name;
  const char *key;      /* as `openssl req -newkey` has it */
  const char *option;   /* (nullable) */
  const char *digest;   /* option */
  gboolean    is_good;
} CertificateCase;

static const CertificateCase certificate_cases[] = {
  { "accepts-ed25519", "ed25519", NULL, "-sha256", TRUE },
  { "accepts-p256", "ec", "ec_paramgen_curve:P-256", "-sha256", TRUE },
  { "accepts-p384", "ec", "ec_paramgen_curve:P-384", "-sha384", TRUE },
  { "accepts-rsa-2048", "rsa:2048", NULL, "-sha256", TRUE },
  { "refuses-rsa-1024", "rsa:1024", NULL, "-sha256", FALSE },
  { "refuses-p224", "ec", "ec_paramgen_curve:P-224", "-sha256", FALSE },
  { "refuses-sha1", "rsa:2048", NULL, "-sha1", FALSE },
  { "refuses-md5", "rsa:2048", NULL, "-md5", FALSE },
};

static GBytes *
make_der (const CertificateCase *test,
          const char            *folder)
{
  g_autofree char *key = g_build_filename (folder, "key", NULL);
  g_autofree char *out = g_build_filename (folder, "out", NULL);
  const char *argv[] = { "openssl", "req", "-x509", "-nodes", "-subj", "/CN=x", "-outform", "DER",
                         "-keyout", key, "-out", out, test->digest, "-newkey", test->key,
                         test->option != NULL ? "-pkeyopt" : NULL, test->option, NULL };
  g_autoptr(GError) error = NULL;
  char *data = NULL;
  gsize size;
  int status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  g_assert_true (g_file_get_contents (out, &data, &size, NULL));
  g_unlink (key);
  g_unlink (out);

  return g_bytes_new_take (data, size);
}

static void
test_certificate (gconstpointer data)
{
  const CertificateCase *test = data;
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  g_autofree char *folder = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;

  if (openssl == NULL)
    {
      g_test_skip ("there is no openssl to make certificates");
      return;
    }

  folder = g_dir_make_tmp ("ferry-test-XXXXXX", NULL);
  der = make_der (test, folder);
  g_rmdir (folder);
  g_assert_cmpint (ferry_tls_certificate_check (der, &error), ==, test->is_good);

  if (test->is_good)
    g_assert_no_error (error);
  else
    g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE);
}

static void
test_refuses_what_is_too_large (void)
{
  g_autoptr(GBytes) none = g_bytes_new_static ("", 0);
  g_autoptr(GBytes) large = g_bytes_new_take (g_malloc0 (16 * 1024 + 1), 16 * 1024 + 1);
  g_autoptr(GError) error = NULL;

  g_assert_false (ferry_tls_certificate_check (none, &error));
  g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE);
  g_clear_error (&error);
  g_assert_false (ferry_tls_certificate_check (large, &error));
  g_assert_error (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_CERTIFICATE);
}

typedef struct
{
  const char *name;
  void      (*func) (Fixture *, gconstpointer);
} Promise;

static const Promise promises[] = {
  { "is-what-it-was", test_is_what_it_was },
  { "replaces-the-one-before", test_replaces_the_one_before },
  { "leaves-nothing-where-it-cannot-be", test_leaves_nothing_where_it_cannot_be },
  { "is-for-its-owner-alone", test_is_for_its_owner_alone },
  { "follows-no-link", test_follows_no_link },
  { "refuses-what-is-no-identity", test_refuses_what_is_no_identity },
  { "says-whose-it-is", test_says_whose_it_is },
  { "has-the-digests-of-its-certificate", test_has_the_digests_of_its_certificate },
  { "is-never-the-same", test_is_never_the_same },
  { "is-accepted-whole-only", test_is_accepted_whole_only },
};

static void
add_promises (const char  *kind,
              FerryTlsKey  key)
{
  for (guint i = 0; i < G_N_ELEMENTS (promises); i++)
    {
      g_autofree char *path = g_strdup_printf ("/net/tls-identity/%s/%s", kind, promises[i].name);

      g_test_add (path, Fixture, GINT_TO_POINTER (key), fixture_set_up, promises[i].func,
                  fixture_tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_promises ("ed25519", FERRY_TLS_KEY_ED25519);
  add_promises ("p256", FERRY_TLS_KEY_P256);

  for (guint i = 0; i < G_N_ELEMENTS (certificate_cases); i++)
    {
      g_autofree char *path =
        g_strconcat ("/net/tls-certificate/", certificate_cases[i].name, NULL);

      g_test_add_data_func (path, &certificate_cases[i], test_certificate);
    }

  g_test_add_func ("/net/tls-certificate/refuses-what-is-too-large",
                   test_refuses_what_is_too_large);

  return g_test_run ();
}
