# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers who lie, break the rules, or are not who they say."""

import base64
import hashlib
import os
import socket
import threading
import time

from peer import (FILE_TRANSFER, HASHES, IBB, JINGLE, JINGLE_IBB, S5B, Peer, error_of, quote, reason_of,
                  sha256_hash, used_hash)
from runner import case
from stage import until

BLOCK = 4096


class Scene:
    """Juliet's ferry-cli receives; Romeo is a script."""

    def __init__(self, stage, **options):
        self.stage = stage
        self.ferry = stage.receive(options=['--resource', 'desk'], **options)
        self.to = f'{stage.jid(stage.juliet)}/desk'
        self.peer = Peer(stage, stage.romeo)

    def offer(self, data, size=None, hashes=None, sid='sid-1'):
        """Offers @data and waits until it is accepted."""
        known = sha256_hash(hashlib.sha256(data).digest()) if hashes is None else hashes
        reply = self.peer.offer(self.to, sid, 'file.bin', len(data) if size is None else size, known)
        assert error_of(reply) is None, error_of(reply)
        self.peer.expect_jingle('session-accept')

    def open(self):
        reply = self.peer.request(self.to, f"<open xmlns='{IBB}' sid='stream-1' block-size='{BLOCK}' stanza='iq'/>")
        assert error_of(reply) is None, error_of(reply)

    def told(self):
        return reason_of(self.peer.expect_jingle('session-terminate'))

    def failed(self, reason, step=None):
        assert self.ferry.exit() == 1
        failed = self.ferry.wait('failed')
        assert failed['reason'] == reason and step in (None, failed['step']), failed
        assert self.stage.received() == [], self.stage.received()


# ---- lies about the file

@case('more bytes than announced: file-too-large, and nothing stays')
def longer(stage):
    scene = Scene(stage)
    data = os.urandom(5000)
    scene.offer(data)
    scene.peer.send_in_band(scene.to, data + bytes(5000))
    assert scene.told() == ('media-error', 'file-too-large')
    scene.failed('too-large', 'data')


@case('fewer bytes than announced: failed, and nothing stays')
def shorter(stage):
    scene = Scene(stage)
    data = os.urandom(9000)
    scene.offer(data)
    assert scene.peer.send_in_band(scene.to, data[:BLOCK]) is None
    scene.peer.request(scene.to, f"<close xmlns='{IBB}' sid='stream-1'/>")
    assert scene.told()[0] == 'failed-transport'
    scene.failed('truncated', 'data')


@case('other bytes than the hash says: failed, and nothing stays')
def wrong_hash(stage):
    scene = Scene(stage)
    data = os.urandom(9000)
    scene.offer(data, hashes=sha256_hash(hashlib.sha256(b'other').digest()))
    assert scene.peer.send_in_band(scene.to, data) is None
    assert scene.told()[0] == 'media-error'
    scene.failed('corrupt', 'verify')


def checksum(peer, to, digest):
    return peer.jingle(to, 'session-info', 'sid-1',
                       f"<checksum xmlns='{FILE_TRANSFER}' creator='initiator' name='f'><file>"
                       f'{sha256_hash(digest)}</file></checksum>')


@case('a wrong checksum that comes later counts as well')
def wrong_checksum(stage):
    scene = Scene(stage)
    data = os.urandom(9000)
    scene.offer(data, hashes=used_hash())
    assert error_of(checksum(scene.peer, scene.to, hashlib.sha256(b'other').digest())) is None
    assert scene.peer.send_in_band(scene.to, data) is None
    assert scene.told()[0] == 'media-error'
    scene.failed('corrupt', 'verify')


@case('a right checksum that comes after the last byte verifies')
def right_checksum(stage):
    scene = Scene(stage)
    data = os.urandom(9000)
    scene.offer(data, hashes=used_hash())
    assert scene.peer.send_in_band(scene.to, data) is None
    assert error_of(checksum(scene.peer, scene.to, hashlib.sha256(data).digest())) is None
    assert scene.told()[0] == 'success'
    assert scene.ferry.exit() == 0
    assert scene.ferry.wait('done')['verified'] is True


def register_unverified(title, hashes):
    @case(f'{title}: received, not called verified')
    def unverified(stage):
        scene = Scene(stage)
        data = b'x' * 9000
        scene.offer(data, hashes=hashes(data))
        assert scene.peer.send_in_band(scene.to, data) is None
        assert scene.told()[0] == 'success'
        assert scene.ferry.exit() == 0
        assert scene.ferry.wait('done')['verified'] is False


register_unverified('a hash promised and never told', lambda data: used_hash())
register_unverified('an MD5 alone', lambda data: (
    f"<hash xmlns='{HASHES}' algo='md5'>{base64.b64encode(hashlib.md5(data).digest()).decode()}</hash>"))


# ---- in-band blocks that break the rules

def data_iq(number, text, stream='stream-1'):
    return f"<data xmlns='{IBB}' sid='{stream}' seq='{number}'>{text}</data>"


BAD_BLOCKS = [
    ('a block said twice', 0, base64.b64encode(b'x' * BLOCK).decode(), 'unexpected-request'),
    ('a gap between blocks', 2, base64.b64encode(b'x' * BLOCK).decode(), 'unexpected-request'),
    ('text that is not Base64', 1, 'not base64!', 'bad-request'),
    ('Base64 with = inside', 1, 'QQ==QUJD', 'bad-request'),
    ('a block longer than agreed', 1, base64.b64encode(b'x' * (BLOCK + 1)).decode(), 'bad-request'),
]


def register_bad_block(title, number, text, condition):
    @case(f'{title}: {condition}, and nothing stays')
    def bad_block(stage):
        scene = Scene(stage)
        scene.offer(b'x' * BLOCK * 3)
        scene.open()
        assert error_of(scene.peer.send_block(scene.to, 0, b'x' * BLOCK)) is None
        reply = scene.peer.request(scene.to, data_iq(number, text))
        assert error_of(reply) == ('cancel', condition, None), error_of(reply)
        assert scene.told()[0] in ('failed-transport', 'failed-application'), 'no reason'
        assert scene.ferry.exit() == 1 and stage.received() == []


for row in BAD_BLOCKS:
    register_bad_block(*row)


# ---- stanzas that do not fit, while a transfer runs (protocols 3.3)

def jingle(attributes, content=''):
    return f"<jingle xmlns='{JINGLE}' {attributes}>{content}</jingle>"


def content(inside='', name="name='f'"):
    return f"<content creator='initiator' {name} senders='initiator'>{inside}</content>"


def description(name='y'):
    return f"<description xmlns='{FILE_TRANSFER}'><file><name>{name}</name><size>1</size>{used_hash()}</file></description>"


IN_BAND = f"<transport xmlns='{JINGLE_IBB}' block-size='4096' sid='stream-2'/>"
CANDIDATES = ''.join(f"<candidate cid='c{i}' host='192.0.2.1' jid='a@b/c' port='5086' priority='{i + 1}' type='direct'/>"
                     for i in range(22))

BAD_REQUEST = ('cancel', 'bad-request', None)
OUT_OF_ORDER = ('wait', 'unexpected-request', 'out-of-order')
UNKNOWN_SESSION = ('cancel', 'item-not-found', 'unknown-session')
UNSUPPORTED_INFO = ('modify', 'feature-not-implemented', 'unsupported-info')
NOT_FOUND = ('cancel', 'item-not-found', None)
NOT_ACCEPTABLE = ('cancel', 'not-acceptable', None)
UNAVAILABLE = ('cancel', 'service-unavailable', None)
FINE = None

# What the owner of the session says, and what must come back.
FROM_OWNER = [
    ('no sid', jingle("action='session-info'"), BAD_REQUEST),
    ('no action', jingle("sid='sid-1'"), BAD_REQUEST),
    ('an unknown action', jingle("action='session-dance' sid='sid-1'"), BAD_REQUEST),
    ('transport-info without a content', jingle("action='transport-info' sid='sid-1'"), BAD_REQUEST),
    ('a content without a name', jingle("action='transport-info' sid='sid-1'", content(IN_BAND, '')), BAD_REQUEST),
    ('session-accept by the initiator',
     jingle("action='session-accept' sid='sid-1'", content(description() + IN_BAND)), OUT_OF_ORDER),
    ('session-initiate with a live sid',
     jingle("action='session-initiate' sid='sid-1'", content(description() + IN_BAND)), OUT_OF_ORDER),
    ('transport-accept of nothing',
     jingle("action='transport-accept' sid='sid-1'", content(IN_BAND)), OUT_OF_ORDER),
    ('session-info with a foreign payload',
     jingle("action='session-info' sid='sid-1'", "<x xmlns='urn:example:x'/>"), UNSUPPORTED_INFO),
    ('an empty session-info', jingle("action='session-info' sid='sid-1'"), FINE),
    ('an unknown sid', jingle("action='session-info' sid='sid-9'"), UNKNOWN_SESSION),
    ('terminate of an unknown sid',
     jingle("action='session-terminate' sid='sid-9'", '<reason><success/></reason>'), UNKNOWN_SESSION),
    ('session-initiate without a content', jingle("action='session-initiate' sid='sid-2'"), BAD_REQUEST),
    ('session-initiate without a file', jingle(
        "action='session-initiate' sid='sid-2'",
        content(f"<description xmlns='{FILE_TRANSFER}'/>" + IN_BAND)), BAD_REQUEST),
    ('session-initiate of two files', jingle(
        "action='session-initiate' sid='sid-2'",
        content(f"<description xmlns='{FILE_TRANSFER}'><file><name>a</name></file><file><name>b</name></file>"
                '</description>' + IN_BAND)), BAD_REQUEST),
    ('senders both ways', jingle(
        "action='session-initiate' sid='sid-2'",
        f"<content creator='initiator' name='f' senders='both'>{description()}{IN_BAND}</content>"), BAD_REQUEST),
    ('17 contents', jingle("action='session-initiate' sid='sid-2'", ''.join(
        content(description() + IN_BAND, f"name='f{i}'") for i in range(17))), BAD_REQUEST),
    ('22 candidates', jingle("action='session-initiate' sid='sid-2'", content(
        description() + f"<transport xmlns='{S5B}' sid='v' mode='tcp'>{CANDIDATES}</transport>")), BAD_REQUEST),
    ('somebody else as initiator', jingle(
        "action='session-initiate' sid='sid-2' initiator='boss@ferry.test/x'",
        content(description() + IN_BAND)), BAD_REQUEST),
    ('a second open', f"<open xmlns='{IBB}' sid='stream-1' block-size='4096'/>", NOT_ACCEPTABLE),
    ('an open of nothing negotiated', f"<open xmlns='{IBB}' sid='stream-9' block-size='4096'/>", NOT_ACCEPTABLE),
    ('data of an unknown stream', data_iq(0, 'AAAA', 'stream-9'), NOT_FOUND),
    ('close of an unknown stream', f"<close xmlns='{IBB}' sid='stream-9'/>", NOT_FOUND),
    ('a request nobody knows', "<query xmlns='urn:example:nothing'/>", UNAVAILABLE),
]

# What another contact says; ROMEO stands for the owner's address.
FROM_OTHER = [
    ('session-info in a foreign session', jingle("action='session-info' sid='sid-1'"), UNKNOWN_SESSION),
    ('terminate of a foreign session',
     jingle("action='session-terminate' sid='sid-1'", '<reason><cancel/></reason>'), UNKNOWN_SESSION),
    ('terminate of a foreign session, naming its owner',
     jingle("action='session-terminate' sid='sid-1' initiator='ROMEO'", '<reason><cancel/></reason>'), UNKNOWN_SESSION),
    ('replace in a foreign session', jingle("action='transport-replace' sid='sid-1'", content(IN_BAND)), UNKNOWN_SESSION),
    ('data in a foreign stream', data_iq(1, 'AAAA'), NOT_FOUND),
    ('open of a foreign stream', f"<open xmlns='{IBB}' sid='stream-1' block-size='4096'/>", NOT_ACCEPTABLE),
    ('close of a foreign stream', f"<close xmlns='{IBB}' sid='stream-1'/>", NOT_FOUND),
]


def other_contact(stage):
    """Tybalt, whom Juliet knows as well."""
    name = f'tybalt-{stage.juliet}'
    stage.server.add_account(name, contacts=[stage.juliet])
    stage.server.add_account(stage.juliet, contacts=[stage.romeo, name])
    return name


@case('stanzas that do not fit are answered by the book and change nothing', limit=30)
def misfits(stage):
    tybalt = other_contact(stage)
    scene = Scene(stage)
    other = Peer(stage, tybalt)
    data = os.urandom(BLOCK * 3)
    scene.offer(data)
    scene.open()
    assert error_of(scene.peer.send_block(scene.to, 0, data[:BLOCK])) is None
    wrong = []
    for peer, rows in ((scene.peer, FROM_OWNER), (other, FROM_OTHER)):
        for title, payload, expected in rows:
            answer = error_of(peer.request(scene.to, payload.replace('ROMEO', scene.peer.jid)))
            if answer != expected:
                wrong.append(f'{title}: {answer}, not {expected}')
    assert not wrong, '\n'.join(wrong)
    assert error_of(scene.peer.send_block(scene.to, 1, data[BLOCK:2 * BLOCK])) is None
    assert error_of(scene.peer.send_block(scene.to, 2, data[2 * BLOCK:])) is None
    assert scene.told()[0] == 'success'
    assert scene.ferry.exit() == 0
    assert (stage.inbox / 'file.bin').read_bytes() == data


@case('proposals in a running session are declined politely')
def proposals(stage):
    scene = Scene(stage)
    data = os.urandom(BLOCK * 2)
    scene.offer(data)
    scene.open()
    assert error_of(scene.peer.send_block(scene.to, 0, data[:BLOCK])) is None
    assert error_of(scene.peer.jingle(scene.to, 'content-add', 'sid-1', content(description() + IN_BAND, "name='g'"))) is None
    scene.peer.expect_jingle('content-reject')
    assert error_of(scene.peer.jingle(scene.to, 'transport-replace', 'sid-1', content(IN_BAND))) is None
    scene.peer.expect_jingle('transport-reject')
    assert error_of(scene.peer.send_block(scene.to, 1, data[BLOCK:])) is None
    assert scene.told()[0] == 'success'
    assert scene.ferry.exit() == 0


@case('a forged sender is seen through')
def forged_sender(stage):
    tybalt = other_contact(stage)
    scene = Scene(stage)
    other = Peer(stage, tybalt)
    data = os.urandom(BLOCK * 2)
    scene.offer(data)
    scene.open()
    assert error_of(scene.peer.send_block(scene.to, 0, data[:BLOCK])) is None
    other.send(f"<iq type='set' id='forged' to='{quote(scene.to)}' xmlns:x='urn:x' x:from='{quote(scene.peer.jid)}'>"
               + jingle("action='session-terminate' sid='sid-1'", '<reason><cancel/></reason>') + '</iq>')
    reply = other.expect(lambda e: e.get('id') == 'forged')
    assert error_of(reply) is not None, 'believed'
    assert error_of(scene.peer.send_block(scene.to, 1, data[BLOCK:])) is None
    assert scene.told()[0] == 'success'
    assert scene.ferry.exit() == 0


@case('stanzas too deep or too rich are dropped and cost nothing')
def monsters(stage):
    scene = Scene(stage)
    data = os.urandom(BLOCK * 2)
    scene.offer(data)
    scene.open()
    assert error_of(scene.peer.send_block(scene.to, 0, data[:BLOCK])) is None
    started = time.monotonic()
    for body in ('<a>' * 100 + '</a>' * 100, '<a/>' * 50_000, '<b>' + 'x' * 200_000 + '</b>'):
        scene.peer.send(f"<message to='{quote(scene.to)}' type='chat'><x xmlns='urn:example'>{body}</x></message>")
    assert error_of(scene.peer.send_block(scene.to, 1, data[BLOCK:])) is None
    assert time.monotonic() - started < 3 * stage.patience, 'frozen'
    assert scene.told()[0] == 'success'
    assert scene.ferry.exit() == 0


@case('a flood of offers is held off')
def flood(stage):
    scene = Scene(stage, count=0, words=['--from', stage.jid('somebody')])  # each one is unwelcome
    answers = [error_of(scene.peer.offer(scene.to, f'sid-{i}', f'{i}.bin', 10, stream=f'stream-{i}')) for i in range(14)]
    assert answers[0] is None, answers
    assert answers[-1] == ('wait', 'resource-constraint', None), answers


# ---- SOCKS5 hosts that are not what they seem

class Listener:
    """Counts who connects, and greets them with @greeting."""

    def __init__(self, stage, greeting=b''):
        self.count = 0
        self.greeting = greeting
        self.held = []
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.port = self.socket.getsockname()[1]
        stage.closers.append(self.socket.close)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.count += 1
            self.held.append(connection)
            if self.greeting is None:
                connection.close()
            else:
                connection.sendall(self.greeting)


def offer_host(scene, port):
    transport = (f"<transport xmlns='{S5B}' sid='stream-1' mode='tcp'><candidate cid='c1' host='127.0.0.1' port='{port}' "
                 f"jid='{quote(scene.peer.jid)}' priority='8257536' type='direct'/></transport>")
    assert error_of(scene.peer.offer(scene.to, 'sid-1', 'x.bin', 10, transport=transport)) is None
    scene.peer.expect_jingle('session-accept')


def expect_candidate_error(scene, timeout=12):
    info = scene.peer.expect_jingle('transport-info', timeout)
    assert info.find(f'.//{{{S5B}}}candidate-error') is not None, 'took it'


@case('loopback is not dialled unless allowed')
def no_loopback(stage):
    scene = Scene(stage, loopback=False)
    listener = Listener(stage)
    offer_host(scene, listener.port)
    expect_candidate_error(scene)
    assert listener.count == 0


def register_bad_host(title, greeting):
    @case(f'a host that {title} is not taken')
    def bad_host(stage):
        scene = Scene(stage)
        listener = Listener(stage, greeting)
        offer_host(scene, listener.port)
        expect_candidate_error(scene)
        assert 1 <= listener.count <= 2, f'{listener.count} dials'


register_bad_host('hangs up', None)
register_bad_host('talks HTTP', b'HTTP/1.1 400 Bad Request\r\n\r\n')
register_bad_host('wants a password', b'\x05\x02')
register_bad_host('refuses', b'\x05\x00\x05\x01\x00\x03\x01a\x00\x00')
register_bad_host('says nothing', b'')


@case('a caller with the wrong hash is not let in')
def wrong_caller(stage):
    scene = Scene(stage, transport='s5b-direct')
    transport = f"<transport xmlns='{S5B}' sid='stream-1' mode='tcp'/>"
    assert error_of(scene.peer.offer(scene.to, 'sid-1', 'x.bin', 10, transport=transport)) is None
    accept = scene.peer.expect_jingle('session-accept')
    host = accept.find(f'.//{{{S5B}}}candidate')
    assert host is not None, 'offered nothing'
    with socket.create_connection((host.get('host'), int(host.get('port'))), timeout=5) as caller:
        caller.sendall(b'\x05\x01\x00')
        assert caller.recv(2) == b'\x05\x00'
        caller.sendall(b'\x05\x01\x00\x03\x28' + b'0' * 40 + b'\x00\x00')
        try:
            answer = caller.recv(100)
        except ConnectionResetError:
            answer = b''
        assert answer == b'' or answer[1] != 0, answer
    assert not scene.ferry.find('path')
    until(lambda: scene.ferry.process.poll() is None)


