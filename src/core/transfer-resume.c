/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/transfer-resume.h"
#include "proto/jid.h"

#define LOOK_INTERVAL  (5 * G_TIME_SPAN_SECOND) /* presence does not tell of every resource */
#define WITHDRAW_LIMIT (2 * G_TIME_SPAN_SECOND)

gboolean
ferry_transfer_is_looking (FerryTransfer *self)
{
  return ferry_resumption_is_broken (&self->way.resumption);
}

gboolean
ferry_transfer_is_idle (FerryTransfer *self)
{
  return ferry_transfer_is_looking (self) && !self->way.is_trying;
}

static gboolean
has_resume (const char *const *features)
{
  return features != NULL && g_strv_contains (features, FERRY_NS_RESUME);
}

/* Whether the receiver can have a part of it, and check the whole: both sides must think so. */
static gboolean
is_resumable (FerryTransfer *self)
{
  if (self->direction == FERRY_DIRECTION_RECEIVE)
    return self->role == FERRY_ROLE_RESPONDER && self->inbox != NULL && self->offer != NULL
           && !self->is_storing && ferry_kept_parts_can_keep (self->offer);

  return self->role == FERRY_ROLE_INITIATOR && self->size > 0
         && (self->dialect->resumes == FERRY_RESUMES_ALWAYS
             || (self->dialect->resumes == FERRY_RESUMES_HASHED
                 && (self->hashes.present & self->dialect->hashes) != 0));
}

/* What says that the path, or the other end of it, is not there. What a person, a disk or a
 * wrong byte ended does not come back. */
static gboolean
is_about_path (FerryTransfer *self,
               const GError  *error)
{
  switch (error->code)
    {
    case FERRY_TRANSFER_ERROR_TRUNCATED:
    case FERRY_TRANSFER_ERROR_PEER_GONE:
    case FERRY_TRANSFER_ERROR_CONNECTION_LOST:
      return TRUE;

    /* In-band the word of its arrival went the way of the bytes. */
    case FERRY_TRANSFER_ERROR_UNCONFIRMED:
      return ferry_transfer_is_looking (self)
             || ferry_transfer_get_path (self) == FERRY_PATH_IN_BAND;

    case FERRY_TRANSFER_ERROR_NO_ROUTE:
    case FERRY_TRANSFER_ERROR_OFFLINE:
    case FERRY_TRANSFER_ERROR_PEER_BUSY:
    case FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT:
      return ferry_transfer_is_looking (self);

    default:
      return FALSE;
    }
}

static gboolean
may_look (FerryTransfer *self,
          const GError  *error)
{
  return self->way.has_begun && self->way.story != NULL
         && self->services->settings->resume_within > 0
         && error->domain == FERRY_TRANSFER_ERROR && is_about_path (self, error)
         && is_resumable (self);
}

void
ferry_transfer_stop_looking (FerryTransfer *self)
{
  if (self->way.looking != NULL)
    g_source_destroy (self->way.looking);

  g_clear_pointer (&self->way.looking, g_source_unref);
}

static gboolean
look_due_cb (gpointer user_data)
{
  g_autoptr(FerryTransfer) self = g_object_ref (user_data);

  ferry_transfer_stop_looking (self);
  if (self->way.is_withdrawn)
    ferry_transfer_cancel (self);
  else
    ferry_transfer_look (self);

  return G_SOURCE_REMOVE;
}

static void
look_again_at (FerryTransfer *self,
               gint64         due)
{
  ferry_transfer_stop_looking (self);
  self->way.looking = g_timeout_source_new (0);
  g_source_set_ready_time (self->way.looking, due);
  g_source_set_callback (self->way.looking, look_due_cb, self, NULL);
  g_source_attach (self->way.looking, NULL);
}

/* Whether @resource may be the peer's program, or another of the same kind. */
static gboolean
may_resume (const FerryResource *resource)
{
  return resource->features == NULL
         || has_resume ((const char *const *) resource->features);
}

/* Who does not show us their presence is asked blindly. */
static gboolean
is_there (FerryTransfer *self)
{
  FerryContact *contact = self->contact;
  const char *subscription = ferry_contact_get_subscription (contact);

  if (ferry_router_get_jid (self->services->router) == NULL
      || !ferry_roster_is_loaded (self->services->roster))
    return FALSE;

  if (!g_str_equal (subscription, "to") && !g_str_equal (subscription, "both"))
    return TRUE;

  for (guint i = 0; i < ferry_contact_get_n_resources (contact); i++)
    {
      if (may_resume (ferry_contact_get_resource (contact, i)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
can_try (FerryTransfer *self)
{
  return self->role == FERRY_ROLE_INITIATOR && !self->way.is_choosing && is_there (self);
}

static void
try_failed (FerryTransfer *self,
            int            code,
            const char    *reason)
{
  g_autoptr(GError) error = g_error_new_literal (FERRY_TRANSFER_ERROR, code, reason);

  ferry_transfer_look_on (self, error);
}

static void
try_with (FerryTransfer        *self,
          const FerryRecipient *recipient)
{
  g_autoptr(GError) error = NULL;

  if (!has_resume (ferry_capabilities_get_features (self->services->capabilities,
                                                    recipient->jid)))
    {
      try_failed (self, FERRY_TRANSFER_ERROR_OFFLINE, "another program of theirs is there");
      return;
    }

  if (!ferry_transfer_is_unchanged (self, &error))
    {
      ferry_transfer_fail (self, error->code, error->message);
      return;
    }

  self->profile = recipient->profile;
  ferry_transfer_set_string (self, FERRY_TRANSFER_PROP_PEER, &self->peer, recipient->jid);
  ferry_transfer_open_session (self);
}

static void
try_chosen_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(FerryTransfer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryRecipient) recipient =
    ferry_capabilities_choose_finish (FERRY_CAPABILITIES (source), result, &error);

  self->way.is_choosing = FALSE;
  if (ferry_transfer_is_ended (self) || !self->way.is_trying || ferry_transfer_has_session (self))
    return;

  if (recipient == NULL)
    try_failed (self, FERRY_TRANSFER_ERROR_OFFLINE, error->message);
  else
    try_with (self, recipient);
}

/* The same program, if it is still there; else whichever of theirs is the best. */
static char *
dup_whom (FerryTransfer *self)
{
  if (ferry_contact_find_resource (self->contact, self->peer) != NULL
      || ferry_contact_get_n_resources (self->contact) == 0)
    return g_strdup (self->peer);

  return ferry_jid_dup_bare (self->peer);
}

static void
try_again (FerryTransfer *self)
{
  g_autofree char *whom = dup_whom (self);

  g_debug ("Transfer %s: offers it again", self->id);
  ferry_resumption_begin_try (&self->way.resumption, g_get_monotonic_time ());
  self->way.is_trying = TRUE;
  self->way.is_choosing = TRUE;
  self->allowed = self->services->settings->paths;
  self->has_tried_in_band = FALSE;
  ferry_capabilities_choose_async (self->services->capabilities, whom, self->dialect->name,
                                   FERRY_DIRECTION_SEND, self->cancellable, try_chosen_cb,
                                   g_object_ref (self));
}

gboolean
ferry_transfer_withdraw (FerryTransfer *self)
{
  if (self->way.is_withdrawn || !ferry_transfer_is_idle (self) || !can_try (self))
    return FALSE;

  self->way.is_withdrawn = TRUE;
  look_again_at (self, g_get_monotonic_time () + WITHDRAW_LIMIT);
  try_again (self);

  return TRUE;
}

/* What is told is why it broke, not what became of the last try. */
static void
give_up (FerryTransfer *self)
{
  g_autoptr(GError) error = g_steal_pointer (&self->way.broken);

  self->step = self->way.broken_step;
  ferry_transfer_end (self, FERRY_TRANSFER_FAILED, g_steal_pointer (&error));
}

void
ferry_transfer_disappoint (FerryTransfer *self)
{
  if (!ferry_transfer_is_idle (self) || ferry_transfer_is_ended (self))
    return;

  g_clear_pointer (&self->way.story, g_free); /* it is not over for those who offer it */
  give_up (self);
}

void
ferry_transfer_look (FerryTransfer *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 due;
  gboolean can;

  if (ferry_transfer_is_ended (self) || !ferry_transfer_is_idle (self))
    return;

  can = can_try (self);

  switch (ferry_resumption_judge (&self->way.resumption, can, now))
    {
    case FERRY_RESUMPTION_TRY:
      try_again (self);
      break;

    case FERRY_RESUMPTION_GIVE_UP:
      give_up (self);
      break;

    case FERRY_RESUMPTION_WAIT:
    default:
      due = ferry_resumption_get_due (&self->way.resumption, can, now);
      look_again_at (self, MIN (due, now + LOOK_INTERVAL));
      break;
    }
}

void
ferry_transfer_network_changed (FerryTransfer *self)
{
  if (!ferry_transfer_is_idle (self))
    return;

  ferry_resumption_change_network (&self->way.resumption, g_get_monotonic_time ());
  ferry_transfer_look (self);
}

static void
keep_cause (FerryTransfer *self,
            const GError  *error)
{
  if (self->way.broken != NULL)
    return;

  self->way.broken = g_error_copy (error);
  self->way.broken_step = ferry_transfer_get_stage (self);
}

/* Only a way that was there can break. */
static void
report_break (FerryTransfer *self,
              const GError  *error)
{
  if (self->data_started != 0)
    ferry_path_report_add (ferry_negotiation_get_report (self->negotiation),
                           g_get_monotonic_time (), FERRY_PATH_STEP_BROKEN,
                           ferry_negotiation_get_way (self->negotiation), NULL, 0, error->message);
}

/* Whatever was under way was for the way that broke. */
static void
let_go (FerryTransfer *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  ferry_transfer_drop_session (self);

  if (self->data_started != 0 && self->data_ended != 0)
    self->data_spent += self->data_ended - self->data_started;
  self->data_started = self->data_ended = 0;
  self->was_peer_gone = FALSE;
  g_clear_error (&self->failure);
  self->rate = 0;
  self->seconds_left = -1;
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_RATE);
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_SECONDS_LEFT);
}

/* How far it came: the sender knows when the receiver says from where to go on. */
static gint64
get_progress (FerryTransfer *self)
{
  return self->direction == FERRY_DIRECTION_SEND ? self->pump_offset : self->position;
}

gboolean
ferry_transfer_look_on (FerryTransfer *self,
                        const GError  *error)
{
  if (ferry_transfer_is_ended (self) || ferry_transfer_is_idle (self))
    return TRUE;

  if (self->way.is_withdrawn)
    {
      ferry_transfer_end (self, FERRY_TRANSFER_CANCELLED, NULL);
      return TRUE;
    }

  if (!may_look (self, error))
    return FALSE;

  g_debug ("Transfer %s: looks for another way: %s", self->id, error->message);
  g_object_ref (self);
  g_object_freeze_notify (G_OBJECT (self));
  keep_cause (self, error);
  report_break (self, error);
  let_go (self);
  self->way.is_trying = FALSE;
  ferry_resumption_break (&self->way.resumption, get_progress (self), g_get_monotonic_time ());
  ferry_transfer_set_state (self, FERRY_TRANSFER_CONNECTING);
  ferry_transfer_hash_whole (self);
  ferry_transfer_look (self);
  g_object_thaw_notify (G_OBJECT (self));
  g_object_unref (self);

  return TRUE;
}
