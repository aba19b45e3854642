/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "vector.h"

FerryElement *
vector_load (const char *folder,
             const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", folder, name, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  element = ferry_element_parse (xml, -1, &error);
  g_assert_no_error (error);

  return element;
}

void
vector_assert_equal (const FerryElement *read,
                     FerryElement       *written)
{
  g_autofree char *a = ferry_element_print (read);
  g_autofree char *b = ferry_element_print (written);

  if (!ferry_element_equal (read, written))
    g_error ("read:  %s\nwrote: %s", a, b);

  ferry_element_unref (written);
}
