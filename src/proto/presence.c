/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/number.h"
#include "proto/caps.h"
#include "proto/presence.h"

static const char *const type_names[] = {
  [FERRY_PRESENCE_TYPE_AVAILABLE] = NULL,
  [FERRY_PRESENCE_TYPE_ERROR] = "error",
  [FERRY_PRESENCE_TYPE_PROBE] = "probe",
  [FERRY_PRESENCE_TYPE_SUBSCRIBE] = "subscribe",
  [FERRY_PRESENCE_TYPE_SUBSCRIBED] = "subscribed",
  [FERRY_PRESENCE_TYPE_UNAVAILABLE] = "unavailable",
  [FERRY_PRESENCE_TYPE_UNSUBSCRIBE] = "unsubscribe",
  [FERRY_PRESENCE_TYPE_UNSUBSCRIBED] = "unsubscribed",
};

static const char *const show_names[] = {
  [FERRY_SHOW_AVAILABLE] = NULL,
  [FERRY_SHOW_CHAT] = "chat",
  [FERRY_SHOW_AWAY] = "away",
  [FERRY_SHOW_XA] = "xa",
  [FERRY_SHOW_DND] = "dnd",
};

/* White space is RFC 6121's business only in what we write. */
static char *
dup_child_text (const FerryElement *stanza,
                const char         *name)
{
  const char *text = ferry_element_find_text (stanza, name, FERRY_NS_CLIENT);

  return text != NULL && *text != '\0' ? g_strstrip (g_strdup (text)) : NULL;
}

/* RFC 6121 §4.7.2.3 */
static int
parse_priority (const char *text)
{
  gboolean is_negative = text != NULL && *text == '-';
  guint64 value;

  if (!ferry_number_parse (is_negative ? text + 1 : text, 0, is_negative ? 128 : 127, &value))
    return 0;

  return is_negative ? -(int) value : (int) value;
}

static FerryShow
parse_show (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (show_names); i++)
    if (text != NULL && g_strcmp0 (text, show_names[i]) == 0)
      return i;

  return FERRY_SHOW_AVAILABLE;
}

static void
parse_caps (FerryPresenceStanza *self,
            const FerryElement  *stanza)
{
  FerryElement *caps = ferry_element_find (stanza, "c", FERRY_NS_CAPS);

  if (caps == NULL)
    return;

  self->caps_hash = g_strdup (ferry_element_get_attribute (caps, "hash"));
  self->caps_node = g_strdup (ferry_element_get_attribute (caps, "node"));
  self->caps_ver = g_strdup (ferry_element_get_attribute (caps, "ver"));
}

static gboolean
parse_type (const char        *text,
            FerryPresenceType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (g_strcmp0 (text, type_names[i]) == 0)
      {
        *type = i;
        return TRUE;
      }

  return FALSE;
}

gboolean
ferry_presence_parse (FerryPresenceStanza *self,
                      const FerryElement  *stanza)
{
  g_autofree char *show = NULL;
  g_autofree char *priority = NULL;

  g_return_val_if_fail (self != NULL && stanza != NULL, FALSE);

  *self = (FerryPresenceStanza) { 0 };
  if (!ferry_element_is (stanza, "presence", FERRY_NS_CLIENT) ||
      !parse_type (ferry_element_get_attribute (stanza, "type"), &self->type))
    return FALSE;

  show = dup_child_text (stanza, "show");
  priority = dup_child_text (stanza, "priority");
  self->show = parse_show (show);
  self->priority = parse_priority (priority);
  self->status = dup_child_text (stanza, "status");
  self->from = g_strdup (ferry_element_get_attribute (stanza, "from"));
  self->to = g_strdup (ferry_element_get_attribute (stanza, "to"));
  parse_caps (self, stanza);

  return TRUE;
}

void
ferry_presence_clear (FerryPresenceStanza *self)
{
  g_free (self->from);
  g_free (self->to);
  g_free (self->status);
  g_free (self->caps_hash);
  g_free (self->caps_node);
  g_free (self->caps_ver);
  *self = (FerryPresenceStanza) { 0 };
}

FerryElement *
ferry_presence_to_element (const FerryPresenceStanza *self)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (self != NULL, NULL);

  builder = ferry_element_builder_new ("presence", FERRY_NS_CLIENT);
  ferry_element_builder_attribute (builder, "type", type_names[self->type]);
  ferry_element_builder_attribute (builder, "from", self->from);
  ferry_element_builder_attribute (builder, "to", self->to);
  if (self->show != FERRY_SHOW_AVAILABLE)
    ferry_element_builder_text_child (builder, "show", show_names[self->show]);
  if (self->status != NULL)
    ferry_element_builder_text_child (builder, "status", self->status);
  if (self->priority != 0)
    {
      g_autofree char *priority = g_strdup_printf ("%d", self->priority);

      ferry_element_builder_text_child (builder, "priority", priority);
    }
  if (self->caps_node != NULL && self->caps_ver != NULL)
    ferry_element_builder_take_child (builder,
                                      ferry_caps_to_element (self->caps_node, self->caps_ver));

  return ferry_element_builder_end (builder);
}
