# SPDX-License-Identifier: GPL-3.0-or-later
"""Who does not want to be found is not: neither by packets nor by what is said."""

import sqlite3
import time

import lab_servers
from ears import Ears
from network_lab import ADDRESSES6
from path_stage import ADDRESSES, assert_way, cross
from runner import case

HIDDEN = [ADDRESSES['a'], ADDRESSES['rta'], ADDRESSES6['a']]
# B is public and listens; A could be reached by mapping and by IPv6: whatever hides it hides all of that.
TEMPTING = {'lab': {'map_a': ['pcp', 'upnp'], 'ipv6': ['a', 'c']},
            'server': {'modules': ['stanza_debug'], 'log_level': 'debug'}}


def heard_of(stage, ears, address):
    """Packets at B, and stanzas that the server sent to Juliet, that tell @address."""
    log = (stage.server.directory / 'prosody.log').read_text(errors='replace')
    stanzas = [line for line in log.splitlines() if 'SEND: ' in line and "to='juliet@" in line]
    assert any('jingle' in stanza for stanza in stanzas), 'the stanzas were not recorded'
    return [line[:300] for line in stanzas if address in line] + ears.mentions(address)


def assert_hidden(stage, ears, ferry):
    time.sleep(0.2)
    assert len(ears.packets) > 20, 'nothing was heard'
    for address in HIDDEN:
        assert not heard_of(stage, ears, address), f'B knows {address}: {heard_of(stage, ears, address)[:3]}'
    assert not ferry.steps('offered', way='interface') and not ferry.steps('offered', way='mapped')
    routers_leases = stage.lab.routers['rta'].leases() + stage.lab.routers['rta'].pinholes()
    assert not routers_leases, f'asked its router: {routers_leases}'


@case('who does not hide is found: so the ears are good', **TEMPTING)
def control(stage):
    ears = Ears(stage.lab, 'c', 'wan')
    here, _ = cross(stage, 'a', 'c')
    assert_way(here, 's5b-direct')
    assert heard_of(stage, ears, ADDRESSES['rta']) and heard_of(stage, ears, ADDRESSES['a'])


@case('relay only, sending to public: no address of A to B', **TEMPTING)
def sends(stage):
    ears = Ears(stage.lab, 'c', 'wan')
    here, there = cross(stage, 'a', 'c', sender_options=['--relay-only'])
    assert_way(here, 's5b-proxy', 'proxy')
    assert_way(there, 's5b-proxy', 'proxy')
    assert_hidden(stage, ears, here)


@case('relay only, receiving from public: no address of A to B', **TEMPTING)
def receives(stage):
    ears = Ears(stage.lab, 'c', 'wan')
    path = stage.file()
    there = stage.receive('a', options=['--relay-only'])
    here = stage.send(path, host='c')
    stage.assert_arrived(here, there, path)
    assert_way(there, 's5b-proxy', 'proxy')
    # here the one who hides is Juliet, and it is Romeo who must not learn of it
    log = (stage.server.directory / 'prosody.log').read_text(errors='replace')
    told = [line for line in log.splitlines() if 'SEND: ' in line and "to='romeo@" in line]
    for address in HIDDEN:
        assert not [line for line in told if address in line], address
        assert not ears.mentions(address), address


@case('relay only where there is no proxy: in-band, and no address of A to B',
      lab=TEMPTING['lab'], server={'proxy': False, **TEMPTING['server']})
def no_proxy(stage):
    ears = Ears(stage.lab, 'c', 'wan')
    here, _ = cross(stage, 'a', 'c', sender_options=['--relay-only'])
    assert_way(here, 'ibb', 'in-band')
    assert_hidden(stage, ears, here)


@case('relay only for this contact: no address of A to B', **TEMPTING)
def for_contact(stage):
    """As the window's switch writes it."""
    ears = Ears(stage.lab, 'c', 'wan')
    stage.ferry('a', 'romeo', 'roster').exit()
    with sqlite3.connect(stage.folder / 'data-romeo' / 'trust.db') as database:
        database.execute('INSERT INTO relays VALUES (?, ?, 1)', (stage.jid('romeo'), stage.jid('juliet')))
    here, _ = cross(stage, 'a', 'c')
    assert_way(here, 's5b-proxy', 'proxy')
    time.sleep(0.2)
    for address in HIDDEN:
        assert not heard_of(stage, ears, address), f'B knows {address}'


@case('behind a desktop proxy: no address of A to B, and all goes through it', **TEMPTING)
def desktop_proxy(stage):
    ears = Ears(stage.lab, 'c', 'wan')
    desktop = lab_servers.DesktopProxy(stage.lab, 'a')
    around = Ears(stage.lab, 'a', 'eth0')
    path = stage.file()
    there = stage.receive('c')
    here = stage.send(path, environment={'GIO_USE_PROXY_RESOLVER': 'libproxy',
                                         'http_proxy': f'socks5://{desktop.address}'})
    stage.assert_arrived(here, there, path)
    assert_way(here, 's5b-proxy', 'proxy')
    assert_hidden(stage, ears, here)
    assert any(port == lab_servers.PROXY_PORT for _, port in desktop.targets), desktop.targets
    assert not around.streams_and_datagrams(), 'went around it'
