/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/lease-file.h"
#include "net/port-mappings.h"
#include "proto/port-mapper.h"

G_BEGIN_DECLS

#define FERRY_MAPPING_LIFETIME 3600 /* seconds */

/* What comes of asking a router. */
typedef enum
{
  FERRY_MAPPING_STANDS,     /* again whenever something of it changes */
  FERRY_MAPPING_LOST,       /* it is being asked for anew */
  FERRY_MAPPING_FAILED,     /* by @mapping's method; later it may stand after all */
  FERRY_MAPPING_GIVEN_BACK, /* one of a dead run */
  FERRY_MAPPING_OVER,       /* given back, or as good as; the last news */
} FerryMappingNews;

/* @mapping: (nullable): none of LOST and OVER. @text: (nullable): of LOST and FAILED, and of OVER
 * if it may stand still, English */
typedef void (*FerryMappingFunc) (FerryMappingNews        news,
                                  const FerryPortMapping *mapping,
                                  const char             *text,
                                  gpointer                user_data);

/* Where a router is asked, and as whom: a value but for @address. */
typedef struct
{
  GSocketAddress *address; /* (owned) (nullable): there is no router */
  FerryIpAddress  router;
  FerryIpAddress  own;
} FerryMappingPlace;

/* PCP and NAT-PMP: what #FerryPortMapper says, said to one router. */
typedef struct _FerryMappingRouter FerryMappingRouter;

FerryMappingRouter *ferry_mapping_router_new   (const FerryMappingPlace      *place,
                                                FerryMappingFunc              func,
                                                gpointer                      user_data);
/* Also anew, with the same request. */
void                ferry_mapping_router_start (FerryMappingRouter           *self,
                                                const FerryPortMapperRequest *request);
/* Instead: what a dead run has left standing. Ends with OVER, maybe at once. */
void                ferry_mapping_router_give_back  (FerryMappingRouter           *self,
                                                     const FerryPortMapperRequest *request);
/* Whether one stands, or nothing is being asked. */
gboolean            ferry_mapping_router_is_settled (FerryMappingRouter           *self);
/* Ends with OVER, maybe at once. */
void                ferry_mapping_router_stop  (FerryMappingRouter           *self);
/* Without another word. */
void                ferry_mapping_router_free  (FerryMappingRouter           *self);

/* UPnP: gupnp-igd in a thread of its own: it reads documents of others' making, waits for the
 * system's bus where GUPnP is built so, and must outlive us. It asks nobody but the router of
 * @place. */
typedef struct _FerryMappingIgd FerryMappingIgd;

FerryMappingIgd    *ferry_mapping_igd_new       (const FerryMappingPlace     *place,
                                                 guint16                      port,
                                                 FerryMappingFunc             func,
                                                 gpointer                     user_data);
/* What a dead run left standing. */
void                ferry_mapping_igd_give_back (FerryMappingIgd             *self,
                                                 guint16                      port,
                                                 guint16                      external_port);
void                ferry_mapping_igd_stop      (FerryMappingIgd             *self);
/* Without another word; the port is given back, if there is time. */
void                ferry_mapping_igd_free      (FerryMappingIgd             *self);
/* Lets HTTP go to @host only, and there directly. */
GProxyResolver     *ferry_igd_guard_new         (const char                  *host);
/* Sees to it that @session (SoupSession) and @server (SoupServer), of the calling thread's main
 * context, read no more than is sensible, and @server from @router only. */
void                ferry_igd_limits_apply      (GObject                     *session,
                                                 GObject                     *server,
                                                 const char                  *router);
/* libxml2 writes whatever it cannot read to stderr; from the calling thread it does not. */
void                ferry_igd_limits_hush       (void);

/* One who is asked for the port. */
typedef struct
{
  FerryPortMappings  *owner;
  FerryMappingPlace   place;
  FerryMappingRouter *router;      /* (owned) (nullable): PCP and NAT-PMP */
  FerryMappingIgd    *igd;         /* (owned) (nullable): UPnP */
  guint16             port;
  guint8              nonce[12];
  gboolean            is_settled;  /* has answered, or had its time */
  gboolean            stands;
  gboolean            is_noted;    /* in the lease file, as it stands */
  gboolean            is_leaving;  /* being given back */
  gboolean            is_of_dead_run;
  gint64              asleep;      /* µs that the machine had slept when it came to stand */
  FerryPortMapping    mapping;     /* if it stands, or is of a dead run */
  char               *faults[FERRY_N_MAPPING_METHODS]; /* (owned) (nullable) */
} FerryMappingAsked;

#define FERRY_N_ASKED 3
#define FERRY_ASKED_IGD 2 /* the others: the routers of IPv4 and IPv6 */

struct _FerryPortMappings
{
  GObject            parent_instance;
  char              *lease_file;             /* (owned) (nullable) */
  guint16            port;                   /* 0: not started */
  FerryMappingAsked *asked[FERRY_N_ASKED];   /* (owned) (nullable) */
  GPtrArray         *leaving;                /* (owned): FerryMappingAsked */
  GArray            *mappings;               /* (owned): FerryPortMapping: for who asks */
  GSource           *settle_timer;           /* (owned) (nullable) */
  GSource           *note_timer;             /* (owned) (nullable) */
  GSource           *stop_timer;             /* (owned) (nullable) */
  GTask             *stop_task;              /* (owned) (nullable) */
  GSocketAddress    *test_routers[2];        /* (owned) (nullable) */
  gboolean           is_test;

  FerryLeaseFile    *file;                   /* (owned) (nullable) */
  GArray            *orphans;                /* (owned): FerryLease: of dead runs */
  gboolean           is_loading;
  gboolean           is_loaded;
  gboolean           is_saving;
  gboolean           is_changed;             /* since it is being saved */
};

/* port-mappings-notes.c */

/* Reads what dead runs have left; then ferry_port_mappings_begin(). */
void               ferry_port_mappings_load      (FerryPortMappings       *self);
/* Notes what stands; then ferry_port_mappings_noted(). */
void               ferry_port_mappings_save      (FerryPortMappings       *self);
/* What a dead run had got is not to be noted any more. */
void               ferry_port_mappings_forget    (FerryPortMappings       *self,
                                                  const FerryMappingAsked *asked,
                                                  FerryMappingMethod       method,
                                                  guint16                  port);
/* Gives back what dead runs have left at the routers that we ask; what one of them had got for
 * the same port is taken over. */
void               ferry_port_mappings_inherit   (FerryPortMappings       *self);
/* What could not be given back stays noted. */
void               ferry_port_mappings_bequeath  (FerryPortMappings       *self,
                                                  const FerryMappingAsked *asked);

/* port-mappings-asked.c */

/* Asks all routers there are, or asks them anew. */
void               ferry_port_mappings_ask       (FerryPortMappings       *self);
/* Gives back what has been got from one of them. */
void               ferry_port_mappings_leave     (FerryPortMappings       *self,
                                                  guint                    which);
FerryMappingAsked *ferry_mapping_asked_new       (FerryPortMappings       *owner,
                                                  const FerryMappingPlace *place);
void               ferry_mapping_asked_free      (FerryMappingAsked       *asked);
gboolean           ferry_mapping_asked_is_settled (FerryMappingAsked      *asked);
/* It has had its time. */
void               ferry_mapping_asked_settle    (FerryMappingAsked       *asked);

/* port-mappings.c */

void               ferry_port_mappings_begin     (FerryPortMappings       *self);
/* What does not stand any more is not told of from now on; what stands newly, once noted. */
void               ferry_port_mappings_changed   (FerryPortMappings       *self);
void               ferry_port_mappings_noted     (FerryPortMappings       *self);
gboolean           ferry_mapping_is_same         (const FerryPortMapping  *a,
                                                  const FerryPortMapping  *b);
/* Other routers than the machine's are asked, and UPnP is left out: for tests only.
 * (transfer none) (nullable) each */
void               ferry_port_mappings_set_routers (FerryPortMappings     *self,
                                                    GSocketAddress        *ipv4,
                                                    GSocketAddress        *ipv6);

G_END_DECLS
