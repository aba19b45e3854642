/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/chat-private.h"
#include "two-clients.h"

G_BEGIN_DECLS

/* Two whole clients that have a chat with each other. */
typedef struct
{
  TwoClients  clients;
  FerryChat  *romeo;     /* (unowned): his, with Juliet */
  FerryChat  *juliet;    /* (unowned): hers, with Romeo */
  guint       n_offered; /* to Juliet */
} ChatStory;

/* The same story on both paths. */
typedef struct
{
  const char     *name;
  PartyConfigure  configure;
  FerryPaths      path;
} ChatWay;

extern const ChatWay chat_ways[2]; /* direct, in-band */

/* Befriended, without a chat yet. */
void chat_story_set_up         (ChatStory       *self,
                                gconstpointer    way);
void chat_story_tear_down      (ChatStory       *self,
                                gconstpointer    way);
/* Romeo asks, Juliet says yes; both may have a phrase. Waits for nothing more. */
void chat_story_ask            (ChatStory       *self,
                                const char      *romeos,
                                const char      *juliets);
/* The same, and it opens on both sides. */
void chat_story_open           (ChatStory       *self,
                                const char      *phrase);
/* Both are closed, with these errors; -1: none. */
void chat_story_end            (ChatStory       *self,
                                int              romeos,
                                int              juliets);

/* A condition to wait for. */
gboolean chat_is_closed        (gpointer         subject,
                                guint            number);
void wait_for_offer            (FerryChat       *chat);
/* Fails if it goes wrong meanwhile. */
void wait_for_chat             (FerryChat       *chat,
                                FerryChatState   state);
void wait_for_messages         (FerryChat       *chat,
                                guint            n);
void assert_message            (FerryChat       *chat,
                                guint            index,
                                const char      *body,
                                gboolean         is_own);
void wait_for_message          (FerryChat       *chat,
                                guint            index,
                                FerryMessageState state);

G_END_DECLS
