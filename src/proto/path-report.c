/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/path-report.h"

#define KEPT_FIRST (FERRY_PATH_REPORT_MAX_STEPS / 2)
#define MAX_TEXT   300 /* bytes of what others said */

struct _FerryPathReport
{
  gint64     began;    /* µs, monotonic */
  GPtrArray *steps;    /* (owned): FerryPathStep */
  guint      n_missed; /* … that are not kept, after the first KEPT_FIRST */

  FerryPathStepFunc added; /* (nullable) */
  gpointer          user_data;
};

static void
step_free (FerryPathStep *step)
{
  g_free (step->way);
  g_free (step->host);
  g_free (step->text);
  g_free (step);
}

FerryPathReport *
ferry_path_report_new (gint64 now)
{
  FerryPathReport *self = g_rc_box_new0 (FerryPathReport);

  self->began = now;
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);

  return self;
}

FerryPathReport *
ferry_path_report_ref (FerryPathReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_rc_box_acquire (self);
}

static void
report_clear (gpointer data)
{
  FerryPathReport *self = data;

  g_clear_pointer (&self->steps, g_ptr_array_unref);
}

void
ferry_path_report_unref (FerryPathReport *self)
{
  if (self != NULL)
    g_rc_box_release_full (self, report_clear);
}

/* One line, and not a long one: a host or a reason may be the peer's words. */
static char *
dup_line (const char *text)
{
  char *line = text != NULL ? g_utf8_make_valid (text, strnlen (text, MAX_TEXT)) : NULL;

  for (char *c = line; c != NULL && *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';

  return line;
}

void
ferry_path_report_add (FerryPathReport   *self,
                       gint64             now,
                       FerryPathStepKind  kind,
                       const char        *way,
                       const char        *host,
                       guint16            port,
                       const char        *text)
{
  FerryPathStep *step;

  g_return_if_fail (self != NULL);

  if (self->steps->len == FERRY_PATH_REPORT_MAX_STEPS)
    {
      g_ptr_array_remove_index (self->steps, KEPT_FIRST);
      self->n_missed++;
    }

  step = g_new0 (FerryPathStep, 1);
  step->kind = kind;
  step->time = now - self->began;
  step->way = dup_line (way);
  step->host = dup_line (host);
  step->port = port;
  step->text = dup_line (text);
  g_ptr_array_add (self->steps, step);

  if (self->added != NULL)
    self->added (step, self->user_data);
}

void
ferry_path_report_watch (FerryPathReport   *self,
                         FerryPathStepFunc  added,
                         gpointer           user_data)
{
  g_return_if_fail (self != NULL);

  self->added = added;
  self->user_data = user_data;
}

guint
ferry_path_report_get_n (const FerryPathReport *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->steps->len;
}

const FerryPathStep *
ferry_path_report_get (const FerryPathReport *self,
                       guint                  index)
{
  g_return_val_if_fail (self != NULL, NULL);

  return index < self->steps->len ? g_ptr_array_index (self->steps, index) : NULL;
}

const char *
ferry_path_step_kind_to_string (FerryPathStepKind kind)
{
  static const char *const names[] = {
    [FERRY_PATH_STEP_OFFERED] = "offered",
    [FERRY_PATH_STEP_LEFT_OUT] = "left-out",
    [FERRY_PATH_STEP_RECEIVED] = "received",
    [FERRY_PATH_STEP_TRIED] = "tried",
    [FERRY_PATH_STEP_REACHED] = "reached",
    [FERRY_PATH_STEP_REFUSED] = "refused",
    [FERRY_PATH_STEP_CALLED] = "called",
    [FERRY_PATH_STEP_REPORTED] = "reported",
    [FERRY_PATH_STEP_CHOSEN] = "chosen",
    [FERRY_PATH_STEP_BROKEN] = "broken",
    [FERRY_PATH_STEP_NOTE] = "note",
  };

  return names[kind];
}

/* How long the part of an address at @text is, were it one: digits, dots and colons. */
static gsize
measure_address (const char *text)
{
  return strspn (text, "0123456789abcdefABCDEF.:");
}

/* The address in @token, and how much of it is the address: a port or the end of a sentence may
 * follow. Returns: 0: there is none */
static gsize
find_address (const char *token,
              gsize       len)
{
  FerryIpAddress address;

  for (gsize n = len; n > 1; n--)
    {
      g_autofree char *part = g_strndup (token, n);

      if ((n == len || strchr (".:", token[n]) != NULL) && ferry_ip_address_parse (part, &address))
        return n;
    }

  return 0;
}

char *
ferry_path_report_mask_text (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize len = measure_address (text);
      gsize found = find_address (text, len);
      g_autofree char *address = g_strndup (text, found);
      g_autofree char *masked = ferry_ip_address_mask (address);

      if (found > 0)
        g_string_append (out, masked);
      else
        g_string_append_len (out, text, MAX (len, 1));
      text += found > 0 ? found : MAX (len, 1);
    }

  return g_string_free (out, FALSE);
}

static void
append_masked (GString    *out,
               const char *text,
               gboolean    masked)
{
  g_autofree char *hidden = masked ? ferry_path_report_mask_text (text) : NULL;

  g_string_append (out, masked ? hidden : text);
}

/* "    0.012 s  tried     192.168.1.x port 5086 (interface): why" */
static void
append_step (GString             *out,
             const FerryPathStep *step,
             gboolean             masked)
{
  gint64 time = MAX (step->time, 0) / 1000;

  g_string_append_printf (out, "%5" G_GINT64_FORMAT ".%03u s  %-8s", time / 1000,
                          (guint) (time % 1000), ferry_path_step_kind_to_string (step->kind));

  if (step->host != NULL)
    {
      g_string_append_c (out, ' ');
      append_masked (out, step->host, masked);
      if (step->port != 0)
        g_string_append_printf (out, " port %u", step->port);
    }

  if (step->way != NULL)
    g_string_append_printf (out, step->host != NULL ? " (%s)" : " %s", step->way);

  if (step->text != NULL)
    {
      g_string_append (out, step->host != NULL || step->way != NULL ? ": " : " ");
      append_masked (out, step->text, masked);
    }

  g_string_append_c (out, '\n');
}

char *
ferry_path_report_to_text (const FerryPathReport *self,
                           gboolean               masked)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new (NULL);

  for (guint i = 0; i < self->steps->len; i++)
    {
      if (i == KEPT_FIRST && self->n_missed > 0)
        g_string_append_printf (out, "(%u steps are not kept)\n", self->n_missed);
      append_step (out, g_ptr_array_index (self->steps, i), masked);
    }

  return g_string_free (out, FALSE);
}
