/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/number.h"
#include "proto/stanza-error.h"

#define TEXT_MAX 1024 /* bytes (SEC-11) */

static const char *const type_names[] = {
  [FERRY_STANZA_ERROR_AUTH] = "auth",
  [FERRY_STANZA_ERROR_CANCEL] = "cancel",
  [FERRY_STANZA_ERROR_CONTINUE] = "continue",
  [FERRY_STANZA_ERROR_MODIFY] = "modify",
  [FERRY_STANZA_ERROR_WAIT] = "wait",
};

/* RFC 6120 §8.3.3, with the type and the code that XEP-0086 gives each. */
static const struct
{
  const char           *name;
  FerryStanzaErrorType  type;
  guint                 code;
} conditions[] = {
  [FERRY_CONDITION_BAD_REQUEST] = { "bad-request", FERRY_STANZA_ERROR_MODIFY, 400 },
  [FERRY_CONDITION_CONFLICT] = { "conflict", FERRY_STANZA_ERROR_CANCEL, 409 },
  [FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED] = { "feature-not-implemented",
                                                FERRY_STANZA_ERROR_CANCEL, 501 },
  [FERRY_CONDITION_FORBIDDEN] = { "forbidden", FERRY_STANZA_ERROR_AUTH, 403 },
  [FERRY_CONDITION_GONE] = { "gone", FERRY_STANZA_ERROR_MODIFY, 302 },
  [FERRY_CONDITION_INTERNAL_SERVER_ERROR] = { "internal-server-error",
                                              FERRY_STANZA_ERROR_WAIT, 500 },
  [FERRY_CONDITION_ITEM_NOT_FOUND] = { "item-not-found", FERRY_STANZA_ERROR_CANCEL, 404 },
  [FERRY_CONDITION_JID_MALFORMED] = { "jid-malformed", FERRY_STANZA_ERROR_MODIFY, 400 },
  [FERRY_CONDITION_NOT_ACCEPTABLE] = { "not-acceptable", FERRY_STANZA_ERROR_MODIFY, 406 },
  [FERRY_CONDITION_NOT_ALLOWED] = { "not-allowed", FERRY_STANZA_ERROR_CANCEL, 405 },
  [FERRY_CONDITION_NOT_AUTHORIZED] = { "not-authorized", FERRY_STANZA_ERROR_AUTH, 401 },
  [FERRY_CONDITION_POLICY_VIOLATION] = { "policy-violation", FERRY_STANZA_ERROR_MODIFY, 0 },
  [FERRY_CONDITION_RECIPIENT_UNAVAILABLE] = { "recipient-unavailable",
                                              FERRY_STANZA_ERROR_WAIT, 404 },
  [FERRY_CONDITION_REDIRECT] = { "redirect", FERRY_STANZA_ERROR_MODIFY, 302 },
  [FERRY_CONDITION_REGISTRATION_REQUIRED] = { "registration-required",
                                              FERRY_STANZA_ERROR_AUTH, 407 },
  [FERRY_CONDITION_REMOTE_SERVER_NOT_FOUND] = { "remote-server-not-found",
                                                FERRY_STANZA_ERROR_CANCEL, 404 },
  [FERRY_CONDITION_REMOTE_SERVER_TIMEOUT] = { "remote-server-timeout",
                                              FERRY_STANZA_ERROR_WAIT, 504 },
  [FERRY_CONDITION_RESOURCE_CONSTRAINT] = { "resource-constraint", FERRY_STANZA_ERROR_WAIT, 500 },
  [FERRY_CONDITION_SERVICE_UNAVAILABLE] = { "service-unavailable", FERRY_STANZA_ERROR_CANCEL, 503 },
  [FERRY_CONDITION_SUBSCRIPTION_REQUIRED] = { "subscription-required",
                                              FERRY_STANZA_ERROR_AUTH, 407 },
  [FERRY_CONDITION_UNDEFINED_CONDITION] = { "undefined-condition", FERRY_STANZA_ERROR_CANCEL, 500 },
  [FERRY_CONDITION_UNEXPECTED_REQUEST] = { "unexpected-request", FERRY_STANZA_ERROR_WAIT, 400 },
};

/* GEN-5: what is meant by an error that has a code and no condition. */
static const struct
{
  guint          code;
  FerryCondition condition;
} codes[] = {
  { 302, FERRY_CONDITION_REDIRECT },
  { 400, FERRY_CONDITION_BAD_REQUEST },
  { 401, FERRY_CONDITION_NOT_AUTHORIZED },
  { 403, FERRY_CONDITION_FORBIDDEN },
  { 404, FERRY_CONDITION_ITEM_NOT_FOUND },
  { 405, FERRY_CONDITION_NOT_ALLOWED },
  { 406, FERRY_CONDITION_NOT_ACCEPTABLE },
  { 407, FERRY_CONDITION_REGISTRATION_REQUIRED },
  { 408, FERRY_CONDITION_REMOTE_SERVER_TIMEOUT },
  { 409, FERRY_CONDITION_CONFLICT },
  { 500, FERRY_CONDITION_INTERNAL_SERVER_ERROR },
  { 501, FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED },
  { 502, FERRY_CONDITION_SERVICE_UNAVAILABLE },
  { 503, FERRY_CONDITION_SERVICE_UNAVAILABLE },
  { 504, FERRY_CONDITION_REMOTE_SERVER_TIMEOUT },
};

/* … and by one that has nothing but the words of XEP-0087 and XEP-0041. */
static const struct
{
  const char     *text;
  FerryCondition  condition;
} texts[] = {
  { "Offer Declined", FERRY_CONDITION_FORBIDDEN },
  { "No Valid Streams", FERRY_CONDITION_NOT_ACCEPTABLE },
  { "No supported protocols.", FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED },
};

const char *
ferry_condition_to_string (FerryCondition condition)
{
  g_return_val_if_fail (condition < G_N_ELEMENTS (conditions), NULL);

  return conditions[condition].name;
}

/**
 * ferry_stanza_error_new:
 * @specific: (nullable): name of the application's own condition …
 * @specific_ns: (nullable): … and its namespace
 * @text: (nullable): English
 */
FerryStanzaError *
ferry_stanza_error_new (FerryStanzaErrorType  type,
                        FerryCondition        condition,
                        const char           *specific,
                        const char           *specific_ns,
                        const char           *text)
{
  FerryStanzaError *self = g_new0 (FerryStanzaError, 1);

  self->type = type;
  self->condition = condition;
  self->specific = g_strdup (specific);
  self->specific_ns = g_strdup (specific_ns);
  self->text = g_strdup (text);

  return self;
}

FerryStanzaError *
ferry_stanza_error_copy (const FerryStanzaError *self)
{
  FerryStanzaError *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = ferry_stanza_error_new (self->type, self->condition, self->specific, self->specific_ns,
                                 self->text);
  copy->code = self->code;

  return copy;
}

void
ferry_stanza_error_free (FerryStanzaError *self)
{
  if (self == NULL)
    return;

  g_free (self->specific);
  g_free (self->specific_ns);
  g_free (self->text);
  g_free (self);
}

static gboolean
parse_condition (FerryStanzaError   *self,
                 const FerryElement *child)
{
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    if (ferry_element_is (child, conditions[i].name, FERRY_NS_STANZAS))
      {
        self->condition = i;
        return TRUE;
      }

  return FALSE;
}

static FerryCondition
guess_condition (const FerryStanzaError *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (self->code == codes[i].code)
      return codes[i].condition;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (self->text != NULL && g_ascii_strcasecmp (self->text, texts[i].text) == 0)
      return texts[i].condition;

  return FERRY_CONDITION_UNDEFINED_CONDITION;
}

static FerryStanzaErrorType
parse_type (const char     *type,
            FerryCondition  condition)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (g_strcmp0 (type, type_names[i]) == 0)
      return i;

  return conditions[condition].type;
}

/* Old errors are bare text; it may be of any length. */
static char *
dup_text (const FerryElement *error)
{
  const char *text = ferry_element_find_text (error, "text", FERRY_NS_STANZAS);
  g_autofree char *words = g_strndup (text != NULL ? text : ferry_element_get_text (error), TEXT_MAX);
  g_autofree char *whole = g_utf8_make_valid (g_strstrip (words), -1);

  return *whole != '\0' ? g_steal_pointer (&whole) : NULL;
}

/**
 * ferry_stanza_error_from_stanza:
 * @stanza: any stanza
 *
 * Returns: (transfer full) (nullable): %NULL if @stanza is not of type error
 */
FerryStanzaError *
ferry_stanza_error_from_stanza (const FerryElement *stanza)
{
  FerryStanzaError *self;
  FerryElement *error;
  gboolean found = FALSE;
  guint64 code = 0;

  g_return_val_if_fail (stanza != NULL, NULL);

  if (g_strcmp0 (ferry_element_get_attribute (stanza, "type"), "error") != 0)
    return NULL;

  self = ferry_stanza_error_new (FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_UNDEFINED_CONDITION,
                                 NULL, NULL, NULL);
  error = ferry_element_find (stanza, "error", ferry_element_get_xmlns (stanza));
  if (error == NULL)
    return self;

  if (ferry_number_parse (ferry_element_get_attribute (error, "code"), 1, 999, &code))
    self->code = code;
  self->text = dup_text (error);

  for (guint i = 0; i < ferry_element_get_n_children (error); i++)
    {
      FerryElement *child = ferry_element_get_child (error, i);

      if (ferry_element_is (child, NULL, FERRY_NS_STANZAS))
        found = found || parse_condition (self, child);
      else if (self->specific == NULL)
        {
          self->specific = g_strdup (ferry_element_get_name (child));
          self->specific_ns = g_strdup (ferry_element_get_xmlns (child));
        }
    }

  if (!found)
    self->condition = guess_condition (self);
  self->type = parse_type (ferry_element_get_attribute (error, "type"), self->condition);

  return self;
}

/* Returns: (transfer full): `<error/>` by GEN-5 */
FerryElement *
ferry_stanza_error_to_element (const FerryStanzaError *self)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (self != NULL, NULL);

  builder = ferry_element_builder_new ("error", FERRY_NS_CLIENT);
  if (self->code != 0)
    ferry_element_builder_attribute_int (builder, "code", self->code);
  ferry_element_builder_attribute (builder, "type", type_names[self->type]);

  ferry_element_builder_open (builder, conditions[self->condition].name, FERRY_NS_STANZAS);
  ferry_element_builder_close (builder);
  if (self->specific != NULL)
    {
      ferry_element_builder_open (builder, self->specific, self->specific_ns);
      ferry_element_builder_close (builder);
    }
  if (self->text != NULL)
    {
      ferry_element_builder_open (builder, "text", FERRY_NS_STANZAS);
      ferry_element_builder_text (builder, self->text);
      ferry_element_builder_close (builder);
    }

  return ferry_element_builder_end (builder);
}

void
ferry_stanza_error_add_code (FerryStanzaError *self)
{
  g_return_if_fail (self != NULL);

  self->code = conditions[self->condition].code;
}

/* Whether the application's own condition is @specific, in whatever namespace: that of
 * Jingle's changed its number with the drafts (C-24). */
gboolean
ferry_stanza_error_is_specific (const FerryStanzaError *self,
                                const char             *specific)
{
  g_return_val_if_fail (self != NULL && specific != NULL, FALSE);

  /* Peer: Gajim 1.x writes <tiebreak/>; no other condition has that name (Q-GA-6). */
  if (strcmp (specific, "tie-break") == 0 && g_strcmp0 (self->specific, "tiebreak") == 0)
    return TRUE;

  return g_strcmp0 (self->specific, specific) == 0;
}
