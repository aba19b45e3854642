# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways for the bytes between two clients: SOCKS5 with one host, in-band, and TLS on either."""

import asyncio
import base64
import hashlib

from tls import Tls, TlsError

IBB = 'http://jabber.org/protocol/ibb'
PATIENCE = 20  # seconds for a handshake


class Refused(Exception):
    """A request had no result."""


def address(sid, first, second):
    return hashlib.sha1(f'{sid}{first}{second}'.encode()).hexdigest()


class Socket:
    """A TCP connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def read(self):
        """b'' at the end."""
        return await self.reader.read(65536)

    async def write(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def finish(self):
        """No more from us. What is still to come is read, or the kernel would take back what we sent."""
        self.writer.write_eof()
        asyncio.ensure_future(self.drain())

    async def drain(self):
        try:
            while await asyncio.wait_for(self.reader.read(65536), PATIENCE):
                pass
        except (OSError, asyncio.TimeoutError):
            pass
        self.writer.close()

    def cut(self):
        self.writer.transport.abort()


class Host:
    """Listens for whoever names one of @addresses in SOCKS5; the first one has it."""

    def __init__(self, addresses):
        self.addresses = addresses
        self.arrived = asyncio.get_event_loop().create_future()

    async def listen(self):
        self.server = await asyncio.start_server(self.serve, '127.0.0.1', 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def serve(self, reader, writer):
        try:
            greeting = await reader.readexactly(2)
            await reader.readexactly(greeting[1])
            writer.write(b'\5\0')
            request = await reader.readexactly(5)
            rest = await reader.readexactly(request[4] + 2)
        except asyncio.IncompleteReadError:
            return writer.close()
        if rest[:-2].decode() not in self.addresses or self.arrived.done():
            return writer.close()
        writer.write(b'\5\0\0' + request[3:] + rest)
        self.arrived.set_result(Socket(reader, writer))

    def close(self):
        self.server.close()


async def dial(host, port, name):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b'\5\1\0')
    assert await reader.readexactly(2) == b'\5\0', 'no SOCKS5 there'
    writer.write(b'\5\1\0\3' + bytes([len(name)]) + name.encode() + b'\0\0')
    reply = await reader.readexactly(5)
    assert reply[:2] == b'\5\0', 'refused'
    await reader.readexactly({1: 5, 3: reply[4] + 2, 4: 17}[reply[3]])
    return Socket(reader, writer)


class InBand:
    """A stream of IBB.  @request(to, payload) sends an iq and waits for its result."""

    def __init__(self, request, to, sid, block):
        self.request, self.to, self.sid, self.block = request, to, sid, block
        self.arrived = asyncio.Queue()
        self.sent = self.seen = 0
        self.open = True

    def take(self, element):
        """A <data/> of the other side's; whether it is in order."""
        if int(element.get('seq')) != self.seen % 65536:
            return False
        self.seen += 1
        self.arrived.put_nowait(base64.b64decode(element.text or ''))
        return True

    def end(self):
        self.open = False
        self.arrived.put_nowait(b'')

    async def read(self):
        return await self.arrived.get()

    async def write(self, data):
        for start in range(0, len(data), self.block):
            text = base64.b64encode(data[start:start + self.block]).decode()
            number, self.sent = self.sent % 65536, self.sent + 1
            await self.request(self.to, f"<data xmlns='{IBB}' sid='{self.sid}' seq='{number}'>{text}</data>")

    async def finish(self):
        if self.open:
            self.open = False
            await self.request(self.to, f"<close xmlns='{IBB}' sid='{self.sid}'/>")

    def cut(self):
        asyncio.ensure_future(self.finish())


class Secured:
    """TLS on another path."""

    def __init__(self, path, tls):
        self.path, self.tls = path, tls
        self.ended = False
        self.writing = asyncio.Lock()

    @classmethod
    async def handshake(cls, path, **terms):
        self = cls(path, Tls(**terms))
        await asyncio.wait_for(self.shake(), PATIENCE)
        return self

    async def shake(self):
        try:
            while not self.tls.handshake():
                await self.flush()
                data = await self.path.read()
                if not data:
                    raise TlsError('the path ended during the handshake')
                self.tls.feed(data)
        finally:
            await self.flush()  # the last flight, or the alert

    async def flush(self):
        async with self.writing:
            if data := self.tls.take():
                await self.path.write(data)

    async def read(self):
        """b'': the other side said that no more will come."""
        while not self.ended:
            data = self.tls.read()
            await self.flush()
            if data is not None:
                self.ended = data == b''
                return data
            data = await self.path.read()
            if not data:
                raise TlsError('truncated')
            self.tls.feed(data)
        return b''

    async def write(self, data):
        for start in range(0, len(data), 16384):
            self.tls.write(data[start:start + 16384])
            await self.flush()

    async def finish(self):
        """Says so inside, then outside."""
        try:
            self.tls.say_goodbye()
            await self.flush()
            await self.path.finish()
        except (OSError, Refused):
            pass  # nobody hears it any more

    def cut(self):
        self.path.cut()
