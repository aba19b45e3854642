/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include "net/byte-pump.h"

#define BLOCK (256 * 1024)
#define SHA256 (1u << FERRY_HASH_SHA256)

static void
hashed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static int
open_temporary (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "ferry-pump-XXXXXX", NULL);
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);

  return fd;
}

static int
open_with_bytes (gsize size)
{
  g_autofree guint8 *bytes = g_malloc (size + 1);
  int fd = open_temporary ();

  for (gsize i = 0; i < size; i++)
    bytes[i] = i * 31 + i / 251;

  g_assert_cmpint (pwrite (fd, bytes, size, 0), ==, size);
  return fd;
}

static void
test_hashes_a_file (void)
{
  static const struct { gint64 offset; gint64 length; int code; } cases[] = {
    { 0, -1, -1 }, { 0, 2 * BLOCK + 5, -1 }, { 7, BLOCK, -1 }, { 0, 0, -1 },
    { 0, 2 * BLOCK + 6, FERRY_PUMP_ERROR_TRUNCATED },
  };
  int fd = open_with_bytes (2 * BLOCK + 5);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size = cases[i].length < 0 ? 2 * BLOCK + 5 : cases[i].length;
      g_autofree guint8 *bytes = g_malloc (size);
      g_autofree char *expected = NULL;
      g_autofree char *found = NULL;
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      FerryHashes hashes = { 0 };

      ferry_hash_file_async (fd, cases[i].offset, cases[i].length, SHA256, NULL, hashed_cb,
                             &result);

      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);

      if (cases[i].code >= 0)
        {
          g_assert_false (ferry_hash_file_finish (result, &hashes, &error));
          g_assert_error (error, FERRY_PUMP_ERROR, cases[i].code);
          continue;
        }

      g_assert_true (ferry_hash_file_finish (result, &hashes, &error));
      g_assert_cmpint (pread (fd, bytes, size, cases[i].offset), ==, size);
      expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, size);
      found = ferry_hashes_dup_hex (&hashes, FERRY_HASH_SHA256);
      g_assert_cmpstr (found, ==, expected);
    }

  close (fd);
}

static void
test_can_be_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  FerryHashes hashes = { 0 };
  int fd = open_with_bytes (BLOCK);

  g_cancellable_cancel (cancellable);
  ferry_hash_file_async (fd, 0, -1, SHA256, cancellable, hashed_cb, &result);

  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (ferry_hash_file_finish (result, &hashes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (hashes.present, ==, 0);
  close (fd);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/hash-file/hashes-a-file", test_hashes_a_file);
  g_test_add_func ("/net/hash-file/can-be-cancelled", test_can_be_cancelled);

  return g_test_run ();
}
