/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/client.h"
#include "ui/application.h"
#include "ui/certificate-guard.h"
#include "ui/chat-notifier.h"
#include "ui/notifier.h"
#include "ui/profile.h"
#include "ui/window.h"

G_BEGIN_DECLS

struct _FerryApplication
{
  AdwApplication parent_instance;

  FerryOptions           options;
  FerryProfile          *profile;       /* (owned): from startup on */
  FerryWindow           *window;        /* (nullable): from the first activation on */
  FerryClient           *client;        /* (owned) (nullable) */
  FerryCertificateGuard *guard;         /* (owned) (nullable): while there is a client */
  FerryNotifier         *notifier;      /* (owned) (nullable): while there is a client */
  FerryChatNotifier     *chat_notifier; /* (owned) (nullable): while there is a client */
  GCancellable          *cancellable;   /* (owned): of looking up the password */
  gboolean               is_signing_in; /* typed in just now: not known to be right yet */
  guint                  give_up_source;
  guint                  signals[2];    /* sources: SIGTERM and SIGINT */
  guint                  n_leaving;     /* networks that are being left */
  GPtrArray             *to_open;       /* (owned): GFiles, until there is a client */
};

/* application-actions.c: the one home of app.* */
void ferry_application_install_actions (FerryApplication *self);

/* application-account.c: from an address to a client, and back. */
/* Signs in with what is given or stored, or asks. */
void ferry_application_start_account   (FerryApplication *self);
void ferry_application_watch_setup     (FerryApplication *self);
void ferry_application_sign_out        (FerryApplication *self);
void ferry_application_drop_client     (FerryApplication *self);
/* Those that hold at once, and not from the next client on. */
void ferry_application_watch_preferences (FerryApplication *self);

/* application.c: opens what waited for a client. */
void ferry_application_open_waiting    (FerryApplication *self);

G_END_DECLS
