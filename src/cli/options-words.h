/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/options.h"

G_BEGIN_DECLS

#define FERRY_NO_COUNT G_MININT

/* The command line as GOption leaves it: words, not yet meanings. */
typedef struct
{
  char     *jid;
  char     *password_file;
  int       password_fd;
  char     *server;
  char     *tls;
  char     *ca_file;
  char     *resource;
  char     *data_dir;
  char     *dialect;
  char     *transport;
  char     *security;
  int       listen_port;
  char     *stun;
  gboolean  no_port_mapping;
  gboolean  relay_only;
  gboolean  allow_loopback;
  int       resume_within;
  char     *dir;
  char     *from;
  int       count;
  char     *overwrite;
  char    **with;
  char     *phrase_file;
  gboolean  wait;
  gboolean  compare;
  gboolean  json;
  gboolean  version;
  char    **words;
} FerryWords;

void      ferry_words_clear         (FerryWords   *self);
/* Takes the words of @arguments apart; prints the usage if that is what they ask for. */
gboolean  ferry_words_split         (FerryWords   *self,
                                     char       ***arguments,
                                     GError      **error);
/* Returns: (transfer full): "auto, jingle-1, ..." */
char     *ferry_words_list_dialects (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FerryWords, ferry_words_clear)

G_END_DECLS
