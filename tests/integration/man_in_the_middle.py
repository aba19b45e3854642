# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at the server who is not content to listen: changes what is said of security, stands
in the path with a certificate of his own, cuts, and turns bits over.
"""

import os
import pathlib
import re
import select
import subprocess
import sys
import threading

from wire import Host, cut

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / 'interop' / 'xtls')]

from comparison import STEP, binding, commit  # noqa: E402
from tls import Tls, TlsError, fingerprint    # noqa: E402

XTLS = 'urn:xmpp:jingle:security:xtls:0'
SECURITY = re.compile(rf"<security\b[^>]*xmlns='{XTLS}'[^>]*?(?:/>|>.*?</security>)", re.S)
HEX = re.compile(r'(<(?:fingerprint|name)\b[^>]*>)([0-9a-f]{40}|[0-9a-f]{64})(<)')
FEATURE = re.compile(rf"<feature var='{XTLS}'/>")
CAPS = re.compile(r"<c\b[^>]*xmlns='http://jabber.org/protocol/caps'[^>]*?(?:/>|></c>)")

PRELUDE = {True: 3 + 47, False: 2 + 47}  # bytes of SOCKS5: of who dialled, of the host
APPLICATION = 0x17
LARGE = 4096                             # bytes; no record of a handshake is as long


# ---- with words

def action_of(text):
    found = re.search(r"<jingle\b[^>]*\baction='([^']*)'", text)
    return found and found[1]


def strip_security(action):
    """Nobody hears that the other side offers, or agrees, to encrypt."""
    return lambda leaving, text: SECURITY.sub('', text) if action_of(text) == action else text


def strip_features(leaving, text):
    """Nobody's program seems to know of encryption."""
    return FEATURE.sub('', CAPS.sub('', text))


def swap_fingerprints(sha1, sha256, *actions):
    """Everybody's certificate is ours."""
    def tamper(leaving, text):
        if action_of(text) not in (actions or ('session-initiate', 'session-accept')):
            return text
        return HEX.sub(lambda m: m[1] + (sha1 if len(m[2]) == 40 else sha256) + m[3], text)
    return tamper


def make_identity(folder):
    """(certificate, key)"""
    files = folder / 'mallory.crt', folder / 'mallory.key'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ed25519', '-nodes', '-keyout', files[1], '-out', files[0],
                    '-days', '2', '-subj', '/CN=mallory'], check=True, capture_output=True)
    return files


# ---- in the path

class Cut(Exception):
    """Here the cable breaks."""


class RecordHost(Host):
    """Passes records of TLS on, one by one."""

    def carry(self, source, sink, outwards):
        left, rest, number = PRELUDE[outwards], b'', 0
        while data := source.recv(65536):
            self.heard[outwards] += data
            sink.sendall(data[:left])
            rest += data[left:]
            left -= min(left, len(data))
            while len(rest) >= 5 and len(rest) >= (end := 5 + int.from_bytes(rest[3:5], 'big')):
                try:
                    sink.sendall(self.treat(outwards, number, rest[:end], sink))
                except Cut:
                    cut(source, sink)
                    return
                rest, number = rest[end:], number + 1

    def treat(self, outwards, number, record, sink):
        """What to pass on of the @number-th record.  May send some itself, and raise Cut."""
        return record


class Scissors(RecordHost):
    """@when(number, record): cuts in the middle of that one, or with @whole right after it; once."""

    def __init__(self, port, when, whole=False):
        self.when, self.whole = when, whole
        self.done = False
        super().__init__(port)

    def treat(self, outwards, number, record, sink):
        if self.done or not self.when(number, record):
            return record
        self.done = True
        sink.sendall(record if self.whole else record[:len(record) // 2])
        raise Cut


def is_large(number, record):
    return record[0] == APPLICATION and len(record) > LARGE


class Flipper(RecordHost):
    """Turns a bit over in the first large record."""

    done = False

    def treat(self, outwards, number, record, sink):
        if self.done or not is_large(number, record):
            return record
        self.done = True
        return record[:-100] + bytes([record[-100] ^ 1]) + record[-99:]


class Mallory(Host):
    """Ends TLS on both sides, and reads what is said between.  @read: everything he could.

    @sha256: of his certificate.  With it he takes part when people compare numbers: each has
    what belongs to its own connection, and he does all that can be done to make them alike.
    """

    def __init__(self, port, identity=None, phrase=None, user=None, sha256=None):
        self.sha256 = sha256
        self.nonces = {}
        self.terms = {'identity': identity} if phrase is None else {'phrase': phrase, 'users': [user]}
        self.read = bytearray()
        self.failures = []
        super().__init__(port)

    def join(self, near, far):
        threading.Thread(target=self.stand_between, args=(near, far), daemon=True).start()

    def stand_between(self, near, far):
        try:
            for source, sink, n in ((near, far, 3), (far, near, 2), (near, far, 47), (far, near, 47)):
                sink.sendall(take(source, n))
            ready = select.select([near, far], [], [], 20)[0]
            client, server = (near, far) if near in ready else (far, near)
            ends = {client: Tls(True, **self.terms), server: Tls(False, **self.terms)}
            for end in (server, client):
                shake(ends[end], end)
            self.pass_on(ends, {client: server, server: client})
        except (TlsError, OSError) as error:
            self.failures.append(str(error))
        cut(near, far)

    def pass_on(self, ends, other):
        while True:
            for end in select.select(list(ends), [], [], 30)[0]:
                data = end.recv(65536)
                if not data:
                    return
                ends[end].feed(data)
                while said := ends[end].read():
                    self.read += said
                    ends[other[end]].write(self.take_part(said, ends[end], ends[other[end]]))
                for each, tls in ends.items():
                    each.sendall(tls.take())

    def take_part(self, said, here, there):
        if self.sha256 is None:
            return said
        nonce = self.nonces.setdefault(there, os.urandom(32))
        theirs = fingerprint(there.certificate())
        sides = [theirs, self.sha256] if there.is_server else [self.sha256, theirs]
        answers = {b'commit': commit(nonce, binding(*sides, there)), b'nonce': nonce.hex(), b'reveal': nonce.hex()}
        return STEP.sub(lambda m: m[1] + answers[m[2]].encode() + m[4], said)


def take(source, n):
    data = b''
    while len(data) < n:
        more = source.recv(n - len(data))
        if not more:
            raise OSError('ended early')
        data += more
    return data


def shake(tls, end):
    """Answers records that came before; the alert of a failure goes out, too."""
    try:
        while not tls.handshake():
            end.sendall(tls.take())
            data = end.recv(65536)
            if not data:
                raise TlsError('hung up during the handshake')
            tls.feed(data)
    finally:
        end.sendall(tls.take())


__all__ = ['CAPS', 'LARGE', 'Flipper', 'Mallory', 'Scissors', 'action_of', 'fingerprint', 'is_large', 'make_identity', 'strip_features',
           'strip_security', 'swap_fingerprints']
