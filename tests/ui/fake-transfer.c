/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The FerryTransfer of fake-core.h. */

#include "config.h"

#include "fake-private.h"

enum
{
  PROP_0, PROP_STATE, PROP_BYTES, PROP_RATE, PROP_SECONDS_LEFT, PROP_PATH,
  PROP_IS_ENCRYPTED, PROP_ERROR, PROP_ENDED_AT, N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (FerryTransfer, ferry_transfer, G_TYPE_OBJECT)
G_DEFINE_QUARK (ferry-transfer-error-quark, ferry_transfer_error)

#define GETTER(type, name, field) \
  type ferry_transfer_get_##name (FerryTransfer *self) { return self->field; }

GETTER (const char *, id, id)
GETTER (FerryDirection, direction, direction)
GETTER (FerryContact *, contact, contact)
GETTER (const char *, name, name)
GETTER (gint64, size, size)
GETTER (const char *, content_type, content_type)
GETTER (FerryTransferState, state, state)
GETTER (gint64, bytes, bytes)
GETTER (double, rate, rate)
GETTER (FerryPaths, path, path)
GETTER (FerryTrustLevel, trust_level, trust_level)
GETTER (const GError *, error, error)
GETTER (const char *, step, step)
GETTER (GFile *, file, file)
GETTER (FerryPathReport *, report, report)

gboolean
ferry_transfer_is_encrypted (FerryTransfer *self)
{
  return self->is_encrypted;
}

const char *
ferry_transfer_get_peer (FerryTransfer *self)
{
  return ferry_contact_get_jid (self->contact);
}

gint64
ferry_transfer_get_seconds_left (FerryTransfer *self)
{
  return self->rate > 0 ? (gint64) ((double) (self->size - self->bytes) / self->rate) : -1;
}

const char *
ferry_transfer_get_dialect (FerryTransfer *self)
{
  return "jingle-1";
}

FerryVerified
ferry_transfer_get_verified (FerryTransfer *self)
{
  return self->state == FERRY_TRANSFER_DONE ? FERRY_VERIFIED_YES : FERRY_VERIFIED_NO;
}

const char *
ferry_transfer_get_sha256 (FerryTransfer *self)
{
  return self->state == FERRY_TRANSFER_DONE
         ? "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" : NULL;
}

const char *
ferry_transfer_get_local (FerryTransfer *self)
{
  return self->path != 0 ? "192.0.2.7:40112" : NULL;
}

const char *
ferry_transfer_get_remote (FerryTransfer *self)
{
  return self->path != 0 ? "198.51.100.23:5281" : NULL;
}

double
ferry_transfer_get_elapsed (FerryTransfer *self)
{
  return 8;
}

gboolean
ferry_transfer_is_ended (FerryTransfer *self)
{
  return self->state >= FERRY_TRANSFER_DONE;
}

gboolean
ferry_transfer_can_retry (FerryTransfer *self)
{
  return self->direction == FERRY_DIRECTION_SEND && self->state > FERRY_TRANSFER_DONE;
}

void
fake_transfer_set_state (FerryTransfer      *self,
                         FerryTransferState  state)
{
  self->state = state;
  if (ferry_transfer_is_ended (self))
    self->ended_at = g_get_real_time ();
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  fake_contact_recount (self->contact);
}

void
ferry_transfer_accept (FerryTransfer *self,
                       GFile         *folder,
                       const char    *name)
{
  g_print ("accept %s\n", self->name);
  fake_transfer_set_state (self, FERRY_TRANSFER_RUNNING);
}

void
ferry_transfer_decline (FerryTransfer *self)
{
  g_print ("decline %s\n", self->name);
  fake_transfer_set_state (self, FERRY_TRANSFER_DECLINED);
}

void
ferry_transfer_cancel (FerryTransfer *self)
{
  fake_transfer_set_state (self, FERRY_TRANSFER_CANCELLED);
}

void
ferry_transfer_set_paused (FerryTransfer *self,
                           gboolean       paused)
{
  fake_transfer_set_state (self, paused ? FERRY_TRANSFER_PAUSED : FERRY_TRANSFER_RUNNING);
}

void
fake_transfer_progress (FerryTransfer *self,
                        gint64         bytes,
                        double         rate)
{
  self->bytes = bytes;
  self->rate = rate;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BYTES]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RATE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SECONDS_LEFT]);
}

void
fake_transfer_set_path (FerryTransfer *self,
                        FerryPaths     path)
{
  self->path = path;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PATH]);
}

void
fake_transfer_set_security (FerryTransfer   *self,
                            gboolean         is_encrypted,
                            FerryTrustLevel  level)
{
  self->is_encrypted = is_encrypted;
  self->trust_level = level;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_ENCRYPTED]);
}

void
fake_transfer_fail (FerryTransfer *self,
                    const char    *step,
                    GError        *error)
{
  self->step = step;
  g_clear_error (&self->error);
  self->error = error;
  fake_transfer_set_state (self, FERRY_TRANSFER_FAILED);
}

void
fake_transfer_take_report (FerryTransfer   *self,
                           FerryPathReport *report)
{
  g_clear_pointer (&self->report, ferry_path_report_unref);
  self->report = report;
}

static void
ferry_transfer_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  FerryTransfer *self = FERRY_TRANSFER (object);

  switch (prop_id)
    {
    case PROP_STATE: g_value_set_int (value, (int) self->state); break;
    case PROP_BYTES: g_value_set_int64 (value, self->bytes); break;
    case PROP_RATE: g_value_set_double (value, self->rate); break;
    case PROP_SECONDS_LEFT: g_value_set_int64 (value, ferry_transfer_get_seconds_left (self)); break;
    case PROP_PATH: g_value_set_int (value, (int) self->path); break;
    case PROP_IS_ENCRYPTED: g_value_set_boolean (value, self->is_encrypted); break;
    case PROP_ERROR: g_value_set_boxed (value, self->error); break;
    case PROP_ENDED_AT: g_value_set_int64 (value, self->ended_at); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_transfer_finalize (GObject *object)
{
  FerryTransfer *self = FERRY_TRANSFER (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->content_type);
  g_clear_error (&self->error);
  g_clear_pointer (&self->report, ferry_path_report_unref);
  g_clear_object (&self->file);
  g_clear_object (&self->contact);
  G_OBJECT_CLASS (ferry_transfer_parent_class)->finalize (object);
}

static void
ferry_transfer_class_init (FerryTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = ferry_transfer_get_property;
  object_class->finalize = ferry_transfer_finalize;
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, 20, 0, flags);
  props[PROP_BYTES] = g_param_spec_int64 ("bytes", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_RATE] = g_param_spec_double ("rate", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  props[PROP_SECONDS_LEFT] = g_param_spec_int64 ("seconds-left", NULL, NULL, -1, G_MAXINT64, -1,
                                                 flags);
  props[PROP_PATH] = g_param_spec_int ("path", NULL, NULL, 0, 7, 0, flags);
  props[PROP_IS_ENCRYPTED] = g_param_spec_boolean ("is-encrypted", NULL, NULL, FALSE, flags);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  props[PROP_ENDED_AT] = g_param_spec_int64 ("ended-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ferry_transfer_init (FerryTransfer *self)
{
}
