/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-routes"

#include "config.h"

#include <net/if.h>
#include <net/route.h>
#include <string.h>

#include "base/number.h"
#include "net/inet-address.h"
#include "net/routes.h"

#define FILE_ROUTES_4 "/proc/net/route"
#define FILE_ROUTES_6 "/proc/net/ipv6_route"
#define FILE_FLAGS_6 "/proc/net/if_inet6"

#define MAX_FILE (256 * 1024) /* bytes: of a host's tables; a backbone's is not read to the end */
#define MAX_LINE 255
#define MAX_FIELDS 11

/* One line, cut into what stands between its blanks. */
typedef struct
{
  char  text[MAX_LINE + 1];
  char *fields[MAX_FIELDS];
  guint n_fields;
} Line;

static void
split_line (Line *line)
{
  char *rest = NULL;

  line->n_fields = 0;

  for (char *field = strtok_r (line->text, " \t", &rest);
       field != NULL && line->n_fields < MAX_FIELDS;
       field = strtok_r (NULL, " \t", &rest))
    line->fields[line->n_fields++] = field;
}

/* Moves @cursor on. A line that is too long is as good as empty.
 * Returns: %FALSE: there are no more */
static gboolean
next_line (const char **cursor,
           Line        *line)
{
  gsize len = strcspn (*cursor, "\n");

  if (**cursor == '\0')
    return FALSE;

  line->text[0] = '\0';
  if (len <= MAX_LINE)
    {
      memcpy (line->text, *cursor, len);
      line->text[len] = '\0';
    }

  *cursor += len;
  *cursor += **cursor == '\n' ? 1 : 0;
  split_line (line);

  return TRUE;
}

static gboolean
parse_hex (const char *text,
           guint32    *number)
{
  guint32 sum = 0;
  gsize len = strlen (text);

  if (len == 0 || len > 8)
    return FALSE;

  for (const char *c = text; *c != '\0'; c++)
    {
      if (!g_ascii_isxdigit (*c))
        return FALSE;
      sum = sum << 4 | (guint32) g_ascii_xdigit_value (*c);
    }

  *number = sum;
  return TRUE;
}

static gboolean
parse_address_6 (const char     *text,
                 FerryIpAddress *address)
{
  guint8 bytes[16];

  if (strlen (text) != 2 * sizeof bytes)
    return FALSE;

  for (gsize i = 0; i < sizeof bytes; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      bytes[i] = (guint8) (high << 4 | low);
    }

  *address = ferry_ip_address (bytes, sizeof bytes);
  return TRUE;
}

static gboolean
set_interface (FerryDefaultRoute *route,
               const char        *name)
{
  return g_strlcpy (route->interface, name, sizeof route->interface) < sizeof route->interface;
}

static gboolean
leads_to_router (guint32 flags)
{
  return (flags & (RTF_UP | RTF_GATEWAY | RTF_REJECT)) == (RTF_UP | RTF_GATEWAY);
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT; an address is the
 * number that its four bytes are in this machine's memory. */
static gboolean
parse_route_4 (const Line        *line,
               FerryDefaultRoute *route)
{
  guint32 destination;
  guint32 gateway;
  guint32 flags;
  guint32 mask;
  guint64 metric;

  if (line->n_fields < 8 || !parse_hex (line->fields[1], &destination) ||
      !parse_hex (line->fields[2], &gateway) || !parse_hex (line->fields[3], &flags) ||
      !ferry_number_parse (line->fields[6], 0, G_MAXUINT32, &metric) ||
      !parse_hex (line->fields[7], &mask))
    return FALSE;

  if (destination != 0 || mask != 0 || gateway == 0 || !leads_to_router (flags))
    return FALSE;

  route->router = ferry_ip_address ((const guint8 *) &gateway, sizeof gateway);
  route->metric = (guint32) metric;
  return set_interface (route, line->fields[0]);
}

/* destination length source length next-hop metric references use flags interface, all
 * numbers in hex. A route for some sources only is not taken for one of all. */
static gboolean
parse_route_6 (const Line        *line,
               FerryDefaultRoute *route)
{
  static const FerryIpAddress nowhere = { .len = 16 };
  FerryIpAddress destination;
  guint32 length;
  guint32 source_length;
  guint32 flags;

  if (line->n_fields < 10 || !parse_address_6 (line->fields[0], &destination) ||
      !parse_hex (line->fields[1], &length) || !parse_hex (line->fields[3], &source_length) ||
      !parse_address_6 (line->fields[4], &route->router) ||
      !parse_hex (line->fields[5], &route->metric) || !parse_hex (line->fields[8], &flags))
    return FALSE;

  return length == 0 && source_length == 0 && ferry_ip_address_equal (&destination, &nowhere) &&
         !ferry_ip_address_equal (&route->router, &nowhere) && leads_to_router (flags) &&
         set_interface (route, line->fields[9]);
}

gboolean
ferry_routes_parse (GSocketFamily      family,
                    const char        *text,
                    FerryDefaultRoute *route)
{
  gboolean is_found = FALSE;
  Line line;

  while (next_line (&text, &line))
    {
      FerryDefaultRoute one = { 0 };
      gboolean is_one = family == G_SOCKET_FAMILY_IPV6 ? parse_route_6 (&line, &one)
                                                       : parse_route_4 (&line, &one);

      if (!is_one || (is_found && one.metric >= route->metric))
        continue;

      *route = one;
      is_found = TRUE;
    }

  return is_found;
}

/* address index length scope flags interface, all numbers in hex. */
gboolean
ferry_routes_parse_flags (const char           *text,
                          const FerryIpAddress *address,
                          guint32              *flags)
{
  Line line;

  while (next_line (&text, &line))
    {
      FerryIpAddress one;

      if (line.n_fields >= 6 && parse_address_6 (line.fields[0], &one) &&
          ferry_ip_address_equal (&one, address) && parse_hex (line.fields[4], flags))
        return TRUE;
    }

  return FALSE;
}

/* The kernel's files have no size of their own. Returns: (transfer full) (nullable) */
static char *
read_file (const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autofree char *text = NULL;
  gsize len;

  if (stream == NULL)
    return NULL;

  text = g_malloc (MAX_FILE + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_FILE, &len, NULL, NULL))
    return NULL;

  text[len] = '\0';
  return g_steal_pointer (&text);
}

char *
ferry_routes_read_flags (void)
{
  return read_file (FILE_FLAGS_6);
}

gboolean
ferry_routes_read (GSocketFamily      family,
                   FerryDefaultRoute *route)
{
  g_autofree char *text =
    read_file (family == G_SOCKET_FAMILY_IPV6 ? FILE_ROUTES_6 : FILE_ROUTES_4);

  return text != NULL && ferry_routes_parse (family, text, route);
}

GSocketAddress *
ferry_routes_new_address (const FerryDefaultRoute *route,
                          guint16                  port)
{
  g_autoptr(GInetAddress) inet = ferry_inet_address_new (&route->router);

  if (!g_inet_address_get_is_link_local (inet) || route->router.len == 4)
    return g_inet_socket_address_new (inet, port);

  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS,
                       "address", inet,
                       "port", (guint) port,
                       "scope-id", if_nametoindex (route->interface),
                       NULL);
}

/* Of IPv6, the router's address is often on the link only, and ours on the way to it, too:
 * what others see of us is our address on the way to them. Nothing is sent. */
static GSocketAddress *
new_place_to_look_to (const FerryDefaultRoute *route)
{
  if (route->router.len == 16)
    return g_inet_socket_address_new_from_string ("2001:db8::1", 9);

  return ferry_routes_new_address (route, 9);
}

gboolean
ferry_routes_get_own (const FerryDefaultRoute *route,
                      FerryIpAddress          *own)
{
  g_autoptr(GSocketAddress) place = new_place_to_look_to (route);
  g_autoptr(GSocketAddress) local = NULL;
  g_autoptr(GSocket) socket = g_socket_new (g_socket_address_get_family (place),
                                            G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  if (socket == NULL || !g_socket_connect (socket, place, NULL, NULL))
    return FALSE;

  local = g_socket_get_local_address (socket, NULL);
  if (local == NULL)
    return FALSE;

  *own = ferry_inet_address_get_ip
    (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local)));
  return TRUE;
}
