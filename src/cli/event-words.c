/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/event-words.h"

/* For programs, and for people. */
static const struct
{
  const char *word;
  const char *phrase;
} levels[] = {
  [FERRY_TRUST_NONE] = { "no", "not verified" },
  [FERRY_TRUST_FIRST_USE] = { "no", "not verified" },
  [FERRY_TRUST_COMPARED] = { "compared", "verified by comparison" },
  [FERRY_TRUST_PHRASE] = { "phrase", "verified by phrase" },
};

const char *
ferry_path_to_word (FerryPaths path)
{
  if (path & FERRY_PATH_DIRECT)
    return "s5b-direct";
  if (path & FERRY_PATH_PROXY)
    return "s5b-proxy";

  return "ibb";
}

const char *
ferry_trust_level_to_word (FerryTrustLevel level)
{
  return levels[level].word;
}

const char *
ferry_trust_level_to_phrase (FerryTrustLevel level)
{
  return levels[level].phrase;
}
