/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "core/message-private.h"

struct _FerryMessage
{
  GObject            parent_instance;
  char              *id;     /* (owned) (nullable): in the stream it went through */
  char              *body;   /* (owned): safe to show */
  gboolean           is_own;
  gint64             time;   /* µs, real time */
  FerryMessageState  state;
};

enum
{
  PROP_0,
  PROP_BODY,
  PROP_IS_OWN,
  PROP_TIME,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FerryMessage, ferry_message, G_TYPE_OBJECT)

/* Nothing unseen that turns the direction of text or hides part of it. Marks of direction that
 * affect one place (U+200E, U+200F) and joiners are part of ordinary writing. */
static gboolean
is_harmless (gunichar c)
{
  static const struct
  {
    gunichar first;
    gunichar last;
  } tricks[] = {
    { 0x202a, 0x202e }, { 0x2066, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
    { 0xe0000, 0xe007f },
  };

  if (g_unichar_iscntrl (c) || (c & 0xfffe) == 0xfffe)
    return c == '\n' || c == '\t';

  for (guint i = 0; i < G_N_ELEMENTS (tricks); i++)
    {
      if (c >= tricks[i].first && c <= tricks[i].last)
        return FALSE;
    }

  return TRUE;
}

static gunichar
to_line_break (gunichar c)
{
  return c == 0x2028 || c == 0x2029 ? '\n' : c;
}

/* Returns: (transfer full): @body without what is not to be shown */
char *
ferry_message_clean (const char *body)
{
  g_autofree char *valid = g_utf8_make_valid (body, -1);
  GString *clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = to_line_break (g_utf8_get_char (p));

      if (is_harmless (c))
        g_string_append_unichar (clean, c);
    }

  return g_string_free (clean, FALSE);
}

/* @body: clean */
FerryMessage *
ferry_message_new (const char        *body,
                   gboolean           is_own,
                   FerryMessageState  state)
{
  FerryMessage *self = g_object_new (FERRY_TYPE_MESSAGE, NULL);

  self->body = g_strdup (body);
  self->is_own = is_own;
  self->time = g_get_real_time ();
  self->state = state;

  return self;
}

FerryMessage *
ferry_message_new_from_before (const char        *body,
                               gboolean           is_own,
                               FerryMessageState  state,
                               gint64             time)
{
  FerryMessage *self = ferry_message_new (body, is_own, state);

  self->time = time;
  return self;
}

const char *
ferry_message_get_body (FerryMessage *self)
{
  g_return_val_if_fail (FERRY_IS_MESSAGE (self), NULL);

  return self->body;
}

gboolean
ferry_message_is_own (FerryMessage *self)
{
  g_return_val_if_fail (FERRY_IS_MESSAGE (self), FALSE);

  return self->is_own;
}

gint64
ferry_message_get_time (FerryMessage *self)
{
  g_return_val_if_fail (FERRY_IS_MESSAGE (self), 0);

  return self->time;
}

FerryMessageState
ferry_message_get_state (FerryMessage *self)
{
  g_return_val_if_fail (FERRY_IS_MESSAGE (self), FERRY_MESSAGE_UNDELIVERED);

  return self->state;
}

void
ferry_message_set_state (FerryMessage      *self,
                         FerryMessageState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

const char *
ferry_message_get_id (FerryMessage *self)
{
  return self->id;
}

void
ferry_message_set_id (FerryMessage *self,
                      const char   *id)
{
  g_free (self->id);
  self->id = g_strdup (id);
}

static void
ferry_message_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FerryMessage *self = FERRY_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_BODY:
      g_value_set_string (value, self->body);
      break;
    case PROP_IS_OWN:
      g_value_set_boolean (value, self->is_own);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_message_finalize (GObject *object)
{
  FerryMessage *self = FERRY_MESSAGE (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->body, g_free);

  G_OBJECT_CLASS (ferry_message_parent_class)->finalize (object);
}

static void
ferry_message_class_init (FerryMessageClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ferry_message_get_property;
  object_class->finalize = ferry_message_finalize;

  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, flags);
  properties[PROP_IS_OWN] = g_param_spec_boolean ("is-own", NULL, NULL, FALSE, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, FERRY_MESSAGE_WAITING,
                                             FERRY_MESSAGE_UNDELIVERED, FERRY_MESSAGE_WAITING,
                                             flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ferry_message_init (FerryMessage *self)
{
}
