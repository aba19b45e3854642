/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "offer-desk"

#include "config.h"

#include "ui/offer-desk.h"

#include <glib/gi18n.h>

#include "ui/display-text.h"
#include "ui/offer-dialog.h"

struct _FerryOfferDesk
{
  GObject parent_instance;

  GtkWindow            *window;
  FerryClient          *client;       /* (owned) */
  char                 *download_dir; /* (owned) */
  GPtrArray            *offers;       /* (owned): FerryTransfers in state OFFERED, oldest first */
  FerryTransfer        *current;      /* (owned) (nullable): the one with the dialog */
  FerryOfferDialog     *dialog;       /* (nullable): open */
  GtkFileChooserNative *chooser;      /* (owned) (nullable): where to save @current */
};

enum { PROP_0, PROP_N_WAITING, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (FerryOfferDesk, ferry_offer_desk, G_TYPE_OBJECT)

guint
ferry_offer_desk_get_n_waiting (FerryOfferDesk *self)
{
  g_return_val_if_fail (FERRY_IS_OFFER_DESK (self), 0);
  return self->offers->len - (self->current != NULL ? 1 : 0);
}

static void
close_dialog (FerryOfferDesk *self)
{
  g_clear_object (&self->chooser);
  g_clear_object (&self->current);
  if (self->dialog != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->dialog, self);
      gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&self->dialog)));
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}

/* Who says yes wants to see it arrive. */
static void
accept (FerryOfferDesk *self,
        FerryTransfer  *transfer,
        GFile          *folder,
        const char     *name)
{
  ferry_transfer_accept (transfer, folder, name);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-transfer", "s",
                              ferry_transfer_get_id (transfer));
}

static void
chooser_response_cb (FerryOfferDesk *self,
                     int             response)
{
  g_autoptr(FerryTransfer) transfer = g_object_ref (self->current);
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFile) folder = NULL;
  g_autofree char *name = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  close_dialog (self);
  if (file == NULL)
    return;
  folder = g_file_get_parent (file);
  name = g_file_get_basename (file);
  accept (self, transfer, folder, name);
}

static void
save_as (FerryOfferDesk *self)
{
  g_autofree char *name = ferry_display_text (ferry_transfer_get_name (self->current), 255);
  g_autoptr(GFile) folder = g_file_new_for_path (self->download_dir);

  self->chooser = gtk_file_chooser_native_new (_("Save As"), self->window,
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* The dialog closes itself after this. */
static void
dialog_response_cb (FerryOfferDesk *self,
                    const char     *response)
{
  g_autoptr(FerryTransfer) transfer = g_object_ref (self->current);

  g_signal_handlers_disconnect_by_data (self->dialog, self);
  self->dialog = NULL;
  if (g_str_equal (response, "save-as"))
    {
      save_as (self);
      return;
    }
  close_dialog (self);
  if (g_str_equal (response, "accept"))
    accept (self, transfer, NULL, NULL);
  else if (g_str_equal (response, "decline"))
    ferry_transfer_decline (transfer);
}

/* The file waits: who asks for it is found out first. */
static void
dialog_verify_cb (FerryOfferDesk *self)
{
  g_autoptr(FerryTransfer) transfer = g_object_ref (self->current);

  close_dialog (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.verify-contact", "s",
                              ferry_contact_get_jid (ferry_transfer_get_contact (transfer)));
}

static void
show_dialog (FerryOfferDesk *self,
             FerryTransfer  *transfer)
{
  self->current = g_object_ref (transfer);
  self->dialog = ferry_offer_dialog_new (self->window, transfer, self->download_dir,
                                         ferry_client_get_trust (self->client));
  g_signal_connect_object (self->dialog, "response", G_CALLBACK (dialog_response_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->dialog, "verify", G_CALLBACK (dialog_verify_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->dialog));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}

void
ferry_offer_desk_review (FerryOfferDesk *self,
                         FerryTransfer  *transfer)
{
  g_return_if_fail (FERRY_IS_OFFER_DESK (self));

  if (transfer == NULL && self->offers->len > 0 && self->current == NULL)
    transfer = self->offers->pdata[0];
  if (transfer != NULL && transfer != self->current &&
      g_ptr_array_find (self->offers, transfer, NULL))
    {
      close_dialog (self);
      show_dialog (self, transfer);
    }
  else if (self->dialog != NULL)
    gtk_window_present (GTK_WINDOW (self->dialog));
}

/* Answered, here or elsewhere, or withdrawn. */
static void
transfer_state_cb (FerryOfferDesk *self,
                   GParamSpec     *pspec,
                   FerryTransfer  *transfer)
{
  gboolean had_dialog = transfer == self->current;

  if (ferry_transfer_get_state (transfer) == FERRY_TRANSFER_OFFERED)
    return;
  g_signal_handlers_disconnect_by_func (transfer, transfer_state_cb, self);
  g_ptr_array_remove (self->offers, transfer);
  if (had_dialog)
    close_dialog (self);
  else
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}

static void
queue_offered_cb (FerryOfferDesk *self,
                  FerryTransfer  *transfer)
{
  if (ferry_transfer_get_state (transfer) != FERRY_TRANSFER_OFFERED)
    return;
  g_ptr_array_add (self->offers, g_object_ref (transfer));
  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (transfer_state_cb), self,
                           G_CONNECT_SWAPPED);
  if (self->current == NULL && gtk_widget_get_visible (GTK_WIDGET (self->window)))
    show_dialog (self, transfer);
  else
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}

FerryOfferDesk *
ferry_offer_desk_new (GtkWindow   *window,
                      FerryClient *client,
                      const char  *download_dir)
{
  FerryOfferDesk *self = g_object_new (FERRY_TYPE_OFFER_DESK, NULL);

  self->window = window;
  self->client = g_object_ref (client);
  self->download_dir = g_strdup (download_dir);
  g_signal_connect_object (ferry_client_get_queue (client), "offered",
                           G_CALLBACK (queue_offered_cb), self, G_CONNECT_SWAPPED);
  return self;
}

static void
ferry_offer_desk_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_N_WAITING)
    g_value_set_uint (value, ferry_offer_desk_get_n_waiting (FERRY_OFFER_DESK (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
ferry_offer_desk_dispose (GObject *object)
{
  FerryOfferDesk *self = FERRY_OFFER_DESK (object);

  close_dialog (self);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (ferry_offer_desk_parent_class)->dispose (object);
}

static void
ferry_offer_desk_finalize (GObject *object)
{
  FerryOfferDesk *self = FERRY_OFFER_DESK (object);

  g_ptr_array_unref (self->offers);
  g_free (self->download_dir);
  G_OBJECT_CLASS (ferry_offer_desk_parent_class)->finalize (object);
}

static void
ferry_offer_desk_class_init (FerryOfferDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ferry_offer_desk_get_property;
  object_class->dispose = ferry_offer_desk_dispose;
  object_class->finalize = ferry_offer_desk_finalize;
  props[PROP_N_WAITING] =
    g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ferry_offer_desk_init (FerryOfferDesk *self)
{
  self->offers = g_ptr_array_new_with_free_func (g_object_unref);
}
