/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "certificate-guard"

#include "config.h"

#include "ui/certificate-guard.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "proto/jid.h"
#include "ui/display-text.h"

#define SETTINGS_KEY "trusted-certificates"

struct _FerryCertificateGuard
{
  GObject parent_instance;

  GtkWindow    *window;
  GSettings    *settings;    /* (owned) */
  FerryAccount *account;     /* (owned) */
  char         *fingerprint; /* (owned) (nullable): of the one asked about */
  GtkWindow    *dialog;      /* (nullable): open */
};

enum { PROP_0, PROP_ASKING, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (FerryCertificateGuard, ferry_certificate_guard, G_TYPE_OBJECT)

gboolean
ferry_certificate_guard_is_asking (FerryCertificateGuard *self)
{
  g_return_val_if_fail (FERRY_IS_CERTIFICATE_GUARD (self), FALSE);
  return self->dialog != NULL;
}

/* SHA-256 of the DER form, in groups of four digits. */
static char *
dup_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;
  g_autofree char *hex = NULL;
  GString *out = g_string_new (NULL);

  g_object_get (certificate, "certificate", &der, NULL);
  hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  for (guint i = 0; hex[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (out, ' ');
      g_string_append_c (out, hex[i]);
    }
  return g_string_free (out, FALSE);
}

/* "example.org 3f9a …": trusted for that server and no other. */
static char *
dup_entry (FerryCertificateGuard *self,
           const char            *fingerprint)
{
  g_autofree char *domain = ferry_jid_dup_domain (ferry_account_get_jid (self->account));

  return g_strjoin (" ", domain, fingerprint, NULL);
}

static gboolean
is_trusted (FerryCertificateGuard *self,
            const char            *fingerprint)
{
  g_auto(GStrv) trusted = g_settings_get_strv (self->settings, SETTINGS_KEY);
  g_autofree char *entry = dup_entry (self, fingerprint);

  return g_strv_contains ((const char *const *) trusted, entry);
}

static void
trust (FerryCertificateGuard *self)
{
  g_auto(GStrv) trusted = g_settings_get_strv (self->settings, SETTINGS_KEY);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *entry = dup_entry (self, self->fingerprint);
  g_auto(GStrv) more = NULL;

  g_strv_builder_addv (builder, (const char **) trusted);
  g_strv_builder_add (builder, entry);
  more = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, SETTINGS_KEY, (const char *const *) more);
}

/* The first reason is the one people can judge. */
static const char *
get_reason (GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _("Its certificate is for another server.");
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return _("Its certificate is out of date.");
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _("Its certificate is not valid yet.");
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return _("Its certificate was revoked.");
  return _("Nobody this computer trusts has vouched for it.");
}

static void
dialog_response_cb (FerryCertificateGuard *self,
                    const char            *response)
{
  self->dialog = NULL;
  if (g_str_equal (response, "trust"))
    {
      trust (self);
      ferry_account_connect (self->account);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ASKING]);
}

static GtkWidget *
create_facts (GTlsCertificate *certificate,
              const char      *fingerprint)
{
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);
  g_autofree char *shown = ferry_display_text (issuer, 200);
  g_autofree char *text = g_strdup_printf (_("Issued by: %s\n\nFingerprint (SHA-256): %s"), shown,
                                           fingerprint);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "monospace");
  return label;
}

static void
ask (FerryCertificateGuard *self,
     GTlsCertificate       *certificate,
     GTlsCertificateFlags   flags)
{
  g_autofree char *domain = ferry_jid_dup_domain (ferry_account_get_jid (self->account));
  GtkWidget *dialog = adw_message_dialog_new (self->window, _("Is This the Right Server?"), NULL);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_format_body (message,
                                  _("%s cannot prove who it is. %s Somebody may be listening in. "
                                    "Go on only if the people who run the server told you this "
                                    "fingerprint."), domain, get_reason (flags));
  adw_message_dialog_set_extra_child (message, create_facts (certificate, self->fingerprint));
  adw_message_dialog_add_responses (message, "cancel", _("_Cancel"), "trust", _("_Trust It"), NULL);
  adw_message_dialog_set_response_appearance (message, "trust", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (dialog_response_cb), self,
                           G_CONNECT_SWAPPED);
  self->dialog = GTK_WINDOW (dialog);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ASKING]);
  gtk_window_present (self->dialog);
}

static gboolean
certificate_unknown_cb (FerryCertificateGuard *self,
                        GTlsCertificate       *certificate,
                        guint                  flags)
{
  g_autofree char *fingerprint = dup_fingerprint (certificate);

  if (is_trusted (self, fingerprint))
    return TRUE;
  if (self->dialog != NULL)
    return FALSE;
  g_free (self->fingerprint);
  self->fingerprint = g_steal_pointer (&fingerprint);
  ask (self, certificate, flags);
  return FALSE;
}

FerryCertificateGuard *
ferry_certificate_guard_new (GtkWindow    *window,
                             GSettings    *settings,
                             FerryAccount *account)
{
  FerryCertificateGuard *self = g_object_new (FERRY_TYPE_CERTIFICATE_GUARD, NULL);

  self->window = window;
  self->settings = g_object_ref (settings);
  self->account = g_object_ref (account);
  g_signal_connect_object (account, "certificate-unknown", G_CALLBACK (certificate_unknown_cb),
                           self, G_CONNECT_SWAPPED);
  return self;
}

static void
ferry_certificate_guard_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  if (prop_id == PROP_ASKING)
    g_value_set_boolean (value, FERRY_CERTIFICATE_GUARD (object)->dialog != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
ferry_certificate_guard_dispose (GObject *object)
{
  FerryCertificateGuard *self = FERRY_CERTIFICATE_GUARD (object);

  if (self->dialog != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->dialog, self);
      gtk_window_destroy (g_steal_pointer (&self->dialog));
    }
  g_clear_object (&self->settings);
  g_clear_object (&self->account);
  g_clear_pointer (&self->fingerprint, g_free);
  G_OBJECT_CLASS (ferry_certificate_guard_parent_class)->dispose (object);
}

static void
ferry_certificate_guard_class_init (FerryCertificateGuardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ferry_certificate_guard_get_property;
  object_class->dispose = ferry_certificate_guard_dispose;
  props[PROP_ASKING] =
    g_param_spec_boolean ("asking", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ferry_certificate_guard_init (FerryCertificateGuard *self)
{
}
