/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/event-words.h"
#include "cli/transfer-report.h"

static const char *
state_to_string (FerryTransferState state)
{
  static const char *const names[] = {
    [FERRY_TRANSFER_WAITING] = "waiting",
    [FERRY_TRANSFER_OFFERING] = "offering",
    [FERRY_TRANSFER_OFFERED] = "offered",
    [FERRY_TRANSFER_CONNECTING] = "connecting",
    [FERRY_TRANSFER_RUNNING] = "running",
    [FERRY_TRANSFER_PAUSED] = "paused",
    [FERRY_TRANSFER_VERIFYING] = "verifying",
    [FERRY_TRANSFER_DONE] = "done",
    [FERRY_TRANSFER_DECLINED] = "declined",
    [FERRY_TRANSFER_CANCELLED] = "cancelled",
    [FERRY_TRANSFER_FAILED] = "failed",
  };

  return names[state];
}

static const char *
error_to_string (const GError *error)
{
  static const char *const names[] = {
    [FERRY_TRANSFER_ERROR_UNCONFIRMED] = "unconfirmed",
    [FERRY_TRANSFER_ERROR_PEER_CANCELLED] = "peer-cancelled",
    [FERRY_TRANSFER_ERROR_PEER_GONE] = "peer-gone",
    [FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT] = "no-common-dialect",
    [FERRY_TRANSFER_ERROR_PEER_BUSY] = "peer-busy",
    [FERRY_TRANSFER_ERROR_REFUSED] = "refused",
    [FERRY_TRANSFER_ERROR_NO_ROUTE] = "no-route",
    [FERRY_TRANSFER_ERROR_CORRUPT] = "corrupt",
    [FERRY_TRANSFER_ERROR_TOO_LARGE] = "too-large",
    [FERRY_TRANSFER_ERROR_TRUNCATED] = "truncated",
    [FERRY_TRANSFER_ERROR_DISK_FULL] = "disk-full",
    [FERRY_TRANSFER_ERROR_DISK] = "disk",
    [FERRY_TRANSFER_ERROR_FILE] = "file",
    [FERRY_TRANSFER_ERROR_PEER_FAILED] = "peer-failed",
    [FERRY_TRANSFER_ERROR_EXPIRED] = "expired",
    [FERRY_TRANSFER_ERROR_PROTOCOL] = "protocol",
    [FERRY_TRANSFER_ERROR_OFFLINE] = "offline",
    [FERRY_TRANSFER_ERROR_CONNECTION_LOST] = "connection-lost",
    [FERRY_TRANSFER_ERROR_NOT_SHARED] = "not-shared",
    [FERRY_TRANSFER_ERROR_SECURITY] = "security",
    [FERRY_TRANSFER_ERROR_STRIPPED] = "stripped",
    [FERRY_TRANSFER_ERROR_KEY_CHANGED] = "key-changed",
  };

  if (error == NULL || error->domain != FERRY_TRANSFER_ERROR
      || error->code < 0 || error->code >= (int) G_N_ELEMENTS (names))
    return "other";

  return names[error->code];
}

/* One word for why it did not work out. */
static const char *
get_reason (FerryTransferReport *self)
{
  if (self->given_up != NULL)
    return self->given_up;

  switch ((int) self->state)
    {
    case FERRY_TRANSFER_DECLINED:
      return "declined";
    case FERRY_TRANSFER_CANCELLED:
      return "cancelled";
    default:
      return error_to_string (ferry_transfer_get_error (self->transfer));
    }
}

static FerryJsonLine *
new_line (FerryTransferReport *self,
          const char          *event)
{
  FerryJsonLine *line = ferry_json_line_new (event);

  ferry_json_line_add_string (line, "id", ferry_transfer_get_id (self->transfer));

  return line;
}

/* A way that is open, and may yet turn out not to be secure, is not told. */
static gboolean
is_way_settled (FerryTransferState state)
{
  return state == FERRY_TRANSFER_RUNNING || state == FERRY_TRANSFER_PAUSED
         || state == FERRY_TRANSFER_VERIFYING || state == FERRY_TRANSFER_DONE;
}

static void
tell_path (FerryTransferReport *self)
{
  FerryPaths path = ferry_transfer_get_path (self->transfer);
  gboolean is_encrypted = ferry_transfer_is_encrypted (self->transfer);
  FerryTrustLevel level = ferry_transfer_get_trust_level (self->transfer);
  FerryJsonLine *line;

  if (path == 0) /* one that broke is told again, whatever comes next */
    self->path_told = FALSE;
  if (path == 0 || self->path_told || !is_way_settled (ferry_transfer_get_state (self->transfer)))
    return;

  self->path_told = TRUE;
  line = new_line (self, "path");
  ferry_json_line_add_string (line, "transport", ferry_path_to_word (path));
  ferry_json_line_add_string (line, "via", ferry_transfer_get_via (self->transfer));
  ferry_json_line_add_string (line, "dialect", ferry_transfer_get_dialect (self->transfer));
  ferry_json_line_add_string (line, "security", is_encrypted ? "tls" : "none");
  ferry_json_line_add_string (line, "verified", ferry_trust_level_to_word (level));
  ferry_json_line_add_string (line, "local", ferry_transfer_get_local (self->transfer));
  ferry_json_line_add_string (line, "remote", ferry_transfer_get_remote (self->transfer));
  ferry_output_event (self->output, line);
  ferry_output_say (self->output, "%s: %s, %s%s", ferry_transfer_get_name (self->transfer),
                    ferry_path_to_word (path), is_encrypted ? "encrypted, " : "not encrypted",
                    is_encrypted ? ferry_trust_level_to_phrase (level) : "");
}

static void
tell_step (const FerryPathStep *step,
           gpointer             user_data)
{
  FerryTransferReport *self = user_data;
  FerryJsonLine *line = new_line (self, "path-step");

  ferry_json_line_add_int (line, "time_ms", step->time / 1000);
  ferry_json_line_add_string (line, "kind", ferry_path_step_kind_to_string (step->kind));
  ferry_json_line_add_string (line, "way", step->way);
  ferry_json_line_add_string (line, "host", step->host);
  if (step->port != 0)
    ferry_json_line_add_int (line, "port", step->port);
  else
    ferry_json_line_add_string (line, "port", NULL);
  ferry_json_line_add_string (line, "text", step->text);
  ferry_output_event (self->output, line);
}

/* From the first of its steps on, each at once. */
static void
watch_path (FerryTransferReport *self)
{
  FerryPathReport *report = ferry_transfer_get_report (self->transfer);

  if (self->path_report != NULL || report == NULL)
    return;

  self->path_report = ferry_path_report_ref (report);
  for (guint i = 0; i < ferry_path_report_get_n (report); i++)
    tell_step (ferry_path_report_get (report, i), self);
  ferry_path_report_watch (report, tell_step, self);
}

static void
tell_state (FerryTransferReport *self)
{
  FerryJsonLine *line = new_line (self, "state");

  ferry_json_line_add_string (line, "state", state_to_string (self->state));
  ferry_output_event (self->output, line);
}

static void
tell_done (FerryTransferReport *self)
{
  FerryTransfer *transfer = self->transfer;
  gboolean sent = ferry_transfer_get_direction (transfer) == FERRY_DIRECTION_SEND;
  gboolean verified = ferry_transfer_get_verified (transfer) == FERRY_VERIFIED_YES;
  GFile *file = ferry_transfer_get_file (transfer);
  g_autofree char *size = g_format_size (ferry_transfer_get_bytes (transfer));
  FerryJsonLine *line = new_line (self, "done");

  ferry_json_line_add_string (line, "direction", sent ? "send" : "receive");
  ferry_json_line_add_string (line, "name", ferry_transfer_get_name (transfer));
  ferry_json_line_add_string (line, "path", file != NULL ? g_file_peek_path (file) : NULL);
  ferry_json_line_add_int (line, "size", ferry_transfer_get_bytes (transfer));
  ferry_json_line_add_string (line, "sha256", ferry_transfer_get_sha256 (transfer));
  if (sent && !verified)
    ferry_json_line_add_string (line, "verified", NULL); /* only the receiver could say */
  else
    ferry_json_line_add_boolean (line, "verified", verified);
  ferry_json_line_add_double (line, "seconds", ferry_transfer_get_elapsed (transfer));
  ferry_output_event (self->output, line);
  ferry_output_say (self->output, "%s: %s, %s%s", ferry_transfer_get_name (transfer),
                    sent ? "sent" : "received", size, verified ? ", verified" : "");
}

static void
tell_failed (FerryTransferReport *self)
{
  const GError *error = ferry_transfer_get_error (self->transfer);
  const char *reason = get_reason (self);
  FerryJsonLine *line = new_line (self, "failed");

  ferry_json_line_add_string (line, "step", ferry_transfer_get_step (self->transfer));
  ferry_json_line_add_string (line, "reason", reason);
  ferry_json_line_add_string (line, "detail", error != NULL ? error->message : NULL);
  ferry_output_event (self->output, line);
  ferry_output_say (self->output, "%s: %s%s%s", ferry_transfer_get_name (self->transfer), reason,
                    error != NULL ? ": " : "", error != NULL ? error->message : "");
}

/* Somebody wants something of us: that we take a file, or that we give one. */
static void
tell_wish (FerryTransferReport *self)
{
  FerryTransfer *transfer = self->transfer;
  gboolean is_request = ferry_transfer_is_request (transfer);
  FerryJsonLine *line = new_line (self, is_request ? "request" : "offer");

  ferry_json_line_add_string (line, "peer", ferry_transfer_get_peer (transfer));
  ferry_json_line_add_string (line, "name", ferry_transfer_get_name (transfer));
  ferry_json_line_add_int (line, "size", ferry_transfer_get_size (transfer));
  ferry_json_line_add_string (line, "dialect", ferry_transfer_get_dialect (transfer));
  ferry_output_event (self->output, line);
  ferry_output_say (self->output, "%s: %s by %s", ferry_transfer_get_name (transfer),
                    is_request ? "requested" : "offered", ferry_transfer_get_peer (transfer));
}

FerryTransferReport *
ferry_transfer_report_new (FerryTransfer *transfer,
                           FerryOutput   *output)
{
  FerryTransferReport *self = g_new0 (FerryTransferReport, 1);

  self->transfer = g_object_ref (transfer);
  self->output = output;
  self->state = ferry_transfer_get_state (transfer);
  if (ferry_transfer_is_request (transfer)
      == (ferry_transfer_get_direction (transfer) == FERRY_DIRECTION_SEND))
    tell_wish (self);
  tell_state (self);
  watch_path (self);

  return self;
}

void
ferry_transfer_report_free (FerryTransferReport *self)
{
  if (self->path_report != NULL)
    ferry_path_report_watch (self->path_report, NULL, NULL);
  g_clear_pointer (&self->path_report, ferry_path_report_unref);
  g_object_unref (self->transfer);
  g_free (self);
}

gboolean
ferry_transfer_report_update (FerryTransferReport *self)
{
  FerryTransferState state = ferry_transfer_get_state (self->transfer);

  if (self->ended)
    return FALSE;

  watch_path (self);
  tell_path (self);
  if (state != self->state)
    {
      self->state = state;
      if (state == FERRY_TRANSFER_CONNECTING) /* the path before, if any, is none any more */
        self->path_told = FALSE;
      tell_state (self);
    }
  if (!ferry_transfer_is_ended (self->transfer))
    return FALSE;

  self->ended = TRUE;
  if (state == FERRY_TRANSFER_DONE)
    tell_done (self);
  else
    tell_failed (self);

  return TRUE;
}

/* "name  42 %  3.1 MB/s  12 s left": what fits one line of a terminal. */
static char *
format_progress (FerryTransfer *transfer)
{
  gint64 bytes = ferry_transfer_get_bytes (transfer);
  gint64 size = ferry_transfer_get_size (transfer);
  gint64 left = ferry_transfer_get_seconds_left (transfer);
  g_autofree char *rate = g_format_size ((guint64) MAX (ferry_transfer_get_rate (transfer), 0));
  g_autofree char *moved = g_format_size ((guint64) bytes);
  const char *name = ferry_transfer_get_name (transfer);
  g_autofree char *start = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), 40));
  GString *text = g_string_new (start);

  if (size > 0)
    g_string_append_printf (text, "  %d %%", (int) (100.0 * bytes / size));
  else
    g_string_append_printf (text, "  %s", moved);
  g_string_append_printf (text, "  %s/s", rate);
  if (left >= 0)
    g_string_append_printf (text, "  %" G_GINT64_FORMAT " s left", left);

  return g_string_free (text, FALSE);
}

void
ferry_transfer_report_progress (FerryTransferReport *self)
{
  FerryTransfer *transfer = self->transfer;
  g_autofree char *text = NULL;
  FerryJsonLine *line;

  if (self->ended || ferry_transfer_get_bytes (transfer) == 0)
    return;

  tell_path (self);
  line = new_line (self, "progress");
  ferry_json_line_add_int (line, "bytes", ferry_transfer_get_bytes (transfer));
  ferry_json_line_add_int (line, "size", ferry_transfer_get_size (transfer));
  ferry_json_line_add_double (line, "rate", ferry_transfer_get_rate (transfer));
  ferry_output_event (self->output, line);

  text = format_progress (transfer);
  ferry_output_progress (self->output, text);
}

FerryExit
ferry_transfer_report_get_exit (FerryTransferReport *self)
{
  const GError *error = ferry_transfer_get_error (self->transfer);

  if (self->state == FERRY_TRANSFER_DONE)
    return FERRY_EXIT_DONE;
  if (self->state == FERRY_TRANSFER_DECLINED)
    return FERRY_EXIT_DECLINED;
  if (g_error_matches (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT))
    return FERRY_EXIT_PEER_CANNOT;

  return FERRY_EXIT_FAILED;
}
