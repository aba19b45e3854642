/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <expat.h>
#include <string.h>

#include "proto/gate-bytes.h"
#include "proto/gate-stanza.h"
#include "proto/gate.h"
#include "proto/proto-error.h"

/* What no server lets through. Past it the stream ends, as even skipping costs
 * memory: the parser keeps the tag it is in, and every one that is open. */
#define STOP_TAG   (1024 * 1024)
#define STOP_BYTES (16 * 1024 * 1024)
#define STOP_DEPTH 131072

/* Places in the stream are counted in bytes from its first one. */
struct _FerryGate
{
  char             *account;
  XML_Parser        expat;
  gboolean          is_authenticated;
  gboolean          is_over;   /* closed, or failed */
  GQueue            answers;   /* (element-type FerryElement) (owned) */
  guint             n_dropped;

  FerryGateBytes    bytes;
  FerryGateStanza   stanza;
  gint64            start;     /* where the stanza begins; between stanzas, where the next may */
  gint64            seen;      /* where the last tag ended */
  guint             depth;     /* 1: between stanzas */
  gsize             longest;   /* bytes of the longest tag in the stanza */
  gsize             padding;   /* bytes of the longest tag in what was passed of this piece */

  /* During receive() */
  GByteArray       *passed;
  GError          **error;
};

static void
stop (FerryGate       *self,
      FerryProtoError  code,
      const char      *message)
{
  if (self->is_over)
    return;

  self->is_over = TRUE;
  g_set_error_literal (self->error, FERRY_PROTO_ERROR, code, message);
  XML_StopParser (self->expat, XML_FALSE);
}

/* Lets the bytes between two places through. */
static void
pass (FerryGate *self,
      gint64     begin,
      gint64     end)
{
  ferry_gate_bytes_copy (&self->bytes, begin, end, self->passed);
  self->padding = MAX (self->padding, self->longest);
}

/* The stream header is the server's: what is wrong with it is wrong with the stream. */
static void
open_stream (FerryGate   *self,
             const char **attributes)
{
  if (ferry_gate_judge_attributes (attributes) != FERRY_GATE_PASS)
    {
      stop (self, FERRY_PROTO_ERROR_MALFORMED, "Stream header with foreign attributes");
      return;
    }

  pass (self, self->start, self->seen);
  self->start = self->seen;
}

static void XMLCALL
start_cb (void        *data,
          const char  *name,
          const char **attributes)
{
  FerryGate *self = data;
  gint64 begin = XML_GetCurrentByteIndex (self->expat);
  gsize size = XML_GetCurrentByteCount (self->expat);

  if (self->is_over)
    return;

  self->seen = begin + size;
  self->depth++;
  self->longest = self->depth <= 2 ? size : MAX (self->longest, size);
  if (self->depth == 1)
    {
      open_stream (self, attributes);
      return;
    }
  if (self->depth == 2)
    {
      self->start = begin;
      ferry_gate_stanza_begin (&self->stanza, self->account, name, attributes);
    }

  ferry_gate_stanza_element (&self->stanza, attributes, self->depth - 1);
  if (self->depth > STOP_DEPTH)
    stop (self, FERRY_PROTO_ERROR_TOO_LARGE, "Stanza nested beyond measure");
}

static void
drop_stanza (FerryGate *self)
{
  FerryElement *answer = ferry_gate_stanza_refuse (&self->stanza);

  self->n_dropped++;
  if (answer != NULL)
    g_queue_push_tail (&self->answers, answer);
}

static void
end_stanza (FerryGate *self)
{
  ferry_gate_stanza_grow (&self->stanza, self->seen - self->start);
  if (self->stanza.verdict != FERRY_GATE_PASS)
    {
      drop_stanza (self);
    }
  else
    {
      pass (self, self->start, self->seen);
      if (self->stanza.is_success && !self->is_authenticated)
        {
          self->is_authenticated = TRUE;
          XML_StopParser (self->expat, XML_FALSE);
        }
    }

  ferry_gate_stanza_clear (&self->stanza);
  self->start = self->seen;
}

static void XMLCALL
end_cb (void       *data,
        const char *name)
{
  FerryGate *self = data;
  gsize size = XML_GetCurrentByteCount (self->expat);

  if (self->is_over)
    return;

  self->seen = XML_GetCurrentByteIndex (self->expat) + size;
  self->longest = MAX (self->longest, size);
  self->depth--;
  if (self->depth == 1)
    {
      end_stanza (self);
    }
  else if (self->depth == 0)
    {
      pass (self, self->start, self->seen);
      self->is_over = TRUE;
    }
}

/* Between stanzas there is white space at most: a sign of life, not passed on. */
static void XMLCALL
text_cb (void       *data,
         const char *text,
         int         length)
{
  FerryGate *self = data;

  if (self->depth > 1 || self->is_over)
    return;

  for (int i = 0; i < length; i++)
    if (strchr (" \t\r\n", text[i]) == NULL)
      {
        stop (self, FERRY_PROTO_ERROR_MALFORMED, "Text between stanzas");
        return;
      }
  self->start = XML_GetCurrentByteIndex (self->expat) + XML_GetCurrentByteCount (self->expat);
}

/* RFC 6120 §11.1 forbids these three. */
static void XMLCALL
doctype_cb (void       *data,
            const char *name,
            const char *system_id,
            const char *public_id,
            int         has_internal_subset)
{
  stop (data, FERRY_PROTO_ERROR_MALFORMED, "Document type in a stream");
}

static void XMLCALL
instruction_cb (void       *data,
                const char *target,
                const char *text)
{
  stop (data, FERRY_PROTO_ERROR_MALFORMED, "Processing instruction in a stream");
}

static void XMLCALL
comment_cb (void       *data,
            const char *text)
{
  stop (data, FERRY_PROTO_ERROR_MALFORMED, "Comment in a stream");
}

/* The next parser would believe another encoding, and read something else than we. */
static void XMLCALL
declaration_cb (void       *data,
                const char *version,
                const char *encoding,
                int         standalone)
{
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "UTF-8") != 0)
    stop (data, FERRY_PROTO_ERROR_MALFORMED, "Stream in another encoding");
}

static void
open_parser (FerryGate *self)
{
  g_clear_pointer (&self->expat, XML_ParserFree);
  self->expat = XML_ParserCreate ("UTF-8");
  ferry_gate_bytes_clear (&self->bytes);
  ferry_gate_bytes_init (&self->bytes);
  self->start = self->seen = 0;
  self->depth = 0;
  ferry_gate_stanza_clear (&self->stanza);

  XML_SetUserData (self->expat, self);
  XML_SetElementHandler (self->expat, start_cb, end_cb);
  XML_SetCharacterDataHandler (self->expat, text_cb);
  XML_SetStartDoctypeDeclHandler (self->expat, doctype_cb);
  XML_SetProcessingInstructionHandler (self->expat, instruction_cb);
  XML_SetCommentHandler (self->expat, comment_cb);
  XML_SetXmlDeclHandler (self->expat, declaration_cb);
#ifdef HAVE_REPARSE_DEFERRAL
  /* Else a stanza whose last tag came in two pieces waits for the next stanza. */
  XML_SetReparseDeferralEnabled (self->expat, XML_FALSE);
#endif
}

FerryGate *
ferry_gate_new (const char *account)
{
  FerryGate *self;

  g_return_val_if_fail (account != NULL, NULL);

  self = g_new0 (FerryGate, 1);
  self->account = g_strdup (account);
  g_queue_init (&self->answers);
  open_parser (self);

  return self;
}

void
ferry_gate_free (FerryGate *self)
{
  if (self == NULL)
    return;

  XML_ParserFree (self->expat);
  g_queue_clear_full (&self->answers, (GDestroyNotify) ferry_element_unref);
  ferry_gate_bytes_clear (&self->bytes);
  g_free (self->account);
  ferry_gate_stanza_clear (&self->stanza);
  g_free (self);
}

/* A tag that is not whole yet is in the parser's memory, and a stanza in ours. */
static void
check_pending (FerryGate *self)
{
  gint64 end = self->bytes.fed + self->bytes.len;
  gint64 done = XML_GetCurrentByteIndex (self->expat);

  if (end - MAX (done, self->seen) > STOP_TAG)
    stop (self, FERRY_PROTO_ERROR_TOO_LARGE, "Tag without an end");
  else if (self->depth > 1 && end - self->start > STOP_BYTES)
    stop (self, FERRY_PROTO_ERROR_TOO_LARGE, "Stanza without an end");
  else if (self->depth > 1)
    ferry_gate_stanza_grow (&self->stanza, end - self->start);
}

/* Feeds one stream; returns how much of @data belonged to it. */
static gsize
feed (FerryGate    *self,
      const guint8 *data,
      gsize         len)
{
  gboolean was_authenticated = self->is_authenticated;
  gboolean ok;

  ferry_gate_bytes_begin (&self->bytes, data, len);
  ok = XML_Parse (self->expat, (const char *) data, len, XML_FALSE) == XML_STATUS_OK;
  if (self->is_over)
    return len;

  if (self->is_authenticated != was_authenticated)
    {
      gsize used = self->seen - self->bytes.fed;

      self->padding = 0; /* the next parser must see nothing before its header */
      open_parser (self);

      return used;
    }

  if (ok)
    check_pending (self);
  else
    stop (self, FERRY_PROTO_ERROR_MALFORMED, XML_ErrorString (XML_GetErrorCode (self->expat)));
  ferry_gate_bytes_end (&self->bytes,
                        self->stanza.verdict == FERRY_GATE_PASS ? self->start : G_MAXINT64);

  return len;
}

gboolean
ferry_gate_receive (FerryGate     *self,
                    const guint8  *data,
                    gsize          len,
                    GByteArray    *passed,
                    GError       **error)
{
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (self != NULL && passed != NULL, FALSE);
  g_return_val_if_fail (len <= G_MAXINT, FALSE);

  self->passed = passed;
  self->error = &failure;
  self->padding = 0;
  while (len > 0 && !self->is_over)
    {
      gsize used = feed (self, data, len);

      data += used;
      len -= used;
    }

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  /* Blanks mean nothing between stanzas, but a parser that has read only half of a
   * tag does not look again before it has as much once more (expat ≥ 2.6). */
  if (!self->is_over && self->padding > 0)
    {
      guint end = passed->len;

      g_byte_array_set_size (passed, end + self->padding);
      memset (passed->data + end, ' ', self->padding);
    }

  return TRUE;
}

FerryElement *
ferry_gate_take_answer (FerryGate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_queue_pop_head (&self->answers);
}

guint
ferry_gate_get_n_dropped (FerryGate *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_dropped;
}
