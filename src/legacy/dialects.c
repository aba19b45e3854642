/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "legacy/dialects.h"
#include "legacy/jingle-0.h"
#include "legacy/jingle-1.h"
#include "legacy/rel.h"
#include "legacy/si-87.h"
#include "legacy/si.h"
#include "legacy/stream-0.h"
#include "legacy/stream-1.h"

static const FerryDialect *const dialects[] = {
  &ferry_jingle_1_dialect,
  &ferry_jingle_1_ft4_dialect,
  &ferry_jingle_1_ft3_dialect,
  &ferry_jingle_0_dialect,
  &ferry_jingle_1_ft1_dialect,
  &ferry_jingle_0_ft1_dialect,
  &ferry_jingle_0_bytestreams_dialect,
  &ferry_jingle_0_ibb_dialect,
  &ferry_si_dialect,
  &ferry_si_87_dialect,
  &ferry_rel_dialect, /* REL-14 */
  NULL,
};

/* XS-2: the final name first. */
static const FerryDialect *const stream_dialects[] = {
  &ferry_stream_1_dialect,
  &ferry_stream_0_dialect,
  &ferry_stream_1_draft_dialect,
  &ferry_stream_0_draft_dialect,
  NULL,
};

static const FerryDialect *
find (const FerryDialect *const *all,
      const char                *name)
{
  for (guint i = 0; all[i] != NULL; i++)
    if (g_strcmp0 (all[i]->name, name) == 0)
      return all[i];

  return NULL;
}

const FerryDialect *const *
ferry_dialects_get (void)
{
  return dialects;
}

const FerryDialect *
ferry_dialects_find (const char *name)
{
  return find (dialects, name);
}

const FerryDialect *const *
ferry_stream_dialects_get (void)
{
  return stream_dialects;
}

const FerryDialect *
ferry_stream_dialects_find (const char *name)
{
  return find (stream_dialects, name);
}
