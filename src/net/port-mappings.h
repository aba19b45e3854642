/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "proto/port-mapping.h"

G_BEGIN_DECLS

/**
 * FerryPortMappings:
 *
 * One TCP port of ours, asked for from the routers by all methods at once: PCP and NAT-PMP from
 * the router (IPv4, and a pinhole for IPv6), UPnP by gupnp-igd. Leases are an hour at most, renewed
 * at half, and noted in @lease_file as long as they stand, so that those of a run that crashed
 * are given back by the next one.
 *
 * Signal "changed": one stands, or does not any more, or a method has failed.
 */
#define FERRY_TYPE_PORT_MAPPINGS (ferry_port_mappings_get_type ())
G_DECLARE_FINAL_TYPE (FerryPortMappings, ferry_port_mappings, FERRY, PORT_MAPPINGS, GObject)

/* @lease_file: (nullable): in a folder that exists */
FerryPortMappings *ferry_port_mappings_new         (const char           *lease_file);
/* Asks for @port; also anew, after the network changed. Never blocks. */
void               ferry_port_mappings_start       (FerryPortMappings    *self,
                                                    guint16               port);
/* Whether every method has answered, or has had its time. */
gboolean           ferry_port_mappings_is_settled  (FerryPortMappings    *self);
/* Returns: (transfer none) (element-type FerryPortMapping): those that stand */
GArray            *ferry_port_mappings_get         (FerryPortMappings    *self);
/* (nullable): English: why there is none by @method; %NULL: there is, or it is not known yet */
const char        *ferry_port_mappings_get_fault   (FerryPortMappings    *self,
                                                    FerryMappingMethod    method);
/* Gives all back, within a second. */
void               ferry_port_mappings_stop_async  (FerryPortMappings    *self,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
void               ferry_port_mappings_stop_finish (FerryPortMappings    *self,
                                                    GAsyncResult         *result);

G_END_DECLS
