/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "cli/options.h"
#include "legacy/dialects.h"

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
           "--dialect auto --transport ibb,s5b-proxy --listen-port 5086 --security required "
           "--allow-loopback --stun [::1]:3479 --no-port-mapping --relay-only --json receive "
           "--resume-within 90 "
           "--dir . --from juliet@capulet.lit --count 3 --overwrite never", &error);

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
  g_assert_cmpint (options->settings->security, ==, FERRY_SECURITY_REQUIRED);
  g_assert_true (options->settings->allow_loopback);
  g_assert_cmpstr (options->settings->stun_server, ==, "[::1]:3479");
  g_assert_false (options->settings->map_ports);
  g_assert_true (options->settings->relay_only);
  g_assert_cmpuint (options->settings->resume_within, ==, 90);
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
  g_assert_cmpint (options->settings->security, ==, FERRY_SECURITY_AUTO);
  g_assert_false (options->settings->keep_history);
  g_assert_false (options->settings->allow_loopback);
  g_assert_null (options->settings->stun_server);
  g_assert_true (options->settings->map_ports);
  g_assert_false (options->settings->relay_only);
  g_assert_cmpuint (options->settings->resume_within, ==, 600);
  g_assert_false (options->json);
  g_assert_cmpint (options->settings->priority, <, 0);
  g_assert_cmpint (g_strv_length (options->arguments), ==, 3);
  g_assert_cmpstr (options->arguments[1], ==, "-a");
}

/* Whoever cannot sign in asks the doctor. */
static void
test_asks_the_doctor_without_an_account (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) refusal = NULL;
  const char *doctor[] = { "ferry-cli", "--stun", "stun.example.org", "doctor", NULL };
  const char *roster[] = { "ferry-cli", "roster", NULL };
  g_autoptr(FerryOptions) alone = ferry_options_parse ((char **) doctor, &error);
  g_autoptr(FerryOptions) refused = ferry_options_parse ((char **) roster, &refusal);
  g_autoptr(FerryOptions) with = parse ("doctor", &error);

  g_assert_no_error (error);
  g_assert_null (alone->settings->jid);
  g_assert_cmpstr (alone->settings->stun_server, ==, "stun.example.org");
  g_assert_cmpstr (with->settings->jid, ==, "romeo@montague.lit");
  g_assert_cmpstr (with->settings->password, ==, "cal i ban");
  g_assert_null (refused);
  g_assert_error (refusal, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
}

static void
test_knows_every_dialect_by_name (void)
{
  const FerryDialect *const *dialects = ferry_dialects_get ();
  g_autoptr(GError) refusal = NULL;
  g_autoptr(FerryOptions) none = parse ("--dialect klingon roster", &refusal);

  g_assert_null (none);
  for (guint i = 0; dialects[i] != NULL; i++)
    {
      g_autofree char *words = g_strdup_printf ("--dialect %s roster", dialects[i]->name);
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryOptions) options = parse (words, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (options->settings->dialect, ==, dialects[i]->name);
      g_assert_nonnull (strstr (refusal->message, dialects[i]->name));
    }
}

static void
test_shares_with_whom_it_is_told (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryOptions) all = parse ("share .", &error);
  g_autoptr(FerryOptions) two = parse ("share . --with Juliet@Capulet.lit --with nurse@capulet.lit",
                                       &error);

  g_assert_no_error (error);
  g_assert_null (all->with);
  g_assert_cmpint (all->settings->priority, ==, 0);
  g_assert_cmpstr (two->with[0], ==, "juliet@capulet.lit");
  g_assert_cmpstr (two->with[1], ==, "nurse@capulet.lit");
  g_assert_null (two->with[2]);
}

/* What one asks for is a key of theirs: nothing here makes a path of it. */
static void
test_requests_a_name_as_it_is (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryOptions) options = parse ("request juliet@capulet.lit/balcony ../x --dir .",
                                           &error);

  g_assert_no_error (error);
  g_assert_cmpstr (options->arguments[0], ==, "juliet@capulet.lit/balcony");
  g_assert_cmpstr (options->arguments[1], ==, "../x");
  g_assert_cmpstr (options->settings->download_dir, ==, ".");
  g_assert_cmpint (options->settings->priority, <, 0);
}

static void
test_talks_as_it_is_told (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *words = g_strdup_printf ("chat juliet@capulet.lit --wait --compare "
                                            "--phrase-file %s", password_file);
  g_autoptr(FerryOptions) options = parse (words, &error);
  g_autoptr(FerryOptions) plain = parse ("chat juliet@capulet.lit/balcony", NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (options->phrase, ==, "cal i ban");
  g_assert_true (options->waits);
  g_assert_true (options->compares);
  g_assert_cmpint (options->settings->priority, ==, 0);
  g_assert_null (plain->phrase);
  g_assert_false (plain->waits);
  g_assert_false (plain->compares);
  g_assert_cmpint (plain->settings->priority, <, 0);
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
    "roster --stun :3478",
    "roster --stun [::1",
    "roster --stun a:0",
    "roster --stun a:65536",
    "roster --stun a/b",
    "roster --security perhaps",
    "roster --security required,none",
    "share",
    "share /nonexistent",
    "share . .",
    "share . --with @",
    "share . --dir .",
    "request juliet@capulet.lit report.pdf",
    "request juliet@capulet.lit --dir .",
    "request @ report.pdf --dir .",
    "request juliet@capulet.lit a b --dir .",
    "receive --dir . --with juliet@capulet.lit",
    "chat",
    "chat @",
    "chat juliet@capulet.lit hello",
    "chat juliet@capulet.lit --phrase-file /nonexistent",
    "chat juliet@capulet.lit --phrase-file /dev/null",
    "roster --wait",
    "roster --compare",
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
  g_test_add_func ("/cli/options/asks-the-doctor-without-an-account",
                   test_asks_the_doctor_without_an_account);
  g_test_add_func ("/cli/options/shares-with-whom-it-is-told", test_shares_with_whom_it_is_told);
  g_test_add_func ("/cli/options/requests-a-name-as-it-is", test_requests_a_name_as_it_is);
  g_test_add_func ("/cli/options/talks-as-it-is-told", test_talks_as_it_is_told);
  g_test_add_func ("/cli/options/refuses-what-it-does-not-understand",
                   test_refuses_what_it_does_not_understand);

  status = g_test_run ();
  g_unlink (password_file);
  g_free (password_file);

  return status;
}
