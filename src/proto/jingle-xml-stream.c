/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/element.h"
#include "proto/jingle-xml-stream.h"

/* XS-3: the attributes of 0.1 say nothing that is not so anyway. There is no file. */
static FerryFileDescription *
parse_description (const FerryElement  *description,
                   gboolean            *is_request,
                   GError             **error)
{
  *is_request = FALSE;

  return ferry_file_description_new ();
}

static FerryElement *
build_description (const FerryFileDescription *file,
                   gboolean                    is_request)
{
  return ferry_element_builder_end (ferry_element_builder_new ("description",
                                                               FERRY_NS_XML_STREAM));
}

static FerryElement *
build_description_tmp (const FerryFileDescription *file,
                       gboolean                    is_request)
{
  return ferry_element_builder_end (ferry_element_builder_new ("description",
                                                               FERRY_NS_XML_STREAM_TMP));
}

const FerryJingleApplication ferry_jingle_xml_stream = {
  .ns = FERRY_NS_XML_STREAM,
  .is_stream = TRUE,
  .parse_description = parse_description,
  .build_description = build_description,
};

const FerryJingleApplication ferry_jingle_xml_stream_tmp = {
  .ns = FERRY_NS_XML_STREAM_TMP,
  .is_stream = TRUE,
  .parse_description = parse_description,
  .build_description = build_description_tmp,
};
