/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "trust-text"

#include "config.h"

#include "ui/trust-text.h"

#include <glib/gi18n.h>

#define GROUP 8 /* digits */

static const struct
{
  const char *level;
  const char *session;
} levels[] = {
  [FERRY_TRUST_NONE] = { N_("not verified"), N_("Encrypted, not verified") },
  [FERRY_TRUST_FIRST_USE] = { N_("not verified"), N_("Encrypted, not verified") },
  [FERRY_TRUST_COMPARED] = { N_("verified by comparing"), N_("Encrypted, verified by comparing") },
  [FERRY_TRUST_PHRASE] = { N_("verified by phrase"), N_("Encrypted, verified by phrase") },
};

const char *
ferry_trust_text_level (FerryTrustLevel level)
{
  g_return_val_if_fail (level < G_N_ELEMENTS (levels), "");
  return _(levels[level].level);
}

const char *
ferry_trust_text_session (gboolean        is_encrypted,
                          FerryTrustLevel level)
{
  g_return_val_if_fail (level < G_N_ELEMENTS (levels), "");
  return is_encrypted ? _(levels[level].session) : _("Not encrypted");
}

gboolean
ferry_trust_text_is_verified (FerryTrustLevel level)
{
  return level >= FERRY_TRUST_COMPARED;
}

const char *
ferry_trust_text_icon (FerryTrustLevel level,
                       gboolean        is_changed)
{
  if (is_changed)
    return "ferry-lock-changed-symbolic";
  return ferry_trust_text_is_verified (level) ? "ferry-lock-verified-symbolic"
                                              : "ferry-lock-unverified-symbolic";
}

const char *
ferry_trust_text_session_icon (gboolean        is_encrypted,
                               FerryTrustLevel level)
{
  return is_encrypted ? ferry_trust_text_icon (level, FALSE) : "ferry-lock-none-symbolic";
}

FerryTrustLevel
ferry_trust_text_lookup (FerryTrust *trust,
                         const char *jid,
                         gboolean   *is_changed)
{
  const FerryPin *pin = ferry_trust_lookup (trust, jid);

  if (is_changed != NULL)
    *is_changed = pin != NULL && pin->changed_sha256 != NULL;
  return pin != NULL ? pin->level : FERRY_TRUST_NONE;
}

char *
ferry_trust_text_fingerprint (const char *hex,
                              guint       per_line)
{
  GString *out;

  if (hex == NULL)
    return NULL;
  out = g_string_new (NULL);
  for (guint i = 0; hex[i] != '\0'; i++)
    {
      if (i > 0 && i % GROUP == 0)
        g_string_append_c (out, i % (GROUP * per_line) == 0 ? '\n' : ' ');
      g_string_append_c (out, g_ascii_toupper (hex[i]));
    }
  return g_string_free (out, FALSE);
}
