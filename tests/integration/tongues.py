# SPDX-License-Identifier: GPL-3.0-or-later
"""Each dialect as a script that offers a file speaks it, XML as its document has it.

speak(dialect, peer, to, sid) gives something with offer(), accepted() and stream().  A
method that waits for Ferry's answer fails the case if the answer is an error.
"""

import base64
import hashlib
import socket
import threading

from peer import CLIENT, FILE_TRANSFER, IBB, JINGLE, JINGLE_IBB, error_of, quote, sha256_hash

JINGLE_0 = 'urn:xmpp:jingle:0'
FILE_TRANSFER_0 = 'urn:xmpp:jingle:apps:file-transfer:0'
IBB_0 = 'urn:xmpp:jingle:transports:ibb:0'
BYTESTREAMS_0 = 'urn:xmpp:jingle:transports:bytestreams:0'
BYTESTREAMS = 'http://jabber.org/protocol/bytestreams'
SI = 'http://jabber.org/protocol/si'
SI_FILE = 'http://jabber.org/protocol/si/profile/file-transfer'
SI_FILEXFER = 'http://jabber.org/protocol/si/profile/filexfer'
FEATURE_NEG = 'http://jabber.org/protocol/feature-neg'
REL = 'http://jabber.org/protocol/rel'

# Of a client that has all of them.
FEATURES = [JINGLE, FILE_TRANSFER, JINGLE_IBB, JINGLE_0, FILE_TRANSFER_0, IBB_0, BYTESTREAMS_0,
            'urn:xmpp:jingle:transports:s5b:0', 'urn:xmpp:jingle:transports:s5b:1', BYTESTREAMS, SI, SI_FILE,
            SI_FILEXFER, FEATURE_NEG, REL]

BLOCK = 3000  # bytes; less than any block agreed on


def choice(field, value, kind):
    return (f"<feature xmlns='{FEATURE_NEG}'><x xmlns='jabber:x:data'{kind}>"
            f"<field var='{field}' type='list-single'><option><value>{value}</value></option></field></x></feature>")


class Tongue:
    """@peer speaks to @to; @sid is the id of the session and, unless overruled, of the stream."""

    own = ()            # what belongs to the session, of the stanzas in FOREIGN
    algorithm = None    # of the hash in the offer

    def __init__(self, peer, to, sid):
        self.peer, self.to, self.sid = peer, to, sid
        self.stream_sid = sid
        self.offered = None

    def ask(self, payload, kind='set'):
        reply = self.peer.request(self.to, payload, kind)
        assert error_of(reply) is None, f'{error_of(reply)} to {payload}'
        return reply

    def hash_of(self, data):
        return hashlib.new(self.algorithm, data).hexdigest() if self.algorithm else None

    # ---- the other side of it: an offer is heard, and refused

    @classmethod
    def hear(cls, peer):
        """Ferry's offer and the id of its session."""
        iq = peer.expect(lambda e: e.get('type') == 'set' and e.find(cls.root) is not None, what='an offer')
        return iq, iq.find(cls.root).get(cls.id)

    # ---- a stream in-band

    def open(self):
        self.ask(f"<open xmlns='{IBB}' sid='{self.stream_sid}' block-size='4096' stanza='iq'/>")

    def stream(self, data):
        """All of it, without waiting for acknowledgements: Ferry may be gone before the last."""
        for number, start in enumerate(range(0, len(data), BLOCK)):
            text = base64.b64encode(data[start:start + BLOCK]).decode()
            self.peer.send(f"<iq type='set' id='d{number}' to='{quote(self.to)}'>"
                           f"<data xmlns='{IBB}' sid='{self.stream_sid}' seq='{number}'>{text}</data></iq>")

    def end(self):
        self.peer.send(f"<iq type='set' id='end' to='{quote(self.to)}'>"
                       f"<close xmlns='{IBB}' sid='{self.stream_sid}'/></iq>")


class Jingle1(Tongue):
    own = ('jingle-1',)
    ns = JINGLE
    root = f'{{{JINGLE}}}jingle'
    id = 'sid'
    algorithm = 'sha256'

    def offer(self, name, size, told):
        self.stream_sid = 'stream-1'
        reply = self.peer.offer(self.to, self.sid, name, size, sha256_hash(bytes.fromhex(told)))
        assert error_of(reply) is None, error_of(reply)

    def accepted(self):
        self.peer.expect_jingle('session-accept')
        self.open()

    @classmethod
    def hear(cls, peer):
        iq, sid = super().hear(peer)
        peer.reply(iq)
        return iq, sid

    @classmethod
    def decline(cls, peer, offer, sid):
        reply = peer.request(offer.get('from'), f"<jingle xmlns='{cls.ns}' action='session-terminate' sid='{sid}'>"
                                                '<reason><decline/></reason></jingle>')
        assert error_of(reply) is None


class Jingle0(Jingle1):
    """With ibb:0 as XEP-0261 had it first: its terms are all it needs."""

    own = ('jingle-0',)
    ns = JINGLE_0
    root = f'{{{JINGLE_0}}}jingle'
    algorithm = 'md5'
    transport = f"<transport xmlns='{IBB_0}' block-size='4096' sid='stream-1'/>"

    def offer(self, name, size, told):
        self.stream_sid = 'stream-1'
        self.initiate(name, size, told)

    def initiate(self, name, size, told):
        self.ask(f"<jingle xmlns='{JINGLE_0}' action='session-initiate' sid='{self.sid}' initiator='{self.peer.jid}'>"
                 f"<content creator='initiator' name='a-file'><description xmlns='{FILE_TRANSFER_0}'><offer>"
                 f"<file xmlns='{SI_FILE}' name='{quote(name)}' size='{size}' hash='{told}'/></offer></description>"
                 f'{self.transport}</content></jingle>')

    def accepted(self):
        iq = self.peer.expect(lambda e: (j := e.find(f'{{{JINGLE_0}}}jingle')) is not None
                              and j.get('action') == 'session-accept' and e.get('type') == 'set', what='session-accept')
        self.peer.reply(iq)


class Jingle0InBand(Jingle0):
    """With ibb:0 as XEP-0234 had it before: empty, and opened before anybody agreed."""

    own = ('jingle-0', 'open')
    transport = f"<transport xmlns='{IBB_0}'/>"

    def offer(self, name, size, told):
        self.initiate(name, size, told)

    def accepted(self):
        self.open()
        super().accepted()


class Host:
    """SOCKS5 on a port of ours, once, for whoever comes; who dials may be kept waiting."""

    def __init__(self, held=False):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.socket = None
        self.released = threading.Event()
        if not held:
            self.released.set()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        self.socket, _ = self.listener.accept()
        self.listener.close()
        file = self.socket.makefile('rwb')
        assert file.read(3) == b'\5\1\0'
        file.write(b'\5\0')
        file.flush()
        request = file.read(47)
        self.released.wait(20)
        file.write(b'\5\0' + request[2:])
        file.flush()

    def meet(self):
        """The connection, once it stands."""
        self.released.set()
        self.thread.join(5)
        return self.socket


def dial(host, port, address):
    """A connection to a host of Ferry's, as SOCKS5 has it."""
    connection = socket.create_connection((host, port), timeout=10)
    connection.sendall(b'\5\1\0')
    assert connection.recv(2) == b'\5\0'
    connection.sendall(b'\5\1\0\3\x28' + address.encode() + b'\0\0')
    assert connection.recv(47)[:2] == b'\5\0'
    return connection


class Jingle0Bytestreams(Jingle0):
    own = ('jingle-0', 'bytestreams')
    transport = f"<transport xmlns='{BYTESTREAMS_0}'/>"

    def offer(self, name, size, told):
        self.host = Host()
        self.initiate(name, size, told)

    def accepted(self):
        reply = self.ask(f"<query xmlns='{BYTESTREAMS}' sid='{self.sid}' mode='tcp'><streamhost jid='{self.peer.jid}' "
                         f"host='127.0.0.1' port='{self.host.port}'/></query>")
        used = reply.find(f'{{{BYTESTREAMS}}}query/{{{BYTESTREAMS}}}streamhost-used')
        assert used is not None and used.get('jid') == self.peer.jid
        super().accepted()
        self.socket = self.host.meet()

    def stream(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # it has heard enough

    def end(self):
        self.socket.close()


class StreamInitiation(Tongue):
    own = ('si', 'open')
    root = f'{{{SI}}}si'
    id = 'id'
    algorithm = 'md5'

    def offer(self, name, size, told):
        self.ask_for_consent(
            f"<si xmlns='{SI}' id='{self.sid}' profile='{SI_FILE}'>"
            f"<file xmlns='{SI_FILE}' name='{quote(name)}' size='{size}' hash='{told}'/>"
            f"{choice('stream-method', IBB, ' type=' + quote_attribute('form'))}</si>")

    def ask_for_consent(self, payload):
        self.offered = self.ask(payload)

    def accepted(self):
        assert self.offered.find(f'{{{SI}}}si') is not None
        self.open()

    @classmethod
    def decline(cls, peer, offer, sid):
        peer.refuse(offer, 'forbidden')


class StreamInitiation87(StreamInitiation):
    algorithm = 'sha1'

    def offer(self, name, size, told):
        self.ask_for_consent(
            f"<si xmlns='{SI}' id='{self.sid}' profile='{SI_FILEXFER}'><header name='name'>{quote(name)}</header>"
            f"<header name='size'>{size}</header><header name='hash'>{told}</header>"
            f"{choice('file-transfer-method', 'ibb', '')}</si>")


class Reliable(Tongue):
    own = ('rel', 'open')
    root = '{filexfer}query'

    def offer(self, name, size, told):
        reply = self.ask(f"<query xmlns='filexfer' filename='{quote(name)}' size='{size}'/>")
        self.sid = self.stream_sid = reply.find(f'{{filexfer}}query/{{{REL}}}cid').get('value')
        self.ask(f"<query xmlns='{REL}' cid='{self.sid}'>{choice('method', 'ibb', '')}</query>", 'get')

    def accepted(self):
        self.open()


    @classmethod
    def hear(cls, peer):
        """The id is the receiver's, and a question about it follows."""
        asked = peer.expect(lambda e: e.get('type') == 'set' and e.find(cls.root) is not None, what='an offer')
        peer.reply(asked, f"<query xmlns='filexfer'><cid xmlns='{REL}' value='Cid7'/></query>")
        return peer.expect(lambda e: e.get('type') == 'get' and e.find(f'{{{REL}}}query') is not None), 'Cid7'

    @classmethod
    def decline(cls, peer, offer, sid):
        peer.refuse(offer, 'feature-not-implemented')


def quote_attribute(text):
    return f"'{text}'"


TONGUES = {
    'jingle-1': Jingle1,
    'jingle-0': Jingle0,
    'jingle-0-bytestreams': Jingle0Bytestreams,
    'jingle-0-ibb': Jingle0InBand,
    'si': StreamInitiation,
    'si-87': StreamInitiation87,
    'rel': Reliable,
}


def speak(dialect, peer, to, sid='s7'):
    return TONGUES[dialect](peer, to, sid)


# ---- what does not belong into a session of any other dialect, by name: (type of iq, payload)

def foreign(sid):
    return [
        ('jingle-1', 'set', f"<jingle xmlns='{JINGLE}' action='session-terminate' sid='{sid}'>"
                            '<reason><success/></reason></jingle>'),
        ('jingle-1', 'set', f"<jingle xmlns='{JINGLE}' action='transport-replace' sid='{sid}'><content creator='initiator' "
                            f"name='f'><transport xmlns='{JINGLE_IBB}' sid='x' block-size='4096'/></content></jingle>"),
        ('jingle-1', 'set', f"<jingle xmlns='{JINGLE}' action='session-info' sid='{sid}'>"
                            f"<checksum xmlns='{FILE_TRANSFER}' creator='initiator' name='f'><file/></checksum></jingle>"),
        ('jingle-0', 'set', f"<jingle xmlns='{JINGLE_0}' action='session-terminate' sid='{sid}'>"
                            '<reason><success/></reason></jingle>'),
        ('jingle-0', 'set', f"<jingle xmlns='{JINGLE_0}' action='transport-info' sid='{sid}'><content creator='initiator' "
                            f"name='a-file'><transport xmlns='{IBB_0}' sid='x' block-size='4096'/></content></jingle>"),
        ('si', 'set', f"<si xmlns='{SI}' id='{sid}' profile='{SI_FILE}'><file xmlns='{SI_FILE}' name='other' size='1'/>"
                      f"{choice('stream-method', IBB, ' type=' + quote_attribute('form'))}</si>"),
        ('rel', 'get', f"<query xmlns='{REL}' cid='{sid}'>{choice('method', 'ibb', '')}</query>"),
        ('bytestreams', 'set', f"<query xmlns='{BYTESTREAMS}' sid='{sid}' mode='tcp'>"
                               "<streamhost jid='other@ferry.test' host='127.0.0.1' port='7777'/></query>"),
        ('open', 'set', f"<open xmlns='{IBB}' sid='{sid}' block-size='4096'/>"),
    ]


__all__ = ['CLIENT', 'FEATURES', 'TONGUES', 'Host', 'dial', 'foreign', 'speak']
