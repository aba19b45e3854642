/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/ibb-codec.h"
#include "proto/ibb-variant.h"

const FerryIbbVariant ferry_ibb_1 = {
  .ns = FERRY_NS_JINGLE_IBB_1,
};

const FerryIbbVariant ferry_ibb_plain = {
  .ns = FERRY_NS_IBB,
  .negotiation_ns = "http://jabber.org/protocol/si",
  .names_no_terms = TRUE,
  .counts_text = TRUE,
};
