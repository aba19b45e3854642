/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "cli/options.h"
#include "cli/password.h"
#include "legacy/dialects.h"
#include "proto/jid.h"

#define NO_COUNT G_MININT

/* The command line as GOption leaves it: words, not yet meanings. */
typedef struct
{
  char     *jid;
  char     *password_file;
  int       password_fd;
  char     *server;
  char     *tls;
  char     *ca_file;
  char     *resource;
  char     *data_dir;
  char     *dialect;
  char     *transport;
  char     *security;
  int       listen_port;
  gboolean  allow_loopback;
  char     *dir;
  char     *from;
  int       count;
  char     *overwrite;
  char    **with;
  char     *phrase_file;
  gboolean  wait;
  gboolean  compare;
  gboolean  json;
  gboolean  version;
  char    **words;
} Words;

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

static void
words_clear (Words *self)
{
  g_free (self->jid);
  g_free (self->password_file);
  g_free (self->server);
  g_free (self->tls);
  g_free (self->ca_file);
  g_free (self->resource);
  g_free (self->data_dir);
  g_free (self->dialect);
  g_free (self->transport);
  g_free (self->security);
  g_free (self->dir);
  g_free (self->from);
  g_free (self->overwrite);
  g_strfreev (self->with);
  g_free (self->phrase_file);
  g_strfreev (self->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

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

/* Returns: (transfer full): "jingle-1, ..." */
static char *
list_dialects (void)
{
  const FerryDialect *const *dialects = ferry_dialects_get ();
  GString *names = g_string_new ("auto");

  for (guint i = 0; dialects[i] != NULL; i++)
    g_string_append_printf (names, ", %s", dialects[i]->name);

  return g_string_free (names, FALSE);
}

static gboolean
split (Words        *words,
       char       ***arguments,
       GError      **error)
{
  g_autofree char *names = list_dialects ();
  g_autofree char *dialects = g_strdup_printf ("Negotiate only like this: %s", names);
  const GOptionEntry entries[] = {
    { "jid", 0, 0, G_OPTION_ARG_STRING, &words->jid, "The account", "JID" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &words->password_file,
      "Its password is the first line of FILE", "FILE" },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &words->password_fd,
      "Its password is the first line of file descriptor N", "N" },
    { "server", 0, 0, G_OPTION_ARG_STRING, &words->server,
      "Connect here, whatever DNS says", "HOST:PORT" },
    { "tls", 0, 0, G_OPTION_ARG_STRING, &words->tls,
      "direct, starttls or none (default: what DNS says, then starttls)", "MODE" },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &words->ca_file,
      "Trust these certificates as well", "FILE" },
    { "resource", 0, 0, G_OPTION_ARG_STRING, &words->resource, "Log in under this name", "NAME" },
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &words->data_dir, "Keep caches here", "DIR" },
    { "dialect", 0, 0, G_OPTION_ARG_STRING, &words->dialect, dialects, "NAME" },
    { "transport", 0, 0, G_OPTION_ARG_STRING, &words->transport,
      "Use only these of s5b-direct,s5b-proxy,ibb (default: all)", "LIST" },
    { "security", 0, 0, G_OPTION_ARG_STRING, &words->security,
      "Encrypt end to end: auto, required or none (default: auto, where both can)", "POLICY" },
    { "listen-port", 0, 0, G_OPTION_ARG_INT, &words->listen_port,
      "Wait for direct connections on this port (default: any)", "N" },
    { "allow-loopback", 0, 0, G_OPTION_ARG_NONE, &words->allow_loopback,
      "Offer and dial 127.0.0.1 and ::1", NULL },
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &words->dir, "receive, request: write into DIR", "DIR" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &words->from,
      "receive: only from JID (default: from contacts)", "JID" },
    { "count", 0, 0, G_OPTION_ARG_INT, &words->count, "receive: leave after N files", "N" },
    { "overwrite", 0, 0, G_OPTION_ARG_STRING, &words->overwrite,
      "receive: what to do with a file that exists", "never" },
    { "with", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->with,
      "share: only with JID, given as often as needed (default: with contacts)", "JID" },
    { "phrase-file", 0, 0, G_OPTION_ARG_FILENAME, &words->phrase_file,
      "chat: know each other by the first line of FILE", "FILE" },
    { "wait", 0, 0, G_OPTION_ARG_NONE, &words->wait, "chat: until the other side begins", NULL },
    { "compare", 0, 0, G_OPTION_ARG_NONE, &words->compare,
      "chat: show a number that is the same on both sides", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &words->json, "Print events as JSON lines", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &words->version, "Print the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->words, NULL, NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("COMMAND");
  g_autofree char *usage = ferry_command_dup_usage ();

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, usage);

  return g_option_context_parse_strv (context, arguments, error);
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
apply_jid (FerrySettings  *settings,
           const Words    *words,
           GError        **error)
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
apply_server (FerrySettings  *settings,
              const Words    *words,
              GError        **error)
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
apply_settings (FerrySettings  *settings,
                const Words    *words,
                GError        **error)
{
  if (!apply_jid (settings, words, error) || !apply_server (settings, words, error))
    return FALSE;

  if (words->dialect != NULL && !g_str_equal (words->dialect, "auto"))
    {
      g_autofree char *names = list_dialects ();

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

  settings->listen_port = words->listen_port;
  settings->allow_loopback = words->allow_loopback;
  replace (&settings->resource, words->resource);
  replace (&settings->data_dir, words->data_dir);
  replace (&settings->download_dir, words->dir);

  return TRUE;
}

static gboolean
check_command_options (const FerryCommand  *command,
                       const Words         *words,
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
    { "count", words->count != NO_COUNT, FERRY_COMMAND_OPTION_COUNT },
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
apply_command (FerryOptions  *self,
               const Words   *words,
               GError       **error)
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
apply_receive (FerryOptions  *self,
               const Words   *words,
               GError       **error)
{
  if (words->count != NO_COUNT && words->count < 1)
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
apply_share (FerryOptions  *self,
             const Words   *words,
             GError       **error)
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
apply_chat (FerryOptions  *self,
            const Words   *words,
            GError       **error)
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
  g_auto(Words) words = { .password_fd = -1, .count = NO_COUNT };

  self->settings = ferry_settings_new ();
  if (!split (&words, &copy, error))
    return NULL;

  self->json = words.json;
  if (words.version)
    return g_steal_pointer (&self);

  if (!apply_command (self, &words, error)
      || !apply_receive (self, &words, error)
      || !apply_share (self, &words, error)
      || !apply_chat (self, &words, error)
      || !apply_settings (self->settings, &words, error))
    return NULL;

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
  if (self->phrase != NULL)
    explicit_bzero (self->phrase, strlen (self->phrase));
  g_free (self->phrase);
  g_free (self);
}
