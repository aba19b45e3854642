/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Which part of the sign-in form an error is about. */
typedef enum
{
  FERRY_ERROR_FIELD_NONE,
  FERRY_ERROR_FIELD_ADDRESS,
  FERRY_ERROR_FIELD_PASSWORD,
} FerryErrorField;

/* The one place with sentences about errors, made from domain and code. All are
 * translated and static. Messages of GErrors are English and for the details. */

/* What happened, as one sentence. Never %NULL. */
const char      *ferry_error_text_what   (const GError *error);
/* What to do about it, as one sentence. Returns: (nullable) */
const char      *ferry_error_text_advice (const GError *error);
FerryErrorField  ferry_error_text_field  (const GError *error);
/* "While connecting": where a transfer failed. @step: see #FerryTransfer. Returns: (nullable) */
const char      *ferry_error_text_step   (const char   *step);

G_END_DECLS
