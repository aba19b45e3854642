/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "proto/diagnosis-words.h"

/* Marks what xgettext is to find: what the window shows, and translates. */
#define N_(text) text

#define GAP "%s"

static const char *
get_text (const char *const *texts,
          gsize              n_texts,
          guint              value)
{
  g_return_val_if_fail (value < n_texts, "");

  return texts[value];
}

const char *
ferry_network_kind_get_title (FerryNetworkKind kind)
{
  static const char *const titles[] = {
    [FERRY_NETWORK_PUBLIC] = N_("You Can Be Reached Directly"),
    [FERRY_NETWORK_MAPPED] = N_("Your Router Lets Others In"),
    [FERRY_NETWORK_KEEPS_PORTS] = N_("Direct Paths Work With Other Ferrys"),
    [FERRY_NETWORK_IPV6_ONLY] = N_("You Can Be Reached by IPv6"),
    [FERRY_NETWORK_CARRIER] = N_("Another Router Stands Before Yours"),
    [FERRY_NETWORK_SYMMETRIC] = N_("Your Router Keeps Others Out"),
    [FERRY_NETWORK_UNKNOWN] = N_("It Is Not Known How You Look From Outside"),
    [FERRY_NETWORK_RELAYED] = N_("Nothing Goes Directly"),
    [FERRY_NETWORK_OFFLINE] = N_("You Are in No Network"),
  };

  return get_text (titles, G_N_ELEMENTS (titles), kind);
}

const char *
ferry_network_kind_get_text (FerryNetworkKind kind)
{
  static const char *const texts[] = {
    [FERRY_NETWORK_PUBLIC] =
      N_("This computer has an address of its own. Files take the fastest way there is."),
    [FERRY_NETWORK_MAPPED] =
      N_("It hands a port through to this computer, and files take the direct way."),
    [FERRY_NETWORK_KEEPS_PORTS] =
      N_("With another Ferry behind such a router, both sides open the way together. Others are "
         "reached if they can be reached themselves, or by a proxy."),
    [FERRY_NETWORK_IPV6_ONLY] =
      N_("There is no IPv4 here. Who has IPv6, too, is reached directly, others by a proxy."),
    [FERRY_NETWORK_CARRIER] =
      N_("Your provider, or a second router at home, shares one address among many. Whatever your "
         "own router opens leads nowhere."),
    [FERRY_NETWORK_SYMMETRIC] =
      N_("It takes another port for each connection, so nobody can call in. You still reach those "
         "who can be reached; with others, files go by a proxy."),
    [FERRY_NETWORK_UNKNOWN] =
      N_("Nobody could be asked. Files go directly where that happens to work, else by a proxy."),
    [FERRY_NETWORK_RELAYED] =
      N_("By your wish, or because this desktop uses a proxy, nobody learns your address: files go "
         "by proxies, or through the server."),
    [FERRY_NETWORK_OFFLINE] =
      N_("This computer has no address. Connect it, and test again."),
  };

  return get_text (texts, G_N_ELEMENTS (texts), kind);
}

const char *
ferry_test_get_title (FerryTest test)
{
  static const char *const titles[] = {
    [FERRY_TEST_ADDRESSES] = N_("Addresses of This Computer"),
    [FERRY_TEST_STUN4] = N_("Seen From Outside (IPv4)"),
    [FERRY_TEST_STUN6] = N_("Seen From Outside (IPv6)"),
    [FERRY_TEST_PCP] = N_("Port in the Router by PCP"),
    [FERRY_TEST_NAT_PMP] = N_("Port in the Router by NAT-PMP"),
    [FERRY_TEST_UPNP] = N_("Port in the Router by UPnP"),
    [FERRY_TEST_IPV6] = N_("IPv6"),
    [FERRY_TEST_PROXY] = N_("Proxy"),
    [FERRY_TEST_IN_BAND] = N_("Through the Server"),
  };

  return get_text (titles, G_N_ELEMENTS (titles), test);
}

const char *
ferry_way_get_title (FerryWay way)
{
  static const char *const titles[] = {
    [FERRY_WAY_DIRECT] = "directly",
    [FERRY_WAY_MAPPED] = "by a port of the router",
    [FERRY_WAY_PUNCHED] = "by hole punching",
    [FERRY_WAY_IPV6] = "by IPv6",
    [FERRY_WAY_PROXY] = "by a proxy",
    [FERRY_WAY_IN_BAND] = "through the server",
  };

  return get_text (titles, G_N_ELEMENTS (titles), way);
}

const char *
ferry_advice_get_text (FerryAdvice advice)
{
  static const char *const texts[FERRY_N_ADVICE] = {
    N_("Switch on UPnP, NAT-PMP or PCP in your router: it may be called “port mapping”."),
    N_("Ask your provider for a public address of your own; or, if there are two routers at home, "
       "let the inner one only pass on (“bridge mode”)."),
    N_("Ask your provider for IPv6: who has it, too, reaches you directly."),
    N_("Ask whoever runs your server for a file transfer proxy (XEP-0065). Without one, files go "
       "slowly through the server where nothing direct works."),
    N_("Tell whoever runs your server that its file transfer proxy cannot be used."),
    N_("Ask whoever runs your server to announce a STUN server (XEP-0215), or set one by hand."),
    N_("Something drops packets, or the STUN server is down. If there is a firewall, let Ferry "
       "through, both UDP and TCP."),
  };

  g_return_val_if_fail (advice != FERRY_ADVICE_NONE, "");

  return get_text (texts, G_N_ELEMENTS (texts), (guint) g_bit_nth_lsf (advice, -1));
}

const char *
ferry_reason_get_text (FerryReason reason)
{
  static const char *const texts[] = {
    [FERRY_REASON_UNKNOWN] = "not known",
    [FERRY_REASON_NOT_WANTED] = "not wanted",
    [FERRY_REASON_NO_ADDRESS] = "this computer has no address",
    [FERRY_REASON_OPEN] = "with everybody",
    [FERRY_REASON_INSIDE] = "in your own network, and with those who can be reached themselves",
    [FERRY_REASON_MAPPED] = "with everybody",
    [FERRY_REASON_NOT_NEEDED] = "not needed here",
    [FERRY_REASON_NOT_MAPPED] = "no router opens a port",
    [FERRY_REASON_MAPPED_INSIDE] = "only up to the next router",
    [FERRY_REASON_KEEPS_PORTS] = "with another Ferry whose router keeps ports, too",
    [FERRY_REASON_CHANGES_PORTS] = "the router changes ports",
    [FERRY_REASON_NO_STUN] = "nobody tells how you look from outside",
    [FERRY_REASON_IPV6] = "with those who have IPv6, too, if no firewall forbids it",
    [FERRY_REASON_NO_IPV6] = "there is no IPv6 here",
    [FERRY_REASON_PROXY] = "with everybody",
    [FERRY_REASON_NO_PROXY] = "your server has none",
    [FERRY_REASON_BROKEN_PROXY] = "that of your server cannot be used",
    [FERRY_REASON_IN_BAND] = "with everybody, but slowly",
    [FERRY_REASON_NOT_ONLINE] = "not tested: you are not signed in",
    [FERRY_REASON_NO_ANSWER] = "the server does not pass anything on",
  };

  return get_text (texts, G_N_ELEMENTS (texts), reason);
}

const char *
ferry_found_get_text (FerryFound found)
{
  static const char *const texts[] = {
    [FERRY_FOUND_NOT_WANTED] = N_("Not tested: nothing is to go directly"),
    [FERRY_FOUND_NO_ADDRESS] = N_("None"),
    [FERRY_FOUND_PRIVATE_ADDRESSES] = N_("Only for your own network: %s"),
    [FERRY_FOUND_CARRIER_ADDRESSES] = N_("Shared with other customers of your provider: %s"),
    [FERRY_FOUND_GLOBAL_ADDRESSES] = N_("Valid everywhere: %s"),
    [FERRY_FOUND_NO_STUN_SERVER] = N_("Your server names no STUN server, and none is set"),
    [FERRY_FOUND_NO_IPV4] = N_("Not tested: there is no IPv4 here"),
    [FERRY_FOUND_NO_IPV6] = N_("There is no IPv6 here"),
    [FERRY_FOUND_SILENT] = N_("No answer"),
    [FERRY_FOUND_FAULT] = N_("Does not work: %s"),
    [FERRY_FOUND_SEEN_AS_IS] = N_("As %s, which is your own address"),
    [FERRY_FOUND_SEEN_KEEPS_PORTS] = N_("As %s; your router keeps ports"),
    [FERRY_FOUND_SEEN_CHANGES_PORTS] = N_("As %s; your router changes ports"),
    [FERRY_FOUND_MAPPING_OFF] = N_("Switched off"),
    [FERRY_FOUND_MAPPED] = N_("Others get in at %s"),
    [FERRY_FOUND_MAPPED_INSIDE] = N_("Opened at %s, but another router stands before it"),
    [FERRY_FOUND_MAPPING_NEEDLESS] = N_("Not there, and not needed"),
    [FERRY_FOUND_NO_PORT] = N_("There is no port to open: if a fixed one is set, it is taken"),
    [FERRY_FOUND_IPV6_OPEN] = N_("%s, and your router lets others in"),
    [FERRY_FOUND_IPV6_GLOBAL] = N_("%s, unless a firewall keeps others out"),
    [FERRY_FOUND_NOT_ONLINE] = N_("Not tested: you are not signed in"),
    [FERRY_FOUND_NO_PROXY] = N_("Your server has none"),
    [FERRY_FOUND_PROXY_GOOD] = N_("%s answers after %s"),
    [FERRY_FOUND_PROXY_UNTRIED] = N_("%s has not been tried"),
    [FERRY_FOUND_PROXY_FAULT] = N_("%s cannot be used: %s"),
    [FERRY_FOUND_IN_BAND] = N_("Works: %s there and back"),
    [FERRY_FOUND_IN_BAND_SLOW] = N_("Works, but is slow: %s there and back"),
    [FERRY_FOUND_PENDING] = N_("Testing…"),
  };

  return get_text (texts, G_N_ELEMENTS (texts), found);
}

char *
ferry_found_fill (const char *sentence,
                  const char *subject,
                  const char *detail)
{
  const char *const fillings[] = { subject, detail };
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (fillings); i++)
    {
      const char *gap = strstr (sentence, GAP);

      if (gap == NULL)
        break;
      g_string_append_len (out, sentence, gap - sentence);
      g_string_append (out, fillings[i] != NULL ? fillings[i] : "?");
      sentence = gap + strlen (GAP);
    }
  g_string_append (out, sentence);

  return g_string_free (out, FALSE);
}
