/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/gate-stanza.h"
#include "proto/iq.h"

#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

/* What our own account and server may say at once, in units of what others may. */
#define OWN_FACTOR 8

FerryGateVerdict
ferry_gate_judge_attributes (const char **attributes)
{
  for (guint n = 1; attributes[0] != NULL; attributes += 2, n++)
    {
      const char *colon = strchr (attributes[0], ':');
      gsize prefix_len = colon != NULL ? (gsize) (colon - attributes[0]) : strlen (attributes[0]);

      if (n > FERRY_XML_MAX_ATTRIBUTES)
        return FERRY_GATE_TOO_LARGE;
      if (prefix_len == 5 && g_str_has_prefix (attributes[0], "xmlns"))
        {
          if (strlen (attributes[1]) > FERRY_XML_MAX_NAMESPACE)
            return FERRY_GATE_TOO_LARGE;
        }
      else if (colon != NULL && strcmp (attributes[0], "xml:lang") != 0)
        {
          return FERRY_GATE_FORGED;
        }
    }

  return FERRY_GATE_PASS;
}

void
ferry_gate_stanza_begin (FerryGateStanza  *self,
                         const char       *account,
                         const char       *name,
                         const char      **attributes)
{
  const char *xmlns = NULL;
  const char *type = NULL;

  ferry_gate_stanza_clear (self);
  for (; attributes[0] != NULL; attributes += 2)
    {
      if (strcmp (attributes[0], "id") == 0)
        self->id = g_strdup (attributes[1]);
      else if (strcmp (attributes[0], "from") == 0)
        self->from = g_strdup (attributes[1]);
      else if (strcmp (attributes[0], "type") == 0)
        type = attributes[1];
      else if (strcmp (attributes[0], "xmlns") == 0)
        xmlns = attributes[1];
    }

  /* RFC 6120 §8.1.2.1: no sender is our own account; servers stamp everybody else's. */
  self->factor = self->from == NULL || strcmp (self->from, account) == 0 ? OWN_FACTOR : 1;
  self->is_request = strcmp (name, "iq") == 0 &&
                     (g_strcmp0 (type, "get") == 0 || g_strcmp0 (type, "set") == 0);
  self->is_success = strcmp (name, "success") == 0 && g_strcmp0 (xmlns, NS_SASL) == 0;
}

void
ferry_gate_stanza_element (FerryGateStanza  *self,
                           const char      **attributes,
                           guint             depth)
{
  if (self->verdict != FERRY_GATE_PASS)
    return;

  if (++self->n_elements > FERRY_XML_MAX_ELEMENTS * self->factor || depth > FERRY_XML_MAX_DEPTH)
    self->verdict = FERRY_GATE_TOO_LARGE;
  else
    self->verdict = ferry_gate_judge_attributes (attributes);
}

void
ferry_gate_stanza_grow (FerryGateStanza *self,
                        gint64           size)
{
  if (self->verdict == FERRY_GATE_PASS && size > FERRY_XML_MAX_BYTES * (gint64) self->factor)
    self->verdict = FERRY_GATE_TOO_LARGE;
}

FerryElement *
ferry_gate_stanza_refuse (FerryGateStanza *self)
{
  g_autoptr(FerryStanzaError) reason = NULL;
  g_autoptr(FerryElement) error = NULL;

  if (!self->is_request)
    return NULL;

  reason = self->verdict == FERRY_GATE_FORGED
    ? ferry_stanza_error_new (FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_NOT_ACCEPTABLE,
                              NULL, NULL, "Attributes with a prefix are not taken")
    : ferry_stanza_error_new (FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_POLICY_VIOLATION,
                              NULL, NULL, "The stanza is too large");
  error = ferry_stanza_error_to_element (reason);

  return ferry_iq_new (FERRY_IQ_ERROR, self->from, self->id, error);
}

void
ferry_gate_stanza_clear (FerryGateStanza *self)
{
  g_free (self->id);
  g_free (self->from);
  *self = (FerryGateStanza) { 0 };
}
