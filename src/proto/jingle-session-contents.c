/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/jingle-session-opening.h"

/* The name of the content that offers our transport of that rank. */
char *
ferry_jingle_session_dup_name (const FerryJingleSession *self,
                               guint                     rank)
{
  const char *name = self->application->is_stream ? "xmlstream" : "file";

  return rank == 0 ? g_strdup (name) : g_strdup_printf ("%s-%u", name, rank + 1);
}

/* Returns: the rank of the alternative that @content is, or -1 */
static int
get_alternative (const FerryJingleSession *self,
                 const FerryJingleContent *content)
{
  for (guint i = 0; self->alternatives >> i != 0; i++)
    {
      g_autofree char *name = ferry_jingle_session_dup_name (self, i);

      if ((self->alternatives & (1u << i)) && content->creator == self->creator &&
          strcmp (content->name, name) == 0)
        return i;
    }

  return -1;
}

static gboolean
is_ours (const FerryJingleSession *self,
         const FerryJingleContent *content)
{
  return content->creator == self->creator && g_strcmp0 (content->name, self->content) == 0;
}

/* J-12: creator and name are the identity. A peer that gets one of them wrong in
 * a stanza with one content can only mean ours, unless it is one that we let go.
 *
 * Returns: (nullable) */
const FerryJingleContent *
ferry_jingle_session_find_content (const FerryJingleSession *self,
                                   const FerryJingle        *jingle)
{
  const FerryJingleContent *content;

  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    if (is_ours (self, ferry_jingle_get_content (jingle, i)))
      return ferry_jingle_get_content (jingle, i);

  if (ferry_jingle_get_n_contents (jingle) != 1)
    return NULL;

  content = ferry_jingle_get_content (jingle, 0);
  if (get_alternative (self, content) >= 0)
    return NULL;
  for (guint i = 0; i < self->dropped->len; i++)
    if (strcmp (g_ptr_array_index (self->dropped, i), content->name) == 0)
      return NULL;

  return content;
}

/* Returns: (nullable): what it is about, in one of the versions we know */
static const FerryJingleApplication *
find_application (const FerryJingleSession *self,
                  const FerryJingleContent *content)
{
  const FerryJingleApplication *const *all = self->flavour->applications;

  for (guint i = 0; all[i] != NULL; i++)
    if (ferry_element_is (content->description, NULL, all[i]->ns))
      return all[i];

  return NULL;
}

/* Where in our order of preference a transport stands. */
static guint
get_rank (const FerryJingleSession *self,
          const FerryElement       *transport)
{
  guint rank = 0;

  while (self->transports[rank] != NULL &&
         !ferry_element_is (transport, NULL, self->transports[rank]))
    rank++;

  return rank;
}

/* The first content whose application and transport we know. Another one about
 * the same file is an alternative (J-20): the better transport wins (FB-9).
 *
 * @reason: (out): why there is none */
const FerryJingleContent *
ferry_jingle_session_choose_content (FerryJingleSession *self,
                                     const FerryJingle  *jingle,
                                     FerryJingleReason  *reason)
{
  const FerryJingleContent *best = NULL;

  *reason = FERRY_JINGLE_REASON_UNSUPPORTED_APPLICATIONS;

  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (jingle, i);

      if (!ferry_jingle_content_is_session (content) || find_application (self, content) == NULL)
        continue;

      if (best == NULL)
        *reason = FERRY_JINGLE_REASON_UNSUPPORTED_TRANSPORTS;
      if (ferry_jingle_session_read_way (self, content->transport) == NULL)
        continue;

      if (best == NULL || (ferry_element_equal (best->description, content->description) &&
                           get_rank (self, content->transport) < get_rank (self, best->transport)))
        best = content;
    }

  if (best != NULL)
    self->application = find_application (self, best);

  return best;
}

static void
forget (FerryJingleSession       *self,
        const FerryJingleContent *content)
{
  g_ptr_array_add (self->dropped, g_strdup (content->name));
}

/* BS0-10: every content that is not taken is removed, so that both sides know. */
void
ferry_jingle_session_drop_others (FerryJingleSession       *self,
                                  const FerryJingleTurn    *turn,
                                  const FerryJingle        *jingle,
                                  const FerryJingleContent *chosen)
{
  FerryJingle *removal;

  if (ferry_jingle_get_n_contents (jingle) == 1)
    return;

  removal = ferry_jingle_new (FERRY_JINGLE_CONTENT_REMOVE, self->sid);
  removal->reason = FERRY_JINGLE_REASON_DECLINE;
  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (jingle, i);

      if (content == chosen)
        continue;

      ferry_jingle_add_content (removal, content->creator, content->name);
      forget (self, content);
    }

  ferry_jingle_session_send (self, turn, removal, TAG_NONE);
}

/* J0-3: the transports after the first, each in a content of its own. They are early:
 * there is nothing to prepare before one is chosen. */
void
ferry_jingle_session_add_alternatives (FerryJingleSession *self,
                                       FerryJingle        *jingle)
{
  const FerryJingleContent *first = ferry_jingle_get_content (jingle, 0);

  for (guint i = self->next_transport; self->transports[i] != NULL && i < 32; i++)
    {
      g_autofree char *name = ferry_jingle_session_dup_name (self, i);
      FerryJingleContent *content = ferry_jingle_add_content (jingle, self->creator, name);

      content->senders = first->senders;
      content->description = ferry_element_ref (first->description);
      content->transport =
        ferry_element_builder_end (ferry_element_builder_new ("transport", self->transports[i]));
      content->security = first->security != NULL ? ferry_element_ref (first->security) : NULL;
      self->alternatives |= 1u << i;
    }
}

/* Returns: (nullable): the content of @jingle that we offered besides ours */
const FerryJingleContent *
ferry_jingle_session_find_alternative (const FerryJingleSession *self,
                                       const FerryJingle        *jingle)
{
  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    if (get_alternative (self, ferry_jingle_get_content (jingle, i)) >= 0)
      return ferry_jingle_get_content (jingle, i);

  return NULL;
}

/* BS0-11: the peer accepted our content. Others that it accepts as well are removed;
 * what it does not mention it has let go. */
void
ferry_jingle_session_settle (FerryJingleSession    *self,
                             const FerryJingleTurn *turn,
                             const FerryJingle     *jingle)
{
  FerryJingle *removal = NULL;

  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (jingle, i);

      if (get_alternative (self, content) < 0)
        continue;

      if (removal == NULL)
        removal = ferry_jingle_new (FERRY_JINGLE_CONTENT_REMOVE, self->sid);
      ferry_jingle_add_content (removal, content->creator, content->name);
      forget (self, content);
    }
  self->alternatives = 0;

  if (removal == NULL)
    return;

  removal->reason = FERRY_JINGLE_REASON_DECLINE;
  ferry_jingle_session_send (self, turn, removal, TAG_NONE);
}

/* One of our alternatives becomes the transport on the table: the peer wants it. If the
 * one on the table fails it is replaced all the same, for the peer may just be removing
 * the alternatives to it. */
static void
take (FerryJingleSession    *self,
      const FerryJingleTurn *turn,
      guint                  rank)
{
  g_ptr_array_add (self->dropped, g_steal_pointer (&self->content));
  self->content = ferry_jingle_session_dup_name (self, rank);
  self->alternatives &= ~(1u << rank);
  self->next_transport = rank + 1;

  ferry_jingle_session_enter (self, turn, PHASE_FOLLOWING, 0);
  ferry_jingle_session_prepare (self, turn,
                                ferry_jingle_session_find_way (self, self->transports[rank]),
                                NULL);
}

void
ferry_jingle_session_switch (FerryJingleSession       *self,
                             const FerryJingleTurn    *turn,
                             const FerryJingleContent *content)
{
  take (self, turn, get_alternative (self, content));
}

/* Whether ours is among the contents that the peer removes; alternatives are let go. */
static gboolean
remove_all (FerryJingleSession *self,
            const FerryJingle  *jingle)
{
  gboolean is_gone = ferry_jingle_session_find_content (self, jingle) != NULL;

  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryJingleContent *content = ferry_jingle_get_content (jingle, i);
      int rank = get_alternative (self, content);

      if (rank < 0)
        continue;

      self->alternatives &= ~(1u << rank);
      forget (self, content);
    }

  return is_gone;
}

/* J-10, J-11: our only content goes, and the session with it. content-reject means
 * the same before the session is accepted; later it answers something we never sent. */
void
ferry_jingle_session_receive_remove (FerryJingleSession       *self,
                                     const FerryJingleTurn    *turn,
                                     const FerryJingleRequest *request)
{
  if (request->jingle->action == FERRY_JINGLE_CONTENT_REJECT && self->phase != PHASE_OFFERED)
    {
      ferry_jingle_session_refuse (self, turn, FERRY_JINGLE_REFUSE_OUT_OF_ORDER, NULL);
      return;
    }

  ferry_jingle_session_acknowledge (self, turn, request);

  if (!remove_all (self, request->jingle))
    return;

  if (self->alternatives != 0)
    take (self, turn, g_bit_nth_lsf (self->alternatives, -1));
  else
    ferry_jingle_session_bereave (self, turn, request->jingle);
}
