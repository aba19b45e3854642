/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/account.h"
#include "core/back-off.h"
#include "core/contact.h"
#include "core/keep-alive.h"

G_BEGIN_DECLS

/* How an account reaches its server, and how patient it is. Tests have their own. The port
 * has the signals of #FerryConnection. */
typedef struct
{
  FerryStanzaPort *(*create)         (void);
  void             (*connect_async)  (FerryStanzaPort                *port,
                                      const FerryConnectionSettings  *settings,
                                      GCancellable                   *cancellable,
                                      GAsyncReadyCallback             callback,
                                      gpointer                        user_data);
  gboolean         (*connect_finish) (FerryStanzaPort                *port,
                                      GAsyncResult                   *result,
                                      GError                        **error);
  void             (*close)          (FerryStanzaPort                *port);

  guint              ping_interval; /* ms */
  guint              ping_timeout;  /* seconds */
  guint              first_delay;   /* ms before the first retry; it doubles … */
  guint              longest_delay; /* ms … up to here */
  guint              steady_after;  /* ms online after which the delays begin anew */
} FerryAccountLink;

/* The real one: #FerryConnection. */
extern const FerryAccountLink ferry_account_link;

/* Before connect(). @link: borrowed for good. */
void ferry_account_set_link (FerryAccount           *self,
                             const FerryAccountLink *link);
/* Before connect(): presence goes out with announce() and not at once. */
void ferry_account_hold_presence (FerryAccount      *self);
/* Sends the presence held back since "online". */
void ferry_account_announce (FerryAccount           *self);
/* Of our presence (XEP-0115 §4). */
void ferry_account_set_caps (FerryAccount           *self,
                             const char             *node,
                             const char             *ver);

struct _FerryAccount
{
  GObject                 parent_instance;
  FerryRouter            *router;      /* (owned) */
  FerrySettings          *settings;    /* (owned) */
  const FerryAccountLink *link;
  char                   *asked_jid;   /* (owned): with the resource we ask for */
  char                   *caps_node;   /* (owned) (nullable) */
  char                   *caps_ver;    /* (owned) (nullable) */

  FerryAccountState       state;
  GError                 *error;       /* (owned) (nullable) */
  gint64                  retry_at;    /* µs, monotonic; 0: none planned */
  FerryPresence           show;
  gboolean                holds_presence; /* until announce(), after each login */
  gboolean                is_announced;

  FerryStanzaPort        *port;        /* (owned) (nullable): connecting or online */
  GCancellable           *cancellable; /* (owned) (nullable): of connecting it */
  GError                 *early_end;   /* (owned) (nullable): it closed before we knew it was up */
  FerryKeepAlive         *keep_alive;  /* (owned) (nullable): while online */
  gint64                  online_since; /* µs, monotonic */
  FerryBackOff            back_off;
  guint                   retry_id;
};

/* account.c: for account-session.c. set_state() consumes @error. */
void     ferry_account_set_state     (FerryAccount      *self,
                                      FerryAccountState  state,
                                      GError            *error,
                                      gint64             retry_at);
void     ferry_account_emit_online   (FerryAccount      *self);
gboolean ferry_account_emit_certificate_unknown
                                     (FerryAccount      *self,
                                      GTlsCertificate   *certificate,
                                      guint              flags);

/* account-session.c: for account.c. plan_retry() consumes @error; @delay: ms. */
void     ferry_account_start         (FerryAccount      *self);
void     ferry_account_drop_port     (FerryAccount      *self,
                                      gboolean           close);
void     ferry_account_plan_retry    (FerryAccount      *self,
                                      guint              delay,
                                      GError            *error);
void     ferry_account_send_presence (FerryAccount      *self);

G_END_DECLS
