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
  N_("its address is one of a private network"),
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
  /* proto/pcp, proto/nat-pmp */
  N_("the router does not speak this version"),
  N_("the router does not understand the question"),
  N_("the router does not map ports"),
  N_("the router does not know what was asked for beside it"),
  N_("the router does not understand what was asked for beside it"),
  N_("the router has no network itself"),
  N_("the router has no room for it"),
  N_("the router does not map TCP"),
  N_("the router has given us as many as it gives to one"),
  N_("the router cannot give this port or address"),
  N_("the router sees us at another address: something lies between"),
  N_("the router does not allow as many peers"),
  N_("the router refuses without a known reason"),
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
  /* net/tcp-punch */
  N_("No hole could be punched"),
  N_("There is a connection to that place already"),
  /* net/socks5-dialer */
  N_("The streamhost does not answer"),
  N_("Streamhost hung up during the handshake"),
  /* proto/s5b-engine */
  N_("No SOCKS5 connection"),
  N_("No host was reached"),
  N_("Neither side reached the other"),
  N_("The peer does not answer"),
  N_("The peer says it reached us, but it is not here"),
  N_("The peer could not activate its proxy"),
  N_("The peer did not activate its proxy"),
  N_("The peer lost the proxy"),
  N_("The peer used a host that was not offered"),
  N_("Our own proxy cannot be reached"),
  N_("Our proxy refused to join us"),
  N_("Our proxy took too long to join us"),
  N_("no answer"),
  N_("unknown error"),
  /* core/transport-bytestreams */
  N_("We have no host to offer"),
  N_("It connected to us, and says nothing"),
  N_("The peer says not which it used"),
  N_("The peer offered no host"),
  N_("The peer never opened the stream"),
  /* What breaks a way: proto/ibb-machine, net/ibb-pipe, net/tls-channel */
  N_("Data got lost on the way"),
  N_("The peer does not wait for acknowledgements"),
  N_("The server or the peer cannot take more data"),
  N_("The peer refused a block of data"),
  N_("The peer closed the stream"),
  N_("The peer closed the stream too early"),
  N_("The peer did not answer"),
  N_("The peer never opened the in-band stream"),
  N_("The in-band stream was given up"),
  N_("The in-band stream is closed"),
  N_("The encrypted stream is closed"),
  N_("The stream ended without close_notify"),
  N_("Nothing more can be sent over the encrypted stream"),
  N_("The peer gave up"),
};

/* Of these, the number differs. */
static const char *const counting[] = {
  /* net/byte-pump, net/drain */
  N_("No byte moved for %u seconds"),
  /* net/peer-close */
  N_("The peer did not close the stream for %u seconds"),
  /* proto/socks5-client */
  N_("Streamhost refused to connect (SOCKS reply %u)"),
};

/* Returns: (transfer full) (nullable) */
static char *
dup_counted (const char *english)
{
  for (gsize i = 0; i < G_N_ELEMENTS (counting); i++)
    {
      gsize before = strcspn (counting[i], "%");
      gsize digits = strspn (english + MIN (before, strlen (english)), "0123456789");
      g_autofree char *number = NULL;
      GString *text;

      if (strncmp (english, counting[i], before) != 0 || digits == 0 ||
          !g_str_equal (english + before + digits, counting[i] + before + strlen ("%u")))
        continue;
      number = g_strndup (english + before, digits);
      text = g_string_new (_(counting[i]));
      g_string_replace (text, "%u", number, 1);
      return g_string_free (text, FALSE);
    }
  return NULL;
}

/* Returns: (transfer full) (nullable) */
static char *
translate (const char *english)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i], english))
      return g_strdup (_(known[i]));
  return dup_counted (english);
}

/* The first ": " or "; ". (nullable) */
static const char *
find_joint (const char *text)
{
  for (text = strpbrk (text, ":;"); text != NULL; text = strpbrk (text + 1, ":;"))
    if (text[1] == ' ')
      return text;
  return NULL;
}

/* "A: B; C" is known whole, or each by itself. */
static char *
dup_translated (const char *english)
{
  g_autofree char *whole = translate (english);
  const char *joint = find_joint (english);
  g_autofree char *head = NULL;
  g_autofree char *known_head = NULL;
  g_autofree char *tail = NULL;

  if (whole != NULL)
    return g_steal_pointer (&whole);
  if (joint == NULL)
    return g_strdup (english);
  head = g_strndup (english, (gsize) (joint - english));
  known_head = translate (head);
  tail = dup_translated (joint + strlen (": "));
  return g_strdup_printf ("%s%.2s%s", known_head != NULL ? known_head : head, joint, tail);
}

char *
ferry_reason_text (const char *english)
{
  g_autofree char *text = dup_translated (english);

  return ferry_display_text (text, MAX_REASON);
}
