/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-script.h"
#include "proto/iq.h"

/* Dino 0.4.2 as it was recorded, against our machine: one of the two Dinos of an
 * exchange keeps its lines, the other is us. "dino" in a dialogue is its next line. */

static const FerryPeerProfile dino = { .name = "dino-like", .never_sends_checksum = TRUE };

typedef struct
{
  const char *exchange;
  FerryRole   role; /* ours */
  const char *transports;
  JingleLine  lines[16];
} Encounter;

#define ANSWERED                                                                                 \
  { "dino", "reply result; ask; wake 300000" },                                                  \
  { "accept", "wake never; remote s5b:1; prepare s5b:1" },                                       \
  { "prepared s5b:1", "send session-accept s5b:1?; open" },                                      \
  { "result", "" }
#define OFFERED                                                                                  \
  { "start", "prepare s5b:1 proposer" },                                                         \
  { "prepared s5b:1", "send session-initiate s5b:1?; wake 300000" },                             \
  { "result", "" },                                                                              \
  { "dino", "reply result; accepted; remote s5b:1; open; wake never" }

static const Encounter encounters[] = {
  { "direct", FERRY_ROLE_RESPONDER, "s5b:1 ibb:1", {
    ANSWERED,
    { "dino", "pass s5b:1" },
    { "open", "pump 0 -1" },
    { "done g", "store unknown" },
    { "stored", "send session-info received; send session-terminate success; close; end done" } } },
  { "direct", FERRY_ROLE_INITIATOR, "s5b:1 ibb:1", {
    OFFERED,
    { "dino", "pass s5b:1" },
    { "open", "pump 0 -1" },
    { "done", "wake 15000" },
    { "dino", "reply result; close; wake never; end done" } } },
  { "proxy", FERRY_ROLE_RESPONDER, "s5b:1 ibb:1", {
    ANSWERED,
    { "dino", "pass s5b:1" },
    { "dino", "pass s5b:1" },
    { "open", "pump 0 -1" },
    { "done g", "store unknown" } } },
  { "proxy", FERRY_ROLE_INITIATOR, "s5b:1 ibb:1", {
    OFFERED,
    { "dino", "pass s5b:1" },
    { "open", "pump 0 -1" },
    { "dino", "reply result; close; end done" } } },
  { "s5b-fails", FERRY_ROLE_RESPONDER, "s5b:1 ibb:1", {
    ANSWERED,
    { "dino", "pass s5b:1" },
    { "failed", "wake 15000" },
    { "dino", "reply result; close; wake never; end no-route" } } },
  { "s5b-fails", FERRY_ROLE_INITIATOR, "s5b:1 ibb:1", {
    OFFERED,
    { "dino", "pass s5b:1" },
    { "failed", "send session-terminate failed-transport; close; end retry-in-band" } } },
  { "direct-omemo", FERRY_ROLE_RESPONDER, "s5b:1 ibb:1", { /* J-21 */
    { "dino", "reply result; send session-terminate security-error; end refused" } } },
  { "ibb-offered", FERRY_ROLE_RESPONDER, "s5b:1 ibb:1", {
    { "dino", "reply result; ask; wake 300000" },
    { "accept", "wake never; remote ibb:1; prepare ibb:1" },
    { "prepared ibb:1", "send session-accept ibb:1?; open" },
    { "open", "pump 0 -1" },
    { "done g", "store unknown" } } },
  { "ibb-offered", FERRY_ROLE_INITIATOR, "ibb:1", { /* it never says that it failed */
    { "start", "prepare ibb:1 proposer" },
    { "prepared ibb:1", "send session-initiate ibb:1?; wake 300000" },
    { "dino", "reply result; accepted; remote ibb:1; open; wake never" },
    { "open", "pump 0 -1" },
    { "done", "wake 15000" },
    { "wait 15000", "send session-info?; wake 15000" },
    { "wait 15000", "send session-terminate success; close; wake never; end unconfirmed" } } },
};

static FerryElement *
load (const char *exchange)
{
  g_autofree char *name = g_strconcat (exchange, ".xml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "dino", name, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  element = ferry_element_parse (xml, -1, &error);
  g_assert_no_error (error);

  return element;
}

/* The next stanza of @speaker's, with the id of our session in it. */
static char *
take_line (const FerryElement *exchange,
           const char         *speaker,
           guint              *next)
{
  while (*next < ferry_element_get_n_children (exchange))
    {
      const FerryElement *iq = ferry_element_get_child (exchange, (*next)++);
      g_autoptr(FerryElement) jingle = NULL;
      FerryElementBuilder *builder;

      if (!g_str_has_prefix (ferry_element_get_attribute (iq, "from"), speaker))
        continue;

      builder = ferry_element_builder_new_from (ferry_iq_get_payload (iq));
      ferry_element_builder_attribute (builder, "sid", "s1");
      if (ferry_element_get_attribute (ferry_iq_get_payload (iq), "initiator") != NULL)
        ferry_element_builder_attribute (builder, "initiator", "romeo@montague.lit/orchard");
      jingle = ferry_element_builder_end (builder);

      return ferry_element_print (jingle);
    }

  g_assert_not_reached ();
}

static void
test_encounter (gconstpointer data)
{
  const Encounter *encounter = data;
  const char *speaker = encounter->role == FERRY_ROLE_INITIATOR ? "juliet" : "romeo";
  g_autoptr(FerryElement) exchange = load (encounter->exchange);
  JingleDesk desk;
  guint next = 0;

  jingle_desk_init (&desk, encounter->role, encounter->transports, &dino, "g");
  for (guint i = 0; i < G_N_ELEMENTS (encounter->lines) && encounter->lines[i].in != NULL; i++)
    {
      JingleLine line = encounter->lines[i];
      g_autofree char *said = NULL;

      if (strcmp (line.in, "dino") == 0)
        line.in = said = take_line (exchange, speaker, &next);
      jingle_desk_play (&desk, &line, 1);
    }
  jingle_desk_clear (&desk);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (encounters); i++)
    {
      g_autofree char *path = NULL;

      path = g_strdup_printf ("/proto/jingle-dino/%s/%s", encounters[i].exchange,
                              encounters[i].role == FERRY_ROLE_INITIATOR ? "offered" : "answered");
      g_test_add_data_func (path, &encounters[i], test_encounter);
    }

  return g_test_run ();
}
