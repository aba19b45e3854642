/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/nat-pmp.h"
#include "proto/pcp.h"
#include "proto/port-mapper-private.h"

#define FIRST_PAUSE (250 * G_TIME_SPAN_MILLISECOND) /* both RFCs: then doubling */
#define LAST_PAUSE  (1250 * G_TIME_SPAN_MILLISECOND)
#define MAX_ASKED   4 /* with the last pause: 3 s of patience */

/* The same port outside as before, as both RFCs wish, for whoever was told of it. */
static guint16
get_wanted_port (const FerryPortMapper *self)
{
  if (self->mapping.external_port != 0)
    return self->mapping.external_port;

  return self->request.wanted_port != 0 ? self->request.wanted_port : self->request.port;
}

static GBytes *
build_pcp (const FerryPortMapper *self,
           Question               question)
{
  FerryPcpMap map = {
    .own = self->request.own,
    .port = self->request.port,
    .external = self->mapping.external,
    .external_port = get_wanted_port (self),
    .lifetime = question == QUESTION_END ? 0 : self->request.lifetime,
  };

  memcpy (map.nonce, self->request.nonce, sizeof map.nonce);

  return ferry_pcp_map_to_bytes (&map);
}

static GBytes *
build (const FerryPortMapper *self,
       const Method          *method)
{
  if (method->method == FERRY_MAPPING_PCP)
    return build_pcp (self, method->question);
  if (method->question == QUESTION_ADDRESS)
    return ferry_nat_pmp_address_to_bytes ();
  if (method->question == QUESTION_END)
    return ferry_nat_pmp_map_to_bytes (self->request.port, 0, 0);

  return ferry_nat_pmp_map_to_bytes (self->request.port, get_wanted_port (self),
                                     self->request.lifetime);
}

static void
send_question (FerryPortMapper *self,
               Method          *method,
               gint64           now,
               GPtrArray       *effects)
{
  FerryPortMapperEffect *effect =
    _ferry_port_mapper_effect (effects, FERRY_PORT_MAPPER_EFFECT_SEND);

  effect->bytes = build (self, method);
  method->n_sent++;
  method->due = now + (method->n_sent < MAX_ASKED ? FIRST_PAUSE << (method->n_sent - 1)
                                                  : LAST_PAUSE);
}

void
_ferry_port_mapper_ask (FerryPortMapper *self,
                        Method          *method,
                        Question         question,
                        gint64           now,
                        GPtrArray       *effects)
{
  method->question = question;
  method->n_sent = 0;
  method->may_stand |= question == QUESTION_MAP;
  send_question (self, method, now, effects);
}

gboolean
_ferry_port_mapper_ask_again (FerryPortMapper *self,
                              Method          *method,
                              gint64           now,
                              GPtrArray       *effects)
{
  if (method->n_sent == MAX_ASKED)
    return FALSE;

  send_question (self, method, now, effects);

  return TRUE;
}

/* NAT-PMP asks for the address first, which costs a millisecond: so a router that speaks both
 * has said yes by PCP before a second mapping of the same port comes to its mind. */
void
_ferry_port_mapper_begin (FerryPortMapper *self,
                          Method          *method,
                          gint64           now,
                          GPtrArray       *effects)
{
  method->objection = NULL;
  method->quiet_until = 0;
  self->asked_at = now;
  _ferry_port_mapper_ask (self, method,
                          method->method == FERRY_MAPPING_PCP ? QUESTION_MAP : QUESTION_ADDRESS,
                          now, effects);
}
