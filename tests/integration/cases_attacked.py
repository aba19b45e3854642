# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at the server, or in the path, who wants to read, or to be taken for somebody else."""

import functools
import itertools
import os
import re
import ssl

from conversation import (PHRASE, assert_secure, begin, case, close, codes, cross, fingerprint, met, opened, pins,
                          refused, told, until)
from man_in_the_middle import (CAPS, LARGE, Flipper, Mallory, Scissors, action_of, fingerprint as digest, is_large, make_identity,
                               strip_features, strip_security, swap_fingerprints)
from peer import Peer
from tongues import FEATURES, speak
from wire import Wiretap

JINGLE = re.compile(r"(xmlns='urn:xmpp:jingle):[01](?=')")
OTHER_JINGLE = re.compile(r"<feature var='urn:xmpp:jingle:(?:0|apps:file-transfer:[0-4])'/>")
JINGLE_FEATURE = re.compile(r"<feature var='urn:xmpp:jingle:[^']*'/>")
SECRET = 'for her ears only'
FAILED = ('insecure', 'security', 'stripped', 'key-changed', 'refused', 'declined', 'peer-cancelled')


class Attack:
    """Mallory at the server of a stage.  @between: in the path, too, with a certificate of his own.

    @swap: every certificate that is announced is his.
    """

    def __init__(self, stage, tamper=None, between=False, swap=False, make_host=None, phrase=None, takes_part=False):
        self.stage = stage
        self.takes_part = takes_part
        self.mallories = []
        self.identity = make_identity(stage.folder)
        certificate = ssl.PEM_cert_to_DER_cert(self.identity[0].read_text())
        self.sha256 = digest(certificate)
        if swap:
            tamper = swap_fingerprints(digest(certificate, 'sha1'), self.sha256)
        if between:
            make_host = functools.partial(self.make_mallory, phrase)
        self.tap = Wiretap(stage, tamper, **({'make_host': make_host} if make_host else {}))

    def make_mallory(self, phrase, port):
        terms = {'phrase': phrase, 'user': self.stage.jid(self.stage.romeo)} if phrase else {'identity': self.identity}
        self.mallories.append(Mallory(port, sha256=self.sha256 if self.takes_part else None, **terms))
        return self.mallories[-1]

    def read(self):
        return b''.join(bytes(mallory.read) for mallory in self.mallories)

    def begin(self, *words, **both):
        """Romeo wants to tell Juliet something."""
        here, there = begin(self.stage, *words, here=self.tap.options(self.stage.romeo),
                            there=self.tap.options(self.stage.juliet), **both)
        here.say(SECRET)
        return here, there

    def send(self, size=300_000, policy='auto', **both):
        path = self.stage.file(size)
        here, there = self.tap.options(self.stage.romeo), self.tap.options(self.stage.juliet)
        for options in (here, there):
            options['options'] += ['--security', policy]
        receiver = self.stage.receive(**there, **both)
        return self.stage.send(path, **here, **both), receiver

    def assert_nothing_through(self, there):
        assert SECRET.encode() not in self.read() + self.tap.everything(), 'he could read it'
        assert not there.find('message') and not there.find('done')
        assert self.stage.received() == []


# ---- words taken away

def register_stripping(action, first, second):
    @case(f'stripped: {action} of a chat loses its security')
    def of_a_chat(stage):
        attack = Attack(stage, strip_security(action))
        here, there = attack.begin()
        told({'here': here, 'there': there}[first], 'stripped', waits=first == 'there')
        told({'here': here, 'there': there}[second], *FAILED)
        attack.assert_nothing_through(there)

    @case(f'stripped: {action} of a file loses its security')
    def of_a_file(stage):
        attack = Attack(stage, strip_security(action))
        here, there = attack.send()
        told({'here': here, 'there': there}[first], 'stripped', waits=first == 'there')
        told({'here': here, 'there': there}[second], *FAILED)
        attack.assert_nothing_through(there)
        assert not here.find('path', security='none') and not there.find('path', security='none')


register_stripping('session-initiate', 'there', 'here')
register_stripping('session-accept', 'here', 'there')


def assert_encrypted(*ferries):
    for ferry in ferries:
        assert ferry.exit() == 0 and ferry.wait('path')['security'] == 'tls', ferry.find('path')


@case('stripped: features of somebody known; the file is encrypted all the same', limit=30)
def features_of_known(stage):
    met(stage)
    assert_encrypted(*Attack(stage, strip_features).send())


@case('stripped: features of a stranger; where encryption is required, it is had')
def features_of_unknown(stage):
    assert_encrypted(*Attack(stage, strip_features).send(policy='required'))


@case('stripped: features of a stranger; where it is not required, the clear is called the clear')
def features_of_stranger(stage):
    """Nobody could know: what protects from this is having met before, or --security required."""
    for ferry in Attack(stage, strip_features).send():
        assert ferry.exit() == 0 and ferry.wait('path')['security'] == 'none', ferry.find('path')


@case('stripped: features; a chat is encrypted all the same')
def features_of_chat(stage):
    here, there = Attack(stage, strip_features).begin()
    assert there.wait('message')['body'] == SECRET and there.wait('path')['security'] == 'tls'
    close(here, there)


@case('stripped: everything; somebody known is not believed to have forgotten it', limit=30)
def all_of_known(stage):
    met(stage)
    strip = strip_security('session-initiate')
    attack = Attack(stage, lambda leaving, text: strip(leaving, strip_features(leaving, text)))
    here, there = attack.send()
    told(there, 'stripped', waits=True)
    told(here, *FAILED)
    attack.assert_nothing_through(there)


def no_jingle(leaving, text):
    """Nobody's program seems to speak what can be encrypted."""
    return JINGLE_FEATURE.sub('', CAPS.sub('', text))


def refuse_jingle(leaving, text):
    """The other side knows but one Jingle, does not understand offers in it after all, and says so."""
    text = OTHER_JINGLE.sub('', CAPS.sub('', text))
    return JINGLE.sub(r'\1:9', text) if action_of(text) == 'session-initiate' else text


def register_driven(tamper, label):
    @case(f'driven to dialects that cannot encrypt, {label}: works with who wants no encryption')
    def older(stage):
        for ferry in Attack(stage, tamper).send(policy='none'):
            assert ferry.exit() == 0 and ferry.wait('path')['dialect'] == 'si', ferry.find('path')


register_driven(no_jingle, 'by features')
register_driven(refuse_jingle, 'by errors')


@case('driven to dialects that cannot encrypt: not with somebody known', limit=30)
def older_for_known(stage):
    met(stage)
    attack = Attack(stage, no_jingle)
    here, there = attack.send()
    told(here, 'security', 'stripped', 'no-common-dialect')
    attack.assert_nothing_through(there)


@case('driven to dialects that cannot encrypt: not with somebody who said that he can')
def older_for_stranger(stage):
    attack = Attack(stage, refuse_jingle)
    here, there = attack.send()
    told(here, 'security', 'stripped', 'no-common-dialect')
    attack.assert_nothing_through(there)


def register_forged_offer(dialect):
    @case(f'an offer in the clear, in the name of somebody known, by {dialect}', limit=30)
    def forged_offer(stage):
        met(stage)
        there = stage.receive(options=['--resource', 'desk'])
        peer = Peer(stage, stage.romeo, features=FEATURES)
        tongue = speak(dialect, peer, f'{stage.jid(stage.juliet)}/desk')
        try:
            tongue.offer('file.bin', 1000, tongue.hash_of(bytes(1000)))
        except AssertionError:
            pass  # refused at once, where that can be said at once
        assert not there.find('path') and not there.find('done') and stage.received() == []
        told(there, 'stripped', 'security', waits=True)


for each in ('jingle-1', 'jingle-0', 'si', 'si-87', 'rel'):
    register_forged_offer(each)


@case('a message from the server is no message of the chat')
def forged_message(stage):
    tap = Wiretap(stage)
    here, there = opened(stage, here=tap.options(stage.romeo), there=tap.options(stage.juliet))
    wire, own = tap.wires[stage.juliet], there.wait('connected')['jid']
    peer = here.wait('connected')['jid']
    wire.tell_client(f"<message from='{peer}' to='{own}' type='chat' id='f1'><body>forged</body>"
                     "<request xmlns='urn:xmpp:receipts'/></message>")
    wire.tell_client(f"<iq from='{peer}' to='{own}' type='get' id='f2'><pubkeys xmlns='urn:xmpp:tmp:pubkey'/></iq>")
    wire.tell_client(f"<iq from='{peer}' to='{own}' type='set' id='f3'><commit xmlns='urn:ferry:comparison:0'>"
                     f"{'0' * 64}</commit></iq>")
    answers = {}
    until(lambda: answers.update({i: text for leaving, text in list(wire.heard) if leaving
                                  for i in ('f2', 'f3') if f'"{i}"' in text or f"'{i}'" in text}) or len(answers) == 2,
          what='no answer')
    assert all("type='error'" in text or 'type="error"' in text for text in answers.values()), answers
    cross(here, there)
    assert 'forged' not in [e['body'] for e in there.find('message')] and not there.find('code')
    close(here, there)


# ---- certificates

@case('swapped fingerprints, nobody in the path: both refuse')
def swapped(stage):
    attack = Attack(stage, swap=True)
    here, there = attack.begin()
    refused(here, *FAILED)
    told(there, *FAILED)
    attack.assert_nothing_through(there)
    for name in (stage.romeo, stage.juliet):
        assert attack.sha256 not in pins(stage, name), 'it was trusted'


@case('somebody in the path, with a certificate nobody announced: both refuse')
def between_only(stage):
    attack = Attack(stage, between=True)
    here, there = attack.begin()
    refused(here, *FAILED)
    told(there, *FAILED)
    assert attack.mallories, 'nobody was in the path'
    attack.assert_nothing_through(there)


@case('somebody in the path, whose certificate was announced, of people who know each other', limit=40)
def between_known(stage):
    met(stage)
    before = pins(stage, stage.romeo), pins(stage, stage.juliet)
    attack = Attack(stage, between=True, swap=True)
    here, there = attack.begin()
    told(there, 'key-changed')
    refused(here, *FAILED)
    attack.assert_nothing_through(there)
    for name, other, text in ((stage.romeo, stage.juliet, before[0]), (stage.juliet, stage.romeo, before[1])):
        assert fingerprint(stage, other) in text and fingerprint(stage, other) in pins(stage, name), 'the pin is gone'


@case('somebody in the path of a file, of people who know each other', limit=40)
def between_file(stage):
    met(stage)
    attack = Attack(stage, between=True, swap=True)
    here, there = attack.send()
    told(there, 'key-changed', waits=True)
    told(here, *FAILED)
    attack.assert_nothing_through(there)


@case('somebody in the path at first use is never taken for verified, and shows his own fingerprint')
def between_unknown(stage):
    """What certificates alone cannot prevent is found when people compare."""
    attack = Attack(stage, between=True, swap=True)
    ferries = attack.begin()
    for ferry in ferries:
        event = ferry.wait('secure')
        assert event['verified'] == 'no', event
        assert event['fingerprint'].replace(':', '').lower() == attack.sha256, event
    close(*ferries)


@case('somebody in the path who only passes on what people compare is found out by the programs')
def between_compared(stage):
    ferries = Attack(stage, between=True, swap=True).begin('--compare')
    for ferry in ferries:
        assert ferry.wait('secure')['verified'] == 'no'
        told(ferry, 'insecure')
    assert sum(len(ferry.find('code')) for ferry in ferries) < 2, 'nobody noticed'


@case('somebody in the path who takes part in the comparison is found out by the people')
def between_comparing(stage):
    here, there = Attack(stage, between=True, swap=True, takes_part=True).begin('--compare')
    first, second = codes(here, there)
    assert first != second, 'they would not notice'
    close(here, there)


@case('somebody in the path cannot guess the phrase')
def between_phrase(stage):
    attack = Attack(stage, between=True, swap=True, phrase='password')
    here, there = attack.begin(phrase=PHRASE)
    refused(here, 'phrase', 'insecure')
    told(there, 'phrase', 'insecure')
    attack.assert_nothing_through(there)


@case('who asked for a phrase does not take a certificate instead')
def phrase_downgraded(stage):
    """The offer of the phrase is taken out on its way; so is its absence from the answer."""
    def tamper(leaving, text):
        return re.sub(r"<method\b[^>]*name='srp'[^>]*/>", '', text)
    attack = Attack(stage, tamper)
    here, there = attack.begin(phrase=PHRASE)
    refused(here, 'phrase', *FAILED)
    told(there, 'phrase', *FAILED)
    attack.assert_nothing_through(there)


@case('fingerprints taken away: a certificate that nobody announced is nobody\'s')
def without_fingerprints(stage):
    attack = Attack(stage, lambda leaving, text: re.sub(r'<fingerprint\b.*?</fingerprint>', '', text))
    here, there = attack.begin()
    told(there, *FAILED)
    refused(here, *FAILED)
    attack.assert_nothing_through(there)


@case('the method is not what somebody says in between')
def other_method(stage):
    def tamper(leaving, text):
        return text.replace("name='x509'", "name='srp'") if "action='security-info'" in text else text
    attack = Attack(stage, tamper)
    here, there = attack.begin()
    told(there, *FAILED)
    refused(here, *FAILED)
    attack.assert_nothing_through(there)


@case('after an attack the real one is met again as before', limit=40)
def after(stage):
    """Stripping accuses nobody's certificate."""
    met(stage)
    attack = Attack(stage, strip_security('session-accept'))
    here, there = attack.begin()
    told(here, 'stripped')
    for ferry in (here, there):
        ferry.hang_up()
        ferry.exit()
    attack.tap.close()
    here, there = opened(stage)
    assert_secure(stage, here, there)
    cross(here, there)
    close(here, there)


@case('other words about a file: its bytes are judged by them, and its name is only a name')
def other_words(stage):
    def tamper(leaving, text):
        if action_of(text) != 'session-initiate':
            return text
        return re.sub(r'<name>[^<]*</name>', '<name>../../.profile</name>', text)
    attack = Attack(stage, tamper)
    for ferry in attack.send():
        assert ferry.exit() == 0
    assert stage.received() == ['profile'], stage.received()
    attack.tap.tamper = lambda leaving, text: re.sub(r'<size>300000</size>', '<size>299999</size>', text)
    here, there = attack.send()
    for ferry in (there, here):
        told(ferry, 'too-large')
    assert stage.received() == ['profile'], stage.received()


# ---- the path

def is_server_hello(number, record):
    return record[0] == 0x16 and record[5] == 2


@case('cut in the middle of a handshake: a file is not sent in the clear')
def cut_handshake(stage):
    attack = Attack(stage, make_host=functools.partial(Scissors, when=is_server_hello))
    here, there = attack.send(transport='s5b-direct')
    told(here, *FAILED)
    told(there, *FAILED)
    attack.assert_nothing_through(there)


@case('cut in the middle of a handshake: no word of a chat is said')
def cut_chat_handshake(stage):
    attack = Attack(stage, make_host=functools.partial(Scissors, when=is_server_hello))
    here, there = attack.begin(transport='s5b-direct')
    refused(here, *FAILED, 'lost')
    refused(there, *FAILED, 'lost')
    attack.assert_nothing_through(there)


@case('cut in the middle of a record: the file is not complete, and it is said')
def cut_record(stage):
    attack = Attack(stage, make_host=functools.partial(Scissors, when=is_large))
    here, there = attack.send(transport='s5b-direct')
    told(there, 'truncated', *FAILED)
    told(here, 'truncated', 'peer-gone', *FAILED)
    attack.assert_nothing_through(there)


@case('cut between two records: an end that TLS does not know of is no end')
def cut_between(stage):
    attack = Attack(stage, make_host=functools.partial(Scissors, when=is_large, whole=True))
    here, there = attack.send(transport='s5b-direct')
    told(there, 'truncated', *FAILED)
    told(here, 'truncated', 'peer-gone', *FAILED)
    attack.assert_nothing_through(there)


@case('a bit turned over in the path of a file ends it')
def flipped(stage):
    attack = Attack(stage, make_host=Flipper)
    here, there = attack.send(transport='s5b-direct')
    told(there, 'security')
    told(here, 'truncated', 'peer-gone', *FAILED)
    attack.assert_nothing_through(there)


@case('a bit turned over in-band ends it, too')
def flipped_in_band(stage):
    blocks = itertools.count()

    def tamper(leaving, text):
        if leaving or '<data' not in text or len(text) < LARGE or next(blocks) != 3:
            return text
        return re.sub(r'(>[A-Za-z0-9+/]{40})(.)', lambda m: m[1] + ('A' if m[2] != 'A' else 'B'), text, count=1)
    attack = Attack(stage, tamper)
    here, there = attack.send(transport='ibb')
    told(there, 'security')
    told(here, 'truncated', 'peer-gone', *FAILED)
    attack.assert_nothing_through(there)


@case('an end that somebody forged in-band is no end')
def forged_end(stage):
    blocks = itertools.count()

    def tamper(leaving, text):
        if leaving or '<data' not in text or len(text) < LARGE or next(blocks) != 3:
            return text
        return re.sub(r'<data\b[^>]*(sid=\'[^\']*\').*?</data>',
                      r"<close xmlns='http://jabber.org/protocol/ibb' \1/>", text)
    attack = Attack(stage, tamper)
    here, there = attack.send(transport='ibb')
    told(there, 'truncated', *FAILED)
    told(here, 'truncated', 'peer-gone', *FAILED)
    attack.assert_nothing_through(there)


def talk_and_cut(stage, line, **terms):
    """@line is on its way when the cable breaks, and never arrives as something else."""
    armed = []
    make = functools.partial(Scissors, when=lambda number, record: bool(armed) and record[0] == 0x17, **terms)
    attack = Attack(stage, make_host=make)
    here, there = opened(stage, here=attack.tap.options(stage.romeo), there=attack.tap.options(stage.juliet),
                         transport='s5b-direct')
    cross(here, there, 'before')
    armed.append(True)
    here.say(line)
    return attack, here, there


def assert_lost(here, there):
    here.wait('undelivered')
    for ferry in (here, there):
        told(ferry, 'lost')
    assert len(here.find('delivered')) == 1
    assert [e['body'] for e in there.find('message')] == ['before']


@case('cut in the middle of a message: not a word of it is shown, and it is not called delivered')
def cut_message(stage):
    attack, here, there = talk_and_cut(stage, 'after ' * 8000, whole=True)
    until(lambda: any(h.done for h in attack.tap.hosts.values()), what='nothing was cut')
    assert_lost(here, there)


@case('cut in the middle of a record of a chat: what was said is marked undelivered')
def cut_chat_record(stage):
    assert_lost(*talk_and_cut(stage, 'after')[1:])
