/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bytestreams-script.h"
#include "proto/s5b-address.h"
#include "wait.h"

void
script_make_target (TransportWorld *world,
                    const char     *ns,
                    const char     *sid)
{
  g_autoptr(FerryElement) said = NULL;

  world->stream_sid = sid;
  world_make_transport (world, 1, ns);
  said = party_prepare (&world->parties[1]);
}

void
script_ask (TransportWorld  *world,
            const char      *payload,
            GAsyncResult   **done)
{
  g_autoptr(FerryElement) element = fake_stanza ("%s", payload);

  ferry_router_request_async (world->parties[0].router, FERRY_IQ_SET, JULIET, element, 60, NULL,
                              wait_done_cb, done);
}

void
script_ask_hosts (TransportWorld  *world,
                  const char      *hosts,
                  GAsyncResult   **done)
{
  g_autofree char *payload = g_strconcat (QUERY "sid='" SID "'>", hosts, "</query>", NULL);

  script_ask (world, payload, done);
}

void
script_assert_refused (TransportWorld  *world,
                       GAsyncResult   **done,
                       FerryCondition   condition,
                       guint            code)
{
  g_autoptr(FerryElement) reply =
    ferry_router_request_finish (world->parties[0].router, wait_for_result (done), NULL);
  g_autoptr(FerryStanzaError) error = NULL;

  g_assert_nonnull (reply);
  error = ferry_stanza_error_from_stanza (reply);
  g_assert_nonnull (error);
  g_assert_cmpint (error->condition, ==, condition);
  g_assert_cmpuint (error->code, ==, code);
  g_clear_object (done);
}

void
script_assert_used (TransportWorld  *world,
                    GAsyncResult   **done,
                    const char      *jid)
{
  g_autoptr(FerryElement) reply =
    ferry_router_request_finish (world->parties[0].router, wait_for_result (done), NULL);
  g_autoptr(FerryBytestreamsQuery) query = NULL;

  g_assert_nonnull (reply);
  g_assert_true (ferry_iq_is (reply, FERRY_IQ_RESULT));
  query = ferry_bytestreams_query_decode (ferry_iq_get_payload (reply), NULL);
  g_assert_nonnull (query);
  g_assert_cmpstr (query->used, ==, jid);
  g_clear_object (done);
}

void
script_open_target (TransportWorld  *world,
                    GAsyncResult   **done)
{
  ferry_transport_open_async (world->parties[1].transport, NULL, wait_done_cb, done);
}

void
script_finish_target (TransportWorld  *world,
                      GAsyncResult   **done)
{
  Party *juliet = &world->parties[1];

  juliet->stream = ferry_transport_open_finish (juliet->transport, wait_for_result (done),
                                                &juliet->error);
  g_clear_object (done);
}

LabHost *
script_make_host (LabHostMood  mood,
                  const char  *early)
{
  g_autofree char *address = ferry_s5b_address_new (SID, ROMEO, JULIET);

  return lab_host_new (mood, address, early);
}
