/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/dialects.h"
#include "two-clients.h"

/* Stanzas of one dialect that come, with its session id, into a session of another: they are
 * refused and change nothing. */

#define SID "a0b1c2d3"

#define JINGLE(ns, action, content) \
  "<jingle xmlns='" ns "' action='" action "' initiator='" ROMEO "' sid='" SID "'>" content \
  "</jingle>"
#define SI_FILE \
  "<file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='a.txt' size='6'/>"
#define FORM \
  "<x xmlns='jabber:x:data' type='form'><field var='stream-method' type='list-single'>" \
  "<option><value>http://jabber.org/protocol/ibb</value></option></field></x>"

/* What opens a session. */
typedef struct
{
  const char *dialect;
  const char *opening;
} Opening;

static const Opening openings[] = {
  { "jingle-1",
    JINGLE ("urn:xmpp:jingle:1", "session-initiate",
            "<content creator='initiator' name='f' senders='initiator'>"
            "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'>"
            "<file><name>a.txt</name><size>6</size></file></description>"
            "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='t' block-size='4096'/>"
            "</content>") },
  { "jingle-0",
    JINGLE ("urn:xmpp:jingle:0", "session-initiate",
            "<content creator='initiator' name='f'>"
            "<description xmlns='urn:xmpp:jingle:apps:file-transfer:0'>"
            "<offer>" SI_FILE "</offer></description>"
            "<transport xmlns='urn:xmpp:jingle:transports:s5b:0' sid='t' mode='tcp'>"
            "<streamhost jid='" ROMEO "' host='192.0.2.7' port='5086'/></transport>"
            "</content>") },
  { "si",
    "<si xmlns='http://jabber.org/protocol/si' id='" SID "'"
    " profile='http://jabber.org/protocol/si/profile/file-transfer'>" SI_FILE
    "<feature xmlns='http://jabber.org/protocol/feature-neg'>" FORM "</feature></si>" },
};

/* What is said in one. @kind: of the dialect whose it is. */
static const struct
{
  const char *dialect;
  const char *type;
  const char *xml;
} words[] = {
  { "jingle-1", "set", JINGLE ("urn:xmpp:jingle:1", "session-terminate",
                               "<reason><success/></reason>") },
  { "jingle-1", "set", JINGLE ("urn:xmpp:jingle:1", "session-info", "") },
  { "jingle-1", "set", JINGLE ("urn:xmpp:jingle:1", "session-accept",
                               "<content creator='initiator' name='f'/>") },
  { "jingle-0", "set", JINGLE ("urn:xmpp:jingle:0", "session-terminate",
                               "<reason><success/></reason>") },
  { "jingle-0", "set", JINGLE ("urn:xmpp:jingle:0", "session-info", "") },
  { "jingle-0", "set", JINGLE ("urn:xmpp:jingle:0", "transport-info",
                               "<content creator='initiator' name='f'><transport"
                               " xmlns='urn:xmpp:jingle:transports:s5b:0' sid='t'>"
                               "<streamhost-error/></transport></content>") },
  { "rel", "get", "<query xmlns='http://jabber.org/protocol/rel' cid='" SID "'>"
                  "<feature xmlns='http://jabber.org/protocol/feature-neg'>"
                  "<x xmlns='jabber:x:data'><field var='method' type='list-single'>"
                  "<option><value>ibb</value></option></field></x></feature></query>" },
  { "in-band", "set", "<open xmlns='http://jabber.org/protocol/ibb' sid='" SID "'"
                      " block-size='4096'/>" },
  { "in-band", "set", "<close xmlns='http://jabber.org/protocol/ibb' sid='" SID "'/>" },
  { "bytestreams", "set", "<query xmlns='http://jabber.org/protocol/bytestreams' sid='" SID "'>"
                          "<streamhost jid='" ROMEO "' host='192.0.2.7' port='5086'/></query>" },
};

typedef struct
{
  TwoClients  clients;
  Party      *juliet;
} Fixture;

/* Romeo's words are ours to make up: his client is not asked. */
static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  two_clients_set_up (&fixture->clients, NULL);
  two_clients_befriend (&fixture->clients);
  fixture->juliet = &fixture->clients.juliet;
  fake_server_remove (fixture->clients.server, fixture->juliet->port);
  fake_port_clear (fixture->juliet->port);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  two_clients_tear_down (&fixture->clients);
}

/* Returns: (transfer full): her answer */
static FerryElement *
say (Fixture    *fixture,
     const char *type,
     const char *xml)
{
  FerryElement *answer;

  fake_port_clear (fixture->juliet->port);
  fake_port_inject (fixture->juliet->port,
                    "<iq type='%s' id='x' from='" ROMEO "' to='" JULIET "'>%s</iq>", type, xml);
  answer = fake_port_take (fixture->juliet->port);
  g_assert_nonnull (answer);
  g_assert_cmpstr (ferry_element_get_attribute (answer, "id"), ==, "x");

  return answer;
}

static FerryTransfer *
open_session (Fixture       *fixture,
              const Opening *opening)
{
  FerryTransfer *transfer;

  fake_port_clear (fixture->juliet->port);
  fake_port_inject (fixture->juliet->port,
                    "<iq type='set' id='o' from='" ROMEO "' to='" JULIET "'>%s</iq>",
                    opening->opening);
  transfer = wait_for_transfer (fixture->juliet, 0);
  g_assert_cmpstr (ferry_transfer_get_dialect (transfer), ==, opening->dialect);
  g_assert_cmpuint (ferry_transfer_get_state (transfer), ==, FERRY_TRANSFER_OFFERED);

  return transfer;
}

static void
assert_refused (Fixture       *fixture,
                FerryTransfer *transfer,
                const char    *type,
                const char    *xml)
{
  g_autoptr(FerryElement) answer = say (fixture, type, xml);

  g_test_message ("%s", xml);
  g_assert_cmpstr (ferry_element_get_attribute (answer, "type"), ==, "error");
  g_assert_cmpstr (ferry_element_get_attribute (answer, "to"), ==, ROMEO);
  g_assert_cmpuint (ferry_transfer_get_state (transfer), ==, FERRY_TRANSFER_OFFERED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->juliet->queue)), ==, 1);
}

/* Of every dialect in every other. */
static void
test_refuses_another_dialects_words (Fixture       *fixture,
                                     gconstpointer  data)
{
  const Opening *opening = data;
  FerryTransfer *transfer = open_session (fixture, opening);

  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      if (&openings[i] != opening)
        assert_refused (fixture, transfer, "set", openings[i].opening);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (!g_str_equal (words[i].dialect, opening->dialect))
        assert_refused (fixture, transfer, words[i].type, words[i].xml);
    }
}

/* SEC-1, SEC-3: nor of who is not the peer, whatever he knows. */
static void
test_refuses_another_clients_words (Fixture       *fixture,
                                    gconstpointer  data)
{
  const Opening *opening = data;
  FerryTransfer *transfer = open_session (fixture, opening);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      fake_port_inject (fixture->juliet->port,
                        "<iq type='%s' id='x' from='romeo@montague.lit/street' to='" JULIET "'>"
                        "%s</iq>", words[i].type, words[i].xml);
      g_assert_cmpuint (ferry_transfer_get_state (transfer), ==, FERRY_TRANSFER_OFFERED);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autofree char *words_path =
        g_strdup_printf ("/core/transfer-mixing/%s/refuses-another-dialects-words",
                         openings[i].dialect);
      g_autofree char *clients_path =
        g_strdup_printf ("/core/transfer-mixing/%s/refuses-another-clients-words",
                         openings[i].dialect);

      if (ferry_dialects_find (openings[i].dialect) == NULL)
        continue;

      g_test_add (words_path, Fixture, &openings[i], fixture_set_up,
                  test_refuses_another_dialects_words, fixture_tear_down);
      g_test_add (clients_path, Fixture, &openings[i], fixture_set_up,
                  test_refuses_another_clients_words, fixture_tear_down);
    }

  return g_test_run ();
}
