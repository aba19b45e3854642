/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include <string.h>

#include "core/chat-private.h"
#include "core/random-id.h"
#include "proto/disco.h"
#include "proto/iq.h"

#define MAX_MESSAGES 10000              /* kept in a chat */
#define MAX_BYTES    (16 * 1024 * 1024) /* likewise, of all bodies */
#define MAX_UNSENT   (1024 * 1024)      /* bytes on their way before messages wait, too */

static void
answer (FerryChat    *self,
        FerryElement *request,
        FerryElement *payload)
{
  ferry_chat_say (self, ferry_iq_new_result (request, payload));
}

/* SEC-9: nothing else may be asked of us in here. */
static void
refuse (FerryChat    *self,
        FerryElement *request)
{
  g_autoptr(FerryStanzaError) error =
    ferry_stanza_error_new (FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_SERVICE_UNAVAILABLE,
                            NULL, NULL, NULL);

  if (ferry_iq_is_request (request))
    ferry_chat_say (self, ferry_iq_new_error (request, error));
}

static void
answer_disco (FerryChat    *self,
              FerryElement *request)
{
  static const char *const features[] = {
    FERRY_NS_CHAT_STATES, FERRY_NS_COMPARISON, FERRY_NS_DISCO_INFO, FERRY_NS_PING,
    FERRY_NS_PUBKEY, FERRY_NS_RECEIPTS,
  };
  g_autoptr(FerryDiscoInfo) info = ferry_disco_info_new (NULL);
  g_autoptr(FerryElement) query = NULL;

  ferry_disco_info_add_identity (info, "client", "pc", NULL, "Ferry");
  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    ferry_disco_info_add_feature (info, features[i]);

  query = ferry_disco_info_to_element (info);
  answer (self, request, query);
}

static gboolean
is_settled (FerryMessage *message)
{
  FerryMessageState state = ferry_message_get_state (message);

  return state == FERRY_MESSAGE_DELIVERED || state == FERRY_MESSAGE_UNDELIVERED;
}

static gsize
get_size (FerryMessage *message)
{
  return strlen (ferry_message_get_body (message));
}

/* Returns: of the oldest, the length of the list if there is none */
static guint
find_settled (FerryChat *self)
{
  guint i = 0;

  while (i < self->messages->len && !is_settled (self->messages->pdata[i]))
    i++;

  return i;
}

/* Who talks without end must not fill our memory, nor who confirms nothing: the oldest go, but
 * not what still may arrive. */
static void
forget_oldest (FerryChat *self)
{
  while (self->messages->len > MAX_MESSAGES || self->n_bytes > MAX_BYTES)
    {
      guint i = find_settled (self);

      if (i == self->messages->len)
        return;

      self->n_bytes -= get_size (self->messages->pdata[i]);
      g_ptr_array_remove_index (self->messages, i);
      g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
    }
}

/* @message: (transfer full) */
static void
add (FerryChat    *self,
     FerryMessage *message)
{
  g_ptr_array_add (self->messages, message);
  self->n_bytes += get_size (message);
  g_list_model_items_changed (G_LIST_MODEL (self), self->messages->len - 1, 0, 1);
  ferry_chat_keep (self, message);
  forget_oldest (self);
}

static void
transmit (FerryChat    *self,
          FerryMessage *message)
{
  g_autofree char *id = ferry_random_id_new ();
  const char *body = ferry_message_get_body (message);

  ferry_message_set_id (message, id);
  ferry_message_set_state (message, FERRY_MESSAGE_SENT);

  if (!ferry_chat_say (self, ferry_chat_stanza_new_message (id, body)))
    ferry_message_set_state (message, FERRY_MESSAGE_WAITING);
}

/* SEC-33: nothing goes until a person has decided about another certificate that was shown, even
 * where this one is the known one. And what the other side does not take yet waits with us. */
static gboolean
may_transmit (FerryChat *self)
{
  if (self->state != FERRY_CHAT_OPEN || ferry_chat_is_changed (self))
    return FALSE;

  self->is_held = ferry_duplex_get_unsent (self->duplex) > MAX_UNSENT;
  return !self->is_held;
}

/* What waited, in its order. */
void
ferry_chat_send_waiting (FerryChat *self)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->messages->len; i++)
    {
      if (ferry_message_get_state (self->messages->pdata[i]) == FERRY_MESSAGE_WAITING)
        g_ptr_array_add (waiting, g_object_ref (self->messages->pdata[i]));
    }

  for (guint i = 0; i < waiting->len && may_transmit (self); i++)
    transmit (self, waiting->pdata[i]);
}

/* No message is lost silently: nobody knows whether these arrived. */
void
ferry_chat_mark_undelivered (FerryChat *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      if (ferry_message_get_state (self->messages->pdata[i]) == FERRY_MESSAGE_SENT)
        {
          ferry_message_set_state (self->messages->pdata[i], FERRY_MESSAGE_UNDELIVERED);
          ferry_chat_keep_state (self, self->messages->pdata[i]);
        }
    }
}

/* Where to cut @text, so that a stanza may hold what is before. */
static gsize
find_cut (const char *text)
{
  const char *limit;

  if (strlen (text) <= FERRY_MAX_BODY)
    return strlen (text);

  limit = g_utf8_find_prev_char (text, text + FERRY_MAX_BODY + 1);
  return limit - text;
}

void
ferry_chat_send (FerryChat  *self,
                 const char *body)
{
  g_autofree char *clean = NULL;
  g_autofree char *stripped = NULL;
  const char *rest;

  g_return_if_fail (FERRY_IS_CHAT (self));
  g_return_if_fail (body != NULL);

  clean = ferry_message_clean (body);
  stripped = g_strstrip (g_strdup (clean));
  ferry_chat_forget_typing (self);

  for (rest = *stripped != '\0' ? clean : ""; *rest != '\0'; rest += find_cut (rest))
    {
      g_autofree char *part = g_strndup (rest, find_cut (rest));
      FerryMessage *message = ferry_message_new (part, TRUE, FERRY_MESSAGE_WAITING);

      add (self, message);
      if (!self->is_held && may_transmit (self))
        transmit (self, message);
    }
}

static void
take_message (FerryChat             *self,
              const FerryChatStanza *stanza)
{
  g_autofree char *body = ferry_message_clean (stanza->body);
  g_autofree char *id = ferry_random_id_new ();
  g_autoptr(FerryMessage) message = NULL;

  ferry_chat_set_peer_typing (self, FALSE);
  message = ferry_message_new (body, FALSE, FERRY_MESSAGE_DELIVERED);
  add (self, g_object_ref (message));
  self->n_unread++;
  ferry_chat_notify (self, FERRY_CHAT_PROP_N_UNREAD);

  if (stanza->wants_receipt)
    ferry_chat_say (self, ferry_chat_stanza_new_receipt (id, stanza->id));

  ferry_chat_emit_received (self, message);
}

static void
take_receipt (FerryChat  *self,
              const char *id)
{
  for (guint i = self->messages->len; i > 0; i--)
    {
      FerryMessage *message = self->messages->pdata[i - 1];

      if (ferry_message_get_state (message) == FERRY_MESSAGE_SENT
          && g_strcmp0 (ferry_message_get_id (message), id) == 0)
        {
          ferry_message_set_state (message, FERRY_MESSAGE_DELIVERED);
          ferry_chat_keep_state (self, message);
          return;
        }
    }
}

static void
take_reply (FerryChat    *self,
            const char   *id,
            FerryElement *reply)
{
  if (self->pubkeys_id != NULL && g_strcmp0 (self->pubkeys_id, id) == 0)
    ferry_chat_take_pubkeys (self, reply);
}

static void
take_comparison (FerryChat             *self,
                 const FerryChatStanza *stanza,
                 FerryElement          *request)
{
  answer (self, request, NULL);
  ferry_chat_receive_comparison (self, stanza);
}

/* The whole of what may be said in here (SEC-9). */
void
ferry_chat_receive (FerryChat    *self,
                    FerryElement *element)
{
  FerryChatStanza stanza;

  ferry_chat_stanza_parse (element, &stanza);

  switch (stanza.kind)
    {
    case FERRY_CHAT_STANZA_MESSAGE:
      take_message (self, &stanza);
      break;
    case FERRY_CHAT_STANZA_RECEIPT:
      take_receipt (self, stanza.id);
      break;
    case FERRY_CHAT_STANZA_COMPOSING:
      ferry_chat_set_peer_typing (self, TRUE);
      break;
    case FERRY_CHAT_STANZA_PAUSED:
    case FERRY_CHAT_STANZA_GONE:
      ferry_chat_set_peer_typing (self, FALSE);
      break;
    case FERRY_CHAT_STANZA_PING:
      answer (self, element, NULL);
      break;
    case FERRY_CHAT_STANZA_PUBKEYS:
      if (!ferry_chat_answer_pubkeys (self, element))
        refuse (self, element);
      break;
    case FERRY_CHAT_STANZA_DISCO:
      answer_disco (self, element);
      break;
    case FERRY_CHAT_STANZA_COMMIT:
    case FERRY_CHAT_STANZA_NONCE:
    case FERRY_CHAT_STANZA_REVEAL:
    case FERRY_CHAT_STANZA_VERDICT:
      take_comparison (self, &stanza, element);
      break;
    case FERRY_CHAT_STANZA_REPLY:
      take_reply (self, stanza.id, element);
      break;
    case FERRY_CHAT_STANZA_NONE:
    default:
      refuse (self, element);
    }
}
