/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/contact.h"

G_BEGIN_DECLS

struct _FerryContact
{
  GObject        parent_instance;
  char          *jid;          /* (owned): bare */
  char          *roster_name;  /* (owned) (nullable) */
  char          *fallback;     /* (owned): the name of who has none */
  char          *subscription; /* (owned) */
  gboolean       in_roster;
  GPtrArray     *resources;    /* (owned) (nullable): the records of contact-resources.c, best first; %NULL: offline */

  /* What follows from them; contact-resources.c. */
  FerryPresence  presence;
  char          *status;       /* (owned) (nullable) */
  gboolean       can_receive;
  gboolean       can_chat;

  guint          n_offers;
  guint          n_active;
};

/* The pens with which roster, capabilities and transfer-queue write into a contact. */

/* What a presence stanza says of a resource. Strings are copied. */
typedef struct
{
  FerryPresence  presence;
  int            priority;
  const char    *status;    /* (nullable) */
  const char    *caps_node; /* (nullable) */
  const char    *caps_ver;  /* (nullable): only if it can be checked (DISC-4) */
} FerryPresenceInfo;

/* @jid: bare, normalised. */
FerryContact *ferry_contact_new               (const char              *jid);

/* roster. @name: (nullable). Not in the roster and "none" from the start. */
void          ferry_contact_set_roster        (FerryContact            *self,
                                               gboolean                 in_roster,
                                               const char              *name,
                                               const char              *subscription);
/* Features that were known stay while node and ver do. */
void          ferry_contact_set_resource      (FerryContact            *self,
                                               const char              *full_jid,
                                               const FerryPresenceInfo *info);
/* Returns: whether there was one */
gboolean      ferry_contact_remove_resource   (FerryContact            *self,
                                               const char              *full_jid);
void          ferry_contact_clear_resources   (FerryContact            *self);

/* capabilities. @features: sorted, %NULL-terminated, copied. Nothing happens if the
 * resource has gone. */
void          ferry_contact_set_features      (FerryContact            *self,
                                               const char              *full_jid,
                                               const char              *client_name,
                                               const char *const       *features,
                                               gboolean                 can_receive);

/* transfer-queue */
void          ferry_contact_set_n_offers      (FerryContact            *self,
                                               guint                    n_offers);
void          ferry_contact_set_n_active      (FerryContact            *self,
                                               guint                    n_active);

G_END_DECLS
