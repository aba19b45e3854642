/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "reason-text"

#include "config.h"

#include "ui/reason-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/display-text.h"

#define MAX_REASON 200 /* characters */

/* Only what stands here is looked up: whatever else it is, it is not ours. */
static const char *const known[] = {
  /* proto/path-planner */
  N_("a loopback address"),
  N_("a link-local address"),
  N_("an address at which nobody is reached"),
  N_("nothing direct is to be offered"),
  N_("no port can be had"),
  N_("a bridge to containers or virtual machines"),
  N_("deprecated: for old connections only"),
  N_("a temporary address stands in for it"),
  N_("not of our port"),
  N_("another mapping leads there"),
  N_("nobody told us how we look from outside"),
  N_("nobody translates our addresses"),
  N_("the router changes ports"),
  N_("a mapping does better"),
  N_("the peer does not punch holes"),
  N_("proxies are not wanted"),
  N_("not tried yet"),
  N_("the same place as another"),
  N_("there are enough better ones"),
  /* proto/s5b-policy */
  N_("a port of system services"),
  N_("a port of another service"),
  N_("a proxy in a private network"),
  N_("a private network that is not ours"),
  N_("an address that no host can have"),
  N_("our own listener"),
  N_("a name of a local network"),
  /* core/proxies */
  N_("it does not answer"),
  N_("it refuses connections"),
  N_("it cannot be reached from here"),
  N_("its name is not known"),
  N_("it is no proxy that takes us"),
  N_("it has no address"),
  N_("it is not dialled"),
  /* core/s5b-connector */
  N_("too many attempts"),
  N_("nothing is dialled directly"),
  N_("it is no proxy of our own server"),
  N_("the peer has named it"),
  N_("it is behind the same router as we are"),
  N_("our own place is not known"),
  N_("it is no address"),
  N_("the peer reached it"),
  N_("the peer reached none of our hosts"),
  N_("the peer's proxy joins us"),
  N_("the peer's way to the proxy failed"),
  N_("the peer reached a host of ours"),
  N_("no answer so far; given up"),
  N_("not wanted"),
  /* proto/peer-profile */
  N_("Dino tries one host after another, each for seconds, and cannot change to in-band in the same "
     "session"),
  N_("Conversations tries one host after another, each for three seconds"),
  N_("Psi may name its hosts only after it has agreed"),
  N_("Pidgin tries one host after another, each for five seconds"),
  N_("QXmpp tries one host after another, each for seven seconds"),
  /* net/port-mappings, proto/port-mapper */
  N_("there is no router"),
  N_("another method is used"),
  N_("the router does not answer"),
  N_("the router does not allow it"),
  N_("the router has given the port to another computer"),
  N_("the router would give the port away for ever only"),
  N_("the router has no ports left"),
  N_("the router refuses"),
  N_("the router does not know its own address"),
  N_("the router does not answer as UPnP demands"),
  N_("the router has no address that others could reach"),
  N_("the router names no port"),
  N_("the router does not speak it"),
  N_("the router names an address of another kind"),
  N_("the router has forgotten it"),
  N_("its time has run out"),
  /* net/stun-query, core/network */
  N_("The STUN server tells us nonsense"),
  N_("The STUN server sends us to another one"),
  N_("The STUN server answers with an error"),
  N_("The STUN server does not answer"),
  N_("No answer from the STUN server"),
  N_("No way to this STUN server"),
  N_("The answer makes no sense"),
  N_("Its name is not found in time"),
  N_("The STUN server cannot be asked"),
  N_("An address that no host can have"),
  N_("A loopback address"),
  N_("There is no way there"),
};

/* (nullable) */
static const char *
translate (const char *english)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i], english))
      return _(known[i]);
  return NULL;
}

/* "A: B: C" is known whole, or each by itself. */
static char *
dup_translated (const char *english)
{
  const char *whole = translate (english);
  const char *colon = strstr (english, ": ");
  g_autofree char *head = NULL;
  g_autofree char *tail = NULL;

  if (whole != NULL || colon == NULL)
    return g_strdup (whole != NULL ? whole : english);
  head = g_strndup (english, (gsize) (colon - english));
  tail = dup_translated (colon + strlen (": "));
  whole = translate (head);
  return g_strdup_printf ("%s: %s", whole != NULL ? whole : head, tail);
}

char *
ferry_reason_text (const char *english)
{
  g_autofree char *text = dup_translated (english);

  return ferry_display_text (text, MAX_REASON);
}
