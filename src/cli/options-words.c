/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/options-words.h"
#include "legacy/dialects.h"

void
ferry_words_clear (FerryWords *self)
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
  g_free (self->stun);
  g_free (self->dir);
  g_free (self->from);
  g_free (self->overwrite);
  g_strfreev (self->with);
  g_free (self->phrase_file);
  g_strfreev (self->words);
}

char *
ferry_words_list_dialects (void)
{
  const FerryDialect *const *dialects = ferry_dialects_get ();
  GString *names = g_string_new ("auto");

  for (guint i = 0; dialects[i] != NULL; i++)
    g_string_append_printf (names, ", %s", dialects[i]->name);

  return g_string_free (names, FALSE);
}

gboolean
ferry_words_split (FerryWords   *words,
                   char       ***arguments,
                   GError      **error)
{
  g_autofree char *names = ferry_words_list_dialects ();
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
    { "stun", 0, 0, G_OPTION_ARG_STRING, &words->stun,
      "Ask here how we look from outside (default: what our server names)", "HOST[:PORT]" },
    { "no-port-mapping", 0, 0, G_OPTION_ARG_NONE, &words->no_port_mapping,
      "Do not ask routers to let connections in", NULL },
    { "relay-only", 0, 0, G_OPTION_ARG_NONE, &words->relay_only,
      "Tell nobody our addresses: only proxies of our server, and in-band", NULL },
    { "resume-within", 0, 0, G_OPTION_ARG_INT, &words->resume_within,
      "Look for another path for so long when one dies midway (default: 600)", "SECONDS" },
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
