/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/jid.h"
#include "proto/proto-error.h"

#define PART_MAX 1023 /* bytes, RFC 7622 §3.1 */

/* RFC 7622 §3.3.1, beside blanks */
#define FORBIDDEN_IN_LOCAL "\"&'/:<>@"

/* Where the parts of an address lie. */
typedef struct
{
  const char *local;    /* (nullable) */
  gsize       local_len;
  const char *domain;
  gsize       domain_len;
  const char *resource; /* (nullable): to the end */
} Parts;

/* RFC 7622 §3.1: the first slash ends the domain, the first at-sign before it the local part. */
static void
split (const char *jid,
       Parts      *parts)
{
  gsize bare_len = strcspn (jid, "/");
  const char *at = memchr (jid, '@', bare_len);

  parts->local = at != NULL ? jid : NULL;
  parts->local_len = at != NULL ? at - jid : 0;
  parts->domain = at != NULL ? at + 1 : jid;
  parts->domain_len = bare_len - (parts->domain - jid);
  parts->resource = jid[bare_len] == '/' ? jid + bare_len + 1 : NULL;
}

/* Lower case without the locale's own idea of it, then NFC (RFC 8265 §3.3). */
static char *
fold (const char *text,
      gsize       length)
{
  g_autoptr(GString) lower = g_string_sized_new (length);

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    g_string_append_unichar (lower, g_unichar_tolower (g_utf8_get_char (p)));

  return g_utf8_normalize (lower->str, -1, G_NORMALIZE_NFC);
}

/* Signs nobody sees make one address look like another; RFC 8264 §4.2 leaves only the joiners. */
static gboolean
is_invisible (gunichar c)
{
  return g_unichar_type (c) == G_UNICODE_FORMAT && c != 0x200c && c != 0x200d;
}

/* @is_free: a resource (RFC 7622 §3.4): blanks and whatever emoji are made of. */
static gboolean
is_clean (const char *part,
          const char *forbidden,
          gboolean    is_free)
{
  for (const char *p = part; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || (g_unichar_isspace (c) && !(is_free && c == ' ')) ||
          (is_invisible (c) && !is_free))
        return FALSE;
      if (c < 0x80 && strchr (forbidden, c) != NULL)
        return FALSE;
    }

  return *part != '\0' && strlen (part) <= PART_MAX;
}

static gboolean
malformed (GError     **error,
           const char  *what)
{
  g_set_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, "Bad address: %s", what);

  return FALSE;
}

/* Appends the local part and its at-sign, and the domain. RFC 7622 §3.2, §3.3 */
static gboolean
append_bare (GString      *out,
             const Parts  *parts,
             GError      **error)
{
  g_autofree char *domain = fold (parts->domain, parts->domain_len);
  gsize domain_len = strlen (domain);

  if (parts->local != NULL)
    {
      g_autofree char *local = fold (parts->local, parts->local_len);

      if (!is_clean (local, FORBIDDEN_IN_LOCAL, FALSE))
        return malformed (error, "its user name");
      g_string_append (out, local);
      g_string_append_c (out, '@');
    }

  if (domain_len > 1 && domain[domain_len - 1] == '.')
    domain[domain_len - 1] = '\0';
  if (!is_clean (domain, "\"&'/<>@\\", FALSE) || *domain == '.' || strstr (domain, "..") != NULL)
    return malformed (error, "its server name");
  g_string_append (out, domain);

  return TRUE;
}

/**
 * ferry_jid_normalise:
 * @jid: an address somebody typed or sent; white space around it is dropped
 *
 * Returns: (transfer full): the one spelling by which addresses compare; %NULL
 *   with %FERRY_PROTO_ERROR_MALFORMED
 */
char *
ferry_jid_normalise (const char  *jid,
                     GError     **error)
{
  g_autoptr(GString) out = NULL;
  g_autofree char *trimmed = NULL;
  g_autofree char *resource = NULL;
  Parts parts;

  g_return_val_if_fail (jid != NULL, NULL);

  if (!g_utf8_validate (jid, -1, NULL))
    {
      malformed (error, "not UTF-8");
      return NULL;
    }

  trimmed = g_strstrip (g_strdup (jid));
  split (trimmed, &parts);
  out = g_string_new (NULL);
  if (!append_bare (out, &parts, error))
    return NULL;

  if (parts.resource != NULL)
    {
      resource = g_utf8_normalize (parts.resource, -1, G_NORMALIZE_NFC);
      if (!is_clean (resource, "", TRUE))
        {
          malformed (error, "its resource");
          return NULL;
        }
      g_string_append_c (out, '/');
      g_string_append (out, resource);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

gboolean
ferry_jid_is_full (const char *jid)
{
  return ferry_jid_get_resource (jid) != NULL;
}

char *
ferry_jid_dup_bare (const char *jid)
{
  g_return_val_if_fail (jid != NULL, NULL);

  return g_strndup (jid, strcspn (jid, "/"));
}

/* Returns: (transfer full) (nullable) */
char *
ferry_jid_dup_local (const char *jid)
{
  Parts parts;

  g_return_val_if_fail (jid != NULL, NULL);

  split (jid, &parts);

  return parts.local != NULL ? g_strndup (parts.local, parts.local_len) : NULL;
}

char *
ferry_jid_dup_domain (const char *jid)
{
  Parts parts;

  g_return_val_if_fail (jid != NULL, NULL);

  split (jid, &parts);

  return g_strndup (parts.domain, parts.domain_len);
}

/* Returns: (nullable): within @jid */
const char *
ferry_jid_get_resource (const char *jid)
{
  Parts parts;

  g_return_val_if_fail (jid != NULL, NULL);

  split (jid, &parts);

  return parts.resource != NULL && *parts.resource != '\0' ? parts.resource : NULL;
}

/* Whether both name the same address, however spelt. @a, @b: (nullable): no address equals none */
gboolean
ferry_jid_equal (const char *a,
                 const char *b)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (a == NULL || b == NULL)
    return FALSE;
  if (strcmp (a, b) == 0)
    return TRUE;

  first = ferry_jid_normalise (a, NULL);
  second = ferry_jid_normalise (b, NULL);

  return first != NULL && g_strcmp0 (first, second) == 0;
}

/* The same, their resources left aside. */
gboolean
ferry_jid_equal_bare (const char *a,
                      const char *b)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (a == NULL || b == NULL)
    return FALSE;

  first = ferry_jid_dup_bare (a);
  second = ferry_jid_dup_bare (b);

  return ferry_jid_equal (first, second);
}
