/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "net/port-mappings-private.h"
#include "own-network.h"
#include "scripted-igd.h"
#include "test-client.h"

#define OWN "192.168.1.10"
#define PORT 41000
#define OLD_PORT 42000

typedef struct
{
  guint             n_stands;
  guint             n_given_back;
  guint             n_over;
  FerryPortMapping  mapping;
  char             *fault;    /* (owned) (nullable) */
} News;

static void
news_cb (FerryMappingNews        news,
         const FerryPortMapping *mapping,
         const char             *text,
         gpointer                user_data)
{
  News *self = user_data;

  self->n_stands += news == FERRY_MAPPING_STANDS;
  self->n_given_back += news == FERRY_MAPPING_GIVEN_BACK;
  self->n_over += news == FERRY_MAPPING_OVER;

  if (news == FERRY_MAPPING_STANDS)
    self->mapping = *mapping;
  if (news == FERRY_MAPPING_FAILED)
    {
      g_free (self->fault);
      self->fault = g_strdup (text);
    }
}

static void
make_network (void)
{
  /* GUPnP asks NetworkManager where there is one; that knows nothing of this network. */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);

  g_assert_true (own_network_enter ());
  g_assert_true (own_network_ip ("link add eth0 type veth peer name far0"));
  g_assert_true (own_network_ip ("link set far0 up"));
  g_assert_true (own_network_ip ("link set eth0 up"));
  g_assert_true (own_network_ip ("addr add " OWN "/24 dev eth0"));
  g_assert_true (own_network_ip ("addr add " SCRIPTED_IGD_ADDRESS "/32 dev lo"));
}

static FerryMappingIgd *
ask (News *news)
{
  FerryMappingPlace place = { NULL };

  g_assert_true (ferry_ip_address_parse (SCRIPTED_IGD_ADDRESS, &place.router));
  g_assert_true (ferry_ip_address_parse (OWN, &place.own));
  return ferry_mapping_igd_new (&place, PORT, news_cb, news);
}

static void
stop (FerryMappingIgd *igd,
      News            *news)
{
  ferry_mapping_igd_stop (igd);
  WAIT_FOR (news->n_over > 0);
  g_assert_cmpuint (news->n_over, ==, 1);
  ferry_mapping_igd_free (igd);
  g_clear_pointer (&news->fault, g_free);
}

static void
check_mapped (const News  *news,
              const char  *external,
              guint        port)
{
  g_autofree char *address = ferry_ip_address_to_string (&news->mapping.external);

  g_assert_cmpint (news->mapping.method, ==, FERRY_MAPPING_UPNP);
  g_assert_cmpstr (address, ==, external);
  g_assert_cmpuint (news->mapping.external_port, ==, port);
  g_assert_cmpuint (news->mapping.internal_port, ==, PORT);
  g_assert_cmpuint (news->mapping.lifetime, ==, 3600);
}

/* Also where the router says late what its address is. */
static void
map_and_give_back (guint delay)
{
  ScriptedIgd router = { .delay = delay };
  News news = { 0 };
  FerryMappingIgd *igd;

  scripted_igd_start (&router);
  igd = ask (&news);
  WAIT_FOR (news.n_stands > 0);
  check_mapped (&news, "203.0.113.7", PORT);
  g_assert_cmpstr (g_ptr_array_index (router.asked, 0), ==,
                   "TCP 41000 to 192.168.1.10:41000 for 3600, Ferry");
  g_assert_true (g_hash_table_contains (router.mapped, GUINT_TO_POINTER (PORT)));

  stop (igd, &news);
  g_assert_cmpuint (g_hash_table_size (router.mapped), ==, 0);
  scripted_igd_stop (&router);
}

static void
test_takes_another_port (void)
{
  ScriptedIgd router = { .taken_port = PORT, .external = "10.20.30.40" };
  News news = { 0 };
  FerryMappingIgd *igd;

  if (!own_network_begin ())
    return;

  make_network ();
  scripted_igd_start (&router);
  igd = ask (&news);
  WAIT_FOR (news.n_stands > 0);
  g_assert_cmpuint (news.mapping.external_port, !=, PORT);
  check_mapped (&news, "10.20.30.40", news.mapping.external_port);
  stop (igd, &news);
  g_assert_cmpuint (g_hash_table_size (router.mapped), ==, 0);
  scripted_igd_stop (&router);
}

static void
test_says_why_not (void)
{
  const struct
  {
    ScriptedIgd  router;
    const char  *fault;
  } cases[] = {
    { { .refuses = 725 }, "the router would give the port away for ever only" },
    { { .refuses = 606 }, "the router does not allow it" },
    { { .refuses = 501 }, "the router refuses" },
    { { .external = "0.0.0.0" }, "the router has no address that others could reach" },
    { { .external = "127.0.0.1" }, "the router has no address that others could reach" },
    { { .external = "router.lan" }, "the router does not know its own address" },
    { { .external = "" }, "the router does not know its own address" },
    { { .is_silent = TRUE }, "the router does not answer" },
  };

  if (!own_network_begin ())
    return;

  make_network ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScriptedIgd router = cases[i].router;
      News news = { 0 };
      FerryMappingIgd *igd;

      scripted_igd_start (&router);
      igd = ask (&news);
      WAIT_FOR (news.fault != NULL);
      g_assert_cmpstr (news.fault, ==, cases[i].fault);
      g_assert_cmpuint (news.n_stands, ==, 0);
      stop (igd, &news);
      scripted_igd_stop (&router);
    }
}

static void
test_gives_back_what_is_old (void)
{
  ScriptedIgd router = { 0 };
  News news = { 0 };
  FerryMappingIgd *igd;

  if (!own_network_begin ())
    return;

  make_network ();
  scripted_igd_start (&router);
  igd = ask (&news);
  ferry_mapping_igd_give_back (igd, OLD_PORT, OLD_PORT);
  WAIT_FOR (news.n_given_back == 1 && news.n_stands == 1 && router.n_deleted == 1);
  check_mapped (&news, "203.0.113.7", PORT);
  g_assert_true (g_hash_table_contains (router.mapped, GUINT_TO_POINTER (PORT)));
  g_assert_false (g_hash_table_contains (router.mapped, GUINT_TO_POINTER (OLD_PORT)));
  stop (igd, &news);
  g_assert_cmpuint (g_hash_table_size (router.mapped), ==, 0);
  scripted_igd_stop (&router);
}

/* Whenever one goes, nothing is left, and nobody dies of it. */
static void
test_can_go_at_any_time (void)
{
  ScriptedIgd router = { .delay = 30 };

  if (!own_network_begin ())
    return;

  make_network ();
  scripted_igd_start (&router);
  for (guint i = 0; i < 24; i++)
    {
      News news = { 0 };
      FerryMappingIgd *igd = ask (&news);

      test_spin (i * 6);
      stop (igd, &news);
    }

  g_assert_cmpuint (g_hash_table_size (router.mapped), ==, 0);
  scripted_igd_stop (&router);
}

static void
test_maps_and_gives_back (void)
{
  if (!own_network_begin ())
    return;

  make_network ();
  map_and_give_back (0);
  map_and_give_back (700);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/port-mappings-igd/maps-and-gives-back", test_maps_and_gives_back);
  g_test_add_func ("/net/port-mappings-igd/takes-another-port", test_takes_another_port);
  g_test_add_func ("/net/port-mappings-igd/says-why-not", test_says_why_not);
  g_test_add_func ("/net/port-mappings-igd/gives-back-what-is-old", test_gives_back_what_is_old);
  g_test_add_func ("/net/port-mappings-igd/can-go-at-any-time", test_can_go_at_any_time);

  return g_test_run ();
}
