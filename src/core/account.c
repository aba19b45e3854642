/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/account-private.h"
#include "core/random-id.h"

#define RESOURCE_CHARACTERS 8

enum
{
  PROP_0,
  PROP_JID,
  PROP_STATE,
  PROP_ERROR,
  PROP_RETRY_AT,
  PROP_SHOW,
  N_PROPS
};

enum
{
  SIGNAL_ONLINE,
  SIGNAL_LEAVING,
  SIGNAL_CERTIFICATE_UNKNOWN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FerryAccount, ferry_account, G_TYPE_OBJECT)

/* All that people see changes in one go: fields first, then the notifications. */
void
ferry_account_set_state (FerryAccount      *self,
                         FerryAccountState  state,
                         GError            *error,
                         gint64             retry_at)
{
  GObject *object = G_OBJECT (self);

  g_object_freeze_notify (object);

  if (self->state != state)
    g_object_notify_by_pspec (object, properties[PROP_STATE]);
  if (self->error != error)
    g_object_notify_by_pspec (object, properties[PROP_ERROR]);
  if (self->retry_at != retry_at)
    g_object_notify_by_pspec (object, properties[PROP_RETRY_AT]);

  self->state = state;
  self->retry_at = retry_at;

  if (self->error != error)
    {
      g_clear_error (&self->error);
      self->error = error;
    }

  g_object_thaw_notify (object);
}

void
ferry_account_emit_online (FerryAccount *self)
{
  g_signal_emit (self, signals[SIGNAL_ONLINE], 0);
}

gboolean
ferry_account_emit_certificate_unknown (FerryAccount    *self,
                                        GTlsCertificate *certificate,
                                        guint            flags)
{
  gboolean allowed = FALSE;

  g_signal_emit (self, signals[SIGNAL_CERTIFICATE_UNKNOWN], 0, certificate, flags, &allowed);

  return allowed;
}

static void
account_network_changed_cb (GNetworkMonitor *monitor,
                            gboolean         available,
                            gpointer         user_data)
{
  FerryAccount *self = FERRY_ACCOUNT (user_data);
  gint64 soon = g_get_monotonic_time () + self->link->first_delay * 1000LL;

  ferry_account_check (self);

  /* Not at once: such changes come in bursts. */
  if (self->state == FERRY_ACCOUNT_WAITING && available && self->retry_at > soon)
    ferry_account_plan_retry (self, self->link->first_delay, self->error);
}

void
ferry_account_connect (FerryAccount *self)
{
  g_return_if_fail (FERRY_IS_ACCOUNT (self));

  if (self->state == FERRY_ACCOUNT_CONNECTING || self->state == FERRY_ACCOUNT_ONLINE)
    return;

  self->back_off.n_failures = 0;
  ferry_account_set_state (self, self->state, NULL, self->retry_at);
  ferry_account_start (self);
}

void
ferry_account_disconnect (FerryAccount *self)
{
  g_return_if_fail (FERRY_IS_ACCOUNT (self));

  if (self->state == FERRY_ACCOUNT_ONLINE)
    g_signal_emit (self, signals[SIGNAL_LEAVING], 0);

  g_clear_handle_id (&self->retry_id, g_source_remove);

  ferry_account_drop_port (self, TRUE);
  ferry_account_set_state (self, FERRY_ACCOUNT_OFFLINE, NULL, 0);
}

void
ferry_account_check (FerryAccount *self)
{
  g_return_if_fail (FERRY_IS_ACCOUNT (self));

  if (self->state == FERRY_ACCOUNT_ONLINE)
    ferry_keep_alive_check (self->keep_alive);
}

void
ferry_account_retry_now (FerryAccount *self)
{
  g_return_if_fail (FERRY_IS_ACCOUNT (self));

  if (self->state == FERRY_ACCOUNT_WAITING)
    ferry_account_start (self);
}

const char *
ferry_account_get_jid (FerryAccount *self)
{
  g_return_val_if_fail (FERRY_IS_ACCOUNT (self), NULL);

  return self->settings->jid;
}

FerryAccountState
ferry_account_get_state (FerryAccount *self)
{
  g_return_val_if_fail (FERRY_IS_ACCOUNT (self), FERRY_ACCOUNT_OFFLINE);

  return self->state;
}

/**
 * ferry_account_get_error:
 *
 * Returns: (nullable) (transfer none): why the last attempt failed
 */
const GError *
ferry_account_get_error (FerryAccount *self)
{
  g_return_val_if_fail (FERRY_IS_ACCOUNT (self), NULL);

  return self->error;
}

gint64
ferry_account_get_retry_at (FerryAccount *self)
{
  g_return_val_if_fail (FERRY_IS_ACCOUNT (self), 0);

  return self->retry_at;
}

void
ferry_account_set_link (FerryAccount           *self,
                        const FerryAccountLink *link)
{
  g_return_if_fail (FERRY_IS_ACCOUNT (self));
  g_return_if_fail (self->port == NULL);

  self->link = link;
  self->back_off.first = link->first_delay;
  self->back_off.longest = link->longest_delay;
}

void
ferry_account_hold_presence (FerryAccount *self)
{
  g_return_if_fail (FERRY_IS_ACCOUNT (self));

  self->holds_presence = TRUE;
}

void
ferry_account_announce (FerryAccount *self)
{
  g_return_if_fail (FERRY_IS_ACCOUNT (self));

  if (self->is_announced)
    return;

  self->is_announced = TRUE;
  ferry_account_send_presence (self);
}

void
ferry_account_set_caps (FerryAccount *self,
                        const char   *node,
                        const char   *ver)
{
  g_return_if_fail (FERRY_IS_ACCOUNT (self));

  g_free (self->caps_node);
  g_free (self->caps_ver);
  self->caps_node = g_strdup (node);
  self->caps_ver = g_strdup (ver);
  ferry_account_send_presence (self);
}

static void
set_show (FerryAccount *self,
          int           show)
{
  if ((int) self->show == show)
    return;

  self->show = show;
  ferry_account_send_presence (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW]);
}

/**
 * ferry_account_new:
 * @settings: copied
 */
FerryAccount *
ferry_account_new (FerryRouter         *router,
                   const FerrySettings *settings)
{
  g_autofree char *random = NULL;
  FerryAccount *self;

  g_return_val_if_fail (FERRY_IS_ROUTER (router), NULL);
  g_return_val_if_fail (settings != NULL && settings->jid != NULL, NULL);

  self = g_object_new (FERRY_TYPE_ACCOUNT, NULL);
  self->router = g_object_ref (router);
  self->settings = ferry_settings_copy (settings);

  /* Chosen once: after a reconnect we are who we were, and a dead session of ours makes way. */
  random = ferry_random_id_new ();
  self->asked_jid = settings->resource != NULL
                    ? g_strdup_printf ("%s/%s", settings->jid, settings->resource)
                    : g_strdup_printf ("%s/Ferry.%.*s", settings->jid, RESOURCE_CHARACTERS, random);

  return self;
}

static void
ferry_account_dispose (GObject *object)
{
  FerryAccount *self = FERRY_ACCOUNT (object);

  g_clear_handle_id (&self->retry_id, g_source_remove);

  if (self->router != NULL)
    ferry_account_drop_port (self, TRUE);

  g_clear_object (&self->router);

  G_OBJECT_CLASS (ferry_account_parent_class)->dispose (object);
}

static void
ferry_account_finalize (GObject *object)
{
  FerryAccount *self = FERRY_ACCOUNT (object);

  g_clear_pointer (&self->settings, ferry_settings_free);
  g_clear_pointer (&self->asked_jid, g_free);
  g_clear_pointer (&self->caps_node, g_free);
  g_clear_pointer (&self->caps_ver, g_free);
  g_clear_error (&self->error);
  g_clear_error (&self->early_end);

  G_OBJECT_CLASS (ferry_account_parent_class)->finalize (object);
}

static void
ferry_account_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  FerryAccount *self = FERRY_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_JID:
      g_value_set_string (value, self->settings->jid);
      break;

    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    case PROP_RETRY_AT:
      g_value_set_int64 (value, self->retry_at);
      break;

    case PROP_SHOW:
      g_value_set_int (value, self->show);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ferry_account_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  FerryAccount *self = FERRY_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_SHOW:
      set_show (self, g_value_get_int (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  properties[PROP_JID] = g_param_spec_string ("jid", NULL, NULL, NULL, readable);
  properties[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, FERRY_ACCOUNT_OFFLINE, FERRY_ACCOUNT_WAITING,
                      FERRY_ACCOUNT_OFFLINE, readable);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, readable);
  properties[PROP_RETRY_AT] =
    g_param_spec_int64 ("retry-at", NULL, NULL, 0, G_MAXINT64, 0, readable);
  properties[PROP_SHOW] =
    g_param_spec_int ("show", NULL, NULL, FERRY_PRESENCE_CHAT, FERRY_PRESENCE_OFFLINE,
                      FERRY_PRESENCE_AVAILABLE, readable | G_PARAM_WRITABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ferry_account_class_init (FerryAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ferry_account_dispose;
  object_class->finalize = ferry_account_finalize;
  object_class->get_property = ferry_account_get_property;
  object_class->set_property = ferry_account_set_property;
  install_properties (object_class);

  signals[SIGNAL_ONLINE] =
    g_signal_new ("online", FERRY_TYPE_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_LEAVING] =
    g_signal_new ("leaving", FERRY_TYPE_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  signals[SIGNAL_CERTIFICATE_UNKNOWN] =
    g_signal_new ("certificate-unknown", FERRY_TYPE_ACCOUNT, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL,
                  G_TYPE_BOOLEAN, 2, G_TYPE_TLS_CERTIFICATE, G_TYPE_UINT);
}

static void
ferry_account_init (FerryAccount *self)
{
  ferry_account_set_link (self, &ferry_account_link);
  self->show = FERRY_PRESENCE_AVAILABLE;
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (account_network_changed_cb), self, 0);
}
