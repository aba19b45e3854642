# SPDX-License-Identifier: GPL-3.0-or-later
"""What a case plays on: a server, two people who know each other, their folders, ferry-cli."""

import ctypes
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

from prosody import Prosody, die_with_parent, free_port
from runner import Skip

WAIT = 10  # seconds, for anything that should take milliseconds

ENVIRONMENT = {
    'G_DEBUG': 'fatal-warnings,gc-friendly',
    'GIO_USE_PROXY_RESOLVER': 'dummy',  # no desktop here
    'GIO_USE_VFS': 'local',
    'LC_ALL': 'C.UTF-8',
}


class Ferry:
    """One ferry-cli process and the events it printed."""

    def __init__(self, stage, command, talks=False):
        """@talks: its standard input is ours."""
        self.stage = stage
        self.words = ' '.join(command)
        self.events = []
        self.errors = []
        self.changed = threading.Condition()
        self.killed = False
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE if talks else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, encoding='utf-8', errors='replace', env={**os.environ, **ENVIRONMENT, 'HOME': str(stage.folder)},
            preexec_fn=die_with_parent)
        self.readers = [threading.Thread(target=self.read_events, daemon=True),
                        threading.Thread(target=self.read_errors, daemon=True)]
        for reader in self.readers:
            reader.start()

    def read_events(self):
        for line in self.process.stdout:
            event = json.loads(line)
            with self.changed:
                self.events.append(event)
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line.rstrip('\n'))

    def find(self, kind, **fields):
        return [e for e in list(self.events) if e['event'] == kind
                and all(e.get(key) == value for key, value in fields.items())]

    def wait(self, kind, timeout=WAIT, where=lambda event: True, **fields):
        """The first event like this, now or soon."""
        deadline = time.monotonic() + timeout * self.stage.patience
        with self.changed:
            while True:
                found = [e for e in self.find(kind, **fields) if where(e)]
                if found:
                    return found[0]
                left = deadline - time.monotonic()
                assert left > 0, f'no {kind} {fields} came'
                assert self.process.poll() is None or self.readers[0].is_alive(), \
                    f'no {kind} {fields} before exit {self.process.returncode}'
                self.changed.wait(min(left, 0.2))

    def exit(self, timeout=WAIT):
        """Its exit status, once everything it said is read."""
        try:
            status = self.process.wait(timeout * self.stage.patience)
        except subprocess.TimeoutExpired:
            raise AssertionError('does not end') from None
        for reader in self.readers:
            reader.join(2)
        return status

    def signal(self, number):
        self.process.send_signal(number)

    def say(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()

    def hang_up(self):
        self.process.stdin.close()

    def kill(self):
        self.killed = True
        self.process.kill()
        self.process.wait()

    def check(self):
        """It must not have crashed, whatever happened to it."""
        if self.killed:
            return
        status = self.process.poll()
        assert status is None or status >= 0, f'ended by signal {-status}'
        complaint = [e for e in self.errors if 'Sanitizer' in e or 'runtime error:' in e or 'CRITICAL' in e]
        assert not complaint, '\n'.join(complaint)

    def describe(self):
        events = '\n'.join(json.dumps(e, ensure_ascii=False) for e in self.events[-25:])
        errors = '\n'.join(line[:400] for line in self.errors[-60:])
        return f'--- {self.words}\nexit {self.process.poll()}\n{events}\n{errors}\n'


class Relay:
    """Stands between a client and a TCP port, and can be cut."""

    def __init__(self, port, host='127.0.0.1'):
        self.target = (host, port)
        self.pairs = []
        self.listener = socket.create_server((host, 0))
        self.address = f'{host}:{self.listener.getsockname()[1]}'
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(self.target)
            except OSError:
                return
            self.pairs.append((near, far))
            threading.Thread(target=self.copy, args=(near, far), daemon=True).start()
            threading.Thread(target=self.copy, args=(far, near), daemon=True).start()

    @staticmethod
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        """Ends what is connected now, hard; new connections are welcome."""
        pairs, self.pairs = self.pairs, []
        for end in (end for pair in pairs for end in pair):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
        return len(pairs)

    def close(self):
        self.listener.close()
        self.cut()


class Stage:
    """@romeo and @juliet are local parts of accounts made for this case alone.

    @own_network: in a network namespace with nothing but loopback and its own server.
    @own_mounts: may mount what it likes; nobody else sees it.
    @server_options: for a Prosody of its own.
    """

    def __init__(self, shared, cli, patience, folder, number, own_network=False, own_mounts=False,
                 server_options=None):
        self.patience = patience
        self.cli = cli
        self.folder = folder / f'case-{number}'
        self.folder.mkdir()
        self.ferries = []
        self.closers = []
        self.romeo, self.juliet = f'romeo-{number}', f'juliet-{number}'
        if own_network or own_mounts:
            self.unshare(own_network, own_mounts)
        self.server = shared
        if own_network or server_options:
            self.server = Prosody(directory=self.folder / 'prosody', **(server_options or {}))
            self.server.start()
            self.closers.append(self.server.stop)
        self.server.add_account(self.romeo, contacts=[self.juliet])
        self.server.add_account(self.juliet, contacts=[self.romeo])
        self.inbox = self.folder / 'inbox'
        self.inbox.mkdir()

    # ---- walls of its own

    @staticmethod
    def unshare(network, mounts):
        flags = (0x40000000 if network else 0) | (0x00020000 if mounts else 0)
        user, group = os.geteuid(), os.getegid()
        flags |= 0 if user == 0 else 0x10000000
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(flags) != 0:
            raise Skip(f'no namespace to be had: {os.strerror(ctypes.get_errno())}')
        if user != 0:
            pathlib.Path('/proc/self/setgroups').write_text('deny')
            pathlib.Path('/proc/self/uid_map').write_text(f'0 {user} 1')
            pathlib.Path('/proc/self/gid_map').write_text(f'0 {group} 1')
        if mounts:
            Stage.tool('mount', '--make-rprivate', '/')
        if network:
            Stage.tool('ip', 'link', 'set', 'lo', 'up')

    @staticmethod
    def tool(*command):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Skip(f'{" ".join(command)}: {done.stderr.strip()}')

    def mount_small(self, path, size):
        """A file system of @size bytes at @path."""
        self.tool('mount', '-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', str(path))
        self.closers.append(lambda: subprocess.run(['umount', '-l', str(path)]))

    def block(self, *ports, how='drop'):
        """Packets to these TCP ports vanish, or are refused ('reject with tcp reset')."""
        self.tool('nft', f'add table inet wall; add chain inet wall out {{ type filter hook output priority 0; }}; '
                         f'add rule inet wall out tcp dport {{ {", ".join(map(str, ports))} }} {how}')

    def slow_down(self, rate):
        """Everything on the own network's loopback, e.g. to '400mbit'."""
        self.tool('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'tbf', 'rate', rate, 'burst', '1mb', 'latency', '50ms')

    # ---- the players

    def jid(self, name):
        return self.server.jid(name)

    def ferry(self, name, *words, transport=None, server=None, loopback=True, options=(), talks=False, resume=5):
        """@resume: seconds to look for another path when one dies."""
        command = [str(self.cli), '--json', '--jid', self.jid(name),
                   '--password-file', str(self.server.password_file(name)),
                   '--server', server or f'{self.server.interface}:{self.server.port}',
                   '--ca-file', str(self.server.ca), '--data-dir', str(self.folder / f'data-{name}')]
        command += ['--transport', transport] if transport else []
        command += ['--allow-loopback', '--no-port-mapping'] if loopback else []
        command += ['--resume-within', str(resume)]
        ferry = Ferry(self, [*command, *map(str, options), *map(str, words)], talks)
        self.ferries.append(ferry)
        return ferry

    def receive(self, name=None, count=1, words=(), **options):
        """A ferry that receives into the inbox, once it is there."""
        limit = ['--count', str(count)] if count else []
        ferry = self.ferry(name or self.juliet, 'receive', '--dir', self.inbox, *limit, *words, **options)
        ferry.wait('connected')
        return ferry

    def send(self, *files, name=None, to=None, **options):
        return self.ferry(name or self.romeo, 'send', to or self.jid(self.juliet), *files, **options)

    def relay(self):
        relay = Relay(self.server.port)
        self.closers.append(relay.close)
        return relay

    # ---- files

    def file(self, size, name='file.bin'):
        path = self.folder / 'outbox' / name
        path.parent.mkdir(exist_ok=True)
        with open(path, 'wb') as out:
            left = size
            while left > 0:
                left -= out.write(os.urandom(min(left, 1 << 20)))
        return path

    def sparse_file(self, size, name='large.bin'):
        """Large without costing disk."""
        path = self.file(0, name)
        os.truncate(path, size)
        return path

    def received(self):
        """What lies in the inbox, whatever its name."""
        return sorted(p.name for p in self.inbox.iterdir())

    # ---- what holds in every case

    def check(self):
        for ferry in self.ferries:
            if ferry.process.poll() is None:
                ferry.signal(signal.SIGTERM)
                assert ferry.exit() == 130, 'does not leave when asked to'
            ferry.check()
        parts = [name for name in self.received() if name.endswith('.part')]
        assert not parts or any(f.killed for f in self.ferries), f'left behind: {parts}'

    def describe(self):
        return ''.join(ferry.describe() for ferry in self.ferries)

    def close(self):
        for ferry in self.ferries:
            if ferry.process.poll() is None:
                ferry.process.kill()
                ferry.process.wait()
        for closer in reversed(self.closers):
            closer()
        shutil.rmtree(self.folder, ignore_errors=True)


def digest(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()


def assert_crossed(stage, sender, receiver, path, transport=None, name=None):
    """@path arrived whole under @name, both sides say so, the sender last."""
    assert sender.exit() == 0, 'the sender is not content'
    assert receiver.exit() == 0, 'the receiver is not content'
    there = stage.inbox / (name or path.name)
    assert there.exists(), f'not in {stage.received()}'
    assert digest(there) == digest(path), 'other bytes arrived'
    for ferry, direction in ((sender, 'send'), (receiver, 'receive')):
        done = ferry.wait('done', direction=direction)
        assert done['size'] == path.stat().st_size, done
        assert done['verified'] is (True if direction == 'receive' else None), done
        assert done['sha256'] == digest(path), done
        if transport:
            assert [e['transport'] for e in ferry.find('path')] == [transport], ferry.find('path')
    assert there.stat().st_mode & 0o111 == 0, 'executable'


def until(predicate, timeout=WAIT, what='it did not happen'):
    deadline = time.monotonic() + timeout
    while not predicate():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


__all__ = ['Ferry', 'Relay', 'Skip', 'Stage', 'assert_crossed', 'digest', 'free_port', 'signal', 'until']
