/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "chat-story.h"

#define ACCOUNT "romeo@montague.lit"
#define CONTACT "juliet@capulet.lit"
#define TIME    G_GINT64_CONSTANT (1732176000000000)

typedef struct
{
  char             *dir;     /* (owned): the data directory, not there yet */
  char             *path;    /* (owned): of the messages with CONTACT */
  FerryChatHistory *history; /* (owned) */
} Shelf;

static void
shelf_set_up (Shelf         *self,
              gconstpointer  data)
{
  g_autofree char *parent = g_dir_make_tmp ("ferry-history-XXXXXX", NULL);

  self->dir = g_build_filename (parent, "data", NULL);
  self->path = ferry_chat_file_get_path (self->dir, ACCOUNT, CONTACT);
  self->history = ferry_chat_history_new (self->dir, ACCOUNT, TRUE);
}

static void
remove_folder (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);

  g_rmdir (path);
  if (g_str_has_prefix (strrchr (path, '/'), "/data"))
    g_rmdir (parent);
}

static void
shelf_tear_down (Shelf         *self,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_object_unref (self->history);
  ferry_chat_file_delete_all (self->dir, &error);
  g_assert_no_error (error);
  remove_folder (self->dir);
  g_free (self->path);
  g_free (self->dir);
}

static void
add (Shelf             *self,
     const char        *contact,
     gint64             time,
     gboolean           is_own,
     FerryMessageState  state,
     const char        *body)
{
  const FerryChatRecord record = { time, is_own, state, (char *) body };

  ferry_chat_history_add (self->history, contact, &record);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
is_there (gpointer subject,
          guint    number)
{
  return *(gpointer *) subject != NULL;
}

static GPtrArray *
read_back (Shelf      *self,
           const char *contact)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *records;

  ferry_chat_history_read_async (self->history, contact, NULL, result_cb, &result);
  wait_until (is_there, &result, 0);
  records = ferry_chat_history_read_finish (result, &error);
  g_assert_no_error (error);

  return records;
}

static void
assert_record (GPtrArray         *records,
               guint              index,
               gint64             time,
               gboolean           is_own,
               FerryMessageState  state,
               const char        *body)
{
  const FerryChatRecord *record;

  g_assert_cmpuint (index, <, records->len);
  record = records->pdata[index];
  g_assert_cmpint (record->time, ==, time);
  g_assert_cmpint (record->is_own, ==, is_own);
  g_assert_cmpuint (record->state, ==, state);
  g_assert_cmpstr (record->body, ==, body);
}

static guint
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

/* Off, nothing is touched: not even the folder is there. */
static void
test_off (Shelf         *shelf,
          gconstpointer  data)
{
  ferry_chat_history_set_on (shelf->history, FALSE);
  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "secret");
  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_DELIVERED, NULL);
  ferry_chat_history_flush (shelf->history);
  g_assert_false (g_file_test (shelf->dir, G_FILE_TEST_EXISTS));

  /* Nobody is signed in: it cannot be turned on. */
  g_object_unref (shelf->history);
  shelf->history = ferry_chat_history_new (shelf->dir, NULL, TRUE);
  g_assert_false (ferry_chat_history_is_on (shelf->history));
}

static void
test_order (Shelf         *shelf,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) none = read_back (shelf, CONTACT);
  g_autoptr(GPtrArray) records = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  add (shelf, CONTACT, TIME, FALSE, FERRY_MESSAGE_DELIVERED, "Ay me!\n\tO \\n Romeo — \\");
  add (shelf, CONTACT, TIME + 1, TRUE, FERRY_MESSAGE_SENT, "one");
  add (shelf, CONTACT, TIME + 1, TRUE, FERRY_MESSAGE_WAITING, "two");
  add (shelf, CONTACT, TIME + 2, TRUE, FERRY_MESSAGE_SENT, "three");
  add (shelf, CONTACT, TIME + 3, TRUE, FERRY_MESSAGE_WAITING, "four");
  add (shelf, CONTACT, TIME + 1, TRUE, FERRY_MESSAGE_DELIVERED, NULL);
  add (shelf, CONTACT, TIME + 2, TRUE, FERRY_MESSAGE_UNDELIVERED, NULL);
  add (shelf, CONTACT, TIME + 9, TRUE, FERRY_MESSAGE_DELIVERED, NULL);

  /* By another program, too. */
  g_object_unref (shelf->history);
  shelf->history = ferry_chat_history_new (shelf->dir, ACCOUNT, TRUE);
  records = read_back (shelf, CONTACT);
  g_assert_cmpuint (records->len, ==, 5);
  assert_record (records, 0, TIME, FALSE, FERRY_MESSAGE_DELIVERED, "Ay me!\n\tO \\n Romeo — \\");
  assert_record (records, 1, TIME + 1, TRUE, FERRY_MESSAGE_DELIVERED, "one");
  assert_record (records, 2, TIME + 1, TRUE, FERRY_MESSAGE_UNDELIVERED, "two");
  assert_record (records, 3, TIME + 2, TRUE, FERRY_MESSAGE_UNDELIVERED, "three");
  assert_record (records, 4, TIME + 3, TRUE, FERRY_MESSAGE_UNDELIVERED, "four");
}

/* What comes after a read was asked for is not in it; turned off, no more is written. */
static void
test_turned_off (Shelf         *shelf,
                 gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) early = NULL;
  g_autoptr(GPtrArray) late = NULL;

  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "one");
  ferry_chat_history_read_async (shelf->history, CONTACT, NULL, result_cb, &result);
  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "two");
  ferry_chat_history_set_on (shelf->history, FALSE);
  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "three");
  wait_until (is_there, &result, 0);
  early = ferry_chat_history_read_finish (result, NULL);
  late = read_back (shelf, CONTACT);
  g_assert_cmpuint (early->len, ==, 1);
  g_assert_cmpuint (late->len, ==, 2);
}

static void
test_modes (Shelf         *shelf,
            gconstpointer  data)
{
  g_autofree char *folder = g_path_get_dirname (shelf->path);
  g_autofree char *chats = g_path_get_dirname (folder);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (shelf->path, "", 0, NULL));
  g_chmod (shelf->path, 0644);
  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "one");
  add (shelf, "nurse@capulet.lit", TIME, TRUE, FERRY_MESSAGE_SENT, "two");
  ferry_chat_history_flush (shelf->history);
  g_assert_cmpuint (get_mode (chats), ==, 0700);
  g_assert_cmpuint (get_mode (folder), ==, 0700);
  g_assert_cmpuint (get_mode (shelf->path), ==, 0600);
  g_free (shelf->path);
  shelf->path = ferry_chat_file_get_path (shelf->dir, ACCOUNT, "nurse@capulet.lit");
  g_assert_cmpuint (get_mode (shelf->path), ==, 0600);
}

static void
test_limits (Shelf         *shelf,
             gconstpointer  data)
{
  g_autofree char *words = g_strnfill (FERRY_MAX_BODY, '\n');
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GPtrArray) large = NULL;

  for (guint i = 0; i < FERRY_CHAT_FILE_MAX_RECORDS + 50; i++)
    add (shelf, CONTACT, TIME + i, FALSE, FERRY_MESSAGE_DELIVERED, "word");

  records = read_back (shelf, CONTACT);
  g_assert_cmpuint (records->len, ==, FERRY_CHAT_FILE_MAX_RECORDS);
  assert_record (records, 0, TIME + 50, FALSE, FERRY_MESSAGE_DELIVERED, "word");

  /* Each takes a little more than an eighth of what is looked at. */
  for (guint i = 0; i < 20; i++)
    add (shelf, CONTACT, TIME + i, FALSE, FERRY_MESSAGE_DELIVERED, words);

  large = read_back (shelf, CONTACT);
  g_assert_cmpuint (large->len, ==, 7);
  assert_record (large, 0, TIME + 13, FALSE, FERRY_MESSAGE_DELIVERED, words);
}

/* Lines that to_line() never writes are left out, and nothing else is. */
static void
test_hostile (Shelf         *shelf,
              gconstpointer  data)
{
  static const char *const lines[] = {
    "", "\t\t\t", "x\tout\tsent\tb", "-1\tout\tsent\tb", "0\tout\tsent\tb",
    "9223372036854775807\tin\tdelivered\tb", "18446744073709551617\tin\tdelivered\tb",
    "1 \tin\tdelivered\tb", "1\tIN\tdelivered\tb", "1\tin\tread\tb", "1\tin\tdelivered\t",
    "1\tin\tdelivered", "1\tin\tdelivered\tb\tb", "1\tin\tdelivered\tb\\", "1\tin\tdelivered\t\\101",
    "1\tin\tdelivered\t\xff", "1\tout", "%s%n\t%s\t%s\t%s",
  };
  g_autofree char *words = g_strnfill (FERRY_MAX_BODY + 1, 'x');
  g_autofree char *folder = g_path_get_dirname (shelf->path);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GPtrArray) records = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_string_append_printf (text, "%s\n", lines[i]);

  g_string_append_printf (text, "1\tin\tdelivered\t%s\n", words);
  g_string_append_len (text, "1\tin\tdelivered\ta\0b\n", 19);
  g_string_append (text, "2\tin\tsent\tsound\n1\tin\tdelivered\tbroken o");
  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (shelf->path, text->str, text->len, NULL));

  records = read_back (shelf, CONTACT);
  g_assert_cmpuint (records->len, ==, 1);
  assert_record (records, 0, 2, FALSE, FERRY_MESSAGE_DELIVERED, "sound");
  g_ptr_array_unref (records);

  /* The next one is not swallowed by what broke off. */
  add (shelf, CONTACT, 3, TRUE, FERRY_MESSAGE_SENT, "next");
  records = read_back (shelf, CONTACT);
  g_assert_cmpuint (records->len, ==, 2);
  assert_record (records, 1, 3, TRUE, FERRY_MESSAGE_UNDELIVERED, "next");
}

/* A link could lead anywhere: it is neither read nor written through. */
static void
test_links (Shelf         *shelf,
            gconstpointer  data)
{
  g_autofree char *folder = g_path_get_dirname (shelf->path);
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (other, "1\tin\tdelivered\tb\n", -1, NULL));
  g_assert_cmpint (symlink (other, shelf->path), ==, 0);
  g_assert_null (ferry_chat_file_read (shelf->path, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (ferry_chat_file_append (shelf->path, "2\n", TRUE, &error));
  g_assert_nonnull (error);
  g_assert_true (g_file_get_contents (other, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "1\tin\tdelivered\tb\n");
  g_remove (other);
}

static void
test_two_contacts (Shelf         *shelf,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) juliets = NULL;
  g_autoptr(GPtrArray) nurses = NULL;
  g_autoptr(GPtrArray) others = NULL;

  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "to her");
  add (shelf, "nurse@capulet.lit", TIME, TRUE, FERRY_MESSAGE_SENT, "to the nurse");
  juliets = read_back (shelf, CONTACT);
  nurses = read_back (shelf, "nurse@capulet.lit");
  assert_record (juliets, 0, TIME, TRUE, FERRY_MESSAGE_UNDELIVERED, "to her");
  assert_record (nurses, 0, TIME, TRUE, FERRY_MESSAGE_UNDELIVERED, "to the nurse");

  /* Another account of the same person has others. */
  g_object_unref (shelf->history);
  shelf->history = ferry_chat_history_new (shelf->dir, "paris@verona.lit", TRUE);
  others = read_back (shelf, CONTACT);
  g_assert_cmpuint (others->len, ==, 0);
}

/* Names stay in their folder, and no two addresses share one. */
static void
test_names (void)
{
  static const char *const jids[] = {
    "a@b", "a%40b", "A@b", "a@b.", ".", "..", "../a@b", "/etc/passwd", "a/b", "a_b", "ä@b", "a\\b",
    "%sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  };
  g_autofree char *lengthy = g_strnfill (3000, 'x');
  g_autofree char *other = g_strconcat (lengthy, "y", NULL);
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (jids) + 2; i++)
    {
      const char *jid = i < G_N_ELEMENTS (jids) ? jids[i] : i > G_N_ELEMENTS (jids) ? other : lengthy;
      g_autofree char *path = ferry_chat_file_get_path ("/d", ACCOUNT, jid);
      g_autofree char *folder = g_path_get_dirname (path);
      char *name = g_path_get_basename (path);

      g_assert_cmpstr (folder, ==, "/d/chats/romeo@montague.lit");
      g_assert_cmpuint (strlen (name), <=, 255);
      g_assert_cmpint (name[0], !=, '.');
      g_assert_true (g_hash_table_add (names, g_ascii_strdown (name, -1)));
      g_free (name);
    }
}

static void
delete_all (Shelf *self)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  ferry_chat_history_delete_async (self->history, NULL, result_cb, &result);
  wait_until (is_there, &result, 0);
  ferry_chat_history_delete_finish (result, &error);
  g_assert_no_error (error);
}

/* Of all accounts, also when nobody is signed in; what is not ours stays. */
static void
test_delete (Shelf         *shelf,
             gconstpointer  data)
{
  g_autofree char *chats = g_build_filename (shelf->dir, "chats", NULL);
  g_autofree char *other = g_build_filename (chats, "notes.odt", NULL);
  g_autoptr(GPtrArray) records = NULL;

  delete_all (shelf); /* there is nothing */
  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "one");
  g_object_unref (shelf->history);
  shelf->history = ferry_chat_history_new (shelf->dir, "paris@verona.lit", TRUE);
  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "two");
  ferry_chat_history_flush (shelf->history);
  g_assert_true (g_file_set_contents (other, "", 0, NULL));
  delete_all (shelf);
  g_assert_false (g_file_test (shelf->path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));

  /* News of what was deleted leave no trace of it; new words are kept. */
  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_DELIVERED, NULL);
  records = read_back (shelf, CONTACT);
  g_assert_cmpuint (records->len, ==, 0);
  g_remove (other);
  delete_all (shelf);
  g_assert_false (g_file_test (chats, G_FILE_TEST_EXISTS));

  add (shelf, CONTACT, TIME, TRUE, FERRY_MESSAGE_SENT, "three");
  g_object_unref (shelf->history);
  shelf->history = ferry_chat_history_new (shelf->dir, NULL, FALSE);
  delete_all (shelf);
  g_assert_false (g_file_test (chats, G_FILE_TEST_EXISTS));
}

static void
configure_kept (FerrySettings *settings)
{
  settings->paths = FERRY_PATH_DIRECT;
  settings->keep_history = g_str_has_prefix (settings->jid, "romeo");
}

static const ChatWay kept_way = { "kept", configure_kept, FERRY_PATH_DIRECT };

static char *
get_chats_folder (const Party *party)
{
  return g_build_filename (party->settings->data_dir, "chats", NULL);
}

/* A chat as it was before: made anew from the same folder. */
static FerryChat *
make_again (ChatStory *story)
{
  FerryChat *chat = ferry_chat_new (story->romeo->services,
                                    ferry_chat_get_contact (story->romeo));

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (chat)), ==, 0);
  return chat;
}

static gboolean
is_past_recall (gpointer subject,
                guint    number)
{
  return ((FerryChat *) subject)->recalling == NULL;
}

/* Romeo keeps what both say, Juliet nothing. */
static void
test_chat (ChatStory     *story,
           gconstpointer  data)
{
  g_autofree char *juliets = get_chats_folder (&story->clients.juliet);
  g_autoptr(FerryChat) again = NULL;

  chat_story_open (story, NULL);
  ferry_chat_send (story->romeo, "But soft!\nWhat light?");
  ferry_chat_send (story->juliet, "Ay me!");
  wait_for_messages (story->romeo, 2);
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  ferry_chat_close (story->romeo);
  chat_story_end (story, -1, FERRY_CHAT_ERROR_CLOSED);
  ferry_chat_send (story->romeo, "too late");

  again = make_again (story);
  ferry_chat_send (again, "now"); /* while the file is being read */
  wait_until (is_past_recall, again, 0);
  wait_for_messages (again, 4);
  assert_message (again, 0, "But soft!\nWhat light?", TRUE);
  assert_message (again, 1, "Ay me!", FALSE);
  assert_message (again, 2, "too late", TRUE);
  assert_message (again, 3, "now", TRUE);
  wait_for_message (again, 0, FERRY_MESSAGE_DELIVERED);
  wait_for_message (again, 2, FERRY_MESSAGE_UNDELIVERED);
  wait_for_message (again, 3, FERRY_MESSAGE_WAITING);
  g_assert_cmpuint (ferry_chat_get_n_unread (again), ==, 0);
  g_assert_false (g_file_test (juliets, G_FILE_TEST_EXISTS));
}

/* What a peer cannot say, a file cannot either; and a chat may go while its file is read. */
static void
test_chat_hostile (ChatStory     *story,
                   gconstpointer  data)
{
  const FerryChatRecord evil = {
    TIME, FALSE, FERRY_MESSAGE_WAITING, (char *) "evil\xe2\x80\xaegpj.exe"
  };
  const FerryChatRecord empty = { TIME, FALSE, FERRY_MESSAGE_SENT, (char *) "\xe2\x80\xae" };
  FerryChatHistory *history = story->romeo->services->history;
  g_autoptr(FerryChat) again = NULL;
  FerryChat *gone;

  ferry_chat_history_add (history, CONTACT, &evil);
  ferry_chat_history_add (history, CONTACT, &empty);
  again = make_again (story);
  gone = make_again (story);
  g_object_unref (gone);
  wait_for_messages (again, 1);
  assert_message (again, 0, "evilgpj.exe", FALSE);
  wait_for_message (again, 0, FERRY_MESSAGE_DELIVERED);
}

/* Without being asked to, nobody keeps a word, whatever becomes of it. */
static void
test_chat_off (ChatStory     *story,
               gconstpointer  data)
{
  g_autofree char *romeos = get_chats_folder (&story->clients.romeo);
  g_autofree char *juliets = get_chats_folder (&story->clients.juliet);

  chat_story_open (story, NULL);
  ferry_chat_send (story->romeo, "secret");
  wait_for_message (story->romeo, 0, FERRY_MESSAGE_DELIVERED);
  ferry_chat_send (story->romeo, "lost");
  ferry_chat_close (story->juliet);
  chat_story_end (story, FERRY_CHAT_ERROR_CLOSED, -1);
  ferry_chat_history_flush (story->romeo->services->history);
  ferry_chat_history_flush (story->juliet->services->history);
  g_assert_false (g_file_test (romeos, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (juliets, G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void      (*test) (Shelf *, gconstpointer);
  } cases[] = {
    { "/core/chat-history/off-writes-nothing", test_off },
    { "/core/chat-history/reads-back-in-order", test_order },
    { "/core/chat-history/turned-off-writes-no-more", test_turned_off },
    { "/core/chat-history/nobody-else-reads-it", test_modes },
    { "/core/chat-history/reads-no-more-than-its-limits", test_limits },
    { "/core/chat-history/skips-what-is-damaged", test_hostile },
    { "/core/chat-history/follows-no-links", test_links },
    { "/core/chat-history/each-contact-apart", test_two_contacts },
    { "/core/chat-history/deletes-all", test_delete },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Shelf, NULL, shelf_set_up, cases[i].test, shelf_tear_down);

  g_test_add_func ("/core/chat-history/names-are-safe-and-apart", test_names);
  g_test_add ("/core/chat-history/of-a-chat", ChatStory, &kept_way, chat_story_set_up, test_chat,
              chat_story_tear_down);
  g_test_add ("/core/chat-history/shows-nothing-that-misleads", ChatStory, &kept_way,
              chat_story_set_up, test_chat_hostile, chat_story_tear_down);
  g_test_add ("/core/chat-history/of-nobody", ChatStory, &chat_ways[0], chat_story_set_up,
              test_chat_off, chat_story_tear_down);

  return g_test_run ();
}
