# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not answer holds nothing up: an offer waits 150 ms for it at most."""

import lab_servers
from runner import case
from stage import signal

LONGEST = 0.15  # seconds
NOISE = 0.06    # … of a busy machine, for one measurement against another
ALL_WELL = {'map_a': ['upnp', 'nat-pmp', 'pcp'], 'nat_a': 'symmetric', 'nat_b': 'symmetric'}


def delay(stage):
    """Seconds from logged in to offered."""
    best = []
    for _ in range(3):  # the least disturbed counts
        there = stage.receive(settle=1.0)
        here = stage.send(stage.file())
        best.append(there.wait('offer')['at'] - here.wait('connected')['at'])
        for ferry in (here, there):
            ferry.signal(signal.SIGTERM)
        for ferry in (here, there):
            ferry.exit()
    return min(best)


def compare(stage, break_it):
    """With and without, in the same run."""
    before = delay(stage)
    break_it()
    after = delay(stage)
    stage.note(f'from logged in to offered: {before * 1000:.0f} ms, broken {after * 1000:.0f} ms')
    assert after - before <= LONGEST + NOISE * stage.patience, f'{after - before:.3f} s later'
    assert before < LONGEST, 'it waited although all was well: so it would not be seen that it waits'


def silence_router(stage):
    stage.lab.routers['rta'].stop_daemon()
    stage.lab.filter('rta', 'in iifname lan udp dport { 1900, 5351 } drop', 'in iifname lan tcp dport 5000 drop')


@case('a dead STUN server delays no offer', lab=ALL_WELL, limit=40)
def stun(stage):
    compare(stage, lambda: stage.lab.filter('', 'in udp dport 3478 drop'))


@case('a silent router delays no offer', lab=ALL_WELL, limit=40)
def router(stage):
    compare(stage, lambda: silence_router(stage))


@case('a slow name server delays no offer', lab=ALL_WELL, limit=40)
def names(stage):
    def forget_names():
        stage.lab.name_hosts({})
        lab_servers.NameServer(5)
    compare(stage, forget_names)


@case('a dead proxy delays no offer', lab=ALL_WELL, limit=60)
def proxy(stage):
    def deaden():
        stage.lab.filter('', 'in tcp dport 5000 drop')
    compare(stage, deaden)


@case('everything dead at once delays no offer', lab=ALL_WELL, limit=60)
def everything(stage):
    def deaden():
        stage.lab.filter('', 'in udp dport 3478 drop', 'in tcp dport 5000 drop')
        silence_router(stage)
        stage.lab.name_hosts({})
        lab_servers.NameServer(5)
    compare(stage, deaden)
