/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows real windows on models of our own, for looking at them and for measuring.
 *
 *   gallery [--size WxH] [--seconds N] [--measure] SCENE
 *
 * --measure: prints what frames cost on stdout and exits after N seconds. */

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gprintf.h>
#include <locale.h>
#include <stdio.h>
#include <time.h>

#include "gallery.h"

#define N_RUNNING 20
#define N_CONTACTS 10000
#define TICK 100 /* milliseconds: ten times a second */

static char *opt_size;
static char *opt_catalogues;
static int opt_seconds;
static gboolean opt_measure;

static FerryContact *
add_people (FerryRoster *roster)
{
  FerryContact *bob;

  fake_roster_add (roster, "juliet@capulet.lit", "Juliet Capulet", FERRY_PRESENCE_AVAILABLE,
                   "on the balcony");
  bob = fake_roster_add (roster, "bob@example.org", "Bob Builder", FERRY_PRESENCE_CHAT, NULL);
  fake_roster_add (roster, "mercutio@montague.lit", "Mercutio", FERRY_PRESENCE_AWAY, "at the ball");
  fake_roster_add (roster, "nurse@capulet.lit", "The Nurse", FERRY_PRESENCE_DND,
                   "A status that goes on and on, and then on again, until nobody reads it");
  fake_roster_add (roster, "friar@church.lit", "Friar Laurence", FERRY_PRESENCE_XA, NULL);
  fake_roster_add (roster, "tybalt@capulet.lit", "Tybalt", FERRY_PRESENCE_OFFLINE, NULL);
  fake_roster_add (roster, "rosaline@capulet.lit", "Rosaline", FERRY_PRESENCE_OFFLINE, NULL);
  return bob;
}

static void
add_files (FerryTransferQueue *queue,
           FerryContact       *bob)
{
  FerryTransfer *transfer;

  transfer = fake_queue_add (queue, bob, FERRY_DIRECTION_SEND, "holiday.zip", 24500000,
                             FERRY_TRANSFER_RUNNING);
  fake_transfer_set_path (transfer, FERRY_PATH_DIRECT);
  fake_transfer_set_security (transfer, TRUE, FERRY_TRUST_FIRST_USE);
  fake_transfer_progress (transfer, 12400000, 201000);
  transfer = fake_queue_add (queue, bob, FERRY_DIRECTION_RECEIVE, "scan.pdf", 3200000,
                             FERRY_TRANSFER_VERIFYING);
  fake_transfer_set_path (transfer, FERRY_PATH_PROXY);
  fake_transfer_set_security (transfer, TRUE, FERRY_TRUST_PHRASE);
  fake_transfer_progress (transfer, 3200000, 0);
  gallery_add_report (transfer);
  transfer = fake_queue_add (queue, bob, FERRY_DIRECTION_SEND,
                             "a very long name of a lecture about the history of ferries, part 12.mkv",
                             4700000000, FERRY_TRANSFER_PAUSED);
  fake_transfer_set_path (transfer, FERRY_PATH_IN_BAND);
  fake_transfer_progress (transfer, 1700000000, 0);
  fake_queue_add (queue, bob, FERRY_DIRECTION_SEND, "notes.txt", 1200, FERRY_TRANSFER_WAITING);
  transfer = fake_queue_add (queue, bob, FERRY_DIRECTION_RECEIVE, "photo.jpg", 5300000,
                             FERRY_TRANSFER_DONE);
  fake_transfer_set_path (transfer, FERRY_PATH_DIRECT);
  transfer = fake_queue_add (queue, bob, FERRY_DIRECTION_SEND, "song.flac", 31000000,
                             FERRY_TRANSFER_OFFERING);
  fake_transfer_fail (transfer, "connect",
                      g_error_new (FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_NO_ROUTE,
                                   "connect: 192.0.2.7:5281 refused; proxy.example.org timed out"));
  gallery_add_report (transfer);
  fake_queue_add (queue, bob, FERRY_DIRECTION_SEND, "minutes.odt", 61000, FERRY_TRANSFER_DECLINED);
}

FerryContact *
gallery_show_main (Gallery *self)
{
  FerryContact *bob = add_people (ferry_client_get_roster (self->client));

  add_files (ferry_client_get_queue (self->client), bob);
  fake_trust_set (ferry_client_get_trust (self->client), "bob@example.org", FERRY_TRUST_FIRST_USE,
                  FALSE);
  fake_trust_set (ferry_client_get_trust (self->client), "nurse@capulet.lit", FERRY_TRUST_PHRASE,
                  FALSE);
  fake_trust_set (ferry_client_get_trust (self->client), "mercutio@montague.lit",
                  FERRY_TRUST_COMPARED, TRUE);
  ferry_window_set_client (self->window, self->client);
  ferry_window_show_contact (self->window, bob);
  return bob;
}

static void
scene_main (Gallery *self)
{
  gallery_show_main (self);
}

static void
scene_list (Gallery *self)
{
  FerryContact *bob = add_people (ferry_client_get_roster (self->client));

  add_files (ferry_client_get_queue (self->client), bob);
  ferry_window_set_client (self->window, self->client);
}

static void
scene_empty (Gallery *self)
{
  ferry_window_set_client (self->window, self->client);
}

static void
scene_page (Gallery *self)
{
  FerryContact *bob = add_people (ferry_client_get_roster (self->client));

  ferry_window_set_client (self->window, self->client);
  ferry_window_show_contact (self->window, bob);
}

static void
scene_offline (Gallery *self)
{
  GError *error = g_error_new (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_LOST, "lost");

  scene_main (self);
  fake_account_set_state (ferry_client_get_account (self->client), FERRY_ACCOUNT_WAITING, error,
                          g_get_monotonic_time () + 8 * G_USEC_PER_SEC);
}

static void
scene_request (Gallery *self)
{
  FerryRoster *roster = ferry_client_get_roster (self->client);
  FerryContact *contact = fake_roster_add (roster, "benvolio@montague.lit", "Benvolio",
                                           FERRY_PRESENCE_OFFLINE, NULL);

  scene_main (self);
  fake_roster_request (roster, contact);
}

static gboolean
offer_cb (gpointer user_data)
{
  Gallery *self = user_data;
  FerryTransferQueue *queue = ferry_client_get_queue (self->client);
  FerryContact *juliet = ferry_roster_lookup (ferry_client_get_roster (self->client),
                                              "juliet@capulet.lit", FALSE);

  fake_queue_add (queue, juliet, FERRY_DIRECTION_RECEIVE, "summer\u202Egpj.exe", 24500000,
                  FERRY_TRANSFER_OFFERED);
  fake_queue_add (queue, juliet, FERRY_DIRECTION_RECEIVE, "letter.pdf", 245000,
                  FERRY_TRANSFER_OFFERED);
  return G_SOURCE_REMOVE;
}

static void
scene_offer (Gallery *self)
{
  scene_main (self);
  g_timeout_add (300, offer_cb, self);
}

static void
scene_setup (Gallery *self)
{
}

static void
scene_wrong_password (Gallery *self)
{
  FerrySetupPage *page = ferry_window_get_setup_page (self->window);
  g_autoptr(GError) error = g_error_new (FERRY_CONNECTION_ERROR, FERRY_CONNECTION_ERROR_AUTH,
                                         "not-authorized");

  ferry_setup_page_ask (page, "romeo@montague.lit");
  ferry_setup_page_complain (page, error);
}

static void
scene_connecting (Gallery *self)
{
  FerrySetupPage *page = ferry_window_get_setup_page (self->window);

  ferry_setup_page_ask (page, "romeo@montague.lit");
  ferry_setup_page_set_busy (page, TRUE);
}

static void
scene_many (Gallery *self)
{
  fake_roster_add_many (ferry_client_get_roster (self->client), N_CONTACTS);
  ferry_window_set_client (self->window, self->client);
}

static gboolean
move_cb (gpointer user_data)
{
  GListModel *queue = user_data;

  for (guint i = 0; i < g_list_model_get_n_items (queue); i++)
    {
      g_autoptr(FerryTransfer) transfer = g_list_model_get_item (queue, i);
      gint64 bytes = ferry_transfer_get_bytes (transfer) + 310000 + 7000 * i;

      fake_transfer_progress (transfer, bytes % ferry_transfer_get_size (transfer),
                              3.1e6 + 1e5 * (double) (bytes % 9));
    }
  return G_SOURCE_CONTINUE;
}

static void
scene_running (Gallery *self)
{
  FerryTransferQueue *queue = ferry_client_get_queue (self->client);
  FerryContact *bob = add_people (ferry_client_get_roster (self->client));

  fake_roster_add_many (ferry_client_get_roster (self->client), N_CONTACTS);
  for (guint i = 0; i < N_RUNNING; i++)
    {
      g_autofree char *name = g_strdup_printf ("film-%02u.mkv", i);
      FerryTransfer *transfer = fake_queue_add (queue, bob, FERRY_DIRECTION_SEND, name, 700000000,
                                                FERRY_TRANSFER_RUNNING);

      fake_transfer_set_path (transfer, FERRY_PATH_DIRECT);
    }
  ferry_window_set_client (self->window, self->client);
  ferry_window_show_contact (self->window, bob);
  g_timeout_add (TICK, move_cb, queue);
}

static const Scene scenes[] = {
  { "main", scene_main },
  { "list", scene_list },
  { "empty", scene_empty },
  { "page", scene_page },
  { "offline", scene_offline },
  { "request", scene_request },
  { "offer", scene_offer },
  { "setup", scene_setup },
  { "wrong-password", scene_wrong_password },
  { "connecting", scene_connecting },
  { "many", scene_many },
  { "running", scene_running },
  { NULL },
};

static void
build_scene (Gallery     *self,
             const Scene *rows)
{
  for (; rows->name != NULL; rows++)
    if (g_str_equal (rows->name, self->scene))
      rows->build (self);
}

/* A busy machine does not change it. µs */
static gint64
get_cpu_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
before_paint_cb (GdkFrameClock *clock,
                 Gallery       *self)
{
  self->before = get_cpu_time ();
}

static void
after_paint_cb (GdkFrameClock *clock,
                Gallery       *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 cost = get_cpu_time () - self->before;

  if (self->first == 0)
    {
      self->first = now;
      self->first_cpu = get_cpu_time ();
    }
  else if (now - self->first > G_USEC_PER_SEC)
    g_array_append_val (self->frames, cost);
}

static void
realize_cb (GtkWidget *window,
            Gallery   *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), self);
}

static int
compare_cost (gconstpointer a,
              gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* One JSON object, for tests/bench. */
static void
print_figures (Gallery *self)
{
  gint64 sum = 0;
  double mean = 0;
  double p95 = 0;

  g_array_sort (self->frames, compare_cost);
  for (guint i = 0; i < self->frames->len; i++)
    sum += g_array_index (self->frames, gint64, i);
  if (self->frames->len > 0)
    {
      mean = (double) sum / self->frames->len / 1000;
      p95 = (double) g_array_index (self->frames, gint64, self->frames->len * 95 / 100) / 1000;
    }
  g_print ("{\"scene\": \"%s\", \"first_frame_ms\": %.1f, \"first_frame_cpu_ms\": %.1f, "
           "\"frames\": %u, \"frame_mean_ms\": %.2f, \"frame_p95_ms\": %.2f}\n", self->scene,
           (double) (self->first - self->started) / 1000, (double) self->first_cpu / 1000,
           self->frames->len, mean, p95);
}

static gboolean
quit_cb (gpointer user_data)
{
  Gallery *self = user_data;

  if (opt_measure)
    print_figures (self);
  gtk_window_destroy (GTK_WINDOW (self->window));
  return G_SOURCE_REMOVE;
}

/* No window is wider than the one that is asked for. */
static void
narrow (int width,
        int height)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; width < 440 && l != NULL; l = l->next)
    gtk_window_set_default_size (l->data, width, height);
}

static void
activate_cb (Gallery *self)
{
  int width = G_MAXINT;
  int height = G_MAXINT;

  self->profile = ferry_profile_new (&self->options, NULL);
  g_assert (self->profile != NULL);
  self->client = fake_client_new ();
  ferry_window_add_shortcuts (GTK_APPLICATION (self->app));
  self->window = ferry_window_new (GTK_APPLICATION (self->app), self->profile);
  if (opt_size != NULL && sscanf (opt_size, "%dx%d", &width, &height) == 2)
    gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  g_signal_connect (self->window, "realize", G_CALLBACK (realize_cb), self);
  build_scene (self, scenes);
  gtk_window_present (GTK_WINDOW (self->window));
  build_scene (self, gallery_chat_scenes);
  build_scene (self, gallery_path_scenes);
  narrow (width, height);
  if (opt_seconds > 0)
    g_timeout_add_seconds ((guint) opt_seconds, quit_cb, self);
}

int
main (int    argc,
      char **argv)
{
  const GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_STRING, &opt_size, "Size of the window", "WxH" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &opt_seconds, "Quit after so long", "N" },
    { "catalogues", 0, 0, G_OPTION_ARG_FILENAME, &opt_catalogues, "Translations", "DIR" },
    { "measure", 0, 0, G_OPTION_ARG_NONE, &opt_measure, "Print what frames cost", NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("SCENE");
  g_autoptr(GError) error = NULL;
  Gallery self = { .started = g_get_monotonic_time () };
  int status;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("gallery: %s\n", error != NULL ? error->message : "name one scene");
      return 2;
    }
  if (opt_catalogues != NULL)
    {
      setlocale (LC_ALL, "");
      bindtextdomain (GETTEXT_PACKAGE, opt_catalogues);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      textdomain (GETTEXT_PACKAGE);
    }
  self.scene = argv[1];
  self.frames = g_array_new (FALSE, FALSE, sizeof (gint64));
  self.app = g_object_new (ADW_TYPE_APPLICATION, "application-id", APPLICATION_ID,
                           "flags", G_APPLICATION_NON_UNIQUE,
                           "resource-base-path", "/im/ferry/Ferry", NULL);
  g_signal_connect_swapped (self.app, "activate", G_CALLBACK (activate_cb), &self);
  status = g_application_run (G_APPLICATION (self.app), 0, NULL);
  g_object_unref (self.app);
  g_clear_object (&self.client);
  ferry_profile_free (self.profile);
  g_array_unref (self.frames);
  return status;
}
