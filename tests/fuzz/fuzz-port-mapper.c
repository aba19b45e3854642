/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"
#include "proto/nat-pmp.h"
#include "proto/pcp.h"
#include "proto/port-mapper.h"

#define MAX_EFFECTS 8 /* of one event */
#define MAX_END     (700 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  FerryPortMapper *mapper;
  GPtrArray       *effects;
  gint64           now;
  gint64           stopped_at; /* 0: not yet */
  guint            n_sent_after;
  gboolean         is_over;
} Play;

static void
check_mapping (const FerryPortMapping *mapping)
{
  FerryIpScope scope = ferry_ip_address_get_scope (&mapping->external);

  if (mapping->external.len != mapping->internal.len || mapping->external_port == 0)
    g_error ("No place to be reached at");
  if (scope == FERRY_IP_NOBODY || scope == FERRY_IP_LOOPBACK || scope == FERRY_IP_LINK_LOCAL)
    g_error ("An address of scope %d", scope);
  if (mapping->lifetime < 120 || mapping->lifetime > 3600)
    g_error ("For %u s", mapping->lifetime);
}

static void
check_effects (Play *play)
{
  if (play->effects->len > MAX_EFFECTS)
    g_error ("%u effects", play->effects->len);
  if (play->is_over && play->effects->len > 0)
    g_error ("Effects after the end");

  for (guint i = 0; i < play->effects->len; i++)
    {
      const FerryPortMapperEffect *effect = g_ptr_array_index (play->effects, i);

      if (effect->kind == FERRY_PORT_MAPPER_EFFECT_SEND && play->stopped_at != 0)
        play->n_sent_after++;
      if (effect->kind == FERRY_PORT_MAPPER_EFFECT_MAPPED)
        check_mapping (&effect->mapping);
      if (effect->kind == FERRY_PORT_MAPPER_EFFECT_OVER)
        play->is_over = TRUE;
    }
  if (play->n_sent_after > 2)
    g_error ("%u datagrams at the end", play->n_sent_after);
  g_ptr_array_set_size (play->effects, 0);
}

static void
tell (Play                     *play,
      FerryPortMapperEventKind  kind,
      const guint8             *data,
      gsize                     size)
{
  FerryPortMapperEvent event = { kind, data, size };
  gint64 deadline;

  if (kind == FERRY_PORT_MAPPER_EVENT_STOP && play->stopped_at == 0)
    play->stopped_at = play->now;
  ferry_port_mapper_handle (play->mapper, &event, play->now, play->effects);
  check_effects (play);

  deadline = ferry_port_mapper_get_deadline (play->mapper);
  if (deadline != 0 && deadline <= play->now)
    g_error ("A deadline that does not wait");
  if (play->stopped_at != 0 && !play->is_over && play->now >= play->stopped_at + MAX_END)
    g_error ("Not over in time");
}

/* Nothing is an answer to both questions at once. */
static void
check_codecs (const FerryPortMapperRequest *request,
              const guint8                 *data,
              gsize                         size)
{
  FerryPcpMap map = { .own = request->own, .port = request->port };
  FerryPcpAnswer pcp;
  FerryNatPmpAnswer nat_pmp;

  if (ferry_pcp_map_parse_answer (&map, data, size, &pcp) &&
      ferry_nat_pmp_parse_answer (request->port, data, size, &nat_pmp))
    g_error ("An answer to both");
  ferry_pcp_result_to_string (size > 3 ? data[3] : 0);
}

static void
play_datagram (Play                         *play,
               const FerryPortMapperRequest *request,
               const guint8                 *data,
               gsize                         size)
{
  guint8 *exact = g_memdup2 (data, size);

  check_codecs (request, exact, size);
  tell (play, FERRY_PORT_MAPPER_EVENT_DATAGRAM, exact, size);
  g_free (exact);
}

/* A byte is what happens: below 0xf0, as many bytes come from the router. The nonce is of
 * zeros, the port 5086; the first byte tells which kind of address is ours. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FerryPortMapperRequest request = { .port = 5086, .lifetime = 3600 };
  Play play = { .now = G_TIME_SPAN_SECOND };

  if (size == 0)
    return 0;

  ferry_ip_address_parse (data[0] & 1 ? "2001:db8::7" : "192.168.1.7", &request.own);
  play.mapper = ferry_port_mapper_new (&request);
  play.effects = ferry_port_mapper_effects_new ();
  for (gsize i = 1; i < size; i++)
    {
      if (data[i] < 0xf0)
        {
          gsize n = MIN (data[i], size - i - 1);

          play_datagram (&play, &request, data + i + 1, n);
          i += n;
        }
      else if (data[i] < 0xfc)
        {
          gint64 deadline = ferry_port_mapper_get_deadline (play.mapper);

          play.now = MAX (play.now, deadline) + (data[i] & 3) * G_TIME_SPAN_MILLISECOND;
          tell (&play, FERRY_PORT_MAPPER_EVENT_DEADLINE, NULL, 0);
        }
      else if (data[i] == 0xfc)
        {
          tell (&play, FERRY_PORT_MAPPER_EVENT_UNREACHABLE, NULL, 0);
        }
      else
        {
          tell (&play, data[i] == 0xff ? FERRY_PORT_MAPPER_EVENT_STOP
                                       : FERRY_PORT_MAPPER_EVENT_START, NULL, 0);
        }
    }

  ferry_port_mapper_free (play.mapper);
  g_ptr_array_unref (play.effects);

  return 0;
}
