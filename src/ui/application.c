/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "application"

#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>

#include "core/doctor.h"
#include "proto/jid.h"
#include "ui/application-private.h"

G_DEFINE_FINAL_TYPE (FerryApplication, ferry_application, ADW_TYPE_APPLICATION)

FerryApplication *
ferry_application_new (void)
{
  return g_object_new (FERRY_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/im/ferry/Ferry",
                       NULL);
}

#define SCHEME "xmpp:"

/* "xmpp:juliet@example.org?message" → "juliet@example.org" (RFC 5122). @file: is_xmpp() */
static char *
dup_jid_of_uri (GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);
  const char *start = uri + strlen (SCHEME);
  g_autofree char *address = NULL;
  g_autofree char *jid = NULL;

  address = g_uri_unescape_segment (start + strspn (start, "/"), start + strcspn (start, "?#;"),
                                    NULL);
  jid = address != NULL ? ferry_jid_normalise (address, NULL) : NULL;
  return jid != NULL ? ferry_jid_dup_bare (jid) : NULL;
}

/* What GIO takes for no URI at all has no scheme for it either. */
static gboolean
is_xmpp (GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);

  return g_ascii_strncasecmp (uri, SCHEME, strlen (SCHEME)) == 0;
}

static void
open_address (FerryApplication *self,
              GFile            *file)
{
  g_autofree char *jid = dup_jid_of_uri (file);
  FerryContact *contact;

  if (jid == NULL)
    {
      ferry_window_say (self->window, _("This is not an address."));
      return;
    }
  contact = ferry_roster_lookup (ferry_client_get_roster (self->client), jid, FALSE);
  if (contact != NULL)
    ferry_window_show_contact (self->window, contact);
  else
    ferry_window_add_contact (self->window, jid);
}

void
ferry_application_open_waiting (FerryApplication *self)
{
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);

  if (self->client == NULL || self->window == NULL || self->to_open->len == 0 ||
      !ferry_roster_is_loaded (ferry_client_get_roster (self->client)))
    return;
  for (guint i = 0; i < self->to_open->len; i++)
    if (is_xmpp (self->to_open->pdata[i]))
      open_address (self, self->to_open->pdata[i]);
    else
      g_list_store_append (files, self->to_open->pdata[i]);
  g_ptr_array_set_size (self->to_open, 0);
  if (g_list_model_get_n_items (G_LIST_MODEL (files)) > 0)
    ferry_window_ask_recipient (self->window, G_LIST_MODEL (files));
}

static void
ferry_application_activate (GApplication *app)
{
  FerryApplication *self = FERRY_APPLICATION (app);

  if (self->profile == NULL)
    return;
  if (self->window == NULL)
    {
      self->window = ferry_window_new (GTK_APPLICATION (app), self->profile);
      g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
      ferry_application_watch_setup (self);
      ferry_application_start_account (self);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
ferry_application_open (GApplication  *app,
                        GFile        **files,
                        int            n_files,
                        const char    *hint)
{
  FerryApplication *self = FERRY_APPLICATION (app);

  for (int i = 0; i < n_files; i++)
    g_ptr_array_add (self->to_open, g_object_ref (files[i]));
  g_application_activate (app);
  ferry_application_open_waiting (self);
}

/* A separate profile is a separate program: it must not hand over to the first. */
static int
ferry_application_handle_local_options (GApplication *app,
                                        GVariantDict *options)
{
  FerryApplication *self = FERRY_APPLICATION (app);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("ferry " PACKAGE_VERSION "\n");
      return 0;
    }
  if (self->options.profile_dir != NULL)
    g_application_set_flags (app, g_application_get_flags (app) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static gboolean
terminated_cb (gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));
  return G_SOURCE_CONTINUE;
}

static void
ferry_application_startup (GApplication *app)
{
  FerryApplication *self = FERRY_APPLICATION (app);
  g_autoptr(GError) error = NULL;

  G_APPLICATION_CLASS (ferry_application_parent_class)->startup (app);
  gtk_window_set_default_icon_name (APPLICATION_ID);
  self->profile = ferry_profile_new (&self->options, &error);
  if (self->profile == NULL)
    g_printerr ("ferry: %s\n", error->message);
  else
    ferry_application_watch_preferences (self);
  ferry_application_install_actions (self);
  self->signals[0] = g_unix_signal_add (SIGTERM, terminated_cb, self);
  self->signals[1] = g_unix_signal_add (SIGINT, terminated_cb, self);
}

static void
ferry_application_shutdown (GApplication *app)
{
  FerryApplication *self = FERRY_APPLICATION (app);

  g_clear_handle_id (&self->signals[0], g_source_remove);
  g_clear_handle_id (&self->signals[1], g_source_remove);
  g_cancellable_cancel (self->cancellable);
  ferry_application_drop_client (self);
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  while (self->n_leaving > 0 || ferry_doctor_is_alone_anywhere ()) /* a second at most */
    g_main_context_iteration (NULL, TRUE);
  G_APPLICATION_CLASS (ferry_application_parent_class)->shutdown (app);
}

static void
ferry_application_finalize (GObject *object)
{
  FerryApplication *self = FERRY_APPLICATION (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->to_open);
  ferry_profile_free (self->profile);
  ferry_options_clear (&self->options);
  G_OBJECT_CLASS (ferry_application_parent_class)->finalize (object);
}

static void
ferry_application_class_init (FerryApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ferry_application_finalize;
  app_class->activate = ferry_application_activate;
  app_class->open = ferry_application_open;
  app_class->handle_local_options = ferry_application_handle_local_options;
  app_class->startup = ferry_application_startup;
  app_class->shutdown = ferry_application_shutdown;
}

static void
ferry_application_init (FerryApplication *self)
{
  self->cancellable = g_cancellable_new ();
  self->to_open = g_ptr_array_new_with_free_func (g_object_unref);
  g_application_add_main_option (G_APPLICATION (self), "version", 0, 0, G_OPTION_ARG_NONE,
                                 N_("Print the version and exit"), NULL);
  ferry_options_add_to (&self->options, G_APPLICATION (self));
}
