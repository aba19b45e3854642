/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-chat"

#include "config.h"

#include "core/chat-private.h"
#include "core/random-id.h"

#define LINGER (3 * G_USEC_PER_SEC) /* for the last bytes of a stream that is over */

static void run (FerryChat *self);

/* The last bytes are out, or never will be. */
static void
say_farewell (FerryChat *self)
{
  const FerrySessionEvent event = {
    .kind = self->farewell.kind,
    .outcome = self->farewell.outcome,
    .text = self->failure != NULL ? self->failure->message : NULL,
  };

  ferry_chat_set_alarm (self, &self->linger, 0, NULL);
  ferry_negotiation_feed (self->negotiation, &event);
}

static gboolean
linger_cb (gpointer user_data)
{
  g_autoptr(FerryChat) self = g_object_ref (user_data);

  say_farewell (self);
  return G_SOURCE_REMOVE;
}

/* A path that ends just so was lost, unless the other side has closed the session, and the word
 * of it is on its way: the session waits for that. */
static void
fail_path (FerryChat    *self,
           const GError *error)
{
  if (g_error_matches (error, FERRY_TLS_ERROR, FERRY_TLS_ERROR_RECORD))
    ferry_chat_fail (self, FERRY_OUTCOME_INSECURE, FERRY_CHAT_ERROR_INSECURE, "%s",
                     error->message);
  else
    ferry_chat_fail (self, FERRY_OUTCOME_PEER_GONE, FERRY_CHAT_ERROR_LOST, "%s", error->message);
}

static void
duplex_received_cb (FerryDuplex *duplex,
                    GBytes      *bytes,
                    gpointer     user_data)
{
  g_autoptr(FerryChat) self = g_object_ref (user_data);

  ferry_chat_heard (self, g_bytes_get_size (bytes));

  /* Once it is over, whatever comes is too late. */
  if (self->linger != NULL)
    return;

  ferry_xml_stream_feed (self->stream, bytes, g_get_monotonic_time ());
  run (self);

  /* Who answers takes what is said. */
  if (self->is_held)
    ferry_chat_send_waiting (self);
}

static void
duplex_closed_cb (FerryDuplex *duplex,
                  gpointer     user_data)
{
  g_autoptr(FerryChat) self = g_object_ref (user_data);

  if (self->linger != NULL)
    say_farewell (self);
}

static void
duplex_failed_cb (FerryDuplex  *duplex,
                  const GError *error,
                  gpointer      user_data)
{
  g_autoptr(FerryChat) self = g_object_ref (user_data);

  if (self->linger != NULL)
    say_farewell (self);
  else
    fail_path (self, error);
}

static const FerryDuplexFuncs duplex_funcs = {
  duplex_received_cb,
  duplex_closed_cb,
  duplex_failed_cb,
};

static gboolean
stream_wake_cb (gpointer user_data)
{
  g_autoptr(FerryChat) self = g_object_ref (user_data);

  ferry_chat_set_alarm (self, &self->stream_wake, 0, NULL);
  ferry_xml_stream_expire (self->stream, g_get_monotonic_time ());
  run (self);

  return G_SOURCE_REMOVE;
}

/* How the session is to end for a stream that ended so. Closing in good order is no failure. */
static void
set_farewell (FerryChat         *self,
              FerryXmlStreamEnd  end,
              const char        *text)
{
  FerryChatError code = FERRY_CHAT_ERROR_STREAM;

  self->farewell.kind = FERRY_SESSION_EVENT_DATA_FAILED;
  self->farewell.outcome = FERRY_OUTCOME_PROTOCOL;

  switch (end)
    {
    case FERRY_XML_STREAM_END_CLOSED:
      self->farewell.kind = FERRY_SESSION_EVENT_DATA_DONE;
      return;
    case FERRY_XML_STREAM_END_CUT:
      code = FERRY_CHAT_ERROR_LOST;
      self->farewell.outcome = FERRY_OUTCOME_PEER_GONE;
      break;
    case FERRY_XML_STREAM_END_ADDRESS:
      self->farewell.outcome = FERRY_OUTCOME_INSECURE;
      break;
    case FERRY_XML_STREAM_END_PEER:
    case FERRY_XML_STREAM_END_NAMESPACE:
    case FERRY_XML_STREAM_END_MALFORMED:
    case FERRY_XML_STREAM_END_RESTRICTED:
    case FERRY_XML_STREAM_END_LIMIT:
    default:
      break;
    }

  ferry_chat_blame (self, code, text != NULL ? text : "the stream ended");
}

/* What was said last, an error perhaps, is to be written yet. */
static void
end_stream (FerryChat         *self,
            FerryXmlStreamEnd  end,
            const char        *text)
{
  set_farewell (self, end, text);
  ferry_chat_set_state (self, FERRY_CHAT_CLOSING);
  ferry_chat_set_alarm (self, &self->linger, g_get_monotonic_time () + LINGER, linger_cb);
  ferry_duplex_close (self->duplex);
}

static void
execute (FerryChat                  *self,
         const FerryXmlStreamEffect *effect)
{
  switch (effect->kind)
    {
    case FERRY_XML_STREAM_EFFECT_WRITE:
      if (!ferry_duplex_write (self->duplex, effect->bytes))
        ferry_chat_fail (self, FERRY_OUTCOME_PEER_GONE, FERRY_CHAT_ERROR_LOST,
                         "the other side takes nothing any more");
      break;

    case FERRY_XML_STREAM_EFFECT_OPEN:
      ferry_chat_stream_opened (self);
      break;

    case FERRY_XML_STREAM_EFFECT_STANZA:
      ferry_chat_receive (self, effect->element);
      break;

    case FERRY_XML_STREAM_EFFECT_WAKE:
      ferry_chat_set_alarm (self, &self->stream_wake, effect->deadline,
                            effect->deadline != 0 ? stream_wake_cb : NULL);
      break;

    case FERRY_XML_STREAM_EFFECT_END:
      end_stream (self, effect->end, effect->text);
      break;

    default:
      g_assert_not_reached ();
    }
}

/* One effect after the other, also those that an effect brings about. */
static void
run (FerryChat *self)
{
  FerryXmlStreamEffect effect;

  if (self->is_running)
    return;

  self->is_running = TRUE;
  while (self->stream != NULL && ferry_xml_stream_next (self->stream, &effect))
    {
      execute (self, &effect);
      ferry_xml_stream_effect_clear (&effect);
    }
  self->is_running = FALSE;
}

gboolean
ferry_chat_say (FerryChat    *self,
                FerryElement *stanza)
{
  g_autoptr(FerryElement) held = stanza;
  gboolean is_said = self->stream != NULL && ferry_xml_stream_send (self->stream, held);

  run (self);
  return is_said;
}

void
ferry_chat_close_stream (FerryChat *self)
{
  if (self->stream == NULL)
    return;

  ferry_xml_stream_close (self->stream, g_get_monotonic_time ());
  run (self);
}

/* Effect PUMP. */
void
ferry_chat_begin_stream (FerryChat *self)
{
  FerryNegotiation *negotiation = self->negotiation;
  GIOStream *stream = ferry_negotiation_get_stream (negotiation);
  g_autofree char *id = ferry_random_id_new ();

  ferry_chat_set_state (self, FERRY_CHAT_SECURING);

  /* XS-5. */
  if (ferry_negotiation_get_tls (negotiation) == NULL)
    {
      ferry_chat_fail (self, FERRY_OUTCOME_INSECURE, FERRY_CHAT_ERROR_INSECURE,
                       "there is no encryption");
      return;
    }

  self->stream = ferry_xml_stream_new (self->role, ferry_negotiation_get_own_jid (negotiation),
                                       ferry_negotiation_get_peer (negotiation), id, FALSE);
  self->duplex = ferry_duplex_new (stream, &duplex_funcs, self);
  ferry_chat_watch_silence (self);
  ferry_xml_stream_start (self->stream, g_get_monotonic_time ());
  run (self);
}

/* Effect CLOSE. The threads may still be at it; when they are not, the duplex closes it. */
void
ferry_chat_stop_stream (FerryChat *self)
{
  g_autoptr(GIOStream) stream = NULL;

  ferry_chat_set_alarm (self, &self->stream_wake, 0, NULL);
  ferry_chat_set_alarm (self, &self->linger, 0, NULL);
  ferry_chat_set_alarm (self, &self->alive, 0, NULL);
  ferry_chat_set_alarm (self, &self->breath, 0, NULL);
  g_clear_pointer (&self->pubkeys_id, g_free);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  g_clear_pointer (&self->own_fingerprint, g_free);

  if (self->duplex == NULL)
    return;

  self->is_held = FALSE;
  stream = ferry_negotiation_steal_stream (self->negotiation);
  g_clear_pointer (&self->duplex, ferry_duplex_break);
  g_clear_pointer (&self->stream, ferry_xml_stream_free);
}
