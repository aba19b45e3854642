/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/port-mapper-private.h"

#define FIRST_RETRY   (60 * G_TIME_SPAN_SECOND) /* then doubling */
#define LAST_RETRY    G_TIME_SPAN_HOUR
#define MIN_RENEWAL   (4 * G_TIME_SPAN_SECOND)  /* RFC 6887 §11.2.1 */
#define END_PATIENCE  (700 * G_TIME_SPAN_MILLISECOND)
#define END_PAUSE     (300 * G_TIME_SPAN_MILLISECOND)

static void
effect_free (gpointer data)
{
  FerryPortMapperEffect *effect = data;

  g_clear_pointer (&effect->bytes, g_bytes_unref);
  g_free (effect->text);
  g_free (effect);
}

GPtrArray *
ferry_port_mapper_effects_new (void)
{
  return g_ptr_array_new_with_free_func (effect_free);
}

FerryPortMapperEffect *
_ferry_port_mapper_effect (GPtrArray                 *effects,
                           FerryPortMapperEffectKind  kind)
{
  FerryPortMapperEffect *effect = g_new0 (FerryPortMapperEffect, 1);

  effect->kind = kind;
  g_ptr_array_add (effects, effect);

  return effect;
}

gboolean
_ferry_port_mapper_stands_by (const FerryPortMapper *self,
                              const Method          *method)
{
  return self->stands && self->mapping.method == method->method;
}

gboolean
_ferry_port_mapper_is_asking (const FerryPortMapper *self)
{
  for (guint i = 0; i < N_METHODS; i++)
    if (self->methods[i].question != QUESTION_NONE)
      return TRUE;

  return FALSE;
}

/* A refusal is taken at its word as long as every method has been refused (RFC 6887 §8.3). */
static gint64
get_retry_time (const FerryPortMapper *self,
                gint64                 now)
{
  gint64 retry = now + MIN (FIRST_RETRY << MIN (self->n_failures, 6), LAST_RETRY);
  gint64 quiet_until = G_MAXINT64;

  for (guint i = 0; i < N_METHODS; i++)
    if (self->methods[i].is_used)
      quiet_until = MIN (quiet_until, self->methods[i].quiet_until);

  return MAX (retry, quiet_until);
}

static void
end_question (FerryPortMapper *self,
              Method          *method,
              const char      *text,
              gint64           now,
              GPtrArray       *effects)
{
  FerryPortMapperEffect *effect =
    _ferry_port_mapper_effect (effects, FERRY_PORT_MAPPER_EFFECT_FAILED);

  effect->mapping.method = method->method;
  effect->text = g_strdup_printf ("the router %s", text);
  method->question = QUESTION_NONE;
  if (self->stands || self->retry_at != 0 || _ferry_port_mapper_is_asking (self))
    return;

  self->retry_at = get_retry_time (self, now);
  self->n_failures++;
}

void
_ferry_port_mapper_lose (FerryPortMapper *self,
                         const char      *text,
                         gint64           now,
                         GPtrArray       *effects)
{
  FerryPortMapperEffect *effect =
    _ferry_port_mapper_effect (effects, FERRY_PORT_MAPPER_EFFECT_LOST);

  effect->text = g_strdup (text);
  self->stands = FALSE;
  self->methods[self->mapping.method].question = QUESTION_NONE;
  self->retry_at = MAX (now, self->asked_at + FERRY_PORT_MAPPER_MIN_PAUSE);
}

void
_ferry_port_mapper_fail (FerryPortMapper *self,
                         Method          *method,
                         const char      *text,
                         gint64           now,
                         GPtrArray       *effects)
{
  g_autofree char *sentence = g_strdup_printf ("the router %s", text);

  method->may_stand = FALSE;
  if (_ferry_port_mapper_stands_by (self, method))
    _ferry_port_mapper_lose (self, sentence, now, effects);
  else
    end_question (self, method, text, now, effects);
}

/* Silence. A lease that runs is not over by it: it is asked for again at half of what is left. */
static void
give_up (FerryPortMapper *self,
         Method          *method,
         gint64           now,
         GPtrArray       *effects)
{
  const char *text = method->objection != NULL ? method->objection : "does not answer";

  if (!_ferry_port_mapper_stands_by (self, method))
    {
      end_question (self, method, text, now, effects);
    }
  else if (self->is_doubtful)
    {
      g_autofree char *sentence = g_strdup_printf ("the router %s", text);

      _ferry_port_mapper_lose (self, sentence, now, effects);
    }
  else
    {
      method->question = QUESTION_NONE;
      self->renew_at = now + MAX (MIN_RENEWAL, (self->expires - now) / 2);
    }
}

static void
begin_all (FerryPortMapper *self,
           gint64           now,
           GPtrArray       *effects)
{
  self->retry_at = 0;
  for (guint i = 0; i < N_METHODS; i++)
    if (self->methods[i].is_used)
      _ferry_port_mapper_begin (self, &self->methods[i], now, effects);
}

static void
start (FerryPortMapper *self,
       gint64           now,
       GPtrArray       *effects)
{
  if (self->state != STATE_IDLE && self->state != STATE_RUNNING)
    return;

  self->state = STATE_RUNNING;
  self->n_failures = 0;
  if (!self->stands)
    {
      begin_all (self, now, effects);
      return;
    }
  self->is_doubtful = TRUE;
  _ferry_port_mapper_begin (self, &self->methods[self->mapping.method], now, effects);
}

static void
run_timers (FerryPortMapper *self,
            gint64           now,
            GPtrArray       *effects)
{
  Method *active = &self->methods[self->mapping.method];

  if (self->stands && now >= self->expires)
    _ferry_port_mapper_lose (self, "its time has run out", now, effects);

  for (guint i = 0; i < N_METHODS; i++)
    {
      Method *method = &self->methods[i];

      if (method->question != QUESTION_NONE && now >= method->due &&
          !_ferry_port_mapper_ask_again (self, method, now, effects))
        give_up (self, method, now, effects);
    }

  if (self->stands && active->question == QUESTION_NONE && now >= self->renew_at)
    _ferry_port_mapper_begin (self, active, now, effects);
  if (self->retry_at != 0 && now >= self->retry_at)
    begin_all (self, now, effects);
}

/* Whoever never answered is told, but not waited for; what another run left may stand by any. */
static void
stop (FerryPortMapper *self,
      gint64           now,
      GPtrArray       *effects)
{
  gboolean is_others = self->state == STATE_IDLE;
  guint n_asked = 0;

  self->state = STATE_STOPPING;
  self->stop_at = now + END_PATIENCE;
  self->stands = FALSE;
  for (guint i = 0; i < N_METHODS; i++)
    {
      Method *method = &self->methods[i];

      method->question = QUESTION_NONE;
      if (!method->is_used || (!method->may_stand && !is_others))
        continue;
      _ferry_port_mapper_ask (self, method, QUESTION_END, now, effects);
      n_asked++;
      if (!method->has_answered && !is_others)
        method->question = QUESTION_NONE;
    }

  for (guint i = 0; i < N_METHODS; i++)
    self->methods[i].due = n_asked == 1 ? now + END_PAUSE : self->stop_at;
}

static void
run_end (FerryPortMapper *self,
         gint64           now,
         GPtrArray       *effects)
{
  FerryPortMapperEffect *effect;

  for (guint i = 0; i < N_METHODS && now < self->stop_at; i++)
    {
      Method *method = &self->methods[i];

      if (method->question != QUESTION_NONE && now >= method->due)
        _ferry_port_mapper_ask_again (self, method, now, effects);
    }

  if (now < self->stop_at && _ferry_port_mapper_is_asking (self))
    return;

  self->is_unheard |= _ferry_port_mapper_is_asking (self);
  self->state = STATE_OVER;
  effect = _ferry_port_mapper_effect (effects, FERRY_PORT_MAPPER_EFFECT_OVER);
  if (self->is_unheard)
    effect->text = g_strdup ("the router does not answer");
}

/* A renewal outlasts it: the router's daemon may only be busy beginning anew. */
static void
find_nobody (FerryPortMapper *self,
             gint64           now,
             GPtrArray       *effects)
{
  for (guint i = 0; i < N_METHODS; i++)
    {
      Method *method = &self->methods[i];

      if (method->question == QUESTION_NONE || _ferry_port_mapper_stands_by (self, method))
        continue;
      if (self->state == STATE_STOPPING)
        {
          method->question = QUESTION_NONE;
          self->is_unheard = TRUE;
        }
      else
        {
          _ferry_port_mapper_fail (self, method, "does not speak it", now, effects);
        }
    }
}

FerryPortMapper *
ferry_port_mapper_new (const FerryPortMapperRequest *request)
{
  FerryPortMapper *self;
  guint wanted;

  g_return_val_if_fail (request != NULL && request->port != 0 && request->lifetime != 0, NULL);
  g_return_val_if_fail (request->own.len == 4 || request->own.len == 16, NULL);

  self = g_new0 (FerryPortMapper, 1);
  self->request = *request;
  wanted = request->methods != 0 ? request->methods : G_MAXUINT;
  for (guint i = 0; i < N_METHODS; i++)
    {
      self->methods[i].method = i;
      self->methods[i].is_used = (wanted & 1u << i) != 0;
    }
  if (request->own.len == 16)
    self->methods[FERRY_MAPPING_NAT_PMP].is_used = FALSE;

  return self;
}

void
ferry_port_mapper_free (FerryPortMapper *self)
{
  g_free (self);
}

void
ferry_port_mapper_handle (FerryPortMapper            *self,
                          const FerryPortMapperEvent *event,
                          gint64                      now,
                          GPtrArray                  *effects)
{
  g_return_if_fail (self != NULL && event != NULL && effects != NULL);

  if (self->state == STATE_OVER)
    return;

  switch (event->kind)
    {
    case FERRY_PORT_MAPPER_EVENT_START:
      start (self, now, effects);
      break;

    case FERRY_PORT_MAPPER_EVENT_DATAGRAM:
      if (self->state != STATE_IDLE)
        _ferry_port_mapper_receive (self, event->data, event->size, now, effects);
      break;

    case FERRY_PORT_MAPPER_EVENT_UNREACHABLE:
      find_nobody (self, now, effects);
      break;

    case FERRY_PORT_MAPPER_EVENT_STOP:
      if (self->state != STATE_STOPPING)
        stop (self, now, effects);
      break;

    case FERRY_PORT_MAPPER_EVENT_DEADLINE:
    default:
      break;
    }

  if (self->state == STATE_RUNNING)
    run_timers (self, now, effects);
  else if (self->state == STATE_STOPPING)
    run_end (self, now, effects);
}

static gint64
sooner (gint64 a,
        gint64 b)
{
  return a == 0 ? b : MIN (a, b);
}

gint64
ferry_port_mapper_get_deadline (const FerryPortMapper *self)
{
  gint64 deadline = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (self->state == STATE_OVER)
    return 0;

  for (guint i = 0; i < N_METHODS; i++)
    if (self->methods[i].question != QUESTION_NONE)
      deadline = sooner (deadline, self->methods[i].due);
  if (self->state == STATE_STOPPING)
    deadline = sooner (deadline, self->stop_at);
  if (self->stands)
    deadline = sooner (deadline, self->expires);
  if (self->stands && self->methods[self->mapping.method].question == QUESTION_NONE)
    deadline = sooner (deadline, self->renew_at);
  if (self->state == STATE_RUNNING && self->retry_at != 0)
    deadline = sooner (deadline, self->retry_at);

  return deadline;
}

gboolean
ferry_port_mapper_is_settled (const FerryPortMapper *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->state != STATE_IDLE && (self->stands || !_ferry_port_mapper_is_asking (self));
}
