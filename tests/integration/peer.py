# SPDX-License-Identifier: GPL-3.0-or-later
"""A scripted XMPP client that is not Ferry: says exactly the XML it is told to.

Standard library only.  A thread reads, answers what every client answers (disco, ping), and
queues the rest for the script.
"""

import base64
import itertools
import queue
import socket
import ssl
import threading
import xml.etree.ElementTree as ET

CLIENT = 'jabber:client'
STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas'
JINGLE = 'urn:xmpp:jingle:1'
JINGLE_ERRORS = 'urn:xmpp:jingle:errors:1'
FILE_TRANSFER = 'urn:xmpp:jingle:apps:file-transfer:5'
S5B = 'urn:xmpp:jingle:transports:s5b:1'
JINGLE_IBB = 'urn:xmpp:jingle:transports:ibb:1'
IBB = 'http://jabber.org/protocol/ibb'
HASHES = 'urn:xmpp:hashes:2'
DISCO = 'http://jabber.org/protocol/disco#info'

FEATURES = [DISCO, JINGLE, FILE_TRANSFER, S5B, JINGLE_IBB, IBB, HASHES,
            'urn:xmpp:hash-function-text-names:sha-256', 'urn:xmpp:ping']


def quote(text):
    return text.replace('&', '&amp;').replace('<', '&lt;').replace('"', '&quot;').replace("'", '&apos;')


class Peer:
    """Logged in and available when made."""

    def __init__(self, stage, name, resource='script', features=FEATURES, available=True):
        server = stage.server
        self.domain = server.domain
        self.jid = f'{server.jid(name)}/{resource}'
        self.features = features
        self.ids = (f'p{i}' for i in itertools.count())
        self.inbox = queue.Queue()
        self.held = []
        context = ssl.create_default_context(cafile=str(server.ca))
        raw = socket.create_connection((server.interface, server.tls_port), timeout=20)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(raw, server_hostname=self.domain)
        self.lock = threading.Lock()
        self.log_in(name, server.password(name), resource)
        stage.closers.append(self.close)
        threading.Thread(target=self.read, daemon=True).start()
        if available:
            self.send('<presence/>')

    # ---- the stream

    def open_stream(self):
        self.parser = ET.XMLPullParser(['start', 'end'])
        self.depth = 0
        self.root = None
        self.send("<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' "
                  f"xmlns:stream='http://etherx.jabber.org/streams' to='{self.domain}'>")
        return self.next_element()

    def next_element(self):
        """The next child of the stream; None when it is over."""
        while True:
            for event, element in self.parser.read_events():
                if event == 'start':
                    self.depth += 1
                    self.root = element if self.depth == 1 else self.root
                    continue
                self.depth -= 1
                if self.depth == 1:
                    self.root.clear()
                    return element
                if self.depth == 0:
                    return None
            data = self.socket.recv(65536)
            if not data:
                return None
            self.parser.feed(data)

    def log_in(self, name, password, resource):
        self.open_stream()
        token = base64.b64encode(f'\0{name}\0{password}'.encode()).decode()
        self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{token}</auth>")
        assert self.next_element().tag.endswith('success'), 'the server refused the login'
        self.open_stream()
        self.send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                  f"<resource>{resource}</resource></bind></iq>")
        assert self.next_element().get('type') == 'result'
        self.socket.settimeout(None)

    def read(self):
        try:
            while (element := self.next_element()) is not None:
                if not self.answer(element):
                    self.inbox.put(element)
        except (OSError, ValueError, ET.ParseError):
            pass
        self.inbox.put(None)

    def answer(self, element):
        """What every client answers."""
        if element.find(f'{{{IBB}}}close') is not None and element.get('type') == 'set':
            self.reply(element)
            return True
        if element.tag != f'{{{CLIENT}}}iq' or element.get('type') != 'get' or len(element) == 0:
            return element.tag == f'{{{CLIENT}}}presence'
        tag = element[0].tag
        if tag == f'{{{DISCO}}}query':
            node = f" node='{quote(element[0].get('node'))}'" if element[0].get('node') else ''
            features = ''.join(f"<feature var='{f}'/>" for f in self.features)
            self.reply(element, f"<query xmlns='{DISCO}'{node}>"
                                f"<identity category='client' type='bot' name='Script'/>{features}</query>")
            return True
        if tag == '{urn:xmpp:ping}ping':
            self.reply(element)
            return True
        return False

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    # ---- saying

    def send(self, text):
        with self.lock:
            self.socket.sendall(text.encode())

    def reply(self, request, payload=''):
        self.send(f"<iq type='result' id='{quote(request.get('id'))}' to='{quote(request.get('from'))}'>{payload}</iq>")

    def refuse(self, request, condition, kind='cancel', specific=''):
        self.send(f"<iq type='error' id='{quote(request.get('id'))}' to='{quote(request.get('from'))}'>"
                  f"<error type='{kind}'><{condition} xmlns='{STANZAS}'/>{specific}</error></iq>")

    def request(self, to, payload, kind='set', timeout=10, unless=lambda element: False):
        """Sends an iq and gives its reply; None if something like @unless comes, which is kept."""
        identifier = next(self.ids)
        self.send(f"<iq type='{kind}' id='{identifier}' to='{quote(to)}'>{payload}</iq>")
        found = self.expect(lambda e: unless(e) or e.get('id') == identifier and e.get('type') in ('result', 'error'),
                            timeout, f'an answer to {payload[:200]}')
        if not unless(found):
            return found
        self.held.append(found)
        return None

    # ---- hearing

    def expect(self, predicate, timeout=10, what='what the script expects'):
        for element in self.held:
            if predicate(element):
                self.held.remove(element)
                return element
        while True:
            try:
                element = self.inbox.get(timeout=timeout)
            except queue.Empty:
                element = None
            assert element is not None, f'{what} did not come; held: {[ET.tostring(e) for e in self.held[-3:]]}'
            if predicate(element):
                return element
            self.held.append(element)

    def expect_jingle(self, action, timeout=10, reply=True):
        """The iq with this action, answered unless told otherwise."""
        iq = self.expect(lambda e: (j := e.find(f'{{{JINGLE}}}jingle')) is not None and j.get('action') == action
                         and e.get('type') == 'set', timeout, action)
        if reply:
            self.reply(iq)
        return iq

    def expect_ibb(self, tag, timeout=10):
        return self.expect(lambda e: e.get('type') == 'set' and e.find(f'{{{IBB}}}{tag}') is not None, timeout, f'<{tag}/>')

    # ---- Jingle

    def jingle(self, to, action, sid, content='', initiator=None):
        who = f" initiator='{quote(initiator)}'" if initiator else ''
        return self.request(to, f"<jingle xmlns='{JINGLE}' action='{action}' sid='{quote(sid)}'{who}>{content}</jingle>")

    def offer(self, to, sid, name, size, hashes='', transport=None, stream='stream-1'):
        """session-initiate of one file over IBB, or whatever @transport is."""
        transport = transport or f"<transport xmlns='{JINGLE_IBB}' block-size='4096' sid='{stream}'/>"
        known = f'<size>{size}</size>' if size is not None else ''
        content = (f"<content creator='initiator' name='f' senders='initiator'>"
                   f"<description xmlns='{FILE_TRANSFER}'><file><name>{quote(name)}</name>"
                   f"{known}{hashes or used_hash()}</file></description>{transport}</content>")
        return self.jingle(to, 'session-initiate', sid, content, initiator=self.jid)

    def send_in_band(self, to, data, stream='stream-1', block=4096):
        """Opens, sends every block, does not close. Returns: the first error, or None.

        Ends early when the session does: who leaves then need not answer any more.
        """
        reply = self.request(to, f"<open xmlns='{IBB}' sid='{stream}' block-size='{block}' stanza='iq'/>")
        for number, start in enumerate(range(0, len(data), block)):
            if reply is None or reply.get('type') == 'error':
                return reply
            reply = self.send_block(to, number, data[start:start + block], stream)
        return reply if reply is not None and reply.get('type') == 'error' else None

    def send_block(self, to, number, block, stream='stream-1'):
        """Its answer; None if the session is terminated instead."""
        text = base64.b64encode(block).decode()
        return self.request(to, f"<data xmlns='{IBB}' sid='{stream}' seq='{number % 65536}'>{text}</data>",
                            unless=lambda e: (j := e.find(f'{{{JINGLE}}}jingle')) is not None
                            and j.get('action') == 'session-terminate')


def used_hash():
    return f"<hash-used xmlns='{HASHES}' algo='sha-256'/>"


def sha256_hash(digest):
    return f"<hash xmlns='{HASHES}' algo='sha-256'>{base64.b64encode(digest).decode()}</hash>"


def error_of(reply):
    """(type, condition, Jingle's condition or None) of an error reply; None for a result."""
    error = reply.find(f'{{{CLIENT}}}error')
    if error is None:
        return None
    names = [child.tag for child in error]
    condition = [n.split('}')[1] for n in names if n.startswith(f'{{{STANZAS}}}') and not n.endswith('}text')]
    specific = [n.split('}')[1] for n in names if n.startswith('{urn:xmpp:jingle:errors:')]
    return error.get('type'), condition[0] if condition else None, specific[0] if specific else None


def reason_of(iq):
    """The word inside <reason/> of a session-terminate, and the application's own."""
    reason = iq.find(f'{{{JINGLE}}}jingle/{{{JINGLE}}}reason')
    words = [] if reason is None else [child.tag for child in reason]
    jingle = [w.split('}')[1] for w in words if w.startswith(f'{{{JINGLE}}}') and not w.endswith('}text')]
    other = [w.split('}')[1] for w in words if not w.startswith(f'{{{JINGLE}}}')]
    return (jingle[0] if jingle else None), (other[0] if other else None)
