# SPDX-License-Identifier: GPL-3.0-or-later
"""Two ferry-clis that talk end to end, or find out that they cannot."""

import hashlib
import itertools
import sqlite3
import ssl

from runner import case
from stage import until

PHRASE = 'the lark at break of day arising'
WORDS = 'wherefore art thou, 🌹 <&> "Romeo"?'
TRANSPORTS = ['s5b-direct', 's5b-proxy', 'ibb']

numbers = itertools.count()


def chat(stage, name, to, *words, phrase=None, security=None, options=(), **others):
    """@name talks to @to."""
    if phrase is not None:
        path = stage.folder / f'phrase-{next(numbers)}'
        path.write_text(phrase + '\n')
        words = [*words, '--phrase-file', path]
    policy = ['--security', security] if security else []
    return stage.ferry(name, 'chat', stage.jid(to), *words, talks=True, options=[*options, *policy], **others)


def begin(stage, *words, here=None, there=None, **both):
    """Romeo opens a chat, Juliet waits for it.  @here, @there: options of one of them."""
    juliet = chat(stage, stage.juliet, stage.romeo, '--wait', *words, **{**both, **(there or {})})
    juliet.wait('connected')
    return chat(stage, stage.romeo, stage.juliet, *words, **{**both, **(here or {})}), juliet


def opened(stage, **options):
    """Both, once they can talk."""
    ferries = begin(stage, **options)
    for ferry in ferries:
        ferry.wait('secure')
    return ferries


def cross(here, there, words=WORDS):
    """One line each way, each confirmed."""
    for teller, listener in ((here, there), (there, here)):
        before = len(teller.find('delivered'))
        teller.say(words)
        listener.wait('message', body=words)
        until(lambda: len(teller.find('delivered')) > before, what='not confirmed')


def close(first, second):
    """@first hangs up; both end well."""
    first.hang_up()
    assert first.exit() == 0, 'who closes is not content'
    assert second.exit() == 0, 'who is left is not content'
    assert not first.find('failed') and not second.find('failed')


def met(stage, **options):
    """They have talked once before."""
    here, there = opened(stage, **options)
    cross(here, there)
    close(here, there)


def codes(*ferries):
    """The numbers that the people compare."""
    return [ferry.wait('code')['code'] for ferry in ferries]


def identity(stage, name):
    return stage.folder / f'data-{name}' / f'identity-{stage.jid(name)}.pem'


def fingerprint(stage, name):
    """SHA-256 of the certificate of @name, as its file has it."""
    text = identity(stage, name).read_text()
    start = text.index('-----BEGIN CERTIFICATE')
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text[start:text.index('-----END CERTIFICATE') + 25])).hexdigest()


def assert_secure(stage, here, there, verified='no', method='x509'):
    """Each knows the other, as it really is."""
    for ferry, name in ((here, stage.juliet), (there, stage.romeo)):
        event = ferry.wait('secure')
        assert event['verified'] == verified and event['method'] == method, event
        assert event['fingerprint'].replace(':', '').lower() == fingerprint(stage, name), event
        assert event['peer'].startswith(stage.jid(name)), event


def pins(stage, name):
    """What @name has stored of others: rows, as text."""
    path = stage.folder / f'data-{name}' / 'trust.db'
    with sqlite3.connect(f'file:{path}?mode=ro', uri=True) as store:
        tables = [row[0] for row in store.execute("select name from sqlite_master where type = 'table'")]
        return ' '.join(str(row) for table in tables for row in store.execute(f'select * from "{table}"'))


def told(ferry, *reasons, waits=False):
    """It says why, for one of @reasons.  @waits: for another offer, then; this one was none."""
    assert ferry.wait('failed')['reason'] in reasons, ferry.find('failed')
    if waits:
        return
    if ferry.process.stdin:
        ferry.hang_up()
    assert ferry.exit() != 0, 'takes it for a success'


def refused(ferry, *reasons):
    """It says why, for one of these reasons, and nothing crossed."""
    told(ferry, *reasons)
    found = {e['reason'] for e in ferry.find('failed')}
    assert found <= set(reasons), f'{found} instead of one of {reasons}'
    assert not ferry.find('message') and not ferry.find('done')


__all__ = ['PHRASE', 'TRANSPORTS', 'WORDS', 'assert_secure', 'begin', 'case', 'chat', 'close',
           'codes', 'cross', 'fingerprint', 'identity', 'met', 'opened', 'pins', 'refused', 'told', 'until']
