/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "proto/caps.h"

/* What is read must be read the same once more, down to its caps. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(FerryElement) query = ferry_element_parse ((const char *) data, size, NULL);
  g_autoptr(FerryDiscoInfo) info = query != NULL ? ferry_disco_info_parse (query, NULL) : NULL;
  g_autoptr(GPtrArray) items = query != NULL ? ferry_disco_items_parse (query, NULL) : NULL;

  if (items != NULL && items->len > FERRY_DISCO_MAX_ITEMS)
    g_error ("%u items", items->len);
  if (info != NULL)
    {
      g_autoptr(FerryElement) written = ferry_disco_info_to_element (info);
      g_autoptr(FerryDiscoInfo) again = ferry_disco_info_parse (written, NULL);
      g_autofree char *ver = ferry_caps_compute (info);
      g_autofree char *ver_again = ferry_caps_compute (again);
      g_auto(GStrv) features = ferry_disco_info_dup_features (info);

      if (g_strv_length (features) > info->features->len)
        g_error ("More features than there were");
      if (strcmp (ver, ver_again) != 0 ||
          ferry_caps_verify (info, "sha-1", ver) != ferry_caps_verify (again, "sha-1", ver))
        g_error ("Not the same again: %s, %s", ver, ver_again);
    }

  return 0;
}
