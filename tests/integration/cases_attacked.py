# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at the server, or in the path, who wants to be taken for somebody else."""

import re

from attack import FAILED, Attack
from conversation import (PHRASE, assert_secure, case, close, codes, cross, fingerprint, met, opened, pins, refused,
                          told)
from man_in_the_middle import action_of, strip_security


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
