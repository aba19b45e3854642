# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths that break, or change what they carry."""

import functools
import itertools
import re

from attack import FAILED, Attack
from conversation import case, cross, opened, refused, told, until
from man_in_the_middle import LARGE, Flipper, Scissors, is_large


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
