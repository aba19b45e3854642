/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/waiting-list.h"

GPtrArray *
ferry_waiting_list_get (FerryRouter *router,
                        const char  *what)
{
  GQuark key = g_quark_from_static_string (what);
  GPtrArray *list;

  g_return_val_if_fail (FERRY_IS_ROUTER (router), NULL);

  list = g_object_get_qdata (G_OBJECT (router), key);
  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_object_set_qdata_full (G_OBJECT (router), key, list, (GDestroyNotify) g_ptr_array_unref);
    }

  return list;
}
