/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Both finish with %TRUE or an error of GIO's. */

/* Opens @file with the program the user has for its kind. */
void     ferry_file_launch_async  (GtkWindow            *parent,
                                   GFile                *file,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
/* Shows @file in the file manager, selected where it can do that. */
void     ferry_file_reveal_async  (GtkWindow            *parent,
                                   GFile                *file,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
gboolean ferry_file_launch_finish (GAsyncResult         *result,
                                   GError              **error);

G_END_DECLS
