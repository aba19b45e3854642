/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "chat-page"

#include "config.h"

#include "ui/chat-page.h"

#include <glib/gi18n.h>

#include "ui/banner.h"
#include "ui/chat-text.h"
#include "ui/contact-text.h"
#include "ui/error-text.h"
#include "ui/message-entry.h"
#include "ui/message-row.h"
#include "ui/trust-text.h"

#define NEAR_END 40 /* pixels: who reads older messages is not taken away from them */

struct _FerryChatPage
{
  AdwBin parent_instance;

  FerryChat         *chat;   /* (owned) (nullable) */
  FerryTrust        *trust;  /* (owned) (nullable) */
  const char        *action; /* (nullable): of the banner's button */
  FerryBanner       *banner;
  GtkStack          *stack;
  AdwStatusPage     *empty;
  GtkScrolledWindow *scrolled;
  GtkListView       *list;
  GtkLabel          *composing;
  FerryMessageEntry *entry;
};

enum { SIGNAL_ATTACH, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryChatPage, ferry_chat_page, ADW_TYPE_BIN)

static char *
dup_name (FerryChatPage *self)
{
  return ferry_contact_text_name (ferry_chat_get_contact (self->chat));
}

static void
say (FerryChatPage *self,
     const char    *title,
     const char    *button,
     const char    *action,
     gboolean       is_danger)
{
  self->action = action;
  ferry_banner_say (self->banner, title, button, NULL);
  if (is_danger)
    gtk_widget_add_css_class (GTK_WIDGET (self->banner), "danger");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->banner), "danger");
}

static void
say_with_name (FerryChatPage *self,
               const char    *format,
               const char    *button,
               const char    *action,
               gboolean       is_danger)
{
  g_autofree char *name = dup_name (self);
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);
  g_autofree char *title = g_strjoinv (name, parts);

  say (self, title, button, action, is_danger);
}

static void
say_closed (FerryChatPage *self)
{
  const GError *error = ferry_chat_get_error (self->chat);
  const char *advice = error != NULL ? ferry_error_text_advice (error) : NULL;
  g_autofree char *title = NULL;

  if (error != NULL)
    title = g_strjoin (" ", ferry_error_text_what (error), advice, NULL);
  else
    title = g_strdup (_("The chat is closed."));
  say (self, title, _("_Reopen"), "win.reopen", FALSE);
}

/* One at a time, the gravest: for a changed key there is no way on in the bar itself. */
static void
update_banner (FerryChatPage *self)
{
  FerryTrustLevel level = ferry_chat_text_level (self->chat, self->trust);

  if (ferry_chat_is_changed (self->chat))
    {
      /* Translators: %s is a contact */
      say_with_name (self, _("%s’s key changed. Nothing is sent until you know why."),
                     _("_What to Do"), "win.verify", TRUE);
      return;
    }
  switch (ferry_chat_get_state (self->chat))
    {
    case FERRY_CHAT_CLOSED:
      say_closed (self);
      break;
    case FERRY_CHAT_OFFERING:
      say_with_name (self, _("%s is asked whether to chat. What you write waits."), _("_Cancel"),
                     "win.close-chat", FALSE);
      break;
    case FERRY_CHAT_OPEN:
      if (!ferry_trust_text_is_verified (level))
        say (self, _("Not verified"), _("_Verify"), "win.verify", FALSE);
      else
        say (self, NULL, NULL, NULL, FALSE);
      break;
    case FERRY_CHAT_OFFERED:
    case FERRY_CHAT_CONNECTING:
    case FERRY_CHAT_SECURING:
    case FERRY_CHAT_CLOSING:
    default:
      say (self, NULL, NULL, NULL, FALSE);
    }
}

/* The button goes away, and with it the focus would wander into the messages. */
static void
banner_clicked_cb (FerryChatPage *self)
{
  ferry_message_entry_focus (self->entry);
  if (self->action != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), self->action, NULL);
}

static void
update_composing (FerryChatPage *self)
{
  g_autofree char *name = dup_name (self);
  /* Translators: %s is a contact */
  g_autofree char *text = g_strdup_printf (_("%s is writing…"), name);
  gboolean is_composing = ferry_chat_get_state (self->chat) == FERRY_CHAT_OPEN &&
                          ferry_chat_is_composing (self->chat);

  gtk_label_set_label (self->composing, is_composing ? text : "");
}

static void
update (FerryChatPage *self)
{
  update_banner (self);
  update_composing (self);
  ferry_message_entry_set_enabled (self->entry, !ferry_chat_is_changed (self->chat));
}

static void
scroll_to_end (FerryChatPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chat));

  if (n > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", n - 1);
}

static gboolean
is_at_end (FerryChatPage *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - NEAR_END;
}

static gboolean
scroll_tick_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  scroll_to_end (FERRY_CHAT_PAGE (widget));
  return G_SOURCE_REMOVE;
}

/* With the next frame: the list hears of the message after we do. */
static void
items_changed_cb (FerryChatPage *self,
                  guint          position,
                  guint          n_removed,
                  guint          n_added)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->chat)) == 0;

  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "messages");
  if (n_added > 0 && is_at_end (self))
    gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_tick_cb, NULL, NULL);
}

static void
submitted_cb (FerryChatPage *self,
              const char    *text)
{
  ferry_chat_send (self->chat, text);
  scroll_to_end (self);
}

static void
writing_cb (FerryChatPage *self,
            gboolean       is_writing)
{
  if (self->chat != NULL)
    ferry_chat_set_composing (self->chat, is_writing);
}

static void
attach_cb (FerryChatPage *self)
{
  g_signal_emit (self, signals[SIGNAL_ATTACH], 0);
}

static void
row_setup_cb (FerryChatPage *self,
              GtkListItem   *list_item)
{
  gtk_list_item_set_child (list_item, ferry_message_row_new ());
  gtk_list_item_set_activatable (list_item, FALSE);
}

static void
row_bind_cb (FerryChatPage *self,
             GtkListItem   *list_item)
{
  g_autofree char *name = dup_name (self);

  ferry_message_row_set_message (FERRY_MESSAGE_ROW (gtk_list_item_get_child (list_item)),
                                 gtk_list_item_get_item (list_item), name);
}

static void
row_unbind_cb (FerryChatPage *self,
               GtkListItem   *list_item)
{
  ferry_message_row_set_message (FERRY_MESSAGE_ROW (gtk_list_item_get_child (list_item)), NULL,
                                 NULL);
}

static void
describe (FerryChatPage *self)
{
  g_autofree char *name = dup_name (self);
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  /* Translators: %s is a contact */
  g_autofree char *text = g_strdup_printf (_("Only you and %s can read what is written here. It "
                                             "passes no server in the clear, and is kept on this "
                                             "computer only if your preferences say so."), escaped);

  adw_status_page_set_description (self->empty, text);
}

void
ferry_chat_page_set_chat (FerryChatPage *self,
                          FerryChat     *chat,
                          FerryTrust    *trust)
{
  GtkNoSelection *selection;

  g_return_if_fail (FERRY_IS_CHAT_PAGE (self));
  g_return_if_fail (self->chat == NULL);

  self->chat = g_object_ref (chat);
  self->trust = g_object_ref (trust);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (chat)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  g_signal_connect_object (chat, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (chat, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trust, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  describe (self);
  items_changed_cb (self, 0, 0, 1);
  update (self);
}

void
ferry_chat_page_focus (FerryChatPage *self)
{
  g_return_if_fail (FERRY_IS_CHAT_PAGE (self));
  ferry_message_entry_focus (self->entry);
}

static void
ferry_chat_page_dispose (GObject *object)
{
  FerryChatPage *self = FERRY_CHAT_PAGE (object);

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->chat);
  g_clear_object (&self->trust);
  G_OBJECT_CLASS (ferry_chat_page_parent_class)->dispose (object);
}

static void
ferry_chat_page_class_init (FerryChatPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FERRY_TYPE_BANNER);
  g_type_ensure (FERRY_TYPE_MESSAGE_ENTRY);
  G_OBJECT_CLASS (klass)->dispose = ferry_chat_page_dispose;
  signals[SIGNAL_ATTACH] = g_signal_new ("attach", FERRY_TYPE_CHAT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/chat-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryChatPage, banner);
  gtk_widget_class_bind_template_child (widget_class, FerryChatPage, stack);
  gtk_widget_class_bind_template_child (widget_class, FerryChatPage, empty);
  gtk_widget_class_bind_template_child (widget_class, FerryChatPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, FerryChatPage, list);
  gtk_widget_class_bind_template_child (widget_class, FerryChatPage, composing);
  gtk_widget_class_bind_template_child (widget_class, FerryChatPage, entry);
  gtk_widget_class_bind_template_callback (widget_class, banner_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, submitted_cb);
  gtk_widget_class_bind_template_callback (widget_class, writing_cb);
  gtk_widget_class_bind_template_callback (widget_class, attach_cb);
}

static void
ferry_chat_page_init (FerryChatPage *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  ferry_banner_set_inline (self->banner);
  g_signal_connect_object (factory, "setup", G_CALLBACK (row_setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (row_bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (row_unbind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
}
