#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files cross between ferry-cli and an unmodified Dino 0.4.2, both ways, direct and by proxy.

Usage: test-dino.py FERRY_CLI DINO_DRIVER      prints TAP
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[2] / 'fixtures')]

import results                   # noqa: E402
import sandbox                   # noqa: E402
from dino import Dino            # noqa: E402
from prosody import Prosody      # noqa: E402

DOMAIN = 'ferry.test'
ROMEO, JULIET = f'romeo@{DOMAIN}', f'juliet@{DOMAIN}'
SMALL = 200_000      # Dino fetches it by itself
LARGE = 8_000_000    # Dino waits for its button
PRESENCE = 1         # seconds for Romeo's presence to reach Dino, which says nothing of it


class Stage:
    """The server, Dino as Juliet, and ferry-cli as Romeo whenever a case needs him."""

    def __init__(self, folder, cli, driver, display):
        self.folder = folder
        self.cli = cli
        self.server = Prosody(['romeo', 'juliet'], directory=folder / 'prosody', domain=DOMAIN,
                              interface=sandbox.ADDRESS, port=5222)
        names = {name.replace('.', '_'): sandbox.ADDRESS for name in (DOMAIN, f'proxy.{DOMAIN}')}
        sandbox.name_hosts(folder, **names)
        sandbox.trust(self.server.ca, folder)
        self.dino = Dino(JULIET, self.server.password('juliet'), folder / 'dino', driver, display)
        self.count = 0

    def file(self, size):
        self.count += 1
        path = self.folder / f'holiday {self.count}.bin'
        path.write_bytes(os.urandom(size))
        return path

    def command(self, transport, *words):
        return [self.cli, '--json', '--jid', ROMEO, '--server', f'{sandbox.ADDRESS}:5222',
                '--password-file', str(self.server.password_file('romeo')), '--ca-file', str(self.server.ca),
                '--data-dir', str(self.folder / 'romeo'), '--transport', transport, *words]


def events_of(output):
    return [json.loads(line) for line in output.splitlines()]


def find(events, kind):
    found = [e for e in events if e['event'] == kind]
    assert found, f'no "{kind}" in {events}'
    return found[-1]


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def dino_receives(stage, transport, size):
    path = stage.file(size)
    seen = len(stage.dino.lines())
    result = subprocess.run(stage.command(transport, 'send', JULIET, str(path)),
                            capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, f'exit {result.returncode}\n{result.stdout}\n{result.stderr}'
    assert find(events_of(result.stdout), 'path')['transport'] == transport
    line = stage.dino.wait_for('file in complete', after=seen)
    arrived = line.split(' ', 4)[4]
    arrived = pathlib.Path(arrived)
    if not arrived.is_absolute():
        arrived = stage.folder / 'dino' / 'data' / 'dino' / 'files' / arrived
    assert digest(arrived) == digest(path), 'Dino has other bytes'


def dino_sends(stage, transport, size):
    path = stage.file(size)
    inbox = stage.folder / f'inbox-{stage.count}'
    inbox.mkdir()
    receiver = subprocess.Popen(stage.command(transport, 'receive', '--dir', str(inbox), '--count', '1'),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        first = json.loads(receiver.stdout.readline())
        assert first['event'] == 'connected', first
        time.sleep(PRESENCE)
        stage.dino.send(ROMEO, path)
        output, errors = receiver.communicate(timeout=60)
    finally:
        receiver.kill()
        receiver.wait()
    assert receiver.returncode == 0, f'exit {receiver.returncode}\n{output}\n{errors}'
    events = events_of(output)
    assert find(events, 'path')['transport'] == transport
    assert digest(find(events, 'done')['path']) == digest(path), 'Ferry has other bytes'


CASES = [
    ('dino-fetches-a-small-file-directly', dino_receives, 's5b-direct', SMALL),
    ('dino-receives-directly', dino_receives, 's5b-direct', LARGE),
    ('dino-receives-by-proxy', dino_receives, 's5b-proxy', LARGE),
    ('dino-sends-directly', dino_sends, 's5b-direct', LARGE),
    ('dino-sends-by-proxy', dino_sends, 's5b-proxy', LARGE),
    ('dino-sends-a-small-file-directly', dino_sends, 's5b-direct', SMALL),
]


def start_display(folder):
    path = folder / 'display'
    with open(path, 'wb') as answer:
        process = subprocess.Popen(['Xvfb', '-displayfd', str(answer.fileno()), '-screen', '0', '1000x700x24',
                                    '-nolisten', 'tcp'], pass_fds=[answer.fileno()],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(500):
        if path.read_text().endswith('\n'):
            return process, ':' + path.read_text().strip()
        try:
            process.wait(0.02)
            break
        except subprocess.TimeoutExpired:
            pass
    raise RuntimeError('Xvfb did not start')


def run_cases(stage):
    failed = 0
    print(f'1..{len(CASES)}', flush=True)
    for number, (name, function, transport, size) in enumerate(CASES, 1):
        outcome = results.GOOD
        try:
            function(stage, transport, size)
            print(f'ok {number} - {name}', flush=True)
        except Exception:
            failed += 1
            outcome = 'fails'
            print(f'not ok {number} - {name}', flush=True)
            print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()), flush=True)
        scenario = 'we send' if function is dino_receives else 'it sends'
        results.record('Dino 0.4.2', 'jingle-1', transport, scenario, outcome)
    return failed


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
                return 1 if run_cases(stage) else 0
        finally:
            xvfb.terminate()
            xvfb.wait()


if __name__ == '__main__':
    sys.exit(main())
