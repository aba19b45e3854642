# SPDX-License-Identifier: GPL-3.0-or-later
"""Both sides reach the other and say so at once; which connection counts is then a rule."""

import hashlib

from cases_dialects import trial
from cases_dialects_hostile import SIZE, Scene
from peer import JINGLE, S5B, error_of
from tongues import JINGLE_0, Host, dial

S5B_0 = 'urn:xmpp:jingle:transports:s5b:0'


class Crossing:
    """Romeo's script reaches Juliet's Ferry, which has said that it reaches him, and says so too."""

    def __init__(self, stage, dialect, ns, transport_ns):
        self.scene = Scene(stage, dialect)
        self.tongue, self.peer = self.scene.tongue, self.scene.peer
        self.ns, self.transport_ns = ns, transport_ns
        self.host = Host(held=True)

    def expect(self, action, reply=True):
        iq = self.peer.expect(lambda e: (j := e.find(f'{{{self.ns}}}jingle')) is not None
                              and j.get('action') == action and e.get('type') == 'set', what=action)
        if reply:
            self.peer.reply(iq)
        return iq.find(f'.//{{{self.transport_ns}}}transport')

    def transport(self, inside):
        return f"<transport xmlns='{self.transport_ns}' sid='v7' mode='tcp'>{inside}</transport>"

    def say(self, inside):
        name = 'f' if self.ns == JINGLE else 'a-file'
        reply = self.peer.request(self.tongue.to, f"<jingle xmlns='{self.ns}' action='transport-info' sid='{self.tongue.sid}'>"
                                                  f"<content creator='initiator' name='{name}'>{self.transport(inside)}"
                                                  '</content></jingle>')
        assert error_of(reply) is None, error_of(reply)

    def address(self, *jids):
        return hashlib.sha1(('v7' + ''.join(jids)).encode()).hexdigest()

    def finish(self, winner, loser):
        """The file comes by the one, and the other is closed."""
        winner.sendall(self.scene.data)
        self.scene.arrived()
        loser.settimeout(5)
        assert loser.recv(1) == b'', 'the connection that lost is used'
        winner.close()


def cross_by_priority(stage, dialect, priority):
    at = Crossing(stage, dialect, JINGLE, S5B)
    at.peer.offer(at.tongue.to, at.tongue.sid, 'file.bin', SIZE, transport=at.transport(
        f"<candidate cid='ours' host='127.0.0.1' jid='{at.peer.jid}' port='{at.host.port}' "
        f"priority='{priority}' type='direct'/>"))
    transport = at.expect('session-accept')
    there = transport.find(f'{{{S5B}}}candidate')
    theirs = dial(there.get('host'), int(there.get('port')),
                  transport.get('dstaddr') or at.address(at.tongue.to, at.peer.jid))
    at.host.released.set()
    used = at.expect('transport-info').find(f'{{{S5B}}}candidate-used')
    assert used is not None and used.get('cid') == 'ours'
    at.say(f"<candidate-used cid='{there.get('cid')}'/>")
    return at, theirs


@trial('both reach', ['jingle-1'], 's5b-direct')
def offered_wins(stage, dialect):
    """both reach the other: the initiator's host has the higher priority"""
    at, theirs = cross_by_priority(stage, dialect, (1 << 31) - 1)
    at.finish(at.host.meet(), theirs)


@trial('both reach', ['jingle-1'], 's5b-direct')
def answered_wins(stage, dialect):
    """both reach the other: the responder's host has the higher priority"""
    at, theirs = cross_by_priority(stage, dialect, 1)
    at.finish(theirs, at.host.meet())


@trial('both reach', ['jingle-0'], 's5b-direct')
def initiator_wins(stage, dialect):
    """both reach the other: the initiator's choice counts (S5B0-9)"""
    at = Crossing(stage, dialect, JINGLE_0, S5B_0)
    at.tongue.transport = at.transport(f"<streamhost jid='{at.peer.jid}' host='127.0.0.1' port='{at.host.port}'/>")
    at.tongue.initiate('file.bin', SIZE, at.tongue.hash_of(at.scene.data))
    there = at.expect('session-accept').find(f'{{{S5B_0}}}streamhost')
    theirs = dial(there.get('host'), int(there.get('port')), at.address(at.peer.jid, at.tongue.to))
    at.host.released.set()
    assert at.expect('transport-info', reply=False).find(f'{{{S5B_0}}}streamhost-used') is not None
    at.say(f"<streamhost-used jid='{there.get('jid')}' host='{there.get('host')}' port='{there.get('port')}'/>")
    at.finish(theirs, at.host.meet())
