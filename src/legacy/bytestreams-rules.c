/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/bytestreams-rules.h"

/* Peer: a listener of libpurple or QXmpp serves one connection only, and a wrong
 * question cancels the transfer: no two at a time, and no second try (SOCKS-10). No
 * peer waits less than 45 s for the answer. Who waits for it (the requester) has the
 * time limit of its request. */
const FerryS5bRules ferry_bytestreams_rules = {
  .one_way = TRUE,
  .as_listed = TRUE,
  .is_sequential = TRUE,
  .dial_limit = 30 * G_TIME_SPAN_SECOND,
  .dial_limit_proxies = 30 * G_TIME_SPAN_SECOND,
  .host_limit = 5 * G_TIME_SPAN_SECOND,
  .proxy_limit = 8 * G_TIME_SPAN_SECOND,
};
