# SPDX-License-Identifier: GPL-3.0-or-later
"""One Jingle session under XTLS: from the offer to an encrypted path, and to its end."""

import asyncio
import os

import paths
import tongue
from tls import TlsError, fingerprint
from tongue import local

PATIENCE = 20  # seconds for anything the other side has to do


class Ended(Exception):
    """The session is over; says why."""


class Session:
    """@client: an XtlsClient.  @kind: 'chat' or 'file'.  @is_initiator: or we answer an offer."""

    def __init__(self, client, peer, sid, dialect, kind, is_initiator):
        self.client, self.peer, self.sid, self.kind = client, peer, sid, kind
        self.options = client.options
        self.tongue = tongue.Tongue(dialect)
        self.is_initiator = is_initiator
        self.initiator, self.responder = (client.own, peer) if is_initiator else (peer, client.own)
        self.content = 'xmlstream' if kind == 'chat' else 'a-file'
        self.senders = 'both' if kind == 'chat' else 'initiator'
        self.form = self.options.form
        self.method = None
        self.announced = []
        self.path_sid = f'path-{os.urandom(8).hex()}'
        self.inbox = asyncio.Queue()   # <jingle/> elements; None: <open/>
        self.host = self.in_band = self.path = None
        self.is_cut = False            # by us, without a word

    # ---- saying and hearing

    async def say(self, action, inside='', bare=False):
        content = inside if bare else self.tongue.content(self.content, inside, self.senders)
        await self.client.request(self.peer, self.tongue.action(action, self.sid, self.initiator, content))

    async def expect(self, *actions):
        """The next one of these, whatever else comes before."""
        while True:
            jingle = await asyncio.wait_for(self.inbox.get(), PATIENCE)
            if jingle.get('action') == 'session-terminate' and 'session-terminate' not in actions:
                raise Ended(self.reason_of(jingle))
            if jingle.get('action') in actions:
                return jingle

    def reason_of(self, jingle):
        reason = jingle.find(f'{{{self.tongue.jingle}}}reason')
        words = [] if reason is None else [local(e) for e in reason if local(e) != 'text']
        return words[0] if words else 'terminated'

    async def terminate(self, reason):
        await self.say('session-terminate', f'<reason><{reason}/></reason>', bare=True)

    def part(self, jingle, name):
        """<description/> or <transport/> of its content."""
        return next((e for e in self.content_of(jingle) if local(e) == name), None)

    def content_of(self, jingle):
        return jingle.find(f'{{{self.tongue.jingle}}}content')

    # ---- what is agreed

    def methods(self):
        return ['x509', 'srp'] if self.options.phrase else ['x509']

    def security(self, methods):
        """A phrase in an answer is instead of a certificate."""
        shown = self.client.fingerprints if 'x509' in methods else None
        return tongue.security(self.form, shown, methods)

    def description(self):
        return self.offered or tongue.stream_description(self.options.namespace)

    async def transport(self):
        """What we offer: a host of our own, or in-band."""
        if self.options.transport == 'ibb':
            return self.tongue.in_band(self.path_sid)
        names = [paths.address(self.path_sid, a, b) for a, b in
                 ((self.initiator, self.responder), (self.responder, self.initiator))]
        self.host = await paths.Host(names).listen()
        return self.tongue.socks(self.path_sid, self.client.own, self.host.port)

    async def offer(self, description=None):
        """@description: of a file."""
        self.offered = description
        transport = await self.transport()
        await self.say('session-initiate', self.description() + transport + self.security(self.methods()))
        jingle = await self.expect('session-accept')
        self.agree(self.content_of(jingle))
        await self.say('security-info', tongue.chosen(self.form, self.method))
        self.remote = self.part(jingle, 'transport')

    def agree(self, content):
        """The answer to our offer."""
        said = tongue.security_of(content)
        if said is None:
            raise Ended('stripped')
        _, self.announced, methods = said
        wanted = 'srp' if self.options.phrase else 'x509'
        if wanted not in methods or (wanted == 'x509' and not self.announced):
            raise Ended('no-method')
        self.method = wanted

    async def accept(self, jingle):
        content = self.content_of(jingle)
        self.content, self.senders = content.get('name'), content.get('senders') or 'both'
        said = tongue.security_of(content)
        if said is None:
            raise Ended('stripped')
        self.form, self.announced, methods = said
        self.method = 'srp' if self.options.phrase else 'x509'
        if self.method not in methods:
            raise Ended('no-method')
        self.remote = self.part(jingle, 'transport')
        self.path_sid = self.remote.get('sid')
        description = tongue.ET.tostring(self.part(jingle, 'description'), encoding='unicode')
        if tongue.namespace(self.remote) == self.tongue.ibb:
            answer = self.tongue.in_band(self.path_sid)
            self.in_band = paths.InBand(self.client.request, self.peer, self.path_sid, 4096)
        else:
            answer = self.tongue.socks(self.path_sid, self.client.own, None)
        await self.say('session-accept', description + answer + self.security([self.method]))

    # ---- the path

    async def connect(self):
        if tongue.namespace(self.remote) == self.tongue.ibb:
            self.path = await self.connect_in_band()
        elif self.is_initiator:
            self.path = await self.await_dialling()
        else:
            self.path = await self.dial()
        self.client.report('path', transport='ibb' if self.in_band else 's5b-direct')

    async def connect_in_band(self):
        if self.is_initiator:
            self.in_band = paths.InBand(self.client.request, self.peer, self.path_sid, 4096)
            if self.tongue.version == '1' or self.options.open:
                await self.client.request(self.peer, f"<open xmlns='{paths.IBB}' sid='{self.path_sid}' "
                                                     "block-size='4096' stanza='iq'/>")
        elif self.tongue.version == '1':
            await asyncio.wait_for(self.in_band_opened.wait(), PATIENCE)
        return self.in_band

    async def await_dialling(self):
        """We have the only host that counts: theirs we leave alone."""
        await self.say('transport-info', self.tongue.used(self.path_sid, None))
        path = await asyncio.wait_for(self.host.arrived, PATIENCE)
        await self.expect('transport-info')
        self.host.close()
        return path

    async def dial(self):
        for chosen in self.tongue.hosts(self.remote):
            for first, second in ((self.initiator, self.responder), (self.responder, self.initiator)):
                try:
                    path = await paths.dial(*chosen[1:], paths.address(self.path_sid, first, second))
                except (OSError, AssertionError, asyncio.IncompleteReadError):
                    continue
                await self.say('transport-info', self.tongue.used(self.path_sid, chosen))
                return path
        raise Ended('no-route')

    # ---- TLS

    async def secure(self):
        if self.method == 'srp':
            bare = self.initiator.split('/')[0]
            terms = {'phrase': self.options.phrase,
                     'users': [self.initiator if self.options.full_user else bare, self.initiator]}
        else:
            terms = {'identity': (self.options.certificate, self.options.key), 'tickets': self.options.tickets,
                     'old': self.options.old, 'weak': self.options.weak}
        try:
            self.path = await paths.Secured.handshake(self.path, is_server=not self.is_initiator, **terms)
            self.judge(self.path.tls.certificate())
        except (TlsError, OSError, asyncio.TimeoutError) as error:
            raise TlsError(f'insecure: {error or "time is up"}') from None
        self.client.report('secure', peer=self.peer, method=self.method, cipher=self.path.tls.cipher(),
                           fingerprint=fingerprint(self.path.tls.certificate()))

    def judge(self, certificate):
        """It has to be the one that was announced, and the one we expect."""
        if self.method == 'srp':
            return
        for said in self.announced:
            if said != fingerprint(certificate, 'sha1' if len(said) == 40 else 'sha256'):
                raise TlsError('not the certificate that was announced')
        if self.options.expect and fingerprint(certificate) != self.options.expect:
            raise TlsError('not the certificate that we know')
