/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "xml-stream-desk.h"

#define MESSAGE "<message xmlns='jabber:client'><body>hello</body></message>"
#define SAID_BY(from, to) "<message from='" from "' to='" to "'><body>hello</body></message>"

/* Romeo, Juliet, and the bytes under way between them. What may happen is decided by a list of
 * choices, so that every one can be played: parsers cannot be copied, but play is cheap. */
typedef struct
{
  Desk     *desks[2];
  gsize     delivered[2];  /* bytes of what each wrote that the other has read */
  gboolean  is_started[2];
  gboolean  has_spoken[2];
  gboolean  has_closed[2];
  gboolean  may_speak[2];  /* the script: who says something … */
  gboolean  may_close[2];  /* … and who closes */
} Pair;

typedef enum
{
  MOVE_START,
  MOVE_SPEAK,
  MOVE_CLOSE,
  MOVE_DELIVER,      /* all that is under way */
  MOVE_DELIVER_SOME, /* the header, and not all of it */
  N_MOVES,
} Move;

static void
pair_init (Pair  *self,
           guint  script)
{
  *self = (Pair) { 0 };
  self->desks[0] = desk_new (FERRY_ROLE_INITIATOR, script & 1);
  self->desks[1] = desk_new (FERRY_ROLE_RESPONDER, script & 2);
  for (guint i = 0; i < 2; i++)
    {
      self->may_speak[i] = (script >> 2 & 1 << i) != 0;
      self->may_close[i] = (script >> 4 & 1 << i) != 0;
    }
}

static void
pair_clear (Pair *self)
{
  desk_free (self->desks[0]);
  desk_free (self->desks[1]);
}

/* Bytes from @side to the other. */
static gsize
get_under_way (const Pair *self,
               guint       side)
{
  return self->desks[side]->written->len - self->delivered[side];
}

static gboolean
can_move (const Pair *self,
          guint       side,
          Move        move)
{
  const Desk *desk = self->desks[side];

  switch (move)
    {
    case MOVE_START:
      return !self->is_started[side];
    case MOVE_SPEAK:
      return desk->n_opened > 0 && desk->n_ended == 0 && self->may_speak[side] &&
             !self->has_spoken[side] && !self->has_closed[side];
    case MOVE_CLOSE:
      return self->is_started[side] && self->may_close[side] && !self->has_closed[side];
    case MOVE_DELIVER:
      return self->is_started[!side] && get_under_way (self, side) > 0;
    case MOVE_DELIVER_SOME:
      return self->is_started[!side] && get_under_way (self, side) > 0 && self->delivered[side] == 0;
    case N_MOVES:
    default:
      return FALSE;
    }
}

static void
deliver (Pair  *self,
         guint  side,
         gsize  size)
{
  g_autofree char *bytes = g_strndup (self->desks[side]->written->str + self->delivered[side], size);

  self->delivered[side] += size;
  desk_feed (self->desks[!side], bytes, size);
}

static void
make_move (Pair  *self,
           guint  side,
           Move   move)
{
  Desk *desk = self->desks[side];

  switch (move)
    {
    case MOVE_START:
      self->is_started[side] = TRUE;
      desk_start (desk);
      break;
    case MOVE_SPEAK:
      self->has_spoken[side] = TRUE;
      g_assert_true (desk_send (desk, MESSAGE));
      break;
    case MOVE_CLOSE:
      self->has_closed[side] = TRUE;
      desk_close (desk);
      break;
    case MOVE_DELIVER:
      deliver (self, side, get_under_way (self, side));
      break;
    case MOVE_DELIVER_SOME:
    case N_MOVES:
    default:
      deliver (self, side, 100);
      break;
    }
}

/* Nothing more can happen. All that was said was heard, if both opened; if anybody closed, both
 * know, and agree that it went well. */
static void
check_rest (const Pair *self)
{
  gboolean is_closed = self->has_closed[0] || self->has_closed[1];

  for (guint i = 0; i < 2; i++)
    {
      const Desk *desk = self->desks[i];

      g_assert_cmpuint (desk->n_ended, ==, is_closed ? 1 : 0);
      if (is_closed)
        g_assert_cmpint (desk->end, ==, FERRY_XML_STREAM_END_CLOSED);
      else
        g_assert_cmpuint (desk->n_opened, ==, 1);
    }
  if (self->desks[1]->n_opened > 0)
    g_assert_cmpstr (self->desks[1]->stanzas->str, ==, self->has_spoken[0] ? SAID_BY (ROMEO, JULIET) : "");
  if (self->desks[0]->n_opened > 0)
    g_assert_cmpstr (self->desks[0]->stanzas->str, ==, self->has_spoken[1] ? SAID_BY (JULIET, ROMEO) : "");
}

/* Plays @choices as far as they go, then the first possible move each time; appends to @choices
 * what was chosen, and to @widths between how many. */
static void
play (guint   script,
      GArray *choices,
      GArray *widths)
{
  Pair pair;

  pair_init (&pair, script);
  for (guint step = 0;; step++)
    {
      guint possible[2 * N_MOVES];
      guint n = 0;

      for (guint i = 0; i < 2 * N_MOVES; i++)
        if (can_move (&pair, i % 2, i / 2))
          possible[n++] = i;
      if (n == 0)
        break;

      if (step == choices->len)
        g_array_set_size (choices, step + 1);
      g_array_set_size (widths, step);
      g_array_append_val (widths, n);
      n = possible[g_array_index (choices, guint, step)];
      make_move (&pair, n % 2, n / 2);
    }

  check_rest (&pair);
  pair_clear (&pair);
}

/* Depth first: every play there is. */
static guint
walk (guint script)
{
  g_autoptr(GArray) choices = g_array_new (FALSE, TRUE, sizeof (guint));
  g_autoptr(GArray) widths = g_array_new (FALSE, TRUE, sizeof (guint));
  guint n_plays = 0;

  for (;;)
    {
      g_array_set_size (widths, 0);
      play (script, choices, widths);
      n_plays++;

      while (choices->len > 0 && g_array_index (choices, guint, choices->len - 1) + 1 ==
                                   g_array_index (widths, guint, choices->len - 1))
        g_array_set_size (choices, choices->len - 1);
      if (choices->len == 0)
        return n_plays;
      g_array_index (choices, guint, choices->len - 1)++;
    }
}

static void
test_agrees_in_every_order (void)
{
  guint n_plays = 0;

  for (guint script = 0; script < 64; script++)
    n_plays += walk (script);

  g_test_message ("%u plays", n_plays);
  g_assert_cmpuint (n_plays, >, 1000);
}

/* However the path is cut, whoever had not ended knows. */
static void
test_is_cut_anywhere (void)
{
  g_autoptr(Desk) whole = desk_new (FERRY_ROLE_INITIATOR, FALSE);
  gsize len;

  desk_start (whole);
  desk_feed (whole, HEADER_OF_JULIET, -1);
  g_assert_true (desk_send (whole, MESSAGE));
  desk_close (whole);
  len = whole->written->len;

  for (gsize size = 0; size < len; size++)
    {
      g_autoptr(Desk) juliet = desk_new (FERRY_ROLE_RESPONDER, FALSE);

      desk_start (juliet);
      if (size > 0)
        desk_feed (juliet, whole->written->str, size);
      desk_cut (juliet);
      g_assert_cmpuint (juliet->n_ended, ==, 1);
      g_assert_cmpint (juliet->end, ==, FERRY_XML_STREAM_END_CUT);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/xml-stream-pair/agrees-in-every-order", test_agrees_in_every_order);
  g_test_add_func ("/proto/xml-stream-pair/is-cut-anywhere", test_is_cut_anywhere);

  return g_test_run ();
}
