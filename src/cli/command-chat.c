/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include <gio/gunixinputstream.h>

#include "cli/chat-report.h"
#include "cli/cli.h"
#include "cli/command.h"
#include "proto/jid.h"

#define PRESENCE_LIMIT 5  /* seconds: whoever is there has said so by then */
#define RECEIPT_LIMIT  10 /* seconds: for the last words to be confirmed */
#define MAX_PENDING    32 /* lines: the rest waits in standard input */

/* The one chat of this run. */
struct _FerryTalk
{
  FerryCli         *cli;         /* (unowned) */
  FerryChat        *chat;        /* (owned) */
  FerryChatReport  *report;      /* (owned) */
  GDataInputStream *input;       /* (owned): standard input */
  GCancellable     *cancellable; /* (owned): of reading it */
  gboolean          is_engaged;  /* we have asked, or said yes: how it ends is how we end */
  gboolean          is_open;
  gboolean          has_failed;  /* an offer that was none, while we wait */
  gboolean          is_reading;
  gboolean          is_all_said; /* standard input has ended */
  gboolean          is_closing;
};

/* Whether what is said is also known to have arrived, and what is to be seen was shown. */
static gboolean
is_done (FerryTalk *self)
{
  gboolean is_code_due = self->cli->options->compares && self->report->code == NULL;

  return self->report->pending->len == 0 && !is_code_due;
}

static void
close_chat (FerryTalk *self)
{
  self->is_closing = TRUE;
  ferry_chat_close (self->chat);
}

static gboolean
talk_receipt_limit_cb (gpointer user_data)
{
  FerryCli *cli = user_data;

  cli->timer = 0;
  close_chat (cli->talk);

  return G_SOURCE_REMOVE;
}

/* Standard input has ended: so does the chat, in good order. */
static void
close_if_done (FerryTalk *self)
{
  if (!self->is_all_said || self->is_closing || self->cli->ending)
    return;

  if (is_done (self) && !self->is_engaged)
    ferry_cli_finish (self->cli, self->has_failed ? FERRY_EXIT_FAILED : FERRY_EXIT_DONE);
  else if (is_done (self))
    close_chat (self);
  else if (self->is_open && self->cli->timer == 0)
    ferry_cli_set_timer (self->cli, RECEIPT_LIMIT, talk_receipt_limit_cb);
}

static void
opened (FerryTalk *self)
{
  self->is_open = TRUE;
  g_clear_handle_id (&self->cli->timer, g_source_remove);
  ferry_chat_report_tell_open (self->report);

  if (self->cli->options->compares)
    ferry_chat_compare (self->chat);
}

/* Who closes a chat that was open has not failed. */
static void
tell_failed (FerryTalk    *self,
             const GError *error)
{
  if (error == NULL
      || (self->is_open && g_error_matches (error, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_CLOSED)))
    return;

  self->has_failed = TRUE;
  ferry_chat_report_tell_failed (self->report, error);
}

static FerryExit
get_exit (FerryTalk    *self,
          const GError *error)
{
  if (g_error_matches (error, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_DECLINED))
    return FERRY_EXIT_DECLINED;
  if (g_error_matches (error, FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_CANNOT))
    return FERRY_EXIT_PEER_CANNOT;

  return self->has_failed || self->report->n_lost > 0 ? FERRY_EXIT_FAILED : FERRY_EXIT_DONE;
}

static void
closed (FerryTalk *self)
{
  const GError *error = ferry_chat_get_error (self->chat);

  self->has_failed = FALSE;
  tell_failed (self, error);
  ferry_chat_report_give_up (self->report);
  ferry_cli_finish (self->cli, get_exit (self, error));
}

static void
talk_state_cb (FerryChat  *chat,
               GParamSpec *pspec,
               gpointer    user_data)
{
  FerryTalk *self = user_data;
  FerryChatState state = ferry_chat_get_state (chat);

  if (self->cli->ending)
    return;

  ferry_chat_report_tell_state (self->report);
  if (state == FERRY_CHAT_OPEN && !self->is_open)
    opened (self);
  else if (state == FERRY_CHAT_CLOSED && self->is_engaged)
    closed (self);

  close_if_done (self);
}

/* An offer that was none ends nothing for whoever waits for another. */
static void
talk_error_cb (FerryChat  *chat,
               GParamSpec *pspec,
               gpointer    user_data)
{
  FerryTalk *self = user_data;

  if (!self->is_engaged && !self->cli->ending)
    tell_failed (self, ferry_chat_get_error (chat));
}

static void
talk_code_cb (FerryChat  *chat,
              GParamSpec *pspec,
              gpointer    user_data)
{
  FerryTalk *self = user_data;

  ferry_chat_report_tell_code (self->report);
  close_if_done (self);
}

static void
open_chat (FerryTalk *self)
{
  g_clear_handle_id (&self->cli->timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (ferry_chat_get_contact (self->chat), self);
  self->is_engaged = TRUE;
  ferry_chat_open (self->chat, self->cli->options->arguments[0], self->cli->options->phrase);

  if (ferry_chat_get_state (self->chat) == FERRY_CHAT_CLOSED)
    closed (self);
}

static void
talk_presence_cb (FerryContact *contact,
                  GParamSpec   *pspec,
                  gpointer      user_data)
{
  FerryTalk *self = user_data;

  if (!self->is_engaged && !self->cli->ending
      && ferry_contact_get_presence (contact) != FERRY_PRESENCE_OFFLINE)
    open_chat (self);
}

static gboolean
talk_presence_limit_cb (gpointer user_data)
{
  FerryCli *cli = user_data;

  cli->timer = 0;
  open_chat (cli->talk);

  return G_SOURCE_REMOVE;
}

/* Their presence comes after ours is sent; a full address is asked as it is. */
static void
open_when_there (FerryTalk *self)
{
  FerryContact *contact = ferry_chat_get_contact (self->chat);

  if (ferry_jid_is_full (self->cli->options->arguments[0])
      || ferry_contact_get_presence (contact) != FERRY_PRESENCE_OFFLINE)
    {
      open_chat (self);
      return;
    }

  g_signal_connect (contact, "notify::presence", G_CALLBACK (talk_presence_cb), self);
  ferry_cli_set_timer (self->cli, PRESENCE_LIMIT, talk_presence_limit_cb);
}

static void read_next (FerryTalk *self);

static void
talk_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  FerryTalk *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source),
                                                               result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_reading = FALSE;
  self->is_all_said = line == NULL;
  if (line != NULL)
    ferry_chat_send (self->chat, line);

  read_next (self);
  close_if_done (self);
}

static void
read_next (FerryTalk *self)
{
  if (self->is_reading || self->is_all_said || self->report->pending->len >= MAX_PENDING)
    return;

  self->is_reading = TRUE;
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, self->cancellable,
                                       talk_read_cb, self);
}

static void
talk_settled (gpointer user_data)
{
  FerryTalk *self = user_data;

  if (self->cli->ending)
    return;

  read_next (self);
  close_if_done (self);
}

static gboolean
is_expected (FerryTalk *self,
             FerryChat *chat)
{
  const char *to = self->cli->options->arguments[0];

  return chat == self->chat && self->cli->options->waits && !self->is_engaged
         && (!ferry_jid_is_full (to) || ferry_jid_equal (to, ferry_chat_get_peer (chat)));
}

void
ferry_command_chat_asked (FerryCli  *cli,
                          FerryChat *chat)
{
  FerryTalk *self = cli->talk;
  const char *phrase = cli->options->phrase;
  g_autoptr(GError) error = NULL;

  if (self == NULL || !is_expected (self, chat))
    {
      ferry_chat_decline (chat);
      return;
    }

  if (ferry_chat_is_phrase_wanted (chat) == (phrase != NULL))
    {
      self->is_engaged = TRUE;
      ferry_chat_accept (chat, phrase);
      return;
    }

  error = g_error_new (FERRY_CHAT_ERROR, FERRY_CHAT_ERROR_PHRASE, "offer: %s",
                       phrase != NULL ? "the other side has no phrase"
                                      : "the other side wants a phrase");
  tell_failed (self, error);
  ferry_chat_decline (chat);
}

static void
begin_to_read (FerryTalk *self)
{
  g_autoptr(GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  self->input = g_data_input_stream_new (input);
  self->cancellable = g_cancellable_new ();
  read_next (self);
}

void
ferry_command_chat_start (FerryCli *cli)
{
  const char *to = cli->options->arguments[0];
  FerryContact *contact = ferry_roster_lookup (ferry_client_get_roster (cli->client), to, TRUE);
  FerryTalk *self = g_new0 (FerryTalk, 1);

  cli->talk = self;
  self->cli = cli;
  self->chat = g_object_ref (ferry_chats_get (ferry_client_get_chats (cli->client), contact));
  self->report = ferry_chat_report_new (self->chat, &cli->output, cli->options->phrase != NULL);
  g_signal_connect (self->chat, "notify::state", G_CALLBACK (talk_state_cb), self);
  g_signal_connect (self->chat, "notify::error", G_CALLBACK (talk_error_cb), self);
  g_signal_connect (self->chat, "notify::code", G_CALLBACK (talk_code_cb), self);
  self->report->settled = talk_settled;
  self->report->user_data = self;
  begin_to_read (self);

  if (!cli->options->waits)
    open_when_there (self);
}

void
ferry_command_chat_stop (FerryCli *cli)
{
  FerryTalk *self = cli->talk;

  if (self == NULL)
    return;

  cli->talk = NULL;
  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (ferry_chat_get_contact (self->chat), self);
  g_signal_handlers_disconnect_by_data (self->chat, self);
  g_clear_pointer (&self->report, ferry_chat_report_free);
  g_clear_object (&self->input);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chat);
  g_free (self);
}
