/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "security-policy"

#include "config.h"

#include "ui/security-policy.h"

static const char *const names[] = {
  [FERRY_SECURITY_AUTO] = "auto",
  [FERRY_SECURITY_REQUIRED] = "required",
  [FERRY_SECURITY_NONE] = "none",
};

FerrySecurityPolicy
ferry_security_policy_from_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], name) == 0)
      return (FerrySecurityPolicy) i;
  return FERRY_SECURITY_AUTO;
}

const char *
ferry_security_policy_to_name (FerrySecurityPolicy policy)
{
  g_return_val_if_fail (policy < G_N_ELEMENTS (names), "auto");
  return names[policy];
}
