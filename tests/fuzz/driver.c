/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a fuzz target where there is no libFuzzer: first over its seeds, then over
 * mutations of them, the same ones each time.  Usage: fuzz-NAME SEED_DIR [RUN]
 * With RUN, writes the input of that run to stdout instead of running it. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MAX_RUNS    20000
#define MAX_SECONDS 2
#define MAX_SIZE    (64 * 1024)

static guint64 random_state = 0x9e3779b97f4a7c15;

/* xorshift64: all we need of it is that it is the same everywhere. */
static guint
random_below (guint limit)
{
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;

  return limit > 0 ? random_state % limit : 0;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
load_seeds (const char *folder)
{
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr(GError) error = NULL;
      char *data;
      gsize size;

      if (!g_file_get_contents (g_ptr_array_index (names, i), &data, &size, &error))
        g_error ("%s", error->message);
      g_ptr_array_add (seeds, g_bytes_new_take (data, size));
    }
  if (seeds->len == 0)
    g_ptr_array_add (seeds, g_bytes_new_static ("", 0));

  return seeds;
}

static void
insert (GByteArray   *input,
        const guint8 *data,
        guint         len)
{
  guint at = random_below (input->len + 1);
  guint tail = input->len - at;

  g_byte_array_set_size (input, input->len + len);
  memmove (input->data + at + len, input->data + at, tail);
  memcpy (input->data + at, data, len);
}

static void
mutate (GByteArray *input,
        GBytes     *other)
{
  static const char *const tokens[] = {
    "<", ">", "/>", "</", "'", "\"", "=", "&", "&#0;", "&lt;", "<!", "<?", "]]>", "<![CDATA[",
    ":", " xmlns='", "\xff", "\xef\xbf\xbf", "\xe2\x80\xae", "..", "/", "65536", "-1", "",
  };
  const char *token = tokens[random_below (G_N_ELEMENTS (tokens))];
  g_autofree guint8 *piece = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (other, &size);
  guint at = random_below (input->len);
  guint len = random_below (MIN (input->len - at, 64));

  switch (random_below (6))
    {
    case 0:
      if (input->len > 0)
        input->data[at] ^= 1 << random_below (8);
      break;
    case 1:
      if (input->len > 0)
        input->data[at] = random_below (256);
      break;
    case 2:
      if (len > 0)
        g_byte_array_remove_range (input, at, len);
      break;
    case 3:
      piece = len > 0 ? g_memdup2 (input->data + at, len) : NULL;
      if (piece != NULL)
        insert (input, piece, len);
      break;
    case 4:
      at = random_below (size);
      if (size > 0)
        insert (input, data + at, random_below (size - at + 1));
      break;
    default:
      insert (input, (const guint8 *) token, strlen (token));
      break;
    }
}

static GByteArray *
make_input (GPtrArray *seeds)
{
  GBytes *seed = g_ptr_array_index (seeds, random_below (seeds->len));
  GBytes *other = g_ptr_array_index (seeds, random_below (seeds->len));
  GByteArray *input = g_byte_array_new ();

  g_byte_array_append (input, g_bytes_get_data (seed, NULL), g_bytes_get_size (seed));
  for (guint n = 1 + random_below (8); n > 0; n--)
    mutate (input, other);
  if (input->len > MAX_SIZE)
    g_byte_array_set_size (input, MAX_SIZE);

  return input;
}

/* A copy of just its size, so that a sanitizer sees every byte read past the end. */
static void
run (const guint8 *data,
     gsize         size)
{
  g_autofree guint8 *copy = g_malloc (size + 1);
  guint8 *exact = g_realloc (g_steal_pointer (&copy), MAX (size, 1));

  if (size > 0)
    memcpy (exact, data, size);
  LLVMFuzzerTestOneInput (exact, size);
  g_free (exact);
}

int
main (int    argc,
      char **argv)
{
  gint64 deadline = g_get_monotonic_time () + MAX_SECONDS * G_USEC_PER_SEC;
  int wanted = argc > 2 ? atoi (argv[2]) : -1;
  g_autoptr(GPtrArray) seeds = NULL;
  int n = 0;

  if (argc < 2)
    return 2;

  seeds = load_seeds (argv[1]);
  for (guint i = 0; wanted < 0 && i < seeds->len; i++)
    run (g_bytes_get_data (g_ptr_array_index (seeds, i), NULL),
         g_bytes_get_size (g_ptr_array_index (seeds, i)));

  for (; n < MAX_RUNS && (wanted >= 0 || g_get_monotonic_time () < deadline); n++)
    {
      g_autoptr(GByteArray) input = make_input (seeds);

      if (n == wanted)
        return fwrite (input->data, 1, input->len, stdout) == input->len ? 0 : 1;
      if (wanted < 0)
        run (input->data, input->len);
    }

  g_print ("%u seeds, %d mutations\n", seeds->len, n);

  return 0;
}
