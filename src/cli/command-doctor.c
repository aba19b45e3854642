/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/cli.h"
#include "cli/diagnosis-report.h"
#include "core/doctor.h"

static void
doctor_examined_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  FerryCli *cli = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryDiagnosis) diagnosis = NULL;

  diagnosis = ferry_doctor_examine_finish (FERRY_DOCTOR (source), result, &error);
  if (cli->ending)
    return;

  g_clear_object (&cli->examination);
  if (diagnosis != NULL)
    ferry_diagnosis_report (&cli->output, diagnosis);
  else if (!cli->interrupted)
    ferry_cli_report_error (cli, "doctor", error);
  ferry_cli_finish (cli, diagnosis == NULL ? FERRY_EXIT_FAILED
                                           : cli->failed_login ? FERRY_EXIT_CONNECTION
                                                               : FERRY_EXIT_DONE);
}

static void
examine (FerryCli    *cli,
         FerryDoctor *doctor)
{
  ferry_output_say (&cli->output, "Testing this network, which takes some seconds");
  cli->examination = g_cancellable_new ();
  ferry_doctor_examine_async (doctor, cli->examination, doctor_examined_cb, cli);
}

void
ferry_command_doctor_start (FerryCli *cli)
{
  g_autoptr(FerryDoctor) doctor = ferry_doctor_new (ferry_client_get_network (cli->client),
                                                    ferry_client_get_proxies (cli->client),
                                                    ferry_client_get_router (cli->client));

  examine (cli, doctor);
}

/* When the server cannot be reached is when people ask. */
void
ferry_command_doctor_start_offline (FerryCli *cli)
{
  g_autoptr(FerryDoctor) doctor = NULL;

  if (cli->client == NULL)
    doctor = ferry_doctor_new_alone (cli->options->settings);
  else
    doctor = ferry_doctor_new (ferry_client_get_network (cli->client), NULL,
                               ferry_client_get_router (cli->client));
  examine (cli, doctor);
}
