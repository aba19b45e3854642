/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "verify-page"

#include "config.h"

#include "ui/verify-page.h"

#include <glib/gi18n.h>

#include "ui/chat-text.h"
#include "ui/contact-text.h"
#include "ui/fingerprints-view.h"
#include "ui/trust-text.h"

struct _FerryVerifyPage
{
  AdwBin parent_instance;

  FerryChat  *chat;  /* (owned) (nullable) */
  FerryTrust *trust; /* (owned) (nullable) */

  AdwPreferencesGroup   *intro;
  GtkImage              *lock;
  AdwActionRow          *level;
  GtkWidget             *changed_group;
  AdwPreferencesGroup   *number_group;
  GtkStack              *number;
  GtkSpinner            *spinner;
  GtkLabel              *code;
  GtkWidget             *forget;
  GtkWidget             *mismatch;
  GtkWidget             *match;
  AdwPreferencesGroup   *phrase_group;
  GtkWidget             *phrase;
  GtkWidget             *phrase_button;
  FerryFingerprintsView *fingerprints;
};

G_DEFINE_FINAL_TYPE (FerryVerifyPage, ferry_verify_page, ADW_TYPE_BIN)

static const char *
get_number_page (FerryVerifyPage *self)
{
  if (ferry_chat_get_comparison (self->chat) == FERRY_COMPARISON_FAILED)
    return "failed";
  if (ferry_chat_get_state (self->chat) != FERRY_CHAT_OPEN)
    return "closed";
  switch (ferry_chat_get_comparison (self->chat))
    {
    case FERRY_COMPARISON_WAITING:
      return "waiting";
    case FERRY_COMPARISON_SHOWN:
      return "shown";
    case FERRY_COMPARISON_MATCHED:
      return "matched";
    case FERRY_COMPARISON_NONE:
    case FERRY_COMPARISON_FAILED:
    default:
      return "none";
    }
}

/* "472 918 305" is read aloud digit by digit. */
static void
update_code (FerryVerifyPage *self)
{
  const char *code = ferry_chat_get_code (self->chat);
  GString *spelt = g_string_new (NULL);

  for (const char *p = code != NULL ? code : ""; *p != '\0'; p++)
    g_string_append_printf (spelt, *p == ' ' ? "," : " %c", *p);
  gtk_label_set_label (self->code, code != NULL ? code : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->code), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  spelt->str, -1);
  g_string_free (spelt, TRUE);
}

static void
update_number (FerryVerifyPage *self)
{
  const char *page = get_number_page (self);

  gtk_stack_set_visible_child_name (self->number, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "waiting"));
  update_code (self);
}

static void
update_level (FerryVerifyPage *self)
{
  FerryTrustLevel level = ferry_chat_text_level (self->chat, self->trust);
  gboolean is_changed = ferry_chat_is_changed (self->chat);
  const char *text = is_changed ? _("Another key was shown") : ferry_trust_text_level (level);

  gtk_image_set_from_icon_name (self->lock, ferry_trust_text_icon (level, is_changed));
  adw_action_row_set_subtitle (self->level, text);
  gtk_widget_set_visible (self->changed_group, is_changed);
  if (is_changed)
    gtk_widget_add_css_class (GTK_WIDGET (self->lock), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->lock), "error");
}

static gboolean
can_use_phrase (FerryVerifyPage *self)
{
  FerryChatState state = ferry_chat_get_state (self->chat);

  return *gtk_editable_get_text (GTK_EDITABLE (self->phrase)) != '\0' &&
         (state == FERRY_CHAT_OPEN || state == FERRY_CHAT_CLOSED) &&
         ferry_chat_text_can_open (ferry_chat_get_contact (self->chat));
}

static void
phrase_changed_cb (FerryVerifyPage *self)
{
  if (self->chat != NULL)
    gtk_widget_set_sensitive (self->phrase_button, can_use_phrase (self));
}

static void
update (FerryVerifyPage *self)
{
  update_number (self);
  update_level (self);
  phrase_changed_cb (self);
}

/* What was typed does not stay on the screen. */
static void
phrase_cb (FerryVerifyPage *self)
{
  g_autofree char *phrase = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->phrase)));

  if (!can_use_phrase (self))
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->phrase), "");
  ferry_chat_open (self->chat, NULL, phrase);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
}

static void
match_cb (FerryVerifyPage *self)
{
  ferry_chat_confirm (self->chat, TRUE);
}

static void
mismatch_cb (FerryVerifyPage *self)
{
  ferry_chat_confirm (self->chat, FALSE);
}

static void
compare_cb (FerryVerifyPage *self)
{
  ferry_chat_compare (self->chat);
}

void
ferry_verify_page_begin (FerryVerifyPage *self)
{
  FerryTrustLevel level;

  g_return_if_fail (FERRY_IS_VERIFY_PAGE (self));

  level = ferry_chat_text_level (self->chat, self->trust);
  if (ferry_chat_get_state (self->chat) == FERRY_CHAT_OPEN &&
      ferry_chat_get_comparison (self->chat) == FERRY_COMPARISON_NONE &&
      !ferry_trust_text_is_verified (level))
    ferry_chat_compare (self->chat);
}

static void
describe (FerryVerifyPage *self)
{
  g_autofree char *name = ferry_contact_text_name (ferry_chat_get_contact (self->chat));
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  /* Translators: %s is a contact, here and below */
  g_autofree char *intro = g_strdup_printf (_("Make sure that it is %s at the other end and nobody "
                                              "in between. One way is enough."), escaped);
  g_autofree char *number = g_strdup_printf (_("Call or meet %s. Both of you look at this page: it "
                                               "must show the same number."), escaped);
  g_autofree char *phrase = g_strdup_printf (_("The chat opens anew, and %s is asked for the same "
                                               "phrase. Agree on it where nobody listens."),
                                             escaped);

  adw_preferences_group_set_description (self->intro, intro);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->level), escaped);
  adw_preferences_group_set_description (self->number_group, number);
  adw_preferences_group_set_description (self->phrase_group, phrase);
}

void
ferry_verify_page_set_chat (FerryVerifyPage *self,
                            FerryChat       *chat,
                            FerryTrust      *trust,
                            const char      *own_jid)
{
  g_return_if_fail (FERRY_IS_VERIFY_PAGE (self));
  g_return_if_fail (self->chat == NULL);

  self->chat = g_object_ref (chat);
  self->trust = g_object_ref (trust);
  ferry_fingerprints_view_set_chat (self->fingerprints, chat, trust, own_jid);
  g_signal_connect_object (chat, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trust, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ferry_chat_get_contact (chat), "notify::presence",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  describe (self);
  update (self);
}

static void
ferry_verify_page_dispose (GObject *object)
{
  FerryVerifyPage *self = FERRY_VERIFY_PAGE (object);

  g_clear_object (&self->chat);
  g_clear_object (&self->trust);
  G_OBJECT_CLASS (ferry_verify_page_parent_class)->dispose (object);
}

static void
ferry_verify_page_class_init (FerryVerifyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FERRY_TYPE_FINGERPRINTS_VIEW);
  G_OBJECT_CLASS (klass)->dispose = ferry_verify_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/verify-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, intro);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, lock);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, level);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, changed_group);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, number_group);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, number);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, code);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, forget);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, mismatch);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, match);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, phrase_group);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, phrase);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, phrase_button);
  gtk_widget_class_bind_template_child (widget_class, FerryVerifyPage, fingerprints);
  gtk_widget_class_bind_template_callback (widget_class, phrase_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, phrase_cb);
  gtk_widget_class_bind_template_callback (widget_class, match_cb);
  gtk_widget_class_bind_template_callback (widget_class, mismatch_cb);
  gtk_widget_class_bind_template_callback (widget_class, compare_cb);
}

static void
wrap_button (GtkWidget *button)
{
  GtkLabel *label = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button)));

  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
}

/* The number is read from left to right wherever people read from right to left: else the two
 * would compare its groups in different order. */
static void
ferry_verify_page_init (FerryVerifyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_direction (GTK_WIDGET (self->code), GTK_TEXT_DIR_LTR);
  wrap_button (self->forget);
  wrap_button (self->mismatch);
  wrap_button (self->match);
}
