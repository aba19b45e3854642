/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/number.h"
#include "core/chat-record.h"
#include "proto/chat-stanza.h"

#define MAX_FIELDS 4
#define MAX_TIME   (253370764800 * G_USEC_PER_SEC) /* the year 9999: GDateTime knows no later one */

static const char *const states[] = {
  [FERRY_MESSAGE_WAITING] = "waiting",
  [FERRY_MESSAGE_SENT] = "sent",
  [FERRY_MESSAGE_DELIVERED] = "delivered",
  [FERRY_MESSAGE_UNDELIVERED] = "undelivered",
};

void
ferry_chat_record_free (FerryChatRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->body);
  g_free (self);
}

static void
append_escaped (GString    *line,
                const char *body)
{
  for (const char *p = body; *p != '\0'; p++)
    {
      if (*p == '\\')
        g_string_append (line, "\\\\");
      else if (*p == '\n')
        g_string_append (line, "\\n");
      else if (*p == '\t')
        g_string_append (line, "\\t");
      else
        g_string_append_c (line, *p);
    }
}

char *
ferry_chat_record_to_line (const FerryChatRecord *self)
{
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%" G_GINT64_FORMAT "\t%s\t%s", self->time,
                          self->is_own ? "out" : "in", states[self->state]);

  if (self->body != NULL)
    {
      g_string_append_c (line, '\t');
      append_escaped (line, self->body);
    }

  g_string_append_c (line, '\n');
  return g_string_free (line, FALSE);
}

/* Returns: (transfer full) (nullable) */
static char *
unescape (const char *text)
{
  g_autoptr(GString) body = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p != '\\')
        g_string_append_c (body, *p);
      else if (*++p == '\\')
        g_string_append_c (body, '\\');
      else if (*p == 'n')
        g_string_append_c (body, '\n');
      else if (*p == 't')
        g_string_append_c (body, '\t');
      else
        return NULL;
    }

  if (body->len == 0 || body->len > FERRY_MAX_BODY)
    return NULL;

  return g_strdup (body->str);
}

static gboolean
parse_state (const char        *name,
             FerryMessageState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      if (g_str_equal (states[i], name))
        {
          *state = i;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
parse_fields (FerryChatRecord  *self,
              char            **fields,
              guint             n_fields)
{
  guint64 time;

  if (n_fields < MAX_FIELDS - 1 || n_fields > MAX_FIELDS
      || !ferry_number_parse (fields[0], 1, MAX_TIME, &time)
      || !parse_state (fields[2], &self->state))
    return FALSE;

  self->time = time;
  self->is_own = g_str_equal (fields[1], "out");

  if (!self->is_own && !g_str_equal (fields[1], "in"))
    return FALSE;

  if (n_fields == MAX_FIELDS)
    self->body = unescape (fields[MAX_FIELDS - 1]);

  return n_fields == MAX_FIELDS ? self->body != NULL : self->is_own;
}

FerryChatRecord *
ferry_chat_record_from_line (const char *line,
                             gsize       length)
{
  g_autoptr(FerryChatRecord) self = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;

  /* This refuses a NUL byte, too. */
  if (!g_utf8_validate (line, (gssize) length, NULL))
    return NULL;

  self = g_new0 (FerryChatRecord, 1);
  text = g_strndup (line, length);
  fields = g_strsplit (text, "\t", MAX_FIELDS + 1);

  if (!parse_fields (self, fields, g_strv_length (fields)))
    return NULL;

  return g_steal_pointer (&self);
}
