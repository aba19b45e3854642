/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The FerryMessage and FerryChats of fake-core.h. */

#include "config.h"

#include "fake-private.h"

struct _FerryMessage
{
  GObject            parent_instance;
  char              *body; /* (owned) */
  gboolean           is_own;
  gint64             time;
  FerryMessageState  state;
};

enum { PROP_0, PROP_STATE, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (FerryMessage, ferry_message, G_TYPE_OBJECT)

const char *
ferry_message_get_body (FerryMessage *self)
{
  return self->body;
}

gboolean
ferry_message_is_own (FerryMessage *self)
{
  return self->is_own;
}

gint64
ferry_message_get_time (FerryMessage *self)
{
  return self->time;
}

FerryMessageState
ferry_message_get_state (FerryMessage *self)
{
  return self->state;
}

FerryMessage *
fake_message_new (gboolean           is_own,
                  const char        *body,
                  FerryMessageState  state)
{
  FerryMessage *self = g_object_new (FERRY_TYPE_MESSAGE, NULL);

  self->is_own = is_own;
  self->body = g_strdup (body);
  self->state = state;
  self->time = g_get_real_time ();
  return self;
}

void
fake_message_set_state (FerryMessage      *self,
                        FerryMessageState  state)
{
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static void
ferry_message_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  g_value_set_int (value, (int) FERRY_MESSAGE (object)->state);
}

static void
ferry_message_finalize (GObject *object)
{
  g_free (FERRY_MESSAGE (object)->body);
  G_OBJECT_CLASS (ferry_message_parent_class)->finalize (object);
}

static void
ferry_message_class_init (FerryMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ferry_message_get_property;
  object_class->finalize = ferry_message_finalize;
  props[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, 0, 3, 0,
                      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ferry_message_init (FerryMessage *self)
{
}

struct _FerryChats
{
  GObject      parent_instance;
  FerryClient *client; /* not referenced, owns the chats */
  GPtrArray   *chats;  /* (owned) */
};

static GType
chats_get_item_type (GListModel *model)
{
  return FERRY_TYPE_CHAT;
}

static guint
chats_get_n_items (GListModel *model)
{
  return FERRY_CHATS (model)->chats->len;
}

static gpointer
chats_get_item (GListModel *model,
                guint       position)
{
  FerryChats *self = FERRY_CHATS (model);

  return position < self->chats->len ? g_object_ref (self->chats->pdata[position]) : NULL;
}

static void
chats_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = chats_get_item_type;
  iface->get_n_items = chats_get_n_items;
  iface->get_item = chats_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FerryChats, ferry_chats, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, chats_iface_init))

FerryChats *
fake_chats_new (FerryClient *client)
{
  FerryChats *self = g_object_new (FERRY_TYPE_CHATS, NULL);

  self->client = client;
  return self;
}

FerryChat *
ferry_chats_get (FerryChats   *self,
                 FerryContact *contact)
{
  FerryChat *chat;

  for (guint i = 0; i < self->chats->len; i++)
    if (ferry_chat_get_contact (self->chats->pdata[i]) == contact)
      return self->chats->pdata[i];
  chat = fake_chat_new (self->client, contact);
  g_ptr_array_add (self->chats, chat);
  g_list_model_items_changed (G_LIST_MODEL (self), self->chats->len - 1, 0, 1);
  return chat;
}

static void
ferry_chats_finalize (GObject *object)
{
  g_ptr_array_unref (FERRY_CHATS (object)->chats);
  G_OBJECT_CLASS (ferry_chats_parent_class)->finalize (object);
}

static void
ferry_chats_class_init (FerryChatsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_chats_finalize;
  g_signal_new ("offered", FERRY_TYPE_CHATS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                FERRY_TYPE_CHAT);
  g_signal_new ("received", FERRY_TYPE_CHATS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                2, FERRY_TYPE_CHAT, FERRY_TYPE_MESSAGE);
}

static void
ferry_chats_init (FerryChats *self)
{
  self->chats = g_ptr_array_new_with_free_func (g_object_unref);
}
