/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The models between core and the lists, on a core without a network. No display. */

#include "config.h"

#include "fake-core.h"
#include "ui/contact-model.h"
#include "ui/transfer-sections.h"

#define MANY 10000

static const char *
get_name (GListModel *list,
          guint       position)
{
  g_autoptr(FerryContact) contact = g_list_model_get_item (list, position);

  return ferry_contact_get_name (contact);
}

static void
assert_names (GListModel        *list,
              const char *const *names)
{
  guint n = g_strv_length ((char **) names);

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (get_name (list, i), ==, names[i]);
}

static FerryClient *
create_client (void)
{
  FerryClient *client = fake_client_new ();
  FerryRoster *roster = ferry_client_get_roster (client);

  fake_roster_add (roster, "dave@a.example", "Dave", FERRY_PRESENCE_OFFLINE, NULL);
  fake_roster_add (roster, "carol@a.example", "Carol", FERRY_PRESENCE_AWAY, NULL);
  fake_roster_add (roster, "bob@b.example", "Bob", FERRY_PRESENCE_AVAILABLE, NULL);
  fake_roster_add (roster, "alice@b.example", "Alice", FERRY_PRESENCE_CHAT, NULL);
  return client;
}

static void
test_sorts_by_presence_then_name (void)
{
  g_autoptr(FerryClient) client = create_client ();
  g_autoptr(FerryContactModel) model =
    ferry_contact_model_new (G_LIST_MODEL (ferry_client_get_roster (client)));

  assert_names (ferry_contact_model_get_list (model),
                (const char *[]) { "Alice", "Bob", "Carol", "Dave", NULL });
}

static gboolean
wake_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_moves_an_offer_to_the_top (void)
{
  g_autoptr(FerryClient) client = create_client ();
  FerryRoster *roster = ferry_client_get_roster (client);
  g_autoptr(FerryContactModel) model = ferry_contact_model_new (G_LIST_MODEL (roster));
  gboolean waited = FALSE;

  fake_queue_add (ferry_client_get_queue (client),
                  ferry_roster_lookup (roster, "dave@a.example", FALSE), FERRY_DIRECTION_RECEIVE,
                  "x", 1, FERRY_TRANSFER_OFFERED);
  g_timeout_add (400, wake_cb, &waited);
  while (!waited)
    g_main_context_iteration (NULL, TRUE);
  assert_names (ferry_contact_model_get_list (model),
                (const char *[]) { "Dave", "Alice", "Bob", "Carol", NULL });
}

static void
test_finds_by_name_and_address (void)
{
  g_autoptr(FerryClient) client = create_client ();
  g_autoptr(FerryContactModel) model =
    ferry_contact_model_new (G_LIST_MODEL (ferry_client_get_roster (client)));
  GListModel *list = ferry_contact_model_get_list (model);

  ferry_contact_model_set_search (model, "CAR");
  assert_names (list, (const char *[]) { "Carol", NULL });
  ferry_contact_model_set_search (model, "b.example");
  assert_names (list, (const char *[]) { "Alice", "Bob", NULL });
  ferry_contact_model_set_search (model, "nobody");
  assert_names (list, (const char *[]) { NULL });
  ferry_contact_model_set_search (model, "");
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 4);
}

static void
test_follows_the_roster (void)
{
  g_autoptr(FerryClient) client = create_client ();
  FerryRoster *roster = ferry_client_get_roster (client);
  g_autoptr(FerryContactModel) model = ferry_contact_model_new (G_LIST_MODEL (roster));

  fake_roster_add_many (roster, MANY);
  g_assert_cmpuint (g_list_model_get_n_items (ferry_contact_model_get_list (model)), ==, MANY + 4);
  ferry_roster_remove_async (roster, ferry_roster_lookup (roster, "bob@b.example", FALSE), NULL,
                             NULL, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (ferry_contact_model_get_list (model)), ==, MANY + 3);
}

/* A headline as "#", a transfer by its name. */
static char *
dup_layout (GListModel *list)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (list, i);

      if (FERRY_IS_SECTION_HEADER (item))
        g_string_append_printf (out, "#%u ",
                                ferry_section_header_get_section (FERRY_SECTION_HEADER (item)));
      else
        g_string_append_printf (out, "%s ", ferry_transfer_get_name (FERRY_TRANSFER (item)));
    }
  return g_string_free (out, FALSE);
}

static void
assert_layout (GListModel *list,
               const char *layout)
{
  g_autofree char *text = dup_layout (list);

  g_assert_cmpstr (g_strchomp (text), ==, layout);
}

static void
test_moves_transfers_between_sections (void)
{
  g_autoptr(FerryClient) client = create_client ();
  FerryRoster *roster = ferry_client_get_roster (client);
  FerryTransferQueue *queue = ferry_client_get_queue (client);
  FerryContact *bob = ferry_roster_lookup (roster, "bob@b.example", FALSE);
  FerryContact *carol = ferry_roster_lookup (roster, "carol@a.example", FALSE);
  g_autoptr(FerryTransferSections) sections =
    ferry_transfer_sections_new (G_LIST_MODEL (queue), bob);
  GListModel *list = ferry_transfer_sections_get_list (sections);
  FerryTransfer *a;
  FerryTransfer *b;

  assert_layout (list, "");
  a = fake_queue_add (queue, bob, FERRY_DIRECTION_SEND, "a", 1, FERRY_TRANSFER_WAITING);
  fake_queue_add (queue, carol, FERRY_DIRECTION_SEND, "other", 1, FERRY_TRANSFER_RUNNING);
  assert_layout (list, "#1 a");
  b = fake_queue_add (queue, bob, FERRY_DIRECTION_SEND, "b", 1, FERRY_TRANSFER_RUNNING);
  assert_layout (list, "#0 b #1 a");
  fake_transfer_set_state (a, FERRY_TRANSFER_OFFERING);
  assert_layout (list, "#0 a b");
  fake_transfer_set_state (a, FERRY_TRANSFER_DONE);
  assert_layout (list, "#0 b #2 a");
  g_usleep (2000);
  fake_transfer_set_state (b, FERRY_TRANSFER_CANCELLED);
  assert_layout (list, "#2 b a");
  ferry_transfer_queue_clear (queue, bob);
  assert_layout (list, "");
}

/* What a list view keeps: a copy that lives from the signals alone. */
static void
mirror_cb (GListModel *list,
           guint       position,
           guint       removed,
           guint       added,
           GPtrArray  *mirror)
{
  g_assert_cmpuint (position + removed, <=, mirror->len);
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    {
      gpointer item = g_list_model_get_item (list, position + i);

      g_assert_nonnull (item);
      g_ptr_array_insert (mirror, (int) (position + i), item);
    }
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, mirror->len);
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (list, i);

      g_assert_true (item == mirror->pdata[i]);
    }
}

static void
test_reports_every_change (void)
{
  static const FerryTransferState states[] = {
    FERRY_TRANSFER_WAITING, FERRY_TRANSFER_OFFERING, FERRY_TRANSFER_RUNNING, FERRY_TRANSFER_DONE,
  };
  g_autoptr(FerryClient) client = create_client ();
  FerryTransferQueue *queue = ferry_client_get_queue (client);
  FerryContact *bob = ferry_roster_lookup (ferry_client_get_roster (client), "bob@b.example", FALSE);
  g_autoptr(FerryTransferSections) sections =
    ferry_transfer_sections_new (G_LIST_MODEL (queue), bob);
  g_autoptr(GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (ferry_transfer_sections_get_list (sections), "items-changed",
                    G_CALLBACK (mirror_cb), mirror);
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < 3; i++)
        fake_queue_add (queue, bob, FERRY_DIRECTION_SEND, "x", 1, states[i]);
      for (guint s = 0; s < G_N_ELEMENTS (states); s++)
        for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (queue)); i++)
          {
            g_autoptr(FerryTransfer) transfer = g_list_model_get_item (G_LIST_MODEL (queue), i);

            fake_transfer_set_state (transfer, states[(s + i) % G_N_ELEMENTS (states)]);
          }
      ferry_transfer_queue_clear (queue, bob);
    }
}

static void
test_leaves_nothing_behind (void)
{
  FerryClient *client = create_client ();
  FerryRoster *roster = ferry_client_get_roster (client);
  FerryContactModel *model = ferry_contact_model_new (G_LIST_MODEL (roster));
  FerryTransferSections *sections =
    ferry_transfer_sections_new (G_LIST_MODEL (ferry_client_get_queue (client)),
                                 ferry_roster_lookup (roster, "bob@b.example", FALSE));

  g_assert_finalize_object (sections);
  g_assert_finalize_object (model);
  g_assert_finalize_object (client);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/contact-model/sorts-by-presence-then-name",
                   test_sorts_by_presence_then_name);
  g_test_add_func ("/ui/contact-model/moves-an-offer-to-the-top", test_moves_an_offer_to_the_top);
  g_test_add_func ("/ui/contact-model/finds-by-name-and-address", test_finds_by_name_and_address);
  g_test_add_func ("/ui/contact-model/follows-the-roster", test_follows_the_roster);
  g_test_add_func ("/ui/transfer-sections/moves-transfers-between-sections",
                   test_moves_transfers_between_sections);
  g_test_add_func ("/ui/transfer-sections/reports-every-change", test_reports_every_change);
  g_test_add_func ("/ui/models/leave-nothing-behind", test_leaves_nothing_behind);
  return g_test_run ();
}
