/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/account.h"
#include "core/chat.h"
#include "core/transfer-services.h"

G_BEGIN_DECLS

/* @services: with whatever trust there will be, by the time somebody asks. @account: (nullable) */
FerryChats *ferry_chats_new (FerryTransferServices *services,
                             FerryAccount          *account);

G_END_DECLS
