/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "core/chat.h"
#include "core/transfer.h"
#include "net/connection.h"
#include "ui/display-text.h"
#include "ui/error-text.h"
#include "ui/protocol-text.h"
#include "ui/qr-code.h"
#include "ui/trust-text.h"

static void
test_makes_strangers_text_harmless (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
  } cases[] = {
    { "holiday.zip", "holiday.zip" },
    { "photo\u202Egpj.exe", "photogpj.exe" },           /* right-to-left override */
    { "a\u2066b\u2069c\u200Fd", "abcd" },               /* isolates and marks */
    { "one\ntwo\tthree", "one two three" },
    { "bell\a and esc\033[31m", "bell and esc[31m" },
    { "bad \xff utf-8", "bad \uFFFD utf-8" },
    { "zero\u200Bwidth\uFEFF", "zerowidth" },
    { "Ænima 日本語 😀", "Ænima 日本語 😀" },
    { "", "?" },
    { "\u202E\u200B", "?" },
    { "   ", "?" },
    { NULL, "?" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = ferry_display_text (cases[i].text, 80);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static void
test_keeps_the_lines_of_a_message (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
  } cases[] = {
    { "one\ntwo\tthree\n", "one\ntwo\tthree" },
    { "photo\u202Egpj\nexe", "photogpj\nexe" },
    { "bell\a\resc\033", "bellesc" },
    { "\u2028a\u2066b", "ab" },
    { "\xF0\x9F\x91\xA9\u200D\xF0\x9F\x9A\x80", "\xF0\x9F\x91\xA9\u200D\xF0\x9F\x9A\x80" },
    { "\n\n", "?" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = ferry_display_lines (cases[i].text, 80);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static void
test_groups_fingerprints (void)
{
  g_autofree char *one = ferry_trust_text_fingerprint ("9f86d081884c7d659a2feaa0", 4);
  g_autofree char *lines = ferry_trust_text_fingerprint ("9f86d081884c7d659a2feaa0", 2);

  g_assert_cmpstr (one, ==, "9F86D081 884C7D65 9A2FEAA0");
  g_assert_cmpstr (lines, ==, "9F86D081 884C7D65\n9A2FEAA0");
  g_assert_null (ferry_trust_text_fingerprint (NULL, 4));
}

/* Not by colour alone, and never a closed padlock for who is not verified. */
static void
test_padlocks_differ (void)
{
  const char *verified = ferry_trust_text_icon (FERRY_TRUST_COMPARED, FALSE);

  g_assert_cmpstr (ferry_trust_text_icon (FERRY_TRUST_PHRASE, FALSE), ==, verified);
  g_assert_cmpstr (ferry_trust_text_icon (FERRY_TRUST_NONE, FALSE), !=, verified);
  g_assert_cmpstr (ferry_trust_text_icon (FERRY_TRUST_FIRST_USE, FALSE), !=, verified);
  g_assert_cmpstr (ferry_trust_text_icon (FERRY_TRUST_PHRASE, TRUE), !=, verified);
  g_assert_cmpstr (ferry_trust_text_session_icon (FALSE, FERRY_TRUST_PHRASE), !=, verified);
  g_assert_cmpstr (ferry_trust_text_session (FALSE, FERRY_TRUST_PHRASE), ==, "Not encrypted");
}

static void
test_draws_a_code_for_cameras (void)
{
  g_autoptr(GdkPaintable) code = ferry_qr_code_new ("romeo@montague.lit SHA-256 2f4b", 240);
  g_autofree char *endless = g_strnfill (5000, 'x');

  g_assert_nonnull (code);
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (code), >, 100);
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (code), <=, 240);
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (code), ==,
                   gdk_paintable_get_intrinsic_height (code));
  g_assert_null (ferry_qr_code_new (endless, 240));
}

static void
test_counts_characters_not_bytes (void)
{
  g_autofree char *shown = ferry_display_text ("äöüß", 2);

  g_assert_cmpstr (shown, ==, "äö");
}

/* Every code has a sentence of its own: the one for unknown errors is no answer. */
static void
test_has_a_sentence_for_every_code (void)
{
  g_autoptr(GError) unknown = g_error_new (G_FILE_ERROR, 9999, "?");
  const char *nothing = ferry_error_text_what (unknown);

  for (int code = 0; code <= FERRY_TRANSFER_ERROR_KEY_CHANGED; code++)
    {
      g_autoptr(GError) error = g_error_new (FERRY_TRANSFER_ERROR, code, "?");

      g_assert_cmpstr (ferry_error_text_what (error), !=, nothing);
    }
  for (int code = 0; code <= FERRY_CHAT_ERROR_FAILED; code++)
    {
      g_autoptr(GError) error = g_error_new (FERRY_CHAT_ERROR, code, "?");

      g_assert_cmpstr (ferry_error_text_what (error), !=, nothing);
      g_assert_nonnull (ferry_error_text_advice (error));
    }
  for (int code = 0; code <= FERRY_CONNECTION_ERROR_LOST; code++)
    {
      g_autoptr(GError) error = g_error_new (FERRY_CONNECTION_ERROR, code, "?");

      g_assert_cmpstr (ferry_error_text_what (error), !=, nothing);
    }
}

static void
test_puts_errors_under_their_field (void)
{
  static const struct
  {
    int             code;
    FerryErrorField field;
  } cases[] = {
    { FERRY_CONNECTION_ERROR_AUTH, FERRY_ERROR_FIELD_PASSWORD },
    { FERRY_CONNECTION_ERROR_NOT_FOUND, FERRY_ERROR_FIELD_ADDRESS },
    { FERRY_CONNECTION_ERROR_CERTIFICATE, FERRY_ERROR_FIELD_ADDRESS },
    { FERRY_CONNECTION_ERROR_LOST, FERRY_ERROR_FIELD_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = g_error_new (FERRY_CONNECTION_ERROR, cases[i].code, "?");

      g_assert_cmpint (ferry_error_text_field (error), ==, cases[i].field);
    }
}

static void
test_names_the_step (void)
{
  static const char *const steps[] = { "offer", "connect", "secure", "data", "verify", "store" };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    g_assert_nonnull (ferry_error_text_step (steps[i]));
  g_assert_null (ferry_error_text_step (NULL));
  g_assert_null (ferry_error_text_step ("elsewhere"));
}

static void
test_names_protocols_in_words (void)
{
  static const struct
  {
    const char *dialect;
    const char *text;
  } cases[] = {
    { "jingle-1", "Jingle, the current protocol (jingle-1)" },
    { "jingle-0-ibb", "Jingle, in its first form (jingle-0-ibb)" },
    { "si", "Stream Initiation, as in Pidgin (si)" },
    { "si-87", "Stream Initiation, in its first form (si-87)" },
    { "smoke", "smoke" },
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ferry_protocol_text (cases[i].dialect);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/display-text/makes-strangers-text-harmless",
                   test_makes_strangers_text_harmless);
  g_test_add_func ("/ui/display-text/counts-characters-not-bytes",
                   test_counts_characters_not_bytes);
  g_test_add_func ("/ui/display-text/keeps-the-lines-of-a-message",
                   test_keeps_the_lines_of_a_message);
  g_test_add_func ("/ui/trust-text/groups-fingerprints", test_groups_fingerprints);
  g_test_add_func ("/ui/trust-text/padlocks-differ", test_padlocks_differ);
  g_test_add_func ("/ui/qr-code/draws-a-code-for-cameras", test_draws_a_code_for_cameras);
  g_test_add_func ("/ui/error-text/has-a-sentence-for-every-code",
                   test_has_a_sentence_for_every_code);
  g_test_add_func ("/ui/error-text/puts-errors-under-their-field",
                   test_puts_errors_under_their_field);
  g_test_add_func ("/ui/error-text/names-the-step", test_names_the_step);
  g_test_add_func ("/ui/protocol-text/names-protocols-in-words", test_names_protocols_in_words);
  return g_test_run ();
}
