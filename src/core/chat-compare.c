/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "core/chat-private.h"
#include "core/random-id.h"

/* A number that two people compare (proto/short-code.h):
 *
 *   who begins            the other
 *     COMMIT (hash of a) →            WAITING on both sides
 *                        ← NONCE (b)
 *     REVEAL (a)         →            SHOWN on both sides, made of a and b
 *     VERDICT            ↔ VERDICT    what each person saw
 *
 * Both may begin at once: what the session's initiator began counts. */

#define LABEL        "EXPERIMENTAL-ferry-comparison"
#define N_CHANNEL    32 /* bytes */
#define MAX_COMPARED 8  /* in a stream: each is a guess for whoever stands between */

static void
set_comparison (FerryChat       *self,
                FerryComparison  comparison)
{
  if (self->comparison == comparison)
    return;

  self->comparison = comparison;
  ferry_chat_notify (self, FERRY_CHAT_PROP_COMPARISON);
}

/* The next stream has another number, if any. That this one failed stays to be read. */
void
ferry_chat_forget_comparison (FerryChat *self)
{
  g_clear_pointer (&self->commitment, g_free);
  self->has_committed = FALSE;
  self->n_compared = 0;
  ferry_chat_set_string (self, FERRY_CHAT_PROP_CODE, &self->code, NULL);

  if (self->comparison != FERRY_COMPARISON_FAILED)
    set_comparison (self, FERRY_COMPARISON_NONE);
}

/* SEC-33: the certificate that we know may be that of somebody between, whatever else was said of
 * it: nothing goes there until a person decides. */
static void
fail (FerryChat  *self,
      const char *reason)
{
  set_comparison (self, FERRY_COMPARISON_FAILED);
  ferry_trust_report_change (self->services->trust, self->peer, "", NULL);
  ferry_chat_fail (self, FERRY_OUTCOME_INSECURE, FERRY_CHAT_ERROR_INSECURE, "%s", reason);
}

/* What the number is bound to. @channel: of N_CHANNEL bytes. %FALSE: there is nothing to bind
 * it to, as where the other side has no certificate. */
static gboolean
get_binding (FerryChat             *self,
             guint8                *channel,
             FerryShortCodeBinding *binding)
{
  FerryTlsStream *tls = ferry_negotiation_get_tls (self->negotiation);
  gboolean is_initiator = self->role == FERRY_ROLE_INITIATOR;
  const char *own = self->own_fingerprint;

  if (tls == NULL || own == NULL || self->fingerprint == NULL
      || !ferry_tls_stream_export (tls, LABEL, channel, N_CHANNEL, NULL))
    return FALSE;

  binding->initiator_sha256 = is_initiator ? own : self->fingerprint;
  binding->responder_sha256 = is_initiator ? self->fingerprint : own;
  binding->channel = channel;
  binding->n_channel = N_CHANNEL;

  return TRUE;
}

static char *
to_hex (const guint8 *nonce)
{
  GString *hex = g_string_new (NULL);

  for (guint i = 0; i < FERRY_SHORT_CODE_NONCE; i++)
    g_string_append_printf (hex, "%02x", nonce[i]);

  return g_string_free (hex, FALSE);
}

/* @hex: as many digits as it takes; chat-stanza has seen to that. */
static void
from_hex (const char *hex,
          guint8     *nonce)
{
  for (guint i = 0; i < FERRY_SHORT_CODE_NONCE; i++)
    nonce[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]);
}

static void
say (FerryChat           *self,
     FerryChatStanzaKind  kind,
     const char          *data)
{
  g_autofree char *id = ferry_random_id_new ();

  ferry_chat_say (self, ferry_chat_stanza_new_comparison (id, kind, data));
}

static void
show (FerryChat                   *self,
      const guint8                *first,
      const guint8                *second,
      const FerryShortCodeBinding *binding)
{
  g_autofree char *code = ferry_short_code_new (first, second, binding);

  self->has_committed = FALSE;
  g_clear_pointer (&self->commitment, g_free);
  ferry_chat_set_string (self, FERRY_CHAT_PROP_CODE, &self->code, code);
  set_comparison (self, FERRY_COMPARISON_SHOWN);
}

/* Whether there may be another one. */
static gboolean
count (FerryChat *self)
{
  if (++self->n_compared <= MAX_COMPARED)
    return TRUE;

  fail (self, "too many numbers were compared");
  return FALSE;
}

void
ferry_chat_compare (FerryChat *self)
{
  guint8 channel[N_CHANNEL];
  FerryShortCodeBinding binding;
  g_autofree char *commitment = NULL;

  g_return_if_fail (FERRY_IS_CHAT (self));

  if (self->state != FERRY_CHAT_OPEN || self->comparison == FERRY_COMPARISON_WAITING
      || !get_binding (self, channel, &binding) || !count (self))
    return;

  ferry_random_bytes (self->nonce, sizeof self->nonce);
  commitment = ferry_short_code_commit (self->nonce, &binding);
  self->has_committed = TRUE;
  ferry_chat_set_string (self, FERRY_CHAT_PROP_CODE, &self->code, NULL);
  set_comparison (self, FERRY_COMPARISON_WAITING);
  say (self, FERRY_CHAT_STANZA_COMMIT, commitment);
}

static void
take_commit (FerryChat  *self,
             const char *data)
{
  g_autofree char *nonce = NULL;

  /* Of two that begin at once. */
  if (self->has_committed && self->role == FERRY_ROLE_INITIATOR)
    return;

  if (self->fingerprint == NULL || (!self->has_committed && !count (self)))
    return;

  self->has_committed = FALSE;
  g_free (self->commitment);
  self->commitment = g_strdup (data);
  ferry_random_bytes (self->nonce, sizeof self->nonce);
  nonce = to_hex (self->nonce);
  ferry_chat_set_string (self, FERRY_CHAT_PROP_CODE, &self->code, NULL);
  set_comparison (self, FERRY_COMPARISON_WAITING);
  say (self, FERRY_CHAT_STANZA_NONCE, nonce);
}

static void
take_nonce (FerryChat  *self,
            const char *data)
{
  guint8 channel[N_CHANNEL];
  guint8 second[FERRY_SHORT_CODE_NONCE];
  FerryShortCodeBinding binding;
  g_autofree char *nonce = NULL;

  if (!self->has_committed || !get_binding (self, channel, &binding))
    return;

  from_hex (data, second);
  nonce = to_hex (self->nonce);
  say (self, FERRY_CHAT_STANZA_REVEAL, nonce);
  show (self, self->nonce, second, &binding);
}

static void
take_reveal (FerryChat  *self,
             const char *data)
{
  guint8 channel[N_CHANNEL];
  guint8 first[FERRY_SHORT_CODE_NONCE];
  FerryShortCodeBinding binding;

  if (self->commitment == NULL || !get_binding (self, channel, &binding))
    return;

  from_hex (data, first);
  if (ferry_short_code_check (self->commitment, first, &binding))
    show (self, first, self->nonce, &binding);
  else
    fail (self, "the other side did not keep to its number");
}

/* What the other person saw. That it was the same says nothing: ours has to look. */
static void
take_verdict (FerryChat *self,
              gboolean   matches)
{
  if (!matches)
    fail (self, "the other person saw another number");
}

void
ferry_chat_receive_comparison (FerryChat             *self,
                               const FerryChatStanza *stanza)
{
  switch ((int) stanza->kind)
    {
    case FERRY_CHAT_STANZA_COMMIT:
      take_commit (self, stanza->data);
      break;

    case FERRY_CHAT_STANZA_NONCE:
      take_nonce (self, stanza->data);
      break;

    case FERRY_CHAT_STANZA_REVEAL:
      take_reveal (self, stanza->data);
      break;

    case FERRY_CHAT_STANZA_VERDICT:
      take_verdict (self, stanza->matches);
      break;

    default:
      g_assert_not_reached ();
    }
}

void
ferry_chat_confirm (FerryChat *self,
                    gboolean   matches)
{
  g_autofree char *id = ferry_random_id_new ();

  g_return_if_fail (FERRY_IS_CHAT (self));

  if (self->state != FERRY_CHAT_OPEN || self->comparison != FERRY_COMPARISON_SHOWN)
    return;

  ferry_chat_say (self, ferry_chat_stanza_new_verdict (id, matches));

  if (!matches)
    {
      fail (self, "the numbers do not match");
      return;
    }

  self->level = MAX (self->level, FERRY_TRUST_COMPARED);
  if (self->certificate != NULL)
    ferry_trust_pin (self->services->trust, self->peer, self->certificate, FERRY_TRUST_COMPARED);
  ferry_chat_set_string (self, FERRY_CHAT_PROP_CODE, &self->code, NULL);
  set_comparison (self, FERRY_COMPARISON_MATCHED);
  ferry_chat_trust_changed (self);
}
