/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/iq.h"
#include "proto/jingle-codec.h"
#include "proto/jingle-dialect.h"
#include "proto/jingle-xml-stream.h"

static const char *
get_attribute (const FerryJingleGeneration *generation,
               const FerryElement          *iq,
               const char                  *name)
{
  const FerryElement *jingle = ferry_iq_get_payload (iq);

  if (jingle == NULL || !ferry_element_is (jingle, "jingle", generation->ns))
    return NULL;

  return ferry_element_get_attribute (jingle, name);
}

const char *
ferry_jingle_dialect_get_sid (const FerryJingleGeneration *generation,
                              const FerryElement          *iq)
{
  return get_attribute (generation, iq, "sid");
}

gboolean
ferry_jingle_dialect_is_opening (const FerryJingleGeneration *generation,
                                 const FerryElement          *iq)
{
  return g_strcmp0 (get_attribute (generation, iq, "action"), "session-initiate") == 0;
}

gboolean
ferry_jingle_dialect_is_opening_of (const FerryJingleGeneration         *generation,
                                    const FerryJingleApplication *const *applications,
                                    const FerryElement                  *iq)
{
  const FerryElement *jingle = ferry_iq_get_payload (iq);

  if (!ferry_jingle_dialect_is_opening (generation, iq))
    return FALSE;

  for (guint i = 0; i < ferry_element_get_n_children (jingle); i++)
    {
      const FerryElement *content = ferry_element_get_child (jingle, i);

      if (!ferry_element_is (content, "content", generation->ns))
        continue;

      for (guint a = 0; applications[a] != NULL; a++)
        if (ferry_element_find (content, "description", applications[a]->ns) != NULL)
          return TRUE;
    }

  return FALSE;
}

gboolean
ferry_jingle_dialect_is_draft (const char *const *features)
{
  return features != NULL && g_strv_contains (features, FERRY_NS_XML_STREAM_TMP) &&
         !g_strv_contains (features, FERRY_NS_XML_STREAM);
}

/* J-4: the answer to an iq about a session that we do not have. */
FerryElement *
ferry_jingle_dialect_refuse (const FerryJingleGeneration *generation,
                             const FerryElement          *iq)
{
  const FerryElement *payload = ferry_iq_get_payload (iq);
  g_autoptr(FerryJingle) jingle = NULL;

  if (payload != NULL)
    jingle = ferry_jingle_parse (payload, generation, NULL);

  return ferry_jingle_refuse (generation, iq,
                              jingle != NULL ? FERRY_JINGLE_REFUSE_UNKNOWN_SESSION
                                             : FERRY_JINGLE_REFUSE_MALFORMED,
                              NULL);
}
