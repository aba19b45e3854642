/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-entrances"

#include "config.h"

#include "core/contact-private.h"
#include "core/entrances.h"
#include "core/negotiation.h"
#include "proto/jid.h"

struct _FerryEntrances
{
  FerryTransferServices     *services; /* (owned) */
  const FerryDialect *const *dialects;
  const FerryEntrancesOwner *vtable;
  gpointer                   owner;
  GPtrArray                 *kinds;    /* (owned): Entrance (owned) */
};

/* Where the requests of one kind come in. Dialects may share it, as generations do. */
typedef struct
{
  FerryEntrances             *entrances;
  const FerryDialect         *dialect; /* the best of them: answers what none of them has */
  const FerryDialectEntrance *kind;
  guint                       handler_id;
} Entrance;

static void
answer (FerryEntrances *self,
        FerryElement   *reply)
{
  g_autoptr(FerryElement) held = reply;

  ferry_router_send (self->services->router, held);
}

/* SEC-4, SEC-7: who may see us, and our own account. Not a chat room, whose
 * occupants' addresses are the room's (SEC-5): it is subscribed to nothing. */
static FerryContact *
find_trusted (FerryEntrances *self,
              const char     *from)
{
  const char *own_jid = ferry_router_get_jid (self->services->router);
  FerryContact *contact;

  if (own_jid == NULL || from == NULL || !ferry_jid_is_full (from))
    return NULL;

  if (ferry_jid_equal_bare (own_jid, from))
    return ferry_roster_lookup (self->services->roster, from, TRUE);

  contact = ferry_roster_lookup (self->services->roster, from, FALSE);
  return contact != NULL && ferry_contact_is_trusted (contact) ? contact : NULL;
}

static gboolean
is_same_kind (const FerryDialectEntrance *a,
              const FerryDialectEntrance *b)
{
  return a->is_get == b->is_get && g_str_equal (a->name, b->name) && g_str_equal (a->ns, b->ns);
}

static gboolean
has_kind (const FerryDialect         *dialect,
          const FerryDialectEntrance *kind)
{
  for (const FerryDialectEntrance *own = dialect->entrances; own->name != NULL; own++)
    {
      if (is_same_kind (own, kind))
        return TRUE;
    }

  return FALSE;
}

/* SEL-5: in which dialect @iq opens a session. Returns: (nullable): in none */
static const FerryDialect *
find_opening (FerryEntrances             *self,
              const FerryDialectEntrance *kind,
              FerryElement               *iq)
{
  for (guint i = 0; self->dialects[i] != NULL; i++)
    {
      if (has_kind (self->dialects[i], kind) && self->dialects[i]->is_opening (iq))
        return self->dialects[i];
    }

  return NULL;
}

/* The session that an iq is for. @is_taken: (out): its id is that of a session, though
 * perhaps in a dialect whose stanzas these are not, and which they then must not reach. */
static FerryNegotiation *
find_session (FerryEntrances             *self,
              const FerryDialectEntrance *kind,
              FerryElement               *iq,
              gboolean                   *is_taken)
{
  const char *from = ferry_element_get_attribute (iq, "from");

  *is_taken = FALSE;

  for (guint i = 0; self->dialects[i] != NULL; i++)
    {
      FerryNegotiation *negotiation = NULL;

      if (has_kind (self->dialects[i], kind))
        negotiation = ferry_session_table_lookup (self->services->sessions, from,
                                                  self->dialects[i]->get_sid (iq));

      *is_taken |= negotiation != NULL;
      if (negotiation != NULL && has_kind (ferry_negotiation_get_dialect (negotiation), kind))
        return negotiation;
    }

  return NULL;
}

/* Returns: whether nobody else need look at @iq */
static gboolean
receive_other (FerryEntrances *self,
               gpointer        owner,
               const Entrance *entrance,
               gboolean        is_taken,
               FerryElement   *iq)
{
  const char *from = ferry_element_get_attribute (iq, "from");
  FerryContact *contact = find_trusted (self, from);
  const FerryDialect *opening = find_opening (self, entrance->kind, iq);

  /* Nobody who has no right to know may see that we could answer (SEC-4). */
  if (contact == NULL || (opening == NULL && !self->vtable->is_last))
    return FALSE;

  if (is_taken || opening == NULL
      || (opening->get_sid (iq) == NULL && !opening->is_anonymous))
    answer (self, entrance->dialect->refuse (iq));
  else if (!self->vtable->may_offer (owner, from))
    answer (self, opening->busy (iq));
  else
    self->vtable->take (owner, opening, contact, iq);

  return TRUE;
}

static gboolean
entrance_receive_cb (FerryElement *iq,
                     gpointer      user_data)
{
  Entrance *entrance = user_data;
  FerryEntrances *self = entrance->entrances;
  g_autoptr(GObject) owner = g_object_ref (self->owner);
  gboolean is_taken;
  FerryNegotiation *negotiation = find_session (self, entrance->kind, iq, &is_taken);

  if (negotiation == NULL)
    return receive_other (self, owner, entrance, is_taken, iq);

  ferry_negotiation_receive (negotiation, iq);
  return TRUE;
}

static gboolean
has_entrance (FerryEntrances             *self,
              const FerryDialectEntrance *kind)
{
  for (guint i = 0; i < self->kinds->len; i++)
    {
      const Entrance *entrance = self->kinds->pdata[i];

      if (is_same_kind (entrance->kind, kind))
        return TRUE;
    }

  return FALSE;
}

static void
open_entrance (FerryEntrances             *self,
               const FerryDialect         *dialect,
               const FerryDialectEntrance *kind)
{
  const FerryRoute route = {
    .stanza = "iq",
    .type = kind->is_get ? "get" : "set",
    .child_name = kind->name,
    .child_ns = kind->ns,
    .is_last = self->vtable->is_last,
  };
  Entrance *entrance = g_new0 (Entrance, 1);

  entrance->entrances = self;
  entrance->dialect = dialect;
  entrance->kind = kind;
  entrance->handler_id = ferry_router_add_handler (self->services->router, &route,
                                                   entrance_receive_cb, entrance);
  g_ptr_array_add (self->kinds, entrance);
}

FerryEntrances *
ferry_entrances_new (FerryTransferServices     *services,
                     const FerryDialect *const *dialects,
                     const FerryEntrancesOwner *vtable,
                     gpointer                   owner)
{
  FerryEntrances *self = g_new0 (FerryEntrances, 1);

  self->services = ferry_transfer_services_ref (services);
  self->dialects = dialects;
  self->vtable = vtable;
  self->owner = owner;
  self->kinds = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      const FerryDialectEntrance *kind;

      for (kind = dialects[i]->entrances; kind->name != NULL; kind++)
        {
          if (!has_entrance (self, kind))
            open_entrance (self, dialects[i], kind);
        }
    }

  return self;
}

void
ferry_entrances_free (FerryEntrances *self)
{
  for (guint i = 0; i < self->kinds->len; i++)
    {
      const Entrance *entrance = self->kinds->pdata[i];

      ferry_router_remove_handler (self->services->router, entrance->handler_id);
    }

  g_ptr_array_unref (self->kinds);
  ferry_transfer_services_unref (self->services);
  g_free (self);
}
