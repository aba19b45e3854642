/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/caps.h"

#define FORM_TYPE "FORM_TYPE"

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Sorts @parts, each of which must be there once, and appends them with their `<`.
 * Octet order (i;octet): strcmp compares as unsigned. A `<` within would let two
 * lists make the same string (XEP-0115 §7.1). */
static gboolean
append_sorted (GString   *out,
               GPtrArray *parts)
{
  gboolean good = TRUE;

  g_ptr_array_sort (parts, compare_strings);
  for (guint i = 0; i < parts->len; i++)
    {
      const char *part = g_ptr_array_index (parts, i);

      good = good && strchr (part, '<') == NULL &&
             (i == 0 || strcmp (part, g_ptr_array_index (parts, i - 1)) != 0);
      g_string_append (out, part);
      g_string_append_c (out, '<');
    }

  return good;
}

/* XEP-0115 §5.1, step 2 and 3: category/type/lang/name */
static gboolean
append_identities (GString              *out,
                   const FerryDiscoInfo *info)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < info->identities->len; i++)
    {
      const FerryDiscoIdentity *identity = g_ptr_array_index (info->identities, i);

      g_ptr_array_add (parts, g_strdup_printf ("%s/%s/%s/%s", identity->category, identity->type,
                                               identity->lang, identity->name));
    }

  return append_sorted (out, parts);
}

/* Steps 4 and 5 */
static gboolean
append_features (GString              *out,
                 const FerryDiscoInfo *info)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new ();

  for (guint i = 0; i < info->features->len; i++)
    g_ptr_array_add (parts, g_ptr_array_index (info->features, i));

  return append_sorted (out, parts);
}

/* `var<value<value<`, values sorted. @good: (inout): made %FALSE where the string lies */
static char *
print_field (const FerryDiscoField *field,
             gboolean              *good)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new ();
  GString *out = g_string_new (field->var);

  g_string_append_c (out, '<');
  for (char **value = field->values; *value != NULL; value++)
    g_ptr_array_add (values, *value);
  *good = append_sorted (out, values) && strchr (field->var, '<') == NULL && *good;

  return g_string_free (out, FALSE);
}

/* The one value of the hidden field FORM_TYPE: @form_type, or %NULL if the form has
 * none and does not count (§5.4, step 3.6). Returns: %FALSE if it has two (3.5) */
static gboolean
get_form_type (const FerryDiscoForm  *form,
               const char           **form_type)
{
  *form_type = NULL;
  for (guint i = 0; i < form->fields->len; i++)
    {
      const FerryDiscoField *field = g_ptr_array_index (form->fields, i);

      if (strcmp (field->var, FORM_TYPE) != 0)
        continue;
      for (char **value = field->values; *value != NULL; value++)
        {
          if (*form_type != NULL && strcmp (*value, *form_type) != 0)
            return FALSE;
          *form_type = *value;
        }
      if (strcmp (field->type, "hidden") != 0)
        *form_type = NULL;
      break;
    }

  return TRUE;
}

/* `FORM_TYPE<field<field<`, fields sorted by var */
static char *
print_form (const FerryDiscoForm *form,
            const char           *form_type,
            gboolean             *good)
{
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  GString *out = g_string_new (form_type);

  *good = *good && strchr (form_type, '<') == NULL;
  for (guint i = 0; i < form->fields->len; i++)
    {
      const FerryDiscoField *field = g_ptr_array_index (form->fields, i);

      if (strcmp (field->var, FORM_TYPE) != 0)
        g_ptr_array_add (fields, print_field (field, good));
    }
  g_ptr_array_sort (fields, compare_strings);

  g_string_append_c (out, '<');
  for (guint i = 0; i < fields->len; i++)
    g_string_append (out, g_ptr_array_index (fields, i));

  return g_string_free (out, FALSE);
}

/* Steps 6 and 7 */
static gboolean
append_forms (GString              *out,
              const FerryDiscoInfo *info)
{
  g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean good = TRUE;

  for (guint i = 0; i < info->forms->len; i++)
    {
      const FerryDiscoForm *form = g_ptr_array_index (info->forms, i);
      const char *form_type;

      good = get_form_type (form, &form_type) && good;
      if (form_type == NULL)
        continue;
      good = g_hash_table_add (types, (gpointer) form_type) && good;
      g_ptr_array_add (forms, print_form (form, form_type, &good));
    }

  g_ptr_array_sort (forms, compare_strings);
  for (guint i = 0; i < forms->len; i++)
    g_string_append (out, g_ptr_array_index (forms, i));

  return good;
}

/* The string S of §5.1. Returns: %FALSE if @info is ill-formed by §5.4: something in it twice */
static gboolean
make_string (const FerryDiscoInfo *info,
             GString              *out)
{
  gboolean identities = append_identities (out, info);
  gboolean features = append_features (out, info);
  gboolean forms = append_forms (out, info);

  return identities && features && forms;
}

static char *
hash_string (GChecksumType  type,
             const GString *string)
{
  GChecksum *checksum = g_checksum_new (type);
  guint8 digest[64];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guint8 *) string->str, string->len);
  g_checksum_get_digest (checksum, digest, &size);
  g_checksum_free (checksum);

  return g_base64_encode (digest, size);
}

char *
ferry_caps_compute (const FerryDiscoInfo *info)
{
  g_autoptr(GString) string = g_string_new (NULL);

  g_return_val_if_fail (info != NULL, NULL);

  make_string (info, string);

  return hash_string (G_CHECKSUM_SHA1, string);
}

gboolean
ferry_caps_verify (const FerryDiscoInfo *info,
                   const char           *hash,
                   const char           *ver)
{
  static const struct
  {
    const char    *name;
    GChecksumType  type;
  } hashes[] = {
    { "sha-1", G_CHECKSUM_SHA1 },
    { "sha-256", G_CHECKSUM_SHA256 },
    { "sha-512", G_CHECKSUM_SHA512 },
  };
  g_autoptr(GString) string = g_string_new (NULL);

  g_return_val_if_fail (info != NULL && ver != NULL, FALSE);

  if (!make_string (info, string))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      g_autofree char *computed = NULL;

      if (g_strcmp0 (hash, hashes[i].name) != 0)
        continue;
      computed = hash_string (hashes[i].type, string);
      return strcmp (computed, ver) == 0;
    }

  return FALSE;
}

FerryElement *
ferry_caps_to_element (const char *node,
                       const char *ver)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (node != NULL && ver != NULL, NULL);

  builder = ferry_element_builder_new ("c", FERRY_NS_CAPS);
  ferry_element_builder_attribute (builder, "hash", "sha-1");
  ferry_element_builder_attribute (builder, "node", node);
  ferry_element_builder_attribute (builder, "ver", ver);

  return ferry_element_builder_end (builder);
}
