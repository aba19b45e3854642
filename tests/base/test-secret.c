/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/secret.h"

static void
test_is_replaced (void)
{
  char *secret = NULL;

  ferry_secret_set (&secret, "wherefore");
  g_assert_cmpstr (secret, ==, "wherefore");
  ferry_secret_set (&secret, secret); /* its own copy */
  g_assert_cmpstr (secret, ==, "wherefore");
  ferry_secret_set (&secret, NULL);
  g_assert_null (secret);
  g_clear_pointer (&secret, ferry_secret_free);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/secret/is-replaced", test_is_replaced);

  return g_test_run ();
}
