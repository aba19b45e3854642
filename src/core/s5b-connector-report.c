/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/s5b-connector-dial.h"
#include "proto/s5b-way.h"

void
_ferry_s5b_connector_note (FerryS5bConnector *self,
                           FerryPathStepKind  kind,
                           const char        *way,
                           const char        *host,
                           guint16            port,
                           const char        *text)
{
  if (self->report != NULL)
    ferry_path_report_add (self->report, g_get_monotonic_time (), kind, way, host, port, text);
}

static const char *
get_way_of (FerryS5bConnector       *self,
            const FerryS5bCandidate *candidate)
{
  return ferry_path_origin_to_string (ferry_s5b_guess_origin (self->theirs, candidate,
                                                              self->peer_punches));
}

const char *
_ferry_s5b_connector_get_way_to (FerryS5bConnector    *self,
                                 const FerryS5bEffect *effect)
{
  gboolean is_proxy = effect->whose == FERRY_S5B_HOST_OWN_PROXY ||
                      effect->whose == FERRY_S5B_HOST_PEER_PROXY;

  for (guint i = 0; i < self->theirs->len && !is_proxy; i++)
    {
      const FerryS5bCandidate *candidate = g_ptr_array_index (self->theirs, i);

      if (candidate->port == effect->port && g_strcmp0 (candidate->host, effect->host) == 0)
        return get_way_of (self, candidate);
    }

  return ferry_path_origin_to_string (is_proxy ? FERRY_ORIGIN_PROXY : FERRY_ORIGIN_HOST);
}

const char *
_ferry_s5b_connector_get_way_in (const char *local,
                                 const char *remote,
                                 gboolean    is_punched)
{
  return ferry_path_origin_to_string (is_punched ? FERRY_ORIGIN_PREDICTED
                                                 : ferry_s5b_guess_inbound_origin (local, remote));
}

void
_ferry_s5b_connector_note_attempt (FerryS5bConnector   *self,
                                   const S5bConnection *connection,
                                   FerryPathStepKind    kind,
                                   const char          *text)
{
  _ferry_s5b_connector_note (self, kind, connection->way, connection->host, connection->port, text);
}

void
_ferry_s5b_connector_note_call (FerryS5bConnector   *self,
                                const S5bConnection *connection,
                                const char          *local)
{
  g_autofree char *text =
    g_strdup_printf ("from %s port %u", connection->host != NULL ? connection->host : "somewhere",
                     connection->port);

  _ferry_s5b_connector_note (self, FERRY_PATH_STEP_CALLED, connection->way, local,
                             ferry_socks5_listener_get_port (self->listener), text);
}

void
_ferry_s5b_connector_note_host (FerryS5bConnector       *self,
                                const FerryS5bCandidate *candidate,
                                const char              *text)
{
  _ferry_s5b_connector_note (self, FERRY_PATH_STEP_RECEIVED, get_way_of (self, candidate),
                             candidate->host, candidate->port, text);
}

static const FerryPlannedHost *
find_planned (FerryS5bConnector *self,
              const char        *host,
              guint16            port)
{
  for (guint i = 0; i < self->planned->len; i++)
    {
      const FerryPlannedHost *planned = g_ptr_array_index (self->planned, i);

      if (planned->port == port && g_strcmp0 (planned->host, host) == 0)
        return planned;
    }

  return NULL;
}

/* Returns: (nullable): the host of ours with @cid */
static const FerryPlannedHost *
find_own (FerryS5bConnector *self,
          const char        *cid)
{
  const FerryS5bCandidate *candidate =
    cid != NULL && self->own != NULL ? ferry_s5b_candidates_find (self->own, cid) : NULL;

  return candidate != NULL ? find_planned (self, candidate->host, candidate->port) : NULL;
}

void
_ferry_s5b_connector_note_info (FerryS5bConnector   *self,
                                const FerryS5bEvent *event)
{
  static const char *const texts[] = {
    [FERRY_S5B_INFO_NONE] = NULL,
    [FERRY_S5B_INFO_CANDIDATE_USED] = "the peer reached it",
    [FERRY_S5B_INFO_CANDIDATE_ERROR] = "the peer reached none of our hosts",
    [FERRY_S5B_INFO_ACTIVATED] = "the peer's proxy joins us",
    [FERRY_S5B_INFO_PROXY_ERROR] = "the peer's way to the proxy failed",
  };
  const FerryPlannedHost *own = find_own (self, event->cid);
  gboolean is_use = event->info == FERRY_S5B_INFO_CANDIDATE_USED;

  if (texts[event->info] == NULL)
    return;

  if (is_use && own != NULL)
    _ferry_s5b_connector_note (self, FERRY_PATH_STEP_REPORTED,
                               ferry_path_origin_to_string (own->origin), own->host, own->port,
                               texts[event->info]);
  else
    _ferry_s5b_connector_note (self, FERRY_PATH_STEP_REPORTED, NULL, event->host, event->port,
                               is_use ? "the peer reached a host of ours" : texts[event->info]);
}

void
_ferry_s5b_connector_choose (FerryS5bConnector    *self,
                             const S5bConnection  *connection,
                             const FerryS5bEffect *effect)
{
  const FerryPlannedHost *own = connection->inbound ? find_own (self, effect->cid) : NULL;

  self->path = effect->proxied ? FERRY_PATH_PROXY : FERRY_PATH_DIRECT;
  self->way = connection->way;

  /* In the older ages it is not said which of our direct hosts is meant. */
  if (own != NULL && !self->rules->one_way && !self->rules->first_ends_all)
    self->way = ferry_path_origin_to_string (own->origin);
  if (effect->proxied)
    self->way = ferry_path_origin_to_string (FERRY_ORIGIN_PROXY);

  _ferry_s5b_connector_note (self, FERRY_PATH_STEP_CHOSEN, self->way, connection->host,
                             connection->port, NULL);
}

/* What was tried is in the report already. */
void
_ferry_s5b_connector_note_failure (FerryS5bConnector *self,
                                   const char        *text)
{
  g_autofree char *trouble = g_strndup (text, strcspn (text, ";"));

  _ferry_s5b_connector_note (self, FERRY_PATH_STEP_NOTE, NULL, NULL, 0, trouble);
}
