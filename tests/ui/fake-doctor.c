/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The FerryDoctor of fake-core.h: what it finds is made up, what it says of it is not. */

#include "config.h"

#include "core/doctor.h"
#include "fake-core.h"

#define STEP 250 /* milliseconds between findings */

struct _FerryDoctor
{
  GObject         parent_instance;
  FerryPathFacts *facts;     /* (owned) */
  gboolean        is_alone;
  guint           n_steps;   /* done */
  GTask          *task;      /* (owned) (nullable) */
};

enum { SIGNAL_PROGRESS, N_SIGNALS };
static guint signals[N_SIGNALS];

static gboolean is_good; /* the network that is examined */
static guint slowness = 1;
static guint n_alone;

G_DEFINE_FINAL_TYPE (FerryDoctor, ferry_doctor, G_TYPE_OBJECT)

void
fake_doctor_set_good (gboolean good)
{
  is_good = good;
}

void
fake_doctor_set_slowness (guint factor)
{
  slowness = factor;
}

FerryDoctor *
ferry_doctor_new (FerryNetwork *network,
                  FerryProxies *proxies,
                  FerryRouter  *router)
{
  return g_object_new (FERRY_TYPE_DOCTOR, NULL);
}

FerryDoctor *
ferry_doctor_new_alone (const FerrySettings *settings)
{
  FerryDoctor *self = g_object_new (FERRY_TYPE_DOCTOR, NULL);

  self->is_alone = TRUE;
  return self;
}

gboolean
ferry_doctor_is_alone_anywhere (void)
{
  return n_alone > 0;
}

static void
learn_address (FerryDoctor *self,
               const char  *text)
{
  FerryIpAddress address;

  g_assert_true (ferry_ip_address_parse (text, &address));
  g_ptr_array_add (self->facts->addresses, ferry_interface_address_new (&address, "eth0", 0));
}

static void
learn_proxy (FerryDoctor *self,
             const char  *jid,
             gint64       delay,
             const char  *fault)
{
  FerryPathProxy *proxy = ferry_path_proxy_new (jid, "192.0.2.5", 5000);

  proxy->delay = delay;
  proxy->fault = g_strdup (fault);
  g_ptr_array_add (self->facts->proxies, proxy);
}

static void
learn_mapping (FerryDoctor *self,
               const char  *external)
{
  FerryPortMapping mapping = { .method = FERRY_MAPPING_UPNP, .external_port = 40112 };

  g_assert_true (ferry_ip_address_parse (external, &mapping.external));
  g_array_append_val (self->facts->mappings, mapping);
}

/* One thing after the other, as in life. */
static void
learn (FerryDoctor *self)
{
  switch (self->n_steps++)
    {
    case 0:
      learn_address (self, "192.168.178.20");
      if (is_good)
        learn_address (self, "2001:db8:4711:20:1c0a:8d4f:9b32:77e1");
      self->facts->port = 40112;
      break;
    case 1:
      g_assert_true (ferry_ip_address_parse ("203.0.113.7", &self->facts->reflexive4.seen));
      self->facts->reflexive4.keeps_ports = is_good;
      if (is_good)
        learn_mapping (self, "203.0.113.7");
      break;
    case 2:
      learn_proxy (self, "proxy.montague.lit", is_good ? 12000 : -1,
                   is_good ? NULL : "a loopback address");
      break;
    default:
      break;
    }
}

FerryDiagnosis *
ferry_doctor_get_diagnosis (FerryDoctor *self)
{
  gboolean is_settled = self->n_steps > 3;
  const FerryTestResults results = {
    .is_settled = is_settled,
    .is_online = !self->is_alone,
    .may_direct = TRUE,
    .may_map = TRUE,
    .has_stun_server = TRUE,
    .faults = { NULL, self->n_steps > 1 ? "the router refuses" : NULL },
    .in_band_delay = is_settled && !self->is_alone ? 31000 : -1,
  };

  return ferry_network_diagnose (self->facts, &results);
}

static gboolean
step_cb (gpointer user_data)
{
  FerryDoctor *self = user_data;
  g_autoptr(GTask) task = NULL;

  learn (self);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
  if (self->n_steps <= 3)
    return G_SOURCE_CONTINUE;
  task = g_steal_pointer (&self->task);
  if (self->is_alone)
    n_alone--;
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, ferry_doctor_get_diagnosis (self),
                           (GDestroyNotify) ferry_diagnosis_free);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (void)
{
  g_print ("examine no more\n");
}

void
ferry_doctor_examine_async (FerryDoctor         *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_print ("examine%s\n", self->is_alone ? " alone" : "");
  if (self->is_alone)
    n_alone++;
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_signal_connect (cancellable, "cancelled", cancelled_cb, NULL);
  g_timeout_add_full (G_PRIORITY_DEFAULT, STEP * slowness, step_cb, g_object_ref (self), g_object_unref);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

FerryDiagnosis *
ferry_doctor_examine_finish (FerryDoctor   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ferry_doctor_finalize (GObject *object)
{
  ferry_path_facts_free (FERRY_DOCTOR (object)->facts);
  G_OBJECT_CLASS (ferry_doctor_parent_class)->finalize (object);
}

static void
ferry_doctor_class_init (FerryDoctorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ferry_doctor_finalize;
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", FERRY_TYPE_DOCTOR, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ferry_doctor_init (FerryDoctor *self)
{
  self->facts = ferry_path_facts_new ();
}
