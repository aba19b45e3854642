/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/host.h"
#include "base/secret.h"
#include "cli/options-words.h"
#include "cli/password.h"
#include "legacy/dialects.h"
#include "proto/jid.h"

typedef struct
{
  const char *word;
  int         value;
} Choice;

static const Choice tls_modes[] = {
  { "direct", FERRY_TLS_DIRECT },
  { "starttls", FERRY_TLS_STARTTLS },
  { "none", FERRY_TLS_NONE },
};

static const Choice policies[] = {
  { "auto", FERRY_SECURITY_AUTO },
  { "required", FERRY_SECURITY_REQUIRED },
  { "none", FERRY_SECURITY_NONE },
};

static const Choice paths[] = {
  { "s5b-direct", FERRY_PATH_DIRECT },
  { "s5b-proxy", FERRY_PATH_PROXY },
  { "ibb", FERRY_PATH_IN_BAND },
};

static gboolean
refuse (GError     **error,
        const char  *format,
        ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError     **error,
        const char  *format,
        ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);

  return FALSE;
}

static gboolean
choose (const Choice  *choices,
        gsize          n,
        const char    *option,
        const char    *word,
        int           *value,
        GError       **error)
{
  gsize i;

  for (i = 0; i < n; i++)
    if (g_str_equal (choices[i].word, word))
      {
        *value = choices[i].value;
        return TRUE;
      }

  return refuse (error, "--%s: there is no “%s”", option, word);
}

static gboolean
apply_paths (const char  *list,
             FerryPaths  *value,
             GError     **error)
{
  g_auto(GStrv) names = g_strsplit (list, ",", -1);
  gsize i;

  *value = 0;
  for (i = 0; names[i] != NULL; i++)
    {
      int path = 0;

      if (!choose (paths, G_N_ELEMENTS (paths), "transport", names[i], &path, error))
        return FALSE;
      *value |= path;
    }

  return *value != 0 || refuse (error, "--transport: the list is empty");
}

static gboolean
apply_security (const char           *word,
                FerrySecurityPolicy  *value,
                GError              **error)
{
  int policy = FERRY_SECURITY_AUTO;

  if (!choose (policies, G_N_ELEMENTS (policies), "security", word, &policy, error))
    return FALSE;
  *value = policy;

  return TRUE;
}

static gboolean
apply_stun (const char  *word,
            char       **value,
            GError     **error)
{
  g_autofree char *host = NULL;
  guint16 port;

  if (!ferry_host_parse (word, FERRY_STUN_PORT, &host, &port))
    return refuse (error, "--stun: “%s” is no HOST[:PORT]", word);
  *value = g_strdup (word);

  return TRUE;
}

static gboolean
apply_resume (int      seconds,
              guint   *value,
              GError **error)
{
  if (seconds == FERRY_NO_COUNT)
    return TRUE;
  if (seconds < 0)
    return refuse (error, "--resume-within: %d is no time", seconds);
  *value = seconds;

  return TRUE;
}

static gboolean
normalise (char   **jid,
           GError **error)
{
  char *normal = ferry_jid_normalise (*jid, error);

  if (normal == NULL)
    {
      g_prefix_error (error, "“%s”: ", *jid);
      return FALSE;
    }

  g_free (*jid);
  *jid = normal;

  return TRUE;
}

static gboolean
apply_jid (FerrySettings     *settings,
           const FerryWords  *words,
           GError           **error)
{
  g_autofree char *jid = g_strdup (words->jid);

  if (jid == NULL)
    return refuse (error, "--jid is needed");
  if (!normalise (&jid, error))
    return FALSE;

  if (ferry_jid_is_full (jid))
    settings->resource = g_strdup (ferry_jid_get_resource (jid));
  settings->jid = ferry_jid_dup_bare (jid);

  return TRUE;
}

static gboolean
apply_server (FerrySettings     *settings,
              const FerryWords  *words,
              GError           **error)
{
  g_autoptr(GSocketConnectable) address = NULL;
  int tls = FERRY_TLS_AUTO;

  if (words->server != NULL)
    {
      address = g_network_address_parse (words->server, 0, error);
      if (address == NULL)
        return FALSE;
      if (g_network_address_get_port (G_NETWORK_ADDRESS (address)) == 0)
        return refuse (error, "--server: “%s” lacks the port", words->server);
      settings->server = g_strdup (words->server);
    }
  if (words->tls != NULL
      && !choose (tls_modes, G_N_ELEMENTS (tls_modes), "tls", words->tls, &tls, error))
    return FALSE;
  settings->tls = tls;
  settings->ca_file = g_strdup (words->ca_file);

  return TRUE;
}

static void
replace (char       **field,
         const char  *value)
{
  if (value == NULL)
    return;

  g_free (*field);
  *field = g_strdup (value);
}

static gboolean
apply_settings (FerrySettings     *settings,
                const FerryWords  *words,
                gboolean           may_lack_account,
                GError           **error)
{
  if ((words->jid != NULL || !may_lack_account) && !apply_jid (settings, words, error))
    return FALSE;
  if (!apply_server (settings, words, error))
    return FALSE;

  if (words->dialect != NULL && !g_str_equal (words->dialect, "auto"))
    {
      g_autofree char *names = ferry_words_list_dialects ();

      if (ferry_dialects_find (words->dialect) == NULL)
        return refuse (error, "--dialect: there is no “%s”, only %s", words->dialect, names);
      replace (&settings->dialect, words->dialect);
    }
  if (words->transport != NULL && !apply_paths (words->transport, &settings->paths, error))
    return FALSE;
  if (words->security != NULL && !apply_security (words->security, &settings->security, error))
    return FALSE;
  if (words->listen_port < 0 || words->listen_port > G_MAXUINT16)
    return refuse (error, "--listen-port: %d is no port", words->listen_port);

  if (words->stun != NULL && !apply_stun (words->stun, &settings->stun_server, error))
    return FALSE;

  if (!apply_resume (words->resume_within, &settings->resume_within, error))
    return FALSE;

  settings->listen_port = words->listen_port;
  settings->map_ports = !words->no_port_mapping;
  settings->relay_only = words->relay_only;
  settings->allow_loopback = words->allow_loopback;
  replace (&settings->resource, words->resource);
  replace (&settings->data_dir, words->data_dir);
  replace (&settings->download_dir, words->dir);

  return TRUE;
}

static gboolean
check_command_options (const FerryCommand  *command,
                       const FerryWords    *words,
                       GError             **error)
{
  const struct
  {
    const char          *name;
    gboolean             given;
    FerryCommandOptions  bit;
  } rows[] = {
    { "dir", words->dir != NULL, FERRY_COMMAND_OPTION_DIR },
    { "from", words->from != NULL, FERRY_COMMAND_OPTION_FROM },
    { "count", words->count != FERRY_NO_COUNT, FERRY_COMMAND_OPTION_COUNT },
    { "overwrite", words->overwrite != NULL, FERRY_COMMAND_OPTION_OVERWRITE },
    { "with", words->with != NULL, FERRY_COMMAND_OPTION_WITH },
    { "phrase-file", words->phrase_file != NULL, FERRY_COMMAND_OPTION_PHRASE_FILE },
    { "wait", words->wait, FERRY_COMMAND_OPTION_WAIT },
    { "compare", words->compare, FERRY_COMMAND_OPTION_COMPARE },
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (rows[i].given && !(command->allowed & rows[i].bit))
        return refuse (error, "%s does not take --%s", command->name, rows[i].name);
      if (!rows[i].given && command->required & rows[i].bit)
        return refuse (error, "%s needs --%s", command->name, rows[i].name);
    }

  if (words->overwrite != NULL && !g_str_equal (words->overwrite, "never"))
    return refuse (error, "--overwrite: only “never” is possible");

  return TRUE;
}

static gboolean
check_dir (const char  *path,
           GError     **error)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR)
         || refuse (error, "There is no folder “%s”", path);
}

static gboolean
apply_command (FerryOptions      *self,
               const FerryWords  *words,
               GError           **error)
{
  guint n = words->words != NULL ? g_strv_length (words->words) : 0;

  if (n == 0)
    return refuse (error, "No command; see --help");

  self->command = ferry_command_find (words->words[0]);
  if (self->command == NULL)
    return refuse (error, "There is no command “%s”; see --help", words->words[0]);

  n--;
  if (n < self->command->min_arguments || n > self->command->max_arguments)
    return refuse (error, "Usage: ferry-cli … %s %s", self->command->name, self->command->usage);

  self->arguments = g_strdupv (words->words + 1);
  self->settings->priority = self->command->serves ? 0 : -1;
  if (self->command->takes_jid && !normalise (&self->arguments[0], error))
    return FALSE;
  if (self->command->takes_dir && !check_dir (self->arguments[0], error))
    return FALSE;

  return check_command_options (self->command, words, error);
}

static gboolean
apply_receive (FerryOptions      *self,
               const FerryWords  *words,
               GError           **error)
{
  if (words->count != FERRY_NO_COUNT && words->count < 1)
    return refuse (error, "--count: at least 1");
  if (words->dir != NULL && !check_dir (words->dir, error))
    return FALSE;
  self->count = MAX (words->count, 0);

  if (words->from == NULL)
    return TRUE;

  self->from = g_strdup (words->from);

  return normalise (&self->from, error);
}

static gboolean
apply_share (FerryOptions      *self,
             const FerryWords  *words,
             GError           **error)
{
  self->with = g_strdupv (words->with);

  for (guint i = 0; self->with != NULL && self->with[i] != NULL; i++)
    {
      if (!normalise (&self->with[i], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
apply_chat (FerryOptions      *self,
            const FerryWords  *words,
            GError           **error)
{
  self->waits = words->wait;
  self->compares = words->compare;
  if (self->waits)
    self->settings->priority = 0; /* it is us that they mean */

  if (words->phrase_file == NULL)
    return TRUE;

  self->phrase = ferry_password_read (words->phrase_file, -1, NULL, error);
  if (self->phrase == NULL)
    return FALSE;

  return *self->phrase != '\0' || refuse (error, "--phrase-file: the first line is empty");
}

FerryOptions *
ferry_options_parse (char   **arguments,
                     GError **error)
{
  g_autoptr(FerryOptions) self = g_new0 (FerryOptions, 1);
  g_auto(GStrv) copy = g_strdupv (arguments);
  g_auto(FerryWords) words = { .password_fd = -1, .count = FERRY_NO_COUNT,
                               .resume_within = FERRY_NO_COUNT };

  self->settings = ferry_settings_new ();
  if (!ferry_words_split (&words, &copy, error))
    return NULL;

  self->json = words.json;
  if (words.version)
    return g_steal_pointer (&self);

  if (!apply_command (self, &words, error)
      || !apply_receive (self, &words, error)
      || !apply_share (self, &words, error)
      || !apply_chat (self, &words, error)
      || !apply_settings (self->settings, &words, self->command->start_offline != NULL, error))
    return NULL;
  if (self->settings->jid == NULL)
    return g_steal_pointer (&self);

  self->settings->password = ferry_password_read (words.password_file, words.password_fd,
                                                  self->settings->jid, error);
  if (self->settings->password == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

void
ferry_options_free (FerryOptions *self)
{
  ferry_settings_free (self->settings);
  g_strfreev (self->arguments);
  g_free (self->from);
  g_strfreev (self->with);
  ferry_secret_free (self->phrase);
  g_free (self);
}
