/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-port.h"
#include "proto/jid.h"

struct _FakePort
{
  GObject     parent_instance;
  char       *jid;      /* (owned) (nullable) */
  GQueue      sent;     /* FerryElement (owned) */
  gsize       buffered; /* bytes */
  FakeServer *server;   /* (nullable) */
};

struct _FakeServer
{
  GPtrArray        *ports;     /* (owned): FakePort (owned) */
  GQueue            in_flight; /* FerryElement (owned) */
  guint             source_id;
  FakeServerFilter  filter;    /* (nullable) */
  gpointer          user_data;
};

enum
{
  SIGNAL_CLOSED,
  SIGNAL_CERTIFICATE_UNKNOWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void fake_port_iface_init (FerryStanzaPortInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakePort, fake_port, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FERRY_TYPE_STANZA_PORT,
                                                      fake_port_iface_init))

static FerryElement *
parse (const char *xml)
{
  g_autofree char *wrapped = g_strdup_printf ("<stream xmlns='jabber:client'>%s</stream>", xml);
  g_autoptr(GError) error = NULL;
  g_autoptr(FerryElement) stream = ferry_element_parse (wrapped, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ferry_element_get_n_children (stream), ==, 1);

  return ferry_element_ref (ferry_element_get_child (stream, 0));
}

FerryElement *
fake_stanza (const char *format,
             ...)
{
  g_autofree char *xml = NULL;
  va_list args;

  va_start (args, format);
  xml = g_strdup_vprintf (format, args);
  va_end (args);

  return parse (xml);
}

FakePort *
fake_port_new (const char *jid)
{
  FakePort *self = g_object_new (FAKE_TYPE_PORT, NULL);

  self->jid = g_strdup (jid);

  return self;
}

void
fake_port_set_jid (FakePort   *self,
                   const char *jid)
{
  g_free (self->jid);
  self->jid = g_strdup (jid);
}

void
fake_port_set_buffered (FakePort *self,
                        gsize     buffered)
{
  gboolean drained = self->buffered > 0 && buffered == 0;

  self->buffered = buffered;

  if (drained)
    ferry_stanza_port_emit_drained (FERRY_STANZA_PORT (self));
}

guint
fake_port_get_n_sent (FakePort *self)
{
  return g_queue_get_length (&self->sent);
}

FerryElement *
fake_port_take (FakePort *self)
{
  return g_queue_pop_head (&self->sent);
}

static gboolean
has_child_in (FerryElement *stanza,
              const char   *child_ns)
{
  for (guint i = 0; i < ferry_element_get_n_children (stanza); i++)
    {
      FerryElement *child = ferry_element_get_child (stanza, i);

      if (g_strcmp0 (ferry_element_get_xmlns (child), child_ns) == 0)
        return TRUE;
    }

  return FALSE;
}

FerryElement *
fake_port_take_matching (FakePort   *self,
                         const char *name,
                         const char *child_ns)
{
  FerryElement *stanza;

  while ((stanza = fake_port_take (self)) != NULL)
    {
      if (g_str_equal (ferry_element_get_name (stanza), name) &&
          (child_ns == NULL || has_child_in (stanza, child_ns)))
        return stanza;

      ferry_element_unref (stanza);
    }

  return NULL;
}

void
fake_port_clear (FakePort *self)
{
  g_queue_clear_full (&self->sent, (GDestroyNotify) ferry_element_unref);
}

void
fake_port_inject_element (FakePort     *self,
                          FerryElement *stanza)
{
  ferry_stanza_port_emit_received (FERRY_STANZA_PORT (self), stanza);
}

void
fake_port_inject (FakePort   *self,
                  const char *format,
                  ...)
{
  g_autofree char *xml = NULL;
  g_autoptr(FerryElement) stanza = NULL;
  va_list args;

  va_start (args, format);
  xml = g_strdup_vprintf (format, args);
  va_end (args);

  stanza = parse (xml);
  fake_port_inject_element (self, stanza);
}

void
fake_port_close (FakePort     *self,
                 const GError *error)
{
  g_object_ref (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
  g_object_unref (self);
}

gboolean
fake_port_ask_about_certificate (FakePort        *self,
                                 GTlsCertificate *certificate,
                                 guint            flags)
{
  gboolean allowed = FALSE;

  g_signal_emit (self, signals[SIGNAL_CERTIFICATE_UNKNOWN], 0, certificate, flags, &allowed);

  return allowed;
}

/* Stanza @element as sent by @from. */
static FerryElement *
stamp (FerryElement *element,
       const char   *from)
{
  FerryElementBuilder *builder = ferry_element_builder_new_from (element);

  ferry_element_builder_attribute (builder, "from", from);

  return ferry_element_builder_end (builder);
}

static void
inject_answer (FakePort     *self,
               FerryElement *request,
               FerryElement *answer)
{
  const char *to = ferry_element_get_attribute (request, "to");
  g_autofree char *own = self->jid != NULL ? ferry_jid_dup_bare (self->jid) : NULL;
  g_autoptr(FerryElement) stamped = stamp (answer, to != NULL ? to : own);

  fake_port_inject_element (self, stamped);
}

void
fake_port_answer (FakePort     *self,
                  FerryElement *request,
                  const char   *payload)
{
  g_autoptr(FerryElement) element = payload != NULL ? parse (payload) : NULL;
  g_autoptr(FerryElement) answer = ferry_iq_new_result (request, element);

  inject_answer (self, request, answer);
}

void
fake_port_answer_error (FakePort       *self,
                        FerryElement   *request,
                        FerryCondition  condition)
{
  const FerryStanzaError error = { .type = FERRY_STANZA_ERROR_CANCEL, .condition = condition };
  g_autoptr(FerryElement) answer = ferry_iq_new_error (request, &error);

  inject_answer (self, request, answer);
}

static FakePort *
find_port (FakeServer *self,
           const char *jid)
{
  for (guint i = 0; jid != NULL && i < self->ports->len; i++)
    {
      FakePort *port = self->ports->pdata[i];

      if (ferry_jid_is_full (jid) ? ferry_jid_equal (port->jid, jid)
                                  : ferry_jid_equal_bare (port->jid, jid))
        return port;
    }

  return NULL;
}

/* RFC 6120 §10.5: what is for nobody. An iq to a bare JID is the server's to answer. */
static void
bounce (FakeServer   *self,
        FerryElement *stanza)
{
  FakePort *sender = find_port (self, ferry_element_get_attribute (stanza, "from"));

  if (sender != NULL && ferry_iq_is_request (stanza))
    fake_port_answer_error (sender, stanza, FERRY_CONDITION_SERVICE_UNAVAILABLE);
}

static void
deliver (FakeServer   *self,
         FerryElement *stanza)
{
  const char *to = ferry_element_get_attribute (stanza, "to");
  gboolean is_iq = g_str_equal (ferry_element_get_name (stanza), "iq");
  FakePort *port = find_port (self, to);

  if (port == NULL || (is_iq && !ferry_jid_is_full (to)))
    {
      bounce (self, stanza);
      return;
    }

  g_object_ref (port);
  fake_port_inject_element (port, stanza);
  g_object_unref (port);
}

static gboolean
server_deliver_cb (gpointer user_data)
{
  FakeServer *self = user_data;
  g_autoptr(FerryElement) stanza = g_queue_pop_head (&self->in_flight);

  if (self->filter == NULL || self->filter (stanza, self->user_data))
    deliver (self, stanza);

  if (!g_queue_is_empty (&self->in_flight))
    return G_SOURCE_CONTINUE;

  self->source_id = 0;

  return G_SOURCE_REMOVE;
}

FakeServer *
fake_server_new (void)
{
  FakeServer *self = g_new0 (FakeServer, 1);

  self->ports = g_ptr_array_new_with_free_func (g_object_unref);

  return self;
}

void
fake_server_free (FakeServer *self)
{
  for (guint i = 0; i < self->ports->len; i++)
    FAKE_PORT (self->ports->pdata[i])->server = NULL;

  g_ptr_array_unref (self->ports);
  g_queue_clear_full (&self->in_flight, (GDestroyNotify) ferry_element_unref);
  g_clear_handle_id (&self->source_id, g_source_remove);
  g_free (self);
}

void
fake_server_add (FakeServer *self,
                 FakePort   *port)
{
  g_ptr_array_add (self->ports, g_object_ref (port));
  port->server = self;
}

void
fake_server_set_filter (FakeServer       *self,
                        FakeServerFilter  filter,
                        gpointer          user_data)
{
  self->filter = filter;
  self->user_data = user_data;
}

void
fake_server_remove (FakeServer *self,
                    FakePort   *port)
{
  port->server = NULL;
  g_ptr_array_remove (self->ports, port);
}

static void
fake_port_send (FerryStanzaPort *port,
                FerryElement    *stanza)
{
  FakePort *self = FAKE_PORT (port);
  FakeServer *server = self->server;

  if (server == NULL)
    {
      g_queue_push_tail (&self->sent, ferry_element_ref (stanza));
      return;
    }

  g_queue_push_tail (&server->in_flight, stamp (stanza, self->jid));

  /* Not an idle source: stanzas must not starve behind busy streams. */
  if (server->source_id == 0)
    server->source_id = g_timeout_add (0, server_deliver_cb, server);
}

static gsize
fake_port_get_buffered (FerryStanzaPort *port)
{
  return FAKE_PORT (port)->buffered;
}

static const char *
fake_port_get_jid (FerryStanzaPort *port)
{
  return FAKE_PORT (port)->jid;
}

static void
fake_port_iface_init (FerryStanzaPortInterface *iface)
{
  iface->send = fake_port_send;
  iface->get_buffered = fake_port_get_buffered;
  iface->get_jid = fake_port_get_jid;
}

static void
fake_port_finalize (GObject *object)
{
  FakePort *self = FAKE_PORT (object);

  fake_port_clear (self);
  g_clear_pointer (&self->jid, g_free);

  G_OBJECT_CLASS (fake_port_parent_class)->finalize (object);
}

static void
fake_port_class_init (FakePortClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_port_finalize;

  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", FAKE_TYPE_PORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_CERTIFICATE_UNKNOWN] =
    g_signal_new ("certificate-unknown", FAKE_TYPE_PORT, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL,
                  G_TYPE_BOOLEAN, 2, G_TYPE_TLS_CERTIFICATE, G_TYPE_UINT);
}

static void
fake_port_init (FakePort *self)
{
  g_queue_init (&self->sent);
}
