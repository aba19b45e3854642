/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "cli/options.h"

static char *password_file;

/* The account, its password, and then @words. */
static FerryOptions *
parse (const char  *words,
       GError     **error)
{
  g_autofree char *line =
    g_strdup_printf ("ferry-cli --jid romeo@montague.lit --password-file %s %s",
                     password_file, words);
  g_auto(GStrv) arguments = g_strsplit (line, " ", -1);

  return ferry_options_parse (arguments, error);
}

static void
test_means_what_it_says (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryOptions) options =
    parse ("--server [::1]:5222 --tls direct --ca-file ca.pem --resource desk --data-dir d "
           "--dialect auto --transport ibb,s5b-proxy --listen-port 5086 --allow-loopback --json "
           "receive --dir . --from juliet@capulet.lit --count 3 --overwrite never", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (options->settings->jid, ==, "romeo@montague.lit");
  g_assert_cmpstr (options->settings->password, ==, "cal i ban");
  g_assert_cmpstr (options->settings->server, ==, "[::1]:5222");
  g_assert_cmpint (options->settings->tls, ==, FERRY_TLS_DIRECT);
  g_assert_cmpstr (options->settings->ca_file, ==, "ca.pem");
  g_assert_cmpstr (options->settings->resource, ==, "desk");
  g_assert_cmpstr (options->settings->data_dir, ==, "d");
  g_assert_null (options->settings->dialect);
  g_assert_cmpint (options->settings->paths, ==, FERRY_PATH_IN_BAND | FERRY_PATH_PROXY);
  g_assert_cmpint (options->settings->listen_port, ==, 5086);
  g_assert_true (options->settings->allow_loopback);
  g_assert_true (options->json);
  g_assert_cmpstr (options->command->name, ==, "receive");
  g_assert_cmpstr (options->settings->download_dir, ==, ".");
  g_assert_cmpstr (options->from, ==, "juliet@capulet.lit");
  g_assert_cmpint (options->count, ==, 3);
  g_assert_cmpint (options->settings->priority, ==, 0);
}

static void
test_has_sensible_defaults (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryOptions) options = parse ("send juliet@capulet.lit -- -a b", &error);

  g_assert_no_error (error);
  g_assert_cmpint (options->settings->paths, ==, FERRY_PATH_ANY);
  g_assert_cmpint (options->settings->tls, ==, FERRY_TLS_AUTO);
  g_assert_false (options->settings->allow_loopback);
  g_assert_false (options->json);
  g_assert_cmpint (options->settings->priority, <, 0);
  g_assert_cmpint (g_strv_length (options->arguments), ==, 3);
  g_assert_cmpstr (options->arguments[1], ==, "-a");
}

static void
test_knows_every_dialect_by_name (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryOptions) options = parse ("--dialect jingle-1 roster", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (options->settings->dialect, ==, "jingle-1");
}

static void
test_refuses_what_it_does_not_understand (void)
{
  static const char *const rows[] = {
    "",
    "fly",
    "send",
    "send juliet@capulet.lit",
    "send @ file",
    "receive",
    "receive --dir /nonexistent",
    "receive --dir . --count 0",
    "receive --dir . --count -1",
    "receive --dir . --overwrite always",
    "receive --dir . --from @",
    "roster --dir .",
    "disco",
    "disco a@b c@d",
    "roster --dialect klingon",
    "roster --transport ,",
    "roster --transport s5b-direct,pigeon",
    "roster --tls perhaps",
    "roster --server montague.lit",
    "roster --server montague.lit:70000",
    "roster --listen-port 65536",
    "roster --security none",
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryOptions) options = parse (rows[i], &error);

      g_test_message ("%s", rows[i]);
      g_assert_null (options);
      g_assert_nonnull (error);
    }
}

int
main (int    argc,
      char **argv)
{
  int fd = g_file_open_tmp ("ferry-password-XXXXXX", &password_file, NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (password_file, "cal i ban\r\nsecond line\n", -1, NULL));

  g_test_add_func ("/cli/options/means-what-it-says", test_means_what_it_says);
  g_test_add_func ("/cli/options/has-sensible-defaults", test_has_sensible_defaults);
  g_test_add_func ("/cli/options/knows-every-dialect-by-name", test_knows_every_dialect_by_name);
  g_test_add_func ("/cli/options/refuses-what-it-does-not-understand",
                   test_refuses_what_it_does_not_understand);

  status = g_test_run ();
  g_unlink (password_file);
  g_free (password_file);

  return status;
}
