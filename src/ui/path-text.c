/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "path-text"

#include "config.h"

#include "ui/path-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/display-text.h"
#include "ui/reason-text.h"

/* From the best to the worst; the names are those of path-planner and the transports. */
static const struct
{
  const char *name;
  const char *noun;
  const char *chosen;
  const char *rejected;
} ways[] = {
  { "interface", N_("own address"), N_("Directly"), N_("Not directly") },
  { "mapped", N_("port of the router"), N_("By a port of the router"),
    N_("Not by a port of the router") },
  { "hole punching", N_("hole punching"), N_("By hole punching"), N_("Not by hole punching") },
  { "proxy", N_("proxy"), N_("By a proxy"), N_("Not by a proxy") },
  { "in-band", N_("the way through the server"), N_("Through the server"),
    N_("Not through the server") },
};

static guint
find_way (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_strcmp0 (ways[i].name, name) == 0)
      return i;
  return G_N_ELEMENTS (ways);
}

const char *
ferry_path_text_way (const char *way)
{
  guint i = find_way (way);

  return i < G_N_ELEMENTS (ways) ? _(ways[i].noun) : way;
}

/* "192.0.2.7 port 4711"; the way where no host is named. */
static char *
dup_place (const FerryPathStep *step)
{
  g_autofree char *host = NULL;

  if (step->host == NULL || *step->host == '\0')
    return g_strdup (step->way != NULL ? ferry_path_text_way (step->way) : "?");
  host = ferry_display_text (step->host, 80);
  if (step->port == 0)
    return g_steal_pointer (&host);
  /* Translators: a host or an address, and a port of it */
  return g_strdup_printf (_("%s port %u"), host, step->port);
}

/* With what it is: "192.0.2.7 port 4711 (hole punching)" */
static char *
dup_place_and_way (const FerryPathStep *step)
{
  g_autofree char *place = dup_place (step);

  if (step->way == NULL || step->host == NULL || *step->host == '\0')
    return g_steal_pointer (&place);
  /* Translators: an address, and what it is: "192.0.2.7 port 4711 (hole punching)" */
  return g_strdup_printf (_("%s (%s)"), place, ferry_path_text_way (step->way));
}

static char *
dup_reason (const FerryPathStep *step)
{
  if (step->text == NULL || *step->text == '\0')
    return g_strdup (_("no reason known"));
  return ferry_reason_text (step->text);
}

static char *
dup_capitalised (const char *text)
{
  char first[6];
  int length = g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (text)), first);
  g_autofree char *letter = g_strndup (first, (gsize) length);

  return g_strconcat (letter, g_utf8_next_char (text), NULL);
}

char *
ferry_path_text_step (const FerryPathStep *step)
{
  g_autofree char *place = dup_place (step);
  g_autofree char *whole = dup_place_and_way (step);
  g_autofree char *reason = dup_reason (step);

  switch (step->kind)
    {
    case FERRY_PATH_STEP_OFFERED:
      return g_strdup_printf (_("Offered %s"), whole);
    case FERRY_PATH_STEP_LEFT_OUT:
      /* Translators: an address or a way, and why */
      return g_strdup_printf (_("Not offered: %s; %s"), whole, reason);
    case FERRY_PATH_STEP_RECEIVED:
      /* Translators: an address, and why it is not used */
      return step->text != NULL ? g_strdup_printf (_("The other side offers %s; %s"), whole, reason)
                                : g_strdup_printf (_("The other side offers %s"), whole);
    case FERRY_PATH_STEP_TRIED:
      return g_strdup_printf (_("Trying %s"), place);
    case FERRY_PATH_STEP_REACHED:
      return g_strdup_printf (_("Tried %s: it answers"), place);
    case FERRY_PATH_STEP_REFUSED:
      return g_strdup_printf (_("Tried %s: %s"), place, reason);
    case FERRY_PATH_STEP_CALLED:
      return g_strdup_printf (_("The other side reached us at %s"), place);
    case FERRY_PATH_STEP_REPORTED:
      return step->host != NULL ? g_strdup_printf (_("%s: %s"), place, reason)
                                : dup_capitalised (reason);
    case FERRY_PATH_STEP_CHOSEN:
      return g_strdup_printf (_("Chosen: %s"), whole);
    case FERRY_PATH_STEP_BROKEN:
      return g_strdup_printf (_("The way broke: %s"), reason);
    case FERRY_PATH_STEP_NOTE:
    default:
      return g_steal_pointer (&reason);
    }
}

char *
ferry_path_text_time (const FerryPathStep *step)
{
  /* Translators: seconds since the beginning */
  return g_strdup_printf (_("%.2f s"), (double) MAX (step->time, 0) / G_USEC_PER_SEC);
}

static void
choice_free (gpointer data)
{
  FerryPathChoice *self = data;

  g_free (self->title);
  g_free (self->reason);
  g_free (self);
}

/* The last that says so of @way, not counting what came before @from. (nullable) */
static const FerryPathStep *
find_last (const FerryPathReport *report,
           FerryPathStepKind      kind,
           const char            *way,
           guint                  from)
{
  for (guint i = ferry_path_report_get_n (report); i > from; i--)
    {
      const FerryPathStep *step = ferry_path_report_get (report, i - 1);

      if (step->kind == kind && (way == NULL || g_strcmp0 (step->way, way) == 0))
        return step;
    }
  return NULL;
}

/* A way that broke is no longer the one: what followed is looked at. */
static guint
find_beginning (const FerryPathReport *report)
{
  for (guint i = ferry_path_report_get_n (report); i > 0; i--)
    if (ferry_path_report_get (report, i - 1)->kind == FERRY_PATH_STEP_BROKEN)
      return i;
  return 0;
}

/* What we saw of it ourselves says more than that there was none. */
static char *
dup_objection (const FerryPathReport *report,
               const char            *way,
               guint                  from)
{
  static const FerryPathStepKind telling[] = { FERRY_PATH_STEP_REFUSED, FERRY_PATH_STEP_LEFT_OUT,
                                               FERRY_PATH_STEP_RECEIVED };

  for (gsize i = 0; i < G_N_ELEMENTS (telling); i++)
    {
      const FerryPathStep *step = find_last (report, telling[i], way, from);
      g_autofree char *place = NULL;
      g_autofree char *reason = NULL;

      if (step == NULL || (step->kind == FERRY_PATH_STEP_RECEIVED && step->text == NULL))
        continue;
      place = dup_place (step);
      reason = dup_reason (step);
      if (step->host == NULL || *step->host == '\0')
        return dup_capitalised (reason);
      /* Translators: an address, and why it was of no use */
      return g_strdup_printf (_("%s: %s"), place, reason);
    }
  if (find_last (report, FERRY_PATH_STEP_OFFERED, way, from) != NULL)
    return g_strdup (_("The other side could not use what we offered"));
  if (find_last (report, FERRY_PATH_STEP_RECEIVED, way, from) != NULL)
    return g_strdup (_("Another way was ready first"));
  return g_strdup (_("Neither side had one"));
}

static void
add_choice (GPtrArray           *choices,
            FerryPathChoiceKind  kind,
            const char          *title,
            char                *reason)
{
  FerryPathChoice *choice = g_new0 (FerryPathChoice, 1);

  choice->kind = kind;
  choice->title = g_strdup (title);
  choice->reason = reason;
  g_ptr_array_add (choices, choice);
}

/* It is what reports begin with, if there is one. */
static void
add_habit (GPtrArray             *choices,
           const FerryPathReport *report)
{
  const FerryPathStep *first = ferry_path_report_get (report, 0);

  if (first->kind == FERRY_PATH_STEP_NOTE && choices->len > 1)
    add_choice (choices, FERRY_PATH_HABIT, _("Known of the other program"), dup_reason (first));
}

static const char *
get_chosen_title (const FerryPathStep *chosen,
                  guint                rank)
{
  if (rank == 0 && chosen->host != NULL && strchr (chosen->host, ':') != NULL)
    return _("Directly, by IPv6");
  return rank < G_N_ELEMENTS (ways) ? _(ways[rank].chosen) : chosen->way;
}

GPtrArray *
ferry_path_text_explain (const FerryPathReport *report)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func (choice_free);
  guint from = find_beginning (report);
  const FerryPathStep *chosen = find_last (report, FERRY_PATH_STEP_CHOSEN, NULL, from);
  guint rank = chosen != NULL ? find_way (chosen->way) : G_N_ELEMENTS (ways);

  if (ferry_path_report_get_n (report) == from)
    return choices;
  if (chosen != NULL)
    add_choice (choices, FERRY_PATH_CHOSEN, get_chosen_title (chosen, rank),
                chosen->host != NULL && *chosen->host != '\0' ? dup_place (chosen) : g_strdup (""));
  for (guint i = 0; i < MIN (rank, G_N_ELEMENTS (ways)); i++)
    if (chosen != NULL || find_last (report, FERRY_PATH_STEP_REFUSED, ways[i].name, from) != NULL ||
        find_last (report, FERRY_PATH_STEP_LEFT_OUT, ways[i].name, from) != NULL)
      add_choice (choices, FERRY_PATH_REJECTED, _(ways[i].rejected),
                  dup_objection (report, ways[i].name, from));
  add_habit (choices, report);
  return choices;
}
