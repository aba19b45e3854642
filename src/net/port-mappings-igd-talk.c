/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-port-mappings"

#include "config.h"

#include "net/igd-words.h"
#include "net/port-mappings-igd-private.h"

#define DESCRIPTION "Ferry"
#define LATE 1000         /* ms without a word until it is asked anew */
#define LATE_PAUSE 300    /* ms between taking back and asking anew */
#define NO_ANSWER 3000    /* ms without a word until it has failed; nothing else tells us */
#define BACK_LIFETIME 120 /* seconds: of what is asked for only to be given back */
#define EARLY 500         /* ms after a question in which the answer may be on its way */
#define EARLY_PAUSE 20    /* ms until it is seen whether all have come */
#define LINGER 6000       /* ms: longer than any answer is waited for (gupnp-igd: 5 s) */
#define LINGER_MORE 500   /* ms: for HTTP to end by itself after that */

static gboolean
is_mapped (FerryMappingIgd *self)
{
  return self->mapping.external_port != 0;
}

/* @text: static */
static void
tell_failed (FerryMappingIgd *self,
             const char      *text)
{
  FerryPortMapping mapping = { .method = FERRY_MAPPING_UPNP };

  ferry_igd_tell (self, FERRY_MAPPING_FAILED, &mapping, text);
}

static gboolean
return_cb (gpointer user_data)
{
  FerryIgdReturn *one = user_data;
  FerryMappingIgd *self = one->igd;

  if (!self->is_stopping &&
      g_hash_table_remove (self->returns, GUINT_TO_POINTER (one->external_port)))
    gupnp_simple_igd_remove_port (self->igd, "TCP", one->external_port);
  return G_SOURCE_REMOVE;
}

/* One of a dead run: asking for it has made it ours, so that it can be given back; but not
 * while gupnp-igd tells of it, for it goes on with what it told of.
 * Returns: whether it was one */
static gboolean
return_one (FerryMappingIgd *self,
            guint            external_port)
{
  FerryIgdReturn *one;

  if (self->is_stopping ||
      !g_hash_table_contains (self->returns, GUINT_TO_POINTER (external_port)))
    return FALSE;

  one = g_new0 (FerryIgdReturn, 1);
  one->igd = self;
  one->external_port = (guint16) external_port;
  ferry_igd_run_in (self->context, 0, return_cb, one, g_free);
  return TRUE;
}

/* A private one is for others to judge: there may be another router behind this one. */
static gboolean
can_be_outside (const FerryIpAddress *external)
{
  FerryIpScope scope = ferry_ip_address_get_scope (external);

  return scope != FERRY_IP_NOBODY && scope != FERRY_IP_LOOPBACK && scope != FERRY_IP_LINK_LOCAL;
}

static void
igd_mapped_cb (GUPnPSimpleIgd *igd,
               const char     *protocol,
               const char     *external_ip,
               const char     *replaced_ip,
               guint           external_port,
               const char     *local_ip,
               guint           local_port,
               const char     *description,
               gpointer        user_data)
{
  FerryMappingIgd *self = user_data;
  FerryPortMapping mapping = {
    .method = FERRY_MAPPING_UPNP,
    .internal = self->internal,
    .internal_port = self->port,
    .external_port = (guint16) external_port,
    .lifetime = FERRY_MAPPING_LIFETIME,
  };

  /* What a dead run has left says nothing of what we asked for. */
  if (local_port != self->port)
    {
      mapping.internal_port = (guint16) local_port;
      if (return_one (self, external_port))
        ferry_igd_tell (self, FERRY_MAPPING_GIVEN_BACK, &mapping, NULL);
      return;
    }

  self->is_answered = TRUE;
  if (external_port == 0 || external_port > G_MAXUINT16 ||
      !ferry_ip_address_parse (external_ip, &mapping.external) || mapping.external.len != 4 ||
      !can_be_outside (&mapping.external))
    {
      tell_failed (self, "the router has no address that others could reach");
      return;
    }

  /* A router may have several such services; the first stays, unless its own address changes. */
  if (is_mapped (self) && replaced_ip == NULL &&
      !ferry_ip_address_equal (&self->mapping.external, &mapping.external))
    return;

  self->mapping = mapping;
  self->mapped_at = g_get_monotonic_time ();
  ferry_igd_tell (self, FERRY_MAPPING_STANDS, &mapping, NULL);
}

static void
ask (FerryMappingIgd *self)
{
  self->asked_at = g_get_monotonic_time ();
  gupnp_simple_igd_add_port (self->igd, "TCP", 0, self->own, self->port,
                             FERRY_MAPPING_LIFETIME, DESCRIPTION);
}

static gboolean
ask_cb (gpointer user_data)
{
  FerryMappingIgd *self = user_data;

  if (!self->is_stopping)
    ask (self);
  return G_SOURCE_REMOVE;
}

static gboolean
ask_anew_cb (gpointer user_data)
{
  FerryMappingIgd *self = user_data;

  if (!self->is_stopping)
    {
      gupnp_simple_igd_remove_port_local (self->igd, "TCP", self->own, self->port);
      ferry_igd_run_in (self->context, LATE_PAUSE, ask_cb, self, NULL);
    }
  return G_SOURCE_REMOVE;
}

/* gupnp-igd 1.2 tells of a mapping when it is made, but not if the router's address becomes
 * known only after that. By now it is known: what is asked for anew is told of. */
static gboolean
late_cb (gpointer user_data)
{
  FerryMappingIgd *self = user_data;

  if (!self->is_answered)
    ask_anew_cb (self);
  return G_SOURCE_REMOVE;
}

/* Of renewing, or of another service of the same router: that one fails at once. */
static gboolean
is_of_other_service (FerryMappingIgd *self)
{
  return g_get_monotonic_time () - self->mapped_at < FERRY_MAPPING_LIFETIME / 4 * G_USEC_PER_SEC;
}

static void
igd_error_cb (GUPnPSimpleIgd *igd,
              GError         *error,
              const char     *protocol,
              guint           external_port,
              const char     *local_ip,
              guint           local_port,
              const char     *description,
              gpointer        user_data)
{
  FerryMappingIgd *self = user_data;

  self->is_answered = self->is_answered || local_port == self->port;
  g_debug ("UPnP: %s", error->message);

  if (local_port != self->port)
    {
      return_one (self, external_port);
    }
  else if (!is_mapped (self))
    {
      tell_failed (self, ferry_igd_describe (error));
    }
  else if (!is_of_other_service (self))
    {
      self->mapping.external_port = 0;
      ferry_igd_tell (self, FERRY_MAPPING_LOST, NULL, ferry_igd_describe (error));
      ferry_igd_run_in (self->context, 0, ask_anew_cb, self, NULL);
    }
}

/* Only our way to the router is searched, and only the router is spoken to. */
static gboolean
igd_context_available_cb (GUPnPSimpleIgd *igd,
                          GObject        *gupnp_context,
                          gpointer        user_data)
{
  FerryMappingIgd *self = user_data;
  g_autoptr(GProxyResolver) guard = ferry_igd_guard_new (self->router);
  g_autoptr(GObject) http = NULL;
  g_autoptr(GObject) server = NULL;
  g_autofree char *host = NULL;

  g_object_get (gupnp_context, "host-ip", &host, "session", &http, NULL);
  if (g_strcmp0 (host, self->own) != 0 || http == NULL)
    return TRUE;

  g_object_get (gupnp_context, "server", &server, NULL);
  if (server == NULL)
    return TRUE;

  g_object_set (http, "proxy-resolver", guard, NULL);
  ferry_igd_limits_apply (http, server, self->router);
  return FALSE;
}

static gboolean
no_answer_cb (gpointer user_data)
{
  FerryMappingIgd *self = user_data;

  if (!self->is_stopping && !self->is_answered)
    tell_failed (self, "the router does not answer");
  return G_SOURCE_REMOVE;
}

void
ferry_igd_begin (FerryMappingIgd *self)
{
  self->igd = gupnp_simple_igd_new ();
  g_signal_connect (self->igd, "context-available", G_CALLBACK (igd_context_available_cb), self);
  g_signal_connect (self->igd, "mapped-external-port", G_CALLBACK (igd_mapped_cb), self);
  g_signal_connect (self->igd, "error-mapping-port", G_CALLBACK (igd_error_cb), self);
  ask (self);

  ferry_igd_run_in (self->context, LATE, late_cb, self, NULL);
  ferry_igd_run_in (self->context, NO_ANSWER, no_answer_cb, self, NULL);
}

gboolean
ferry_igd_give_back_cb (gpointer user_data)
{
  FerryIgdReturn *one = user_data;
  FerryMappingIgd *self = one->igd;
  FerryIgdReturn *late;

  if (self->is_stopping ||
      !g_hash_table_insert (self->returns, GUINT_TO_POINTER (one->external_port),
                            GUINT_TO_POINTER (one->port)))
    return G_SOURCE_REMOVE;

  self->asked_at = g_get_monotonic_time ();
  gupnp_simple_igd_add_port (self->igd, "TCP", one->external_port, self->own, one->port,
                             BACK_LIFETIME, DESCRIPTION);
  late = g_memdup2 (one, sizeof *one);
  ferry_igd_run_in (self->context, NO_ANSWER, return_cb, late, g_free);
  return G_SOURCE_REMOVE;
}

/* Whether what was asked for may come to stand after we have deleted all that stands. */
static gboolean
is_expecting (FerryMappingIgd *self)
{
  return (!self->is_answered || g_hash_table_size (self->returns) > 0) &&
         g_get_monotonic_time () - self->asked_at < EARLY * G_TIME_SPAN_MILLISECOND;
}

static gboolean
quit_cb (gpointer user_data)
{
  FerryMappingIgd *self = user_data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
end_cb (gpointer user_data)
{
  FerryMappingIgd *self = user_data;

  g_clear_object (&self->igd);
  ferry_igd_run_in (self->context, LINGER_MORE, quit_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

/* gupnp 1.6 crashes when an answer comes to one who is gone: so it goes long after the last
 * answer, with nobody waiting for it. */
static gboolean
delete_cb (gpointer user_data)
{
  FerryMappingIgd *self = user_data;

  if (is_expecting (self) || !gupnp_simple_igd_delete_all_mappings (self->igd))
    {
      ferry_igd_run_in (self->context, EARLY_PAUSE, delete_cb, self, NULL);
      return G_SOURCE_REMOVE;
    }

  ferry_igd_tell (self, FERRY_MAPPING_OVER, NULL, NULL);
  ferry_igd_run_in (self->context, LINGER, end_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

gboolean
ferry_igd_stop_cb (gpointer user_data)
{
  FerryMappingIgd *self = user_data;

  if (self->is_stopping)
    return G_SOURCE_REMOVE;

  self->is_stopping = TRUE;
  return delete_cb (self);
}
