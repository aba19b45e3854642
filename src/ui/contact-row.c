/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "contact-row"

#include "config.h"

#include "ui/contact-row.h"

#include <glib/gi18n.h>

#include "ui/contact-text.h"
#include "ui/dropped-files.h"
#include "ui/trust-text.h"

struct _FerryContactRow
{
  AdwBin parent_instance;

  FerryContact  *contact;     /* (owned) (nullable) */
  FerryTrust    *trust;       /* (owned) (nullable) */
  GtkDropTarget *drop_target;
  AdwAvatar     *avatar;
  GtkLabel      *name;
  GtkWidget     *lock;
  GtkWidget     *dot;
  GtkLabel      *status;
  GtkWidget     *active;
  GtkLabel      *badge;
};

enum { SIGNAL_FILES_DROPPED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryContactRow, ferry_contact_row, ADW_TYPE_BIN)

GtkWidget *
ferry_contact_row_new (void)
{
  return g_object_new (FERRY_TYPE_CONTACT_ROW, NULL);
}

/* The list's own row widget is what screen readers meet (and it has no name). */
static void
update_accessible (FerryContactRow *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *summary = NULL;

  if (parent == NULL || self->contact == NULL)
    return;
  summary = ferry_contact_text_summary (self->contact);
  if (gtk_widget_get_visible (self->lock))
    {
      g_autofree char *plain = g_steal_pointer (&summary);

      summary = g_strjoin (", ", plain, gtk_widget_get_tooltip_text (self->lock), NULL);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (parent),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, summary, -1);
}

static void
update_presence (FerryContactRow *self)
{
  FerryPresence presence = ferry_contact_get_presence (self->contact);
  const char *classes[] = { "presence-dot", ferry_contact_text_class (presence), NULL };
  g_autofree char *status = ferry_contact_text_status (self->contact);

  gtk_widget_set_css_classes (self->dot, classes);
  gtk_label_set_label (self->status, status);
}

/* An open padlock beside everybody would say nothing. */
static void
update_lock (FerryContactRow *self)
{
  const char *jid = ferry_contact_get_jid (self->contact);
  gboolean is_changed = FALSE;
  FerryTrustLevel level = self->trust != NULL
                          ? ferry_trust_text_lookup (self->trust, jid, &is_changed)
                          : FERRY_TRUST_NONE;

  gtk_widget_set_visible (self->lock, is_changed || ferry_trust_text_is_verified (level));
  gtk_image_set_from_icon_name (GTK_IMAGE (self->lock), ferry_trust_text_icon (level, is_changed));
  gtk_widget_set_tooltip_text (self->lock, is_changed ? _("another key was shown")
                                                      : ferry_trust_text_level (level));
  gtk_widget_set_css_classes (self->lock,
                              (const char *[]) { is_changed ? "error" : "dim-label", NULL });
}

static void
update (FerryContactRow *self)
{
  g_autofree char *name = ferry_contact_text_name (self->contact);
  g_autofree char *offers = g_strdup_printf ("%u", ferry_contact_get_n_offers (self->contact));

  gtk_label_set_label (self->name, name);
  adw_avatar_set_text (self->avatar, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), ferry_contact_get_jid (self->contact));
  update_presence (self);
  gtk_label_set_label (self->badge, offers);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), ferry_contact_get_n_offers (self->contact) > 0);
  gtk_widget_set_visible (self->active, ferry_contact_get_n_active (self->contact) > 0 &&
                                        ferry_contact_get_n_offers (self->contact) == 0);
  update_lock (self);
  update_accessible (self);
}

static void
trust_changed_cb (FerryContactRow *self,
                  const char      *jid)
{
  if (self->contact != NULL && g_str_equal (ferry_contact_get_jid (self->contact), jid))
    update (self);
}

void
ferry_contact_row_set_contact (FerryContactRow *self,
                               FerryContact    *contact,
                               FerryTrust      *trust)
{
  g_return_if_fail (FERRY_IS_CONTACT_ROW (self));

  if (self->contact == contact)
    return;
  if (self->contact != NULL)
    g_signal_handlers_disconnect_by_func (self->contact, update, self);
  if (self->trust != NULL)
    g_signal_handlers_disconnect_by_func (self->trust, trust_changed_cb, self);
  g_set_object (&self->contact, contact);
  g_set_object (&self->trust, trust);
  if (contact == NULL)
    return;
  if (trust != NULL)
    g_signal_connect_object (trust, "changed", G_CALLBACK (trust_changed_cb), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (contact, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static gboolean
drop_cb (FerryContactRow *self,
         const GValue    *value)
{
  g_autoptr(GListModel) files = ferry_dropped_files_from_value (value);

  if (self->contact == NULL || files == NULL)
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_FILES_DROPPED], 0, self->contact, files);
  return TRUE;
}

static void
ferry_contact_row_dispose (GObject *object)
{
  ferry_contact_row_set_contact (FERRY_CONTACT_ROW (object), NULL, NULL);
  G_OBJECT_CLASS (ferry_contact_row_parent_class)->dispose (object);
}

static void
ferry_contact_row_class_init (FerryContactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_contact_row_dispose;
  signals[SIGNAL_FILES_DROPPED] =
    g_signal_new ("files-dropped", FERRY_TYPE_CONTACT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, FERRY_TYPE_CONTACT, G_TYPE_LIST_MODEL);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/contact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryContactRow, drop_target);
  gtk_widget_class_bind_template_child (widget_class, FerryContactRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, FerryContactRow, name);
  gtk_widget_class_bind_template_child (widget_class, FerryContactRow, lock);
  gtk_widget_class_bind_template_child (widget_class, FerryContactRow, dot);
  gtk_widget_class_bind_template_child (widget_class, FerryContactRow, status);
  gtk_widget_class_bind_template_child (widget_class, FerryContactRow, active);
  gtk_widget_class_bind_template_child (widget_class, FerryContactRow, badge);
  gtk_widget_class_bind_template_callback (widget_class, drop_cb);
}

static void
ferry_contact_row_init (FerryContactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_target_set_gtypes (self->drop_target, (GType[]) { GDK_TYPE_FILE_LIST }, 1);
}
