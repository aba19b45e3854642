/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "chat-desk"

#include "config.h"

#include "ui/chat-desk.h"

#include "ui/chat-request-dialog.h"
#include "ui/chat-window.h"

struct _FerryChatDesk
{
  GObject parent_instance;

  GtkWindow              *window;
  FerryClient            *client;   /* (owned) */
  GPtrArray              *chats;    /* (owned): FerryChats that are watched */
  GPtrArray              *windows;  /* FerryChatWindows, which GTK owns */
  GPtrArray              *requests; /* (owned): FerryChats in state OFFERED, oldest first */
  FerryChat              *current;  /* (owned) (nullable): the one with the dialog */
  FerryChatRequestDialog *dialog;   /* (nullable): open */
};

enum { PROP_0, PROP_N_WAITING, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { SIGNAL_CHANGED, SIGNAL_FILES_GIVEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryChatDesk, ferry_chat_desk, G_TYPE_OBJECT)

guint
ferry_chat_desk_get_n_waiting (FerryChatDesk *self)
{
  g_return_val_if_fail (FERRY_IS_CHAT_DESK (self), 0);
  return self->requests->len - (self->current != NULL ? 1 : 0);
}

static void
notify_waiting (FerryChatDesk *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}

FerryChat *
ferry_chat_desk_lookup (FerryChatDesk *self,
                        FerryContact  *contact)
{
  g_return_val_if_fail (FERRY_IS_CHAT_DESK (self), NULL);

  for (guint i = 0; i < self->chats->len; i++)
    if (ferry_chat_get_contact (self->chats->pdata[i]) == contact)
      return self->chats->pdata[i];
  return NULL;
}

static FerryChatWindow *
find_window (FerryChatDesk *self,
             FerryChat     *chat)
{
  for (guint i = 0; i < self->windows->len; i++)
    if (ferry_chat_window_get_chat (self->windows->pdata[i]) == chat)
      return self->windows->pdata[i];
  return NULL;
}

static void
window_destroyed_cb (FerryChatDesk   *self,
                     FerryChatWindow *window)
{
  g_ptr_array_remove (self->windows, window);
}

static void
window_files_given_cb (FerryChatDesk *self,
                       FerryContact  *contact,
                       GListModel    *files)
{
  g_signal_emit (self, signals[SIGNAL_FILES_GIVEN], 0, contact, files);
}

static FerryChatWindow *
ensure_window (FerryChatDesk *self,
               FerryChat     *chat)
{
  FerryChatWindow *window = find_window (self, chat);

  if (window != NULL)
    return window;
  window = ferry_chat_window_new (gtk_window_get_application (self->window), chat,
                                  ferry_client_get_trust (self->client),
                                  ferry_account_get_jid (ferry_client_get_account (self->client)));
  g_ptr_array_add (self->windows, window);
  g_signal_connect_object (window, "destroy", G_CALLBACK (window_destroyed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "files-given", G_CALLBACK (window_files_given_cb), self,
                           G_CONNECT_SWAPPED);
  return window;
}

static void
close_dialog (FerryChatDesk *self)
{
  g_clear_object (&self->current);
  if (self->dialog != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->dialog, self);
      gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&self->dialog)));
    }
  notify_waiting (self);
}

/* The dialog closes itself after this. */
static void
dialog_response_cb (FerryChatDesk *self,
                    const char    *response)
{
  g_autoptr(FerryChat) chat = g_object_ref (self->current);
  g_autofree char *phrase = ferry_chat_request_dialog_dup_phrase (self->dialog);

  g_signal_handlers_disconnect_by_data (self->dialog, self);
  self->dialog = NULL;
  close_dialog (self);
  if (ferry_chat_get_state (chat) != FERRY_CHAT_OFFERED)
    return;
  if (g_str_equal (response, "accept"))
    {
      gtk_window_present (GTK_WINDOW (ensure_window (self, chat)));
      ferry_chat_accept (chat, phrase);
    }
  else if (g_str_equal (response, "decline"))
    ferry_chat_decline (chat);
}

static void
show_dialog (FerryChatDesk *self,
             FerryChat     *chat)
{
  FerryChatWindow *window = find_window (self, chat);

  self->current = g_object_ref (chat);
  self->dialog = ferry_chat_request_dialog_new (window != NULL ? GTK_WINDOW (window) : self->window,
                                                chat, ferry_client_get_trust (self->client));
  g_signal_connect_object (self->dialog, "response", G_CALLBACK (dialog_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->dialog));
  notify_waiting (self);
}

static void
review (FerryChatDesk *self,
        FerryChat     *chat)
{
  if (chat == self->current)
    {
      gtk_window_present (GTK_WINDOW (self->dialog));
      return;
    }
  close_dialog (self);
  show_dialog (self, chat);
}

void
ferry_chat_desk_review (FerryChatDesk *self)
{
  g_return_if_fail (FERRY_IS_CHAT_DESK (self));

  if (self->requests->len > 0)
    review (self, self->current != NULL ? self->current : self->requests->pdata[0]);
}

/* What was said before stays to be read: then the other side is not rung for looking at it. */
void
ferry_chat_desk_show (FerryChatDesk *self,
                      FerryContact  *contact)
{
  FerryChat *chat;

  g_return_if_fail (FERRY_IS_CHAT_DESK (self));

  chat = ferry_chats_get (ferry_client_get_chats (self->client), contact);
  if (ferry_chat_get_state (chat) == FERRY_CHAT_OFFERED)
    {
      review (self, chat);
      return;
    }
  gtk_window_present (GTK_WINDOW (ensure_window (self, chat)));
  if (ferry_chat_get_state (chat) == FERRY_CHAT_CLOSED && !ferry_chat_is_changed (chat) &&
      g_list_model_get_n_items (G_LIST_MODEL (chat)) == 0)
    ferry_chat_open (chat, NULL, NULL);
}

void
ferry_chat_desk_verify (FerryChatDesk *self,
                        FerryContact  *contact)
{
  FerryChatWindow *window;

  g_return_if_fail (FERRY_IS_CHAT_DESK (self));

  ferry_chat_desk_show (self, contact);
  window = find_window (self, ferry_chats_get (ferry_client_get_chats (self->client), contact));
  if (window != NULL)
    ferry_chat_window_verify (window);
}

/* Answered, here or elsewhere, or withdrawn. */
static void
forget_request (FerryChatDesk *self,
                FerryChat     *chat)
{
  gboolean had_dialog = chat == self->current;

  if (!g_ptr_array_remove (self->requests, chat))
    return;
  if (had_dialog)
    close_dialog (self);
  else
    notify_waiting (self);
}

static void
chat_notify_cb (FerryChatDesk *self,
                GParamSpec    *pspec,
                FerryChat     *chat)
{
  if (ferry_chat_get_state (chat) != FERRY_CHAT_OFFERED)
    forget_request (self, chat);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
chats_changed_cb (FerryChatDesk *self)
{
  GListModel *chats = G_LIST_MODEL (ferry_client_get_chats (self->client));

  for (guint i = 0; i < g_list_model_get_n_items (chats); i++)
    {
      g_autoptr(FerryChat) chat = g_list_model_get_item (chats, i);

      if (g_ptr_array_find (self->chats, chat, NULL))
        continue;
      g_ptr_array_add (self->chats, g_object_ref (chat));
      g_signal_connect_object (chat, "notify", G_CALLBACK (chat_notify_cb), self,
                               G_CONNECT_SWAPPED);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
chats_offered_cb (FerryChatDesk *self,
                  FerryChat     *chat)
{
  if (ferry_chat_get_state (chat) != FERRY_CHAT_OFFERED ||
      g_ptr_array_find (self->requests, chat, NULL))
    return;
  g_ptr_array_add (self->requests, g_object_ref (chat));
  if (self->current == NULL && gtk_widget_get_visible (GTK_WIDGET (self->window)))
    show_dialog (self, chat);
  else
    notify_waiting (self);
}

FerryChatDesk *
ferry_chat_desk_new (GtkWindow   *window,
                     FerryClient *client)
{
  FerryChatDesk *self = g_object_new (FERRY_TYPE_CHAT_DESK, NULL);
  FerryChats *chats = ferry_client_get_chats (client);

  self->window = window;
  self->client = g_object_ref (client);
  g_signal_connect_object (chats, "items-changed", G_CALLBACK (chats_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (chats, "offered", G_CALLBACK (chats_offered_cb), self,
                           G_CONNECT_SWAPPED);
  chats_changed_cb (self);
  return self;
}

static void
ferry_chat_desk_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (prop_id == PROP_N_WAITING)
    g_value_set_uint (value, ferry_chat_desk_get_n_waiting (FERRY_CHAT_DESK (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

/* Who leaves says goodbye: the chats close in good order. */
static void
ferry_chat_desk_dispose (GObject *object)
{
  FerryChatDesk *self = FERRY_CHAT_DESK (object);

  if (self->client != NULL)
    close_dialog (self);
  while (self->windows->len > 0)
    gtk_window_destroy (g_ptr_array_steal_index (self->windows, self->windows->len - 1));
  for (guint i = 0; i < self->chats->len; i++)
    {
      g_signal_handlers_disconnect_by_data (self->chats->pdata[i], self);
      ferry_chat_close (self->chats->pdata[i]);
    }
  g_ptr_array_set_size (self->chats, 0);
  g_ptr_array_set_size (self->requests, 0);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (ferry_chat_desk_parent_class)->dispose (object);
}

static void
ferry_chat_desk_finalize (GObject *object)
{
  FerryChatDesk *self = FERRY_CHAT_DESK (object);

  g_ptr_array_unref (self->chats);
  g_ptr_array_unref (self->windows);
  g_ptr_array_unref (self->requests);
  G_OBJECT_CLASS (ferry_chat_desk_parent_class)->finalize (object);
}

static void
ferry_chat_desk_class_init (FerryChatDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ferry_chat_desk_get_property;
  object_class->dispose = ferry_chat_desk_dispose;
  object_class->finalize = ferry_chat_desk_finalize;
  props[PROP_N_WAITING] =
    g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FERRY_TYPE_CHAT_DESK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FILES_GIVEN] =
    g_signal_new ("files-given", FERRY_TYPE_CHAT_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, FERRY_TYPE_CONTACT, G_TYPE_LIST_MODEL);
}

static void
ferry_chat_desk_init (FerryChatDesk *self)
{
  self->chats = g_ptr_array_new_with_free_func (g_object_unref);
  self->windows = g_ptr_array_new ();
  self->requests = g_ptr_array_new_with_free_func (g_object_unref);
}
