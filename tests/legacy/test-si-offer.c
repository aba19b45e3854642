/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/si-87.h"
#include "legacy/si.h"
#include "si-script.h"

/* What we offer, and what comes of it. */

#define PLAY(desk, lines) si_desk_play (desk, lines, G_N_ELEMENTS (lines))

#define OFFERED  { "start", "send " SI_S5B " " SI_IBB "; wake 300" }
#define AGREED   { "result " SI_ANSWER (SI_CHOICE (SI_S5B)), \
                   "accepted; wake never; prepare bytestreams proposer falls-back" }
#define PREPARED { "prepared", "open; wake 180" }
#define OPEN     { "open", "wake never; pump 0 -1 close-confirms" }

static void
start (SiDesk *desk)
{
  si_desk_init (desk, &ferry_si_dialect, FERRY_ROLE_INITIATOR, "bytestreams ibb");
}

/* SI95-1, SI95-5: requester of the bytestream; SIFT-6: the peer's close is its word. */
static void
test_sends (void)
{
  static const SiLine lines[] = {
    OFFERED, AGREED, PREPARED, OPEN,
    { "confirmed", "close; end done" },
    { "ring", "" },
    { "gone", "" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

/* Sent is said only after the receiver confirmed. */
static void
test_says_unconfirmed_where_the_stream_shows_nothing (void)
{
  static const SiLine lines[] = {
    OFFERED, AGREED, PREPARED, OPEN,
    { "done", "close; end unconfirmed" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

/* The peer may prefer in-band; then nothing is left to fall back to. */
static void
test_sends_in_band (void)
{
  static const SiLine lines[] = {
    OFFERED,
    { "result " SI_ANSWER (SI_CHOICE (SI_IBB)),
      "accepted; wake never; prepare ibb proposer" },
    PREPARED, OPEN,
    { "confirmed", "close; end done" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

static void
test_offers_what_is_allowed (void)
{
  static const SiLine in_band[] = {
    { "start", "send " SI_IBB "; wake 300" },
    { "result " SI_ANSWER (SI_CHOICE (SI_S5B)), "wake never; end protocol" },
  };
  static const SiLine bytestreams[] = {
    { "start", "send " SI_S5B "; wake 300" },
    { "result " SI_ANSWER (SI_CHOICE (SI_S5B)),
      "accepted; wake never; prepare bytestreams proposer" },
    PREPARED,
    { "failed", "close; wake never; end no-route" },
  };
  static const SiLine nothing[] = {
    { "start", "end no-route" },
  };
  SiDesk desk;

  si_desk_init (&desk, &ferry_si_dialect, FERRY_ROLE_INITIATOR, "ibb");
  PLAY (&desk, in_band);
  si_desk_clear (&desk);
  si_desk_init (&desk, &ferry_si_dialect, FERRY_ROLE_INITIATOR, "bytestreams");
  PLAY (&desk, bytestreams);
  si_desk_clear (&desk);
  si_desk_init (&desk, &ferry_si_dialect, FERRY_ROLE_INITIATOR, "");
  PLAY (&desk, nothing);
  si_desk_clear (&desk);
}

/* Peers 6: an empty SOCKS5 stream is a failure to libpurple. */
static void
test_offers_an_empty_file_in_band (void)
{
  static const SiLine lines[] = {
    { "start", "send " SI_IBB "; wake 300" },
    { "result " SI_ANSWER (SI_CHOICE (SI_S5B)), "wake never; end protocol" },
  };
  static const SiLine bytestreams[] = {
    { "start", "send " SI_S5B "; wake 300" },
    { "result " SI_ANSWER (SI_CHOICE (SI_S5B)),
      "accepted; wake never; prepare bytestreams proposer" },
    { "cancel", "close; end cancelled" },
  };
  SiDesk desk;

  si_desk_init (&desk, &ferry_si_dialect, FERRY_ROLE_INITIATOR, "bytestreams ibb empty");
  PLAY (&desk, lines);
  si_desk_clear (&desk);
  si_desk_init (&desk, &ferry_si_dialect, FERRY_ROLE_INITIATOR, "bytestreams empty");
  PLAY (&desk, bytestreams);
  si_desk_clear (&desk);
}

#define RANGE(attributes) "<file xmlns='" SI_FILE_NS "'><range " attributes "/></file>"
#define PUMPS(range) "wake never; pump " range " close-confirms"

/* SIFT-4, SIFT-5, SEC-21 */
static void
test_sends_the_part_that_is_asked_for (void)
{
  static const struct
  {
    const char *range;
    const char *out;
  } cases[] = {
    { RANGE (""), PUMPS ("0 -1") },
    { RANGE ("offset='2'"), PUMPS ("2 -1") },
    { RANGE ("offset='2' length='3'"), PUMPS ("2 3") },
    { RANGE ("length='4'"), PUMPS ("0 4") },
    { RANGE ("offset='6'"), PUMPS ("6 -1") },
    { "<file xmlns='" SI_FILE_NS "' name='a.txt' size='6'/>", PUMPS ("0 -1") },
    { RANGE ("offset='7'"), NULL },
    { RANGE ("offset='2' length='5'"), NULL },
    { RANGE ("offset='9223372036854775807' length='9223372036854775807'"), NULL },
    { RANGE ("offset='-1'"), NULL },
    { RANGE ("offset='two'"), NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *result = g_strdup_printf ("result " SI_ANSWER ("%s" SI_CHOICE (SI_S5B)),
                                                 cases[i].range);
      const SiLine refused[] = { OFFERED, { result, "wake never; end protocol" } };
      const SiLine taken[] = {
        OFFERED,
        { result, "accepted; wake never; prepare bytestreams proposer falls-back" },
        PREPARED,
        { "open", cases[i].out },
        { "confirmed", "close; end done" },
      };
      SiDesk desk;

      start (&desk);
      if (cases[i].out != NULL)
        PLAY (&desk, taken);
      else
        PLAY (&desk, refused);
      si_desk_clear (&desk);
    }
}

#define STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

/* Protocols 9.2, SEL-4; the peers' own words are those of peers 6. */
static void
test_understands_every_refusal (void)
{
  static const struct
  {
    const char *error;
    const char *out;
  } cases[] = {
    { "<error type='cancel'><forbidden " STANZAS "/><text " STANZAS ">Offer Declined</text>"
      "</error>", "wake never; end declined" },
    { "<error code='403'>Offer Declined</error>", "wake never; end declined" },
    { "<error code='400' type='cancel'><bad-request " STANZAS "/>"
      "<no-valid-streams xmlns='" SI_NS "'/></error>", "wake never; end peer-cannot" },
    { "<error code='400' type='modify'><bad-request " STANZAS "/>"
      "<bad-profile xmlns='" SI_NS "'/></error>", "wake never; end peer-cannot" },
    { "<error code='400' type='cancel'><bad-request " STANZAS "/></error>",
      "wake never; end peer-cannot" },
    { "<error code='406' type='cancel'><not-acceptable " STANZAS "/>"
      "<text " STANZAS ">No valid stream types</text></error>", "wake never; end peer-cannot" },
    { "<error code='406'>No Valid Streams</error>", "wake never; end peer-cannot" },
    { "<error type='cancel'><feature-not-implemented " STANZAS "/></error>",
      "wake never; end peer-cannot" },
    { "<error type='cancel'><service-unavailable " STANZAS "/></error>",
      "wake never; end peer-cannot" },
    { "<error type='wait'><resource-constraint " STANZAS "/></error>",
      "wake never; end peer-busy" },
    { "<error type='wait'><recipient-unavailable " STANZAS "/></error>",
      "wake never; end peer-gone" },
    { "<error type='cancel'><remote-server-not-found " STANZAS "/></error>",
      "wake never; end peer-gone" },
    { "<error type='cancel'><conflict " STANZAS "/></error>", "wake never; end refused" },
    { "<error type='auth'><not-authorized " STANZAS "/></error>", "wake never; end refused" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *error = g_strconcat ("error ", cases[i].error, NULL);
      const SiLine lines[] = { OFFERED, { error, cases[i].out } };
      SiDesk desk;

      start (&desk);
      PLAY (&desk, lines);
      si_desk_clear (&desk);
    }
}

/* SI95-4, FN-5: one method, and one that was offered. SI95-3: attributes say nothing. */
static void
test_reads_every_consent (void)
{
  static const struct
  {
    const char *result;
    gboolean    ok;
  } cases[] = {
    { "result <si xmlns='" SI_NS "' id='s1' mime-type='text/plain'>" SI_CHOICE (SI_S5B) "</si>",
      TRUE },
    { "result <si xmlns='" SI_NS "' profile='" SI_FILE_NS "'><file xmlns='" SI_FILE_NS "' "
      "name='a.txt' size='6'/>" SI_CHOICE (SI_S5B) "</si>", TRUE },
    { "result " SI_ANSWER (SI_FORM ("<field var='FORM_TYPE' type='hidden'><value>x</value></field>"
                                    "<field var='stream-method' type='list-single'><value/>"
                                    "<value>" SI_S5B "</value></field>")), TRUE },
    { "result", FALSE },
    { "result " SI_ANSWER (""), FALSE },
    { "result <si xmlns='urn:other'/>", FALSE },
    { "result " SI_ANSWER (SI_CHOICE ("")), FALSE },
    { "result " SI_ANSWER (SI_CHOICE ("jabber:iq:oob")), FALSE },
    { "result " SI_ANSWER (SI_CHOICE ("s5b")), FALSE },
    { "result " SI_ANSWER (SI_FORM ("<field var='stream-method'><value>" SI_S5B "</value>"
                                    "<value>" SI_IBB "</value></field>")), FALSE },
    { "result " SI_ANSWER (SI_FORM ("<field var='other'><value>" SI_S5B "</value></field>")),
      FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SiLine taken[] = {
        OFFERED,
        { cases[i].result, "accepted; wake never; prepare bytestreams proposer falls-back" },
        { "cancel", "close; end cancelled" },
      };
      const SiLine refused[] = { OFFERED, { cases[i].result, "wake never; end protocol" } };
      SiDesk desk;

      start (&desk);
      if (cases[i].ok)
        PLAY (&desk, taken);
      else
        PLAY (&desk, refused);
      si_desk_clear (&desk);
    }
}

/* SIFT-9: as long as a user may think, and no longer. Pidgin answers some offers never. */
static void
test_gives_up_after_five_minutes (void)
{
  static const SiLine lines[] = {
    OFFERED,
    { "ring", "" },
    { "wait 299", "" },
    { "wait 1", "wake never; end expired" },
    { "result " SI_ANSWER (SI_CHOICE (SI_S5B)), "" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

/* SIFT-8, FB-7: with a new id, and in-band alone. */
static void
test_retries_in_band_when_no_stream_opens (void)
{
  static const SiLine failed[] = {
    OFFERED, AGREED, PREPARED,
    { "failed", "close; wake never; end retry-in-band" },
  };
  static const SiLine silent[] = {
    OFFERED, AGREED, PREPARED,
    { "wait 179", "" },
    { "wait 1", "close; wake never; end retry-in-band" },
  };
  static const SiLine unprepared[] = {
    OFFERED, AGREED,
    { "unprepared", "close; end retry-in-band" },
  };
  static const SiLine in_band[] = {
    OFFERED,
    { "result " SI_ANSWER (SI_CHOICE (SI_IBB)), "accepted; wake never; prepare ibb proposer" },
    PREPARED,
    { "failed", "close; wake never; end no-route" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, failed);
  si_desk_clear (&desk);
  start (&desk);
  PLAY (&desk, silent);
  si_desk_clear (&desk);
  start (&desk);
  PLAY (&desk, unprepared);
  si_desk_clear (&desk);
  start (&desk);
  PLAY (&desk, in_band);
  si_desk_clear (&desk);
}

/* No stanza takes an offer back: what is open is closed, and that is all. */
static void
test_ends_in_every_phase (void)
{
  static const SiLine way[] = { OFFERED, AGREED, PREPARED, OPEN };
  static const struct
  {
    guint       n_steps;
    const char *in;
    const char *out;
  } cases[] = {
    { 0, "cancel", "end cancelled" },
    { 1, "cancel", "wake never; end cancelled" },
    { 2, "cancel", "close; end cancelled" },
    { 3, "cancel", "close; wake never; end cancelled" },
    { 4, "cancel", "close; end cancelled" },
    { 1, "decline", "wake never; end cancelled" },
    { 1, "gone", "wake never; end peer-gone" },
    { 2, "gone", "close; end peer-gone" },
    { 3, "gone", "close; wake never; end peer-gone" },
    { 4, "gone", "" },
    { 1, "silence", "wake never; end peer-gone" },
    { 4, "broken peer-gone", "close; end peer-cancelled" },
    { 4, "broken disk", "close; end disk" },
    { 3, "broken disk", "" },
    { 1, "open", "" },
    { 1, "confirmed", "" },
    { 1, "prepared", "" },
    { 1, "stored", "" },
    { 1, "accept", "" },
    { 4, "result", "" },
    { 4, "start", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SiLine last = { cases[i].in, cases[i].out };
      SiDesk desk;

      start (&desk);
      si_desk_play (&desk, way, cases[i].n_steps);
      si_desk_play (&desk, &last, 1);
      si_desk_clear (&desk);
    }
}

/* Whoever sends us an offer under the id of ours gets his answer, and changes nothing. */
static void
test_keeps_its_id (void)
{
  static const SiLine lines[] = {
    { SI_OFFER (SI_FILE SI_BOTH), "reply 409 conflict" },
    OFFERED,
    { SI_OFFER (SI_FILE SI_BOTH), "reply 409 conflict" },
    AGREED, PREPARED, OPEN,
    { SI_OFFER (SI_FILE SI_BOTH), "reply 409 conflict" },
    { "confirmed", "close; end done" },
    { SI_OFFER (SI_FILE SI_BOTH), "reply 409 conflict" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

/* SI87-2: the names of the older text, on both sides; the streams are the same. */
static void
test_offers_in_the_older_words (void)
{
  static const SiLine lines[] = {
    { "start", "send s5b ibb; wake 300" },
    { "result <si xmlns='" SI_NS "' id='s1'>" SI_FORM ("<field var='file-transfer-method'>"
      "<value>s5b</value></field>") "</si>",
      "accepted; wake never; prepare bytestreams proposer falls-back" },
    PREPARED, OPEN,
    { "confirmed", "close; end done" },
  };
  static const SiLine strange[] = {
    { "start", "send s5b ibb; wake 300" },
    { "result " SI_ANSWER (SI_FORM ("<field var='file-transfer-method'>"
      "<value>" SI_S5B "</value></field>")), "wake never; end protocol" },
  };
  SiDesk desk;

  si_desk_init (&desk, &ferry_si_87_dialect, FERRY_ROLE_INITIATOR, "bytestreams ibb");
  PLAY (&desk, lines);
  si_desk_clear (&desk);
  si_desk_init (&desk, &ferry_si_87_dialect, FERRY_ROLE_INITIATOR, "bytestreams ibb");
  PLAY (&desk, strange);
  si_desk_clear (&desk);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/si-offer/SIFT-6/sends", test_sends);
  g_test_add_func ("/legacy/si-offer/SIFT-6/says-unconfirmed-where-the-stream-shows-nothing",
                   test_says_unconfirmed_where_the_stream_shows_nothing);
  g_test_add_func ("/legacy/si-offer/SIFT-2/sends-in-band", test_sends_in_band);
  g_test_add_func ("/legacy/si-offer/SIFT-2/offers-what-is-allowed", test_offers_what_is_allowed);
  g_test_add_func ("/legacy/si-offer/SIFT-2/offers-an-empty-file-in-band",
                   test_offers_an_empty_file_in_band);
  g_test_add_func ("/legacy/si-offer/SIFT-4/sends-the-part-that-is-asked-for",
                   test_sends_the_part_that_is_asked_for);
  g_test_add_func ("/legacy/si-offer/SEL-4/understands-every-refusal",
                   test_understands_every_refusal);
  g_test_add_func ("/legacy/si-offer/SI95-4/reads-every-consent", test_reads_every_consent);
  g_test_add_func ("/legacy/si-offer/SIFT-9/gives-up-after-five-minutes",
                   test_gives_up_after_five_minutes);
  g_test_add_func ("/legacy/si-offer/SIFT-8/retries-in-band-when-no-stream-opens",
                   test_retries_in_band_when_no_stream_opens);
  g_test_add_func ("/legacy/si-offer/ends-in-every-phase", test_ends_in_every_phase);
  g_test_add_func ("/legacy/si-offer/keeps-its-id", test_keeps_its_id);
  g_test_add_func ("/legacy/si-offer/SI87-2/offers-in-the-older-words",
                   test_offers_in_the_older_words);

  return g_test_run ();
}
