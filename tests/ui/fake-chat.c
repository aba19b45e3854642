/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The FerryChat of fake-core.h: whoever is asked says yes when the scene says so. */

#include "config.h"

#include "fake-private.h"

#define THEIR_SHA256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define CODE "472 918 305"
#define CODE_DELAY 200 /* milliseconds: the other side's program answers */

struct _FerryChat
{
  GObject          parent_instance;
  FerryClient     *client;   /* not referenced, outlives the chat */
  FerryContact    *contact;  /* (owned) */
  GPtrArray       *messages; /* (owned) */
  FerryChatState   state;
  GError          *error;    /* (owned) (nullable) */
  FerryTrustLevel  level;
  FerryComparison  comparison;
  gboolean         is_phrase_wanted;
  gboolean         is_composing;
  guint            n_unread;
  guint            code_source;
};

enum
{
  PROP_0, PROP_CONTACT, PROP_STATE, PROP_IS_PHRASE_WANTED, PROP_LEVEL, PROP_IS_CHANGED, PROP_ERROR,
  PROP_IS_COMPOSING, PROP_COMPARISON, PROP_CODE, PROP_N_UNREAD, N_PROPS
};
static GParamSpec *props[N_PROPS];

static GType
chat_get_item_type (GListModel *model)
{
  return FERRY_TYPE_MESSAGE;
}

static guint
chat_get_n_items (GListModel *model)
{
  return FERRY_CHAT (model)->messages->len;
}

static gpointer
chat_get_item (GListModel *model,
               guint       position)
{
  FerryChat *self = FERRY_CHAT (model);

  return position < self->messages->len ? g_object_ref (self->messages->pdata[position]) : NULL;
}

static void
chat_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = chat_get_item_type;
  iface->get_n_items = chat_get_n_items;
  iface->get_item = chat_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryChat, ferry_chat, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, chat_iface_init))
G_DEFINE_QUARK (ferry-chat-error-quark, ferry_chat_error)

#define GETTER(type, name, field) \
  type ferry_chat_get_##name (FerryChat *self) { return self->field; }

GETTER (FerryContact *, contact, contact)
GETTER (FerryChatState, state, state)
GETTER (FerryTrustLevel, level, level)
GETTER (const GError *, error, error)
GETTER (FerryComparison, comparison, comparison)
GETTER (guint, n_unread, n_unread)

gboolean
ferry_chat_is_phrase_wanted (FerryChat *self)
{
  return self->is_phrase_wanted;
}

gboolean
ferry_chat_is_composing (FerryChat *self)
{
  return self->is_composing;
}

gboolean
ferry_chat_is_changed (FerryChat *self)
{
  const FerryPin *pin = ferry_trust_lookup (ferry_client_get_trust (self->client),
                                            ferry_contact_get_jid (self->contact));

  return pin != NULL && pin->changed_sha256 != NULL;
}

const char *
ferry_chat_get_peer (FerryChat *self)
{
  return ferry_contact_get_jid (self->contact);
}

const char *
ferry_chat_get_fingerprint (FerryChat *self)
{
  return self->state == FERRY_CHAT_OPEN ? THEIR_SHA256 : NULL;
}

FerryPaths
ferry_chat_get_path (FerryChat *self)
{
  return self->state == FERRY_CHAT_OPEN ? FERRY_PATH_DIRECT : 0;
}

const char *
ferry_chat_get_cipher (FerryChat *self)
{
  return self->state == FERRY_CHAT_OPEN ? "TLS1.3-AES-256-GCM" : NULL;
}

const char *
ferry_chat_get_code (FerryChat *self)
{
  return self->comparison >= FERRY_COMPARISON_SHOWN ? CODE : NULL;
}

static void
notify (FerryChat *self,
        guint      prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

void
ferry_chat_mark_read (FerryChat *self)
{
  self->n_unread = 0;
  notify (self, PROP_N_UNREAD);
}

FerryChat *
fake_chat_new (FerryClient  *client,
               FerryContact *contact)
{
  FerryChat *self = g_object_new (FERRY_TYPE_CHAT, NULL);

  self->client = client;
  self->contact = g_object_ref (contact);
  return self;
}

void
fake_chat_set_state (FerryChat      *self,
                     FerryChatState  state)
{
  self->state = state;
  g_clear_error (&self->error);
  self->comparison = FERRY_COMPARISON_NONE;
  notify (self, PROP_STATE);
  notify (self, PROP_ERROR);
  notify (self, PROP_COMPARISON);
}

void
fake_chat_set_level (FerryChat       *self,
                     FerryTrustLevel  level)
{
  self->level = level;
  notify (self, PROP_LEVEL);
}

void
fake_chat_fail (FerryChat      *self,
                FerryChatError  code)
{
  fake_chat_set_state (self, FERRY_CHAT_CLOSED);
  self->error = g_error_new (FERRY_CHAT_ERROR, (int) code, "step: reason");
  notify (self, PROP_ERROR);
  notify (self, PROP_IS_CHANGED);
}

void
fake_chat_set_composing (FerryChat *self,
                         gboolean   is_composing)
{
  self->is_composing = is_composing;
  notify (self, PROP_IS_COMPOSING);
}

void
fake_chat_ask (FerryChat *self,
               gboolean   is_phrase_wanted)
{
  self->is_phrase_wanted = is_phrase_wanted;
  fake_chat_set_state (self, FERRY_CHAT_OFFERED);
  notify (self, PROP_IS_PHRASE_WANTED);
  g_signal_emit_by_name (ferry_client_get_chats (self->client), "offered", self);
}

FerryMessage *
fake_chat_add (FerryChat         *self,
               gboolean           is_own,
               const char        *body,
               FerryMessageState  state)
{
  FerryMessage *message = fake_message_new (is_own, body, state);

  g_ptr_array_add (self->messages, message);
  g_list_model_items_changed (G_LIST_MODEL (self), self->messages->len - 1, 0, 1);
  if (is_own)
    return message;
  self->n_unread++;
  notify (self, PROP_N_UNREAD);
  g_signal_emit_by_name (ferry_client_get_chats (self->client), "received", self, message);
  return message;
}

void
ferry_chat_open (FerryChat  *self,
                 const char *to,
                 const char *phrase)
{
  g_print ("open %s%s%s\n", ferry_contact_get_jid (self->contact), phrase != NULL ? " by " : "",
           phrase != NULL ? phrase : "");
  fake_chat_set_state (self, FERRY_CHAT_OFFERING);
}

void
ferry_chat_accept (FerryChat  *self,
                   const char *phrase)
{
  g_print ("accept chat%s%s\n", phrase != NULL ? " by " : "", phrase != NULL ? phrase : "");
  if (phrase != NULL)
    fake_chat_set_level (self, FERRY_TRUST_PHRASE);
  fake_chat_set_state (self, FERRY_CHAT_OPEN);
}

void
ferry_chat_decline (FerryChat *self)
{
  g_print ("decline chat\n");
  fake_chat_set_state (self, FERRY_CHAT_CLOSED);
}

void
ferry_chat_close (FerryChat *self)
{
  if (self->state == FERRY_CHAT_CLOSED)
    return;
  g_print ("close chat\n");
  fake_chat_set_state (self, FERRY_CHAT_CLOSED);
}

void
ferry_chat_send (FerryChat  *self,
                 const char *body)
{
  g_print ("say %s\n", body);
  fake_chat_add (self, TRUE, body, self->state == FERRY_CHAT_OPEN ? FERRY_MESSAGE_SENT
                                                                  : FERRY_MESSAGE_WAITING);
}

void
ferry_chat_set_composing (FerryChat *self,
                          gboolean   is_composing)
{
}

static gboolean
code_cb (gpointer user_data)
{
  FerryChat *self = user_data;

  self->code_source = 0;
  fake_chat_set_comparison (self, FERRY_COMPARISON_SHOWN);
  return G_SOURCE_REMOVE;
}

void
fake_chat_set_comparison (FerryChat       *self,
                          FerryComparison  comparison)
{
  self->comparison = comparison;
  notify (self, PROP_COMPARISON);
  notify (self, PROP_CODE);
}

void
ferry_chat_compare (FerryChat *self)
{
  if (self->comparison != FERRY_COMPARISON_NONE)
    return;
  fake_chat_set_comparison (self, FERRY_COMPARISON_WAITING);
  self->code_source = g_timeout_add (CODE_DELAY, code_cb, self);
}

void
ferry_chat_confirm (FerryChat *self,
                    gboolean   matches)
{
  g_print ("%s\n", matches ? "they match" : "they do not match");
  if (matches)
    {
      fake_chat_set_level (self, FERRY_TRUST_COMPARED);
      fake_trust_set (ferry_client_get_trust (self->client), ferry_contact_get_jid (self->contact),
                      FERRY_TRUST_COMPARED, FALSE);
    }
  else
    fake_chat_set_state (self, FERRY_CHAT_CLOSED);
  fake_chat_set_comparison (self, matches ? FERRY_COMPARISON_MATCHED : FERRY_COMPARISON_FAILED);
}

static void
ferry_chat_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  FerryChat *self = FERRY_CHAT (object);

  switch (prop_id)
    {
    case PROP_CONTACT: g_value_set_object (value, self->contact); break;
    case PROP_STATE: g_value_set_int (value, (int) self->state); break;
    case PROP_IS_PHRASE_WANTED: g_value_set_boolean (value, self->is_phrase_wanted); break;
    case PROP_LEVEL: g_value_set_int (value, (int) self->level); break;
    case PROP_IS_CHANGED: g_value_set_boolean (value, ferry_chat_is_changed (self)); break;
    case PROP_ERROR: g_value_set_boxed (value, self->error); break;
    case PROP_IS_COMPOSING: g_value_set_boolean (value, self->is_composing); break;
    case PROP_COMPARISON: g_value_set_int (value, (int) self->comparison); break;
    case PROP_CODE: g_value_set_string (value, ferry_chat_get_code (self)); break;
    case PROP_N_UNREAD: g_value_set_uint (value, self->n_unread); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_chat_finalize (GObject *object)
{
  FerryChat *self = FERRY_CHAT (object);

  g_clear_handle_id (&self->code_source, g_source_remove);
  g_clear_error (&self->error);
  g_clear_object (&self->contact);
  g_ptr_array_unref (self->messages);
  G_OBJECT_CLASS (ferry_chat_parent_class)->finalize (object);
}

static void
ferry_chat_class_init (FerryChatClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = ferry_chat_get_property;
  object_class->finalize = ferry_chat_finalize;
  props[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, FERRY_TYPE_CONTACT, flags);
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, 6, 0, flags);
  props[PROP_IS_PHRASE_WANTED] =
    g_param_spec_boolean ("is-phrase-wanted", NULL, NULL, FALSE, flags);
  props[PROP_LEVEL] = g_param_spec_int ("level", NULL, NULL, 0, 3, 0, flags);
  props[PROP_IS_CHANGED] = g_param_spec_boolean ("is-changed", NULL, NULL, FALSE, flags);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  props[PROP_IS_COMPOSING] = g_param_spec_boolean ("is-composing", NULL, NULL, FALSE, flags);
  props[PROP_COMPARISON] = g_param_spec_int ("comparison", NULL, NULL, 0, 4, 0, flags);
  props[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, NULL, flags);
  props[PROP_N_UNREAD] = g_param_spec_uint ("n-unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ferry_chat_init (FerryChat *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
}
