/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"
#include "proto/stanza-error.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_IQ_GET,
  FERRY_IQ_SET,
  FERRY_IQ_RESULT,
  FERRY_IQ_ERROR,
} FerryIqType;

/* Payloads are borrowed: the iq takes its own reference. */
FerryElement *ferry_iq_new         (FerryIqType             type,
                                    const char             *to,
                                    const char             *id,
                                    FerryElement           *payload);
FerryElement *ferry_iq_new_result  (const FerryElement     *request,
                                    FerryElement           *payload);
FerryElement *ferry_iq_new_error   (const FerryElement     *request,
                                    const FerryStanzaError *error);

gboolean      ferry_iq_is          (const FerryElement     *stanza,
                                    FerryIqType             type);
gboolean      ferry_iq_is_request  (const FerryElement     *stanza);
FerryElement *ferry_iq_get_payload (const FerryElement     *iq);

G_END_DECLS
