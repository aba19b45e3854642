/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers as networks write them, at any place in memory. */

static inline guint16
ferry_get_be16 (const guint8 *at)
{
  return at[0] << 8 | at[1];
}

static inline guint32
ferry_get_be32 (const guint8 *at)
{
  return (guint32) ferry_get_be16 (at) << 16 | ferry_get_be16 (at + 2);
}

static inline void
ferry_put_be16 (guint8  *at,
                guint16  number)
{
  at[0] = number >> 8;
  at[1] = number & 0xff;
}

static inline void
ferry_put_be32 (guint8  *at,
                guint32  number)
{
  ferry_put_be16 (at, number >> 16);
  ferry_put_be16 (at + 2, number & 0xffff);
}

G_END_DECLS
