/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "banner"

#include "config.h"

#include "ui/banner.h"

struct _FerryBanner
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel    *title;
  GtkButton   *button;
  GtkButton   *secondary;
};

enum { SIGNAL_CLICKED, SIGNAL_SECONDARY_CLICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryBanner, ferry_banner, ADW_TYPE_BIN)

static void
set_button (GtkButton  *button,
            const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label != NULL)
    gtk_button_set_label (button, label);
}

void
ferry_banner_say (FerryBanner *self,
                  const char  *title,
                  const char  *button_label,
                  const char  *secondary_label)
{
  g_return_if_fail (FERRY_IS_BANNER (self));

  gtk_revealer_set_reveal_child (self->revealer, title != NULL);
  if (title == NULL)
    return;
  gtk_widget_set_visible (gtk_revealer_get_child (self->revealer), TRUE);
  gtk_label_set_label (self->title, title);
  set_button (self->button, button_label);
  set_button (self->secondary, secondary_label);
}

void
ferry_banner_set_inline (FerryBanner *self)
{
  GtkOrientable *box = GTK_ORIENTABLE (gtk_revealer_get_child (self->revealer));

  g_return_if_fail (FERRY_IS_BANNER (self));

  gtk_orientable_set_orientation (box, GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_valign (gtk_widget_get_parent (GTK_WIDGET (self->button)), GTK_ALIGN_CENTER);
  gtk_label_set_justify (self->title, GTK_JUSTIFY_LEFT);
  gtk_label_set_xalign (self->title, 0);
}

/* Rolled up it would still be read to those who cannot see that it is gone. */
static void
revealed_cb (FerryBanner *self)
{
  gtk_widget_set_visible (gtk_revealer_get_child (self->revealer),
                          gtk_revealer_get_reveal_child (self->revealer) ||
                          gtk_revealer_get_child_revealed (self->revealer));
}

static void
button_clicked_cb (FerryBanner *self)
{
  g_signal_emit (self, signals[SIGNAL_CLICKED], 0);
}

static void
secondary_clicked_cb (FerryBanner *self)
{
  g_signal_emit (self, signals[SIGNAL_SECONDARY_CLICKED], 0);
}

static void
ferry_banner_class_init (FerryBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SIGNAL_CLICKED] = g_signal_new ("clicked", FERRY_TYPE_BANNER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SECONDARY_CLICKED] = g_signal_new ("secondary-clicked", FERRY_TYPE_BANNER,
                                                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                    G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/banner.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, FerryBanner, title);
  gtk_widget_class_bind_template_child (widget_class, FerryBanner, button);
  gtk_widget_class_bind_template_child (widget_class, FerryBanner, secondary);
  gtk_widget_class_bind_template_callback (widget_class, revealed_cb);
  gtk_widget_class_bind_template_callback (widget_class, button_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, secondary_clicked_cb);
}

static void
ferry_banner_init (FerryBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
