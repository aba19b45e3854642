/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/feature-negotiation.h"
#include "legacy/namespaces.h"
#include "legacy/rel-codec.h"
#include "proto/bytestreams-codec.h"
#include "proto/file-fields.h"
#include "proto/ibb-codec.h"
#include "proto/iq.h"
#include "proto/stanza-error.h"

#define FIELD   "method"
#define MAX_CID 128 /* octets, SEC-11 */

static const struct
{
  const char *name; /* XEP-0041 §1.2 */
  const char *transport;
} methods_known[FERRY_REL_N_METHODS] = {
  [FERRY_REL_BYTESTREAMS] = { "s5b", FERRY_NS_BYTESTREAMS },
  [FERRY_REL_IN_BAND] = { "ibb", FERRY_NS_IBB },
};

const char *
ferry_rel_method_get_transport (FerryRelMethod method)
{
  g_return_val_if_fail (method < FERRY_REL_N_METHODS, NULL);

  return methods_known[method].transport;
}

/* The set with the method of that name, or the empty one. */
static guint
find_method (const char *name)
{
  for (FerryRelMethod method = 0; method < FERRY_REL_N_METHODS; method++)
    if (strcmp (name, methods_known[method].name) == 0)
      return 1u << method;

  return 0;
}

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, message);
  return FALSE;
}

/**
 * ferry_rel_offer_to_element:
 *
 *   <query xmlns='filexfer' filename='coolfile.txt' size='6'/>
 *
 * Deviates: the size is ours. A reader of the listing does not miss it.
 */
FerryElement *
ferry_rel_offer_to_element (const FerryFileDescription *file)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("query", FERRY_NS_REL_APPLICATION);

  if (file->name != NULL)
    ferry_element_builder_attribute (builder, "filename", file->name);
  if (file->size >= 0)
    ferry_element_builder_attribute_int (builder, "size", file->size);

  return ferry_element_builder_end (builder);
}

FerryFileDescription *
ferry_rel_offer_parse (const FerryElement  *query,
                       GError             **error)
{
  g_autoptr(FerryFileDescription) self = ferry_file_description_new ();

  if (!ferry_file_parse_text (ferry_element_get_attribute (query, "filename"), "name",
                              &self->name, error) ||
      !ferry_file_parse_number (ferry_element_get_attribute (query, "size"), "size",
                                &self->size, error))
    return NULL;

  if (self->name == NULL)
    {
      fail (error, "An offer without the name of its file");
      return NULL;
    }

  return g_steal_pointer (&self);
}

FerryElement *
ferry_rel_consent_to_element (const char *cid)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("query", FERRY_NS_REL_APPLICATION);

  ferry_element_builder_open (builder, "cid", FERRY_NS_REL);
  ferry_element_builder_attribute (builder, "value", cid);
  ferry_element_builder_close (builder);

  return ferry_element_builder_end (builder);
}

/* REL-2 wants letters and digits, REL-3 any ASCII: it becomes the id of a stream. */
static gboolean
is_cid (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;

  return length > 0 && length <= MAX_CID;
}

/**
 * ferry_rel_consent_parse:
 *
 *   <query xmlns='filexfer'><cid xmlns='http://jabber.org/protocol/rel' value='myCID'/></query>
 */
char *
ferry_rel_consent_parse (const FerryElement  *query,
                         GError             **error)
{
  const FerryElement *cid = NULL;
  const char *value = NULL;

  if (query != NULL && ferry_element_is (query, "query", FERRY_NS_REL_APPLICATION))
    cid = ferry_element_find (query, "cid", FERRY_NS_REL);
  if (cid != NULL)
    value = ferry_element_get_attribute (cid, "value");

  if (is_cid (value))
    return g_strdup (value);

  fail (error, "A consent without a context id");

  return NULL;
}

static FerryElementBuilder *
begin_query (const char *cid)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("query", FERRY_NS_REL);

  ferry_element_builder_attribute (builder, "cid", cid);

  return builder;
}

/**
 * ferry_rel_query_to_element:
 *
 *   <query xmlns='http://jabber.org/protocol/rel' cid='myCID' keepAlive='true'>
 *     <feature><x type='form'><field var='method' type='list-single'>
 *       <option><value>s5b</value></option> …
 *
 * Without keepAlive it is false (REL-5).
 */
FerryElement *
ferry_rel_query_to_element (const char *cid,
                            guint       methods,
                            gboolean    keep_alive)
{
  FerryElementBuilder *builder = begin_query (cid);
  const char *options[FERRY_REL_N_METHODS + 1] = { NULL };
  guint n = 0;

  for (FerryRelMethod method = 0; method < FERRY_REL_N_METHODS; method++)
    if (methods & (1u << method))
      options[n++] = methods_known[method].name;

  if (keep_alive)
    ferry_element_builder_attribute (builder, "keepAlive", "true");
  ferry_element_builder_take_child (builder,
                                    ferry_feature_negotiation_new_offer (FIELD, options));

  return ferry_element_builder_end (builder);
}

gboolean
ferry_rel_query_parse (const FerryElement  *query,
                       guint               *methods,
                       gboolean            *keep_alive,
                       GError             **error)
{
  const char *word = ferry_element_get_attribute (query, "keepAlive");
  g_auto(GStrv) options = ferry_feature_negotiation_parse_offer (query, FIELD, error);

  if (options == NULL)
    return FALSE;

  *keep_alive = g_strcmp0 (word, "true") == 0 || g_strcmp0 (word, "1") == 0;
  *methods = 0;
  for (guint i = 0; options[i] != NULL; i++)
    *methods |= find_method (options[i]);

  return TRUE;
}

FerryElement *
ferry_rel_choice_to_element (const char     *cid,
                             FerryRelMethod  method)
{
  FerryElementBuilder *builder = begin_query (cid);

  ferry_element_builder_take_child (
    builder, ferry_feature_negotiation_new_choice (FIELD, methods_known[method].name));

  return ferry_element_builder_end (builder);
}

/* A cid that is missing can only be the one that was asked about. */
gboolean
ferry_rel_choice_parse (const FerryElement  *query,
                        const char          *cid,
                        guint                methods,
                        FerryRelMethod      *method,
                        GError             **error)
{
  g_autofree char *choice = NULL;
  const char *said;
  guint chosen;

  if (query == NULL || !ferry_element_is (query, "query", FERRY_NS_REL))
    return fail (error, "An answer without a method");

  said = ferry_element_get_attribute (query, "cid");
  if (said != NULL && strcmp (said, cid) != 0)
    return fail (error, "An answer about another context");

  choice = ferry_feature_negotiation_parse_choice (query, FIELD, error);
  if (choice == NULL)
    return FALSE;

  chosen = find_method (choice) & methods;
  if (chosen == 0)
    return fail (error, "A method that nobody offered");

  *method = g_bit_nth_lsf (chosen, -1);

  return TRUE;
}

/* GEN-6 */
FerryElement *
ferry_rel_refuse (const FerryElement *iq,
                  FerryRelRefusal     refusal)
{
  static const struct
  {
    FerryStanzaErrorType  type;
    FerryCondition        condition;
    const char           *words;
  } refusals[] = {
    [FERRY_REL_REFUSE_DECLINED] = { FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_FORBIDDEN,
                                    "Offer Declined" },
    [FERRY_REL_REFUSE_NO_METHOD] = { FERRY_STANZA_ERROR_CANCEL,
                                     FERRY_CONDITION_FEATURE_NOT_IMPLEMENTED,
                                     "No supported protocols." },
    [FERRY_REL_REFUSE_CID] = { FERRY_STANZA_ERROR_CANCEL, FERRY_CONDITION_ITEM_NOT_FOUND, NULL },
    [FERRY_REL_REFUSE_MALFORMED] = { FERRY_STANZA_ERROR_MODIFY, FERRY_CONDITION_BAD_REQUEST, NULL },
    [FERRY_REL_REFUSE_BUSY] = { FERRY_STANZA_ERROR_WAIT, FERRY_CONDITION_RESOURCE_CONSTRAINT,
                                NULL },
  };
  g_autoptr(FerryStanzaError) error = NULL;

  g_return_val_if_fail (refusal < G_N_ELEMENTS (refusals), NULL);

  error = ferry_stanza_error_new (refusals[refusal].type, refusals[refusal].condition, NULL, NULL,
                                  refusals[refusal].words);
  ferry_stanza_error_add_code (error);

  return ferry_iq_new_error (iq, error);
}
