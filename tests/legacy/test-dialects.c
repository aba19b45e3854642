/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/dialects.h"
#include "proto/iq.h"
#include "proto/xml-stream.h"

/* Core relies on every field of every row. */
static void
check_rows (const FerryDialect *const *dialects,
            const FerryDialect      *(*find) (const char *name))
{
  g_assert_nonnull (dialects[0]);
  for (guint i = 0; dialects[i] != NULL; i++)
    {
      const FerryDialect *dialect = dialects[i];

      g_assert_nonnull (dialect->features[0]);
      g_assert_nonnull (dialect->transports[0]);
      g_assert_true (dialect->entrances[0].name != NULL && dialect->entrances[0].ns != NULL);
      g_assert_true (dialect->get_sid != NULL && dialect->is_opening != NULL);
      g_assert_true (dialect->offer != NULL && dialect->answer != NULL);
      g_assert_true (dialect->refuse != NULL && dialect->busy != NULL);
      g_assert_true (find (dialect->name) == dialect);
    }
}

static void
test_rows_are_complete (void)
{
  check_rows (ferry_dialects_get (), ferry_dialects_find);
  check_rows (ferry_stream_dialects_get (), ferry_stream_dialects_find);
}

/* XTLS is of Jingle alone. */
static void
test_securable (void)
{
  const FerryDialect *const *dialects = ferry_dialects_get ();

  for (guint i = 0; dialects[i] != NULL; i++)
    g_assert_cmpint (dialects[i]->is_securable, ==,
                     g_str_has_prefix (dialects[i]->name, "jingle-"));

  dialects = ferry_stream_dialects_get ();
  for (guint i = 0; dialects[i] != NULL; i++)
    g_assert_true (dialects[i]->is_securable);
}

static FerryElement *
build_opening (const char *ns,
               const char *action,
               const char *description)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("jingle", ns);
  g_autoptr(FerryElement) jingle = NULL;

  ferry_element_builder_attribute (builder, "action", action);
  ferry_element_builder_attribute (builder, "sid", "s1");
  ferry_element_builder_open (builder, "content", NULL);
  ferry_element_builder_open (builder, "description", description);
  ferry_element_builder_close (builder);
  ferry_element_builder_close (builder);
  jingle = ferry_element_builder_end (builder);

  return ferry_iq_new (FERRY_IQ_SET, "juliet@capulet.lit/balcony", "i1", jingle);
}

/* One row, and that of the generation, takes what opens a stream; none takes a file. */
static void
test_streams_are_told_apart (void)
{
  static const struct
  {
    const char *ns;
    const char *action;
    const char *description;
    const char *name; /* NULL: nobody's */
  } openings[] = {
    { "urn:xmpp:jingle:1", "session-initiate", FERRY_NS_XML_STREAM, "stream-1" },
    { "urn:xmpp:jingle:1", "session-initiate", FERRY_NS_XML_STREAM_TMP, "stream-1" },
    { "urn:xmpp:jingle:0", "session-initiate", FERRY_NS_XML_STREAM, "stream-0" },
    { "urn:xmpp:jingle:0", "session-initiate", FERRY_NS_XML_STREAM_TMP, "stream-0" },
    { "urn:xmpp:jingle:1", "session-accept", FERRY_NS_XML_STREAM, NULL },
    { "urn:xmpp:jingle:1", "session-initiate", "urn:xmpp:jingle:apps:file-transfer:5", NULL },
    { "urn:xmpp:jingle:2", "session-initiate", FERRY_NS_XML_STREAM, NULL },
  };
  const FerryDialect *const *dialects = ferry_stream_dialects_get ();

  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autoptr(FerryElement) iq = build_opening (openings[i].ns, openings[i].action,
                                                  openings[i].description);

      for (guint d = 0; dialects[d] != NULL; d++)
        g_assert_cmpint (dialects[d]->is_opening (iq), ==,
                         g_strcmp0 (dialects[d]->name, openings[i].name) == 0);
    }
}

/* XS-2: what is offered in each row to a peer with these features. */
static void
test_streams_offer_what_the_peer_has (void)
{
  static const char *const newer[] = { FERRY_NS_XML_STREAM, NULL };
  static const char *const older[] = { FERRY_NS_XML_STREAM_TMP, NULL };
  static const char *const both[] = { FERRY_NS_XML_STREAM_TMP, FERRY_NS_XML_STREAM, NULL };
  static const struct
  {
    const char        *name;
    const char *const *features;
    const char        *ns;
  } rows[] = {
    { "stream-1", NULL, FERRY_NS_XML_STREAM },
    { "stream-1", newer, FERRY_NS_XML_STREAM },
    { "stream-1", older, FERRY_NS_XML_STREAM_TMP },
    { "stream-1", both, FERRY_NS_XML_STREAM },
    { "stream-0", older, FERRY_NS_XML_STREAM_TMP },
    { "stream-0", both, FERRY_NS_XML_STREAM },
    { "stream-1-draft", NULL, FERRY_NS_XML_STREAM_TMP },
    { "stream-0-draft", both, FERRY_NS_XML_STREAM_TMP },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FerrySessionConfig config = {
        .own_jid = "romeo@montague.lit/orchard",
        .peer_jid = "juliet@capulet.lit/balcony",
        .sid = "s1",
        .profile = ferry_peer_profile_get_default (),
        .features = rows[i].features,
      };
      g_autoptr(FerrySession) session = ferry_stream_dialects_find (rows[i].name)->offer (&config);

      g_assert_cmpstr (ferry_session_get_application (session), ==, rows[i].ns);
      g_assert_cmpint (ferry_session_get_direction (session), ==, FERRY_DIRECTION_BOTH);
    }
}

static void
test_finds_by_name (void)
{
  g_assert_nonnull (ferry_dialects_find ("jingle-1"));
  g_assert_null (ferry_dialects_find ("morse"));
  g_assert_null (ferry_dialects_find (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/dialects/rows-are-complete", test_rows_are_complete);
  g_test_add_func ("/legacy/dialects/finds-by-name", test_finds_by_name);

  g_test_add_func ("/legacy/dialects/jingle-can-be-secured", test_securable);
  g_test_add_func ("/legacy/dialects/streams-are-told-apart", test_streams_are_told_apart);
  g_test_add_func ("/legacy/dialects/streams-offer-what-the-peer-has",
                   test_streams_offer_what_the_peer_has);

  return g_test_run ();
}
