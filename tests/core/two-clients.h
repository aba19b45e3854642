/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/chats-private.h"
#include "core/transfer-queue-private.h"
#include "fake-port.h"

G_BEGIN_DECLS

/* Two whole clients below the window, joined by a server in memory; their files go
 * over loopback or in band. For the tests of transfers. */

typedef struct
{
  FakePort           *port;
  FerrySettings      *settings;
  FerryRouter        *router;
  FerryRoster        *roster;
  FerryCapabilities  *capabilities;
  FerryProxies       *proxies;
  FerryAccount       *account;  /* never connects: tests speak for it */
  FerryTransferQueue *queue;
  FerryTrust         *trust;    /* (nullable): see party_give_trust() */
  FerryChats         *chats;    /* (nullable): likewise */
  char               *dir;      /* (owned): where its files land */
} Party;

typedef struct
{
  FakeServer *server;
  Party       romeo;
  Party       juliet;
  char       *dir;              /* (owned): the files to send */
  GStrv       tampered;         /* (owned) (nullable): what to replace in stanzas, and by what */
  guint       n_tampered;
  guint       n_dropped;
  const char *drop;             /* (nullable): stanzas with this text never arrive */
  const char *watch;            /* (nullable): stanzas with this text are counted */
  guint       n_watched;
} TwoClients;

#define ROMEO  "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit/balcony"

/* @configure: (nullable): changes the settings of both before they start. */
typedef void (*PartyConfigure) (FerrySettings *settings);

typedef gboolean (*WaitCondition) (gpointer subject,
                                   guint    number);

void           two_clients_set_up     (TwoClients           *self,
                                       PartyConfigure        configure);
/* Proves that nothing leaks. */
void           two_clients_tear_down  (TwoClients           *self);
/* Each on the other's contact list, and online. */
void           two_clients_befriend   (TwoClients           *self);
/* From now on @from in a stanza arrives as @to, and nothing else is changed … */
void           two_clients_tamper     (TwoClients           *self,
                                       const char           *from,
                                       const char           *to);
/* … but this. */
void           two_clients_tamper_also (TwoClients          *self,
                                       const char           *from,
                                       const char           *to);

/* Before they befriend: from now on it encrypts, and talks. */
void           party_give_trust       (Party                *self,
                                       FerrySecurityPolicy   policy);
void           party_show_presence    (Party                *self,
                                       const char           *to,
                                       const char           *type);
void           party_lose_connection  (Party                *self,
                                       FakeServer           *server);
void           party_reconnect        (Party                *self,
                                       FakeServer           *server);
FerryTransfer *party_get_transfer     (Party                *self,
                                       guint                 index);
guint          party_count_files      (Party                *self);
void           party_assert_has_file  (Party                *self,
                                       const char           *name,
                                       GBytes               *contents);

/* Bytes without a pattern that a wrong offset would hide. */
GBytes        *make_contents          (gsize                 size);
GFile         *make_file              (TwoClients           *self,
                                       const char           *name,
                                       GBytes               *contents);

/* Whether one of its transports can take it. */
gboolean       dialect_has_path       (const FerryDialect   *dialect,
                                       FerryPaths            path);

/* Runs the main loop until it is so; fails after a while. */
void           wait_until             (WaitCondition         condition,
                                       gpointer              subject,
                                       guint                 number);
void           wait_for_state         (FerryTransfer        *transfer,
                                       FerryTransferState    state);
void           wait_for_end           (FerryTransfer        *transfer);
/* Waits for the @n-th item of the party's model. */
FerryTransfer *wait_for_transfer      (Party                *party,
                                       guint                 n);
void           wait_ms                (guint                 ms);

G_END_DECLS
