/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "black-hole.h"

void
black_hole_init (BlackHole *hole)
{
  struct sockaddr_in6 place = { .sin6_family = AF_INET6 };
  socklen_t len = sizeof place;

  for (gsize i = 0; i < G_N_ELEMENTS (hole->fds); i++)
    hole->fds[i] = socket (AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (hole->fds[0], (struct sockaddr *) &place, len), ==, 0);
  g_assert_cmpint (listen (hole->fds[0], 0), ==, 0);
  g_assert_cmpint (getsockname (hole->fds[0], (struct sockaddr *) &place, &len), ==, 0);
  hole->port = g_ntohs (place.sin6_port);
  place.sin6_addr = in6addr_loopback;
  for (gsize i = 1; i < G_N_ELEMENTS (hole->fds); i++)
    connect (hole->fds[i], (struct sockaddr *) &place, len);
}

void
black_hole_clear (BlackHole *hole)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hole->fds); i++)
    close (hole->fds[i]);
}
