/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FERRY_PROTO_ERROR (ferry_proto_error_quark ())
GQuark ferry_proto_error_quark (void);

/* A code exists where a caller branches; the message says the rest. */
typedef enum
{
  FERRY_PROTO_ERROR_MALFORMED,   /* it is not what the specification says */
  FERRY_PROTO_ERROR_UNSUPPORTED, /* it is, but we do not do that */
  FERRY_PROTO_ERROR_REFUSED,     /* the peer said no */
  FERRY_PROTO_ERROR_TOO_LARGE,   /* a limit was passed */
} FerryProtoError;

G_END_DECLS
