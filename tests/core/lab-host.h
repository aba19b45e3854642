/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a SOCKS5 host answers to the request. */
typedef enum
{
  LAB_HOST_ECHOES,  /* 47 octets, as XEP-0065 wants it */
  LAB_HOST_IPV4,    /* 10 octets */
  LAB_HOST_NAMES,   /* 16 octets: its own address as a name, as libpurple does */
  LAB_HOST_REFUSES,
  LAB_HOST_IS_MUTE, /* accepts connections, and no more */
} LabHostMood;

/**
 * LabHost:
 *
 * A streamhost of a peer's, on 127.0.0.1. It serves whoever asks for @address, writes
 * @early in the same breath as its reply, and then echoes nothing.
 */
typedef struct _LabHost LabHost;

/* @early: (nullable) */
LabHost            *lab_host_new        (LabHostMood  mood,
                                         const char  *address,
                                         const char  *early);
void                lab_host_free       (LabHost     *self);
guint16             lab_host_get_port   (LabHost     *self);
/* Connections ever made to it. */
guint               lab_host_get_n_calls (LabHost    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabHost, lab_host_free)

G_END_DECLS
