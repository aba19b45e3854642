/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/chat-stanza.h"
#include "proto/disco.h"
#include "proto/iq.h"

#define MAX_ID 1023 /* bytes: we send it back in a receipt */
#define N_DATA 64   /* digits: SHA-256, or a nonce of as many bytes */

/* What compares numbers is an iq set with one of these:
 *   <commit xmlns='urn:ferry:comparison:0'>HEX</commit>
 *   <nonce xmlns='urn:ferry:comparison:0'>HEX</nonce>
 *   <reveal xmlns='urn:ferry:comparison:0'>HEX</reveal>
 *   <verdict xmlns='urn:ferry:comparison:0' matches='true'/> */
static const struct
{
  const char          *name;
  FerryChatStanzaKind  kind;
} comparisons[] = {
  { "commit", FERRY_CHAT_STANZA_COMMIT },
  { "nonce", FERRY_CHAT_STANZA_NONCE },
  { "reveal", FERRY_CHAT_STANZA_REVEAL },
  { "verdict", FERRY_CHAT_STANZA_VERDICT },
};

/* All that may be asked for (SEC-9). */
static const struct
{
  const char          *name;
  const char          *xmlns;
  FerryChatStanzaKind  kind;
} questions[] = {
  { "ping", FERRY_NS_PING, FERRY_CHAT_STANZA_PING },
  { "pubkeys", FERRY_NS_PUBKEY, FERRY_CHAT_STANZA_PUBKEYS },
  { "query", FERRY_NS_DISCO_INFO, FERRY_CHAT_STANZA_DISCO },
};

/* XEP-0085. Whoever is active or inactive without a message is not typing: that is all we show. */
static const struct
{
  const char          *name;
  FerryChatStanzaKind  kind;
} states[] = {
  { "composing", FERRY_CHAT_STANZA_COMPOSING },
  { "paused", FERRY_CHAT_STANZA_PAUSED },
  { "gone", FERRY_CHAT_STANZA_GONE },
  { "active", FERRY_CHAT_STANZA_PAUSED },
  { "inactive", FERRY_CHAT_STANZA_PAUSED },
};

/* Returns: (nullable): @id if it is one, and short enough to be repeated */
static const char *
judge_id (const char *id)
{
  return id != NULL && *id != '\0' && strlen (id) <= MAX_ID ? id : NULL;
}

static gboolean
is_body (const char *text)
{
  if (text == NULL || strlen (text) > FERRY_MAX_BODY)
    return FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return TRUE;

  return FALSE;
}

static gboolean
is_data (const char *text)
{
  return strlen (text) == N_DATA && strspn (text, "0123456789abcdef") == N_DATA;
}

static FerryChatStanzaKind
parse_state (const FerryElement *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (ferry_element_find (message, states[i].name, FERRY_NS_CHAT_STATES) != NULL)
      return states[i].kind;

  return FERRY_CHAT_STANZA_NONE;
}

/* XEP-0184 §5.3, §5.5: no receipt for an error, nor without an id, nor for a receipt. */
static void
parse_message (const FerryElement *message,
               FerryChatStanza    *self)
{
  const char *type = ferry_element_get_attribute (message, "type");
  const char *body = ferry_element_find_text (message, "body", FERRY_NS_CLIENT);
  FerryElement *received = ferry_element_find (message, "received", FERRY_NS_RECEIPTS);

  if (type != NULL && strcmp (type, "chat") != 0 && strcmp (type, "normal") != 0)
    return;

  self->id = judge_id (ferry_element_get_attribute (message, "id"));
  if (is_body (body))
    {
      self->kind = FERRY_CHAT_STANZA_MESSAGE;
      self->body = body;
      self->wants_receipt = self->id != NULL && received == NULL &&
                            ferry_element_find (message, "request", FERRY_NS_RECEIPTS) != NULL;
      return;
    }

  if (received != NULL)
    {
      self->id = judge_id (ferry_element_get_attribute (received, "id"));
      if (self->id != NULL)
        self->kind = FERRY_CHAT_STANZA_RECEIPT;
      return;
    }

  self->kind = parse_state (message);
}

static void
parse_question (const FerryElement *payload,
                FerryChatStanza    *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    if (ferry_element_is (payload, questions[i].name, questions[i].xmlns))
      self->kind = questions[i].kind;
}

static void
parse_verdict (const FerryElement *payload,
               FerryChatStanza    *self)
{
  const char *matches = ferry_element_get_attribute (payload, "matches");

  if (g_strcmp0 (matches, "true") != 0 && g_strcmp0 (matches, "false") != 0)
    return;

  self->kind = FERRY_CHAT_STANZA_VERDICT;
  self->matches = *matches == 't';
}

static void
parse_comparison (const FerryElement *payload,
                  FerryChatStanza    *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    {
      if (!ferry_element_is (payload, comparisons[i].name, FERRY_NS_COMPARISON))
        continue;

      if (comparisons[i].kind == FERRY_CHAT_STANZA_VERDICT)
        {
          parse_verdict (payload, self);
        }
      else if (is_data (ferry_element_get_text (payload)))
        {
          self->kind = comparisons[i].kind;
          self->data = ferry_element_get_text (payload);
        }
    }
}

static void
parse_iq (const FerryElement *iq,
          FerryChatStanza    *self)
{
  const FerryElement *payload = ferry_iq_get_payload (iq);

  self->id = judge_id (ferry_element_get_attribute (iq, "id"));
  if (self->id == NULL)
    return;

  if (ferry_iq_is (iq, FERRY_IQ_RESULT) || ferry_iq_is (iq, FERRY_IQ_ERROR))
    self->kind = FERRY_CHAT_STANZA_REPLY;
  else if (payload != NULL && ferry_iq_is (iq, FERRY_IQ_GET))
    parse_question (payload, self);
  else if (payload != NULL && ferry_iq_is (iq, FERRY_IQ_SET))
    parse_comparison (payload, self);
}

void
ferry_chat_stanza_parse (const FerryElement *stanza,
                         FerryChatStanza    *self)
{
  g_return_if_fail (stanza != NULL && self != NULL);

  *self = (FerryChatStanza) { .kind = FERRY_CHAT_STANZA_NONE };
  if (ferry_element_is (stanza, "message", FERRY_NS_CLIENT))
    parse_message (stanza, self);
  else if (ferry_element_is (stanza, "iq", FERRY_NS_CLIENT))
    parse_iq (stanza, self);
}

static FerryElementBuilder *
begin_message (const char *id)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("message", FERRY_NS_CLIENT);

  ferry_element_builder_attribute (builder, "type", "chat");
  ferry_element_builder_attribute (builder, "id", id);

  return builder;
}

static void
add_empty (FerryElementBuilder *builder,
           const char          *name,
           const char          *xmlns)
{
  ferry_element_builder_open (builder, name, xmlns);
  ferry_element_builder_close (builder);
}

/* Whoever sends a message has stopped typing (XEP-0085 §5.3), and asks whether it came. */
FerryElement *
ferry_chat_stanza_new_message (const char *id,
                               const char *body)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (id != NULL && body != NULL, NULL);

  builder = begin_message (id);
  ferry_element_builder_text_child (builder, "body", body);
  add_empty (builder, "active", FERRY_NS_CHAT_STATES);
  add_empty (builder, "request", FERRY_NS_RECEIPTS);

  return ferry_element_builder_end (builder);
}

FerryElement *
ferry_chat_stanza_new_receipt (const char *id,
                               const char *of)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (of != NULL, NULL);

  builder = begin_message (id);
  ferry_element_builder_open (builder, "received", FERRY_NS_RECEIPTS);
  ferry_element_builder_attribute (builder, "id", of);
  ferry_element_builder_close (builder);

  return ferry_element_builder_end (builder);
}

FerryElement *
ferry_chat_stanza_new_state (FerryChatStanzaKind kind)
{
  FerryElementBuilder *builder;
  guint i = 0;

  g_return_val_if_fail (kind == FERRY_CHAT_STANZA_COMPOSING || kind == FERRY_CHAT_STANZA_PAUSED ||
                        kind == FERRY_CHAT_STANZA_GONE, NULL);

  while (states[i].kind != kind)
    i++;
  builder = begin_message (NULL);
  add_empty (builder, states[i].name, FERRY_NS_CHAT_STATES);

  return ferry_element_builder_end (builder);
}

static FerryElement *
build_iq (FerryIqType          type,
          const char          *id,
          FerryElementBuilder *payload)
{
  g_autoptr(FerryElement) element = ferry_element_builder_end (payload);

  return ferry_iq_new (type, NULL, id, element);
}

FerryElement *
ferry_chat_stanza_new_comparison (const char          *id,
                                  FerryChatStanzaKind  kind,
                                  const char          *data)
{
  FerryElementBuilder *builder;
  guint i = 0;

  g_return_val_if_fail (id != NULL && data != NULL, NULL);
  g_return_val_if_fail (kind == FERRY_CHAT_STANZA_COMMIT || kind == FERRY_CHAT_STANZA_NONCE ||
                        kind == FERRY_CHAT_STANZA_REVEAL, NULL);

  while (comparisons[i].kind != kind)
    i++;
  builder = ferry_element_builder_new (comparisons[i].name, FERRY_NS_COMPARISON);
  ferry_element_builder_text (builder, data);

  return build_iq (FERRY_IQ_SET, id, builder);
}

FerryElement *
ferry_chat_stanza_new_verdict (const char *id,
                               gboolean    matches)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (id != NULL, NULL);

  builder = ferry_element_builder_new ("verdict", FERRY_NS_COMPARISON);
  ferry_element_builder_attribute (builder, "matches", matches ? "true" : "false");

  return build_iq (FERRY_IQ_SET, id, builder);
}

FerryElement *
ferry_chat_stanza_new_ping (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  return build_iq (FERRY_IQ_GET, id, ferry_element_builder_new ("ping", FERRY_NS_PING));
}

FerryElement *
ferry_chat_stanza_new_pubkeys_request (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  return build_iq (FERRY_IQ_GET, id, ferry_element_builder_new ("pubkeys", FERRY_NS_PUBKEY));
}
