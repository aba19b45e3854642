/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "legacy/feature-negotiation.h"
#include "legacy/namespaces.h"
#include "legacy/si-codec.h"
#include "legacy/si-file.h"
#include "legacy/si-header.h"
#include "proto/bytestreams-codec.h"
#include "proto/file-fields.h"
#include "proto/ibb-codec.h"
#include "proto/proto-error.h"

#define MAX_ID 128 /* octets, SEC-11 */

#define DEFAULT_MEDIA_TYPE "application/octet-stream" /* SI95-1 */

const FerrySiText ferry_si_text_95 = {
  .profile = FERRY_NS_SI_FILE_TRANSFER,
  .var = "stream-method",
  .bytestreams = FERRY_NS_BYTESTREAMS,
  .in_band = FERRY_NS_IBB,
};

const FerrySiText ferry_si_text_87 = {
  .profile = FERRY_NS_SI_FILEXFER,
  .var = "file-transfer-method",
  .bytestreams = "s5b",
  .in_band = "ibb",
  .has_headers = TRUE,
  .repeats_id = TRUE,
  .says_406 = TRUE,
};

static const FerrySiText *const texts[] = { &ferry_si_text_95, &ferry_si_text_87 };

const char *
ferry_si_method_get_transport (FerrySiMethod method)
{
  return method == FERRY_SI_BYTESTREAMS ? FERRY_NS_BYTESTREAMS : FERRY_NS_IBB;
}

static const char *
get_name (const FerrySiText *text,
          FerrySiMethod      method)
{
  return method == FERRY_SI_BYTESTREAMS ? text->bytestreams : text->in_band;
}

/* SI95-1, SI87-1 */
FerryElement *
ferry_si_offer_to_element (const FerrySiText          *text,
                           const char                 *id,
                           const FerryFileDescription *file,
                           guint                       methods)
{
  FerryElementBuilder *builder = ferry_element_builder_new ("si", FERRY_NS_SI);
  const char *options[FERRY_SI_N_METHODS + 1] = { NULL };
  guint n_options = 0;

  ferry_element_builder_attribute (builder, "id", id);
  ferry_element_builder_attribute (builder, "mime-type", file->media_type != NULL
                                                           ? file->media_type
                                                           : DEFAULT_MEDIA_TYPE);
  ferry_element_builder_attribute (builder, "profile", text->profile);

  if (text->has_headers)
    ferry_si_headers_build (file, builder);
  else
    ferry_element_builder_take_child (builder, ferry_si_file_to_element (file));

  for (FerrySiMethod method = 0; method < FERRY_SI_N_METHODS; method++)
    if (methods & (1u << method))
      options[n_options++] = get_name (text, method);

  ferry_element_builder_take_child (builder,
                                    ferry_feature_negotiation_new_offer (text->var, options));

  return ferry_element_builder_end (builder);
}

static gboolean
has_short_option (const FerryElement *si)
{
  const char *const names[] = { ferry_si_text_87.bytestreams, ferry_si_text_87.in_band, NULL };
  g_auto(GStrv) options = ferry_feature_negotiation_parse_offer (si, ferry_si_text_95.var, NULL);

  for (guint i = 0; options != NULL && options[i] != NULL; i++)
    if (g_strv_contains (names, options[i]))
      return TRUE;

  return FALSE;
}

gboolean
ferry_si_is_87 (const FerryElement *si)
{
  return g_strcmp0 (ferry_element_get_attribute (si, "profile"), FERRY_NS_SI_FILEXFER) == 0 ||
         ferry_element_find (si, "header", FERRY_NS_SI) != NULL ||
         ferry_feature_negotiation_has_field (si, ferry_si_text_87.var) ||
         has_short_option (si);
}

static gboolean
fail (GError          **error,
      FerryProtoError   code,
      const char       *message)
{
  g_set_error_literal (error, FERRY_PROTO_ERROR, code, message);
  return FALSE;
}

/* What is wrong with a file is wrong with its profile: no more is ever said of it. */
static FerryFileDescription *
parse_file (const FerryElement  *si,
            GError             **error)
{
  const FerryElement *file = ferry_element_find (si, "file", FERRY_NS_SI_FILE_TRANSFER);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(FerryFileDescription) self =
    file != NULL ? ferry_si_file_parse_offer (file, &local_error)
                 : ferry_si_headers_parse (si, &local_error);

  if (self == NULL || !ferry_file_parse_text (ferry_element_get_attribute (si, "mime-type"),
                                              "mime-type", &self->media_type, &local_error))
    {
      fail (error, FERRY_PROTO_ERROR_MALFORMED, local_error->message);
      return NULL;
    }

  /* SIFT-4: that it is there says it all. */
  self->range_offset = 0;
  self->range_length = -1;

  return g_steal_pointer (&self);
}

static gboolean
check_head (const FerryElement  *si,
            GError             **error)
{
  const char *id = ferry_element_get_attribute (si, "id");
  const char *profile = ferry_element_get_attribute (si, "profile");

  if (id == NULL || *id == '\0' || strlen (id) > MAX_ID)
    return fail (error, FERRY_PROTO_ERROR_MALFORMED, "An offer without an id");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (profile, texts[i]->profile) == 0)
      return TRUE;

  return fail (error, FERRY_PROTO_ERROR_MALFORMED, "An unknown profile");
}

/* FN-4. SI87-8: jabber:iq:oob is one of those we do not know. */
static gboolean
parse_options (FerrySiOffer        *self,
               const FerryElement  *si,
               GError             **error)
{
  gboolean is_old = ferry_feature_negotiation_has_field (si, ferry_si_text_87.var);
  const char *var = is_old ? ferry_si_text_87.var : ferry_si_text_95.var;
  g_auto(GStrv) options = ferry_feature_negotiation_parse_offer (si, var, NULL);
  gboolean any = FALSE;

  self->var = var;

  for (guint t = 0; options != NULL && t < G_N_ELEMENTS (texts); t++)
    for (FerrySiMethod method = 0; method < FERRY_SI_N_METHODS; method++)
      {
        const char *name = get_name (texts[t], method);

        if (!g_strv_contains ((const char *const *) options, name))
          continue;

        self->options[method] = name;
        any = TRUE;
      }

  return any || fail (error, FERRY_PROTO_ERROR_UNSUPPORTED, "No method of streams that we know");
}

gboolean
ferry_si_offer_parse (FerrySiOffer        *self,
                      const FerryElement  *si,
                      GError             **error)
{
  *self = (FerrySiOffer) { NULL };

  if (!ferry_element_is (si, "si", FERRY_NS_SI))
    return fail (error, FERRY_PROTO_ERROR_MALFORMED, "Not an offer");

  if (!check_head (si, error))
    return FALSE;

  self->file = parse_file (si, error);
  if (self->file == NULL)
    return FALSE;

  return parse_options (self, si, error);
}

void
ferry_si_offer_clear (FerrySiOffer *self)
{
  g_clear_pointer (&self->file, ferry_file_description_free);
}
