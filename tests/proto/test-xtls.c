/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/proto-error.h"
#include "proto/xtls.h"

#define SHA1   "3f2a9c41d0be57886c1e04b7f59d22a8e63b710c"
#define SHA256 "91c5e0f4a7d2386b5e19fc0d84b36a72c8e1f5093d6ba4728e90d15cf3ab2764"
#define OTHER  "0000000000000000000000000000000000000000"

#define X509   FERRY_XTLS_X509
#define SRP    FERRY_XTLS_SRP
#define NATIVE FERRY_XTLS_FORM_NATIVE
#define OFFER  FERRY_XTLS_FORM_OFFER
#define FOREIGN FERRY_XTLS_FORM_FOREIGN

#define SECURITY(children) "<security xmlns='" FERRY_NS_XTLS "'>" children "</security>"

static FerryElement *
load (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".xml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "jingle-xtls", file, NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  element = ferry_element_parse (xml, -1, &error);
  g_assert_no_error (error);

  return element;
}

/* XTLS-12, -13, -14, -22 */
static const struct
{
  const char *name;
  FerryXtls   value;
} vectors[] = {
  { "offer", { NATIVE, X509 | SRP, SHA1, SHA256 } },
  { "offer-as-first-published", { NATIVE, X509, SHA1, "" } },
  { "answer-with-phrase", { NATIVE, SRP, "", "" } },
  { "choice", { NATIVE, X509, "", "" } },
  { "draft-offer", { OFFER, X509 | SRP, SHA1, "" } },
  { "draft-placeholder", { OFFER, X509 | SRP, "", "" } },
  { "draft-choice", { OFFER, X509, "", "" } },
  { "gajim", { FOREIGN, X509, "", SHA256 } },
};

static void
assert_equal (const FerryXtls *a,
              const FerryXtls *b)
{
  g_assert_cmpint (a->form, ==, b->form);
  g_assert_cmpuint (a->methods, ==, b->methods);
  g_assert_cmpstr (a->sha1, ==, b->sha1);
  g_assert_cmpstr (a->sha256, ==, b->sha256);
}

static void
test_vectors (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr(FerryElement) element = load (vectors[i].name);
      g_autoptr(GError) error = NULL;
      FerryXtls value;

      g_test_message ("%s", vectors[i].name);
      g_assert_true (ferry_xtls_parse (element, &value, &error));
      g_assert_no_error (error);
      assert_equal (&value, &vectors[i].value);
    }
}

/* What we write is what the vectors have, and reads as what was meant. */
static void
test_writes (void)
{
  static const FerryXtls values[] = {
    { NATIVE, X509, SHA1, SHA256 },
    { NATIVE, X509 | SRP, SHA1, SHA256 },
    { NATIVE, SRP, "", "" },
    { OFFER, X509, SHA1, SHA256 },
    { OFFER, X509 | SRP, SHA1, "" },
    { OFFER, SRP, "", "" },
  };
  g_autoptr(FerryElement) offer = load ("offer");
  g_autoptr(FerryElement) written = ferry_xtls_to_element (&vectors[0].value);

  g_assert_true (ferry_element_equal (written, offer));

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(FerryElement) element = ferry_xtls_to_element (&values[i]);
      g_autoptr(GError) error = NULL;
      FerryXtls value;

      g_assert_true (ferry_xtls_parse (element, &value, &error));
      assert_equal (&value, &values[i]);
    }
}

static void
test_says_fingerprints_with_certificates_alone (void)
{
  static const FerryXtls values[] = { { NATIVE, SRP, SHA1, SHA256 }, { OFFER, SRP, SHA1, SHA256 } };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(FerryElement) element = ferry_xtls_to_element (&values[i]);
      g_autofree char *xml = ferry_element_print (element);

      g_assert_null (strstr (xml, SHA1));
      g_assert_null (strstr (xml, SHA256));
    }
}

/* XTLS-12: the child for everybody, the attribute for who knows that alone. */
static void
test_choices (void)
{
  static const FerryXtlsMethods methods[] = { X509, SRP };
  static const FerryXtlsForm forms[] = { NATIVE, OFFER };

  for (guint i = 0; i < 4; i++)
    {
      FerryXtlsForm form = forms[i / 2];
      g_autoptr(FerryElement) element = ferry_xtls_choice_to_element (methods[i % 2], form);
      const char *name = methods[i % 2] == X509 ? "x509" : "srp";
      g_autoptr(GError) error = NULL;
      FerryXtls value;

      g_assert_true (ferry_xtls_parse (element, &value, &error));
      g_assert_cmpuint (value.methods, ==, methods[i % 2]);
      g_assert_cmpstr (ferry_element_get_attribute (element, "method"), ==,
                       form == OFFER ? name : NULL);
      g_assert_cmpuint (ferry_element_get_n_children (element), ==, 1);
    }
}

/* XTLS-14: how a fingerprint may look, and what is none. */
static const struct
{
  const char *xml;
  FerryXtls   value;
} looks[] = {
  { SECURITY ("<fingerprint algo='sha-1'>3F:2A:9C:41:D0:BE:57:88:6C:1E:04:B7:F5:9D:22:A8:E6:3B:71:0C"
              "</fingerprint><method name='x509'/>"), { NATIVE, X509, SHA1, "" } },
  { SECURITY ("<fingerprint>\n  3f2a9c41 d0be5788 6c1e04b7\tf59d22a8 e63b710c\n</fingerprint>"
              "<method name='x509'/>"), { NATIVE, X509, SHA1, "" } },
  { SECURITY ("<fingerprint>" SHA1 "</fingerprint><fingerprint>" SHA1 "</fingerprint>"),
    { NATIVE, 0, SHA1, "" } },
  { SECURITY ("<fingerprint algo='md5'>d41d8cd98f00b204e9800998ecf8427e</fingerprint>"),
    { NATIVE, 0, "", "" } },
  { SECURITY ("<fingerprint>" SHA256 "00</fingerprint>"), { NATIVE, 0, "", "" } },
  { SECURITY ("<fingerprint>" SHA1 "zz</fingerprint>"), { NATIVE, 0, "", "" } },
  { SECURITY ("<fingerprint/>"), { NATIVE, 0, "", "" } },
  { SECURITY ("<method name='openpgp'/><method/>"), { NATIVE, 0, "", "" } },
  { SECURITY (""), { FOREIGN, 0, "", "" } },
  { SECURITY ("<certificate xmlns='urn:x'/>"), { FOREIGN, 0, "", "" } },
  { SECURITY ("<method xmlns='urn:x' name='srp'/>"), { FOREIGN, 0, "", "" } },
  { SECURITY ("<offer xmlns='urn:xmpp:tmp:c2ctls'><insecure/></offer>"), { OFFER, 0, "", "" } },
  { SECURITY ("<offer xmlns='urn:x'><srp/></offer>"), { FOREIGN, 0, "", "" } },
};

static void
test_looks (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      g_autoptr(FerryElement) element = ferry_element_parse (looks[i].xml, -1, NULL);
      g_autoptr(GError) error = NULL;
      FerryXtls value;

      g_test_message ("%s", looks[i].xml);
      g_assert_true (ferry_xtls_parse (element, &value, &error));
      g_assert_no_error (error);
      assert_equal (&value, &looks[i].value);
    }
}

static void
refuse (const char *xml)
{
  g_autoptr(FerryElement) element = ferry_element_parse (xml, -1, NULL);
  g_autoptr(GError) error = NULL;
  FerryXtls value;

  g_assert_nonnull (element);
  g_assert_false (ferry_xtls_parse (element, &value, &error));
  g_assert_error (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED);
}

/* SEC-11 */
static void
test_refuses (void)
{
  g_autofree char *blanks = g_strnfill (1025, ' ');
  g_autofree char *long_text = g_strdup_printf (SECURITY ("<fingerprint>%s</fingerprint>"), blanks);
  g_autoptr(GString) many = g_string_new (NULL);
  g_autofree char *native = NULL;
  g_autofree char *offer = NULL;

  for (guint i = 0; i < 17; i++)
    g_string_append (many, "<method/>");
  native = g_strdup_printf (SECURITY ("%s"), many->str);
  offer = g_strdup_printf (SECURITY ("<offer xmlns='urn:xmpp:tmp:c2ctls'>%s</offer>"), many->str);

  refuse (long_text);
  refuse (native);
  refuse (offer);
  refuse (SECURITY ("<fingerprint>" SHA1 "</fingerprint><fingerprint>" OTHER "</fingerprint>"));
  refuse (SECURITY ("<fingerprint>" SHA1 "</fingerprint><offer xmlns='urn:xmpp:tmp:c2ctls'>"
                    "<keyinfo xmlns='urn:xmpp:tmp:pubkey'><name>" OTHER "</name></keyinfo></offer>"));
  refuse ("<security xmlns='urn:xmpp:jingle:jet:0'/>");
}

/* A pin, and what a peer announces. */
static void
test_fits (void)
{
  FerryXtls both = { NATIVE, X509, SHA1, SHA256 };
  FerryXtls old = { NATIVE, X509, SHA1, "" };
  FerryXtls none = { NATIVE, X509, "", "" };

  g_assert_true (ferry_xtls_fits (&both, SHA1, SHA256));
  g_assert_true (ferry_xtls_fits (&both, NULL, SHA256));
  g_assert_true (ferry_xtls_fits (&both, "", SHA256));
  g_assert_true (ferry_xtls_fits (&old, SHA1, SHA256));
  g_assert_false (ferry_xtls_fits (&both, OTHER, SHA256));
  g_assert_false (ferry_xtls_fits (&both, SHA1, OTHER));
  g_assert_false (ferry_xtls_fits (&old, OTHER, SHA256));
  g_assert_false (ferry_xtls_fits (&old, NULL, SHA256));
  g_assert_false (ferry_xtls_fits (&none, SHA1, SHA256));
  g_assert_false (ferry_xtls_fits (&none, NULL, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/xtls/vectors", test_vectors);
  g_test_add_func ("/proto/xtls/writes", test_writes);
  g_test_add_func ("/proto/xtls/says-fingerprints-with-certificates-alone",
                   test_says_fingerprints_with_certificates_alone);
  g_test_add_func ("/proto/xtls/choices", test_choices);
  g_test_add_func ("/proto/xtls/looks-of-a-fingerprint", test_looks);
  g_test_add_func ("/proto/xtls/refuses-what-cannot-be-meant", test_refuses);
  g_test_add_func ("/proto/xtls/fits-a-pin", test_fits);

  return g_test_run ();
}
