/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-port-mappings"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "net/inet-address.h"
#include "net/port-mappings-private.h"
#include "net/routes.h"

#define ROUTER_PORT 5351 /* RFC 6886, RFC 6887 */
#define SLEEP_TIME 60    /* s that the machine may sleep without what stands being doubtful */

static void start_igd (FerryPortMappings *self);

/* How long the machine has slept since it was started, µs. */
static gint64
get_asleep (void)
{
  struct timespec boot;
  struct timespec awake;

  clock_gettime (CLOCK_BOOTTIME, &boot);
  clock_gettime (CLOCK_MONOTONIC, &awake);
  return (boot.tv_sec - awake.tv_sec) * G_USEC_PER_SEC + (boot.tv_nsec - awake.tv_nsec) / 1000;
}

static void
place_clear (FerryMappingPlace *place)
{
  g_clear_object (&place->address);
}

static gboolean
place_equal (const FerryMappingPlace *a,
             const FerryMappingPlace *b)
{
  return ferry_ip_address_equal (&a->own, &b->own) &&
         ferry_ip_address_equal (&a->router, &b->router);
}

static void
asked_stands (FerryMappingAsked      *asked,
              const FerryPortMapping *mapping)
{
  asked->is_noted &= asked->stands && ferry_mapping_is_same (&asked->mapping, mapping);
  asked->is_settled = TRUE;
  asked->stands = TRUE;
  asked->asleep = get_asleep ();
  asked->mapping = *mapping;
  g_clear_pointer (&asked->faults[mapping->method], g_free);
}

static void
asked_fails (FerryMappingAsked  *asked,
             FerryMappingMethod  method,
             const char         *text)
{
  asked->is_settled |= asked->igd != NULL;
  g_free (asked->faults[method]);
  asked->faults[method] = g_strdup (text);
}

static void
asked_loses (FerryMappingAsked *asked,
             const char        *text)
{
  asked->stands = FALSE;
  asked->is_noted = FALSE;
  asked_fails (asked, asked->mapping.method, text);
}

/* Consumes @asked. @text: (nullable): why it may stand still */
static void
asked_is_over (FerryMappingAsked *asked,
               const char        *text)
{
  FerryPortMappings *self = asked->owner;
  gboolean is_igd = asked->igd != NULL;

  if (text != NULL)
    ferry_port_mappings_bequeath (self, asked);
  else if (asked->is_of_dead_run)
    ferry_port_mappings_forget (self, asked, asked->mapping.method, asked->mapping.internal_port);

  g_ptr_array_remove_fast (self->leaving, asked);
  ferry_port_mappings_save (self);
  if (is_igd && self->stop_task == NULL)
    start_igd (self);
}

/* Asks, or asks anew: after the network has changed nobody knows what the router still knows. */
static void
ask_router (FerryMappingAsked *asked)
{
  FerryPortMapperRequest request = {
    .own = asked->place.own,
    .port = asked->port,
    .lifetime = FERRY_MAPPING_LIFETIME,
  };

  memcpy (request.nonce, asked->nonce, sizeof request.nonce);
  asked->is_settled = FALSE;
  ferry_mapping_router_start (asked->router, &request);
}

/* A router that has forgotten what it gave for one family has hardly kept the other. */
static void
ask_other_family (FerryMappingAsked *asked)
{
  FerryPortMappings *self = asked->owner;
  FerryMappingAsked *other = asked == self->asked[0] ? self->asked[1] : self->asked[0];

  if (asked->router != NULL && other != NULL && other->stands)
    ask_router (other);
}

static void
asked_news (FerryMappingAsked      *asked,
            FerryMappingNews        news,
            const FerryPortMapping *mapping,
            const char             *text)
{
  if (news == FERRY_MAPPING_STANDS)
    asked_stands (asked, mapping);
  else if (news == FERRY_MAPPING_LOST)
    asked_loses (asked, text);
  else if (news == FERRY_MAPPING_FAILED)
    asked_fails (asked, mapping->method, text);

  if (news == FERRY_MAPPING_LOST)
    ask_other_family (asked);
  ferry_port_mappings_changed (asked->owner);
}

static void
asked_news_cb (FerryMappingNews        news,
               const FerryPortMapping *mapping,
               const char             *text,
               gpointer                user_data)
{
  FerryMappingAsked *asked = user_data;
  FerryPortMappings *self = asked->owner;

  if (news == FERRY_MAPPING_GIVEN_BACK)
    {
      ferry_port_mappings_forget (self, asked, mapping->method, mapping->internal_port);
      ferry_port_mappings_save (self);
    }
  else if (!asked->is_leaving)
    {
      asked_news (asked, news, mapping, text);
    }
  else if (news == FERRY_MAPPING_OVER)
    {
      asked_is_over (asked, text);
    }
}

gboolean
ferry_mapping_asked_is_settled (FerryMappingAsked *asked)
{
  if (asked->stands)
    return asked->is_noted;

  return asked->is_settled ||
         (asked->router != NULL && ferry_mapping_router_is_settled (asked->router));
}

void
ferry_mapping_asked_settle (FerryMappingAsked *asked)
{
  asked->is_settled = TRUE;
}

FerryMappingAsked *
ferry_mapping_asked_new (FerryPortMappings       *owner,
                         const FerryMappingPlace *place)
{
  FerryMappingAsked *asked = g_new0 (FerryMappingAsked, 1);

  asked->owner = owner;
  asked->place = *place;
  asked->place.address = g_object_ref (place->address);
  asked->port = owner->port;
  asked->router = ferry_mapping_router_new (place, asked_news_cb, asked);

  return asked;
}

void
ferry_mapping_asked_free (FerryMappingAsked *asked)
{
  g_clear_pointer (&asked->router, ferry_mapping_router_free);
  g_clear_pointer (&asked->igd, ferry_mapping_igd_free);
  place_clear (&asked->place);
  for (guint i = 0; i < FERRY_N_MAPPING_METHODS; i++)
    g_free (asked->faults[i]);
  g_free (asked);
}

void
ferry_port_mappings_leave (FerryPortMappings *self,
                           guint              which)
{
  FerryMappingAsked *asked = g_steal_pointer (&self->asked[which]);

  if (asked == NULL)
    return;

  asked->is_leaving = TRUE;
  g_ptr_array_add (self->leaving, asked);
  if (asked->igd != NULL)
    ferry_mapping_igd_stop (asked->igd);
  else
    ferry_mapping_router_stop (asked->router);
}

/* Where the router of a family is. Returns: %FALSE: there is none, or it is of no use to us */
static gboolean
find_place (FerryPortMappings *self,
            guint              which,
            FerryMappingPlace *place)
{
  GSocketFamily family = which == 0 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
  FerryDefaultRoute route = { 0 };

  *place = (FerryMappingPlace) { 0 };

  if (self->is_test)
    {
      GInetSocketAddress *test = G_INET_SOCKET_ADDRESS (self->test_routers[which]);

      if (test == NULL)
        return FALSE;
      place->address = g_object_ref (G_SOCKET_ADDRESS (test));
      place->router = ferry_inet_address_get_ip (g_inet_socket_address_get_address (test));
      place->own = place->router;
      return TRUE;
    }

  if (!ferry_routes_read (family, &route) || !ferry_routes_get_own (&route, &place->own))
    return FALSE;
  if (family == G_SOCKET_FAMILY_IPV6 &&
      ferry_ip_address_get_scope (&place->own) != FERRY_IP_GLOBAL)
    return FALSE;

  place->router = route.router;
  place->address = ferry_routes_new_address (&route, ROUTER_PORT);
  return TRUE;
}

static void
make_nonce (FerryMappingAsked *asked)
{
  if (getrandom (asked->nonce, sizeof asked->nonce, 0) != (gssize) sizeof asked->nonce)
    g_error ("No random numbers: %s", g_strerror (errno));
}

static void
prepare_router (FerryPortMappings *self,
                guint              which)
{
  FerryMappingAsked *asked = self->asked[which];
  FerryMappingPlace place;
  gboolean is_there = find_place (self, which, &place);

  if (asked != NULL &&
      (!is_there || !place_equal (&asked->place, &place) || asked->port != self->port))
    ferry_port_mappings_leave (self, which);

  if (is_there && self->asked[which] == NULL)
    {
      self->asked[which] = ferry_mapping_asked_new (self, &place);
      make_nonce (self->asked[which]);
    }

  place_clear (&place);
}

/* Whether the same port is being given back to the same router: that must not come second. */
static gboolean
is_igd_leaving (FerryPortMappings *self)
{
  for (guint i = 0; i < self->leaving->len; i++)
    {
      FerryMappingAsked *asked = g_ptr_array_index (self->leaving, i);

      if (asked->igd != NULL && asked->port == self->port &&
          place_equal (&asked->place, &self->asked[0]->place))
        return TRUE;
    }

  return FALSE;
}

static void
start_igd (FerryPortMappings *self)
{
  FerryMappingAsked *asked;

  if (self->asked[FERRY_ASKED_IGD] != NULL || self->asked[0] == NULL || self->is_test ||
      is_igd_leaving (self))
    return;

  asked = ferry_mapping_asked_new (self, &self->asked[0]->place);
  g_clear_pointer (&asked->router, ferry_mapping_router_free);
  asked->igd = ferry_mapping_igd_new (&asked->place, asked->port, asked_news_cb, asked);
  self->asked[FERRY_ASKED_IGD] = asked;
}

/* gupnp-igd looks for routers as the network changes, and renews: it is left alone unless it
 * cannot know better. */
static void
prepare_igd (FerryPortMappings *self)
{
  FerryMappingAsked *asked = self->asked[FERRY_ASKED_IGD];
  FerryMappingAsked *router = self->asked[0];

  if (asked != NULL &&
      (router == NULL || !place_equal (&asked->place, &router->place) ||
       asked->port != self->port || (asked->is_settled && !asked->stands) ||
       get_asleep () - asked->asleep > SLEEP_TIME * G_USEC_PER_SEC))
    ferry_port_mappings_leave (self, FERRY_ASKED_IGD);

  start_igd (self);
}

void
ferry_port_mappings_ask (FerryPortMappings *self)
{
  prepare_router (self, 0);
  prepare_router (self, 1);
  prepare_igd (self);
  ferry_port_mappings_inherit (self);

  for (guint i = 0; i < FERRY_ASKED_IGD; i++)
    if (self->asked[i] != NULL)
      ask_router (self->asked[i]);

  ferry_port_mappings_changed (self);
}
