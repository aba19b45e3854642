/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "network-test-group"

#include "config.h"

#include "ui/network-test-group.h"

#include <glib/gi18n.h>

#include "core/doctor.h"
#include "ui/diagnosis-row.h"
#include "ui/display-text.h"
#include "ui/error-text.h"

#define FRAMES    3   /* until new rows are laid out */
#define MAX_ERROR 300 /* characters */

struct _FerryNetworkTestGroup
{
  AdwPreferencesGroup parent_instance;

  FerryProfile *profile;
  FerryClient  *client;      /* (owned) (nullable) */
  FerryDoctor  *doctor;      /* (owned) (nullable): while it examines */
  GCancellable *cancellable; /* (owned) (nullable): likewise */
  GtkWidget    *button;
  GtkWidget    *spinner;
  GtkLabel     *label;
  GtkLabel     *error;
  GtkListBox   *findings;
  GtkWidget    *advice_title;
  GtkListBox   *advice;
  guint         n_frames;    /* until it scrolls */
};

G_DEFINE_FINAL_TYPE (FerryNetworkTestGroup, ferry_network_test_group, ADW_TYPE_PREFERENCES_GROUP)

/* The one at @index, which is made if need be: rows stay, so that nobody loses his place. */
static FerryDiagnosisRow *
get_row (GtkListBox *box,
         guint       index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (box, (int) index);
  GtkWidget *added;

  if (row != NULL)
    return FERRY_DIAGNOSIS_ROW (row);
  added = ferry_diagnosis_row_new ();
  gtk_list_box_append (box, added);
  return FERRY_DIAGNOSIS_ROW (added);
}

/* No more than @n rows are left. */
static void
cut (GtkListBox *box,
     guint       n)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (box, (int) n)) != NULL)
    gtk_list_box_remove (box, GTK_WIDGET (row));
}

/* @is_final: what it comes to is known, and stands above. */
static void
show_findings (FerryNetworkTestGroup *self,
               const FerryDiagnosis  *diagnosis,
               gboolean               is_final)
{
  guint n = is_final ? 1 : 0;

  cut (self->findings, diagnosis->findings->len + n);
  if (is_final)
    ferry_diagnosis_row_set_kind (get_row (self->findings, 0), diagnosis->kind);
  for (guint i = 0; i < diagnosis->findings->len; i++)
    ferry_diagnosis_row_set_finding (get_row (self->findings, i + n),
                                     diagnosis->findings->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->findings), TRUE);
}

static void
show_advice (FerryNetworkTestGroup *self,
             FerryAdvice            advice)
{
  guint n = 0;

  for (guint i = 0; i < FERRY_N_ADVICE; i++)
    if (advice & 1u << i)
      ferry_diagnosis_row_set_advice (get_row (self->advice, n++), 1u << i);
  cut (self->advice, n);
  gtk_widget_set_visible (GTK_WIDGET (self->advice), n > 0);
  gtk_widget_set_visible (self->advice_title, n > 0);
}

/* Once the rows have their place, the group begins at the top of the page. */
static gboolean
scroll_tick_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  FerryNetworkTestGroup *self = FERRY_NETWORK_TEST_GROUP (widget);
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;
  double y;

  if (--self->n_frames > 0)
    return G_SOURCE_CONTINUE;
  if (scrolled != NULL && gtk_widget_translate_coordinates (widget, scrolled, 0, 0, NULL, &y))
    {
      adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + y);
    }
  return G_SOURCE_REMOVE;
}

static void
scroll_to_findings (FerryNetworkTestGroup *self)
{
  if (self->n_frames == 0)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_tick_cb, NULL, NULL);
  self->n_frames = FRAMES;
}

static void
set_busy (FerryNetworkTestGroup *self,
          gboolean               is_busy)
{
  gtk_widget_set_sensitive (self->button, !is_busy);
  gtk_widget_set_visible (self->spinner, is_busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), is_busy);
  gtk_label_set_label (self->label, is_busy ? _("Testing…") : _("_Test This Network"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_busy ? _("Testing…") : _("Test This Network"), -1);
}

static void
progress_cb (FerryNetworkTestGroup *self)
{
  g_autoptr(FerryDiagnosis) diagnosis = ferry_doctor_get_diagnosis (self->doctor);

  show_findings (self, diagnosis, FALSE);
}

static void
examined_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(FerryNetworkTestGroup) self = user_data;
  FerryDoctor *doctor = FERRY_DOCTOR (source);
  g_autoptr(FerryDiagnosis) diagnosis = ferry_doctor_examine_finish (doctor, result, NULL);

  if (self->doctor != doctor) /* closed meanwhile */
    return;
  g_signal_handlers_disconnect_by_data (doctor, self);
  g_clear_object (&self->doctor);
  g_clear_object (&self->cancellable);
  set_busy (self, FALSE);
  if (diagnosis == NULL)
    return;
  show_findings (self, diagnosis, TRUE);
  show_advice (self, diagnosis->advice);
}

/* A client that has signed out has left its network as well, and nobody would leave it again. */
static gboolean
has_network (FerryNetworkTestGroup *self)
{
  return self->client != NULL &&
         ferry_account_get_state (ferry_client_get_account (self->client)) != FERRY_ACCOUNT_OFFLINE;
}

/* Why nothing can be tested, also in its own words. @error: (nullable): it can */
static void
show_error (FerryNetworkTestGroup *self,
            const GError          *error)
{
  g_autofree char *message = error != NULL ? ferry_display_text (error->message, MAX_ERROR) : NULL;
  g_autofree char *text = NULL;

  if (error != NULL)
    text = g_strdup_printf ("%s\n%s", ferry_error_text_what (error), message);
  gtk_label_set_label (self->error, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), text != NULL);
}

static FerryDoctor *
create_doctor (FerryNetworkTestGroup  *self,
               GError                **error)
{
  g_autoptr(FerrySettings) settings = NULL;

  if (has_network (self))
    return ferry_doctor_new (ferry_client_get_network (self->client),
                             ferry_client_get_proxies (self->client),
                             ferry_client_get_router (self->client));
  settings = ferry_profile_dup_client_settings (self->profile, error);
  return settings != NULL ? ferry_doctor_new_alone (settings) : NULL;
}

static void
test_clicked_cb (FerryNetworkTestGroup *self)
{
  g_autoptr(GError) error = NULL;

  if (self->doctor != NULL)
    return;
  self->doctor = create_doctor (self, &error);
  show_error (self, error);
  if (self->doctor == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  set_busy (self, TRUE);
  show_advice (self, FERRY_ADVICE_NONE);
  g_signal_connect_object (self->doctor, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  ferry_doctor_examine_async (self->doctor, self->cancellable, examined_cb, g_object_ref (self));
  progress_cb (self);
  scroll_to_findings (self);
}

void
ferry_network_test_group_set_up (FerryNetworkTestGroup *self,
                                 FerryProfile          *profile,
                                 FerryClient           *client)
{
  g_return_if_fail (FERRY_IS_NETWORK_TEST_GROUP (self));

  self->profile = profile;
  g_set_object (&self->client, client);
}

/* The window has closed. An examination holds us: it would keep on until its end. */
static void
ferry_network_test_group_unroot (GtkWidget *widget)
{
  FerryNetworkTestGroup *self = FERRY_NETWORK_TEST_GROUP (widget);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  GTK_WIDGET_CLASS (ferry_network_test_group_parent_class)->unroot (widget);
}

static void
ferry_network_test_group_dispose (GObject *object)
{
  FerryNetworkTestGroup *self = FERRY_NETWORK_TEST_GROUP (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->doctor);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (ferry_network_test_group_parent_class)->dispose (object);
}

static void
ferry_network_test_group_class_init (FerryNetworkTestGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_network_test_group_dispose;
  widget_class->unroot = ferry_network_test_group_unroot;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/ferry/Ferry/network-test-group.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkTestGroup, button);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkTestGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkTestGroup, label);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkTestGroup, error);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkTestGroup, findings);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkTestGroup, advice_title);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkTestGroup, advice);
  gtk_widget_class_bind_template_callback (widget_class, test_clicked_cb);
}

static void
ferry_network_test_group_init (FerryNetworkTestGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
