/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-server.h"
#include "net/connection.h"

G_BEGIN_DECLS

/* One client of a fake server, and what became of it. Starts as zero. */
typedef struct
{
  FerryConnection *connection;
  GCancellable    *cancellable;
  gboolean         is_done;
  GError          *error;        /* of connecting */
  gboolean         is_closed;
  GError          *close_error;
  GPtrArray       *received;
  guint            n_drained;
  guint            n_asked;
  gboolean         allows;       /* any certificate */
} TestClient;

/* Waits for @what to be true; fails after some seconds. */
#define WAIT_FOR(what) \
  G_STMT_START \
    { \
      gint64 limit = g_get_monotonic_time () + 8 * G_USEC_PER_SEC; \
      while (!(what)) \
        { \
          g_assert_cmpint (g_get_monotonic_time (), <, limit); \
          test_spin (1); \
        } \
    } \
  G_STMT_END

void test_spin                (guint          milliseconds);
/* Returns when connecting has ended, well or not. */
void test_client_start        (TestClient    *client,
                               FakeServer    *server,
                               FerryTlsMode   tls,
                               const char    *trusted);
void test_client_connected_cb (GObject       *source,
                               GAsyncResult  *result,
                               gpointer       user_data);
void test_client_clear        (TestClient    *client);

G_END_DECLS
