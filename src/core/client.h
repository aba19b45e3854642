/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/account.h"
#include "core/capabilities.h"
#include "core/chat-history.h"
#include "core/chat.h"
#include "core/network.h"
#include "core/proxies.h"
#include "core/roster.h"
#include "core/settings.h"
#include "core/transfer-queue.h"
#include "core/trust.h"

G_BEGIN_DECLS

/**
 * FerryClient:
 *
 * The application without a face: builds the parts and hands each what it needs.
 * A roof (the window, the command line) makes one and connects its account.
 */
#define FERRY_TYPE_CLIENT (ferry_client_get_type ())
G_DECLARE_FINAL_TYPE (FerryClient, ferry_client, FERRY, CLIENT, GObject)

FerryClient         *ferry_client_new              (const FerrySettings *settings);
FerryAccount        *ferry_client_get_account      (FerryClient         *self);
FerryRouter         *ferry_client_get_router       (FerryClient         *self);
FerryRoster         *ferry_client_get_roster       (FerryClient         *self);
FerryCapabilities   *ferry_client_get_capabilities (FerryClient         *self);
FerryProxies        *ferry_client_get_proxies      (FerryClient         *self);
FerryNetwork        *ferry_client_get_network      (FerryClient         *self);
FerryTransferQueue  *ferry_client_get_queue        (FerryClient         *self);
FerryTrust          *ferry_client_get_trust        (FerryClient         *self);
FerryChats          *ferry_client_get_chats        (FerryClient         *self);
FerryChatHistory    *ferry_client_get_history      (FerryClient         *self);
const FerrySettings *ferry_client_get_settings     (FerryClient         *self);

G_END_DECLS
