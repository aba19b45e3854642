/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/nat-pmp.h"
#include "proto/pcp.h"
#include "proto/port-mapper-private.h"

/* What a router gives for no time is given for some, and nothing for longer than we care to
 * leave behind. Seconds. */
#define MIN_LIFETIME 120
#define MAX_LIFETIME 3600

typedef gboolean (*HasForgotten) (guint32 epoch_before,
                                  guint32 epoch,
                                  gint64  elapsed);

/* Returns: whether the router has begun anew since its last answer */
static gboolean
note_epoch (Method       *method,
            HasForgotten  has_forgotten,
            guint32       epoch,
            gint64        now)
{
  gint64 elapsed = (now - method->epoch_at) / G_TIME_SPAN_SECOND;
  gboolean is_new = method->has_answered && has_forgotten (method->epoch, epoch, elapsed);

  method->has_answered = TRUE;
  method->epoch = epoch;
  method->epoch_at = now;

  return is_new;
}

/* Returns: (nullable): why it cannot be where others reach us; follows "the router " */
static const char *
object_to_address (const FerryPortMapper *self,
                   const FerryIpAddress  *external)
{
  if (external->len != self->request.own.len)
    return "names an address of another kind";

  switch (ferry_ip_address_get_scope (external))
    {
    case FERRY_IP_NOBODY:
    case FERRY_IP_LOOPBACK:
    case FERRY_IP_LINK_LOCAL:
      return "has no address that others could reach";

    case FERRY_IP_PRIVATE: /* behind another router: for others to judge */
    case FERRY_IP_SHARED:
    case FERRY_IP_TRANSLATED:
    case FERRY_IP_GLOBAL:
    default:
      return NULL;
    }
}

static gboolean
is_same (const FerryPortMapping *a,
         const FerryPortMapping *b)
{
  return a->method == b->method &&
         ferry_ip_address_equal (&a->external, &b->external) &&
         a->external_port == b->external_port &&
         a->lifetime == b->lifetime;
}

static void
accept_mapping (FerryPortMapper      *self,
                Method               *method,
                const FerryIpAddress *external,
                guint16               external_port,
                guint32               lifetime,
                gint64                now,
                GPtrArray            *effects)
{
  FerryPortMapping mapping = {
    .method = method->method,
    .internal = self->request.own,
    .internal_port = self->request.port,
    .external = *external,
    .external_port = external_port,
    .lifetime = CLAMP (lifetime, MIN_LIFETIME, MAX_LIFETIME),
    .is_pinhole = external->len == 16 && ferry_ip_address_equal (external, &self->request.own),
  };
  gboolean is_news = !self->stands || !is_same (&mapping, &self->mapping);

  method->question = QUESTION_NONE;
  if (method->method == FERRY_MAPPING_PCP)
    self->methods[FERRY_MAPPING_NAT_PMP].question = QUESTION_NONE;
  self->mapping = mapping;
  self->stands = TRUE;
  self->is_doubtful = FALSE;
  self->n_failures = 0;
  self->retry_at = 0;
  self->expires = now + mapping.lifetime * G_TIME_SPAN_SECOND;
  self->renew_at = now + mapping.lifetime * G_TIME_SPAN_SECOND / 2;
  if (is_news)
    _ferry_port_mapper_effect (effects, FERRY_PORT_MAPPER_EFFECT_MAPPED)->mapping = mapping;
}

/* The router tells by itself that it has begun anew. */
static void
forget (FerryPortMapper *self,
        Method          *method,
        gint64           now,
        GPtrArray       *effects)
{
  if (_ferry_port_mapper_stands_by (self, method) && method->question == QUESTION_NONE)
    _ferry_port_mapper_lose (self, "the router has forgotten it", now, effects);
}

/* Also unasked: §14.2 lets the router tell of changes. */
static void
receive_pcp_map (FerryPortMapper      *self,
                 Method               *method,
                 const FerryPcpAnswer *answer,
                 gint64                now,
                 GPtrArray            *effects)
{
  if (answer->result != 0)
    {
      if (method->question != QUESTION_MAP)
        return;
      method->quiet_until = now + MIN (answer->lifetime, MAX_LIFETIME) * G_TIME_SPAN_SECOND;
      _ferry_port_mapper_fail (self, method, ferry_pcp_result_to_string (answer->result),
                               now, effects);
      return;
    }

  method->objection = object_to_address (self, &answer->external);
  if (answer->external_port == 0)
    method->objection = "names no port";
  if (method->objection == NULL)
    accept_mapping (self, method, &answer->external, answer->external_port, answer->lifetime,
                    now, effects);
}

static void
receive_pcp (FerryPortMapper      *self,
             Method               *method,
             const FerryPcpAnswer *answer,
             gint64                now,
             GPtrArray            *effects)
{
  gboolean is_new = FALSE;

  if (answer->kind != FERRY_PCP_ANSWER_UNSUPPORTED)
    is_new = note_epoch (method, ferry_pcp_has_forgotten, answer->epoch, now);

  if (self->state == STATE_STOPPING)
    {
      if (answer->result != 0 ||
          (answer->kind == FERRY_PCP_ANSWER_MAP && answer->lifetime == 0))
        method->question = QUESTION_NONE;
    }
  else if (answer->kind == FERRY_PCP_ANSWER_MAP)
    {
      receive_pcp_map (self, method, answer, now, effects);
    }
  else if (answer->kind == FERRY_PCP_ANSWER_UNSUPPORTED && method->question != QUESTION_NONE)
    {
      _ferry_port_mapper_fail (self, method, ferry_pcp_result_to_string (answer->result),
                               now, effects);
    }
  else if (is_new)
    {
      forget (self, method, now, effects);
    }
}

static void
receive_nat_pmp_address (FerryPortMapper         *self,
                         Method                  *method,
                         const FerryNatPmpAnswer *answer,
                         gboolean                 is_new,
                         gint64                   now,
                         GPtrArray               *effects)
{
  if (method->question == QUESTION_ADDRESS)
    {
      method->objection = object_to_address (self, &answer->external);
      if (method->objection != NULL)
        return;
      method->external = answer->external;
      _ferry_port_mapper_ask (self, method, QUESTION_MAP, now, effects);
    }
  else if (is_new)
    {
      forget (self, method, now, effects);
    }
  else if (_ferry_port_mapper_stands_by (self, method) &&
           !ferry_ip_address_equal (&answer->external, &self->mapping.external))
    {
      /* §3.2.1: announced; believed when asked. */
      self->renew_at = MIN (self->renew_at, self->asked_at + FERRY_PORT_MAPPER_MIN_PAUSE);
    }
}

static void
receive_nat_pmp_map (FerryPortMapper         *self,
                     Method                  *method,
                     const FerryNatPmpAnswer *answer,
                     gint64                   now,
                     GPtrArray               *effects)
{
  if (method->question != QUESTION_MAP)
    return;

  method->objection = answer->external_port == 0 ? "names no port" : NULL;
  if (method->objection == NULL)
    accept_mapping (self, method, &method->external, answer->external_port, answer->lifetime,
                    now, effects);
}

static void
receive_nat_pmp (FerryPortMapper         *self,
                 Method                  *method,
                 const FerryNatPmpAnswer *answer,
                 gint64                   now,
                 GPtrArray               *effects)
{
  Question asked = answer->kind == FERRY_NAT_PMP_ANSWER_ADDRESS ? QUESTION_ADDRESS : QUESTION_MAP;
  gboolean is_new = FALSE;

  if (answer->kind == FERRY_NAT_PMP_ANSWER_UNSUPPORTED)
    asked = method->question;
  else
    is_new = note_epoch (method, ferry_nat_pmp_has_forgotten, answer->epoch, now);

  if (self->state == STATE_STOPPING)
    {
      if (asked != QUESTION_ADDRESS && (answer->result != 0 || answer->lifetime == 0))
        method->question = QUESTION_NONE;
    }
  else if (answer->result != 0)
    {
      if (asked != QUESTION_NONE && method->question == asked)
        _ferry_port_mapper_fail (self, method, ferry_nat_pmp_result_to_string (answer->result),
                                 now, effects);
    }
  else if (asked == QUESTION_ADDRESS)
    {
      receive_nat_pmp_address (self, method, answer, is_new, now, effects);
    }
  else
    {
      receive_nat_pmp_map (self, method, answer, now, effects);
    }
}

void
_ferry_port_mapper_receive (FerryPortMapper *self,
                            const guint8    *data,
                            gsize            size,
                            gint64           now,
                            GPtrArray       *effects)
{
  Method *pcp = &self->methods[FERRY_MAPPING_PCP];
  Method *nat_pmp = &self->methods[FERRY_MAPPING_NAT_PMP];
  FerryPcpMap map = { .own = self->request.own, .port = self->request.port };
  FerryPcpAnswer pcp_answer;
  FerryNatPmpAnswer nat_pmp_answer;

  memcpy (map.nonce, self->request.nonce, sizeof map.nonce);
  if (pcp->is_used && ferry_pcp_map_parse_answer (&map, data, size, &pcp_answer))
    receive_pcp (self, pcp, &pcp_answer, now, effects);
  else if (nat_pmp->is_used &&
           ferry_nat_pmp_parse_answer (self->request.port, data, size, &nat_pmp_answer))
    receive_nat_pmp (self, nat_pmp, &nat_pmp_answer, now, effects);
}
