#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files cross between ferry-cli and libpurple, the library of Pidgin and Finch.

Usage: test-purple.py FERRY_CLI PURPLE_DRIVER [PART-OF-A-NAME...]      prints TAP
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import purple_client                                                                   # noqa: E402
from si_cases import (LARGE, NAME, SMALL, assert_arrived, assert_gone, case,           # noqa: E402
                      cross_here, cross_there, failed, ferry_receives, main, offer_to, register, trial)

register(purple_client)


@trial('after SOCKS5 it receives in-band under the same sid (SIFT-7)', 'we send', 'ibb', own_network=True)
def falls_back_there(stage):
    stage.no_stream_at_all()
    cross_there(stage, stage.file(SMALL, NAME), 'ibb')


@trial('after SOCKS5 it sends in-band under the same sid (SIFT-7)', 'it sends', 'ibb', own_network=True)
def falls_back_here(stage):
    stage.no_stream_at_all()
    cross_here(stage, stage.file(SMALL, NAME), 'ibb').wait('done')


@case('what it loses in a proxy is truncated and no success', own_network=True)
def loses_small_files(stage):
    """Peer: libpurple 2.14 writes, and closes, before its <activate/> is answered."""
    stage.no_direct_way()
    ferry, peer = ferry_receives(stage, stage.file(20_000), 's5b-proxy')
    failed(ferry, 'truncated')
    assert_gone(stage)


@trial('it receives nothing at all, left to ourselves', 'we send', 'ibb')
def empty(stage):
    cross_there(stage, stage.file(0, 'empty.bin'), 'ibb')


@trial('two files follow each other', 'we send', 's5b-direct')
def two_files(stage):
    first, second = stage.file(LARGE, 'one.bin'), stage.file(SMALL, 'two.bin')
    peer = stage.peer()
    ferry = stage.send(first, second)
    assert ferry.exit(20) == 0
    for path in (first, second):
        peer.wait('done', name=path.name)
    assert stage.received() == ['one.bin', 'two.bin']


@trial('two files come at once', 'it sends', 's5b-direct')
def two_at_once(stage):
    paths = [stage.file(LARGE, name) for name in ('one.bin', 'two.bin')]
    peer = stage.peer()
    ferry = stage.receive(stage.romeo, count=2)
    for path in paths:
        offer_to(stage, ferry, peer, path)
    assert ferry.exit(20) == 0
    for path in paths:
        assert_arrived(stage.inbox / path.name, path)


@trial('where packets vanish on the direct way it receives by the proxy', 'we send', 's5b-proxy', own_network=True)
def black_hole_there(stage):
    stage.no_direct_way('drop')
    cross_there(stage, stage.file(LARGE, NAME), 's5b-proxy')


@trial('where packets vanish on the direct way it sends by the proxy', 'it sends', 's5b-proxy', own_network=True)
def black_hole_here(stage):
    stage.no_direct_way('drop')
    cross_here(stage, stage.file(LARGE, NAME), 's5b-proxy').wait('done')


@trial('a small file of ours survives the proxy', 'we send', 's5b-proxy', own_network=True)
def small_by_proxy(stage):
    stage.no_direct_way()
    cross_there(stage, stage.file(20_000, NAME), 's5b-proxy')


@trial('it sends though it has many addresses and one ear', 'it sends', 's5b-direct', own_network=True)
def many_addresses(stage):
    """Q-PI-3: its listener takes the first connection and no other."""
    for address in ('192.0.2.11/24', '192.0.2.12/24', 'fd00::10/64'):
        stage.tool('ip', 'address', 'add', address, 'dev', 'ferry0', *(['nodad'] if ':' in address else []))
    cross_here(stage, stage.file(LARGE, NAME), 's5b-direct').wait('done')


@trial('it sends though only its last address can be reached', 'it sends', 's5b-direct', own_network=True)
def last_address(stage):
    for address in ('192.0.2.11/24', '192.0.2.12/24'):
        stage.tool('ip', 'address', 'add', address, 'dev', 'ferry0')
    stage.tool('nft', 'add table inet wall; add chain inet wall out { type filter hook output priority 0; }; '
                      f'add rule inet wall out tcp flags & (syn | ack) == syn tcp dport != {stage.server.port} '
                      'ip daddr != 192.0.2.12 reject with tcp reset')
    cross_here(stage, stage.file(LARGE, NAME), 's5b-direct').wait('done')


if __name__ == '__main__':
    cli, driver = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:3])
    sys.exit(main(purple_client, 'purple', cli, {'purple': driver}, only=sys.argv[3:]))
