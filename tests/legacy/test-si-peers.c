/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/namespaces.h"
#include "legacy/si.h"
#include "proto/bytestreams-codec.h"
#include "proto/ibb-codec.h"
#include "proto/iq.h"
#include "vector.h"

/* Exchanges that were recorded between libpurple, Psi's library and slixmpp, with one of us in
 * the place of either side. */

typedef struct
{
  const char   *name;
  const char   *method;   /* of the stream, as both agreed; NULL: they did not */
  gboolean      is_ours;  /* we should have answered the same */
  FerryOutcome  outcome;  /* of whoever offered, if they did not agree */
} Exchange;

static const Exchange exchanges[] = {
  { "purple-sends-by-s5b", FERRY_NS_BYTESTREAMS, TRUE },
  { "purple-sends-by-ibb", FERRY_NS_IBB, TRUE },
  { "purple-sends-its-way", FERRY_NS_BYTESTREAMS, TRUE },
  { "purple-is-declined", NULL, FALSE, FERRY_OUTCOME_DECLINED },
  { "purple-receives", FERRY_NS_BYTESTREAMS, TRUE },
  { "purple-declines", NULL, FALSE, FERRY_OUTCOME_DECLINED },
  { "slixmpp-sends-by-s5b", FERRY_NS_BYTESTREAMS, TRUE },
  { "slixmpp-sends-by-ibb", FERRY_NS_IBB, TRUE },
  { "slixmpp-sends-its-way", FERRY_NS_BYTESTREAMS, TRUE },
  { "slixmpp-is-declined", NULL, FALSE, FERRY_OUTCOME_DECLINED },
  { "slixmpp-receives", FERRY_NS_IBB, FALSE }, /* its order is upside down */
  { "slixmpp-declines", NULL, FALSE, FERRY_OUTCOME_DECLINED },
  { "slixmpp-knows-no-method", NULL, FALSE, FERRY_OUTCOME_PEER_CANNOT },
};

static const char *const transports[] = { FERRY_NS_BYTESTREAMS, FERRY_NS_IBB, NULL };

static FerryElement *
load (const Exchange *exchange)
{
  g_autofree char *name = g_strconcat (exchange->name, ".xml", NULL);

  return vector_load ("si", name);
}

/* Feeds an event. Returns: (transfer full) (nullable): the last effect of @kind; free it */
static FerrySessionEffect *
feed (FerrySession            *session,
      const FerrySessionEvent *event,
      FerrySessionEffectKind   kind)
{
  g_autoptr(FerrySessionEffects) effects = ferry_session_effects_new ();
  FerrySessionEffect *found = NULL;
  FerrySessionEffect effect;

  ferry_session_handle (session, event, 1, effects);
  while (ferry_session_effects_next (effects, &effect))
    {
      if (effect.kind == kind && found == NULL)
        found = g_memdup2 (&effect, sizeof effect);
      else
        ferry_session_effect_clear (&effect);
    }

  return found;
}

static void
effect_free (FerrySessionEffect *effect)
{
  ferry_session_effect_clear (effect);
  g_free (effect);
}

static FerrySessionEffect *
feed_kind (FerrySession           *session,
           FerrySessionEventKind   kind,
           FerrySessionEffectKind  wanted)
{
  g_autoptr(FerryElement) any = ferry_element_builder_end (ferry_element_builder_new ("t", "any"));
  const FerrySessionEvent event = { .kind = kind, .element = any };

  return feed (session, &event, wanted);
}

/* Their offer comes to us, and our user does as theirs did. */
static void
test_in_the_place_of_the_receiver (gconstpointer data)
{
  const Exchange *exchange = data;
  g_autoptr(FerryElement) recorded = load (exchange);
  FerryElement *iq = ferry_element_get_child (recorded, 0);
  const FerrySessionConfig config = { .sid = ferry_si_get_sid (iq), .transports = transports };
  const FerrySessionEvent event = { .kind = FERRY_SESSION_EVENT_STANZA, .element = iq };
  g_autoptr(FerrySession) session = ferry_si_dialect.answer (&config);
  FerrySessionEffect *effect;

  g_assert_true (ferry_si_dialect.is_opening (iq));

  effect = feed (session, &event, exchange->outcome == FERRY_OUTCOME_PEER_CANNOT
                                    ? FERRY_SESSION_EFFECT_REPLY
                                    : FERRY_SESSION_EFFECT_ASK);
  g_assert_nonnull (effect);

  if (exchange->method != NULL)
    {
      effect_free (effect);
      effect = feed_kind (session, FERRY_SESSION_EVENT_ACCEPT, FERRY_SESSION_EFFECT_PREPARE);
      if (exchange->is_ours)
        g_assert_cmpstr (effect->transport_ns, ==, exchange->method);
      g_assert_cmpstr (effect->stream_sid, ==, ferry_si_get_sid (iq));
      effect_free (effect);
      effect = feed_kind (session, FERRY_SESSION_EVENT_TRANSPORT_PREPARED,
                          FERRY_SESSION_EFFECT_REPLY);
    }
  else if (effect->element == NULL)
    {
      effect_free (effect);
      effect = feed_kind (session, FERRY_SESSION_EVENT_DECLINE, FERRY_SESSION_EFFECT_REPLY);
    }

  g_assert_true (ferry_iq_is (effect->element, exchange->method != NULL ? FERRY_IQ_RESULT
                                                                        : FERRY_IQ_ERROR));
  if (exchange->is_ours)
    vector_assert_equal (ferry_iq_get_payload (ferry_element_get_child (recorded, 1)),
                         ferry_element_ref (ferry_iq_get_payload (effect->element)));
  effect_free (effect);
}

/* We offer, and they answer what they did. */
static void
test_in_the_place_of_the_sender (gconstpointer data)
{
  const Exchange *exchange = data;
  g_autoptr(FerryElement) recorded = load (exchange);
  g_autoptr(FerryFileDescription) file = ferry_file_description_new ();
  const FerrySessionConfig config = { .sid = "s1", .transports = transports, .file = file };
  FerrySessionEvent answer = {
    .kind = FERRY_SESSION_EVENT_ANSWER,
    .element = ferry_element_get_child (recorded, 1),
  };
  g_autoptr(FerrySession) session = NULL;
  FerrySessionEffect *effect;

  file->name = g_strdup ("trace.bin");
  file->size = 300000;
  session = ferry_si_dialect.offer (&config);
  effect = feed_kind (session, FERRY_SESSION_EVENT_START, FERRY_SESSION_EFFECT_SEND);
  answer.tag = effect->tag;
  effect_free (effect);

  effect = feed (session, &answer, exchange->method != NULL ? FERRY_SESSION_EFFECT_PREPARE
                                                            : FERRY_SESSION_EFFECT_END);
  g_assert_nonnull (effect);
  if (exchange->method != NULL)
    g_assert_cmpstr (effect->transport_ns, ==, exchange->method);
  else
    g_assert_cmpint (effect->outcome, ==, exchange->outcome);
  effect_free (effect);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (exchanges); i++)
    {
      g_autofree char *ours = g_strconcat ("/legacy/si-peers/in-the-place-of-the-receiver/",
                                           exchanges[i].name, NULL);
      g_autofree char *theirs = g_strconcat ("/legacy/si-peers/in-the-place-of-the-sender/",
                                             exchanges[i].name, NULL);

      g_test_add_data_func (ours, &exchanges[i], test_in_the_place_of_the_receiver);
      g_test_add_data_func (theirs, &exchanges[i], test_in_the_place_of_the_sender);
    }

  return g_test_run ();
}
