# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage of tests/integration with xtls-peer.py on it."""

import hashlib
import pathlib
import ssl
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from si_stage import LIMIT, Peer     # noqa: E402  (says where the next one is, too)
from stage import Stage, digest      # noqa: E402

PROGRAM = HERE / 'xtls-peer.py'
KEYS = {
    'ed25519': ['ed25519'],
    'p256': ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    'rsa': ['rsa:2048'],
    'small': ['rsa:1024'],
    'sha1': ['rsa:2048', '-sha1'],
}


class XtlsStage(Stage):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.peers = []

    def identity(self, name, kind='ed25519'):
        """(certificate, key): paths of what is made for @name, once."""
        certificate, key = self.folder / f'{name}.crt', self.folder / f'{name}.key'
        if not certificate.exists():
            subprocess.run(['openssl', 'req', '-x509', '-newkey', *KEYS[kind], '-nodes', '-keyout', key, '-out', certificate,
                            '-days', '2', '-subj', f'/CN={name}'], check=True, capture_output=True)
        return certificate, key

    def peer(self, name=None, kind='ed25519', server=None, **options):
        """The other client, logged in."""
        name = name or self.juliet
        certificate, key = self.identity(name, kind)
        words = [word for option, value in options.items()
                 for word in [f'--{option.replace("_", "-")}'] + ([] if value is True else [value])]
        peer = Peer(self, [PROGRAM, '--jid', f'{self.jid(name)}/peer',
                           '--password-file', self.server.password_file(name), '--ca', self.server.ca,
                           '--server', server or f'{self.server.interface}:{self.server.port}',
                           '--dir', self.inbox, '--certificate', certificate, '--key', key,
                           '--limit', int(LIMIT * self.patience), *words])
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


def fingerprint(certificate):
    """SHA-256 of a PEM file's certificate, in hex."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pathlib.Path(certificate).read_text())).hexdigest()


__all__ = ['XtlsStage', 'digest', 'fingerprint']
