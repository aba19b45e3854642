/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "core/contact-private.h"
#include "core/roster-private.h"
#include "proto/jid.h"
#include "two-clients.h"
#include "wait.h"

#define PATIENCE (20 * G_USEC_PER_SEC)

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
wait_until (WaitCondition condition,
            gpointer      subject,
            guint         number)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (5, wake_cb, NULL);

  while (!condition (subject, number))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }

  g_source_remove (wake);
}

static gboolean
has_state (gpointer subject,
           guint    number)
{
  return ferry_transfer_get_state (subject) == number || ferry_transfer_is_ended (subject);
}

void
wait_for_state (FerryTransfer      *transfer,
                FerryTransferState  state)
{
  const GError *error;

  wait_until (has_state, transfer, state);
  error = ferry_transfer_get_error (transfer);
  if (error != NULL && state != FERRY_TRANSFER_FAILED)
    g_test_message ("%s", error->message);
  g_assert_cmpuint (ferry_transfer_get_state (transfer), ==, state);
}

static gboolean
has_ended (gpointer subject,
           guint    number)
{
  return ferry_transfer_is_ended (subject);
}

void
wait_for_end (FerryTransfer *transfer)
{
  wait_until (has_ended, transfer, 0);
}

static gboolean
has_items (gpointer subject,
           guint    number)
{
  return g_list_model_get_n_items (subject) > number;
}

FerryTransfer *
party_get_transfer (Party *self,
                    guint  index)
{
  g_autoptr(FerryTransfer) transfer = g_list_model_get_item (G_LIST_MODEL (self->queue), index);

  return transfer;
}

FerryTransfer *
wait_for_transfer (Party *party,
                   guint  n)
{
  wait_until (has_items, party->queue, n);
  return party_get_transfer (party, n);
}

static gboolean
is_past (gpointer subject,
         guint    number)
{
  return g_get_monotonic_time () >= *(gint64 *) subject;
}

void
wait_ms (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;

  wait_until (is_past, &end, 0);
}

static char *
replace (const char *text,
         const char *from,
         const char *to)
{
  g_auto(GStrv) parts = g_strsplit (text, from, -1);

  return g_strjoinv (to, parts);
}

/* Returns: (transfer full): the same text if there is nothing to change */
static char *
tamper (TwoClients *self,
        const char *xml)
{
  char *changed = g_strdup (xml);

  for (guint i = 0; self->tampered != NULL && self->tampered[i] != NULL; i += 2)
    {
      g_autofree char *before = changed;

      changed = replace (before, self->tampered[i], self->tampered[i + 1]);
    }

  return changed;
}

static gboolean
server_filter_cb (FerryElement *stanza,
                  gpointer      user_data)
{
  TwoClients *self = user_data;
  g_autofree char *xml = ferry_element_print (stanza);
  g_autofree char *changed = tamper (self, xml);
  const char *to = ferry_element_get_attribute (stanza, "to");
  g_autoptr(FerryElement) element = NULL;

  self->n_watched += self->watch != NULL && strstr (xml, self->watch) != NULL;

  if (self->drop != NULL && strstr (xml, self->drop) != NULL)
    {
      self->n_dropped++;
      return FALSE;
    }

  if (g_str_equal (xml, changed))
    return TRUE;

  self->n_tampered++;
  element = ferry_element_parse (changed, -1, NULL);
  g_assert_nonnull (element);
  fake_port_inject_element (g_str_equal (to, ROMEO) ? self->romeo.port : self->juliet.port,
                            element);
  return FALSE;
}

void
two_clients_tamper (TwoClients *self,
                    const char *from,
                    const char *to)
{
  g_clear_pointer (&self->tampered, g_strfreev);
  two_clients_tamper_also (self, from, to);
}

void
two_clients_tamper_also (TwoClients *self,
                         const char *from,
                         const char *to)
{
  guint n = self->tampered != NULL ? g_strv_length (self->tampered) : 0;

  self->tampered = g_renew (char *, self->tampered, n + 3);
  self->tampered[n] = g_strdup (from);
  self->tampered[n + 1] = g_strdup (to);
  self->tampered[n + 2] = NULL;
}

static void
party_set_up (Party          *self,
              FakeServer     *server,
              const char     *jid,
              PartyConfigure  configure)
{
  self->dir = g_dir_make_tmp ("ferry-inbox-XXXXXX", NULL);
  self->settings = ferry_settings_new ();
  self->settings->jid = ferry_jid_dup_bare (jid);
  self->settings->allow_loopback = TRUE;
  g_free (self->settings->data_dir);
  self->settings->data_dir = g_build_filename (self->dir, ".data", NULL);
  g_free (self->settings->download_dir);
  self->settings->download_dir = g_strdup (self->dir);
  if (configure != NULL)
    configure (self->settings);

  self->port = fake_port_new (jid);
  fake_server_add (server, self->port);
  self->router = ferry_router_new ();
  ferry_router_set_port (self->router, FERRY_STANZA_PORT (self->port));
  self->roster = ferry_roster_new (self->router);
  self->capabilities = ferry_capabilities_new (self->router, self->roster,
                                               self->settings->data_dir);
  self->proxies = ferry_proxies_new (self->router);
  ferry_proxies_allow_loopback (self->proxies);
  self->account = ferry_account_new (self->router, self->settings);
  ferry_router_set_port (self->router, FERRY_STANZA_PORT (self->port));
  self->queue = ferry_transfer_queue_new (self->router, self->roster, self->capabilities,
                                          self->proxies, self->account, self->settings);
  ferry_roster_load_async (self->roster, NULL, NULL);
}

void
party_give_trust (Party               *self,
                  FerrySecurityPolicy  policy)
{
  self->trust = ferry_trust_new (self->settings->jid, self->settings->data_dir, policy);
  g_assert_no_error (ferry_trust_get_error (self->trust));
  ferry_capabilities_set_features (self->capabilities, ferry_trust_get_features (self->trust));
  ferry_transfer_queue_set_trust (self->queue, self->trust);
  self->chats = ferry_chats_new (ferry_transfer_queue_get_services (self->queue), self->account);
}

static void
remove_all (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_remove (child) != 0)
        remove_all (child);
    }

  g_rmdir (path);
}

static gboolean
is_last_reference (gpointer object,
                   guint    number)
{
  return g_atomic_int_get (&G_OBJECT (object)->ref_count) == 1;
}

/* Worker threads of cancelled transfers may need a moment to let go; who never does is a leak. */
static void
assert_let_go (gpointer object)
{
  wait_until (is_last_reference, object, 0);
  g_assert_finalize_object (object);
}

static void
party_tear_down (Party *self)
{
  if (self->chats != NULL)
    {
      g_object_run_dispose (G_OBJECT (self->chats));
      assert_let_go (self->chats);
    }
  g_object_run_dispose (G_OBJECT (self->queue));
  assert_let_go (self->queue);
  g_clear_pointer (&self->settings, ferry_settings_free);
  if (self->trust != NULL)
    assert_let_go (self->trust);
  assert_let_go (self->account);
  ferry_router_set_port (self->router, NULL);
  wait_until_idle ();
  assert_let_go (self->proxies);
  assert_let_go (self->capabilities);
  assert_let_go (self->roster);
  assert_let_go (self->router);
  g_object_unref (self->port);
  remove_all (self->dir);
  g_free (self->dir);
}

void
two_clients_set_up (TwoClients     *self,
                    PartyConfigure  configure)
{
  self->dir = g_dir_make_tmp ("ferry-outbox-XXXXXX", NULL);
  self->server = fake_server_new ();
  fake_server_set_filter (self->server, server_filter_cb, self);
  party_set_up (&self->romeo, self->server, ROMEO, configure);
  party_set_up (&self->juliet, self->server, JULIET, configure);
}

void
two_clients_tear_down (TwoClients *self)
{
  party_tear_down (&self->romeo);
  party_tear_down (&self->juliet);
  fake_server_free (self->server);
  g_clear_pointer (&self->tampered, g_strfreev);
  remove_all (self->dir);
  g_free (self->dir);
}

static void
party_befriend (Party      *self,
                const char *whom)
{
  FerryContact *contact = ferry_roster_lookup (self->roster, whom, TRUE);

  ferry_contact_set_roster (contact, TRUE, NULL, "both");
}

/* @type: (nullable): "unavailable" */
void
party_show_presence (Party      *self,
                     const char *to,
                     const char *type)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("presence", FERRY_NS_CLIENT);
  g_autoptr(FerryElement) presence = NULL;

  ferry_element_builder_attribute (builder, "to", to);
  if (type != NULL)
    ferry_element_builder_attribute (builder, "type", type);
  presence = ferry_element_builder_end (builder);
  ferry_router_send (self->router, presence);
}

void
two_clients_befriend (TwoClients *self)
{
  party_befriend (&self->romeo, JULIET);
  party_befriend (&self->juliet, ROMEO);
  party_show_presence (&self->romeo, JULIET, NULL);
  party_show_presence (&self->juliet, ROMEO, NULL);
  wait_ms (5);
}

void
party_lose_connection (Party      *self,
                       FakeServer *server)
{
  fake_server_remove (server, self->port);
  ferry_router_set_port (self->router, NULL);
  ferry_roster_go_offline (self->roster);
  g_object_notify (G_OBJECT (self->account), "state");
}

void
party_reconnect (Party      *self,
                 FakeServer *server)
{
  fake_server_add (server, self->port);
  ferry_router_set_port (self->router, FERRY_STANZA_PORT (self->port));
  g_signal_emit_by_name (self->account, "online");
}

guint
party_count_files (Party *self)
{
  g_autoptr(GDir) dir = g_dir_open (self->dir, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += name[0] != '.';

  return n;
}

void
party_assert_has_file (Party      *self,
                       const char *name,
                       GBytes     *contents)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_autoptr(GBytes) found = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;
  char *data;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  found = g_bytes_new_take (data, length);
  g_assert_true (g_bytes_equal (found, contents));
}

GBytes *
make_contents (gsize size)
{
  guint32 *words = g_new (guint32, size / sizeof (guint32) + 1);

  for (gsize i = 0; i <= size / sizeof (guint32); i++)
    words[i] = (guint32) (i * 2654435761u);

  return g_bytes_new_take (words, size);
}

GFile *
make_file (TwoClients *self,
           const char *name,
           GBytes     *contents)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  gsize size;
  const char *data = g_bytes_get_data (contents, &size);

  g_assert_true (g_file_set_contents (path, data != NULL ? data : "", size, NULL));
  return g_file_new_for_path (path);
}

gboolean
dialect_has_path (const FerryDialect *dialect,
                  FerryPaths          path)
{
  for (guint i = 0; dialect->transports[i] != NULL; i++)
    {
      if ((ferry_transport_get_paths_of (dialect->transports[i]) & path) != 0)
        return TRUE;
    }

  return FALSE;
}
