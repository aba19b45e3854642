/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-tls-stream"

#include "config.h"

#include "net/tls-stream-private.h"

#define FERRY_TYPE_TLS_INPUT (ferry_tls_input_get_type ())
G_DECLARE_FINAL_TYPE (FerryTlsInput, ferry_tls_input, FERRY, TLS_INPUT, GInputStream)

struct _FerryTlsInput
{
  GInputStream     parent_instance;
  FerryTlsChannel *channel; /* (owned) */
};

G_DEFINE_FINAL_TYPE (FerryTlsInput, ferry_tls_input, G_TYPE_INPUT_STREAM)

#define FERRY_TYPE_TLS_OUTPUT (ferry_tls_output_get_type ())
G_DECLARE_FINAL_TYPE (FerryTlsOutput, ferry_tls_output, FERRY, TLS_OUTPUT, GOutputStream)

struct _FerryTlsOutput
{
  GOutputStream    parent_instance;
  FerryTlsChannel *channel; /* (owned) */
};

G_DEFINE_FINAL_TYPE (FerryTlsOutput, ferry_tls_output, G_TYPE_OUTPUT_STREAM)

static gssize
ferry_tls_input_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  return ferry_tls_channel_read (FERRY_TLS_INPUT (stream)->channel, buffer, count, cancellable,
                                 error);
}

static void
ferry_tls_input_finalize (GObject *object)
{
  ferry_tls_channel_unref (FERRY_TLS_INPUT (object)->channel);

  G_OBJECT_CLASS (ferry_tls_input_parent_class)->finalize (object);
}

static void
ferry_tls_input_class_init (FerryTlsInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_tls_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = ferry_tls_input_read;
}

static void
ferry_tls_input_init (FerryTlsInput *self)
{
}

static gssize
ferry_tls_output_write (GOutputStream  *stream,
                        const void     *buffer,
                        gsize           count,
                        GCancellable   *cancellable,
                        GError        **error)
{
  return ferry_tls_channel_write (FERRY_TLS_OUTPUT (stream)->channel, buffer, count, cancellable,
                                  error);
}

static gboolean
ferry_tls_output_close (GOutputStream  *stream,
                        GCancellable   *cancellable,
                        GError        **error)
{
  return ferry_tls_channel_close (FERRY_TLS_OUTPUT (stream)->channel, cancellable, error);
}

static void
ferry_tls_output_finalize (GObject *object)
{
  ferry_tls_channel_unref (FERRY_TLS_OUTPUT (object)->channel);

  G_OBJECT_CLASS (ferry_tls_output_parent_class)->finalize (object);
}

static void
ferry_tls_output_class_init (FerryTlsOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_tls_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = ferry_tls_output_write;
  G_OUTPUT_STREAM_CLASS (klass)->close_fn = ferry_tls_output_close;
}

static void
ferry_tls_output_init (FerryTlsOutput *self)
{
}

GInputStream *
ferry_tls_input_new (FerryTlsChannel *channel)
{
  FerryTlsInput *self = g_object_new (FERRY_TYPE_TLS_INPUT, NULL);

  self->channel = ferry_tls_channel_ref (channel);

  return G_INPUT_STREAM (self);
}

GOutputStream *
ferry_tls_output_new (FerryTlsChannel *channel)
{
  FerryTlsOutput *self = g_object_new (FERRY_TYPE_TLS_OUTPUT, NULL);

  self->channel = ferry_tls_channel_ref (channel);

  return G_OUTPUT_STREAM (self);
}
