/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/**
 * FerryChatReport:
 *
 * Tells what happens in one chat: how it is secured, what is said, what arrived, and why it ended.
 */
typedef struct
{
  FerryChat   *chat;          /* (owned) */
  FerryOutput *output;        /* (unowned) */
  gboolean     by_phrase;     /* our user gave one: the chat is by it, or not at all */
  GHashTable  *ids;           /* (owned): FerryMessage (owned) → number of ours, from 1 */
  GPtrArray   *pending;       /* (owned): FerryMessage (unowned): ours, nobody knows yet */
  guint        n_lost;        /* of ours: nobody knows whether they arrived */
  char        *code;          /* (owned) (nullable): last told */
  void       (*settled) (gpointer user_data); /* (nullable): one of @pending is so no more */
  gpointer     user_data;
} FerryChatReport;

FerryChatReport *ferry_chat_report_new         (FerryChat       *chat,
                                                FerryOutput     *output,
                                                gboolean         by_phrase);
void             ferry_chat_report_free        (FerryChatReport *self);
void             ferry_chat_report_tell_state  (FerryChatReport *self);
/* It is open. */
void             ferry_chat_report_tell_open   (FerryChatReport *self);
/* Tells the number to compare, once there is one, each once. */
void             ferry_chat_report_tell_code   (FerryChatReport *self);
void             ferry_chat_report_tell_failed (FerryChatReport *self,
                                                const GError    *error);
/* What still waits will never go. */
void             ferry_chat_report_give_up     (FerryChatReport *self);

G_END_DECLS
