# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router was asked for is given back, by whoever comes next if need be."""

import time

from path_stage import cross
from runner import case
from stage import signal, until

NAMES = {'upnp': 'UPnP', 'nat-pmp': 'NAT-PMP', 'pcp': 'PCP'}
GIVEN_BACK = 1.5  # seconds, from when it is asked to leave


def leases(stage):
    router = stage.lab.routers['rta']
    return router.leases() + router.pinholes()


def waiting_at_a(stage, name='juliet', n=1, options=()):
    """A ferry that waits at a, once there is a lease more, of which there are @n then."""
    ferry = stage.receive('a', name, count=0, settle=0, options=options)
    until(lambda: len(leases(stage)) >= n, 5, what=f'only {leases(stage)} came')
    time.sleep(0.3)  # the other methods
    return ferry


def leave(ferry, number=signal.SIGTERM):
    started = time.monotonic()
    ferry.signal(number)
    assert ferry.exit() == 130
    assert time.monotonic() - started < GIVEN_BACK * ferry.stage.patience, 'takes its time to leave'


def register_method(method):
    lab = {'map_a': [method]}

    @case(f'{NAMES[method]}: leases are gone after exit', lab=lab)
    def exits(stage):
        for number in (signal.SIGTERM, signal.SIGINT):
            ferry = waiting_at_a(stage)
            assert all(lease[1] == '192.168.1.10' for lease in leases(stage)), leases(stage)
            leave(ferry, number)
            assert not leases(stage), leases(stage)

    @case(f'{NAMES[method]}: leases are gone after a file is sent', lab=lab)
    def sent(stage):
        here, _ = cross(stage)
        assert here.steps('offered', way='mapped'), 'there was none'
        assert not leases(stage), leases(stage)

    @case(f'{NAMES[method]}: what kill -9 left is gone at the next start', lab=lab)
    def killed(stage):
        killed_ferry = waiting_at_a(stage, options=['--listen-port', '21001'])
        left = leases(stage)
        killed_ferry.kill()
        assert leases(stage) == left, 'somebody else gave them back'
        ferry = stage.receive('a', count=0, settle=0, options=['--listen-port', '21002'])
        until(lambda: any(lease[-1] == 21002 for lease in leases(stage)), 5, what='it maps nothing')
        until(lambda: all(lease[-1] == 21002 for lease in leases(stage)), 5, what=f'not gone: {leases(stage)}')
        leave(ferry)
        assert not leases(stage), leases(stage)


for each in NAMES:
    register_method(each)


@case('all methods at once: leases are gone after exit', lab={'map_a': ['upnp', 'nat-pmp', 'pcp']})
def all_methods(stage):
    ferry = waiting_at_a(stage)
    leave(ferry)
    assert not leases(stage), leases(stage)


@case('a pinhole is gone after exit, and at the next start', lab={'map_a': ['pcp'], 'ipv6': ['-a', 'b']})
def pinhole(stage):
    leave(waiting_at_a(stage))
    assert not leases(stage), leases(stage)
    waiting_at_a(stage, options=['--listen-port', '21001']).kill()
    leave(waiting_at_a(stage, options=['--listen-port', '21002']))
    assert not leases(stage), leases(stage)


@case('the leases of a Ferry that runs are left alone', lab={'map_a': ['pcp']})
def neighbours(stage):
    """Two of the same account, in the same folder."""
    killed_ferry = waiting_at_a(stage, options=['--listen-port', '21001'])
    lives = waiting_at_a(stage, n=2, options=['--listen-port', '21002', '--resource', 'second'])
    killed_ferry.kill()
    comes = stage.receive('a', count=0, settle=0, options=['--listen-port', '21003', '--resource', 'third'])
    until(lambda: {lease[-1] for lease in leases(stage)} == {21002, 21003}, 5, what=f'{leases(stage)}')
    leave(comes)
    assert {lease[-1] for lease in leases(stage)} == {21002}, leases(stage)
    leave(lives)
    assert not leases(stage), leases(stage)


@case('no mapping is asked for when it is not wanted', lab={'map_a': ['upnp', 'nat-pmp', 'pcp']})
def unwanted(stage):
    ferry = stage.receive('a', count=0, settle=1.5, options=['--no-port-mapping'])
    assert not leases(stage), leases(stage)
    leave(ferry)
