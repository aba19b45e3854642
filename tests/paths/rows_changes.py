# SPDX-License-Identifier: GPL-3.0-or-later
"""The path dies while bytes are on it, and they go on by the next one."""

import time

from path_stage import assert_way
from runner import case

SIZE = 10_000_000
RATE = '12mbit'  # seven seconds
DETECTED = 10    # seconds, about, in which a dead path is noticed
MAPPED = {'map_a': ['pcp'], 'nat_b': 'symmetric'}


def begin(stage, sender='a', receiver='b', sender_options=(), receiver_options=()):
    """A transfer of which some, and not all, has crossed."""
    path = stage.file(SIZE)
    for host in {sender, receiver} & {'a', 'b'}:
        stage.lab.slow_down(host, RATE)
    there = stage.receive(receiver, options=receiver_options)
    here = stage.send(path, host=sender, options=sender_options)
    there.wait('progress', timeout=15, where=lambda event: event['bytes'] > SIZE // 5)
    return path, here, there


def goes_on(stage, path, here, there, broken, limit=40):
    """It arrives whole, having begun once and never started again from nothing."""
    stage.assert_arrived(here, there, path, limit)
    for ferry in (here, there):
        assert len(ferry.find('path')) >= 2, 'it took one path only'
        again = [event for event in ferry.find('progress') if event['at'] > ferry.find('path')[-1]['at']]
        assert not again or again[0]['bytes'] > SIZE // 5, f'began anew: {again[0]}'
    late = here.find('path')[-1]['at'] - broken
    stage.note(f'on its way again after {late:.1f} s, by {here.path()["transport"]} ({here.path().get("via")})')
    return late


@case('the router reboots and has another address: it goes on', limit=90, lab=MAPPED)
def reboot(stage):
    path, here, there = begin(stage)
    assert_way(here, 's5b-direct', 'mapped')
    broken = time.monotonic()
    stage.lab.routers['rta'].reboot('11.11.11.22')
    goes_on(stage, path, here, there, broken, limit=70)


@case('the router reboots, of the receiver: it goes on', limit=90, lab=MAPPED)
def reboot_of_receiver(stage):
    path, here, there = begin(stage, 'b', 'a')
    assert_way(there, 's5b-direct', 'mapped')
    broken = time.monotonic()
    stage.lab.routers['rta'].reboot()
    goes_on(stage, path, here, there, broken, limit=70)


@case('the router forgets the connection only: it goes on', limit=60, lab=MAPPED)
def forgotten(stage):
    path, here, there = begin(stage)
    port = here.path()['local'].rpartition(':')[2]
    broken = time.monotonic()
    stage.lab.routers['rta'].stop_daemon()
    stage.lab.routers['rta'].load_rules()
    stage.lab.routers['rta'].forget('-p', 'tcp', '--reply-port-src', port)
    late = goes_on(stage, path, here, there, broken)
    assert late < (DETECTED + 8) * stage.patience, f'{late:.1f} s'


@case('the hole closes: it goes on by the proxy', limit=60)
def hole_closes(stage):
    path, here, there = begin(stage)
    assert_way(here, 's5b-direct', 'hole punching')
    broken = time.monotonic()
    stage.lab.routers['rtb'].change_nat('symmetric')
    local, remote = (here.path()[end].rpartition(':')[2] for end in ('local', 'remote'))
    stage.lab.filter('rta', f'through tcp sport {local} tcp dport {remote} drop')
    goes_on(stage, path, here, there, broken)


@case('the proxy dies: it goes on in-band', limit=60, lab={'nat_a': 'symmetric', 'nat_b': 'symmetric'})
def proxy_dies(stage):
    path, here, there = begin(stage)
    assert_way(here, 's5b-proxy', 'proxy')
    broken = time.monotonic()
    stage.lab.filter('', 'in tcp dport 5000 drop')
    goes_on(stage, path, here, there, broken, limit=45)
