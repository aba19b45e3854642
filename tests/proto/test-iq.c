/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"

static FerryElement *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  FerryElement *element = ferry_element_parse (xml, -1, &error);

  g_assert_no_error (error);

  return element;
}

static void
assert_prints (FerryElement *element,
               const char   *xml)
{
  g_autoptr(FerryElement) expected = parse (xml);
  g_autofree char *text = ferry_element_print (element);

  if (!ferry_element_equal (element, expected))
    g_error ("Expected %s\ngot %s", xml, text);
}

static void
test_asks (void)
{
  g_autoptr(FerryElement) payload = parse ("<query xmlns='urn:q'/>");
  g_autoptr(FerryElement) full = ferry_iq_new (FERRY_IQ_SET, "juliet@capulet.lit/b", "i1", payload);
  g_autoptr(FerryElement) bare = ferry_iq_new (FERRY_IQ_GET, NULL, "i2", NULL);

  assert_prints (full, "<iq xmlns='jabber:client' type='set' to='juliet@capulet.lit/b' id='i1'>"
                       "<query xmlns='urn:q'/></iq>");
  assert_prints (bare, "<iq xmlns='jabber:client' type='get' id='i2'/>");
}

/* GEN-1: the same id, to = its from. */
static void
test_answers (void)
{
  g_autoptr(FerryElement) request = parse ("<iq xmlns='jabber:client' type='get' id='i&amp;1' "
                                           "from='a@b/c' to='d@e/f'><query xmlns='urn:q'/></iq>");
  g_autoptr(FerryElement) result = ferry_iq_new_result (request, NULL);
  g_autoptr(FerryElement) full = ferry_iq_new_result (request, ferry_iq_get_payload (request));
  g_autoptr(FerryStanzaError) reason = ferry_stanza_error_new (
    FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_SERVICE_UNAVAILABLE, NULL, NULL, NULL);
  g_autoptr(FerryElement) error = ferry_iq_new_error (request, reason);

  assert_prints (result, "<iq xmlns='jabber:client' type='result' id='i&amp;1' to='a@b/c'/>");
  assert_prints (full, "<iq xmlns='jabber:client' type='result' id='i&amp;1' to='a@b/c'>"
                       "<query xmlns='urn:q'/></iq>");
  assert_prints (error, "<iq xmlns='jabber:client' type='error' id='i&amp;1' to='a@b/c'>"
                        "<error type='cancel'>"
                        "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                        "</error></iq>");
}

static void
test_tells_requests_from_the_rest (void)
{
  static const struct
  {
    const char *stanza;
    gboolean    is_request;
  } cases[] = {
    { "<iq xmlns='jabber:client' type='get'/>", TRUE },
    { "<iq xmlns='jabber:client' type='set'/>", TRUE },
    { "<iq xmlns='jabber:client' type='result'/>", FALSE },
    { "<iq xmlns='jabber:client' type='error'/>", FALSE },
    { "<iq xmlns='jabber:client' type='GET'/>", FALSE },
    { "<iq xmlns='jabber:client'/>", FALSE },
    { "<iq xmlns='urn:other' type='get'/>", FALSE },
    { "<message xmlns='jabber:client' type='get'/>", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(FerryElement) stanza = parse (cases[i].stanza);

      g_assert_true (ferry_iq_is_request (stanza) == cases[i].is_request);
    }
}

static void
test_finds_the_payload_beside_the_error (void)
{
  g_autoptr(FerryElement) iq = parse ("<iq xmlns='jabber:client' type='error'><error type='cancel'/>"
                                      "<query xmlns='urn:q'/></iq>");
  g_autoptr(FerryElement) bare = parse ("<iq xmlns='jabber:client' type='error'><error/></iq>");

  g_assert_true (ferry_element_is (ferry_iq_get_payload (iq), "query", "urn:q"));
  g_assert_null (ferry_iq_get_payload (bare));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proto/iq/asks", test_asks);
  g_test_add_func ("/proto/iq/answers", test_answers);
  g_test_add_func ("/proto/iq/tells-requests-from-the-rest", test_tells_requests_from_the_rest);
  g_test_add_func ("/proto/iq/finds-the-payload-beside-the-error",
                   test_finds_the_payload_beside_the_error);

  return g_test_run ();
}
