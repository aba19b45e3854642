/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transfer-badge"

#include "config.h"

#include "ui/transfer-badge.h"

#include "ui/transfer-text.h"
#include "ui/trust-text.h"

struct _FerryTransferBadge
{
  AdwBin parent_instance;

  GtkImage *lock;
  GtkLabel *path;
};

G_DEFINE_FINAL_TYPE (FerryTransferBadge, ferry_transfer_badge, ADW_TYPE_BIN)

void
ferry_transfer_badge_update (FerryTransferBadge *self,
                             FerryTransfer      *transfer)
{
  const char *path = ferry_transfer_text_path (ferry_transfer_get_path (transfer));
  gboolean is_encrypted = ferry_transfer_is_encrypted (transfer);
  FerryTrustLevel level = ferry_transfer_get_trust_level (transfer);
  const char *session = ferry_trust_text_session (is_encrypted, level);

  g_return_if_fail (FERRY_IS_TRANSFER_BADGE (self));

  gtk_widget_set_visible (GTK_WIDGET (self), path != NULL);
  /* Setting the same text again would lay the list out anew. */
  if (path == NULL || (g_str_equal (gtk_label_get_label (self->path), path) &&
                       g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self)), session) == 0))
    return;
  gtk_label_set_label (self->path, path);
  gtk_image_set_from_icon_name (self->lock, ferry_trust_text_session_icon (is_encrypted, level));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), session);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lock), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  session, -1);
}

static void
ferry_transfer_badge_class_init (FerryTransferBadgeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/transfer-badge.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryTransferBadge, lock);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferBadge, path);
}

static void
ferry_transfer_badge_init (FerryTransferBadge *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
