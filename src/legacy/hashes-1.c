/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/hashes-1.h"

#define NS_0 "urn:xmpp:hashes:0"
#define NS_1 "urn:xmpp:hashes:1"

static gboolean
is_old (const FerryElement *element,
        const char         *name)
{
  return ferry_element_is (element, name, NS_0) || ferry_element_is (element, name, NS_1);
}

/* The `<hash/>` children of @parent. */
static gboolean
parse_list (FerryHashes         *self,
            const FerryElement  *parent,
            GError             **error)
{
  for (guint i = 0; i < ferry_element_get_n_children (parent); i++)
    {
      const FerryElement *child = ferry_element_get_child (parent, i);

      if (is_old (child, "hash") &&
          !ferry_hashes_parse_element (self, child, FERRY_HASH_TEXT_ANY, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * ferry_hashes_1_parse:
 * @self: (inout): what is found is added; unchanged on error
 *
 * Errors as in ferry_hashes_parse().
 */
gboolean
ferry_hashes_1_parse (FerryHashes         *self,
                      const FerryElement  *parent,
                      GError             **error)
{
  FerryHashes found = *self;

  if (!ferry_hashes_parse (&found, parent, error) || !parse_list (&found, parent, error))
    return FALSE;

  for (guint i = 0; i < ferry_element_get_n_children (parent); i++)
    {
      const FerryElement *child = ferry_element_get_child (parent, i);

      if (is_old (child, "hashes") && !parse_list (&found, child, error))
        return FALSE;
    }

  *self = found;

  return TRUE;
}

/* An algorithm whose digest is to come is an empty element (XEP-0234 0.16). */
void
ferry_hashes_1_build (const FerryHashes   *self,
                      FerryElementBuilder *parent)
{
  for (guint i = 0; i < FERRY_N_HASHES; i++)
    {
      g_autofree char *digest = ferry_hashes_dup_hex (self, i);

      if ((self->announced & (1u << i)) == 0)
        continue;

      ferry_element_builder_open (parent, "hash", NS_1);
      ferry_element_builder_attribute (parent, "algo", ferry_hash_algorithm_get_name (i));
      if (digest != NULL)
        ferry_element_builder_text (parent, digest);
      ferry_element_builder_close (parent);
    }
}
