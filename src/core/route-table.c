/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/route-table.h"

struct _FerryRouteTable
{
  GPtrArray *handlers; /* (owned): Handler, in the order they came */
  guint      last_id;
  guint      depth;    /* dispatches under way, one within another */
};

/* The strings are interned. */
typedef struct
{
  guint               id;
  FerryRoute          route;
  FerryRouterHandler  func; /* %NULL: removed while a dispatch was under way */
  gpointer            user_data;
} Handler;

static gboolean
has_child (FerryElement *stanza,
           const char   *name,
           const char   *xmlns)
{
  guint n_children = ferry_element_get_n_children (stanza);

  for (guint i = 0; i < n_children; i++)
    {
      FerryElement *child = ferry_element_get_child (stanza, i);

      if ((name == NULL || g_str_equal (ferry_element_get_name (child), name)) &&
          (xmlns == NULL || g_strcmp0 (ferry_element_get_xmlns (child), xmlns) == 0))
        return TRUE;
    }

  return FALSE;
}

static gboolean
fits (const FerryRoute *route,
      FerryElement     *stanza)
{
  if (route->stanza != NULL && !g_str_equal (ferry_element_get_name (stanza), route->stanza))
    return FALSE;

  if (route->type != NULL &&
      g_strcmp0 (ferry_element_get_attribute (stanza, "type"), route->type) != 0)
    return FALSE;

  if (route->child_name == NULL && route->child_ns == NULL)
    return TRUE;

  return has_child (stanza, route->child_name, route->child_ns);
}

static void
sweep_handlers (FerryRouteTable *self)
{
  for (guint i = self->handlers->len; i > 0; i--)
    {
      const Handler *handler = g_ptr_array_index (self->handlers, i - 1);

      if (handler->func == NULL)
        g_ptr_array_remove_index (self->handlers, i - 1);
    }
}

static gboolean
dispatch_to (FerryRouteTable *self,
             FerryElement    *stanza,
             gboolean         last_ones,
             guint            n_handlers)
{
  gboolean handled = FALSE;

  for (guint i = 0; i < n_handlers && !handled; i++)
    {
      const Handler *handler = g_ptr_array_index (self->handlers, i);

      if (handler->func != NULL && handler->route.is_last == last_ones &&
          fits (&handler->route, stanza))
        handled = handler->func (stanza, handler->user_data);
    }

  return handled;
}

/* Handlers may add and remove handlers, and dispatch again from within. */
gboolean
ferry_route_table_dispatch (FerryRouteTable *self,
                            FerryElement    *stanza)
{
  guint n_handlers = self->handlers->len; /* those added meanwhile wait for the next stanza */
  gboolean handled;

  self->depth++;
  handled = dispatch_to (self, stanza, FALSE, n_handlers) ||
            dispatch_to (self, stanza, TRUE, n_handlers);

  self->depth--;

  if (self->depth == 0)
    sweep_handlers (self);

  return handled;
}

guint
ferry_route_table_add (FerryRouteTable    *self,
                       const FerryRoute   *route,
                       FerryRouterHandler  func,
                       gpointer            user_data)
{
  Handler *handler = g_new0 (Handler, 1);

  handler->id = ++self->last_id;
  handler->route.stanza = g_intern_string (route->stanza);
  handler->route.type = g_intern_string (route->type);
  handler->route.child_name = g_intern_string (route->child_name);
  handler->route.child_ns = g_intern_string (route->child_ns);
  handler->route.is_last = route->is_last;
  handler->func = func;
  handler->user_data = user_data;
  g_ptr_array_add (self->handlers, handler);

  return handler->id;
}

void
ferry_route_table_remove (FerryRouteTable *self,
                          guint            id)
{
  for (guint i = 0; i < self->handlers->len; i++)
    {
      Handler *handler = g_ptr_array_index (self->handlers, i);

      if (handler->id == id)
        handler->func = NULL;
    }

  if (self->depth == 0)
    sweep_handlers (self);
}

FerryRouteTable *
ferry_route_table_new (void)
{
  FerryRouteTable *self = g_new0 (FerryRouteTable, 1);

  self->handlers = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
ferry_route_table_free (FerryRouteTable *self)
{
  g_ptr_array_unref (self->handlers);
  g_free (self);
}
