# SPDX-License-Identifier: GPL-3.0-or-later
"""Files cross between ferry-cli and a client that knows only Stream Initiation, every way
there is; or do not, and everybody says so.

Romeo is ferry-cli, Juliet the other client. A client's module has NAME (as README has it),
LACKS (what it cannot do), only() (the options that leave it one transport) and command().
"""

import functools
import os
import pathlib
import signal
import tempfile

from si_stage import SiStage, digest

import results               # noqa: E402  (si_stage says where they are)
import sandbox               # noqa: E402
from prosody import Prosody  # noqa: E402
from runner import case, run  # noqa: E402

NAME = 'Grüße an alle 🚢.bin'
SMALL = 200_001
LARGE = 3_000_001
SLOW = '200mbit'   # so that there is a middle to cancel in
MIDDLE = 300_000   # bytes
IN_BAND = 4_000_001  # a second or two, in-band


def trial(name, scenario, transport='', limit=30, dialect='si', **needs):
    """A case whose outcome goes to the table."""
    def register(function):
        @functools.wraps(function)
        def wrapper(stage):
            outcome = 'fails'
            try:
                outcome = function(stage) or results.GOOD
            finally:
                results.record(stage.client.NAME, dialect, transport, scenario, outcome)
        case(name, limit=limit, **needs)(wrapper)
        return function
    return register


# ---- what happens in most cases

def dialect_of(ferry, kind):
    return {e['dialect'] for e in ferry.find(kind)}


def assert_arrived(there, path):
    assert there.exists(), f'{there.name} is not there'
    assert digest(there) == digest(path), 'other bytes arrived'


def assert_gone(stage):
    """Nothing is left of a file that did not come whole."""
    assert stage.received() == [], f'left behind: {stage.received()}'


def ferry_sends(stage, path, paths=None, **peer_options):
    """@paths: those Ferry may use.  Returns: both, once the offer is on its way."""
    peer = stage.peer(**peer_options)
    return stage.send(path, transport=paths), peer


def offer_to(stage, ferry, peer, path):
    seen = peer.wait('presence', where=lambda e: e['peer'].startswith(stage.jid(stage.romeo)))
    peer.send(seen['peer'], path)


def ferry_receives(stage, path, paths=None, **peer_options):
    peer = stage.peer(**peer_options)
    ferry = stage.receive(stage.romeo, transport=paths)
    offer_to(stage, ferry, peer, path)
    return ferry, peer


def cross_there(stage, path, transport, **options):
    """@transport: the one that must carry it in the end."""
    ferry, peer = ferry_sends(stage, path, **options)
    assert ferry.exit(20) == 0, 'Ferry is not content'
    peer.wait('done')
    assert_arrived(stage.inbox / path.name, path)
    check_way(ferry, transport)


def cross_here(stage, path, transport, **options):
    ferry, peer = ferry_receives(stage, path, **options)
    assert ferry.exit(20) == 0, 'Ferry is not content'
    assert_arrived(stage.inbox / path.name, path)
    check_way(ferry, transport)
    assert dialect_of(ferry, 'offer') == {'si'}
    done = ferry.wait('done')
    assert (done['size'], done['sha256']) == (path.stat().st_size, digest(path)), done
    assert done['verified'] is False, 'nothing vouches for it'
    return peer


def check_way(ferry, transport):
    assert dialect_of(ferry, 'path') == {'si'}, 'another dialect'
    taken = [e['transport'] for e in ferry.find('path')]
    assert transport is None or taken[-1:] == [transport], taken


def failed(ferry, *reasons):
    """It says so, for one of these reasons."""
    assert ferry.exit(20) != 0, 'Ferry takes it for a success'
    found = [e['reason'] for e in ferry.find('failed')]
    assert len(found) == 1 and found[0] in reasons, f'{found} instead of one of {reasons}'


# ---- the cases

def register_ways(client):
    def both(transport, prepare=None, **needs):
        if f'receive {transport}' not in client.LACKS:
            @trial(f'it receives by {transport}', 'we send', transport, **needs)
            def there(stage):
                if prepare:
                    prepare(stage)
                cross_there(stage, stage.file(LARGE, NAME), transport, **client.only(transport))
        if f'send {transport}' not in client.LACKS:
            @trial(f'it sends by {transport}', 'it sends', transport, **needs)
            def here(stage):
                if prepare:
                    prepare(stage)
                peer = cross_here(stage, stage.file(LARGE, NAME), transport, **client.only(transport))
                peer.wait('done')
    both('s5b-direct')
    both('s5b-proxy', prepare=SiStage.no_direct_way, own_network=True)


def register_in_band(client):
    @trial('it receives in-band', 'we send', 'ibb')
    def there(stage):
        cross_there(stage, stage.file(SMALL, NAME), 'ibb', paths='ibb')

    @trial('it sends in-band', 'it sends', 'ibb')
    def here(stage):
        cross_here(stage, stage.file(SMALL, NAME), 'ibb', paths='ibb', **client.only('ibb')).wait('done')


def register_forced(client):
    @case('the dialect may be named by who receives')
    def named_here(stage):
        path = stage.file(SMALL, 'named.bin')
        peer = stage.peer()
        ferry = stage.receive(stage.romeo, options=['--dialect', 'si'])
        offer_to(stage, ferry, peer, path)
        assert ferry.exit(20) == 0
        assert_arrived(stage.inbox / path.name, path)

    @case('the dialect may be named by who sends')
    def named_there(stage):
        path = stage.file(SMALL, 'named.bin')
        peer = stage.peer()
        ferry = stage.send(path, options=['--dialect', 'si'])
        assert ferry.exit(20) == 0
        peer.wait('done')
        assert_arrived(stage.inbox / path.name, path)


def register_empty(client):
    for transport in ('s5b-direct', 'ibb'):
        if f'receive {transport} empty' not in client.LACKS:
            @trial(f'it receives nothing at all by {transport}', 'we send', transport)
            def there(stage, transport=transport):
                cross_there(stage, stage.file(0, 'empty.bin'), transport, paths=transport, **client.only(transport))
        if f'send {transport}' not in client.LACKS:
            @trial(f'it sends nothing at all by {transport}', 'it sends', transport)
            def here(stage, transport=transport):
                cross_here(stage, stage.file(0, 'empty.bin'), transport, paths=transport, **client.only(transport))


def register_decline(client):
    @trial('it declines', 'decline')
    def there(stage):
        ferry, peer = ferry_sends(stage, stage.file(SMALL), policy='decline')
        assert ferry.exit() == 4, 'not declined'
        assert_gone(stage)

    @trial('Ferry declines', 'decline')
    def here(stage):
        peer = stage.peer()
        ferry = stage.receive(stage.romeo, count=0, words=['--from', stage.jid('mercutio')])
        offer_to(stage, ferry, peer, stage.file(SMALL))
        peer.wait('failed', where=lambda e: e['reason'] in ('declined', 'peer-cancelled'))
        assert_gone(stage)


def register_cancel(client, transport):
    """@transport: 'ibb', or a direct way made slow."""
    slow = transport != 'ibb'
    size = IN_BAND if not slow else 20 * LARGE
    needs = {'own_network': True} if slow else {}

    def prepare(stage):
        if slow:
            stage.slow_down(SLOW)
        return stage.file(size)

    if f'receive {transport}' not in client.LACKS:
        @trial(f'Ferry sends by {transport} and thinks better of it', 'cancel', transport, **needs)
        def ours_there(stage):
            ferry, peer = ferry_sends(stage, prepare(stage), transport, **client.only(transport))
            ferry.wait('progress')
            ferry.signal(signal.SIGINT)
            assert ferry.exit() == 130
            peer.wait('failed')

        @trial(f'it receives by {transport} and thinks better of it', 'cancel', transport, **needs)
        def theirs_there(stage):
            ferry, peer = ferry_sends(stage, prepare(stage), transport, cancel_after=MIDDLE,
                                      **client.only(transport))
            failed(ferry, 'peer-cancelled')

    if f'send {transport}' not in client.LACKS:
        @trial(f'Ferry receives by {transport} and thinks better of it', 'cancel', transport, **needs)
        def ours_here(stage):
            ferry, peer = ferry_receives(stage, prepare(stage), transport, **client.only(transport))
            ferry.wait('progress')
            ferry.signal(signal.SIGINT)
            assert ferry.exit() == 130
            peer.wait('failed')
            assert_gone(stage)

        @trial(f'it sends by {transport} and thinks better of it', 'cancel', transport, **needs)
        def theirs_here(stage):
            ferry, peer = ferry_receives(stage, prepare(stage), transport, cancel_after=MIDDLE,
                                         **client.only(transport))
            failed(ferry, 'truncated')
            assert_gone(stage)


def register_vanish(client):
    @trial('it vanishes before it answers', 'vanishes')
    def silent(stage):
        ferry, peer = ferry_sends(stage, stage.file(SMALL), policy='hold')
        peer.wait('offer')
        peer.kill()
        failed(ferry, 'peer-gone')

    for transport in ('s5b-direct', 'ibb'):
        needs = {} if transport == 'ibb' else {'own_network': True}

        def prepare(stage, transport=transport):
            if transport != 'ibb':
                stage.slow_down(SLOW)
            return stage.file(IN_BAND if transport == 'ibb' else 20 * LARGE)

        if f'receive {transport}' not in client.LACKS:
            @trial(f'it vanishes while it receives by {transport}', 'vanishes', transport, **needs)
            def there(stage, transport=transport, prepare=prepare):
                ferry, peer = ferry_sends(stage, prepare(stage), transport, **client.only(transport))
                ferry.wait('progress')
                peer.kill()
                failed(ferry, 'peer-gone', 'peer-cancelled')
        if f'send {transport}' not in client.LACKS:
            @trial(f'it vanishes while it sends by {transport}', 'vanishes', transport, **needs)
            def here(stage, transport=transport, prepare=prepare):
                ferry, peer = ferry_receives(stage, prepare(stage), transport, **client.only(transport))
                ferry.wait('progress')
                peer.kill()
                failed(ferry, 'peer-gone', 'truncated')
                assert_gone(stage)


def register(client):
    register_ways(client)
    register_in_band(client)
    register_forced(client)
    register_empty(client)
    register_decline(client)
    register_cancel(client, 'ibb')
    register_cancel(client, 's5b-direct')
    register_vanish(client)


# ---- the run

def main(client, suite, cli, drivers, only=()):
    sandbox.enter()
    sandbox.bring_up()
    patience = float(os.environ.get('FERRY_TEST_PATIENCE', '1'))
    results.begin(suite)
    for transport in ('s5b-direct', 's5b-proxy', 'ibb'):
        if f'send {transport}' in client.LACKS:
            results.record(client.NAME, 'si', transport, 'it sends', results.NEVER)
    with tempfile.TemporaryDirectory(prefix=f'ferry-{suite}-') as name, \
            Prosody(interface=sandbox.ADDRESS) as server:
        sandbox.name_hosts(name, ferry_test=sandbox.ADDRESS)
        def make_stage(number, **needs):
            return SiStage(client, drivers, server, cli, patience, pathlib.Path(name), number, **needs)
        return 0 if run(make_stage, only=only, patience=patience) else 1


__all__ = ['LARGE', 'NAME', 'SMALL', 'assert_arrived', 'assert_gone', 'case', 'cross_here', 'cross_there', 'failed',
           'ferry_receives', 'ferry_sends', 'main', 'offer_to', 'register', 'results', 'sandbox', 'trial']
