# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage of tests/integration with a client of other people's on it, driven by a process
that prints its events as ferry-cli does and takes commands on its standard input.
"""

import os
import pathlib
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / 'fixtures'), str(HERE.parent / 'integration')]

import sandbox                           # noqa: E402
from prosody import die_with_parent      # noqa: E402
from stage import Ferry, Stage, digest   # noqa: E402

LIMIT = 60  # seconds a client may live, whatever becomes of the case


class Peer(Ferry):
    """A client that is not Ferry; one process."""

    def __init__(self, stage, command):
        self.stage = stage
        self.words = ' '.join(map(str, command))
        self.events = []
        self.errors = []
        self.changed = threading.Condition()
        self.killed = False
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, encoding='utf-8', errors='replace', preexec_fn=die_with_parent,
            env={**os.environ, 'HOME': str(stage.folder), 'XDG_RUNTIME_DIR': str(stage.folder),
                 'LC_ALL': 'C.UTF-8', 'GIO_USE_VFS': 'local'})
        self.readers = [threading.Thread(target=self.read_events, daemon=True),
                        threading.Thread(target=self.read_errors, daemon=True)]
        for reader in self.readers:
            reader.start()

    def command(self, *words):
        self.process.stdin.write(' '.join(map(str, words)) + '\n')
        self.process.stdin.flush()

    def send(self, jid, path):
        self.command('send', jid, path)

    def check(self):
        pass  # its faults are not ours


class SiStage(Stage):
    """@client: the module of the client whose turn it is.  @drivers: their programs, by name."""

    def __init__(self, client, drivers, *arguments, own_network=False, **options):
        server_options = {'interface': sandbox.ADDRESS} if own_network else None
        super().__init__(*arguments, own_network=own_network, server_options=server_options, **options)
        self.client = client
        self.drivers = drivers
        self.peers = []

    @staticmethod
    def unshare(network, mounts):
        Stage.unshare(network, mounts)
        if network:
            sandbox.bring_up()  # libpurple does not offer what is on loopback

    def ferry(self, *arguments, loopback=False, **options):
        return super().ferry(*arguments, loopback=loopback, **options)

    def only(self, *ports, how):
        """Connections to any other TCP port are refused; or, with 'drop', never answered."""
        self.tool('nft', 'add table inet wall; add chain inet wall out { type filter hook output priority 0; }; '
                         f'add rule inet wall out tcp flags & (syn | ack) == syn '
                         f'tcp dport != {{ {", ".join(map(str, ports))} }} {how}')

    def no_direct_way(self, how='reject with tcp reset'):
        self.only(self.server.port, self.server.proxy_port, how=how)

    def no_stream_at_all(self):
        self.only(self.server.port, how='reject with tcp reset')

    def peer(self, name=None, client=None, **options):
        """The client, logged in."""
        name = name or self.juliet
        home = self.folder / f'home-{name}'
        home.mkdir()
        command = (client or self.client).command(self, name, home, **options)
        peer = Peer(self, [*command, '--jid', f'{self.jid(name)}/peer',
                           '--password-file', self.server.password_file(name),
                           '--server', f'{self.server.interface}:{self.server.port}',
                           '--dir', self.inbox, '--limit', int(LIMIT * self.patience)])
        self.peers.append(peer)
        peer.wait('connected')
        return peer

    def describe(self):
        return super().describe() + ''.join(peer.describe() for peer in self.peers)

    def close(self):
        for peer in self.peers:
            if peer.process.poll() is None:
                peer.kill()
        super().close()


__all__ = ['Peer', 'SiStage', 'digest']
