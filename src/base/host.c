/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/host.h"
#include "base/number.h"

#define MAX_NAME 253 /* octets, RFC 1035 §2.3.4 */

static gboolean
is_name (const char *text)
{
  g_autofree char *ascii = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  ascii = g_hostname_to_ascii (text);
  if (ascii == NULL || *ascii == '\0' || strlen (ascii) > MAX_NAME)
    return FALSE;

  for (const char *c = ascii; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-._", *c) == NULL)
      return FALSE;

  return TRUE;
}

gboolean
ferry_host_is_valid (const char *text)
{
  if (text == NULL || strchr (text, '%') != NULL)
    return FALSE;

  return g_hostname_is_ip_address (text) || is_name (text);
}

/* Where the port begins, behind the colon; %NULL: there is none. */
static const char *
find_port (const char *text)
{
  const char *behind = strchr (text, ']');
  const char *colon = strchr (behind != NULL ? behind : text, ':');

  /* Several, without brackets: an IPv6 address. */
  if (colon == NULL || (behind == NULL && strchr (colon + 1, ':') != NULL))
    return NULL;

  return colon + 1;
}

/* Returns: (nullable) (transfer full) */
static char *
dup_host (const char *text,
          const char *port)
{
  g_autofree char *host = port != NULL ? g_strndup (text, port - text - 1) : g_strdup (text);
  gsize len = strlen (host);

  if (*host != '[')
    return g_steal_pointer (&host);

  if (host[len - 1] != ']' || strchr (host, ':') == NULL)
    return NULL;

  return g_strndup (host + 1, len - 2);
}

gboolean
ferry_host_parse (const char  *text,
                  guint16      default_port,
                  char       **host,
                  guint16     *port)
{
  g_autofree char *name = NULL;
  const char *digits;
  guint64 number = default_port;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (host != NULL && port != NULL, FALSE);

  digits = find_port (text);
  if (digits != NULL && !ferry_number_parse (digits, 1, G_MAXUINT16, &number))
    return FALSE;

  name = dup_host (text, digits);
  if (name == NULL || !ferry_host_is_valid (name))
    return FALSE;

  *host = g_steal_pointer (&name);
  *port = number;

  return TRUE;
}
