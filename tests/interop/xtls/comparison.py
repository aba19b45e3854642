# SPDX-License-Identifier: GPL-3.0-or-later
"""The short number that two people compare, as src/proto/short-code.h describes it."""

import hashlib
import re
import struct

NAMESPACE = 'urn:ferry:comparison:0'
LABEL = b'EXPERIMENTAL-ferry-comparison'
STEP = re.compile(rb'(<(commit|nonce|reveal)\b[^>]*>)([0-9a-f]{64})(<)')


def binding(initiator, responder, tls):
    """@initiator, @responder: SHA-256 of their certificates, in hex."""
    return [initiator.encode(), responder.encode(), tls.export(LABEL, 32)]


def digest(what, fields):
    hashed = hashlib.sha256()
    for field in [f'{NAMESPACE} {what}'.encode(), *fields]:
        hashed.update(struct.pack('>I', len(field)) + field)
    return hashed


def commit(nonce, bound):
    return digest('commitment', [*bound, nonce]).hexdigest()


def number(first, second, bound):
    text = f"{int.from_bytes(digest('number', [*bound, first, second]).digest()[:8], 'big') % 10**9:09}"
    return f'{text[:3]} {text[3:6]} {text[6:]}'
