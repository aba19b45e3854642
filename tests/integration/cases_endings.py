# SPDX-License-Identifier: GPL-3.0-or-later
"""Transfers that do not simply succeed: declined, cancelled, abandoned, unconfirmed."""

import hashlib
import os
import time

from peer import (DISCO, FILE_TRANSFER, IBB, JINGLE, JINGLE_IBB, Peer, error_of, reason_of)
from runner import case
from stage import signal, until

SLOW = {'s5b-direct': 1 << 30, 's5b-proxy': 512 << 20, 'ibb': 64 << 20}  # bytes: takes a second at least


def midway(stage, transport):
    """A transfer that runs and will go on for long enough."""
    there = stage.receive(transport=transport)
    here = stage.send(stage.sparse_file(SLOW[transport]), transport=transport)
    for ferry in (there, here):
        ferry.wait('progress', where=lambda event: event['bytes'] > 0)
    return here, there


def register_cancel(transport):
    @case(f'the sender cancels midway over {transport}')
    def by_sender(stage):
        here, there = midway(stage, transport)
        here.signal(signal.SIGINT)
        assert here.exit() == 130
        assert here.wait('failed')['reason'] == 'cancelled', here.find('failed')
        assert there.exit() == 1
        assert there.wait('failed')['reason'] == 'peer-cancelled', there.find('failed')
        assert stage.received() == []

    @case(f'the receiver cancels midway over {transport}')
    def by_receiver(stage):
        here, there = midway(stage, transport)
        there.signal(signal.SIGTERM)
        assert there.exit() == 130
        assert here.exit() == 1
        assert here.wait('failed')['reason'] == 'peer-cancelled', here.find('failed')
        assert not here.find('done') and not there.find('done')
        assert stage.received() == []

    @case(f'the sender vanishes midway over {transport}', limit=40)
    def sender_gone(stage):
        here, there = midway(stage, transport)
        here.kill()
        assert there.exit(30) == 1
        assert there.wait('failed')['reason'] in ('peer-gone', 'truncated'), there.find('failed')
        assert stage.received() == []

    @case(f'the receiver vanishes midway over {transport}', limit=40)
    def receiver_gone(stage):
        here, there = midway(stage, transport)
        there.kill()
        assert here.exit(30) == 1
        assert here.wait('failed')['reason'] in ('peer-gone', 'unconfirmed', 'no-route'), here.find('failed')
        assert not here.find('done')


for each in SLOW:
    register_cancel(each)


def offered(peer):
    """The session-initiate of a ferry-cli: its iq, sid, and IBB's sid if it offers that."""
    iq = peer.expect_jingle('session-initiate')
    jingle = iq.find(f'{{{JINGLE}}}jingle')
    transport = jingle.find(f'.//{{{JINGLE_IBB}}}transport')
    return iq, jingle.get('sid'), transport.get('sid') if transport is not None else None


def terminate(peer, iq, sid, reason):
    return peer.jingle(iq.get('from'), 'session-terminate', sid, f'<reason>{reason}</reason>')


@case('a person declines: 4')
def declined(stage):
    peer = Peer(stage, stage.juliet)
    ferry = stage.send(stage.file(1000))
    iq, sid, _ = offered(peer)
    assert ferry.wait('state', state='offering')
    assert error_of(terminate(peer, iq, sid, '<decline/>')) is None
    assert ferry.exit() == 4
    assert ferry.wait('failed')['reason'] == 'declined', ferry.find('failed')


@case('whoever is not meant by --from is declined')
def not_meant(stage):
    receiver = stage.receive(words=['--from', stage.jid('somebody')])
    ferry = stage.send(stage.file(1000))
    assert ferry.exit() == 4
    assert stage.received() == [] and receiver.process.poll() is None


@case('a peer who cannot receive files: 5')
def peer_cannot(stage):
    Peer(stage, stage.juliet, features=[DISCO])
    ferry = stage.send(stage.file(1000))
    assert ferry.exit() == 5
    assert ferry.wait('failed')['reason'] == 'no-common-dialect', ferry.find('failed')


@case('a contact who is offline: 1, soon')
def offline(stage):
    started = time.monotonic()
    ferry = stage.send(stage.file(1000))
    assert ferry.exit(12) == 1
    assert ferry.wait('failed')['reason'] == 'offline', ferry.find('failed')
    assert time.monotonic() - started < 9 * stage.patience


@case('what still waits when the contact leaves is given up', limit=60)
def left_waiting(stage):
    there = stage.receive(count=0, transport='s5b-direct')
    files = [stage.sparse_file(SLOW['s5b-direct'], f'part-{i}.bin') for i in range(4)]
    here = stage.send(*files, transport='s5b-direct')
    here.wait('progress', where=lambda event: event['bytes'] > 0)
    there.kill()
    assert here.exit(30) == 1
    assert 'offline' in [e['reason'] for e in here.find('failed')], here.find('failed')
    assert not here.find('done')


@case('a file that cannot be read: 1')
def unreadable(stage):
    stage.receive(count=0)
    ferry = stage.send(stage.folder / 'nowhere.txt')
    assert ferry.exit() == 1
    assert ferry.wait('failed')['reason'] == 'file', ferry.find('failed')
    folder = stage.send(stage.folder)
    assert folder.exit() == 1
    assert folder.wait('failed')['reason'] == 'file', folder.find('failed')


@case('one of two files fails: 1, the other arrives')
def one_of_two(stage):
    receiver = stage.receive()
    path = stage.file(1000)
    ferry = stage.send(stage.folder / 'nowhere.txt', path)
    assert ferry.exit() == 1 and receiver.exit() == 0
    assert stage.received() == [path.name]


@case('a source that shrinks while it is sent fails at both ends')
def shrinking_source(stage):
    path = stage.sparse_file(SLOW['ibb'])
    there = stage.receive(transport='ibb')
    here = stage.send(path, transport='ibb')
    here.wait('progress', where=lambda event: event['bytes'] > 0)
    os.truncate(path, 1000)
    assert here.exit() == 1 and there.exit() == 1
    assert here.wait('failed')['reason'] == 'file', here.find('failed')
    assert stage.received() == []


@case('an interrupt with nothing to do: 130')
def interrupted_idle(stage):
    ferry = stage.receive(count=0)
    ferry.signal(signal.SIGINT)
    assert ferry.exit() == 130


@case('an interrupt while the other side is asked withdraws the offer')
def interrupted_offer(stage):
    peer = Peer(stage, stage.juliet)
    ferry = stage.send(stage.file(1000))
    offered(peer)
    ferry.wait('state', state='offering')
    ferry.signal(signal.SIGINT)
    assert reason_of(peer.expect_jingle('session-terminate'))[0] == 'cancel'
    assert ferry.exit() == 130


# ---- a peer who receives by the script

def accept_in_band(peer, iq, sid, stream):
    """session-accept over IBB, as a client that has nothing else."""
    content = iq.find(f'{{{JINGLE}}}jingle/{{{JINGLE}}}content')
    name = content.get('name')
    file = ''.join(f'<{tag}>{content.findtext(f".//{{{FILE_TRANSFER}}}{tag}")}</{tag}>' for tag in ('name', 'size'))
    peer.jingle(iq.get('from'), 'session-accept', sid,
                f"<content creator='initiator' name='{name}' senders='initiator'>"
                f"<description xmlns='{FILE_TRANSFER}'><file>{file}</file></description>"
                f"<transport xmlns='{JINGLE_IBB}' block-size='4096' sid='{stream}'/></content>")
    return name


def take_in_band(peer, size):
    """Answers <open/> and blocks until @size bytes are there. Returns: their SHA-256."""
    import base64
    peer.reply(peer.expect_ibb('open'))
    digest, count = hashlib.sha256(), 0
    while count < size:
        iq = peer.expect_ibb('data')
        data = base64.b64decode(iq.find(f'{{{IBB}}}data').text)
        digest.update(data)
        count += len(data)
        peer.reply(iq)
    assert count == size
    return digest


@case('sent is said only when the receiver has confirmed')
def confirmed(stage):
    peer = Peer(stage, stage.juliet)
    path = stage.file(20_000)
    ferry = stage.send(path, transport='ibb')
    iq, sid, stream = offered(peer)
    accept_in_band(peer, iq, sid, stream)
    digest = take_in_band(peer, 20_000)
    assert digest.hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()
    ferry.wait('state', state='verifying')
    time.sleep(1)
    assert not ferry.find('done'), 'too early'
    assert error_of(terminate(peer, iq, sid, '<success/>')) is None
    assert ferry.exit() == 0
    assert ferry.wait('done')['direction'] == 'send'


@case('a receiver whose disk failed is not called done')
def receiver_disk(stage):
    peer = Peer(stage, stage.juliet)
    ferry = stage.send(stage.file(20_000), transport='ibb')
    iq, sid, stream = offered(peer)
    accept_in_band(peer, iq, sid, stream)
    take_in_band(peer, 20_000)
    terminate(peer, iq, sid, '<failed-application/>')
    assert ferry.exit() == 1
    assert ferry.wait('failed')['reason'] == 'peer-failed', ferry.find('failed')


@case('a receiver who goes offline before confirming is not called done')
def receiver_leaves(stage):
    peer = Peer(stage, stage.juliet)
    ferry = stage.send(stage.file(20_000), transport='ibb')
    iq, sid, stream = offered(peer)
    accept_in_band(peer, iq, sid, stream)
    take_in_band(peer, 20_000)
    peer.send("<presence type='unavailable'/>")
    assert ferry.exit(15) == 1
    assert ferry.wait('failed')['reason'] in ('peer-gone', 'unconfirmed'), ferry.find('failed')


@case('a success before the last byte is no success')
def early_success(stage):
    peer = Peer(stage, stage.juliet)
    ferry = stage.send(stage.sparse_file(1_000_000), transport='ibb')
    iq, sid, stream = offered(peer)
    accept_in_band(peer, iq, sid, stream)
    take_in_band(peer, 4096)
    terminate(peer, iq, sid, '<success/>')
    assert ferry.exit() == 1
    assert not ferry.find('done')


@case('an iq error instead of an answer ends the offer')
def initiate_refused(stage):
    peer = Peer(stage, stage.juliet)
    ferry = stage.send(stage.file(1000))
    iq = peer.expect_jingle('session-initiate', reply=False)
    peer.refuse(iq, 'service-unavailable')
    assert ferry.exit() in (1, 5)
    assert ferry.wait('failed')['reason'] in ('refused', 'no-common-dialect'), ferry.find('failed')


@case('a replacement by in-band that is rejected leads to a fresh in-band session', limit=40)
def fresh_in_band(stage):
    peer = Peer(stage, stage.juliet)
    path = stage.file(20_000)
    ferry = stage.send(path, transport='s5b-direct,ibb')
    iq, sid, _ = offered(peer)
    content = iq.find(f'{{{JINGLE}}}jingle/{{{JINGLE}}}content')
    stream = content[1].get('sid')
    # Accepts, offers nothing, and cannot use what is offered.
    s5b = 'urn:xmpp:jingle:transports:s5b:1'
    accept = (f"<content creator='initiator' name='{content.get('name')}' senders='initiator'>"
              f"<description xmlns='{FILE_TRANSFER}'><file><name>x</name><size>20000</size></file></description>"
              f"<transport xmlns='{s5b}' sid='{stream}'/></content>")
    peer.jingle(iq.get('from'), 'session-accept', sid, accept)
    peer.jingle(iq.get('from'), 'transport-info', sid,
                f"<content creator='initiator' name='{content.get('name')}'>"
                f"<transport xmlns='{s5b}' sid='{stream}'><candidate-error/></transport></content>")
    replace = peer.expect_jingle('transport-replace')
    transport = replace.find(f'.//{{{JINGLE_IBB}}}transport')
    peer.jingle(iq.get('from'), 'transport-reject', sid,
                f"<content creator='initiator' name='{content.get('name')}'>"
                f"<transport xmlns='{JINGLE_IBB}' sid='{transport.get('sid')}' block-size='4096'/></content>")
    peer.expect_jingle('session-terminate')
    again, sid, stream = offered(peer)
    assert stream is not None, 'not in-band alone'
    accept_in_band(peer, again, sid, stream)
    take_in_band(peer, 20_000)
    terminate(peer, again, sid, '<success/>')
    assert ferry.exit() == 0


@case('a stranger is told nothing')
def stranger(stage):
    receiver = stage.receive(count=0, options=['--resource', 'desk'])
    name = stage.server.add_account(f'tybalt-{stage.romeo}', contacts=[])
    peer = Peer(stage, name.split('@')[0])
    to = f'{stage.jid(stage.juliet)}/desk'
    assert error_of(peer.offer(to, 'sid-1', 'x', 10)) == ('cancel', 'service-unavailable', None)
    reply = peer.request(to, f"<query xmlns='{DISCO}'/>", kind='get')
    assert reply.get('type') == 'error' or not reply.findall(f'.//{{{DISCO}}}feature'), 'told a stranger'
    time.sleep(0.3)
    assert not receiver.find('offer')
    until(lambda: receiver.process.poll() is None)
