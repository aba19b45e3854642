/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/ibb-0.h"
#include "legacy/namespaces.h"

const FerryIbbVariant ferry_ibb_0 = {
  .ns = FERRY_NS_JINGLE_IBB_0,
  .may_name_none = TRUE,
  .terms_open = TRUE,
  .counts_text = TRUE,
};
