# SPDX-License-Identifier: GPL-3.0-or-later
"""An unmodified Dino, started with one account and driven through its own functions.

A plugin of ours (dino-driver.c) presses its buttons; the program and its libraries are
Debian's. Use it inside tests/fixtures/sandbox.py: Dino looks for its server at port 5222 of
the domain and trusts the system's certificates only.
"""

import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import time

ACCOUNT = '''CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT, bare_jid TEXT UNIQUE NOT NULL, resourcepart TEXT,
    password TEXT, alias TEXT, enabled INTEGER, roster_version TEXT, mam_earliest_synced INTEGER)'''


class Dino:
    def __init__(self, jid, password, folder, driver, display, wrapper=()):
        """@wrapper: a command that runs another, elsewhere."""
        self.folder = pathlib.Path(folder)
        self.socket = self.folder / 'socket'
        self.events = self.folder / 'events'
        self.log = self.folder / 'dino.log'
        self.process = None
        self.wrapper = wrapper
        self.environment = self.make_environment(driver, display)
        self.make_account(jid, password)

    def make_environment(self, driver, display):
        places = {name: self.folder / name for name in ('home', 'data', 'config', 'cache', 'run', 'plugins')}
        for place in places.values():
            place.mkdir(parents=True, mode=0o700)
        (places['plugins'] / 'dino-driver.so').symlink_to(pathlib.Path(driver).resolve())
        return {
            'PATH': os.environ['PATH'], 'LANG': 'C.UTF-8', 'DISPLAY': display,
            'HOME': str(places['home']), 'XDG_RUNTIME_DIR': str(places['run']),
            'XDG_DATA_HOME': str(places['data']), 'XDG_CONFIG_HOME': str(places['config']),
            'XDG_CACHE_HOME': str(places['cache']),
            'GDK_BACKEND': 'x11', 'GSK_RENDERER': 'cairo', 'GTK_USE_PORTAL': '0',
            'GSETTINGS_BACKEND': 'memory', 'NO_AT_BRIDGE': '1', 'GTK_A11Y': 'none',
            'DINO_PLUGIN_DIR': str(places['plugins']),
            'DINO_DRIVER_SOCKET': str(self.socket), 'DINO_DRIVER_EVENTS': str(self.events),
        }

    def make_account(self, jid, password):
        """What clicking through its first page leaves behind."""
        path = self.folder / 'data' / 'dino' / 'dino.db'
        path.parent.mkdir()
        with sqlite3.connect(path) as database:
            database.execute(ACCOUNT)
            database.execute("INSERT INTO account VALUES (1, ?, 'dino', ?, '', 1, NULL, 0)", (jid, password))

    def start(self):
        """On a busy machine it hung once before it drew anything, and a person would have started it anew."""
        try:
            return self.start_once()
        except AssertionError:
            self.kill()
            return self.start_once()

    def start_once(self):
        seen = len(self.lines())
        self.socket.unlink(missing_ok=True)
        with open(self.log, 'ab') as log:
            command = [*self.wrapper, 'dbus-run-session', '--', 'dino-im', '--print-xmpp=all']
            self.process = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True)
        self.wait_for('online', timeout=20, after=seen)
        return self

    def lines(self):
        return self.events.read_text().splitlines() if self.events.exists() else []

    def wait_for(self, start, timeout=20, after=0):
        """The first event past number @after that begins with @start."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for line in self.lines()[after:]:
                if line.startswith(start):
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f'Dino never said "{start}"; it said {self.lines()}\n{self.log.read_text()[-2000:]}')

    def command(self, *words):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(' '.join(words).encode(), str(self.socket))

    def open(self, jid):
        seen = len(self.lines())
        self.command('open', jid)
        self.wait_for('opened', after=seen)

    def send(self, jid, path):
        self.command('send', jid, str(path))

    def policy(self, word):
        """'accept', 'decline' or 'hold': what becomes of offers that it leaves to its user."""
        seen = len(self.lines())
        self.command('policy', word)
        self.wait_for('policy', after=seen)

    def cancel(self):
        self.command('cancel')

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def wait_for_stanza(self, *parts, after, timeout=10):
        """Until one of the stanzas it printed past @after octets of its log has all @parts."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            text = self.log.read_bytes()[after:].decode(errors='replace')
            if any(all(part in stanza for part in parts) for stanza in text.split('XMPP ')):
                return
            time.sleep(0.05)
        raise AssertionError(f'no stanza with {parts} came to Dino:\n{text[-4000:]}')

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            try:
                self.command('quit')
                self.process.wait(5)
            except (FileNotFoundError, subprocess.TimeoutExpired):
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


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
