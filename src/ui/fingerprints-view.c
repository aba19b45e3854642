/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "fingerprints-view"

#include "config.h"

#include "ui/fingerprints-view.h"

#include <glib/gi18n.h>

#include "ui/contact-text.h"
#include "ui/qr-code.h"
#include "ui/trust-text.h"

#define QR_SIZE 240 /* pixels */
#define GROUPS_PER_LINE 4

struct _FerryFingerprintsView
{
  AdwBin parent_instance;

  FerryChat  *chat;    /* (owned) (nullable) */
  FerryTrust *trust;   /* (owned) (nullable) */
  char       *own_jid; /* (owned) (nullable) */

  GtkLabel   *theirs_title;
  GtkLabel   *theirs;
  GtkWidget  *changed_box;
  GtkLabel   *changed;
  GtkLabel   *ours;
  GtkImage   *qr;
  GtkWidget  *same;
};

G_DEFINE_FINAL_TYPE (FerryFingerprintsView, ferry_fingerprints_view, ADW_TYPE_BIN)

static const char *
get_jid (FerryFingerprintsView *self)
{
  return ferry_contact_get_jid (ferry_chat_get_contact (self->chat));
}

static void
set_fingerprint (GtkLabel   *label,
                 const char *hex,
                 const char *otherwise)
{
  g_autofree char *text = ferry_trust_text_fingerprint (hex, GROUPS_PER_LINE);

  gtk_label_set_label (label, text != NULL ? text : otherwise);
}

/* What the chat itself has seen counts even before it is pinned. */
static const char *
get_theirs (FerryFingerprintsView *self)
{
  const FerryPin *pin = ferry_trust_lookup (self->trust, get_jid (self));

  return pin != NULL ? pin->sha256 : ferry_chat_get_fingerprint (self->chat);
}

/* Only of a certificate that is known whole can it be said that it is theirs. */
static GBytes *
get_certificate (const FerryPin *pin)
{
  if (pin == NULL)
    return NULL;
  return pin->changed_sha256 != NULL ? pin->changed_certificate : pin->certificate;
}

static void
update_theirs (FerryFingerprintsView *self)
{
  const FerryPin *pin = ferry_trust_lookup (self->trust, get_jid (self));
  gboolean is_changed = pin != NULL && pin->changed_sha256 != NULL;
  gboolean is_verified = pin != NULL && ferry_trust_text_is_verified (pin->level) && !is_changed;

  set_fingerprint (self->theirs, get_theirs (self), _("Not known yet. Open the chat first."));
  gtk_widget_set_visible (self->changed_box, is_changed);
  set_fingerprint (self->changed, is_changed ? pin->changed_sha256 : NULL, "");
  gtk_button_set_label (GTK_BUTTON (self->same), is_changed ? _("The _Other Key Is Theirs")
                                                            : _("They See the _Same as Theirs"));
  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->same))), TRUE);
  gtk_widget_set_visible (self->same, !is_verified && get_certificate (pin) != NULL);
}

static void
update_ours (FerryFingerprintsView *self)
{
  FerryTlsIdentity *identity = ferry_trust_get_identity (self->trust);
  const char *sha256 = identity != NULL ? ferry_tls_identity_get_sha256 (identity) : NULL;
  g_autofree char *text = g_strdup_printf ("%s SHA-256 %s", self->own_jid, sha256);
  g_autoptr(GdkPaintable) code = sha256 != NULL ? ferry_qr_code_new (text, QR_SIZE) : NULL;

  set_fingerprint (self->ours, sha256, _("There is none: encryption does not work here."));
  gtk_image_set_from_paintable (self->qr, code);
  if (code != NULL)
    gtk_image_set_pixel_size (self->qr, gdk_paintable_get_intrinsic_width (code));
  gtk_widget_set_visible (GTK_WIDGET (self->qr), code != NULL);
}

void
ferry_fingerprints_view_set_chat (FerryFingerprintsView *self,
                                  FerryChat             *chat,
                                  FerryTrust            *trust,
                                  const char            *own_jid)
{
  g_autofree char *name = ferry_contact_text_name (ferry_chat_get_contact (chat));
  /* Translators: %s is a contact, whose fingerprint follows */
  g_autofree char *title = g_strdup_printf (_("Known for %s"), name);

  g_return_if_fail (FERRY_IS_FINGERPRINTS_VIEW (self));
  g_return_if_fail (self->chat == NULL);

  self->chat = g_object_ref (chat);
  self->trust = g_object_ref (trust);
  self->own_jid = g_strdup (own_jid);
  gtk_label_set_label (self->theirs_title, title);
  g_signal_connect_object (chat, "notify", G_CALLBACK (update_theirs), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trust, "changed", G_CALLBACK (update_theirs), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (trust, "identity-changed", G_CALLBACK (update_ours), self,
                           G_CONNECT_SWAPPED);
  update_theirs (self);
  update_ours (self);
}

static void
copy (FerryFingerprintsView *self,
      const char            *hex)
{
  if (hex == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), hex);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", _("Copied"));
}

static void
copy_theirs_cb (FerryFingerprintsView *self)
{
  copy (self, get_theirs (self));
}

static void
copy_ours_cb (FerryFingerprintsView *self)
{
  FerryTlsIdentity *identity = ferry_trust_get_identity (self->trust);

  copy (self, identity != NULL ? ferry_tls_identity_get_sha256 (identity) : NULL);
}

static void
same_clicked_cb (FerryFingerprintsView *self)
{
  GBytes *certificate = get_certificate (ferry_trust_lookup (self->trust, get_jid (self)));
  g_autoptr(GBytes) kept = certificate != NULL ? g_bytes_ref (certificate) : NULL;

  if (kept != NULL)
    ferry_trust_pin (self->trust, get_jid (self), kept, FERRY_TRUST_COMPARED);
}

static void
ferry_fingerprints_view_dispose (GObject *object)
{
  FerryFingerprintsView *self = FERRY_FINGERPRINTS_VIEW (object);

  g_clear_object (&self->chat);
  g_clear_object (&self->trust);
  g_clear_pointer (&self->own_jid, g_free);
  G_OBJECT_CLASS (ferry_fingerprints_view_parent_class)->dispose (object);
}

static void
ferry_fingerprints_view_class_init (FerryFingerprintsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_fingerprints_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/ferry/Ferry/fingerprints-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryFingerprintsView, theirs_title);
  gtk_widget_class_bind_template_child (widget_class, FerryFingerprintsView, theirs);
  gtk_widget_class_bind_template_child (widget_class, FerryFingerprintsView, changed_box);
  gtk_widget_class_bind_template_child (widget_class, FerryFingerprintsView, changed);
  gtk_widget_class_bind_template_child (widget_class, FerryFingerprintsView, ours);
  gtk_widget_class_bind_template_child (widget_class, FerryFingerprintsView, qr);
  gtk_widget_class_bind_template_child (widget_class, FerryFingerprintsView, same);
  gtk_widget_class_bind_template_callback (widget_class, copy_theirs_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_ours_cb);
  gtk_widget_class_bind_template_callback (widget_class, same_clicked_cb);
}

/* Digits are read from left to right everywhere: else two people would read out different lines. */
static void
ferry_fingerprints_view_init (FerryFingerprintsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_direction (GTK_WIDGET (self->theirs), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (GTK_WIDGET (self->changed), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (GTK_WIDGET (self->ours), GTK_TEXT_DIR_LTR);
}
