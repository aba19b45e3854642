/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-transfer"

#include "config.h"

#include "core/transfer-resume.h"

enum
{
  SIGNAL_EXAMINED,
  N_SIGNALS
};

static GParamSpec *properties[FERRY_TRANSFER_N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryTransfer, ferry_transfer, G_TYPE_OBJECT)

void
ferry_transfer_notify (FerryTransfer     *self,
                       FerryTransferProp  prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop]);
}

void
ferry_transfer_set_state (FerryTransfer      *self,
                          FerryTransferState  state)
{
  if (self->state == state)
    return;

  g_debug ("Transfer %s: state %d", self->id, state);
  self->state = state;
  ferry_transfer_notify (self, FERRY_TRANSFER_PROP_STATE);
}

void
ferry_transfer_set_string (FerryTransfer      *self,
                           FerryTransferProp   prop,
                           char              **field,
                           const char         *value)
{
  char *copy;

  if (g_strcmp0 (*field, value) == 0)
    return;

  copy = g_strdup (value);
  g_free (*field);
  *field = copy;
  ferry_transfer_notify (self, prop);
}

void
ferry_transfer_emit_examined (FerryTransfer *self)
{
  g_signal_emit (self, signals[SIGNAL_EXAMINED], 0);
}

/* The "step" that is being made now. */
const char *
ferry_transfer_get_stage (FerryTransfer *self)
{
  if (self->is_storing)
    return "store";

  switch (self->state)
    {
    case FERRY_TRANSFER_WAITING:
    case FERRY_TRANSFER_OFFERING:
    case FERRY_TRANSFER_OFFERED:
      return "offer";

    case FERRY_TRANSFER_CONNECTING:
      return ferry_negotiation_is_securing (self->negotiation) ? "secure" : "connect";

    case FERRY_TRANSFER_RUNNING:
    case FERRY_TRANSFER_PAUSED:
      return "data";

    case FERRY_TRANSFER_VERIFYING:
    case FERRY_TRANSFER_DONE:
    case FERRY_TRANSFER_DECLINED:
    case FERRY_TRANSFER_CANCELLED:
    case FERRY_TRANSFER_FAILED:
    default:
      return "verify";
    }
}

static void
ferry_transfer_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  FerryTransfer *self = FERRY_TRANSFER (object);

  switch (property_id)
    {
    case FERRY_TRANSFER_PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case FERRY_TRANSFER_PROP_DIRECTION:
      g_value_set_int (value, self->direction);
      break;
    case FERRY_TRANSFER_PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case FERRY_TRANSFER_PROP_PEER:
      g_value_set_string (value, self->peer);
      break;
    case FERRY_TRANSFER_PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case FERRY_TRANSFER_PROP_SIZE:
      g_value_set_int64 (value, self->size);
      break;
    case FERRY_TRANSFER_PROP_CONTENT_TYPE:
      g_value_set_string (value, self->content_type);
      break;
    case FERRY_TRANSFER_PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case FERRY_TRANSFER_PROP_BYTES:
      g_value_set_int64 (value, self->bytes);
      break;
    case FERRY_TRANSFER_PROP_RATE:
      g_value_set_double (value, self->rate);
      break;
    case FERRY_TRANSFER_PROP_SECONDS_LEFT:
      g_value_set_int64 (value, self->seconds_left);
      break;
    case FERRY_TRANSFER_PROP_PATH:
      g_value_set_int (value, ferry_transfer_get_path (self));
      break;
    case FERRY_TRANSFER_PROP_VIA:
      g_value_set_string (value, ferry_transfer_get_via (self));
      break;
    case FERRY_TRANSFER_PROP_IS_ENCRYPTED:
      g_value_set_boolean (value, ferry_transfer_is_encrypted (self));
      break;
    case FERRY_TRANSFER_PROP_TRUST_LEVEL:
      g_value_set_int (value, ferry_transfer_get_trust_level (self));
      break;
    case FERRY_TRANSFER_PROP_DIALECT:
      g_value_set_string (value, ferry_transfer_get_dialect (self));
      break;
    case FERRY_TRANSFER_PROP_VERIFIED:
      g_value_set_int (value, self->verified);
      break;
    case FERRY_TRANSFER_PROP_SHA256:
      g_value_set_string (value, self->sha256);
      break;
    case FERRY_TRANSFER_PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case FERRY_TRANSFER_PROP_STEP:
      g_value_set_string (value, self->step);
      break;
    case FERRY_TRANSFER_PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case FERRY_TRANSFER_PROP_LOCAL:
      g_value_set_string (value, ferry_transfer_get_local (self));
      break;
    case FERRY_TRANSFER_PROP_REMOTE:
      g_value_set_string (value, ferry_transfer_get_remote (self));
      break;
    case FERRY_TRANSFER_PROP_STARTED_AT:
      g_value_set_int64 (value, self->started_at);
      break;
    case FERRY_TRANSFER_PROP_ENDED_AT:
      g_value_set_int64 (value, self->ended_at);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
      break;
    }
}

static void
ferry_transfer_dispose (GObject *object)
{
  FerryTransfer *self = FERRY_TRANSFER (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->way.whole);
  ferry_transfer_stop_looking (self);
  ferry_transfer_stop_pump (self);
  ferry_negotiation_disown (self->negotiation);
  g_clear_object (&self->inbox);

  G_OBJECT_CLASS (ferry_transfer_parent_class)->dispose (object);
}

static void
ferry_transfer_finalize (GObject *object)
{
  FerryTransfer *self = FERRY_TRANSFER (object);

  ferry_transfer_close_source (self);
  g_clear_pointer (&self->greeting, g_source_unref);
  g_clear_pointer (&self->offer, ferry_file_description_free);
  g_clear_pointer (&self->inbox_name, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->peer, g_free);
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->content_type, g_free);
  g_clear_pointer (&self->description, g_free);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_error (&self->error);
  g_clear_error (&self->failure);
  g_clear_error (&self->way.broken);
  g_clear_pointer (&self->way.story, g_free);
  g_clear_pointer (&self->way.certificate, g_bytes_unref);
  g_clear_object (&self->way.whole);
  g_clear_object (&self->negotiation);
  g_clear_object (&self->contact);
  g_clear_object (&self->file);
  g_clear_object (&self->folder);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->services, ferry_transfer_services_unref);

  G_OBJECT_CLASS (ferry_transfer_parent_class)->finalize (object);
}

#define FLAGS (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static GParamSpec *
spec_string (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL, FLAGS);
}

static GParamSpec *
spec_int (const char *name)
{
  return g_param_spec_int (name, NULL, NULL, 0, G_MAXINT, 0, FLAGS);
}

static GParamSpec *
spec_int64 (const char *name)
{
  return g_param_spec_int64 (name, NULL, NULL, -1, G_MAXINT64, 0, FLAGS);
}

static void
ferry_transfer_class_init (FerryTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_transfer_dispose;
  object_class->finalize = ferry_transfer_finalize;
  object_class->get_property = ferry_transfer_get_property;

  properties[FERRY_TRANSFER_PROP_ID] = spec_string ("id");
  properties[FERRY_TRANSFER_PROP_DIRECTION] = spec_int ("direction");
  properties[FERRY_TRANSFER_PROP_CONTACT] =
    g_param_spec_object ("contact", NULL, NULL, FERRY_TYPE_CONTACT, FLAGS);
  properties[FERRY_TRANSFER_PROP_PEER] = spec_string ("peer");
  properties[FERRY_TRANSFER_PROP_NAME] = spec_string ("name");
  properties[FERRY_TRANSFER_PROP_SIZE] = spec_int64 ("size");
  properties[FERRY_TRANSFER_PROP_CONTENT_TYPE] = spec_string ("content-type");
  properties[FERRY_TRANSFER_PROP_STATE] = spec_int ("state");
  properties[FERRY_TRANSFER_PROP_BYTES] = spec_int64 ("bytes");
  properties[FERRY_TRANSFER_PROP_RATE] =
    g_param_spec_double ("rate", NULL, NULL, 0, G_MAXDOUBLE, 0, FLAGS);
  properties[FERRY_TRANSFER_PROP_SECONDS_LEFT] = spec_int64 ("seconds-left");
  properties[FERRY_TRANSFER_PROP_PATH] = spec_int ("path");
  properties[FERRY_TRANSFER_PROP_VIA] = spec_string ("via");
  properties[FERRY_TRANSFER_PROP_IS_ENCRYPTED] =
    g_param_spec_boolean ("is-encrypted", NULL, NULL, FALSE, FLAGS);
  properties[FERRY_TRANSFER_PROP_TRUST_LEVEL] = spec_int ("trust-level");
  properties[FERRY_TRANSFER_PROP_DIALECT] = spec_string ("dialect");
  properties[FERRY_TRANSFER_PROP_VERIFIED] = spec_int ("verified");
  properties[FERRY_TRANSFER_PROP_SHA256] = spec_string ("sha256");
  properties[FERRY_TRANSFER_PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, FLAGS);
  properties[FERRY_TRANSFER_PROP_STEP] = spec_string ("step");
  properties[FERRY_TRANSFER_PROP_FILE] =
    g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, FLAGS);
  properties[FERRY_TRANSFER_PROP_LOCAL] = spec_string ("local");
  properties[FERRY_TRANSFER_PROP_REMOTE] = spec_string ("remote");
  properties[FERRY_TRANSFER_PROP_STARTED_AT] = spec_int64 ("started-at");
  properties[FERRY_TRANSFER_PROP_ENDED_AT] = spec_int64 ("ended-at");
  g_object_class_install_properties (object_class, FERRY_TRANSFER_N_PROPS, properties);

  signals[SIGNAL_EXAMINED] =
    g_signal_new ("examined", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ferry_transfer_init (FerryTransfer *self)
{
  self->fd = -1;
  self->size = -1;
  self->seconds_left = -1;
  self->cancellable = g_cancellable_new ();
}
