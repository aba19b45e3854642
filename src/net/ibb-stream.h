/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/ibb-machine.h"

G_BEGIN_DECLS

/**
 * FerryIbbStream:
 *
 * An in-band bytestream as a #GIOStream. The main loop feeds it stanzas; one
 * worker thread reads and writes with blocking calls. What it wants said goes out
 * through its owner's functions, which are called in the main context it was made
 * in; its other functions below are for that context only too.
 *
 * Closing the output waits until the peer has acknowledged everything, except in
 * that context, where it must not and does not wait.
 */
#define FERRY_TYPE_IBB_STREAM (ferry_ibb_stream_get_type ())
G_DECLARE_FINAL_TYPE (FerryIbbStream, ferry_ibb_stream, FERRY, IBB_STREAM, GIOStream)

typedef struct
{
  /* Send @payload to the peer in an iq set; then ferry_ibb_stream_answer(). */
  void  (*request)      (FerryIbbStream *self,
                         FerryElement   *payload,
                         guint           tag,
                         gpointer        user_data);
  /* Send @stanza, an answer, as it is. */
  void  (*reply)        (FerryIbbStream *self,
                         FerryElement   *stanza,
                         gpointer        user_data);
  /* Bytes that the link has not sent yet. */
  gsize (*get_buffered) (gpointer        user_data);
  /* It has opened, or it is over: is_open(), get_error(). */
  void  (*changed)      (FerryIbbStream *self,
                         gpointer        user_data);
} FerryIbbStreamFuncs;

/* @funcs: static */
FerryIbbStream *ferry_ibb_stream_new       (const FerryIbbConfig      *config,
                                            const FerryIbbStreamFuncs *funcs,
                                            gpointer                   user_data);
/* Says <open/>. */
void            ferry_ibb_stream_open      (FerryIbbStream            *self);
void            ferry_ibb_stream_receive   (FerryIbbStream            *self,
                                            FerryElement              *stanza);
/* @reply: (nullable): none came */
void            ferry_ibb_stream_answer    (FerryIbbStream            *self,
                                            guint                      tag,
                                            const FerryElement        *reply);
/* The link has room again. */
void            ferry_ibb_stream_resume    (FerryIbbStream            *self);
/* The end of a stream of @n_bytes (-1: unknown) is answered by abandon(), … */
void            ferry_ibb_stream_hold_end  (FerryIbbStream            *self,
                                            gint64                     n_bytes);
/* … and with an error. */
void            ferry_ibb_stream_refuse_end (FerryIbbStream           *self);
/* Ends it at once, with a <close/> if it stands; calls no function afterwards. */
void            ferry_ibb_stream_abandon   (FerryIbbStream            *self);

gboolean        ferry_ibb_stream_is_open   (FerryIbbStream            *self);
/* Closed, by whomever and however. */
gboolean        ferry_ibb_stream_is_over   (FerryIbbStream            *self);
/* Returns: (nullable) (transfer full): why it ended, other than by closing */
GError         *ferry_ibb_stream_dup_error (FerryIbbStream            *self);

G_END_DECLS
