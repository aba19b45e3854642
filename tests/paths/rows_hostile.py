# SPDX-License-Identifier: GPL-3.0-or-later
"""Routers, STUN servers and proxies that answer anything at all change nothing."""

import socket

import lab_liars
import lab_servers
from path_stage import assert_way, cross, seconds_to_path
from runner import case

SYMMETRIC = {'nat_a': 'symmetric', 'nat_b': 'symmetric'}
PROXY_LIMIT = 1.6   # seconds from accepted to the path, as in the table
IN_BAND_LIMIT = 9   # whatever dials has its time
SLOWEST = 0.4       # seconds from logged in to offered
MEMORY = 60 << 20   # octets
NEVER_TOLD = ('127.', '0.0.0.0', '::', '::1', '224.', '169.254.')


def memory(ferry):
    """The most it had, in octets."""
    with open(f'/proc/{ferry.process.pid}/status', encoding='ascii') as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith('VmHWM'))


def unmoved(stage, liar, transport, via, limit):
    """A file goes the way it would go if nobody lied, and as soon; no nonsense is told to anybody."""
    path = stage.file()
    there = stage.receive('a', settle=0.6)
    here = stage.send(path, host='b', name='romeo')
    there.wait('offer')
    peak = memory(there)
    stage.assert_arrived(here, there, path, limit=20)
    where = f'{type(liar).__name__} {liar.how}'
    assert liar.asked, f'{where}: nobody asked'
    for ferry in (here, there):
        assert_way(ferry, transport, via)
        told = [step for step in ferry.steps('offered') + ferry.steps('received')
                if (step['host'] or '').startswith(NEVER_TOLD)]
        assert not told, f'{where}: {told}'
    waited = there.wait('offer')['at'] - here.wait('connected')['at']
    assert waited < SLOWEST * stage.patience, f'{where}: offered after {waited:.2f} s'
    assert seconds_to_path(here) < limit * stage.patience, f'{where}: {seconds_to_path(here):.2f} s'
    assert peak < MEMORY * stage.patience, f'{where}: {peak >> 20} MiB'
    (stage.inbox / path.name).unlink()


def register_router(*ways):
    @case(f'a router that lies changes nothing: {", ".join(ways)}', limit=40, lab=SYMMETRIC)
    def router(stage):
        for how in ways:
            liar = lab_liars.Router(stage.lab, how)
            unmoved(stage, liar, 's5b-proxy', 'proxy', PROXY_LIMIT)
            liar.close()


register_router(*lab_liars.Router.WAYS[:5])
register_router(*lab_liars.Router.WAYS[5:])


@case('a router that maps what it does not hand through costs no time', lab=SYMMETRIC)
def useless(stage):
    unmoved(stage, lab_liars.Router(stage.lab, 'everything'), 's5b-proxy', 'proxy', PROXY_LIMIT)


@case('a router that tells of a carrier costs no time', lab=SYMMETRIC)
def carrier(stage):
    unmoved(stage, lab_liars.Router(stage.lab, 'carrier'), 's5b-proxy', 'proxy', PROXY_LIMIT)


def register_stun(*ways):
    @case(f'a STUN server that lies changes nothing: {", ".join(ways)}', limit=40, lab=SYMMETRIC, stun=False,
          server={'stun': True})
    def stun(stage):
        for how in ways:
            liar = lab_liars.Stun(how)
            unmoved(stage, liar, 's5b-proxy', 'proxy', PROXY_LIMIT)
            liar.close()


register_stun(*lab_liars.Stun.WAYS[:4])
register_stun(*lab_liars.Stun.WAYS[4:])


@case('a gateway that lies changes nothing', limit=40, lab=SYMMETRIC)
def gateway(stage):
    for how in ('garbage', 'endless'):
        liar = lab_liars.Gateway(stage.lab, how)
        unmoved(stage, liar, 's5b-proxy', 'proxy', PROXY_LIMIT)
        liar.close()


def register_proxy(*ways):
    @case(f'a proxy that lies leads in-band: {", ".join(ways)}', limit=60, lab=SYMMETRIC)
    def proxy(stage):
        stage.lab.tool('nft', '-f', '-', text='''
            add table inet aside
            add chain inet aside in { type nat hook prerouting priority -100; }
            add rule inet aside in tcp dport 5000 redirect to :5001''')
        for how in ways:
            liar = lab_liars.Proxy(how, 5001)
            unmoved(stage, liar, 'ibb', 'in-band', IN_BAND_LIMIT)
            liar.close()


register_proxy(*lab_liars.Proxy.WAYS[:4])
register_proxy(*lab_liars.Proxy.WAYS[4:])


def assert_untouched(*canaries):
    """Nobody has come to these."""
    for canary in canaries:
        canary.setblocking(False)
        try:
            came = canary.accept() if canary.type == socket.SOCK_STREAM else canary.recvfrom(100)
        except BlockingIOError:
            continue
        raise AssertionError(f'led to {canary.getsockname()}: {came}')


def canary(stage, kind, port):
    """Something of A's user's that only programs on that machine can reach."""
    there = stage.lab.socket('a', socket.AF_INET, kind)
    there.bind(('127.0.0.1', port))
    if kind == socket.SOCK_STREAM:
        there.listen()
    return there


@case('a STUN server that sends us to 127.0.0.1 does not lead us there', lab=SYMMETRIC, stun=False,
      server={'stun': True})
def led_by_stun(stage):
    there = canary(stage, socket.SOCK_DGRAM, 3478)
    unmoved(stage, lab_liars.Stun('alternate'), 's5b-proxy', 'proxy', PROXY_LIMIT)
    assert_untouched(there)


@case('a gateway that sends us to 127.0.0.1 does not lead us there', lab=SYMMETRIC)
def led_by_gateway(stage):
    there = canary(stage, socket.SOCK_STREAM, 8080)
    unmoved(stage, lab_liars.Gateway(stage.lab, 'elsewhere', 'http://127.0.0.1:8080/description.xml'),
            's5b-proxy', 'proxy', PROXY_LIMIT)
    assert_untouched(there)


@case('a proxy that says it is at 127.0.0.1 does not lead us there', lab=SYMMETRIC,
      server={'proxy_address': '127.0.0.1'})
def led_by_proxy(stage):
    there = canary(stage, socket.SOCK_STREAM, lab_servers.PROXY_PORT)
    here, other = cross(stage)
    for ferry in (here, other):
        assert_way(ferry, 'ibb', 'in-band')
        assert not [s for s in ferry.steps('offered') + ferry.steps('tried') if s['host'] == '127.0.0.1']
    assert_untouched(there)
