/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-port-mappings"

#include "config.h"

#include "net/inet-address.h"
#include "net/port-mappings-private.h"

#define MAX_DATAGRAM 1100 /* bytes (RFC 6887 §7) */

/* Where routers tell all that they have begun anew (RFC 6886 §3.2.1, RFC 6887 §14.1). */
#define ALL_HOSTS_4 "224.0.0.1"
#define ALL_HOSTS_6 "ff02::1"
#define ALL_HOSTS_PORT 5350

/* Held by its owner, and while it says something to it. */
struct _FerryMappingRouter
{
  GSocketAddress   *address;  /* (owned) */
  FerryIpAddress    own;
  GSocket          *socket;   /* (owned) (nullable): connected: nobody else can answer */
  GSource          *readable; /* (owned) (nullable) */
  GSource          *audible;  /* (owned) (nullable): of what it tells all */
  GSource          *timer;    /* (owned) (nullable) */
  FerryPortMapper  *mapper;   /* (owned) (nullable) */
  FerryMappingFunc  func;     /* (nullable): nobody listens any more */
  gpointer          user_data;
};

static void handle (FerryMappingRouter       *self,
                    FerryPortMapperEventKind  kind,
                    const guint8             *data,
                    gsize                     size);

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
say (FerryMappingRouter     *self,
     FerryMappingNews        news,
     const FerryPortMapping *mapping,
     const char             *text)
{
  if (self->func != NULL)
    self->func (news, mapping, text, self->user_data);
}

/* Nobody listens there, or there is no way: ICMP says so at the next use of the socket. */
static gboolean
is_unreachable (const GError *error)
{
  return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) &&
         !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

/* Returns: %FALSE: the router cannot be reached */
static gboolean
send_bytes (FerryMappingRouter *self,
            GBytes             *bytes)
{
  g_autoptr(GError) error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return self->socket != NULL && (g_socket_send (self->socket, data, size, NULL, &error) >= 0 ||
                                  !is_unreachable (error));
}

/* Returns: %FALSE: the router cannot be reached */
static gboolean
do_effect (FerryMappingRouter          *self,
           const FerryPortMapperEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_PORT_MAPPER_EFFECT_SEND:
      return send_bytes (self, effect->bytes);

    case FERRY_PORT_MAPPER_EFFECT_MAPPED:
      say (self, FERRY_MAPPING_STANDS, &effect->mapping, NULL);
      break;

    case FERRY_PORT_MAPPER_EFFECT_LOST:
      say (self, FERRY_MAPPING_LOST, NULL, effect->text);
      break;

    case FERRY_PORT_MAPPER_EFFECT_FAILED:
      say (self, FERRY_MAPPING_FAILED, &effect->mapping, effect->text);
      break;

    case FERRY_PORT_MAPPER_EFFECT_OVER:
      say (self, FERRY_MAPPING_OVER, NULL, effect->text);
      break;

    default:
      g_assert_not_reached ();
    }

  return TRUE;
}

static gboolean
timer_cb (gpointer user_data)
{
  handle (user_data, FERRY_PORT_MAPPER_EVENT_DEADLINE, NULL, 0);
  return G_SOURCE_REMOVE;
}

static void
set_timer (FerryMappingRouter *self)
{
  gint64 deadline = self->mapper != NULL ? ferry_port_mapper_get_deadline (self->mapper) : 0;
  gint64 pause;

  clear_source (&self->timer);
  if (deadline == 0)
    return;

  pause = MAX (deadline - g_get_monotonic_time (), 0);
  self->timer = g_timeout_source_new ((guint) MIN ((pause + 999) / 1000, G_MAXINT));
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
router_clear (FerryMappingRouter *self)
{
  g_clear_object (&self->address);
  g_clear_pointer (&self->mapper, ferry_port_mapper_free);
}

/* Lets go of what the main loop holds of us: from here on nothing is said or heard. */
static void
close_socket (FerryMappingRouter *self)
{
  clear_source (&self->readable);
  clear_source (&self->audible);
  clear_source (&self->timer);
  g_clear_object (&self->socket);
}

static void
handle (FerryMappingRouter       *self,
        FerryPortMapperEventKind  kind,
        const guint8             *data,
        gsize                     size)
{
  g_autoptr(GPtrArray) effects = ferry_port_mapper_effects_new ();
  FerryPortMapperEvent event = { .kind = kind, .data = data, .size = size };
  gboolean is_reachable = TRUE;

  g_rc_box_acquire (self);
  ferry_port_mapper_handle (self->mapper, &event, g_get_monotonic_time (), effects);
  set_timer (self);

  for (guint i = 0; i < effects->len; i++)
    is_reachable &= do_effect (self, g_ptr_array_index (effects, i));

  if (!is_reachable && kind != FERRY_PORT_MAPPER_EVENT_UNREACHABLE && self->func != NULL)
    handle (self, FERRY_PORT_MAPPER_EVENT_UNREACHABLE, NULL, 0);

  g_rc_box_release_full (self, (GDestroyNotify) router_clear);
}

static gboolean
readable_cb (GSocket      *socket,
             GIOCondition  condition,
             gpointer      user_data)
{
  FerryMappingRouter *self = user_data;
  g_autoptr(GError) error = NULL;
  guint8 data[MAX_DATAGRAM + 1];
  gssize n_read = g_socket_receive (socket, (char *) data, sizeof data, NULL, &error);

  if (n_read >= 0 && n_read <= MAX_DATAGRAM)
    handle (self, FERRY_PORT_MAPPER_EVENT_DATAGRAM, data, (gsize) n_read);
  else if (n_read < 0 && is_unreachable (error))
    handle (self, FERRY_PORT_MAPPER_EVENT_UNREACHABLE, NULL, 0);

  return G_SOURCE_CONTINUE;
}

static gboolean
audible_cb (GSocket      *socket,
            GIOCondition  condition,
            gpointer      user_data)
{
  FerryMappingRouter *self = user_data;
  guint8 data[MAX_DATAGRAM + 1];
  gssize n_read = g_socket_receive (socket, (char *) data, sizeof data, NULL, NULL);

  if (n_read >= 0 && n_read <= MAX_DATAGRAM)
    handle (self, FERRY_PORT_MAPPER_EVENT_DATAGRAM, data, (gsize) n_read);

  return G_SOURCE_CONTINUE;
}

/* Every host is in these groups. Returns: (transfer full) (nullable) */
static GSocketAddress *
new_group (GSocketAddress *router)
{
  g_autoptr(GInetAddress) group = g_inet_address_new_from_string (ALL_HOSTS_6);
  guint32 scope_id;

  if (g_socket_address_get_family (router) == G_SOCKET_FAMILY_IPV4)
    return g_inet_socket_address_new_from_string (ALL_HOSTS_4, ALL_HOSTS_PORT);

  scope_id = g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (router));
  if (scope_id == 0)
    return NULL;

  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS,
                       "address", group,
                       "port", (guint) ALL_HOSTS_PORT,
                       "scope-id", scope_id,
                       NULL);
}

/* Connected, too. Without it a new beginning is noticed when it is time to renew. */
static void
open_ears (FerryMappingRouter *self)
{
  g_autoptr(GSocketAddress) group = new_group (self->address);
  g_autoptr(GSocket) socket = NULL;

  if (group != NULL)
    socket = g_socket_new (g_socket_address_get_family (group), G_SOCKET_TYPE_DATAGRAM,
                           G_SOCKET_PROTOCOL_UDP, NULL);
  if (socket == NULL)
    return;

  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_bind (socket, group, TRUE, NULL) ||
      !g_socket_connect (socket, self->address, NULL, NULL))
    return;

  self->audible = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->audible, G_SOURCE_FUNC (audible_cb), self, NULL);
  g_source_attach (self->audible, g_main_context_get_thread_default ());
}

/* Without a socket every request is as good as unreachable. */
static void
open_socket (FerryMappingRouter *self)
{
  g_autoptr(GSocketAddress) from = ferry_inet_address_new_socket (&self->own, 0);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) error = NULL;

  socket = g_socket_new (g_socket_address_get_family (self->address), G_SOCKET_TYPE_DATAGRAM,
                         G_SOCKET_PROTOCOL_UDP, &error);
  if (socket != NULL)
    g_socket_set_blocking (socket, FALSE);

  if (socket == NULL || !g_socket_bind (socket, from, FALSE, &error) ||
      !g_socket_connect (socket, self->address, NULL, &error))
    {
      g_debug ("No way to the router: %s", error->message);
      return;
    }

  self->readable = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->readable, g_main_context_get_thread_default ());
  self->socket = g_steal_pointer (&socket);
}

FerryMappingRouter *
ferry_mapping_router_new (const FerryMappingPlace *place,
                          FerryMappingFunc         func,
                          gpointer                 user_data)
{
  FerryMappingRouter *self = g_rc_box_new0 (FerryMappingRouter);

  self->address = g_object_ref (place->address);
  self->own = place->own;
  self->func = func;
  self->user_data = user_data;

  return self;
}

/* Opens the socket, or another: the old one may have been of a network that is gone. */
static void
prepare (FerryMappingRouter           *self,
         const FerryPortMapperRequest *request)
{
  close_socket (self);
  open_socket (self);
  if (self->mapper == NULL)
    self->mapper = ferry_port_mapper_new (request);
}

void
ferry_mapping_router_start (FerryMappingRouter           *self,
                            const FerryPortMapperRequest *request)
{
  prepare (self, request);
  open_ears (self);
  handle (self, FERRY_PORT_MAPPER_EVENT_START, NULL, 0);
}

void
ferry_mapping_router_give_back (FerryMappingRouter           *self,
                                const FerryPortMapperRequest *request)
{
  prepare (self, request);
  handle (self, FERRY_PORT_MAPPER_EVENT_STOP, NULL, 0);
}

gboolean
ferry_mapping_router_is_settled (FerryMappingRouter *self)
{
  return self->mapper != NULL && ferry_port_mapper_is_settled (self->mapper);
}

void
ferry_mapping_router_stop (FerryMappingRouter *self)
{
  if (self->mapper != NULL)
    handle (self, FERRY_PORT_MAPPER_EVENT_STOP, NULL, 0);
  else
    say (self, FERRY_MAPPING_OVER, NULL, NULL);
}

void
ferry_mapping_router_free (FerryMappingRouter *self)
{
  self->func = NULL;
  close_socket (self);
  g_rc_box_release_full (self, (GDestroyNotify) router_clear);
}
