/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* Names of the dialects in this folder. Nothing outside it and the tables that list
 * transports and dialects should need them. */

#define FERRY_NS_JINGLE_0             "urn:xmpp:jingle:0"
#define FERRY_NS_JINGLE_ERRORS_0      "urn:xmpp:jingle:errors:0"
#define FERRY_NS_FILE_TRANSFER_0      "urn:xmpp:jingle:apps:file-transfer:0"
#define FERRY_NS_FILE_TRANSFER_1      "urn:xmpp:jingle:apps:file-transfer:1"
#define FERRY_NS_FILE_TRANSFER_3      "urn:xmpp:jingle:apps:file-transfer:3"
#define FERRY_NS_FILE_TRANSFER_4      "urn:xmpp:jingle:apps:file-transfer:4"
#define FERRY_NS_JINGLE_BYTESTREAMS_0 "urn:xmpp:jingle:transports:bytestreams:0"
#define FERRY_NS_S5B_0                "urn:xmpp:jingle:transports:s5b:0"
#define FERRY_NS_JINGLE_IBB_0         "urn:xmpp:jingle:transports:ibb:0"
#define FERRY_NS_SI                   "http://jabber.org/protocol/si"
#define FERRY_NS_SI_FILE_TRANSFER     "http://jabber.org/protocol/si/profile/file-transfer" /* XEP-0096 */
#define FERRY_NS_SI_FILEXFER          "http://jabber.org/protocol/si/profile/filexfer"      /* XEP-0052 */
#define FERRY_NS_FEATURE_NEG          "http://jabber.org/protocol/feature-neg"              /* XEP-0020 */
#define FERRY_NS_REL                  "http://jabber.org/protocol/rel"                      /* XEP-0041 */
