/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/capabilities.h"
#include "core/roster-private.h"
#include "core/transfer.h"
#include "fake-port.h"
#include "proto/caps.h"
#include "wait.h"

/* What tests of capabilities share: Romeo, who knows Juliet and, one way only, her nurse. */

#define OWN    "romeo@montague.lit/orchard"
#define JULIET "juliet@capulet.lit"
#define NURSE  "nurse@capulet.lit"
#define INFO   FERRY_NS_DISCO_INFO
#define NODE   "https://example.org/client"

/* What a client that takes files says, and one that does not. */
#define ABLE   "<identity category='client' type='pc' name='Able'/>" \
               "<feature var='urn:xmpp:jingle:1'/>" \
               "<feature var='urn:xmpp:jingle:apps:file-transfer:5'/>" \
               "<feature var='urn:xmpp:jingle:transports:ibb:1'/>"
#define UNABLE "<identity category='client' type='phone' name='Unable'/>" \
               "<feature var='urn:xmpp:jingle:1'/>"

typedef struct
{
  char              *data_dir;
  FakePort          *port;
  FerryRouter       *router;
  FerryRoster       *roster;
  FerryCapabilities *caps;
} CapsFixture;

void  caps_fixture_start       (CapsFixture   *fixture);
void  caps_fixture_stop        (CapsFixture   *fixture);
void  caps_fixture_set_up      (CapsFixture   *fixture,
                                gconstpointer  data);
void  caps_fixture_tear_down   (CapsFixture   *fixture,
                                gconstpointer  data);
/* The hash a client announces that says @children. */
char *caps_fixture_compute_ver (const char    *children);
void  caps_fixture_announce    (CapsFixture   *fixture,
                                const char    *jid,
                                int            priority,
                                const char    *ver);
/* Takes the oldest question, and answers it unless @children is %NULL: then it is refused.
 * Returns: (transfer full): whom it was for */
char *caps_fixture_answer      (CapsFixture   *fixture,
                                const char    *children);
