/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "secure-story.h"

static const Way *way_of_now;

static void
configure (FerrySettings *settings)
{
  settings->dialect = g_strdup (way_of_now->dialect->name);
  settings->paths = way_of_now->path;
}

void
story_set_up_bare (Story         *story,
                   gconstpointer  data)
{
  way_of_now = data;
  two_clients_set_up (&story->clients, data != NULL ? configure : NULL);
}

void
story_set_up (Story         *story,
              gconstpointer  data)
{
  story_set_up_bare (story, data);
  party_give_trust (&story->clients.romeo, FERRY_SECURITY_AUTO);
  party_give_trust (&story->clients.juliet, FERRY_SECURITY_AUTO);
  two_clients_befriend (&story->clients);
}

void
story_tear_down (Story         *story,
                 gconstpointer  data)
{
  g_clear_object (&story->sent);
  g_clear_object (&story->offered);
  two_clients_tear_down (&story->clients);
}

void
story_send (Story      *story,
            const char *name,
            GBytes     *contents)
{
  g_autoptr(GFile) file = make_file (&story->clients, name, contents);

  g_set_object (&story->sent, ferry_transfer_queue_send (story->clients.romeo.queue,
                                                         "juliet@capulet.lit", file));
}

void
story_offer (Story      *story,
             guint       n,
             const char *name,
             GBytes     *contents)
{
  story_send (story, name, contents);
  g_set_object (&story->offered, wait_for_transfer (&story->clients.juliet, n));
}

void
story_carry (Story      *story,
             guint       n,
             const char *name,
             GBytes     *contents)
{
  story_offer (story, n, name, contents);
  ferry_transfer_accept (story->offered, NULL, NULL);
  wait_for_state (story->sent, FERRY_TRANSFER_DONE);
  wait_for_state (story->offered, FERRY_TRANSFER_DONE);
  party_assert_has_file (&story->clients.juliet, name, contents);
}

void
story_expect (FerryTransfer   *transfer,
              gboolean         is_encrypted,
              FerryTrustLevel  level)
{
  gboolean is_encrypted_property;
  int level_property;

  g_object_get (transfer, "is-encrypted", &is_encrypted_property, "trust-level", &level_property,
                NULL);
  g_assert_cmpint (ferry_transfer_is_encrypted (transfer), ==, is_encrypted);
  g_assert_cmpint (is_encrypted_property, ==, is_encrypted);
  g_assert_cmpint (ferry_transfer_get_trust_level (transfer), ==, level);
  g_assert_cmpint (level_property, ==, level);
}

void
story_expect_failure (FerryTransfer      *transfer,
                      FerryTransferError  code,
                      const char         *step)
{
  const GError *error;

  wait_for_end (transfer);
  error = ferry_transfer_get_error (transfer);
  g_assert_error ((GError *) error, FERRY_TRANSFER_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_cmpstr (ferry_transfer_get_step (transfer), ==, step);
  g_assert_true (g_str_has_prefix (error->message, step));
}

void
party_assert_pinned (Party      *party,
                     const char *whom,
                     Party      *other)
{
  const FerryPin *pin = ferry_trust_lookup (party->trust, whom);

  if (other == NULL)
    {
      g_assert_null (pin);
      return;
    }

  g_assert_nonnull (pin);
  g_assert_cmpstr (pin->sha256, ==,
                   ferry_tls_identity_get_sha256 (ferry_trust_get_identity (other->trust)));
  g_assert_null (pin->changed_sha256);
}
