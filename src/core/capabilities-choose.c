/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/capabilities-private.h"
#include "core/transfer.h"
#include "proto/jid.h"

/* Whom to send to, and how (protocols: 11). What is known decides at once; who is not known
 * is asked first, all at the same time. */

typedef struct
{
  char     *jid;        /* (owned): full */
  int       priority;
  gboolean  is_gone;    /* its server says that it is not there */
} Candidate;

typedef struct
{
  GPtrArray          *candidates; /* (owned): Candidate, best priority first */
  const FerryDialect *forced;     /* (nullable) */
  FerryDirection      direction;
  guint               n_asked;    /* answers outstanding */
} Choose;

/* One question; holds the task. */
typedef struct
{
  GTask     *task;      /* (owned) */
  Candidate *candidate; /* of the task */
} Inquiry;

static void
candidate_free (Candidate *candidate)
{
  g_free (candidate->jid);
  g_free (candidate);
}

static void
choose_free (Choose *choose)
{
  g_ptr_array_unref (choose->candidates);
  g_free (choose);
}

static void
add_candidate (Choose     *choose,
               const char *jid,
               int         priority)
{
  Candidate *candidate = g_new0 (Candidate, 1);

  candidate->jid = g_strdup (jid);
  candidate->priority = priority;
  g_ptr_array_add (choose->candidates, candidate);
}

/* GEN-9: only full JIDs. A gateway's contact has none. A negative priority says that nothing
 * meant for the contact as such should go there (RFC 6121 §4.7.2.3). */
static void
add_resources (Choose       *choose,
               FerryContact *contact)
{
  for (guint i = 0; contact != NULL && i < ferry_contact_get_n_resources (contact); i++)
    {
      const FerryResource *resource = ferry_contact_get_resource (contact, i);

      if (ferry_jid_is_full (resource->jid) && resource->priority >= 0)
        add_candidate (choose, resource->jid, resource->priority);
    }
}

/* SEL-6: the highest priority that speaks a dialect of ours; then the better dialect. Who did
 * not say what he speaks (SEL-9) comes after all who did. */
static const Candidate *
find_best (FerryCapabilities   *self,
           Choose              *choose,
           const FerryDialect **dialect)
{
  const Candidate *best = NULL;
  gboolean best_is_known = FALSE;
  guint best_row = G_MAXUINT;

  for (guint i = 0; i < choose->candidates->len; i++)
    {
      const Candidate *candidate = choose->candidates->pdata[i];
      FerryKnownClient known = { 0 };
      gboolean is_known = ferry_capabilities_get_known (self, candidate->jid, &known);
      const FerryDialect *picked;
      guint row;

      if (candidate->is_gone)
        continue;

      picked = ferry_capabilities_pick (is_known ? (const char *const *) known.features : NULL,
                                        choose->forced, choose->direction, &row);

      if (picked == NULL || (best_is_known && !is_known))
        continue;

      if (best == NULL || is_known != best_is_known ||
          (candidate->priority == best->priority && row < best_row))
        {
          best = candidate;
          best_is_known = is_known;
          best_row = row;
          *dialect = picked;
        }
    }

  return best;
}

static gboolean
is_anybody_there (Choose *choose)
{
  for (guint i = 0; i < choose->candidates->len; i++)
    if (!((const Candidate *) choose->candidates->pdata[i])->is_gone)
      return TRUE;

  return FALSE;
}

static const char *
get_refusal (FerryDirection direction)
{
  switch (direction)
    {
    case FERRY_DIRECTION_RECEIVE:
      return "No client of theirs can be asked for files";
    case FERRY_DIRECTION_BOTH:
      return "No client of theirs knows secure chats";
    case FERRY_DIRECTION_SEND:
    default:
      return "No client of theirs receives files in a way we know";
    }
}

static void
decide (GTask *task)
{
  FerryCapabilities *self = g_task_get_source_object (task);
  Choose *choose = g_task_get_task_data (task);
  const FerryDialect *dialect = NULL;
  const Candidate *best = find_best (self, choose, &dialect);
  FerryRecipient *recipient;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (best == NULL)
    {
      if (is_anybody_there (choose))
        g_task_return_new_error (task, FERRY_TRANSFER_ERROR,
                                 FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT, "%s",
                                 get_refusal (choose->direction));
      else
        g_task_return_new_error (task, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_OFFLINE,
                                 "They are not online");
      return;
    }

  recipient = g_new0 (FerryRecipient, 1);
  recipient->jid = g_strdup (best->jid);
  recipient->dialect = dialect;
  recipient->profile = ferry_capabilities_get_profile (self, best->jid);
  g_task_return_pointer (task, recipient, (GDestroyNotify) ferry_recipient_free);
}

/* Whether an error says that nobody is there, rather than that he does not talk. */
static gboolean
says_gone (FerryElement *reply)
{
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (reply);

  return error != NULL && (error->condition == FERRY_CONDITION_SERVICE_UNAVAILABLE ||
                           error->condition == FERRY_CONDITION_RECIPIENT_UNAVAILABLE ||
                           error->condition == FERRY_CONDITION_ITEM_NOT_FOUND ||
                           error->condition == FERRY_CONDITION_GONE ||
                           error->condition == FERRY_CONDITION_REMOTE_SERVER_NOT_FOUND ||
                           error->condition == FERRY_CONDITION_REMOTE_SERVER_TIMEOUT);
}

static void
inquiry_answered_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autofree Inquiry *inquiry = user_data;
  g_autoptr(GTask) task = inquiry->task;
  FerryCapabilities *self = g_task_get_source_object (task);
  Choose *choose = g_task_get_task_data (task);
  g_autoptr(FerryDiscoInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) reply = ferry_router_request_finish (FERRY_ROUTER (source), result,
                                                               &error);
  FerryElement *query = NULL;

  /* SEL-9 is about who is silent; of our own connection gone it says nothing. */
  if (reply == NULL)
    inquiry->candidate->is_gone = !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  else if (ferry_iq_is (reply, FERRY_IQ_ERROR))
    inquiry->candidate->is_gone = says_gone (reply);
  else
    query = ferry_element_find (reply, "query", FERRY_NS_DISCO_INFO);

  if (query != NULL)
    info = ferry_disco_info_parse (query, NULL);
  if (info != NULL)
    ferry_capabilities_apply (self, inquiry->candidate->jid, info);

  if (--choose->n_asked == 0)
    decide (task);
}

static void
inquire (GTask     *task,
         Candidate *candidate)
{
  FerryCapabilities *self = g_task_get_source_object (task);
  Choose *choose = g_task_get_task_data (task);
  g_autoptr(FerryElement) query = ferry_disco_query_new (FERRY_NS_DISCO_INFO, NULL);
  Inquiry *inquiry = g_new0 (Inquiry, 1);

  inquiry->task = g_object_ref (task);
  inquiry->candidate = candidate;
  choose->n_asked++;
  ferry_router_request_async (self->router, FERRY_IQ_GET, candidate->jid, query,
                              FERRY_CAPABILITIES_TIMEOUT, g_task_get_cancellable (task),
                              inquiry_answered_cb, inquiry);
}

/* Fills in whom @to may mean. */
static void
find_candidates (FerryCapabilities *self,
                 Choose            *choose,
                 const char        *to)
{
  g_autofree char *jid = ferry_jid_normalise (to, NULL);

  if (jid == NULL)
    return;

  if (ferry_jid_is_full (jid))
    add_candidate (choose, jid, 0);
  else
    add_resources (choose, ferry_roster_lookup (self->roster, jid, FALSE));

  /* Whom our user sends something may know who we are (SEC-4). */
  g_hash_table_add (self->introduced, ferry_jid_dup_bare (jid));
}

static void
inquire_unknown (GTask *task)
{
  FerryCapabilities *self = g_task_get_source_object (task);
  Choose *choose = g_task_get_task_data (task);
  FerryKnownClient known;

  for (guint i = 0; i < choose->candidates->len; i++)
    {
      Candidate *candidate = choose->candidates->pdata[i];

      /* Of a stranger nobody tells us when he goes. */
      g_hash_table_remove (self->strangers, candidate->jid);

      if (!ferry_capabilities_get_known (self, candidate->jid, &known))
        inquire (task, candidate);
    }
}

void
ferry_capabilities_choose_async (FerryCapabilities   *self,
                                 const char          *to,
                                 const char          *dialect,
                                 FerryDirection       direction,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Choose *choose;

  g_return_if_fail (FERRY_IS_CAPABILITIES (self));
  g_return_if_fail (to != NULL);

  choose = g_new0 (Choose, 1);
  choose->candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) candidate_free);
  choose->forced = dialect != NULL ? ferry_capabilities_find (dialect) : NULL;
  choose->direction = direction;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ferry_capabilities_choose_async);
  g_task_set_task_data (task, choose, (GDestroyNotify) choose_free);

  if (dialect != NULL && choose->forced == NULL)
    {
      g_task_return_new_error (task, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT,
                               "There is no dialect named %s", dialect);
      return;
    }

  find_candidates (self, choose, to);
  inquire_unknown (task);

  if (choose->n_asked == 0)
    decide (task);
}

/**
 * ferry_capabilities_choose_finish:
 *
 * Returns: (transfer full)
 */
FerryRecipient *
ferry_capabilities_choose_finish (FerryCapabilities  *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
