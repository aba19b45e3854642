/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/command.h"
#include "core/settings.h"

G_BEGIN_DECLS

/**
 * FerryOptions:
 *
 * The command line, understood and checked; nothing in it needs a second look.
 */
typedef struct
{
  FerrySettings      *settings;   /* (owned): without an account for a command that needs none */
  const FerryCommand *command;    /* static; %NULL: only the version was asked for */
  char              **arguments;  /* (owned): of the command */
  gboolean            json;
  char               *from;       /* (owned) (nullable): receive from this JID alone */
  char              **with;       /* (owned) (nullable): share with these JIDs alone */
  guint               count;      /* receive: leave after so many transfers; 0: never */
  char               *phrase;     /* (owned) (nullable): chat: both sides know it */
  gboolean            waits;      /* chat: for the other side to begin */
  gboolean            compares;   /* chat: shows a number that people compare */
} FerryOptions;

/* @arguments: argv, %NULL-terminated. Reads the password as well, from the terminal
 * if it must. Errors: %G_OPTION_ERROR, %G_IO_ERROR, %G_FILE_ERROR; all are usage errors. */
FerryOptions *ferry_options_parse (char         **arguments,
                                   GError       **error);
void          ferry_options_free  (FerryOptions  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryOptions, ferry_options_free)

G_END_DECLS
