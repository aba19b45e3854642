/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/deadline.h"
#include "net/socks5-listener.h"
#include "proto/ip-address.h"
#include "proto/socks5-server.h"

G_BEGIN_DECLS

struct _FerrySocks5Listener
{
  GObject         parent_instance;

  guint16         fixed_port;    /* 0: any */
  GSocket        *reserved;      /* (owned) (nullable): keeps the port once it is chosen */
  guint16         port;          /* 0: closed */
  GSocketService *service;       /* (owned) (nullable) */
  GCancellable   *closed;        /* (owned) (nullable): ends what the service has brought */
  GPtrArray      *expectations;  /* (element-type Expectation) */
  GPtrArray      *guests;        /* (element-type Guest) (unowned): still in the handshake */
  guint           last_id;
};

typedef struct
{
  guint                     id;
  char                    **addresses;
  guint                     n_accepted;
  FerrySocks5AcceptedFunc   accepted;
  gpointer                  user_data;
} Expectation;

/* One connection that has not said yet whom it wants. */
typedef struct
{
  FerrySocks5Listener *listener;    /* (owned) */
  GSocketConnection   *connection;  /* (owned) */
  FerryIpAddress       host;        /* where it comes from */
  guint16              port;
  FerryDeadline       *deadline;
  GSource             *silence;     /* (owned) (nullable): until it says a first byte */
  FerrySocks5Server    handshake;
  GBytes              *sending;     /* (owned) (nullable) */
  guint                expectation; /* id; 0: not yet known */
  gboolean             is_refused;  /* hang up when all is sent */
  guint8               buffer[FERRY_SOCKS5_SERVER_MAX_READ];
} Guest;

/* socks5-listener.c */
Expectation *_ferry_socks5_listener_find         (FerrySocks5Listener *self,
                                                  guint                id);
Expectation *_ferry_socks5_listener_find_address (FerrySocks5Listener *self,
                                                  const char          *address);

/* socks5-guest.c: @connection is asked whom it wants, and handed over, or hung up on. */
void         _ferry_socks5_guest_welcome         (FerrySocks5Listener *self,
                                                  GSocketConnection   *connection);

G_END_DECLS
