# SPDX-License-Identifier: GPL-3.0-or-later
"""Every dialect, every way a transfer can go, between two Ferrys: the matrix in README.md."""

import functools
import os

import results
from runner import case
from stage import digest, free_port, signal

DIALECTS = ['jingle-1', 'jingle-0', 'jingle-0-bytestreams', 'jingle-0-ibb', 'si', 'si-87', 'rel']
# Other descriptions of the file, and nothing else: some of the scenarios are enough.
DESCRIPTIONS = ['jingle-1-ft4', 'jingle-1-ft3', 'jingle-1-ft1', 'jingle-0-ft1']

IN_BAND_ONLY = ['jingle-0-ibb']
STRONG = ['jingle-1', 'jingle-1-ft4', 'jingle-1-ft3']  # they tell SHA-256
WORDLESS = ['si', 'si-87', 'rel']  # once a stream stands, its end is all they can say
ASKING = [d for d in DIALECTS if d not in WORDLESS]

# SEL-5: whatever comes in by the same door is answered by one and the same.
ANSWERED_BY = {d: d[:8] for d in DIALECTS + DESCRIPTIONS if d.startswith('jingle-')}

SMALL = 200_001
LARGE = 3_000_001
LONG = 16 << 20  # bytes: takes seconds in-band


def trial(scenarios, dialects=DIALECTS, transport='', outcome=results.GOOD, limit=30, **needs):
    """A case for each of @dialects, and what it is worth in the table if it passes."""
    columns = [scenarios] if isinstance(scenarios, str) else scenarios

    def register(function):
        def make(dialect):
            @functools.wraps(function)
            def wrapper(stage):
                verdict = 'fails'
                try:
                    function(stage, dialect)
                    verdict = outcome
                finally:
                    for column in columns:
                        results.record('ferry', dialect, transport, column, verdict)
            case(f'{dialect}: {function.__doc__}', limit=limit, **needs)(wrapper)
        for dialect in dialects:
            make(dialect)
        return function
    return register


def but(dialects, missing):
    return [d for d in dialects if d not in missing]


# ---- what holds whenever a file crossed

def check_dialect(dialect, opener, answerer):
    """Both say in their events how they talked."""
    for ferry, name in ((opener, dialect), (answerer, ANSWERED_BY.get(dialect, dialect))):
        said = {e['dialect'] for kind in ('offer', 'path') for e in ferry.find(kind)}
        assert said <= {name}, said


def check_arrived(path, sender, receiver, there):
    """The same bytes, and both say which."""
    assert there.exists(), f'not in {sorted(there.parent.iterdir())}'
    assert digest(there) == digest(path), 'other bytes arrived'
    for ferry, direction in ((sender, 'send'), (receiver, 'receive')):
        done = ferry.wait('done', direction=direction)
        assert (done['size'], done['sha256']) == (path.stat().st_size, digest(path)), done


def assert_crossed(stage, dialect, sender, receiver, path, transport):
    """@path arrived whole; both sides say so, how, and how sure they are (SEC-23)."""
    assert sender.exit(20) == 0, 'the sender is not content'
    assert receiver.exit(20) == 0, 'the receiver is not content'
    check_arrived(path, sender, receiver, stage.inbox / path.name)
    check_dialect(dialect, sender, receiver)
    for ferry in (sender, receiver):
        assert [e['transport'] for e in ferry.find('path')][-1:] == [transport], ferry.find('path')
    assert receiver.wait('done')['verified'] is (dialect in STRONG), receiver.find('done')


def pair(stage, dialect, path, transport=None, here_options=(), there_options=(), words=()):
    """Romeo sends @path to Juliet.  Returns: both."""
    there = stage.receive(transport=transport, options=there_options, words=words)
    here = stage.send(path, transport=transport, options=['--dialect', dialect, *here_options])
    return here, there


def cross(stage, dialect, size, transport):
    path = stage.file(size)
    here, there = pair(stage, dialect, path, transport)
    assert_crossed(stage, dialect, here, there, path, transport)


# ---- by every way

@trial('direct', but(DIALECTS + DESCRIPTIONS, IN_BAND_ONLY), 's5b-direct')
def direct(stage, dialect):
    """a file crosses directly"""
    cross(stage, dialect, LARGE, 's5b-direct')


@trial('proxy', but(DIALECTS, IN_BAND_ONLY), 's5b-proxy')
def proxy(stage, dialect):
    """a file crosses by proxy"""
    cross(stage, dialect, LARGE, 's5b-proxy')


@trial('in-band', DIALECTS + DESCRIPTIONS, 'ibb')
def in_band(stage, dialect):
    """a file crosses in-band"""
    cross(stage, dialect, SMALL, 'ibb')


@trial('fallback', but(DIALECTS, IN_BAND_ONLY), 'ibb', own_network=True)
def fallback(stage, dialect):
    """no SOCKS5 way leads in-band"""
    ports = [free_port(), free_port()]
    stage.block(*ports, stage.server.proxy_port, how='reject with tcp reset')
    path = stage.file(SMALL)
    here, there = pair(stage, dialect, path, here_options=['--listen-port', ports[0]],
                       there_options=['--listen-port', ports[1]])
    assert_crossed(stage, dialect, here, there, path, 'ibb')


@trial(['direct', 'proxy', 'fallback', 'both reach'], IN_BAND_ONLY, outcome=results.NEVER)
def no_socks(stage, dialect):
    """it knows no SOCKS5, and says so"""
    here, there = pair(stage, dialect, stage.file(SMALL), 's5b-direct,s5b-proxy')
    assert here.exit() == 1
    assert here.wait('failed')['reason'] == 'no-route', here.find('failed')
    assert not there.find('offer') and stage.received() == []


@trial('both reach', ['jingle-0-bytestreams', *WORDLESS], outcome=results.NEVER)
def one_way(stage, dialect):
    """only the opener has hosts, so that two cannot reach each other at once"""
    os.environ['G_MESSAGES_DEBUG'] = 'ferry-stanza-port'
    path = stage.file(SMALL)
    here, there = pair(stage, dialect, path, 's5b-direct')
    assert_crossed(stage, dialect, here, there, path, 's5b-direct')
    said = [[line for line in ferry.errors if '→ <iq' in line and '<streamhost ' in line] for ferry in (here, there)]
    assert said[0] and not said[1], said


def ways(dialect):
    return ['ibb'] if dialect in IN_BAND_ONLY else ['s5b-direct', 'ibb']


@trial('empty file')
def empty(stage, dialect):
    """an empty file crosses, directly and in-band"""
    for number, transport in enumerate(ways(dialect)):
        path = stage.file(0, f'{number}.bin')
        here, there = pair(stage, dialect, path, transport)
        assert_crossed(stage, dialect, here, there, path, transport)


# ---- or not

@trial('decline')
def decline(stage, dialect):
    """the receiver declines"""
    there = stage.receive(words=['--from', stage.jid('somebody')])
    here = stage.send(stage.file(1000), options=['--dialect', dialect])
    assert here.exit() == 4, here.find('failed')
    assert here.wait('failed')['reason'] == 'declined', here.find('failed')
    assert stage.received() == [] and there.process.poll() is None


def midway(stage, dialect):
    """A transfer that runs and will go on for long enough."""
    here, there = pair(stage, dialect, stage.sparse_file(LONG), 'ibb')
    for ferry in (there, here):
        ferry.wait('progress', where=lambda event: event['bytes'] > 0)
    return here, there


def told(ferry, *reasons):
    assert ferry.exit(30) == 1, 'takes it for a success'
    found = [e['reason'] for e in ferry.find('failed')]
    assert len(found) == 1 and found[0] in reasons, f'{found} instead of one of {reasons}'


@trial('sender cancels')
def sender_cancels(stage, dialect):
    """the sender cancels midway"""
    here, there = midway(stage, dialect)
    here.signal(signal.SIGINT)
    assert here.exit() == 130
    assert here.wait('failed')['reason'] == 'cancelled', here.find('failed')
    told(there, 'peer-cancelled', *(['truncated'] if dialect in WORDLESS else []))
    assert stage.received() == []


@trial('receiver cancels')
def receiver_cancels(stage, dialect):
    """the receiver cancels midway"""
    here, there = midway(stage, dialect)
    there.signal(signal.SIGTERM)
    assert there.exit() == 130
    told(here, 'peer-cancelled')
    assert not here.find('done') and not there.find('done')
    assert stage.received() == []


@trial('sender vanishes', limit=40)
def sender_vanishes(stage, dialect):
    """the sender vanishes midway"""
    here, there = midway(stage, dialect)
    here.kill()
    told(there, 'peer-gone', 'truncated')
    assert stage.received() == []


@trial('receiver vanishes', limit=40)
def receiver_vanishes(stage, dialect):
    """the receiver vanishes midway"""
    here, there = midway(stage, dialect)
    there.kill()
    told(here, 'peer-gone', 'unconfirmed', 'no-route')
    assert not here.find('done')


# ---- the other way round

@trial('request', ASKING + DESCRIPTIONS)
def request(stage, dialect):
    """a shared file is had for the asking, and nothing else is"""
    path = stage.file(SMALL, 'wanted.bin')
    there = stage.ferry(stage.romeo, 'share', path.parent, '--with', stage.jid(stage.juliet))
    there.wait('connected')
    for name, status in (('wanted.bin', 0), ('unwanted.bin', 1), ('../wanted.bin', 1)):
        here = stage.ferry(stage.juliet, 'request', stage.jid(stage.romeo), name, '--dir', stage.inbox,
                           options=['--dialect', dialect])
        assert here.exit(20) == status, (name, here.find('failed'))
        check_dialect(dialect, here, there)
        if status == 0:
            check_arrived(path, there, here, stage.inbox / name)
    assert stage.received() == ['wanted.bin']


@trial('request', WORDLESS, outcome=results.NEVER)
def request_in_vain(stage, dialect):
    """it knows no requests, and says so"""
    there = stage.ferry(stage.romeo, 'share', stage.file(1).parent)
    there.wait('connected')
    here = stage.ferry(stage.juliet, 'request', stage.jid(stage.romeo), 'file.bin', '--dir', stage.inbox,
                       options=['--dialect', dialect])
    assert here.exit() == 5, here.find('failed')


__all__ = ['ASKING', 'DESCRIPTIONS', 'DIALECTS', 'WORDLESS', 'trial']
