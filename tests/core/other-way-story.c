/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/socket.h>

#include "core/transfer-resume.h"
#include "legacy/jingle-1.h"
#include "other-way-story.h"

#define MIB (1024 * 1024)

const Way other_way_direct = { &ferry_jingle_1_dialect, FERRY_PATH_DIRECT };
const Way other_way_in_band = { &ferry_jingle_1_dialect, FERRY_PATH_IN_BAND };

OtherWaySeen other_way_seen;

static void
offered_cb (FerryTransferQueue *queue,
            FerryTransfer      *transfer,
            gpointer            user_data)
{
  other_way_seen.n_offers++;
}

static void
state_cb (FerryTransfer *transfer,
          GParamSpec    *pspec,
          gpointer       user_data)
{
  other_way_seen.states |= 1u << ferry_transfer_get_state (transfer);
}

static void
bytes_cb (FerryTransfer *transfer,
          GParamSpec    *pspec,
          gpointer       user_data)
{
  gint64 bytes = ferry_transfer_get_bytes (transfer);

  g_assert_cmpint (bytes, >=, other_way_seen.bytes);
  other_way_seen.bytes = bytes;
}

/* What programs with a window announce in their presence. */
void
other_way_show_caps (Party      *party,
                     const char *to)
{
  g_autoptr(FerryElement) caps = ferry_capabilities_get_own_caps (party->capabilities);
  FerryElementBuilder *builder = ferry_element_builder_new ("presence", FERRY_NS_CLIENT);
  g_autoptr(FerryElement) presence = NULL;

  ferry_element_builder_attribute (builder, "to", to);
  ferry_element_builder_child (builder, caps);
  presence = ferry_element_builder_end (builder);
  ferry_router_send (party->router, presence);
}

void
other_way_set_up (Story         *story,
                  gconstpointer  data)
{
  other_way_seen = (OtherWaySeen) { 0 };
  story_set_up_bare (story, data);
  two_clients_befriend (&story->clients);
  other_way_show_caps (&story->clients.romeo, JULIET);
  other_way_show_caps (&story->clients.juliet, ROMEO);
  g_signal_connect (story->clients.juliet.queue, "offered", G_CALLBACK (offered_cb), NULL);
}

/* Whose clients are of another kind. */
void
other_way_set_up_foreign (Story         *story,
                          gconstpointer  data)
{
  other_way_seen = (OtherWaySeen) { 0 };
  story_set_up_bare (story, data);
  two_clients_tamper (&story->clients, FERRY_NS_RESUME, "urn:example:nothing");
  two_clients_befriend (&story->clients);
  other_way_show_caps (&story->clients.romeo, JULIET);
  other_way_show_caps (&story->clients.juliet, ROMEO);
}

void
other_way_set_up_secure (Story         *story,
                         gconstpointer  data)
{
  other_way_seen = (OtherWaySeen) { 0 };
  story_set_up (story, data);
  g_signal_connect (story->clients.juliet.queue, "offered", G_CALLBACK (offered_cb), NULL);
}

void
other_way_tear_down (Story         *story,
                     gconstpointer  data)
{
  g_signal_handlers_disconnect_by_func (story->clients.juliet.queue, offered_cb, NULL);
  if (story->sent != NULL)
    g_signal_handlers_disconnect_by_func (story->sent, state_cb, NULL);
  if (story->offered != NULL)
    {
      g_signal_handlers_disconnect_by_func (story->offered, state_cb, NULL);
      g_signal_handlers_disconnect_by_func (story->offered, bytes_cb, NULL);
    }
  story_tear_down (story, data);
}

void
other_way_limit_patience (Story *story,
                          guint  seconds)
{
  story->clients.romeo.queue->services->settings->resume_within = seconds;
  story->clients.juliet.queue->services->settings->resume_within = seconds;
}

/* The socket that an end of the direct path is. */
static int
get_fd (FerryTransfer *transfer)
{
  GIOStream *stream = ferry_negotiation_get_stream (transfer->negotiation);
  GIOStream *base = ferry_tls_stream_unwrap (stream);

  return g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (base)));
}

void
other_way_cut (FerryTransfer *transfer)
{
  g_assert_cmpint (shutdown (get_fd (transfer), SHUT_RDWR), ==, 0);
}

gint64
other_way_get_part_size (Story *story)
{
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, "film.mkv.part", NULL);
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : -1;
}

/* Juliet has accepted, and takes no byte. */
void
other_way_begin (Story  *story,
                 GBytes *contents)
{
  story_offer (story, 0, "film.mkv", contents);
  ferry_transfer_set_paused (story->offered, TRUE);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->offered, FERRY_TRANSFER_PAUSED);
  while (!ferry_transfer_is_active (story->sent)
         || ferry_transfer_get_state (story->sent) < FERRY_TRANSFER_RUNNING)
    wait_ms (2);
  g_signal_connect (story->sent, "notify::state", G_CALLBACK (state_cb), NULL);
  g_signal_connect (story->offered, "notify::state", G_CALLBACK (state_cb), NULL);
  g_signal_connect (story->offered, "notify::bytes", G_CALLBACK (bytes_cb), NULL);
}

/* One after the other, so that no more moves than the kernels hold. */
static void
take_turns (Story *story)
{
  ferry_transfer_set_paused (story->offered, TRUE);
  ferry_transfer_set_paused (story->sent, FALSE);
  wait_ms (10);
  ferry_transfer_set_paused (story->sent, TRUE);
  ferry_transfer_set_paused (story->offered, FALSE);
  wait_ms (10);
}

/* … and now she has some, but not all. */
void
other_way_take_some (Story *story)
{
  gboolean is_fast = ferry_transfer_get_path (story->sent) == FERRY_PATH_DIRECT;
  gint64 enough = other_way_get_part_size (story) + MIB;
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  ferry_transfer_set_paused (story->offered, is_fast);
  while (other_way_get_part_size (story) < enough)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (is_fast)
        take_turns (story);
      else
        g_main_context_iteration (NULL, FALSE);
    }
  ferry_transfer_set_paused (story->offered, TRUE);
  wait_ms (20);
  ferry_transfer_set_paused (story->sent, FALSE);
  wait_ms (20);
  g_assert_cmpint (other_way_get_part_size (story), <, ferry_transfer_get_size (story->offered));
}

gboolean
other_way_is_idle (gpointer subject,
                   guint    number)
{
  return ferry_transfer_is_idle (subject);
}

void
other_way_wait_for_break (Story *story)
{
  wait_until (other_way_is_idle, story->sent, 0);
  wait_until (other_way_is_idle, story->offered, 0);
  g_assert_cmpint (ferry_transfer_get_state (story->sent), ==, FERRY_TRANSFER_CONNECTING);
  g_assert_cmpint (ferry_transfer_get_state (story->offered), ==, FERRY_TRANSFER_CONNECTING);
  g_assert_cmpfloat (ferry_transfer_get_rate (story->sent), ==, 0);
  g_assert_cmpint (ferry_transfer_get_seconds_left (story->offered), ==, -1);
}

static gboolean
has_broken_step (FerryTransfer *transfer)
{
  FerryPathReport *report = ferry_transfer_get_report (transfer);

  for (guint i = 0; i < ferry_path_report_get_n (report); i++)
    {
      const FerryPathStep *step = ferry_path_report_get (report, i);

      if (step->kind == FERRY_PATH_STEP_BROKEN)
        return step->way != NULL && step->text != NULL;
    }

  return FALSE;
}

void
other_way_assert_arrived (Story  *story,
                          GBytes *contents)
{
  gint64 size = g_bytes_get_size (contents);

  wait_for_state (story->offered, FERRY_TRANSFER_DONE);
  wait_for_state (story->sent, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, "film.mkv", contents);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 1);
  g_assert_cmpuint (other_way_seen.n_offers, ==, 1);
  g_assert_cmpuint (other_way_seen.states & 1u << FERRY_TRANSFER_FAILED, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.juliet.queue)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (story->clients.romeo.queue)), ==, 1);
  g_assert_cmpuint (ferry_transfer_get_verified (story->offered), ==, FERRY_VERIFIED_YES);
  g_assert_cmpint (ferry_transfer_get_bytes (story->offered), ==, size);
  g_assert_cmpint (ferry_transfer_get_bytes (story->sent), ==, size);
  g_assert_null (ferry_transfer_get_error (story->offered));
  g_assert_null (ferry_transfer_get_step (story->sent));
  g_assert_true (has_broken_step (story->sent));
  g_assert_true (has_broken_step (story->offered) || ferry_transfer_get_path (story->sent)
                                                     == FERRY_PATH_IN_BAND);
  g_assert_cmpstr (ferry_transfer_get_sha256 (story->offered), ==,
                   ferry_transfer_get_sha256 (story->sent));
}

void
other_way_assert_is_not_there (Story *story)
{
  g_autofree char *path = g_build_filename (story->clients.juliet.dir, "film.mkv", NULL);

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}
