/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/dialects.h"
#include "secure-story.h"

#define KIB 1024
#define NS_IBB "http://jabber.org/protocol/ibb"

/* An encrypted stream that whoever carries it touches: here the server, which sees every block
 * of it. */

typedef struct
{
  Story story;
  guint n_blocks;  /* Romeo's so far */
  guint touched;   /* the block that it happens to */
  void (*touch) (TwoClients   *clients,
                 FerryElement *stanza);
} Touch;

static gboolean
server_touch_cb (FerryElement *stanza,
                 gpointer      user_data)
{
  Touch *touch = user_data;
  const FerryElement *payload = ferry_element_find (stanza, "data", NS_IBB);

  if (payload == NULL || g_strcmp0 (ferry_element_get_attribute (stanza, "to"), JULIET) != 0
      || touch->n_blocks++ != touch->touched)
    return TRUE;

  touch->touch (&touch->story.clients, stanza);
  return FALSE;
}

/* The stream ends as if that were all. */
static void
end_early (TwoClients   *clients,
           FerryElement *stanza)
{
  const FerryElement *data = ferry_element_find (stanza, "data", NS_IBB);

  fake_port_inject (clients->juliet.port,
                    "<iq type='set' from='" ROMEO "' id='end'><close xmlns='" NS_IBB "' sid='%s'/>"
                    "</iq>", ferry_element_get_attribute (data, "sid"));
}

/* Another letter in the middle of the block: other bytes of the same length. */
static void
change_a_letter (TwoClients   *clients,
                 FerryElement *stanza)
{
  g_autofree char *xml = ferry_element_print (stanza);
  char *end = strstr (xml, "</data>");
  g_autoptr(FerryElement) changed = NULL;
  g_autoptr(GError) error = NULL;
  char *letter;

  g_assert_nonnull (end);
  letter = end - 40;
  *letter = *letter == 'A' ? 'B' : 'A';
  changed = ferry_element_parse (xml, -1, &error);
  g_assert_no_error (error);
  fake_port_inject_element (clients->juliet.port, changed);
}

static void
start (Touch *touch,
       guint  touched,
       void (*func) (TwoClients   *clients,
                     FerryElement *stanza))
{
  g_autoptr(GBytes) contents = make_contents (300 * KIB);
  Story *story = &touch->story;

  touch->touched = touched;
  touch->touch = func;
  fake_server_set_filter (story->clients.server, server_touch_cb, touch);
  story_offer (story, 0, "report.pdf", contents);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_end (story->offered);
  wait_for_end (story->sent);
  g_assert_cmpuint (touch->n_blocks, >, touched);
  g_assert_cmpuint (party_count_files (&story->clients.juliet), ==, 0);
}

/* XTLS-21 */
static void
test_an_early_end_is_not_the_end (Touch         *touch,
                                  gconstpointer  data)
{
  start (touch, 20, end_early);
  story_expect_failure (touch->story.offered, FERRY_TRANSFER_ERROR_TRUNCATED, "data");
  g_assert_cmpuint (ferry_transfer_get_state (touch->story.sent), ==, FERRY_TRANSFER_FAILED);
}

static void
test_changed_bytes_are_not_taken (Touch         *touch,
                                  gconstpointer  data)
{
  start (touch, 20, change_a_letter);
  story_expect_failure (touch->story.offered, FERRY_TRANSFER_ERROR_SECURITY, "data");
  g_assert_cmpuint (ferry_transfer_get_state (touch->story.sent), ==, FERRY_TRANSFER_FAILED);
}

/* XTLS-10 */
static void
test_a_changed_handshake_fails (Touch         *touch,
                                gconstpointer  data)
{
  start (touch, 0, change_a_letter);
  story_expect_failure (touch->story.offered, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  story_expect_failure (touch->story.sent, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  party_assert_pinned (&touch->story.clients.romeo, JULIET, NULL);
  party_assert_pinned (&touch->story.clients.juliet, ROMEO, NULL);
}

static void
test_a_cut_handshake_fails (Touch         *touch,
                            gconstpointer  data)
{
  start (touch, 0, end_early);
  story_expect_failure (touch->story.offered, FERRY_TRANSFER_ERROR_SECURITY, "secure");
  story_expect_failure (touch->story.sent, FERRY_TRANSFER_ERROR_SECURITY, "secure");
}

static void
touch_set_up (Touch         *touch,
              gconstpointer  data)
{
  story_set_up (&touch->story, data);

  /* What comes of a second path is another story. */
  touch->story.clients.romeo.queue->services->settings->resume_within = 0;
  touch->story.clients.juliet.queue->services->settings->resume_within = 0;
}

static void
touch_tear_down (Touch         *touch,
                 gconstpointer  data)
{
  story_tear_down (&touch->story, data);
}

int
main (int    argc,
      char **argv)
{
  const Way ways[] = {
    { ferry_dialects_find ("jingle-1"), FERRY_PATH_IN_BAND },
    { ferry_dialects_find ("jingle-0-ibb"), FERRY_PATH_IN_BAND },
  };
  const struct
  {
    const char  *name;
    void       (*func) (Touch         *touch,
                        gconstpointer  data);
  } tests[] = {
    { "an-early-end-is-not-the-end", test_an_early_end_is_not_the_end },
    { "changed-bytes-are-not-taken", test_changed_bytes_are_not_taken },
    { "a-changed-handshake-fails", test_a_changed_handshake_fails },
    { "a-cut-handshake-fails", test_a_cut_handshake_fails },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize w = 0; w < G_N_ELEMENTS (ways); w++)
    {
      for (gsize t = 0; t < G_N_ELEMENTS (tests); t++)
        {
          g_autofree char *path = g_strdup_printf ("/core/transfer-spoiled/%s/%s",
                                                   ways[w].dialect->name, tests[t].name);

          g_test_add (path, Touch, &ways[w], touch_set_up, tests[t].func, touch_tear_down);
        }
    }

  return g_test_run ();
}
