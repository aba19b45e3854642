/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "ferry-port-mappings"

#include "config.h"

#include <string.h>

#include "net/port-mappings-private.h"

/* The lease file is read and written by worker threads, one at a time: @file is theirs as long
 * as they run. What is called when they have done holds the object; the tasks do not, as the
 * threads let go of them whenever they like, and the object is for the main loop to free. */
typedef struct
{
  char           *path;    /* (owned) (nullable): to be opened */
  FerryLeaseFile *file;    /* (nullable) */
  GArray         *leases;  /* (owned) (nullable) */
} NotesJob;

static void
notes_job_free (NotesJob *job)
{
  g_free (job->path);
  g_clear_pointer (&job->leases, g_array_unref);
  g_free (job);
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  NotesJob *job = task_data;
  GError *error = NULL;

  job->file = ferry_lease_file_open (job->path, get_now (), &job->leases, &error);
  if (job->file == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
load_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(FerryPortMappings) self = user_data;
  NotesJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  self->is_loading = FALSE;
  self->is_loaded = TRUE;

  /* Without notes a crash leaves what stands until it runs out by itself. */
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_message ("Leases cannot be noted: %s", error->message);

  self->file = g_steal_pointer (&job->file);
  if (job->leases != NULL)
    g_array_append_vals (self->orphans, job->leases->data, job->leases->len);

  ferry_port_mappings_begin (self);
}

void
ferry_port_mappings_load (FerryPortMappings *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, load_done_cb, g_object_ref (self));
  NotesJob *job = g_new0 (NotesJob, 1);

  g_task_set_source_tag (task, ferry_port_mappings_load);
  g_task_set_task_data (task, job, (GDestroyNotify) notes_job_free);
  self->is_loading = TRUE;
  job->path = g_strdup (self->lease_file);
  g_task_run_in_thread (task, load_thread);
}

static void
add_lease (GArray                  *leases,
           const FerryMappingAsked *asked)
{
  FerryLease lease = {
    .method = asked->mapping.method,
    .own = asked->place.own,
    .port = asked->mapping.internal_port,
    .router = asked->place.router,
    .external_port = asked->mapping.external_port,
    .expires = get_now () + FERRY_MAPPING_LIFETIME,
  };

  if (!asked->stands || asked->is_of_dead_run)
    return;

  memcpy (lease.nonce, asked->nonce, sizeof lease.nonce);
  g_array_append_val (leases, lease);
}

/* All that is to be given back some day. Returns: (transfer full) */
static GArray *
gather_leases (FerryPortMappings *self)
{
  GArray *leases = g_array_new (FALSE, TRUE, sizeof (FerryLease));

  for (guint i = 0; i < FERRY_N_ASKED; i++)
    if (self->asked[i] != NULL)
      add_lease (leases, self->asked[i]);
  for (guint i = 0; i < self->leaving->len; i++)
    add_lease (leases, g_ptr_array_index (self->leaving, i));
  g_array_append_vals (leases, self->orphans->data, self->orphans->len);

  return leases;
}

static void
save_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  NotesJob *job = task_data;
  GError *error = NULL;

  if (ferry_lease_file_write (job->file, job->leases, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
save_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(FerryPortMappings) self = user_data;
  g_autoptr(GError) error = NULL;

  self->is_saving = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_message ("Leases cannot be noted: %s", error->message);

  if (self->is_changed)
    ferry_port_mappings_save (self);
  else
    ferry_port_mappings_noted (self);
}

void
ferry_port_mappings_save (FerryPortMappings *self)
{
  g_autoptr(GTask) task = NULL;
  NotesJob *job;

  self->is_changed = self->is_saving;
  if (self->is_saving)
    return;

  if (self->file == NULL)
    {
      ferry_port_mappings_noted (self);
      return;
    }

  task = g_task_new (NULL, NULL, save_done_cb, g_object_ref (self));
  g_task_set_source_tag (task, ferry_port_mappings_save);
  job = g_new0 (NotesJob, 1);
  job->file = self->file;
  job->leases = gather_leases (self);
  g_task_set_task_data (task, job, (GDestroyNotify) notes_job_free);
  self->is_saving = TRUE;
  g_task_run_in_thread (task, save_thread);
}

static gboolean
is_of_place (const FerryLease        *lease,
             const FerryMappingAsked *asked)
{
  return asked != NULL && ferry_ip_address_equal (&lease->own, &asked->place.own) &&
         ferry_ip_address_equal (&lease->router, &asked->place.router);
}

void
ferry_port_mappings_forget (FerryPortMappings       *self,
                            const FerryMappingAsked *asked,
                            FerryMappingMethod       method,
                            guint16                  port)
{
  for (guint i = self->orphans->len; i > 0; i--)
    {
      FerryLease *lease = &g_array_index (self->orphans, FerryLease, i - 1);

      if (lease->method == method && lease->port == port && is_of_place (lease, asked))
        g_array_remove_index_fast (self->orphans, i - 1);
    }
}

static void
give_back (FerryPortMappings *self,
           const FerryLease  *lease,
           FerryMappingAsked *asked)
{
  FerryPortMapperRequest request = {
    .own = lease->own,
    .port = lease->port,
    .wanted_port = lease->external_port,
    .lifetime = FERRY_MAPPING_LIFETIME,
    .methods = 1u << lease->method,
  };
  FerryMappingAsked *back;

  if (lease->method == FERRY_MAPPING_UPNP)
    {
      if (asked->igd != NULL)
        ferry_mapping_igd_give_back (asked->igd, lease->port, lease->external_port);
      return;
    }

  back = ferry_mapping_asked_new (self, &asked->place);
  back->is_of_dead_run = TRUE;
  back->is_leaving = TRUE;
  back->mapping.method = lease->method;
  back->mapping.internal_port = lease->port;
  memcpy (request.nonce, lease->nonce, sizeof request.nonce);
  g_ptr_array_add (self->leaving, back);
  ferry_mapping_router_give_back (back->router, &request);
}

void
ferry_port_mappings_bequeath (FerryPortMappings       *self,
                              const FerryMappingAsked *asked)
{
  add_lease (self->orphans, asked);
}

static gboolean
is_being_given_back (FerryPortMappings *self,
                     const FerryLease  *lease)
{
  for (guint i = 0; i < self->leaving->len; i++)
    {
      FerryMappingAsked *asked = g_ptr_array_index (self->leaving, i);

      if (asked->is_of_dead_run && asked->mapping.method == lease->method &&
          asked->mapping.internal_port == lease->port && is_of_place (lease, asked))
        return TRUE;
    }

  return FALSE;
}

static FerryMappingAsked *
find_asked (FerryPortMappings *self,
            const FerryLease  *lease)
{
  if (lease->method == FERRY_MAPPING_UPNP)
    return self->asked[FERRY_ASKED_IGD];

  return self->asked[lease->own.len == 4 ? 0 : 1];
}

void
ferry_port_mappings_inherit (FerryPortMappings *self)
{
  g_autoptr(GArray) orphans = g_array_copy (self->orphans);

  for (guint i = 0; i < orphans->len; i++)
    {
      FerryLease *lease = &g_array_index (orphans, FerryLease, i);
      FerryMappingAsked *asked = find_asked (self, lease);

      if (!is_of_place (lease, asked) || is_being_given_back (self, lease))
        continue;

      if (lease->port != self->port)
        {
          give_back (self, lease, asked);
          continue;
        }

      if (lease->method == FERRY_MAPPING_PCP)
        memcpy (asked->nonce, lease->nonce, sizeof asked->nonce);
      ferry_port_mappings_forget (self, asked, lease->method, lease->port);
    }
}
