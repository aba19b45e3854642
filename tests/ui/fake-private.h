/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fake-core.h"

struct _FerryTransfer
{
  GObject             parent_instance;
  char               *id;           /* (owned) */
  FerryContact       *contact;      /* (owned) */
  FerryDirection      direction;
  char               *name;         /* (owned) */
  char               *content_type; /* (owned) */
  gint64              size;         /* bytes */
  gint64              bytes;
  double              rate;         /* bytes/s */
  FerryPaths          path;
  gboolean            is_encrypted;
  FerryTrustLevel     trust_level;
  FerryTransferState  state;
  const char         *step;
  GError             *error;        /* (owned) (nullable) */
  FerryPathReport    *report;       /* (owned) (nullable) */
  GFile              *file;         /* (owned) (nullable) */
  gint64              ended_at;     /* µs, real time */
};

/* @queue: not referenced, outlives the contact's transfers. */
void fake_contact_set_queue (FerryContact *contact,
                             GListModel   *queue);
/* Counts the contact's offers and active transfers again. */
void fake_contact_recount   (FerryContact *contact);

/* @client: not referenced, outlives them. */
FerryChats   *fake_chats_new   (FerryClient       *client);
FerryChat    *fake_chat_new    (FerryClient       *client,
                                FerryContact      *contact);
FerryMessage *fake_message_new (gboolean           is_own,
                                const char        *body,
                                FerryMessageState  state);
