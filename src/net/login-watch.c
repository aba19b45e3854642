/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-login-watch"

#include "config.h"

#include <string.h>

#include "net/login-watch.h"
#include "proto/element.h"

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

static const guint8 *
find (const guint8 *data,
      gsize         len,
      const char   *text)
{
  return memmem (data, len, text, strlen (text));
}

static void
receive_failure (FerryLoginWatch *self,
                 const guint8    *start,
                 gsize            len)
{
  static const char end_tag[] = "</failure>";
  const guint8 *end = find (start, len, end_tag);
  g_autoptr(FerryElement) failure = NULL;

  ferry_login_watch_clear (self);
  self->failure = g_strdup ("not-authorized");

  if (end == NULL)
    return;

  failure = ferry_element_parse ((const char *) start, end + strlen (end_tag) - start, NULL);

  if (failure == NULL || !ferry_element_is (failure, "failure", NS_SASL))
    return;

  for (guint i = 0; i < ferry_element_get_n_children (failure); i++)
    {
      const char *name = ferry_element_get_name (ferry_element_get_child (failure, i));

      if (!g_str_equal (name, "text"))
        {
          g_free (self->failure);
          self->failure = g_strdup (name);
        }
    }

  self->failure_text = g_strdup (ferry_element_find_text (failure, "text", NS_SASL));
}

void
ferry_login_watch_receive (FerryLoginWatch *self,
                           const guint8    *data,
                           gsize            len)
{
  const guint8 *failure;

  if (self->is_authenticated)
    return;

  failure = find (data, len, "<failure");

  if (find (data, len, "<success") != NULL)
    self->is_authenticated = TRUE;
  else if (failure != NULL)
    receive_failure (self, failure, len - (failure - data));
}

void
ferry_login_watch_clear (FerryLoginWatch *self)
{
  g_clear_pointer (&self->failure, g_free);
  g_clear_pointer (&self->failure_text, g_free);
}

/* The mechanism is an attribute; base64 has no quotes. */
gboolean
ferry_login_watch_is_plain (const guint8 *data,
                            gsize         len)
{
  return find (data, len, "<auth") != NULL &&
         (find (data, len, "\"PLAIN\"") != NULL || find (data, len, "'PLAIN'") != NULL);
}
