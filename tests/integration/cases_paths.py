# SPDX-License-Identifier: GPL-3.0-or-later
"""A file crosses by every path, and by the next one when a path is closed."""

import time

from runner import case
from stage import assert_crossed, free_port

TRANSPORTS = ['s5b-direct', 's5b-proxy', 'ibb']
WAYS = {'s5b-direct': 'interface', 's5b-proxy': 'proxy', 'ibb': 'in-band'}


def assert_told(ferry, transport):
    """It says which way it was, and how it was found."""
    assert ferry.find('path')[-1]['via'] == WAYS[transport], ferry.describe()
    steps = ferry.find('path-step')
    assert [step['way'] for step in steps if step['kind'] == 'chosen'] == [WAYS[transport]], steps
    assert any(step['kind'] == 'offered' for step in steps), steps
    assert all(step['time_ms'] >= 0 for step in steps), steps


def cross(stage, path, transport=None, sender=None, receiver=None, **options):
    """One file from @sender to @receiver."""
    sender, receiver = sender or stage.romeo, receiver or stage.juliet
    there = stage.receive(receiver, **options)
    here = stage.send(path, name=sender, to=stage.jid(receiver), transport=transport, **options)
    assert_crossed(stage, here, there, path, transport)
    if transport:
        assert_told(here, transport)
        assert_told(there, transport)


def register_transport(transport):
    size = 200_001 if transport == 'ibb' else 3_000_001

    @case(f'{transport} carries a file to a contact')
    def there(stage):
        cross(stage, stage.file(size), transport)

    @case(f'{transport} carries a file the other way')
    def back(stage):
        cross(stage, stage.file(size), transport, sender=stage.juliet, receiver=stage.romeo)

    @case(f'{transport} carries an empty file')
    def empty(stage):
        cross(stage, stage.file(0), transport)

    @case(f'{transport} carries one byte')
    def one(stage):
        cross(stage, stage.file(1), transport)


for each in TRANSPORTS:
    register_transport(each)


@case('ibb carries files that end with a whole block')
def whole_blocks(stage):
    there = stage.receive(count=2)
    here = stage.send(stage.file(4096, 'one.bin'), stage.file(8192, 'two.bin'), transport='ibb')
    assert here.exit() == 0 and there.exit() == 0
    assert sorted(e['size'] for e in there.find('done')) == [4096, 8192]


@case('the best path comes first')
def best_first(stage):
    path = stage.file(100_000)
    there = stage.receive()
    here = stage.send(path)
    assert_crossed(stage, here, there, path, 's5b-direct')


@case('a full address reaches that resource')
def full_address(stage):
    path = stage.file(1000)
    there = stage.receive(options=['--resource', 'desk'])
    here = stage.send(path, to=f'{stage.jid(stage.juliet)}/desk')
    assert_crossed(stage, here, there, path)
    assert there.find('connected')[0]['jid'].endswith('/desk')


@case('direct TLS and a login without TLS on loopback', server_options={'plain': True})
def tls_modes(stage):
    path = stage.file(1000)
    there = stage.receive(server=f'127.0.0.1:{stage.server.tls_port}', options=['--tls', 'direct'])
    here = stage.send(path, options=['--tls', 'none'])
    assert_crossed(stage, here, there, path)


@case('a receiver who allows in-band only gets it in-band')
def receiver_forces(stage):
    path = stage.file(50_000)
    there = stage.receive(transport='ibb')
    here = stage.send(path)
    assert_crossed(stage, here, there, path, 'ibb')


@case('two who forward each to the other at once')
def crossing(stage):
    one, two = stage.file(2_000_000, 'one.bin'), stage.file(2_000_000, 'two.bin')
    receivers = [stage.receive(stage.romeo), stage.receive(stage.juliet)]
    senders = [stage.send(one, name=stage.romeo, to=stage.jid(stage.juliet)),
               stage.send(two, name=stage.juliet, to=stage.jid(stage.romeo))]
    assert [f.exit() for f in receivers + senders] == [0, 0, 0, 0]
    assert stage.received() == ['one.bin', 'two.bin']


@case('more files than may run at once wait for their turn', limit=30)
def waiting_turns(stage):
    files = [stage.file(200_000, f'{i:02}.bin') for i in range(15)]
    there = stage.receive(count=len(files))
    here = stage.send(*files)
    assert here.exit(20) == 0 and there.exit() == 0
    assert stage.received() == [f.name for f in files]
    running, most = set(), 0
    for event in here.find('state'):
        moves = event['state'] in ('connecting', 'running', 'verifying')
        (running.add if moves else running.discard)(event['id'])
        most = max(most, len(running))
    assert 2 <= most <= 3, f'{most} ran at once'


# ---- closed paths, for real: a network namespace and its packet filter

def blocked(stage, how, proxy_too=False):
    """Neither side's listener can be reached."""
    ports = [free_port(), free_port()]
    stage.block(*ports, *([stage.server.proxy_port] if proxy_too else []), how=how)
    path = stage.file(300_000)
    there = stage.receive(options=['--listen-port', ports[0]])
    started = time.monotonic()
    here = stage.send(path, options=['--listen-port', ports[1]])
    return path, here, there, started


@case('direct connections that vanish lead to the proxy', own_network=True)
def dropped_to_proxy(stage):
    path, here, there, started = blocked(stage, 'drop')
    assert_crossed(stage, here, there, path, 's5b-proxy')
    assert time.monotonic() - started < 5 * stage.patience


@case('direct connections that are refused lead to the proxy', own_network=True)
def refused_to_proxy(stage):
    path, here, there, _ = blocked(stage, 'reject with tcp reset')
    assert_crossed(stage, here, there, path, 's5b-proxy')


@case('no SOCKS5 path at all leads in-band', limit=40, own_network=True)
def dropped_to_in_band(stage):
    path, here, there, _ = blocked(stage, 'drop', proxy_too=True)
    assert here.exit(25) == 0
    assert_crossed(stage, here, there, path, 'ibb')


@case('SOCKS5 refused everywhere leads in-band', own_network=True)
def refused_to_in_band(stage):
    path, here, there, _ = blocked(stage, 'reject with tcp reset', proxy_too=True)
    assert_crossed(stage, here, there, path, 'ibb')


@case('nothing to offer for SOCKS5 leads in-band', own_network=True, server_options={'proxy': False})
def no_candidates(stage):
    path = stage.file(50_000)
    there = stage.receive(loopback=False)
    here = stage.send(path, loopback=False)
    assert_crossed(stage, here, there, path, 'ibb')


@case('no path allowed that works is said plainly', limit=40, own_network=True)
def no_route(stage):
    ports = [free_port(), free_port()]
    stage.block(*ports, how='reject with tcp reset')
    there = stage.receive(transport='s5b-direct', options=['--listen-port', ports[0]])
    here = stage.send(stage.file(1000), transport='s5b-direct', options=['--listen-port', ports[1]])
    assert here.exit(25) == 1 and there.exit() == 1
    assert here.wait('failed')['reason'] == 'no-route', here.find('failed')
    assert here.wait('failed')['step'] == 'connect', here.find('failed')
    assert stage.received() == []
