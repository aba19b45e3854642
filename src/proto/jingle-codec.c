/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/jingle-codec.h"
#include "proto/proto-error.h"

/* SEC-11 */
#define MAX_CONTENTS   16
#define MAX_CANDIDATES 20   /* of one transport, whichever it is */
#define MAX_ID         128  /* bytes */
#define MAX_TEXT       1024 /* bytes */

static const struct
{
  const char *name;
  gboolean    needs_content;
} actions[FERRY_JINGLE_N_ACTIONS] = {
  [FERRY_JINGLE_CONTENT_ACCEPT] = { "content-accept", TRUE },
  [FERRY_JINGLE_CONTENT_ADD] = { "content-add", TRUE },
  [FERRY_JINGLE_CONTENT_MODIFY] = { "content-modify", TRUE },
  [FERRY_JINGLE_CONTENT_REJECT] = { "content-reject", TRUE },
  [FERRY_JINGLE_CONTENT_REMOVE] = { "content-remove", TRUE },
  [FERRY_JINGLE_DESCRIPTION_INFO] = { "description-info", TRUE },
  [FERRY_JINGLE_SECURITY_INFO] = { "security-info", TRUE },
  [FERRY_JINGLE_SESSION_ACCEPT] = { "session-accept", TRUE },
  [FERRY_JINGLE_SESSION_INFO] = { "session-info", FALSE },
  [FERRY_JINGLE_SESSION_INITIATE] = { "session-initiate", TRUE },
  [FERRY_JINGLE_SESSION_TERMINATE] = { "session-terminate", FALSE },
  [FERRY_JINGLE_TRANSPORT_ACCEPT] = { "transport-accept", TRUE },
  [FERRY_JINGLE_TRANSPORT_INFO] = { "transport-info", TRUE },
  [FERRY_JINGLE_TRANSPORT_REJECT] = { "transport-reject", TRUE },
  [FERRY_JINGLE_TRANSPORT_REPLACE] = { "transport-replace", TRUE },
};

static const char *const senders_names[] = {
  [FERRY_JINGLE_SENDERS_INITIATOR] = "initiator",
  [FERRY_JINGLE_SENDERS_RESPONDER] = "responder",
  [FERRY_JINGLE_SENDERS_BOTH] = "both",
  [FERRY_JINGLE_SENDERS_NONE] = "none",
};

static void
jingle_content_free (gpointer data)
{
  FerryJingleContent *content = data;

  g_free (content->name);
  g_free (content->disposition);
  g_clear_pointer (&content->description, ferry_element_unref);
  g_clear_pointer (&content->transport, ferry_element_unref);
  g_clear_pointer (&content->security, ferry_element_unref);
  g_free (content);
}

FerryJingle *
ferry_jingle_new (FerryJingleAction  action,
                  const char        *sid)
{
  FerryJingle *self = g_new0 (FerryJingle, 1);

  self->action = action;
  self->sid = g_strdup (sid);
  self->contents = g_ptr_array_new_with_free_func (jingle_content_free);

  return self;
}

void
ferry_jingle_free (FerryJingle *self)
{
  if (self == NULL)
    return;

  g_free (self->sid);
  g_free (self->initiator);
  g_free (self->responder);
  g_ptr_array_unref (self->contents);
  g_clear_pointer (&self->info, ferry_element_unref);
  g_clear_pointer (&self->reason_specific, ferry_element_unref);
  g_free (self->reason_text);
  g_free (self->alternative_sid);
  g_free (self);
}

FerryJingleContent *
ferry_jingle_add_content (FerryJingle *self,
                          FerryRole    creator,
                          const char  *name)
{
  FerryJingleContent *content = g_new0 (FerryJingleContent, 1);

  content->creator = creator;
  content->name = g_strdup (name);
  g_ptr_array_add (self->contents, content);

  return content;
}

guint
ferry_jingle_get_n_contents (const FerryJingle *self)
{
  return self->contents->len;
}

FerryJingleContent *
ferry_jingle_get_content (const FerryJingle *self,
                          guint              index)
{
  g_return_val_if_fail (index < self->contents->len, NULL);

  return g_ptr_array_index (self->contents, index);
}

gboolean
ferry_jingle_content_is_session (const FerryJingleContent *content)
{
  return content->disposition == NULL || strcmp (content->disposition, "session") == 0;
}

const char *
ferry_jingle_action_get_name (FerryJingleAction action)
{
  g_return_val_if_fail (action < FERRY_JINGLE_N_ACTIONS, NULL);

  return actions[action].name;
}

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, FERRY_PROTO_ERROR, FERRY_PROTO_ERROR_MALFORMED, message);

  return FALSE;
}

static gboolean
is_id (const char *text)
{
  return text != NULL && *text != '\0' && strlen (text) <= MAX_ID;
}

static gboolean
parse_action (const char        *name,
              FerryJingleAction *action)
{
  for (guint i = 0; i < FERRY_JINGLE_N_ACTIONS; i++)
    if (g_strcmp0 (actions[i].name, name) == 0)
      {
        *action = i;
        return TRUE;
      }

  return FALSE;
}

/* The attribute is required, but a peer without it means the initiator (protocols 3.3). */
static gboolean
parse_creator (const char *text,
               FerryRole  *creator)
{
  *creator = g_strcmp0 (text, "responder") == 0 ? FERRY_ROLE_RESPONDER : FERRY_ROLE_INITIATOR;

  return text == NULL || strcmp (text, "initiator") == 0 || strcmp (text, "responder") == 0;
}

static gboolean
parse_senders (const char         *text,
               FerryJingleSenders *senders)
{
  *senders = FERRY_JINGLE_SENDERS_UNSAID;
  if (text == NULL)
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (senders_names); i++)
    if (g_strcmp0 (senders_names[i], text) == 0)
      {
        *senders = i;
        return TRUE;
      }

  return FALSE;
}

/* Children keep the names of their roles; their namespaces are what they are about.
 * Anything else is ignored (J-21). */
static gboolean
parse_content_children (FerryJingleContent  *self,
                        const FerryElement  *content,
                        GError             **error)
{
  for (guint i = 0; i < ferry_element_get_n_children (content); i++)
    {
      FerryElement *child = ferry_element_get_child (content, i);
      FerryElement **place = NULL;

      if (ferry_element_is (child, "description", NULL))
        place = &self->description;
      else if (ferry_element_is (child, "transport", NULL))
        place = &self->transport;
      else if (ferry_element_is (child, "security", NULL))
        place = &self->security;

      if (place == NULL)
        continue;
      if (*place != NULL)
        return fail (error, "A content has one description, one transport and one security");

      *place = ferry_element_ref (child);
    }

  /* Here rather than in the transport, which is asked only after the answer went out. One
   * child more: nomination and candidates may come in one element. */
  if (self->transport != NULL &&
      ferry_element_get_n_children (self->transport) > MAX_CANDIDATES + 1)
    return fail (error, "Too many candidates");

  return TRUE;
}

static gboolean
parse_content (FerryJingle         *self,
               const FerryElement  *element,
               GError             **error)
{
  const char *name = ferry_element_get_attribute (element, "name");
  FerryJingleSenders senders;
  FerryJingleContent *content;
  FerryRole creator;

  if (self->contents->len == MAX_CONTENTS)
    return fail (error, "Too many contents");
  if (!is_id (name) ||
      !parse_creator (ferry_element_get_attribute (element, "creator"), &creator) ||
      !parse_senders (ferry_element_get_attribute (element, "senders"), &senders))
    return fail (error, "Bad name, creator or senders of a content");

  for (guint i = 0; i < self->contents->len; i++)
    {
      const FerryJingleContent *other = ferry_jingle_get_content (self, i);

      if (other->creator == creator && strcmp (other->name, name) == 0)
        return fail (error, "Two contents of one name");
    }

  content = ferry_jingle_add_content (self, creator, name);
  content->senders = senders;
  content->disposition = g_strdup (ferry_element_get_attribute (element, "disposition"));

  return parse_content_children (content, element, error);
}

/*
 *   <reason>  <success/> | …   <application's-own/>?  <text>…</text>?  </reason>
 */
static void
parse_reason (FerryJingle        *self,
              const FerryElement *reason,
              const char         *ns)
{
  for (guint i = 0; i < ferry_element_get_n_children (reason); i++)
    {
      FerryElement *child = ferry_element_get_child (reason, i);

      if (ferry_element_is (child, "text", ns))
        {
          g_autofree char *text = g_strndup (ferry_element_get_text (child), MAX_TEXT);

          g_free (self->reason_text);
          self->reason_text = g_utf8_make_valid (text, -1);
        }
      else if (ferry_element_is (child, NULL, ns) && self->reason == FERRY_JINGLE_REASON_NONE)
        {
          const char *sid = ferry_element_find_text (child, "sid", ns);

          self->reason = ferry_jingle_reason_parse (ferry_element_get_name (child));
          self->alternative_sid = is_id (sid) ? g_strdup (sid) : NULL;
        }
      else if (!ferry_element_is (child, NULL, ns) && self->reason_specific == NULL)
        {
          self->reason_specific = ferry_element_ref (child);
        }
    }
}

static gboolean
parse_children (FerryJingle         *self,
                const FerryElement  *jingle,
                const char          *ns,
                GError             **error)
{
  const FerryElement *reason = ferry_element_find (jingle, "reason", ns);

  if (reason != NULL)
    parse_reason (self, reason, ns);

  for (guint i = 0; i < ferry_element_get_n_children (jingle); i++)
    {
      FerryElement *child = ferry_element_get_child (jingle, i);

      if (ferry_element_is (child, "content", ns))
        {
          if (!parse_content (self, child, error))
            return FALSE;
        }
      else if (!ferry_element_is (child, NULL, ns) && self->info == NULL &&
               self->action == FERRY_JINGLE_SESSION_INFO)
        {
          self->info = ferry_element_ref (child);
        }
    }

  return TRUE;
}

FerryJingle *
ferry_jingle_parse (const FerryElement           *jingle,
                    const FerryJingleGeneration  *generation,
                    GError                      **error)
{
  g_autoptr(FerryJingle) self = NULL;
  FerryJingleAction action;
  const char *sid;

  g_return_val_if_fail (jingle != NULL && generation != NULL, NULL);

  sid = ferry_element_get_attribute (jingle, "sid");

  if (!ferry_element_is (jingle, "jingle", generation->ns) || !is_id (sid) ||
      !parse_action (ferry_element_get_attribute (jingle, "action"), &action))
    {
      fail (error, "No action or no session id");
      return NULL;
    }

  self = ferry_jingle_new (action, sid);
  self->initiator = g_strdup (ferry_element_get_attribute (jingle, "initiator"));
  self->responder = g_strdup (ferry_element_get_attribute (jingle, "responder"));

  if (!parse_children (self, jingle, generation->ns, error))
    return NULL;

  if (actions[action].needs_content && self->contents->len == 0)
    {
      fail (error, "No content");
      return NULL;
    }

  return g_steal_pointer (&self);
}

static void
build_child (FerryElementBuilder *builder,
             FerryElement        *child)
{
  if (child != NULL)
    ferry_element_builder_child (builder, child);
}

static const char *
get_role_name (FerryRole role)
{
  return role == FERRY_ROLE_RESPONDER ? "responder" : "initiator";
}

static void
build_content (FerryElementBuilder      *builder,
               const FerryJingleContent *content)
{
  ferry_element_builder_open (builder, "content", NULL);
  ferry_element_builder_attribute (builder, "creator", get_role_name (content->creator));
  ferry_element_builder_attribute (builder, "name", content->name);
  ferry_element_builder_attribute (builder, "senders", senders_names[content->senders]);
  ferry_element_builder_attribute (builder, "disposition", content->disposition);
  build_child (builder, content->description);
  build_child (builder, content->transport);
  build_child (builder, content->security);
  ferry_element_builder_close (builder);
}

static void
build_reason (FerryElementBuilder         *builder,
              const FerryJingle           *self,
              const FerryJingleGeneration *generation)
{
  if (self->reason == FERRY_JINGLE_REASON_NONE)
    return;

  ferry_element_builder_open (builder, "reason", NULL);
  ferry_element_builder_open (builder, generation->reasons[self->reason], NULL);
  if (self->alternative_sid != NULL)
    ferry_element_builder_text_child (builder, "sid", self->alternative_sid);
  ferry_element_builder_close (builder);
  build_child (builder, self->reason_specific);
  if (self->reason_text != NULL)
    ferry_element_builder_text_child (builder, "text", self->reason_text);
  ferry_element_builder_close (builder);
}

FerryElement *
ferry_jingle_to_element (const FerryJingle           *self,
                         const FerryJingleGeneration *generation)
{
  FerryElementBuilder *builder;

  g_return_val_if_fail (self != NULL && generation != NULL, NULL);

  builder = ferry_element_builder_new ("jingle", generation->ns);
  ferry_element_builder_attribute (builder, "action", actions[self->action].name);
  ferry_element_builder_attribute (builder, "sid", self->sid);
  ferry_element_builder_attribute (builder, "initiator", self->initiator);
  ferry_element_builder_attribute (builder, "responder", self->responder);
  for (guint i = 0; i < self->contents->len; i++)
    build_content (builder, ferry_jingle_get_content (self, i));
  build_child (builder, self->info);
  build_reason (builder, self, generation);

  return ferry_element_builder_end (builder);
}
