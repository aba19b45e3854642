/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/si-87.h"
#include "legacy/si.h"
#include "si-script.h"

/* What is offered to us, and what comes of it. */

#define PLAY(desk, lines) si_desk_play (desk, lines, G_N_ELEMENTS (lines))

#define ASKED    { SI_OFFER (SI_FILE SI_BOTH), "ask; wake 300" }
#define AGREED   { "accept", "wake never; prepare bytestreams falls-back" }
#define PREPARED { "prepared", "reply result " SI_S5B "; open; wake 180" }
#define OPEN     { "open", "wake never; pump 0 -1 close-confirms" }

static void
start (SiDesk *desk)
{
  si_desk_init (desk, &ferry_si_dialect, FERRY_ROLE_RESPONDER, "bytestreams ibb");
}

/* SIFT-6, FT-7: done is what is on disk, and then the stream ends. SEC-23: MD5 verifies nothing. */
static void
test_receives (void)
{
  static const SiLine lines[] = {
    ASKED, AGREED, PREPARED, OPEN,
    { "done good", "store weak" },
    { "stored", "close; end done" },
    { "ring", "" },
    { "gone", "" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  g_assert_cmpstr (ferry_session_get_file (desk.session)->name, ==, "a.txt");
  g_assert_cmpint (ferry_session_get_file (desk.session)->size, ==, 6);
  g_assert_cmpint (ferry_session_get_direction (desk.session), ==, FERRY_DIRECTION_RECEIVE);
  si_desk_clear (&desk);
}

static void
test_refuses_other_bytes (void)
{
  static const SiLine lines[] = {
    ASKED, AGREED, PREPARED, OPEN,
    { "done bad", "close; end corrupt" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

/* Peer: libpurple says a name and a size, and nothing else. */
static void
test_takes_a_file_without_a_hash (void)
{
  static const SiLine lines[] = {
    { SI_OFFER ("<file xmlns='" SI_FILE_NS "' name='a.txt' size='6'/>" SI_BOTH),
      "ask; wake 300" },
    AGREED, PREPARED, OPEN,
    { "done good", "store unknown" },
    { "stored", "close; end done" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

#define OPTION_OF_GLOOX(v) "<option label='a method'><value>" v "</value></option>"

/* SIFT-2: the best method, in whatever order, dress and company the offer has it. */
static void
test_picks_the_best_method (void)
{
  static const struct
  {
    const char *form;
    const char *allowed;
    const char *prepare;
    const char *reply;
  } cases[] = {
    { SI_METHODS (SI_OPTION (SI_IBB) SI_OPTION (SI_S5B)), "bytestreams ibb",
      "wake never; prepare bytestreams falls-back", SI_S5B },
    { SI_METHODS (SI_OPTION (SI_S5B)), "bytestreams ibb",
      "wake never; prepare bytestreams", SI_S5B },
    { SI_METHODS (SI_OPTION (SI_IBB)), "bytestreams ibb", "wake never; prepare ibb", SI_IBB },
    { SI_BOTH, "ibb", "wake never; prepare ibb", SI_IBB },
    { SI_BOTH, "bytestreams", "wake never; prepare bytestreams", SI_S5B },
    { SI_METHODS (SI_OPTION ("jabber:iq:oob") SI_OPTION ("urn:none") SI_OPTION (SI_IBB)),
      "bytestreams ibb", "wake never; prepare ibb", SI_IBB },
    { SI_FORM ("<field var='stream-method' type='list-single'>" OPTION_OF_GLOOX (SI_S5B)
               OPTION_OF_GLOOX (SI_IBB) "<value/></field>"), "bytestreams ibb",
      "wake never; prepare bytestreams falls-back", SI_S5B },
    { SI_FORM ("<title>x</title><field var='FORM_TYPE' type='hidden'><value>y</value></field>"
               "<field var='stream-method'>" SI_OPTION (SI_IBB) "</field>"
               "<field var='stream-method'>" SI_OPTION (SI_S5B) "</field>"),
      "bytestreams ibb", "wake never; prepare ibb", SI_IBB },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *offer = g_strdup_printf (SI_OFFER (SI_FILE "%s"), cases[i].form);
      g_autofree char *reply = g_strdup_printf ("reply result %s; open; wake 180",
                                                cases[i].reply);
      const SiLine lines[] = {
        { offer, "ask; wake 300" },
        { "accept", cases[i].prepare },
        { "prepared", reply },
        { "cancel", "close; wake never; end cancelled" },
      };
      SiDesk desk;

      si_desk_init (&desk, &ferry_si_dialect, FERRY_ROLE_RESPONDER, cases[i].allowed);
      PLAY (&desk, lines);
      si_desk_clear (&desk);
    }
}

#define BAD_PROFILE "reply 400 bad-request/bad-profile; end refused"
#define NO_STREAMS  "reply 400 bad-request/no-valid-streams; end refused"
#define NAMED_FILE(attributes) "<file xmlns='" SI_FILE_NS "' " attributes "/>"

/* Protocols 9.2: at once, and without asking anybody. */
static void
test_refuses_what_it_cannot_take (void)
{
  static const struct
  {
    const char *offer;
    const char *out;
  } cases[] = {
    { "<si xmlns='" SI_NS "' id='s1'>" SI_FILE SI_BOTH "</si>", BAD_PROFILE },
    { "<si xmlns='" SI_NS "' id='s1' profile=''>" SI_FILE SI_BOTH "</si>", BAD_PROFILE },
    { "<si xmlns='" SI_NS "' id='s1' profile='" SI_NS "/profile/tree-transfer'>" SI_FILE SI_BOTH
      "</si>", BAD_PROFILE },
    { "<si xmlns='" SI_NS "' profile='" SI_FILE_NS "'>" SI_FILE SI_BOTH "</si>", BAD_PROFILE },
    { "<si xmlns='" SI_NS "' id='' profile='" SI_FILE_NS "'>" SI_FILE SI_BOTH "</si>",
      BAD_PROFILE },
    { "<query xmlns='" SI_NS "'/>", BAD_PROFILE },
    { SI_OFFER (SI_BOTH), BAD_PROFILE },
    { SI_OFFER (NAMED_FILE ("size='6'") SI_BOTH), BAD_PROFILE },
    { SI_OFFER (NAMED_FILE ("name='a.txt'") SI_BOTH), BAD_PROFILE },
    { SI_OFFER (NAMED_FILE ("name='' size='6'") SI_BOTH), BAD_PROFILE },
    { SI_OFFER (NAMED_FILE ("name='a.txt' size='-6'") SI_BOTH), BAD_PROFILE },
    { SI_OFFER (NAMED_FILE ("name='a.txt' size='6' hash='thirty-two letters and no digits'")
                SI_BOTH), BAD_PROFILE },
    { SI_OFFER ("<file xmlns='urn:other' name='a.txt' size='6'/>" SI_BOTH), BAD_PROFILE },
    { SI_OFFER (SI_FILE), NO_STREAMS },
    { SI_OFFER (SI_FILE "<feature xmlns='http://jabber.org/protocol/feature-neg'/>"),
      NO_STREAMS },
    { SI_OFFER (SI_FILE SI_METHODS ("")), NO_STREAMS },
    { SI_OFFER (SI_FILE SI_METHODS ("<value>" SI_S5B "</value>")), NO_STREAMS },
    { SI_OFFER (SI_FILE SI_METHODS (SI_OPTION ("jabber:iq:oob"))), NO_STREAMS },
    { SI_OFFER (SI_FILE SI_METHODS (SI_OPTION ("http://jabber.org/protocol/unknown"))),
      NO_STREAMS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SiLine lines[] = { { cases[i].offer, cases[i].out } };
      SiDesk desk;

      start (&desk);
      PLAY (&desk, lines);
      si_desk_clear (&desk);
    }
}

static void
test_refuses_methods_that_are_not_allowed (void)
{
  static const SiLine lines[] = {
    { SI_OFFER (SI_FILE SI_METHODS (SI_OPTION (SI_S5B))), NO_STREAMS },
  };
  SiDesk desk;

  si_desk_init (&desk, &ferry_si_dialect, FERRY_ROLE_RESPONDER, "ibb");
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

/* SIFT-5: a part only where the offer says that it can be had. */
static void
test_asks_for_a_part (void)
{
  static const struct
  {
    const char *file;
    const char *in;
    const char *reply;
    const char *pump;
  } cases[] = {
    { SI_FILE, "accept 2", "reply result " SI_S5B " from 2; open; wake 180",
      "wake never; pump 2 -1 close-confirms" },
    { SI_FILE, "accept 6", "reply result " SI_S5B " from 6; open; wake 180",
      "wake never; pump 6 -1 close-confirms" },
    { SI_FILE, "accept 7", "reply result " SI_S5B "; open; wake 180",
      "wake never; pump 0 -1 close-confirms" },
    { NAMED_FILE ("name='a.txt' size='6'"), "accept 2",
      "reply result " SI_S5B "; open; wake 180", "wake never; pump 0 -1 close-confirms" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *offer = g_strdup_printf (SI_OFFER ("%s" SI_BOTH), cases[i].file);
      const SiLine lines[] = {
        { offer, "ask; wake 300" },
        { cases[i].in, "wake never; prepare bytestreams falls-back" },
        { "prepared", cases[i].reply },
        { "open", cases[i].pump },
        { "done good", strstr (offer, "hash") != NULL ? "store weak" : "store unknown" },
        { "stored", "close; end done" },
      };
      SiDesk desk;

      start (&desk);
      PLAY (&desk, lines);
      si_desk_clear (&desk);
    }
}

/* GEN-1: the iq is held while somebody thinks, and answered whatever happens. */
static void
test_ends_in_every_phase (void)
{
  static const SiLine way[] = { ASKED, AGREED, PREPARED, OPEN, { "done good", "store weak" } };
  static const struct
  {
    guint       n_steps;
    const char *in;
    const char *out;
  } cases[] = {
    { 1, "decline", "reply 403 forbidden; wake never; end declined" },
    { 1, "cancel", "reply 403 forbidden; wake never; end cancelled" },
    { 1, "gone", "reply 403 forbidden; wake never; end peer-gone" },
    { 1, "wait 300", "reply 403 forbidden; wake never; end expired" },
    { 1, "ring", "" },
    { 1, "wait 299", "" },
    { 2, "decline", "reply 403 forbidden; close; end cancelled" },
    { 2, "gone", "reply 403 forbidden; close; end peer-gone" },
    { 2, "unprepared", "reply 400 bad-request/no-valid-streams; close; end no-route" },
    { 3, "cancel", "close; wake never; end cancelled" },
    { 3, "gone", "close; wake never; end peer-gone" },
    { 3, "failed", "close; wake never; end no-route" },
    { 3, "wait 180", "close; wake never; end no-route" },
    { 4, "cancel", "close; end cancelled" },
    { 4, "gone", "" },
    { 4, "broken truncated", "close; end truncated" },
    { 4, "broken too-large", "close; end too-large" },
    { 4, "broken peer-gone", "close; end peer-gone" },
    { 4, "broken disk", "close; end disk" },
    { 5, "cancel", "close; end cancelled" },
    { 5, "gone", "" },
    { 5, "broken disk", "close; end disk" },
    { 5, "open", "" },
    { 5, "accept", "" },
    { 0, "start", "" },
    { 0, "accept", "" },
    { 0, "cancel", "end cancelled" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SiLine last = { cases[i].in, cases[i].out };
      SiDesk desk;

      start (&desk);
      si_desk_play (&desk, way, cases[i].n_steps);
      si_desk_play (&desk, &last, 1);
      if (!desk.ended && desk.n_held > 0)
        g_free (si_desk_say (&desk, "cancel"));
      si_desk_clear (&desk);
    }
}

/* Protocols 9.2: an id that is in use is in use for good. */
static void
test_takes_an_id_once (void)
{
  static const SiLine lines[] = {
    ASKED,
    { SI_OFFER (SI_FILE SI_BOTH), "reply 409 conflict" },
    AGREED, PREPARED,
    { SI_OFFER (SI_FILE SI_BOTH), "reply 409 conflict" },
    OPEN,
    { "cancel", "close; end cancelled" },
    { SI_OFFER (SI_FILE SI_BOTH), "reply 409 conflict" },
  };
  SiDesk desk;

  start (&desk);
  PLAY (&desk, lines);
  si_desk_clear (&desk);
}

#define HEADERS "<header name='name'>a.txt</header><header name='size'>6</header>" \
                "<header name='hash'>" SI_SHA1 "</header>"
#define OFFER_87(content) "<si xmlns='" SI_NS "' id='s1' mime-type='text/plain' " \
                          "profile='" SI_NS "/profile/filexfer'>" content "</si>"
#define METHODS_87(options) SI_FORM ("<field var='file-transfer-method' type='list-single'>" \
                                     options "</field>")
#define BOTH_87 METHODS_87 (SI_OPTION ("s5b") SI_OPTION ("ibb"))

/* SI87-2, SI87-3, SI87-6, SI87-8 */
static void
test_speaks_the_older_text (void)
{
  static const struct
  {
    const char *offer;
    const char *out;
  } cases[] = {
    { OFFER_87 (HEADERS BOTH_87), "ask; wake 300" },
    { OFFER_87 (HEADERS METHODS_87 (SI_OPTION ("dtcp") SI_OPTION ("ibb"))), "ask; wake 300" },
    { OFFER_87 (HEADERS METHODS_87 (SI_OPTION ("jabber:iq:oob"))),
      "reply 406 not-acceptable; end refused" },
    { OFFER_87 (HEADERS METHODS_87 ("")), "reply 406 not-acceptable; end refused" },
    { OFFER_87 (HEADERS), "reply 406 not-acceptable; end refused" },
    { OFFER_87 ("<header name='name'>a.txt</header>" BOTH_87), BAD_PROFILE },
    { OFFER_87 ("<header name='size'>6</header>" BOTH_87), BAD_PROFILE },
    { OFFER_87 ("<header>a.txt</header><header name='size'>6</header>" BOTH_87), BAD_PROFILE },
    { "<si xmlns='" SI_NS "' id='s1' profile='urn:x'>" HEADERS BOTH_87 "</si>", BAD_PROFILE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SiLine first[] = { { cases[i].offer, cases[i].out } };
      static const SiLine declined[] = {
        { "decline", "reply 403 forbidden; wake never; end declined" },
      };
      SiDesk desk;

      si_desk_init (&desk, &ferry_si_87_dialect, FERRY_ROLE_RESPONDER, "bytestreams ibb");
      PLAY (&desk, first);
      if (!desk.ended)
        PLAY (&desk, declined);
      si_desk_clear (&desk);
    }
}

/* Gives the whole answer of ours to an offer, as XML. */
static char *
answer (const FerryDialect *dialect,
        const char         *offer)
{
  const SiLine lines[] = { { offer, "ask; wake 300" }, AGREED };
  const FerryElement *si;
  char *xml;
  SiDesk desk;

  si_desk_init (&desk, dialect, FERRY_ROLE_RESPONDER, "bytestreams ibb");
  PLAY (&desk, lines);
  g_free (si_desk_say (&desk, "prepared"));
  si = ferry_element_find (desk.said, "si", SI_NS);
  g_assert_nonnull (si);
  xml = ferry_element_print (si);
  g_free (si_desk_say (&desk, "cancel"));
  si_desk_clear (&desk);

  return xml;
}

/* C-1, SI87-7: the dialect of the offer, and the words that are found in it. */
static void
test_answers_in_the_words_of_the_offer (void)
{
  static const struct
  {
    const char *offer;
    const char *var;
    const char *value;
    gboolean    is_87;
  } cases[] = {
    { SI_OFFER (SI_FILE SI_BOTH), "'stream-method'", ">" SI_S5B "<", FALSE },
    { OFFER_87 (HEADERS BOTH_87), "'file-transfer-method'", ">s5b<", TRUE },
    { SI_OFFER (SI_FILE SI_METHODS (SI_OPTION ("s5b") SI_OPTION ("ibb"))),
      "'stream-method'", ">s5b<", TRUE },
    { SI_OFFER (SI_FILE METHODS_87 (SI_OPTION (SI_S5B) SI_OPTION (SI_IBB))),
      "'file-transfer-method'", ">" SI_S5B "<", TRUE },
    { OFFER_87 (HEADERS SI_BOTH), "'stream-method'", ">" SI_S5B "<", TRUE },
    { SI_OFFER (HEADERS SI_BOTH), "'stream-method'", ">" SI_S5B "<", TRUE },
    { OFFER_87 (SI_FILE METHODS_87 (SI_OPTION ("ibb") SI_OPTION (SI_S5B))),
      "'file-transfer-method'", ">" SI_S5B "<", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FerryDialect *dialect = cases[i].is_87 ? &ferry_si_87_dialect : &ferry_si_dialect;
      g_autofree char *whole = g_strdup_printf ("<iq xmlns='jabber:client' type='set'>%s</iq>",
                                                cases[i].offer);
      g_autoptr(FerryElement) iq = ferry_element_parse (whole, -1, NULL);
      g_autofree char *xml = answer (dialect, cases[i].offer);

      g_assert_cmpint (ferry_si_dialect.is_opening (iq), ==, !cases[i].is_87);
      g_assert_cmpint (ferry_si_87_dialect.is_opening (iq), ==, cases[i].is_87);
      g_assert_nonnull (strstr (xml, cases[i].var));
      g_assert_nonnull (strstr (xml, cases[i].value));

      /* SI87-2, SI95-3 */
      g_assert_cmpint (strstr (xml, "id='s1'") != NULL, ==, cases[i].is_87);
      g_assert_null (strstr (xml, "profile="));
      g_assert_null (strstr (xml, "mime-type="));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/legacy/si-answer/SIFT-6/receives", test_receives);
  g_test_add_func ("/legacy/si-answer/SIFT-6/refuses-other-bytes", test_refuses_other_bytes);
  g_test_add_func ("/legacy/si-answer/Q-PI-1/takes-a-file-without-a-hash",
                   test_takes_a_file_without_a_hash);
  g_test_add_func ("/legacy/si-answer/SIFT-2/picks-the-best-method", test_picks_the_best_method);
  g_test_add_func ("/legacy/si-answer/SI95-2/refuses-what-it-cannot-take",
                   test_refuses_what_it_cannot_take);
  g_test_add_func ("/legacy/si-answer/SI95-4/refuses-methods-that-are-not-allowed",
                   test_refuses_methods_that_are_not_allowed);
  g_test_add_func ("/legacy/si-answer/SIFT-5/asks-for-a-part", test_asks_for_a_part);
  g_test_add_func ("/legacy/si-answer/GEN-1/ends-in-every-phase", test_ends_in_every_phase);
  g_test_add_func ("/legacy/si-answer/takes-an-id-once", test_takes_an_id_once);
  g_test_add_func ("/legacy/si-answer/SI87-3/speaks-the-older-text", test_speaks_the_older_text);
  g_test_add_func ("/legacy/si-answer/SI87-7/answers-in-the-words-of-the-offer",
                   test_answers_in_the_words_of_the_offer);

  return g_test_run ();
}
