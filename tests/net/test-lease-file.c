/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/lease-file.h"

#define NOW 1000000
#define NONCE "000102030405060708090a0b"
#define GOOD "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE " 1003600\n"
#define GOOD_6 "PCP 2001:db8::10 40000 fe80::1 40000 " NONCE " 1003600\n"

static char *
make_path (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ferry-leases-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return g_build_filename (folder, "leases", NULL);
}

static void
remove_all (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);

      if (g_unlink (file) != 0)
        g_rmdir (file);
    }

  g_rmdir (folder);
}

static guint
count_files (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
put (const char *path,
     const char *text)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* What a run that begins finds. */
static FerryLeaseFile *
open_file (const char *path,
           guint       n_orphans)
{
  g_autoptr(GArray) orphans = NULL;
  g_autoptr(GError) error = NULL;
  FerryLeaseFile *file = ferry_lease_file_open (path, NOW, &orphans, &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  g_assert_cmpuint (orphans->len, ==, n_orphans);
  return file;
}

static GArray *
make_leases (const char *text)
{
  GArray *leases = ferry_leases_parse (text, NOW);

  g_assert_cmpuint (leases->len, >, 0);
  return leases;
}

static void
note (FerryLeaseFile *file,
      const char     *text)
{
  g_autoptr(GArray) leases = ferry_leases_parse (text, NOW);
  g_autoptr(GError) error = NULL;

  ferry_lease_file_write (file, leases, &error);
  g_assert_no_error (error);
}

static void
test_reads_what_it_writes (void)
{
  static const char text[] =
    GOOD GOOD_6
    "NAT-PMP 10.0.0.2 1 10.0.0.1 65535 000000000000000000000000 1000001\n"
    "UPnP 10.0.0.2 40000 10.0.0.1 1024 000000000000000000000000 1086400\n";
  g_autoptr(GArray) leases = make_leases (text);
  g_autofree char *printed = ferry_leases_print (leases);
  FerryLease *first = &g_array_index (leases, FerryLease, 0);

  g_assert_cmpuint (leases->len, ==, 4);
  g_assert_cmpstr (printed, ==, text);
  g_assert_cmpint (first->method, ==, FERRY_MAPPING_PCP);
  g_assert_cmpuint (first->port, ==, 40000);
  g_assert_cmpuint (first->external_port, ==, 40001);
  g_assert_cmpint (first->expires, ==, 1003600);
  g_assert_cmpmem (first->nonce, 12, "\0\1\2\3\4\5\6\7\10\11\12\13", 12);
}

static void
test_passes_over_damage (void)
{
  static const char *const damaged[] = {
    "",
    "\n\n",
    "PCP\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE "\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE " 1003600 more\n",
    "SSH 192.168.1.10 40000 192.168.1.1 40001 " NONCE " 1003600\n",
    "PCP router.lan 40000 192.168.1.1 40001 " NONCE " 1003600\n",
    "PCP 192.168.1.10 40000 fe80::1 40001 " NONCE " 1003600\n",
    "PCP 192.168.1.10 0 192.168.1.1 40001 " NONCE " 1003600\n",
    "PCP 192.168.1.10 40000 192.168.1.1 65536 " NONCE " 1003600\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 00 1003600\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE "00 1003600\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 00010203040506070809zz0b 1003600\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE " -1\n",
    /* over, and over for longer than any of ours can run */
    "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE " 1000000\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE " 1086401\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE " 9223372036854775807\n",
    "PCP 192.168.1.10 40000 192.168.1.1 40001 " NONCE " 99999999999999999999\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *text = g_strconcat (damaged[i], GOOD, damaged[i], NULL);
      g_autoptr(GArray) leases = ferry_leases_parse (text, NOW);

      g_assert_cmpuint (leases->len, ==, 1);
    }
}

static void
test_knows_a_limit (void)
{
  g_autofree char *path = make_path ();
  GString *text = g_string_new (NULL);
  g_autoptr(FerryLeaseFile) file = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, GOOD);
  put (path, text->str);
  g_string_free (text, TRUE);

  file = open_file (path, 64);
  g_clear_pointer (&file, ferry_lease_file_close);
  remove_all (path);
}

static void
test_leaves_nothing_behind (void)
{
  g_autofree char *path = make_path ();
  FerryLeaseFile *file = open_file (path, 0);

  note (file, GOOD);
  g_assert_cmpuint (count_files (path), ==, 1);
  note (file, "");
  ferry_lease_file_close (file);
  g_assert_cmpuint (count_files (path), ==, 0);
  remove_all (path);
}

static void
test_is_for_nobody_else (void)
{
  g_autofree char *path = make_path ();
  g_autoptr(FerryLeaseFile) file = NULL;
  struct stat info;

  put (path, GOOD);
  g_assert_no_errno (g_chmod (path, 0644));
  file = open_file (path, 1);
  g_assert_no_errno (stat (path, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  note (file, GOOD_6);
  g_assert_no_errno (stat (path, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_clear_pointer (&file, ferry_lease_file_close);
  remove_all (path);
}

static void
test_leaves_the_living_alone (void)
{
  g_autofree char *path = make_path ();
  FerryLeaseFile *first = open_file (path, 0);
  FerryLeaseFile *second = open_file (path, 0);
  FerryLeaseFile *third;

  note (first, GOOD);
  note (second, GOOD_6);
  third = open_file (path, 0);
  g_assert_cmpuint (count_files (path), ==, 3);

  /* As a crash does: what is noted stays, the lock goes. */
  ferry_lease_file_close (first);
  ferry_lease_file_close (third);
  third = open_file (path, 1);
  g_assert_cmpuint (count_files (path), ==, 2);
  ferry_lease_file_close (second);
  ferry_lease_file_close (third);

  /* Each is found by one run only. */
  first = open_file (path, 2);
  g_assert_cmpuint (count_files (path), ==, 1);
  second = open_file (path, 0);
  ferry_lease_file_close (first);
  ferry_lease_file_close (second);
  remove_all (path);
}

/* Killed, with its lease noted: nothing but the kernel ends the lock. */
static void
test_finds_what_the_killed_left (void)
{
  g_autofree char *path = make_path ();
  g_autoptr(FerryLeaseFile) file = NULL;
  int ready[2];
  char byte;
  pid_t child;

  g_assert_no_errno (pipe (ready));
  child = fork ();
  g_assert_no_errno (child);
  if (child == 0)
    {
      note (open_file (path, 0), GOOD);
      if (write (ready[1], "x", 1) == 1)
        pause ();
      _exit (0);
    }

  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  file = open_file (path, 0);
  g_clear_pointer (&file, ferry_lease_file_close);

  g_assert_no_errno (kill (child, SIGKILL));
  g_assert_no_errno (waitpid (child, NULL, 0));
  file = open_file (path, 1);
  g_clear_pointer (&file, ferry_lease_file_close);
  close (ready[0]);
  close (ready[1]);
  remove_all (path);
}

/* A write that never came to its end has put nothing in the place of what was there. */
static void
test_writes_all_or_nothing (void)
{
  g_autofree char *path = make_path ();
  g_autofree char *half = g_strconcat (path, ".new", NULL);
  g_autoptr(FerryLeaseFile) file = NULL;

  put (path, GOOD GOOD_6);
  put (half, "PCP 192.16");
  file = open_file (path, 2);
  note (file, GOOD);
  g_assert_cmpuint (count_files (path), ==, 1);
  g_clear_pointer (&file, ferry_lease_file_close);
  remove_all (path);
}

static void
test_refuses_what_is_no_file (void)
{
  g_autofree char *path = make_path ();
  g_autofree char *target = g_strconcat (path, "-of-others", NULL);
  g_autoptr(GArray) orphans = NULL;
  g_autoptr(GError) error = NULL;

  put (target, GOOD);
  g_assert_no_errno (symlink (target, path));
  g_assert_null (ferry_lease_file_open (path, NOW, &orphans, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (mkfifo (path, 0600));
  g_assert_null (ferry_lease_file_open (path, NOW, &orphans, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_mkdir (path, 0700));
  g_assert_null (ferry_lease_file_open (path, NOW, &orphans, &error));
  g_assert_nonnull (error);
  remove_all (path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/lease-file/reads-what-it-writes", test_reads_what_it_writes);
  g_test_add_func ("/net/lease-file/passes-over-damage", test_passes_over_damage);
  g_test_add_func ("/net/lease-file/knows-a-limit", test_knows_a_limit);
  g_test_add_func ("/net/lease-file/leaves-nothing-behind", test_leaves_nothing_behind);
  g_test_add_func ("/net/lease-file/is-for-nobody-else", test_is_for_nobody_else);
  g_test_add_func ("/net/lease-file/leaves-the-living-alone", test_leaves_the_living_alone);
  g_test_add_func ("/net/lease-file/finds-what-the-killed-left", test_finds_what_the_killed_left);
  g_test_add_func ("/net/lease-file/writes-all-or-nothing", test_writes_all_or_nothing);
  g_test_add_func ("/net/lease-file/refuses-what-is-no-file", test_refuses_what_is_no_file);

  return g_test_run ();
}
