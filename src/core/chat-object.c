/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "base/secret.h"
#include "core/chat-private.h"

enum
{
  SIGNAL_OFFERED,
  SIGNAL_RECEIVED,
  N_SIGNALS
};

static GParamSpec *properties[FERRY_CHAT_N_PROPS];
static guint signals[N_SIGNALS];

static void ferry_chat_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryChat, ferry_chat, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ferry_chat_iface_init))

void
ferry_chat_notify (FerryChat     *self,
                   FerryChatProp  prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop]);
}

void
ferry_chat_emit_offered (FerryChat *self)
{
  g_signal_emit (self, signals[SIGNAL_OFFERED], 0);
}

void
ferry_chat_emit_received (FerryChat    *self,
                          FerryMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_RECEIVED], 0, message);
}

static GType
ferry_chat_get_item_type (GListModel *model)
{
  return FERRY_TYPE_MESSAGE;
}

static guint
ferry_chat_get_n_items (GListModel *model)
{
  return FERRY_CHAT (model)->messages->len;
}

static gpointer
ferry_chat_get_item (GListModel *model,
                     guint       position)
{
  FerryChat *self = FERRY_CHAT (model);

  return position < self->messages->len ? g_object_ref (self->messages->pdata[position]) : NULL;
}

static void
ferry_chat_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = ferry_chat_get_item_type;
  iface->get_n_items = ferry_chat_get_n_items;
  iface->get_item = ferry_chat_get_item;
}

static void
ferry_chat_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  FerryChat *self = FERRY_CHAT (object);

  switch ((FerryChatProp) prop_id)
    {
    case FERRY_CHAT_PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case FERRY_CHAT_PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case FERRY_CHAT_PROP_PEER:
      g_value_set_string (value, self->peer);
      break;
    case FERRY_CHAT_PROP_IS_PHRASE_WANTED:
      g_value_set_boolean (value, self->is_phrase_wanted);
      break;
    case FERRY_CHAT_PROP_LEVEL:
      g_value_set_int (value, ferry_chat_get_level (self));
      break;
    case FERRY_CHAT_PROP_IS_CHANGED:
      g_value_set_boolean (value, ferry_chat_is_changed (self));
      break;
    case FERRY_CHAT_PROP_FINGERPRINT:
      g_value_set_string (value, ferry_chat_get_fingerprint (self));
      break;
    case FERRY_CHAT_PROP_PATH:
      g_value_set_int (value, self->path);
      break;
    case FERRY_CHAT_PROP_CIPHER:
      g_value_set_string (value, self->cipher);
      break;
    case FERRY_CHAT_PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case FERRY_CHAT_PROP_IS_COMPOSING:
      g_value_set_boolean (value, self->is_composing);
      break;
    case FERRY_CHAT_PROP_COMPARISON:
      g_value_set_int (value, self->comparison);
      break;
    case FERRY_CHAT_PROP_CODE:
      g_value_set_string (value, self->code);
      break;
    case FERRY_CHAT_PROP_N_UNREAD:
      g_value_set_uint (value, self->n_unread);
      break;
    case FERRY_CHAT_PROP_0:
    case FERRY_CHAT_N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_chat_dispose (GObject *object)
{
  FerryChat *self = FERRY_CHAT (object);

  g_cancellable_cancel (self->choosing);
  g_clear_object (&self->choosing);
  g_cancellable_cancel (self->recalling);
  g_clear_object (&self->recalling);
  ferry_chat_stop_stream (self);
  ferry_chat_forget_reopening (self);
  ferry_chat_forget_typing (self);

  if (self->negotiation != NULL)
    ferry_negotiation_disown (self->negotiation);

  g_clear_object (&self->negotiation);

  G_OBJECT_CLASS (ferry_chat_parent_class)->dispose (object);
}

static void
ferry_chat_finalize (GObject *object)
{
  FerryChat *self = FERRY_CHAT (object);

  ferry_chat_forget_comparison (self);
  g_clear_object (&self->contact);
  g_clear_pointer (&self->peer, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->cipher, g_free);
  g_clear_error (&self->error);
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->phrase, ferry_secret_free);
  g_clear_error (&self->failure);
  g_clear_pointer (&self->next_to, g_free);
  g_clear_pointer (&self->next_phrase, ferry_secret_free);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->services, ferry_transfer_services_unref);

  G_OBJECT_CLASS (ferry_chat_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

#define ADD(prop, name, kind, ...) \
  properties[FERRY_CHAT_PROP_##prop] = g_param_spec_##kind (name, NULL, NULL, __VA_ARGS__, flags)
  ADD (CONTACT, "contact", object, FERRY_TYPE_CONTACT);
  ADD (STATE, "state", int, FERRY_CHAT_CLOSED, FERRY_CHAT_CLOSING, FERRY_CHAT_CLOSED);
  ADD (PEER, "peer", string, NULL);
  ADD (IS_PHRASE_WANTED, "is-phrase-wanted", boolean, FALSE);
  ADD (LEVEL, "level", int, FERRY_TRUST_NONE, FERRY_TRUST_PHRASE, FERRY_TRUST_NONE);
  ADD (IS_CHANGED, "is-changed", boolean, FALSE);
  ADD (FINGERPRINT, "fingerprint", string, NULL);
  ADD (PATH, "path", int, 0, FERRY_PATH_ANY, 0);
  ADD (CIPHER, "cipher", string, NULL);
  ADD (ERROR, "error", boxed, G_TYPE_ERROR);
  ADD (IS_COMPOSING, "is-composing", boolean, FALSE);
  ADD (COMPARISON, "comparison", int, FERRY_COMPARISON_NONE, FERRY_COMPARISON_FAILED,
       FERRY_COMPARISON_NONE);
  ADD (CODE, "code", string, NULL);
  ADD (N_UNREAD, "n-unread", uint, 0, G_MAXUINT, 0);
#undef ADD

  g_object_class_install_properties (klass, FERRY_CHAT_N_PROPS, properties);
}

static void
ferry_chat_class_init (FerryChatClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ferry_chat_get_property;
  object_class->dispose = ferry_chat_dispose;
  object_class->finalize = ferry_chat_finalize;
  install_properties (object_class);

  signals[SIGNAL_OFFERED] =
    g_signal_new ("offered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RECEIVED] =
    g_signal_new ("received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, FERRY_TYPE_MESSAGE);
}

static void
ferry_chat_init (FerryChat *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
}
