/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "caps-fixture.h"

void
caps_fixture_start (CapsFixture *fixture)
{
  fixture->port = fake_port_new (OWN);
  fixture->router = ferry_router_new ();
  fixture->roster = ferry_roster_new (fixture->router);
  fixture->caps = ferry_capabilities_new (fixture->router, fixture->roster, fixture->data_dir);
  ferry_router_set_port (fixture->router, FERRY_STANZA_PORT (fixture->port));
  fake_port_inject (fixture->port, "<iq type='set' id='1'><query xmlns='jabber:iq:roster'>"
                    "<item jid='" JULIET "' subscription='both'/></query></iq>");
  fake_port_inject (fixture->port, "<iq type='set' id='2'><query xmlns='jabber:iq:roster'>"
                    "<item jid='" NURSE "' subscription='to'/></query></iq>");
  fake_port_clear (fixture->port);
}

void
caps_fixture_stop (CapsFixture *fixture)
{
  ferry_router_set_port (fixture->router, NULL);
  wait_until_idle ();
  g_assert_finalize_object (fixture->caps);
  g_assert_finalize_object (fixture->roster);
  g_assert_finalize_object (fixture->router);
  g_assert_finalize_object (fixture->port);
}

void
caps_fixture_set_up (CapsFixture   *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->data_dir = g_dir_make_tmp ("ferry-test-XXXXXX", &error);
  g_assert_no_error (error);
  caps_fixture_start (fixture);
}

void
caps_fixture_tear_down (CapsFixture   *fixture,
                        gconstpointer  data)
{
  g_autofree char *file = g_build_filename (fixture->data_dir, "capabilities.ini", NULL);

  caps_fixture_stop (fixture);
  g_unlink (file);
  g_rmdir (fixture->data_dir);
  g_free (fixture->data_dir);
}

static FerryElement *
build_query (const char *children)
{
  return fake_stanza ("<query xmlns='" INFO "'>%s</query>", children);
}

/* The hash a client announces that says @children. */
char *
caps_fixture_compute_ver (const char *children)
{
  g_autoptr(FerryElement) query = build_query (children);
  g_autoptr(FerryDiscoInfo) info = ferry_disco_info_parse (query, NULL);

  return ferry_caps_compute (info);
}

void
caps_fixture_announce (CapsFixture *fixture,
                       const char  *jid,
                       int          priority,
                       const char  *ver)
{
  fake_port_inject (fixture->port, "<presence from='%s'><priority>%d</priority>"
                    "<c xmlns='" FERRY_NS_CAPS "' hash='sha-1' node='" NODE "' ver='%s'/>"
                    "</presence>", jid, priority, ver);
}

/* Takes the one question under way, and answers it unless @children is %NULL. */
char *
caps_fixture_answer (CapsFixture *fixture,
                     const char  *children)
{
  g_autoptr(FerryElement) request = fake_port_take (fixture->port);
  g_autofree char *query = NULL;

  g_assert_nonnull (request);
  g_assert_nonnull (ferry_element_find (request, "query", INFO));

  if (children != NULL)
    query = g_strdup_printf ("<query xmlns='" INFO "'>%s</query>", children);
  if (query != NULL)
    fake_port_answer (fixture->port, request, query);
  else
    fake_port_answer_error (fixture->port, request, FERRY_CONDITION_FORBIDDEN);
  wait_until_idle ();

  return g_strdup (ferry_element_get_attribute (request, "to"));
}
