# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of an XML stream, a file, a path and its protection, as XML: Jingle :1 and :0,
XEP-0247 under both names, Jingle XTLS in its own form and in that of XEP-0247's draft.
"""

import base64
import re
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

XTLS = 'urn:xmpp:jingle:security:xtls:0'
C2CTLS = 'urn:xmpp:tmp:c2ctls'
PUBKEY = 'urn:xmpp:tmp:pubkey'
HASHES = 'urn:xmpp:hashes:2'
FILE = 'urn:xmpp:jingle:apps:file-transfer:5'
NAMESPACES = {'final': 'urn:xmpp:jingle:apps:xmlstream:0', 'tmp': 'urn:xmpp:tmp:jingle:apps:xmlstream:0'}


def local(element):
    return element.tag.split('}')[1]


def namespace(element):
    return element.tag[1:].split('}')[0]


class Tongue:
    """One version of Jingle with the transports that came with it."""

    def __init__(self, version):
        self.version = version
        self.jingle = f'urn:xmpp:jingle:{version}'
        self.s5b = f'urn:xmpp:jingle:transports:s5b:{version}'
        self.ibb = f'urn:xmpp:jingle:transports:ibb:{version}'

    def action(self, action, sid, initiator, inside):
        who = f" initiator='{initiator}'" if self.version == '0' or action == 'session-initiate' else ''
        return f"<jingle xmlns='{self.jingle}' action='{action}' sid='{sid}'{who}>{inside}</jingle>"

    @staticmethod
    def content(name, inside, senders):
        return f"<content creator='initiator' name='{name}' senders='{senders}'>{inside}</content>"

    def in_band(self, sid):
        return f"<transport xmlns='{self.ibb}' sid='{sid}' block-size='4096'/>"

    def socks(self, sid, jid, port):
        """@port: of our one host; None: we have none."""
        host = '' if port is None else (
            f"<candidate cid='h1' host='127.0.0.1' port='{port}' jid='{jid}' priority='8257536' type='direct'/>"
            if self.version == '1' else f"<streamhost jid='{jid}' host='127.0.0.1' port='{port}'/>")
        return f"<transport xmlns='{self.s5b}' sid='{sid}' mode='tcp'>{host}</transport>"

    @staticmethod
    def hosts(transport):
        """(id, host, port) of those that are no proxies."""
        return [(e.get('cid') or e.get('jid'), e.get('host'), int(e.get('port'))) for e in transport
                if local(e) in ('candidate', 'streamhost') and e.get('type') != 'proxy' and e.get('port')
                and not (e.get('jid') or '').startswith('proxy.')]

    def used(self, sid, chosen):
        """@chosen: (id, host, port); None: none worked."""
        if self.version == '1':
            inside = f"<candidate-used cid='{chosen[0]}'/>" if chosen else '<candidate-error/>'
        else:
            inside = (f"<streamhost-used jid='{chosen[0]}' host='{chosen[1]}' port='{chosen[2]}'/>"
                      if chosen else '<streamhost-error/>')
        return f"<transport xmlns='{self.s5b}' sid='{sid}'>{inside}</transport>"


# ---- what it is about

def stream_description(name):
    return f"<description xmlns='{NAMESPACES[name]}'/>"


def file_description(name, size, digest):
    return (f"<description xmlns='{FILE}'><file><name>{name}</name><size>{size}</size>"
            f"<hash xmlns='{HASHES}' algo='sha-256'>{base64.b64encode(digest).decode()}</hash></file></description>")


def file_of(description):
    """(name, size, digest or None)"""
    def text(path):
        found = description.find(path)
        return None if found is None else found.text
    hashed = text(f'.//{{{HASHES}}}hash')
    return (text(f'.//{{{FILE}}}name'), int(text(f'.//{{{FILE}}}size')),
            base64.b64decode(hashed) if hashed else None)


# ---- its protection

def security(form, fingerprints, methods):
    """@fingerprints: (sha1, sha256) in hex, or None."""
    sha1, sha256 = fingerprints or (None, None)
    if form == 'offer':
        inside = f"<keyinfo xmlns='{PUBKEY}'><name>{sha1}</name></keyinfo>" if sha1 and 'x509' in methods else ''
        inside += '<srp/>' if 'srp' in methods else ''
        return f"<security xmlns='{XTLS}'><offer xmlns='{C2CTLS}'>{inside}</offer></security>"
    inside = (f"<fingerprint algo='sha1'>{sha1}</fingerprint><fingerprint algo='sha-256'>{sha256}</fingerprint>"
              if sha1 else '')
    return f"<security xmlns='{XTLS}'>{inside}" + ''.join(f"<method name='{m}'/>" for m in methods) + '</security>'


def security_of(content):
    """(form, fingerprints, methods) of what the other side says; None: not a word."""
    found = content.find(f'{{{XTLS}}}security')
    if found is None:
        return None
    offer = found.find(f'{{{C2CTLS}}}offer')
    if offer is not None:
        names = [e.text for e in offer.iter(f'{{{PUBKEY}}}name')]
        methods = (['x509'] if names else []) + (['srp'] if offer.find(f'{{{C2CTLS}}}srp') is not None else [])
    else:
        names = [e.text for e in found.iter(f'{{{XTLS}}}fingerprint')]
        methods = [e.get('name') for e in found.iter(f'{{{XTLS}}}method')]
    fingerprints = [re.sub('[: ]', '', name).lower() for name in names]
    return 'native' if offer is None else 'offer', fingerprints, methods


def chosen(form, method):
    """Inside a security-info."""
    inside = f" method='{method}'/>" if form == 'offer' else f"><method name='{method}'/></security>"
    return f"<security xmlns='{XTLS}'{inside}"


def chosen_of(content):
    found = content.find(f'{{{XTLS}}}security')
    child = found.find(f'{{{XTLS}}}method')
    return found.get('method') if child is None else child.get('name')


# ---- what is said inside

def header(own, peer, identifier=None):
    extra = f' id={quoteattr(identifier)}' if identifier else ''
    return ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
            "xmlns:stream='http://etherx.jabber.org/streams' "
            f"from={quoteattr(own)} to={quoteattr(peer)}{extra} version='1.0'>")


def pubkeys(certificate):
    return (f"<pubkeys xmlns='{PUBKEY}'><keyinfo><name>own</name><x509cert>{base64.b64encode(certificate).decode()}"
            '</x509cert></keyinfo></pubkeys>')


def pubkeys_of(element):
    return [base64.b64decode(e.text) for e in element.iter(f'{{{PUBKEY}}}x509cert')]


def parse(text):
    return ET.fromstring(text)
