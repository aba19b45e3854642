/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "network-group"

#include "config.h"

#include "ui/network-group.h"

#include "base/host.h"
#include "core/settings.h"

struct _FerryNetworkGroup
{
  AdwPreferencesGroup parent_instance;

  GSettings       *settings; /* (owned) (nullable) */
  GtkWidget       *relay_only;
  GtkWidget       *map_ports;
  GtkWidget       *map_ports_row;
  GtkWidget       *listen_port;
  GtkWidget       *listen_port_row;
  AdwEntryRow     *stun_server;
};

G_DEFINE_FINAL_TYPE (FerryNetworkGroup, ferry_network_group, ADW_TYPE_PREFERENCES_GROUP)

/* Empty: the own server is asked for one. */
static gboolean
is_server (const char *text)
{
  g_autofree char *host = NULL;
  guint16 port;

  return *text == '\0' || ferry_host_parse (text, FERRY_STUN_PORT, &host, &port);
}

static char *
dup_server (FerryNetworkGroup *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->stun_server))));
}

static void
stun_changed_cb (FerryNetworkGroup *self)
{
  g_autofree char *text = dup_server (self);
  gboolean is_wrong = !is_server (text);

  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->stun_server), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->stun_server), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->stun_server), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE
                                        : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* What is no server stays, marked, until it is mended. */
static void
stun_applied_cb (FerryNetworkGroup *self)
{
  g_autofree char *text = dup_server (self);

  if (is_server (text))
    g_settings_set_string (self->settings, "stun-server", text);
}

void
ferry_network_group_set_up (FerryNetworkGroup *self,
                            GSettings         *settings)
{
  g_autofree char *server = g_settings_get_string (settings, "stun-server");

  g_return_if_fail (FERRY_IS_NETWORK_GROUP (self));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  gtk_editable_set_text (GTK_EDITABLE (self->stun_server), server);
  g_settings_bind (settings, "relay-only", self->relay_only, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "map-ports", self->map_ports, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "listen-port", self->listen_port, "value", G_SETTINGS_BIND_DEFAULT);
  /* None of it has a meaning where nothing goes directly. */
  g_settings_bind (settings, "relay-only", self->map_ports_row, "sensitive",
                   G_SETTINGS_BIND_GET | G_SETTINGS_BIND_INVERT_BOOLEAN);
  g_settings_bind (settings, "relay-only", self->listen_port_row, "sensitive",
                   G_SETTINGS_BIND_GET | G_SETTINGS_BIND_INVERT_BOOLEAN);
  g_settings_bind (settings, "relay-only", self->stun_server, "sensitive",
                   G_SETTINGS_BIND_GET | G_SETTINGS_BIND_INVERT_BOOLEAN);
}

static void
ferry_network_group_dispose (GObject *object)
{
  g_clear_object (&FERRY_NETWORK_GROUP (object)->settings);
  G_OBJECT_CLASS (ferry_network_group_parent_class)->dispose (object);
}

static void
ferry_network_group_class_init (FerryNetworkGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ferry_network_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/im/ferry/Ferry/network-group.ui");
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkGroup, relay_only);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkGroup, map_ports);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkGroup, map_ports_row);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkGroup, listen_port);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkGroup, listen_port_row);
  gtk_widget_class_bind_template_child (widget_class, FerryNetworkGroup, stun_server);
  gtk_widget_class_bind_template_callback (widget_class, stun_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stun_applied_cb);
}

static void
ferry_network_group_init (FerryNetworkGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
