/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "caps-fixture.h"
#include "core/capabilities-private.h"
#include "legacy/dialects.h"

static FerryRecipient *
choose (CapsFixture  *fixture,
        const char   *to,
        const char   *dialect,
        GError      **error)
{
  g_autoptr(GAsyncResult) done = NULL;

  ferry_capabilities_choose_async (fixture->caps, to, dialect, FERRY_DIRECTION_SEND, NULL,
                                   wait_done_cb, &done);

  return ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), error);
}

static void
appear (CapsFixture *fixture,
        const char  *jid,
        int          priority,
        const char  *children)
{
  g_autofree char *ver = caps_fixture_compute_ver (children);

  caps_fixture_announce (fixture, jid, priority, ver);
  if (fake_port_get_n_sent (fixture->port) > 0)
    g_free (caps_fixture_answer (fixture, children));
}

/* SEL-6: and nothing is asked that is known. */
static void
test_chooses_the_best_resource (CapsFixture   *fixture,
                                gconstpointer  data)
{
  static const struct { const char *to, *dialect, *chosen; } cases[] = {
    { JULIET, NULL, JULIET "/balcony" },
    { JULIET, "jingle-1", JULIET "/balcony" },
    { JULIET "/chamber", NULL, JULIET "/chamber" },
    { "Juliet@Capulet.lit/chamber", NULL, JULIET "/chamber" },
  };

  appear (fixture, JULIET "/phone", 10, UNABLE);
  appear (fixture, JULIET "/balcony", 5, ABLE);
  appear (fixture, JULIET "/chamber", 1, ABLE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryRecipient) recipient = choose (fixture, cases[i].to, cases[i].dialect, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (recipient->jid, ==, cases[i].chosen);
      g_assert_cmpstr (recipient->dialect->name, ==, "jingle-1");
      g_assert_nonnull (recipient->profile);
    }

  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

static void
test_says_why_nobody_can_be_chosen (CapsFixture   *fixture,
                                    gconstpointer  data)
{
  static const struct { const char *to, *dialect; int code; } cases[] = {
    { JULIET, NULL, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT },
    { JULIET "/phone", NULL, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT },
    { JULIET, "nonsense", FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT },
    { NURSE, NULL, FERRY_TRANSFER_ERROR_OFFLINE },
    { "tybalt@capulet.lit", NULL, FERRY_TRANSFER_ERROR_OFFLINE },
    { "no address", NULL, FERRY_TRANSFER_ERROR_OFFLINE },
    { "", NULL, FERRY_TRANSFER_ERROR_OFFLINE },
  };

  appear (fixture, JULIET "/phone", 10, UNABLE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (choose (fixture, cases[i].to, cases[i].dialect, &error));
      g_assert_error (error, FERRY_TRANSFER_ERROR, cases[i].code);
    }

  g_assert_cmpuint (fake_port_get_n_sent (fixture->port), ==, 0);
}

/* DISC-5, SEL-9 */
static void
test_asks_who_is_not_known (CapsFixture   *fixture,
                            gconstpointer  data)
{
  static const struct { const char *answers; const char *error; int code; } cases[] = {
    { ABLE, NULL, -1 },
    { UNABLE, NULL, FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT },
    { NULL, "forbidden", -1 },
    { NULL, "feature-not-implemented", -1 },
    { NULL, "service-unavailable", FERRY_TRANSFER_ERROR_OFFLINE },
    { NULL, "recipient-unavailable", FERRY_TRANSFER_ERROR_OFFLINE },
    { NULL, "remote-server-not-found", FERRY_TRANSFER_ERROR_OFFLINE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GAsyncResult) done = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(FerryElement) request = NULL;
      g_autoptr(FerryRecipient) recipient = NULL;

      ferry_capabilities_choose_async (fixture->caps, "paris@verona.lit/x", NULL, FERRY_DIRECTION_SEND,
                                   NULL,
                                       wait_done_cb, &done);
      request = fake_port_take (fixture->port);
      g_assert_cmpstr (ferry_element_get_attribute (request, "to"), ==, "paris@verona.lit/x");

      if (cases[i].answers != NULL)
        fake_port_inject (fixture->port, "<iq type='result' id='%s' from='paris@verona.lit/x'>"
                          "<query xmlns='" INFO "'>%s</query></iq>",
                          ferry_element_get_attribute (request, "id"), cases[i].answers);
      else
        fake_port_inject (fixture->port, "<iq type='error' id='%s' from='paris@verona.lit/x'>"
                          "<error type='cancel'><%s xmlns='" FERRY_NS_STANZAS "'/></error></iq>",
                          ferry_element_get_attribute (request, "id"), cases[i].error);

      recipient = ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), &error);

      if (cases[i].code < 0)
        g_assert_cmpstr (recipient->jid, ==, "paris@verona.lit/x");
      else
        g_assert_error (error, FERRY_TRANSFER_ERROR, cases[i].code);
    }
}

/* Who says what he can comes before who does not say. */
static void
test_prefers_the_known (CapsFixture   *fixture,
                        gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(FerryRecipient) recipient = NULL;

  appear (fixture, JULIET "/chamber", 1, ABLE);
  fake_port_inject (fixture->port, "<presence from='" JULIET "/phone'><priority>9</priority>"
                    "</presence>");
  ferry_capabilities_choose_async (fixture->caps, JULIET, NULL, FERRY_DIRECTION_SEND,
                                   NULL, wait_done_cb, &done);
  g_free (caps_fixture_answer (fixture, NULL));
  recipient = ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), NULL);
  g_assert_cmpstr (recipient->jid, ==, JULIET "/chamber");
}

static void
test_does_not_choose_without_a_connection (CapsFixture   *fixture,
                                           gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  ferry_capabilities_choose_async (fixture->caps, "paris@verona.lit/x", NULL, FERRY_DIRECTION_SEND,
                                   NULL,
                                   wait_done_cb, &done);
  ferry_router_set_port (fixture->router, NULL);
  g_assert_null (ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), &error));
  g_assert_error (error, FERRY_TRANSFER_ERROR, FERRY_TRANSFER_ERROR_OFFLINE);
}

static void
test_can_be_cancelled (CapsFixture   *fixture,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;

  ferry_capabilities_choose_async (fixture->caps, "paris@verona.lit/x", NULL, FERRY_DIRECTION_SEND,
                                   cancellable,
                                   wait_done_cb, &done);
  g_cancellable_cancel (cancellable);
  g_assert_null (ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* SEC-4: an offer would be odd from somebody who does not exist. */
static void
test_shows_itself_to_whom_it_sends (CapsFixture   *fixture,
                                    gconstpointer  data)
{
  g_autoptr(FerryRecipient) recipient = NULL;
  g_autoptr(FerryElement) reply = NULL;
  g_autoptr(GAsyncResult) done = NULL;

  ferry_capabilities_choose_async (fixture->caps, "paris@verona.lit/x", NULL, FERRY_DIRECTION_SEND,
                                   NULL,
                                   wait_done_cb, &done);
  g_free (caps_fixture_answer (fixture, ABLE));
  recipient = ferry_capabilities_choose_finish (fixture->caps, wait_for_result (&done), NULL);
  fake_port_inject (fixture->port, "<iq type='get' id='q' from='Paris@verona.lit/x'>"
                    "<query xmlns='" INFO "'/></iq>");
  reply = fake_port_take (fixture->port);
  g_assert_true (ferry_iq_is (reply, FERRY_IQ_RESULT));
}

#define J0 "urn:xmpp:jingle:0"
#define J1 "urn:xmpp:jingle:1"
#define FT "urn:xmpp:jingle:apps:file-transfer:"
#define TR "urn:xmpp:jingle:transports:"
#define JP "http://jabber.org/protocol/"
#define SI JP "si", JP "si/profile/file-transfer"

/* SEL-1, SEL-3, SEL-4: the table of protocols 11, row by row, and what is just not enough. */
static void
test_selects_the_first_row_that_holds (void)
{
  static const struct
  {
    const char *features[12];
    const char *dialect;
  } cases[] = {
    { { J1, FT "5", TR "s5b:1", TR "ibb:1", J0, FT "0", TR "s5b:0", SI }, "jingle-1" },
    { { J1, FT "5", TR "ibb:1" }, "jingle-1" },
    { { J1, FT "4", FT "3", TR "s5b:1" }, "jingle-1-ft4" },
    { { J1, FT "3", TR "ibb:1", SI, JP "ibb" }, "jingle-1-ft3" },
    { { J0, FT "0", TR "s5b:0", TR "bytestreams:0", TR "ibb:0" }, "jingle-0" },
    { { J1, FT "1", TR "s5b:1" }, "jingle-1-ft1" },
    { { J1, FT "1", TR "s5b:0" }, "jingle-1-ft1" },
    { { J0, FT "1", TR "s5b:0" }, "jingle-0-ft1" },
    { { J0, FT "1", TR "ibb:1" }, "jingle-0-ft1" },
    { { J0, FT "0", TR "bytestreams:0", TR "ibb:0" }, "jingle-0-bytestreams" },
    { { J0, FT "0", TR "ibb:0" }, "jingle-0-ibb" },
    { { SI, JP "bytestreams" }, "si" },
    { { SI, JP "ibb" }, "si" },
    { { SI }, "si" },
    { { JP "si", JP "si/profile/filexfer", JP "bytestreams" }, "si-87" },
    { { JP "rel", JP "feature-neg" }, "rel" },
    { { J1, FT "5" }, NULL },
    { { J1, FT "5", TR "s5b:0" }, NULL },
    { { J0, FT "5", TR "s5b:1" }, NULL },
    { { J1, FT "0", TR "s5b:0" }, NULL },
    { { J0, FT "0", TR "s5b:1" }, NULL },
    { { J1, TR "s5b:1", TR "ibb:1" }, NULL },
    { { JP "si", JP "bytestreams", JP "ibb" }, NULL },
    { { JP "si/profile/file-transfer", JP "bytestreams" }, NULL },
    { { JP "rel" }, NULL },
    { { NULL }, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FerryDialect *picked =
        ferry_capabilities_pick (cases[i].features, NULL, FERRY_DIRECTION_SEND, NULL);

      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (picked != NULL ? picked->name : NULL, ==, cases[i].dialect);
    }
}

/* SEL-7: each can be forced, on who speaks it. SEL-9: and on who does not say. */
static void
test_every_dialect_can_be_forced (CapsFixture   *fixture,
                                  gconstpointer  data)
{
  const FerryDialect *const *dialects = ferry_dialects_get ();
  g_auto(GStrv) all = ferry_disco_info_dup_features (fixture->caps->own);
  const char *const features[] = { "urn:xmpp:ping", NULL };
  guint row;

  for (guint i = 0; dialects[i] != NULL; i++)
    {
      g_assert_true (ferry_capabilities_pick ((const char *const *) all, dialects[i],
                                              FERRY_DIRECTION_SEND, &row) == dialects[i]);
      g_assert_cmpuint (row, ==, i);
      g_assert_true (ferry_capabilities_pick (NULL, dialects[i], FERRY_DIRECTION_SEND, NULL)
                     == dialects[i]);
      g_assert_null (ferry_capabilities_pick (features, dialects[i], FERRY_DIRECTION_SEND, NULL));
    }
}

/* Stream initiation and REL have no word for it. */
static void
test_asks_for_files_where_that_is_possible (void)
{
  static const char *const modern[] = { J1, FT "5", TR "ibb:1", SI, JP "ibb", NULL };
  static const char *const old[] = { SI, JP "ibb", JP "rel", JP "feature-neg", NULL };
  static const char *const both[] = { SI, JP "ibb", J0, FT "0", TR "ibb:0", NULL };
  const FerryDialect *picked;

  picked = ferry_capabilities_pick (modern, NULL, FERRY_DIRECTION_RECEIVE, NULL);
  g_assert_cmpstr (picked->name, ==, "jingle-1");
  picked = ferry_capabilities_pick (both, NULL, FERRY_DIRECTION_RECEIVE, NULL);
  g_assert_cmpstr (picked->name, ==, "jingle-0-ibb");
  g_assert_null (ferry_capabilities_pick (old, NULL, FERRY_DIRECTION_RECEIVE, NULL));
}

#define ADD(path, func) \
  g_test_add ("/core/capabilities/" path, CapsFixture, NULL, caps_fixture_set_up, func, \
              caps_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("chooses-the-best-resource", test_chooses_the_best_resource);
  ADD ("says-why-nobody-can-be-chosen", test_says_why_nobody_can_be_chosen);
  ADD ("asks-who-is-not-known", test_asks_who_is_not_known);
  ADD ("prefers-the-known", test_prefers_the_known);
  ADD ("does-not-choose-without-a-connection", test_does_not_choose_without_a_connection);
  ADD ("can-be-cancelled", test_can_be_cancelled);
  ADD ("shows-itself-to-whom-it-sends", test_shows_itself_to_whom_it_sends);

  ADD ("every-dialect-can-be-forced", test_every_dialect_can_be_forced);
  g_test_add_func ("/core/capabilities/selects-the-first-row-that-holds",
                   test_selects_the_first_row_that_holds);
  g_test_add_func ("/core/capabilities/asks-for-files-where-that-is-possible",
                   test_asks_for_files_where_that_is_possible);

  return g_test_run ();
}
