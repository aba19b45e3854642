# SPDX-License-Identifier: GPL-3.0-or-later
"""An XML stream between two clients, and the few stanzas a conversation takes."""

import asyncio
import os
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import comparison
import tongue
from tls import TlsError, fingerprint
from tongue import local

STREAM = '{http://etherx.jabber.org/streams}'
CLIENT = '{jabber:client}'
RECEIPTS = 'urn:xmpp:receipts'
CLOSE_PATIENCE = 10


class Chat:
    """@session: one whose path is encrypted.  @report: told what happens."""

    def __init__(self, session, report):
        self.session, self.report = session, report
        self.path = session.path
        self.own, self.peer = session.client.own, session.peer
        self.certificate = fingerprint(session.path.tls.certificate())  # the other side's; later, after a phrase
        self.parser = ET.XMLPullParser(['start', 'end'])
        self.depth = 0
        self.root = None
        self.is_closing = self.by_us = False
        self.asked = {}
        self.nonce = os.urandom(32)
        self.commitment = None   # the other side's
        self.over = asyncio.Event()

    async def run(self):
        """Until both sides have closed it, or the path breaks."""
        session = self.session
        is_draft = session.options.namespace == 'tmp'
        if session.is_initiator or is_draft:
            await self.begin()
        try:
            while data := await self.path.read():
                self.parser.feed(data)
                for event, element in self.parser.read_events():
                    await self.take(event, element)
                if self.depth == 0 and self.root is not None:
                    return
        finally:
            self.over.set()
        raise TlsError('the stream was not closed')

    async def begin(self):
        identifier = None if self.session.is_initiator else os.urandom(8).hex()
        text = tongue.header(self.own, self.peer, identifier)
        if self.session.options.header is not None:
            text = self.session.options.header
        await self.path.write((text if self.session.is_initiator else text + '<stream:features/>').encode())

    async def take(self, event, element):
        if event == 'start':
            self.depth += 1
            if self.depth == 1:
                await self.take_header(element)
            return
        self.depth -= 1
        if self.depth == 1:
            await self.take_stanza(element)
            self.root.clear()
        elif self.depth == 0 and not self.is_closing:
            self.is_closing = True
            await self.path.write(b'</stream:stream>')

    async def take_header(self, element):
        self.root = element
        assert element.tag == f'{STREAM}stream', element.tag
        self.report('header', peer=element.get('from'), to=element.get('to'), version=element.get('version'),
                    id=element.get('id'))
        if not self.session.is_initiator and self.session.options.namespace != 'tmp':
            await self.begin()
        if self.session.method == 'srp':
            await self.ask_pubkeys()
        self.report('open')

    async def take_stanza(self, element):
        self.report('stanza', text=ET.tostring(element, encoding='unicode')[:2000])
        if element.tag == f'{CLIENT}message':
            await self.take_message(element)
        elif element.tag == f'{CLIENT}iq':
            await self.take_iq(element)
        elif element.tag == f'{STREAM}error':
            self.report('stream-error', condition=local(element[0]))

    async def take_message(self, element):
        body = element.find(f'{CLIENT}body')
        if body is not None:
            self.report('message', id=element.get('id'), body=body.text)
        if (received := element.find(f'{{{RECEIPTS}}}received')) is not None:
            self.report('delivered', id=received.get('id'))
        if element.find(f'{{{RECEIPTS}}}request') is not None and not self.session.options.no_receipts:
            await self.say(f"<message id='r-{element.get('id')}'>"
                           f"<received xmlns='{RECEIPTS}' id='{element.get('id')}'/></message>")

    # ---- the number to compare

    def bound(self):
        certificates = [self.session.client.fingerprints[1], self.certificate]
        return comparison.binding(*certificates[::1 if self.session.is_initiator else -1], self.path.tls)

    async def compare(self):
        await self.say_step('commit', comparison.commit(self.nonce, self.bound()))

    async def say_step(self, step, data):
        await self.say(f"<iq type='set' id='{step}'><{step} xmlns='{comparison.NAMESPACE}'>{data}</{step}></iq>")

    async def take_step(self, element):
        step, data = local(element), element.text
        if step == 'commit':
            self.commitment = data
            await self.say_step('nonce', self.nonce.hex())
        elif step == 'nonce':
            await self.say_step('reveal', self.nonce.hex())
            self.report('code', code=comparison.number(self.nonce, bytes.fromhex(data), self.bound()))
        elif step == 'reveal':
            assert comparison.commit(bytes.fromhex(data), self.bound()) == self.commitment, 'a broken commitment'
            self.report('code', code=comparison.number(bytes.fromhex(data), self.nonce, self.bound()))

    async def take_iq(self, element):
        identifier, kind = element.get('id'), element.get('type')
        if kind in ('result', 'error'):
            self.take_reply(identifier, element)
        elif len(element) and element[0].tag == f'{{{tongue.PUBKEY}}}pubkeys':
            keys = tongue.pubkeys(self.session.client.certificate)
            await self.say(f"<iq type='result' id='{identifier}'>{keys}</iq>")
        elif len(element) and tongue.namespace(element[0]) == comparison.NAMESPACE:
            await self.say(f"<iq type='result' id='{identifier}'/>")
            await self.take_step(element[0])
        elif len(element) and local(element[0]) == 'ping':
            await self.say(f"<iq type='result' id='{identifier}'/>")
        else:
            await self.say(f"<iq type='error' id='{identifier}'><error type='cancel'><service-unavailable "
                           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")

    def take_reply(self, identifier, element):
        what = self.asked.pop(identifier, None)
        if what == 'pubkeys':
            known = [fingerprint(c) for c in tongue.pubkeys_of(element)]
            self.certificate = known[0]
            self.report('pubkeys', fingerprints=known)
        elif what:
            self.report('reply', id=identifier, type=element.get('type'))

    async def ask_pubkeys(self):
        self.asked['keys'] = 'pubkeys'
        await self.say(f"<iq type='get' id='keys'><pubkeys xmlns='{tongue.PUBKEY}'/></iq>")

    async def ask(self, identifier, inside):
        self.asked[identifier] = 'other'
        await self.say(f"<iq type='get' id='{identifier}'>{inside}</iq>")

    async def say(self, text):
        await self.path.write(text.encode())

    async def say_body(self, body):
        identifier = f'm{os.urandom(4).hex()}'
        await self.say(f"<message type='chat' id='{identifier}'><body>{escape(body)}</body>"
                       f"<request xmlns='{RECEIPTS}'/></message>")
        self.report('said', id=identifier)

    async def close(self):
        if not self.is_closing:
            self.is_closing = self.by_us = True
            await self.say('</stream:stream>')
        await asyncio.wait_for(self.over.wait(), CLOSE_PATIENCE)
