# SPDX-License-Identifier: GPL-3.0-or-later
"""A wire between a client and its server that hears every stanza and may change it, and hosts
between two clients that hear every byte.  What it hears is what the server could hear.

The clients log in without TLS (--tls none), as if the server itself were the attacker.
"""

import base64
import re
import socket
import threading

TAG = re.compile(rb'<(?:[^<>"\']|"[^"]*"|\'[^\']*\')*>')
HOST = re.compile(r"<(?:candidate|streamhost)\b[^>]*>")
PORT = re.compile(r"(\bport=')(\d+)(')")
IN_BAND = re.compile(r"<data\b[^>]*\bsid='([^']*)'[^>]*>([^<]*)</data>")
LINGER_NONE = b'\1\0\0\0\0\0\0\0'


class Splitter:
    """Cuts a stream into its header, its stanzas and its end, however it comes in pieces."""

    def __init__(self):
        self.rest = b''
        self.scanned = self.depth = 0

    def feed(self, data):
        self.rest += data
        while (tag := TAG.search(self.rest, self.scanned)):
            self.scanned = tag.end()
            if tag[0].startswith(b'<?'):
                continue
            if tag[0].startswith((b'<stream:stream', b'</stream:stream')):
                self.depth = 0
            elif tag[0].startswith(b'</'):
                self.depth -= 1
            elif not tag[0].endswith(b'/>'):
                self.depth += 1
            if self.depth == 0:
                piece, self.rest, self.scanned = self.rest[:self.scanned], self.rest[self.scanned:], 0
                yield piece.decode()


def cut(*ends):
    """Hard, as a cable is."""
    for end in ends:
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NONE)
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        end.close()


class Listener:
    """Takes connections on a port of its own and dials @port for each."""

    def __init__(self, port):
        self.target = port
        self.pairs = []
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.socket.accept()
                far = socket.create_connection(('127.0.0.1', self.target), timeout=10)
            except ConnectionRefusedError:
                near.close()
                continue
            except OSError:
                return
            far.settimeout(None)
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.pairs.append((near, far))
            self.join(near, far)

    def join(self, near, far):
        for arguments in ((near, far, True), (far, near, False)):
            threading.Thread(target=self.run, args=arguments, daemon=True).start()

    def run(self, source, sink, outwards):
        try:
            self.carry(source, sink, outwards)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.socket.close()
        self.cut()

    def cut(self):
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            cut(*pair)


class Host(Listener):
    """Stands in for a SOCKS5 host."""

    def __init__(self, port):
        self.heard = {True: bytearray(), False: bytearray()}  # outwards: from who dialled
        super().__init__(port)

    def carry(self, source, sink, outwards):
        while data := source.recv(65536):
            self.heard[outwards] += data
            sink.sendall(data)


class Wire(Listener):
    """Between a client and @port.  @tamper(leaving, text): what is passed on in place of a stanza, or None."""

    def __init__(self, port, tamper=None):
        self.heard = []
        self.tamper = tamper or (lambda leaving, text: text)
        self.writing = threading.Lock()
        super().__init__(port)
        self.address = f'127.0.0.1:{self.port}'

    def carry(self, source, sink, outwards):
        splitter = Splitter()
        while data := source.recv(65536):
            for text in splitter.feed(data):
                self.heard.append((outwards, text))
                text = self.tamper(outwards, text)
                if text:
                    with self.writing:
                        sink.sendall(text.encode())

    def tell_client(self, text):
        """A stanza of our own making."""
        near, _ = self.pairs[-1]
        with self.writing:
            near.sendall(text.encode())


class Wiretap:
    """One wire for each client of a stage, and a host in front of every host they name.

    @tamper(leaving, text): as a Wire's, after hosts were replaced.  @make_host(port): a Host.
    """

    def __init__(self, stage, tamper=None, make_host=Host):
        self.tamper = tamper or (lambda leaving, text: text)
        self.make_host = make_host
        self.stage = stage
        self.wires = {}
        self.hosts = {}
        self.lock = threading.Lock()
        stage.closers.append(self.close)

    def options(self, name):
        """Of the ferry-cli of @name."""
        wire = self.wires.get(name) or Wire(self.stage.server.port, self.pass_on)
        self.wires[name] = wire
        return {'server': wire.address, 'options': ['--tls', 'none']}

    def pass_on(self, leaving, text):
        text = HOST.sub(lambda tag: PORT.sub(self.replace, tag[0]), text)
        return self.tamper(leaving, text)

    def replace(self, found):
        return f'{found[1]}{self.host(int(found[2])).port}{found[3]}'

    def host(self, port):
        """Ours in front of @port; itself, if that is ours already."""
        with self.lock:
            known = self.hosts.get(port)
            if known is None:
                known = self.make_host(port)
                self.hosts[port] = self.hosts[known.port] = known
            return known

    def close(self):
        for end in {*self.wires.values(), *self.hosts.values()}:
            end.close()

    # ---- what it heard

    def stanzas(self):
        return [text for wire in self.wires.values() for _, text in wire.heard]

    def everything(self):
        """Every byte that went over any of it; what was in-band as it was before Base64."""
        streams = {}
        for wire in self.wires.values():
            for leaving, text in wire.heard:
                for sid, block in IN_BAND.findall(text):
                    streams.setdefault((wire, leaving, sid), bytearray()).extend(base64.b64decode(block))
        parts = [text.encode() for text in self.stanzas()]
        parts += [bytes(heard) for host in self.hosts.values() for heard in host.heard.values()]
        return b'\n'.join(parts + [bytes(stream) for stream in streams.values()])


__all__ = ['Host', 'Wiretap', 'cut']
