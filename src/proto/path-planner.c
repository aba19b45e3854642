/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "proto/path-planner-private.h"

#define MIN_INTERFACES 2 /* are kept, however many ways there are through routers */

void
ferry_planned_host_free (FerryPlannedHost *self)
{
  if (self == NULL)
    return;

  g_free (self->host);
  g_free (self->jid);
  g_free (self->via);
  g_free (self->left_out);
  g_free (self);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  ferry_planned_host_free (entry->host);
  g_free (entry);
}

const char *
ferry_path_origin_to_string (FerryPathOrigin origin)
{
  static const char *const names[] = {
    [FERRY_ORIGIN_HOST] = "interface",
    [FERRY_ORIGIN_MAPPED] = "mapped",
    [FERRY_ORIGIN_PREDICTED] = "hole punching",
    [FERRY_ORIGIN_PROXY] = "proxy",
  };

  return names[origin];
}

/* @host: (transfer full). @left_out: (nullable) */
static Entry *
add (Plan            *plan,
     FerryPathOrigin  origin,
     char            *host,
     guint16          port,
     const char      *via,
     const char      *left_out)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->host = g_new0 (FerryPlannedHost, 1);
  entry->host->origin = origin;
  entry->host->host = host;
  entry->host->port = port;
  entry->host->via = g_strdup (via);
  entry->host->left_out = g_strdup (left_out);
  g_ptr_array_add (plan->entries, entry);

  return entry;
}

static void
leave_out (Entry      *entry,
           const char *reason)
{
  if (entry->host->left_out == NULL)
    entry->host->left_out = g_strdup (reason);
}

static Rank
get_rank (const FerryInterfaceAddress *own)
{
  if ((own->flags & FERRY_ADDRESS_TUNNEL) != 0)
    return RANK_TUNNEL;

  return own->address.len == 16 && ferry_ip_address_get_scope (&own->address) == FERRY_IP_GLOBAL
           ? RANK_GLOBAL_6 : RANK_LOCAL;
}

static void
add_interfaces (Plan *plan)
{
  for (guint i = 0; i < plan->facts->addresses->len; i++)
    {
      const FerryInterfaceAddress *own = g_ptr_array_index (plan->facts->addresses, i);
      Entry *entry = add (plan, FERRY_ORIGIN_HOST, ferry_ip_address_to_string (&own->address),
                          plan->facts->port, own->interface,
                          _ferry_path_object_to_interface (plan, own));

      entry->rank = get_rank (own);
      entry->len = own->address.len;
    }
}

/* Whether there is another translator behind the one that was asked, which will not hand the
 * port through: a carrier's, or a second router. */
static gboolean
is_behind_another (const Plan             *plan,
                   const FerryPortMapping *mapping)
{
  const FerryReflexive *reflexive = _ferry_path_get_reflexive (plan, mapping->external.len);
  FerryIpScope scope = ferry_ip_address_get_scope (&mapping->external);

  if (mapping->is_pinhole)
    return FALSE;

  if (scope == FERRY_IP_PRIVATE || scope == FERRY_IP_SHARED)
    return TRUE;

  return reflexive->seen.len != 0 && !ferry_ip_address_equal (&reflexive->seen, &mapping->external);
}

static void
add_mappings (Plan               *plan,
              FerryMappingMethod  method)
{
  for (guint i = 0; i < plan->facts->mappings->len; i++)
    {
      const FerryPortMapping *mapping =
        &g_array_index (plan->facts->mappings, FerryPortMapping, i);
      g_autofree char *host = NULL;
      Entry *entry;

      if (mapping->method != method || mapping->external.len == 0)
        continue;

      host = ferry_ip_address_to_string (&mapping->external);
      entry = add (plan, FERRY_ORIGIN_MAPPED, g_strdup (host), mapping->external_port,
                   ferry_mapping_method_to_string (method),
                   _ferry_path_object_to_mapping (plan, mapping, host));
      entry->rank = is_behind_another (plan, mapping) ? RANK_CARRIER : RANK_MAPPED;
      entry->len = mapping->external.len;
    }
}

static gboolean
has_family (const Plan *plan,
            guint       len)
{
  for (guint i = 0; i < plan->facts->addresses->len; i++)
    {
      const FerryInterfaceAddress *own = g_ptr_array_index (plan->facts->addresses, i);

      if (own->address.len == len)
        return TRUE;
    }

  return FALSE;
}

/* Of IPv6 no word is lost where nobody translates it, as is usual. */
static void
add_prediction (Plan  *plan,
                guint  len)
{
  const FerryReflexive *reflexive = _ferry_path_get_reflexive (plan, len);
  gboolean is_known = reflexive->seen.len != 0;
  Entry *entry;

  if (!has_family (plan, len) || (len == 16 && (!is_known || reflexive->is_ours)))
    return;

  entry = add (plan, FERRY_ORIGIN_PREDICTED,
               is_known ? ferry_ip_address_to_string (&reflexive->seen) : g_strdup (""),
               plan->facts->port, NULL, _ferry_path_object_to_prediction (plan, reflexive, len));
  entry->rank = RANK_PREDICTED;
  entry->len = len;
}

static void
add_proxies (Plan *plan)
{
  for (guint i = 0; i < plan->facts->proxies->len; i++)
    {
      const FerryPathProxy *proxy = g_ptr_array_index (plan->facts->proxies, i);
      Entry *entry = add (plan, FERRY_ORIGIN_PROXY, g_strdup (proxy->host), proxy->port, NULL,
                          _ferry_path_object_to_proxy (plan, proxy));

      entry->host->jid = g_strdup (proxy->jid);
      entry->rank = RANK_PROXY;
      entry->foreign = proxy->is_foreign;
      entry->delay = proxy->delay;
    }
}

static gint
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *first = *(const Entry *const *) a;
  const Entry *second = *(const Entry *const *) b;

  if (first->rank != second->rank)
    return first->rank < second->rank ? -1 : 1;
  if (first->foreign != second->foreign)
    return first->foreign ? 1 : -1;
  if (first->len != second->len)
    return first->len < second->len ? -1 : 1;

  return (first->delay > second->delay) - (first->delay < second->delay);
}

static void
leave_out_twins (Plan *plan)
{
  for (guint i = 1; i < plan->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (plan->entries, i);

      for (guint j = 0; j < i; j++)
        {
          const Entry *before = g_ptr_array_index (plan->entries, j);

          if (before->host->left_out == NULL && before->host->port == entry->host->port &&
              g_ascii_strcasecmp (before->host->host, entry->host->host) == 0)
            leave_out (entry, "the same place as another");
        }
    }
}

/* How many of @rank are offered. @last: (out): the last of them */
static guint
count (const Plan  *plan,
       Rank         rank,
       Entry      **last)
{
  guint n = 0;

  for (guint i = 0; i < plan->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (plan->entries, i);

      if (entry->rank != rank || entry->host->left_out != NULL)
        continue;

      *last = entry;
      n++;
    }

  return n;
}

/* Which of the direct hosts is the least loss. A machine with many interfaces still has those
 * of its routers, which reach further. Returns: (nullable): there is none */
static Entry *
find_least (const Plan *plan)
{
  static const Rank last_resorts[] = { RANK_PREDICTED, RANK_MAPPED, RANK_GLOBAL_6, RANK_LOCAL };
  Entry *least = NULL;

  if (count (plan, RANK_CARRIER, &least) > 0 || count (plan, RANK_TUNNEL, &least) > 0)
    return least;

  if (count (plan, RANK_LOCAL, &least) + count (plan, RANK_GLOBAL_6, &least) > MIN_INTERFACES)
    return least;

  for (gsize i = 0; i < G_N_ELEMENTS (last_resorts); i++)
    if (count (plan, last_resorts[i], &least) > 0)
      return least;

  return NULL;
}

static guint
count_direct (const Plan *plan)
{
  Entry *last;
  guint n = 0;

  for (Rank rank = RANK_LOCAL; rank < RANK_PROXY; rank++)
    n += count (plan, rank, &last);

  return n;
}

static void
limit (Plan *plan)
{
  Entry *last = NULL;

  for (guint n = count_direct (plan); n > plan->rules->max_direct; n--)
    leave_out (find_least (plan), "there are enough better ones");

  for (guint n = count (plan, RANK_PROXY, &last); n > plan->rules->max_proxies; n--)
    {
      count (plan, RANK_PROXY, &last);
      leave_out (last, "there are enough better ones");
    }
}

static void
give (Plan      *plan,
      GPtrArray *hosts,
      gboolean   offered)
{
  for (guint i = 0; i < plan->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (plan->entries, i);

      if (entry->host != NULL && (entry->host->left_out == NULL) == offered)
        g_ptr_array_add (hosts, g_steal_pointer (&entry->host));
    }
}

GPtrArray *
ferry_path_plan (const FerryPathFacts *facts,
                 const FerryPathRules *rules)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) ferry_planned_host_free);
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  Plan plan = { facts, rules, entries };

  g_return_val_if_fail (facts != NULL && rules != NULL, hosts);

  add_interfaces (&plan);
  for (int method = 0; method < FERRY_N_MAPPING_METHODS; method++)
    add_mappings (&plan, method);
  add_prediction (&plan, 4);
  add_prediction (&plan, 16);
  add_proxies (&plan);

  g_ptr_array_sort (entries, compare_entries);
  leave_out_twins (&plan);
  limit (&plan);
  give (&plan, hosts, TRUE);
  give (&plan, hosts, FALSE);

  return hosts;
}
