/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "proto/ibb-machine.h"

/* Each byte is something that happens: a stanza, an answer, a wish of ours, time. */

static FerryElement *
make_stanza (guint8 choice,
             guint8 seq)
{
  static const char *const payloads[] = {
    "<open xmlns='http://jabber.org/protocol/ibb' sid='s' block-size='4096'/>",
    "<open xmlns='http://jabber.org/protocol/ibb' sid='s' block-size='70000'/>",
    "<close xmlns='http://jabber.org/protocol/ibb' sid='s'/>",
    "<data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='%u'>QUJD</data>",
    "<data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='%u'>=QUJ</data>",
    "<data xmlns='http://jabber.org/protocol/ibb' sid='s'/>",
    "<other xmlns='x'/>",
  };
  g_auto(GStrv) parts = g_strsplit (payloads[choice % G_N_ELEMENTS (payloads)], "%u", 2);
  g_autofree char *number = g_strdup_printf ("%u", seq);
  g_autofree char *payload = g_strjoinv (number, parts);
  g_autofree char *xml = g_strdup_printf ("<%s xmlns='jabber:client' type='set' id='i' from='a@b/c'>%s"
                                          "</%s>", choice & 64 ? "message" : "iq", payload,
                                          choice & 64 ? "message" : "iq");

  return ferry_element_parse (xml, -1, NULL);
}

static FerryElement *
make_answer (guint8 choice)
{
  static const char *const answers[] = {
    "<iq xmlns='jabber:client' type='result' id='i'/>",
    "<iq xmlns='jabber:client' type='error' id='i'><error type='wait'>"
    "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    "<iq xmlns='jabber:client' type='error' id='i'><error type='cancel'>"
    "<unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    "<iq xmlns='jabber:client' type='error' id='i'/>",
  };

  return ferry_element_parse (answers[choice % G_N_ELEMENTS (answers)], -1, NULL);
}

static void
step (FerryIbbMachine *machine,
      guint8           what,
      guint8           argument,
      gint64          *now,
      GPtrArray       *effects)
{
  g_autoptr(FerryElement) stanza = what % 8 < 3 ? make_stanza (argument, what / 8) : NULL;
  g_autoptr(FerryElement) answer = what % 8 == 3 ? make_answer (argument) : NULL;

  if (stanza != NULL)
    ferry_ibb_machine_receive (machine, stanza, *now, effects);
  else if (what % 8 == 3)
    ferry_ibb_machine_answer (machine, 1 + what / 8, argument & 128 ? NULL : answer, *now, effects);
  else if (what % 8 == 4)
    ferry_ibb_machine_open (machine, effects);
  else if (what % 8 == 5 && ferry_ibb_machine_can_send (machine))
    ferry_ibb_machine_send (machine, &argument, 1, effects);
  else if (what % 8 == 6)
    argument & 1 ? ferry_ibb_machine_close (machine, *now, effects)
                 : ferry_ibb_machine_wake (machine, *now = MAX (*now, ferry_ibb_machine_get_deadline (machine)),
                                           effects);
  else if (what == 247)
    ferry_ibb_machine_refuse_end (machine);
  else if (what == 255)
    ferry_ibb_machine_abort (machine, effects);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const guint8 kind = size > 0 ? data[0] : 0;
  const FerryIbbConfig config = { "s", 4096, 4, kind & 1, kind & 2, (kind >> 2) % 3 };
  g_autoptr(FerryIbbMachine) machine = ferry_ibb_machine_new (&config);
  g_autoptr(GPtrArray) effects = ferry_ibb_effects_new ();
  gint64 now = 0;
  guint n_ends = 0;

  if (kind & 32)
    ferry_ibb_machine_hold_end (machine, (gint64) (kind >> 6) - 1);

  for (gsize i = 1; i + 1 < size; i += 2)
    {
      g_ptr_array_set_size (effects, 0);
      step (machine, data[i], data[i + 1], &now, effects);

      for (guint j = 0; j < effects->len; j++)
        {
          const FerryIbbEffect *effect = g_ptr_array_index (effects, j);

          n_ends += effect->kind == FERRY_IBB_EFFECT_FINISHED || effect->kind == FERRY_IBB_EFFECT_FAILED;
          if (effect->kind == FERRY_IBB_EFFECT_RECEIVED)
            {
              g_autoptr(GPtrArray) none = ferry_ibb_effects_new ();

              ferry_ibb_machine_consume (machine, g_bytes_get_size (effect->bytes), none);
            }
        }
      g_assert_cmpuint (n_ends, <=, 1);
    }

  return 0;
}
