/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transfer-details"

#include "config.h"

#include "ui/transfer-details.h"

#include <glib/gi18n.h>

#include "ui/display-text.h"
#include "ui/error-text.h"
#include "ui/path-text.h"
#include "ui/transfer-text.h"

#define REFRESH 500 /* milliseconds, while it goes on: steps have no signal */
#define STEP    "step" /* of a row: which it shows; only compared, it may be gone */

struct _FerryTransferDetails
{
  AdwWindow parent_instance;

  FerryTransfer       *transfer; /* (owned) */
  guint                timer;
  AdwToastOverlay     *toasts;
  GtkLabel            *name;
  GtkLabel            *status;
  GtkLabel            *advice;
  AdwPreferencesGroup *choice_group;
  GtkListBox          *choices;
  GtkWidget           *steps_group;
  GtkListBox          *steps;
  GtkLabel            *details;
};

G_DEFINE_FINAL_TYPE (FerryTransferDetails, ferry_transfer_details, ADW_TYPE_WINDOW)

static void
clear (GtkListBox *box)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (box, 0)) != NULL)
    gtk_list_box_remove (box, GTK_WIDGET (row));
}

static void
set_label (GtkLabel   *label,
           const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text != NULL ? text : "");
}

static void
add_choice (FerryTransferDetails  *self,
            const FerryPathChoice *choice)
{
  static const struct { const char *icon; const char *name; } looks[] = {
    [FERRY_PATH_CHOSEN] = { "ferry-good-symbolic", N_("Chosen") },
    [FERRY_PATH_REJECTED] = { "ferry-bad-symbolic", N_("Not chosen") },
    [FERRY_PATH_HABIT] = { "ferry-details-symbolic", N_("Worth knowing") },
  };
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (looks[choice->kind].icon);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), choice->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), choice->reason);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _(looks[choice->kind].name), -1);
  if (choice->kind == FERRY_PATH_CHOSEN)
    gtk_widget_add_css_class (icon, "success");
  gtk_list_box_append (self->choices, row);
}

static GtkWidget *
create_step (const FerryPathStep *step)
{
  g_autofree char *time = ferry_path_text_time (step);
  g_autofree char *text = ferry_path_text_step (step);
  g_autofree char *both = g_strdup_printf ("%s: %s", time, text);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *when = gtk_label_new (time);
  GtkWidget *what = gtk_label_new (text);

  gtk_label_set_width_chars (GTK_LABEL (when), 6);
  gtk_label_set_xalign (GTK_LABEL (when), 1);
  gtk_label_set_yalign (GTK_LABEL (when), 0);
  gtk_widget_add_css_class (when, "numeric");
  gtk_widget_add_css_class (when, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (what), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (what), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (what), 0);
  gtk_widget_set_hexpand (what, TRUE);
  if (step->kind == FERRY_PATH_STEP_CHOSEN)
    gtk_widget_add_css_class (what, "heading");
  gtk_box_append (GTK_BOX (box), when);
  gtk_box_append (GTK_BOX (box), what);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  g_object_set_data (G_OBJECT (row), STEP, (gpointer) step);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, both, -1);
  return row;
}

/* A full report forgets steps in its middle: only their rows go, so that nobody loses his place.
 * Returns: whether anything is new */
static gboolean
update_steps (FerryTransferDetails *self,
              FerryPathReport      *report)
{
  guint n = report != NULL ? ferry_path_report_get_n (report) : 0;
  gboolean is_new = FALSE;
  GtkListBoxRow *row;
  guint i = 0;

  while ((row = gtk_list_box_get_row_at_index (self->steps, (int) i)) != NULL || i < n)
    {
      const FerryPathStep *step = i < n ? ferry_path_report_get (report, i) : NULL;

      if (row != NULL && step != NULL && g_object_get_data (G_OBJECT (row), STEP) == step)
        {
          i++;
          continue;
        }
      is_new = TRUE;
      if (row != NULL)
        gtk_list_box_remove (self->steps, GTK_WIDGET (row));
      else
        gtk_list_box_append (self->steps, create_step (step));
    }
  return is_new;
}

/* It is the first, if there is one. */
static gboolean
has_chosen (GPtrArray *choices)
{
  return choices != NULL && choices->len > 0 &&
         ((const FerryPathChoice *) choices->pdata[0])->kind == FERRY_PATH_CHOSEN;
}

static void
update_choices (FerryTransferDetails *self,
                FerryPathReport      *report)
{
  g_autoptr(GPtrArray) choices = report != NULL ? ferry_path_text_explain (report) : NULL;
  const char *title = has_chosen (choices) ? _("Why This Path") : _("What Did Not Work");

  clear (self->choices);
  for (guint i = 0; choices != NULL && i < choices->len; i++)
    add_choice (self, choices->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->choice_group), choices != NULL && choices->len > 0);
  adw_preferences_group_set_title (self->choice_group, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choices), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
}

static void
update_path (FerryTransferDetails *self)
{
  FerryPathReport *report = ferry_transfer_get_report (self->transfer);

  if (update_steps (self, report))
    update_choices (self, report);
  gtk_widget_set_visible (self->steps_group,
                          gtk_list_box_get_row_at_index (self->steps, 0) != NULL);
}

static void
update (FerryTransferDetails *self)
{
  const GError *error = ferry_transfer_get_error (self->transfer);
  g_autofree char *name = ferry_display_text (ferry_transfer_get_name (self->transfer), 255);
  g_autofree char *status = ferry_transfer_text_status (self->transfer);
  g_autofree char *details = ferry_transfer_text_details (self->transfer);

  set_label (self->name, name);
  set_label (self->status, status);
  set_label (self->advice, error != NULL ? ferry_error_text_advice (error) : NULL);
  set_label (self->details, details);
  update_path (self);
}

static gboolean
refresh_cb (gpointer user_data)
{
  FerryTransferDetails *self = user_data;

  update (self);
  if (!ferry_transfer_is_ended (self->transfer))
    return G_SOURCE_CONTINUE;
  self->timer = 0;
  return G_SOURCE_REMOVE;
}

/* Who copies this shows it to somebody. */
static char *
dup_report (FerryTransferDetails *self)
{
  g_autofree char *details = ferry_transfer_text_details (self->transfer);
  g_autofree char *masked = ferry_path_report_mask_text (details);
  FerryPathReport *report = ferry_transfer_get_report (self->transfer);
  g_autofree char *steps = report != NULL ? ferry_path_report_to_text (report, TRUE) : NULL;

  return steps != NULL ? g_strconcat (masked, "\n\n", steps, NULL) : g_steal_pointer (&masked);
}

static void
copy_cb (FerryTransferDetails *self)
{
  g_autofree char *text = dup_report (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("Copied, with addresses masked")));
}

GtkWidget *
ferry_transfer_details_new (GtkWindow     *parent,
                            FerryTransfer *transfer)
{
  FerryTransferDetails *self;

  g_return_val_if_fail (FERRY_IS_TRANSFER (transfer), NULL);

  self = g_object_new (FERRY_TYPE_TRANSFER_DETAILS, "transient-for", parent, NULL);
  self->transfer = g_object_ref (transfer);
  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  self->timer = g_timeout_add (REFRESH, refresh_cb, self);
  update (self);
  return GTK_WIDGET (self);
}

static void
ferry_transfer_details_dispose (GObject *object)
{
  FerryTransferDetails *self = FERRY_TRANSFER_DETAILS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->transfer);
  G_OBJECT_CLASS (ferry_transfer_details_parent_class)->dispose (object);
}

static void
ferry_transfer_details_class_init (FerryTransferDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_transfer_details_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/im/ferry/Ferry/transfer-details.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, toasts);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, name);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, status);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, advice);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, choice_group);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, choices);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, steps_group);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, steps);
  gtk_widget_class_bind_template_child (widget_class, FerryTransferDetails, details);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ferry_transfer_details_init (FerryTransferDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
