/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "xml-stream-desk.h"

#define KIB     1024
#define STANZA  (256 * KIB)
#define MESSAGE "<message id='&lt;&#10;'><body xml:lang='it'>\xc3\xa9 &amp;<![CDATA[<]]>]</body><x:y xmlns:x='urn:x'/>" \
                "</message>"

static void
append_times (GString    *out,
              const char *text,
              guint       n)
{
  while (n-- > 0)
    g_string_append (out, text);
}

/* Each makes a stanza that is as large as @n says. */

static char *
make_text (guint n)
{
  g_autofree char *text = g_strnfill (n - strlen ("<message></message>"), 'a');

  return g_strconcat ("<message>", text, "</message>", NULL);
}

static char *
make_depth (guint n)
{
  GString *out = g_string_new ("<message>");

  append_times (out, "<a>", n - 1);
  append_times (out, "</a>", n - 1);

  return g_string_free (g_string_append (out, "</message>"), FALSE);
}

static char *
make_elements (guint n)
{
  GString *out = g_string_new ("<message>");

  append_times (out, "<a/>", n - 1);

  return g_string_free (g_string_append (out, "</message>"), FALSE);
}

static char *
make_attributes (guint n)
{
  GString *out = g_string_new ("<message");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, " a%u=''", i);

  return g_string_free (g_string_append (out, "/>"), FALSE);
}

static char *
make_namespaces (guint n)
{
  GString *out = g_string_new ("<message");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, " xmlns:a%u='urn:%u'", i, i);

  return g_string_free (g_string_append (out, "/>"), FALSE);
}

static char *
make_attribute (guint n)
{
  g_autofree char *value = g_strnfill (n, 'a');

  return g_strconcat ("<message><x a='", value, "'/></message>", NULL);
}

static char *
make_namespace (guint n)
{
  g_autofree char *value = g_strnfill (n, 'a');

  return g_strconcat ("<message><x xmlns='", value, "'/></message>", NULL);
}

static const struct
{
  const char *name;
  char     *(*make) (guint n);
  guint       limit;
} limits[] = {
  { "bytes", make_text, STANZA },
  { "depth", make_depth, 64 },
  { "elements", make_elements, 4096 },
  { "attributes", make_attributes, 64 },
  { "namespaces", make_namespaces, 64 },
  { "attribute", make_attribute, 8 * KIB },
  { "namespace", make_namespace, KIB },
};

/* In pieces of @size: the verdict is the same, however they come. */
static void
check_limit (char  *stanza,
             gsize  size,
             gboolean fits)
{
  g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);
  gsize len = strlen (stanza);

  for (gsize at = 0; at < len; at += size)
    desk_feed (juliet, stanza + at, MIN (size, len - at));
  desk_settle (juliet);

  g_assert_cmpuint (juliet->n_ended, ==, fits ? 0 : 1);
  g_assert_cmpint (juliet->stanzas->len > 0, ==, fits);
  if (!fits)
    {
      g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_LIMIT);
      g_assert_cmpstr (juliet->written->str, ==, ERROR ("policy-violation"));
    }
}

static void
test_keeps_limits (void)
{
  static const gsize sizes[] = { G_MAXINT32, 64 * KIB, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      {
        g_autofree char *fitting = limits[i].make (limits[i].limit);
        g_autofree char *large = limits[i].make (limits[i].limit + 1);

        g_test_message ("%s in pieces of %u", limits[i].name, (guint) sizes[j]);
        check_limit (fitting, sizes[j], TRUE);
        check_limit (large, sizes[j], FALSE);
      }
}

/* What has no end is not waited for, nor kept. */
static void
test_waits_for_no_end (void)
{
  static const char *const begins[] = { "<message>", "<message a='", "<message ", "<message><![CDATA[",
                                        "<message><!--", "<message><?a ", "<!--", "<" };
  g_autofree char *text = g_strnfill (STANZA, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);

      g_test_message ("%s", begins[i]);
      desk_feed (juliet, begins[i], -1);
      desk_feed (juliet, text, -1);
      desk_settle (juliet);
      g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_LIMIT);
      g_assert_cmpuint (juliet->n_ended, ==, 1);
    }
}

static void
test_takes_no_endless_header (void)
{
  g_autofree char *text = g_strnfill (STANZA, 'a');
  g_autofree char *header = g_strconcat ("<stream:stream xmlns='", text, NULL);
  g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, FALSE);

  desk_start (juliet);
  desk_feed (juliet, header, -1);
  desk_sleep (juliet, 4);
  g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_LIMIT);
  g_assert_cmpuint (juliet->n_ended, ==, 1);
}

/* Limits are those of a stanza: a stream has none. */
static void
test_goes_on_for_ever (void)
{
  g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);
  g_autofree char *stanza = make_text (STANZA);
  g_autofree char *blanks = g_strnfill (STANZA, ' ');

  for (guint i = 0; i < 20; i++)
    {
      desk_feed (juliet, stanza, -1);
      desk_feed (juliet, blanks, -1);
      desk_feed (juliet, blanks, -1);
      desk_sleep (juliet, 1);
    }
  g_assert_cmpuint (juliet->n_ended, ==, 0);
  g_assert_cmpuint (juliet->stanzas->len, >=, 20 * STANZA);
}

/* 1 MiB at once, then 1 MiB a second; the rest waits, and nothing is lost. */
static void
test_parses_no_faster_than_it_may (void)
{
  g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);
  g_autofree char *stanza = make_text (STANZA);

  for (guint i = 0; i < 16; i++)
    desk_feed (juliet, stanza, -1);
  g_assert_cmpuint (juliet->stanzas->len, >=, 3 * STANZA);
  g_assert_cmpuint (juliet->stanzas->len, <, 6 * STANZA);
  g_assert_cmpint (juliet->deadline, >, juliet->now);
  desk_sleep (juliet, 1);
  g_assert_cmpuint (juliet->stanzas->len, >=, 7 * STANZA);
  g_assert_cmpuint (juliet->stanzas->len, <, 10 * STANZA);
  desk_feed (juliet, "</stream:stream>", -1);
  desk_cut (juliet);
  desk_settle (juliet);
  g_assert_cmpuint (juliet->stanzas->len, >=, 16 * STANZA);
  g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_CLOSED);
}

/* The deadline of one thing does not take that of another away. */
static void
test_counts_two_times (void)
{
  g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);
  g_autofree char *stanza = make_text (STANZA);
  gint64 start = juliet->now;

  for (guint i = 0; i < 16; i++)
    desk_feed (juliet, stanza, -1);
  desk_close (juliet);
  g_assert_cmpint (juliet->deadline, <, start + G_USEC_PER_SEC);
  desk_sleep (juliet, 9);
  g_assert_cmpuint (juliet->stanzas->len, >=, 16 * STANZA);
  g_assert_cmpint (juliet->deadline, ==, start + 10 * G_USEC_PER_SEC);
  desk_sleep (juliet, 1);
  g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_CUT);
}

static void
test_keeps_no_mountain (void)
{
  g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);
  g_autofree char *blanks = g_strnfill (KIB * KIB, ' ');

  for (guint i = 0; i < 7 && juliet->n_ended == 0; i++)
    desk_feed (juliet, blanks, -1);
  g_assert_cmpuint (juliet->n_ended, ==, 1);
  g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_LIMIT);
  g_assert_cmpstr (juliet->written->str, ==, ERROR ("policy-violation"));
}

/* Every crumb of a tag has expat look at all of it again: 2^35 bytes for this one, were it not
 * that they gather while the account is empty. */
static void
test_pays_for_crumbs (void)
{
  g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);
  gint64 start = g_get_monotonic_time ();

  desk_feed (juliet, "<message a='", -1);
  for (guint i = 0; i < STANZA && juliet->n_ended == 0; i++)
    desk_feed (juliet, "a", 1);
  desk_settle (juliet);
  g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_LIMIT);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

/* What a stream of @input comes to, fed in two pieces, or byte by byte. */
static char *
tell (FerryRole   role,
      const char *input,
      gsize       split)
{
  g_autoptr(Desk) desk = desk_new (role, FALSE);
  gsize len = strlen (input);

  desk_start (desk);
  if (split > 0)
    desk_feed (desk, input, split);
  for (gsize at = split; split == 0 && at < len; at++)
    desk_feed (desk, input + at, 1);
  if (split > 0 && split < len)
    desk_feed (desk, input + split, len - split);
  desk_settle (desk);

  return g_strdup_printf ("%s\n%s\n%u %u %d %s", desk->written->str, desk->stanzas->str,
                          desk->n_opened, desk->n_ended, desk->end, desk->text);
}

static void
test_is_the_same_at_every_split (void)
{
  static const char *const tails[] = {
    THE_END,
    "<!-- -->",
    "<message></iq>",
    "<message>&nope;</message>",
    "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
    "<iq type='get' id='1' from='tybalt@capulet.lit'/>" THE_END "<message/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    for (guint j = 0; j < 2; j++)
      {
        g_autofree char *input = g_strconcat (DECLARATION "\n", j ? HEADER_OF_ROMEO : HEADER_OF_JULIET,
                                              FEATURES MESSAGE " \r\n" MESSAGE, tails[i], NULL);
        FerryRole role = j ? FERRY_ROLE_RESPONDER : FERRY_ROLE_INITIATOR;
        g_autofree char *whole = tell (role, input, strlen (input));

        for (gsize split = 0; split < strlen (input); split++)
          {
            g_autofree char *parts = tell (role, input, split);

            g_assert_cmpstr (parts, ==, whole);
          }
      }
}

/* A stanza is told when it is whole, not when the next one comes. */
static void
test_tells_a_stanza_as_it_ends (void)
{
  for (gsize split = 1; split < strlen (MESSAGE); split++)
    {
      g_autoptr(Desk) juliet = desk_new_open (FERRY_ROLE_RESPONDER);

      desk_feed (juliet, MESSAGE, split);
      g_assert_cmpuint (juliet->stanzas->len, ==, 0);
      desk_feed (juliet, &MESSAGE[split], -1);
      g_assert_cmpuint (juliet->stanzas->len, >, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) g_test_add_func ("/proto/xml-stream-limits/" name, test)
  ADD ("keeps-limits", test_keeps_limits);
  ADD ("waits-for-no-end", test_waits_for_no_end);
  ADD ("takes-no-endless-header", test_takes_no_endless_header);
  ADD ("goes-on-for-ever", test_goes_on_for_ever);
  ADD ("parses-no-faster-than-it-may", test_parses_no_faster_than_it_may);
  ADD ("counts-two-times", test_counts_two_times);
  ADD ("keeps-no-mountain", test_keeps_no_mountain);
  ADD ("pays-for-crumbs", test_pays_for_crumbs);
  ADD ("is-the-same-at-every-split", test_is_the_same_at_every_split);
  ADD ("tells-a-stanza-as-it-ends", test_tells_a_stanza_as_it_ends);
#undef ADD

  return g_test_run ();
}
