/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "error-text"

#include "config.h"

#include "ui/error-text.h"

#include <glib/gi18n.h>

#include "core/chat.h"
#include "core/transfer.h"

/* A row: one code, what happened, what to do about it (nullable). */
typedef struct
{
  int             code;
  const char     *what;
  const char     *advice;
  FerryErrorField field;
} Sentence;

static const Sentence connection_sentences[] = {
  { FERRY_CONNECTION_ERROR_NOT_FOUND,
    N_("There is no server by that name."),
    N_("Check the part after the @ for typing mistakes."), FERRY_ERROR_FIELD_ADDRESS },
  { FERRY_CONNECTION_ERROR_UNREACHABLE,
    N_("The server does not answer."),
    N_("Check your network, or try again later."), FERRY_ERROR_FIELD_ADDRESS },
  { FERRY_CONNECTION_ERROR_TLS,
    N_("No encrypted connection to the server is possible."),
    N_("Ferry does not send passwords without encryption. Ask who runs the server."),
    FERRY_ERROR_FIELD_ADDRESS },
  { FERRY_CONNECTION_ERROR_CERTIFICATE,
    N_("The server cannot prove that it is the right one."),
    N_("Somebody may be listening in. Ask who runs the server before you go on."),
    FERRY_ERROR_FIELD_ADDRESS },
  { FERRY_CONNECTION_ERROR_AUTH,
    N_("The address or the password is wrong."),
    N_("Check both and try again."), FERRY_ERROR_FIELD_PASSWORD },
  { FERRY_CONNECTION_ERROR_CONFLICT,
    N_("Another program took over this connection."),
    N_("Close the other program, then connect again."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CONNECTION_ERROR_REFUSED,
    N_("The server refused the connection."),
    N_("The details say why, in the server's own words."), FERRY_ERROR_FIELD_ADDRESS },
  { FERRY_CONNECTION_ERROR_LOST,
    N_("The connection to the server was lost."),
    NULL, FERRY_ERROR_FIELD_NONE },
};

static const Sentence transfer_sentences[] = {
  { FERRY_TRANSFER_ERROR_UNCONFIRMED,
    N_("Everything was sent, but the other side did not confirm that it arrived."),
    N_("Ask whether the file is there and complete."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_PEER_CANCELLED,
    N_("The other side stopped the transfer."), NULL, FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_PEER_GONE,
    N_("The other side went offline."), N_("Try again when they are back."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_NO_COMMON_DIALECT,
    N_("Their program cannot receive files this way."),
    N_("Ask them to use Ferry, Dino, or another program with Jingle file transfer."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_PEER_BUSY,
    N_("The other side is busy with other files."), N_("Try again in a while."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_REFUSED,
    N_("The other side, or its server, refused the file."),
    N_("You may have to be on each other's contact list."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_NO_ROUTE,
    N_("No path between the two computers works."),
    N_("Firewalls may be in the way. Another network may help."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_CORRUPT,
    N_("The file was damaged on its way and was thrown away."), N_("Send it again."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_TOO_LARGE,
    N_("More data came than was announced, so it was thrown away."),
    N_("The file may have changed while it was sent. Send it again."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_TRUNCATED,
    N_("The data ended too early."), N_("Send it again."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_DISK_FULL,
    N_("There is not enough free space for this file."),
    N_("Make room, or choose another folder with Save As."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_DISK,
    N_("The file could not be saved."),
    N_("Check whether you may write to the folder, or choose another with Save As."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_FILE,
    N_("The file cannot be read, or it changed while it was sent."),
    N_("Check that it is still there, then send it again."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_PEER_FAILED,
    N_("Something went wrong on the other side."), N_("The details have their own words."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_EXPIRED,
    N_("Nobody answered the offer."), N_("Try again when somebody is there."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_PROTOCOL,
    N_("The other side broke the rules of the protocol."),
    N_("The details help those who write the programs."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_OFFLINE,
    N_("Nobody is there to receive the file."), N_("It can be sent when they are online."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_CONNECTION_LOST,
    N_("The connection to your server was lost."), N_("Try again when you are online."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_NOT_SHARED,
    N_("They do not share a file of this name with you."),
    N_("Ask them to share it, and how it is called."), FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_SECURITY,
    N_("The file could not be encrypted as it has to be, so it was stopped."),
    N_("Try again, or allow unencrypted files for this contact in the contact menu."),
    FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_STRIPPED,
    N_("Somebody on the way removed the encryption, so the file was stopped."),
    N_("Try from another network. If it happens again, ask the other side by another way."),
    FERRY_ERROR_FIELD_NONE },
  { FERRY_TRANSFER_ERROR_KEY_CHANGED,
    N_("The other side showed another key than the one you know."),
    N_("Find out who it is: the padlock leads to the ways."), FERRY_ERROR_FIELD_NONE },
};

static const Sentence chat_sentences[] = {
  { FERRY_CHAT_ERROR_OFFLINE,
    N_("Nobody is there to chat with."), N_("Try again when both of you are online."),
    FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_CANNOT,
    N_("Their program knows no secure chats."), N_("Ask them to use Ferry, too."),
    FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_DECLINED,
    N_("The other side does not want to chat now."), N_("Try again later."),
    FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_EXPIRED,
    N_("Nobody answered."), N_("Try again when somebody is there."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_NO_ROUTE,
    N_("No path between the two computers works."),
    N_("Firewalls may be in the way. Another network may help."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_STRIPPED,
    N_("Somebody on the way removed the encryption, so the chat was not opened."),
    N_("Try from another network. If it happens again, ask the other side by another way."),
    FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_KEY_CHANGED,
    N_("The other side showed another key than the one you know."),
    N_("Verify who it is before you go on."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_PHRASE,
    N_("The two phrases were not the same, or one side had none."),
    N_("Agree on one phrase and how it is written, then try again."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_INSECURE,
    N_("The chat could not be encrypted, so it was not opened."),
    N_("Try again. If it happens again, somebody may be in the way."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_STREAM,
    N_("The other side broke the rules of the protocol."),
    N_("Reopen the chat, or ask them to update their program."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_LOST,
    N_("The connection to the other side was lost."),
    N_("Reopen the chat. Your messages are still here."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_CLOSED,
    N_("The other side closed the chat."), N_("Reopen it to go on."), FERRY_ERROR_FIELD_NONE },
  { FERRY_CHAT_ERROR_FAILED,
    N_("The chat broke off."), N_("Reopen it to go on."), FERRY_ERROR_FIELD_NONE },
};

static const Sentence io_sentences[] = {
  { G_IO_ERROR_NOT_FOUND, N_("The file is not there any more."), NULL, FERRY_ERROR_FIELD_NONE },
  { G_IO_ERROR_PERMISSION_DENIED, N_("You are not allowed to do that."),
    N_("Check the permissions of the file and its folder."), FERRY_ERROR_FIELD_NONE },
  { G_IO_ERROR_NO_SPACE, N_("There is not enough free space."), N_("Make room first."), FERRY_ERROR_FIELD_NONE },
  { G_IO_ERROR_NOT_SUPPORTED, N_("No program is known for this kind of file."),
    N_("Show it in its folder instead."), FERRY_ERROR_FIELD_NONE },
  { G_IO_ERROR_IS_DIRECTORY, N_("A folder cannot be sent."),
    N_("Make an archive of it first, and send that."), FERRY_ERROR_FIELD_NONE },
  { G_IO_ERROR_INVALID_ARGUMENT, N_("This is not an address."),
    N_("Addresses look like juliet@example.org."), FERRY_ERROR_FIELD_ADDRESS },
  { G_IO_ERROR_TIMED_OUT, N_("The server took too long to answer."), N_("Try again."), FERRY_ERROR_FIELD_NONE },
  { G_IO_ERROR_NOT_CONNECTED, N_("You are not connected."), N_("Try again when you are."), FERRY_ERROR_FIELD_NONE },
  { G_IO_ERROR_CONNECTION_CLOSED, N_("The connection was closed."), N_("Try again."), FERRY_ERROR_FIELD_NONE },
};

static const Sentence unknown_sentence = {
  0, N_("Something went wrong."), N_("The details say more."), FERRY_ERROR_FIELD_NONE,
};

static const struct
{
  const char *step;
  const char *text;
} steps[] = {
  { "offer", N_("While offering the file") },
  { "connect", N_("While looking for a path") },
  { "secure", N_("While encrypting") },
  { "data", N_("While moving the data") },
  { "verify", N_("While comparing checksums") },
  { "store", N_("While saving the file") },
};

static const Sentence *
find_row (const Sentence *rows,
          gsize           n_rows,
          int             code)
{
  for (gsize i = 0; i < n_rows; i++)
    if (rows[i].code == code)
      return &rows[i];
  return &unknown_sentence;
}

static const Sentence *
find_sentence (const GError *error)
{
  if (error == NULL)
    return &unknown_sentence;
  if (error->domain == FERRY_CONNECTION_ERROR)
    return find_row (connection_sentences, G_N_ELEMENTS (connection_sentences), error->code);
  if (error->domain == FERRY_TRANSFER_ERROR)
    return find_row (transfer_sentences, G_N_ELEMENTS (transfer_sentences), error->code);
  if (error->domain == FERRY_CHAT_ERROR)
    return find_row (chat_sentences, G_N_ELEMENTS (chat_sentences), error->code);
  if (error->domain == G_IO_ERROR)
    return find_row (io_sentences, G_N_ELEMENTS (io_sentences), error->code);
  return &unknown_sentence;
}

const char *
ferry_error_text_what (const GError *error)
{
  return _(find_sentence (error)->what);
}

const char *
ferry_error_text_advice (const GError *error)
{
  const char *advice = find_sentence (error)->advice;

  return advice != NULL ? _(advice) : NULL;
}

FerryErrorField
ferry_error_text_field (const GError *error)
{
  return find_sentence (error)->field;
}

const char *
ferry_error_text_step (const char *step)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_strcmp0 (steps[i].step, step) == 0)
      return _(steps[i].text);
  return NULL;
}
