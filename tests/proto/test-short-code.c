/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/short-code.h"

/* SHA-256 of "romeo" and of "juliet", for want of certificates. What is expected below was
 * computed by Python: hashlib.sha256 (b''.join (len (f).to_bytes (4, 'big') + f for f in fields)) */
#define ROMEO  "b88b5eb909d1bd5215ce6dd44e64244afad213dc77b77691cc124a4621b30ebc"
#define JULIET "bd862cc1107a5352efbc4f4edc6905607146a1c99f6a39867786e926543c423c"
#define COMMITMENT "e29bc3cc533dfa04eaf5786d22012113ed5fe1dbc36756366bd4bd4bc20160bb"

typedef struct
{
  guint8                channel[32];
  guint8                first[FERRY_SHORT_CODE_NONCE];
  guint8                second[FERRY_SHORT_CODE_NONCE];
  FerryShortCodeBinding binding;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  for (guint i = 0; i < sizeof fixture->channel; i++)
    fixture->channel[i] = i;
  memset (fixture->first, 0x11, sizeof fixture->first);
  memset (fixture->second, 0x22, sizeof fixture->second);
  fixture->binding = (FerryShortCodeBinding) { ROMEO, JULIET, fixture->channel,
                                               sizeof fixture->channel };
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
}

static void
test_is_what_others_compute (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *commitment = ferry_short_code_commit (fixture->first, &fixture->binding);
  g_autofree char *number = ferry_short_code_new (fixture->first, fixture->second,
                                                  &fixture->binding);
  g_autofree char *crossed = ferry_short_code_new (fixture->second, fixture->first,
                                                   &fixture->binding);

  g_assert_cmpstr (commitment, ==, COMMITMENT);
  g_assert_cmpstr (number, ==, "146 616 424");
  g_assert_cmpstr (crossed, ==, "230 602 437");
}

static void
test_takes_no_channel (Fixture       *fixture,
                       gconstpointer  data)
{
  const FerryShortCodeBinding binding = { ROMEO, JULIET, NULL, 0 };
  g_autofree char *commitment = ferry_short_code_commit (fixture->first, &binding);
  g_autofree char *number = ferry_short_code_new (fixture->first, fixture->second, &binding);

  g_assert_cmpstr (commitment, ==,
                   "edcea95134cb74ee70feebbd642a7ad7b809ff519aa1f9b2dc86f0ed11209008");
  g_assert_cmpstr (number, ==, "153 474 399");
}

static void
test_keeps_its_zeroes (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *number = NULL;

  memset (fixture->first, 0, sizeof fixture->first);
  fixture->first[0] = 26;
  number = ferry_short_code_new (fixture->first, fixture->second, &fixture->binding);

  g_assert_cmpstr (number, ==, "079 022 461");
}

static void
test_checks_a_commitment (Fixture       *fixture,
                          gconstpointer  data)
{
  g_assert_true (ferry_short_code_check (COMMITMENT, fixture->first, &fixture->binding));
  g_assert_false (ferry_short_code_check (COMMITMENT, fixture->second, &fixture->binding));
  g_assert_false (ferry_short_code_check ("", fixture->first, &fixture->binding));
  g_assert_false (ferry_short_code_check (COMMITMENT "0", fixture->first, &fixture->binding));
}

/* Whichever digit is wrong, it is seen. */
static void
test_sees_every_wrong_digit (Fixture       *fixture,
                             gconstpointer  data)
{
  for (guint i = 0; i < strlen (COMMITMENT); i++)
    {
      g_autofree char *wrong = g_strdup (COMMITMENT);

      wrong[i] = wrong[i] == '0' ? '1' : '0';
      g_assert_false (ferry_short_code_check (wrong, fixture->first, &fixture->binding));
    }
}

/* Every part of the binding, and every nonce, changes both hashes. */
static void
test_is_bound (Fixture       *fixture,
               gconstpointer  data)
{
  const FerryShortCodeBinding others[] = {
    { JULIET, JULIET, fixture->channel, sizeof fixture->channel },
    { ROMEO, ROMEO, fixture->channel, sizeof fixture->channel },
    { JULIET, ROMEO, fixture->channel, sizeof fixture->channel },
    { ROMEO, JULIET, fixture->first, sizeof fixture->first },
    { ROMEO, JULIET, fixture->channel, sizeof fixture->channel - 1 },
    { ROMEO "b", &JULIET[1], fixture->channel, sizeof fixture->channel },
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *number = ferry_short_code_new (fixture->first, fixture->second, &others[i]);

      g_assert_false (ferry_short_code_check (COMMITMENT, fixture->first, &others[i]));
      g_assert_cmpstr (number, !=, "146 616 424");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/proto/short-code/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("is-what-others-compute", test_is_what_others_compute);
  ADD ("takes-no-channel", test_takes_no_channel);
  ADD ("keeps-its-zeroes", test_keeps_its_zeroes);
  ADD ("checks-a-commitment", test_checks_a_commitment);
  ADD ("sees-every-wrong-digit", test_sees_every_wrong_digit);
  ADD ("is-bound", test_is_bound);
#undef ADD

  return g_test_run ();
}
