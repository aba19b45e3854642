#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream Initiation by slixmpp, done by command: what a bot on Debian's slixmpp 1.8.3 would do.

Usage: slixmpp-driver.py --jid JID --password-file FILE --server HOST:PORT --ca FILE [--dir DIR]
       [--policy accept|decline|hold] [--methods s5b,ibb] [--cancel-after BYTES] [--limit SECONDS]
       [--name NAME] [--messages]

--methods: best first; without it they are as slixmpp has them.  --name: offer files under it.
--messages: in-band blocks travel in messages.

Standard input takes "send JID PATH", "cancel" and "quit"; its end is "quit", too.
Standard output is one JSON object a line, as of purple-driver.

Two things of slixmpp 1.8.3 are put right here, without which no program can do Stream
Initiation with it: its handler of requests is a coroutine nobody awaits, so that no offer
would ever be answered; and methods have to be given as mappings.
"""

import argparse
import asyncio
import json
import os
import pathlib
import sys

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import CoroutineCallback
from slixmpp.xmlstream.matcher import StanzaPath

METHODS = {'s5b': 'http://jabber.org/protocol/bytestreams', 'ibb': 'http://jabber.org/protocol/ibb'}
PLUGINS = {METHODS['s5b']: 'xep_0065', METHODS['ibb']: 'xep_0047'}
PATIENCE = 60  # seconds for any answer
CLOSE_PATIENCE = 2


def report(event, **fields):
    print(json.dumps({'event': event, **fields}, ensure_ascii=False), flush=True)


class Ended(Exception):
    """A transfer is over; says why."""


class Arrival:
    """A file on its way to us."""

    def __init__(self, driver, name, size):
        self.driver = driver
        self.name = name
        self.size = size
        self.path = pathlib.Path(driver.options.dir) / pathlib.PurePath(name).name
        self.out = open(self.path, 'wb')
        self.bytes = 0
        self.close_stream = None
        self.ended = False

    def take(self, data):
        if self.ended:
            return
        if self.bytes == 0:
            report('progress')
        self.out.write(data)
        self.bytes += len(data)
        limit = self.driver.options.cancel_after
        if limit and self.bytes >= limit:
            self.cancel()
        elif self.bytes >= self.size:
            self.end('done' if self.bytes == self.size else 'failed', 'too-long')

    def cancel(self):
        if not self.ended:
            self.end('failed', 'cancelled')
            if self.close_stream:
                self.close_stream()

    def end(self, event, reason):
        if self.ended:
            return
        self.ended = True
        self.out.close()
        report(event, direction='receive', name=self.name, path=str(self.path), size=self.bytes,
               reason=None if event == 'done' else reason)


class Driver(slixmpp.ClientXMPP):
    def __init__(self, options, password):
        super().__init__(options.jid, password)
        self.options = options
        self.arrival = None
        self.departure = None
        for name in ('xep_0030', 'xep_0115', 'xep_0047', 'xep_0065', 'xep_0095', 'xep_0096'):
            self.register_plugin(name)
        self.repair()
        self.choose_methods(options.methods)
        self.add_event_handler('session_start', self.started)
        self.add_event_handler('failed_auth', lambda _: self.leave('no such account'))
        self.add_event_handler('presence_available', self.saw)
        self.add_event_handler('si_request', self.offered)
        self.add_event_handler('socks5_data', lambda data: self.arrival and self.arrival.take(data))
        self.add_event_handler('socks5_closed', lambda _: self.stream_ended())
        self.add_event_handler('ibb_stream_data', self.ibb_data)
        self.add_event_handler('ibb_stream_end', lambda _: self.stream_ended())

    def repair(self):
        si = self['xep_0095']
        self.remove_handler('SI Request')
        self.register_handler(CoroutineCallback('SI Request', StanzaPath('iq@type=set/si'),
                                                si._handle_request))

    def choose_methods(self, words):
        si = self['xep_0095']
        self.methods = list(METHODS.values())
        if words:
            self.methods = [METHODS[word] for word in words.split(',')]
            for method in METHODS.values():
                si.unregister_method(method)
            for order, method in enumerate(self.methods):
                si.register_method(method, PLUGINS[method], order)

    async def started(self, _):
        await self.get_roster()
        self.send_presence()
        report('connected', version=slixmpp.__version__)
        await asyncio.get_event_loop().connect_read_pipe(lambda: Commands(self), sys.stdin)

    def saw(self, presence):
        if presence['from'].bare != self.boundjid.bare:
            report('presence', peer=presence['from'].full)

    def leave(self, reason=None):
        if reason:
            report('disconnected', text=reason)
        self.disconnect(wait=0.5)
        asyncio.get_event_loop().call_later(1, os._exit, 0)

    # ---- receiving

    async def offered(self, iq):
        file, peer, sid = iq['si']['file'], iq['from'], iq['si']['id']
        report('offer', peer=peer.full, name=file['name'], size=int(file['size']))
        si = self['xep_0095']
        if self.options.policy == 'decline':
            await si.decline(peer, sid, ifrom=iq['to'])
        elif self.options.policy == 'accept':
            self.arrival = Arrival(self, file['name'], int(file['size']))
            self.add_event_handler(f'stream:{sid}:{peer}', self.stream_stands, disposable=True)
            await si.accept(peer, sid, ifrom=iq['to'])

    def stream_stands(self, stream):
        if self.arrival is None:
            return
        transport = getattr(stream, 'transport', None)
        self.arrival.close_stream = transport.abort if transport else stream.close
        if self.arrival.size == 0:
            self.arrival.end('done', None)

    def ibb_data(self, stream):
        if self.arrival:
            self.arrival.take(stream.read())

    def stream_ended(self):
        if self.arrival:
            self.arrival.end('failed', 'truncated')
        if self.departure:
            self.departure.cancel()

    # ---- sending

    async def offer(self, peer, path):
        sid = f'slix-{os.urandom(8).hex()}'
        answer = await self['xep_0096'].request_file_transfer(
            slixmpp.JID(peer), sid=sid, name=self.options.name or path.name, size=path.stat().st_size, timeout=PATIENCE,
            methods=[{'value': method} for method in self.methods])
        fields = answer['si']['feature_neg']['form'].get_values()
        return sid, fields['stream-method']

    async def pump_socks5(self, peer, sid, file):
        """slixmpp has no streamhost of its own: it is always by the server's proxy."""
        stream = await self['xep_0065'].handshake(slixmpp.JID(peer), sid=sid, timeout=PATIENCE)
        if stream is None:
            raise Ended('no-stream')
        while data := file.read(65536):
            await stream.write(data)
            self.count(len(data), stream.transport.abort)
        stream.transport.close()

    async def pump_ibb(self, peer, sid, file):
        stream = await self['xep_0047'].open_stream(slixmpp.JID(peer), sid=sid, timeout=PATIENCE,
                                                    use_messages=self.options.messages)
        while data := file.read(stream.block_size):
            await stream.send(data, timeout=PATIENCE)
            self.count(len(data), stream.close)
        self.departure = None
        try:
            await asyncio.wait_for(stream.close(), CLOSE_PATIENCE)
        except (IqError, asyncio.TimeoutError):
            pass  # the receiver may have counted and closed first, and libpurple never answers

    def count(self, added, close):
        if self.sent == 0:
            report('progress')
        self.sent += added
        if self.options.cancel_after and self.sent >= self.options.cancel_after:
            close()
            raise Ended('cancelled')

    async def send_file(self, peer, path):
        self.sent = 0
        reason = None
        try:
            sid, method = await self.offer(peer, path)
            with open(path, 'rb') as file:
                pump = self.pump_socks5 if method == METHODS['s5b'] else self.pump_ibb
                await pump(peer, sid, file)
        except asyncio.CancelledError:
            reason = 'peer-cancelled'
        except (Ended, OSError) as ended:
            reason = str(ended)
        except IqError as error:
            reason = 'declined' if error.condition == 'forbidden' else error.condition
        except IqTimeout:
            reason = 'timeout'
        self.departure = None
        report('failed' if reason else 'done', direction='send', name=path.name, path=str(path),
               size=self.sent, reason=reason)

    def command(self, line):
        words = line.split(' ', 2)
        if words[0] == 'send' and len(words) == 3:
            self.departure = asyncio.ensure_future(self.send_file(words[1], pathlib.Path(words[2])))
        elif words[0] == 'cancel' and self.arrival:
            self.arrival.cancel()
        elif words[0] == 'quit':
            self.leave()


class Commands(asyncio.Protocol):
    """Standard input, line by line."""

    def __init__(self, driver):
        self.driver = driver
        self.rest = b''

    def data_received(self, data):
        *lines, self.rest = (self.rest + data).split(b'\n')
        for line in lines:
            self.driver.command(line.decode())

    def connection_lost(self, error):
        self.driver.leave()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--jid', required=True)
    parser.add_argument('--password-file', type=pathlib.Path, required=True)
    parser.add_argument('--server', required=True)
    parser.add_argument('--ca', required=True)
    parser.add_argument('--dir', default='.')
    parser.add_argument('--policy', choices=['accept', 'decline', 'hold'], default='accept')
    parser.add_argument('--methods')
    parser.add_argument('--name')
    parser.add_argument('--messages', action='store_true')
    parser.add_argument('--cancel-after', type=int, default=0)
    parser.add_argument('--limit', type=int, default=120)
    return parser.parse_args()


def main():
    options = parse_arguments()
    host, port = options.server.rsplit(':', 1)
    driver = Driver(options, options.password_file.read_text().strip())
    driver.ca_certs = pathlib.Path(options.ca)
    driver.loop.call_later(options.limit, os._exit, 3)
    driver.connect((host, int(port)))
    driver.process(forever=False)


if __name__ == '__main__':
    main()
