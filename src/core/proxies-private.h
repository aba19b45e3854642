/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/proxies.h"

G_BEGIN_DECLS

/* How a proxy is tried: net/socks5-probe, or what a test has in its place. */
typedef struct
{
  void   (*probe_async)  (GSocketConnectable   *place,
                          GProxyResolver       *desktop_proxy,
                          guint                 timeout,
                          GCancellable         *cancellable,
                          GAsyncReadyCallback   callback,
                          gpointer              user_data);
  gint64 (*probe_finish) (GAsyncResult         *result,
                          GError              **error);
} FerryProxiesTouch;

extern const FerryProxiesTouch ferry_proxies_touch;

/* What is looked for at one server. Reference counted: questions and probes under way hold it. */
typedef struct
{
  FerryProxies            *owner;       /* (nullable): %NULL: nobody cares any more */
  char                    *domain;      /* (owned) */
  gboolean                 is_foreign;  /* not our own server */
  GPtrArray               *proxies;     /* (owned): FerryPathProxy (owned); it only grows */
  guint                    n_open;      /* questions and probes under way */
  gint64                   ended;       /* µs, monotonic: when the last of them was over */
  GCancellable            *cancellable; /* (owned): of all probes */
} FerryProxySearch;

struct _FerryProxies
{
  GObject                  parent_instance;
  FerryRouter             *router;         /* (owned) */
  GProxyResolver          *desktop_proxy;  /* (owned) (nullable) */
  const FerryProxiesTouch *touch;          /* static */
  gboolean                 allow_loopback;
  FerryProxySearch        *own;            /* (owned) (nullable) */
  FerryProxySearch        *former;         /* (owned) (nullable): abandoned; until own has ended */
  GHashTable              *foreign;        /* (owned): domain (its) → FerryProxySearch (owned) */
  GPtrArray               *waiters;        /* (owned): GTask (owned) of wait_async() */
};

/* proxies.c */

/* Something is known better; it may have been the last. */
void              ferry_proxies_changed    (FerryProxies            *self);
/* Before discover(). @touch: static */
void              ferry_proxies_set_touch  (FerryProxies            *self,
                                            const FerryProxiesTouch *touch);

/* proxies-search.c */
FerryProxySearch *ferry_proxy_search_new   (FerryProxies            *owner,
                                            const char              *domain,
                                            gboolean                 is_foreign);
FerryProxySearch *ferry_proxy_search_ref   (FerryProxySearch        *self);
void              ferry_proxy_search_unref (FerryProxySearch        *self);
void              ferry_proxy_search_begin (FerryProxySearch        *self);
/* One question or probe is over. */
void              ferry_proxy_search_done  (FerryProxySearch        *self);
/* Nobody wants to know any more. Consumes @self. */
void              ferry_proxy_search_abandon (FerryProxySearch      *self);

/* proxies-probe.c: tries @proxy, one of @search's. */
void              ferry_proxy_search_probe (FerryProxySearch        *search,
                                            FerryPathProxy          *proxy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FerryProxySearch, ferry_proxy_search_unref)

G_END_DECLS
