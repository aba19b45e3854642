/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/gate-bytes.h"

void
ferry_gate_bytes_init (FerryGateBytes *self)
{
  *self = (FerryGateBytes) { .held = g_byte_array_new () };
}

void
ferry_gate_bytes_clear (FerryGateBytes *self)
{
  g_clear_pointer (&self->held, g_byte_array_unref);
}

void
ferry_gate_bytes_begin (FerryGateBytes *self,
                        const guint8   *data,
                        gsize           len)
{
  self->data = data;
  self->len = len;
}

void
ferry_gate_bytes_copy (FerryGateBytes *self,
                       gint64          begin,
                       gint64          end,
                       GByteArray     *out)
{
  gint64 held_begin = self->fed - self->held->len;

  g_return_if_fail (begin >= held_begin && end <= self->fed + (gint64) self->len);

  if (begin < self->fed)
    {
      gint64 stop = MIN (end, self->fed);

      g_byte_array_append (out, self->held->data + (begin - held_begin), stop - begin);
      begin = stop;
    }
  if (begin < end)
    g_byte_array_append (out, self->data + (begin - self->fed), end - begin);
}

void
ferry_gate_bytes_end (FerryGateBytes *self,
                      gint64          begin)
{
  gint64 end = self->fed + self->len;
  gint64 held_begin = self->fed - self->held->len;

  if (begin >= self->fed)
    g_byte_array_set_size (self->held, 0);
  else if (begin > held_begin)
    g_byte_array_remove_range (self->held, 0, begin - held_begin);

  begin = CLAMP (begin, self->fed, end);
  if (begin < end)
    g_byte_array_append (self->held, self->data + (begin - self->fed), end - begin);
  self->fed = end;
  self->data = NULL;
  self->len = 0;
}
