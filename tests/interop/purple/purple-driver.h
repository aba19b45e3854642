/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/*
 * A libpurple without a window: what Pidgin does for its user, done by command.
 *
 * Usage: purple-driver --jid JID --password-file FILE --server HOST:PORT --home DIR [--dir DIR]
 *        [--policy accept|decline|hold] [--cancel-after BYTES] [--limit SECONDS] [--debug]
 *
 * Standard input takes "send JID PATH", "cancel" and "quit"; its end is "quit", too.
 * Standard output is one JSON object a line: connected, presence, offer, progress, done,
 * failed, notice.
 */

typedef enum
{
  POLICY_ACCEPT,
  POLICY_DECLINE,
  POLICY_HOLD,    /* the user looks elsewhere */
} Policy;

typedef struct
{
  char     *jid;
  char     *password_file;
  char     *server;
  char     *home;         /* libpurple's own folder */
  char     *dir;          /* where files arrive */
  Policy    policy;
  gint64    cancel_after; /* bytes, 0: never */
  int       limit;        /* seconds this process may live */
  gboolean  debug;        /* libpurple's log on standard error */
} Options;

extern Options    options;
extern GMainLoop *loop;

/* Prints {"event": @event, KEY: VALUE...}: @pairs are alternating keys and values; a key
 * that begins with '#' has its '#' dropped and a value that is a number in text. */
void report           (const char *event,
                       ...) G_GNUC_NULL_TERMINATED;
/* The same for later, when libpurple is done with what it does. */
void report_soon      (const char *event,
                       ...) G_GNUC_NULL_TERMINATED;

void transfers_init   (void);
void transfers_send   (const char *jid,
                       const char *path);
void transfers_cancel (void);

void host_init        (void);
