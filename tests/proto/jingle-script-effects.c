/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-script.h"
#include "proto/jingle-codec.h"

#define TRANSPORTS "urn:xmpp:jingle:transports:"

static const char *const outcomes[] = {
  "done", "unconfirmed", "declined", "cancelled", "peer-cancelled", "peer-gone", "peer-cannot",
  "peer-busy", "refused", "not-shared", "no-route", "retry-in-band", "corrupt", "too-large",
  "truncated", "disk",
  "peer-failed", "expired", "protocol", "insecure", "stripped", "key-changed",
};

static const char *const verdicts[] = { "unknown", "weak", "verified", "mismatch" };

FerryOutcome
jingle_script_read_outcome (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (strcmp (outcomes[i], word) == 0)
      return i;

  g_assert_not_reached ();
}

static const char *
get_short_ns (const FerryElement *transport)
{
  const char *ns = ferry_element_get_xmlns (transport);

  return g_str_has_prefix (ns, TRANSPORTS) ? ns + strlen (TRANSPORTS) : ns;
}

static void
append_reply (GString            *out,
              const FerryElement *iq)
{
  g_autoptr(FerryStanzaError) error = ferry_stanza_error_from_stanza (iq);

  g_assert_cmpstr (ferry_element_get_attribute (iq, "id"), ==, "i1");
  if (error == NULL)
    g_string_append (out, "reply result");
  else
    g_string_append_printf (out, "reply %s%s%s", ferry_condition_to_string (error->condition),
                            error->specific != NULL ? "/" : "",
                            error->specific != NULL ? error->specific : "");
}

static void
append_sent (GString                     *out,
             const FerrySessionEffect    *effect,
             const FerryJingleGeneration *generation)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryJingle) jingle = ferry_jingle_parse (effect->element, generation, &error);

  g_assert_no_error (error);
  g_string_append_printf (out, "send %s", ferry_jingle_action_get_name (jingle->action));
  if (jingle->reason != FERRY_JINGLE_REASON_NONE)
    g_string_append_printf (out, " %s", ferry_element_get_name (ferry_element_get_child (
                              ferry_element_find (effect->element, "reason", generation->ns), 0)));
  if (jingle->reason_specific != NULL)
    g_string_append_printf (out, " %s", ferry_element_get_name (jingle->reason_specific));
  if (jingle->info != NULL)
    g_string_append_printf (out, " %s", ferry_element_get_name (jingle->info));
  for (guint i = 0; i < ferry_jingle_get_n_contents (jingle); i++)
    {
      const FerryElement *transport = ferry_jingle_get_content (jingle, i)->transport;

      if (transport != NULL)
        g_string_append_printf (out, " %s", get_short_ns (transport));
      if (ferry_jingle_get_content (jingle, i)->security != NULL)
        jingle_script_describe_security (out, ferry_jingle_get_content (jingle, i)->security);
    }
  if (effect->tag != 0)
    g_string_append_c (out, '?');
}

static void
append_secure (GString                  *out,
               const FerrySessionEffect *effect)
{
  const char *hex = effect->security.sha256;

  g_string_append (out, effect->method == FERRY_XTLS_SRP ? "secure srp" : "secure x509");
  if (*hex != '\0')
    g_string_append_printf (out, " %c", (char) (g_ascii_xdigit_value (hex[0]) * 16 +
                                                g_ascii_xdigit_value (hex[1])));
}

/* @now: µs, for what is relative to it */
void
jingle_script_describe (GString                     *out,
                        const FerrySessionEffect    *effect,
                        const FerryJingleGeneration *generation,
                        gint64                       now)
{
  switch (effect->kind)
    {
    case FERRY_SESSION_EFFECT_REPLY:
      append_reply (out, effect->element);
      break;
    case FERRY_SESSION_EFFECT_SEND:
      append_sent (out, effect, generation);
      break;
    case FERRY_SESSION_EFFECT_ASK:
      g_string_append (out, "ask");
      break;
    case FERRY_SESSION_EFFECT_ACCEPTED:
      g_string_append (out, "accepted");
      break;
    case FERRY_SESSION_EFFECT_PREPARE:
      g_string_append_printf (out, "prepare %s%s%s", effect->transport_ns + strlen (TRANSPORTS),
                              effect->proposer ? " proposer" : "",
                              effect->stream_sid != NULL ? " sid" : "");
      break;
    case FERRY_SESSION_EFFECT_REMOTE:
      g_string_append_printf (out, "remote %s", get_short_ns (effect->element));
      break;
    case FERRY_SESSION_EFFECT_TRANSPORT_INFO:
      g_assert_nonnull (effect->request);
      g_string_append_printf (out, "pass %s", get_short_ns (effect->element));
      break;
    case FERRY_SESSION_EFFECT_INFO_ANSWERED:
      g_string_append (out, "info answered");
      break;
    case FERRY_SESSION_EFFECT_FIND:
      g_string_append (out, "find");
      break;
    case FERRY_SESSION_EFFECT_OPEN:
      g_string_append (out, "open");
      break;
    case FERRY_SESSION_EFFECT_SECURE:
      append_secure (out, effect);
      break;
    case FERRY_SESSION_EFFECT_PUMP:
      g_string_append_printf (out, "pump %d %d", (int) effect->range_offset,
                              (int) effect->range_length);
      break;
    case FERRY_SESSION_EFFECT_STORE:
      g_string_append_printf (out, "store %s", verdicts[effect->verdict]);
      break;
    case FERRY_SESSION_EFFECT_CLOSE:
      g_string_append (out, "close");
      break;
    case FERRY_SESSION_EFFECT_WAKE:
      if (effect->deadline == 0)
        g_string_append (out, "wake never");
      else
        g_string_append_printf (out, "wake %d", (int) ((effect->deadline - now) / 1000));
      break;
    case FERRY_SESSION_EFFECT_END:
      g_string_append_printf (out, "end %s", outcomes[effect->outcome]);
      break;
    default:
      g_assert_not_reached ();
    }
}
