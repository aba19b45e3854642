#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that chats over XML streams (XEP-0247) and sends files, both under Jingle XTLS:
written from the documents, on slixmpp and OpenSSL, and sharing nothing with Ferry.

Usage: xtls-peer.py --jid JID --password-file FILE --server HOST:PORT --ca FILE --dir DIR
       --certificate PEM --key PEM [--dialect 1|0] [--namespace final|tmp] [--form native|offer]
       [--transport s5b|ibb] [--phrase TEXT] [--full-user] [--expect SHA256] [--tickets N] [--open]
       [--no-receipts] [--old] [--weak] [--plain] [--header XML] [--limit SECONDS]

--full-user: call ourselves by the full JID in TLS-SRP.  --tickets: of a TLS 1.3 server; with none
it has nothing to say by itself after the handshake.  --open: in-band of :0 is opened, too.
--no-receipts: never say that something arrived.  --old: TLS 1.2.  --weak: insist on a key that is too small.  --plain: log in without TLS.
--header: what to begin a stream with; '' is silence.

Standard input takes "chat JID", "say TEXT", "raw XML", "ask ID XML", "compare", "close", "cut", "send JID PATH"
and "quit"; its end is "quit", too.  Standard output is one JSON object a line.
"""

import argparse
import asyncio
import hashlib
import json
import os
import pathlib
import ssl
import sys
from xml.etree import ElementTree as ET

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

import paths
import tongue
from chat import Chat
from session import Ended, Session
from tls import TlsError, fingerprint

FEATURES = [tongue.XTLS, tongue.FILE, tongue.HASHES, paths.IBB, 'http://jabber.org/protocol/bytestreams']


class XtlsClient(slixmpp.ClientXMPP):
    def __init__(self, options, password):
        super().__init__(options.jid, password)
        self.options = options
        self.own = options.jid
        self.certificate = ssl.PEM_cert_to_DER_cert(pathlib.Path(options.certificate).read_text())
        self.fingerprints = fingerprint(self.certificate, 'sha1'), fingerprint(self.certificate)
        self.sessions = {}
        self.chat = None
        for name in ('xep_0030', 'xep_0115', 'xep_0199'):
            self.register_plugin(name)
        words = tongue.Tongue(options.dialect)
        for feature in [*FEATURES, words.jingle, words.s5b, words.ibb, tongue.NAMESPACES[options.namespace]]:
            self['xep_0030'].add_feature(feature)
        self.hear(f'{{{words.jingle}}}jingle', self.take_jingle)
        for name in ('open', 'data', 'close'):
            self.hear(f'{{{paths.IBB}}}{name}', self.take_in_band)
        self.add_event_handler('session_start', self.started)
        self.add_event_handler('presence_available', self.saw)

    def hear(self, path, callback):
        self.register_handler(Callback(path, MatchXPath(f'{{jabber:client}}iq/{path}'), callback))

    @staticmethod
    def report(event, **fields):
        print(json.dumps({'event': event, **fields}, ensure_ascii=False), flush=True)

    async def started(self, _):
        await self.get_roster()
        await self['xep_0115'].update_caps()
        self.send_presence()
        self.report('connected', version=slixmpp.__version__, fingerprint=self.fingerprints[1])
        await asyncio.get_event_loop().connect_read_pipe(lambda: Commands(self), sys.stdin)

    def saw(self, presence):
        if presence['from'].bare != self.boundjid.bare:
            self.report('presence', peer=presence['from'].full)

    async def request(self, to, payload):
        iq = self.make_iq_set(ito=slixmpp.JID(to))
        iq.append(ET.fromstring(payload))
        try:
            return await iq.send(timeout=paths.PATIENCE)
        except IqError as error:
            raise paths.Refused(f'refused: {error.condition}') from None
        except IqTimeout:
            raise paths.Refused('no answer') from None

    # ---- what comes

    def take_jingle(self, iq):
        jingle = next(e for e in iq.xml if tongue.local(e) == 'jingle')
        peer, sid = iq['from'].full, jingle.get('sid')
        session = self.sessions.get((peer, sid))
        iq.reply().send()
        if session:
            session.inbox.put_nowait(jingle)
        elif jingle.get('action') == 'session-initiate':
            kind = 'chat' if jingle.find(f'.//{{{tongue.FILE}}}file') is None else 'file'
            session = Session(self, peer, sid, self.options.dialect, kind, is_initiator=False)
            asyncio.ensure_future(self.carry_out(session, self.answer(session, jingle)))

    def take_in_band(self, iq):
        element = next(e for e in iq.xml if tongue.namespace(e) == paths.IBB)
        session = next((s for s in self.sessions.values() if s.path_sid == element.get('sid')), None)
        if session is None or session.in_band is None:
            return iq.reply().error().send()
        name = tongue.local(element)
        if name == 'open':
            session.in_band_opened.set()
        elif name == 'close':
            session.in_band.end()
        elif not session.in_band.take(element):
            return iq.reply().error().send()
        return iq.reply().send()

    # ---- sessions

    async def carry_out(self, session, work):
        """Whatever becomes of it is said."""
        session.in_band_opened = asyncio.Event()
        self.sessions[session.peer, session.sid] = session
        try:
            await work
        except (Ended, paths.Refused) as ended:
            self.report('failed', reason=str(ended))
        except (TlsError, ET.ParseError, OSError, AssertionError, asyncio.TimeoutError) as error:
            self.report('failed', reason=str(error) or type(error).__name__)
            if not session.is_cut:
                asyncio.ensure_future(self.give_up(session))
        del self.sessions[session.peer, session.sid]

    @staticmethod
    async def give_up(session):
        try:
            await session.terminate('security-error')
        except paths.Refused:
            pass  # it knows already

    def new_session(self, peer, kind):
        return Session(self, peer, f'x{os.urandom(8).hex()}', self.options.dialect, kind, is_initiator=True)

    async def ask_to_chat(self, session):
        await session.offer()
        await self.converse(session)

    async def answer(self, session, jingle):
        self.report('offer', peer=session.peer, kind=session.kind)
        try:
            await session.accept(jingle)
        except Ended:
            await session.terminate('security-error')
            raise
        if session.kind == 'chat':
            await self.converse(session)
        else:
            await self.receive(session, tongue.file_of(session.part(jingle, 'description')))

    async def converse(self, session):
        await session.connect()
        await session.secure()
        chat = self.chat = Chat(session, self.report)
        try:
            await chat.run()
        finally:
            self.chat = None
        self.report('closed', by='us' if chat.by_us else 'them')
        await session.path.finish()
        if chat.by_us:
            await session.terminate('success')
        else:
            await session.expect('session-terminate')
        self.report('terminated')

    # ---- files

    async def send_path(self, session, path):
        data = path.read_bytes()
        digest = hashlib.sha256(data).digest()
        await session.offer(tongue.file_description(path.name, len(data), digest))
        await session.connect()
        await session.secure()
        pouring = asyncio.ensure_future(self.pour(session.path, data))
        reason = session.reason_of(await session.expect('session-terminate'))
        pouring.cancel()  # who has all of it need not hear the end
        if reason != 'success':
            raise Ended(reason)
        self.report('done', direction='send', path=str(path))

    @staticmethod
    async def pour(path, data):
        await path.write(data)
        await path.finish()

    async def receive(self, session, file):
        name, size, digest = file
        await session.connect()
        await session.secure()
        data = b''
        while block := await session.path.read():
            data += block
        await session.path.finish()
        if len(data) != size or digest and hashlib.sha256(data).digest() != digest:
            await session.terminate('media-error')
            raise Ended(f'{len(data)} bytes, or others')
        path = pathlib.Path(self.options.dir) / pathlib.PurePath(name).name
        path.write_bytes(data)
        await session.terminate('success')
        self.report('done', direction='receive', path=str(path), name=name, sha256=hashlib.sha256(data).hexdigest())

    # ---- commands

    def command(self, line):
        word, _, rest = line.partition(' ')
        if word == 'chat':
            session = self.new_session(rest, 'chat')
            asyncio.ensure_future(self.carry_out(session, self.ask_to_chat(session)))
        elif word == 'send':
            peer, _, path = rest.partition(' ')
            session = self.new_session(peer, 'file')
            asyncio.ensure_future(self.carry_out(session, self.send_path(session, pathlib.Path(path))))
        elif word == 'quit':
            self.leave()
        elif self.chat:
            self.talk(word, rest)

    def talk(self, word, rest):
        if word == 'say':
            asyncio.ensure_future(self.chat.say_body(rest))
        elif word == 'raw':
            asyncio.ensure_future(self.chat.say(rest))
        elif word == 'ask':
            asyncio.ensure_future(self.chat.ask(*rest.split(' ', 1)))
        elif word == 'compare':
            asyncio.ensure_future(self.chat.compare())
        elif word == 'close':
            asyncio.ensure_future(self.chat.close())
        elif word == 'cut':
            self.chat.session.is_cut = True
            self.chat.path.cut()

    def leave(self):
        self.disconnect(wait=0.5)
        asyncio.get_event_loop().call_later(1, os._exit, 0)


class Commands(asyncio.Protocol):
    """Standard input, line by line."""

    def __init__(self, client):
        self.client = client
        self.rest = b''

    def data_received(self, data):
        *lines, self.rest = (self.rest + data).split(b'\n')
        for line in lines:
            self.client.command(line.decode())

    def connection_lost(self, error):
        self.client.leave()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ('jid', 'password-file', 'server', 'ca', 'dir', 'certificate', 'key'):
        parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--dialect', choices=['1', '0'], default='1')
    parser.add_argument('--namespace', choices=['final', 'tmp'], default='final')
    parser.add_argument('--form', choices=['native', 'offer'], default='native')
    parser.add_argument('--transport', choices=['s5b', 'ibb'], default='s5b')
    parser.add_argument('--phrase')
    parser.add_argument('--full-user', action='store_true')
    parser.add_argument('--expect')
    parser.add_argument('--tickets', type=int, default=2)
    parser.add_argument('--open', action='store_true')
    parser.add_argument('--no-receipts', action='store_true')
    parser.add_argument('--old', action='store_true')
    parser.add_argument('--weak', action='store_true')
    parser.add_argument('--plain', action='store_true')
    parser.add_argument('--header')
    parser.add_argument('--limit', type=int, default=120)
    return parser.parse_args()


def main():
    options = parse_arguments()
    host, port = options.server.rsplit(':', 1)
    client = XtlsClient(options, pathlib.Path(options.password_file).read_text().strip())
    client.ca_certs = pathlib.Path(options.ca)
    client.loop.call_later(options.limit, os._exit, 3)
    client.connect((host, int(port)), disable_starttls=options.plain)
    client.process(forever=False)


if __name__ == '__main__':
    main()
