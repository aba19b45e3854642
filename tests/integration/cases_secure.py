# SPDX-License-Identifier: GPL-3.0-or-later
"""Chats and files end to end: who trusts whom, by what, and over which path."""

import re
import xml.etree.ElementTree as ET

from conversation import (PHRASE, TRANSPORTS, assert_secure, begin, case, chat, close, codes, cross, fingerprint,
                          identity, met, opened, pins, refused, told)
from peer import FEATURES, JINGLE, Peer, reason_of
from stage import assert_crossed, signal


def send(stage, size=200_001, here=None, there=None, **both):
    """One file from Romeo to Juliet; both, on their way."""
    def words(options):
        options = {**both, **(options or {})}
        security = options.pop('security', None)
        options['options'] = [*options.get('options', ()), *(['--security', security] if security else [])]
        return options
    receiver = stage.receive(**words(there))
    path = stage.file(size)
    return path, stage.send(path, **words(here)), receiver


def sent(stage, transport=None, security='tls', **options):
    """It arrives, and both say how it was protected."""
    path, here, there = send(stage, transport=transport, **options)
    assert_crossed(stage, here, there, path, transport)
    found = [e['security'] for ferry in (here, there) for e in ferry.find('path')]
    assert found == [security] * 2, found
    (stage.inbox / path.name).unlink()
    return here, there


def register_path(transport):
    @case(f'words cross both ways by {transport}, and are confirmed')
    def talk(stage):
        here, there = opened(stage, transport=transport)
        assert_secure(stage, here, there)
        for ferry in (here, there):
            assert ferry.wait('path')['transport'] == transport, ferry.find('path')
        cross(here, there)
        close(here, there)

    @case(f'who was asked may close first, by {transport}')
    def close_there(stage):
        here, there = opened(stage, transport=transport)
        cross(here, there)
        close(there, here)

    @case(f'a file crosses encrypted by {transport}')
    def file(stage):
        sent(stage, transport)

    @case(f'a phrase that both know opens a chat by {transport}')
    def phrase(stage):
        here, there = opened(stage, transport=transport, phrase=PHRASE)
        assert_secure(stage, here, there, 'phrase', 'srp')
        cross(here, there)
        close(here, there)


for each in TRANSPORTS:
    register_path(each)


@case('a file that is asked for crosses encrypted')
def requested(stage):
    path = stage.file(1000, 'sonnet.txt')
    there = stage.ferry(stage.romeo, 'share', path.parent, options=['--security', 'required'])
    there.wait('connected')
    here = stage.ferry(stage.juliet, 'request', stage.jid(stage.romeo), 'sonnet.txt', '--dir', stage.inbox,
                       options=['--security', 'required'])
    assert here.exit() == 0, here.find('failed')
    assert [f.wait('path')['security'] for f in (here, there)] == ['tls', 'tls']
    assert (stage.inbox / 'sonnet.txt').read_bytes() == path.read_bytes()


@case('an empty file and a long one cross encrypted')
def sizes(stage):
    sent(stage, size=0)
    sent(stage, size=20_000_003)


@case('a long line arrives whole')
def long_line(stage):
    here, there = opened(stage)
    cross(here, there, 'O! ' * 20_000)
    close(here, there)


@case('lines said before the chat is open arrive, in order')
def early(stage):
    here, there = begin(stage)
    for number in range(50):
        here.say(f'line {number}')
    there.wait('message', body='line 49')
    assert [e['body'] for e in there.find('message')] == [f'line {n}' for n in range(50)]
    close(here, there)


@case('both people see the same number to compare, another one each time', limit=30)
def compared(stage):
    seen = []
    for _ in range(2):
        here, there = begin(stage, '--compare')
        first, second = codes(here, there)
        assert first == second and re.fullmatch(r'\d{3} \d{3} \d{3}', first), (first, second)
        seen.append(first)
        close(here, there)
    assert seen[0] != seen[1]


@case('lines that are piped in arrive before the end')
def piped(stage):
    here, there = begin(stage)
    for number in range(20):
        here.say(f'line {number}')
    close(here, there)
    assert [e['body'] for e in there.find('message')] == [f'line {n}' for n in range(20)]
    assert len(here.find('delivered')) == 20


@case('a chat by its own path outlives the connection to the server')
def without_server(stage):
    relay = stage.relay()
    here, there = opened(stage, transport='s5b-direct', here={'server': relay.address})
    cross(here, there)
    assert relay.cut() == 1
    here.wait('error')
    cross(here, there, 'still here')
    close(here, there)


@case('an interrupted chat ends for both')
def interrupted(stage):
    here, there = opened(stage)
    cross(here, there)
    here.signal(signal.SIGINT)
    assert here.exit() == 130 and there.exit() == 0


@case('who vanishes from a chat is missed', limit=40)
def vanished(stage):
    here, there = opened(stage)
    cross(here, there)
    here.kill()
    told(there, 'lost')


@case('who asks for no chat is in none: 4')
def not_wanted(stage):
    there = stage.receive()
    here = chat(stage, stage.romeo, stage.juliet)
    here.say('hello?')
    assert here.exit() == 4, 'not declined'
    told(here, 'declined', waits=True)
    assert there.process.poll() is None and not there.find('secure')


# ---- who is who

@case('who is met again is known by the certificate', limit=30)
def known(stage):
    met(stage)
    here, there = opened(stage)
    assert_secure(stage, here, there)
    close(here, there)
    sent(stage)
    assert fingerprint(stage, stage.juliet) in pins(stage, stage.romeo)
    assert fingerprint(stage, stage.romeo) in pins(stage, stage.juliet)


@case('a file makes people known, too: one trust for chats and files', limit=30)
def known_by_file(stage):
    sent(stage)
    known_now = fingerprint(stage, stage.juliet)
    identity(stage, stage.juliet).unlink()
    here, there = begin(stage)
    refused(here, 'key-changed')
    refused(there, 'insecure', 'declined', 'refused')
    assert known_now in pins(stage, stage.romeo)


@case('after a phrase the certificate alone is verified', limit=30)
def phrase_remembered(stage):
    met(stage, phrase=PHRASE)
    here, there = opened(stage)
    assert_secure(stage, here, there, 'phrase')
    close(here, there)
    here, there = sent(stage)
    assert [e['verified'] for f in (here, there) for e in f.find('path')] == ['phrase'] * 2


@case('another certificate than the known one: nothing is said, and both are told', limit=40)
def changed(stage):
    met(stage)
    before = fingerprint(stage, stage.juliet)
    identity(stage, stage.juliet).unlink()
    here, there = begin(stage)
    here.say('for her ears only')
    refused(here, 'key-changed')
    there.hang_up()
    refused(there, 'insecure', 'declined', 'refused')
    assert fingerprint(stage, stage.juliet) != before
    assert before in pins(stage, stage.romeo), 'the pin is gone'
    there = stage.receive()
    refused(stage.send(stage.file(1000)), 'key-changed')
    assert not there.find('offer'), 'it was offered all the same'


@case('another certificate than the known one: no file is sent, and none taken', limit=40)
def changed_file(stage):
    met(stage)
    identity(stage, stage.juliet).unlink()
    _, here, there = send(stage)
    refused(here, 'key-changed')
    refused(there, 'security')
    assert stage.received() == [], 'it went'


@case('a known one whose certificate changed cannot send us anything', limit=40)
def changed_sender(stage):
    met(stage)
    identity(stage, stage.romeo).unlink()
    _, here, there = send(stage)
    told(there, 'key-changed', waits=True)
    refused(here, 'security')
    assert stage.received() == [], 'it went'


@case('a phrase brings a changed certificate back into trust', limit=40)
def recovered(stage):
    met(stage)
    identity(stage, stage.juliet).unlink()
    here, there = begin(stage)
    refused(here, 'key-changed')
    there.hang_up()
    there.exit()
    met(stage, phrase=PHRASE)
    here, there = opened(stage)
    assert_secure(stage, here, there, 'phrase')
    close(here, there)


# ---- phrases

@case('not the same phrase: nothing is said, and both are told')
def wrong_phrase(stage):
    here, there = begin(stage, here={'phrase': PHRASE}, there={'phrase': PHRASE + '!'})
    here.say('for her ears only')
    refused(here, 'phrase')
    refused(there, 'phrase')


@case('a phrase on the side that asks only: nothing is said')
def phrase_here(stage):
    here, there = begin(stage, here={'phrase': PHRASE})
    here.say('for her ears only')
    refused(here, 'phrase', 'declined')
    there.hang_up()
    assert there.exit() in (0, 1, 4) and not there.find('message') and not there.find('secure')


@case('a phrase on the side that is asked only: nothing is said')
def phrase_there(stage):
    here, there = begin(stage, there={'phrase': PHRASE})
    here.say('for her ears only')
    refused(here, 'phrase', 'insecure', 'declined')
    there.hang_up()
    assert there.exit() in (0, 1, 4) and not there.find('message') and not there.find('secure')


# ---- those who cannot, or do not want to

@case('policy: a peer that cannot encrypt gets a file in the clear, and it is said')
def peer_cannot_auto(stage):
    sent(stage, security='none', there={'security': 'none'})
    sent(stage, security='none', here={'security': 'none'})


@case('policy: encryption required, of a peer that knows of none: not a byte')
def peer_cannot_required(stage):
    peer = Peer(stage, stage.juliet)
    here = stage.send(stage.file(1000), options=['--security', 'required'])
    offer = peer.expect_jingle('session-initiate')
    content = offer.find(f'{{{JINGLE}}}jingle/{{{JINGLE}}}content')
    for security in [e for e in content if e.tag.endswith('}security')]:
        content.remove(security)
    text = ET.tostring(content, encoding='unicode')
    peer.jingle(offer.get('from'), 'session-accept', offer.find(f'{{{JINGLE}}}jingle').get('sid'), text)
    assert reason_of(peer.expect_jingle('session-terminate'))[0] == 'security-error'
    refused(here, 'security', 'no-common-dialect')


@case('policy: encryption required of a peer whose person wants none is what both get')
def peer_does_not_want(stage):
    sent(stage, here={'security': 'required'}, there={'security': 'none'})


@case('policy: encryption required of whoever sends')
def sender_cannot_required(stage):
    _, here, there = send(stage, here={'security': 'none'}, there={'security': 'required'})
    refused(here, 'security', 'refused', 'declined', 'no-common-dialect')
    assert there.wait('failed')['reason'] == 'security', there.find('failed')
    assert stage.received() == []


@case('policy: required on both sides is met')
def both_require(stage):
    sent(stage, here={'security': 'required'}, there={'security': 'required'})


@case('policy: required leaves out the dialects that cannot encrypt')
def required_dialect(stage):
    there = stage.receive()
    here = stage.send(stage.file(1000), options=['--security', 'required', '--dialect', 'si'])
    refused(here, 'security', 'no-common-dialect')
    assert stage.received() == [] and not there.find('offer')


@case('a contact whose program knows no chats: 5')
def no_chats(stage):
    Peer(stage, stage.juliet, features=FEATURES)
    here = chat(stage, stage.romeo, stage.juliet)
    assert here.exit() == 5
    assert not here.find('secure')


@case('a contact who is not there to talk to: 1')
def nobody(stage):
    here = chat(stage, stage.romeo, stage.juliet)
    assert here.exit(20) == 1
    assert here.wait('failed')['reason'] == 'offline', here.find('failed')


@case('the identity is for its owner alone', limit=30)
def private(stage):
    met(stage)
    assert identity(stage, stage.romeo).stat().st_mode & 0o777 == 0o600
