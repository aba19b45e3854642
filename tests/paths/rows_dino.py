# SPDX-License-Identifier: GPL-3.0-or-later
"""An unmodified Dino behind a router, and Ferry behind another; both ways."""

import pathlib
import shutil
import time

import sandbox
from dino import Dino, start_display
from path_stage import assert_way, describe_way, digest, seconds_to_path
from runner import Skip, case

MAPPED = {'map_a': ['pcp'], 'nat_b': 'symmetric'}
SIZE = 8_000_000  # Dino waits for its button
PRESENCE = 1      # seconds for Romeo's presence to reach Dino, which says nothing of it


def dino_at_b(stage):
    if shutil.which('dino-im') is None:
        raise Skip('Dino is not installed')
    sandbox.trust(stage.server.ca, stage.folder)
    xvfb, display = start_display(stage.folder)
    stage.closers += [xvfb.wait, xvfb.terminate]  # the last first
    dino = Dino(stage.jid('juliet'), stage.server.password('juliet'), stage.folder / 'dino', stage.driver, display,
                wrapper=stage.lab.command('b'))
    stage.closers.append(dino.stop)
    dino.start()
    dino.policy('accept')
    return dino


def ferry_sends(stage, dino, transport, via, limit):
    path = stage.file(SIZE, 'to-dino.bin')
    ferry = stage.send(path)
    assert ferry.exit(25) == 0, 'Ferry is not content'
    assert_way(ferry, transport, via)
    there = pathlib.Path(dino.wait_for('file in complete').split(' ', 4)[4]).name
    assert digest(stage.folder / 'dino' / 'data' / 'dino' / 'files' / there) == digest(path), 'Dino has other bytes'
    told(stage, ferry, limit)


def dino_sends(stage, dino, transport, via, limit):
    path = stage.file(SIZE, 'of-dino.bin')
    ferry = stage.receive('a', 'romeo', settle=PRESENCE)
    dino.send(ferry.wait('connected')['jid'].partition('/')[0], path)
    assert ferry.exit(25) == 0, 'Ferry is not content'
    assert_way(ferry, transport, via)
    assert digest(stage.inbox / path.name) == digest(path), 'Ferry has other bytes'
    told(stage, ferry, limit)


def told(stage, ferry, limit):
    seconds = seconds_to_path(ferry)
    stage.note(f'{describe_way(ferry)} with Dino after {seconds:.2f} s')
    assert seconds < limit * stage.patience, f'{seconds:.2f} s to the path'


@case('Dino behind a NAT, Ferry behind one that maps: direct both ways', limit=60, lab=MAPPED)
def mapped(stage):
    dino = dino_at_b(stage)
    ferry_sends(stage, dino, 's5b-direct', 'mapped', 4)
    dino_sends(stage, dino, 's5b-direct', 'mapped', 4)


@case('Dino and Ferry behind port-keeping NATs: proxy both ways', limit=80)
def closed(stage):
    dino = dino_at_b(stage)
    ferry_sends(stage, dino, 's5b-proxy', 'proxy', 12)
    dino_sends(stage, dino, 's5b-proxy', 'proxy', 12)
