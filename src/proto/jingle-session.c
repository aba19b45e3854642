/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/jingle-session-opening.h"

/* The session machine. Read the table below first: what may happen when; then
 * jingle-session-offer.c, -invited.c, -transport.c, -data.c and -end.c in the order of
 * a transfer. What the peer may say is the table in jingle-session-remote.c. */

#define IN(phase) (1u << PHASE_##phase)
#define ALIVE     (IN (ENDED) - 1)
#define ALWAYS    (ALIVE | IN (ENDED))
#define ON_A_TRANSPORT (IN (OFFERED) | IN (CONNECTING) | IN (MOVING) | IN (CHECKSUM) | \
                        IN (STORING) | IN (CONFIRMING) | IN (SECURING))

/* An event outside its phases is a race that was lost (a transport that opens
 * while the user cancels) and is forgotten. */
static const struct
{
  guint                phases;
  FerryJingleEventFunc handle;
} events[] = {
  [FERRY_SESSION_EVENT_START] = { IN (IDLE), ferry_jingle_session_start },
  [FERRY_SESSION_EVENT_ACCEPT] = { IN (ASKING), ferry_jingle_session_agree },
  [FERRY_SESSION_EVENT_FOUND] = { IN (FINDING), ferry_jingle_session_found },
  [FERRY_SESSION_EVENT_DECLINE] = { ALIVE, ferry_jingle_session_decline },
  [FERRY_SESSION_EVENT_CANCEL] = { ALIVE, ferry_jingle_session_cancel },
  [FERRY_SESSION_EVENT_STANZA] = { ALWAYS, ferry_jingle_session_receive },
  [FERRY_SESSION_EVENT_ANSWER] = { ALIVE, ferry_jingle_session_answered },
  [FERRY_SESSION_EVENT_TRANSPORT_PREPARED] = { IN (PREPARING) | IN (ASKING) | IN (FINDING) |
                                               IN (ACCEPTING) | IN (PROPOSING) | IN (FOLLOWING),
                                               ferry_jingle_session_prepared },
  [FERRY_SESSION_EVENT_TRANSPORT_INFO] = { ON_A_TRANSPORT, ferry_jingle_session_say_transport },
  [FERRY_SESSION_EVENT_TRANSPORT_OPEN] = { IN (OFFERED) | IN (CONNECTING),
                                           ferry_jingle_session_opened },
  [FERRY_SESSION_EVENT_TRANSPORT_FAILED] = { IN (OFFERED) | IN (CONNECTING),
                                             ferry_jingle_session_failed },
  [FERRY_SESSION_EVENT_SECURED] = { IN (SECURING), ferry_jingle_session_secured },
  [FERRY_SESSION_EVENT_SECURITY_FAILED] = { IN (SECURING), ferry_jingle_session_unsecured },
  [FERRY_SESSION_EVENT_HASHES] = { ALIVE, ferry_jingle_session_hashed },
  [FERRY_SESSION_EVENT_DATA_DONE] = { IN (MOVING), ferry_jingle_session_data_done },
  [FERRY_SESSION_EVENT_DATA_FAILED] = { IN (MOVING) | IN (CHECKSUM) | IN (STORING),
                                        ferry_jingle_session_data_failed },
  [FERRY_SESSION_EVENT_STORED] = { IN (STORING), ferry_jingle_session_stored },
  [FERRY_SESSION_EVENT_PEER_GONE] = { ALIVE, ferry_jingle_session_peer_gone },
  [FERRY_SESSION_EVENT_DEADLINE] = { ALIVE, ferry_jingle_session_expire },
};

static void
jingle_session_handle (FerrySession            *session,
                       const FerrySessionEvent *event,
                       gint64                   now,
                       FerrySessionEffects     *effects)
{
  FerryJingleSession *self = (FerryJingleSession *) session;
  FerryJingleTurn turn = { event, now, effects };

  g_return_if_fail (event->kind < G_N_ELEMENTS (events));

  if (events[event->kind].phases & (1u << self->phase))
    events[event->kind].handle (self, &turn);
}

static const FerryFileDescription *
jingle_session_get_file (const FerrySession *session)
{
  return ((const FerryJingleSession *) session)->file;
}

static FerryDirection
jingle_session_get_direction (const FerrySession *session)
{
  return ((const FerryJingleSession *) session)->direction;
}

static const FerryXtls *
jingle_session_get_security (const FerrySession *session)
{
  const FerryJingleSession *self = (const FerryJingleSession *) session;

  return self->security.peer.methods != 0 ? &self->security.peer : NULL;
}

static const char *
jingle_session_get_application (const FerrySession *session)
{
  return ((const FerryJingleSession *) session)->application->ns;
}

static const char **
intern_all (const char *const *names)
{
  GPtrArray *interned = g_ptr_array_new ();

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_ptr_array_add (interned, (gpointer) g_intern_string (names[i]));
  g_ptr_array_add (interned, NULL);

  return (const char **) g_ptr_array_free (interned, FALSE);
}

static gpointer
copy_name (gconstpointer name,
           gpointer      unused)
{
  return g_strdup (name);
}

static FerrySession *
jingle_session_copy (const FerrySession *session)
{
  const FerryJingleSession *self = (const FerryJingleSession *) session;
  FerryJingleSession *copy = g_new (FerryJingleSession, 1);

  *copy = *self;
  copy->own_jid = g_strdup (self->own_jid);
  copy->peer_jid = g_strdup (self->peer_jid);
  copy->sid = g_strdup (self->sid);
  copy->transports = intern_all (self->transports);
  copy->file = ferry_file_description_copy (self->file);
  copy->content = g_strdup (self->content);
  copy->dropped = g_ptr_array_copy (self->dropped, copy_name, NULL);
  g_ptr_array_set_free_func (copy->dropped, g_free);
  copy->text = g_strdup (self->text);
  copy->local = self->local != NULL ? ferry_element_ref (self->local) : NULL;
  copy->remote = self->remote != NULL ? ferry_element_ref (self->remote) : NULL;

  return &copy->parent;
}

static void
jingle_session_free (FerrySession *session)
{
  FerryJingleSession *self = (FerryJingleSession *) session;

  g_free (self->own_jid);
  g_free (self->peer_jid);
  g_free (self->sid);
  g_free (self->transports);
  ferry_file_description_free (self->file);
  g_free (self->content);
  g_ptr_array_unref (self->dropped);
  g_free (self->text);
  g_clear_pointer (&self->local, ferry_element_unref);
  g_clear_pointer (&self->remote, ferry_element_unref);
  g_free (self);
}

static const FerrySessionClass jingle_session_class = {
  .handle = jingle_session_handle,
  .get_file = jingle_session_get_file,
  .get_direction = jingle_session_get_direction,
  .get_security = jingle_session_get_security,
  .get_application = jingle_session_get_application,
  .copy = jingle_session_copy,
  .free = jingle_session_free,
};

static FerryJingleSession *
jingle_session_new (const FerryJingleFlavour *flavour,
                    FerryRole                 role,
                    FerryDirection            direction,
                    const FerrySessionConfig *config)
{
  FerryJingleSession *self = g_new0 (FerryJingleSession, 1);

  self->parent.klass = &jingle_session_class;
  self->flavour = flavour;
  self->application = flavour->applications[0];
  self->profile = config->profile;
  self->parent.role = role;
  self->role = role;
  self->direction = direction;
  self->own_jid = g_strdup (config->own_jid);
  self->peer_jid = g_strdup (config->peer_jid);
  self->sid = g_strdup (config->sid);
  self->transports = intern_all (config->transports);
  self->file = config->file != NULL ? ferry_file_description_copy (config->file)
                                    : ferry_file_description_new ();
  self->creator = FERRY_ROLE_INITIATOR;
  if (role == FERRY_ROLE_INITIATOR)
    self->content = ferry_jingle_session_dup_name (self, 0);
  self->dropped = g_ptr_array_new_with_free_func (g_free);
  self->length = -1;
  ferry_jingle_session_set_terms (self, config->security);

  return self;
}

FerrySession *
ferry_jingle_session_offer (const FerryJingleFlavour *flavour,
                            const FerrySessionConfig *config)
{
  gboolean is_stream;

  g_return_val_if_fail (flavour != NULL && config != NULL, NULL);
  g_return_val_if_fail (config->sid != NULL, NULL);

  is_stream = flavour->applications[0]->is_stream;
  g_return_val_if_fail (is_stream || config->file != NULL, NULL);

  return &jingle_session_new (flavour, FERRY_ROLE_INITIATOR,
                              is_stream ? FERRY_DIRECTION_BOTH : FERRY_DIRECTION_SEND,
                              config)->parent;
}

FerrySession *
ferry_jingle_session_request (const FerryJingleFlavour *flavour,
                              const FerrySessionConfig *config)
{
  FerryJingleSession *self;

  g_return_val_if_fail (flavour != NULL && config != NULL, NULL);
  g_return_val_if_fail (config->file != NULL && config->sid != NULL, NULL);

  self = jingle_session_new (flavour, FERRY_ROLE_INITIATOR, FERRY_DIRECTION_RECEIVE, config);
  self->offset = config->file->range_offset;
  self->length = config->file->range_length;

  return &self->parent;
}

FerrySession *
ferry_jingle_session_answer (const FerryJingleFlavour *flavour,
                             const FerrySessionConfig *config)
{
  g_return_val_if_fail (flavour != NULL && config != NULL, NULL);

  return &jingle_session_new (flavour, FERRY_ROLE_RESPONDER, FERRY_DIRECTION_RECEIVE,
                              config)->parent;
}
