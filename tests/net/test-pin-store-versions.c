/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "net/pin-store.h"

#define ROMEO      "romeo@montague.lit"
#define JULIET     "juliet@capulet.lit"
#define VERSION_AT 63 /* the last octet of user_version (SQLite file format 1.3) */

/* A store with one row, and its file as it is on the disk. */
typedef struct
{
  char  *dir;
  char  *path;
  char  *text; /* (owned) */
  gsize  size;
} Folder;

static void
folder_set_up (Folder        *folder,
               gconstpointer  data)
{
  FerryPinStore *store;

  folder->dir = g_dir_make_tmp ("ferry-pins-XXXXXX", NULL);
  folder->path = g_build_filename (folder->dir, "trust.db", NULL);
  store = ferry_pin_store_new (folder->dir, ROMEO);
  g_assert_no_error (ferry_pin_store_get_error (store));
  ferry_pin_store_set_policy (store, JULIET, 1);
  ferry_pin_store_free (store);
  g_assert_true (g_file_get_contents (folder->path, &folder->text, &folder->size, NULL));
}

static void
folder_tear_down (Folder        *folder,
                  gconstpointer  data)
{
  g_assert_cmpint (g_unlink (folder->path), ==, 0);
  g_assert_cmpint (g_rmdir (folder->dir), ==, 0);
  g_free (folder->dir);
  g_free (folder->path);
  g_free (folder->text);
}

static void
test_leaves_alone_what_is_newer (Folder        *folder,
                                 gconstpointer  data)
{
  g_autoptr(FerryPinStore) store = NULL;
  g_autofree char *after = NULL;
  gsize size;

  folder->text[VERSION_AT]++;
  g_assert_true (g_file_set_contents (folder->path, folder->text, folder->size, NULL));

  store = ferry_pin_store_new (folder->dir, ROMEO);
  g_assert_error (ferry_pin_store_get_error (store), G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  ferry_pin_store_set_policy (store, JULIET, 2);
  ferry_pin_store_flush (store);
  g_clear_pointer (&store, ferry_pin_store_free);
  g_assert_true (g_file_get_contents (folder->path, &after, &size, NULL));
  g_assert_cmpmem (folder->text, folder->size, after, size);
}

/* Version 1 had no table of who is only relayed to: here it is named as if it were another. */
static void
test_goes_on_with_what_is_older (Folder        *folder,
                                 gconstpointer  data)
{
  g_autoptr(FerryPinStore) store = NULL;
  g_autoptr(FerryPinContents) before = NULL;
  g_autoptr(FerryPinContents) after = NULL;
  g_autofree char *text = NULL;
  char *name;

  g_assert_nonnull (memmem (folder->text, folder->size, "relays", 6));
  while ((name = memmem (folder->text, folder->size, "relays", 6)) != NULL)
    memcpy (name, "others", 6);
  folder->text[VERSION_AT] = 1;
  g_assert_true (g_file_set_contents (folder->path, folder->text, folder->size, NULL));

  store = ferry_pin_store_new (folder->dir, ROMEO);
  g_assert_no_error (ferry_pin_store_get_error (store));
  before = ferry_pin_store_take_contents (store);
  g_assert_cmpuint (before->policies->len, ==, 1);
  g_assert_cmpuint (before->relayed->len, ==, 0);
  ferry_pin_store_set_relayed (store, JULIET, TRUE);
  g_clear_pointer (&store, ferry_pin_store_free);

  store = ferry_pin_store_new (folder->dir, ROMEO);
  after = ferry_pin_store_take_contents (store);
  g_assert_cmpuint (after->policies->len, ==, 1);
  g_assert_cmpuint (after->relayed->len, ==, 1);
  g_assert_true (g_file_get_contents (folder->path, &text, NULL, NULL));
  g_assert_cmpint (text[VERSION_AT], ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/net/pin-store-versions/leaves-alone-what-is-newer", Folder, NULL, folder_set_up,
              test_leaves_alone_what_is_newer, folder_tear_down);
  g_test_add ("/net/pin-store-versions/goes-on-with-what-is-older", Folder, NULL, folder_set_up,
              test_goes_on_with_what_is_older, folder_tear_down);

  return g_test_run ();
}
