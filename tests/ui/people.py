# SPDX-License-Identifier: GPL-3.0-or-later
"""Romeo and Juliet: their accounts on a private server, their folders, how their Ferry is started.

Needs no display and no libraries: tests/demo uses it where there is a desktop already.
"""

import hashlib
import os
import pathlib
import signal
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / 'fixtures')]

from prosody import Prosody, die_with_parent  # noqa: E402

WIDTH, HEIGHT = 720, 500  # of a window, in pixels


class Person:
    """Somebody with an account and a Ferry of their own, all in one folder."""

    def __init__(self, server, name, folder, build):
        self.server = server
        self.name = name
        self.jid = server.jid(name)
        self.build = pathlib.Path(build)
        self.folder = pathlib.Path(folder) / name
        self.inbox = self.folder / 'Downloads'
        self.outbox = self.folder / 'Files to send'
        for path in (self.inbox, self.outbox, self.folder / 'config'):
            path.mkdir(parents=True)
        self.prefer('window-size', f'({WIDTH}, {HEIGHT})')

    def prefer(self, key, value):
        """@value: GVariant text. Before the program starts."""
        path = self.folder / 'config' / 'preferences.ini'
        text = path.read_text() if path.exists() else '[im/ferry/Ferry]\n'
        path.write_text(f'{text}{key}={value}\n')

    def command(self, known=True):
        """@known: signs in by itself; else the program asks for address and password."""
        account = [f'--jid={self.jid}', f'--password-file={self.server.password_file(self.name)}']
        return [str(self.build / 'src' / 'ui' / 'ferry'), f'--profile-dir={self.folder}',
                *(account if known else []),
                f'--server={self.server.interface}:{self.server.port}', '--tls=starttls',
                f'--ca-file={self.server.ca}', f'--download-dir={self.inbox}', '--allow-loopback']

    def environment(self):
        return {**os.environ, 'GSETTINGS_SCHEMA_DIR': str(self.build / 'data'),
                'GIO_USE_PROXY_RESOLVER': 'dummy'}

    def make_file(self, name, size):
        """With bytes nobody can guess, so that only the file itself has its checksum."""
        path = self.outbox / name
        with open(path, 'wb') as out:
            for start in range(0, size, 1 << 20):
                out.write(os.urandom(min(size - start, 1 << 20)))
        return path


def end_when_told():
    """SIGTERM unwinds as an exception does, so that nothing is left behind; a second one must not
    stop the unwinding."""
    def leave(*_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.exit(143)
    signal.signal(signal.SIGTERM, leave)


def digest(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()


__all__ = ['HEIGHT', 'Person', 'Prosody', 'WIDTH', 'die_with_parent', 'digest', 'end_when_told']
