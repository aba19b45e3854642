/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/secret.h"

void
ferry_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));

  g_free (secret);
}

void
ferry_secret_set (char       **field,
                  const char  *value)
{
  char *copy = g_strdup (value);

  ferry_secret_free (*field);
  *field = copy;
}
