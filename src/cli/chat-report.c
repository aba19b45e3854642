/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "cli/chat-report.h"
#include "cli/event-words.h"

static FerryJsonLine *
new_line (FerryChatReport *self,
          const char      *event)
{
  FerryJsonLine *line = ferry_json_line_new (event);
  const char *peer = ferry_chat_get_peer (self->chat);
  FerryContact *contact = ferry_chat_get_contact (self->chat);

  ferry_json_line_add_string (line, "peer", peer != NULL ? peer : ferry_contact_get_jid (contact));

  return line;
}

static const char *
error_to_string (const GError *error)
{
  static const char *const names[] = {
    [FERRY_CHAT_ERROR_OFFLINE] = "offline",
    [FERRY_CHAT_ERROR_CANNOT] = "peer-cannot",
    [FERRY_CHAT_ERROR_DECLINED] = "declined",
    [FERRY_CHAT_ERROR_EXPIRED] = "expired",
    [FERRY_CHAT_ERROR_NO_ROUTE] = "no-route",
    [FERRY_CHAT_ERROR_STRIPPED] = "stripped",
    [FERRY_CHAT_ERROR_KEY_CHANGED] = "key-changed",
    [FERRY_CHAT_ERROR_PHRASE] = "phrase",
    [FERRY_CHAT_ERROR_INSECURE] = "insecure",
    [FERRY_CHAT_ERROR_STREAM] = "stream",
    [FERRY_CHAT_ERROR_LOST] = "lost",
    [FERRY_CHAT_ERROR_CLOSED] = "closed",
    [FERRY_CHAT_ERROR_FAILED] = "other",
  };

  return error->domain == FERRY_CHAT_ERROR ? names[error->code] : "other";
}

void
ferry_chat_report_tell_state (FerryChatReport *self)
{
  static const char *const names[] = {
    [FERRY_CHAT_CLOSED] = "closed",
    [FERRY_CHAT_OFFERING] = "offering",
    [FERRY_CHAT_OFFERED] = "offered",
    [FERRY_CHAT_CONNECTING] = "connecting",
    [FERRY_CHAT_SECURING] = "securing",
    [FERRY_CHAT_OPEN] = "open",
    [FERRY_CHAT_CLOSING] = "closing",
  };
  FerryJsonLine *line = new_line (self, "state");

  ferry_json_line_add_string (line, "state", names[ferry_chat_get_state (self->chat)]);
  ferry_output_event (self->output, line);
}

void
ferry_chat_report_tell_open (FerryChatReport *self)
{
  FerryTrustLevel level = ferry_chat_get_level (self->chat);
  const char *transport = ferry_path_to_word (ferry_chat_get_path (self->chat));
  FerryJsonLine *path = new_line (self, "path");
  FerryJsonLine *secure = new_line (self, "secure");

  ferry_json_line_add_string (path, "transport", transport);
  ferry_json_line_add_string (path, "via", ferry_chat_get_via (self->chat));
  ferry_json_line_add_string (path, "security", "tls");
  ferry_json_line_add_string (path, "verified", ferry_trust_level_to_word (level));
  ferry_output_event (self->output, path);

  ferry_json_line_add_string (secure, "method", self->by_phrase ? "srp" : "x509");
  ferry_json_line_add_string (secure, "fingerprint", ferry_chat_get_fingerprint (self->chat));
  ferry_json_line_add_string (secure, "verified", ferry_trust_level_to_word (level));
  ferry_output_event (self->output, secure);
  ferry_output_say (self->output, "%s: encrypted by %s, %s", ferry_chat_get_peer (self->chat),
                    ferry_chat_get_cipher (self->chat), ferry_trust_level_to_phrase (level));
}

void
ferry_chat_report_tell_code (FerryChatReport *self)
{
  const char *code = ferry_chat_get_code (self->chat);
  FerryJsonLine *line;

  if (code == NULL || g_strcmp0 (code, self->code) == 0)
    return;

  g_free (self->code);
  self->code = g_strdup (code);
  line = new_line (self, "code");
  ferry_json_line_add_string (line, "code", code);
  ferry_output_event (self->output, line);
  ferry_output_say (self->output, "Both sides must see the same number: %s", code);
}

void
ferry_chat_report_tell_failed (FerryChatReport *self,
                               const GError    *error)
{
  const char *reason = error_to_string (error);
  const char *colon = strchr (error->message, ':');
  g_autofree char *step = colon != NULL ? g_strndup (error->message, colon - error->message) : NULL;
  FerryJsonLine *line = new_line (self, "failed");

  ferry_json_line_add_string (line, "step", step);
  ferry_json_line_add_string (line, "reason", reason);
  ferry_json_line_add_string (line, "detail", error->message);
  ferry_output_event (self->output, line);
  ferry_output_say (self->output, "%s: %s", reason, error->message);
}

static void
tell_words (FerryChatReport *self,
            const char      *body)
{
  g_auto(GStrv) lines = g_strsplit (body, "\n", -1);
  FerryJsonLine *line = new_line (self, "message");

  ferry_json_line_add_string (line, "body", body);
  ferry_output_event (self->output, line);
  for (guint i = 0; lines[i] != NULL; i++)
    ferry_output_answer (self->output, "%s", lines[i]);
}

static void
tell_fate (FerryChatReport *self,
           FerryMessage    *message,
           const char      *event)
{
  FerryJsonLine *line = new_line (self, event);

  ferry_json_line_add_int (line, "id", GPOINTER_TO_UINT (g_hash_table_lookup (self->ids, message)));
  ferry_output_event (self->output, line);
}

static void
message_state_cb (FerryMessage *message,
                  GParamSpec   *pspec,
                  gpointer      user_data)
{
  FerryChatReport *self = user_data;

  switch (ferry_message_get_state (message))
    {
    case FERRY_MESSAGE_DELIVERED:
      tell_fate (self, message, "delivered");
      break;

    case FERRY_MESSAGE_UNDELIVERED:
      tell_fate (self, message, "undelivered");
      ferry_output_say (self->output, "Nobody knows whether this arrived: %s",
                        ferry_message_get_body (message));
      self->n_lost++;
      break;

    case FERRY_MESSAGE_WAITING:
    case FERRY_MESSAGE_SENT:
    default:
      return;
    }

  g_ptr_array_remove (self->pending, message);
  if (self->settled != NULL)
    self->settled (self->user_data);
}

static void
take_message (FerryChatReport *self,
              FerryMessage    *message)
{
  guint id = g_hash_table_size (self->ids) + 1;

  if (!ferry_message_is_own (message))
    {
      tell_words (self, ferry_message_get_body (message));
      return;
    }

  g_hash_table_insert (self->ids, g_object_ref (message), GUINT_TO_POINTER (id));
  g_ptr_array_add (self->pending, message);
  g_signal_connect (message, "notify::state", G_CALLBACK (message_state_cb), self);
}

static void
chat_items_cb (GListModel *model,
               guint       position,
               guint       n_removed,
               guint       n_added,
               gpointer    user_data)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(FerryMessage) message = g_list_model_get_item (model, position + i);

      take_message (user_data, message);
    }
}

FerryChatReport *
ferry_chat_report_new (FerryChat   *chat,
                       FerryOutput *output,
                       gboolean     by_phrase)
{
  FerryChatReport *self = g_new0 (FerryChatReport, 1);

  self->chat = g_object_ref (chat);
  self->output = output;
  self->by_phrase = by_phrase;
  self->ids = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->pending = g_ptr_array_new ();
  g_signal_connect (chat, "items-changed", G_CALLBACK (chat_items_cb), self);

  return self;
}

static void
forget_messages (FerryChatReport *self)
{
  GHashTableIter iter;
  gpointer message;

  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, &message, NULL))
    g_signal_handlers_disconnect_by_data (message, self);

  g_ptr_array_set_size (self->pending, 0);
}

void
ferry_chat_report_give_up (FerryChatReport *self)
{
  for (guint i = 0; i < self->pending->len; i++)
    tell_fate (self, self->pending->pdata[i], "undelivered");

  self->n_lost += self->pending->len;
  forget_messages (self);
}

void
ferry_chat_report_free (FerryChatReport *self)
{
  forget_messages (self);
  g_signal_handlers_disconnect_by_data (self->chat, self);
  g_clear_object (&self->chat);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_clear_pointer (&self->code, g_free);
  g_free (self);
}
