/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "core/chat-private.h"
#include "core/random-id.h"
#include "proto/iq.h"

static void
open_up (FerryChat *self)
{
  g_clear_pointer (&self->pubkeys_id, g_free);
  self->was_open = TRUE;
  ferry_chat_forget_reopening (self);
  ferry_chat_trust_changed (self);
  ferry_chat_set_state (self, FERRY_CHAT_OPEN);
  ferry_chat_send_waiting (self);
}

static void
take_certificate (FerryChat *self,
                  GBytes    *certificate)
{
  self->certificate = g_bytes_ref (certificate);
  g_free (self->fingerprint);
  self->fingerprint = ferry_tls_certificate_dup_sha256 (certificate);
}

/* (nullable): without, there is nothing to show */
static FerryTlsIdentity *
get_identity (FerryChat *self)
{
  FerryTrust *trust = self->services->trust;

  return trust != NULL ? ferry_trust_get_identity (trust) : NULL;
}

/* Ours may be replaced while the stream stands. */
static void
note_own_certificate (FerryChat *self)
{
  FerryTlsIdentity *identity = get_identity (self);

  g_free (self->own_fingerprint);
  self->own_fingerprint = identity != NULL ? g_strdup (ferry_tls_identity_get_sha256 (identity))
                                           : NULL;
}

/* Both headers are there. Whoever met by a phrase shows a certificate first. */
void
ferry_chat_stream_opened (FerryChat *self)
{
  FerryTlsStream *tls = ferry_negotiation_get_tls (self->negotiation);
  GBytes *certificate = ferry_tls_stream_get_certificate (tls);

  ferry_chat_set_string (self, FERRY_CHAT_PROP_CIPHER, &self->cipher,
                         ferry_tls_stream_get_cipher (tls));
  note_own_certificate (self);

  if (certificate != NULL)
    {
      take_certificate (self, certificate);
      self->level = ferry_negotiation_get_level (self->negotiation);
      open_up (self);
      return;
    }

  self->level = FERRY_TRUST_PHRASE;
  self->pubkeys_id = ferry_random_id_new ();
  ferry_chat_say (self, ferry_chat_stanza_new_pubkeys_request (self->pubkeys_id));
}

gboolean
ferry_chat_answer_pubkeys (FerryChat    *self,
                           FerryElement *request)
{
  FerryTlsIdentity *identity = get_identity (self);
  g_autoptr(GPtrArray) certificates = NULL;

  if (identity == NULL)
    return FALSE;

  certificates = g_ptr_array_new ();
  g_ptr_array_add (certificates, ferry_tls_identity_get_certificate (identity));
  ferry_chat_say (self, ferry_chat_stanza_new_pubkeys (request, certificates));

  return TRUE;
}

/* What came through a stream that only who knows the phrase can have. */
static void
pin (FerryChat *self,
     GBytes    *certificate)
{
  g_autoptr(GError) error = NULL;

  if (!ferry_tls_certificate_check (certificate, &error))
    {
      ferry_chat_fail (self, FERRY_OUTCOME_INSECURE, FERRY_CHAT_ERROR_INSECURE,
                       "their certificate cannot be used: %s", error->message);
      return;
    }

  take_certificate (self, certificate);
  if (self->services->trust != NULL)
    ferry_trust_pin (self->services->trust, self->peer, certificate, FERRY_TRUST_PHRASE);

  open_up (self);
}

void
ferry_chat_take_pubkeys (FerryChat    *self,
                         FerryElement *reply)
{
  g_autoptr(GPtrArray) certificates = ferry_chat_stanza_parse_pubkeys (reply);

  /* Whoever has none to show is known by the phrase alone, and for this time. */
  if (ferry_iq_is (reply, FERRY_IQ_ERROR))
    open_up (self);
  else if (certificates == NULL || certificates->len == 0)
    ferry_chat_fail (self, FERRY_OUTCOME_PROTOCOL, FERRY_CHAT_ERROR_STREAM,
                     "what should be certificates is something else");
  else
    pin (self, certificates->pdata[0]);
}
