#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ferry-cli chats, and exchanges files, with a client of XTLS that shares no code with it.

Usage: test-xtls.py FERRY_CLI [PART-OF-A-NAME...]      prints TAP
Romeo is ferry-cli, Juliet the other client.
"""

import functools
import importlib.util
import os
import pathlib
import signal
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

from xtls_stage import XtlsStage, digest, fingerprint     # noqa: E402

import results                                            # noqa: E402
import runner                                             # noqa: E402
import sandbox                                            # noqa: E402
from conversation import PHRASE, chat, told               # noqa: E402
from conversation import fingerprint as ours              # noqa: E402
from prosody import Prosody                               # noqa: E402
from runner import case                                   # noqa: E402

NAME = 'slixmpp and OpenSSL'
LINE = 'Hällo <&> "🌹"'


def trial(name, dialect, scenario, transport, limit=30):
    """A case whose outcome goes to the table."""
    def register(function):
        @functools.wraps(function)
        def wrapper(stage):
            outcome = 'fails'
            try:
                function(stage)
                outcome = results.GOOD
            finally:
                results.record(NAME, dialect, transport, scenario, outcome)
        case(name, limit=limit)(wrapper)
        return function
    return register


# ---- what happens in most cases

def ask_ferry(stage, phrase=None, options=(), **peer_options):
    """Juliet asks; both, once they can talk."""
    ferry = chat(stage, stage.romeo, stage.juliet, '--wait', phrase=phrase, options=options)
    ferry.wait('connected')
    peer = stage.peer(**terms(phrase, peer_options))
    peer.command('chat', seen(stage, peer))
    return talking(ferry, peer)


def ask_peer(stage, *words, phrase=None, options=(), **peer_options):
    peer = stage.peer(**terms(phrase, peer_options))
    ferry = chat(stage, stage.romeo, stage.juliet, *words, phrase=phrase, options=options)
    return talking(ferry, peer)


def terms(phrase, peer_options):
    return {**peer_options, **({'phrase': phrase} if phrase else {})}


def seen(stage, peer):
    return peer.wait('presence', where=lambda e: e['peer'].startswith(stage.jid(stage.romeo)))['peer']


def talking(ferry, peer):
    peer.wait('open')
    ferry.wait('secure')
    return ferry, peer


def cross(ferry, peer):
    """A line each way, each confirmed."""
    ferry.say(LINE)
    assert peer.wait('message')['body'] == LINE
    ferry.wait('delivered')
    peer.command('say', LINE)
    assert ferry.wait('message')['body'] == LINE
    assert peer.wait('delivered')['id'] == peer.wait('said')['id']


def close_here(ferry, peer):
    ferry.hang_up()
    assert ferry.exit() == 0 and peer.wait('closed')['by'] == 'them'


def close_there(ferry, peer):
    peer.command('close')
    assert peer.wait('closed')['by'] == 'us' and ferry.exit() == 0


def assert_known(stage, ferry, peer, method='x509', verified='no'):
    """Each has the other's certificate as it is."""
    mine, yours = ferry.wait('secure'), peer.wait('secure')
    theirs = fingerprint(stage.identity(stage.juliet)[0])
    assert (mine['method'], mine['verified']) == (method, verified), mine
    assert mine['fingerprint'].replace(':', '').lower() == theirs, mine
    if method == 'srp':
        assert peer.wait('pubkeys')['fingerprints'][:1] == [ours(stage, stage.romeo)], peer.find('pubkeys')
    else:
        assert yours['fingerprint'] == ours(stage, stage.romeo), yours


# ---- chats

def register_chats(label, **options):
    path = 'ibb' if options.get('transport') == 'ibb' else 's5b-direct'
    dialect = f"stream-{options.get('dialect', '1')}"

    @trial(f'it asks for a chat: {label}', dialect, 'it sends', path)
    def asked(stage):
        ferry, peer = ask_ferry(stage, **options)
        assert_known(stage, ferry, peer)
        assert peer.find('header')[0]['peer'] == seen(stage, peer), peer.find('header')
        cross(ferry, peer)
        close_there(ferry, peer)

    @trial(f'Ferry asks for a chat: {label}', dialect, 'we send', path)
    def asks(stage):
        ferry, peer = ask_peer(stage, **options, options=['--transport', 'ibb'] if path == 'ibb' else ())
        assert_known(stage, ferry, peer)
        cross(ferry, peer)
        close_here(ferry, peer)


register_chats('Jingle 1')
register_chats('Jingle 1 in-band', transport='ibb')
register_chats('Jingle 0, as the draft has it', dialect='0', namespace='tmp', form='offer')
register_chats('Jingle 0, the final name, in-band', dialect='0', transport='ibb')


def register_phrases(label, **options):
    @case(f'it asks with a phrase: {label}')
    def asked(stage):
        ferry, peer = ask_ferry(stage, phrase=PHRASE, **options)
        assert_known(stage, ferry, peer, 'srp', 'phrase')
        cross(ferry, peer)
        close_here(ferry, peer)

    @case(f'Ferry asks with a phrase: {label}')
    def asks(stage):
        ferry, peer = ask_peer(stage, phrase=PHRASE, **options)
        assert_known(stage, ferry, peer, 'srp', 'phrase')
        cross(ferry, peer)
        close_there(ferry, peer)


register_phrases('Jingle 1')
register_phrases('Jingle 0, as the draft has it', dialect='0', namespace='tmp', form='offer')


@case('it calls itself by its full JID with a phrase')
def full_user(stage):
    ferry, peer = ask_ferry(stage, phrase=PHRASE, full_user=True)
    cross(ferry, peer)
    close_here(ferry, peer)


@case('it has another phrase: both know, and no word goes')
def wrong_phrase(stage):
    peer = stage.peer(phrase='by any other name')
    ferry = chat(stage, stage.romeo, stage.juliet, phrase=PHRASE)
    ferry.say(LINE)
    told(ferry, 'phrase')
    peer.wait('failed')
    assert not peer.find('message')


@case('it asks with another phrase: both know, and no word goes')
def wrong_phrase_here(stage):
    ferry = chat(stage, stage.romeo, stage.juliet, '--wait', phrase=PHRASE)
    ferry.wait('connected')
    peer = stage.peer(phrase='by any other name')
    peer.command('chat', seen(stage, peer))
    peer.wait('failed')
    told(ferry, 'phrase')


@case('its server of TLS 1.3 says nothing by itself after the handshake')
def no_tickets(stage):
    ferry, peer = ask_peer(stage, tickets=0)
    cross(ferry, peer)
    close_here(ferry, peer)


def register_key(kind, **options):
    @case(f'its certificate is of another kind: {kind} {" ".join(options)}')
    def asked(stage):
        ferry, peer = ask_ferry(stage, kind=kind, **options)
        assert peer.wait('secure')['cipher'].startswith('TLSv1.2' if 'old' in options else 'TLSv1.3')
        assert_known(stage, ferry, peer)
        cross(ferry, peer)
        close_there(ferry, peer)

    @case(f'its certificate is of another kind, if Ferry asks: {kind} {" ".join(options)}')
    def asks(stage):
        ferry, peer = ask_peer(stage, kind=kind, **options)
        assert_known(stage, ferry, peer)
        cross(ferry, peer)
        close_here(ferry, peer)


register_key('p256')
register_key('rsa')
register_key('p256', old=True)


def register_bad_key(kind):
    @case(f'its certificate is too weak: {kind}')
    def asked(stage):
        ferry = chat(stage, stage.romeo, stage.juliet, '--wait')
        ferry.wait('connected')
        peer = stage.peer(kind=kind, weak=True)
        peer.command('chat', seen(stage, peer))
        told(ferry, 'insecure')
        peer.wait('failed')
        assert not peer.find('open')

    @case(f'its certificate is too weak, if Ferry asks: {kind}')
    def asks(stage):
        peer = stage.peer(kind=kind, weak=True)
        ferry = chat(stage, stage.romeo, stage.juliet)
        ferry.say(LINE)
        told(ferry, 'insecure')
        assert not peer.find('message')


register_bad_key('small')
register_bad_key('sha1')


@case('after a phrase its certificate is verified the next time', limit=40)
def remembered(stage):
    ferry, peer = ask_peer(stage, phrase=PHRASE)
    close_here(ferry, peer)
    peer.command('quit')
    ferry, peer = ask_peer(stage)
    assert_known(stage, ferry, peer, 'x509', 'phrase')
    close_here(ferry, peer)


@case('it comes with another certificate than before: not a word', limit=40)
def changed(stage):
    ferry, peer = ask_peer(stage)
    close_here(ferry, peer)
    peer.command('quit')
    for path in stage.identity(stage.juliet):
        path.unlink()
    peer = stage.peer()
    ferry = chat(stage, stage.romeo, stage.juliet)
    ferry.say(LINE)
    told(ferry, 'key-changed')
    assert not peer.find('message')


def register_comparison(label, **options):
    @case(f'both see the same number to compare: {label}')
    def it_begins(stage):
        ferry, peer = ask_ferry(stage, **options)
        if 'phrase' in options:
            peer.wait('pubkeys')
        peer.command('compare')
        assert ferry.wait('code')['code'] == peer.wait('code')['code'], (ferry.find('code'), peer.find('code'))
        close_here(ferry, peer)

    @case(f'both see the same number to compare, if Ferry begins: {label}')
    def we_begin(stage):
        ferry, peer = ask_peer(stage, '--compare', **options)
        assert ferry.wait('code')['code'] == peer.wait('code')['code'], (ferry.find('code'), peer.find('code'))
        close_here(ferry, peer)


register_comparison('by certificates')
register_comparison('by a phrase', phrase=PHRASE)


@case('it says what may be said inside, and what may not')
def inside(stage):
    ferry, peer = ask_ferry(stage)
    peer.command('ask', 'keys-1', "<pubkeys xmlns='urn:xmpp:tmp:pubkey'/>")
    peer.command('ask', 'ping-1', "<ping xmlns='urn:xmpp:ping'/>")
    peer.command('ask', 'roster-1', "<query xmlns='jabber:iq:roster'/>")
    peer.command('ask', 'version-1', "<query xmlns='jabber:iq:version'/>")
    words = ('keys', 'ping', 'roster', 'version')
    replies = [peer.wait('reply', id=f'{word}-1')['type'] for word in words]
    assert replies == ['result', 'result', 'error', 'error'], replies
    peer.command('raw', f"<message from='{stage.jid('tybalt')}' type='chat'><body>forged</body></message>")
    peer.command('raw', "<presence type='unavailable'/>")
    cross(ferry, peer)
    assert [e['body'] for e in ferry.find('message')] == [LINE], 'somebody else spoke'
    close_here(ferry, peer)


def register_breach(label, text, *conditions):
    @case(f'it breaks the rules of the stream: {label}')
    def breach(stage):
        ferry, peer = ask_ferry(stage)
        peer.command('raw', text)
        assert peer.wait('stream-error')['condition'] in conditions, peer.find('stream-error')
        told(ferry, 'stream')


register_breach('an entity', '<message><body>&lol;</body></message>', 'restricted-xml', 'not-well-formed')
register_breach('a comment', '<message><!-- --></message>', 'restricted-xml')
register_breach('tags that do not match', '<message></iq>', 'not-well-formed')
register_breach('depth without end', '<a>' * 200, 'policy-violation')


@case('it never says that something arrived: nobody claims that it did')
def no_receipts(stage):
    ferry, peer = ask_ferry(stage, no_receipts=True)
    ferry.say(LINE)
    peer.wait('message')
    peer.command('close')
    ferry.wait('undelivered')
    assert ferry.exit() == 1 and not ferry.find('delivered')


HEADER = "<stream:stream xmlns='{}' xmlns:stream='{}' from='{}' to='{}' version='1.0'>"
STREAMS = 'http://etherx.jabber.org/streams'


def register_header(label, condition, own='jabber:client', streams=STREAMS, peer='juliet', to='romeo'):
    @case(f'it begins a stream that is none of ours: {label}')
    def none_of_ours(stage):
        names = {'juliet': stage.jid(stage.juliet), 'romeo': stage.jid(stage.romeo)}
        header = HEADER.format(own, streams, names.get(peer, peer), names.get(to, to))
        ferry = chat(stage, stage.romeo, stage.juliet, '--wait')
        ferry.wait('connected')
        it = stage.peer(header=header)
        it.command('chat', seen(stage, it))
        assert it.wait('stream-error')['condition'] == condition, it.find('stream-error')
        told(ferry, 'stream', 'insecure')
        assert not ferry.find('secure')


register_header('from somebody else', 'invalid-from', peer='tybalt@ferry.test/x')
register_header('to somebody else', 'host-unknown', to='tybalt@ferry.test/x')
register_header('of servers', 'invalid-namespace', own='jabber:server')
register_header('of no streams', 'invalid-namespace', streams='urn:none')


@case('it never begins the stream', limit=30)
def silent(stage):
    ferry = chat(stage, stage.romeo, stage.juliet, '--wait')
    ferry.wait('connected')
    peer = stage.peer(header='')
    peer.command('chat', seen(stage, peer))
    peer.wait('secure')
    assert ferry.wait('failed', timeout=12)['reason'] == 'stream', ferry.find('failed')
    told(ferry, 'stream')


@case('a stanza larger than allowed ends the stream')
def too_large(stage):
    ferry, peer = ask_ferry(stage)
    peer.command('raw', f"<message><body>{'x' * 300_000}</body></message>")
    assert peer.wait('stream-error')['condition'] == 'policy-violation', peer.find('stream-error')
    told(ferry, 'stream')
    assert not ferry.find('message')


@case('its path breaks without an end: lost, not closed')
def broken(stage):
    ferry, peer = ask_ferry(stage)
    cross(ferry, peer)
    peer.command('cut')
    told(ferry, 'lost')


# ---- files

def register_files(transport):
    @trial(f'it sends a file by {transport}, encrypted', 'jingle-1', 'it sends', transport)
    def there(stage):
        path = stage.file(200_001)
        ferry = stage.receive(stage.romeo, options=['--security', 'required'])
        peer = stage.peer(**({'transport': 'ibb'} if transport == 'ibb' else {}))
        peer.command('send', seen(stage, peer), path)
        peer.wait('done')
        assert ferry.exit() == 0 and digest(stage.inbox / path.name) == digest(path)
        assert ferry.wait('path')['security'] == 'tls', ferry.find('path')

    @trial(f'Ferry sends a file by {transport}, encrypted', 'jingle-1', 'we send', transport)
    def here(stage):
        path = stage.file(200_001)
        peer = stage.peer()
        ferry = stage.send(path, transport=transport, options=['--security', 'required'])
        assert peer.wait('done')['sha256'] == digest(path)
        assert ferry.exit() == 0
        way = ferry.wait('path')
        assert (way['transport'], way['security']) == (transport, 'tls'), way


register_files('s5b-direct')
register_files('ibb')


@case('it understands itself')
def harness(stage):
    """Without this a mistake of the other client's would look like one of Ferry's."""
    peers = [stage.peer(name, phrase=PHRASE) for name in (stage.romeo, stage.juliet)]
    peers[1].command('chat', seen(stage, peers[1]))
    for peer in peers:
        peer.wait('open')
    peers[0].command('say', LINE)
    assert peers[1].wait('message')['body'] == LINE
    peers[0].wait('delivered')
    peers[1].command('close')
    assert [peer.wait('closed')['by'] for peer in peers] == ['them', 'us']


def main():
    if importlib.util.find_spec('slixmpp') is None:
        sandbox.skip('slixmpp is not installed')
    patience = float(os.environ.get('FERRY_TEST_PATIENCE', '1'))
    results.begin('xtls')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix='ferry-xtls-') as folder, \
            Prosody(directory=pathlib.Path(folder) / 'prosody') as server:
        make_stage = functools.partial(XtlsStage, server, pathlib.Path(sys.argv[1]).resolve(), patience,
                                       pathlib.Path(folder))
        return 0 if runner.run(make_stage, only=sys.argv[2:], parallel=3, patience=patience) else 1


if __name__ == '__main__':
    sys.exit(main())
