/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The scenes that tell how files find their way. */

#include "config.h"

#include "gallery.h"

#include "ui/network-test-group.h"
#include "ui/preferences-window.h"
#include "ui/transfer-details.h"

/* One row of a report. */
typedef struct
{
  gint64             time; /* ms */
  FerryPathStepKind  kind;
  const char        *way;
  const char        *host;
  guint16            port;
  const char        *text;
} Step;

static const Step by_proxy[] = {
  { 0, FERRY_PATH_STEP_NOTE, NULL, NULL, 0,
    "Pidgin tries one host after another, each for five seconds" },
  { 0, FERRY_PATH_STEP_OFFERED, "interface", "192.168.178.20", 40112, NULL },
  { 0, FERRY_PATH_STEP_OFFERED, "interface", "2001:db8:4711:20:1c0a:8d4f:9b32:77e1", 40112, NULL },
  { 0, FERRY_PATH_STEP_LEFT_OUT, "mapped", NULL, 0, "the router refuses" },
  { 0, FERRY_PATH_STEP_LEFT_OUT, "hole punching", "203.0.113.7", 40112, "the router changes ports" },
  { 1, FERRY_PATH_STEP_OFFERED, "proxy", "proxy.montague.lit", 5000, NULL },
  { 40, FERRY_PATH_STEP_RECEIVED, "interface", "10.0.2.15", 5281, NULL },
  { 41, FERRY_PATH_STEP_TRIED, "interface", "10.0.2.15", 5281, NULL },
  { 61, FERRY_PATH_STEP_REFUSED, "interface", "10.0.2.15", 5281, "refused" },
  { 1302, FERRY_PATH_STEP_REPORTED, NULL, NULL, 0, "the peer reached none of our hosts" },
  { 1303, FERRY_PATH_STEP_TRIED, "proxy", "proxy.montague.lit", 5000, NULL },
  { 1320, FERRY_PATH_STEP_REACHED, "proxy", "proxy.montague.lit", 5000, NULL },
  { 1390, FERRY_PATH_STEP_CHOSEN, "proxy", "proxy.montague.lit", 5000, NULL },
};

static const Step in_vain[] = {
  { 0, FERRY_PATH_STEP_OFFERED, "interface", "192.168.178.20", 40112, NULL },
  { 38, FERRY_PATH_STEP_RECEIVED, "interface", "192.0.2.7", 5281, NULL },
  { 39, FERRY_PATH_STEP_TRIED, "interface", "192.0.2.7", 5281, NULL },
  { 58, FERRY_PATH_STEP_REFUSED, "interface", "192.0.2.7", 5281, "refused" },
  { 59, FERRY_PATH_STEP_TRIED, "proxy", "proxy.example.org", 5000, NULL },
  { 5060, FERRY_PATH_STEP_REFUSED, "proxy", "proxy.example.org", 5000, "timed out" },
};

static FerryPathReport *
create_report (const Step *steps,
               gsize       n_steps)
{
  FerryPathReport *report = ferry_path_report_new (0);

  for (gsize i = 0; i < n_steps; i++)
    ferry_path_report_add (report, steps[i].time * 1000, steps[i].kind, steps[i].way,
                           steps[i].host, steps[i].port, steps[i].text);
  return report;
}

void
gallery_add_report (FerryTransfer *transfer)
{
  gboolean is_vain = ferry_transfer_get_state (transfer) == FERRY_TRANSFER_FAILED;

  fake_transfer_take_report (transfer, is_vain
                                       ? create_report (in_vain, G_N_ELEMENTS (in_vain))
                                       : create_report (by_proxy, G_N_ELEMENTS (by_proxy)));
}

static FerryTransfer *
find_transfer (Gallery    *self,
               const char *name)
{
  GListModel *queue = G_LIST_MODEL (ferry_client_get_queue (self->client));

  for (guint i = 0; i < g_list_model_get_n_items (queue); i++)
    {
      g_autoptr(FerryTransfer) transfer = g_list_model_get_item (queue, i);

      if (g_str_equal (ferry_transfer_get_name (transfer), name))
        return transfer;
    }
  g_assert_not_reached ();
}

/* More of the way becomes known while one looks at it. */
static gboolean
chosen_cb (gpointer user_data)
{
  FerryTransfer *transfer = user_data;

  ferry_path_report_add (ferry_transfer_get_report (transfer), 2000000, FERRY_PATH_STEP_BROKEN,
                         "proxy", NULL, 0, "the connection was lost");
  ferry_path_report_add (ferry_transfer_get_report (transfer), 2300000, FERRY_PATH_STEP_CHOSEN,
                         "in-band", NULL, 0, NULL);
  return G_SOURCE_REMOVE;
}

static void
show_details (Gallery    *self,
              const char *name)
{
  GtkWidget *window;

  gallery_show_main (self);
  window = ferry_transfer_details_new (GTK_WINDOW (self->window), find_transfer (self, name));
  gtk_window_present (GTK_WINDOW (window));
}

static void
scene_details (Gallery *self)
{
  show_details (self, "scan.pdf");
}

static void
scene_details_changing (Gallery *self)
{
  show_details (self, "scan.pdf");
  g_timeout_add (1500, chosen_cb, find_transfer (self, "scan.pdf"));
}

/* There is no room for more steps: each that comes displaces another. */
static void
scene_details_full (Gallery *self)
{
  FerryPathReport *report;

  show_details (self, "scan.pdf");
  report = ferry_transfer_get_report (find_transfer (self, "scan.pdf"));
  while (ferry_path_report_get_n (report) < FERRY_PATH_REPORT_MAX_STEPS)
    ferry_path_report_add (report, 1500000, FERRY_PATH_STEP_NOTE, NULL, NULL, 0, "one of many");
  g_timeout_add (6000, chosen_cb, find_transfer (self, "scan.pdf"));
}

static void
scene_details_failed (Gallery *self)
{
  show_details (self, "song.flac");
}

/* The first that is a @type, in depth. (nullable) */
static GtkWidget *
find_inside (GtkWidget *widget,
             GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_inside (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
press_test (GtkWidget *window)
{
  GtkWidget *group = find_inside (window, FERRY_TYPE_NETWORK_TEST_GROUP);

  g_signal_emit_by_name (find_inside (group, GTK_TYPE_BUTTON), "clicked");
}

static void
scene_network (Gallery *self)
{
  gboolean is_alone = g_str_equal (self->scene, "network-signed-out") ||
                      g_str_equal (self->scene, "network-unreadable");
  GtkWidget *window;

  if (g_str_equal (self->scene, "network-unreadable"))
    {
      self->options.jid = g_strdup ("romeo@montague.lit");
      self->options.password_file = g_strdup ("/nonexistent/password");
    }
  fake_doctor_set_good (g_str_equal (self->scene, "network-good"));
  fake_doctor_set_slowness (g_str_equal (self->scene, "network-slow") ? 100 : 1);
  if (!is_alone)
    gallery_show_main (self);
  window = ferry_preferences_window_new (GTK_WINDOW (self->window), self->profile,
                                         is_alone ? NULL : self->client);
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (window), "network");
  gtk_window_present (GTK_WINDOW (window));
  if (g_str_equal (self->scene, "network-left"))
    ferry_account_disconnect (ferry_client_get_account (self->client));
  if (g_str_equal (self->scene, "network-tested"))
    press_test (window);
}

const Scene gallery_path_scenes[] = {
  { "details", scene_details },
  { "details-changing", scene_details_changing },
  { "details-failed", scene_details_failed },
  { "details-full", scene_details_full },
  { "network", scene_network },
  { "network-good", scene_network },
  { "network-left", scene_network },
  { "network-signed-out", scene_network },
  { "network-slow", scene_network },
  { "network-tested", scene_network },
  { "network-unreadable", scene_network },
  { NULL },
};
