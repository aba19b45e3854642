#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files cross between ferry-cli and an unmodified Dino 0.4.2, every way there is;
or do not.

Usage: test-dino.py FERRY_CLI DINO_DRIVER [PART-OF-A-NAME...]      prints TAP
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / 'fixtures')]

import si_stage                  # noqa: E402  (it says where stage.py is)
import results                   # noqa: E402
import sandbox                   # noqa: E402
from dino import Dino, start_display   # noqa: E402
from prosody import Prosody      # noqa: E402
from si_cases import IN_BAND, NAME, failed   # noqa: E402

DOMAIN = 'ferry.test'
ROMEO, JULIET = f'romeo@{DOMAIN}', f'juliet@{DOMAIN}'
SMALL = 200_000      # Dino fetches it by itself
LARGE = 8_000_000    # Dino waits for its button
SLOWED = 30_000_000  # a second or two on a slow link
SLOW = '200mbit'
PRESENCE = 1         # seconds for Romeo's presence to reach Dino, which says nothing of it
CASES = []


class Stage:
    """The server, Dino as Juliet, and ferry-cli as Romeo whenever a case needs him."""

    def __init__(self, folder, cli, driver, display):
        self.folder = folder
        self.cli = cli
        self.patience = float(os.environ.get('FERRY_TEST_PATIENCE', '1'))
        self.server = Prosody(['romeo', 'juliet'], directory=folder / 'prosody', domain=DOMAIN,
                              interface=sandbox.ADDRESS, port=5222)
        names = {name.replace('.', '_'): sandbox.ADDRESS for name in (DOMAIN, f'proxy.{DOMAIN}')}
        sandbox.name_hosts(folder, **names)
        sandbox.trust(self.server.ca, folder)
        self.dino = Dino(JULIET, self.server.password('juliet'), folder / 'dino', driver, display)
        self.count = 0
        self.ferry = None
        self.inbox = None
        self.seen = self.logged = 0

    def begin(self):
        """What came before does not count."""
        self.count += 1
        self.inbox = self.folder / f'inbox-{self.count}'
        self.inbox.mkdir()
        self.seen = len(self.dino.lines())
        self.logged = self.dino.log.stat().st_size

    def end(self):
        """As it was before the case."""
        if self.ferry is not None and self.ferry.process.poll() is None:
            self.ferry.kill()
        self.ferry = None
        subprocess.run(['tc', 'qdisc', 'del', 'dev', 'lo', 'root'], capture_output=True)
        subprocess.run(['nft', 'flush', 'ruleset'], capture_output=True)
        if self.dino.process is None or self.dino.process.poll() is not None:
            self.dino.start()
        self.dino.policy('accept')

    def file(self, size, name='holiday 1.bin'):
        path = self.folder / f'outbox-{self.count}' / name
        path.parent.mkdir()
        path.write_bytes(os.urandom(size))
        return path

    def middle(self, transport):
        """A file that takes a while by @transport."""
        if transport == 'ibb':
            return self.file(IN_BAND)
        sandbox.run('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'tbf', 'rate', SLOW, 'burst', '1mb',
                    'latency', '50ms')
        return self.file(SLOWED)

    def no_stream_at_all(self):
        sandbox.run('nft', 'add table inet wall; add chain inet wall out '
                           '{ type filter hook output priority 0; }; add rule inet wall out '
                           'tcp flags & (syn | ack) == syn tcp dport != 5222 reject with tcp reset')

    def start(self, transport, *words):
        allowed = ['--transport', transport] if transport else []
        self.ferry = si_stage.Ferry(self, [
            str(self.cli), '--json', '--jid', ROMEO, '--server', f'{sandbox.ADDRESS}:5222',
            '--password-file', str(self.server.password_file('romeo')), '--ca-file', str(self.server.ca),
            '--data-dir', str(self.folder / 'romeo'), *allowed, *words])
        return self.ferry

    def ferry_sends(self, path, transport=''):
        return self.start(transport, 'send', JULIET, str(path))

    def dino_sends(self, path, transport='', words=('--count', '1')):
        ferry = self.start(transport, 'receive', '--dir', str(self.inbox), *words)
        ferry.wait('connected')
        time.sleep(PRESENCE)
        self.dino.send(ROMEO, path)
        return ferry

    def dino_says(self, start, timeout=20):
        return self.dino.wait_for(start, timeout * self.patience, after=self.seen)

    def dino_hears(self, *parts):
        self.dino.wait_for_stanza(*parts, after=self.logged, timeout=10 * self.patience)

    def assert_gone(self):
        assert not list(self.inbox.iterdir()), 'left behind'


def trial(name, scenario='', transport='', *arguments):
    """A case whose outcome goes to the table, if it has a column there."""
    def register(function):
        CASES.append((name, scenario, transport, function, arguments))
        return function
    return register


# ---- files cross

@trial('dino-fetches-a-small-file-directly', 'we send', 's5b-direct', SMALL)
@trial('dino-receives-directly', 'we send', 's5b-direct', LARGE, NAME)
@trial('dino-receives-by-proxy', 'we send', 's5b-proxy', LARGE)
@trial('dino-receives-nothing-at-all-directly', 'we send', 's5b-direct', 0)
def dino_receives(stage, transport, size, name='holiday 1.bin'):
    path = stage.file(size, name)
    ferry = stage.ferry_sends(path, transport)
    assert ferry.exit(20) == 0, ferry.describe()
    assert [e['transport'] for e in ferry.find('path')][-1:] == [transport], ferry.describe()
    arrived = pathlib.Path(stage.dino_says('file in complete').split(' ', 4)[4])
    assert arrived.name.endswith(f'_{name}'), arrived
    arrived = stage.folder / 'dino' / 'data' / 'dino' / 'files' / arrived.name
    assert si_stage.digest(arrived) == si_stage.digest(path), 'Dino has other bytes'


@trial('dino-sends-directly', 'it sends', 's5b-direct', LARGE, NAME)
@trial('dino-sends-by-proxy', 'it sends', 's5b-proxy', LARGE)
@trial('dino-sends-a-small-file-directly', 'it sends', 's5b-direct', SMALL)
def dino_sends(stage, transport, size, name='holiday 1.bin'):
    path = stage.file(size, name)
    ferry = stage.dino_sends(path, transport)
    assert ferry.exit(20) == 0, ferry.describe()
    assert [e['transport'] for e in ferry.find('path')] == [transport], ferry.describe()
    assert [p.name for p in stage.inbox.iterdir()] == [name]
    assert si_stage.digest(stage.inbox / name) == si_stage.digest(path), 'Ferry has other bytes'


@trial('dino-cannot-receive-in-band', 'we send', 'ibb', 'ibb')
@trial('dino-cannot-receive-in-band-after-socks5-failed (FB-7, Q-DI-7)', 'we send', 'ibb', '')
def in_band_there(stage, transport, allowed):
    """Dino 0.4.2 accepts and answers every block, but its file is a failure from the start:
    it closes its sending half with GOutputStream's synchronous function, and its in-band
    stream has none ("can't do non-async closes").  No success may come of that.
    """
    if not allowed:
        stage.no_stream_at_all()  # it rejects our transport-replace: a second session follows
    ferry = stage.ferry_sends(stage.file(SMALL), allowed)
    stage.dino_says('file in failed')
    ferry.wait('path', transport='ibb')
    ferry.wait('state', state='verifying')
    ferry.signal(signal.SIGINT)
    assert ferry.exit() == 130 and not ferry.find('done'), 'Ferry takes it for a success'
    return results.NEVER


@trial('dino-cannot-send-in-band (Q-DI-7)', 'it sends', 'ibb')
def in_band_here(stage, transport):
    """Dino 0.4.2 begins with SOCKS5 wherever that is announced, as Ferry always does; when
    that fails its own sender ends the session with "failed_transport", so that its change to
    in-band comes to nothing.  That has to be a failure, and soon.
    """
    stage.no_stream_at_all()
    failed(stage.dino_sends(stage.file(SMALL)), 'no-route', 'peer-cancelled')
    stage.dino_hears('session-terminate', 'failed_transport')
    stage.assert_gone()
    return results.NEVER


@trial('dino-cannot-offer-an-empty-file (Q-DI-1)')
def empty_here(stage, transport):
    """It leaves <size> out and then refuses its own description for want of it."""
    stage.dino_sends(stage.file(0), words=())
    stage.dino_hears('file offer without file size')
    assert not stage.ferry.find('offer')


# ---- or do not

@trial('dino-declines', 'decline')
def dino_declines(stage, transport):
    stage.dino.policy('decline')
    assert stage.ferry_sends(stage.file(LARGE)).exit() == 4, stage.ferry.describe()


@trial('ferry-declines', 'decline')
def ferry_declines(stage, transport):
    """Dino's user is not told: what reaches it is the proof."""
    stage.dino_sends(stage.file(LARGE), words=('--from', f'mercutio@{DOMAIN}'))
    stage.dino_hears('session-terminate', '}:decline')
    stage.assert_gone()


@trial('ferry-sends-in-band-and-cancels', 'cancel', 'ibb')
@trial('ferry-sends-directly-and-cancels', 'cancel', 's5b-direct')
def ferry_cancels_there(stage, transport):
    ferry = stage.ferry_sends(stage.middle(transport), transport)
    ferry.wait('progress')
    ferry.signal(signal.SIGINT)
    assert ferry.exit() == 130, ferry.describe()
    stage.dino_hears('session-terminate', '}:cancel')


@trial('ferry-receives-directly-and-cancels', 'cancel', 's5b-direct')
def ferry_cancels_here(stage, transport):
    ferry = stage.dino_sends(stage.middle(transport), transport)
    ferry.wait('progress')
    ferry.signal(signal.SIGINT)
    assert ferry.exit() == 130, ferry.describe()
    stage.dino_hears('session-terminate', '}:cancel')
    stage.assert_gone()


@trial('dino-leaves-before-it-answers', 'vanishes', '', Dino.stop)
def vanishes_silently(stage, transport, leave):
    """It logs out; killed, it stays there for its server until that gives up resuming."""
    stage.dino.policy('hold')
    ferry = stage.ferry_sends(stage.file(LARGE))
    stage.dino_says('file in not-started')
    leave(stage.dino)
    failed(ferry, 'peer-gone')


@trial('dino-vanishes-while-it-receives-directly', 'vanishes', 's5b-direct')
def vanishes_there(stage, transport):
    ferry = stage.ferry_sends(stage.middle(transport), transport)
    ferry.wait('progress')
    stage.dino.kill()
    failed(ferry, 'peer-gone')


@trial('dino-vanishes-while-it-sends-directly', 'vanishes', 's5b-direct')
def vanishes_here(stage, transport):
    ferry = stage.dino_sends(stage.middle(transport), transport)
    ferry.wait('progress')
    stage.dino.kill()
    failed(ferry, 'peer-gone', 'truncated')
    stage.assert_gone()


def run_case(stage, function, transport, arguments):
    stage.begin()
    try:
        outcome = function(stage, transport, *arguments) or results.GOOD
        if stage.ferry.process.poll() is not None:
            stage.ferry.check()
        return outcome
    except Exception:
        print('\n'.join('# ' + line for line in (stage.ferry.describe() if stage.ferry else '').splitlines()))
        raise
    finally:
        stage.end()


def run_cases(stage, only):
    failures = 0
    cases = [c for c in CASES if not only or any(part in c[0] for part in only)]
    print(f'1..{len(cases)}', flush=True)
    for number, (name, scenario, transport, function, arguments) in enumerate(cases, 1):
        started = time.monotonic()
        try:
            outcome = run_case(stage, function, transport, arguments)
            print(f'ok {number} - {name}')
        except Exception:
            failures += 1
            outcome = 'fails'
            print(f'not ok {number} - {name}')
            print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()))
        print(f'# {time.monotonic() - started:.1f} s', flush=True)
        if scenario:
            results.record('Dino 0.4.2', 'jingle-1', transport, scenario, outcome)
    return failures


def main():
    if shutil.which('dino-im') is None:
        sandbox.skip('Dino is not installed')
    sandbox.enter()
    cli, driver = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:3])
    sandbox.bring_up()
    results.begin('dino')
    with tempfile.TemporaryDirectory(prefix='ferry-dino-') as name:
        folder = pathlib.Path(name)
        xvfb, display = start_display(folder)
        try:
            stage = Stage(folder, cli, driver, display)
            with stage.server, stage.dino:
                return 1 if run_cases(stage, sys.argv[3:]) else 0
        finally:
            xvfb.terminate()
            xvfb.wait()


if __name__ == '__main__':
    sys.exit(main())
