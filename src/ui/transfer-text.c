/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transfer-text"

#include "config.h"

#include "ui/transfer-text.h"

#include <glib/gi18n.h>

#include "ui/display-text.h"
#include "ui/error-text.h"
#include "ui/format.h"
#include "ui/protocol-text.h"
#include "ui/trust-text.h"

const char *
ferry_transfer_text_path (FerryPaths path)
{
  if (path & FERRY_PATH_DIRECT)
    return C_("path of a file", "direct");
  if (path & FERRY_PATH_PROXY)
    return C_("path of a file", "proxy");
  if (path & FERRY_PATH_IN_BAND)
    return C_("path of a file", "in-band");
  return NULL;
}

static char *
dup_contact_name (FerryTransfer *transfer)
{
  FerryContact *contact = ferry_transfer_get_contact (transfer);

  return ferry_display_text (contact != NULL ? ferry_contact_get_name (contact)
                                             : ferry_transfer_get_peer (transfer), 60);
}

static gboolean
is_outgoing (FerryTransfer *transfer)
{
  return ferry_transfer_get_direction (transfer) == FERRY_DIRECTION_SEND;
}

static char *
dup_running (FerryTransfer *transfer)
{
  g_autofree char *progress = ferry_format_progress (ferry_transfer_get_bytes (transfer),
                                                     ferry_transfer_get_size (transfer));
  g_autofree char *rate = NULL;
  g_autofree char *left = ferry_format_time_left (ferry_transfer_get_seconds_left (transfer));

  if (ferry_transfer_get_rate (transfer) <= 0)
    return g_steal_pointer (&progress);
  rate = ferry_format_rate (ferry_transfer_get_rate (transfer));
  return left != NULL ? g_strjoin (" · ", progress, rate, left, NULL)
                      : g_strjoin (" · ", progress, rate, NULL);
}

static char *
dup_paused (FerryTransfer *transfer)
{
  g_autofree char *progress = ferry_format_progress (ferry_transfer_get_bytes (transfer),
                                                     ferry_transfer_get_size (transfer));

  return g_strjoin (" · ", _("Paused"), progress, NULL);
}

static char *
dup_waiting (FerryTransfer *transfer)
{
  FerryContact *contact = ferry_transfer_get_contact (transfer);
  g_autofree char *name = dup_contact_name (transfer);

  if (contact != NULL && ferry_contact_get_presence (contact) == FERRY_PRESENCE_OFFLINE)
    /* Translators: %s is a contact */
    return g_strdup_printf (_("Waits until %s is online"), name);
  return g_strdup (_("Waits for its turn"));
}

static char *
dup_done (FerryTransfer *transfer)
{
  g_autofree char *size = ferry_format_size (ferry_transfer_get_size (transfer));
  g_autofree char *took = ferry_format_took (ferry_transfer_get_elapsed (transfer));

  if (is_outgoing (transfer))
    /* Translators: a size, and how long it took: "Delivered · 24.5 MB in 8 seconds" */
    return g_strdup_printf (_("Delivered · %s %s"), size, took);
  return g_strdup_printf (_("Received · %s %s"), size, took);
}

static char *
dup_for_contact (const char    *format,
                 FerryTransfer *transfer)
{
  g_autofree char *name = dup_contact_name (transfer);
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);

  return g_strjoinv (name, parts);
}

static char *
dup_offered (FerryTransfer *transfer)
{
  g_autofree char *size = ferry_format_size (ferry_transfer_get_size (transfer));
  g_autofree char *who = dup_for_contact (_("%s wants to send this to you"), transfer);

  return g_strjoin (" · ", who, size, NULL);
}

char *
ferry_transfer_text_status (FerryTransfer *transfer)
{
  switch (ferry_transfer_get_state (transfer))
    {
    case FERRY_TRANSFER_WAITING:
      return dup_waiting (transfer);
    case FERRY_TRANSFER_OFFERING:
      return dup_for_contact (_("Waiting for %s to accept"), transfer);
    case FERRY_TRANSFER_OFFERED:
      return dup_offered (transfer);
    case FERRY_TRANSFER_CONNECTING:
      /* The one before broke midway. */
      return g_strdup (ferry_transfer_get_bytes (transfer) > 0 ? _("Looking for another way…")
                                                              : _("Looking for the best path…"));
    case FERRY_TRANSFER_RUNNING:
      return dup_running (transfer);
    case FERRY_TRANSFER_PAUSED:
      return dup_paused (transfer);
    case FERRY_TRANSFER_VERIFYING:
      return g_strdup (is_outgoing (transfer) ? _("Waiting for confirmation…") : _("Checking…"));
    case FERRY_TRANSFER_DONE:
      return dup_done (transfer);
    case FERRY_TRANSFER_DECLINED:
      return is_outgoing (transfer) ? dup_for_contact (_("%s declined"), transfer)
                                    : g_strdup (_("You declined"));
    case FERRY_TRANSFER_CANCELLED:
      return g_strdup (_("Cancelled"));
    case FERRY_TRANSFER_FAILED:
    default:
      return g_strdup (ferry_error_text_what (ferry_transfer_get_error (transfer)));
    }
}

char *
ferry_transfer_text_summary (FerryTransfer *transfer)
{
  g_autofree char *name = ferry_display_text (ferry_transfer_get_name (transfer), 120);
  g_autofree char *status = ferry_transfer_text_status (transfer);
  g_autofree char *who = is_outgoing (transfer) ? dup_for_contact (_("to %s"), transfer)
                                                : dup_for_contact (_("from %s"), transfer);

  if (ferry_transfer_get_path (transfer) == 0)
    return g_strdup_printf ("%s, %s, %s", name, who, status);
  return g_strdup_printf ("%s, %s, %s, %s", name, who, status,
                          ferry_trust_text_session (ferry_transfer_is_encrypted (transfer),
                                                    ferry_transfer_get_trust_level (transfer)));
}

static void
append_line (GString    *out,
             const char *label,
             const char *value)
{
  g_autofree char *clean = NULL;

  if (value == NULL || *value == '\0')
    return;
  clean = ferry_display_text (value, 400);
  g_string_append_printf (out, "%s%s: %s", out->len > 0 ? "\n" : "", label, clean);
}

char *
ferry_transfer_text_details (FerryTransfer *transfer)
{
  const GError *error = ferry_transfer_get_error (transfer);
  FerryVerified verified = ferry_transfer_get_verified (transfer);
  g_autofree char *protocol = ferry_protocol_text (ferry_transfer_get_dialect (transfer));
  GString *out = g_string_new (NULL);

  append_line (out, _("File"), ferry_transfer_get_name (transfer));
  append_line (out, is_outgoing (transfer) ? _("To") : _("From"),
               ferry_transfer_get_peer (transfer));
  append_line (out, _("Failed"), ferry_error_text_step (ferry_transfer_get_step (transfer)));
  append_line (out, _("Reason"), error != NULL ? error->message : NULL);
  append_line (out, _("Path"), ferry_transfer_text_path (ferry_transfer_get_path (transfer)));
  if (ferry_transfer_get_path (transfer) != 0)
    append_line (out, _("Security"),
                 ferry_trust_text_session (ferry_transfer_is_encrypted (transfer),
                                           ferry_transfer_get_trust_level (transfer)));
  append_line (out, _("Here"), ferry_transfer_get_local (transfer));
  append_line (out, _("There"), ferry_transfer_get_remote (transfer));
  append_line (out, _("Protocol"), protocol);
  if (verified != FERRY_VERIFIED_NO)
    append_line (out, _("Checksum"), verified == FERRY_VERIFIED_YES ? _("compared, it is the same file")
                                                                    : _("compared, but only a weak one"));
  append_line (out, "SHA-256", ferry_transfer_get_sha256 (transfer));
  return g_string_free (out, FALSE);
}
