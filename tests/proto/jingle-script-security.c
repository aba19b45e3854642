/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-script.h"

/* Certificates are letters: their digests are that letter again and again. */

#define OWN 'o'

static void
fill_hex (char *hex,
          gsize size,
          char  letter)
{
  for (gsize i = 0; i + 2 < size; i += 2)
    g_snprintf (hex + i, 3, "%02x", (guint) letter);
}

static void
fill_fingerprints (FerryXtls *self,
                   char       letter)
{
  fill_hex (self->sha1, sizeof self->sha1, letter);
  fill_hex (self->sha256, sizeof self->sha256, letter);
}

static guint
read_methods (const char *const *words,
              FerryXtls         *fingerprints)
{
  guint methods = 0;

  for (guint i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], "x509") == 0)
      methods |= FERRY_XTLS_X509;
    else if (strcmp (words[i], "srp") == 0)
      methods |= FERRY_XTLS_SRP;
    else if (strlen (words[i]) == 1 && fingerprints != NULL)
      fill_fingerprints (fingerprints, *words[i]);
    else
      g_assert_cmpstr (words[i], ==, "nothing");

  return methods;
}

guint
jingle_script_read_methods (const char *text,
                            FerryXtls  *fingerprints)
{
  g_auto(GStrv) words = g_strsplit (text, "+", -1);

  return read_methods ((const char *const *) words, fingerprints);
}

/* "auto|required|none [expected] [pin=LETTER] [METHOD+METHOD]"; @pin: keeps what @terms borrows */
void
jingle_script_fill_terms (FerrySecurityTerms *terms,
                          FerryXtls          *pin,
                          const char         *text)
{
  static const char *const policies[] = { "auto", "required", "none", NULL };
  g_auto(GStrv) words = g_strsplit (text, " ", -1);

  memset (terms, 0, sizeof *terms);
  memset (pin, 0, sizeof *pin);
  terms->methods = FERRY_XTLS_X509;
  fill_fingerprints (&terms->own, OWN);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (strcmp (words[i], "expected") == 0)
        terms->is_expected = TRUE;
      else if (g_str_has_prefix (words[i], "pin="))
        {
          fill_fingerprints (pin, words[i][4]);
          terms->pinned_sha1 = pin->sha1;
          terms->pinned_sha256 = pin->sha256;
        }
      else if (g_strv_contains (policies, words[i]))
        {
          while (strcmp (policies[terms->policy], words[i]) != 0)
            terms->policy++;
        }
      else
        terms->methods = jingle_script_read_methods (words[i], NULL);
    }
}

static char *
build_gajim (const FerryXtls *value)
{
  GString *xml = g_string_new ("<security xmlns='" FERRY_NS_XTLS "'><fingerprint>");

  for (const char *hex = value->sha256; *hex != '\0'; hex += 2)
    g_string_append_printf (xml, "%s%.2s", hex == value->sha256 ? "" : ":", hex);
  g_string_append (xml, "</fingerprint><method name='x509'/></security>");

  return g_string_free (xml, FALSE);
}

/* @kind: "xtls", "offer" (the founding draft's), "gajim", "draft" (its choice)
 *
 * Returns: (nullable): not one of these */
char *
jingle_script_build_security (const char *kind,
                              const char *text)
{
  FerryXtls value = { .form = strcmp (kind, "offer") == 0 ? FERRY_XTLS_FORM_OFFER
                                                          : FERRY_XTLS_FORM_NATIVE };
  g_autoptr(FerryElement) element = NULL;

  if (strcmp (kind, "draft") == 0)
    return g_strdup_printf ("<security xmlns='" FERRY_NS_XTLS "' method='%s'/>", text);
  if (strcmp (kind, "xtls") != 0 && strcmp (kind, "offer") != 0 && strcmp (kind, "gajim") != 0)
    return NULL;

  value.methods = jingle_script_read_methods (text, &value);
  if (strcmp (kind, "gajim") == 0)
    return build_gajim (&value);

  element = ferry_xtls_to_element (&value);

  return ferry_element_print (element);
}

/* As the words that would build it. */
void
jingle_script_describe_security (GString            *out,
                                 const FerryElement *security)
{
  const char *draft = ferry_element_get_attribute (security, "method");
  FerryXtls value;
  const char *kind;

  g_assert_true (ferry_xtls_parse (security, &value, NULL));

  kind = value.form == FERRY_XTLS_FORM_OFFER ? "offer" : "xtls";
  g_string_append_printf (out, " %s=", kind);
  if (value.methods & FERRY_XTLS_X509)
    g_string_append (out, "x509");
  if (value.methods & FERRY_XTLS_SRP)
    g_string_append_printf (out, "%ssrp", value.methods & FERRY_XTLS_X509 ? "+" : "");
  if (*value.sha256 != '\0')
    g_string_append_printf (out, "+%c", (char) (g_ascii_xdigit_value (value.sha256[0]) * 16 +
                                                g_ascii_xdigit_value (value.sha256[1])));
  if (draft != NULL)
    g_string_append_printf (out, " draft=%s", draft);
}
