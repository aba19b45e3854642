/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "own-network.h"

static gboolean
is_allowed (void)
{
  int status = -1;
  pid_t child = fork ();

  if (child == 0)
    _exit (own_network_enter () ? 0 : 1);

  return child > 0 && waitpid (child, &status, 0) == child && status == 0;
}

gboolean
own_network_begin (void)
{
  if (g_test_subprocess ())
    return TRUE;

  if (!is_allowed ())
    {
      g_test_skip ("no network of its own is allowed here");
      return FALSE;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  return FALSE;
}

gboolean
own_network_enter (void)
{
  g_autofree char *map = g_strdup_printf ("0 %d 1", (int) geteuid ());
  int flags = geteuid () == 0 ? CLONE_NEWNET : CLONE_NEWNET | CLONE_NEWUSER;

  if (unshare (flags) != 0)
    return FALSE;
  if ((flags & CLONE_NEWUSER) != 0 &&
      !g_file_set_contents_full ("/proc/self/uid_map", map, -1, G_FILE_SET_CONTENTS_NONE, 0, NULL))
    return FALSE;

  return own_network_ip ("link set lo up");
}

gboolean
own_network_ip (const char *arguments)
{
  g_autofree char *line = g_strconcat ("ip ", arguments, NULL);
  int status;

  return g_spawn_command_line_sync (line, NULL, NULL, &status, NULL) &&
         g_spawn_check_wait_status (status, NULL);
}
