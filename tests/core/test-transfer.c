/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "legacy/jingle-1.h"
#include "two-clients.h"

#define KIB 1024
#define MIB (1024 * 1024)

/* The same story on both paths. */
typedef struct
{
  const char     *name;
  PartyConfigure  configure;
  FerryPaths      path;
} Way;

static void
configure_direct (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_DIRECT;
  settings->resume_within = 0;
}

static void
configure_in_band (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_IN_BAND;
  settings->resume_within = 0;
}

static const Way ways[] = {
  { "direct", configure_direct, FERRY_PATH_DIRECT },
  { "in-band", configure_in_band, FERRY_PATH_IN_BAND },
};

typedef struct
{
  TwoClients     clients;
  FerryTransfer *sent;     /* (owned) */
  FerryTransfer *offered;  /* (owned) */
} Story;

static void
story_set_up (Story         *story,
              gconstpointer  data)
{
  const Way *way = data;

  two_clients_set_up (&story->clients, way->configure);
  two_clients_befriend (&story->clients);
}

static void
story_tear_down (Story         *story,
                 gconstpointer  data)
{
  g_clear_object (&story->sent);
  g_clear_object (&story->offered);
  two_clients_tear_down (&story->clients);
}

static void
story_send (Story      *story,
            const char *name,
            GBytes     *contents)
{
  g_autoptr(GFile) file = make_file (&story->clients, name, contents);

  story->sent = g_object_ref (ferry_transfer_queue_send (story->clients.romeo.queue,
                                                         "juliet@capulet.lit", file));
}

static void
story_offer (Story      *story,
             const char *name,
             GBytes     *contents)
{
  story_send (story, name, contents);
  story->offered = g_object_ref (wait_for_transfer (&story->clients.juliet, 0));
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_OFFERED);
}

static void
story_end (Story              *story,
           FerryTransferState  sent,
           FerryTransferState  offered)
{
  wait_for_end (story->sent);
  wait_for_end (story->offered);

  if (ferry_transfer_get_error (story->sent) != NULL)
    g_test_message ("sent: %s", ferry_transfer_get_error (story->sent)->message);
  if (ferry_transfer_get_error (story->offered) != NULL)
    g_test_message ("offered: %s", ferry_transfer_get_error (story->offered)->message);

  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, sent);
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, offered);
}

static void
assert_error (FerryTransfer *transfer,
              int            code,
              const char    *step)
{
  g_assert_error ((GError *) ferry_transfer_get_error (transfer), FERRY_TRANSFER_ERROR, code);
  g_assert_cmpstr (ferry_transfer_get_step (transfer), ==, step);
  g_assert_true (g_str_has_prefix (ferry_transfer_get_error (transfer)->message, step));
}

static void
note_state_cb (FerryTransfer *transfer,
               GParamSpec    *pspec,
               gpointer       user_data)
{
  guint *states = user_data;

  *states |= 1u << ferry_transfer_get_state (transfer);
}

static void
test_arrives_whole_and_verified (Story         *story,
                                 gconstpointer  data)
{
  const Way *way = data;
  g_autoptr(GBytes) contents = make_contents (700 * KIB + 1);
  guint states = 0;

  story_offer (story, "report.pdf", contents);
  g_assert_cmpstr (ferry_transfer_get_name (story->offered), ==, "report.pdf");
  g_assert_cmpint (ferry_transfer_get_size (story->offered), ==, 700 * KIB + 1);
  g_assert_cmpstr (ferry_transfer_get_peer (story->offered), ==, ROMEO);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_OFFERING);

  g_signal_connect (story->offered, "notify::state", G_CALLBACK (note_state_cb), &states);
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_end (story, FERRY_TRANSFER_DONE, FERRY_TRANSFER_DONE);

  party_assert_has_file (&story->clients.juliet, "report.pdf", contents);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 1);
  g_assert_cmpuint (states, ==, 1u << FERRY_TRANSFER_CONNECTING | 1u << FERRY_TRANSFER_RUNNING
                                | 1u << FERRY_TRANSFER_VERIFYING | 1u << FERRY_TRANSFER_DONE);
  g_assert_cmpuint (ferry_transfer_get_verified (story->offered), ==, FERRY_VERIFIED_YES);
  g_assert_cmpuint (ferry_transfer_get_path (story->offered), ==, way->path);
  g_assert_cmpuint (ferry_transfer_get_path (story->sent), ==, way->path);
  g_assert_cmpstr (ferry_transfer_get_sha256 (story->offered), ==,
                   ferry_transfer_get_sha256 (story->sent));
  g_assert_nonnull (ferry_transfer_get_sha256 (story->sent));
  g_assert_cmpint (ferry_transfer_get_bytes (story->offered), ==, 700 * KIB + 1);
  g_assert_cmpint (ferry_transfer_get_bytes (story->sent), ==, 700 * KIB + 1);
  g_assert_nonnull (ferry_transfer_get_file (story->offered));
  g_assert_cmpstr (ferry_transfer_get_dialect (story->sent), ==, "jingle-1");
  g_signal_handlers_disconnect_by_data (story->offered, &states);
}

static void
test_small_sizes_arrive (Story         *story,
                         gconstpointer  data)
{
  static const gsize sizes[] = { 0, 1, KIB, 4096, 4097 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) contents = make_contents (sizes[i]);
      g_autofree char *name = g_strdup_printf ("%u.bin", i);

      story_send (story, name, contents);
      story->offered = g_object_ref (wait_for_transfer (&story->clients.juliet, i));
      ferry_transfer_accept (story->offered, NULL, NULL);
      story_end (story, FERRY_TRANSFER_DONE, FERRY_TRANSFER_DONE);
      party_assert_has_file (&story->clients.juliet, name, contents);
      g_assert_cmpuint (ferry_transfer_get_verified (story->offered), ==, FERRY_VERIFIED_YES);
      g_clear_object (&story->sent);
      g_clear_object (&story->offered);
    }
}

static void
count_cb (FerryTransfer *transfer,
          GParamSpec    *pspec,
          gpointer       user_data)
{
  *(guint *) user_data += 1;
}

/* Above 32 MiB the hash is only known at the end (FT5-2). */
static void
test_hash_follows_a_large_file (Story         *story,
                                gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (33 * MIB);
  guint n_notified = 0;

  if (((const Way *) data)->path == FERRY_PATH_IN_BAND)
    {
      g_test_skip ("The same code at a tenth of the speed");
      return;
    }

  story_offer (story, "large.bin", contents);
  g_signal_connect (story->sent, "notify::bytes", G_CALLBACK (count_cb), &n_notified);
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_end (story, FERRY_TRANSFER_DONE, FERRY_TRANSFER_DONE);
  g_signal_handlers_disconnect_by_data (story->sent, &n_notified);
  g_assert_cmpuint (n_notified, >=, 1);
  g_assert_cmpuint (n_notified, <=, 2 + 10 * ferry_transfer_get_elapsed (story->sent));
  party_assert_has_file (&story->clients.juliet, "large.bin", contents);
  g_assert_cmpuint (ferry_transfer_get_verified (story->offered), ==, FERRY_VERIFIED_YES);
}

static void
test_declined_is_not_an_error (Story         *story,
                               gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);

  story_offer (story, "no.bin", contents);
  ferry_transfer_decline (story->offered);
  story_end (story, FERRY_TRANSFER_DECLINED, FERRY_TRANSFER_DECLINED);
  g_assert_null (ferry_transfer_get_error (story->sent));
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
  g_assert_true (ferry_transfer_can_retry (story->sent));
}

/* Who thanks for a file before a byte of it was sent is not believed. */
static void
test_an_early_success_is_none (Story         *story,
                               gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);

  two_clients_tamper (&story->clients, "<decline/>", "<success/>");
  story_offer (story, "thanks.bin", contents);
  ferry_transfer_decline (story->offered);
  story_end (story, FERRY_TRANSFER_FAILED, FERRY_TRANSFER_DECLINED);
  g_assert_cmpuint (story->clients.n_tampered, ==, 1);
}

/* Our user's names, folders and the peer's, in one table (SEC-18). */
static void
test_names_are_made_safe (Story         *story,
                          gconstpointer  data)
{
  static const struct { const char *offered, *chosen, *stored; } rows[] = {
    { "../../escaped", NULL, "escaped" },
    { "plain.txt", NULL, "plain.txt" },
    { "plain.txt", NULL, "plain (1).txt" },
    { "plain.txt", "Übung.txt", "Übung.txt" },
    { "plain.txt", "../chosen", "chosen" },
  };
  g_autoptr(GBytes) contents = make_contents (10);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = g_strdup_printf ("<name>%s</name>", rows[i].offered);

      two_clients_tamper (&story->clients, "<name>local.txt</name>", name);
      story_send (story, "local.txt", contents);
      story->offered = g_object_ref (wait_for_transfer (&story->clients.juliet, i));
      ferry_transfer_accept (story->offered, NULL, rows[i].chosen);
      story_end (story, FERRY_TRANSFER_DONE, FERRY_TRANSFER_DONE);
      party_assert_has_file (&story->clients.juliet, rows[i].stored, contents);
      g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, i + 1);
      g_clear_object (&story->sent);
      g_clear_object (&story->offered);
    }
}

typedef enum
{
  ROMEO_CANCELS,
  JULIET_CANCELS,
} Who;

/* The state of the receiver's side in which it happens. */
static const FerryTransferState stages[] = {
  FERRY_TRANSFER_OFFERED,
  FERRY_TRANSFER_CONNECTING,
  FERRY_TRANSFER_RUNNING,
};

static void
reach (Story              *story,
       FerryTransferState  state)
{
  if (state == FERRY_TRANSFER_OFFERED)
    return;

  ferry_transfer_accept (story->offered, NULL, NULL);
  if (state == FERRY_TRANSFER_RUNNING)
    {
      ferry_transfer_set_paused (story->offered, TRUE);
      wait_for_state (story->offered, FERRY_TRANSFER_PAUSED);
      wait_ms (20);
    }
}

static void
cancel_at (Story              *story,
           FerryTransferState  state,
           Who                 who)
{
  g_autoptr(GBytes) contents = make_contents (8 * MIB);
  FerryTransfer *ours;
  FerryTransfer *theirs;

  story_send (story, "long.bin", contents);
  story->offered = g_object_ref (wait_for_transfer (
    &story->clients.juliet, g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue))));
  reach (story, state);
  ours = who == ROMEO_CANCELS ? story->sent : story->offered;
  theirs = who == ROMEO_CANCELS ? story->offered : story->sent;

  ferry_transfer_cancel (ours);
  g_assert_cmpuint (ferry_transfer_get_state (ours), ==, FERRY_TRANSFER_CANCELLED);
  g_assert_null (ferry_transfer_get_error (ours));
  wait_for_end (theirs);

  if (ferry_transfer_get_state (theirs) == FERRY_TRANSFER_FAILED)
    g_assert_error ((GError *) ferry_transfer_get_error (theirs), FERRY_TRANSFER_ERROR,
                    FERRY_TRANSFER_ERROR_PEER_CANCELLED);
  else /* An offer that is cancelled before the answer reads as declined. */
    g_assert_cmpuint (ferry_transfer_get_state (theirs), ==, FERRY_TRANSFER_DECLINED);

  wait_ms (50);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
  g_clear_object (&story->sent);
  g_clear_object (&story->offered);
}

static void
test_both_sides_can_cancel_at_any_time (Story         *story,
                                        gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    for (Who who = ROMEO_CANCELS; who <= JULIET_CANCELS; who++)
      cancel_at (story, stages[i], who);
}

/* FT-6: what does not fit its hash never gets its name. */
static void
test_wrong_hash_is_not_stored (Story         *story,
                               gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (5000);
  g_autofree guint8 *digest = g_new0 (guint8, 32);
  gsize length = 32;
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *right = NULL;
  g_autofree char *wrong = NULL;

  g_checksum_update (checksum, g_bytes_get_data (contents, NULL), 5000);
  g_checksum_get_digest (checksum, digest, &length);
  right = g_base64_encode (digest, 32);
  digest[0] ^= 1;
  wrong = g_base64_encode (digest, 32);
  two_clients_tamper (&story->clients, right, wrong);

  story_offer (story, "forged.bin", contents);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  g_assert_cmpuint (story->clients.n_tampered, ==, 1);
  assert_error (story->offered, FERRY_TRANSFER_ERROR_CORRUPT, "verify");
  g_assert_cmpuint (ferry_transfer_get_verified (story->offered), ==, FERRY_VERIFIED_NO);
  wait_for_state (story->sent, FERRY_TRANSFER_FAILED);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

/* SEC-20: a peer that announces another size than it sends. */
static void
test_wrong_size_is_not_stored (Story         *story,
                               gconstpointer  data)
{
  static const char *const sizes[] = { "<size>1000</size>", "<size>900000</size>" };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) contents = make_contents (400000);
      int code;

      two_clients_tamper (&story->clients, "<size>400000</size>", sizes[i]);
      story_send (story, "liar.bin", contents);
      story->offered = g_object_ref (wait_for_transfer (&story->clients.juliet, i));
      ferry_transfer_accept (story->offered, NULL, NULL);
      wait_for_state (story->offered, FERRY_TRANSFER_FAILED);
      code = ferry_transfer_get_error (story->offered)->code;

      /* Whether the byte too many is seen or the hash is: in band nothing can be seen. */
      if (i == 0)
        g_assert_true (code == FERRY_TRANSFER_ERROR_TOO_LARGE
                       || code == FERRY_TRANSFER_ERROR_CORRUPT);
      else
        g_assert_cmpint (code, ==, FERRY_TRANSFER_ERROR_TRUNCATED);

      g_assert_cmpint (ferry_transfer_get_bytes (story->offered), <=, 900000);
      wait_for_end (story->sent);
      g_assert_cmpuint (ferry_transfer_get_state (story->sent), !=, FERRY_TRANSFER_DONE);
      g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
      g_clear_object (&story->sent);
      g_clear_object (&story->offered);
    }
}

/* FT-3: without a size the end of the stream is the end of the file. */
static void
test_a_size_may_be_missing (Story         *story,
                            gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (100000);

  two_clients_tamper (&story->clients, "<size>100000</size>", "");
  story_offer (story, "endless.bin", contents);
  g_assert_cmpint (ferry_transfer_get_size (story->offered), ==, -1);
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_end (story, FERRY_TRANSFER_DONE, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, "endless.bin", contents);
}

static void
test_what_cannot_be_sent_says_why (Story         *story,
                                   gconstpointer  data)
{
  static const char *const names[] = { "missing", "folder", "pipe" };
  g_autofree char *folder = g_build_filename (story->clients.dir, "folder", NULL);
  g_autofree char *pipe = g_build_filename (story->clients.dir, "pipe", NULL);

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0644), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (story->clients.dir, names[i], NULL);
      g_autoptr(GFile) file = g_file_new_for_path (path);
      FerryTransfer *transfer = ferry_transfer_queue_send (story->clients.romeo.queue,
                                                           "juliet@capulet.lit", file);

      wait_for_state (transfer, FERRY_TRANSFER_FAILED);
      assert_error (transfer, FERRY_TRANSFER_ERROR_FILE, "offer");
    }
}

static void
test_a_file_that_changes_is_not_sent (Story         *story,
                                      gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (5000);
  g_autofree char *path = g_build_filename (story->clients.dir, "draft.txt", NULL);
  FILE *file;

  story_offer (story, "draft.txt", contents);
  file = fopen (path, "a");
  g_assert_cmpint (fputs ("more", file), >=, 0);
  fclose (file);
  ferry_transfer_accept (story->offered, NULL, NULL);
  story_end (story, FERRY_TRANSFER_FAILED, FERRY_TRANSFER_FAILED);
  g_assert_error ((GError *) ferry_transfer_get_error (story->sent), FERRY_TRANSFER_ERROR,
                  FERRY_TRANSFER_ERROR_FILE);
  g_assert_null (strstr (ferry_transfer_get_error (story->sent)->message, "disk"));
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
test_a_file_that_shrinks_midway_is_not_sent (Story         *story,
                                             gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (4 * MIB);
  g_autofree char *path = g_build_filename (story->clients.dir, "log.txt", NULL);

  story_offer (story, "log.txt", contents);
  ferry_transfer_set_paused (story->sent, TRUE);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->sent, FERRY_TRANSFER_PAUSED);
  g_assert_cmpint (truncate (path, 100), ==, 0);
  ferry_transfer_set_paused (story->sent, FALSE);
  story_end (story, FERRY_TRANSFER_FAILED, FERRY_TRANSFER_FAILED);
  assert_error (story->sent, FERRY_TRANSFER_ERROR_FILE, "data");
  g_assert_nonnull (strstr (ferry_transfer_get_error (story->sent)->message, "shorter"));
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
test_a_lost_folder_fails_the_transfer (Story         *story,
                                       gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);
  g_autoptr(GFile) folder = g_file_new_for_path ("/nonexistent/folder");

  story_offer (story, "homeless.bin", contents);
  ferry_transfer_accept (story->offered, folder, NULL);
  wait_for_end (story->offered);
  assert_error (story->offered, FERRY_TRANSFER_ERROR_DISK, "store");
  wait_for_end (story->sent);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), !=, FERRY_TRANSFER_DONE);
}

/* A disk that fails in the middle, in small: a limit to the size of files. */
/* SEC-20: the size is looked at before the first byte. */
static void
test_a_file_too_large_for_the_disk_is_not_begun (Story         *story,
                                                 gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (5000);

  two_clients_tamper (&story->clients, "<size>5000</size>", "<size>4000000000000000000</size>");
  story_offer (story, "huge.bin", contents);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  assert_error (story->offered, FERRY_TRANSFER_ERROR_DISK_FULL, "store");
  wait_for_end (story->sent);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
test_a_failing_disk_fails_the_transfer (Story         *story,
                                        gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (200 * KIB);
  void (*old_handler) (int) = signal (SIGXFSZ, SIG_IGN);
  struct rlimit old;
  struct rlimit small;

  /* The limit comes when the file is begun: some file systems would refuse to begin it. */
  story_offer (story, "too-much.bin", contents);
  ferry_transfer_set_paused (story->offered, TRUE);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->offered, FERRY_TRANSFER_PAUSED);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = 64 * KIB;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_end (story->offered);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  signal (SIGXFSZ, old_handler);

  assert_error (story->offered, FERRY_TRANSFER_ERROR_DISK, "data");
  g_assert_nonnull (strstr (ferry_transfer_get_error (story->offered)->message,
                            g_strerror (EFBIG)));
  wait_for_state (story->sent, FERRY_TRANSFER_FAILED);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
test_pause_holds_the_bytes (Story         *story,
                            gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (2 * MIB);
  gint64 bytes;

  story_offer (story, "slow.bin", contents);
  ferry_transfer_set_paused (story->sent, TRUE);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->sent, FERRY_TRANSFER_PAUSED);
  wait_ms (100);
  bytes = ferry_transfer_get_bytes (story->offered);
  g_assert_cmpint (bytes, <, 2 * MIB);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_PAUSED);

  ferry_transfer_set_paused (story->sent, FALSE);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_RUNNING);
  story_end (story, FERRY_TRANSFER_DONE, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, "slow.bin", contents);
}

static void
test_a_peer_that_leaves_is_missed (Story         *story,
                                   gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);

  story_offer (story, "late.bin", contents);
  party_show_presence (&story->clients.juliet, ROMEO, "unavailable");
  wait_for_end (story->sent);
  assert_error (story->sent, FERRY_TRANSFER_ERROR_PEER_GONE, "offer");
}

/* In-band nothing but presence says that no block will come; a stream of its own
 * says so itself, and presence is not asked (J-13). */
static void
test_a_peer_that_leaves_midway_is_missed (Story         *story,
                                          gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (4 * MIB);
  gboolean is_direct = ((const Way *) data)->path == FERRY_PATH_DIRECT;

  story_offer (story, "cut.bin", contents);
  ferry_transfer_set_paused (story->offered, TRUE);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->offered, FERRY_TRANSFER_PAUSED);
  party_show_presence (&story->clients.romeo, JULIET, "unavailable");

  if (is_direct)
    {
      ferry_transfer_set_paused (story->offered, FALSE);
      wait_for_state (story->offered, FERRY_TRANSFER_DONE);
      return;
    }

  wait_for_end (story->offered);
  assert_error (story->offered, FERRY_TRANSFER_ERROR_PEER_GONE, "data");
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

static void
test_our_connection_ends_what_needs_it (Story         *story,
                                        gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);

  story_offer (story, "offered.bin", contents);
  party_lose_connection (&story->clients.romeo, story->clients.server);
  assert_error (story->sent, FERRY_TRANSFER_ERROR_CONNECTION_LOST, "offer");
  party_show_presence (&story->clients.juliet, ROMEO, NULL);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_FAILED);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

/* As a connection does: not out of the blue, but from the main loop. */
static gboolean
connection_breaks_cb (gpointer user_data)
{
  Party *party = user_data;

  ferry_router_set_port (party->router, NULL);
  return G_SOURCE_REMOVE;
}

/* That nobody answers any more is no silence of the peer's. */
static void
test_a_question_lost_with_the_connection_is_no_answer (Story         *story,
                                                       gconstpointer  data)
{
  static const char *const lost[] = { "session-initiate", "session-accept" };
  g_autoptr(GBytes) contents = make_contents (KIB);

  for (guint i = 0; i < G_N_ELEMENTS (lost); i++)
    {
      Party *speaker = i == 0 ? &story->clients.romeo : &story->clients.juliet;
      FerryTransfer *speaking;

      story->clients.n_dropped = 0;
      story->clients.drop = lost[i];
      story_send (story, "lost.bin", contents);
      if (i > 0)
        ferry_transfer_accept (wait_for_transfer (speaker, 0), NULL, NULL);
      while (story->clients.n_dropped == 0)
        wait_ms (5);

      speaking = party_get_transfer (speaker, 0);
      g_idle_add (connection_breaks_cb, speaker);
      wait_for_end (speaking);
      party_lose_connection (speaker, story->clients.server);
      g_assert_error ((GError *) ferry_transfer_get_error (speaking), FERRY_TRANSFER_ERROR,
                      FERRY_TRANSFER_ERROR_CONNECTION_LOST);
      g_clear_object (&story->sent);
      party_reconnect (speaker, story->clients.server);
      two_clients_befriend (&story->clients);
    }
}

/* The server link of the receiver breaks while bytes flow beside it, and comes back. */
static void
test_direct_bytes_outlive_the_server_link (Story         *story,
                                           gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (4 * MIB);
  gboolean is_direct = ((const Way *) data)->path == FERRY_PATH_DIRECT;

  story_offer (story, "survivor.bin", contents);
  ferry_transfer_set_paused (story->offered, TRUE);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->offered, FERRY_TRANSFER_PAUSED);
  party_lose_connection (&story->clients.juliet, story->clients.server);

  if (!is_direct)
    {
      assert_error (story->offered, FERRY_TRANSFER_ERROR_CONNECTION_LOST, "data");
      return;
    }

  ferry_transfer_set_paused (story->offered, FALSE);
  wait_for_state (story->offered, FERRY_TRANSFER_DONE);
  wait_for_state (story->sent, FERRY_TRANSFER_VERIFYING);
  wait_ms (50);
  g_assert_cmpuint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_VERIFYING);
  party_reconnect (&story->clients.juliet, story->clients.server);
  wait_for_state (story->sent, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, "survivor.bin", contents);
}

static void
accept_cb (FerryTransferQueue *queue,
           FerryTransfer      *transfer,
           gpointer            user_data)
{
  ferry_transfer_accept (transfer, NULL, NULL);
}

static void
assert_arrives_in_band (Story *story)
{
  g_autoptr(GBytes) contents = make_contents (50000);

  g_signal_connect (story->clients.juliet.queue, "offered", G_CALLBACK (accept_cb), NULL);
  story_send (story, "detour.bin", contents);
  wait_for_state (story->sent, FERRY_TRANSFER_DONE);
  g_signal_handlers_disconnect_by_func (story->clients.juliet.queue, accept_cb, NULL);
  party_assert_has_file (&story->clients.juliet, "detour.bin", contents);
  g_assert_cmpuint (ferry_transfer_get_path (story->sent), ==, FERRY_PATH_IN_BAND);
}

/* Neither learns where the other can be reached, and one replaces the transport. */
static void
test_no_route_leads_in_band (Story         *story,
                             gconstpointer  data)
{
  two_clients_tamper (&story->clients, "<candidate ", "<nothing ");
  assert_arrives_in_band (story);
  g_assert_cmpuint (story->clients.n_tampered, >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 1);
  story->offered = g_object_ref (party_get_transfer (&story->clients.juliet, 0));
  g_assert_cmpuint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_DONE);
  g_assert_cmpuint (ferry_transfer_get_verified (story->offered), ==, FERRY_VERIFIED_YES);
}

/* FB-7: who cannot replace a transport is offered the file anew, and our user is not asked. */
static void
test_a_refused_replacement_begins_anew (Story         *story,
                                        gconstpointer  data)
{
  two_clients_tamper (&story->clients, "<candidate ", "<nothing ");
  two_clients_tamper_also (&story->clients, "transport-replace", "transport-nonsense");
  assert_arrives_in_band (story);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.romeo.queue)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 2);
}

static void
configure_any (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_DIRECT | FERRY_PATH_IN_BAND;
  settings->resume_within = 0;
}

static const Way any_way = { "any", configure_any, FERRY_PATH_ANY };

/* As a client whose profile says that it ignores offers out of the blue. */
static void
show_shyness (Story *story)
{
  g_autoptr(FerryElement) presence = fake_stanza (
    "<presence to='%s'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1'"
    " node='https://dino.im' ver='unknown'/></presence>", ROMEO);

  ferry_router_send (story->clients.juliet.router, presence);
  wait_ms (5);
}

static void
test_a_shy_peer_is_greeted_first (Story         *story,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) contents = make_contents (KIB);
  gint64 start = g_get_monotonic_time ();

  show_shyness (story);
  story_offer (story, "first.bin", contents);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 600 * G_TIME_SPAN_MILLISECOND);
  g_assert_true (g_hash_table_contains (story->clients.romeo.queue->services->greeted, JULIET));
}

/* Chosen and greeted, and gone before there is an offer. */
static void
test_a_peer_that_leaves_before_the_offer_is_missed (Story         *story,
                                                    gconstpointer  data)
{
  GHashTable *greeted = story->clients.romeo.queue->services->greeted;
  g_autoptr(GBytes) contents = make_contents (KIB);

  show_shyness (story);
  story_send (story, "never.bin", contents);
  while (!g_hash_table_contains (greeted, JULIET))
    wait_ms (5);

  party_show_presence (&story->clients.juliet, ROMEO, "unavailable");
  wait_for_end (story->sent);
  assert_error (story->sent, FERRY_TRANSFER_ERROR_PEER_GONE, "offer");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 0);
}

/* SEL-4: the next dialect that the peer speaks, and not one after another. */
static void
test_an_unable_peer_is_asked_once_more (Story         *story,
                                        gconstpointer  data)
{
  FerryDialect others[2] = { ferry_jingle_1_dialect, ferry_jingle_1_dialect };
  const FerryDialect *const dialects[] = {
    &ferry_jingle_1_dialect, &others[0], &others[1], NULL
  };
  FerryTransferServices *services = story->clients.romeo.queue->services;
  const FerryDialect *const *before = services->dialects;
  g_autoptr(GBytes) contents = make_contents (KIB);

  others[0].name = "second";
  others[1].name = "third";
  services->dialects = dialects;
  two_clients_tamper (&story->clients, "description xmlns=\"" FERRY_NS_FILE_TRANSFER_5,
                      "description xmlns=\"urn:example:unheard-of");
  two_clients_tamper_also (&story->clients, "description xmlns='" FERRY_NS_FILE_TRANSFER_5,
                           "description xmlns='urn:example:unheard-of");
  story_send (story, "old.bin", contents);
  wait_for_state (story->sent, FERRY_TRANSFER_FAILED);
  services->dialects = before;

  assert_error (story->sent, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT, "offer");
  g_assert_cmpuint (story->clients.n_tampered, ==, 2);
  g_assert_cmpstr (ferry_transfer_get_dialect (story->sent), ==, "second");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 0);
  g_clear_object (&story->sent);
  ferry_transfer_queue_clear (story->clients.romeo.queue, NULL);
}

/* Some clients want to be spoken to before they take a file. */
static void
test_greets_once_a_login (Story         *story,
                          gconstpointer  data)
{
  Party *romeo = &story->clients.romeo;
  FerryTransferServices *services = romeo->queue->services;
  g_autoptr(FerryElement) greeting = NULL;
  gint64 delay;

  fake_server_remove (story->clients.server, romeo->port);
  delay = ferry_transfer_services_greet (services, JULIET, 1000);
  g_assert_cmpint (delay, ==, 600000);
  g_assert_cmpint (ferry_transfer_services_greet (services, JULIET, 301000), ==, 300000);
  g_assert_cmpint (ferry_transfer_services_greet (services, JULIET, 9000000), ==, 0);

  greeting = fake_port_take (romeo->port);
  g_assert_cmpuint (fake_port_get_n_sent (romeo->port), ==, 0);
  g_assert_true (ferry_element_is (greeting, "message", FERRY_NS_CLIENT));
  g_assert_cmpstr (ferry_element_get_attribute (greeting, "to"), ==, JULIET);
  g_assert_cmpstr (ferry_element_get_attribute (greeting, "type"), ==, "chat");
  g_assert_null (ferry_element_find (greeting, "body", FERRY_NS_CLIENT));
  g_assert_nonnull (ferry_element_find (greeting, "active",
                                        "http://jabber.org/protocol/chatstates"));
}

static void
add_once (const char *promise,
          void      (*func) (Story *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/core/transfer/%s", promise);

  g_test_add (path, Story, &any_way, story_set_up, func, story_tear_down);
}

static void
add (const char *promise,
     void      (*func) (Story *, gconstpointer))
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/transfer/%s/%s", promise, ways[i].name);

      g_test_add (path, Story, &ways[i], story_set_up, func, story_tear_down);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);

  add ("arrives-whole-and-verified", test_arrives_whole_and_verified);
  add ("small-sizes-arrive", test_small_sizes_arrive);
  add ("hash-follows-a-large-file", test_hash_follows_a_large_file);
  add ("declined-is-not-an-error", test_declined_is_not_an_error);
  add ("an-early-success-is-none", test_an_early_success_is_none);
  add ("names-are-made-safe", test_names_are_made_safe);
  add ("both-sides-can-cancel-at-any-time", test_both_sides_can_cancel_at_any_time);
  add ("wrong-hash-is-not-stored", test_wrong_hash_is_not_stored);
  add ("wrong-size-is-not-stored", test_wrong_size_is_not_stored);
  add ("a-size-may-be-missing", test_a_size_may_be_missing);
  add ("what-cannot-be-sent-says-why", test_what_cannot_be_sent_says_why);
  add ("a-file-that-changes-is-not-sent", test_a_file_that_changes_is_not_sent);
  add ("a-file-that-shrinks-midway-is-not-sent", test_a_file_that_shrinks_midway_is_not_sent);
  add ("a-lost-folder-fails-the-transfer", test_a_lost_folder_fails_the_transfer);
  add ("a-file-too-large-for-the-disk-is-not-begun",
       test_a_file_too_large_for_the_disk_is_not_begun);
  add ("a-failing-disk-fails-the-transfer", test_a_failing_disk_fails_the_transfer);
  add ("pause-holds-the-bytes", test_pause_holds_the_bytes);
  add ("a-peer-that-leaves-is-missed", test_a_peer_that_leaves_is_missed);
  add ("a-peer-that-leaves-midway-is-missed", test_a_peer_that_leaves_midway_is_missed);
  add ("our-connection-ends-what-needs-it", test_our_connection_ends_what_needs_it);
  add ("direct-bytes-outlive-the-server-link", test_direct_bytes_outlive_the_server_link);
  add_once ("a-question-lost-with-the-connection-is-no-answer",
            test_a_question_lost_with_the_connection_is_no_answer);
  add_once ("no-route-leads-in-band", test_no_route_leads_in_band);
  add_once ("a-refused-replacement-begins-anew", test_a_refused_replacement_begins_anew);
  add_once ("a-shy-peer-is-greeted-first", test_a_shy_peer_is_greeted_first);
  add_once ("a-peer-that-leaves-before-the-offer-is-missed",
            test_a_peer_that_leaves_before_the_offer_is_missed);
  add_once ("an-unable-peer-is-asked-once-more", test_an_unable_peer_is_asked_once_more);
  add_once ("greets-once-a-login", test_greets_once_a_login);

  return g_test_run ();
}
