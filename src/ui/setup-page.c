/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "setup-page"

#include "config.h"

#include "ui/setup-page.h"

#include "proto/jid.h"
#include "ui/error-text.h"

struct _FerrySetupPage
{
  AdwBin parent_instance;

  GtkStack   *stack;
  GtkWidget  *form;
  GtkWidget  *address;
  GtkLabel   *address_error;
  GtkWidget  *password;
  GtkLabel   *password_error;
  GtkStack   *buttons;
  GtkWidget  *submit;
  GtkWidget  *stop;
  GtkSpinner *spinner;
};

enum { SIGNAL_SUBMITTED, SIGNAL_STOPPED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerrySetupPage, ferry_setup_page, ADW_TYPE_BIN)

void
ferry_setup_page_ask (FerrySetupPage *self,
                      const char     *jid)
{
  g_return_if_fail (FERRY_IS_SETUP_PAGE (self));

  if (jid != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->address), jid);
  gtk_stack_set_visible_child_name (self->stack, "account");
  gtk_widget_grab_focus (jid != NULL ? self->password : self->address);
  /* It had the focus when the window opened, which selected it. */
  if (jid != NULL)
    gtk_editable_set_position (GTK_EDITABLE (self->address), -1);
}

void
ferry_setup_page_set_busy (FerrySetupPage *self,
                           gboolean        busy)
{
  g_return_if_fail (FERRY_IS_SETUP_PAGE (self));

  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_stack_set_visible_child_name (self->buttons, busy ? "busy" : "ready");
  /* First: a field that has the focus takes it badly when it turns insensitive. */
  if (busy)
    gtk_widget_grab_focus (self->stop);
  gtk_widget_set_sensitive (self->form, !busy);
}

static void
say (GtkWidget  *row,
     GtkLabel   *label,
     const char *what,
     const char *advice)
{
  g_autofree char *text = what == NULL ? g_strdup ("") :
                          advice == NULL ? g_strdup (what) : g_strjoin (" ", what, advice, NULL);

  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), what != NULL);
  if (what != NULL)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
}

void
ferry_setup_page_complain (FerrySetupPage *self,
                           const GError   *error)
{
  g_return_if_fail (FERRY_IS_SETUP_PAGE (self));

  say (self->address, self->address_error, NULL, NULL);
  say (self->password, self->password_error, NULL, NULL);
  if (error == NULL)
    return;
  if (ferry_error_text_field (error) == FERRY_ERROR_FIELD_PASSWORD)
    {
      say (self->password, self->password_error,
           ferry_error_text_what (error), ferry_error_text_advice (error));
      gtk_widget_grab_focus (self->password);
      return;
    }
  say (self->address, self->address_error,
       ferry_error_text_what (error), ferry_error_text_advice (error));
  gtk_widget_grab_focus (self->address);
}

static void
begin_clicked_cb (FerrySetupPage *self)
{
  ferry_setup_page_ask (self, NULL);
}

static const char *
get_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static void
form_changed_cb (FerrySetupPage *self)
{
  gtk_widget_set_sensitive (self->submit, *get_text (self->address) != '\0' &&
                                          *get_text (self->password) != '\0');
  if (gtk_widget_get_sensitive (self->form))
    ferry_setup_page_complain (self, NULL);
}

static void
address_activated_cb (FerrySetupPage *self)
{
  gtk_widget_grab_focus (self->password);
}

static void
submit_cb (FerrySetupPage *self)
{
  g_autofree char *typed = g_strstrip (g_strdup (get_text (self->address)));
  g_autofree char *jid = ferry_jid_normalise (typed, NULL);
  g_autofree char *local = jid != NULL ? ferry_jid_dup_local (jid) : NULL;
  g_autofree char *bare = jid != NULL ? ferry_jid_dup_bare (jid) : NULL;

  if (*get_text (self->password) == '\0')
    return;
  if (local == NULL || *local == '\0')
    {
      g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                                     "Not an address");
      ferry_setup_page_complain (self, error);
      return;
    }
  ferry_setup_page_complain (self, NULL);
  g_signal_emit (self, signals[SIGNAL_SUBMITTED], 0, bare, get_text (self->password));
}

static void
stop_clicked_cb (FerrySetupPage *self)
{
  g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/setup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, stack);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, form);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, address);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, address_error);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, password);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, password_error);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, buttons);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, submit);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, stop);
  gtk_widget_class_bind_template_child (widget_class, FerrySetupPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, begin_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked_cb);
}

static void
ferry_setup_page_class_init (FerrySetupPageClass *klass)
{
  signals[SIGNAL_SUBMITTED] =
    g_signal_new ("submitted", FERRY_TYPE_SETUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_STOPPED] =
    g_signal_new ("stopped", FERRY_TYPE_SETUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
ferry_setup_page_init (FerrySetupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
