/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "bytestreams-script.h"
#include "wait.h"

/* The target of XEP-0065 against hosts in all the moods that were seen. */

/* SOCKS-3, SOCKS-7: a reply of any length, and the file behind it in the same breath. */
static void
test_loses_no_early_byte (TransportWorld *world,
                          gconstpointer   data)
{
  static const char early[] = "the first bytes of the file";
  g_autoptr(LabHost) host = script_make_host (GPOINTER_TO_INT (data), early);
  g_autofree char *hosts = g_strdup_printf (HOST, lab_host_get_port (host));
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;
  char buffer[sizeof early] = "";

  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask_hosts (world, hosts, &asked);
  script_assert_used (world, &asked, ROMEO);
  script_finish_target (world, &opened);

  g_assert_no_error (world->parties[1].error);
  g_assert_true (g_input_stream_read_all (g_io_stream_get_input_stream (world->parties[1].stream),
                                          buffer, sizeof early - 1, NULL, NULL, NULL));
  g_assert_cmpstr (buffer, ==, early);
  g_assert_cmpint (ferry_transport_get_path (world->parties[1].transport), ==, FERRY_PATH_DIRECT);
}

typedef struct
{
  LabHostMood first;    /* of the first host; the second is in order */
  gint64      patience; /* µs that the first may cost */
} Moods;

/* S5P-3, one at a time: a listener of libpurple takes one connection only. */
static void
test_goes_down_the_list (TransportWorld *world,
                         gconstpointer   data)
{
  const Moods *moods = data;
  g_autoptr(LabHost) first = script_make_host (moods->first, NULL);
  g_autoptr(LabHost) second = script_make_host (LAB_HOST_ECHOES, NULL);
  g_autofree char *hosts = g_strdup_printf (HOST HOST, lab_host_get_port (first),
                                            lab_host_get_port (second));
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;
  gint64 begin = g_get_monotonic_time ();

  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask_hosts (world, hosts, &asked);
  script_assert_used (world, &asked, ROMEO);
  script_finish_target (world, &opened);

  g_assert_no_error (world->parties[1].error);
  g_assert_cmpuint (lab_host_get_n_calls (first), ==, 1); /* SOCKS-10: asked once */
  g_assert_cmpuint (lab_host_get_n_calls (second), ==, moods->first != LAB_HOST_ECHOES);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, moods->patience);
}

static void
test_leaves_a_black_hole (TransportWorld *world,
                          gconstpointer   data)
{
  BlackHole hole;
  g_autoptr(LabHost) host = script_make_host (LAB_HOST_ECHOES, NULL);
  g_autofree char *hosts = NULL;
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;
  gint64 begin = g_get_monotonic_time ();

  black_hole_init (&hole);
  hosts = g_strdup_printf (HOST HOST, hole.port, lab_host_get_port (host));
  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask_hosts (world, hosts, &asked);
  script_assert_used (world, &asked, ROMEO);
  script_finish_target (world, &opened);

  g_assert_no_error (world->parties[1].error);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 7 * G_USEC_PER_SEC);
  black_hole_clear (&hole);
}

/* The proxy is a later choice, whatever the order of the list: libpurple loses small
 * files through it. */
static void
test_keeps_proxies_for_last (TransportWorld *world,
                             gconstpointer   data)
{
  g_autoptr(LabHost) proxy = script_make_host (LAB_HOST_ECHOES, NULL);
  g_autoptr(LabHost) direct = script_make_host (LAB_HOST_ECHOES, NULL);
  g_autofree char *hosts =
    g_strdup_printf ("<streamhost jid='proxy.example' host='127.0.0.1' port='%u'/>" HOST,
                     lab_host_get_port (proxy), lab_host_get_port (direct));
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask_hosts (world, hosts, &asked);
  script_assert_used (world, &asked, ROMEO);
  script_finish_target (world, &opened);
  g_assert_cmpuint (lab_host_get_n_calls (proxy), ==, 0);
}

/* S5P table, GEN-6; and the transport has failed. */
static void
test_finds_nobody (TransportWorld *world,
                   gconstpointer   data)
{
  LabHost *gone = script_make_host (LAB_HOST_ECHOES, NULL);
  g_autofree char *hosts = g_strdup_printf (HOST DEAD, lab_host_get_port (gone));
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  lab_host_free (gone);
  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask_hosts (world, hosts, &asked);
  script_assert_refused (world, &asked, FERRY_CONDITION_ITEM_NOT_FOUND, 404);
  script_finish_target (world, &opened);
  world_assert_failed (world, 1, "refused");
}

/* SEC-14, SEC-16: the request may name any place, and we go to few. */
static void
test_goes_nowhere_dangerous (TransportWorld *world,
                             gconstpointer   data)
{
  g_autoptr(LabHost) host = script_make_host (LAB_HOST_ECHOES, NULL);
  guint16 port = lab_host_get_port (host);
  g_autofree char *hosts =
    g_strdup_printf (HOST DEAD "<streamhost jid='" ROMEO "' host='localhost' port='%u'/>"
                     "<streamhost jid='" ROMEO "' host='0.0.0.0' port='%u'/>", port, port, port);
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) asked = NULL;

  world->parties[1].settings->allow_loopback = FALSE;
  script_make_target (world, FERRY_NS_BYTESTREAMS, SID);
  script_open_target (world, &opened);
  script_ask_hosts (world, hosts, &asked);
  script_assert_refused (world, &asked, FERRY_CONDITION_ITEM_NOT_FOUND, 404);
  script_finish_target (world, &opened);
  world_assert_failed (world, 1, "a loopback address");
  g_assert_cmpuint (lab_host_get_n_calls (host), ==, 0);
}

static const Moods moods[] = {
  { LAB_HOST_ECHOES, G_USEC_PER_SEC },
  { LAB_HOST_REFUSES, G_USEC_PER_SEC },
  { LAB_HOST_IS_MUTE, 7 * G_USEC_PER_SEC },
};

static void
add (const char     *path,
     gconstpointer   data,
     void          (*func) (TransportWorld *, gconstpointer))
{
  g_autofree char *full = g_strconcat ("/core/transport-bytestreams-hosts/", path, NULL);

  g_test_add (full, TransportWorld, data, world_set_up, func, world_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("loses-no-early-byte/47", GINT_TO_POINTER (LAB_HOST_ECHOES), test_loses_no_early_byte);
  add ("loses-no-early-byte/10", GINT_TO_POINTER (LAB_HOST_IPV4), test_loses_no_early_byte);
  add ("loses-no-early-byte/16", GINT_TO_POINTER (LAB_HOST_NAMES), test_loses_no_early_byte);
  add ("goes-down-the-list/first-is-fine", &moods[0], test_goes_down_the_list);
  add ("goes-down-the-list/first-refuses", &moods[1], test_goes_down_the_list);
  add ("goes-down-the-list/first-is-mute", &moods[2], test_goes_down_the_list);
  add ("leaves-a-black-hole", NULL, test_leaves_a_black_hole);
  add ("keeps-proxies-for-last", NULL, test_keeps_proxies_for_last);
  add ("finds-nobody", NULL, test_finds_nobody);
  add ("goes-nowhere-dangerous", NULL, test_goes_nowhere_dangerous);

  return g_test_run ();
}
