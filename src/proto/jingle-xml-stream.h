/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/jingle-application.h"
#include "proto/xml-stream.h"

G_BEGIN_DECLS

/* An XML stream between two clients as the content of a Jingle session (XEP-0247): an empty
 * description, both sides send (XS-3, XS-16), and it is always encrypted (XS-5). */
extern const FerryJingleApplication ferry_jingle_xml_stream;     /* FERRY_NS_XML_STREAM */
extern const FerryJingleApplication ferry_jingle_xml_stream_tmp; /* FERRY_NS_XML_STREAM_TMP */

G_END_DECLS
