/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "diagnosis-row"

#include "config.h"

#include "ui/diagnosis-row.h"

#include <glib/gi18n.h>

#include "ui/reason-text.h"

struct _FerryDiagnosisRow
{
  AdwActionRow parent_instance;

  GtkImage *icon;
};

G_DEFINE_FINAL_TYPE (FerryDiagnosisRow, ferry_diagnosis_row, ADW_TYPE_ACTION_ROW)

static const struct
{
  const char *icon;
  const char *name;
  const char *css_class; /* (nullable) */
} verdicts[] = {
  [FERRY_VERDICT_GOOD] = { "ferry-good-symbolic", NC_("verdict", "Good"), "success" },
  [FERRY_VERDICT_POOR] = { "ferry-poor-symbolic", NC_("verdict", "Poor"), "warning" },
  [FERRY_VERDICT_BAD] = { "ferry-bad-symbolic", NC_("verdict", "Bad"), "error" },
  [FERRY_VERDICT_SKIPPED] = { "ferry-skipped-symbolic", NC_("verdict", "Not tested"), "dim-label" },
  [FERRY_VERDICT_PENDING] = { "content-loading-symbolic", NC_("verdict", "Being tested"),
                              "dim-label" },
};

static FerryVerdict
judge_kind (FerryNetworkKind kind)
{
  switch (kind)
    {
    case FERRY_NETWORK_PUBLIC:
    case FERRY_NETWORK_MAPPED:
      return FERRY_VERDICT_GOOD;
    case FERRY_NETWORK_OFFLINE:
      return FERRY_VERDICT_BAD;
    case FERRY_NETWORK_RELAYED:
      return FERRY_VERDICT_SKIPPED;
    case FERRY_NETWORK_KEEPS_PORTS:
    case FERRY_NETWORK_IPV6_ONLY:
    case FERRY_NETWORK_CARRIER:
    case FERRY_NETWORK_SYMMETRIC:
    case FERRY_NETWORK_UNKNOWN:
    default:
      return FERRY_VERDICT_POOR;
    }
}

static void
show_verdict (FerryDiagnosisRow *self,
              FerryVerdict       verdict)
{
  const char *const classes[] = { verdicts[verdict].css_class, NULL };

  gtk_image_set_from_icon_name (self->icon, verdicts[verdict].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char **) classes);
}

static void
say (FerryDiagnosisRow *self,
     FerryVerdict       verdict,
     const char        *title,
     const char        *text)
{
  const char *name = g_dpgettext2 (NULL, "verdict", verdicts[verdict].name);
  g_autofree char *whole = g_strdup_printf ("%s. %s", name, text);

  show_verdict (self, verdict);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  /* Its name is the title, as of every such row. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, whole,
                                  -1);
}

static char *
dup_filling (const char *text)
{
  return text != NULL ? ferry_reason_text (text) : NULL;
}

void
ferry_diagnosis_row_set_finding (FerryDiagnosisRow  *self,
                                 const FerryFinding *finding)
{
  g_autofree char *subject = dup_filling (finding->subject);
  g_autofree char *detail = dup_filling (finding->detail);
  g_autofree char *text = ferry_found_fill (_(ferry_found_get_text (finding->found)), subject,
                                            detail);

  g_return_if_fail (FERRY_IS_DIAGNOSIS_ROW (self));

  say (self, finding->verdict, _(ferry_test_get_title (finding->test)), text);
  gtk_widget_remove_css_class (GTK_WIDGET (self), "diagnosis");
}

void
ferry_diagnosis_row_set_kind (FerryDiagnosisRow *self,
                              FerryNetworkKind   kind)
{
  g_return_if_fail (FERRY_IS_DIAGNOSIS_ROW (self));

  say (self, judge_kind (kind), _(ferry_network_kind_get_title (kind)),
       _(ferry_network_kind_get_text (kind)));
  gtk_widget_add_css_class (GTK_WIDGET (self), "diagnosis");
}

void
ferry_diagnosis_row_set_advice (FerryDiagnosisRow *self,
                                FerryAdvice        advice)
{
  const char *text = _(ferry_advice_get_text (advice));

  g_return_if_fail (FERRY_IS_DIAGNOSIS_ROW (self));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), text);
  gtk_image_set_from_icon_name (self->icon, "ferry-details-symbolic");
}

GtkWidget *
ferry_diagnosis_row_new (void)
{
  return g_object_new (FERRY_TYPE_DIAGNOSIS_ROW, "use-markup", FALSE, "title-lines", 0,
                       "subtitle-lines", 0, NULL);
}

static void
ferry_diagnosis_row_class_init (FerryDiagnosisRowClass *klass)
{
}

static void
ferry_diagnosis_row_init (FerryDiagnosisRow *self)
{
  self->icon = GTK_IMAGE (gtk_image_new ());
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->icon));
}
