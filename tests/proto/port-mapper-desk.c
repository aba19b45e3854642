/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hex.h"
#include "port-mapper-desk.h"
#include "proto/big-endian.h"

#define NONCE "000102030405060708090a0b"

void
desk_open (Desk       *self,
           const char *own,
           guint       methods)
{
  FerryPortMapperRequest request = { .port = 5086, .lifetime = 3600, .methods = methods };

  *self = (Desk) { .now = 1000 * G_TIME_SPAN_SECOND };
  g_assert_true (ferry_ip_address_parse (own, &request.own));
  for (guint i = 0; i < sizeof request.nonce; i++)
    request.nonce[i] = i;

  self->mapper = ferry_port_mapper_new (&request);
  self->effects = ferry_port_mapper_effects_new ();
  self->log = g_string_new (NULL);
}

void
desk_close (Desk *self)
{
  ferry_port_mapper_free (self->mapper);
  g_ptr_array_unref (self->effects);
  g_string_free (self->log, TRUE);
  g_clear_pointer (&self->sent, g_bytes_unref);
}

static void
log_datagram (GString *log,
              GBytes  *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size == 2)
    {
      g_string_append (log, "address; ");
      return;
    }
  if (size == 12)
    {
      g_string_append_printf (log, "map %u %u; ", ferry_get_be32 (data + 8),
                              ferry_get_be16 (data + 6));
      return;
    }
  g_assert_cmpuint (size, ==, 60);
  g_string_append_printf (log, "pcp %u %u; ", ferry_get_be32 (data + 4),
                          ferry_get_be16 (data + 42));
}

static void
log_mapping (Desk                   *self,
             const FerryPortMapping *mapping)
{
  g_autofree char *external = ferry_ip_address_to_string (&mapping->external);

  g_string_append_printf (self->log, "mapped %s %s %u %u; ",
                          ferry_mapping_method_to_string (mapping->method), external,
                          mapping->external_port, mapping->lifetime);
  self->mapping = *mapping;
}

static void
log_effect (Desk                        *self,
            const FerryPortMapperEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_PORT_MAPPER_EFFECT_SEND:
      log_datagram (self->log, effect->bytes);
      g_clear_pointer (&self->sent, g_bytes_unref);
      self->sent = g_bytes_ref (effect->bytes);
      break;

    case FERRY_PORT_MAPPER_EFFECT_MAPPED:
      log_mapping (self, &effect->mapping);
      break;

    case FERRY_PORT_MAPPER_EFFECT_LOST:
      g_string_append_printf (self->log, "lost: %s; ", effect->text);
      break;

    case FERRY_PORT_MAPPER_EFFECT_FAILED:
      g_string_append_printf (self->log, "failed %s: %s; ",
                              ferry_mapping_method_to_string (effect->mapping.method),
                              effect->text);
      break;

    case FERRY_PORT_MAPPER_EFFECT_OVER:
      g_string_append (self->log, effect->text != NULL ? "over unheard; " : "over; ");
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
handle (Desk                       *self,
        const FerryPortMapperEvent *event)
{
  gint64 deadline;

  ferry_port_mapper_handle (self->mapper, event, self->now, self->effects);
  for (guint i = 0; i < self->effects->len; i++)
    log_effect (self, g_ptr_array_index (self->effects, i));
  g_ptr_array_set_size (self->effects, 0);

  deadline = ferry_port_mapper_get_deadline (self->mapper);
  g_assert_true (deadline == 0 || deadline > self->now);
}

void
desk_tell (Desk                     *self,
           FerryPortMapperEventKind  kind)
{
  FerryPortMapperEvent event = { .kind = kind };

  handle (self, &event);
}

void
desk_pass (Desk   *self,
           gint64  ms)
{
  gint64 end = self->now + ms * G_TIME_SPAN_MILLISECOND;
  gint64 deadline;

  while ((deadline = ferry_port_mapper_get_deadline (self->mapper)) != 0 && deadline <= end)
    {
      self->now = deadline;
      desk_tell (self, FERRY_PORT_MAPPER_EVENT_DEADLINE);
    }
  self->now = end;
}

void
desk_hear (Desk       *self,
           const char *hex)
{
  g_autoptr(GByteArray) bytes = hex_parse (hex);
  g_autofree guint8 *exact = g_memdup2 (bytes->data, bytes->len);
  FerryPortMapperEvent event = {
    .kind = FERRY_PORT_MAPPER_EVENT_DATAGRAM,
    .data = exact,
    .size = bytes->len,
  };

  handle (self, &event);
}

/* Returns: (transfer full): as PCP writes it if @is_long */
static char *
print_address (const char *text,
               gboolean    is_long)
{
  FerryIpAddress address;
  g_autofree char *digits = NULL;

  g_assert_true (ferry_ip_address_parse (text, &address));
  digits = hex_print (address.bytes, address.len);

  return is_long && address.len == 4 ? g_strconcat ("00000000000000000000ffff", digits, NULL)
                                     : g_steal_pointer (&digits);
}

void
desk_pcp (Desk       *self,
          guint       result,
          guint32     lifetime,
          guint32     epoch,
          const char *external,
          guint16     external_port)
{
  g_autofree char *address = print_address (external, TRUE);
  g_autofree char *hex =
    g_strdup_printf ("028100%02x%08x%08x000000000000000000000000" NONCE "06000000%04x%04x%s",
                     result, lifetime, epoch, 5086, external_port, address);

  desk_hear (self, hex);
}

void
desk_address (Desk       *self,
              guint       result,
              guint32     epoch,
              const char *external)
{
  g_autofree char *address = print_address (external, FALSE);
  g_autofree char *hex = g_strdup_printf ("0080%04x%08x%s", result, epoch, address);

  desk_hear (self, hex);
}

void
desk_map (Desk    *self,
          guint    result,
          guint32  epoch,
          guint16  external_port,
          guint32  lifetime)
{
  g_autofree char *hex = g_strdup_printf ("0082%04x%08x%04x%04x%08x", result, epoch, 5086,
                                          external_port, lifetime);

  desk_hear (self, hex);
}

void
desk_expect (Desk       *self,
             const char *log)
{
  if (self->log->len > 0)
    g_string_truncate (self->log, self->log->len - 1); /* the last space */
  g_assert_cmpstr (self->log->str, ==, log);
  g_string_truncate (self->log, 0);
}
