/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"

static const char *const type_names[] = {
  [FERRY_IQ_GET] = "get",
  [FERRY_IQ_SET] = "set",
  [FERRY_IQ_RESULT] = "result",
  [FERRY_IQ_ERROR] = "error",
};

/**
 * ferry_iq_new:
 * @to: (nullable): %NULL for our own account
 * @payload: (transfer none) (nullable)
 *
 * Returns: (transfer full)
 */
FerryElement *
ferry_iq_new (FerryIqType   type,
              const char   *to,
              const char   *id,
              FerryElement *payload)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (type < G_N_ELEMENTS (type_names), NULL);

  builder = ferry_element_builder_new ("iq", FERRY_NS_CLIENT);
  ferry_element_builder_attribute (builder, "type", type_names[type]);
  ferry_element_builder_attribute (builder, "to", to);
  ferry_element_builder_attribute (builder, "id", id);
  if (payload != NULL)
    ferry_element_builder_child (builder, payload);

  return ferry_element_builder_end (builder);
}

static FerryElement *
answer (const FerryElement *request,
        FerryIqType         type,
        FerryElement       *payload)
{
  return ferry_iq_new (type, ferry_element_get_attribute (request, "from"),
                       ferry_element_get_attribute (request, "id"), payload);
}

/**
 * ferry_iq_new_result:
 * @request: the iq get or set that is answered (GEN-1)
 * @payload: (transfer none) (nullable)
 *
 * Returns: (transfer full)
 */
FerryElement *
ferry_iq_new_result (const FerryElement *request,
                     FerryElement       *payload)
{
  g_return_val_if_fail (request != NULL, NULL);

  return answer (request, FERRY_IQ_RESULT, payload);
}

/* Returns: (transfer full) */
FerryElement *
ferry_iq_new_error (const FerryElement     *request,
                    const FerryStanzaError *error)
{
  g_autoptr(FerryElement) payload = NULL;

  g_return_val_if_fail (request != NULL && error != NULL, NULL);

  payload = ferry_stanza_error_to_element (error);

  return answer (request, FERRY_IQ_ERROR, payload);
}

gboolean
ferry_iq_is (const FerryElement *stanza,
             FerryIqType         type)
{
  g_return_val_if_fail (stanza != NULL && type < G_N_ELEMENTS (type_names), FALSE);

  return ferry_element_is (stanza, "iq", FERRY_NS_CLIENT) &&
         g_strcmp0 (ferry_element_get_attribute (stanza, "type"), type_names[type]) == 0;
}

/* Whether @stanza is an iq that must be answered. */
gboolean
ferry_iq_is_request (const FerryElement *stanza)
{
  return ferry_iq_is (stanza, FERRY_IQ_GET) || ferry_iq_is (stanza, FERRY_IQ_SET);
}

/* Returns: (transfer none) (nullable): the first child that is not the `<error/>` */
FerryElement *
ferry_iq_get_payload (const FerryElement *iq)
{
  g_return_val_if_fail (iq != NULL, NULL);

  for (guint i = 0; i < ferry_element_get_n_children (iq); i++)
    {
      FerryElement *child = ferry_element_get_child (iq, i);

      if (!ferry_element_is (child, "error", FERRY_NS_CLIENT))
        return child;
    }

  return NULL;
}
