/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include <string.h>

#include "core/random-id.h"
#include "core/transfer-resume.h"
#include "proto/jid.h"

#define MARK         ".r"
#define MAX_TAKEN_UP 20 /* times without getting on: more than anybody tries by himself */

/* How two sessions come to be about one transfer, and what the later ones may not change. */

/* Whether we would offer it again, and the peer take it up. */
static gboolean
may_have_to_resume (FerryTransfer *self)
{
  const char *const *features =
    ferry_capabilities_get_features (self->services->capabilities, self->peer);

  return self->role == FERRY_ROLE_INITIATOR && self->direction == FERRY_DIRECTION_SEND
         && self->services->settings->resume_within > 0
         && self->dialect->resumes != FERRY_RESUMES_NEVER
         && features != NULL && g_strv_contains (features, FERRY_NS_RESUME);
}

char *
ferry_transfer_dup_next_sid (FerryTransfer *self)
{
  if (!ferry_transfer_is_looking (self))
    {
      g_clear_pointer (&self->way.story, g_free);
      self->way.n_sids = 0;
      if (may_have_to_resume (self))
        self->way.story = ferry_random_id_new (); /* SEC-27 */
    }

  if (self->way.story == NULL)
    return NULL;

  return g_strdup_printf ("%s" MARK "%u", self->way.story, self->way.n_sids++);
}

char *
ferry_transfer_dup_story (const char *sid)
{
  const char *mark = g_strrstr (sid, MARK);
  const char *number = mark != NULL ? mark + strlen (MARK) : "";

  if (*number == '\0' || number[strspn (number, "0123456789")] != '\0')
    return NULL;

  return g_strndup (sid, mark - sid);
}

static void
fail_unsafe (FerryTransfer *self,
             int            code,
             const char    *reason)
{
  ferry_transfer_data_failed (self, FERRY_OUTCOME_INSECURE,
                              g_error_new_literal (FERRY_TRANSFER_ERROR, code, reason));
}

gboolean
ferry_transfer_go_on (FerryTransfer *self)
{
  FerryTlsStream *tls = ferry_negotiation_get_tls (self->negotiation);
  GBytes *certificate = tls != NULL ? ferry_tls_stream_get_certificate (tls) : NULL;

  if (self->way.was_secured && !ferry_negotiation_is_secured (self->negotiation))
    {
      fail_unsafe (self, FERRY_TRANSFER_ERROR_SECURITY, "it was encrypted before");
      return FALSE;
    }

  if (self->way.certificate != NULL
      && (certificate == NULL || !g_bytes_equal (certificate, self->way.certificate)))
    {
      fail_unsafe (self, FERRY_TRANSFER_ERROR_KEY_CHANGED, "it is not the key that it began with");
      return FALSE;
    }

  self->way.has_begun = TRUE;
  self->way.is_trying = FALSE;
  self->way.was_secured |= ferry_negotiation_is_secured (self->negotiation);
  if (self->way.certificate == NULL && certificate != NULL)
    self->way.certificate = g_bytes_ref (certificate);
  ferry_resumption_go_on (&self->way.resumption, g_get_monotonic_time ());
  g_clear_error (&self->way.broken);

  return TRUE;
}

/* A part that is shorter than what was written was changed by somebody; one that is as long is
 * checked with the rest (SEC-21). */
static gboolean
has_part (FerryTransfer *self)
{
  return self->inbox != NULL && self->offer != NULL && self->fd >= 0 && !self->is_storing
         && ferry_inbox_get_n_bytes (self->inbox) >= self->position;
}

gboolean
ferry_transfer_can_take_up (FerryTransfer              *self,
                            const char                 *from,
                            const char                 *sid,
                            const FerryFileDescription *file)
{
  g_autofree char *story = ferry_transfer_dup_story (sid);
  gboolean is_waiting = ferry_transfer_is_idle (self)
                        || (story != NULL && g_strcmp0 (self->way.story, story) == 0);

  return self->role == FERRY_ROLE_RESPONDER && self->direction == FERRY_DIRECTION_RECEIVE
         && self->way.has_begun && !ferry_transfer_is_ended (self)
         && is_waiting && ferry_jid_equal_bare (self->peer, from) && has_part (self)
         && self->way.n_taken_up < MAX_TAKEN_UP
         && ferry_kept_parts_can_keep (file)
         && ferry_kept_parts_is_same_file (self->offer, file);
}

/* The sender knows already that the way we still have is none. */
static gboolean
stop_waiting (FerryTransfer *self)
{
  g_autoptr(GError) error = g_error_new_literal (FERRY_TRANSFER_ERROR,
                                                 FERRY_TRANSFER_ERROR_PEER_GONE,
                                                 "the other side begins again");

  return ferry_transfer_look_on (self, error) && !ferry_transfer_is_ended (self);
}

gboolean
ferry_transfer_take_up (FerryTransfer      *self,
                        const FerryDialect *dialect,
                        const char         *from,
                        const char         *sid)
{
  if (!stop_waiting (self))
    return FALSE;

  ferry_transfer_stop_looking (self);
  if (self->position > self->way.taken_up_at)
    self->way.n_taken_up = 0;
  self->way.taken_up_at = self->position;
  self->way.n_taken_up++;
  self->way.is_trying = TRUE;
  self->allowed = self->services->settings->paths;
  self->dialect = dialect;
  self->profile = ferry_capabilities_get_profile (self->services->capabilities, from);
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_PEER, &self->peer, from);

  return ferry_transfer_begin_session (self, sid, NULL, NULL);
}

static void
accept_from (FerryTransfer *self,
             gint64         offset)
{
  const FerrySessionEvent event = {
    .kind = FERRY_SESSION_EVENT_ACCEPT,
    .range_offset = offset,
  };

  ferry_transfer_feed (self, &event);
}

gboolean
ferry_transfer_answer_alone (FerryTransfer *self)
{
  if (ferry_transfer_is_looking (self))
    accept_from (self, self->position);
  else if (self->way.is_echo)
    accept_from (self, self->size);
  else if (self->way.is_unwanted)
    ferry_transfer_feed_kind (self, FERRY_SESSION_EVENT_CANCEL);
  else
    return FALSE;

  return TRUE;
}
