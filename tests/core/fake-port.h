/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/router.h"

G_BEGIN_DECLS

/* A stanza from its text, in jabber:client unless the text says otherwise.
 * Returns: (transfer full) */
FerryElement *fake_stanza              (const char       *format,
                                        ...) G_GNUC_PRINTF (1, 2);

/**
 * FakePort:
 *
 * A stanza port without a network. It keeps what was sent until a test takes it,
 * and hands in what the test says. On a #FakeServer it delivers instead.
 */
#define FAKE_TYPE_PORT (fake_port_get_type ())
G_DECLARE_FINAL_TYPE (FakePort, fake_port, FAKE, PORT, GObject)

/* @jid: full, or %NULL: not bound. */
FakePort     *fake_port_new            (const char       *jid);
void          fake_port_set_jid        (FakePort         *self,
                                        const char       *jid);
/* What get_buffered() says; reaching 0 emits "drained". */
void          fake_port_set_buffered   (FakePort         *self,
                                        gsize             buffered);
guint         fake_port_get_n_sent     (FakePort         *self);
/* The oldest not taken yet. Returns: (transfer full) (nullable) */
FerryElement *fake_port_take           (FakePort         *self);
/* Takes the oldest that is @name with a child in @child_ns, and drops those before it.
 * Returns: (transfer full) (nullable) */
FerryElement *fake_port_take_matching  (FakePort         *self,
                                        const char       *name,
                                        const char       *child_ns);
void          fake_port_clear          (FakePort         *self);

void          fake_port_inject_element (FakePort         *self,
                                        FerryElement     *stanza);
void          fake_port_inject         (FakePort         *self,
                                        const char       *format,
                                        ...) G_GNUC_PRINTF (2, 3);
/* Answers @request as whom it was sent to: a result with @payload (text, nullable). */
void          fake_port_answer         (FakePort         *self,
                                        FerryElement     *request,
                                        const char       *payload);
void          fake_port_answer_error   (FakePort         *self,
                                        FerryElement     *request,
                                        FerryCondition    condition);

/* As #FerryConnection does; @error: (nullable). */
void          fake_port_close          (FakePort         *self,
                                        const GError     *error);
gboolean      fake_port_ask_about_certificate
                                       (FakePort         *self,
                                        GTlsCertificate  *certificate,
                                        guint             flags);

/**
 * FakeServer:
 *
 * Joins ports: stamps the sender, delivers from the main loop in the order sent,
 * and answers iq requests to nobody with service-unavailable, as servers do.
 */
typedef struct _FakeServer FakeServer;

/* Sees every stanza before its delivery. Returns: whether it goes on */
typedef gboolean (*FakeServerFilter) (FerryElement *stanza,
                                      gpointer      user_data);

FakeServer   *fake_server_new          (void);
void          fake_server_free         (FakeServer       *self);
void          fake_server_add          (FakeServer       *self,
                                        FakePort         *port);
void          fake_server_set_filter   (FakeServer       *self,
                                        FakeServerFilter  filter,
                                        gpointer          user_data);
/* As if @port's network broke: its full JID is nobody from now on. */
void          fake_server_remove       (FakeServer       *self,
                                        FakePort         *port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeServer, fake_server_free)

G_END_DECLS
