/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "proto/element.h"

G_BEGIN_DECLS

/* The element in tests/vectors/FOLDER/NAME. */
FerryElement *vector_load         (const char         *folder,
                                   const char         *name);
/* Fails, and shows both, unless @written is what was @read. Takes @written. */
void          vector_assert_equal (const FerryElement *read,
                                   FerryElement       *written);

G_END_DECLS
