# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts that speak each dialect, and lie, stop short, or mix it with the others."""

import os

from cases_dialects import DIALECTS, WORDLESS, trial
from peer import DISCO, IBB, Peer, error_of
from results import NEVER
from stage import digest
from tongues import FEATURES, TONGUES, foreign, speak

SIZE = 10_000  # bytes: several blocks, of which the last is not full


class Scene:
    """Juliet's ferry-cli receives; Romeo is a script."""

    def __init__(self, stage, dialect):
        self.stage = stage
        self.ferry = stage.receive(options=['--resource', 'desk'])
        self.peer = Peer(stage, stage.romeo)
        self.tongue = speak(dialect, self.peer, f'{stage.jid(stage.juliet)}/desk')
        self.data = os.urandom(SIZE)

    def agree(self, told=None):
        """The offer is made and accepted, and its stream stands."""
        tongue = self.tongue
        tongue.offer('file.bin', SIZE, tongue.hash_of(told if told is not None else self.data))
        tongue.accepted()

    def failed(self, *reasons):
        assert self.ferry.exit(20) == 1
        assert self.ferry.wait('failed')['reason'] in reasons, self.ferry.find('failed')
        assert self.stage.received() == [], self.stage.received()

    def arrived(self):
        assert self.ferry.exit(20) == 0, self.ferry.find('failed')
        assert (self.stage.inbox / 'file.bin').read_bytes() == self.data
        assert self.ferry.wait('done')['sha256'] == digest(self.stage.inbox / 'file.bin')


@trial('by script')
def honest(stage, dialect):
    """a script that speaks by the book gets its file across"""
    scene = Scene(stage, dialect)
    scene.agree()
    scene.tongue.stream(scene.data)
    scene.tongue.end()
    scene.arrived()


@trial('too long')
def longer(stage, dialect):
    """more bytes than announced, and nothing stays"""
    scene = Scene(stage, dialect)
    scene.agree()
    scene.tongue.stream(scene.data + b'and more')
    scene.failed('too-large')


@trial('too short')
def shorter(stage, dialect):
    """fewer bytes than announced, and nothing stays"""
    scene = Scene(stage, dialect)
    scene.agree()
    scene.tongue.stream(scene.data[:6000])
    scene.tongue.end()
    scene.failed('truncated', *(['peer-cancelled'] if dialect in WORDLESS else []))


@trial('wrong hash', [d for d in DIALECTS if d != 'rel'])
def wrong_hash(stage, dialect):
    """other bytes than the hash says, and nothing stays"""
    scene = Scene(stage, dialect)
    scene.agree(told=b'other')
    scene.tongue.stream(scene.data)
    scene.tongue.end()
    scene.failed('corrupt')


@trial('wrong hash', ['rel'], outcome=NEVER)
def no_hash(stage, dialect):
    """it knows no hashes, and nothing is called verified"""
    scene = Scene(stage, dialect)
    scene.agree()
    scene.tongue.stream(scene.data)
    scene.tongue.end()
    scene.arrived()
    assert scene.ferry.wait('done')['verified'] is False


@trial('mixed up')
def mixed(stage, dialect):
    """what belongs to another dialect is refused and changes nothing"""
    scene = Scene(stage, dialect)
    scene.agree()
    for name, kind, payload in foreign(scene.tongue.sid):
        if name not in scene.tongue.own:
            reply = scene.peer.request(scene.tongue.to, payload, kind)
            assert error_of(reply) is not None, f'took {payload}'
    scene.tongue.stream(scene.data)
    scene.tongue.end()
    scene.arrived()
    assert len(scene.ferry.find('offer')) == 1, 'took something for an offer'


@trial('mixed up')
def mixed_answers(stage, dialect):
    """what answers in another dialect is refused, and the offer stands"""
    peer = Peer(stage, stage.juliet, features=[DISCO, IBB, *FEATURES])
    transport = 's5b-direct' if dialect == 'jingle-0-bytestreams' else 'ibb'
    ferry = stage.send(stage.file(SIZE), transport=transport, options=['--dialect', dialect])
    tongue = TONGUES[dialect]
    offer, sid = tongue.hear(peer)
    for name, kind, payload in foreign(sid):
        if name not in tongue.own:
            reply = peer.request(offer.get('from'), payload, kind)
            assert error_of(reply) is not None, f'took {payload}'
    assert ferry.process.poll() is None and not ferry.find('failed'), ferry.find('failed')
    tongue.decline(peer, offer, sid)
    assert ferry.exit() == (1 if dialect == 'rel' else 4), ferry.find('failed')
