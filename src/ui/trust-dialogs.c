/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "trust-dialogs"

#include "config.h"

#include "ui/trust-dialogs.h"

#include <glib/gi18n.h>

#include "ui/contact-text.h"

/* What a question is about. Freed with the dialog. */
typedef struct
{
  FerryTrust *trust; /* (owned) */
  char       *jid;   /* (owned) (nullable): of whom; %NULL: our own key */
} Question;

static void
question_free (gpointer  data,
               GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->trust);
  g_free (question->jid);
  g_free (question);
}

/* To who asked for it in the preferences, the one place with this question. */
static void
complain (GtkWindow    *parent,
          const GError *error)
{
  g_warning ("The identity cannot be replaced: %s", error->message);
  if (ADW_IS_PREFERENCES_WINDOW (parent))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (parent),
                                      adw_toast_new (_("The key could not be replaced")));
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  Question *question = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_str_equal (response, "yes"))
    return;
  if (question->jid != NULL)
    ferry_trust_forget (question->trust, question->jid);
  else if (!ferry_trust_replace_identity (question->trust, &error))
    complain (gtk_window_get_transient_for (GTK_WINDOW (dialog)), error);
}

static AdwMessageDialog *
ask (GtkWindow  *parent,
     FerryTrust *trust,
     const char *jid,
     const char *yes)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, NULL, NULL);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);
  Question *question = g_new0 (Question, 1);

  question->trust = g_object_ref (trust);
  question->jid = g_strdup (jid);
  adw_message_dialog_add_responses (message, "cancel", _("_Cancel"), "yes", yes, NULL);
  adw_message_dialog_set_response_appearance (message, "yes", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  return message;
}

void
ferry_trust_dialogs_ask_forget (GtkWindow    *parent,
                                FerryTrust   *trust,
                                FerryContact *contact)
{
  g_autofree char *name = ferry_contact_text_name (contact);
  AdwMessageDialog *dialog = ask (parent, trust, ferry_contact_get_jid (contact), _("_Forget"));

  adw_message_dialog_format_heading (dialog, _("Forget %s’s Key?"), name);
  adw_message_dialog_format_body (dialog,
                                  _("Whatever key is shown next for %s is taken for theirs, "
                                    "whoever shows it. Do this only if they told you, face to "
                                    "face or by phone, that they have a new computer or "
                                    "installed Ferry anew. Verify the new key then."), name);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
ferry_trust_dialogs_ask_replace (GtkWindow  *parent,
                                 FerryTrust *trust)
{
  AdwMessageDialog *dialog = ask (parent, trust, NULL, _("_Replace"));

  adw_message_dialog_set_heading (dialog, _("Replace Your Key?"));
  adw_message_dialog_set_body (dialog,
                               _("Everybody who knows your old key is warned, and cannot send you "
                                 "anything until they decide. You have to verify each other "
                                 "again. Do this only if somebody else may have your key."));
  gtk_window_present (GTK_WINDOW (dialog));
}
