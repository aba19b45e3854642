/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/proto-error.h"
#include "proto/xtls.h"

#define NS_PUBKEY "urn:xmpp:tmp:pubkey" /* XEP-0189 up to 0.8 */

/* SEC-11 */
#define MAX_CHILDREN 16
#define MAX_TEXT     1024 /* bytes */

static const struct
{
  FerryXtlsMethods  method;
  const char       *name;
} method_names[] = {
  { FERRY_XTLS_X509, "x509" },
  { FERRY_XTLS_SRP, "srp" },
};

/* What is seen on the way through the children, which says whose form it is. */
typedef struct
{
  gboolean is_native;
  gboolean is_offer;
  gboolean is_foreign;
} Signs;

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, message);

  return FALSE;
}

static guint
find_method (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (method_names); i++)
    if (g_strcmp0 (method_names[i].name, name) == 0)
      return method_names[i].method;

  return 0; /* openpgp, or younger than we (XTLS-2) */
}

/* XTLS-14: colons and blanks do not count, nor does case. What has another length or other
 * characters is a digest that we do not know.
 *
 * @hex: (out): of 65 bytes
 * Returns: the number of digits, 0 if it is none of ours */
static gsize
normalise (const char *text,
           char       *hex)
{
  gsize length = 0;

  for (; *text != '\0'; text++)
    {
      if (*text == ':' || g_ascii_isspace (*text))
        continue;
      if (!g_ascii_isxdigit (*text) || length == 64)
        return 0;

      hex[length++] = g_ascii_tolower (*text);
    }
  hex[length] = '\0';

  return length == 40 || length == 64 ? length : 0;
}

/* A certificate has one digest of each kind. */
static gboolean
read_fingerprint (FerryXtls   *self,
                  const char  *text,
                  GError     **error)
{
  char hex[65];
  char *place;

  if (strlen (text) > MAX_TEXT)
    return fail (error, "A fingerprint is too long");

  switch (normalise (text, hex))
    {
    case 40:
      place = self->sha1;
      break;
    case 64:
      place = self->sha256;
      break;
    default:
      return TRUE;
    }

  if (*place != '\0' && strcmp (place, hex) != 0)
    return fail (error, "Two different fingerprints");

  strcpy (place, hex);

  return TRUE;
}

/* XTLS-13
 *
 *   <offer>  <keyinfo><name>HEX</name></keyinfo>  <srp/>  <insecure/>  </offer> */
static gboolean
parse_offer (FerryXtls           *self,
             const FerryElement  *offer,
             GError             **error)
{
  if (ferry_element_get_n_children (offer) > MAX_CHILDREN)
    return fail (error, "Too many ways to secure it");

  for (guint i = 0; i < ferry_element_get_n_children (offer); i++)
    {
      const FerryElement *child = ferry_element_get_child (offer, i);
      const char *name;

      if (ferry_element_is (child, "srp", FERRY_NS_C2CTLS))
        self->methods |= FERRY_XTLS_SRP;
      if (!ferry_element_is (child, "keyinfo", NS_PUBKEY))
        continue;

      self->methods |= FERRY_XTLS_X509;
      name = ferry_element_find_text (child, "name", NS_PUBKEY);
      if (name != NULL && !read_fingerprint (self, name, error))
        return FALSE;
    }

  return TRUE;
}

/* Peer: Gajim from 2010 to 2022, whose TLS begins elsewhere (XTLS-22). It groups the digits by
 * colons and does not say of which digest they are. */
static gboolean
is_foreign (const FerryElement *fingerprint)
{
  return ferry_element_get_attribute (fingerprint, "algo") == NULL &&
         strchr (ferry_element_get_text (fingerprint), ':') != NULL;
}

static gboolean
parse_child (FerryXtls           *self,
             const FerryElement  *child,
             Signs               *signs,
             GError             **error)
{
  if (ferry_element_is (child, "offer", FERRY_NS_C2CTLS))
    {
      signs->is_offer = TRUE;
      return parse_offer (self, child, error);
    }

  if (ferry_element_is (child, "method", FERRY_NS_XTLS))
    {
      signs->is_native = TRUE;
      self->methods |= find_method (ferry_element_get_attribute (child, "name"));
    }
  else if (ferry_element_is (child, "fingerprint", FERRY_NS_XTLS))
    {
      signs->is_native = TRUE;
      signs->is_foreign = signs->is_foreign || is_foreign (child);
      return read_fingerprint (self, ferry_element_get_text (child), error);
    }

  return TRUE;
}

gboolean
ferry_xtls_parse (const FerryElement  *security,
                  FerryXtls           *self,
                  GError             **error)
{
  const char *method = ferry_element_get_attribute (security, "method");
  Signs signs = { 0 };

  memset (self, 0, sizeof *self);

  if (!ferry_element_is (security, "security", FERRY_NS_XTLS))
    return fail (error, "Another kind of encryption");
  if (ferry_element_get_n_children (security) > MAX_CHILDREN)
    return fail (error, "Too many ways to secure it");

  for (guint i = 0; i < ferry_element_get_n_children (security); i++)
    if (!parse_child (self, ferry_element_get_child (security, i), &signs, error))
      return FALSE;

  if (method != NULL)
    {
      self->methods |= find_method (method);
      signs.is_offer = TRUE;
    }

  if (signs.is_foreign || (!signs.is_native && !signs.is_offer))
    self->form = FERRY_XTLS_FORM_FOREIGN;
  else
    self->form = signs.is_native ? FERRY_XTLS_FORM_NATIVE : FERRY_XTLS_FORM_OFFER;

  return TRUE;
}

static void
build_fingerprint (FerryElementBuilder *builder,
                   const char          *algo,
                   const char          *hex)
{
  if (*hex == '\0')
    return;

  ferry_element_builder_open (builder, "fingerprint", NULL);
  ferry_element_builder_attribute (builder, "algo", algo);
  ferry_element_builder_text (builder, hex);
  ferry_element_builder_close (builder);
}

static void
build_methods (FerryElementBuilder *builder,
               guint                methods)
{
  for (guint i = 0; i < G_N_ELEMENTS (method_names); i++)
    {
      if (!(methods & method_names[i].method))
        continue;

      ferry_element_builder_open (builder, "method", NULL);
      ferry_element_builder_attribute (builder, "name", method_names[i].name);
      ferry_element_builder_close (builder);
    }
}

static void
build_key (FerryElementBuilder *builder,
           const char          *hex)
{
  if (*hex == '\0')
    return;

  ferry_element_builder_open (builder, "keyinfo", NS_PUBKEY);
  ferry_element_builder_text_child (builder, "name", hex);
  ferry_element_builder_close (builder);
}

static void
build_offer (FerryElementBuilder *builder,
             const FerryXtls     *self)
{
  ferry_element_builder_open (builder, "offer", FERRY_NS_C2CTLS);
  if (self->methods & FERRY_XTLS_X509)
    {
      build_key (builder, self->sha1);
      build_key (builder, self->sha256);
    }
  if (self->methods & FERRY_XTLS_SRP)
    {
      ferry_element_builder_open (builder, "srp", NULL);
      ferry_element_builder_close (builder);
    }
  ferry_element_builder_close (builder);
}

FerryElement *
ferry_xtls_to_element (const FerryXtls *self)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("security", FERRY_NS_XTLS);

  if (self->form == FERRY_XTLS_FORM_OFFER)
    {
      build_offer (builder, self);
      return ferry_element_builder_end (builder);
    }

  if (self->methods & FERRY_XTLS_X509)
    {
      build_fingerprint (builder, "sha1", self->sha1);
      build_fingerprint (builder, "sha-256", self->sha256);
    }
  build_methods (builder, self->methods);

  return ferry_element_builder_end (builder);
}

/* XTLS-12 */
FerryElement *
ferry_xtls_choice_to_element (FerryXtlsMethods method,
                              FerryXtlsForm    form)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("security", FERRY_NS_XTLS);

  for (guint i = 0; i < G_N_ELEMENTS (method_names); i++)
    if (form == FERRY_XTLS_FORM_OFFER && method == method_names[i].method)
      ferry_element_builder_attribute (builder, "method", method_names[i].name);
  build_methods (builder, method);

  return ferry_element_builder_end (builder);
}

static gboolean
differs (const char *a,
         const char *b,
         guint      *n_equal)
{
  if (a == NULL || b == NULL || *a == '\0' || *b == '\0')
    return FALSE;

  if (g_ascii_strcasecmp (a, b) != 0)
    return TRUE;

  (*n_equal)++;

  return FALSE;
}

gboolean
ferry_xtls_fits (const FerryXtls *self,
                 const char      *sha1,
                 const char      *sha256)
{
  guint n_equal = 0;

  return !differs (self->sha1, sha1, &n_equal) && !differs (self->sha256, sha256, &n_equal) &&
         n_equal > 0;
}
