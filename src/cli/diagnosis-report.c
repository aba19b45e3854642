/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/diagnosis-report.h"

/* Words of one width, which a reader without colours hears or sees alike. */
static const char *
get_mark (FerryVerdict verdict)
{
  static const char *const marks[] = {
    [FERRY_VERDICT_GOOD] = "[ ok ]",
    [FERRY_VERDICT_POOR] = "[poor]",
    [FERRY_VERDICT_BAD] = "[ NO ]",
    [FERRY_VERDICT_SKIPPED] = "[ -- ]",
    [FERRY_VERDICT_PENDING] = "[ ?? ]",
  };

  return marks[verdict];
}

static void
tell_finding (FerryOutput        *output,
              const FerryFinding *finding)
{
  FerryJsonLine *line = ferry_json_line_new ("finding");

  ferry_json_line_add_string (line, "test", ferry_test_to_string (finding->test));
  ferry_json_line_add_string (line, "verdict", ferry_verdict_to_string (finding->verdict));
  ferry_json_line_add_string (line, "text", finding->text);
  ferry_output_event (output, line);
  ferry_output_answer (output, "%s %s: %s", get_mark (finding->verdict),
                       ferry_test_get_title (finding->test), finding->text);
}

static void
tell_ways (FerryOutput          *output,
           const FerryDiagnosis *diagnosis)
{
  ferry_output_answer (output, "%s", "");
  ferry_output_answer (output, "Files can go from here:");
  for (guint way = 0; way < FERRY_N_WAYS; way++)
    ferry_output_answer (output, "%s %s: %s", get_mark (diagnosis->ways[way].verdict),
                         ferry_way_get_title (way),
                         ferry_reason_get_text (diagnosis->ways[way].reason));
}

static void
tell_advice (FerryOutput          *output,
             const FerryDiagnosis *diagnosis)
{
  if (diagnosis->advice == FERRY_ADVICE_NONE)
    return;

  ferry_output_answer (output, "%s", "");
  ferry_output_answer (output, "What you can do:");
  for (guint i = 0; i < FERRY_N_ADVICE; i++)
    if (diagnosis->advice & 1u << i)
      ferry_output_answer (output, "* %s", ferry_advice_get_text (1u << i));
}

static void
tell_event (FerryOutput          *output,
            const FerryDiagnosis *diagnosis)
{
  FerryJsonLine *line = ferry_json_line_new ("diagnosis");
  const char *advice[FERRY_N_ADVICE + 1] = { NULL };
  const char *paths[FERRY_N_WAYS + 1] = { NULL };
  guint n_advice = 0;
  guint n_paths = 0;

  for (guint i = 0; i < FERRY_N_ADVICE; i++)
    if (diagnosis->advice & 1u << i)
      advice[n_advice++] = ferry_advice_to_string (1u << i);
  for (guint way = 0; way < FERRY_N_WAYS; way++)
    if (diagnosis->ways[way].verdict == FERRY_VERDICT_GOOD ||
        diagnosis->ways[way].verdict == FERRY_VERDICT_POOR)
      paths[n_paths++] = ferry_way_to_string (way);

  ferry_json_line_add_string (line, "kind", ferry_network_kind_to_string (diagnosis->kind));
  ferry_json_line_add_strings (line, "advice", advice);
  ferry_json_line_add_strings (line, "paths", paths);
  ferry_output_event (output, line);
}

void
ferry_diagnosis_report (FerryOutput          *output,
                        const FerryDiagnosis *diagnosis)
{
  ferry_output_answer (output, "%s", ferry_network_kind_get_title (diagnosis->kind));
  ferry_output_answer (output, "%s", ferry_network_kind_get_text (diagnosis->kind));
  ferry_output_answer (output, "%s", "");
  for (guint i = 0; i < diagnosis->findings->len; i++)
    tell_finding (output, diagnosis->findings->pdata[i]);
  tell_ways (output, diagnosis);
  tell_advice (output, diagnosis);
  tell_event (output, diagnosis);
}
