/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The life of a chat; the files stand in its order.
 *
 *  1. Our user opens it: whom to ask is found out (chat-open.c). Or somebody asks us.
 *  2. From here on a session machine decides, as it does for a file, and core/negotiation
 *     carries it out; what is ours of it is in chat-session.c.
 *  3. PUMP: there is an encrypted way, and an XML stream on it (chat-stream.c). Whoever met by
 *     a phrase shows the certificate to be known by next time (chat-secrets.c).
 *  4. Words cross (chat-messages.c, chat-typing.c), and people may compare a number
 *     (chat-compare.c). Silence is noticed (chat-alive.c).
 *  5. END says how it went (chat-end.c); a lost one may be opened again (chat-reopen.c). */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "core/chat-private.h"

#define PATIENCE (15 * G_USEC_PER_SEC)

G_DEFINE_QUARK (ferry-chat-error-quark, ferry_chat_error)

void
ferry_chat_set_state (FerryChat      *self,
                      FerryChatState  state)
{
  if (self->state == state)
    return;

  g_debug ("Chat with %s: state %d", ferry_contact_get_jid (self->contact), state);
  self->state = state;
  ferry_chat_notify (self, FERRY_CHAT_PROP_STATE);
}

void
ferry_chat_set_string (FerryChat      *self,
                       FerryChatProp   prop,
                       char          **field,
                       const char     *value)
{
  char *copy;

  if (g_strcmp0 (*field, value) == 0)
    return;

  copy = g_strdup (value);
  g_free (*field);
  *field = copy;
  ferry_chat_notify (self, prop);
}

void
ferry_chat_set_alarm (FerryChat    *self,
                      GSource     **alarm,
                      gint64        ready_time,
                      GSourceFunc   callback)
{
  if (*alarm != NULL)
    g_source_destroy (*alarm);

  g_clear_pointer (alarm, g_source_unref);

  if (callback == NULL)
    return;

  *alarm = g_timeout_source_new (0);
  g_source_set_ready_time (*alarm, ready_time);
  g_source_set_callback (*alarm, callback, self, NULL);
  g_source_attach (*alarm, NULL);
}

static const FerryPin *
find_pin (FerryChat *self)
{
  FerryTrust *trust = self->services->trust;

  return trust != NULL ? ferry_trust_lookup (trust, ferry_contact_get_jid (self->contact)) : NULL;
}

void
ferry_chat_trust_changed (FerryChat *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  ferry_chat_notify (self, FERRY_CHAT_PROP_IS_CHANGED);
  ferry_chat_notify (self, FERRY_CHAT_PROP_LEVEL);
  ferry_chat_notify (self, FERRY_CHAT_PROP_FINGERPRINT);
  g_object_thaw_notify (G_OBJECT (self));
  ferry_chat_send_waiting (self);
}

FerryContact *
ferry_chat_get_contact (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), NULL);

  return self->contact;
}

FerryChatState
ferry_chat_get_state (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), FERRY_CHAT_CLOSED);

  return self->state;
}

const char *
ferry_chat_get_peer (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), NULL);

  return self->peer;
}

gboolean
ferry_chat_is_phrase_wanted (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), FALSE);

  return self->is_phrase_wanted;
}

/* Of this session, or, while there is none, of the last one that we know. */
FerryTrustLevel
ferry_chat_get_level (FerryChat *self)
{
  const FerryPin *pin;

  g_return_val_if_fail (FERRY_IS_CHAT (self), FERRY_TRUST_NONE);

  pin = find_pin (self);
  if (self->fingerprint == NULL)
    return pin != NULL && self->level == FERRY_TRUST_NONE ? pin->level : self->level;

  /* Another way to know the same certificate, found meanwhile, counts. */
  if (pin != NULL && g_strcmp0 (pin->sha256, self->fingerprint) == 0)
    return MAX (pin->level, self->level);

  return self->level;
}

gboolean
ferry_chat_is_changed (FerryChat *self)
{
  const FerryPin *pin;

  g_return_val_if_fail (FERRY_IS_CHAT (self), FALSE);

  pin = find_pin (self);
  return pin != NULL && pin->changed_sha256 != NULL;
}

const char *
ferry_chat_get_fingerprint (FerryChat *self)
{
  const FerryPin *pin;

  g_return_val_if_fail (FERRY_IS_CHAT (self), NULL);

  pin = find_pin (self);
  if (self->fingerprint != NULL)
    return self->fingerprint;

  return pin != NULL ? pin->sha256 : NULL;
}

const char *
ferry_chat_get_via (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), NULL);

  return ferry_negotiation_get_way (self->negotiation);
}

FerryPaths
ferry_chat_get_path (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), 0);

  return self->path;
}

const char *
ferry_chat_get_cipher (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), NULL);

  return self->cipher;
}

const GError *
ferry_chat_get_error (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), NULL);

  return self->error;
}

gboolean
ferry_chat_is_composing (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), FALSE);

  return self->is_composing;
}

FerryComparison
ferry_chat_get_comparison (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), FERRY_COMPARISON_NONE);

  return self->comparison;
}

const char *
ferry_chat_get_code (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), NULL);

  return self->code;
}

guint
ferry_chat_get_n_unread (FerryChat *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT (self), 0);

  return self->n_unread;
}

void
ferry_chat_mark_read (FerryChat *self)
{
  g_return_if_fail (FERRY_IS_CHAT (self));

  if (self->n_unread == 0)
    return;

  self->n_unread = 0;
  ferry_chat_notify (self, FERRY_CHAT_PROP_N_UNREAD);
}

FerryChat *
ferry_chat_new (FerryTransferServices *services,
                FerryContact          *contact)
{
  FerryChat *self = g_object_new (FERRY_TYPE_CHAT, NULL);

  self->services = ferry_transfer_services_ref (services);
  self->contact = g_object_ref (contact);
  self->negotiation = ferry_chat_new_negotiation (self);
  self->allowed = services->settings->paths;
  self->patience = PATIENCE;
  ferry_chat_recall (self);

  return self;
}
