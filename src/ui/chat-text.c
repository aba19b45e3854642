/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "chat-text"

#include "config.h"

#include "ui/chat-text.h"

#include <glib/gi18n.h>

#include "proto/xml-stream.h"
#include "ui/contact-text.h"
#include "ui/display-text.h"
#include "ui/transfer-text.h"

#define MAX_BODY 20000 /* characters shown; a label lays out no more in reasonable time */

static char *
dup_open (FerryChat *chat)
{
  const char *path = ferry_transfer_text_path (ferry_chat_get_path (chat));

  return path != NULL ? g_strjoin (" · ", _("End-to-end encrypted"), path, NULL)
                      : g_strdup (_("End-to-end encrypted"));
}

char *
ferry_chat_text_state (FerryChat *chat)
{
  switch (ferry_chat_get_state (chat))
    {
    case FERRY_CHAT_OFFERING:
      return g_strdup (_("Waiting for an answer…"));
    case FERRY_CHAT_OFFERED:
      return g_strdup (_("Waits for your answer"));
    case FERRY_CHAT_CONNECTING:
      return g_strdup (_("Looking for the best path…"));
    case FERRY_CHAT_SECURING:
      return g_strdup (_("Encrypting…"));
    case FERRY_CHAT_OPEN:
      return dup_open (chat);
    case FERRY_CHAT_CLOSING:
      return g_strdup (_("Closing…"));
    case FERRY_CHAT_CLOSED:
    default:
      return g_strdup (_("Not connected"));
    }
}

FerryTrustLevel
ferry_chat_text_level (FerryChat  *chat,
                       FerryTrust *trust)
{
  const char *jid = ferry_contact_get_jid (ferry_chat_get_contact (chat));
  const FerryPin *pin = ferry_trust_lookup (trust, jid);
  const char *fingerprint = ferry_chat_get_fingerprint (chat);

  if (ferry_chat_get_state (chat) != FERRY_CHAT_OPEN || fingerprint == NULL)
    return pin != NULL ? pin->level : FERRY_TRUST_NONE;
  if (pin != NULL && g_str_equal (pin->sha256, fingerprint))
    return MAX (pin->level, ferry_chat_get_level (chat));
  return ferry_chat_get_level (chat);
}

/* A program whose features are not known yet is asked when the chat begins. */
gboolean
ferry_chat_text_can_open (FerryContact *contact)
{
  guint n = ferry_contact_get_n_resources (contact);

  if (ferry_contact_get_presence (contact) == FERRY_PRESENCE_OFFLINE)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const FerryResource *resource = ferry_contact_get_resource (contact, i);

      if (resource->features == NULL ||
          ferry_resource_has_feature (resource, FERRY_NS_XML_STREAM) ||
          ferry_resource_has_feature (resource, FERRY_NS_XML_STREAM_TMP))
        return TRUE;
    }
  return n == 0;
}

static const struct
{
  const char *mark;
  const char *icon;
} marks[] = {
  [FERRY_MESSAGE_WAITING] = { NC_("message", "waiting"), "ferry-message-waiting-symbolic" },
  [FERRY_MESSAGE_SENT] = { NC_("message", "sent"), "ferry-message-sent-symbolic" },
  [FERRY_MESSAGE_DELIVERED] = { NC_("message", "delivered"), "ferry-message-delivered-symbolic" },
  [FERRY_MESSAGE_UNDELIVERED] = { NC_("message", "may not have arrived"),
                                  "dialog-warning-symbolic" },
};

const char *
ferry_message_text_mark (FerryMessage *message)
{
  return g_dpgettext2 (NULL, "message", marks[ferry_message_get_state (message)].mark);
}

const char *
ferry_message_text_icon (FerryMessage *message)
{
  return marks[ferry_message_get_state (message)].icon;
}

static gboolean
is_same_day (GDateTime *a,
             GDateTime *b)
{
  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

char *
ferry_message_text_time (FerryMessage *message)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autoptr(GDateTime) time =
    g_date_time_new_from_unix_local (ferry_message_get_time (message) / G_USEC_PER_SEC);

  return g_date_time_format (time, is_same_day (time, now) ? "%H:%M" : "%x %H:%M");
}

char *
ferry_message_text_body (FerryMessage *message)
{
  return ferry_display_lines (ferry_message_get_body (message), MAX_BODY);
}

char *
ferry_message_text_summary (FerryMessage *message,
                            const char   *who)
{
  g_autofree char *time = ferry_message_text_time (message);
  g_autofree char *body = ferry_message_text_body (message);

  if (!ferry_message_is_own (message))
    return g_strdup_printf ("%s, %s: %s", who, time, body);
  return g_strdup_printf ("%s, %s, %s: %s", _("You"), time, ferry_message_text_mark (message),
                          body);
}
