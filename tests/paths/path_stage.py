# SPDX-License-Identifier: GPL-3.0-or-later
"""What a case of tests/paths plays on: a lab, its server, and ferry-cli on its hosts.

Romeo is at a (or wherever he is put), Juliet at b; they know each other.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import time

import lab_servers
import stage as integration
from network_lab import ADDRESSES, Lab
from stage import WAIT, digest

PEOPLE = ['romeo', 'juliet']
SIZE = 300_001


# Libraries that warn when strangers on the network misbehave, or a port is taken.
NOT_OURS = re.compile(r'\): (gupnp|gssdp|libsoup)[^ ]*-WARNING ')


class Ferry(integration.Ferry):
    """Each of its events has the moment it was read, as 'at'."""

    def check(self):
        super().check()
        warnings = [line for line in self.errors if '-WARNING **' in line and not NOT_OURS.search(line)]
        assert not warnings, '\n'.join(warnings)

    def read_events(self):
        for line in self.process.stdout:
            event = json.loads(line) | {'at': time.monotonic()}
            with self.changed:
                self.events.append(event)
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def steps(self, kind, **fields):
        """What it reports of its way."""
        return [step for step in self.find('path-step', **fields) if step['kind'] == kind]

    def path(self):
        """The last it took."""
        paths = self.find('path')
        assert paths, self.describe()
        return paths[-1]


class Stage:
    """@lab: options for the Lab. @server: options for its XMPP server. @stun: whether there is one."""

    def __init__(self, cli, driver, link_delay, patience, folder, number, lab=None, server=None, stun=True):
        self.cli = cli
        self.driver = driver
        self.link_delay = link_delay
        self.patience = patience
        self.number = number
        self.folder = folder / f'case-{number}'
        self.folder.mkdir()
        self.inbox = self.folder / 'inbox'
        self.inbox.mkdir()
        self.ferries = []
        self.closers = []
        self.lab = Lab(self.folder / 'lab', **({'names': lab_servers.NAMES} | (lab or {})))
        self.closers.append(self.lab.close)
        self.server = lab_servers.start_xmpp(self.lab, PEOPLE, **({'stun': stun} | (server or {})))
        self.closers.append(self.server.stop)
        if stun:
            lab_servers.start_stun(self.lab)

    def note(self, text):
        """For whoever reads the log."""
        print(f'# {self.number}: {text}', flush=True)

    # ---- the players

    def jid(self, name):
        return self.server.jid(name)

    def ferry(self, host, name, *words, options=(), environment=None, talks=False):
        """@environment: variables of its own."""
        address = '[2a00:11::1]' if host in self.lab.ipv6_only else '11.11.11.1'
        variables = ['env', 'G_DEBUG=gc-friendly', *(f'{key}={value}' for key, value in (environment or {}).items())]
        command = [*variables, self.cli, '--json', '--jid', self.jid(name), '--server', f'{address}:5222',
                   '--password-file', self.server.password_file(name), '--ca-file', self.server.ca,
                   '--data-dir', self.folder / f'data-{name}', *options, *words]
        ferry = Ferry(self, list(self.lab.command(host, *command)), talks)
        self.ferries.append(ferry)
        return ferry

    def receive(self, host='b', name='juliet', count=1, settle=0.5, **options):
        """A ferry that receives into the inbox and has had @settle seconds to look around."""
        limit = ['--count', count] if count else []
        ferry = self.ferry(host, name, 'receive', '--dir', self.inbox, *limit, **options)
        ferry.wait('connected')
        time.sleep(settle)
        return ferry

    def send(self, *files, host='a', name='romeo', to='juliet', **options):
        return self.ferry(host, name, 'send', self.jid(to), *files, **options)

    # ---- files

    def file(self, size=SIZE, name='file.bin'):
        path = self.folder / 'outbox' / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(os.urandom(size))
        return path

    def assert_arrived(self, sender, receiver, path, limit=WAIT):
        """@path arrived whole, and both sides say so."""
        assert sender.exit(limit) == 0, 'the sender is not content'
        assert receiver.exit(limit) == 0, 'the receiver is not content'
        there = self.inbox / path.name
        assert there.exists(), f'not in {sorted(p.name for p in self.inbox.iterdir())}'
        assert digest(there) == digest(path), 'other bytes arrived'

    # ---- what holds in every case

    def check(self):
        for ferry in self.ferries:
            if ferry.process.poll() is None:
                ferry.signal(signal.SIGTERM)
                assert ferry.exit() == 130, 'does not leave when asked to'
            ferry.check()

    def describe(self):
        return ''.join(ferry.describe() for ferry in self.ferries)

    def close(self):
        for ferry in self.ferries:
            if ferry.process.poll() is None:
                ferry.process.kill()
                ferry.process.wait()
        for closer in reversed(self.closers):
            closer()
        keep = os.environ.get('FERRY_TEST_KEEP')  # a folder, for logs
        if keep:
            shutil.copytree(self.folder, pathlib.Path(keep) / self.folder.name, dirs_exist_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def cross(stage, sender='a', receiver='b', size=SIZE, sender_options=(), receiver_options=(), **times):
    """One file from host to host. Returns: both ferries, once it has arrived."""
    path = stage.file(size)
    there = stage.receive(receiver, options=receiver_options, **times)
    here = stage.send(path, host=sender, options=sender_options)
    stage.assert_arrived(here, there, path, limit=30)
    for ferry in (here, there):
        assert ferry.steps('chosen'), 'its report does not say which way it took'
    stage.note(f'{sender} to {receiver}: {describe_way(here)} here, {describe_way(there)} there; '
               f'from accepted to path {seconds_to_path(here):.2f} s')
    return here, there


def describe_way(ferry):
    path = ferry.path()
    return f'{path["transport"]} ({path.get("via")})'


def seconds_to_path(sender):
    """From when the sender knew that its offer is accepted."""
    accepted = sender.wait('state', state='connecting')
    return sender.path()['at'] - accepted['at']


def assert_way(ferry, transport, via=None):
    path = ferry.path()
    assert path['transport'] == transport, path
    assert via is None or path['via'] in ([via] if isinstance(via, str) else via), path


__all__ = ['ADDRESSES', 'Ferry', 'Stage', 'assert_way', 'cross', 'describe_way', 'digest', 'seconds_to_path']
