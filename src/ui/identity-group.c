/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "identity-group"

#include "config.h"

#include "ui/identity-group.h"

#include <glib/gi18n.h>

#include "ui/trust-dialogs.h"
#include "ui/trust-text.h"

#define GROUPS_PER_LINE 4
#define LEFT_TO_RIGHT_MARK "\342\200\216" /* digits are read like that everywhere */

struct _FerryIdentityGroup
{
  AdwPreferencesGroup parent_instance;

  GSettings    *settings; /* (owned) (nullable) */
  FerryTrust   *trust;    /* (owned) (nullable) */
  AdwComboRow  *policy;
  AdwActionRow *own;
  GtkWidget    *copy;
  AdwActionRow *replace;
};

G_DEFINE_FINAL_TYPE (FerryIdentityGroup, ferry_identity_group, ADW_TYPE_PREFERENCES_GROUP)

static const char *
get_own (FerryIdentityGroup *self)
{
  FerryTlsIdentity *identity = self->trust != NULL ? ferry_trust_get_identity (self->trust) : NULL;

  return identity != NULL ? ferry_tls_identity_get_sha256 (identity) : NULL;
}

static void
update_own (FerryIdentityGroup *self)
{
  g_autofree char *text = ferry_trust_text_fingerprint (get_own (self), GROUPS_PER_LINE);
  g_auto(GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  g_autofree char *marked = g_strjoinv ("\n" LEFT_TO_RIGHT_MARK, lines);
  g_autofree char *shown = g_strconcat (LEFT_TO_RIGHT_MARK, marked, NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->own), self->trust != NULL);
  gtk_widget_set_sensitive (self->copy, text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->replace), self->trust != NULL);
  adw_action_row_set_subtitle (self->own, text != NULL ? shown
                                          : _("There is none: encryption does not work here."));
}

/* The rows of the list are in the order of FerrySecurityPolicy. */
static void
policy_selected_cb (FerryIdentityGroup *self)
{
  guint selected = adw_combo_row_get_selected (self->policy);

  if (self->settings == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;
  g_settings_set_enum (self->settings, "security", (int) selected);
  if (self->trust != NULL)
    ferry_trust_set_default (self->trust, (FerrySecurityPolicy) selected);
}

static void
copy_cb (FerryIdentityGroup *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), get_own (self));
  adw_preferences_window_add_toast (
    ADW_PREFERENCES_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), adw_toast_new (_("Copied")));
}

static void
replace_cb (FerryIdentityGroup *self)
{
  ferry_trust_dialogs_ask_replace (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   self->trust);
}

void
ferry_identity_group_set_up (FerryIdentityGroup *self,
                             GSettings          *settings,
                             FerryTrust         *trust)
{
  g_return_if_fail (FERRY_IS_IDENTITY_GROUP (self));
  g_return_if_fail (self->settings == NULL);

  adw_combo_row_set_selected (self->policy, (guint) g_settings_get_enum (settings, "security"));
  self->settings = g_object_ref (settings);
  self->trust = trust != NULL ? g_object_ref (trust) : NULL;
  if (trust != NULL)
    g_signal_connect_object (trust, "identity-changed", G_CALLBACK (update_own), self,
                             G_CONNECT_SWAPPED);
  update_own (self);
}

static void
ferry_identity_group_dispose (GObject *object)
{
  FerryIdentityGroup *self = FERRY_IDENTITY_GROUP (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->trust);
  G_OBJECT_CLASS (ferry_identity_group_parent_class)->dispose (object);
}

static void
ferry_identity_group_class_init (FerryIdentityGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_identity_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/identity-group.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryIdentityGroup, policy);
  gtk_widget_class_bind_template_child (widget_class, FerryIdentityGroup, own);
  gtk_widget_class_bind_template_child (widget_class, FerryIdentityGroup, copy);
  gtk_widget_class_bind_template_child (widget_class, FerryIdentityGroup, replace);
  gtk_widget_class_bind_template_callback (widget_class, policy_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, replace_cb);
}

static void
ferry_identity_group_init (FerryIdentityGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
