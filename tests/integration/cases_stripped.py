# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at the server who takes away what is said of encryption, and forges what is not encrypted."""

import re

from attack import FAILED, SECRET, Attack
from conversation import case, close, cross, met, opened, told, until
from man_in_the_middle import CAPS, action_of, strip_features, strip_security
from peer import Peer
from tongues import FEATURES, speak
from wire import Wiretap

JINGLE = re.compile(r"(xmlns='urn:xmpp:jingle):[01](?=')")
OTHER_JINGLE = re.compile(r"<feature var='urn:xmpp:jingle:(?:0|apps:file-transfer:[0-4])'/>")
JINGLE_FEATURE = re.compile(r"<feature var='urn:xmpp:jingle:[^']*'/>")


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
