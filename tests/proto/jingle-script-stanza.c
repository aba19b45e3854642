/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "jingle-script.h"
#include "proto/jingle-generation.h"
#include "proto/xml-stream.h"

#define TRANSPORTS "urn:xmpp:jingle:transports:"

void
jingle_script_fill_digest (FerryHashes        *hashes,
                           FerryHashAlgorithm  algorithm,
                           char                letter)
{
  guint8 digest[FERRY_HASH_MAX_SIZE];

  memset (digest, letter, sizeof digest);
  ferry_hashes_set (hashes, algorithm, digest);
}

static char *
dup_hash (const char *letter)
{
  guint8 digest[32];
  g_autofree char *text = NULL;

  memset (digest, *letter, sizeof digest);
  text = g_base64_encode (digest, sizeof digest);

  return g_strdup_printf ("<hash xmlns='" FERRY_NS_HASHES_2 "' algo='sha-256'>%s</hash>", text);
}

/* What the words of a stanza say. */
typedef struct
{
  GString    *file;      /* children of <file/> */
  GString    *transport; /* children of <transport/> */
  const char *ns;        /* of the transport */
  const char *name;      /* of the content */
  const char *creator;
  const char *senders;
  const char *security;
  char       *xtls;      /* a whole <security/> */
  const char *stream;    /* namespace of an XML stream, in place of the file */
  gboolean    is_old;    /* of :0 */
  const char *reason;
  char       *info;
} Words;

static void
read_pair (Words      *words,
           const char *key,
           const char *value)
{
  if (strcmp (key, "name") == 0)
    words->name = value;
  else if (strcmp (key, "creator") == 0)
    words->creator = value;
  else if (strcmp (key, "senders") == 0)
    words->senders = value;
  else if (strcmp (key, "security") == 0)
    words->security = value;
  else if (strcmp (key, "hash") == 0)
    {
      g_autofree char *hash = dup_hash (value);

      g_string_append (words->file, hash);
    }
  else if (strcmp (key, "range") == 0)
    g_string_append_printf (words->file, "<range offset='%s'/>", value);
  else if (strcmp (key, "checksum") == 0)
    {
      g_autofree char *hash = dup_hash (value);

      words->info = g_strdup_printf ("<checksum xmlns='" FERRY_NS_FILE_TRANSFER_5 "' name='file'>"
                                     "<file>%s</file></checksum>", hash);
    }
  else
    {
      words->xtls = jingle_script_build_security (key, value);
      g_assert_nonnull (words->xtls);
    }
}

static void
read_word (Words *words,
           char  *word)
{
  char *value = strchr (word, '=');

  if (value != NULL)
    {
      *value = '\0';
      read_pair (words, word, value + 1);
    }
  else if (strcmp (word, "received") == 0)
    words->info = g_strdup ("<received xmlns='" FERRY_NS_FILE_TRANSFER_5 "' name='file'/>");
  else if (strcmp (word, "ringing") == 0)
    words->info = g_strdup ("<ringing xmlns='urn:xmpp:jingle:apps:rtp:1:info'/>");
  else if (strcmp (word, "old") == 0)
    words->is_old = TRUE;
  else if (strcmp (word, "stream") == 0 || strcmp (word, "tmp-stream") == 0)
    {
      words->stream = *word == 's' ? FERRY_NS_XML_STREAM : FERRY_NS_XML_STREAM_TMP;
      words->name = "xmlstream";
    }
  else if (strcmp (word, "range") == 0)
    g_string_append (words->file, "<range/>");
  else if (strcmp (word, "hash-used") == 0)
    g_string_append (words->file, "<hash-used xmlns='" FERRY_NS_HASHES_2 "' algo='sha-256'/>");
  else if (g_str_has_prefix (word, "candidate") || strcmp (word, "activated") == 0)
    g_string_append_printf (words->transport, "<%s cid='c1'/>", word);
  else if (strchr (word, ':') != NULL)
    words->ns = word;
  else
    words->reason = word;
}

static void
append_content (GString     *xml,
                const Words *words,
                const char  *action)
{
  gboolean opens = strcmp (action, "session-initiate") == 0 ||
                   strcmp (action, "session-accept") == 0 || strcmp (action, "content-add") == 0;

  g_string_append_printf (xml, "<content creator='%s' name='%s'", words->creator, words->name);
  if (words->senders != NULL)
    g_string_append_printf (xml, " senders='%s'", words->senders);
  g_string_append (xml, ">");
  if (opens && words->stream != NULL)
    g_string_append_printf (xml, "<description xmlns='%s'/>", words->stream);
  else if (opens)
    g_string_append_printf (xml, "<description xmlns='" FERRY_NS_FILE_TRANSFER_5 "'><file>"
                            "<name>a.txt</name><size>6</size>%s</file></description>",
                            words->file->str);
  if (words->ns != NULL)
    g_string_append_printf (xml, "<transport xmlns='" TRANSPORTS "%s' sid='t1'>%s</transport>",
                            words->ns, words->transport->str);
  if (words->security != NULL)
    g_string_append_printf (xml, "<security xmlns='%s'/>", words->security);
  if (words->xtls != NULL)
    g_string_append (xml, words->xtls);
  g_string_append (xml, "</content>");
}

FerryElement *
jingle_script_build (const char *text)
{
  g_auto(GStrv) split = g_strsplit (text, " ", -1);
  g_autoptr(GString) xml = g_string_new (NULL);
  Words words = { g_string_new (NULL), g_string_new (NULL), NULL, "file", "initiator" };
  g_autoptr(GError) error = NULL;
  FerryElement *element;

  for (guint i = 1; split[i] != NULL; i++)
    read_word (&words, split[i]);

  if (words.is_old)
    g_string_printf (xml, "<jingle xmlns='urn:xmpp:jingle:0' action='%s' sid='851ba2' "
                     "initiator='kingclaudius@shakespeare.lit/castle'>", split[0]);
  else
    g_string_printf (xml, "<jingle xmlns='" FERRY_NS_JINGLE_1 "' action='%s' sid='s1'>", split[0]);
  if (!g_str_has_prefix (split[0], "session-info") && strcmp (split[0], "session-terminate") != 0)
    append_content (xml, &words, split[0]);
  if (words.info != NULL)
    g_string_append (xml, words.info);
  if (words.reason != NULL)
    g_string_append_printf (xml, "<reason><%s/></reason>", words.reason);
  g_string_append (xml, "</jingle>");

  g_string_free (words.file, TRUE);
  g_string_free (words.transport, TRUE);
  g_free (words.info);
  g_free (words.xtls);

  element = ferry_element_parse (xml->str, -1, &error);
  g_assert_no_error (error);

  return element;
}

FerryElement *
jingle_script_load (const char *name)
{
  g_autofree char *file = g_strconcat ("session-", name, ".xml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "xep-0234-0.8", file,
                                                 NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);

  return ferry_element_parse (xml, -1, NULL);
}
