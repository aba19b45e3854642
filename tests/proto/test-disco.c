/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/disco.h"
#include "proto/proto-error.h"

static FerryElement *
load (const char *series,
      const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", series, name, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  element = ferry_element_parse (xml, -1, &error);
  g_assert_no_error (error);

  return element;
}

static void
test_reads_what_somebody_is (void)
{
  g_autoptr(FerryElement) query = load ("xep-0030", "info.xml");
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryDiscoInfo) info = ferry_disco_info_parse (query, &error);
  const FerryDiscoIdentity *identity;

  g_assert_no_error (error);
  g_assert_null (info->node);
  g_assert_cmpuint (info->identities->len, ==, 2);
  identity = g_ptr_array_index (info->identities, 1);
  g_assert_cmpstr (identity->category, ==, "directory");
  g_assert_cmpstr (identity->type, ==, "chatroom");
  g_assert_cmpstr (identity->lang, ==, "");
  g_assert_cmpstr (identity->name, ==, "Play-Specific Chatrooms");
  g_assert_cmpuint (info->features->len, ==, 7);
  g_assert_true (ferry_disco_info_has_feature (info, "jabber:iq:time"));
  g_assert_false (ferry_disco_info_has_feature (info, "jabber:iq:tim"));
  g_assert_true (ferry_disco_info_has_identity (info, "conference", "text"));
  g_assert_false (ferry_disco_info_has_identity (info, "conference", "chatroom"));
  g_assert_null (ferry_disco_info_get_client_name (info));
}

static void
test_writes_what_it_read (void)
{
  static const char *const vectors[][2] = {
    { "xep-0030", "info.xml" },
    { "xep-0115", "simple.xml" },
    { "xep-0115", "complex.xml" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr(FerryElement) query = load (vectors[i][0], vectors[i][1]);
      g_autoptr(FerryDiscoInfo) info = ferry_disco_info_parse (query, NULL);
      g_autoptr(FerryElement) again = ferry_disco_info_to_element (info);

      g_assert_true (ferry_element_equal (query, again));
    }
}

static void
test_says_what_we_are (void)
{
  g_autoptr(FerryDiscoInfo) info = ferry_disco_info_new ("n#v");
  g_autoptr(FerryElement) query = NULL;
  g_autofree char *xml = NULL;

  ferry_disco_info_add_identity (info, "client", "pc", NULL, "Ferry");
  ferry_disco_info_add_feature (info, "urn:b");
  ferry_disco_info_add_feature (info, "urn:a");
  query = ferry_disco_info_to_element (info);
  xml = ferry_element_print (query);
  g_assert_cmpstr (xml, ==,
                   "<query xmlns='http://jabber.org/protocol/disco#info' node='n#v'>"
                   "<identity category='client' type='pc' name='Ferry'/>"
                   "<feature var='urn:b'/><feature var='urn:a'/></query>");
  g_assert_cmpstr (ferry_disco_info_get_client_name (info), ==, "Ferry");
}

static void
test_sorts_features_each_once (void)
{
  g_autoptr(FerryDiscoInfo) info = ferry_disco_info_new (NULL);
  g_auto(GStrv) features = NULL;
  g_autofree char *joined = NULL;

  ferry_disco_info_add_feature (info, "c");
  ferry_disco_info_add_feature (info, "a");
  ferry_disco_info_add_feature (info, "c");
  ferry_disco_info_add_feature (info, "b");
  features = ferry_disco_info_dup_features (info);
  joined = g_strjoinv (" ", features);
  g_assert_cmpstr (joined, ==, "a b c");
  g_assert_cmpuint (info->features->len, ==, 4);
}

/* DISC-6 */
static void
test_refuses_endless_lists (void)
{
  for (guint n = FERRY_DISCO_MAX_FEATURES; n <= FERRY_DISCO_MAX_FEATURES + 1; n++)
    {
      g_autoptr(FerryDiscoInfo) info = ferry_disco_info_new (NULL);
      g_autoptr(FerryDiscoInfo) parsed = NULL;
      g_autoptr(FerryElement) query = NULL;
      g_autoptr(GError) error = NULL;

      for (guint i = 0; i < n; i++)
        ferry_disco_info_add_feature (info, "f");
      query = ferry_disco_info_to_element (info);
      parsed = ferry_disco_info_parse (query, &error);
      if (n <= FERRY_DISCO_MAX_FEATURES)
        g_assert_nonnull (parsed);
      else
        g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_TOO_LARGE);
    }
}

static void
test_refuses_other_queries (void)
{
  g_autoptr(FerryElement) query = ferry_disco_query_new ("urn:other", "x");
  g_autoptr(GError) info_error = NULL;
  g_autoptr(GError) items_error = NULL;

  g_assert_null (ferry_disco_info_parse (query, &info_error));
  g_assert_error (info_error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
  g_assert_null (ferry_disco_items_parse (query, &items_error));
  g_assert_error (items_error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
}

static void
test_lists_items_with_an_address (void)
{
  g_autoptr(FerryElement) query = load ("xep-0030", "items.xml");
  g_autoptr(GPtrArray) items = ferry_disco_items_parse (query, NULL);
  const FerryDiscoItem *item;

  g_assert_cmpuint (items->len, ==, 4);
  item = g_ptr_array_index (items, 2);
  g_assert_cmpstr (item->jid, ==, "catalog.shakespeare.lit");
  g_assert_cmpstr (item->node, ==, "books");
  g_assert_cmpstr (item->name, ==, "Books by and about Shakespeare");
  item = g_ptr_array_index (items, 3);
  g_assert_cmpstr (item->jid, ==, "headlines.shakespeare.lit");
  g_assert_null (item->name);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/disco/reads-what-somebody-is", test_reads_what_somebody_is);
  g_test_add_func ("/proto/disco/writes-what-it-read", test_writes_what_it_read);
  g_test_add_func ("/proto/disco/says-what-we-are", test_says_what_we_are);
  g_test_add_func ("/proto/disco/sorts-features-each-once", test_sorts_features_each_once);
  g_test_add_func ("/proto/disco/refuses-endless-lists", test_refuses_endless_lists);
  g_test_add_func ("/proto/disco/refuses-other-queries", test_refuses_other_queries);
  g_test_add_func ("/proto/disco/lists-items-with-an-address", test_lists_items_with_an_address);

  return g_test_run ();
}
